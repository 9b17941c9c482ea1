"""Widgets, one small file each. Each draws what it is given and posts messages upwards."""

"""Completion as json, junit and further formats, one file each."""

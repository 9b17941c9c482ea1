"""Figures that the project promises, measured beside its peers in the same run: see README.md."""

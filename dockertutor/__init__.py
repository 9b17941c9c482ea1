"""dockertutor teaches Docker inside the terminal, on a real Docker Engine."""

__version__ = "0.1.0"

"""The learner's terminal: pseudo-terminal (`pty`), shell marks (`marks`), screen model (`screen`), driver for proofs.

Knows nothing of Textual or Docker; the terminal pane in `tui/widgets/terminal.py` draws what is here.
"""

"""From views to lines: pure functions that lay out what a screen shows, in cells. No widget, no session."""

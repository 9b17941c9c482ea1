"""What every command of `dockertutor` tells a script by its exit code."""

OK, NOT_YET, USAGE, BROKEN, NO_ENGINE = 0, 1, 2, 3, 4
"""All hold · an exercise does not hold · usage · broken content · no engine, cannot judge, or something else in the way
(the disk, a progress file that cannot be read)."""

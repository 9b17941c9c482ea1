"""The second half of ./run: finds or starts an engine, makes images available, uninstalls what it installed."""

"""``make cold``: fresh Debian roots, taken from nothing to the first ticks, and through ./test."""

"""Where actions run: real CPython, really confined."""

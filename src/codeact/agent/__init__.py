"""The loop that asks, parses, acts and records."""

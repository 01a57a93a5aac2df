"""What `benchmarks/soak.py` does to sessions, and what must come of it."""

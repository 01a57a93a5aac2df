"""What `benchmarks/session.py` compares, each behind the same two calls: open a session, run an action in it."""

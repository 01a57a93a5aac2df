"""What is seen of a training while it runs: its log, its curves, and what the agent can do by then."""

"""The evaluation tasks of MINT: reasoning, code, and a house to act in, from a folder of the original's data."""

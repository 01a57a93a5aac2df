"""A small suite of our own in the shape of MINT: reasoning, code, a house, and questions with a search."""

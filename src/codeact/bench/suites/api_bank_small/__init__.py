"""The next call of a dialogue, after API-Bank: dialogues and tools of our own, about a workshop that lends tools.

Invariant: each recorded result is what the tool gives, on the state that the calls before it left. It does not: need anybody's data.
"""

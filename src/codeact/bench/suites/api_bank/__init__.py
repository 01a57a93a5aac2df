"""API-Bank, levels 1 and 2: the next call of a dialogue, made with tools on a small database.

Invariant: dialogues and tables are the original's, read from the folder that the user names; the tools and the comparison are ours, written
anew after their published behaviour. It does not: hold any of the original's data.
"""

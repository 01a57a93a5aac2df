"""Trajectories for training: tasks that are made up, teachers that do them, and what is kept of their runs.

Invariant: every observation in the data comes from a session; nothing is written by hand but the tasks' wording and the experts' code. It
does not: train.
"""

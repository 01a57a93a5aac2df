"""The Berkeley Function Calling Leaderboard (BFCL), from the data in the package `bfcl-eval`: a suite that is somebody else's.

Invariant: tasks, right calls and simulators are the package's; prompts and grading are ours. It does not: hold any of its data.
"""

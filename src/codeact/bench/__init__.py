"""Suites of tasks, what runs models on them, and what their scores say.

Invariant: an answer never enters the sandbox, and a run that was interrupted goes on where it stopped, with the same scores. It does not:
know any model; `build` makes them.
"""

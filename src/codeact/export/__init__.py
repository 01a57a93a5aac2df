"""A trajectory in other people's formats (a notebook, a Markdown page, chat lines for training), and two observations compared.

Invariant: an export is a pure function of the trajectory, from events to text; the same trajectory gives the same bytes. It does
not: read or write files, run anything, or change the trajectory.
"""

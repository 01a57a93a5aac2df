"""Recorded runs of real models, played again: through our parser, our session and our graders, each observation beside the recorded one.

Invariant: nothing in this package knows a single run; what explains a difference is told from the two texts, the code and further runs of
it. It does not: ask a model.
"""

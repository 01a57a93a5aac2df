"""Wordings of tasks to write a function.

Invariant: {head} is the function's name and parameters, {does} begins with a verb. It does not: say where the function has to go.
"""

WRITE = (
    "[Write|Define|Make] [a|a Python] function {head} that {does}.",
    "[I need|We need|Please write] a function {head}[ in Python]. It {does}.",
    "[Program|Code|Implement] {head}[ in Python]: a function that {does}.",
    "The [function|Python function] {head} [is missing from my program|is still to be written]. It {does}. [Write it.|Please write it.]",
)
UNSEEN_WRITE = (
    "[Somebody has to supply|A script of mine calls] {head}, which {does}. [Supply it.|Fill the gap.]",
    "[Wanted|Exercise]: {head}. [What it does|Specification]: it {does}.",
)

"""Plain questions about numbers as people type them: sums in signs and in words, digits, factors, notations, rounding, chances, riddles.

Invariant: right answers come from formulas, exact fractions or digits taken off one by one, not from the expert's code; halves that could
be rounded either way are not asked for. It does not: hold the plain forms that `arithmetic`, `integers`, `sequences` and `counting` have.
"""

from codeact.data.families.mathematics.number_questions import forms, properties, stories, sums
from codeact.data.families.mathematics.number_questions.asking import family
from codeact.data.families.mathematics.number_questions.wordings import WORDINGS
from codeact.data.family import Family

_VALUES = {
    "sum-in-words": sums.in_words,
    "typed-sum": sums.typed,
    "factorials": sums.factorials,
    "factors": properties.factors,
    "notations": forms.notations,
    "digit-play": forms.digits,
    "parts-of-whole": forms.parts_of_whole,
    "odds": stories.odds,
}
"""Families that ask for a value, in a sentence that fits any."""

_STORIES = {
    "left-over": stories.left_over,
    "number-of-ways": stories.number_of_ways,
    "number-riddle": stories.number_riddle,
}
"""Families with a scene and a question about it."""

FAMILIES: tuple[Family, ...] = (
    *(family(name, ask, ("what",), WORDINGS["any-value"]) for name, ask in _VALUES.items()),
    *(family(name, ask, ("scene", "ask"), WORDINGS["any-scene"]) for name, ask in _STORIES.items()),
    family("whole-numbers-between", properties.between, ("where", "verb"), WORDINGS["whole-numbers-between"]),
    family("yes-or-no", properties.yes_or_no, ("number", "claim"), WORDINGS["yes-or-no"]),
    family("round-off", forms.rounding, ("number", "how"), WORDINGS["round-off"]),
)

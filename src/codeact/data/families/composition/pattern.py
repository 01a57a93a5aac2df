"""Patterns of questions, and the families that they make of subjects.

Invariant: a family is one pattern over the subjects of one theme that have what it asks for. It does not: word questions.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from codeact.data.families.composition.scene import Scene
from codeact.data.families.composition.subject import Subject
from codeact.data.family import Family, Instance
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of question.

    Args:
        name: of it, in the families' names.
        make: an instance.
        phrasings, unseen_phrasings: as of `Family`.
        fits: whether a subject has what it asks for.
        weight: as of `Family`.
        trained_only: it is not asked of the theme held out: its wordings have long runs of words that nothing is filled into, which
            would be known from training there.
    """

    name: str
    make: Callable[[Scene, Phrase], Instance]
    phrasings: tuple[str, ...]
    unseen_phrasings: tuple[str, ...]
    fits: Callable[[Subject], bool] = lambda _: True
    weight: float = 1.0
    trained_only: bool = False


def families(patterns: Sequence[Pattern], themes: Mapping[str, Sequence[Subject]], held_out: str) -> tuple[Family, ...]:
    """Each pattern over each theme.

    Args:
        patterns: all.
        themes: name to subjects.
        held_out: the theme that training never sees.
    """
    return tuple(
        _family(pattern, theme, [one for one in subjects if pattern.fits(one)], held_out=theme == held_out)
        for theme, subjects in themes.items()
        for pattern in patterns
        if any(map(pattern.fits, subjects)) and not (pattern.trained_only and theme == held_out)
    )


def _family(pattern: Pattern, theme: str, subjects: Sequence[Subject], *, held_out: bool) -> Family:
    def make(chance: random.Random, phrase: Phrase) -> Instance:
        subject = chance.choice(subjects)
        return pattern.make(Scene(subject, [one for one in subjects if one is not subject], chance), phrase)

    return Family(
        f"composition/{pattern.name}-{theme}",
        "composition",
        make,
        pattern.phrasings,
        pattern.unseen_phrasings,
        held_out=held_out,
        weight=pattern.weight,
    )

"""Wordings of a task: templates with alternatives and places for values.

    [What is|Work out|Tell me] {percent}% of {whole}[, please].

Invariant: what is chosen follows from the generator of chance alone; wordings of one split never serve another. It does not: make values.
"""

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codeact import errors

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def expansions(template: str) -> Iterator[str]:
    """Every wording that a template stands for, the places for values left as they are.

    Args:
        template: ``[a|b]`` is one of the two, ``[a]`` is ``a`` or nothing; alternatives are not nested.
    """
    parts = _CHOICE.split(template)
    choices = [_alternatives(part) if number % 2 else [part] for number, part in enumerate(parts)]
    return ("".join(chosen) for chosen in itertools.product(*choices))


def count(templates: Sequence[str]) -> int:
    """How many different wordings templates stand for."""
    return len({wording for template in templates for wording in expansions(template)})


def _alternatives(choice: str) -> list[str]:
    return choice.split("|") if "|" in choice else [choice, ""]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words a task.

    Args:
        templates: of the family, for the split.
        chance: decides which.
    """

    templates: Sequence[str]
    chance: random.Random

    def __call__(self, **values: object) -> str:
        """A wording with its values.

        Args:
            values: by the names in the templates, those that every one of them has.

        Raises:
            InputError: a template has a place that no value was given for.
        """
        template = self.chance.choice(self.templates)
        chosen = _CHOICE.sub(lambda found: self.chance.choice(_alternatives(found[1])), template)
        try:
            return re.sub(r"\{(\w+)\}", lambda place: str(values[place[1]]), chosen)
        except KeyError as error:
            raise errors.InputError(f"the wording {template!r} has a place {error}, and the task has no such value") from None

"""A family of tasks: one kind of question, made up without end, each with its right answer and an expert that finds it.

Invariant: an instance follows from the family, the split, the seed and its number alone. The right answer is computed from what the
question was made of, by other code than the expert's; the expert sees what an agent sees. It does not: run anything.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from pydantic import JsonValue

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.bench.task import Task, Tolerance
from codeact.data.phrasing import Phrase

Domain = Literal["information", "mathematics", "programming", "tables", "embodied", "composition", "everyday"]
DOMAINS: tuple[Domain, ...] = get_args(Domain)

Split = Literal["train", "test", "unseen-phrasing", "unseen-tools"]
SPLITS: tuple[Split, ...] = get_args(Split)
"""``test``: the families and wordings of training, other values; ``unseen-phrasing``: other wordings; ``unseen-tools``: families and tools
that training has none of."""

WHOLE = Tolerance(rel=1e-15, abs=1e-6)
"""For whole numbers: each digit counts, as far as a number of Python's `float` tells them apart."""

_SPELLINGS: dict[JsonValue, JsonValue] = {"yes": ["yes", "Yes"], "no": ["no", "No"]}


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong first action that somebody might well make; the expert's own first action repairs it.

    Args:
        kind: a word or two, for the statistics: ``misread signature``, ``wrong column``.
        code: of the action; it raises, or prints what can be seen to be wrong.
        calls: the same in calls, None if it cannot be said so.
    """

    kind: str
    code: str
    calls: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """One task.

    Args:
        prompt: what the agent is told; it says of what form the answer is to be, where that is not plain.
        answer: the right one, as `check` takes it.
        code: begins the expert's policy in code: yields actions, is sent what they print, returns the answer's text.
        calls: the same in calls of tools; None: the task needs code.
        check: one of `codeact.bench.task.CHECKS`, or python:NAME of a function that `instruct/checks.py` imports.
        tolerance: of numbers; None: whole ones are to be right to the last digit, others as a check has it.
        tools: that the agent may call, those that are of no use among them. What they remember belongs to this instance.
        files: name in the workspace to what is in it.
        slips: wrong first actions; what can be made of any code is made elsewhere (`faults`).
    """

    prompt: str
    answer: JsonValue
    code: Callable[[], CodePolicy]
    calls: Callable[[], CallPolicy] | None = None
    check: str = "exact"
    tolerance: Tolerance | None = None
    tools: tuple[Any, ...] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of question.

    Args:
        name: unique; starts with its domain, for example ``mathematics/percent``.
        domain: see `Domain`.
        make: an instance, of chance and the wording; every choice is made by that chance, the expert's style too.
        phrasings: templates for training and test, at least 20 wordings.
        unseen_phrasings: those that training never sees, at least 5 wordings.
        held_out: the family is in the split ``unseen-tools``, and in no other.
        weight: how many tasks it is given beside others of its domain.
    """

    name: str
    domain: Domain
    make: Callable[[random.Random, Phrase], Instance]
    phrasings: tuple[str, ...]
    unseen_phrasings: tuple[str, ...]
    held_out: bool = False
    weight: float = 1.0

    def instance(self, split: Split, seed: int, number: int) -> Instance:
        """An instance, always the same; its tools are anew.

        Args:
            split: which wordings, and which chance.
            seed, number: change what is made up.
        """
        chance = random.Random(f"{self.name}|{split}|{seed}|{number}")
        templates = self.unseen_phrasings if split == "unseen-phrasing" else self.phrasings
        return self.make(chance, Phrase(templates, chance))

    def task(self, split: Split, seed: int, number: int) -> Task:
        """The same as a task of a suite, which names where it comes from; a yes or no may begin with a capital."""
        made = self.instance(split, seed, number)
        spelt = _SPELLINGS.get(made.answer) if made.check == "exact" and isinstance(made.answer, str) else None
        return Task(
            id=f"{self.name}/{split}-{seed}-{number}",
            prompt=made.prompt,
            answer=made.answer if spelt is None else spelt,
            check=made.check,
            tolerance=WHOLE if made.tolerance is None and _is_whole(made.answer) else made.tolerance,
            formats=None if made.calls is not None else ("code",),
            tags=(self.domain, self.name),
            data={"family": self.name, "split": split, "seed": seed, "number": number},
        )


def _is_whole(answer: JsonValue) -> bool:
    """Whether an answer holds numbers, and whole ones only."""
    numbers = list(_numbers(answer))
    return bool(numbers) and all(isinstance(one, int) for one in numbers)


def _numbers(answer: JsonValue) -> Iterator[int | float]:
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        yield answer
    elif isinstance(answer, list | dict):
        for one in answer.values() if isinstance(answer, dict) else answer:
            yield from _numbers(one)

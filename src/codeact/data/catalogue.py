"""All families, and how many tasks each is given.

Invariant: the order is fixed, and names are unique. It does not: make tasks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from codeact import errors
from codeact.bench.task import Task
from codeact.data.families.composition import FAMILIES as COMPOSITION
from codeact.data.families.embodied import FAMILIES as EMBODIED
from codeact.data.families.everyday import FAMILIES as EVERYDAY
from codeact.data.families.information import FAMILIES as INFORMATION
from codeact.data.families.mathematics import FAMILIES as MATHEMATICS
from codeact.data.families.programming import FAMILIES as PROGRAMMING
from codeact.data.families.tables import FAMILIES as TABLES
from codeact.data.family import DOMAINS, SPLITS, Domain, Family, Instance

FAMILIES: tuple[Family, ...] = (
    *INFORMATION,
    *MATHEMATICS,
    *PROGRAMMING,
    *TABLES,
    *EMBODIED,
    *COMPOSITION,
    *EVERYDAY,
)


_ID = re.compile(rf"(?P<family>.+)/(?P<split>{'|'.join(SPLITS)})-(?P<seed>-?\d+)-(?P<number>\d+)")


@cache
def _by_name() -> dict[str, Family]:
    return {family.name: family for family in FAMILIES}


def family(name: str) -> Family:
    """The family of a name.

    Raises:
        InputError: there is none.
    """
    if name not in _by_name():
        raise errors.InputError(f"there is no family {name!r}; there are: {', '.join(_by_name())}")
    return _by_name()[name]


def instance_of(task: Task) -> Instance:
    """The instance that a task was made of, with fresh tools.

    Raises:
        InputError: the task is not of a family.
    """
    data = task.data
    if set(data) < {"family", "split", "seed", "number"}:
        raise errors.InputError(f"the task {task.id!r} does not say which family it is of")
    return family(str(data["family"])).instance(data["split"], data["seed"], data["number"])  # type: ignore[arg-type]


def task_of(name: str) -> Task:
    """The task that has an id: it says of which family, split, seed and number it is.

    Raises:
        InputError: it is no such id.
    """
    found = _ID.fullmatch(name)
    if found is None:
        raise errors.InputError(f"{name!r} is no id of a made-up task; they are like everyday/weekday/train-0-3")
    return family(found["family"]).task(found["split"], int(found["seed"]), int(found["number"]))  # type: ignore[arg-type]


def tasks(split: str, count: int, seed: int = 0, *, domains: Sequence[str] = (), families: Iterable[str] = ()) -> Iterator[Task]:
    """Tasks of a split: the domains have equally many, and their families as their weights say.

    Args:
        split: one of `SPLITS`.
        count: how many.
        seed: changes all of them.
        domains: only of these; none: of all that the split has.
        families: only these.

    Raises:
        InputError: there is no such split, domain or family.
    """
    if split not in SPLITS:
        raise errors.InputError(f"there is no split {split!r}; take one of: {', '.join(SPLITS)}")
    unknown = next((one for one in domains if one not in DOMAINS), None)
    if unknown is not None:
        raise errors.InputError(f"there is no domain {unknown!r}; there are: {', '.join(DOMAINS)}")
    wanted = {family(name).name for name in families}
    chosen = [
        one
        for one in FAMILIES
        if one.held_out == (split == "unseen-tools") and (not domains or one.domain in domains) and (not wanted or one.name in wanted)
    ]
    if not chosen:
        raise errors.InputError(f"the split {split!r} has no families of these domains and names")
    for one, share in _shares(chosen, count):
        for number in range(share):
            yield one.task(split, seed, number)


def _shares(chosen: Sequence[Family], count: int) -> Iterator[tuple[Family, int]]:
    """How many tasks each family is given, `count` in all: whole numbers, the remainders carried on."""
    present: list[Domain] = [domain for domain in DOMAINS if any(one.domain == domain for one in chosen)]
    owed = 0.0
    for domain in present:
        inside = [one for one in chosen if one.domain == domain]
        weight = sum(one.weight for one in inside)
        for one in inside:
            owed += count / len(present) * one.weight / weight
            share = round(owed)
            owed -= share
            yield one, share

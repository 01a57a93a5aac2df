"""Two runs side by side: what they have in common, and where they differ.

Invariant: both runs are shown whole and in order; what is alike is what reads alike, whenever it happened and whatever it cost. It does
not: know how runs are had.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codeact import events
from codeact.server.page.blocks import Answer, Block, Cell, Fold, Noted, Said, Turned

Step = list[Block]
"""Blocks that belong together: a message; a turn of the model with what came of it."""


@dataclass(frozen=True, slots=True)
class Side:
    """A block in one of the columns, and the lines of its code that are not in the other."""

    block: Block
    changed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """Blocks that stand beside each other; `same`: they read alike, so that the left ones stand for both, and are so many turns."""

    same: bool
    left: tuple[Side, ...]
    right: tuple[Side, ...]

    @property
    def turns(self) -> int:
        """Of the model."""
        return sum(isinstance(side.block, Turned) for side in self.left)


def compared(left: Fold, right: Fold) -> Iterator[Row]:
    """The rows of two runs; what is alike in one stretch is one row."""
    ours, theirs = _steps(left.blocks), _steps(right.blocks)
    matcher = difflib.SequenceMatcher(a=[_reads(step) for step in ours], b=[_reads(step) for step in theirs], autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind == "equal":
            yield Row(True, tuple(Side(block) for step in ours[start:end] for block in step), ())
        else:
            for step, other in _pairs(ours[start:end], theirs[begin:stop]):
                yield _row(step, other)


def _pairs(ours: Sequence[Step], theirs: Sequence[Step]) -> Iterator[tuple[Step, Step]]:
    """Steps that stand beside each other: messages beside messages, turns beside turns, the rest alone."""
    place = other = 0
    while place < len(ours) and other < len(theirs):
        step, its = ours[place], theirs[other]
        if type(step[0]) is type(its[0]):
            yield step, its
            place, other = place + 1, other + 1
        elif isinstance(step[0], Said):
            yield step, []
            place += 1
        else:
            yield [], its
            other += 1
    for step in ours[place:]:
        yield step, []
    for its in theirs[other:]:
        yield [], its


def _row(step: Step, other: Step) -> Row:
    """Two steps that differ; of their code, the lines."""
    code, its = _code(step), _code(other)
    gone, new = _changed(code, its) if code is not None and its is not None else (frozenset(), frozenset())
    return Row(False, tuple(_side(block, gone) for block in step), tuple(_side(block, new) for block in other))


def _side(block: Block, changed: frozenset[int]) -> Side:
    return Side(block, changed if isinstance(block, Cell) else frozenset())


def _changed(code: str, other: str) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of lines, from 1, that are in one and not in the other."""
    gone: set[int] = set()
    new: set[int] = set()
    matcher = difflib.SequenceMatcher(a=code.split("\n"), b=other.split("\n"), autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind != "equal":
            gone.update(range(start + 1, end + 1))
            new.update(range(begin + 1, stop + 1))
    return frozenset(gone), frozenset(new)


def _steps(blocks: Sequence[Block]) -> list[Step]:
    steps: list[Step] = []
    for block in blocks:
        if isinstance(block, Noted) and isinstance(block.event, events.Branched):
            continue
        if not steps or isinstance(block, Said | Turned) or (isinstance(block, Answer) and not isinstance(steps[-1][0], Turned)):
            steps.append([])
        steps[-1].append(block)
    return steps


def _code(step: Step) -> str | None:
    return next((block.event.code for block in step if isinstance(block, Cell)), None)


def _reads(step: Step) -> tuple[tuple[str, str], ...]:
    return tuple((block.kind, block.reads) for block in step)

"""Two runs side by side: what they have in common, and where they differ.

Invariant: both runs are shown whole and in order; what is alike is what reads alike, whenever it happened and whatever it cost. It does not:
know how runs are had.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codeact import events
from codeact.server.page.blocks import Answer, Asked, Block, Called, Cell, Ended, Fold, MoreCalls, Noted, Observed, Said, Turned


@dataclass(frozen=True, slots=True)
class Side:
    """A block in one of the columns, and the lines of its code that are not in the other."""

    block: Block
    changed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """Blocks that stand beside each other; `same`: they read alike, and the right ones need not be shown."""

    same: bool
    left: tuple[Side, ...]
    right: tuple[Side, ...]


def compared(left: Fold, right: Fold) -> Iterator[Row]:
    """The rows of two runs."""
    ours, theirs = _steps(left.blocks), _steps(right.blocks)
    matcher = difflib.SequenceMatcher(a=[_reads(step) for step in ours], b=[_reads(step) for step in theirs], autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind == "equal":
            for step, other in zip(ours[start:end], theirs[begin:stop], strict=True):
                yield Row(True, tuple(map(Side, step)), tuple(map(Side, other)))
            continue
        for place in range(max(end - start, stop - begin)):
            yield _row(_at(ours, start + place, end), _at(theirs, begin + place, stop))


def _row(step: Sequence[Block], other: Sequence[Block]) -> Row:
    """Two steps that differ; of their code, the lines."""
    code, others = _code(step), _code(other)
    gone, new = _changed(code, others) if code is not None and others is not None else (frozenset(), frozenset())
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


def _at(steps: Sequence[Sequence[Block]], place: int, end: int) -> Sequence[Block]:
    return steps[place] if place < end else ()


def _steps(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks that belong together: a message, a turn with its thought, an action with what came of it."""
    steps: list[list[Block]] = []
    for block in blocks:
        if isinstance(block, Noted) and isinstance(block.event, events.Branched):
            continue
        if not steps or isinstance(block, Said | Turned | Answer):
            steps.append([])
        steps[-1].append(block)
    return steps


def _code(step: Sequence[Block]) -> str | None:
    return next((block.event.code for block in step if isinstance(block, Cell)), None)


def _reads(step: Sequence[Block]) -> tuple[str, ...]:
    return tuple(_words(block) for block in step)


def _words(block: Block) -> str:
    """What is compared of a block."""
    match block:
        case Said():
            return f"said {block.event.text}"
        case Turned():
            return f"turned {block.thought}{block.unread}"
        case Cell():
            return f"cell {block.event.code}"
        case Observed():
            return f"observed {block.event.status} {[output.model_dump_json() for output in block.event.outputs]} {block.event.notice}"
        case Answer():
            return f"answer {block.event.text}"
        case Ended():
            return f"ended {block.event.state} {block.event.reason}"
        case Called():
            returned = block.returned
            return f"called {block.event.name} {block.event.arguments} {returned and (returned.value, returned.error)}"
        case Asked():
            return f"asked {block.event.content} {block.given and block.given.decision}"
        case MoreCalls():
            return f"more {block.count}"
        case Noted():
            return f"noted {block.event.model_dump_json(exclude={'time'})}"
        case _:
            return block.id

"""Which examples are in which step, and how a step's examples are laid out to be computed.

Invariants: the plan is a function of the examples, the seed and the budget, so that a resumed run needs only the number of its step; how
a step is cut into packs changes speed and memory and nothing else, since the loss is a mean over the whole step.

Conversations of one agent begin with the same text (the system prompt). Within a pack such a beginning is computed once: it is a
*stem*, and each conversation is a *branch* that attends to its stem and to itself, at the positions that it would have alone.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from codeact.train.rendering import Example


@dataclass(frozen=True, slots=True)
class Stem:
    """A shared beginning of `length` tokens (0: nothing is shared), and the examples that have it."""

    length: int
    examples: tuple[Example, ...]

    @property
    def computed(self) -> int:
        """Tokens to compute."""
        return self.length + sum(inputs_of(example) - self.length for example in self.examples)


@dataclass(frozen=True, slots=True)
class Pack:
    """Stems that are computed in one go."""

    stems: tuple[Stem, ...]

    @property
    def computed(self) -> int:
        """Tokens to compute."""
        return sum(stem.computed for stem in self.stems)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the optimiser: its packs, and its sums of tokens."""

    packs: tuple[Pack, ...]
    tokens: int
    learnt: int

    @property
    def computed(self) -> int:
        """Tokens to compute."""
        return sum(pack.computed for pack in self.packs)


def inputs_of(example: Example) -> int:
    """How many tokens of an example are put in: the last learnt one is predicted and nothing follows from it."""
    return len(example.ids) - 1 - example.learnt[::-1].index(True)


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Length of the common beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def plan_steps(
    examples: Sequence[Example],
    *,
    seed: int,
    epochs: float,
    steps: int | None,
    tokens_per_step: int,
    pack_tokens: int,
    sharing: bool = True,
) -> list[Step]:
    """All steps of a run.

    Args:
        examples: in any fixed order.
        seed: of the shuffle; every epoch has its own.
        epochs: passes over the examples; the last may be a part of one.
        steps: number of steps, in place of `epochs`.
        tokens_per_step: a step takes examples until it has at least that many tokens.
        pack_tokens: most tokens of a pack.
        sharing: whether shared beginnings are computed once.
    """
    total = sum(len(example.ids) for example in examples)
    left = float("inf") if steps is not None else total * epochs
    planned: list[Step] = []
    chosen: list[Example] = []
    count = 0
    for example in _endless(examples, seed):
        chosen.append(example)
        count += len(example.ids)
        left -= len(example.ids)
        if count >= tokens_per_step or left <= 0:
            planned.append(plan_step(chosen, pack_tokens=pack_tokens, sharing=sharing))
            chosen, count = [], 0
        if left <= 0 or len(planned) == steps:
            break
    return planned


def plan_step(examples: Sequence[Example], *, pack_tokens: int, sharing: bool = True) -> Step:
    """Lay out the examples of one step."""
    stems = _stems(examples) if sharing else [Stem(0, (example,)) for example in examples]
    packs = tuple(_pack(stems, pack_tokens))
    return Step(packs, sum(len(example.ids) for example in examples), sum(sum(example.learnt) for example in examples))


def _endless(examples: Sequence[Example], seed: int) -> Iterator[Example]:
    epoch = 0
    while True:
        order = list(examples)
        random.Random(f"{seed}:{epoch}").shuffle(order)
        yield from order
        epoch += 1


def _stems(examples: Sequence[Example]) -> list[Stem]:
    """Group examples by their beginning: one joins its neighbour's group if more is saved so than by beginning a new group."""
    stems: list[Stem] = []
    for example in sorted(examples, key=lambda one: one.ids):
        first_learnt = example.learnt.index(True)
        if stems:
            last = stems[-1]
            length = min(last.length, first_learnt, shared(last.examples[0].ids, example.ids))
            if length and length * len(last.examples) >= last.length * (len(last.examples) - 1):
                stems[-1] = Stem(length, (*last.examples, example))
                continue
        stems.append(Stem(first_learnt, (example,)))
    return [stem if len(stem.examples) > 1 else Stem(0, stem.examples) for stem in stems]


def _pack(stems: Sequence[Stem], most: int) -> Iterator[Pack]:
    full: list[Stem] = []
    used = 0
    for stem in stems:
        held: list[Example] = []
        for example in stem.examples:
            branch = inputs_of(example) - stem.length
            cost = branch if held else branch + stem.length
            if used and used + cost > most:
                yield Pack((*full, Stem(stem.length, tuple(held)))) if held else Pack(tuple(full))
                full, held, used = [], [], 0
                cost = branch + stem.length
            held.append(example)
            used += cost
        full.append(Stem(stem.length, tuple(held)))
    if full:
        yield Pack(tuple(full))

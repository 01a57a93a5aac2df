"""A pack as tensors, and what each of its branches sees.

Invariant: every token's output is what it would be if its conversation stood alone: it attends to its stem and to its own branch up to
itself, at its own position. A test proves loss and gradients equal. It does not: pad, so no token is computed in vain.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from codeact.train.packing.plan import Pack, inputs_of


@dataclass(frozen=True, slots=True)
class Branch:
    """A stretch of the pack; `stem` is the index of the branch that it continues, `mask` what it sees of that and of itself."""

    length: int
    stem: int | None
    mask: Tensor


@dataclass(frozen=True, slots=True)
class Layout:
    """The branches of a pack in order."""

    branches: tuple[Branch, ...]
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PackTensors:
    """A pack, ready to be computed.

    Args:
        ids: [1, tokens].
        positions: [1, tokens].
        predictors: [learnt], places in the pack whose output predicts `targets`.
        targets: [learnt].
        layout: for the attention.
    """

    ids: Tensor
    positions: Tensor
    predictors: Tensor
    targets: Tensor
    layout: Layout


def to_tensors(pack: Pack, device: torch.device, dtype: torch.dtype) -> PackTensors:
    """Build a pack's tensors; `dtype` is that of the queries, which the masks must have too."""
    ids: list[int] = []
    positions: list[int] = []
    predictors: list[int] = []
    targets: list[int] = []
    branches: list[Branch] = []
    for stem in pack.stems:
        root = None
        begin = len(ids)
        if stem.length:
            root = len(branches)
            branches.append(branch(0, stem.length, None, device, dtype))
            ids += stem.examples[0].ids[: stem.length]
            positions += range(stem.length)
        for example in stem.examples:
            last = inputs_of(example)
            offset = len(ids) - stem.length
            branches.append(branch(stem.length, last - stem.length, root, device, dtype))
            ids += example.ids[stem.length : last]
            positions += range(stem.length, last)
            for place in (place for place, learnt in enumerate(example.learnt) if learnt):
                before = place - 1
                predictors.append(begin + before if before < stem.length else offset + before)
                targets.append(example.ids[place])
    layout = Layout(tuple(branches), tuple(branch.length for branch in branches))
    made = [torch.tensor(values, device=device) for values in (ids, positions, predictors, targets)]
    return PackTensors(made[0][None], made[1][None], made[2], made[3], layout)


def branch(seen: int, length: int, root: int | None, device: torch.device, dtype: torch.dtype) -> Branch:
    """Build a branch.

    Args:
        seen: tokens of the stem that it continues.
        length: its own tokens.
        root: index of that stem, None if it has none.
        device, dtype: of the mask.
    """
    mask = torch.zeros(length, seen + length, device=device, dtype=dtype)
    ahead = torch.ones(length, length, device=device, dtype=torch.bool).triu(1)
    mask[:, seen:].masked_fill_(ahead, float("-inf"))
    return Branch(length, root, mask)

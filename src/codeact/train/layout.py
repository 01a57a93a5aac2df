"""A pack as tensors, and the attention that keeps its branches apart.

Invariant: every token's output is what it would be if its conversation stood alone: it attends to its stem and to its own branch up to
itself, at its own position. A test proves loss and gradients equal. It does not: pad, so no token is computed in vain.

The attention is one call of torch's for each branch, with no mask over the whole pack: its cost grows with the lengths of conversations
and not with the pack's.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface

from codeact.train.plan import Pack, Stem, inputs_of

NAME = "codeact_tree"


@dataclass(frozen=True, slots=True)
class Branch:
    """A stretch of the pack; `stem` is the index of the branch that it continues, `mask` what it sees of that and of itself."""

    length: int
    stem: int | None
    mask: Tensor | None


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
            branches.append(Branch(stem.length, None, None))
            ids += stem.examples[0].ids[: stem.length]
            positions += range(stem.length)
        for example in stem.examples:
            last = inputs_of(example)
            offset = len(ids) - stem.length
            branches.append(_branch(stem, last - stem.length, root, device, dtype))
            ids += example.ids[stem.length : last]
            positions += range(stem.length, last)
            for place in (place for place, learnt in enumerate(example.learnt) if learnt):
                before = place - 1
                predictors.append(begin + before if before < stem.length else offset + before)
                targets.append(example.ids[place])
    layout = Layout(tuple(branches), tuple(branch.length for branch in branches))
    made = [torch.tensor(values, device=device) for values in (ids, positions, predictors, targets)]
    return PackTensors(made[0][None], made[1][None], made[2], made[3], layout)


def _branch(stem: Stem, length: int, root: int | None, device: torch.device, dtype: torch.dtype) -> Branch:
    if root is None:
        return Branch(length, None, None)
    seen = torch.zeros(length, stem.length + length, device=device, dtype=dtype)
    ahead = torch.ones(length, length, device=device, dtype=torch.bool).triu(1)
    seen[:, stem.length :].masked_fill_(ahead, float("-inf"))
    return Branch(length, root, seen)


def tree_attention(
    module: torch.nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    layout: Layout,
    scaling: float | None = None,
    dropout: float = 0.0,
    **_: Any,
) -> tuple[Tensor, None]:
    """Attention within branches, in the form that transformers asks of its attention functions.

    Args:
        module: the layer, not used.
        query: [1, heads, tokens, size].
        key: [1, heads of keys, tokens, size].
        value: like `key`.
        attention_mask: not used; `layout` says what is seen.
        layout: the pack's.
        scaling: of the scores.
        dropout: of the weights.

    Returns:
        [1, tokens, heads, size], and no weights.
    """
    times = query.shape[1] // key.shape[1]
    queries = query.split(layout.lengths, 2)
    keys = _repeated(key, times).split(layout.lengths, 2)
    values = _repeated(value, times).split(layout.lengths, 2)
    outputs = []
    for index, branch in enumerate(layout.branches):
        if branch.stem is None:
            seen_keys, seen_values = keys[index], values[index]
        else:
            seen_keys = torch.cat((keys[branch.stem], keys[index]), 2)
            seen_values = torch.cat((values[branch.stem], values[index]), 2)
        outputs.append(
            scaled_dot_product_attention(
                queries[index],
                seen_keys,
                seen_values,
                attn_mask=branch.mask,
                dropout_p=dropout,
                is_causal=branch.mask is None,
                scale=scaling,
            ).transpose(1, 2)
        )
    return torch.cat(outputs, 1), None


def _repeated(heads: Tensor, times: int) -> Tensor:
    """Each head of keys or values for the heads of queries that share it."""
    if times == 1:
        return heads
    batch, count, tokens, size = heads.shape
    return heads[:, :, None].expand(batch, count, times, tokens, size).reshape(batch, count * times, tokens, size)


def register() -> None:
    """Make the attention known to transformers under `NAME`, with no mask of its own."""
    AttentionInterface.register(NAME, tree_attention)
    AttentionMaskInterface.register(NAME, lambda *_, **__: None)

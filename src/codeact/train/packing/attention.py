"""Attention within the branches of a pack, in the form that transformers asks of its attention functions.

Invariant: one call for each branch, with no mask over the whole pack, so that the cost grows with the lengths of conversations and not with
the pack's. It does not: lay packs out (`codeact.train.packing.layout`).

torch's own attention never holds the weights of a whole branch, and makes them again going back. On a CPU in bf16 that way back is three to
seven times as slow as plain products with weights that were kept (benchmarks/attention.py), so there branches whose weights are few
enough keep them. In fp32 both take as long.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface

from codeact.train.packing.layout import Layout

NAME = "codeact_tree"
MOST_KEPT = 1 << 21
"""Weights of one head of a branch that are kept for the way back; more are made again."""


class _KeptWeights(torch.autograd.Function):
    """Attention as two products, whose weights wait for the way back; heads of queries that share keys are rows of one product."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, *seen: Any) -> Tensor:
        mask, scaling = seen
        _, heads, tokens, size = query.shape
        groups = key.shape[1]
        rows = (query * scaling).reshape(groups, -1, size)
        keys, values = key[0], value[0]
        scores = torch.bmm(rows, keys.transpose(1, 2)).view(groups, heads // groups, tokens, -1)
        weights = torch.softmax(scores.add_(mask), -1).view(groups, rows.shape[1], -1)
        ctx.save_for_backward(rows, keys, values, weights)
        ctx.scaling = scaling
        return torch.bmm(weights, values).view(query.shape)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        rows, keys, values, weights = ctx.saved_tensors
        grad = grads[0].reshape(rows.shape)
        d_values = torch.bmm(weights.transpose(1, 2), grad)
        d_weights = torch.bmm(grad, values.transpose(1, 2))
        d_scores = torch._softmax_backward_data(d_weights, weights, -1, d_weights.dtype)
        d_rows = torch.bmm(d_scores, keys).mul_(ctx.scaling)
        return d_rows.view(grads[0].shape), torch.bmm(d_scores.transpose(1, 2), rows)[None], d_values[None], None, None


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
    """Each branch's tokens attend to its stem and to itself up to themselves.

    Args:
        module: the layer, not used.
        query: [1, heads, tokens, size].
        key: [1, heads of keys, tokens, size].
        value: like `key`.
        attention_mask: not used.
        layout: the pack's, which says what is seen.
        scaling: of the scores.
        dropout: of the weights.

    Returns:
        [1, tokens, heads, size], and no weights.
    """
    queries, keys, values = (each.split(layout.lengths, 2) for each in (query, key, value))
    may_keep = not dropout and query.device.type == "cpu" and query.dtype == torch.bfloat16
    outputs = []
    for index, branch in enumerate(layout.branches):
        seen_keys, seen_values = keys[index], values[index]
        if branch.stem is not None:
            seen_keys = torch.cat((keys[branch.stem], seen_keys), 2)
            seen_values = torch.cat((values[branch.stem], seen_values), 2)
        if may_keep and branch.mask.numel() <= MOST_KEPT:
            output = _KeptWeights.apply(queries[index], seen_keys, seen_values, branch.mask, scaling or query.shape[-1] ** -0.5)
        else:
            alone = branch.stem is None
            output = scaled_dot_product_attention(
                queries[index],
                _repeated(seen_keys, query.shape[1]),
                _repeated(seen_values, query.shape[1]),
                attn_mask=None if alone else branch.mask,
                dropout_p=dropout,
                is_causal=alone,
                scale=scaling,
            )
        outputs.append(output.transpose(1, 2))
    return torch.cat(outputs, 1), None


def _repeated(heads: Tensor, count: int) -> Tensor:
    """Each head of keys or values for the heads of queries that share it."""
    return heads if heads.shape[1] == count else heads.repeat_interleave(count // heads.shape[1], 1)


def register() -> None:
    """Make the attention known to transformers under `NAME`, with no mask of its own."""
    AttentionInterface.register(NAME, tree_attention)
    AttentionMaskInterface.register(NAME, lambda *_, **__: None)

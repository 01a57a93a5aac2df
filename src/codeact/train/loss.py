"""Cross-entropy over the tokens that are learnt, without ever holding the logits of a whole pack.

Invariant: the sum, and its gradients, are those of `log_softmax` over all logits. Logits are made for a chunk of positions at a time; the
chunk's gradient is taken at once, while the logits are there, so the backward pass makes none again. It does not: average.
"""

from typing import Any

import torch
from torch import Tensor

CHUNK = 512
"""Positions whose logits are held at once."""


class _ChunkedCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
        total = torch.zeros((), device=hidden.device, dtype=torch.float32)
        needs_hidden, needs_weight = ctx.needs_input_grad[:2]
        d_hidden = torch.empty_like(hidden) if needs_hidden else None
        d_weight = torch.zeros_like(weight, dtype=torch.float32) if needs_weight else None
        for begin in range(0, hidden.shape[0], CHUNK):
            rows = slice(begin, begin + CHUNK)
            goal = targets[rows, None]
            logits = (hidden[rows] @ weight.T).float()
            whole = logits.logsumexp(-1, keepdim=True)
            total += (whole - logits.gather(-1, goal)).sum()
            if d_hidden is None and d_weight is None:
                continue
            slope = logits.sub_(whole).exp_()
            slope.scatter_add_(-1, goal, torch.full_like(goal, -1, dtype=slope.dtype))
            slope = slope.to(weight.dtype)
            if d_hidden is not None:
                torch.matmul(slope, weight, out=d_hidden[rows])
            if d_weight is not None:
                d_weight += slope.T @ hidden[rows]
        ctx.save_for_backward(d_hidden, d_weight)
        ctx.weight_dtype = weight.dtype
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        d_hidden, d_weight = ctx.saved_tensors
        grad = grads[0]
        return (
            None if d_hidden is None else d_hidden * grad.to(d_hidden.dtype),
            None if d_weight is None else (d_weight * grad).to(ctx.weight_dtype),
            None,
        )


def summed_cross_entropy(hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
    """Sum of the cross-entropies, in nats.

    Args:
        hidden: [learnt, size], the model's last hidden states at the places that predict.
        weight: [vocabulary, size], of the output layer.
        targets: [learnt], token ids.
    """
    return _ChunkedCrossEntropy.apply(hidden.to(weight.dtype), weight, targets)

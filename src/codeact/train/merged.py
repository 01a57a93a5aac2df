"""LoRA layers computed with the adapter merged into the weight.

The output of a layer with an adapter, `x W' + s x A' B'`, is `x M'` with `M = W + s B A`. `M` is made once a step, which costs as much as
a few dozen tokens do; every token then needs one product forward and one back, and the thin products (of the adapter's rank) only for
the adapter's own gradients. On a CPU thin products run at a fraction of the speed of square ones.

Invariant: with no dropout and no bias on the adapter, loss and gradients are those of peft's own layers up to rounding (a test proves it).
`refresh` must be called whenever the adapter has changed. It does not: own the parameters; peft does, and saves and merges them.
"""

from types import MethodType
from typing import Any

import torch
from peft.tuners.lora import Linear
from torch import Tensor, nn
from torch.nn.functional import linear


class _MergedLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, merged: Tensor, *adapter: Any) -> Tensor:
        a, b, scale = adapter
        ctx.save_for_backward(x, merged, a, b)
        ctx.scale = scale
        return linear(x, merged)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, None, Tensor, Tensor, None]:
        x, merged, a, b = ctx.saved_tensors
        grad = grads[0]
        rows, flat = x.reshape(-1, x.shape[-1]), grad.reshape(-1, grad.shape[-1])
        low, back = rows @ a.T.to(rows.dtype), flat @ b.to(flat.dtype)
        d_a = (back.T @ rows).to(a.dtype).mul_(ctx.scale)
        d_b = (flat.T @ low).to(b.dtype).mul_(ctx.scale)
        d_x = grad @ merged if ctx.needs_input_grad[0] else None
        return d_x, None, d_a, d_b, None


class MergedAdapters:
    """All LoRA layers of a model that can be computed merged, and are from now on.

    Args:
        model: made by peft.
        dtype: in which products are computed.
    """

    def __init__(self, model: nn.Module, dtype: torch.dtype) -> None:
        self._layers: list[Any] = [layer for layer in model.modules() if isinstance(layer, Linear)]
        for layer in self._layers:
            layer.codeact_merged = torch.empty_like(_weight(layer), dtype=dtype)
            layer.forward = MethodType(_forward, layer)
        self.refresh()

    @torch.no_grad()
    def refresh(self) -> None:
        """Merge the adapters anew."""
        for layer in self._layers:
            name = layer.active_adapters[0]
            delta = layer.lora_B[name].weight @ layer.lora_A[name].weight
            layer.codeact_merged.copy_(delta.mul_(layer.scaling[name]).add_(_weight(layer)))


def _weight(layer: Any) -> Tensor:
    return layer.get_base_layer().weight


def _forward(self: Any, x: Tensor, *_: Any, **__: Any) -> Tensor:
    name = self.active_adapters[0]
    a, b = self.lora_A[name].weight, self.lora_B[name].weight
    y = _MergedLinear.apply(x.to(self.codeact_merged.dtype), self.codeact_merged, a, b, self.scaling[name])
    bias = self.get_base_layer().bias
    return y if bias is None else y + bias

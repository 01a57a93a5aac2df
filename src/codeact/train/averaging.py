"""The mean of adapters of one line: each was trained on from another of them, or all from the same.

A later round of training learns new kinds and forgets old ones; between the two adapters lies one that does both (Wortsman et al., "Robust
fine-tuning of zero-shot models", arXiv 2109.01903, and "Model soups", arXiv 2203.05482).

Invariant: every number of the result is the weighted mean of the numbers in its place. It does not: average what adapters of separate
beginnings do, since their factors mean different things.
"""

from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy

from codeact import errors
from codeact.models.prepared import read_adapter
from codeact.train.gguf_adapter import write_tensors


def average_adapters(adapters: Sequence[Path], target: Path, *, weights: Sequence[float] = ()) -> Path:
    """Write the mean of adapters in GGUF form, in f16.

    Args:
        adapters: two or more files.
        target: the file to write.
        weights: of the adapters, in their order; they need not add up to 1. None: all the same.

    Raises:
        InputError: there are too few adapters, or weights that do not fit them, or adapters of different layers, ranks or alphas.
        ModelNotFoundError: one is no adapter in GGUF form.
    """
    weights = weights or [1.0] * len(adapters)
    if len(adapters) < 2:
        raise errors.InputError("a mean needs two adapters or more")
    if len(weights) != len(adapters) or min(weights) < 0 or sum(weights) <= 0:
        given = ", ".join(f"{weight:g}" for weight in weights)
        raise errors.InputError(f"{len(adapters)} adapters have the weights {given}; give each one, none below 0, and not all 0")
    read = [read_adapter(path) for path in adapters]
    first, alpha = read[0]
    for path, (tensors, other) in zip(adapters, read, strict=True):
        if {name: values.shape for name, values in tensors.items()} != {name: values.shape for name, values in first.items()}:
            raise errors.InputError(f"{str(path)!r} has other layers, or another rank, than {str(adapters[0])!r}: they have no mean")
        if other != alpha:
            raise errors.InputError(f"{str(path)!r} has the alpha {other:g}, {str(adapters[0])!r} {alpha:g}: they have no mean")
    total = sum(weights)
    mean = {
        name: sum(weight / total * tensors[name] for weight, (tensors, _) in zip(weights, read, strict=True)).astype(numpy.float16)
        for name in first
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_tensors(mean, _architecture(adapters[0]), alpha, target)


def _architecture(adapter: Path) -> gguf.MODEL_ARCH:
    name = gguf.GGUFReader(adapter).fields[gguf.Keys.General.ARCHITECTURE].contents()
    return next(architecture for architecture, called in gguf.MODEL_ARCH_NAMES.items() if called == name)

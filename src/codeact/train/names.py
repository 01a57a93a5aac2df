"""Tensors by llama.cpp's names and by transformers' names, and the one difference in their contents.

Invariant: reading and writing are each other's inverse. llama.cpp rotates neighbouring rows of the queries' and keys' weights of a Llama,
where transformers rotates the two halves of a head; so the rows of those two stand in another order in a GGUF file, and the same order must
be given to the rows of an adapter's B.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gguf
import numpy
from numpy.typing import NDArray

from codeact import errors

ARCHITECTURES = {"llama": gguf.MODEL_ARCH.LLAMA, "mistral": gguf.MODEL_ARCH.LLAMA, "qwen2": gguf.MODEL_ARCH.QWEN2}
"""transformers' model types that can be written as GGUF, and llama.cpp's name for each."""

ROTATED = ("attn_q", "attn_k")


class Names:
    """The names of one model's tensors.

    Args:
        config: of transformers.

    Raises:
        ModelNotFoundError: llama.cpp's name of this kind of model is not known here.
    """

    def __init__(self, config: Any) -> None:
        if config.model_type not in ARCHITECTURES:
            raise errors.ModelNotFoundError(
                f"models of type {config.model_type!r} cannot be read from GGUF or written to it; known: {', '.join(ARCHITECTURES)}"
            )
        self.architecture = ARCHITECTURES[config.model_type]
        self._map = gguf.get_tensor_name_map(self.architecture, config.num_hidden_layers)
        self._heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}

    def in_gguf(self, module: str) -> str:
        """llama.cpp's name of a module of transformers, for example ``blk.0.attn_q``."""
        name = self._map.get_name(module)
        if name is None:
            raise errors.ModelNotFoundError(f"llama.cpp has no name for the module {module!r}")
        return name

    def to_gguf(self, name: str, rows: NDArray[Any]) -> NDArray[Any]:
        """Rows of a weight, bias or adapter's B in llama.cpp's order; `name` is llama.cpp's."""
        heads = self._rotated_heads(name)
        return rows if heads is None else _swap(rows, heads, 2)

    def from_gguf(self, name: str, rows: NDArray[Any]) -> NDArray[Any]:
        """The inverse of `to_gguf`."""
        heads = self._rotated_heads(name)
        return rows if heads is None else _swap(rows, heads, rows.shape[0] // heads // 2)

    def _rotated_heads(self, name: str) -> int | None:
        kind = name.rsplit(".", maxsplit=1)[-1]
        return self._heads[kind] if self.architecture is gguf.MODEL_ARCH.LLAMA and kind in ROTATED else None


def _swap(rows: NDArray[Any], heads: int, parts: int) -> NDArray[Any]:
    """Within each head, rows that stand part after part are put in turn from each part."""
    return rows.reshape(heads, parts, rows.shape[0] // heads // parts, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def read_weights(path: Path, model: Any) -> dict[str, NDArray[Any]]:
    """The weights of a GGUF file, dequantised to fp32, by the names of the parameters of `model`.

    Args:
        path: the file.
        model: of transformers; it may be on torch's device `meta`.

    Raises:
        ModelNotFoundError: see `Names`.
        ValueError: it is not a GGUF file.
    """
    names = Names(model.config)
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    found: dict[str, NDArray[Any]] = {}
    for parameter in _parameters(model):
        module, _, kind = parameter.rpartition(".")
        name = names.in_gguf(module)
        tensor = tensors.get(f"{name}.{kind}")
        if tensor is not None:
            values = gguf.dequantize(tensor.data, tensor.tensor_type)
            found[parameter] = numpy.ascontiguousarray(names.from_gguf(name, values))
    return found


def _parameters(model: Any) -> Iterable[str]:
    return (name for name, _ in model.named_parameters())

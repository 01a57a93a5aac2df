"""An adapter that a run begins with, in place of one that changes nothing.

Invariant: before its first step the model computes what it computed with that adapter, up to the rounding of the adapter's file; the
optimiser begins anew. It does not: go on with a broken run (checkpoints do that), or widen an adapter.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy
import torch
from numpy.typing import NDArray

from codeact import errors
from codeact.models import pinned, prepared
from codeact.train.config import Lora
from codeact.train.gguf_adapter import KEY, SETTINGS, read_folder
from codeact.train.names import Names

OURS = "ours"
_TRAINED = re.compile(r"^base_model\.model\.(?P<module>.+)\.lora_(?P<side>[AB])\.default\.weight$")

Factors = dict[tuple[str, str], NDArray[Any]]
"""The factors of an adapter by the module's name (transformers') and ``A`` or ``B``."""


def start_from(model: Any, lora: Lora, base_config: Any) -> None:
    """Put the numbers of `lora.start` into a model's fresh adapters.

    Args:
        model: made by peft with the settings `lora`.
        lora: with `start` given.
        base_config: of the base model (transformers).

    Raises:
        InputError: there is no such adapter, or it has another rank or other layers.
    """
    own = {(match["module"], match["side"]): values for name, values in model.named_parameters() if (match := _TRAINED.match(name))}
    found, alpha = _read(str(lora.start), {module for module, _ in own}, base_config)
    if own.keys() != found.keys():
        odd = sorted({module.rpartition(".")[2] for module, _ in own.keys() ^ found.keys()})
        raise errors.InputError(
            f"the adapter {lora.start!r} and the run's have not the same layers ({', '.join(odd)} only in one); "
            "set lora.targets as it was made"
        )
    with torch.no_grad():
        for (module, side), values in found.items():
            parameter = own[module, side]
            if tuple(parameter.shape) != values.shape:
                raise errors.InputError(
                    f"the adapter {lora.start!r} has factors of shape {values.shape} at {module}, the run's are {tuple(parameter.shape)}; "
                    "set lora.rank to that of the adapter, and take the base it was made for"
                )
            parameter.copy_(torch.from_numpy(numpy.ascontiguousarray(values, dtype=numpy.float32)))
            if side == "B":
                parameter.mul_(alpha / lora.alpha)  # the rank is the same, so this is the whole difference of the scales


def _read(start: str, modules: Iterable[str], base_config: Any) -> tuple[Factors, float]:
    path = pinned.find_adapter() if start == OURS else Path(start)
    if path is None:
        raise errors.InputError(f"lora.start is {OURS!r}, and this codeact ships no adapter; give a folder or a .gguf file")
    if (path / SETTINGS).is_file():
        settings, tensors = read_folder(path)
        keys = {key: match for key in tensors if (match := KEY.match(key))}
        return {(match["module"], match["side"]): tensors[key] for key, match in keys.items()}, float(settings["lora_alpha"])
    try:
        tensors, alpha = prepared.read_adapter(path)
    except errors.ModelNotFoundError as error:
        raise errors.InputError(f"there is no adapter to begin with at {start!r}: no folder with {SETTINGS}, and {error}") from error
    return _by_module(tensors, modules, Names(base_config)), alpha


def _by_module(tensors: Mapping[str, NDArray[Any]], modules: Iterable[str], names: Names) -> Factors:
    wanted = {names.in_gguf(module): module for module in modules}
    found: Factors = {}
    for name, values in tensors.items():
        weight, _, side = name.rpartition(".weight.lora_")
        rows = names.from_gguf(weight, values) if side == "b" else values
        found[wanted.get(weight, weight), side.upper()] = rows
    return found

"""An adapter as a GGUF file, in the form in which llama.cpp takes LoRA.

Invariant: llama.cpp with the file computes what peft computes with the folder, up to rounding to the file's number format. It does not:
need the base model's weights, only its config.

The form: metadata `general.type = adapter`, `adapter.type = lora`, `adapter.lora.alpha`; two tensors a layer, named as the weight with
`.lora_a` ([rank, in]) and `.lora_b` ([out, rank]) behind. The rank is read from the shapes, the scale is alpha / rank.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gguf
import numpy
from numpy.typing import NDArray
from safetensors.numpy import load_file

from codeact import errors
from codeact.models.prepared import read_adapter
from codeact.train.names import Names

WEIGHTS = "adapter_model.safetensors"
SETTINGS = "adapter_config.json"
NUMBERS: Mapping[str, type[numpy.floating[Any]]] = {"f16": numpy.float16, "f32": numpy.float32}
KEY = re.compile(r"^base_model\.model\.(?P<module>.+)\.lora_(?P<side>[AB])\.weight$")


def write_adapter(folder: Path, config: Any, target: Path, *, dtype: str = "f16") -> Path:
    """Write a peft adapter as GGUF.

    Args:
        folder: of the adapter, in peft's form.
        config: of the base model (transformers).
        target: the file.
        dtype: `f16` or `f32`.

    Raises:
        InputError: the folder holds no LoRA adapter, or one that llama.cpp cannot take.
        ModelNotFoundError: a layer has no name in llama.cpp.
    """
    settings, tensors = read_folder(folder)
    names = Names(config)
    number = NUMBERS[dtype]
    found: dict[str, NDArray[Any]] = {}
    for key in sorted(tensors):
        match = KEY.match(key)
        if match is None:
            raise errors.InputError(f"the adapter {str(folder)!r} holds {key!r}, which llama.cpp's LoRA has no place for")
        name = names.in_gguf(match["module"])
        values = tensors[key].astype(numpy.float32)
        if match["side"] == "B":
            values = names.to_gguf(name, values)
        found[f"{name}.weight.lora_{match['side'].lower()}"] = values.astype(number)
    return write_tensors(found, gguf.MODEL_ARCH_NAMES[names.architecture], float(settings["lora_alpha"]), target)


def write_tensors(tensors: Mapping[str, NDArray[Any]], architecture: str, alpha: float, target: Path) -> Path:
    """Write an adapter's tensors, by their names in llama.cpp; the file is there when it is whole.

    Args:
        tensors: in the number format in which they are written.
        architecture: of the base model, as llama.cpp calls it.
        alpha: of the adapter.
        target: the file.
    """
    part = target.with_name(f".{target.name}.part")
    writer = gguf.GGUFWriter(part, architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    for name, values in tensors.items():
        writer.add_tensor(name, numpy.ascontiguousarray(values))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(target)
    return target


def read_folder(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The settings and the tensors of an adapter in peft's form.

    Raises:
        InputError: the folder holds no LoRA adapter, or one that llama.cpp cannot take.
    """
    try:
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        tensors = load_file(folder / WEIGHTS)
    except (OSError, ValueError) as error:
        raise errors.InputError(f"{str(folder)!r} holds no adapter ({SETTINGS}, {WEIGHTS}): {error}") from error
    if settings.get("peft_type") != "LORA" or settings.get("use_dora") or settings.get("use_rslora"):
        raise errors.InputError(f"the adapter {str(folder)!r} is of a kind that llama.cpp cannot take: only plain LoRA is")
    return settings, tensors


def average_adapters(adapters: Sequence[Path], target: Path, *, weights: Sequence[float] = ()) -> Path:
    """Write the mean, number by number, of adapters in GGUF form, in f16.

    They have to be of one line: each was trained on from another of them, or all from the same; the factors of others mean different
    things. A later round of training learns new kinds and forgets old ones; between the two adapters lies one that does both (Wortsman et
    al., "Robust fine-tuning of zero-shot models", arXiv 2109.01903, and "Model soups", arXiv 2203.05482).

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
    shares = numpy.array(weights, dtype=numpy.float32)
    mean = {name: numpy.average([tensors[name] for tensors, _ in read], axis=0, weights=shares).astype(numpy.float16) for name in first}
    target.parent.mkdir(parents=True, exist_ok=True)
    architecture = gguf.GGUFReader(adapters[0]).fields[gguf.Keys.General.ARCHITECTURE].contents()
    return write_tensors(mean, architecture, alpha, target)

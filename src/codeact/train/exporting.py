"""Adapters and merged models as files: what `codeact train export` does.

Invariant: a target is replaced whole or not at all. A merged GGUF file takes everything but its weights from the base's GGUF file:
the vocabulary, the chat template and the sizes are copied, not made anew. It does not: quantise (llama.cpp's own tools do).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gguf
import numpy
import torch
from transformers import AutoConfig

from codeact import errors
from codeact.models import prepared
from codeact.train import model_building
from codeact.train.gguf_adapter import write_adapter
from codeact.train.loading import BaseModel, base_path, load_base
from codeact.train.names import Names

GgufDtype = Literal["f32", "f16", "bf16"]

_TYPES = {"f32": gguf.GGMLQuantizationType.F32, "f16": gguf.GGMLQuantizationType.F16, "bf16": gguf.GGMLQuantizationType.BF16}
_FILE_TYPES = {"f32": gguf.LlamaFileType.ALL_F32, "f16": gguf.LlamaFileType.MOSTLY_F16, "bf16": gguf.LlamaFileType.MOSTLY_BF16}


@dataclass(frozen=True, slots=True)
class Merged:
    """A base with an adapter in its weights."""

    model: Any
    base: BaseModel


def export_adapter(folder: Path, base: str, target: Path, *, dtype: Literal["f16", "f32"] = "f16") -> Path:
    """Write an adapter in peft's form as GGUF.

    Args:
        folder: a run's `result`.
        base: as in the config.
        target: the file.
        dtype: of its numbers.

    Raises:
        InputError: the folder holds no adapter that llama.cpp can take.
        ModelNotFoundError: there is no such base model.
    """
    path = base_path(base)
    if path.is_dir():
        config = AutoConfig.from_pretrained(path, local_files_only=True)
    else:
        config = AutoConfig.from_pretrained(path.parent, gguf_file=path.name, local_files_only=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_adapter(folder, config, target, dtype=dtype)


def merge(folder: Path, base: str) -> Merged:
    """Load a base and put an adapter into its weights, in fp32.

    Args:
        folder: a run's `result`, an adapter in peft's form.
        base: as in the config.

    Raises:
        InputError: the folder holds no adapter for this base.
        ModelNotFoundError: there is no such base model.
    """
    found = load_base(base_path(base), torch.float32)
    return Merged(model_building.with_saved_adapter(found.model, folder).merge_and_unload(), found)


def export_merged(folder: Path, base: str, target: Path, *, dtype: GgufDtype = "f16") -> Path:
    """Write a base with an adapter in its weights.

    Args:
        folder: a run's `result`.
        base: as in the config.
        target: a `.gguf` file, or a folder, which is written in Hugging Face's form.
        dtype: of the weights.

    Raises:
        InputError: see `merge`; or a GGUF file is wanted of a base that is a folder.
        ModelNotFoundError: there is no such base model.
    """
    merged = merge(folder, base)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    if target.suffix == ".gguf":
        _write_gguf(merged, part, dtype)
        part.replace(target)
        return target
    shutil.rmtree(part, ignore_errors=True)
    merged.model.to({"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}[dtype]).save_pretrained(part)
    merged.base.tokenizer.save_pretrained(part)
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)
    return target


def _write_gguf(merged: Merged, target: Path, dtype: GgufDtype) -> None:
    source = merged.base.gguf
    if source is None:
        raise errors.InputError(
            f"the base {str(merged.base.path)!r} is a folder, and a GGUF file needs the vocabulary of a GGUF base; write a folder "
            "instead and convert it with llama.cpp's convert_hf_to_gguf.py, or export the adapter alone"
        )
    reader = gguf.GGUFReader(source)
    names = Names(merged.model.config)
    writer = gguf.GGUFWriter(target, gguf.MODEL_ARCH_NAMES[names.architecture])
    prepared.copy_metadata(reader, writer, _FILE_TYPES[dtype])
    for parameter, values in merged.model.named_parameters():
        module, _, kind = parameter.rpartition(".")
        name = names.in_gguf(module)
        rows = numpy.ascontiguousarray(names.to_gguf(name, values.detach().float().numpy()))
        number = _TYPES[dtype] if rows.ndim > 1 else gguf.GGMLQuantizationType.F32  # llama.cpp wants norms and biases in f32
        writer.add_tensor(f"{name}.{kind}", gguf.quantize(rows, number), raw_dtype=number)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

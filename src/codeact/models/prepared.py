"""The pinned weights in the form that llama.cpp computes fastest with, an adapter added in: made at first use, then kept.

llama.cpp has no fast product for the numbers of the fetched file (Q4_1) on most processors, and has one for Q8_0; an adapter beside the
weights costs thin products in every layer, one that is added to them costs nothing.

Invariants: a prepared file is whole or is not there, and its name says what it was made of, so none is ever out of date. Q8_0 is
finer than Q4_1: what is computed is what the fetched file gives, but for rounding. It does not: touch files that a user named.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.models import pinned

FOLDER = "prepared"
KEPT = 4
"""Most prepared files that are kept; the ones that were used last stay."""

VERSION = b"1"
BLOCK = 32
"""Numbers of a row that Q8_0 rounds together; other rows are kept in half precision."""

Factors = dict[str, tuple[Any, Any]]
"""For a weight's name: its A, [rank, in], and its B, [out, rank]."""


def prepare(base: Path, identity: str, adapter: Path | None = None) -> Path:
    """A file of the base's weights with the adapter added, made if it is not there. Blocks.

    Args:
        base: a GGUF file.
        identity: what tells this base from any other: its checksum.
        adapter: a LoRA adapter (GGUF) for it.

    Raises:
        MissingExtraError: `gguf` is not installed.
        ModelNotFoundError: the adapter cannot be read, or is not for this base.
        OSError: the file cannot be stored.
    """
    digest = hashlib.sha256(VERSION + identity.encode())
    if adapter is not None:
        digest.update(adapter.read_bytes())
    folder = pinned.cache_directory() / FOLDER
    target = folder / f"{base.stem.partition('.')[0]}-{digest.hexdigest()[:16]}.gguf"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with pinned.locked(folder / ".lock"):
            if not target.exists():
                aside = folder / ".aside.gguf"
                try:
                    write(base, adapter, aside)
                    aside.replace(target)
                finally:
                    aside.unlink(missing_ok=True)
                _remove_old(folder)
    _mark_used(target)
    return target


def _mark_used(target: Path) -> None:
    try:
        os.utime(target)
    except OSError:  # of somebody else's, or in a cache that may only be read: it can be used all the same
        if not target.exists():
            raise


def _remove_old(folder: Path) -> None:
    """A process that has one loaded goes on: the file is mapped."""
    found = sorted(folder.glob("*-*.gguf"), key=lambda path: path.stat().st_mtime)
    for old in found[:-KEPT]:
        old.unlink()


def write(base: Path, adapter: Path | None, target: Path) -> None:
    """Write a base with an adapter in its weights, rounded to Q8_0; norms stay as they are.

    Args:
        base, adapter: as `prepare` takes them.
        target: the file.

    Raises:
        MissingExtraError, ModelNotFoundError, OSError: see `prepare`.
    """
    gguf = _gguf()
    reader = gguf.GGUFReader(base)
    factors, scale = _adapter(adapter) if adapter is not None else ({}, 0.0)
    writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
    copy_metadata(reader, writer, gguf.LlamaFileType.MOSTLY_Q8_0)
    kinds = gguf.GGMLQuantizationType
    for tensor in reader.tensors:
        if len(tensor.shape) == 1:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
            continue
        rows = gguf.dequantize(tensor.data, tensor.tensor_type)
        if tensor.name in factors:
            rows = rows + _delta(factors.pop(tensor.name), rows.shape, scale, adapter)
        kind = kinds.Q8_0 if rows.shape[-1] % BLOCK == 0 else kinds.F16
        writer.add_tensor(tensor.name, gguf.quantize(rows, kind), raw_dtype=kind)
    if factors:
        raise _unfit(adapter, f"the model has no {min(factors)!r}")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def copy_metadata(reader: Any, writer: Any, file_type: Any) -> None:
    """All of a GGUF file but its weights: the vocabulary, the chat template, the sizes.

    Args:
        reader: of the file (`gguf.GGUFReader`).
        writer: of the new one.
        file_type: what most of its weights are (`gguf.LlamaFileType`).
    """
    gguf = _gguf()
    own = {"general.architecture", "general.file_type", "general.quantization_version"}
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in own:
            continue
        kind = field.types[0]
        part = field.types[-1] if kind is gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=part)
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def read_adapter(path: Path) -> tuple[dict[str, Any], float]:
    """The tensors of an adapter's GGUF file in fp32, by their names in it, and its alpha.

    Raises:
        ModelNotFoundError: it is not such a file.
    """
    gguf = _gguf()
    try:
        reader = gguf.GGUFReader(path)
        alpha = float(reader.fields[gguf.Keys.Adapter.LORA_ALPHA].contents())
        return {tensor.name: gguf.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}, alpha
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise errors.ModelNotFoundError(f"{str(path)!r} is no adapter in GGUF form: {error!r}; is it a whole file?") from error


def _adapter(path: Path) -> tuple[Factors, float]:
    tensors, alpha = read_adapter(path)
    names = {name.removesuffix(".lora_a") for name in tensors if name.endswith(".lora_a")}
    if not names or tensors.keys() != {f"{name}.lora_{side}" for name in names for side in "ab"}:
        raise _unfit(path, "its tensors are not pairs of .lora_a and .lora_b")
    factors = {name: (tensors[f"{name}.lora_a"], tensors[f"{name}.lora_b"]) for name in names}
    rank = next(iter(factors.values()))[0].shape[0]
    return factors, alpha / rank


def _delta(pair: tuple[Any, Any], shape: tuple[int, ...], scale: float, adapter: Path | None) -> Any:
    a, b = pair
    if (*b.shape[:1], *a.shape[1:]) != shape or a.shape[0] != b.shape[-1]:
        raise _unfit(adapter, f"its factors of shapes {a.shape} and {b.shape} do not make a weight of shape {shape}")
    return (b * scale) @ a


def _unfit(adapter: Path | None, why: str) -> errors.ModelNotFoundError:
    return errors.ModelNotFoundError(f"the adapter {str(adapter)!r} is not for this model: {why}")


def _gguf() -> Any:
    try:
        import gguf
    except ImportError:
        raise errors.MissingExtraError("gguf", "local", "the local model") from None
    return gguf

"""The base model and its tokenizer, from a GGUF file or a folder in Hugging Face's form.

Invariant: the weights are dense, and equal to those that llama.cpp computes with: a quantised file is dequantised, not trained upon in some
other precision, so an adapter is learnt on the weights that it will be used with. It does not: fetch anything but the pinned `local` model.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from codeact import errors
from codeact.models import pinned
from codeact.train import names
from codeact.train.packing import attention


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A model in evaluation mode, its tokenizer, and where it came from (`gguf` is None for a folder)."""

    model: nn.Module
    tokenizer: Any
    path: Path
    gguf: Path | None


def base_path(base: str) -> Path:
    """Where a base model is; `local` is fetched if it is not here.

    Raises:
        ModelNotFoundError: there is no such file or folder.
        ModelUnavailableError: `local` cannot be fetched.
    """
    path = pinned.ensure() if base == "local" else Path(base)
    if path.is_dir() and (path / "config.json").is_file():
        return path
    if path.is_file() and path.suffix == ".gguf":
        return path
    raise errors.ModelNotFoundError(f"no base model at {base!r}; give 'local', a .gguf file, or a folder with config.json and weights")


def load_tokenizer(path: Path) -> Any:
    """The tokenizer of a base model, with its chat template."""
    if path.is_dir():
        return AutoTokenizer.from_pretrained(path, local_files_only=True)
    return AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name, local_files_only=True)


def load_base(path: Path, dtype: torch.dtype) -> BaseModel:
    """Load a model whose attention keeps a pack's branches apart (see `layout`).

    Args:
        path: from `base_path`.
        dtype: of the weights.

    Raises:
        ModelNotFoundError: the file is no model that can be trained here.
    """
    attention.register()
    tokenizer = load_tokenizer(path)
    try:
        model = _from_folder(path, dtype) if path.is_dir() else _from_gguf(path, dtype)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise errors.ModelNotFoundError(f"cannot load the base model {str(path)!r}: {error}") from error
    window = getattr(model.config, "sliding_window", None)
    if window and getattr(model.config, "use_sliding_window", True) and window < model.config.max_position_embeddings:
        raise errors.ModelNotFoundError(f"the base model {str(path)!r} has a sliding window of {window} tokens, which is not supported")
    model.set_attn_implementation(attention.NAME)
    return BaseModel(model.eval(), tokenizer, path, None if path.is_dir() else path)


def _from_folder(path: Path, dtype: torch.dtype) -> Any:
    return AutoModelForCausalLM.from_pretrained(path, dtype=dtype, local_files_only=True)


def _from_gguf(path: Path, dtype: torch.dtype) -> Any:
    config = AutoConfig.from_pretrained(path.parent, gguf_file=path.name, local_files_only=True)
    config.quantization_config = None
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, dtype=dtype)
    state = {name: torch.tensor(values, dtype=dtype) for name, values in names.read_weights(path, model).items()}
    model.load_state_dict(state, strict=False, assign=True)
    model.tie_weights()
    _make_buffers(model, config)
    missing = [name for name, parameter in model.named_parameters() if parameter.is_meta]
    if missing:
        raise ValueError(f"it holds no {missing[0]!r}")
    return model


def _make_buffers(model: Any, config: Any) -> None:
    """Buffers are computed from the config and are in no file: the positions' frequencies."""
    rotary = model.model.rotary_emb
    model.model.rotary_emb = type(rotary)(config=config)

"""Where a run computes, in what numbers, and what its random numbers come from.

Invariant: `auto` chooses by what the hardware is and never by a measurement, so a resumed run chooses the same again. It does not: limit
memory.
"""

import ctypes
import sys
from dataclasses import dataclass

import torch

from codeact import errors
from codeact.train.config import Device

_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
_NEVER = 2**31 - 1
_GIBIBYTE = 2**30

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


@dataclass(frozen=True, slots=True)
class Place:
    """A device and the number format of frozen weights and products."""

    device: torch.device
    dtype: torch.dtype


def choose(wanted: Device) -> Place:
    """The place that the settings ask for.

    Raises:
        ConfigError: CUDA is asked for and not here.
    """
    cuda = torch.cuda.is_available()
    if wanted.kind == "cuda" and not cuda:
        raise errors.ConfigError("device.kind is 'cuda', and torch finds no CUDA device here; set it to 'auto' or 'cpu'")
    device = torch.device("cuda" if cuda and wanted.kind != "cpu" else "cpu")
    if wanted.dtype != "auto":
        return Place(device, DTYPES[wanted.dtype])
    multiplies_bf16 = torch.cuda.is_bf16_supported() if device.type == "cuda" else cpu_multiplies_bf16()
    return Place(device, torch.bfloat16 if multiplies_bf16 else torch.float32)


def cpu_multiplies_bf16() -> bool:
    """Whether this CPU has instructions for it (AVX512-BF16 or AMX); elsewhere bf16 is emulated, many times slower than fp32."""
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


def random_state(device: torch.device) -> dict[str, torch.Tensor]:
    """What the next random numbers of this process depend on: on a CUDA device dropout draws there, and not on the CPU."""
    state = {"cpu": torch.get_rng_state()}
    return {**state, "cuda": torch.cuda.get_rng_state(device)} if device.type == "cuda" else state


def set_random_state(device: torch.device, state: dict[str, torch.Tensor]) -> None:
    """The inverse of `random_state`; a state of another kind of device leaves this one's numbers as they are."""
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda" and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"], device)


def keep_freed_memory() -> bool:
    """Let this process keep what it frees; True if the C library could be told.

    By default glibc returns every large block to the system and asks for it again, so that each step's tensors are new pages, which the
    kernel has to clear: a tenth and more of a step.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library than glibc
        return False
    return bool(set_option(_MMAP_THRESHOLD, _GIBIBYTE)) and bool(set_option(_TRIM_THRESHOLD, _NEVER))

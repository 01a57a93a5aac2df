"""How the C library gives memory back, for a training on a CPU.

Invariant: nothing but speed changes. By default glibc returns every large block to the system and asks for it again, so that each
step's tensors are new pages, which the kernel has to clear: a tenth and more of a step. It does not: limit memory.
"""

import ctypes
import sys

_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
_NEVER = 2**31 - 1
_GIBIBYTE = 2**30


def keep_freed_memory() -> bool:
    """Let this process keep what it frees; True if the C library could be told."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library than glibc
        return False
    return bool(set_option(_MMAP_THRESHOLD, _GIBIBYTE)) and bool(set_option(_TRIM_THRESHOLD, _NEVER))

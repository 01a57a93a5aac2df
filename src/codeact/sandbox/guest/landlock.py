"""Landlock: which files may be touched and how, no TCP, no signals or abstract sockets beyond the session.

Invariant: what no rule names is refused. It does not: hide what it refuses (a private root does), or cover calls that Landlock does
not know (chmod, stat, chdir: harmless on what is read-only or not there).
"""

import os
import stat
import struct

from . import linux

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
_REMOVE_DIR, _REMOVE_FILE, _MAKE_CHAR, _MAKE_DIR, _MAKE_REG, _MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK, _MAKE_SYM = (1 << n for n in range(4, 13))
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL_DEV

KNOWS_TRUNCATE = 3
"""The first ABI that can refuse to empty a file: Linux 6.2."""

READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
DEVICE = READ_FILE | WRITE_FILE | READ_DIR | _IOCTL_DEV
FULL = RUN | WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SOCK | _MAKE_FIFO | _MAKE_SYM | _REFER | _TRUNCATE


def version() -> int:
    """The kernel's Landlock ABI, 0 if it has none or it is turned off."""
    try:
        return linux.syscall("landlock_create_ruleset", 0, 0, 1)
    except OSError:
        return 0


def require(abi: int) -> None:
    """Refuse a kernel that knows less.

    Args:
        abi: the least one; below `KNOWS_TRUNCATE` files can be emptied that may not be written to.

    Raises:
        OSError: the kernel has no Landlock, or an older one.
    """
    found = version()
    if found == 0:
        raise OSError(95, "Landlock is not available: the kernel needs CONFIG_SECURITY_LANDLOCK and 'landlock' in lsm=")
    if found < abi:
        raise OSError(95, f"Landlock of this kernel (ABI {found}) lets files be emptied: Linux 6.2 or newer (ABI {abi}) does not")


def restrict(rules: dict[str, int]) -> None:
    """Confine this process and its descendants; needs no_new_privs.

    Args:
        rules: path to rights (`READ`, `RUN`, `DEVICE`, `FULL`); a path that does not exist is passed over.

    Raises:
        OSError: the kernel has no Landlock.
    """
    ruleset = make(rules)
    try:
        linux.syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def make(rules: dict[str, int]) -> int:
    """Descriptor of a set of rules, which confines nobody yet; arguments and errors as of `restrict`."""
    require(1)
    abi = version()
    files = (1 << (13 if abi < 2 else 14 if abi < 3 else 15 if abi < 5 else 16)) - 1
    network = 3 if abi >= 4 else 0
    scope = 3 if abi >= 6 else 0
    attributes = struct.pack("=QQQ", files, network, scope)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    ruleset = linux.syscall("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path, rights in rules.items():
            _allow(ruleset, path, rights & files)
    except OSError:
        os.close(ruleset)
        raise
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _ON_FILES
        linux.syscall("landlock_add_rule", ruleset, 1, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)

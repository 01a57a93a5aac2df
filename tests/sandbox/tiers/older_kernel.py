"""Runs a program on this kernel as if it were an older one, by answering some of its system calls in the kernel's place.

`python older_kernel.py {"abi": 2, "system_v": false} PROGRAM ARGUMENT...`, both optional: `abi`, which Landlock is said to be there (0: all
that this kernel has); `system_v`, whether the bounds of System V IPC can be set. All that the program starts is answered so too. It stands
alone, so that any user may run it. The calls are seccomp_unotify(2)'s.
"""

import array
import ctypes
import fcntl
import json
import os
import platform
import select
import socket
import struct
import sys

_PLACES = tuple(f"/proc/sys/kernel/{name}".encode() for name in ("shmall", "msgmni", "sem"))
_SECCOMP, _OPENAT = {"aarch64": (277, 56)}.get(platform.machine(), (317, 257))
_CREATE_RULESET = 444
_NO_NEW_PRIVS = 38
_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV and _SEND
_NOTICE = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_GO_ON = 1
_EACCES = 13

# Ask about landlock_create_ruleset, and openat with a mode other than reading.
_FILTER = b"".join(
    struct.pack("=HBBI", *instruction)
    for instruction in (
        (0x20, 0, 0, 0),
        (0x15, 4, 0, _CREATE_RULESET),
        (0x15, 0, 2, _OPENAT),
        (0x20, 0, 0, 32),
        (0x45, 1, 0, 3),
        (0x06, 0, 0, 0x7FFF0000),
        (0x06, 0, 0, 0x7FC00000),
    )
)


def _answered() -> int:
    """From now on, this process's calls are answered by whoever reads the descriptor."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(_FILTER, len(_FILTER))
    program = struct.pack("=HxxxxxxQ", len(_FILTER) // 8, ctypes.addressof(buffer))
    libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
    listener = libc.syscall(_SECCOMP, 1, 8, program)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "the kernel gives no one to answer")
    return listener


def _answer(notice: tuple[int, ...], abi: int, system_v: bool) -> tuple[int, int, int]:
    """The call's value, its error, and whether the kernel is to do it."""
    _, pid, _, number, _, _, first, second, third, *_ = notice
    if number == _CREATE_RULESET:
        return (abi, 0, 0) if abi and first == 0 and third == 1 else (0, 0, _GO_ON)
    if system_v:
        return 0, 0, _GO_ON
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 -- it is read at an address
        memory.seek(second)
        path = memory.read(64).partition(b"\0")[0]
    return (0, -_EACCES, 0) if path in _PLACES else (0, 0, _GO_ON)


def _serve(listener: int, child: int, abi: int, system_v: bool) -> int:
    """Answer until the program has ended; its exit code."""
    over = os.pidfd_open(child)
    while True:
        ready, _, _ = select.select([listener, over], [], [])
        if over in ready:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        try:
            buffer = bytearray(_NOTICE.size)
            fcntl.ioctl(listener, _RECEIVE, buffer)
            notice = _NOTICE.unpack(buffer)
            value, error, flags = _answer(notice, abi, system_v)
            fcntl.ioctl(listener, _SEND, _ANSWER.pack(notice[0], value, error, flags))
        except OSError:
            continue  # who asked was killed meanwhile


def main(asked: str, program: list[str]) -> int:
    """Run a program; its exit code."""
    wanted = json.loads(asked)
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        listener = _answered()
        there.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [listener]))])
        os.close(listener)
        os.execv(program[0], program)
    there.close()
    _, (listener,), _, _ = socket.recv_fds(here, 1, 1)
    return _serve(listener, child, wanted.get("abi", 0), wanted.get("system_v", True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

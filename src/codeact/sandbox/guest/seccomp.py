"""The system-call filter: what guest code may not ask of the kernel, each group with its reason.

Invariant: everything that is not known when this was written (numbers past `_LAST`) is refused too, so that a newer kernel opens
nothing. It does not: look at paths (Landlock and the private root do) or memory that arguments point to.
"""

import ctypes
import struct

from . import linux

_LAST = 469  # file_setattr, Linux 6.17

# name: (x86_64, aarch64); None where the call does not exist
_DENIED: dict[str, dict[str, tuple[int | None, int | None]]] = {
    "reads or steers other processes": {
        "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
        "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    },
    "changes what the process sees of the machine": {
        "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "unshare": (272, 97), "setns": (308, 268),
        "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
        "fspick": (433, 433), "mount_setattr": (442, 442), "statmount": (457, 457), "listmount": (458, 458), "open_tree_attr": (467, 467),
        "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    },
    "large kernel surface that scientific Python does not need": {
        "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
        "lookup_dcookie": (212, 18), "modify_ldt": (154, None), "vhangup": (153, 58), "uselib": (134, None), "ustat": (136, None),
        "sysfs": (139, None), "migrate_pages": (256, 238), "move_pages": (279, 239), "lsm_set_self_attr": (460, 460),
    },
    "memory that no limit counts": {"memfd_create": (319, 279), "memfd_secret": (447, 447)},
    "the kernel's keyrings": {"add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219)},
    "rules the machine": {
        "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
        "delete_module": (176, 106), "create_module": (174, None), "get_kernel_syms": (177, None), "query_module": (178, None),
        "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
        "quotactl_fd": (443, 443), "nfsservctl": (180, 42), "iopl": (172, None), "ioperm": (173, None), "syslog": (103, 116),
        "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
        "sethostname": (170, 161), "setdomainname": (171, 162), "_sysctl": (156, None),
    },
}  # fmt: skip

# without an IPC namespace these reach the whole machine, and in one they hold memory that only root can bound
_SYSTEM_V: dict[str, tuple[int, int]] = {
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197), "semget": (64, 190), "semop": (65, 193),
    "semctl": (66, 191), "semtimedop": (220, 192), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "mq_timedsend": (242, 182), "mq_timedreceive": (243, 183), "mq_notify": (244, 184),
    "mq_getsetattr": (245, 185),
}  # fmt: skip

# without a root of its own a guest of the caller's user could do these to the caller's files: Landlock knows no such right
_BARE_DENIED: dict[str, tuple[int | None, int | None]] = {
    "bind": (49, 200), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5),
    "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "chroot": (161, 51), "fremovexattr": (199, 16), "removexattrat": (466, 466), "inotify_add_watch": (254, 27), "file_setattr": (469, 469),
}  # fmt: skip

# as above, but answered as if done, so that copying a file with its mode and times works as it does elsewhere
_BARE_PRETENDED: dict[str, tuple[int | None, int | None]] = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88),
}  # fmt: skip

# a process of the same user is any process of the session, its warden and its frozen checkpoints: only itself may be meant
_OWN_ONLY: dict[str, tuple[int, int]] = {
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
}  # fmt: skip
_OWN_PRIORITY: dict[str, tuple[int, int, int]] = {"setpriority": (141, 140, 0), "ioprio_set": (251, 30, 1)}  # and the value for one process

_CONNECT, _FCNTL = (42, 203), (72, 25)
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE, _CLONE3, _SOCKET, _SOCKETPAIR, _IOCTL, _KILL, _PERSONALITY, _PRCTL = {
    "x86_64": (56, 435, 41, 53, 16, 62, 135, 157),
    "aarch64": (220, 435, 198, 199, 29, 129, 92, 167),
}.get(linux.MACHINE) or (0,) * 8

_NAMESPACES = 0x7E020080  # every CLONE_NEW* flag, CLONE_NEWTIME among them
_AF_UNIX = 1
_SOCK_STREAM, _SOCK_SEQPACKET, _SOCK_KIND = 1, 5, 0xF
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_SET_LEASE = 1024  # fcntl: whoever opens the file to write waits for who holds a lease of it, though that one may only read it
# change attributes of files through descriptors that may only read: flags, the same as another struct, those of FAT, verity, encryption
_CHANGES_FILES = (0x40086602, 0x40046602, 0x401C5820, 0x40047211, 0x40806685, 0x800C6613)
_PERSONALITY_QUERY = 0xFFFFFFFF

_TRUNCATE, _OPENAT2 = (76, 45), 437
_O_ACCMODE, _READ_ONLY, _FOR_NOTHING, _O_TRUNC = 3, 0, 3, 0o1000  # open(2): the fourth mode is neither for reading nor for writing

_EPERM, _EACCES, _ENOSYS = 1, 13, 38
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _ABOVE_OR_EQUAL, _ANY_BIT, _RETURN, _AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54
_NUMBER, _ARCHITECTURE, _ARG0, _ARG1, _ARG2 = 0, 4, 16, 24, 32  # offsets in struct seccomp_data, low halves of the arguments

_OPENING = (((2, None), _ARG1), ((257, 56), _ARG2))  # open, openat, and which argument has the flags

Instruction = tuple[int, int, int, int]


def supported() -> bool:
    """Whether there is a filter for this machine's architecture."""
    return linux.MACHINE in _AUDIT_ARCH


def program(system_v: bool, bare: bool = False, connects: bool = True) -> bytes:
    """The filter as BPF.

    Args:
        system_v: whether System V IPC and message queues are allowed (there is an IPC namespace, with bounds).
        bare: there is no private root: also refuse what reaches the host's files past Landlock.
        connects: Unix sockets that have a name may be spoken to, wherever they lie: neither a mount that is read-only nor Landlock keeps
            anybody from it.
    """
    column = 0 if linux.MACHINE == "x86_64" else 1
    denied = [numbers[column] for group in _DENIED.values() for numbers in group.values()]
    denied += [] if system_v else [numbers[column] for numbers in _SYSTEM_V.values()]
    denied += [numbers[column] for numbers in _BARE_DENIED.values()] if bare else []
    denied += [] if connects else [_CONNECT[column]]
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _AUDIT_ARCH[linux.MACHINE]),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
        *_refuse_when(_ABOVE_OR_EQUAL, _LAST + 1, _ENOSYS),  # the x32 numbers are above as well
        *_refuse_when(_EQUAL, _CLONE3, _ENOSYS),  # its flags are in memory, where no filter can look; libc falls back to clone
    ]
    for number in sorted(number for number in denied if number is not None):
        code += _refuse_when(_EQUAL, number, _EPERM)
    code += _on(_CLONE, _ARG0, _refuse_when(_ANY_BIT, _NAMESPACES, _EPERM))
    for call in (_SOCKET, _SOCKETPAIR):
        code += _on(call, _ARG0, _refuse_unless(_AF_UNIX, _EACCES))
        code += [] if connects else _on(call, _ARG1, _CONNECTED_ONLY)
    for numbers in _OWN_ONLY.values():
        code += _on(numbers[column], _ARG0, _refuse_unless(0, _EPERM))
    for *numbers, own in _OWN_PRIORITY.values():
        code += _on(numbers[column], _ARG0, _refuse_unless(own, _EPERM))
        code += _on(numbers[column], _ARG1, _refuse_unless(0, _EPERM))
    if bare:
        for number in sorted(number for numbers in _BARE_PRETENDED.values() if (number := numbers[column]) is not None):
            code += _refuse_when(_EQUAL, number, 0)
        code += _on(_IOCTL, _ARG1, [test for request in _CHANGES_FILES for test in _refuse_when(_EQUAL, request, _EPERM)])
    code += _on(_FCNTL[column], _ARG1, _refuse_when(_EQUAL, _SET_LEASE, _EPERM))
    code += _on(_IOCTL, _ARG1, [*_refuse_when(_EQUAL, _TIOCSTI, _EPERM), *_refuse_when(_EQUAL, _TIOCLINUX, _EPERM)])
    code += _on(_KILL, _ARG0, _refuse_when(_EQUAL, 0xFFFFFFFF, _EPERM))
    code += _on(_PRCTL, _ARG0, _refuse_when(_EQUAL, linux.PR_SET_DUMPABLE, _EPERM))  # nobody hides from the warden
    code += _on(_PERSONALITY, _ARG0, [(_EQUAL, 2, 0, _PERSONALITY_QUERY), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _ERRNO | _EPERM)])
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def keeping_contents() -> bytes:
    """A second filter, as BPF, for where Landlock cannot refuse to empty a file (before Linux 6.2): not by who may not write to it.

    It refuses to empty a file by its path, or by opening it not to write: what opens it to write, Landlock sees.
    """
    column = 0 if linux.MACHINE == "x86_64" else 1
    code: list[Instruction] = [
        (_LOAD, 0, 0, _NUMBER),
        *_refuse_when(_EQUAL, _TRUNCATE[column], _EACCES),
        *_refuse_when(_EQUAL, _OPENAT2, _ENOSYS),  # its flags are in memory
    ]
    for numbers, flags in _OPENING:
        if (number := numbers[column]) is not None:
            refused = [test for mode in (_READ_ONLY, _FOR_NOTHING) for test in _refuse_when(_EQUAL, mode | _O_TRUNC, _EACCES)]
            code += _on(number, flags, [(_AND, 0, 0, _O_ACCMODE | _O_TRUNC), *refused])
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


class Filter:
    """A filter ready to be put on.

    Args:
        bpf: from `program` or `keeping_contents`.
    """

    def __init__(self, bpf: bytes) -> None:
        self._buffer = ctypes.create_string_buffer(bpf, len(bpf))
        self._holder = struct.pack("=HxxxxxxQ", len(bpf) // 8, ctypes.addressof(self._buffer))

    def install(self) -> None:
        """Put the filter on this process and all its descendants; needs no_new_privs.

        Raises:
            OSError: the kernel refuses filters.
        """
        linux.syscall("seccomp", 1, 0, self._holder)


def _refuse_when(test: int, value: int, errno: int) -> list[Instruction]:
    return [(test, 0, 1, value), (_RETURN, 0, 0, _ERRNO | errno)]


def _refuse_unless(value: int, errno: int) -> list[Instruction]:
    return [(_EQUAL, 1, 0, value), (_RETURN, 0, 0, _ERRNO | errno)]


_CONNECTED_ONLY: list[Instruction] = [  # one that takes an address with each message could name any socket of the host's
    (_AND, 0, 0, _SOCK_KIND),
    (_EQUAL, 2, 0, _SOCK_STREAM),
    (_EQUAL, 1, 0, _SOCK_SEQPACKET),
    (_RETURN, 0, 0, _ERRNO | _EACCES),
]


def _on(number: int, argument: int, checks: list[Instruction]) -> list[Instruction]:
    """Checks on one argument of one call; the call number is loaded again after them."""
    body: list[Instruction] = [(_LOAD, 0, 0, argument), *checks, (_LOAD, 0, 0, _NUMBER)]
    return [(_EQUAL, 0, len(body), number), *body]

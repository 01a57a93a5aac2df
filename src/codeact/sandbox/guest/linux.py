"""The few Linux calls that Python 3.11 does not have, by ctypes, each raising OSError with what was tried.

Invariant: nothing here decides anything; a call is made or raises. It does not: know tiers or policies.
"""

import ctypes
import fcntl
import functools
import mmap
import os
import platform
import resource
import signal
import struct
from collections.abc import Callable

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_UNBINDABLE = 1 << 17
MS_PRIVATE = 1 << 18
MNT_DETACH = 2

_MOUNT_ATTR_RDONLY = 1
_MOUNT_ATTR_NOSUID = 2
_MOUNT_ATTR_NODEV = 4
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_OPEN_TREE_CLONE = 1
_MOVE_MOUNT_F_EMPTY_PATH = 4

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_KEYCTL_JOIN_SESSION_KEYRING = 1
_CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_READ_SEARCH = 2
CAP_KILL = 5
CAP_SYS_CHROOT = 18
CAP_SYS_PTRACE = 19
CAP_SYS_ADMIN = 21

_CLONE_VM, _CLONE_VFORK, _MAP_STACK = 0x100, 0x4000, 0x20000
_CLONE_PARENT, _CLONE_CHILD_CLEARTID, _CLONE_CHILD_SETTID, _SIGCHLD = 0x8000, 0x200000, 0x1000000, 17
_PR_GET_TID_ADDRESS = 40

_FEWEST_TASKS, _MOST_TASKS = 32, 1 << 22  # the kernel has no higher pid

STACK = 8 << 20
"""As much as the first thread of a program usually has."""

_names, _may = os.listdir, os.access
_PROCMAP = struct.Struct("=9QIIIIQQ")
_PROCMAP_QUERY = 3 << 30 | _PROCMAP.size << 16 | 0x66 << 8 | 17
_SHARED_FILE_MAPPING = 0x02 | 0x08 | 0x10 | 0x20  # writable, shared, at or after the address, of a file

MACHINE = platform.machine()
_X86 = {"clone": 56, "pivot_root": 155, "capset": 126, "seccomp": 317, "keyctl": 250}
_ARM = {"clone": 220, "pivot_root": 41, "capset": 91, "seccomp": 277, "keyctl": 219}
_BOTH = {
    "open_tree": 428,
    "move_mount": 429,
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}
NUMBERS = {**_BOTH, **(_ARM if MACHINE == "aarch64" else _X86)}

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_holding = ctypes.PyDLL(None, use_errno=True)  # calls that keep Python's lock: nothing else runs while the process is copied
_holding.syscall.restype = ctypes.c_long
_WORK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_stacks: list[mmap.mmap] = []


def checked(result: int, what: str) -> int:
    """`result`, unless it is negative.

    Raises:
        OSError: with errno and what was tried.
    """
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(name: str, *args: object) -> int:
    """A system call by name (one of `NUMBERS`); integers are passed as longs, bytes and ctypes objects as pointers."""
    values = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return checked(_libc.syscall(ctypes.c_long(NUMBERS[name]), *values), name)


def unshare(flags: int) -> None:
    """Leave the namespaces named by CLONE_NEW* flags for new ones."""
    checked(_libc.unshare(ctypes.c_int(flags)), f"unshare({flags:#x})")


def enter_user_namespace() -> None:
    """Leave this user namespace for a new one below it, in which this process's ids are the only ones; its capabilities are in there only.

    Raises:
        OSError: the kernel refuses.
    """
    ids = os.geteuid(), os.getegid()
    unshare(CLONE_NEWUSER)
    prctl(PR_SET_DUMPABLE, 1)  # else the maps belong to root
    for name, number in zip(("uid_map", "gid_map"), ids, strict=True):
        write(f"/proc/self/{name}", b"%d %d 1" % (number, number))


def write(path: str, text: bytes) -> None:
    """Into a file of /proc that exists, at once.

    Raises:
        OSError: it cannot be opened, or the kernel refuses the text.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text)
    finally:
        os.close(descriptor)


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace that a descriptor refers to."""
    checked(_libc.setns(ctypes.c_int(descriptor), ctypes.c_int(kind)), f"setns({kind:#x})")


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """mount(2)."""
    result = _libc.mount(os.fsencode(source), os.fsencode(target), kind.encode() or None, ctypes.c_ulong(flags), data.encode() or None)
    checked(result, f"mount {kind or 'bind'} {source} on {target}")


def umount(target: str, flags: int = MNT_DETACH) -> None:
    """umount2(2), lazily unless told otherwise."""
    checked(_libc.umount2(os.fsencode(target), ctypes.c_int(flags)), f"umount {target}")


def read_only(target: str, *, writable: bool = False) -> None:
    """Make a mount and all below it nosuid, nodev and (unless `writable`) read-only. Linux 5.12."""
    flags = _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV | (0 if writable else _MOUNT_ATTR_RDONLY)
    attributes = struct.pack("=QQQQ", flags, 0, 0, 0)
    syscall("mount_setattr", _AT_FDCWD, os.fsencode(target), _AT_RECURSIVE, attributes, len(attributes))


def open_tree(path: str) -> int:
    """Descriptor of a copy of the mount at a path, which is mounted nowhere yet. Linux 5.2."""
    return syscall("open_tree", _AT_FDCWD, os.fsencode(path), _OPEN_TREE_CLONE | os.O_CLOEXEC)


def move_mount(descriptor: int, target: str) -> None:
    """Mount what `open_tree` gave. Linux 5.2."""
    syscall("move_mount", descriptor, b"", _AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_F_EMPTY_PATH)


def pivot_root(new: str, old: str) -> None:
    """pivot_root(2)."""
    syscall("pivot_root", os.fsencode(new), os.fsencode(old))


def prctl(option: int, value: int = 0, third: int = 0) -> int:
    """prctl(2) with integer arguments."""
    longs = [ctypes.c_ulong(v) for v in (value, third, 0, 0)]
    return checked(_libc.prctl(ctypes.c_int(option), *longs), f"prctl({option})")


def set_hostname(name: str) -> None:
    """Name of the machine inside a UTS namespace."""
    checked(_libc.sethostname(name.encode(), ctypes.c_size_t(len(name))), "sethostname")


def fresh_keyring() -> None:
    """Leave the inherited session keyring for an empty one; a kernel without keyrings is fine."""
    try:
        syscall("keyctl", _KEYCTL_JOIN_SESSION_KEYRING, 0)
    except OSError as error:
        if error.errno not in (38, 1):  # ENOSYS, EPERM: no keyrings here, or refused by an outer container
            raise


def empty_bounding_set() -> None:
    """Give up, for this process and all that it starts, every capability that a program could bring."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno == 22:  # EINVAL: past the last capability of this kernel
                break
            if error.errno != 1:  # EPERM: no right to shrink the set, hence no capability to lose
                raise


def drop_capabilities(keep: int = 0) -> None:
    """Empty every capability set of this process but for the bits in `keep`; `empty_bounding_set` was called before."""
    prctl(PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    low, high = keep & 0xFFFFFFFF, keep >> 32
    syscall("capset", header, struct.pack("=6I", low, low, 0, high, high, 0))


def shared_mappings(folder: str) -> list[str]:
    """Files below a folder that this process has open as writable shared memory, relative to it; none if the kernel does not say."""
    prefix = folder.rstrip("/") + "/"
    try:
        if _may(folder, os.R_OK) and not _names(folder):  # the common case, and a walk over all mappings is slow
            return []
        with open("/proc/self/maps", "rb") as maps:
            names = _query_mappings(maps.fileno())
            if names is None:  # before Linux 6.11
                names = {line.split(maxsplit=5)[5].strip() for line in maps if line.split(maxsplit=2)[1] == b"rw-s" and b" /" in line}
    except OSError:
        return []
    return [os.fsdecode(name)[len(prefix) :] for name in names if os.fsdecode(name).startswith(prefix)]


def _query_mappings(maps: int) -> set[bytes] | None:
    """Names of all writable shared file mappings, asked one by one (PROCMAP_QUERY); None if the kernel has no such question."""
    names, address = set(), 0
    buffer = ctypes.create_string_buffer(4096)
    while True:
        query = bytearray(
            _PROCMAP.pack(_PROCMAP.size, _SHARED_FILE_MAPPING, address, *(0,) * 8, len(buffer), 0, ctypes.addressof(buffer), 0)
        )
        try:
            fcntl.ioctl(maps, _PROCMAP_QUERY, query)
        except OSError as error:
            return names if error.errno == 2 else None  # ENOENT: no more
        address = _PROCMAP.unpack(query)[4]
        names.add(buffer.value)


def run_sharing_memory(work: Callable[[], int]) -> None:
    """Run `work` in a child process that shares this one's memory, which waits until that child has ended; `work` returns its exit code.

    Args:
        work: runs on a stack of its own, of `STACK` bytes. A process that it forks starts with a copy of it and must not return.

    Raises:
        OSError: no process could be made.
    """
    function = _WORK(lambda _: work())
    flags = _CLONE_VM | _CLONE_VFORK | _SIGCHLD
    checked(_holding.clone(function, ctypes.c_void_p(second_stack()), ctypes.c_int(flags), None), "clone")


@functools.cache
def second_stack() -> int:
    """Address of the upper end of a stack, made at the first call, which stays; below it lies a page that nobody may touch."""
    memory = mmap.mmap(-1, STACK, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_STACK)
    first = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    checked(_libc.mprotect(ctypes.c_void_p(first), ctypes.c_size_t(mmap.PAGESIZE), 0), "mprotect")
    _stacks.append(memory)
    return first + STACK


def plain_fork() -> int:
    """fork(2) without Python's hooks, each of which would copy memory: 0 in the copy, its pid here. For processes with one thread only.

    Raises:
        OSError: no process could be made.
    """
    return checked(_holding.fork(), "fork")


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    """Send a signal; nothing if there is no such process any more."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def tasks_of_this_user() -> int:
    """How many processes and threads its user has, at most a quarter too many. The kernel tells nobody, but refuses forks beyond a limit.

    It lowers the soft limit on them. For processes with one thread only.

    Raises:
        OSError: no process could be made, whatever the limit.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = _MOST_TASKS if hard == resource.RLIM_INFINITY else hard
    bound = _FEWEST_TASKS
    while bound < most:
        resource.setrlimit(resource.RLIMIT_NPROC, (bound, hard))
        try:
            pid = plain_fork()
        except BlockingIOError:
            bound += bound // 4
            continue
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        return bound
    if hard == resource.RLIM_INFINITY:
        raise BlockingIOError(11, "no process can be made, however many its user may have")
    return hard


def clone_beside() -> int:
    """Copy this process as a child of its own parent: 0 in the copy, its pid here. For processes with one thread only.

    Unlike os.fork it runs no hooks, so that the copy is the same to the last random number, and leaves this process no child to wait for.

    Raises:
        OSError: no process could be made.
    """
    address = ctypes.c_void_p()
    flags = _CLONE_PARENT | _SIGCHLD
    if _libc.prctl(ctypes.c_int(_PR_GET_TID_ADDRESS), ctypes.byref(address)) == 0 and address.value:
        flags |= _CLONE_CHILD_SETTID | _CLONE_CHILD_CLEARTID  # where the C library keeps the thread's number
    tid = ctypes.c_void_p(address.value)
    none = ctypes.c_long(0)
    last = (none, none, tid, none) if MACHINE != "aarch64" else (none, none, none, tid)
    return checked(_holding.syscall(ctypes.c_long(NUMBERS["clone"]), ctypes.c_long(flags), *last), "clone")

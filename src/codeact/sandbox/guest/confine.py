"""What the process that will run guest code gives up, and what zygote, warden and guest are told by the host.

Invariant: each step raises if it cannot be done; no step is left out silently. `sandbox.isolation` (the host's end) says what each tier
promises and holds the threat model. It does not: decide the tier, or mount anything (`roots` does).
"""

import errno
import os
import resource
from contextlib import suppress
from dataclasses import dataclass, field

from . import landlock, linux, seccomp

WORKSPACES = "/.workspaces"
WORKSPACE, TEMPORARY = "/workspace", "/tmp"
BRANCHES = "/.branches"
MOST_BRANCHES = 14
"""At a time, of a session with its twins' twins. Each adds a layer of Landlock to those of what it is a copy of; the kernel has 16."""
CHECKPOINTS = 16
"""So many processes more may be checkpoints."""
_ROOM = 128
"""So many processes and threads more may come after a session's start where the kernel counts all of its user's with its own."""
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_MARGIN = 32
"""That part of the memory is the warden's margin: code that takes too much is to get a MemoryError, and not to be killed."""
ETC = (
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "timezone", "mime.types", "nsswitch.conf", "protocols",
    "services", "fonts", "magic", "ssl/certs", "ssl/openssl.cnf", "ca-certificates.conf", "debian_version", "os-release", "python3",
)  # fmt: skip
DEVICES = ("null", "zero", "full", "random", "urandom")

_STRICT_RULES = {
    "/": landlock.RUN,
    "/dev": landlock.DEVICE,
    **dict.fromkeys(("/dev/shm", "/var/tmp", TEMPORARY, WORKSPACE), landlock.FULL),
    BRANCHES: landlock.FULL,  # for the workspaces of twins, and theirs, to come: all else below it is read-only
}
# no links, which a rule would follow, and neither "net" nor "task", which tell of the host's network
_OWN_PROC = ("cmdline", "comm", "environ", "fd", "limits", "maps", "mounts", "smaps", "smaps_rollup", "stat", "statm", "status")
_OPEN_PROC = (
    *(f"self/{name}" for name in _OWN_PROC),
    "cpuinfo",
    "meminfo",
    "stat",
    "loadavg",
    "uptime",
    "version",
    "filesystems",
    "sys/kernel/osrelease",
)


@dataclass(frozen=True)
class Plan:
    """What a zygote is asked to be; made by the host, sent as JSON.

    Args:
        tier: ``strict``, ``landlock`` or ``process``.
        preload: modules to import before the first fork.
        read_only: host directories that hold the interpreter and its libraries.
        folders: further ones to show. They may hold Unix sockets of the host's: none that has a name can be spoken to then.
        workspaces: host directory in which every session's workspace lies.
        cache: host directory that the zygote alone may write (font caches).
        first_id: in tier strict, lowest host uid and gid of the range mapped into the sandbox, None to map only the caller's own.
        system_v: in tier strict, sessions may use System V IPC: its bounds can be set here. The spawner finds out.
        own_network: each session gets its own network namespace (else one empty one is shared; Landlock keeps abstract sockets apart).
        environment: the guest's environment variables.
        import_path: entries of sys.path to add for the guest package.
        uncompiled: descriptor of a file that takes the paths of modules that have no bytecode, None if nobody asks.
    """

    tier: str
    preload: list[str]
    read_only: list[str]
    workspaces: str
    cache: str
    first_id: int | None
    own_network: bool
    system_v: bool = False
    folders: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    import_path: list[str] = field(default_factory=list)
    uncompiled: int | None = None


@dataclass(frozen=True)
class Bounds:
    """Limits of one session that the kernel can keep; None: no bound. Bytes and counts."""

    memory: int | None
    processes: int | None
    file: int | None
    disk: int | None
    temporary: int


class Locks:
    """What the process that will run guest code gives up; made in the zygote, where what all sessions need is got ready.

    Args:
        plan: the zygote's.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._confined = plan.tier != "process"
        self._strict = plan.tier == "strict"
        if self._confined:
            require_landlock(plan)
            strict = self._strict
            program = seccomp.program(system_v=strict and plan.system_v, bare=not strict, connects=strict and not plan.folders)
            self._filter = seccomp.Filter(program)
            linux.empty_bounding_set()
        self._data = 0

    def measure(self) -> None:
        """What this process holds now is none of the session's: to be called in the zygote when it has all that it will have."""
        self._data = memory_of("self", "VmData")

    def close(self, workspace: str, temporary: str, ids: list[int] | None, bounds: dict[str, int | None]) -> None:
        """Give up, in the process that will run guest code, all that it does not need; there is no way back.

        Args:
            workspace: its path as this process sees it.
            temporary: its directory for temporary files.
            ids: uid and gid to become, None to stay.
            bounds: as `Bounds`.

        Raises:
            OSError: a layer was refused.
        """
        if ids is not None:
            linux.prctl(linux.PR_SET_KEEPCAPS, 1)
            os.setgroups([])
            os.setresgid(ids[1], ids[1], ids[1])
            os.setresuid(ids[0], ids[0], ids[0])
        elif self._strict:  # the kernel counts processes by user and user namespace: each session's are counted apart
            linux.enter_user_namespace()
            linux.empty_bounding_set()
        linux.prctl(linux.PR_SET_DUMPABLE, 1)
        linux.write("/proc/self/oom_score_adj", b"1000")
        self._set_rlimits(bounds, apart=ids is not None or self._strict)
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        if self._confined:
            linux.drop_capabilities(keep=1 << linux.CAP_SYS_CHROOT if self._strict else 0)
            landlock.restrict(_rules(self._plan, workspace, temporary))
            self._filter.install()

    def rehearse(self) -> None:
        """Do what `close` does as far as it has no effect."""
        if self._confined:
            os.close(landlock.make(_rules(self._plan, WORKSPACE, TEMPORARY)))

    def _set_rlimits(self, bounds: dict[str, int | None], *, apart: bool) -> None:
        """`apart`: the kernel counts nobody else's processes with the session's."""
        memory, processes = bounds["memory"], bounds["processes"]
        shared = 0 if apart or processes is None else linux.tasks_of_this_user() + _ROOM
        wanted = [
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_DATA, None if memory is None else memory - memory // _MARGIN + self._data),
            (resource.RLIMIT_NPROC, None if processes is None else processes + CHECKPOINTS + shared),
            (resource.RLIMIT_FSIZE, bounds["file"]),
            (resource.RLIMIT_NOFILE, 1024),
            (resource.RLIMIT_MEMLOCK, 8 << 20),
            (resource.RLIMIT_MSGQUEUE, 1 << 20),
            (resource.RLIMIT_SIGPENDING, 1024),
            (resource.RLIMIT_STACK, 8 << 20),
        ]
        for kind, value in wanted:
            if value is not None:
                _, hard = resource.getrlimit(kind)
                bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.setrlimit(kind, (bound, bound))


def require_landlock(plan: Plan) -> None:
    """Refuse a kernel whose Landlock is too old for a tier. Without a root of its own nothing else keeps a guest from emptying files.

    Raises:
        OSError: it is.
    """
    landlock.require(1 if plan.tier == "strict" else landlock.KNOWS_TRUNCATE)


def change_root(root: int) -> None:
    """In a twin, still as trusted as what it is a copy of: go over into another root, and close the way to the first.

    The working directory is the one of that name there, if there is one.

    Args:
        root: from `Roots.make`; closed.

    Raises:
        OSError: the kernel refuses.
    """
    here = WORKSPACE
    with suppress(OSError):  # it was removed
        here = os.getcwd()
    os.fchdir(root)
    os.chroot(".")
    os.close(root)
    try:
        os.chdir(here)
    except OSError:
        os.chdir(WORKSPACE)
    try:
        landlock.restrict(_STRICT_RULES)
        if landlock.version() < landlock.KNOWS_TRUNCATE:  # what was open before leads to files outside of that root
            seccomp.Filter(seccomp.keeping_contents()).install()
    except OSError as error:
        if error.errno != errno.E2BIG:
            raise
        raise OSError(
            error.errno, "it is a twin of a twin too many times over: each adds a layer of Landlock, and the kernel has 16"
        ) from None


def memory_of(process: int | str, field: str) -> int:
    """Bytes of a memory field of a process's status; `process` is a pid or ``self``."""
    with open(f"/proc/{process}/status") as file:
        return next((int(line.split()[1]) << 10 for line in file if line.startswith(field + ":")), 0)


def _rules(plan: Plan, workspace: str, temporary: str) -> dict[str, int]:
    if plan.tier == "strict":
        return _STRICT_RULES
    places = dict.fromkeys([*SYSTEM, *plan.read_only, *plan.folders], landlock.RUN)
    places |= dict.fromkeys([f"/etc/{name}" for name in ETC], landlock.READ)
    places |= {f"/dev/{name}": landlock.DEVICE for name in DEVICES}
    places |= {f"/proc/{name}": landlock.READ for name in _OPEN_PROC}
    places |= {"/sys/devices/system/cpu": landlock.READ, "/etc/passwd": landlock.READ, "/etc/group": landlock.READ}
    return places | {workspace: landlock.FULL, temporary: landlock.FULL}

"""The confinement of the guest, from the zygote's private root down to the last right given up before guest code runs.

Invariant: each step raises if it cannot be done; no step is left out silently. `sandbox.isolation` (the host's end) says what each tier
promises and holds the threat model. It does not: decide the tier.

The order matters: the zygote builds one root for all its sessions (`build_root`), each session gets its own view of it (`enter`), and
the process that will run guest code gives up everything else (`lock_down`).
"""

import os
import resource
import socket
import struct
from dataclasses import dataclass, field

from . import landlock, linux, seccomp

WORKSPACES = "/.workspaces"
WORKSPACE, TEMPORARY = "/workspace", "/tmp"
CHECKPOINTS = 16
"""So many processes more may be checkpoints."""
_OLD_ROOT = "/.host"
_CACHE = "/var/cache/codeact"
_JOINED = {"ipc": linux.CLONE_NEWIPC, "net": linux.CLONE_NEWNET, "mnt": linux.CLONE_NEWNS}
_FOLDERS = struct.Struct(f"{len(_JOINED)}i")
_FOLDERS_ROOM = socket.CMSG_SPACE(_FOLDERS.size)

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = (
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "timezone", "mime.types", "nsswitch.conf", "protocols",
    "services", "fonts", "magic", "ssl/certs", "ssl/openssl.cnf", "ca-certificates.conf", "debian_version", "os-release", "python3",
)  # fmt: skip
_COVERED = ("/tmp/", "/var/tmp/", "/dev/shm/")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_HIDDEN_PROC = ("keys", "key-users", "kcore", "sysrq-trigger", "timer_list", "sched_debug", "kmsg", "kallsyms", "kpagecount", "kpageflags")
_FROZEN_PROC = ("sys", "irq", "bus", "fs", "driver", "acpi", "scsi", "tty")
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
        workspaces: host directory in which every session's workspace lies.
        cache: host directory that the zygote alone may write (font caches).
        first_id: in tier strict, lowest host uid and gid of the range mapped into the sandbox, None to map only the caller's own.
        own_network: each session gets its own network namespace (else one empty one is shared; Landlock keeps abstract sockets apart).
        environment: the guest's environment variables.
        import_path: entries of sys.path to add for the guest package.
    """

    tier: str
    preload: list[str]
    read_only: list[str]
    workspaces: str
    cache: str
    first_id: int | None
    own_network: bool
    environment: dict[str, str] = field(default_factory=dict)
    import_path: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Bounds:
    """Limits of one session that the kernel can keep; None: no bound. Bytes and counts."""

    memory: int | None
    processes: int | None
    file: int | None
    disk: int | None
    temporary: int


def build_root(plan: Plan, mapped: "socket.socket") -> None:
    """Give the zygote its user, mount, UTS, IPC, network and pid namespaces and a root of its own (tier ``strict``).

    Args:
        plan: the host's plan.
        mapped: where to ask the host to write the id maps of this process; it answers with one byte.

    Raises:
        OSError: a step was refused; the message names it.
    """
    everything = linux.CLONE_NEWNS | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS | linux.CLONE_NEWNET | linux.CLONE_NEWPID
    linux.unshare(linux.CLONE_NEWUSER | everything | linux.CLONE_NEWCGROUP)
    sources = _sources([*_SYSTEM, *plan.read_only, *(f"/etc/{name}" for name in _ETC)])
    devices = {name: os.open(f"/dev/{name}", os.O_PATH | os.O_CLOEXEC) for name in _DEVICES}
    workspaces = os.open(plan.workspaces, os.O_PATH | os.O_CLOEXEC)
    cache = os.open(plan.cache, os.O_PATH | os.O_CLOEXEC)
    mapped.send(b'{"map": true}')
    if not mapped.recv(1):
        raise OSError(1, "the host went away while mapping ids")
    if plan.first_id is not None:
        os.setgroups([])
        os.setresgid(0, 0, 0)
        os.setresuid(0, 0, 0)
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    root = "/tmp"  # any directory that exists everywhere: what it held stays reachable by the descriptors above
    linux.mount("root", root, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=4m,mode=755")
    for source in sources:
        source.show(root)
    _make_etc(root)
    _make_dev(root, devices)
    for name in ("proc", "tmp", "workspace", "run", "var/tmp", _OLD_ROOT[1:], WORKSPACES[1:]):
        os.makedirs(f"{root}/{name}", exist_ok=True)
    _attach(workspaces, root + WORKSPACES)
    _attach(cache, _made(root + _CACHE))
    linux.read_only(root + WORKSPACES, writable=True)
    linux.read_only(root + _CACHE, writable=True)
    linux.pivot_root(root, root + _OLD_ROOT)
    os.chdir("/")
    linux.set_hostname("sandbox")


def finish_root() -> None:
    """Once the zygote is the first process of its pid namespace: a fresh /proc, and the host's root is gone for good."""
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    linux.umount(_OLD_ROOT)
    os.rmdir(_OLD_ROOT)


def freeze_root() -> None:
    """After the imports: the root itself is read-only from here on."""
    linux.umount(_CACHE)
    linux.mount("none", "/", flags=linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV)


def lend_cache() -> None:
    """A zygote that comes after the root was frozen gets an empty folder of its own in the place of the cache."""
    if not os.path.ismount(_CACHE):
        linux.unshare(linux.CLONE_NEWNS)
        linux.mount("cache", _CACHE, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=64m,mode=700")


def enter(plan: Plan, name: str, bounds: Bounds, ids: tuple[int, int] | None) -> None:
    """Give a session (its warden, first process of a new pid namespace) its own mounts, IPC, /proc, /tmp and workspace (tier ``strict``).

    Args:
        name: the workspace's folder name.
        bounds: sizes of file systems.
        ids: of the guest, for the user database.
    """
    linux.unshare(linux.CLONE_NEWNS | linux.CLONE_NEWIPC | (linux.CLONE_NEWNET if plan.own_network else 0))
    plain = linux.MS_NOSUID | linux.MS_NODEV
    covered = _sources([path for path in plan.read_only if path.startswith(_COVERED)])
    linux.mount("proc", "/proc", "proc", plain | linux.MS_NOEXEC)
    _bound_pids(bounds.processes)
    if plan.first_id is not None:
        _bound_system_v(bounds.memory)
    for entry in _FROZEN_PROC:
        if os.path.isdir(f"/proc/{entry}"):
            linux.mount(f"/proc/{entry}", f"/proc/{entry}", flags=linux.MS_BIND)
            linux.mount("none", f"/proc/{entry}", flags=linux.MS_BIND | linux.MS_REMOUNT | linux.MS_RDONLY | plain | linux.MS_NOEXEC)
    for entry in _HIDDEN_PROC:
        if os.path.exists(f"/proc/{entry}"):
            linux.mount("/dev/null", f"/proc/{entry}", flags=linux.MS_BIND)
    size = f"size={bounds.temporary},nr_inodes=65536,mode=1777"
    linux.mount("tmp", "/tmp", "tmpfs", plain, size)
    linux.mount("tmp", "/var/tmp", "tmpfs", plain, size)
    linux.mount("shm", "/dev/shm", "tmpfs", plain, size)
    if ids is not None:
        _name_user(*ids)
    for source in covered:  # an interpreter that lies below /tmp shows through
        source.show("")
    linux.mount(f"{WORKSPACES}/{name}", WORKSPACE, flags=linux.MS_BIND)
    linux.mount("none", WORKSPACE, flags=linux.MS_REMOUNT | linux.MS_BIND | plain)
    linux.umount(WORKSPACES)


def let_in(meeting: socket.socket) -> int:
    """In the warden, once it has entered: hand its namespaces to the guest, which is its child by now; returns the guest's pid.

    Raises:
        OSError: no guest came.
    """
    folders = [os.open(f"/proc/self/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in _JOINED]
    socket.send_fds(meeting, [b"in"], folders)
    for folder in folders:
        os.close(folder)
    pid = meeting.recv(32)
    if not pid:
        raise OSError(3, "the zygote could not start the interpreter")
    return int(pid)


def join(meeting: socket.socket) -> None:
    """In the guest: wait for the warden, and move into its mount, IPC and network namespaces.

    Raises:
        OSError: the warden is gone, or the kernel refuses.
    """
    meeting.send(b"%d" % os.getpid())
    message, ancillary, _, _ = meeting.recvmsg(32, _FOLDERS_ROOM)
    if not message:
        raise OSError(3, "the warden is gone")
    for folder, kind in zip(_FOLDERS.unpack(ancillary[0][2]), _JOINED.values(), strict=True):
        linux.setns(folder, kind)
        os.close(folder)
    meeting.close()


def _name_user(uid: int, gid: int) -> None:
    """Let the user database know the session's own user."""
    for name, line in (("passwd", f"agent:x:{uid}:{gid}:agent:{WORKSPACE}:/bin/sh\n"), ("group", f"agent:x:{gid}:\n")):
        with open(f"/tmp/{name}", "w") as file:
            file.write(f"root:x:0:0:root:/:/usr/sbin/nologin\n{line}" if name == "passwd" else f"root:x:0:\n{line}")
        linux.mount(f"/tmp/{name}", f"/etc/{name}", flags=linux.MS_BIND)
        linux.read_only(f"/etc/{name}")
        os.unlink(f"/tmp/{name}")


class Locks:
    """What the process that will run guest code gives up; made in the zygote, where what all sessions need is got ready.

    Args:
        plan: the zygote's.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._confined = plan.tier != "process"
        strict = plan.tier == "strict"
        if self._confined:
            self._filter = seccomp.Filter(system_v=strict and plan.first_id is not None, bare=not strict)
            linux.empty_bounding_set()
        self._data = memory_of("self", "VmData") + linux.STACK

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
            os.setgroups([])
            os.setresgid(ids[1], ids[1], ids[1])
            os.setresuid(ids[0], ids[0], ids[0])
        linux.prctl(linux.PR_SET_DUMPABLE, 1)
        _write("/proc/self/oom_score_adj", b"1000")
        self._set_rlimits(bounds)
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        if self._confined:
            linux.drop_capabilities()
            landlock.restrict(_rules(self._plan, workspace, temporary))
            self._filter.install()

    def rehearse(self) -> None:
        """Do what `close` does as far as it has no effect."""
        if self._confined:
            os.close(landlock.make(_rules(self._plan, WORKSPACE, TEMPORARY)))

    def _set_rlimits(self, bounds: dict[str, int | None]) -> None:
        memory, processes = bounds["memory"], bounds["processes"]
        wanted = [
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_DATA, None if memory is None else memory + self._data),
            (resource.RLIMIT_NPROC, None if processes is None else processes + CHECKPOINTS),
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


def _write(path: str, text: bytes) -> None:
    """Into a file of /proc that exists, at once."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text)
    finally:
        os.close(descriptor)


def memory_of(process: int | str, field: str) -> int:
    """Bytes of a memory field of a process's status; `process` is a pid or ``self``."""
    with open(f"/proc/{process}/status") as file:
        return next((int(line.split()[1]) << 10 for line in file if line.startswith(field + ":")), 0)


def _rules(plan: Plan, workspace: str, temporary: str) -> dict[str, int]:
    if plan.tier == "strict":
        places = {"/": landlock.RUN, "/dev": landlock.DEVICE, "/dev/shm": landlock.FULL, "/var/tmp": landlock.FULL}
    else:
        places = dict.fromkeys([*_SYSTEM, *plan.read_only], landlock.RUN)
        places |= dict.fromkeys([f"/etc/{name}" for name in _ETC], landlock.READ)
        places |= {f"/dev/{name}": landlock.DEVICE for name in _DEVICES}
        places |= {f"/proc/{name}": landlock.READ for name in _OPEN_PROC}
        places |= {"/sys/devices/system/cpu": landlock.READ, "/etc/passwd": landlock.READ, "/etc/group": landlock.READ}
    return places | {workspace: landlock.FULL, temporary: landlock.FULL}


def _bound_pids(processes: int | None) -> None:
    """Since Linux 6.14 the highest pid is a pid namespace's own: a bound on a fork bomb that nothing inside can lift."""
    if processes is None:
        return
    try:
        with open("/proc/sys/kernel/pid_max", "w") as file:
            file.write(str(max(400, 2 * processes)))
    except OSError:
        return  # an older kernel: rlimits and the warden count


def _bound_system_v(memory: int | None) -> None:
    """Segments and messages stay when no process holds them, so that nobody else counts them: a sixteenth of the memory for them.

    Without root's ids this setting is out of reach, and the system-call filter refuses System V altogether.
    """
    if memory is None:
        return
    page = resource.getpagesize()
    for name, value in {"shmall": max(1, memory // 16 // page), "msgmni": 16}.items():
        with open(f"/proc/sys/kernel/{name}", "w") as file:
            file.write(str(value))


@dataclass(frozen=True)
class _Source:
    """Something of the host's to show at the same place below a new root: a descriptor opened before the root changed."""

    path: str
    link: str | None
    folder: bool
    descriptor: int

    def show(self, root: str) -> None:
        """Make the mount point and mount, read-only; a link is made again as a link."""
        target = root + self.path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if self.link is not None:
            os.close(self.descriptor)
            os.symlink(self.link, target)
            return
        if self.folder:
            os.makedirs(target, exist_ok=True)
        else:
            with open(target, "w"):
                pass
        _attach(self.descriptor, target)
        linux.read_only(target)


def _sources(paths: list[str]) -> list[_Source]:
    """Those of the paths that exist, none that lies below another."""
    names = sorted({path.rstrip("/") for path in paths if os.path.lexists(path)})
    folders = {path for path in names if os.path.isdir(path) and not os.path.islink(path)}
    found = []
    for path in names:
        if not any(path.startswith(folder + "/") for folder in folders):
            link = os.readlink(path) if os.path.islink(path) else None
            found.append(_Source(path, link, path in folders, os.open(path, os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW)))
    return found


def _attach(descriptor: int, target: str) -> None:
    linux.mount(f"/proc/self/fd/{descriptor}", target, flags=linux.MS_BIND | linux.MS_REC)
    os.close(descriptor)


def _made(path: str) -> str:
    os.makedirs(path, exist_ok=True)
    return path


def _make_etc(root: str) -> None:
    os.makedirs(f"{root}/etc", exist_ok=True)
    files = {
        "passwd": "root:x:0:0:root:/:/usr/sbin/nologin\nagent:x:1000:1000:agent:/workspace:/bin/sh\n",
        "group": "root:x:0:\nagent:x:1000:\n",
        "hosts": "127.0.0.1 localhost sandbox\n",
        "hostname": "sandbox\n",
    }
    for name, text in files.items():
        with open(f"{root}/etc/{name}", "w") as file:
            file.write(text)


def _make_dev(root: str, devices: dict[str, int]) -> None:
    dev = _made(f"{root}/dev")
    for name, descriptor in devices.items():
        with open(f"{dev}/{name}", "w"):
            pass
        _attach(descriptor, f"{dev}/{name}")
    for name, target in {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "ptmx": "pts/ptmx"}.items():
        os.symlink(target, f"{dev}/{name}")
    os.makedirs(f"{dev}/shm")
    linux.mount("devpts", _made(f"{dev}/pts"), "devpts", linux.MS_NOSUID | linux.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")

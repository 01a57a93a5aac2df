"""The roots that sessions see, in tier strict: one for all that the zygote's sessions share, a view of it for each, one more for each twin.

Invariant: each step raises if it cannot be done. The order matters: the zygote's root is built (`build_root`, `finish_root`), filled with
caches by the first imports, frozen (`freeze_root`); each session gets its own view of it (`enter`), into which its guest
comes (`let_in`, `join`). It does not: take rights away from the guest (`confine` does).
"""

import os
import resource
import socket
import struct
import time
from dataclasses import dataclass

from . import linux, usage
from .confine import BRANCHES, DEVICES, ETC, MOST_BRANCHES, SYSTEM, WORKSPACE, WORKSPACES, Bounds, Plan

_OLD_ROOT = "/.host"
_ADOPTION_SECONDS, _LOOK_SECONDS = 20.0, 0.0002
_CACHE = "/var/cache/codeact"
_JOINED = {"ipc": linux.CLONE_NEWIPC, "net": linux.CLONE_NEWNET, "mnt": linux.CLONE_NEWNS}
_FOLDERS = struct.Struct(f"{len(_JOINED)}i")
_FOLDERS_ROOM = socket.CMSG_SPACE(_FOLDERS.size)
MADE, FAILED = b"made", b"failed: "
_COVERED = ("/tmp/", "/var/tmp/", "/dev/shm/")
_HIDDEN_PROC = ("keys", "key-users", "kcore", "sysrq-trigger", "timer_list", "sched_debug", "kmsg", "kallsyms", "kpagecount", "kpageflags")
_SEMAPHORES = "250 32000 100 128"  # in a set, in all, calls at once, sets: 2 MB, which Linux had as its own bounds until 3.19
_FROZEN_PROC = ("sys", "irq", "bus", "fs", "driver", "acpi", "scsi", "tty")


class UnshownError(OSError):
    """A folder that is to be shown cannot be."""


def build_root(plan: Plan, mapped: "socket.socket") -> None:
    """Give the zygote its user, mount, UTS, IPC, network and pid namespaces and a root of its own (tier ``strict``).

    Args:
        plan: the host's plan.
        mapped: where to ask the host to write the id maps of this process; it answers with one byte.

    Raises:
        UnshownError: a folder cannot be shown.
        OSError: a step was refused; the message names it.
    """
    everything = linux.CLONE_NEWNS | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS | linux.CLONE_NEWNET | linux.CLONE_NEWPID
    linux.unshare(linux.CLONE_NEWUSER | everything | linux.CLONE_NEWCGROUP)
    sources = _sources([*SYSTEM, *plan.read_only, *plan.folders, *(f"/etc/{name}" for name in ETC)])
    if closed := [folder for folder in plan.folders if not os.path.isdir(folder)]:  # as a user may see it that is root nowhere else
        raise UnshownError(13, f"{closed[0]!r} lies below a folder that code cannot enter")
    devices = {name: os.open(f"/dev/{name}", os.O_PATH | os.O_CLOEXEC) for name in DEVICES}
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
        try:
            source.show(root)
        except OSError as error:
            if source.path in plan.folders:
                raise UnshownError(error.errno, f"{source.path!r}: {error}") from None
            raise
    _make_etc(root)
    _make_dev(root, devices)
    for name in ("proc", "tmp", "workspace", "run", "var/tmp", _OLD_ROOT[1:], WORKSPACES[1:]):
        os.makedirs(f"{root}/{name}", exist_ok=True)
    for number in range(1, MOST_BRANCHES + 1):
        os.makedirs(f"{root}{BRANCHES}/{number}")
    os.chmod(root + BRANCHES, 0)
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


def enter(plan: Plan, name: str, bounds: Bounds, ids: tuple[int, int] | None) -> "Roots":
    """Give a session (its warden, first process of a new pid namespace) its own mounts, IPC, /proc, /tmp and workspace (tier ``strict``).

    Args:
        name: the workspace's folder name.
        bounds: sizes of file systems.
        ids: of the guest, for the user database.

    Returns:
        where further roots come from.
    """
    outside = os.open("/proc/self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
    linux.unshare(linux.CLONE_NEWNS | linux.CLONE_NEWIPC | (linux.CLONE_NEWNET if plan.own_network else 0))
    plain = linux.MS_NOSUID | linux.MS_NODEV
    covered = _sources([path for path in (*plan.read_only, *plan.folders) if path.startswith(_COVERED)])
    linux.mount("proc", "/proc", "proc", plain | linux.MS_NOEXEC)
    _bound_pids(bounds.processes)
    if plan.system_v and bounds.memory is not None:
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
    return Roots(outside)


class Roots:
    """Roots for the twins of a session: the same files but for the workspace. In the warden.

    A twin is a process copied from the guest, without the right to mount anything; it can leave its root for another, which must be
    there. Nobody but the warden can enter the folder that they lie in, so that there is no way from one to another.

    Args:
        outside: descriptor of the zygote's mount namespace, which knows the workspaces of all sessions.
    """

    def __init__(self, outside: int) -> None:
        self._outside = outside
        self._inside = os.open("/proc/self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        self._free = [str(number) for number in range(MOST_BRANCHES, 0, -1)]
        self.descriptors = (self._outside, self._inside)

    def make(self, workspace: str) -> tuple[str, int]:
        """Make one.

        Args:
            workspace: name of the folder that is the workspace there.

        Returns:
            its name, and a descriptor of it.

        Raises:
            OSError: there is no such folder, or there are as many roots as there can be.
        """
        if not self._free:
            raise OSError(28, f"a session can have {MOST_BRANCHES} twins at a time, with theirs: close one")
        linux.setns(self._outside, linux.CLONE_NEWNS)
        try:
            folder = linux.open_tree(f"{WORKSPACES}/{workspace}")
        finally:
            linux.setns(self._inside, linux.CLONE_NEWNS)
        name = self._free.pop()
        root = f"{BRANCHES}/{name}"
        try:
            linux.mount("/", root, flags=linux.MS_BIND | linux.MS_REC)
            linux.mount("none", root, flags=linux.MS_UNBINDABLE)  # the next root does not hold this one
            linux.umount(root + WORKSPACE)
            linux.move_mount(folder, root + WORKSPACE)
            linux.read_only(root + WORKSPACE, writable=True)
            linux.read_only(root + "/proc")  # as all here but what Landlock lets everybody write to
            return name, os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            self.remove(name)
            raise
        finally:
            os.close(folder)

    def remove(self, name: str) -> None:
        """Remove one in which nobody lives any more; another may come in its place."""
        root = f"{BRANCHES}/{name}"
        if os.path.ismount(root):
            linux.umount(root)
        self._free.append(name)


def let_in(meeting: socket.socket) -> int:
    """In the warden, once it has entered: hand its namespaces to the guest, and wait for it; returns its pid.

    It waits for the zygote too. What made the guest for it is in the warden's pid namespace, and must not be ended with it.

    Raises:
        OSError: no guest came.
    """
    folders = [os.open(f"/proc/self/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in _JOINED]
    socket.send_fds(meeting, [b"in"], folders)
    for folder in folders:
        os.close(folder)
    pid, made = 0, False
    while not (pid and made):
        message = meeting.recv(256)
        if not message or message.startswith(FAILED):
            raise OSError(11, message.removeprefix(FAILED).decode() or "the zygote ended")
        if message == MADE:
            made = True
        else:
            pid = int(message)
    _await_adoption(pid)
    return pid


def _await_adoption(pid: int) -> None:
    """Wait until a process is our child: what made it has told that it is ready to end, and is still ending on a busy machine.

    Until then the copies of it that are to be checkpoints would be nobody's that we know.
    """
    deadline = time.monotonic() + _ADOPTION_SECONDS
    while usage.parent(pid) not in (0, os.getpid()):
        if time.monotonic() > deadline:
            raise OSError(11, "the guest was not handed over; the machine may be overloaded")
        time.sleep(_LOOK_SECONDS)


def turn_away(meeting: socket.socket) -> None:
    """In the warden that could not enter: wait until nobody comes any more."""
    meeting.shutdown(socket.SHUT_WR)
    while meeting.recv(256):
        pass


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


def _bound_pids(processes: int | None) -> None:
    """Since Linux 6.14 the highest pid is a pid namespace's own: a bound on a fork bomb that nothing inside can lift."""
    if processes is None:
        return
    try:
        with open("/proc/sys/kernel/pid_max", "w") as file:
            file.write(str(max(400, 2 * processes)))
    except OSError:
        return  # an older kernel: rlimits and the warden count


def can_bound_system_v() -> bool:
    """Whether the bounds of System V IPC can be set here: found out in the zygote's namespace, where no guest lives.

    They belong to the host's root before Linux 6.9 (where that change was not taken over), and to nobody who could set them where an
    ordinary user started us. Then the system-call filter refuses System V altogether.
    """
    try:
        _bound_system_v(1 << 30)
    except OSError:
        return False
    return True


def _bound_system_v(memory: int) -> None:
    """Segments, messages and semaphores stay when no process holds them, so that nobody else counts them: a sixteenth of the memory for
    segments, and few of the others.

    Raises:
        OSError: a bound cannot be set.
    """
    page = resource.getpagesize()
    for name, value in {"shmall": max(1, memory // 16 // page), "msgmni": 16, "sem": _SEMAPHORES}.items():
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
        folder = os.path.dirname(target)
        if os.path.realpath(folder) != os.path.realpath(root or "/").rstrip("/") + os.path.dirname(self.path).rstrip("/"):
            raise OSError(40, f"a link is on the way to {self.path!r}")  # it would lead into the host's root
        os.makedirs(folder, exist_ok=True)
        if self.link is not None:
            os.close(self.descriptor)
            os.symlink(self.link, target)
            return
        if self.folder:
            os.makedirs(target, exist_ok=True)
        else:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC))
        _attach(self.descriptor, target)
        linux.read_only(target)


def _sources(paths: list[str]) -> list[_Source]:
    """Those of the paths that exist, none that lies below another. What lies below a link among them is shown where the link leads."""
    found_names = {path.rstrip("/") for path in paths if os.path.lexists(path)}
    links = {path for path in found_names if os.path.islink(path)}
    names = sorted({os.path.realpath(path) if any(path.startswith(link + "/") for link in links) else path for path in found_names})
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

"""Isolation in tiers: what each promises, which one is in force, and what a zygote needs to give it.

Threat model. Guest code is hostile: it may do anything that a process can do. It must not: read or change anything of the host but the
interpreter's own files and its workspace, reach any network, see or touch other sessions or host processes, keep running after its
session, or use more than its limits.

    strict     user, mount, pid, network, IPC, UTS and cgroup namespaces; a root of its own (interpreter and libraries read-only, own
               workspace, size-limited /tmp, fresh /proc, five devices, no /sys); an unprivileged uid; no capability but the one to
               exchange its own root for a folder in it, which is how a twin comes to its own workspace; Landlock; a system-call filter;
               rlimits; a warden that bounds memory, processes and disk of the session as a whole.
    landlock   no namespaces (they are refused in many containers): Landlock, seccomp, rlimits, warden. Other processes of the machine can
               be seen by number, and so can the existence of files; their contents cannot be read. From Linux 6.2 on: before it, Landlock
               lets files be emptied.
    process    rlimits and warden only. No protection against hostile code; only on request.

Invariant: the asked-for tier is in force or the session does not start; ``auto`` is the strongest of strict and landlock, never less.

NOT covered, in any tier: flaws of the Linux kernel itself, side channels (timing, caches, speculative execution), the guest's use of
its full share of CPU until its time limit, and what a *tool on the host* does when the guest calls it.
It does not: confine anything itself; `guest.confine` does, inside.
"""

import contextlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codeact.errors import InputError, IsolationError

Tier = Literal["strict", "landlock", "process"]

RANGE = 65_536
_WISHED_FIRST_ID = 1_900_000_000  # far above what users, containers and subordinate ranges are given
GUEST_ID = 1_000

_PASSED_ON = ("TZ", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_ASK = """
import json, sys, sysconfig
paths = sysconfig.get_paths()
prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
print(json.dumps([sorted(prefixes), [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")]]))
"""
_PARTS = ("bin", "lib", "lib64", "include", "share", "pyvenv.cfg")  # of a prefix; the prefix itself may be somebody's home

_NEVER_BELOW = ("/proc", "/sys", "/dev", "/workspace")
_OWN = (*_NEVER_BELOW, "/etc/passwd", "/run", "/tmp", "/var/cache/codeact", "/var/tmp")

_MOST_FOLDERS = 100

SANDBOX = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Ids:
    """Whom the guest runs as.

    Args:
        first: lowest host id of the range that the sandbox may use; None: the caller's own ids, no other may be taken.
    """

    first: int | None

    def inside(self, tier: Tier, number: int) -> tuple[int, int] | None:
        """Uid and gid to become, as the zygote names them, for the session `number`."""
        if self.first is None:
            return None
        offset = GUEST_ID + number
        return (offset, offset) if tier == "strict" else (self.first + offset, self.first + offset)

    def outside(self, number: int) -> tuple[int, int] | None:
        """The same, as the host names them."""
        return None if self.first is None else (self.first + GUEST_ID + number, self.first + GUEST_ID + number)


def ids() -> Ids:
    """The ids that this process may give to guests: root has a range far from everybody's, others have their own only.

    Raises:
        IsolationError: root in a container that maps too few ids to spare one.
    """
    if os.geteuid() != 0:
        return Ids(None)
    ranges = [tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    for inside, _, count in ranges:
        if inside <= _WISHED_FIRST_ID <= inside + count - RANGE:
            return Ids(_WISHED_FIRST_ID)
    inside, _, count = max(ranges, key=lambda entry: entry[2])
    if count < 2 * RANGE and inside + count < RANGE:
        raise IsolationError(
            f"running as root where only {count} ids are mapped: guests need ids of their own", "Run as an ordinary user instead."
        )
    return Ids(inside + count - RANGE)


def write_maps(pid: int, given: Ids) -> None:
    """Map ids into the new user namespace of a zygote (0 and up to the range, or the caller's own to `GUEST_ID`).

    Raises:
        IsolationError: the kernel refuses.
    """
    proc = Path("/proc") / str(pid)
    if given.first is not None:
        uid = gid = f"0 {given.first} {RANGE}"
    else:
        uid, gid = f"{GUEST_ID} {os.geteuid()} 1", f"{GUEST_ID} {os.getegid()} 1"
    try:
        if given.first is None:
            (proc / "setgroups").write_text("deny")
        (proc / "uid_map").write_text(uid)
        (proc / "gid_map").write_text(gid)
    except OSError as error:
        raise IsolationError(f"the kernel refuses to map ids into a user namespace: {error.strerror}", mend("strict")) from error


def mend(tier: str) -> str:
    """How to get a tier, in a sentence or two."""
    if platform.system() != "Linux":
        return "Isolation needs Linux: run codeact in a Linux container or virtual machine, or ask for isolation='process' knowingly."
    if tier == "strict":
        return (
            "Tier strict needs user namespaces: on Ubuntu `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, on old Debian "
            "`sysctl kernel.unprivileged_userns_clone=1`, in Docker `--security-opt seccomp=unconfined --security-opt "
            "systempaths=unconfined`; or take isolation='landlock'."
        )
    return "Tier landlock needs Linux 6.2 or newer with 'landlock' among the security modules (`lsm=` on the kernel's command line)."


def library_paths(python: str) -> list[str]:
    """Directories (and files) that an interpreter and its libraries live in.

    Raises:
        IsolationError: it cannot be run.
    """
    try:
        answer = subprocess.run([python, "-I", "-c", _ASK], capture_output=True, text=True, timeout=30, check=True).stdout
        prefixes, paths = json.loads(answer)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise IsolationError(f"cannot run the interpreter {python!r}: {error}; give the path of a Python 3.11 or newer") from error
    wanted = [*paths, str(SANDBOX / "guest"), *(f"{prefix}/{part}" for prefix in prefixes for part in _PARTS)]
    return sorted({place for path in wanted if Path(path).exists() for place in (path, str(Path(path).resolve()))})


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the host to show: where it was named, where it is, and which one that is now: another in its place is another."""

    path: str
    real: str
    device: int
    inode: int


def folder_names(folders: Sequence[str | Path]) -> tuple[str, ...]:
    """The absolute paths at which folders are shown: as they were given, links included; only what goes up (``..``) is resolved.

    Raises:
        InputError: they are no paths, or too many.
    """
    if isinstance(folders, str) or not all(str(folder) for folder in folders):
        raise InputError(f"folders = {folders!r}: give a list of paths, none of them empty")
    if len(folders) > _MOST_FOLDERS:
        raise InputError(f"{len(folders)} folders to show are too many: at most {_MOST_FOLDERS}; show one that holds them")
    names = set[str]()
    for folder in folders:
        with _naming(str(folder)):
            place = Path(folder).expanduser()
            names.add(str(place.resolve() if ".." in place.parts else place.absolute()))
    return tuple(sorted(names))


def find_folders(names: Sequence[str]) -> tuple[Folder, ...]:
    """The folders at these paths, as they are now.

    Args:
        names: from `folder_names`.

    Raises:
        InputError: one is not there, is no folder, or is, holds or lies in something that the sandbox has of its own.
    """
    found = []
    for name in names:
        with _naming(name):
            place = Path(name)
            if not place.is_dir():
                raise InputError(f"cannot show {name!r}: {'it is no folder' if place.exists() else 'there is no such folder'}")
            real, status = place.resolve(strict=True), place.stat()
        for each in (place, real):
            if any(Path(own).is_relative_to(each) for own in _OWN) or any(each.is_relative_to(own) for own in _NEVER_BELOW):
                raise InputError(
                    f"cannot show {str(each)!r}: the sandbox has one of its own there; show a folder that holds no part of the system"
                )
        found.append(Folder(name, str(real), status.st_dev, status.st_ino))
    return tuple(found)


@contextlib.contextmanager
def _naming(folder: str) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:  # no right to look, a loop of links, no such user, a NUL
        raise InputError(f"cannot show {folder!r}: {error}") from error


def folder_paths(folders: Sequence[Folder], given: Ids, workspaces: str) -> list[str]:
    """The paths to show them at: as they were named, and, where that leads over links, as they are.

    Args:
        given: whom the guests run as.
        workspaces: the folder of the sessions' own.

    Raises:
        InputError: one cannot be entered by the guest, or holds the sessions' workspaces.
    """
    for folder in folders:
        if Path(workspaces).is_relative_to(folder.real):
            raise InputError(f"cannot show {folder.path!r}: it holds the folder for temporary files, where sessions have their own")
        if given.first is not None and not _open_to_others(Path(folder.real)):
            raise InputError(
                f"cannot show {folder.path!r}: only its owner can enter it, and code runs as another user where root started codeact; "
                "`chmod o+rx` it, or run as an ordinary user"
            )
    return sorted({path for folder in folders for path in (folder.path, folder.real)})


def reachable_by_others(paths: list[str]) -> str | None:
    """The first directory that an unprivileged id cannot enter, or file that it cannot read; None if all can be reached."""
    for path in paths:
        place = Path(path)
        for folder in [place, *place.parents]:
            if folder.exists() and not _open_to_others(folder):
                return str(folder)
    return None


def _open_to_others(place: Path) -> bool:
    needed = 0o005 if place.is_dir() else 0o004
    return place.stat().st_mode & needed == needed


def environment(python: str) -> dict[str, str]:
    """The guest's environment variables: nothing of the host's but time zone and numeric library settings."""
    programs = [str(Path(python).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    own = {
        "PATH": ":".join(programs),
        "LANG": "C.UTF-8",
        "USER": "agent",
        "LOGNAME": "agent",
        "TERM": "dumb",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return own | {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def default_python() -> str:
    """The interpreter that runs codeact itself."""
    return sys.executable

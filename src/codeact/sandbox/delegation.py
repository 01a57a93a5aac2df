"""Where this process may make cgroups of its own (cgroup v2), found by reading; and if nowhere, why, and how to mend it.

Invariant: a place is named only if the kernel and whoever manages the hierarchy (systemd, a container runtime, the administrator) let this
process arrange it: processes of others are never moved, and what systemd keeps for itself is left alone. It does not: change anything.

What each set-up gives:

    a plain login under systemd            nothing: its scope is systemd's own. A delegated one comes from
                                           `systemd-run --user --scope -p Delegate=yes COMMAND`.
    a delegated scope or service           that cgroup. No process may stay in a cgroup whose children have limits, so this process, and
                                           those that it was started by or has started, move to a child, `codeact-host`. Where any other
                                           process is there: nothing.
    a container with a writable hierarchy  as above; or, where all was moved to a child of the container's root already, that root.
    the top of the hierarchy, as root      that: only without systemd (small virtual machines, WSL). Nothing moves.
    controllers bound to cgroup v1         nothing.
    Linux before 5.16                      nothing: it lets nobody move in by a file that another user opened.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

CONTROLLERS = ("memory", "pids")
HOST_LEAF = "codeact-host"
"""The child that processes move to, in a cgroup that was empty of children."""

_UNIT = re.compile(r"\.(scope|service|slice)$")
_BY_SYSTEMD_RUN = re.compile(r"run-.*\.scope$")
_MEND = "Start it with `systemd-run --user --scope -p Delegate=yes COMMAND`, as root without `--user`."
_FIRST_KERNEL = (5, 16)
_MEND_V1 = "Boot with `systemd.unified_cgroup_hierarchy=1` (or `cgroup_no_v1=all`) on the kernel's command line."


@dataclass(frozen=True, slots=True)
class Place:
    """A cgroup below which this process may make others.

    Args:
        folder: of the cgroup.
        movers: processes in it, ours all of them, that must move to `HOST_LEAF` before its children can have limits.
    """

    folder: Path
    movers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Nowhere:
    """There is no such cgroup.

    Args:
        reason: what was found.
        mend: what to do.
    """

    reason: str
    mend: str = _MEND


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A mounted cgroup v2 hierarchy, and where this process is in it.

    Args:
        mount: where it is mounted.
        own: the cgroup of this process, a folder at or below `mount`.
    """

    mount: Path
    own: Path


def find(proc: Path = Path("/proc"), booted: Path = Path("/run/systemd/system")) -> Place | Nowhere:
    """Find the place.

    Args:
        proc: where the process file system is mounted.
        booted: there if systemd manages this machine.
    """
    release = (proc / "sys/kernel/osrelease").read_text().strip()
    if tuple(int(number) for number in re.findall(r"\d+", release)[:2]) < _FIRST_KERNEL:
        return Nowhere(f"this Linux is {release}, and sessions can move into cgroups from 5.16 on", "Use a newer kernel.")
    hierarchy = locate((proc / "self/mountinfo").read_text(), (proc / "self/cgroup").read_text())
    if isinstance(hierarchy, Nowhere):
        return hierarchy
    own = hierarchy.own
    missing = [name for name in CONTROLLERS if name not in _words(own / "cgroup.controllers")]
    if missing:
        return _missing(missing, (proc / "cgroups").read_text())
    if own.name == HOST_LEAF and own != hierarchy.mount:
        found = Nowhere(f"the cgroup above {str(own)!r} does not pass the controllers {' and '.join(CONTROLLERS)} down any more")
    else:
        found = _judge_own(hierarchy, proc, booted)
    if isinstance(found, Place) or own == hierarchy.mount or _UNIT.search(own.name):
        return found
    return Place(own.parent) if _enabled(own.parent) and _refusal(own.parent, hierarchy, booted) is None else found


def locate(mountinfo: str, membership: str) -> Hierarchy | Nowhere:
    """Read the hierarchy and the own cgroup from the texts of /proc/self/mountinfo and /proc/self/cgroup (cgroups(7))."""
    path = next((line[3:] for line in membership.splitlines() if line.startswith("0::")), None)
    mounts = [fields for line in mountinfo.splitlines() if (fields := line.split()) and fields[fields.index("-") + 1] == "cgroup2"]
    if path is None or not mounts:
        return Nowhere("no cgroup v2 hierarchy is mounted here", _MEND_V1)
    for fields in mounts:
        root, mount = (_unescaped(field) for field in fields[3:5])
        if (path == root or path.startswith(root.rstrip("/") + "/")) and ".." not in Path(path).parts:
            return Hierarchy(Path(mount), Path(mount) / path[len(root) :].lstrip("/"))
    return Nowhere(f"the cgroup of this process, {path!r}, lies outside of the hierarchy that is mounted at {_unescaped(mounts[0][4])!r}")


def _judge_own(hierarchy: Hierarchy, proc: Path, booted: Path) -> Place | Nowhere:
    own = hierarchy.own
    refused = _refusal(own, hierarchy, booted)
    if refused is not None:
        return refused
    if not (own / "cgroup.type").exists():  # the top of the whole hierarchy, where processes may stay
        return Place(own)
    kind = (own / "cgroup.type").read_text().strip()
    if kind != "domain":
        return Nowhere(f"the cgroup {str(own)!r} is of type {kind!r}, which cannot bound memory")
    members = [int(word) for word in _words(own / "cgroup.procs")]
    family = _family(proc)
    strangers = [pid for pid in members if pid not in family]
    if strangers:
        return Nowhere(f"other processes ({_named(strangers, proc)}) are in the cgroup {str(own)!r} as well, and they are not ours to move")
    return Place(own, tuple(members))


def _refusal(folder: Path, hierarchy: Hierarchy, booted: Path) -> Nowhere | None:
    """Why a cgroup is not for this process to arrange, None if it is."""
    files = [folder, *(folder / f"cgroup.{name}" for name in ("procs", "subtree_control"))]
    if not all(os.access(file, os.W_OK, effective_ids=True) for file in files):
        return Nowhere(f"the cgroup {str(folder)!r} is not delegated to this user")
    if _said_delegated(folder) or _BY_SYSTEMD_RUN.match(folder.name):  # systemd before 251 does not say so to users
        return None
    if _UNIT.search(folder.name):
        return Nowhere(f"the cgroup {str(folder)!r} belongs to systemd and is not delegated")
    if folder == hierarchy.mount and booted.is_dir():
        return Nowhere(f"the cgroup {str(folder)!r} is the top of the hierarchy, which systemd manages")
    return None


def _said_delegated(folder: Path) -> bool:
    """Whether systemd has marked a cgroup as delegated (systemd.resource-control(5), Delegate=)."""
    for name in ("user.delegate", "trusted.delegate"):
        try:
            if os.getxattr(folder, name) == b"1":
                return True
        except OSError:
            continue  # not marked, or not for us to read
    return False


def _enabled(folder: Path) -> bool:
    return set(CONTROLLERS) <= set(_words(folder / "cgroup.subtree_control"))


def _missing(names: list[str], cgroups: str) -> Nowhere:
    """Args: names of controllers; text of /proc/cgroups, which has the number of the v1 hierarchy that each is bound to, 0 for v2."""
    bound = {fields[0] for line in cgroups.splitlines() if len(fields := line.split()) == 4 and fields[1] != "0"}
    what = f"the controller{'s' * (len(names) > 1)} {' and '.join(names)}"
    if bound & set(names):
        return Nowhere(f"{what} {'are' if len(names) > 1 else 'is'} bound to cgroup v1 here", _MEND_V1)
    return Nowhere(f"{what} {'are' if len(names) > 1 else 'is'} not passed down to the cgroup of this process")


def _family(proc: Path) -> set[int]:
    """This process, all that started it, and all that it has started."""
    parents = {int(entry.name): _parent(entry) for entry in proc.iterdir() if entry.name.isdigit()}
    above, pid = set[int](), os.getpid()
    while pid and pid not in above:
        above.add(pid)
        pid = parents.get(pid, 0)
    below = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return above | below


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it ended while we looked


def _named(pids: list[int], proc: Path) -> str:
    shown = []
    for pid in pids[:3]:
        try:
            shown.append(f"{(proc / str(pid) / 'comm').read_text().strip()} {pid}")
        except OSError:  # it ended, or is of a pid namespace that we do not see (0)
            shown.append(str(pid))
    return ", ".join(shown) + (", ..." if len(pids) > 3 else "")


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:
        return []


def _unescaped(field: str) -> str:
    """A path of mountinfo, which has spaces and the like as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)

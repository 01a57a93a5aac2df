"""Zygotes as the host holds them: one for each Python, tier and set of preloaded modules and shown folders, shared by all sessions here.

Invariant: a zygote is ready or it is not there; when this process ends, however it ends, its zygotes end and every session with them.
It does not: run code; it hands out the four ends of a new session.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeact import cache
from codeact.errors import InputError, IsolationError, SessionError
from codeact.sandbox import cgroups, isolation
from codeact.sandbox.channel import Ends, open_ends
from codeact.sandbox.guest.confine import CHECKPOINTS
from codeact.sandbox.workspace import temporary_of
from codeact.scratch import Scratch

_START_SECONDS = 120.0
_MOST_UNUSED = 3
_BOOT = """
import os, sys
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.path.insert(0, sys.argv[1])
from guest.zygote import main
main(int(sys.argv[2]))
"""
_FLAGS = ("-s", "-P")  # -I would ignore the hash seed; the environment is ours
_COMPILE = """
import compileall, os, sys
sys.path.insert(0, sys.argv[1])
if sys.platform == "linux":
    from guest import linux
    linux.prctl(linux.PR_SET_PDEATHSIG, 9)
os.nice(19)
sys.argv[1:] = ["-qq", "-i", "-"]
compileall.main()
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """What makes zygotes differ."""

    python: str
    tier: isolation.Tier
    preload: tuple[str, ...]
    folders: tuple[isolation.Folder, ...] = ()


class Forkserver:
    """One zygote.

    Args:
        kind: interpreter, tier, modules, and folders of the host to show.

    Raises:
        InputError: a folder cannot be shown.
        IsolationError: the tier cannot be had here.
        SessionError: the interpreter or a preloaded module fails to start.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.users = 0
        self._count = threading.Lock()
        self.ids = isolation.ids()
        self._scratch = Scratch()
        self.workspaces = self._scratch.path
        self.workspaces.chmod(0o711)
        self.at_close: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._numbers = iter(range(10**9))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by close()
        self._uncompiled = tempfile.TemporaryFile()  # noqa: SIM115 -- likewise
        self._compiler: subprocess.Popen[bytes] | None = None
        try:
            self._start()
            self.missing: tuple[str, ...] = tuple(self._await_ready())
            self._compile()
        except BaseException:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether it can start sessions."""
        return self._process.poll() is None

    def share(self) -> None:
        """One more user: nobody ends a zygote in use."""
        with self._count:
            self.users += 1

    def release(self) -> None:
        """One user less."""
        with self._count:
            self.users -= 1

    def wait_compiled(self) -> None:
        """Wait until what it had to compile is compiled for the next; see `_compile`."""
        if self._compiler is not None:
            self._compiler.wait()

    def next_number(self) -> int:
        """A number for a new session, from which its ids and folder name come."""
        with self._lock:
            return next(self._numbers)

    def spawn(self, number: int, workspace: Path, bounds: dict[str, int | None]) -> Ends:
        """Start a session's processes.

        Args:
            number: from `next_number`.
            workspace: a folder in `workspaces`, owned by the guest's ids.
            bounds: as `guest.confine.Bounds`.

        Raises:
            IsolationError: this process may make cgroups, and the session's cannot be made.
            SessionError: the zygote is gone.
        """
        strict = self.kind.tier == "strict"
        temporary = temporary_of(workspace)
        if not strict:
            temporary.mkdir(mode=0o700, exist_ok=True)
            owner = self.ids.outside(number)
            if owner is not None:
                os.chown(temporary, *owner)
        request = {
            "name": workspace.name,
            "workspace": "/workspace" if strict else str(workspace),
            "temporary": "/tmp" if strict else str(temporary),
            "ids": self.ids.inside(self.kind.tier, number % (isolation.RANGE - isolation.GUEST_ID)),
            "bounds": bounds,
        }
        ours = cgroups.of_this_process()
        group = ours.session(*_group_bounds(bounds, strict=strict)) if isinstance(ours, cgroups.HostGroup) else None
        with open_ends(group) as (ends, there):
            try:
                with self._lock:
                    socket.send_fds(self._control, [json.dumps(request).encode()], there)
            except OSError as error:
                raise SessionError(f"the process that starts sessions is gone: {error.strerror}") from error
        return ends

    def close(self) -> None:
        """End the zygote and every session of it, and remove their folders; what is in `at_close` is called first."""
        while self.at_close:
            self.at_close.pop()()
        if hasattr(self, "_control"):
            self._control.close()
        if hasattr(self, "_process"):
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._compiler is not None:
            self._compiler.kill()
            self._compiler.wait()
        self._errors.close()
        self._uncompiled.close()
        self._scratch.remove()

    def _start(self) -> None:
        paths = isolation.library_paths(self.kind.python)
        folders = isolation.folder_paths(self.kind.folders, self.ids, str(self.workspaces))
        environment = isolation.environment(self.kind.python)
        fonts = _font_cache(self.ids)
        environment["MPLCONFIGDIR"] = "/var/cache/codeact" if self.kind.tier == "strict" else str(fonts)
        environment["IPYTHONDIR"] = "/tmp/.ipython"
        environment["PYTHONHASHSEED"] = str(zlib.crc32(json.dumps(self.kind.preload).encode()))
        plan = {
            "tier": self.kind.tier,
            "preload": list(self.kind.preload),
            "read_only": paths,
            "folders": folders,
            "workspaces": str(self.workspaces),
            "cache": str(fonts),
            "first_id": self.ids.first,
            "own_network": True,
            "uncompiled": None if sys.dont_write_bytecode else self._uncompiled.fileno(),
        }
        if self.kind.tier == "landlock" and self.ids.first is not None and (closed := isolation.reachable_by_others(paths + folders)):
            raise IsolationError(
                f"tier landlock as root runs guests as another user, and only root can enter {closed!r}, where Python or a folder lies",
                "Put it elsewhere, or run as an ordinary user.",
            )
        self._control, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            self._process = subprocess.Popen(
                [self.kind.python, *_FLAGS, "-c", _BOOT, str(isolation.SANDBOX), str(there.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                env=environment,
                pass_fds=(there.fileno(), self._uncompiled.fileno()),
                start_new_session=True,
                cwd="/",
            )
        self._control.settimeout(_START_SECONDS)
        self._control.send(json.dumps(plan).encode())

    def _await_ready(self) -> list[str]:
        while True:
            answer = self._receive()
            if "map" in answer:
                isolation.write_maps(self._process.pid, self.ids)
                self._control.send(b"1")
            elif "ready" in answer:
                self._control.settimeout(None)
                return answer["ready"]["missing"]
            elif "unshown" in answer:  # not a reason to go on in another tier
                raise InputError(f"cannot show a folder: {answer['unshown']}")
            else:
                raise IsolationError(f"tier {self.kind.tier} cannot be had here: {answer['failed']}", isolation.mend(self.kind.tier))

    def _compile(self) -> None:
        """Begin to compile the modules that the zygote had to compile for itself: it sees them read-only, and so would the next one.

        Not all installers compile (uv does not), and an import elsewhere would. What may not be written is left.
        """
        self._uncompiled.seek(0)
        sources = self._uncompiled.read().splitlines()
        writable = {folder: os.access(folder, os.W_OK) for folder in {os.path.dirname(source) for source in sources}}  # noqa: PTH120
        mine = [source for source in sources if writable[os.path.dirname(source)]]  # noqa: PTH120 -- bytes, in any encoding
        if mine:
            self._compiler = subprocess.Popen(
                [self.kind.python, "-I", "-c", _COMPILE, str(isolation.SANDBOX)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            threading.Thread(target=self._compiler.communicate, args=(b"\n".join(mine),), daemon=True).start()  # waits too: no zombie stays

    def _receive(self) -> dict[str, Any]:
        try:
            message = self._control.recv(1 << 16)
        except OSError as error:
            raise SessionError(f"the sandbox's Python {self.kind.python!r} does not answer: {error}. {self._last_words()}") from error
        if not message:
            raise SessionError(f"the sandbox's Python {self.kind.python!r} ended while starting. {self._last_words()}")
        return json.loads(message)

    def _last_words(self) -> str:
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip()
        return f"It said: {said[-800:]}" if said else "It said nothing."


_servers: dict[Kind, Forkserver] = {}
_servers_lock = threading.Lock()


def get(kind: Kind) -> Forkserver:
    """The zygote of a kind, started if there is none (about a second, with large modules preloaded), for a user who is to `release` it.

    There may be ever other sets of folders in a long-lived process: of those that nobody uses, the latest few stay.

    Raises:
        InputError, IsolationError, SessionError: as `Forkserver`.
    """
    with _servers_lock:
        server = _servers.pop(kind, None)
        if server is None or not server.alive:
            if server is not None:
                server.close()
            server = Forkserver(kind)
        _servers[kind] = server  # the latest used is the last
        server.share()
        unused = [one for one, other in _servers.items() if one.folders and not other.users]
        for one in unused[: max(0, len(unused) - _MOST_UNUSED)]:
            _servers.pop(one).close()
        return server


def for_wish(wanted: str, preload: tuple[str, ...], python: str | None, folders: tuple[isolation.Folder, ...] = ()) -> Forkserver:
    """The zygote for a wish, for a user, as of `get`.

    Args:
        wanted: a tier, or ``auto`` for the strongest of strict and landlock.

    Raises:
        InputError: a folder cannot be shown.
        IsolationError: the tier, or with ``auto`` both, cannot be had.
    """
    interpreter = python if python is not None else isolation.default_python()
    reasons = []
    for tier in _tiers(wanted):
        try:
            return get(Kind(interpreter, tier, preload, folders))
        except IsolationError as error:
            reasons.append(str(error))
    raise IsolationError(" ".join(reasons))


def running(wanted: str, preload: tuple[str, ...], python: str | None, folders: tuple[isolation.Folder, ...] = ()) -> Forkserver | None:
    """The zygote for a wish, for a user, if it runs already; never waits for one."""
    kind = Kind(python if python is not None else isolation.default_python(), _tiers(wanted)[0], preload, folders)
    if not _servers_lock.acquire(blocking=False):  # somebody starts one, or ends one
        return None
    try:
        server = _servers.pop(kind, None)
        if server is None:
            return None
        _servers[kind] = server
        if not server.alive:
            return None
        server.share()
        return server
    finally:
        _servers_lock.release()


def _tiers(wanted: str) -> tuple[isolation.Tier, ...]:
    """What to try, the strongest first."""
    match wanted:
        case "auto":
            return ("strict", "landlock")
        case "strict" | "landlock" | "process":
            return (wanted,)
        case _:
            raise IsolationError(f"there is no isolation tier {wanted!r}; take auto, strict, landlock or process")


def close_all() -> None:
    """End every zygote of this process; done at its exit too."""
    with _servers_lock:
        while _servers:
            _servers.popitem()[1].close()


atexit.register(close_all)


def _font_cache(given: isolation.Ids) -> Path:
    """Where the zygote may keep matplotlib's font list, which takes seconds to make."""
    fonts = cache.folder() / "matplotlib"
    fonts.mkdir(parents=True, exist_ok=True)
    if given.first is not None:
        os.chown(fonts, given.first, given.first)
    return fonts


def _group_bounds(bounds: dict[str, int | None], *, strict: bool) -> tuple[int | None, int | None]:
    """The bounds of a session's cgroup: bytes of memory, and processes and threads.

    They are the last resort behind the warden, who tells a session's own memory from its checkpoints': the latest checkpoint may cost as
    much again, and what lies in tier strict's three file systems in memory counts here too.

    Args:
        bounds: as `guest.confine.Bounds`.
        strict: whether there are those file systems.
    """
    memory, processes, temporary = bounds["memory"], bounds["processes"], bounds["temporary"] or 0
    return (
        None if memory is None else 2 * memory + (3 * temporary if strict else 0),
        None if processes is None else processes + CHECKPOINTS,
    )

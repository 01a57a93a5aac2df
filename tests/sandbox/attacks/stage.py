"""The stage of the attack suite: a host with things worth taking, a neighbour session, and what was done to them.

Invariant: an attack is a function of the stage that returns what it reached, in a few words, and an empty string for nothing; the
stage adds whatever harm it finds done to the host or to the neighbour. It does not: judge exceptions, only effects.
"""

import ast
import json
import os
import resource
import secrets
import select
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codeact.errors import CheckpointError, CodeactError, SessionError
from codeact.events import Limits, Observation
from codeact.protocols import Calls
from codeact.sandbox.session import Session

PRELUDE = """
import ctypes, errno, fcntl, json, mmap, os, resource, signal, socket, struct, subprocess, sys, threading, time
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
def call(number, *args):
    result = _libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in args))
    return result if result != -1 else -ctypes.get_errno()
def got(act, *args, **named):
    try:
        return act(*args, **named)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
def read(path, size=1 << 16):
    try:
        with open(path, 'rb', buffering=0) as file:
            return file.read(size) or b''
    except OSError:
        return b''
def frame(kind, body, blob=b'', size=None, extra=None):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return struct.pack('>BII', kind, len(text) if size is None else size, len(blob) if extra is None else extra) + text + blob
def others():
    return [int(p) for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())]
"""

_VICTIM = """
import os, sys
token = sys.argv[1][::-1]
print(os.getpid(), flush=True)
for line in sys.stdin:
    print(token[::-1], flush=True)
"""

MOST_GROWTH = 600 << 20
"""Bytes that this process may grow by: the bounds of one frame and of one action's displays, several times."""

Attack = Callable[["Stage"], str]
ATTACKS: dict[str, Attack] = {}


def attack(function: Attack) -> Attack:
    """Register an attack under its name, in words."""
    name = function.__name__.replace("_", " ")
    assert name not in ATTACKS, name
    ATTACKS[name] = function
    return function


def attempts(**table: str) -> None:
    """Register attacks that are one cell each, whose value is what it reached: false when nothing."""
    for name, code in table.items():

        def one(stage: "Stage", code: str = code) -> str:
            with stage.session() as session:
                reached = stage.value(session, code)
            return f"{reached!r}" if reached else ""

        one.__name__ = name
        attack(one)


class Stage:
    """A host to attack.

    Args:
        tier: of every session on it.
        folder: everybody may enter it; the host's things are put there.
    """

    errors = SessionError
    """What the host's face raises at the sandbox's boundary."""

    def __init__(self, tier: str, folder: Path) -> None:
        self.tier = tier
        self.token = secrets.token_hex(16)
        os.environ["SECRET_OF_THE_HOST"] = self.token
        self.bait = folder / "bait"
        self.bait.mkdir(mode=0o777)
        self.bait.chmod(0o777)
        self.secret = self.bait / "secret"
        self.secret.write_text(self.token)
        self.secret.chmod(0o666)
        (self.bait / "link").symlink_to(self.token)
        self.ears = self._listen()
        self.victim = subprocess.Popen(
            [sys.executable, "-c", _VICTIM, self.token[::-1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.victim.stdout is not None
        self.victim.stdout.readline()
        self.neighbour = Session(isolation=tier, preload=(), limits=Limits(action_seconds=20))  # type: ignore[arg-type]
        self.neighbour.start()
        self.secret_of_neighbour = secrets.token_hex(16)
        setup = "import os, subprocess, tempfile\nchild = subprocess.Popen(['sleep', '3600'])\n"
        setup += f"secret = {self.secret_of_neighbour!r}\nprivate = tempfile.mkstemp()[1]\n"
        setup += "[open(name, 'w').write(secret) for name in ('secret.txt', private)]\n"
        setup += "if os.getppid() == 1: open('/dev/shm/secret', 'w').write(secret)\n"
        assert self.neighbour.run(setup).status == "ok"
        self.pids_of_neighbour = self._descendants(os.getpid())
        self.before = self._look()
        self.size = self.own_size()

    def facts(self) -> dict[str, Any]:
        """What an attacker is told: where everything is, so that only the walls are between."""
        where = {name: ear.getsockname() for name, ear in self.ears.items()}
        where = {name: address.decode("latin-1") if isinstance(address, bytes) else address for name, address in where.items()}
        return {
            "SECRET": str(self.secret), "BAIT": str(self.bait), "TOKEN": self.token, "TOKENS": [self.token, self.secret_of_neighbour],
            "VICTIM": self.victim.pid, "HOST": os.getpid(), "NEIGHBOUR": str(self.neighbour.workspace), "EARS": where,
            "PIDS": self.pids_of_neighbour, "STRICT": self.tier == "strict",
        }  # fmt: skip

    @contextmanager
    def session(self, calls: Calls | None = None, **limits: Any) -> Iterator[Session]:
        """A session to attack from, with tools of the host or without; the attacker's tools and knowledge are in it."""
        bounds = Limits(**{"action_seconds": 10.0, "processes": 32, "memory_mb": 512} | limits)
        with Session(isolation=self.tier, preload=(), limits=bounds, calls=calls) as session:  # type: ignore[arg-type]
            self.arm(session)
            yield session

    def arm(self, session: Session) -> None:
        """Give a session the tools, again after it lost its state."""
        facts = "".join(f"{name} = {value!r}\n" for name, value in self.facts().items())
        seen = session.run(PRELUDE + facts)
        assert seen.status == "ok", seen

    def value(self, session: Session, code: str) -> Any:
        """Run a cell and give the value of its last expression (literals only).

        Raises:
            AssertionError: it did not end well.
        """
        seen = session.run(code)
        assert seen.status == "ok", f"the attack itself broke: {seen!r}"
        return ast.literal_eval(seen.result) if seen.result else None

    def usable(self, session: Session) -> str:
        """Empty, or why a session is of no use any more."""
        seen = session.run("6 * 7")
        if seen.result != "42":  # it may say that it ended since the last action, and be well after that
            seen = session.run("6 * 7")
        return "" if seen.result == "42" else f"the session is unusable: {seen!r}"

    def frozen_of(self, session: Session) -> list[int]:
        """Pids of a session's frozen checkpoints as the host counts: the siblings of its interpreter."""
        pid = self.value(session, "os.getpid()")
        warden = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        return [child for child in self._descendants(warden) if child != pid]

    def gone_back(self, session: Session, mark: str | None) -> bool:
        """Go back to a checkpoint; False if the host says that there is none."""
        try:
            session.rollback(mark)
        except CheckpointError:
            return False
        return True

    def run(self, name: str) -> str:
        """Run one attack: what it reached, empty for nothing."""
        try:
            reached = ATTACKS[name](self)
        except CodeactError as error:
            reached = f"the host was brought to {type(error).__name__}: {error}"
        except AssertionError as error:
            reached = f"{error}"
        return "; ".join(filter(None, [reached, *self._harm()]))

    def close(self) -> None:
        """Take the stage down."""
        self.neighbour.close()
        assert self.victim.stdin is not None
        assert self.victim.stdout is not None
        self.victim.kill()
        self.victim.wait()
        self.victim.stdin.close()
        self.victim.stdout.close()
        for ear in self.ears.values():
            ear.close()

    def heard(self) -> list[str]:
        """Which of the host's listening sockets something arrived at."""
        ready, _, _ = select.select(list(self.ears.values()), [], [], 0)
        return [name for name, ear in self.ears.items() if ear in ready]

    def _listen(self) -> dict[str, socket.socket]:
        stream, datagram, unix = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.AF_UNIX
        kinds: dict[str, tuple[int, int, Any]] = {
            "tcp": (socket.AF_INET, stream, ("127.0.0.1", 0)),
            "udp": (socket.AF_INET, datagram, ("127.0.0.1", 0)),
            "unix": (unix, stream, str(self.bait / "unix")),
            "unix datagram": (unix, datagram, str(self.bait / "datagram")),
            "abstract": (unix, stream, f"\0{self.token}"),
            "abstract datagram": (unix, datagram, f"\0{self.token}d"),
        }
        if socket.has_ipv6 and Path("/proc/net/if_inet6").exists() and Path("/proc/net/if_inet6").read_text():
            kinds |= {"tcp6": (socket.AF_INET6, stream, ("::1", 0)), "udp6": (socket.AF_INET6, datagram, ("::1", 0))}
        ears = {}
        for name, (family, kind, address) in kinds.items():
            ears[name] = ear = socket.socket(family, kind)
            ear.bind(address)
            if kind == stream:
                ear.listen()
            ear.setblocking(False)
            if isinstance(address, str) and address.startswith("/"):
                Path(address).chmod(0o777)
        return ears

    def _look(self) -> dict[str, Any]:
        """The state of everything that an attack must leave alone."""
        victim = self.victim.pid
        statuses = {path.name: path.lstat() for path in [self.bait, *self.bait.iterdir()]}
        asked = self.neighbour.run("secret, open('secret.txt').read(), open(private).read(), child.poll(), os.listdir()")
        return {
            "the secret": self.secret.read_text(),
            "files": {name: (status.st_mode, status.st_mtime_ns, status.st_uid, status.st_nlink) for name, status in statuses.items()},
            "attributes": os.listxattr(self.secret),
            "priority": os.getpriority(os.PRIO_PROCESS, victim),
            "affinity": os.sched_getaffinity(victim),
            "scheduler": os.sched_getscheduler(victim),
            "limits": [resource.prlimit(victim, kind) for kind in range(16)],
            "the victim": self._ask_victim(),
            "host name": socket.gethostname(),
            "neighbour": (asked.status, asked.result),
            "environment": os.environ.get("SECRET_OF_THE_HOST"),
        }

    def _ask_victim(self) -> str:
        if self.victim.poll() is not None:
            return f"ended with {self.victim.returncode}"
        state = Path(f"/proc/{self.victim.pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state in "Tt":
            os.kill(self.victim.pid, 18)
            return "stopped"
        assert self.victim.stdin is not None
        assert self.victim.stdout is not None
        self.victim.stdin.write("say\n")
        self.victim.stdin.flush()
        return self.victim.stdout.readline()

    def _harm(self) -> list[str]:
        now = self._look()
        harm = [f"{name} is {now[name]!r}, was {was!r}" for name, was in self.before.items() if now[name] != was]
        harm += [f"something arrived at {name}" for name in self.heard()]
        if (grown := self.own_size() - self.size) > MOST_GROWTH:
            harm.append(f"the host grew by {grown >> 20} MB")
        self.before = now
        return harm

    def own_size(self) -> int:
        """Bytes that this process has in memory now."""
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def _descendants(self, pid: int) -> list[int]:
        found: list[int] = []
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(child), *self._descendants(int(child))]
        return [pid for pid in found if pid != self.victim.pid]


def refused(act: Callable[..., Any], *args: Any) -> bool:
    """Whether the host's own face refuses something by a typed error."""
    try:
        act(*args)
    except CodeactError:
        return True
    return False


def ended(seen: Observation, *statuses: str) -> str:
    """Empty if an action ended in one of these ways."""
    return "" if seen.status in statuses else f"it ended as {seen.status!r}: {seen.notice} {seen.stderr[-300:]}"


def serve(tier: str, folder: Path) -> None:
    """Run the attacks whose names come on standard input, one a line; answer each with its verdict as a line of JSON."""
    stage = Stage(tier, folder)
    try:
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            print(json.dumps(stage.run(json.loads(line))), flush=True)
    finally:
        stage.close()

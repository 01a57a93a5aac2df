"""CPython's own test modules, run inside a session and outside of it.

Invariant: both sides load and run a module the same way, through `unittest` in one process; only what differs counts. Modules that are
not there (distributions leave the package `test` out) are told, not passed over.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from codeact.errors import InputError
from codeact.events import Limits
from codeact.sandbox.session import Session

_LIMITS = Limits(memory_mb=4096, processes=256, disk_mb=2048)
_RESULT = "outcomes.json"
_OWN_ALARMS = {"test_signal", "test_threadsignals", "test_io", "test_asyncio", "test_asyncio.test_events", "test_subprocess", "test_socket"}
_SECONDS_EACH = 30
_LANGUAGE = (
    "grammar syntax patma generators coroutines asyncgen exceptions exception_group except_star dataclasses named_expressions "
    "positional_only_arg keywordonlyarg unpack unpack_ex genexps listcomps lambda decorators class metaclass super property descr scope "
    "with fstring typing types genericalias compile builtin operator abc enum dict list tuple set unicode bytes string int long float "
    "complex bool"
)
_LIBRARY = (
    "math cmath random fractions decimal statistics datetime json re struct array pickle copy csv functools itertools collections heapq "
    "bisect contextlib contextlib_async weakref gc traceback warnings inspect ast dis io tempfile pathlib shutil zipfile sqlite3 hashlib "
    "logging import importlib sys os signal subprocess thread threading queue multiprocessing_main_handling"
)
_ASYNCIO = (
    "tasks futures futures2 locks queues runners taskgroups timeouts pep492 base_events context threads waitfor protocols transports "
    "subprocess selector_events unix_events streams events"
)
MODULES = (
    *(f"test_{name}" for name in f"{_LANGUAGE} {_LIBRARY}".split()),
    *(f"test_asyncio.test_{name}" for name in _ASYNCIO.split()),
)
"""What `benchmarks/fidelity.py --cpython` runs."""

_NETWORK = "no network, not even loopback"
REASONS = {
    "not reached": "not reached: the session's action ended first",
    r"\[Errno 1\] Operation not permitted": "memory files and priorities are refused",
    r"sendfile|tuple index out of range|IPv6|\[Errno 13\] Permission denied|TookTooLong|has no attribute 'close'|socket": _NETWORK,
    "Read-only file system|write access to the installed": "the interpreter's folders are read-only",
    "writing bytecode|dont_write_bytecode": "a session writes no bytecode",
    "File too large|No space left": "limits on files and temporary space",
    "uid not found|system database|home directory": "the session's user has no entry in the user database",
    r"input\(\) is not available": "nobody is at the keyboard",
    "extended attribute": "no extended attributes",
    "root privilege": "not root",
}
"""Pattern in what a test said to why it went worse inside."""
NAMED_REASONS = {r"\.test_create_server(_reuse_port)?: AssertionError: 0 != 1$": _NETWORK}
"""The same, for what says too little without the test's name: pattern in ``name: what it said``."""

_WITHIN = """
import importlib, json, os, signal, time, unittest
from test import support

support.verbose = 0
TOLD = {"t": 0.0}
outcomes = {}

class TookTooLong(Exception):
    pass

def ring(*_):
    raise TookTooLong(f"{EACH} s")

class Result(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        outcomes[test.id()] = ["did not end", ""]
        if EACH:
            signal.signal(signal.SIGALRM, ring)
            signal.alarm(EACH)
    def stopTest(self, test):
        super().stopTest(test)
        if EACH:
            signal.alarm(0)
    def say(self, test, how, why=""):
        name = test.id()
        if outcomes.get(name, ["passed"])[0] in ("passed", "did not end"):
            outcomes[name] = [how, why]
        if time.monotonic() - TOLD["t"] > 2:
            TOLD["t"] = time.monotonic()
            write()
    def addSuccess(self, test): self.say(test, "passed")
    def addFailure(self, test, error): self.say(test, "failed", short(error))
    def addError(self, test, error): self.say(test, "failed", short(error))
    def addSkip(self, test, reason): self.say(test, "skipped", reason)
    def addExpectedFailure(self, test, error): self.say(test, "passed")
    def addUnexpectedSuccess(self, test): self.say(test, "failed", "unexpected success")
    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.say(test, "skipped" if issubclass(error[0], unittest.SkipTest) else "failed", short(error))

def short(error):
    return f"{error[0].__name__}: {error[1]}"[-300:]

def write():
    with open(PLACE + ".part", "w") as file:
        json.dump(outcomes, file)
    os.replace(PLACE + ".part", PLACE)

def run(name):
    if OUTSIDE:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        module = importlib.import_module("test." + name)
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        suite.run(Result())
    except unittest.SkipTest as error:
        outcomes[name] = ["skipped", str(error)]
    finally:
        write()

PLACE = os.path.join(os.getcwd(), PLACE)
os.makedirs("work", exist_ok=True)
os.chdir("work")
run(NAME)
os.chdir("..")
"""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Of a test module: by test how it went (``passed``, ``failed``, ``skipped``, ``did not end``) and why; how the whole ended."""

    tests: dict[str, tuple[str, str]] = field(default_factory=dict)
    end: str = "ok"

    def count(self, how: str) -> int:
        """Number of tests that went so."""
        return sum(outcome == how for outcome, _ in self.tests.values())


def inside(module: str, seconds: float = 120) -> Outcomes:
    """Run a module of the package `test` in a session of its own.

    Args:
        module: such as ``test_grammar``.
        seconds: for all of it.
    """
    with Session(limits=_LIMITS, checkpoints=False) as session:
        observation = session.run(_script(module, False), timeout=seconds)
        try:
            found = _read(session.read_file(_RESULT))
        except InputError:
            found = {}
    error = f"{observation.error.name}: {observation.error.message}" if observation.error is not None else ""
    end = "ok" if observation.status == "ok" else f"{observation.status} {error}{observation.notice}"
    return Outcomes(found, end)


def outside(module: str, seconds: float = 120, user: int | None = None) -> Outcomes:
    """Run the same in a process of the interpreter, not confined.

    Args:
        module: as above.
        seconds: as above.
        user: id to become first; None stays who runs this.
    """
    with tempfile.TemporaryDirectory() as folder:
        if user is not None:
            os.chown(folder, user, user)
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _script(module, True)],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
                user=user,
                group=user,
                extra_groups=[] if user is not None else None,
                env={"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"},
            )
            end = "ok" if done.returncode == 0 else f"exit code {done.returncode}"
        except subprocess.TimeoutExpired:
            end = "timeout"
        place = Path(folder) / _RESULT
        return Outcomes(_read(place.read_bytes()) if place.exists() else {}, end)


def _script(module: str, outside: bool) -> str:
    seconds = 0 if module in _OWN_ALARMS else _SECONDS_EACH
    return f"NAME, PLACE, EACH, OUTSIDE = {module!r}, {_RESULT!r}, {seconds}, {outside}\n{_WITHIN}"


def worse(inside: Outcomes, outside: Outcomes) -> dict[str, tuple[str, str]]:
    """Tests that passed outside and did not inside."""
    passed = {name for name, (how, _) in outside.tests.items() if how == "passed"}
    return {
        name: inside.tests.get(name, ("was not reached", inside.end)) for name in passed if inside.tests.get(name, ("",))[0] != "passed"
    }


def _read(data: bytes) -> dict[str, tuple[str, str]]:
    return {name: (how, why) for name, (how, why) in json.loads(data).items()}

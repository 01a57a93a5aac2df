"""The attack suite: every attempt, against tier strict as root and as an ordinary user, and against tier landlock as an ordinary user.

Each attempt is judged by its effect, in a process of its own that holds the stage; one that never ends is a host that was made to hang.
"""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sandbox import elsewhere
from sandbox.attacks import runner
from sandbox.attacks.stage import ATTACKS

PATIENCE = 90.0
"""Seconds after which an attempt has made its host hang."""

ROOT_STRICT, USER_STRICT, USER_LANDLOCK = "strict as root", "strict as an ordinary user", "landlock as an ordinary user"

WEAKER_IN_LANDLOCK = {
    "learn that a file of the host exists": "True",
    "read where a link of the host points": "True",
    "learn the name of the host": "the name",
    "see programs of the host by number": "'the numbers'",
}
"""What is open without namespaces, as docs/security.md says: the attempt and what it reaches."""


class Host:
    """A process with a stage; a new one is made when the last was made to hang or died."""

    def __init__(self, start: Callable[[], "subprocess.Popen[str]"]) -> None:
        self._start = start
        self._process: subprocess.Popen[str] | None = None

    def run(self, name: str) -> str:
        """The verdict on one attempt, empty when it reached nothing."""
        if self._process is None:
            self._process = self._start()
            assert self._answer() == "ready"
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(name) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            process, self._process = self._process, None
            process.communicate(timeout=PATIENCE)

    def _answer(self) -> str:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if ready else ""
        if not line:
            self._process = None
            process.kill()
            process.communicate()
            return "the host was made to hang" if not ready else f"the host died with {process.returncode}"
        return json.loads(line)


def attempts(kind: str) -> list[Any]:
    """The attempts against a kind of host: all as root; as an ordinary user each sixth, the others where slow tests are asked for."""
    often = kind == ROOT_STRICT
    return [
        pytest.param(kind, name, id=f"{kind}-{name}", marks=() if often or number % 6 == 0 else pytest.mark.slow)
        for number, name in enumerate(sorted(ATTACKS))
    ]


@pytest.fixture(scope="module")
def hosts(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Host]]:
    """The host of a kind, begun when it is first wanted and kept for all attempts. A fixture with a parameter would be made anew for each
    test: pytest tells parameters that are given together with others apart by their position."""
    begun: dict[str, Host] = {}
    with ExitStack() as stack:

        def host(kind: str) -> Host:
            if kind not in begun:
                python = sys.executable if kind == ROOT_STRICT else request.getfixturevalue("python")
                begun[kind] = Host(starter(kind, python, Path(stack.enter_context(tempfile.TemporaryDirectory()))))
                stack.callback(begun[kind].close)
            return begun[kind]

        yield host


def starter(kind: str, python: str, place: Path) -> Callable[[], "subprocess.Popen[str]"]:
    """What starts the process of a host of a kind, in a folder of its own."""
    as_root = kind == ROOT_STRICT
    if as_root:
        elsewhere.needs_root()
    tier = "landlock" if kind == USER_LANDLOCK else "strict"
    uid = elsewhere.NOBODY if os.geteuid() == 0 and not as_root else None
    place.chmod(0o755)
    shutil.copytree(Path(__file__).parent, place / "tests" / "sandbox" / "attacks", ignore=shutil.ignore_patterns("__pycache__"))

    def start() -> "subprocess.Popen[str]":
        home = Path(tempfile.mkdtemp(dir=place))
        home.chmod(0o755)
        if uid is not None:
            os.chown(home, uid, uid)
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "CODEACT_CACHE_DIR": str(home), "TMPDIR": str(home)}
        return subprocess.Popen(
            [python, "-m", "sandbox.attacks.runner", tier, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=home,
            env=environment | {"PYTHONPATH": str(place / "tests")},
            **({} if uid is None else {"user": uid, "group": uid, "extra_groups": []}),
        )

    return start


def test_the_suite_is_large_and_has_every_group() -> None:
    assert len(ATTACKS) >= 200
    assert {group.__name__.rpartition(".")[2] for group in runner.GROUPS} == {
        "files", "network", "processes", "kernel", "exhaustion", "wire", "rollback", "twins", "calls",
    }  # fmt: skip
    assert WEAKER_IN_LANDLOCK.keys() <= ATTACKS.keys()


@pytest.mark.parametrize(("kind", "name"), [one for kind in (ROOT_STRICT, USER_STRICT, USER_LANDLOCK) for one in attempts(kind)])
def test_an_attack_reaches_nothing(kind: str, name: str, hosts: Callable[[str], Host]) -> None:
    expected = WEAKER_IN_LANDLOCK.get(name, "") if kind == USER_LANDLOCK else ""
    assert hosts(kind).run(name) == expected

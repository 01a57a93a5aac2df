"""The installed command in a folder of the test's own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import forking
from cli.forking import COMMAND, Result

__all__ = ["COMMAND", "Codeact", "Result"]

Codeact = Callable[..., Result]

PRODUCT = """\
I let Python compute it.
<execute>
print("working")
12345 * 6789
</execute>
---
<solution>83810205</solution>
"""


def environment_in(home: Path) -> dict[str, str]:
    """Variables under which nothing outside a folder is read or written."""
    own = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    outer = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}  # it loses what a broken pipe left over
    return {**outer, **own, "TERM": "xterm-256color", "COLUMNS": "100", "CODEACT_PRELOAD": "[]"}  # sessions start sooner


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables under which nothing outside the test's folder is read or written."""
    return environment_in(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The working directory of the command."""
    path = tmp_path / "here"
    path.mkdir()
    return path


@pytest.fixture
def codeact(environment: dict[str, str], folder: Path) -> Codeact:
    """Run `codeact ARGUMENTS` with pipes; returns the finished process."""

    def call(*arguments: str | Path, stdin: str = "", **variables: str) -> Result:
        return forking.run(arguments, folder=folder, environment=environment | variables, stdin=stdin)

    return call


@pytest.fixture
def script(folder: Path) -> Callable[..., str]:
    """Write a script of model turns; returns the model's name."""

    def write(text: str = PRODUCT, name: str = "script.txt") -> str:
        (folder / name).write_text(text)
        return f"script:{name}"

    return write

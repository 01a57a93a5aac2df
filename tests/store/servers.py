"""A PostgreSQL server that tests make, start, kill and start again; as root it runs as the user that Debian's package made for it."""

import itertools
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

USER = "postgres"
_NUMBERS = itertools.count()


def find_programs() -> Path | None:
    """The folder of `initdb` and `postgres`, None if there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Postgres:
    """One server, with everything it has in one folder.

    Args:
        programs: folder of its programs.
        folder: an empty one.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._as: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        self._process: subprocess.Popen[Any] | None = None

    def make(self) -> None:
        """Make the cluster."""
        if self._as:
            shutil.chown(self._folder, USER, USER)
        self._run("initdb", "-D", str(self._data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-k", str(self._folder), "-c", "listen_addresses="]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self._as)
        for _ in range(600):
            if self._psql("select 1", check=False) == 0:
                return
            time.sleep(0.1)
        raise RuntimeError((self._folder / "log").read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """As a loss of power would, but for the disk."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
            for _ in range(200):  # its children end when they see that it is gone
                if not self._children():
                    return
                time.sleep(0.05)

    def new_database(self) -> str:
        """Make an empty database; returns its address."""
        name = f"codeact_{os.getpid()}_{next(_NUMBERS)}"
        self._psql(f'create database "{name}"')
        return f"postgresql://{USER}@/{name}?host={self._folder}"

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _children(self) -> list[str]:
        found = subprocess.run(["pgrep", "-f", str(self._data)], capture_output=True, text=True, check=False)
        return found.stdout.split()

    def _psql(self, query: str, *, check: bool = True) -> int:
        command = [str(self._programs / "psql"), "-h", str(self._folder), "-U", USER, "-d", "postgres", "-q", "-c", query]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if check and done.returncode:
            raise RuntimeError(done.stderr)
        return done.returncode

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([str(self._programs / program), *arguments], check=True, capture_output=True, cwd="/", **self._as)

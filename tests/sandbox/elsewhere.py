"""A Python that any user of this machine can run, with codeact and what it needs.

It is not an install: distributions are copied file by file from the environment of the tests.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import codeact
from codeact.sandbox import isolation

NOBODY = 64_999
"""An id that no user of this machine has."""


def needs_root() -> None:
    """Skip, unless the tests are root."""
    if os.geteuid() != 0:
        pytest.skip("needs root: run the tests as root too")


def base_python() -> str | None:
    """An interpreter of this version that everybody can run, None if there is none."""
    for candidate in (os.path.realpath(sys.executable), "/usr/bin/python3", "/usr/local/bin/python3"):
        if Path(candidate).exists() and _version(candidate) == sys.version_info[:2]:
            with_libraries = [path for path in isolation.library_paths(candidate) if not path.startswith(str(isolation.SANDBOX))]
            if isolation.reachable_by_others(with_libraries) is None:
                return candidate
    return None


def environment_for_all(folder: Path, base: str) -> Path:
    """Make a virtual environment that everybody can enter; returns its interpreter.

    Args:
        folder: exists, and everybody can enter it.
        base: from `base_python`.
    """
    subprocess.run([base, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
    for distribution in _needed("codeact"):
        for file in distribution.files or ():
            source = Path(str(file.locate()))
            if ".." not in file.parts and file.suffix not in (".pyc", ".pth") and source.is_file():
                target = packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    shutil.copytree(Path(codeact.__file__).parent, packages / "codeact", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "venv" / "bin" / "python"


def _version(python: str) -> tuple[int, ...]:
    said = subprocess.run([python, "-I", "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True)
    return tuple(map(int, said.stdout.split()))


def _needed(name: str, found: dict[str, metadata.Distribution] | None = None) -> list[metadata.Distribution]:
    """The distributions that one needs, without extras; itself only if it is installed as files."""
    found = {} if found is None else found
    for requirement in metadata.distribution(name).requires or ():
        other, marker = re.match(r"[\w.-]+", requirement), requirement.partition(";")[2]
        if other is None or "extra" in marker or other[0].lower() in found:
            continue
        try:
            found[other[0].lower()] = metadata.distribution(other[0])
        except metadata.PackageNotFoundError:
            continue  # for another platform or version
        _needed(other[0], found)
    return list(found.values())

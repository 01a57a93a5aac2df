"""Where the data is: the installed package, its folder of data, or its wheel.

Invariant: finding and reading it imports nothing of the package but its empty beginning. It does not: download.
"""

import importlib.util
import json
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from codeact import errors

INSTALL = "pip install --no-deps bfcl-eval"
"""Without what it depends on: the data needs none of it, and it is much, of fixed versions."""

_VERSION = "BFCL_v4"
_SINGLE = ("simple_python", "multiple", "parallel", "parallel_multiple")
MULTI = "multi_turn_base"
CATEGORIES = (*_SINGLE, MULTI)

Entry = dict[str, Any]
Folder = Path | zipfile.Path


def folder(data: Path | None) -> Folder:
    """The folder of the package's data.

    Args:
        data: that folder, the one that holds it, or the wheel; None: the installed package.

    Raises:
        InputError: it is not there.
    """
    if data is None:
        found = importlib.util.find_spec("bfcl_eval")
        if found is None or not found.submodule_search_locations:
            raise errors.InputError(f"the suite 'gorilla' needs the data of the package bfcl-eval: {INSTALL}, or give its folder or wheel")
        return Path(found.submodule_search_locations[0]) / "data"
    if data.is_file():
        try:
            return zipfile.Path(data) / "bfcl_eval" / "data"
        except zipfile.BadZipFile:
            raise errors.InputError(f"{str(data)!r} is no wheel of bfcl-eval: give that, or the package's folder of data") from None
    return next((place for place in (data / "bfcl_eval" / "data", data / "data") if place.is_dir()), data)


def questions(data: Path | None, category: str) -> Iterator[tuple[Entry, Any]]:
    """The tasks of a category, each with what is right.

    Raises:
        InputError: a file is not there, or a line cannot be read.
    """
    name = f"{_VERSION}_{category}.json"
    right = {entry["id"]: entry["ground_truth"] for entry in lines(data, "possible_answer", name)}
    for entry in lines(data, name):
        if entry["id"] not in right:
            raise errors.InputError(f"{name}: there is no right answer to {entry['id']!r} in possible_answer/{name}")
        yield entry, right[entry["id"]]


@lru_cache(maxsize=32)
def lines(data: Path | None, *parts: str) -> tuple[Entry, ...]:
    """The lines of a file of the data.

    Raises:
        InputError: it is not there, or a line is no JSON.
    """
    path: Any = folder(data)
    for part in parts:
        path = path / part
    if not path.is_file():
        raise errors.InputError(
            f"there is no {'/'.join(parts)} in the data of bfcl-eval at {str(folder(data))!r}; {INSTALL}, or give its folder"
        )
    text = path.read_text(encoding="utf-8")
    found: list[Entry] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                found.append(json.loads(line))
            except ValueError as error:
                raise errors.InputError(f"{'/'.join(parts)}, line {number} is no JSON: {error}") from None
    return tuple(found)

"""A small file, how an expert reads it, and the question about it.

Invariant: an expert that looks first prints the beginning of the file, and finds the answer in the action after that. It does not: know
what is asked.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from codeact.data.families.wordlists import WORDS
from codeact.data.families.worked import TWO_DECIMALS, in_turn
from codeact.data.family import Instance, Slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How a kind of file is read.

    Args:
        imports: that reading needs, with the line break; files that need some are no plain text.
        read: the statement; the place is for the opened file.
        by_name: the place is for the file's name instead.
        peek: an expression that shows the beginning of what was read.
        wrong: an expression that somebody might well try; it fails, or shows something else.
    """

    imports: str = ""
    read: str
    by_name: bool = False
    peek: str
    wrong: str


TEXT = Reader(read="text = {}.read()", peek="text[:150]", wrong="{}.count()")
LINES = Reader(read="lines = {}.read().splitlines()", peek="lines[:3]", wrong="{}.splitlines()[:3]")
CSV = Reader(imports="import csv\n", read="rows = list(csv.DictReader({}))", peek="rows[0]", wrong="csv.DictReader({})[0]")
PANDAS = Reader(
    imports="import pandas as pd\n", read="df = pd.read_csv({})", by_name=True, peek="df.head(2)", wrong='pd.read_csv({})["rows"]'
)
JSON_ROWS = Reader(imports="import json\n", read="rows = json.load({})", peek="rows[0]", wrong="json.loads({})")
JSON = Reader(imports="import json\n", read="data = json.load({})", peek="str(data)[:150]", wrong="json.loads({})")


@dataclass(frozen=True, slots=True)
class SmallFile:
    """A file of the workspace, and how it is read."""

    name: str
    text: str
    reader: Reader

    @property
    def opened(self) -> str:
        """The expression that opens it."""
        return f'open("{self.name}")'


def file_name(chance: random.Random, stems: Sequence[str], *endings: str) -> str:
    """A name with one of the stems, perhaps with a word or a number beside it, and one of the endings."""
    form = chance.choice(("{stem}", "{stem}_{word}", "{word}_{stem}", "my_{stem}", "{stem}{number}"))
    name = form.format(stem=chance.choice(stems), word=chance.choice(WORDS), number=chance.randrange(2, 30))
    return name + chance.choice(endings)


def question(chance: random.Random, prompt: str, file: SmallFile, right: Any, code: str, *, look: bool = False) -> Instance:
    """A question about a file.

    Args:
        chance: decides how the expert reads it.
        prompt: the whole question.
        file: what it is about.
        right: the right answer; a fraction is rounded to two decimals.
        code: prints the answer from what was read.
        look: the expert must look at the file first; otherwise it does now and then.
    """
    actions = _actions(chance, file, code, look)
    right, tolerance = (float(round(right, 2)), TWO_DECIMALS) if isinstance(right, Fraction) else (right, None)
    return Instance(
        prompt,
        right,
        in_turn(*actions),
        check={str: "exact", list: "list"}.get(type(right), "number"),
        tolerance=tolerance,
        files={file.name: file.text},
        slips=_slips(file),
    )


def _actions(chance: random.Random, file: SmallFile, code: str, look: bool) -> list[str]:
    reading = _reading(chance, file)
    if not look and chance.random() >= 0.35:
        return [f"{reading}\n{code}"]
    beginning = "readline()"
    if file.reader.imports or chance.random() < 0.7:
        beginning = f"read()[:{chance.choice((100, 150, 200))}]"
    if chance.random() < 0.4:
        return [f"{reading}\nprint({file.reader.peek})", code]
    return [f"print({file.opened}.{beginning})", f"{reading}\n{code}"]


def _reading(chance: random.Random, file: SmallFile) -> str:
    reader = file.reader
    in_one_line = chance.random() < 0.5
    if reader.by_name:
        return reader.imports + reader.read.format(f'"{file.name}"')
    if in_one_line:
        return reader.imports + reader.read.format(file.opened)
    return f"{reader.imports}with {file.opened} as file:\n    {reader.read.format('file')}"


def _slips(file: SmallFile) -> tuple[Slip, ...]:
    stem = file.name.split(".", 1)[0]
    return (
        Slip("wrong use", f"{file.reader.imports}print({file.reader.wrong.format(file.opened)})"),
        Slip("wrong file", f'print(open("{stem}").read())'),
    )

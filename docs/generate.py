"""Fills the generated parts of README.md and of the pages in docs/: snippets, help texts, tables, trees.

A generated part stands between ``<!-- KIND: ARGUMENT -->`` and ``<!-- end -->``; KIND is a key of `KINDS`. Invariants: the same tree gives
the same bytes on every machine; what stands outside the marks is never touched. It does not: render or publish the pages.

    python docs/generate.py            write
    python docs/generate.py --check    write nothing, print the differences, exit 1 if there are any
"""

import ast
import difflib
import os
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from codeact import config, errors, events
from codeact.cli.exits import Exit
from codeact.cli.main import VERBS, group

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "codeact"
WIDTH = 100


def fence(text: str, language: str) -> str:
    """A fenced block, its fence longer than any inside."""
    marks = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", text))])
    return f"{marks}{language}\n{text.rstrip()}\n{marks}\n"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |\n" for line in lines)


def include(name: str) -> str:
    """A file of examples/: Python without its docstring, which is for readers of the folder; anything else whole."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return fence(text, {".jsonl": "json", ".out": "text"}.get(path.suffix, path.suffix.removeprefix(".") or "text"))
    first = ast.parse(text).body[0]
    return fence("".join(text.splitlines(keepends=True)[first.end_lineno :]).strip(), "python")


def command_help(verb: str) -> str:
    """``codeact VERB --help``, as printed on a terminal of a fixed width."""
    arguments = [*verb.split(), "--help"]
    result = CliRunner().invoke(group, arguments, prog_name="codeact", terminal_width=WIDTH, max_content_width=WIDTH)
    if result.exit_code:
        raise SystemExit(f"codeact {' '.join(arguments)} failed: {result.output}")
    return fence(f"$ codeact {' '.join(arguments)}\n{result.output}", "text")


def commands(_: str) -> str:
    """The help of the whole and of every verb, a heading each."""
    context = click.Context(group)
    parts = [command_help("")]
    for verb in VERBS:
        parts.append(f"\n## codeact {verb}\n\n{command_help(verb)}")
        inner = group.get_command(context, verb)
        if isinstance(inner, click.Group):
            parts += [f"\n### codeact {verb} {name}\n\n{command_help(f'{verb} {name}')}" for name in sorted(inner.commands)]
    return "".join(parts)


def _default(info: FieldInfo) -> str:
    value: Any = info.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, BaseModel):
        return "see below"
    if value is None:
        return "none"
    return f"`{str(value).replace(str(Path.home()), '~')}`"


def settings(_: str) -> str:
    """Every setting: key, environment variable, default, meaning."""
    rows = [
        [f"`{name}`", f"`{config.PREFIX}{name.upper()}`", _default(info), info.description or ""]
        for name, info in config.Settings.model_fields.items()
        if name != "limits"
    ]
    return table(["key", "environment variable", "default", "meaning"], rows)


def variables(_: str) -> str:
    """Environment variables that are no settings."""
    return table(["environment variable", "meaning"], [[f"`{name}`", meaning] for name, meaning in config.VARIABLES.items()])


def limits(_: str) -> str:
    """Every limit: key, environment variable, default; below, what they bound in the words of the class."""
    rows = [
        [f"`limits.{name}`", f"`{config.PREFIX}LIMITS__{name.upper()}`", _default(info)]
        for name, info in events.Limits.model_fields.items()
    ]
    meanings = " ".join((events.Limits.__doc__ or "").split("\n\n")[1].split())
    named = re.sub(rf"\b({'|'.join(events.Limits.model_fields)})\b(?= \(|,| and)", r"`\1`", meanings)
    return f"{table(['key', 'environment variable', 'default'], rows)}\n{named}\n"


def exit_codes(_: str) -> str:
    """Exit codes of the command line."""
    return table(["code", "meaning"], [[str(code.value), code.meaning] for code in Exit])


def error_tree(_: str) -> str:
    """The drawing in the docstring of `codeact.errors`, which a test compares with the classes."""
    lines = (errors.__doc__ or "").splitlines()
    first = next(number for number, line in enumerate(lines) if line.strip() == "CodeactError")
    return fence("\n".join(line.removeprefix("    ") for line in lines[first:]), "text")


def event_table(_: str) -> str:
    """Every event: its type in the file, its fields, the first sentence of its docstring."""
    rows = [
        [f"`{kind.model_fields['type'].default}`", _first_sentence(kind.__doc__ or ""), _fields(kind)]
        for kind in events.Event.__subclasses__()
        if not kind.transient
    ]
    return table(["type", "meaning", "fields besides `type` and `time`"], rows)


def _fields(kind: type[BaseModel]) -> str:
    return ", ".join(f"`{name}`" for name in kind.model_fields if name not in {"type", "time"})


def tree(_: str) -> str:
    """The package in layer order, each unit with the first sentence of its docstring, folders with their modules."""
    layers: list[set[str]] = runpy.run_path(str(ROOT / "tests" / "architecture" / "imports.py"))["LAYERS"]
    lines = ["src/codeact/"]
    for layer in layers:
        for unit in sorted(layer):
            lines += _tree_lines(unit)
    return fence("\n".join(lines), "text")


def _tree_lines(unit: str) -> Iterator[str]:
    folder = PACKAGE / unit
    path = folder / "__init__.py" if folder.is_dir() else PACKAGE / f"{unit}.py"
    if not path.is_file():
        return
    summary = _first_sentence(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").rstrip(".")
    yield f"  {unit + ('/' if folder.is_dir() else '.py'):<16} {summary}"
    if folder.is_dir():
        inside = [
            *(one.name for one in folder.glob("*.py") if one.stem != "__init__"),
            *(f"{one.parent.name}/" for one in folder.glob("*/__init__.py")),
        ]
        yield from _wrapped(sorted(inside), indent=19)


def _wrapped(names: list[str], indent: int) -> Iterator[str]:
    line = ""
    for name in names:
        if line and indent + len(line) + len(name) > WIDTH:
            yield " " * indent + line.rstrip()
            line = ""
        line += f"{name}  "
    if line:
        yield " " * indent + line.rstrip()


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.])\s", " ".join(text.split("\n\n", maxsplit=1)[0].split()), maxsplit=1)[0]


KINDS: dict[str, Callable[[str], str]] = {
    "include": include,
    "help": command_help,
    "commands": commands,
    "settings": settings,
    "variables": variables,
    "limits": limits,
    "exit-codes": exit_codes,
    "errors": error_tree,
    "events": event_table,
    "tree": tree,
}

OPENING = re.compile(rf"^<!-- (?P<kind>{'|'.join(KINDS)}): ?(?P<argument>.*?) ?-->\n", re.MULTILINE)
PART = re.compile(rf"(?P<open>{OPENING.pattern})(?P<body>.*?)(?P<close>^<!-- end -->)", re.MULTILINE | re.DOTALL)


def filled(text: str, name: str) -> str:
    """The page with its generated parts made anew.

    Args:
        text: the page.
        name: the page's name, for errors.

    Raises:
        SystemExit: a part is not closed, or its file does not exist.
    """

    def fill(match: re.Match[str]) -> str:
        try:
            return f"{match['open']}\n{KINDS[match['kind']](match['argument'])}\n{match['close']}"  # Markdown wants tables apart
        except FileNotFoundError as error:
            raise SystemExit(f"{name}: {match['open'].strip()} names a file that does not exist: {error.filename!r}") from error

    opened, closed = len(OPENING.findall(text)), len(PART.findall(text))
    if opened != closed:
        raise SystemExit(f"{name}: {opened} generated parts are opened, but {closed} are closed: each ends with <!-- end -->")
    return PART.sub(fill, text)


def main(arguments: list[str]) -> int:
    """Write or check all pages; returns the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    for name in [name for name in os.environ if name.startswith(("XDG_", config.PREFIX))]:
        del os.environ[name]  # defaults are shown as they are on a fresh machine
    stale = 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        name = path.relative_to(ROOT).as_posix()
        old = path.read_text(encoding="utf-8")
        new = filled(old, name)
        if new == old:
            continue
        stale += 1
        if arguments:
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, f"{name} (generated)"))
        else:
            path.write_text(new, encoding="utf-8")
            print(f"wrote {name}")
    if stale and arguments:
        print(f"\n{stale} pages are stale: run make docs and commit the result")
    return 1 if stale and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

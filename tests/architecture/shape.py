"""Size, name and wording rules of the tree, as functions of a root: what a reader would otherwise have to police.

Invariant: as in `imports`, a rule returns one line a breach and runs nothing of the tree. Exceptions stand in the tables
here, each with its reason.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from architecture.imports import modules, parse

MOST_LINES = 400
MOST_FUNCTION_LINES = 50
MOST_ENTRIES = 20
MOST_COMPLEXITY = 10

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("entries", "."): "the root of the package, and of its tests: one entry for each family of the design",
    ("name", "formats/code.py"): "the format's own name, as the user writes it; nothing puts formats/ on a path, so it shadows nothing",
}
"""(rule, what) -> reason. `rule` is lines, function, entries, complexity or name; `what` a path from the root, with
``:name`` after it in the two rules about functions."""

VAGUE = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "base"}

BROAD = {
    "bench/grading.py": "a suite's own check may raise anything, and is told of by name",
    "bench/suites/mint/jury.py": "a program under test may raise anything, SystemExit included, and what it raises is the verdict",
    "errors.py": "`crossing` gives a type to whatever is foreign",
    "tools/bridge.py": "a tool may raise anything, and what it raises is the reply",
    "tools/loading.py": "a module of the user's may raise anything when it is imported",
    "sandbox/guest/shell.py": "the user's code, and objects of its own that are shown, may raise anything",
    "sandbox/guest/streams.py": "a stream object of the user's may raise anything when it is flushed",
    "sandbox/guest/tracebacks.py": "formatting an exception runs the user's `__str__` and `__repr__`",
}
"""Where a broad `except` may swallow. One that ends in a bare `raise` only cleans up, and may stand anywhere."""

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
MACHINE = re.compile(r"(^|[^A-Za-z0-9_.])/(work|farm)/|/tmp/[d]ev\b|\bpythonhoste[d]\b|\bpypi[.]org\b")
TEXT_SUFFIXES = {".py", ".md", ".toml", ".yml", ".yaml", ".txt", ".jsonl", ".json", ".sh", ""}
SKIPPED_FOLDERS = {"__pycache__", "build", "dist"}
UNCOUNTED = {"py.typed", *SKIPPED_FOLDERS, "conftest.py"}  # like `__init__.py`, it has a fixed name and a fixed place


def _excused(rule: str, what: str) -> bool:
    return (rule, what) in EXCEPTIONS


def long_files(root: Path) -> list[str]:
    """Python files over the limit of lines."""
    counted = ((path.relative_to(root).as_posix(), len(path.read_text(encoding="utf-8").splitlines())) for path in modules(root))
    return [f"{name} has {count} lines" for name, count in counted if count > MOST_LINES and not _excused("lines", name)]


def long_functions(root: Path) -> list[str]:
    """Functions over the limit of lines, decorators and docstring included."""
    return [
        f"{name} has {node.end_lineno - node.lineno + 1} lines"
        for path in modules(root)
        for node in _functions(parse(path))
        if (name := f"{path.relative_to(root).as_posix()}:{node.name}")
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES
        and not _excused("function", name)
    ]


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def crowded_folders(root: Path) -> list[str]:
    """Folders with more named entries than a reader takes in at a glance; what is hidden, or named for pytest or Python, does not count."""
    folders = [root, *(path for path in sorted(root.rglob("*")) if path.is_dir() and not SKIPPED_FOLDERS & set(path.parts))]
    counted = ((folder.relative_to(root).as_posix(), len(_entries(folder))) for folder in folders)
    return [f"{name} has {count} entries" for name, count in counted if count > MOST_ENTRIES and not _excused("entries", name)]


def _entries(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name[0] not in "._" and path.name not in UNCOUNTED]


def complex_functions(root: Path) -> list[str]:
    """Functions whose cyclomatic complexity is over the limit, as ruff counts it; a `noqa` does not help."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--ignore-noqa",
        "--no-cache",
        "--output-format=concise",
        "--select=C901",
    ]
    command += ["--config", f"lint.mccabe.max-complexity={MOST_COMPLEXITY}", "."]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(f"ruff failed: {done.stderr}")
    breaches = re.findall(r"^(\S+?):(\d+):\d+: C901 `(\w+)`(.*)$", done.stdout, flags=re.MULTILINE)
    return [f"{path}:{line} {name}{rest}" for path, line, name, rest in breaches if not _excused("complexity", f"{path}:{name}")]


def bad_names(root: Path) -> list[str]:
    """Modules and folders with a vague name, or that of a standard library module."""
    named = [path for path in sorted(root.rglob("*")) if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))]
    return [
        f"{name} is named {'vaguely' if path.stem in VAGUE else 'like a module of the standard library'}"
        for path in named
        if not path.stem.startswith("__")
        and (path.stem in VAGUE or path.stem in sys.stdlib_module_names)
        and not _excused("name", name := path.relative_to(root).as_posix())
    ]


def broad_excepts(root: Path, excused: Iterable[str] = BROAD) -> list[str]:
    """Handlers that swallow anything (`except Exception`, bare `except`, `suppress(Exception)`) outside the listed places."""
    return [
        f"{name}:{node.lineno} catches broadly"
        for path in modules(root)
        if (name := path.relative_to(root).as_posix()) not in excused
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler | ast.Call) and _swallows(node)
    ]


def _swallows(node: ast.ExceptHandler | ast.Call) -> bool:
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called == "suppress" and any(_is_broad(argument) for argument in node.args)
    last = node.body[-1]
    cleans_up = isinstance(last, ast.Raise) and last.exc is None
    return not cleans_up and (node.type is None or _is_broad(node.type))


def _is_broad(kind: ast.expr) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_is_broad(one) for one in kind.elts)
    return isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}


def undocumented(root: Path) -> list[str]:
    """Modules without a docstring."""
    return [f"{path.relative_to(root).as_posix()} has no docstring" for path in modules(root) if not ast.get_docstring(parse(path))]


def unfinished(root: Path) -> list[str]:
    """Lines that say that something is still to be done."""
    return [found for path in modules(root) for found in _matches(root, path, UNFINISHED)]


def machine_paths(root: Path) -> list[str]:
    """Lines of text files that name a place on the machine they were written on, or a package registry's host."""
    texts = [path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix in TEXT_SUFFIXES]
    kept = [path for path in texts if not any(part in SKIPPED_FOLDERS or part.startswith(".") for part in path.relative_to(root).parts)]
    return [found for path in kept for found in _matches(root, path, MACHINE)]


def _matches(root: Path, path: Path, pattern: re.Pattern[str]) -> list[str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [
        f"{path.relative_to(root).as_posix()}:{number} {line.strip()}" for number, line in enumerate(lines, start=1) if pattern.search(line)
    ]

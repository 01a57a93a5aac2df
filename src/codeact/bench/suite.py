"""A suite: a folder with tasks, the tools that they may call, the checks of their answers, and the oracle that solves them.

    suite.toml      name, description, source, licence; formats; [limits]; [rules.NAME]; [modules]
    tasks.jsonl     a task a line, as `codeact.bench.task.Task`; or tasks.py: make_tasks(data, seed) -> the same, as dicts
    tools.py        functions with type hints and docstrings, or make_tools(task) -> list, for tools with state; make_tools(task, data) is
                    given the folder of the original's data too
    checks.py       functions of the checks python:NAME, see `codeact.bench.grading`
    oracle.py       code(task) and calls(task), or calls(task, single): policies that solve a task, see `codeact.bench.policies`;
                    slip(task, format, chance) -> Step: a wrong first action
    files/          what tasks may have copied into their workspace; tasks.py may make more: make_files(task) -> {name: text or bytes}

Invariant: suites that come with codeact and a user's are read by the same code. A suite's modules are its author's own code, and run on the
host with the user's rights; the sandbox sees of them only the tools' signatures. It does not: run a task.
"""

import hashlib
import inspect
import json
import random
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue, ValidationError

from codeact import errors, events
from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.bench.task import PYTHON, Task
from codeact.protocols import Step
from codeact.tools.loading import load

BUILT_IN = ("m3", "api-bank", "api-bank-small", "mint", "mint-small", "gorilla", "instruct")
"""Names of the suites that come with codeact."""

_PACKAGES = {name: f"codeact.bench.suites.{name.replace('-', '_')}" for name in BUILT_IN} | {"instruct": "codeact.data.instruct"}
_ROOT = Path(__file__).parents[1]
_PARTS = ("tasks", "tools", "checks", "oracle")

Format = Literal["code", "json", "text"]


class Rule(events.Value):
    """Which answers count.

    Args:
        answers: how many may be given; the model is told that one is wrong while it may give another. None: any number, in suite.toml
            "any".
        limits: bounds in place of the suite's.
        note: a line at the end of the prompt that tells the model of the rule; {answers} and {turns} stand for the numbers.
    """

    answers: Annotated[Annotated[int, Field(ge=1)] | None, BeforeValidator(lambda given: None if given == "any" else given)] = 1
    limits: dict[str, int | float | None] = Field(default_factory=dict)
    note: str = ""


class Manifest(events.Value):
    """What `suite.toml` holds.

    Args:
        name, description, source, licence: for reports; `source` says who wrote the tasks.
        formats: in which the suite can be done.
        rule: the one that counts if none is named.
        limits: of each run, by the names of `codeact.events.Limits`.
        rules: by name; without any there is `strict`: the first answer counts.
        gradings: other ways to grade, by name: the check that takes the place of the tasks' own.
        modules: part (tasks, tools, checks, oracle) to file, for those that are not called after their part.
        preload: modules that sessions have loaded; None: as the settings say.
        spared: by format, names of tools that it does without: a builtin of Python has the same name and does the same, which a tool in its
            place would hide from code.
    """

    name: str = Field(min_length=1)
    description: str = ""
    source: str = ""
    licence: str = ""
    formats: tuple[Format, ...] = ("code", "json", "text")
    rule: str = "strict"
    limits: dict[str, int | float | None] = Field(default_factory=dict)
    rules: dict[str, Rule] = Field(default_factory=lambda: {"strict": Rule()})
    gradings: dict[str, str] = Field(default_factory=dict)
    modules: dict[str, str] = Field(default_factory=dict)
    preload: tuple[str, ...] | None = None
    spared: dict[Format, tuple[str, ...]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """A suite that was read.

    Args:
        folder: where it lies.
        manifest: of suite.toml.
        tasks: in their order.
        modules: by part; a part that the folder lacks is missing.
        data: folder of the original's data that the tasks come from, None if the suite has its own.
    """

    folder: Path
    manifest: Manifest
    tasks: tuple[Task, ...]
    modules: Mapping[str, ModuleType] = field(default_factory=dict)
    data: Path | None = None

    @property
    def name(self) -> str:
        """As suite.toml has it."""
        return self.manifest.name

    @property
    def fingerprint(self) -> str:
        """Changes when a task does: results of two runs can be put side by side only if it is the same."""
        text = "\n".join(task.model_dump_json() for task in self.tasks)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def rule(self, name: str | None = None) -> Rule:
        """A rule by its name, the suite's own without one.

        Raises:
            InputError: there is none of that name.
        """
        name = self.manifest.rule if name is None else name
        if name not in self.manifest.rules:
            raise errors.InputError(f"the suite {self.name!r} has no rule {name!r}; it has: {', '.join(self.manifest.rules)}")
        return self.manifest.rules[name]

    def grading(self, name: str | None) -> str | None:
        """The check that a grading puts in place of the tasks' own; None for their own.

        Raises:
            InputError: there is none of that name.
        """
        if name is not None and name not in self.manifest.gradings:
            there = ", ".join(self.manifest.gradings) or "none but that of its tasks"
            raise errors.InputError(f"the suite {self.name!r} has no grading {name!r}; it has: {there}")
        return None if name is None else self.manifest.gradings[name]

    def tools(self, task: Task, format: str | None = None) -> list[Any]:
        """The tools of a task, anew: what they remember is of one attempt only.

        Args:
            task: whose.
            format: without those that it does without; None: all.

        Raises:
            InputError: the task names one that the suite lacks.
        """
        spared = {name for one, names in self.manifest.spared.items() if one == format for name in names}
        return [tool for tool in self._tools(task) if _name_of(tool) not in spared]

    def _tools(self, task: Task) -> list[Any]:
        module = self.modules.get("tools")
        if module is None or task.tools == ():
            return []
        make = getattr(module, "make_tools", None)
        made = list(_made_by(make, task, self.data)) if make is not None else list(_functions_of(module))
        if task.tools is None:
            return made
        named = {_name_of(tool): tool for tool in made}
        missing = [name for name in task.tools if name not in named]
        if missing:
            raise errors.InputError(f"the task {task.id!r} names the tool {missing[0]!r}; the suite {self.name!r} has: {', '.join(named)}")
        return [named[name] for name in task.tools]

    def files(self, task: Task, aside: Path) -> list[Path]:
        """The files of a task, on the host.

        Args:
            task: whose.
            aside: an empty folder for those that are made.

        Raises:
            InputError: one is not there.
        """
        paths = [self.folder / "files" / name for name in task.files]
        missing = next((path for path in paths if not path.is_file()), None)
        if missing is not None:
            raise errors.InputError(f"the task {task.id!r} needs the file {str(missing)!r}, which is not there")
        make = getattr(self.modules.get("tasks"), "make_files", None)
        for name, content in make(task).items() if make is not None else ():
            paths.append(aside / name)
            paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
        return paths

    def check(self, name: str) -> Callable[..., Any]:
        """The function of a check python:NAME.

        Raises:
            InputError: there is none.
        """
        function = getattr(self.modules.get("checks"), name, None)
        if not callable(function):
            raise errors.InputError(f"the suite {self.name!r} has no function {name!r} in checks.py, which a task names as its check")
        return function

    @property
    def has_oracle(self) -> bool:
        """Whether the folder has an oracle."""
        return "oracle" in self.modules

    def policy(self, task: Task, format: str, *, single: bool = False) -> CodePolicy | CallPolicy | None:
        """How the oracle solves a task in a format, None if the suite has no oracle, or it cannot in that format.

        Args:
            task: which.
            format: in which it will be written.
            single: one call a turn; told to a `calls` that has a parameter of this name.
        """
        solve = getattr(self.modules.get("oracle"), "code" if format == "code" else "calls", None)
        if solve is None:
            return None
        return solve(task, single=single) if "single" in inspect.signature(solve).parameters else solve(task)

    def slip(self, task: Task, format: str, chance: random.Random) -> Step | None:
        """A wrong first action that somebody might well make; None if the suite's oracle.py has no `slip`, or knows none for the task.

        Args:
            task: which.
            format: in which it will be written.
            chance: which of several.
        """
        make = getattr(self.modules.get("oracle"), "slip", None)
        return None if make is None else make(task, format, chance)


def read(name: str | Path, *, data: Path | None = None, seed: int = 0, options: Mapping[str, JsonValue] | None = None) -> Suite:
    """Read a suite.

    Args:
        name: of one that comes with codeact, or a folder.
        data: folder of the original's data, for suites that have none of their own.
        seed: for suites that make tasks up.
        options: more that the suite's `make_tasks` takes, by name.

    Raises:
        InputError: there is no such suite, or something in it is wrong; the message names the file, the line and the value.
    """
    package = _PACKAGES.get(str(name), "")
    folder = _ROOT.joinpath(*package.split(".")[1:]) if package else Path(name)
    if not (folder / "suite.toml").is_file():
        raise errors.InputError(f"there is no suite {str(name)!r}: name one of {', '.join(BUILT_IN)}, or a folder that holds a suite.toml")
    manifest = _manifest(folder / "suite.toml")
    modules = dict(_modules(folder, manifest, package))
    lines = _made(modules["tasks"], data, seed, options or {}) if "tasks" in modules else _lines(folder / "tasks.jsonl")
    tasks = _tasks(lines)
    suite = Suite(folder, manifest, tasks, modules, data)
    for task in tasks:
        if task.check.startswith(PYTHON):
            suite.check(task.check.removeprefix(PYTHON))
    return suite


def limits_of(suite: Suite, rule: Rule, limits: events.Limits, chosen: Mapping[str, Any] | None = None) -> events.Limits:
    """The bounds of a run: those of the settings, then the suite's, then the rule's, then those that were chosen, the last winning.

    Raises:
        InputError: one of them is no bound, or its value does not fit.
    """
    merged = {**limits.model_dump(), **suite.manifest.limits, **rule.limits, **{k: v for k, v in (chosen or {}).items() if v is not None}}
    try:
        return events.Limits(**merged)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise errors.InputError(f"the limits of the suite {suite.name!r}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _manifest(path: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise errors.InputError(f"cannot read the suite {str(path)!r}: {error}; mend it") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise errors.InputError(f"{str(path)!r}: {'.'.join(map(str, first['loc']))}: {first['msg']}; it is {first['input']!r}") from None
    unknown = next((part for part in manifest.modules if part not in _PARTS), None)
    if unknown is not None:
        raise errors.InputError(f"{str(path)!r}: modules.{unknown} is none of the parts {', '.join(_PARTS)}")
    return manifest


def _modules(folder: Path, manifest: Manifest, package: str) -> Iterator[tuple[str, ModuleType]]:
    for part in _PARTS:
        path = folder / manifest.modules.get(part, f"{part}.py")
        if path.is_file():
            yield part, load(f"{package}.{path.stem}" if package else str(path))
        elif part in manifest.modules:
            raise errors.InputError(f"the suite {manifest.name!r} names {str(path)!r} as its module of {part}, which is not there")


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # and at no other character: JSON may hold those as they are
    except (OSError, UnicodeDecodeError) as error:
        raise errors.InputError(f"cannot read the tasks {str(path)!r}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield f"{str(path)!r}, line {number}", json.loads(line)
            except ValueError as error:
                raise errors.InputError(f"{str(path)!r}, line {number} is not JSON: {error}") from None


def _made(module: ModuleType, data: Path | None, seed: int, options: Mapping[str, JsonValue]) -> Iterator[tuple[str, Any]]:
    make = getattr(module, "make_tasks", None)
    if make is None:
        raise errors.InputError(f"{str(module.__file__)!r} has no function make_tasks(data, seed)")
    unknown = [name for name in options if name not in inspect.signature(make).parameters]
    if unknown:
        raise errors.InputError(f"{str(module.__file__)!r}: make_tasks has no option {unknown[0]!r}")
    for number, line in enumerate(make(data, seed, **options), start=1):
        yield f"{str(module.__file__)!r}, task {number}", line


def _tasks(lines: Iterable[tuple[str, Any]]) -> tuple[Task, ...]:
    tasks: dict[str, Task] = {}
    for place, line in lines:
        try:
            task = line if isinstance(line, Task) else Task.model_validate(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise errors.InputError(f"{place}: {'.'.join(map(str, first['loc']))}: {first['msg']}; it is {first['input']!r}") from None
        if task.id in tasks:
            raise errors.InputError(f"{place}: there is another task with the id {task.id!r}; give one of them another")
        tasks[task.id] = task
    if not tasks:
        raise errors.InputError("the suite has no tasks")
    return tuple(tasks.values())


def _functions_of(module: ModuleType) -> Sequence[FunctionType]:
    """Public functions that the module itself defines."""
    return [
        thing
        for name, thing in vars(module).items()
        if isinstance(thing, FunctionType) and thing.__module__ == module.__name__ and not name.startswith("_")
    ]


def _made_by(make: Callable[..., Iterable[Any]], task: Task, data: Path | None) -> Iterable[Any]:
    return make(task, data) if "data" in inspect.signature(make).parameters else make(task)


def _name_of(tool: Any) -> str:
    spec = getattr(tool, "spec", None)
    return spec.name if isinstance(spec, events.ToolSpec) else getattr(tool, "__name__", type(tool).__name__)

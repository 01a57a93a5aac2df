"""Runs a suite: every task by every model in every format, as often as asked, several at a time, and on from where it stopped.

A folder of results holds `plan.json` (what is run), `results.jsonl` (a line for each attempt that is over), and `runs/`, the record of
each.

Invariant: an attempt has its result, or it is made again; what came of it does not depend on how many run side by side, or on what was done
before. Two runners never write to one folder. It does not: say what the results mean.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from codeact import build, config, errors
from codeact.bench import baselines
from codeact.bench.attempt import Conditions, attempt, is_lasting
from codeact.bench.plan import FILE, Plan, read_plan
from codeact.bench.results import Key, Result, ResultFile, read
from codeact.bench.side_by_side import side_by_side
from codeact.bench.slipped import SLIPPED, Slipped, inner_name, slip_of, times
from codeact.bench.suite import Suite
from codeact.bench.task import Task
from codeact.protocols import Model

RESULTS, RUNS = "results.jsonl", "runs"
_MOST_LASTING = 3
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")

OnProgress = Callable[[Result, int, int], object]
"""Told of each attempt that is over, of how many are, and of how many there are to be."""


@dataclass(frozen=True)
class Runner:
    """Runs a plan.

    Args:
        plan: what.
        suite: the tasks.
        settings: all of them; what the plan says wins.
        out: folder of the results; one that holds some of the same plan already is gone on with.
        jobs: attempts side by side.
        on_progress: told of each that is over.
    """

    plan: Plan
    suite: Suite
    settings: config.Settings
    out: Path
    jobs: int = 1
    on_progress: OnProgress | None = None

    async def arun(self) -> list[Result]:
        """Make all attempts that have no result yet; returns all results, in the order of the plan.

        Raises:
            InputError: the folder holds results of another plan, cannot be used, or is in use; a task cannot be attempted.
            ModelError, SessionError: the model or the sandbox cannot be had: what is done is kept, and a later call goes on.
        """
        self._claim()
        file = ResultFile(self.out / RESULTS)
        models: dict[str, Model] = {}
        try:
            todo = [key for key in self.plan.keys if key not in file.lines]
            await self._all(todo, file, models)
            return [file.lines[key] for key in self.plan.keys]
        finally:
            file.close()
            for model in models.values():
                await model.aclose()

    def done(self) -> int:
        """How many attempts have their result already.

        Raises:
            InputError: the results cannot be read.
        """
        path = self.out / RESULTS
        return len({result.key for result in read(path)} & set(self.plan.keys)) if path.exists() else 0

    async def _all(self, todo: Sequence[Key], file: ResultFile, models: dict[str, Model]) -> None:
        """Work on a queue; the first error that would come again ends all, once it has come often enough."""
        lasting = list[errors.CodeactError]()
        total = len(file.lines.keys() & set(self.plan.keys)) + len(todo)

        async def work(key: Key) -> None:
            try:
                result = await self._attempt(key, models)
            except errors.CodeactError as error:
                lasting.append(error)
                if not is_lasting(error) or isinstance(error, errors.InputError) or len(lasting) >= _MOST_LASTING:
                    raise
                return
            file.append(result)
            if self.on_progress is not None:
                self.on_progress(result, len(file.lines), total)

        await side_by_side(todo, work, self.jobs)
        if lasting:
            raise lasting[0]

    async def _attempt(self, key: Key, models: dict[str, Model]) -> Result:
        task = self._tasks[key.task]
        shown = f"{RUNS}/{slug(key.model)}/{key.format}/{slug(key.task)}.{key.repeat}.jsonl"
        path = self.out / shown
        path.unlink(missing_ok=True)  # of an attempt that was cut short
        path.parent.mkdir(parents=True, exist_ok=True)
        settings = self._settings(key)
        conditions = Conditions(self.suite, settings, self.suite.rule(self.plan.rule), self.suite.grading(self.plan.grading))
        return await attempt(conditions, task, self._model(key, task, models), key, path=path, shown=shown)

    def _model(self, key: Key, task: Task, models: dict[str, Model]) -> Model:
        if key.model.startswith(SLIPPED):
            format = build.format(key.format)
            slip = slip_of(self.suite, task, format, key.repeat)
            inner = self._model(key._replace(model=inner_name(key.model)), task, models)
            return Slipped(inner, "" if slip is None else format.write(slip), times(key.model))
        if baselines.is_baseline(key.model):
            return baselines.baseline(key.model, self.suite, task, build.format(key.format), key.repeat)
        if key.model not in models:
            models[key.model] = build.named(self.settings, key.model)
        return models[key.model]

    def _settings(self, key: Key) -> config.Settings:
        """Of one attempt: each repetition has a seed of its own, and baselines no grammar and no native calls."""
        plan, preload = self.plan, self.suite.manifest.preload
        return self.settings.model_copy(
            update={
                "format": key.format,
                "limits": plan.limits,
                "seed": None if plan.seed is None else plan.seed + key.repeat,
                "native": plan.native and key.format != "text" and not baselines.is_baseline(inner_name(key.model)),
                "preload": self.settings.preload if preload is None else preload,
                "tools": (),
                "mcp": None,
            }
        )

    @cached_property
    def _tasks(self) -> dict[str, Task]:
        return {task.id: task for task in self.suite.tasks}

    def _claim(self) -> None:
        """Make the folder ours: write the plan, or find the same one there."""
        path = self.out / FILE
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                if any(self.out.iterdir()):
                    raise errors.InputError(f"the folder {str(self.out)!r} holds something else than results; give an empty one with --out")
                _write(path, self.plan.model_dump_json(indent=1))
                return
        except OSError as error:
            raise errors.InputError(f"cannot use the folder {str(self.out)!r} for results: {error.strerror}; give another --out") from error
        there = read_plan(self.out)
        if there != self.plan:
            field = next(name for name in Plan.model_fields if getattr(there, name) != getattr(self.plan, name))
            raise errors.InputError(
                f"the folder {str(self.out)!r} holds results of another plan: its {field} is {_short(getattr(there, field))}, "
                f"not {_short(getattr(self.plan, field))}; give another --out, or the same options to go on with it"
            )


def slug(name: str) -> str:
    """A name as one of a file; two that differ only in what no file name may hold still differ."""
    safe = _UNSAFE.sub("-", name)[:80].strip(".-") or "x"
    return safe if safe == name else f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _write(path: Path, text: str) -> None:
    """A file that is there whole or not at all."""
    beside = path.with_suffix(".part")
    beside.write_text(text + "\n", encoding="utf-8")
    beside.replace(path)


def _short(value: object, most: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 3]}..."

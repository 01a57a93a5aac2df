"""What a bench is to run: which models, in which formats, on which tasks, how often, under which rule and bounds.

Invariant: a plan is checked when it is made, so that what cannot be run is said before anything is; it is written beside the results, and
results of another plan are never mixed with them. It does not: run anything.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from codeact import __version__, build, config, errors, events
from codeact.bench import baselines
from codeact.bench.results import Key
from codeact.bench.slipped import inner_name
from codeact.bench.suite import Suite, limits_of

FILE = "plan.json"


class Plan(events.Value):
    """What is run; two runs with equal plans and the same model's words give equal scores.

    Args:
        suite, fingerprint: the tasks, see `codeact.bench.suite.Suite`.
        description, source, licence: of the suite, for reports.
        codeact: version that made it.
        models, formats: who, and how.
        repeats: how often each task is attempted.
        tasks: ids of those that are attempted, in their order.
        only: of tasks that cannot be done in every format, those in which they can.
        rule, grading: which answers count, and how they are graded; None: the tasks' own checks.
        limits: of each run.
        temperature, seed, max_tokens, native, grammar: of the model.
    """

    suite: str
    fingerprint: str
    description: str = ""
    source: str = ""
    licence: str = ""
    codeact: str = __version__
    models: tuple[str, ...] = Field(min_length=1)
    formats: tuple[str, ...] = Field(min_length=1)
    repeats: int = Field(1, ge=1)
    tasks: tuple[str, ...] = Field(min_length=1)
    only: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    rule: str = "strict"
    grading: str | None = None
    limits: events.Limits = events.Limits()
    temperature: float = 0.0
    seed: int | None = None
    max_tokens: int = 1024
    native: bool = False
    grammar: bool | None = None

    @property
    def keys(self) -> Iterator[Key]:
        """All attempts. Repetitions come last, so that what is there early has something of everything."""
        for repeat in range(self.repeats):
            for task in self.tasks:
                for model in self.models:
                    for format in self.formats:
                        if format in self.only.get(task, self.formats):
                            yield Key(model, format, task, repeat)


def plan(
    suite: Suite,
    settings: config.Settings,
    *,
    models: Sequence[str],
    formats: Sequence[str],
    repeats: int = 1,
    tasks: Sequence[str] | None = None,
    rule: str | None = None,
    grading: str | None = None,
    limits: dict[str, Any] | None = None,
) -> Plan:
    """A plan, checked.

    Args:
        suite: the tasks.
        settings: all of them.
        models: names, as of `codeact.build.model` or `codeact.bench.baselines`.
        formats: of those that the suite has.
        repeats: how often each task is attempted.
        tasks: ids; None: all.
        rule, grading: names; None: the suite's own.
        limits: bounds in place of the suite's, by name.

    Raises:
        InputError: one of them does not fit; the message says which.
    """
    _check_names(suite, models, formats, tasks)
    for name in models:
        _check_model(name, settings)
    suite.grading(grading)
    chosen = [task for task in suite.tasks if tasks is None or task.id in tasks]
    bounds = limits_of(suite, suite.rule(rule), settings.limits, limits)
    return _valid(
        suite=suite.name,
        fingerprint=suite.fingerprint,
        **suite.manifest.model_dump(include={"description", "source", "licence"}),
        models=tuple(models),
        formats=tuple(formats),
        repeats=repeats,
        tasks=tuple(task.id for task in chosen),
        only={task.id: task.formats for task in chosen if task.formats is not None},
        rule=rule or suite.manifest.rule,
        grading=grading,
        limits=bounds,
        **settings.model_dump(include={"temperature", "seed", "max_tokens", "native", "grammar"}),
    )


def _valid(**fields: Any) -> Plan:
    try:
        return Plan(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise errors.InputError(f"the plan's {'.'.join(map(str, first['loc']))}: {first['msg']}; it is {first['input']!r}") from None


def read_plan(folder: Path) -> Plan:
    """The plan of a folder of results.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    path = folder / FILE
    try:
        return Plan.model_validate_json(path.read_bytes())
    except OSError as error:
        raise errors.InputError(f"the folder {str(folder)!r} holds no results: cannot read {str(path)!r} ({error.strerror})") from error
    except ValidationError as error:
        raise errors.InputError(f"{str(path)!r} is no plan: {error.errors(include_url=False)[0]['msg']}") from None


def _check_names(suite: Suite, models: Sequence[str], formats: Sequence[str], tasks: Sequence[str] | None) -> None:
    there = {task.id for task in suite.tasks}
    unknown = [name for name in tasks or () if name not in there]
    if unknown:
        raise errors.InputError(f"the suite {suite.name!r} has no task {unknown[0]!r}")
    wrong = [name for name in formats if name not in suite.manifest.formats]
    if wrong:
        raise errors.InputError(f"the suite {suite.name!r} cannot be done in {wrong[0]!r}; it has: {', '.join(suite.manifest.formats)}")
    for what, names in (("models", models), ("formats", formats), ("tasks", tasks or ())):
        if len(set(names)) < len(names):
            raise errors.InputError(f"one of the {what} is named twice: {', '.join(names)}")


def _check_model(name: str, settings: config.Settings) -> None:
    """Baselines are made for each attempt, but their names can be wrong already."""
    name = inner_name(name)
    if baselines.is_baseline(name):
        baselines.rate(name)
    else:
        build.named(settings, name)

"""Folders of results as a runner writes them, made up by seed: models whose chance of success is known, in formats and domains.

Invariant: equal arguments make equal folders. It does not: run anything; the records that it writes hold one turn and what chance made up.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from codeact import events
from codeact.bench import results, runner
from codeact.bench.plan import FILE, Plan
from codeact.bench.results import Key, Result
from codeact.bench.task import Score
from codeact.trajectory import Trajectory

DOMAINS = ("decoder", "dna", "trade", "travel", "web")
_BASELINES = {"oracle": 1.0, "silent": 0.0, "guess": 0.03}
_PENALTY = {"code": 0.0, "json": 0.15, "text": 0.22}
_LIMIT = 10

Chance = Callable[[Key], float]


def folder(
    path: Path,
    *,
    models: Mapping[str, float] | Sequence[str] = ("silent", "guess", "oracle"),
    formats: Sequence[str] = ("code", "json", "text"),
    tasks: int = 10,
    repeats: int = 1,
    seed: int = 0,
    chance: Chance | None = None,
    missing: int = 0,
    fingerprint: str = "0123456789abcdef",
    only: Mapping[str, tuple[str, ...]] | None = None,
    records: bool = True,
) -> Path:
    """Write a folder of results.

    Args:
        path: where.
        models: names, with the chance of success in code; a baseline's is known.
        formats: of the plan.
        tasks: how many.
        repeats: of each.
        seed: of everything.
        chance: of success of an attempt, in place of the one that follows from the model, its format and the task.
        missing: attempts that are left out at the end.
        fingerprint: of the suite.
        only: of tasks that cannot be done in every format, those in which they can.
        records: write a record for each attempt.
    """
    plan = Plan(
        suite="made-up",
        fingerprint=fingerprint,
        description="Tasks that were never attempted.",
        source="a test",
        licence="Apache-2.0",
        models=tuple(models),
        formats=tuple(formats),
        repeats=repeats,
        tasks=tuple(f"task-{number:03}" for number in range(tasks)),
        only=dict(only or {}),
        limits=events.Limits(turns=_LIMIT),
    )
    strengths = dict(models) if isinstance(models, Mapping) else {}
    likely = chance or (lambda key: _likely(key, strengths, seed))
    keys = list(plan.keys)
    lines = [made(key, likely(key), seed) for key in keys[: len(keys) - missing]]
    _write(path, plan, lines)
    for line in lines if records else ():
        record(path, line)
    return path


def made(key: Key, likely: float, seed: int) -> Result:
    """A result that chance made up."""
    chance = random.Random(f"{key}|{seed}")
    success = chance.random() < likely
    failure = "" if success else chance.choice(("format", "tool", "reasoning", "reasoning", "limit"))
    turns = _LIMIT if failure == "limit" else 1 + chance.randrange(3) + (0 if key.format == "code" else chance.randrange(4))
    calls = chance.randrange(2, 9)
    return Result(
        model=key.model,
        format=key.format,
        task=key.task,
        repeat=key.repeat,
        tags=(DOMAINS[int(key.task.removeprefix("task-")) % len(DOMAINS)],),
        state="limit" if failure == "limit" else "answered",
        score=Score.of(success, f"it is {chance.randrange(100)}, wanted {chance.randrange(100)}"),
        first=success,
        answers=1,
        answer=str(chance.randrange(100)),
        failure=failure,
        turns=turns,
        actions=turns - 1,
        calls=calls,
        wrong_calls=calls // 4,
        usage=events.Usage(input_tokens=900 * turns, output_tokens=70 * turns, cached_tokens=600 * (turns - 1), cost=0.0004 * turns),
        seconds=2.0 * turns,
        waited=1.8 * turns,
        trajectory=f"runs/{runner.slug(key.model)}/{key.format}/{key.task}.{key.repeat}.jsonl",
    )


def record(path: Path, result: Result) -> None:
    """The record of a result: a turn, what it ran, and the answer."""
    file = path / result.trajectory
    file.parent.mkdir(parents=True, exist_ok=True)
    ended = 1_800_000_000.0 + 2.0 * result.repeat
    made = Trajectory(file)
    made.append(events.TaskGiven(time=ended - 1, text=f"Do {result.task}."))
    made.append(events.ModelTurn(time=ended - 1, turn=1, text="<execute>\nprint(f())\n</execute>"))
    made.append(events.Action(time=ended - 1, turn=1, code="print(f())"))
    made.append(events.Observation(time=ended - 1, turn=1, text=f"Output:\n{result.answer}"))
    made.append(events.Answered(time=ended, turn=2, text=result.answer or ""))
    made.append(events.RunEnded(time=ended, state=result.state))
    made.close()


def rewritten(path: Path, change: Callable[[Result], Result]) -> None:
    """Change every result of a folder."""
    file = path / runner.RESULTS
    lines = [change(result).model_dump_json() for result in results.read(file)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write(path: Path, plan: Plan, lines: Sequence[Result]) -> None:
    path.mkdir(parents=True, exist_ok=True)
    (path / FILE).write_text(plan.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (path / runner.RESULTS).write_text("".join(f"{line.model_dump_json()}\n" for line in lines), encoding="utf-8")


def _likely(key: Key, strengths: Mapping[str, float], seed: int) -> float:
    """Easy tasks and hard ones, and a model that is better in code."""
    if key.model in _BASELINES:
        return _BASELINES[key.model]
    hard = random.Random(f"{key.task}|{seed}").uniform(-0.35, 0.35)
    return min(1.0, max(0.0, strengths.get(key.model, 0.6) + hard - _PENALTY[key.format]))

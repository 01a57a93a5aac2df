"""A sample of m3 in real sessions: one task of each pattern, by the oracle, the formats in turn; and those who know nothing."""

from pathlib import Path

from bench.m3.driving import SUITE, VARIANTS, graded
from codeact import build, config
from codeact.bench import plan as plans
from codeact.bench.baselines import baseline
from codeact.bench.results import Result
from codeact.bench.runner import Runner
from codeact.bench.task import Task
from codeact.protocols import Completion, ModelRequest

SETTINGS = config.Settings.model_validate({"preload": ()})
FORMATS = ("code", "json", "text")


def sample() -> dict[str, list[str]]:
    """By format, ids of tasks: the first of each pattern, in one format, and of each domain in all."""
    patterns: dict[tuple[str, ...], Task] = {}
    domains: dict[str, Task] = {}
    for task in SUITE.tasks:
        patterns.setdefault(task.tags, task)
        domains.setdefault(task.domain, task)
    inside = [task for task in patterns.values() if task not in domains.values()]
    return {name: [task.id for task in (*domains.values(), *inside[place::3])] for place, name in enumerate(FORMATS)}


async def results_of(out: Path, model: str, format: str, tasks: list[str], rule: str | None = None) -> list[Result]:
    """Results of a run."""
    planned = plans.plan(SUITE, SETTINGS, models=[model], formats=[format], tasks=tasks, rule=rule)
    return await Runner(planned, SUITE, SETTINGS, out, jobs=3).arun()


async def test_the_oracle_is_right_in_real_sessions(tmp_path: Path) -> None:
    for format, tasks in sample().items():
        results = await results_of(tmp_path / format, "oracle", format, tasks)
        assert [(each.task, each.answer, each.score.reason) for each in results if not each.score.success] == []
        assert sum(each.wrong_calls for each in results) == 0


async def test_one_call_a_turn_is_enough(tmp_path: Path) -> None:
    tasks = [task.id for task in SUITE.tasks if task.tags[1] in ("four_stops", "total_with_discount", "joined_back")][:3]
    results = await results_of(tmp_path / "out", "oracle:single", "json", tasks)
    assert [each.score.success for each in results] == [True] * len(tasks)
    assert [each.turns for each in results] == [each.calls + 1 for each in results]


async def test_silence_is_never_right(tmp_path: Path) -> None:
    results = await results_of(tmp_path / "out", "silent", "json", [SUITE.tasks[0].id, SUITE.tasks[-1].id])
    assert [each.score.success for each in results] == [False, False]


async def test_a_wrong_answer_may_be_mended_by_the_papers_rule_only(tmp_path: Path) -> None:
    task = next(task.id for task in SUITE.tasks if task.tags[1] == "transcript")
    (strict,) = await results_of(tmp_path / "strict", "guess", "json", [task])
    (retry,) = await results_of(tmp_path / "retry", "guess", "json", [task], rule="retry")
    assert (strict.answers, strict.turns) == (1, 1)
    assert (retry.answers, retry.turns, retry.state) == (10, 10, "limit")


async def _said(task: Task, format: str, repeat: int) -> str:
    """The guess at a task."""
    written = build.format(format)
    model = baseline("guess", SUITE, task, written, repeat)
    async for piece in model.generate(ModelRequest(messages=[], stop=())):
        if isinstance(piece, Completion):
            return str(written.parse(piece.text).answer)
    raise AssertionError("nothing was said")


async def test_a_guess_is_right_in_less_than_a_twentieth_of_the_tasks() -> None:
    for suite in (SUITE, VARIANTS):
        right = [graded(task, await _said(task, "json", repeat)).success for task in suite.tasks for repeat in range(10)]
        assert sum(right) < len(right) / 20

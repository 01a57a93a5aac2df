"""Plays recorded runs: each message through the parser, each action in a session of the run, each answer through both gradings.

A run is played as we read it. Where the harness of the record read a message otherwise, it is played a second time as the harness did;
where an observation still is not the recorded one, once more in an interpreter with another hash seed: what differs there differs by
itself.

Invariant: every pass has a session and tools of its own, so that passes and runs know nothing of each other. It does not: explain a
difference, or look at what the model was shown when it decides what to run.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from codeact import build, config, errors
from codeact.bench.grading import Grader, sandbox_of
from codeact.bench.recorded.comparing import verdict
from codeact.bench.recorded.lines import PlayedRun, PlayedTurn
from codeact.bench.recorded.record import Reading, RecordedRun, harness_reading, observation
from codeact.bench.recorded.seen import Seen
from codeact.bench.recorded.web import SEARCH, Asked, Searches
from codeact.bench.suite import Suite
from codeact.bench.task import Score, Task
from codeact.tools.bridge import Bridge
from codeact.tools.function import FunctionTool, as_tools

OWN, ORIGINAL = "", "original"
"""The gradings: a suite's own has no name."""

ANSWERS = 2
"""That a run may propose, as in the record."""

PRELOAD = ("numpy", "pandas", "matplotlib.pyplot", "sympy")
_OTHER_PRELOAD = (*PRELOAD, "fractions")
"""Sessions with another preload come from another zygote, which has another hash seed."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is the same for all runs.

    Args:
        suite: has the tasks, the tools and the checks; its grading `original`, if it has one, is that of the record.
        searches: texts for the tool that needs the web.
        settings: of the sessions; `preload` None takes this module's.
    """

    suite: Suite
    searches: Searches
    settings: config.Settings


@dataclass(slots=True)
class _Pass:
    """What came of one way of playing a run, by message: what was seen, the scores of the answer, and searches that need other texts."""

    seen: list[Seen | None] = field(default_factory=list)
    scores: list[dict[str, Score]] = field(default_factory=list)
    missed: list[tuple[str, ...]] = field(default_factory=list)
    borrowed: list[tuple[str, ...]] = field(default_factory=list)
    end: dict[str, Score] = field(default_factory=dict)

    def success(self, grading: str) -> bool:
        """Whether one of the answers that count, or the end, is right."""
        given = [scores[grading].success for scores in self.scores if grading in scores]
        return any(given[:ANSWERS]) or (grading in self.end and self.end[grading].success)


async def play_run(stage: Stage, run: RecordedRun, task: Task) -> PlayedRun:
    """Play a run.

    Args:
        stage: what is the same for all.
        run: which.
        task: the suite's, of the same subset and number.

    Raises:
        InputError: the task's tools or its check fail.
        SessionError: the sandbox cannot be had.
    """
    began = time.perf_counter()
    readings = [our_reading(turn.message) for turn in run.turns]
    theirs = [harness_reading(turn.message) for turn in run.turns]
    shown = [_shown(turn.shown, reading) for turn, reading in zip(run.turns, theirs, strict=True)]
    first = await _played(stage, run, task, readings)
    second = await _played(stage, run, task, theirs) if any(map(_differ, readings, theirs)) else None
    there = second or first
    again = await _played(stage, run, task, theirs, preload=_OTHER_PRELOAD, graded=False) if _is_worth_another(there, shown) else None
    ways = _Ways(first, second, again)
    turns = [_turn(ways, at, readings[at], theirs[at], shown[at]) for at in range(len(run.turns))]
    return PlayedRun(
        model=run.name.model,
        subset=run.name.subset,
        number=run.name.number,
        task=task.id,
        reference=run.reference,
        success=run.success,
        ended=run.ended,
        turns=tuple(turns),
        original=there.success(ORIGINAL),
        corrected=there.success(OWN),
        ours=first.success(OWN),
        original_end=there.end.get(ORIGINAL),
        corrected_end=there.end.get(OWN),
        seconds=round(time.perf_counter() - began, 4),
    )


@dataclass(frozen=True, slots=True)
class _Ways:
    """The passes over one run."""

    first: _Pass
    second: _Pass | None
    again: _Pass | None


def _turn(ways: _Ways, at: int, mine: Reading, theirs: Reading, shown: str | None) -> PlayedTurn:
    there = ways.second or ways.first
    return PlayedTurn(
        reading=mine,
        harness=theirs if _differ(mine, theirs) else None,
        shown=shown,
        seen=ways.first.seen[at],
        joined=ways.second.seen[at] if ways.second is not None else None,
        again=ways.again.seen[at] if ways.again is not None else None,
        missed=there.missed[at],
        borrowed=there.borrowed[at],
        original=there.scores[at].get(ORIGINAL),
        corrected=there.scores[at].get(OWN),
        ours=ways.first.scores[at].get(OWN),
    )


def our_reading(message: str) -> Reading:
    """What our parser takes a message for."""
    try:
        step = build.format("code").parse(message)
    except errors.FormatError:
        return Reading(kind="neither")
    return Reading(kind="code", text=step.code) if step.code is not None else Reading(kind="answer", text=step.answer or "")


def _differ(mine: Reading, theirs: Reading) -> bool:
    return mine.kind != theirs.kind or mine.text.strip() != theirs.text.strip()


def _shown(text: str | None, reading: Reading) -> str | None:
    """The recorded observation of an action."""
    return observation(text) if text is not None and reading.kind == "code" else None


def _is_worth_another(played: _Pass, shown: Sequence[str | None]) -> bool:
    """Whether an observation is not the recorded one, for another reason than the limit on seconds."""
    return any(
        text is not None and seen is not None and seen.status != "timeout" and verdict(seen, text) == "different"
        for text, seen in zip(shown, played.seen, strict=True)
    )


async def _played(
    stage: Stage, run: RecordedRun, task: Task, readings: Sequence[Reading], *, preload: Sequence[str] = PRELOAD, graded: bool = True
) -> _Pass:
    """One pass over a run."""
    asked = Asked()
    tools = _tools(stage, run, task, asked)
    settings = stage.settings.model_copy(update={"preload": (*preload, *(stage.settings.preload or ()))})
    played = _Pass()
    try:
        calls = Bridge(as_tools(tools), lambda event: None) if tools else None
        await asyncio.to_thread(_start, tools)
        async with await build.open_session(settings, calls) as session:
            for reading in readings:
                seen = Seen.of(await session.arun(reading.text)) if reading.kind == "code" else None
                played.seen.append(seen)
                missed, borrowed = asked.taken()
                played.missed.append(missed)
                played.borrowed.append(borrowed)
                answered = graded and reading.kind == "answer"
                played.scores.append(await _graded(stage, task, tools, reading.text, session) if answered else {})
            if graded:
                played.end = await _graded(stage, task, tools, None, session)
    finally:
        for tool in tools:
            close = getattr(tool, "close", None)
            if callable(close):
                close()
    return played


def _tools(stage: Stage, run: RecordedRun, task: Task, asked: Asked) -> list[Any]:
    """Those of the task, its search answered from the record."""
    tools = stage.suite.tools(task)
    search = FunctionTool(stage.searches.of(run, asked), inline=True)
    return [search if getattr(tool, "name", getattr(tool, "__name__", "")) == SEARCH else tool for tool in tools]


def _start(tools: Sequence[Any]) -> None:
    """Start what tools have to start, before the seconds of an action count."""
    for tool in tools:
        start = getattr(tool, "start", None)
        if callable(start):
            start()


async def _graded(stage: Stage, task: Task, tools: Sequence[Any], answer: str | None, session: build.Session) -> dict[str, Score]:
    """The score by each grading that the suite has."""
    sandbox = sandbox_of(stage.settings, session.limits)
    named: dict[str, str | None] = {OWN: None}
    if ORIGINAL in stage.suite.manifest.gradings:
        named[ORIGINAL] = stage.suite.grading(ORIGINAL)
    return {name: await Grader(stage.suite, task, tools, sandbox, check)(answer, session.workspace) for name, check in named.items()}

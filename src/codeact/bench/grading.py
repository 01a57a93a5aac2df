"""Grades an answer: by one of the checks that come with codeact, or by a function of the suite's own.

A function of checks.py takes, by the names of its parameters, what it needs of: `answer` (text; None at the end of a run that gave none),
`task`, `workspace` (path on the host: all in it is the guest's, so never follow its links, and never run what lies there), `tools` (those
of this attempt, with what they remember), `sandbox` (runs code in a new, empty session of its own), `data` (folder of the original's
data). It returns a `Score` or a bool, and may be async.

Invariant: code that a model wrote runs in a sandbox only, and not in the one in which the answer was made. It does not: decide which
    answers count; `attempt` does.
"""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from codeact import config, errors, events
from codeact.bench import checks
from codeact.bench.suite import Suite
from codeact.bench.task import PYTHON, Score, Task
from codeact.sandbox.session import Session


class Sandbox(Protocol):
    """Runs code for a check."""

    async def __call__(self, code: str, *, seconds: float = 10.0, files: Sequence[Path] = ()) -> events.Observation:
        """Run code in a new session, which is closed after it.

        Args:
            code: Python.
            seconds: that it may take.
            files: host files to copy into its workspace.
        """
        ...


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades the answers of one attempt.

    Args:
        suite: whose task it is.
        task: which.
        tools: of the attempt.
        sandbox: for checks that run code.
        check: in place of the task's own.
    """

    suite: Suite
    task: Task
    tools: Sequence[Any]
    sandbox: Sandbox
    check: str | None = None

    async def __call__(self, answer: str | None, workspace: Path | None) -> Score:
        """Grade an answer.

        Args:
            answer: as the model wrote it; None: the run is over and gave none, which only a function of the suite can find right.
            workspace: of the session in which it was made.

        Raises:
            InputError: the check cannot be made, or its own code fails; the message names the task.
        """
        name = self.check or self.task.check
        if not name.startswith(PYTHON):
            if answer is None:
                return Score.of(False, "there is no answer")
            return checks.check(name, answer, self.task.answer, self.task.tolerance)
        function = self.suite.check(name.removeprefix(PYTHON))
        try:
            said = function(**self._wanted(function, answer, workspace))
            score = await said if isinstance(said, Awaitable) else said
        except errors.CodeactError:
            raise
        except Exception as error:
            raise errors.InputError(
                f"the check {name!r} of the suite {self.suite.name!r} failed on task {self.task.id!r}: {type(error).__name__}: {error}"
            ) from error
        if isinstance(score, Score):
            return score
        if isinstance(score, bool):
            return Score.of(score)
        raise errors.InputError(f"the check {name!r} of the suite {self.suite.name!r} returned {score!r}; let it return a Score or a bool")

    def _wanted(self, function: Callable[..., Any], answer: str | None, workspace: Path | None) -> dict[str, Any]:
        have = {
            "answer": answer,
            "task": self.task,
            "workspace": workspace,
            "tools": self.tools,
            "sandbox": self.sandbox,
            "data": self.suite.data,
        }
        names = inspect.signature(function).parameters
        unknown = next((name for name in names if name not in have), None)
        if unknown is not None:
            raise errors.InputError(
                f"the check {function.__name__!r} of the suite {self.suite.name!r} has a parameter {unknown!r}; "
                f"it may have: {', '.join(have)}"
            )
        return {name: have[name] for name in names}


def sandbox_of(settings: config.Settings, limits: events.Limits) -> Sandbox:
    """A sandbox for checks, as the settings say, with the bounds of a run."""

    async def run(code: str, *, seconds: float = 10.0, files: Sequence[Path] = ()) -> events.Observation:
        preload = () if settings.preload is None else settings.preload
        async with Session(
            limits=limits, isolation=settings.isolation, preload=preload, python=settings.python, checkpoints=False
        ) as session:
            for file in files:
                await session.aadd_file(file)
            return await session.arun(code, timeout=seconds)

    return run

"""The tools of an attempt: functions without an implementation that return ok, or the simulators' own.

Invariant: an attempt has simulators of its own. It does not: show a tool that the task leaves out.
"""

from pathlib import Path
from typing import Any

from codeact.bench.calling import Log
from codeact.bench.suites.gorilla import source
from codeact.bench.suites.gorilla.schema import SchemaTool
from codeact.bench.suites.gorilla.world import DOCUMENTS, World, check_bounds, error_text, plain, text_of
from codeact.bench.task import Task

OK = "ok"


class Simulated(SchemaTool):
    """A function of a simulator.

    Args:
        described, log: as of `SchemaTool`.
        stage: where it plays.
    """

    def __init__(self, described: dict[str, Any], log: Log, stage: "Stage") -> None:
        super().__init__(described, log, lambda given: stage.play(described["name"], given))
        self.stage = stage


class Stage:
    """A conversation as it goes on: the model's world, and the one in which the right calls are made.

    Args:
        task: which.
    """

    def __init__(self, task: Task) -> None:
        names: Any = task.data["classes"]
        state: Any = task.data["state"]
        self.world, self.wanted = World(names, state), World(names, state)
        self.messages = 0
        self.results: list[str] = []

    def play(self, name: str, given: dict[str, Any]) -> Any:
        """Make a call in the model's world."""
        check_bounds(name, given)
        try:
            value = self.world.function(name)(**given)
        except Exception as error:
            self.results.append(error_text(error))
            raise
        self.results.append(text_of(value))
        return plain(value)


def make_tools(task: Task, data: Path | None) -> list[SchemaTool]:
    """The tools of a task.

    Raises:
        InputError: the descriptions or the simulators are not there.
    """
    log = Log()
    described: Any = task.data.get("functions")
    if described is not None:
        return [SchemaTool(one, log, lambda given: OK) for one in described]
    stage = Stage(task)
    without: Any = task.data["without"]
    names: Any = task.data["classes"]
    listed = (one for name in names for one in source.lines(data, "multi_turn_func_doc", DOCUMENTS[name]))
    return [Simulated(one, log, stage) for one in listed if one["name"] not in without]

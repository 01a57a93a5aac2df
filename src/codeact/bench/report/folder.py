"""A folder of results, read: the plan, and the results that are there.

Invariant: every result is one of the plan's. It does not: write, or mind that results are missing; `Run.missing` says how many.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from codeact import errors
from codeact.bench import plan as plans
from codeact.bench import results, runner
from codeact.bench.plan import Plan
from codeact.bench.results import Result


@dataclass(frozen=True)
class Run:
    """What was run, and what came of it.

    Args:
        folder: where it lies.
        plan: what was to be run.
        results: those that are there, in the order of their keys.
    """

    folder: Path
    plan: Plan
    results: tuple[Result, ...]

    @property
    def missing(self) -> int:
        """Attempts that have no result yet."""
        return self.planned - len(self.results)

    @property
    def planned(self) -> int:
        """Attempts that the plan has."""
        return self.planned_by_cell.total()

    @cached_property
    def planned_by_cell(self) -> Counter[tuple[str, str]]:
        """The same by model and format: tasks that cannot be done in a format are not in its plan."""
        return Counter((key.model, key.format) for key in self.plan.keys)

    @cached_property
    def cells(self) -> dict[tuple[str, str], list[Result]]:
        """Results by model and format, in the order of the plan; those without any are left out."""
        found: dict[tuple[str, str], list[Result]] = defaultdict(list)
        for result in self.results:
            found[result.model, result.format].append(result)
        order = [(model, format) for model in self.plan.models for format in self.plan.formats]
        return {key: found[key] for key in order if key in found}


def read(folder: Path) -> Run:
    """Read a folder of results.

    Raises:
        InputError: it holds no plan or no results, or a result that is none of the plan's.
    """
    plan = plans.read_plan(folder)
    path = folder / runner.RESULTS
    there = results.read(path)
    if not there:
        raise errors.InputError(f"{str(path)!r} holds no results yet; run the bench with --out {str(folder)!r} first")
    keys = set(plan.keys)
    stray = next((result.key for result in there if result.key not in keys), None)
    if stray is not None:
        raise errors.InputError(f"{str(path)!r} holds a result that is not of the plan beside it: {tuple(stray)!r}; remove its line")
    return Run(folder, plan, tuple(there))

"""Which runs become examples: named steps, each with how many it let through, as in the paper (CodeAct, arXiv 2402.01030, section 3.2).

Invariant: what is kept does not depend on the order in which runs were made; each step says how many runs came to it and how many passed.
It does not: change a run.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from codeact import events
from codeact.bench import results
from codeact.bench.runner import RESULTS
from codeact.bench.slipped import inner_name, times
from codeact.data import example as examples
from codeact.data.example import Example, Kept
from codeact.data.family import DOMAINS

SCRIPTED = "oracle"


class Rules(events.Value):
    """What is kept.

    Args:
        min_turns: fewer make no example; the paper's hard set has more than two.
        max_chars: of a whole conversation.
        per_task: runs of one task, at most.
        per_domain: examples of one domain, at most; None: any number.
        self_debug: least share of examples in which a mistake is made and mended, between 0 and 1; others are dropped until it is reached.
        learn_failures: actions that failed are learned too, as in the paper.
    """

    min_turns: int = Field(default=1, ge=1)
    max_chars: int = Field(default=6000, ge=1)
    per_task: int = Field(default=4, ge=1)
    per_domain: int | None = Field(default=None, ge=1)
    self_debug: float = Field(default=0.25, ge=0, le=0.9)
    learn_failures: bool = False


class Passed(events.Value):
    """One step: how many came to it, and how many passed."""

    name: str
    rule: str
    came: int
    passed: int


@dataclass(slots=True)
class Funnel:
    """The steps so far."""

    steps: list[Passed] = field(default_factory=list)

    def through(self, name: str, rule: str, things: Sequence[Kept], passes: Callable[[Kept], bool]) -> list[Kept]:
        """Those that pass, counted."""
        return self.count(name, rule, things, [thing for thing in things if passes(thing)])

    def count(self, name: str, rule: str, before: Sequence[Kept], after: list[Kept]) -> list[Kept]:
        """Note a step that was done."""
        self.steps.append(Passed(name=name, rule=rule, came=len(before), passed=len(after)))
        return after


def read_runs(folders: Iterable[Path]) -> Iterator[Kept]:
    """All runs of folders of results.

    Raises:
        InputError: a folder holds no results, or a record cannot be read.
    """
    for folder in folders:
        for result in results.read(folder / RESULTS):
            yield examples.read_run(result, folder)


def kept(runs: Iterable[Kept], rules: Rules, leaking: Collection[str] = ()) -> tuple[list[Example], list[Passed]]:
    """The examples, and what each step let through.

    Args:
        runs: in any order.
        rules: what is kept.
        leaking: ids of tasks that give away what is measured with, see `leaks`.
    """
    funnel, every = Funnel(), sorted(runs, key=_order)
    every = funnel.through("success", "the answer is right", every, lambda run: run.result.score.success)
    every = funnel.through("no leak", "the task gives away none that is measured with", every, lambda run: run.result.task not in leaking)
    every = funnel.through("readable", "every turn could be read", every, lambda run: run.result.malformed == 0)
    every = funnel.through("worked", "not every action failed", every, _some_action_worked)
    every = funnel.through("no shortcut", "the answer was found by running code", every, _is_no_shortcut)
    every = funnel.through("mistake shows", "a forced mistake can be seen in its output", every, _mistake_shows)
    every = funnel.through("turns", f"at least {rules.min_turns} turns", every, lambda run: run.result.turns >= rules.min_turns)
    every = funnel.through("length", f"at most {rules.max_chars} characters", every, lambda run: _chars(run) <= rules.max_chars)
    every = funnel.count("duplicates", f"no two alike, at most {rules.per_task} of a task", every, _different(every, rules.per_task))
    every = funnel.count("balance", _balance_rule(rules), every, _balanced(every, rules))
    return [examples.example(run, learn_failures=rules.learn_failures) for run in every], funnel.steps


def _order(run: Kept) -> str:
    """A fixed order without a pattern: that of a hash."""
    result = run.result
    return hashlib.sha256(f"{result.model}|{result.format}|{result.task}|{result.repeat}".encode()).hexdigest()


def _some_action_worked(run: Kept) -> bool:
    return not run.observations or not all(examples.failed(one) for one in run.observations)


def _is_no_shortcut(run: Kept) -> bool:
    """Experts take none; a model that answers without running code, or prints the answer as it is, does."""
    if inner_name(run.result.model) == SCRIPTED:
        return True
    return bool(run.actions) and not all(_only_prints_literals(one.code) for one in run.actions)


def _only_prints_literals(code: str) -> bool:
    """Whether all that code does is to print what it holds itself."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return False
    return all(
        not isinstance(node, ast.Call | ast.BinOp | ast.comprehension | ast.For | ast.While)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print")
        for statement in body
        for node in ast.walk(statement)
    )


def _mistake_shows(run: Kept) -> bool:
    forced = times(run.result.model)
    if not forced:
        return True
    if not run.observations:
        return False
    first, after = run.observations[0], run.observations[forced : forced + 1]
    if examples.failed(first) or examples.empty(first):
        return True
    return bool(after) and first.text != after[0].text and (run.result.answer or "") not in first.text


def _chars(run: Kept) -> int:
    return sum(len(message.content) for message in run.messages)


def _different(runs: Sequence[Kept], per_task: int) -> list[Kept]:
    seen, tasks, chosen = set[str](), Counter[str](), list[Kept]()
    for run in runs:
        said = "\n".join(message.content for message in run.messages)
        task = f"{run.result.format}|{run.messages[1].content if len(run.messages) > 1 else said}"
        if said not in seen and tasks[task] < per_task:
            seen.add(said)
            tasks[task] += 1
            chosen.append(run)
    return chosen


def _balance_rule(rules: Rules) -> str:
    most = "" if rules.per_domain is None else f"at most {rules.per_domain} of a domain, "
    return f"{most}self-debug at least {rules.self_debug:.0%}"


def _balanced(runs: Sequence[Kept], rules: Rules) -> list[Kept]:
    """No more of a domain than may be, and of the plain runs no more than leaves the others their share."""
    debug, plain = [run for run in runs if examples.mends(run)], [run for run in runs if not examples.mends(run)]
    by_domain = Counter[str]()
    chosen = _at_most(debug, rules.per_domain, by_domain)
    most = int(len(chosen) * (1 - rules.self_debug) / rules.self_debug + 1e-9) if rules.self_debug else len(runs)
    chosen += _at_most(plain, rules.per_domain, by_domain)[:most]
    rank = {domain: number for number, domain in enumerate(DOMAINS)}
    return sorted(chosen, key=lambda run: (rank.get(run.result.domain, len(rank)), _order(run)))


def _at_most(runs: Sequence[Kept], per_domain: int | None, by_domain: Counter[str]) -> list[Kept]:
    """The first of each domain, as many as there may be; what is chosen is counted in `by_domain`."""
    chosen = list[Kept]()
    for run in runs:
        if per_domain is None or by_domain[run.result.domain] < per_domain:
            by_domain[run.result.domain] += 1
            chosen.append(run)
    return chosen

"""Tasks to write a function, and whether it is right.

Invariant: the hidden tests are computed by a reference that is no text of the expert's; a program runs in the sandbox only. It does not:
make specifications.
"""

import os
import random
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeact.bench.grading import Sandbox
from codeact.bench.policies import CodePolicy
from codeact.bench.suites.mint import programs
from codeact.bench.task import Score, Task
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase

FILE = "solution.py"
_MOST = 20_000
_MOST_DRAWS = 20


@dataclass(frozen=True, slots=True)
class Spec:
    """A function that is wanted.

    Args:
        name: of the function.
        parameters: in order.
        does: after ``a function NAME(...) that``: takes this and returns that.
        body: lines of the expert's, as they stand inside the function; the last begins with ``return``.
        reference: the same, computed otherwise.
        inputs: makes arguments.
    """

    name: str
    parameters: tuple[str, ...]
    does: str
    body: tuple[str, ...]
    reference: Callable[..., Any]
    inputs: Callable[[random.Random], tuple[Any, ...]]

    @property
    def head(self) -> str:
        """Name and parameters."""
        return f"{self.name}({', '.join(self.parameters)})"

    def source(self, body: tuple[str, ...] | None = None) -> str:
        """The function's code."""
        return "\n".join([f"def {self.head}:", *(f"    {line}" for line in body or self.body)])

    def call(self, arguments: tuple[Any, ...]) -> str:
        """A call in Python."""
        return f"{self.name}({', '.join(map(repr, arguments))})"


def task(chance: random.Random, phrase: Phrase, spec: Spec, *, hint: str = "", wrong: tuple[str, ...] = ()) -> Instance:
    """A task to write the function: into a file, or as the answer.

    Args:
        chance: decides which, and makes the tests.
        phrase: words it.
        spec: what is wanted.
        hint: comes after the wording, before the examples.
        wrong: the body of a first try, which the examples show to be wrong.
    """
    filed = "<" in spec.source() or chance.random() < 0.6
    shown = _cases(chance, spec, 2)
    hidden = _hidden(chance, spec, 6)
    examples = " and ".join(f"{spec.call(one)} is {spec.reference(*one)!r}" for one in shown)
    saved = chance.choice((f"Save it in {FILE} and answer done.", f"Write it to the file {FILE}, then answer done."))
    told = saved if filed else chance.choice(("Answer with the function's code.", "Your answer is the code of the function."))
    parts = (phrase(head=spec.head, does=spec.does), hint, f"Example{'s' if len(shown) > 1 else ''}: {examples}.", told)
    tries = ", ".join(spec.call(one) for one in shown)
    source = spec.source()
    returns = [line for line in spec.body if line.strip().startswith("return ")]
    forgotten = (*spec.body[:-1], returns[0].removeprefix("return ")) if returns == [spec.body[-1]] else ()

    def code() -> CodePolicy:
        yield action(source, tries, filed)
        return "done" if filed else source

    bodies = {"forgotten return": forgotten, "wrong first try": wrong}
    return Instance(
        prompt=" ".join(part for part in parts if part),
        answer={
            "name": spec.name,
            "tests": "\n".join(f"assert {spec.call(one)} == {spec.reference(*one)!r}" for one in (*shown, *hidden)),
            "filed": filed,
        },
        check="python:written",
        code=code,
        slips=tuple(Slip(kind, action(spec.source(body), tries, filed)) for kind, body in bodies.items() if body),
    )


def action(source: str, tries: str, filed: bool) -> str:
    """Code that defines the function, saves it if it has to, and tries the examples."""
    if not filed:
        return f"{source}\nprint({tries})"
    return f"code = '''\n{source}\n'''\nwith open(\"{FILE}\", \"w\") as file:\n    file.write(code)\nexec(code)\nprint({tries})"


def _cases(chance: random.Random, spec: Spec, count: int) -> list[tuple[Any, ...]]:
    """Different arguments, those with a result first that is not empty or 0; fewer, if they are hard to come by."""
    return _sorted(spec, [spec.inputs(chance) for _ in range(count * 5)])[:count]


def _sorted(spec: Spec, made: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    different = [case for number, case in enumerate(made) if case not in made[:number]]
    return sorted(different, key=lambda case: not spec.reference(*case))


def _hidden(chance: random.Random, spec: Spec, count: int) -> list[tuple[Any, ...]]:
    """Cases that a function does not pass which always returns the same, or what it was given; drawn anew until they can be had."""
    made = list[tuple[Any, ...]]()
    chosen = made
    for _ in range(_MOST_DRAWS):
        made += [spec.inputs(chance) for _ in range(count * 5)]
        chosen = _mixed(spec, _sorted(spec, made), count)
        results = [spec.reference(*case) for case in chosen]
        if any(one != results[0] for one in results) and any(result != case[0] for result, case in zip(results, chosen, strict=True)):
            break
    return chosen


def _mixed(spec: Spec, cases: list[tuple[Any, ...]], count: int) -> list[tuple[Any, ...]]:
    """Some of the cases: one with a result that is empty or 0 if there is one, half of them where results are true and false."""
    empty = [case for case in cases if not spec.reference(*case)]
    full = cases[: len(cases) - len(empty)]
    other = next((case for case in full if spec.reference(*case) != spec.reference(*full[0])), None)
    changed = next((case for case in full if spec.reference(*case) != case[0]), None)
    full = [case for case in (other, changed) if case is not None] + full
    full = [case for number, case in enumerate(full) if case not in full[:number]]
    wanted = count // 2 if any(spec.reference(*case) is False for case in empty) else 1
    share = max(min(wanted, len(empty)), count - len(full))
    return full[: count - share] + empty[:share]


async def written(answer: str | None, task: Task, workspace: Path | None, sandbox: Sandbox) -> Score:
    """The check ``python:written``.

    Args:
        answer: the code, or done.
        task: what is wanted.
        workspace: where the file is.
        sandbox: runs the tests.
    """
    wanted: Any = task.answer
    source = answer
    if wanted["filed"]:
        if answer is None or answer.strip().strip(".").lower() != "done":
            return Score.of(False, f"the answer is {answer!r} and not done")
        source = None if workspace is None else _read(workspace / FILE)
        if source is None:
            return Score.of(False, f"there is no file {FILE}")
    return await programs.passes(source or "", prompt="", tests=wanted["tests"], name=wanted["name"], sandbox=sandbox)


def _read(path: Path) -> str | None:
    """What a file of the guest's holds; None if it is no plain file, or a long one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = file.read(_MOST + 1)
    return None if len(content) > _MOST else content.decode(errors="replace")

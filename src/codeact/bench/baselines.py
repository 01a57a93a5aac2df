"""Models without a model in them, between which a score lies: silent, guess, oracle, and flawed, an oracle that errs.

Invariant: what they do follows from the task, the format and the number of the repetition alone, so that two runs are equal; `flawed`
    errs with the same chance in each format. None of them sees the right answer, but as a suite's oracle computes it from what it is
    shown. It does not: grade.
"""

import ast
import random
import re
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import suppress
from typing import Any, cast

from codeact import errors, events
from codeact.bench.policies import CallPolicy, CodePolicy, Said
from codeact.bench.suite import Suite
from codeact.bench.task import Task
from codeact.protocols import ActionFormat, Call, Completion, Model, ModelRequest, Step

NAMES = "silent, guess, oracle, oracle:single, flawed:RATE"
_CALL = re.compile(r"^\[call \d+: [\w.]+\]\n", re.MULTILINE)
_FILES = re.compile(r"\n?\[files: [^\n]*\]\s*\Z")
_CHARS_A_TOKEN = 4
_ASKS_FOR_NUMBER = re.compile(r"\bhow (?:many|much|long)\b|\bnumber\b|\btotal\b|\bcosts?\b|\bprice\b|\bsum\b", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\w)")
_WORDS = (
    re.compile(r"[\"'\u201c]([^\"'\u201d]{1,40})[\"'\u201d]"),
    re.compile(r"(?<=[a-z,:] )[A-Z][a-z]+(?: [A-Z][a-z]+)*\b"),
    re.compile(r"\b\w+(?=, \w+(?:,| and| or) )|(?<=, )\w+(?= and | or )|(?<= and )\w+|(?<= or )\w+"),
    re.compile(r"^\(?([A-E])[.)]", re.MULTILINE),
)

Steps = Generator[Step, str, None]


def is_baseline(name: str) -> bool:
    """Whether a name is that of a baseline."""
    return name in ("silent", "guess", "oracle", "oracle:single") or name.startswith("flawed:")


def rate(name: str) -> float:
    """How often a baseline errs: the number in flawed:RATE, 0 for the others.

    Raises:
        InputError: it is none between 0 and 1.
    """
    kind, _, text = name.partition(":")
    if kind != "flawed":
        return 0.0
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise errors.InputError(f"the baseline {name!r} needs a rate between 0 and 1, for example flawed:0.2")
    return value


def baseline(name: str, suite: Suite, task: Task, format: ActionFormat, repeat: int) -> Model:
    """The baseline of a name, for one attempt.

    Args:
        name: one of `NAMES`; `single`: one call a turn, even where more could be made side by side; RATE: the chance that a turn goes
            wrong.
        suite, task: what it is to do.
        format: in which it writes.
        repeat: changes what chance decides.

    Raises:
        InputError: there is none of that name, or the suite has no oracle for that format.
    """
    chance = random.Random(f"{name}|{suite.name}|{task.id}|{repeat}")
    match name.partition(":"):
        case "silent", _, "":
            return Scripted(name, lambda _: "")
        case "guess", _, "":
            return Scripted(name, lambda _: format.write(Step("", answer=_guess(task.prompt, chance))))
        case "oracle", _, "" | "single":
            return Scripted(name, Stepping(format, _steps(suite, task, format, single=name.endswith("single"))))
        case "flawed", _, _:
            stepping = Stepping(format, _steps(suite, task, format, single=False))
            return Scripted(name, Flawed(format, stepping, chance, rate(name)))
        case _:
            raise errors.InputError(f"no baseline is called {name!r}; there are: {NAMES}")


class Scripted:
    """A model whose turns a function writes, after a look at the request.

    Args:
        name: what `name` returns.
        write: the text of the next turn.
    """

    uses_grammar = False
    takes_native = True

    def __init__(self, name: str, write: Callable[[ModelRequest], str]) -> None:
        self.name = name
        self._write = write

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """Write a turn, whole. Tokens are counted roughly, by characters."""
        text = self._write(request)
        usage = events.Usage(
            input_tokens=sum(len(message.content) for message in request.messages) // _CHARS_A_TOKEN,
            output_tokens=-(-len(text) // _CHARS_A_TOKEN),
        )
        if text:
            yield text
        yield Completion(text, usage)

    async def aclose(self) -> None:
        """Nothing to free."""


class Stepping:
    """Writes the steps of a policy, one a turn; the last, its answer, again and again if it is asked for more.

    Args:
        format: in which they are written.
        steps: sent what each turn was answered.
    """

    def __init__(self, format: ActionFormat, steps: Steps) -> None:
        self._format = format
        self._steps = steps
        self._last: Step | None = None

    def __call__(self, request: ModelRequest) -> str:
        """The next turn."""
        return self._format.write(self.step(request))

    def step(self, request: ModelRequest) -> Step:
        """The next step; what the request ends with is what came of the one before."""
        if self._last is None:
            self._last = next(self._steps)
        else:
            with suppress(StopIteration):
                self._last = self._steps.send(request.messages[-1].content)
        return self._last


class Flawed:
    """An oracle that errs: a turn that cannot be read, a call of what is not there, or, at the end, another answer.

    Args:
        format: in which it writes.
        oracle: what it would do.
        chance: decides.
        rate: between 0 and 1: how often a turn goes wrong.
    """

    def __init__(self, format: ActionFormat, oracle: Stepping, chance: random.Random, rate: float) -> None:
        self._format = format
        self._oracle = oracle
        self._chance = chance
        self._rate = rate
        self._kept: Step | None = None

    def __call__(self, request: ModelRequest) -> str:
        """The next turn."""
        step = self._kept if self._kept is not None else self._oracle.step(request)
        self._kept = None
        if self._chance.random() >= self._rate:
            return self._format.write(step)
        if step.answer is not None:
            return self._format.write(Step("", answer=_other(step.answer, self._chance)))
        self._kept = step
        if self._chance.random() < 0.5:
            return "I would call the tool now, and then look at what it says."
        return self._format.write(_misspelt(step))


def _steps(suite: Suite, task: Task, format: ActionFormat, *, single: bool) -> Steps:
    policy = suite.policy(task, format.name, single=single)
    if policy is None:
        raise errors.InputError(f"the suite {suite.name!r} has no oracle for the format {format.name!r}: no such function in its oracle.py")
    if format.name == "code":
        return code_steps(cast(CodePolicy, policy))
    return call_steps(cast(CallPolicy, policy), single=single)


def code_steps(policy: CodePolicy) -> Steps:
    """The steps of a policy in code; it is sent outputs without what stands above them."""
    try:
        code = next(policy)
        while True:
            message = yield Step("", answer=code.text) if isinstance(code, Said) else Step("", code=code)
            code = policy.send(_FILES.sub("", message.removeprefix("Output:\n")))
    except StopIteration as end:
        yield Step("", answer=str(end.value))


def call_steps(policy: CallPolicy, *, single: bool) -> Steps:
    """The steps of a policy of calls; it is sent values, read from the messages."""
    try:
        wanted = next(policy)
        while True:
            values: list[Any] = []
            if isinstance(wanted, Said):
                yield Step("", answer=wanted.text)
            else:
                for turn in [[call] for call in wanted] if single else [list(wanted)]:
                    values += _values((yield Step("", calls=tuple(turn))), turn)
            wanted = policy.send(values)
    except StopIteration as end:
        yield Step("", answer=str(end.value))


def _values(message: str, turn: list[Call]) -> list[Any]:
    """What each call gave; the text itself where that is no value, as for an error."""
    parts = _CALL.split(message)[1:] if len(turn) > 1 else [message]
    return [_value(part.strip().removeprefix("Output:\n")) for part in parts]


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _guess(prompt: str, chance: random.Random) -> str:
    """Something that stands in the prompt and is of the kind that is asked for: a number, a quoted text, a name, one of what is listed."""
    numbers = sorted(set(_NUMBERS.findall(prompt)))
    words = [found for pattern in _WORDS if (found := sorted(set(pattern.findall(prompt))))]
    if numbers and (_ASKS_FOR_NUMBER.search(prompt) or not words):
        return chance.choice(numbers)
    return chance.choice(chance.choice(words)) if words else chance.choice(("yes", "no"))


def _other(answer: str, chance: random.Random) -> str:
    """Another answer of the same kind: a number off by some, a text without its last character."""
    try:
        number = float(answer)
    except ValueError:
        return answer[:-1] if len(answer) > 1 else f"{answer}{answer}x"
    return f"{number + chance.choice((-10, -1, 1, 10)):g}"


def _misspelt(step: Step) -> Step:
    if step.code is not None:
        return Step("", code=f"compute_result()\n{step.code}")
    first = step.calls[0]
    return Step("", calls=(Call(f"{first.tool}s", first.args, first.kwargs),))  # alone: the others may change something, and come again

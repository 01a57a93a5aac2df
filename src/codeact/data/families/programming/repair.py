"""Functions with a fault, to be corrected.

Invariant: the faulty body gives another result for the example that the prompt tells. It does not: have more than one fault.
"""

import itertools
import random
from collections.abc import Callable
from typing import Any

from codeact.bench.policies import CodePolicy
from codeact.data.families.programming.writing import FILE, Spec, action
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

Fault = tuple[str, tuple[str, ...], tuple[str, ...], Callable[..., Any], tuple[list[int], Any]]
"""What it should do, the right body, the faulty one, the reference, and an example with the faulty result."""


def _numbers(chance: random.Random) -> list[int]:
    return [chance.randint(1, 30) for _ in range(chance.randint(4, 6))]


def _loop(start: str, *inside: str, end: str) -> tuple[str, ...]:
    return (start, "for n in numbers:", *(f"    {line}" for line in inside), f"return {end}")


def _loop_faults(chance: random.Random, given: list[int]) -> list[Fault]:
    step, bound = chance.randint(2, 4), sorted(given)[len(given) // 2]
    largest, total = sorted(given)[-1], sum(given)
    return [
        (
            "returns the sum of the numbers",
            _loop("total = 0", "total += n", end="total"),
            _loop("total = 1", "total += n", end="total"),
            sum,
            (given, total + 1),
        ),
        (
            "returns the largest of the numbers, which may be negative",
            _loop("best = numbers[0]", "if n > best:", "    best = n", end="best"),
            _loop("best = 0", "if n > best:", "    best = n", end="best"),
            lambda numbers: sorted(numbers)[-1],
            ([-one for one in given], 0),
        ),
        (
            f"returns how many of the numbers are at least {bound}",
            _loop("count = 0", f"if n >= {bound}:", "    count += 1", end="count"),
            _loop("count = 0", f"if n > {bound}:", "    count += 1", end="count"),
            lambda numbers: len([n for n in numbers if not n - bound < 0]),
            (given, sum(n - bound > 0 for n in given)),
        ),
        (
            f"returns the list of every number times {step}",
            _loop("found = []", f"found.append(n * {step})", end="found"),
            _loop("found = []", f"found.append(n + {step})", end="found"),
            lambda numbers: [sum([n] * step) for n in numbers],
            ([largest + 5, *given[1:]], [n + step for n in [largest + 5, *given[1:]]]),
        ),
    ]


def _short_faults(given: list[int]) -> list[Fault]:
    largest, total = sorted(given)[-1], sum(given)
    return [
        (
            "returns the average of the numbers",
            ("return sum(numbers) / len(numbers)",),
            ("return sum(numbers) / 2",),
            lambda numbers: sum(numbers) / len(numbers),
            (given, total / 2),
        ),
        (
            "returns the numbers sorted, the largest first",
            ("return sorted(numbers, reverse=True)",),
            ("return sorted(numbers)",),
            lambda numbers: [-n for n in sorted(-n for n in numbers)],
            ([*given, largest + 1], sorted([*given, largest + 1])),
        ),
        (
            "returns the differences of each number and the one before it",
            ("return [numbers[i] - numbers[i - 1] for i in range(1, len(numbers))]",),
            ("return [numbers[i] - numbers[i - 1] for i in range(len(numbers))]",),
            lambda numbers: [after - before for before, after in itertools.pairwise(numbers)],
            (given, [n - before for before, n in zip([given[-1], *given], given, strict=False)]),
        ),
    ]


def _repair(chance: random.Random, phrase: Phrase) -> Instance:
    given = _numbers(chance)
    does, right, wrong, reference, (example, result) = chance.choice([*_loop_faults(chance, given), *_short_faults(given)])
    name = chance.choice(("measure", "solve", "analyse", "figure", "crunch"))
    spec = Spec(name, ("numbers",), does, right, reference, lambda chance: (_numbers(chance),))
    call = spec.call((example,))
    source = spec.source()
    tests = [(example,), *(spec.inputs(chance) for _ in range(5)), ([-one for one in given],)]
    broken = spec.source(wrong)
    told = f"Save the corrected function in {FILE} and answer done."

    def code() -> CodePolicy:
        yield action(source, call, True)
        return "done"

    prompt = phrase(name=name, does=does, call=call, result=result, wanted=reference(example))
    return Instance(
        prompt=f"{prompt} {told}\n\n{broken}",
        answer={"name": name, "tests": "\n".join(f"assert {spec.call(one)} == {reference(*one)!r}" for one in tests), "filed": True},
        check="python:written",
        code=code,
        slips=(Slip("kept the fault", action(broken, call, True)),),
    )


FAMILIES = (
    Family(
        "programming/repair",
        "programming",
        _repair,
        (
            "[The function|My function] {name} {does}, or so it should, but {call} gives {result} [instead of|and not] "
            "{wanted}. Correct it.",
            "[Correct|Fix|Repair|Mend] the function below: {name} {does}. Now {call} is {result}; it should be {wanted}.",
            "There is [a fault|a bug|a mistake|an error] in {name}, which {does}: {call} [gives|returns] {result}, {wanted} would "
            "be right. Mend it.",
            "[Find|Find and mend] the [bug|fault] in {name}. The function {does}, so {call} should be {wanted}, not {result}.",
        ),
        (
            "[Whoever wrote {name} made a slip|{name} misbehaves]: meant is a function that {does}, yet {call} yields "
            "{result} and not {wanted}.",
            "[Debug|Put right] this ({name} {does}). Seen: {result} for {call}. Expected: {wanted}.",
            "Test failed: {call} == {wanted}, it was {result}. [Mend|Patch] {name}; it {does}.",
        ),
    ),
)

"""How the original graded answers to reasoning tasks, told again so that its figures can be set beside the corrected ones.

Invariant: what the original is known to get wrong is wrong here too: a number is right within a twentieth of the reference times its sign,
so that none is ever near a negative one; any text that holds the reference is right. The rules were found from recorded runs and their
verdicts, see `benchmarks/mint_gradings.py`. It does not: serve for anything but comparison.
"""

import ast
import math
import re
from collections.abc import Mapping

from pydantic import JsonValue

_NEAR = 0.05
_NEAR_THEOREM = 0.04
_FIRST = re.compile(r"a ?\)")
_OPTION = re.compile(r"\(?([a-z])\)?(?: ?\).*)?", re.DOTALL)


def right(
    subset: str, answer: str, reference: JsonValue, *, answer_type: str | None = None, options: Mapping[str, str] | None = None
) -> bool:
    """Whether the original took an answer.

    Args:
        subset: gsm8k, math, mmlu, theoremqa or hotpotqa.
        answer: as the model wrote it.
        reference: of the task.
        answer_type: of a task of theoremqa.
        options: of a task of mmlu, by letter, see `codeact.bench.suites.mint.reasoning.options_of`.
    """
    if subset == "theoremqa":
        return _theorem(answer, reference, answer_type or "")
    wanted, given = str(reference).strip().lower(), answer.strip().lower()
    if subset == "mmlu":
        return _choice(given, wanted, {letter: _cut(text) for letter, text in (options or {}).items()})
    try:
        return abs(float(wanted) - float(given)) <= _NEAR * float(wanted)
    except ValueError:
        return wanted in given


def _choice(given: str, wanted: str, options: dict[str, str]) -> bool:
    """Of the letters only an a before a bracket was looked for; else the right one could stand anywhere, in a word too.

    Failing that, the text of the right option had to stand there, and that of no other but those that are parts of it, of which some were
    forgotten: they were taken out of the list while it was gone through.
    """
    chosen = "a" if _FIRST.search(given) else given
    if wanted in chosen:
        return True
    right_text = options.get(wanted)
    others = list(options.values())
    for text in others:
        if right_text is not None and text in right_text:
            others.remove(text)  # skips the next one, as the original did
    return right_text is not None and right_text in chosen and not any(text in chosen for text in others)


def _cut(option: str) -> str:
    return option.lower().partition(")")[0].rstrip(".])").strip()


def _theorem(answer: str, reference: JsonValue, answer_type: str) -> bool:
    text = _cleaned(answer)
    if answer_type == "bool":
        return ("true" if reference else "false") == {"yes": "true", "no": "false"}.get(text.lower(), text.lower())
    if answer_type == "option":
        found = _OPTION.fullmatch(text.lower())
        return found is not None and found.group(1) == str(reference).lower()
    value = _value(text)
    if isinstance(reference, list):
        return isinstance(value, list | tuple) and _same_list(value, reference)
    return isinstance(value, int | float) and isinstance(reference, int | float) and _same_number(value, reference)


def _cleaned(text: str) -> str:
    text = text.strip()
    for mark in ("=", "≈"):
        text = text.split(mark)[-1].strip()
    text = text.replace("$", "").replace("`", "").replace("°", "").replace("%", "").strip()
    found = re.match(r"([-+]?[\d,]*\.?\d+) [^0-9 ]+\.?$", text)
    return found.group(1) if found else text


def _value(text: str) -> object:
    try:
        return ast.literal_eval(text.replace(",", "") if re.fullmatch(r"[-+]?[\d,]*\.?\d+", text) else text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _same_number(given: float, wanted: float) -> bool:
    try:
        given = float(given)
    except OverflowError:  # a whole number beyond what a float holds
        return False
    if isinstance(wanted, int):
        return math.isfinite(given) and round(given) == wanted
    return abs(given - wanted) <= _NEAR_THEOREM * abs(wanted)


def _same_list(given: list | tuple, wanted: list) -> bool:
    """In any order."""
    if len(given) != len(wanted) or not all(isinstance(one, int | float) for one in given):
        return False
    return all(_same_number(one, other) for one, other in zip(sorted(given), sorted(wanted), strict=True))

"""Checks of an answer against the right one: pure functions of text.

Invariant: an answer that cannot be read is wrong and no error, and a wrong one is never right for being a part of the right one, or for
    holding it, but by the check `contains`. Comparing lists, sets and objects, numbers in them are compared as numbers: 1 and 1.0 are the
    same, the order of keys does not count. It does not: run anything.
"""

import ast
import json
import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import JsonValue

from codeact import errors
from codeact.bench.task import Score, Tolerance

_FENCE = re.compile(r"\A```\w*\s*\n(.*?)\n?```\Z", re.DOTALL)
_NUMBER = re.compile(r"[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d+)?")
_CURRENCIES = "$€£¥"
_MOST_CHARS = 100_000


def check(name: str, answer: str, wanted: JsonValue, tolerance: Tolerance | None = None) -> Score:
    """Compare an answer with the right one.

    Args:
        name: one of `codeact.bench.task.CHECKS`.
        answer: as the model wrote it.
        wanted: text for exact, regex and contains (or a list of texts, any of which will do); a number; a list for set and list; anything
            for
            json.
        tolerance: of numbers; None: the default.

    Raises:
        InputError: what is wanted is not of the kind that the check takes.
    """
    if len(answer) > _MOST_CHARS:
        return Score.of(False, f"the answer has {len(answer)} characters")
    return _CHECKS[name](_bare(answer), wanted, tolerance or Tolerance())


def number(text: str) -> float | None:
    """The number that a text is, with nothing beside it but a currency or percent sign, or commas between thousands; else None."""
    bare = text.strip().strip("`*").strip()
    sign = "-" if bare[:1] in "-\u2212" and bare[1:2] in _CURRENCIES and bare[1:2] else ""
    bare = sign + bare[len(sign) :].lstrip(_CURRENCIES).rstrip("%" + _CURRENCIES).strip().removesuffix(".")
    if not bare or not _NUMBER.fullmatch(bare) or not any(each.isdigit() for each in bare):
        return None
    try:
        return float(Decimal(bare.replace(",", "").replace("\u2212", "-")))
    except (InvalidOperation, OverflowError):
        return None


def close(found: float, wanted: float, tolerance: Tolerance | None = None) -> bool:
    """Whether a number is near enough; nothing is near to what is not finite."""
    tolerance = tolerance or Tolerance()
    if not (math.isfinite(found) and math.isfinite(wanted)):
        return found == wanted
    return math.isclose(found, wanted, rel_tol=0.0, abs_tol=max(tolerance.abs, tolerance.rel * abs(wanted)) * (1 + 1e-9))


def same(found: Any, wanted: Any, tolerance: Tolerance | None = None) -> bool:
    """Whether two values as of JSON are the same; numbers as of `close`, tuples as lists, true is not 1."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return _near(found, wanted, tolerance)
    if isinstance(found, list | tuple) and isinstance(wanted, list | tuple):
        return len(found) == len(wanted) and all(same(one, other, tolerance) for one, other in zip(found, wanted, strict=True))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(same(found[key], wanted[key], tolerance) for key in wanted)
    if isinstance(found, str) and isinstance(wanted, str):
        return found.strip() == wanted.strip()
    return type(found) is type(wanted) and found == wanted


def _near(found: float, wanted: float, tolerance: Tolerance | None) -> bool:
    try:
        return close(float(found), float(wanted), tolerance)
    except OverflowError:  # a whole number beyond what a float holds
        return found == wanted


def literal(text: str) -> Any:
    """The value that a text is in JSON or in Python's own words; a plain text itself, if it is neither."""
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    return text


def _bare(answer: str) -> str:
    """Without white space around it, and without a fence."""
    text = answer.strip()
    fenced = _FENCE.match(text)
    return fenced.group(1).strip() if fenced else text


def _texts(wanted: JsonValue, check: str) -> list[str]:
    texts = wanted if isinstance(wanted, list) else [wanted]
    if not texts or not all(isinstance(text, str | int | float) and not isinstance(text, bool) for text in texts):
        raise errors.InputError(f"the check {check!r} wants a text, or a list of them, as its answer, not {wanted!r}")
    return [str(text) for text in texts]


def _exact(answer: str, wanted: JsonValue, _: Tolerance) -> Score:
    """Equal but for white space around it, quotes around it, and a full stop after it."""
    given = _unquoted(answer)
    right = any(given in (text.strip(), f"{text.strip()}.") for text in _texts(wanted, "exact"))
    return Score.of(right, f"{answer[:200]!r} is not {wanted!r}")


def _unquoted(text: str) -> str:
    value = literal(text) if text[:1] in ("'", '"') and text[-1:] == text[:1] else text
    return value.strip() if isinstance(value, str) else text


def _number(answer: str, wanted: JsonValue, tolerance: Tolerance) -> Score:
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        raise errors.InputError(f"the check 'number' wants a number as its answer, not {wanted!r}")
    found = number(_unquoted(answer))
    if found is None:
        return Score.of(False, f"{answer[:200]!r} is no number")
    return Score.of(close(found, float(wanted), tolerance), f"{found!r} is not {wanted!r}")


def _items(answer: str, wanted: JsonValue, check: str) -> tuple[Any, list[JsonValue]]:
    if not isinstance(wanted, list):
        raise errors.InputError(f"the check {check!r} wants a list as its answer, not {wanted!r}")
    value = literal(answer)
    if isinstance(value, str):  # no brackets: one a line, or with commas between them
        parts = value.splitlines() if "\n" in value else value.split(",")
        value = [literal(part.strip().removeprefix("- ")) for part in parts if part.strip()]
    return (sorted(value, key=repr) if isinstance(value, set | frozenset) else value), wanted


def _list(answer: str, wanted: JsonValue, tolerance: Tolerance) -> Score:
    found, right = _items(answer, wanted, "list")
    return Score.of(same(found, right, tolerance), f"{answer[:200]!r} is not {wanted!r}")


def _set(answer: str, wanted: JsonValue, tolerance: Tolerance) -> Score:
    """The same items, whatever their order, each as often."""
    found, right = _items(answer, wanted, "set")
    left = list(found) if isinstance(found, list | tuple) else [found]
    for item in right:
        match = next((place for place, one in enumerate(left) if same(one, item, tolerance)), None)
        if match is None:
            return Score.of(False, f"{item!r} is not in {answer[:200]!r}")
        del left[match]
    return Score.of(not left, f"{answer[:200]!r} has more than {wanted!r}")


def _json(answer: str, wanted: JsonValue, tolerance: Tolerance) -> Score:
    return Score.of(same(literal(answer), wanted, tolerance), f"{answer[:200]!r} is not {wanted!r}")


def _regex(answer: str, wanted: JsonValue, _: Tolerance) -> Score:
    """All of the answer is what an expression describes."""
    try:
        found = any(re.fullmatch(text, answer, re.DOTALL) for text in _texts(wanted, "regex"))
    except re.error as error:
        raise errors.InputError(f"the check 'regex' wants an expression as its answer; {wanted!r} is none: {error}") from None
    return Score.of(found, f"{answer[:200]!r} is not as {wanted!r} says")


def _contains(answer: str, wanted: JsonValue, _: Tolerance) -> Score:
    """One of the texts is in the answer, as whole words, upper or lower case."""
    texts = _texts(wanted, "contains")
    found = any(re.search(rf"(?<!\w){re.escape(text.strip())}(?!\w)", answer, re.IGNORECASE) for text in texts)
    return Score.of(found, f"{wanted!r} is not in {answer[:200]!r}")


_CHECKS: dict[str, Callable[[str, JsonValue, Tolerance], Score]] = {
    "exact": _exact,
    "number": _number,
    "set": _set,
    "list": _list,
    "json": _json,
    "regex": _regex,
    "contains": _contains,
}

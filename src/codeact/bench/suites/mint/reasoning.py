"""Whether an answer to a reasoning task is right: the original's references, without its known faults.

Invariant: pure functions of text. A reference is never looked for as a part of an answer: it is compared as a number, a list, a word of
truth, a letter, or a name in whole words. Numbers of gsm8k and math, and whole ones of theoremqa, must be exact but for what floating
point does to them; decimals of theoremqa may be off by 4%, which is that set's own rule. It does not: know the original's verdicts;
`original` does.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from pydantic import JsonValue

from codeact.bench import checks
from codeact.bench.suites.mint import arithmetic
from codeact.bench.task import Score, Tolerance

EXACT = Tolerance(rel=1e-6, abs=1e-9)
THEOREM = Tolerance(rel=0.04)
_OPTIONS = re.compile(r"(?:\A|,)\s*([A-Z]) \) ")
_LEADS = re.compile(
    r"\A(?:the\s+|my\s+)?(?:final\s+|correct\s+)?(?:answer|option|choice|solution)(?:\s+to the question)?\s*(?:is|:)?\s*:?\s*", re.I
)
_LETTER = re.compile(r"\A\W{0,2}([A-Za-z])\W{0,2}\Z")
_LETTER_FIRST = re.compile(r"\A\W{0,2}([A-Za-z])\s*[).:]")
_LETTER_COMMA = re.compile(r"\A([A-Z]), (?!.*\b[A-F]\b)", re.DOTALL)
_LETTERS = re.compile(r"(?<![\w(])\(?([A-Z])\s?\)|\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer is)\s+\(?([A-Z])\b")
_TRUE, _FALSE = ("true", "yes"), ("false", "no")
_ARTICLES = ("a", "an", "the")
_DENIALS = {"not", "no", "neither", "nor", "never", "none", "or", "but", "instead", "cannot", "unless", "isnt", "wasnt", "arent", "werent"}
_LINKS = {"is", "are", "was", "were", "in", "be", "by", "called", "named", "as"}
_VERBS = {"is", "are", "was", "were", "has", "had", "have", "did", "does"}
_MOST_CHARS = 2000


def grade(
    subset: str,
    answer: str,
    reference: JsonValue,
    *,
    answer_type: str | None = None,
    options: Mapping[str, str] | None = None,
    ordered: bool = True,
) -> Score:
    """Grade an answer.

    Args:
        subset: gsm8k, math, mmlu, theoremqa or hotpotqa.
        answer: as the model wrote it.
        reference: of the task.
        answer_type: of a task of theoremqa: integer, float, bool, list of integer, or option.
        options: of a task of mmlu, by letter, see `options_of`.
        ordered: False: a list may have its items in any order.
    """
    text = answer.rpartition("<solution>")[2].strip()
    if len(text) > _MOST_CHARS:
        return Score.of(False, f"the answer has {len(text)} characters")
    kind = answer_type if subset == "theoremqa" else {"mmlu": "option", "hotpotqa": "words"}.get(subset, "number")
    right = _list(text, reference, ordered) if kind == "list of integer" else _right(kind or "", text, reference, options or {})
    return Score.of(right, f"{text[:200]!r} is not {reference!r}")


def options_of(prompt: str) -> dict[str, str]:
    """The options of a question of mmlu, by their letters in lower case; empty if it has none."""
    _, found, text = prompt.rpartition("Options:")
    parts = _OPTIONS.split(text)[1:] if found else []
    return {letter.lower(): option.strip() for letter, option in zip(parts[::2], parts[1::2], strict=True)}


def _right(kind: str, text: str, reference: JsonValue, options: Mapping[str, str]) -> bool:
    match kind:
        case "number" | "integer":
            return _number(text, float(str(reference)), EXACT)
        case "float":
            return _number(text, float(str(reference)), THEOREM)
        case "bool":
            words = _words(_LEADS.sub("", text))
            return words[:1] in [[word] for word in (_TRUE if reference else _FALSE)]
        case "option":
            return _letter(text, options) == str(reference).strip("() ").lower()
        case _:
            return _same_words(text, str(reference))


def _number(text: str, wanted: float, tolerance: Tolerance) -> bool:
    found = arithmetic.value(text)
    return found is not None and math.isfinite(found) and checks.close(found, wanted, tolerance)


def _list(text: str, reference: JsonValue, ordered: bool) -> bool:
    """The only list there is in the text, or what is written like one without its brackets. True and False count as 1 and 0: lists of
    them are asked for as lists of integers."""
    lists = re.findall(r"[\[(]([^][()]*)[\])]", text) or [text.strip("`$ ").rstrip(".")]
    value = checks.literal(f"[{lists[0]}]")
    if len(lists) != 1 or not isinstance(value, list) or not isinstance(reference, list):
        return False
    numbers = [int(item) if isinstance(item, bool) else item for item in value]
    if not all(isinstance(item, int | float) for item in numbers):
        return False
    return checks.same(
        numbers if ordered else sorted(numbers), reference if ordered else sorted(reference, key=lambda item: float(str(item))), EXACT
    )


def _letter(text: str, options: Mapping[str, str]) -> str | None:
    """The letter that is chosen, by itself, before a bracket, or by the text of its option; None if that is none, or several."""
    bare = _LEADS.sub("", text).strip()
    alone = _LETTER.match(bare)
    if alone:
        return alone.group(1).lower()
    for part in (bare, re.split(r"\b(?:is|are)\b", bare)[-1].strip()):
        same = [letter for letter, option in options.items() if _same_option(part, option)]
        if same:
            return same[0] if len(same) == 1 else None
    first = _LETTER_FIRST.match(bare) or _LETTER_COMMA.match(bare)
    named = {(one or other).lower() for one, other in _LETTERS.findall(bare)}
    if first and named <= {first.group(1).lower()}:
        return first.group(1).lower()
    return named.pop() if len(named) == 1 else None


def _same_option(text: str, option: str) -> bool:
    if _bare(text) == _bare(option):
        return True
    number, wanted = arithmetic.value(text), arithmetic.value(option)
    plain = re.fullmatch(r"[-+\d.,$%\s\\{}()/a-z]{1,40}", text.lower()) and re.fullmatch(r"[-+\d.,$%\s\\{}()/a-z]{1,40}", option.lower())
    return (
        bool(plain) and _units(text) == _units(option) and number is not None and wanted is not None and checks.close(number, wanted, EXACT)
    )


def _bare(text: str) -> str:
    return re.sub(r"[\s$`]+|\.$", "", text.lower())


def _units(text: str) -> list[str]:
    return re.findall(r"[a-z%]+", text.lower())


def _words(text: str) -> list[str]:
    """Words in lower case, without accents, articles and what stands between them."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    flat = re.sub(r"(?<=\d),(?=\d{3}\b)", "", flat).replace("'", "").replace("\u2019", "")
    return [word for word in re.findall(r"\d+\.\d+|\w+", flat) if word not in _ARTICLES]


def _same_words(text: str, reference: str) -> bool:
    """A name, or what else a question of hotpotqa wants.

    The same words in any order; or all but one of at least three, in order; or the reference at the beginning of a sentence that goes on,
    or at the end of one, after a word such as `is`, or in quotes. Nothing that denies, or leaves a choice, is right.
    """
    given, wanted = _words(_LEADS.sub("", text)), _words(reference)
    if wanted in (["yes"], ["no"]):
        return given[:1] == wanted
    if Counter(_listed(given)) == Counter(_listed(wanted)):
        return True
    if _DENIALS & (set(given) - set(wanted)):
        return False
    if any(_words(quoted) == wanted for quoted in re.findall(r"[\"\u201c](.*?)[\"\u201d]", text)):
        return True
    if abs(len(given) - len(wanted)) == 1 and min(len(given), len(wanted)) >= 2:
        return _without_one(*sorted((given, wanted), key=len))
    size = len(wanted)
    if given[:size] == wanted:
        return size >= 3 or given[size] in _VERBS or _ends_there(text, wanted)
    return len(given) > size and given[-size:] == wanted and given[-size - 1] in _LINKS


def _listed(words: list[str]) -> list[str]:
    return [word for word in words if word != "and"]


def _without_one(short: list[str], long: list[str]) -> bool:
    """One word more, which is no number."""
    return any(long[:place] + long[place + 1 :] == short and not word.isdigit() for place, word in enumerate(long))


def _ends_there(text: str, wanted: list[str]) -> bool:
    """A comma, a bracket or a full stop follows the words."""
    return any(_words(_LEADS.sub("", text[: found.start()])) == wanted for found in re.finditer(r"[,(.;:]", text))

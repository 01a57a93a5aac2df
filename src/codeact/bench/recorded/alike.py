"""How far two observations are alike: but for addresses, the order of items, the last digits of floats, words.

Invariant: each question is symmetric, and two equal observations are alike in all ways. It does not: say why they differ.
"""

import math
import re
from collections import Counter

from codeact.bench.recorded.seen import Parts

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{5,}\b")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|(?<![\w.])[-+]?\.\d+(?:[eE][-+]?\d+)?")
_ITEM = re.compile(r"[^\s,{}\[\]()]+")
_TYPED = re.compile(r"\bnp\.\w+\(([^()]*)\)")
_QUOTED = re.compile(r"'([^']*)'")
_WORD = re.compile(r"\w+")
_CLOSE = 1e-6
_TINY = 1e-9
_WORDS_SHARED = 0.5


def without_addresses(parts: Parts) -> tuple[str, ...]:
    """The texts, every address in memory the same."""
    return tuple(_ADDRESS.sub("0x0", text) for text in _texts(parts))


def same_items(one: Parts, other: Parts) -> bool:
    """The same items, each as often, in another order."""
    return one.error == other.error and _items(one) == _items(other)


def same_numbers(one: Parts, other: Parts) -> bool:
    """The same texts, their numbers equal to six digits, or both next to nothing."""
    mine, theirs = _texts(one), _texts(other)
    if one.error != other.error or [_NUMBER.sub("#", text) for text in mine] != [_NUMBER.sub("#", text) for text in theirs]:
        return False
    pairs = zip(_NUMBER.findall("\n".join(mine)), _NUMBER.findall("\n".join(theirs)), strict=True)
    return all(math.isclose(float(a), float(b), rel_tol=_CLOSE, abs_tol=_TINY) for a, b in pairs)


def same_symbols(one: Parts, other: Parts) -> bool:
    """The same letters, digits and signs, each as often: terms in another order, or another layout."""
    return one.error == other.error and Counter(_dense(one)) == Counter(_dense(other))


def same_values(one: Parts, other: Parts) -> bool:
    """The same texts, whether or not a number is printed with its type in NumPy: ``np.float64(2.0)`` for ``2.0``."""
    return [_TYPED.sub(r"\1", text) for text in _texts(one)] == [_TYPED.sub(r"\1", text) for text in _texts(other)]


def same_figures(one: Parts, other: Parts) -> bool:
    """No error, and the same numbers, two or more, in the same order, whatever stands between them."""
    mine, theirs = ([float(number) for number in _NUMBER.findall("\n".join(_texts(parts)))] for parts in (one, other))
    return not one.error and not other.error and len(mine) > 1 and mine == theirs


def names(one: str, other: str) -> bool:
    """Something stands in quotation marks, and it is the same."""
    quoted = Counter(_QUOTED.findall(one))
    return bool(quoted) and quoted == Counter(_QUOTED.findall(other))


def words(one: str, other: str) -> bool:
    """Half of the words, or more, are the same."""
    mine, theirs = Counter(_WORD.findall(one)), Counter(_WORD.findall(other))
    return sum((mine & theirs).values()) >= _WORDS_SHARED * max(mine.total(), theirs.total())


def _texts(parts: Parts) -> tuple[str, ...]:
    return parts.written, parts.value, parts.error, parts.message or ""


def _items(parts: Parts) -> Counter[str]:
    return Counter(_ITEM.findall("\n".join(_texts(parts))))


def _dense(parts: Parts) -> str:
    return "".join("".join(_texts(parts)).split())

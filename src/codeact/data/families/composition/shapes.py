"""In what shape a tool hands out a value: bare, in a dict, in a tuple, as text with its unit, nested; and how code reads it.

Invariant: reading what was wrapped gives the value. A shape is told by the signature or the docstring, or it is hidden, and an expert
prints a result before it goes on. It does not: know what is asked.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codeact.data.families.composition.subject import Measure


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape.

    Args:
        returns: the annotation.
        told: added to the docstring.
        wrap: a thing's name and its value to a result.
        read: an expression with a place ``{call}``.
        wrong: such an expression that raises.
        unwrap: a result to the value.
        hidden: a result has to be seen first.
    """

    returns: Any
    told: str
    wrap: Callable[[str, Any], Any]
    read: str
    wrong: str
    unwrap: Callable[[Any], Any]
    hidden: bool = False


def _bare(measure: Measure) -> Any:
    return float if measure.digits else int


def plain(measure: Measure) -> Shape:
    """The value itself."""
    return Shape(_bare(measure), "", lambda _, value: value, "{call}", f'{{call}}["{measure.key}"]', lambda shown: shown)


def record(measure: Measure, noun: str, chance: random.Random) -> Shape:
    """A dict whose keys are told."""
    key = chance.choice((measure.key, measure.key, "value", "amount"))
    label = chance.choice(("name", noun))
    told = f' Returns {{"{label}": ..., "{key}": ...}}.'
    wrong = chance.choice(("{call}[0]", "{call}[1]"))
    return Shape(dict, told, lambda name, value: {label: name, key: value}, f'{{call}}["{key}"]', wrong, lambda shown: shown[key])


def pair(measure: Measure, noun: str, chance: random.Random) -> Shape:
    """A tuple of the value and its unit, or the other way round."""
    del noun
    unit = measure.unit or "points"
    bare = _bare(measure)
    wrong = f'{{call}}["{measure.key}"]'
    if chance.random() < 0.7:
        return Shape(tuple[bare, str], " With its unit.", lambda _, value: (value, unit), "{call}[0]", wrong, lambda shown: shown[0])
    return Shape(tuple[str, bare], " Its unit comes first.", lambda _, value: (unit, value), "{call}[1]", wrong, lambda shown: shown[1])


def text(measure: Measure, noun: str, chance: random.Random) -> Shape:
    """Text that begins with the number."""
    del noun
    number = "float" if measure.digits else "int"
    convert = float if measure.digits else int
    if chance.random() < 0.4 or not measure.unit:
        return Shape(
            str,
            " The number is given as text.",
            lambda _, value: str(value),
            f"{number}({{call}})",
            f"round({{call}} + 0, {measure.digits})",
            convert,
        )
    example = f"{measure.low} {measure.unit}"
    read = f"{number}({{call}}.split()[0])"
    return Shape(
        str,
        f' Given as text, such as "{example}".',
        lambda _, value: f"{value} {measure.unit}",
        read,
        f"{number}({{call}})",
        lambda shown: convert(shown.split()[0]),
    )


def nested(measure: Measure, noun: str, chance: random.Random) -> Shape:
    """A dict in a dict, of which nothing is told."""
    inner = chance.choice(("amount", "value", "number"))
    label = chance.choice((noun, "name", "of"))

    def wrap(name: str, value: Any) -> Any:
        return {label: name, measure.key: {inner: value, "unit": measure.unit or "points"}}

    wrong = chance.choice((f'{{call}}["{inner}"]', '{call}["result"]'))
    return Shape(dict, "", wrap, f'{{call}}["{measure.key}"]["{inner}"]', wrong, lambda shown: shown[measure.key][inner], hidden=True)


def row(measure: Measure, noun: str, chance: random.Random) -> Shape:
    """A list of one dict, of which nothing is told."""
    key = chance.choice((measure.key, measure.key, f"{measure.key}_value"))
    label = chance.choice((noun, "name"))
    wrong = f'{{call}}["{key}"]'
    return Shape(
        list[dict],
        "",
        lambda name, value: [{label: name, key: value}],
        f'{{call}}[0]["{key}"]',
        wrong,
        lambda shown: shown[0][key],
        hidden=True,
    )


def unsaid(measure: Measure, noun: str, chance: random.Random) -> Shape:
    """A dict of which nothing is told."""
    key = chance.choice((measure.key, f"current_{measure.key}", f"{measure.key}_now", "reading", "result"))
    label = chance.choice((noun, "name", "label"))
    order = chance.random() < 0.5

    def wrap(name: str, value: Any) -> Any:
        made = [(label, name), (key, value), ("ok", True)]
        return dict(made if order else reversed(made))

    wrong = chance.choice(('{call}["value"]', f"{{call}}.{measure.key}", "{call}[0]"))
    return Shape(dict, "", wrap, f'{{call}}["{key}"]', wrong, lambda shown: shown[key], hidden=True)


_OTHERS = (record, record, pair, text, nested, row, unsaid)


def any_shape(one: str, measure: Measure, chance: random.Random, *, bare: float = 0.5) -> Shape:
    """Some shape.

    Args:
        one: what has the measure, an identifier.
        measure: which.
        chance: decides.
        bare: how often it is the value itself.
    """
    if chance.random() < bare:
        return plain(measure)
    return chance.choice(_OTHERS)(measure, one, chance)


def naming(key: str, of: str, chance: random.Random) -> Shape:
    """The shape of a result that is a name or a number of something: bare, or in a dict.

    Args:
        key: what the result is, an identifier.
        of: what it was asked for, an identifier.
        chance: decides.
    """
    if chance.random() < 0.6:
        return Shape(str, "", lambda _, value: value, "{call}", '{call}["name"]', lambda shown: shown)
    hidden = chance.random() < 0.5
    told = "" if hidden else f' Returns {{"{of}": ..., "{key}": ...}}.'
    wrong = chance.choice(("{call}[0]", '{call}["result"]'))
    return Shape(dict, told, lambda name, value: {of: name, key: value}, f'{{call}}["{key}"]', wrong, lambda shown: shown[key], hidden)

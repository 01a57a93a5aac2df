"""The variables of the user's code, described for who looks on.

Invariant: nothing of the user's runs for it. A value is asked by functions of the built-in type, or of numpy's, that it is really made
of, whatever its class says about itself; depth, number and length of what is told are bounded, whatever the value is. pandas objects
are asked by pandas' own methods. It does not: catch what a part that the user broke may raise (the caller does).
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from . import arrays, previews

MOST = 200
"""Variables that are described."""

_MOST_NAME, _MOST_PREVIEW = 100, 300  # characters
_items, _type, _len = dict.items, type, len  # the user may put others in their places

Named = tuple[str, Any]


def told(names: dict[str, Any], given: dict[str, Any], describe: Callable[[str, Any], dict]) -> dict[str, Any]:
    """The user's variables, at most `MOST`: the latest made, values first, then functions and classes, then modules.

    Args:
        names: the user's namespace.
        given: what of it is not the user's own.
        describe: `described`, or the like.

    Returns:
        descriptions, and how many more there are; an interruption makes more of these.
    """
    try:
        ranked, count = _ranked(_items(names), given)
    except RuntimeError:  # another thread makes one just now
        ranked, count = _ranked(list(_items(names)), given)
    chosen: list[Named] = []
    for some in ranked:
        room = MOST - _len(chosen)
        chosen += list(some)[-room:] if room else []
    found: list[dict] = []
    try:
        for name, value in chosen:
            found.append(describe(name, value))
    except KeyboardInterrupt:  # it takes too long: what is left is counted
        pass
    return {"variables": found, "more": count - _len(found)}


def described(name: str, value: Any) -> dict[str, Any]:
    """A variable: its name, type, shape, size in bytes and the beginning of its value."""
    array = arrays.described(value, previews.shown)
    if array is not None:
        return _entry(name, *array)
    length, size = previews.measures(value)
    return _entry(name, previews.class_name(value), None if length is None else (length,), size, previews.shown(value))


def untold(name: str, value: Any) -> dict[str, Any]:
    """A variable of which no more can be told."""
    return _entry(name, previews.class_name(value), None, None, "(cannot be shown)")


def _entry(name: str, kind: str, shape: tuple[int, ...] | None, size: int | None, preview: str) -> dict[str, Any]:
    cut = previews.cut
    return {
        "name": cut(name, _MOST_NAME),
        "type": cut(kind, _MOST_NAME),
        "shape": shape,
        "size": size,
        "preview": cut(preview, _MOST_PREVIEW),
    }


def _ranked(items: Iterable[tuple[Any, Any]], given: dict[str, Any]) -> tuple[list[deque[Named]], int]:
    """The latest variables of each rank, and how many there are in all."""
    ranked: list[deque[Named]] = [deque(maxlen=MOST) for _ in range(3)]
    count = 0
    for name, value in items:
        if _type(name) is str and name and name[0] != "_" and given.get(name, ranked) is not value:
            ranked[previews.rank(value)].append((name, value))
            count += 1
    return ranked, count

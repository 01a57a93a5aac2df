"""Dates and times as text, with what ISO text does not say: the zone's name, and which of two equal hours is meant.

Invariant: a zone is looked up by a name of the tz database or made of an offset; no file is read for any other name. It does not: know
where in a value a moment stands.
"""

import re
from datetime import UTC, datetime, time, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NAME = re.compile(r"[A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,2}", re.ASCII)
_OFFSET = re.compile(r"UTC([+-]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)", re.ASCII)


def extras_of(moment: datetime | time) -> dict[str, Any]:
    """What is to be said of a moment beside its ISO text: its zone, if that has a name, and `fold`, if it is 1."""
    name = getattr(moment.tzinfo, "key", None)
    extras: dict[str, Any] = {"zone": name} if isinstance(name, str) and _NAME.fullmatch(name) else {}
    return {**extras, "fold": 1} if moment.fold else extras


def moment_of(kind: type[datetime] | type[time], text: str, zone: str | None, fold: int) -> Any:
    """The moment that ISO text and its extras stand for.

    Raises:
        ValueError: it is none, or there is no such zone.
    """
    made = kind.fromisoformat(text).replace(fold=fold)
    return made if zone is None else made.replace(tzinfo=zone_of(zone))


def name_of(zone: tzinfo | None) -> str:
    """A zone by its name, or by its offset if that never changes; UTC otherwise."""
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    offset = zone.utcoffset(None) if zone is not None else None
    return str(timezone(offset)) if offset is not None else "UTC"


@lru_cache(maxsize=1024)
def zone_of(name: str) -> tzinfo:
    """The zone of a name, such as ``Europe/Paris`` or ``UTC+01:00``.

    Raises:
        ValueError: there is none.
    """
    if name == "UTC":
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        found = datetime.fromisoformat(f"2000-01-01T00:00{offset[1]}").tzinfo
        return found if found is not None else UTC
    try:
        if _NAME.fullmatch(name):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        pass
    raise ValueError(f"there is no time zone {name[:60]!r}")

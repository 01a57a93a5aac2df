"""When a call counts as the right one: a rule for each tool, after the original's own.

What is written freely (what an entry is about) is the same if more than half of the words are; names are the same in upper and lower case;
dates are compared as dates; all else as text, but for white space around it. Both calls are made on equal tables, and what comes of
them has to be the same, unless chance decides it. Stricter than the original at one place: the token always has to be the right one,
where it compares none for agendas and reminders.

Invariant: a call is the same as itself. It does not: make a call.
"""

from collections.abc import Mapping
from typing import Any

from codeact.bench.calling import Made
from codeact.bench.suites.api_bank.catalogue import SEARCHER
from codeact.bench.suites.api_bank.desk import DAY, MOMENT, moment

_FREE = {f"{verb}{thing}" for verb in ("Add", "Modify", "Delete", "Query") for thing in ("Agenda", "Reminder", "Meeting")}
_FREE_NAMES = ("content", "meeting_topic")
_ANY_CASE = {"name", "symptom", "keyword", "music_name", "user_id", "receiver", "device_id", "stock_code", "tgt_lang"}
_BY_OUTPUT = {"Calculator", "Dictionary", "SearchEngine"}
_BY_CHANCE = {"AppointmentRegistration", "RegisterUser"}
_SHARE = 0.5


def difference(made: Made, wanted: Made) -> str:
    """What is not the same in two calls, in words; empty if nothing."""
    if made.tool != wanted.tool:
        return f"{made.tool} was called, not {wanted.tool}"
    if made.tool == SEARCHER:
        found, right = _names(made.value), _names(wanted.value)
        return "" if found == right else f"{SEARCHER} found {found}, not {right}"
    if made.tool not in _BY_OUTPUT:
        names = [name for name in {**wanted.arguments, **made.arguments} if not _same(made, wanted, name)]
        if names:
            return f"{made.tool}: {names[0]} is {made.arguments.get(names[0])!r:.200}, not {wanted.arguments.get(names[0])!r:.200}"
    if (made.error is None) != (wanted.error is None):
        return f"{made.tool} ended with {made.error or 'no error'}, not with {wanted.error or 'none'}"
    if made.tool not in _BY_CHANCE and made.value != wanted.value:
        return f"{made.tool} gave {made.value!r:.200}, not {wanted.value!r:.200}"
    return ""


def _names(found: Any) -> list[str]:
    return [one["name"] for one in (found if isinstance(found, list) else [found])] if found else []


def _same(made: Made, wanted: Made, name: str) -> bool:
    one, other = made.arguments.get(name, ""), wanted.arguments.get(name, "")
    if made.tool in _FREE and name in _FREE_NAMES:
        return _alike(str(one), str(other))
    return _plain(one, name) == _plain(other, name)


def _alike(one: str, other: str) -> bool:
    mine, theirs = set(one.lower().split()), set(other.lower().split())
    return one == other or len(mine & theirs) > _SHARE * len(mine | theirs)


def _plain(value: Any, name: str) -> Any:
    if isinstance(value, str):
        text = _dated(value.strip())
        return text.lower() if name in _ANY_CASE else text
    if name == "health_data" and isinstance(value, list):
        return sorted((str(one.get("name")), str(one.get("value"))) for one in value if isinstance(one, Mapping))
    return value


def _dated(text: str) -> str:
    for form in (DAY, MOMENT):
        try:
            return moment(text, form)
        except ValueError:
            continue
    return text

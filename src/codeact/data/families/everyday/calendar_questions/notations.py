"""Questions about dates in several notations: their weekdays, their order, the same in other notations, and as Unix time.

Invariant: weekdays follow from a day's ordinal, and forms are filled in by hand; the expert reads and writes by `strptime` and `strftime`.
It does not: know of time zones other than UTC.
"""

import datetime
import random

from codeact.data.families.everyday.calendar_questions.asking import Asked, Kind
from codeact.data.families.everyday.calendar_questions.days import (
    DAY,
    FORMS,
    ISO,
    NOTATIONS,
    WEEKDAYS,
    days_from,
    freely_written,
    given,
    some_day,
    weekday,
)
from codeact.data.families.naming import quoted
from codeact.data.family import Slip

_PAST_EVENTS = (
    "I was born",
    "We moved here",
    "My parents married",
    "A bridge was opened",
    "The firm was founded",
    "My aunt was born",
)
_COMING_EVENTS = ("Our wedding is", "My exam is", "The flight is", "Our trip is", "The next fair is", "A big concert is")


def weekday_in_notation(chance: random.Random) -> Asked:
    """The weekday of a date that has to be read first."""
    day = some_day(chance, 1930, 2080)
    notation = chance.choice(NOTATIONS)
    text = notation.written(day)
    past = day.year < 2025
    values = {
        "day": text + notation.hint,
        "told": chance.choice(_PAST_EVENTS if past else _COMING_EVENTS),
        "was": "was" if past else "is",
    }
    shown = 'day.strftime("%A")'
    slip = Slip("wrong type", f'day = "{text}"\nprint({shown})')
    return Asked(values, WEEKDAYS[weekday(day)], f"day = {notation.read(quoted(text))}", shown, slip)


def is_weekday(chance: random.Random) -> Asked:
    """Whether a date falls on a certain weekday, on a weekend, or on a working day."""
    day = some_day(chance, 1950, 2070)
    number = chance.choice((weekday(day), chance.randrange(7)))
    code = given(day=day)
    one_weekday = Kind(f"a {WEEKDAYS[number]}", weekday(day) == number, code, f"day.weekday() == {number}")
    weekend = Kind("a weekend day (Saturday or Sunday)", weekday(day) in (5, 6), code, "day.weekday() >= 5")
    working = Kind("a working day (Monday to Friday)", weekday(day) not in (5, 6), code, "day.weekday() < 5")
    kind = chance.choice((*[one_weekday] * 3, weekend, working))
    return Asked({"day": freely_written(chance, day), "kind": kind.words}, kind.answer, kind.code, kind.shown)


def rewrite_date(chance: random.Random) -> Asked:
    """A date, or a few, in another notation."""
    form = chance.choice(FORMS)
    notation = chance.choice([one for one in NOTATIONS if one.pattern != form.pattern])
    several = "," not in notation.pattern and chance.random() < 0.3
    days = [some_day(chance, 1970, 2040) for _ in range(3 if several else 1)]
    texts = [notation.written(day) for day in days]
    values = {
        "day": ", ".join(texts) + notation.hint,
        "form": form.words + (", as a list" if several else ""),
    }
    if several:
        code = f"texts = {quoted(texts)}\ndays = [{notation.read('text')} for text in texts]"
        return Asked(values, [form.written(day) for day in days], code, f"[{form.shown} for day in days]")
    slip = Slip("wrong type", f"day = {quoted(texts[0])}\nprint({form.shown})")
    return Asked(values, form.written(days[0]), f"day = {notation.read(quoted(texts[0]))}", form.shown, slip)


def order_dates(chance: random.Random) -> Asked:
    """Dates that are not in the order of their texts: the earliest, the list in order, and so on."""
    notation = chance.choice([one for one in NOTATIONS if "," not in one.pattern and not one.pattern.startswith("%Y")])
    middle = some_day(chance, 1990, 2040)
    days = [middle + gap * DAY for gap in chance.sample(range(-700, 700), chance.randrange(3, 7))]
    texts = [notation.written(day) for day in days]
    in_order = [notation.written(day) for day in sorted(days)]
    code = f"dates = {quoted(texts)}"
    by_day = f"dates, key=lambda text: {notation.read('text')}"
    parsed = f"{code}\ndays = [{notation.read('text')} for text in dates]"
    kinds = (
        Kind("the earliest", in_order[0], code, f"min({by_day})"),
        Kind("the latest", in_order[-1], code, f"max({by_day})"),
        Kind("the second earliest", in_order[1], code, f"sorted({by_day})[1]"),
        Kind("the list, earliest first,", [*in_order], code, f"sorted({by_day})"),
        Kind("the list, latest first,", [*reversed(in_order)], code, f"sorted({by_day}, reverse=True)"),
        Kind(
            "the number of days from the earliest to the latest",
            len(days_from(min(days), max(days))),
            parsed,
            "(max(days) - min(days)).days",
        ),
    )
    kind = chance.choice(kinds)
    what = f"{kind.words} of the dates {', '.join(texts)}{notation.hint}"
    return Asked({"what": what}, kind.answer, kind.code, kind.shown)


def unix_time(chance: random.Random) -> Asked:
    """A moment as Unix time, or the moment of a Unix time."""
    day = some_day(chance, 1971, 2045)
    hour, minute = chance.randrange(24), chance.randrange(60)
    stamp = (len(days_from(datetime.date(1970, 1, 1), day)) * 24 + hour) * 3600 + minute * 60
    clock = f"{hour:02}:{minute:02}"
    moment = chance.choice((f"{day} {clock} UTC", f"{clock} UTC on {freely_written(chance, day)}"))
    unix = chance.choice((f"the Unix timestamp {stamp}", f"Unix time {stamp}", f"the epoch time {stamp}"))
    date = f"{day.year}, {day.month}, {day.day}, {hour}, {minute}"
    from_date = f"moment = datetime.datetime({date}, tzinfo=datetime.timezone.utc)"
    from_stamp = f"moment = datetime.datetime.fromtimestamp({stamp}, tz=datetime.timezone.utc)"
    to_stamp = (
        Kind(f"the Unix timestamp (in seconds) of {moment}", stamp, from_date, "int(moment.timestamp())"),
        Kind(f"the epoch time in milliseconds of {moment}", stamp * 1000, from_date, "int(moment.timestamp() * 1000)"),
    )
    to_date = (
        Kind(
            f"the UTC date and time ({ISO.letters} HH:MM) of {unix}",
            f"{day} {clock}",
            from_stamp,
            'moment.strftime("%Y-%m-%d %H:%M")',
        ),
        Kind(f"the date in UTC ({ISO.letters}) of {unix}", f"{day}", from_stamp, "moment.date()"),
        Kind(f"the weekday in UTC of {unix}", WEEKDAYS[weekday(day)], from_stamp, 'moment.strftime("%A")'),
    )
    kind = chance.choice((*to_stamp, *to_date))
    slip = Slip("forgotten import", f"{from_stamp}\nprint(moment)") if kind in to_date else None
    return Asked({"what": kind.words}, kind.answer, kind.code, kind.shown, slip)

"""Questions about the time between days: deadlines, middles, recurring days, countdowns, and lives in days.

Invariant: right answers are found by walking through the days; the expert adds, subtracts and divides. It does not: know of holidays.
"""

import datetime
import random

from codeact.data.families.everyday.calendar_questions.asking import Asked, Kind
from codeact.data.families.everyday.calendar_questions.days import (
    DAY,
    WantedDay,
    days_from,
    first_of_month,
    freely_written,
    given,
    some_day,
    wanted_day,
    weekday,
    yearly_day,
)
from codeact.data.families.wordlists import PEOPLE
from codeact.data.family import Slip

_MONTHS_IN_WORDS = (
    ("six months", 6),
    ("three months", 3),
    ("a year and a half", 18),
    ("half a year", 6),
    ("two years", 24),
    ("nine months", 9),
)
_LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)
_DAYS_IN_WORDS = (
    ("every week", 7),
    ("every second week", 14),
    ("every two weeks", 14),
    ("every other week", 14),
    ("every three weeks", 21),
)
_SHARES = (
    *[("halfway", 1, 2)] * 4,
    ("one third of the way", 1, 3),
    ("a quarter of the way", 1, 4),
    ("two thirds of the way", 2, 3),
)
_REPEATED = (
    "the bins are emptied",
    "the choir rehearses",
    "I water the cactus",
    "our team meets",
    "the cleaner comes",
    "a ferry sails",
)


def months_after(chance: random.Random) -> Asked:
    """The date some months after another, or before it."""
    day = some_day(chance, 1990, 2045)
    count = chance.randrange(2, 60)
    sign = chance.choice("++-")
    to_the_end = chance.random() < 0.15 and day.month in _LONG_MONTHS
    day = day.replace(day=31 if to_the_end else min(day.day, 28))
    length, months = chance.choice((*_MONTHS_IN_WORDS, *[(f"{count} months", count)] * 6))

    month = day.month + (months if sign == "+" else -months)
    days_of_month = days_from(first_of_month(day.year, month), first_of_month(day.year, month + 1))
    wanted = wanted_day(chance, days_of_month[: day.day][-1])
    note = " If that month has no such day, take its last one." if to_the_end else ""
    values = _values_of_distance(chance, length, sign, day, wanted, note=note)

    months_from_year_0 = f"year, month = divmod({day.year} * 12 + {day.month} - 1 {sign} {months}, 12)"
    if to_the_end:
        number = f"min({day.day}, calendar.monthrange(year, month + 1)[1])"
        code = f"import calendar\n{months_from_year_0}\nday = datetime.date(year, month + 1, {number})"
    else:
        code = f"{months_from_year_0}\nday = datetime.date(year, month + 1, {day.day})"
    slip = Slip("no such unit", f"import datetime\n{given(day=day)}\nprint(day {sign} datetime.timedelta(months={months}))")
    return Asked(values, wanted.answer, code, wanted.shown, slip)


def working_days_after(chance: random.Random) -> Asked:
    """The date some working days after another, or before it."""
    day = some_day(chance, 2000, 2045)
    count = chance.randrange(2, 40)
    sign = chance.choice("++-")
    step = DAY if sign == "+" else -DAY
    near = (day + number * step for number in range(1, 90))
    working_days = [one for one in near if weekday(one) < 5]
    wanted = wanted_day(chance, working_days[count - 1])
    values = _values_of_distance(chance, f"{count} working days (Monday to Friday)", sign, day, wanted)
    loop = f"while left > 0:\n    day {sign}= datetime.timedelta(days=1)\n    if day.weekday() < 5:\n        left -= 1"
    return Asked(values, wanted.answer, f"{given(day=day)}\nleft = {count}\n{loop}", wanted.shown)


def _values_of_distance(
    chance: random.Random, length: str, sign: str, start: datetime.date, wanted: WantedDay, *, note: str = ""
) -> dict[str, str]:
    return {
        "length": length,
        "side": "after" if sign == "+" else "before",
        "day": freely_written(chance, start),
        "form": wanted.form,
        "note": note,
    }


def halfway_date(chance: random.Random) -> Asked:
    """The date halfway, or some other part of the way, between two."""
    share, part, whole = chance.choice(_SHARES)
    first = some_day(chance, 1980, 2045)
    steps = chance.randrange(3, chance.choice((60, 600)))
    last = first + steps * whole * DAY
    wanted = wanted_day(chance, days_from(first, last)[steps * part])
    what = f"the date {share} from {freely_written(chance, first)} to {freely_written(chance, last)}, {wanted.form}"
    dates = given(start=first, end=last)
    times_part = f" * {part}" if part > 1 else ""
    return Asked(
        {"what": what},
        wanted.answer,
        f"{dates}\nday = start + (end - start){times_part} // {whole}",
        wanted.shown,
        Slip("wrong type", f"import datetime\n{dates}\nprint((start + end) / 2)"),
    )


def recurring_dates(chance: random.Random) -> Asked:
    """What happens every few days: how often, when for the nth time, when next, and whether on a day."""
    days = chance.randrange(2, 60)
    number = chance.randrange(3, 25)
    first = some_day(chance, 2005, 2040)
    every, step = chance.choice((*_DAYS_IN_WORDS, *[(f"every {days} days", days)] * 3))
    kind = _about_recurring(chance, first, step, number)
    values = {
        "what": chance.choice(_REPEATED),
        "every": every,
        "first": freely_written(chance, first),
        "asked": kind.words,
    }
    return Asked(values, kind.answer, kind.code, kind.shown)


def _about_recurring(chance: random.Random, first: datetime.date, step: int, number: int) -> Kind:
    """A question about what happens every `step` days, most about its time of that number or the next."""
    dates = [first + turn * step * DAY for turn in range(30)]
    last = _on_or_soon_after(chance, dates[number - 1], step)
    maybe_hit = _on_or_soon_after(chance, dates[number], step)
    nth = wanted_day(chance, dates[number - 1])
    following = wanted_day(chance, dates[number])
    last_text = freely_written(chance, last)
    hit_text = freely_written(chance, maybe_hit)

    begin = given(first=first)
    gap = f"datetime.timedelta(days={step})"
    kinds = (
        Kind(
            f"How many times is that up to and including {last_text}?",
            number,
            f"{begin}\n{given(last=last)}",
            f"(last - first).days // {step} + 1",
        ),
        Kind(
            f"With the first as number 1, which date is number {number}, {nth.form}?",
            nth.answer,
            f"{begin}\nday = first + ({number} - 1) * {gap}",
            nth.shown,
        ),
        Kind(
            f"When is the first time after {last_text}, {following.form}?",
            following.answer,
            f"{given(day=first, last=last)}\nwhile day <= last:\n    day += {gap}",
            following.shown,
        ),
        Kind(
            f"Is {hit_text} one of those days, yes or no?",
            maybe_hit in dates,
            f"{begin}\n{given(day=maybe_hit)}",
            f"(day - first).days % {step} == 0",
        ),
    )
    return chance.choice(kinds)


def _on_or_soon_after(chance: random.Random, day: datetime.date, step: int) -> datetime.date:
    """The day itself, or one before the next that is due."""
    later = chance.randrange(step)
    return day + later * DAY * chance.randrange(2)


def countdown(chance: random.Random) -> Asked:
    """The number of days until the next of a day that every year has."""
    event = yearly_day(chance)
    today = some_day(chance, 2005, 2040)
    if (today.month, today.day) == (event.month, event.day):
        today += DAY
    day = today
    while (day.month, day.day) != (event.month, event.day):
        day += DAY
    words = event.words
    if not event.name:
        words = chance.choice(("my birthday, {}", "our wedding day, {}", "the next {}")).format(words)
    code = (
        f"{given(today=today)}\nday = datetime.date(today.year, {event.month}, {event.day})\n"
        f"if day < today:\n    day = datetime.date(today.year + 1, {event.month}, {event.day})"
    )
    values = {"event": words, "today": freely_written(chance, today)}
    return Asked(values, len(days_from(today, day)), code, "(day - today).days")


def days_lived(chance: random.Random) -> Asked:
    """An age in days or weeks."""
    born = some_day(chance, 1935, 2015)
    now = some_day(chance, 2016, 2045)
    dates = given(born=born, day=now)
    days = len(days_from(born, now))
    in_days = Kind("days", days, dates, "(day - born).days")
    in_weeks = Kind("full weeks", days // 7, dates, "(day - born).days // 7")
    kind = chance.choice((in_days, in_days, in_weeks))
    slip = Slip("no such unit", f"import datetime\n{dates}\nprint((day - born).weeks)") if kind is in_weeks else None
    values = {
        "unit": kind.words,
        "born": freely_written(chance, born),
        "now": freely_written(chance, now),
        "name": chance.choice(PEOPLE),
    }
    return Asked(values, kind.answer, kind.code, kind.shown, slip)

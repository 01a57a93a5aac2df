"""Questions about months, quarters, years and ISO weeks, and the weekdays in them.

Invariant: right answers are found by walking through the days of the period. It does not: know of weeks other than ISO's.
"""

import datetime
import random
from dataclasses import dataclass

from codeact.data.families.everyday.calendar_questions.asking import Asked, Kind
from codeact.data.families.everyday.calendar_questions.days import (
    MONTHS,
    WEEKDAYS,
    days_from,
    first_of_month,
    freely_written,
    given,
    some_day,
    wanted_day,
    weekday,
    yearly_day,
)
from codeact.data.family import Slip

_THURSDAY, _FRIDAY = 3, 4


def week_and_quarter(chance: random.Random) -> Asked:
    """The ISO week, the quarter and the number in the year of a day, and the way back."""
    day = some_day(chance, 1980, 2050)
    text = freely_written(chance, day)
    iso_year, week, number = (int(day.strftime(part)) for part in ("%G", "%V", "%j"))
    wanted = wanted_day(chance, day)
    days_of_iso_year = days_from(datetime.date(iso_year, 1, 1), datetime.date(iso_year + 1, 1, 1))
    weeks = sum(weekday(one) == _THURSDAY for one in days_of_iso_year)
    which = chance.choice(("ISO week number", "ISO calendar week", "number of the week (ISO 8601)"))
    code = given(day=day)
    week_of_day = Kind(f"the {which} that {text} is in", week, code, "day.isocalendar().week")
    kind = chance.choice(
        (
            week_of_day,
            week_of_day,
            Kind(
                f"the date of the {WEEKDAYS[weekday(day)]} in ISO week {week} of {iso_year}, {wanted.form}",
                wanted.answer,
                f"day = datetime.date.fromisocalendar({iso_year}, {week}, {weekday(day) + 1})",
                wanted.shown,
            ),
            Kind(f"the number of ISO weeks in {iso_year}", weeks, f"day = datetime.date({iso_year}, 12, 28)", "day.isocalendar().week"),
            Kind(f"the quarter of the year (1 to 4) that {text} is in", (day.month + 2) // 3, code, "(day.month - 1) // 3 + 1"),
            Kind(
                f"the date of day number {number} of {day.year}, {wanted.form}",
                wanted.answer,
                f"day = datetime.date({day.year}, 1, 1) + datetime.timedelta(days={number} - 1)",
                wanted.shown,
            ),
        )
    )
    # By the answer: another number that happens to be that of the week may be mistaken for it too.
    slip = Slip("wrong name", f"import datetime\n{code}\nprint(day.week)") if kind.answer == week else None
    return Asked({"what": kind.words}, kind.answer, kind.code, kind.shown, slip)


def years_with_weekday(chance: random.Random) -> Asked:
    """The years in which a day falls on a certain weekday, or the months with a Friday the 13th."""
    feast = yearly_day(chance)
    number = chance.randrange(7)
    year = chance.randrange(1950, 2060)
    last = year + chance.randrange(10, 40)
    years = [one for one in range(year - 15, last + 15) if weekday(datetime.date(one, feast.month, feast.day)) == number]
    years_in_span = [one for one in years if year <= one <= last]
    fridays = [month for month in range(1, 13) if weekday(datetime.date(year, month, 13)) == _FRIDAY]

    falls = f"in which {feast.words} falls on a {WEEKDAYS[number]}"
    span = f"from {year} to {last} (both included) {falls}"
    weekday_of_year = f"datetime.date(year, {feast.month}, {feast.day}).weekday()"
    list_of_years = f"[year for year in range({year}, {last} + 1) if {weekday_of_year} == {number}]"

    def walk(sign: str) -> str:
        return f"year = {year} {sign} 1\nwhile {weekday_of_year} != {number}:\n    year {sign}= 1"

    kind = chance.choice(
        (
            Kind(f"the next year after {year} {falls}", min(one for one in years if one > year), walk("+"), "year"),
            Kind(f"the last year before {year} {falls}", max(one for one in years if one < year), walk("-"), "year"),
            Kind(f"the number of years {span}", len(years_in_span), f"years = {list_of_years}", "len(years)"),
            Kind(f"the list of the years {span}", [*years_in_span], "", list_of_years),
            Kind(
                f"the list of the months (1 to 12) of {year} with a Friday the 13th",
                [*fridays],
                "",
                f"[month for month in range(1, 13) if datetime.date({year}, month, 13).weekday() == {_FRIDAY}]",
            ),
        )
    )
    return Asked({"what": kind.words}, kind.answer, kind.code, kind.shown)


@dataclass(frozen=True, slots=True)
class _DayOfMonth:
    """A day that a month has one of; `code` finds it."""

    words: str
    day: datetime.date
    code: str


def last_weekday(chance: random.Random) -> Asked:
    """The date of the last weekday of some kind in a month."""
    year, month, number = chance.randrange(1990, 2050), chance.randrange(1, 13), chance.randrange(7)
    days = days_from(first_of_month(year, month), first_of_month(year, month + 1))
    fitting = [day for day in days if weekday(day) == number]
    working = [day for day in days if weekday(day) < 5]

    def walk(wrong_day: str) -> str:
        return f"{given(day=days[-1])}\nwhile {wrong_day}:\n    day -= datetime.timedelta(days=1)"

    to_last = walk(f"day.weekday() != {number}")
    last = _DayOfMonth(f"last {WEEKDAYS[number]}", fitting[-1], to_last)
    last_working = _DayOfMonth("last working day (Monday to Friday)", working[-1], walk("day.weekday() >= 5"))
    second_to_last = _DayOfMonth(f"second to last {WEEKDAYS[number]}", fitting[-2], f"{to_last}\nday -= datetime.timedelta(weeks=1)")
    which = chance.choice((last, last, last_working, second_to_last))
    wanted = wanted_day(chance, which.day)
    values = {"which": which.words, "month": f"{MONTHS[month - 1]} {year}", "form": wanted.form}
    return Asked(values, wanted.answer, which.code, wanted.shown)


@dataclass(frozen=True, slots=True)
class _Period:
    """Some months of a year."""

    words: str
    first_month: int
    months: int


@dataclass(frozen=True, slots=True)
class _KindOfDays:
    """Days that are counted: their weekdays, and the test of a variable `day` that the expert makes."""

    words: str
    weekdays: frozenset[int]
    test: str


def days_of_month(chance: random.Random) -> Asked:
    """The number of days of some kind in a month, a quarter or a year."""
    year, month = chance.randrange(1980, 2050), chance.randrange(1, 13)
    number, quarter = chance.randrange(7), chance.randrange(1, 5)
    one_month = _Period(f"{MONTHS[month - 1]} {year}", month, 1)
    one_quarter = _Period(f"Q{quarter} of {year}", 3 * quarter - 2, 3)
    period = chance.choice((*[one_month] * 4, _Period(f"{year}", 1, 12), one_quarter))
    all_days = _KindOfDays("days", frozenset(range(7)), "")
    one_weekday = _KindOfDays(f"{WEEKDAYS[number]}s", frozenset({number}), f"day.weekday() == {number}")
    working_days = _KindOfDays("working days (Monday to Friday)", frozenset(range(5)), "day.weekday() < 5")
    weekend_days = _KindOfDays("weekend days", frozenset({5, 6}), "day.weekday() >= 5")
    kind = chance.choice((*[one_weekday] * 3, all_days, working_days, weekend_days))

    start = first_of_month(year, period.first_month)
    end = first_of_month(year, period.first_month + period.months)
    answer = sum(weekday(day) in kind.weekdays for day in days_from(start, end))
    code = given(start=start, end=end)
    values = {"what": kind.words, "period": period.words}
    slip = Slip("wrong type", f"import datetime\n{code}\nprint(len(range(start, end)))")
    if kind is all_days:
        return Asked(values, answer, code, "(end - start).days", slip)
    walk = "days = [start + datetime.timedelta(days=n) for n in range((end - start).days)]"
    return Asked(values, answer, f"{code}\n{walk}", f"sum({kind.test} for day in days)", slip)

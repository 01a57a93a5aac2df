"""Dates and times: by counting days one by one, and by the rules of the calendar."""

import calendar
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days(first: date, last: date) -> Iterator[date]:
    """From the first to the last, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def days_of(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]


def after(day: date, count: int) -> str:
    return date.fromordinal(day.toordinal() + count).isoformat()


def weekday(day: date) -> str:
    return WEEKDAYS[(day.toordinal() - 1) % 7]


def named(found: list[date], name: str) -> list[date]:
    return [day for day in found if weekday(day) == name]


def clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def birthdays(born: date, until: date) -> int:
    return sum((day.month, day.day) == (born.month, born.day) for day in days(born, until)) - 1


def week_of(day: date) -> int:
    """The number of the ISO week: how many of the year's Thursdays there are up to the one of the day's week."""
    thursday = day.toordinal() - day.weekday() + 3
    return sum(weekday(each) == "Thursday" for each in days(date(day.year, 1, 1), date.fromordinal(thursday)))


CALENDAR: dict[str, Callable[[], Any]] = {
    "dates-weekday": lambda: weekday(date(1969, 7, 20)),
    "dates-leap-years": lambda: len([year for year in range(1901, 2001) if leap(year)]),
    "dates-fridays": lambda: sum(date(2026, month, 13).isoweekday() == 5 for month in range(1, 13)),
    "dates-christmas": lambda: weekday(date(2031, 12, 25)),
    "dates-week": lambda: week_of(date(2026, 9, 2)),
    "dates-yearday": lambda: sum(calendar.monthrange(2025, month)[1] for month in range(1, 10)) + 1,
    "dates-february": lambda: 29 if leap(1900) else 28,
    "dates-saturdays": lambda: len(named(days_of(2026, 10), "Saturday")),
    "dates-workdays": lambda: sum(weekday(day) not in ("Saturday", "Sunday") for day in days_of(2025, 5)),
    "dates-month-end": lambda: f"2028-02-{28 + leap(2028)}",
    "dates-thanksgiving": lambda: str(named(days_of(2027, 11), "Thursday")[3]),
    "dates-mothers-day": lambda: named(days_of(2026, 5), "Sunday")[1].day,
    "dates-monday": lambda: str(named(list(days(date(2025, 6, 18), date(2025, 6, 24))), "Monday")[0]),
    "dates-next-leap": lambda: min(year for year in range(2097, 2200) if leap(year)),
    "dates-century": lambda: sum(366 if leap(year) else 365 for year in range(1901, 2001)),
    "dates-weekends": lambda: sum(len(named(days_of(2025, month), name)) for month in range(1, 13) for name in ("Saturday", "Sunday")),
    "dates-quarter": lambda: next(n for n, months in enumerate(([1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]), start=1) if 8 in months),
    "dates-new-year": lambda: min(year for year in range(2026, 2060) if weekday(date(year, 1, 1)) == "Sunday"),
    "dates-short-months": lambda: [calendar.monthrange(2025, month)[1] for month in range(1, 13)].count(30),
}

SPANS: dict[str, Callable[[], Any]] = {
    "dates-between": lambda: sum(1 for _ in days(date(2025, 2, 14), date(2025, 12, 24))),
    "dates-later": lambda: after(date(2024, 1, 31), 100),
    "dates-age": lambda: birthdays(date(1987, 11, 23), date(2025, 6, 1)),
    "dates-alive": lambda: sum(1 for _ in days(date(1990, 5, 5), date(2020, 5, 4))),
    "dates-before": lambda: after(date(2023, 3, 10), -45),
    "dates-baby": lambda: after(date(2025, 8, 12), 40 * 7),
    "dates-halfway": lambda: str(list(days(date(2025, 3, 1), date(2025, 3, 31)))[15]),
    "dates-deadline": lambda: after(date(2025, 9, 15), 14),
    "dates-warranty": lambda: [f"{name} {year}" for year in range(2024, 2028) for name in calendar.month_name[1:]][4 + 20],
    "dates-wall": lambda: date(1990, 10, 3).toordinal() - date(1989, 11, 9).toordinal(),
    "dates-meetings": lambda: len(list(days(date(2025, 1, 7), date(2025, 12, 31)))[::14]),
    "dates-pills": lambda: WEEKDAYS[9 * 8 // 24],  # nine times eight hours are three days
    "dates-earliest": lambda: sorted(["2024-11-30", "2024-02-28", "2025-01-01", "2024-02-03"], key=date.fromisoformat)[0],
    "dates-sort": lambda: sorted(["2023-12-01", "2021-05-17", "2023-01-31", "2022-08-09"], key=date.fromisoformat),
}

TIMES: dict[str, Callable[[], Any]] = {
    "dates-minutes": lambda: int((datetime(2025, 5, 6, 17, 20) - datetime(2025, 5, 6, 8, 45)) / timedelta(minutes=1)),
    "dates-hours": lambda: 6 + 3 * 24 + 6,
    "dates-seconds": lambda: int(timedelta(weeks=1).total_seconds()),
    "dates-arrival": lambda: clock(21 * 60 + 47 + 9 * 60 + 38),
    "dates-film": lambda: 10 + 2 * 60 + 17,
    "dates-clock": lambda: clock((3 + 12) * 60 + 5),
    "dates-tokyo": lambda: clock(9 * 60 + 30 + 14 * 60),
    "dates-rewrite": lambda: "-".join(["07/04/2025"[6:], "07/04/2025"[3:5], "07/04/2025"[:2]]),
    "dates-american": lambda: "/".join(["2024-11-05"[5:7], "2024-11-05"[8:], "2024-11-05"[:4]]),
    "dates-timestamp": lambda: str(datetime.fromtimestamp(1_700_000_000, UTC).date()),
    "dates-epoch": lambda: sum(366 if leap(year) else 365 for year in range(1970, 2000)) * 24 * 3600,
    "dates-split": lambda: f"{10_000 // 3600}:{10_000 % 3600 // 60:02}:{10_000 % 60:02}",
    "dates-decimal": lambda: timedelta(hours=7, minutes=45) / timedelta(hours=1),
    "dates-timesheet": lambda: clock(465 + 490 + 395),  # minutes
    "dates-pace": lambda: timedelta(minutes=52, seconds=30) / timedelta(seconds=10),
    "dates-sleep": lambda: (datetime(2025, 1, 2, 6, 55) - datetime(2025, 1, 1, 23, 20)).seconds // 60,
}

ANSWERS = {**CALENDAR, **SPANS, **TIMES}

"""Times of the day and lengths of time: as people write them, as a question asks for them, and as code has them.

Invariant: a time is a whole number of minutes, which may be of another day, and is written by arithmetic alone. It does not: know of dates.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from codeact.data.families.everyday.clock_questions.asking import Wanted

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
IMPORT = "from datetime import datetime, timedelta\n"


@dataclass(frozen=True, slots=True)
class Clock:
    """How times of the day are written.

    Args:
        pattern: as `strptime` takes it.
        hour_digits: how many an hour has at least.
        halves: what stands after the times of the halves of a day; None if hours go to 24.
    """

    pattern: str
    hour_digits: int = 1
    halves: tuple[str, str] | None = None

    def written(self, minutes: int) -> str:
        """A time of the day; a day more or less makes no difference."""
        hour, rest = minutes // 60 % 24, f"{minutes % 60:02d}"
        if self.halves is None:
            return f"{hour:0{self.hour_digits}d}:{rest}"
        return f"{(hour + 11) % 12 + 1}:{rest} {self.halves[hour // 12]}"

    def read(self, minutes: int) -> str:
        """The expression that reads a time of the day."""
        return f'datetime.strptime("{self.written(minutes)}", "{self.pattern}")'


HH_MM = Clock("%H:%M", hour_digits=2)
AM_PM_IN_SMALL = Clock("%I:%M %p", halves=("am", "pm"))
AM_PM = Clock("%I:%M %p", halves=("AM", "PM"))
CLOCKS = (HH_MM, Clock("%H:%M"), AM_PM_IN_SMALL, AM_PM)


def hours_and_minutes(minutes: int) -> str:
    """A length of time as H:MM; of seconds, it is M:SS."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def hours_and_minutes_shown(name: str) -> str:
    """The expression that writes a variable like `hours_and_minutes`."""
    return f'f"{{{name} // 60}}:{{{name} % 60:02d}}"'


def decimal_hours(minutes: int) -> float:
    """Hours, rounded to two decimals."""
    return float(round(Fraction(minutes, 60), 2))


def joined(parts: Sequence[str]) -> str:
    """A list of two or more in words."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


_SPOKEN = {
    15: "a quarter of an hour",
    30: "half an hour",
    45: "three quarters of an hour",
    60: "an hour",
    90: "an hour and a half",
}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time, as people write it and as code."""

    text: str
    code: str


def some_length(chance: random.Random, minutes: int, *, spoken: bool = True) -> Length:
    """A length of time in one of the ways to write it.

    Args:
        chance: decides which.
        minutes: how long.
        spoken: it may be written like ``half an hour``.
    """
    hours, rest = divmod(minutes, 60)
    if spoken and minutes in _SPOKEN and chance.random() < 0.4:
        return Length(_SPOKEN[minutes], f"timedelta(minutes={minutes})")
    if not hours or (rest and hours < 3 and chance.random() < 0.3):
        return Length(f"{minutes} minutes", f"timedelta(minutes={minutes})")
    whole = f"{hours} hour{'s' if hours > 1 else ''}"
    if not rest:
        return Length(whole, f"timedelta(hours={hours})")
    part = f"{rest} minute{'s' if rest > 1 else ''}"
    text = chance.choice((f"{hours} h {rest} min", f"{whole} and {part}"))
    return Length(text, f"timedelta(hours={hours}, minutes={rest})")


def wanted_length(chance: random.Random, minutes: int) -> Wanted:
    """A length of time in some form, which the expert has in a variable `minutes`."""
    as_clock = chance.choice(("as H:MM", "in hours and minutes (H:MM)"))
    as_decimal = chance.choice(("in hours, to two decimals", "in decimal hours (two decimals)"))
    return chance.choice(
        (
            Wanted("in minutes", minutes, "minutes"),
            Wanted(as_clock, hours_and_minutes(minutes), hours_and_minutes_shown("minutes")),
            Wanted(as_decimal, decimal_hours(minutes), "round(minutes / 60, 2)"),
            Wanted(
                "in the form 3 h 5 min",
                f"{minutes // 60} h {minutes % 60} min",
                'f"{minutes // 60} h {minutes % 60} min"',
            ),
        )
    )


def wanted_time(chance: random.Random, minutes: int, name: str) -> Wanted:
    """A time of the day in some form.

    Args:
        chance: decides which form.
        minutes: of the time.
        name: of the variable that the expert has it in.
    """
    if chance.random() < 0.75:
        form = chance.choice(("as HH:MM", "in 24-hour time (HH:MM)"))
        return Wanted(form, HH_MM.written(minutes), f'{name}.strftime("%H:%M")')
    form = chance.choice(("in the form 3:05 PM", "in 12-hour time like 3:05 PM"))
    return Wanted(form, AM_PM.written(minutes), f'{name}.strftime("%I:%M %p").lstrip("0")')

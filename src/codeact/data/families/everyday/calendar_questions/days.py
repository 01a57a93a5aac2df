"""Days: chosen, counted, as people write them, as a question asks for them, and as code has them.

Invariant: days are counted one by one or by their ordinals, and a date is written so that it can be read in one way. It does not: know of
time zones, or of holidays that move.
"""

import calendar
import datetime
import random
import re
from dataclasses import dataclass

from codeact.data.families.words import ordinal

DAY = datetime.timedelta(1)
WEEKDAYS = tuple(calendar.day_name)
MONTHS = tuple(calendar.month_name)[1:]


def some_day(chance: random.Random, low: int, high: int) -> datetime.date:
    """A day from the year `low` to the year before `high`."""
    first = datetime.date(low, 1, 1).toordinal()
    end = datetime.date(high, 1, 1).toordinal()
    return datetime.date.fromordinal(chance.randrange(first, end))


def weekday(day: datetime.date) -> int:
    """0 for Monday to 6 for Sunday."""
    return (day.toordinal() - 1) % 7


def days_from(first: datetime.date, end: datetime.date) -> list[datetime.date]:
    """All days from the first on, without the end."""
    return [first + number * DAY for number in range(end.toordinal() - first.toordinal())]


def first_of_month(year: int, month: int) -> datetime.date:
    """The first day of a month; months below 1 and over 12 are those of other years."""
    return datetime.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def given(**days: datetime.date) -> str:
    """Code that gives days their names, a line for each."""
    return "\n".join(f"{name} = datetime.date({day.year}, {day.month}, {day.day})" for name, day in days.items())


def freely_written(chance: random.Random, day: datetime.date) -> str:
    """A date as somebody may write it."""
    number, month, year = day.day, MONTHS[day.month - 1], day.year
    nth = ordinal(number)
    ways = [
        f"{number} {month} {year}",
        f"{month} {number}, {year}",
        day.isoformat(),
        f"{number} {month[:3]} {year}",
        f"{nth} {month} {year}",
        f"{month} {nth}, {year}",
        f"the {nth} of {month} {year}",
    ]
    if number > 12:  # else it may be taken for the month
        ways += [f"{number}.{day.month}.{year}", f"{number}/{day.month}/{year}", f"{day.month}/{number}/{year}"]
    return chance.choice(ways)


@dataclass(frozen=True, slots=True)
class Notation:
    """How dates of a question are written, and read by the expert.

    Args:
        pattern: as `strptime` takes it.
        hint: follows the dates where they can be read in two ways.
    """

    pattern: str
    hint: str = ""

    def written(self, day: datetime.date) -> str:
        """A date in this notation, with no zeros before numbers that stand alone."""
        return re.sub(r"\b0(\d)\b", r"\1", day.strftime(self.pattern))

    def read(self, text: str) -> str:
        """The expression that reads a date.

        Args:
            text: an expression too: a name, or a text in quotes.
        """
        return f'datetime.datetime.strptime({text}, "{self.pattern}")'


NOTATIONS = (
    Notation("%m/%d/%Y", " (month/day/year)"),
    Notation("%d/%m/%Y", " (day/month/year)"),
    Notation("%d.%m.%Y", " (day.month.year)"),
    Notation("%Y/%m/%d"),
    Notation("%Y%m%d"),
    Notation("%d-%b-%Y"),
    Notation("%d %B %Y"),
    Notation("%d %b %Y"),
    Notation("%B %d, %Y"),
    Notation("%b %d, %Y"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """The form that an answer is to have.

    Args:
        letters: how it is named: DD stands for the day in two digits, and so on.
        pattern: as `strftime` takes it.
        example: the 4th of July 1999, where the letters are not plain.
    """

    letters: str
    pattern: str
    example: str = ""

    @property
    def words(self) -> str:
        """How a question asks for the form."""
        return f"{self.letters} (for example {self.example})" if self.example else self.letters

    @property
    def shown(self) -> str:
        """The expression of a variable `day` in this form."""
        return f'day.strftime("{self.pattern}")'

    def written(self, day: datetime.date) -> str:
        """A date in this form."""
        month = MONTHS[day.month - 1]
        parts = {
            "YYYY": f"{day.year}",
            "MM": f"{day.month:02}",
            "DD": f"{day.day:02}",
            "Weekday": WEEKDAYS[weekday(day)],
            "Month": month,
            "Mon": month[:3],
        }
        return re.sub("YYYY|MM|DD|Weekday|Month|Mon", lambda found: parts[found[0]], self.letters)


ISO = Form("YYYY-MM-DD", "%Y-%m-%d")
_OTHER_COMMON_FORMS = (
    Form("DD.MM.YYYY", "%d.%m.%Y"),
    Form("DD/MM/YYYY", "%d/%m/%Y"),
    Form("MM/DD/YYYY", "%m/%d/%Y"),
    Form("YYYYMMDD", "%Y%m%d"),
    Form("DD Month YYYY", "%d %B %Y", "04 July 1999"),
)
FORMS = (
    ISO,
    *_OTHER_COMMON_FORMS,
    Form("Mon DD, YYYY", "%b %d, %Y", "Jul 04, 1999"),
    Form("Weekday, DD Month YYYY", "%A, %d %B %Y", "Sunday, 04 July 1999"),
)


@dataclass(frozen=True, slots=True)
class WantedDay:
    """A day that is asked for in some form.

    Args:
        form: in words.
        answer: the day in that form.
        shown: the expression of a variable `day` in that form.
    """

    form: str
    answer: str
    shown: str


def wanted_day(chance: random.Random, day: datetime.date) -> WantedDay:
    """A day that is asked for in a form that chance chooses, half of the time the usual one."""
    form = chance.choice((*[ISO] * 5, *_OTHER_COMMON_FORMS))
    words = chance.choice((f"as {form.words}", f"in the form {form.words}", f"written as {form.words}"))
    return WantedDay(words, form.written(day), "day" if form is ISO else form.shown)


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """A day that every year has.

    Args:
        name: empty if it has none.
    """

    month: int
    day: int
    name: str = ""

    @property
    def words(self) -> str:
        """The day, after its name if it has one."""
        date = f"{self.day} {MONTHS[self.month - 1]}"
        return f"{self.name} ({date})" if self.name else date


_FEASTS = (
    YearlyDay(12, 25, "Christmas Day"),
    YearlyDay(1, 1, "New Year's Day"),
    YearlyDay(2, 14, "Valentine's Day"),
    YearlyDay(10, 31, "Halloween"),
    YearlyDay(12, 24, "Christmas Eve"),
    YearlyDay(12, 31, "New Year's Eve"),
)


def yearly_day(chance: random.Random) -> YearlyDay:
    """A feast, or as often any other day but the 29th of February."""
    day = some_day(chance, 2001, 2002)
    return chance.choice((*_FEASTS, *[YearlyDay(day.month, day.day)] * 6))

"""Questions about lengths of time: in other units, on average, and for a way (paces and speeds).

Invariant: right answers are made of whole minutes or seconds and of exact fractions. It does not: know of dates, or of times of the day.
"""

import json
import random
from dataclasses import dataclass
from fractions import Fraction

from pydantic import JsonValue

from codeact.data.families.everyday.clock_questions.asking import Wanted, made
from codeact.data.families.everyday.clock_questions.times import IMPORT, decimal_hours, hours_and_minutes, hours_and_minutes_shown
from codeact.data.families.wordlists import PEOPLE
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class _Conversion:
    """What is given, what is wanted instead, and how the expert gets there.

    Args:
        given: in words.
        form: of the answer, in words.
        answer: the right one.
        code: the expert's.
        shown: the expression that is printed after it.
    """

    given: str
    form: str
    answer: JsonValue
    code: str
    shown: str


@dataclass(frozen=True, slots=True)
class _LongUnit:
    """A unit of some hours; `code` follows the expert's number of them, and makes it hours."""

    name: str
    hours: int
    code: str


@dataclass(frozen=True, slots=True)
class _ShortUnit:
    """A unit that an hour has some of; `code` follows the expert's number of hours, and makes it that unit."""

    name: str
    per_hour: int
    code: str


_LONG_UNITS = (_LongUnit("weeks", 168, " * 7 * 24"), _LongUnit("days", 24, " * 24"))
_SHORT_UNITS = (_ShortUnit("hours", 1, ""), _ShortUnit("minutes", 60, " * 60"), _ShortUnit("seconds", 3600, " * 60 * 60"))


def durations(chance: random.Random, phrase: Phrase) -> Instance:
    """A length of time in another unit or notation."""
    minutes = chance.randrange(70, 3000)
    seconds = chance.randrange(3700, 86000)
    few = chance.randrange(2, 40)
    decimal = f"{chance.randrange(5, 190) / 4:g}"
    large = chance.choice(_LONG_UNITS)
    small = chance.choice(_SHORT_UNITS)
    to_smaller_unit = _Conversion(
        f"{few} {large.name}",
        small.name,
        few * large.hours * small.per_hour,
        f"hours = {few}{large.code}",
        f"hours{small.code}",
    )
    conversion = chance.choice((*_of_seconds(seconds), *_of_minutes_and_decimals(minutes, decimal), to_smaller_unit))
    prompt = phrase(given=conversion.given, form=conversion.form)
    return made(chance, prompt, conversion.answer, conversion.code, conversion.shown)


def _of_seconds(seconds: int) -> tuple[_Conversion, ...]:
    clock = _h_mm_ss(seconds)
    return (
        _Conversion(f"{seconds} seconds", "H:MM:SS", clock, f"{IMPORT}time = timedelta(seconds={seconds})", "time"),
        _Conversion(
            f"{clock} (hours:minutes:seconds)",
            "seconds",
            seconds,
            f'hours, minutes, seconds = map(int, "{clock}".split(":"))',
            "hours * 3600 + minutes * 60 + seconds",
        ),
    )


def _of_minutes_and_decimals(minutes: int, decimal: str) -> tuple[_Conversion, ...]:
    """Conversions of so many minutes, and of the decimal number of hours or minutes."""
    clock = hours_and_minutes(minutes)
    sixty_times_decimal = int(Fraction(decimal) * 60)
    return (
        _Conversion(
            f"{minutes} minutes",
            "hours and minutes (H:MM)",
            clock,
            f"minutes = {minutes}",
            hours_and_minutes_shown("minutes"),
        ),
        _Conversion(
            f"{decimal} hours",
            "hours and minutes (H:MM)",
            hours_and_minutes(sixty_times_decimal),
            f"minutes = round({decimal} * 60)",
            hours_and_minutes_shown("minutes"),
        ),
        _Conversion(f"{decimal} minutes", "seconds", sixty_times_decimal, f"minutes = {decimal}", "round(minutes * 60)"),
        _Conversion(
            f"{clock} (hours:minutes)",
            "decimal hours, to two decimals",
            decimal_hours(minutes),
            f'hours, minutes = map(int, "{clock}".split(":"))',
            "round(hours + minutes / 60, 2)",
        ),
    )


def _h_mm_ss(seconds: int) -> str:
    return f"{hours_and_minutes(seconds // 60)}:{seconds % 60:02d}"


@dataclass(frozen=True, slots=True)
class _Sport:
    """How somebody moved, and how many seconds a kilometre or mile may have taken."""

    did: str
    fastest: int
    slowest: int


@dataclass(frozen=True, slots=True)
class _Measure:
    """A unit of ways, in the plural and the singular, and that of speed."""

    plural: str
    one: str
    speed: str


_SPORTS = (_Sport("ran", 210, 450), _Sport("walked", 540, 840), _Sport("cycled", 100, 240), _Sport("jogged", 360, 520))
_KILOMETRES = _Measure("km", "km", "km/h")
_MEASURES = (_KILOMETRES, _KILOMETRES, _Measure("miles", "mile", "mph"))


def pace(chance: random.Random, phrase: Phrase) -> Instance:
    """The pace or the speed of a way, or the time that it takes at a pace."""
    sport = chance.choice(_SPORTS)
    measure = chance.choice(_MEASURES)
    far = chance.choice((f"{chance.randrange(6, 60) / 2:g}", "21.1", "42.2"))
    steady_pace = chance.randrange(sport.fastest, sport.slowest, 2)
    way = Fraction(far)
    seconds = int(way * steady_pace) + chance.randrange(40) * 2
    name = chance.choice(PEOPLE)
    while 2 * seconds / way % 2 == 1:  # a half may be rounded either way
        seconds += 1
    time = _written_with_seconds(chance, seconds)
    of_time = f"seconds = {_sum_of_seconds(seconds)}"
    conversion = chance.choice(
        (
            _Conversion(
                f"in {time}",
                f"pace per {measure.one}, as M:SS (nearest second)",
                hours_and_minutes(round(seconds / way)),
                f"{of_time}\npace = round(seconds / {far})",
                hours_and_minutes_shown("pace"),
            ),
            _Conversion(
                f"in {time}",
                f"average speed in {measure.speed}, to two decimals",
                float(round(way * 3600 / seconds, 2)),
                f"{of_time}\nspeed = {far} / (seconds / 3600)",
                "round(speed, 2)",
            ),
            _Conversion(
                f"at a steady {hours_and_minutes(steady_pace)} min per {measure.one}",
                "total time, as H:MM:SS (nearest second)",
                _h_mm_ss(round(way * steady_pace)),
                f"from datetime import timedelta\npace = {steady_pace // 60} * 60 + {steady_pace % 60}\nseconds = round({far} * pace)",
                "timedelta(seconds=seconds)",
            ),
        )
    )
    told = f"{far} {measure.plural} {conversion.given}"
    prompt = phrase(did=sport.did, name=name, told=told, asked=conversion.form)
    return made(chance, prompt, conversion.answer, conversion.code, conversion.shown)


def _written_with_seconds(chance: random.Random, seconds: int) -> str:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if not hours:
        return f"{minutes} min {rest} s"
    return chance.choice((f"{hours} h {minutes} min {rest} s", _h_mm_ss(seconds)))


def _sum_of_seconds(seconds: int) -> str:
    """The sum that the expert makes of hours, minutes and seconds."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    in_hours = f"{hours} * 3600 + " if hours else ""
    return f"{in_hours}{minutes} * 60 + {rest}"


@dataclass(frozen=True, slots=True)
class _Timed:
    """Things that take some time.

    Args:
        things: in the plural.
        scale: the two units of their times, the large first.
        small_unit: the other.
        shortest, longest: times in that.
    """

    things: tuple[str, ...]
    scale: str
    small_unit: str
    shortest: int
    longest: int


_TIMED = (
    _Timed(("laps", "songs", "phone calls", "rounds", "dives"), "minutes:seconds", "seconds", 65, 500),
    _Timed(("nights of sleep", "train rides", "films", "hikes", "shifts"), "hours:minutes", "minutes", 80, 420),
)


def average_duration(chance: random.Random, phrase: Phrase) -> Instance:
    """The average and the range of a few lengths of time."""
    timed = chance.choice(_TIMED)
    times = [chance.randrange(timed.shortest, timed.longest) for _ in range(chance.randrange(3, 7))]
    times[0] += -sum(times) % len(times)  # for a whole average
    limit = chance.randrange(timed.shortest + 5, timed.longest)
    texts = [hours_and_minutes(time) for time in times]
    numbers = timed.small_unit
    wanted = chance.choice(
        (
            Wanted(
                "What is the average, in the same form?",
                hours_and_minutes(sum(times) // len(times)),
                f"sum({numbers}) // len({numbers})",
            ),
            Wanted(
                "How far apart are the longest and the shortest, in the same form?",
                hours_and_minutes(max(times) - min(times)),
                f"max({numbers}) - min({numbers})",
            ),
            Wanted(
                f"How many are longer than {hours_and_minutes(limit)}?",
                sum(time > limit for time in times),
                f"sum(n > {limit // 60} * 60 + {limit % 60} for n in {numbers})",
            ),
        )
    )
    loop = f'{numbers} = []\nfor time in times:\n    first, second = time.split(":")\n    {numbers}.append(int(first) * 60 + int(second))'
    return made(
        chance,
        phrase(list=", ".join(texts), what=chance.choice(timed.things), scale=timed.scale, asked=wanted.words),
        wanted.answer,
        f"times = {json.dumps(texts)}\n{loop}\nresult = {wanted.shown}",
        hours_and_minutes_shown("result") if isinstance(wanted.answer, str) else "result",
        slip=f"times = {json.dumps(texts)}\nprint(sum(times) / len(times))",
    )

"""Questions about the time between two times, and about the time that is some way from another: nights, journeys, timesheets, timetables.

Invariant: right answers are counted in whole minutes, where the expert reckons with `datetime`. It does not: know of time zones.
"""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from codeact.data.families.everyday.clock_questions.asking import Wanted, made
from codeact.data.families.everyday.clock_questions.times import (
    CLOCKS,
    HH_MM,
    IMPORT,
    MINUTES_A_DAY,
    WEEKDAYS,
    Clock,
    Length,
    decimal_hours,
    joined,
    some_length,
    wanted_length,
    wanted_time,
)
from codeact.data.families.wordlists import PEOPLE
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


def night_hours(chance: random.Random, phrase: Phrase) -> Instance:
    """The length of a night, or of something else that goes past midnight."""
    clock = chance.choice(CLOCKS)
    first = chance.randrange(15 * 60, MINUTES_A_DAY)
    last = chance.randrange(11 * 60)
    wanted = wanted_length(chance, MINUTES_A_DAY - first + last)
    same_day = f"{IMPORT}start = {clock.read(first)}\nend = {clock.read(last)}"
    return made(
        chance,
        phrase(first=clock.written(first), last=clock.written(last), form=wanted.words),
        wanted.answer,
        f"{same_day} + timedelta(days=1)\nminutes = (end - start).seconds // 60",
        wanted.shown,
        slip=f"{same_day}\nprint((end - start).total_seconds() / 60)",
        looked_at="minutes",
    )


_MOMENT_FORMS = ("%A %H:%M", "%Y-%m-%d %H:%M", "%d %B %Y, %H:%M", "%B %d, %Y at %I:%M %p")


def hours_over_days(chance: random.Random, phrase: Phrase) -> Instance:
    """The time between two moments of different days."""
    start = datetime(2015, 1, 1) + timedelta(minutes=chance.randrange(4500 * MINUTES_A_DAY))
    minutes = chance.randrange(MINUTES_A_DAY, 6 * MINUTES_A_DAY)
    end = start + timedelta(minutes=minutes)
    pattern = chance.choice(_MOMENT_FORMS)
    first, last = (moment.strftime(pattern).lstrip("0").replace(" 0", " ") for moment in (start, end))
    if pattern.startswith("%A"):
        code = (
            f'from datetime import timedelta\nweek = "{" ".join(WEEKDAYS)}".split()\n'
            f"start = {_since_monday(start)}\nend = {_since_monday(end)}\ngap = (end - start) % timedelta(days=7)"
        )
    else:
        code = (
            f'{IMPORT}start = datetime.strptime("{first}", "{pattern}")\nend = datetime.strptime("{last}", "{pattern}")\ngap = end - start'
        )
    days, rest = divmod(minutes, MINUTES_A_DAY)
    wanted = chance.choice(
        (
            Wanted("in minutes", minutes, "gap // timedelta(minutes=1)"),
            Wanted("in hours, to two decimals", decimal_hours(minutes), "round(gap.total_seconds() / 3600, 2)"),
            Wanted("in whole hours, rounded down", minutes // 60, "gap // timedelta(hours=1)"),
            Wanted(
                "as [days, hours, minutes]",
                [days, rest // 60, rest % 60],
                "[gap.days, gap.seconds // 3600, gap.seconds // 60 % 60]",
            ),
        )
    )
    prompt = phrase(first=first, last=last, form=wanted.words)
    return made(chance, prompt, wanted.answer, code, wanted.shown, looked_at="gap")


def _since_monday(moment: datetime) -> str:
    """The expression for the time from the start of the week, where the expert has a list `week`."""
    weekday = WEEKDAYS[moment.weekday()]
    return f'timedelta(days=week.index("{weekday}"), hours={moment.hour}, minutes={moment.minute})'


def timesheet(chance: random.Random, phrase: Phrase) -> Instance:
    """The sum of the hours of a few days, breaks taken off."""
    pause = chance.choice((0, 0, 20, 30, 45, 60))
    first_weekday = chance.randrange(3)
    spans = [(chance.randrange(72, 120) * 5, chance.randrange(160, 235) * 5) for _ in range(chance.choice((2, 3, 3, 4)))]
    texts = [f"{HH_MM.written(start)}-{HH_MM.written(end)}" for start, end in spans]
    wanted = wanted_length(chance, sum(end - start - pause for start, end in spans))
    told = chance.choice(
        (
            f" Each day includes {pause} minutes of unpaid break.",
            f" A break of {pause} minutes is taken off every day.",
        )
    )
    days = ", ".join(f"{WEEKDAYS[first_weekday + number][:3]} {text}" for number, text in enumerate(texts))
    less_pause = f" - {pause}" if pause else ""
    return made(
        chance,
        phrase(list=days, pause=told if pause else "", form=wanted.words),
        wanted.answer,
        f"from datetime import datetime\nminutes = 0\nfor day in {json.dumps(texts)}:\n"
        '    start, end = [datetime.strptime(time, "%H:%M") for time in day.split("-")]\n'
        f"    minutes += (end - start).seconds // 60{less_pause}",
        wanted.shown,
        slip=f'start, end = "{texts[0]}".split("-")\nprint(end - start)',
        looked_at="minutes",
    )


_WAYS = ("by train", "by bus", "by tram", "on foot", "by ferry", "by car", "of waiting")
_SHORT_WAYS = ("of waiting", "on foot", "by tram")


def journey(chance: random.Random, phrase: Phrase) -> Instance:
    """The arrival after a journey in legs."""
    clock = chance.choice(CLOCKS)
    start = chance.randrange(MINUTES_A_DAY)
    minutes = 0
    legs: list[str] = []
    added = ""
    for way in chance.sample(_WAYS, chance.choice((2, 2, 3))):
        leg = chance.randrange(5, 60) if way in _SHORT_WAYS else chance.randrange(4, 70) * 5
        length = some_length(chance, leg)
        minutes += leg
        legs.append(f"{length.text} {way}")
        added += f" + {length.code}"
    wanted = wanted_time(chance, start + minutes, "arrival")
    return made(
        chance,
        phrase(start=clock.written(start), legs=joined(legs), form=wanted.words, name=chance.choice(PEOPLE)),
        wanted.answer,
        f"{IMPORT}start = {clock.read(start)}\narrival = start{added}",
        wanted.shown,
        slip=f'{IMPORT}print("{clock.written(start)}"{added})',
    )


@dataclass(frozen=True, slots=True)
class _Goal:
    """Something that is due.

    Args:
        words: with a place for the time.
        steps: what has to be done before.
        act: what begins it all.
        earliest, latest: hours at which it may be due.
    """

    words: str
    steps: tuple[str, ...]
    act: str
    earliest: int
    latest: int


_GOALS = (
    _Goal("Lunch has to be on the table at {due}", ("chopping", "baking", "laying the table", "cooling"), "start", 11, 15),
    _Goal("I have to be at work at {due}", ("a shower", "breakfast", "the bus ride", "walking the dog"), "get up", 6, 12),
    _Goal("My plane leaves at {due}", ("the drive", "security", "parking", "check-in"), "leave home", 4, 24),
    _Goal("My alarm rings at {due}", ("sleep", "reading in bed", "falling asleep"), "go to bed", 4, 10),
    _Goal("The shop opens at {due}", ("cleaning", "unpacking", "counting the till", "the way there"), "set off", 7, 12),
)


def latest_start(chance: random.Random, phrase: Phrase) -> Instance:
    """When to begin at the latest, with several things to do before something is due."""
    goal = chance.choice(_GOALS)
    clock = chance.choice(CLOCKS)
    due = chance.randrange(goal.earliest * 12, goal.latest * 12) * 5
    minutes = 0
    needs: list[str] = []
    taken_off = ""
    for step in chance.sample(goal.steps, chance.choice((2, 2, 3))):
        takes = chance.randrange(80, 110) * 5 if step == "sleep" else chance.randrange(2, 17) * 5
        length = some_length(chance, takes)
        minutes += takes
        needs.append(f"{length.text} for {step}")
        taken_off += f" - {length.code}"
    wanted = wanted_time(chance, due - minutes, "start")
    return made(
        chance,
        phrase(goal=goal.words.format(due=clock.written(due)), needs=joined(needs), act=goal.act, form=wanted.words),
        wanted.answer,
        f"{IMPORT}due = {clock.read(due)}\nstart = due{taken_off}",
        wanted.shown,
    )


@dataclass(frozen=True, slots=True)
class _Timetable:
    """What comes again and again, from a first time on.

    Args:
        noun: what comes.
        clock: that times are written by.
        start: the first time.
        gap: minutes from one time to the next.
        every: the same, as a length.
    """

    noun: str
    clock: Clock
    start: int
    gap: int
    every: Length

    @property
    def code(self) -> str:
        """The expert's first lines."""
        return f"{IMPORT}time = {self.clock.read(self.start)}"


@dataclass(frozen=True, slots=True)
class _AboutTimetable:
    """A question about a timetable: what is wanted, and the expert's lines after the first."""

    wanted: Wanted
    code: str


_OFTEN = ("train", "tram", "boat", "guided tour", "shuttle")
_RARELY = ("pill", "feeding", "backup", "check", "watering")


def recurring(chance: random.Random, phrase: Phrase) -> Instance:
    """What comes at regular times: when for the nth time, how often, and when next."""
    often = chance.random() < 0.6
    kind = chance.randrange(3)
    clock = chance.choice(CLOCKS)
    start = chance.randrange(60, 120) * 5
    noun = chance.choice(_OFTEN if often else _RARELY)
    number = chance.randrange(4, 21 if often else 9)
    gap = chance.randrange(5, 50) if often else chance.randrange(3, 13) * 30
    timetable = _Timetable(noun, clock, start, gap, some_length(chance, gap, spoken=False))
    limit = chance.randrange(start + gap, MINUTES_A_DAY)
    if kind == 0:
        asked = _nth_time(chance, timetable, number)
    elif kind == 1:
        asked = _times_until(timetable, limit)
    else:
        asked = _next_time(chance, timetable, limit)
    prompt = phrase(
        noun=noun,
        plural=f"{noun}s",
        every=timetable.every.text,
        start=clock.written(start),
        asked=asked.wanted.words,
    )
    return made(chance, prompt, asked.wanted.answer, f"{timetable.code}\n{asked.code}", asked.wanted.shown)


def _nth_time(chance: random.Random, timetable: _Timetable, number: int) -> _AboutTimetable:
    minutes = timetable.start + sum(timetable.gap for _ in range(number - 1))
    time = wanted_time(chance, minutes, "time")
    words = f"When is the {number}th {timetable.noun}, {time.words}?"
    return _AboutTimetable(Wanted(words, time.answer, time.shown), f"time += ({number} - 1) * {timetable.every.code}")


def _times_until(timetable: _Timetable, limit: int) -> _AboutTimetable:
    words = f"How many {timetable.noun}s are there up to {timetable.clock.written(limit)} (inclusive)?"
    answer = len(range(timetable.start, limit + 1, timetable.gap))
    loop = f"while time <= end:\n    count += 1\n    time += {timetable.every.code}"
    return _AboutTimetable(Wanted(words, answer, "count"), f"end = {timetable.clock.read(limit)}\ncount = 0\n{loop}")


def _next_time(chance: random.Random, timetable: _Timetable, limit: int) -> _AboutTimetable:
    last = range(timetable.start, limit + 1, timetable.gap)[-1]
    time = wanted_time(chance, last + timetable.gap, "time")
    words = f"When is the next {timetable.noun} after {timetable.clock.written(limit)}, {time.words}?"
    code = f"now = {timetable.clock.read(limit)}\nwhile time <= now:\n    time += {timetable.every.code}"
    return _AboutTimetable(Wanted(words, time.answer, time.shown), code)

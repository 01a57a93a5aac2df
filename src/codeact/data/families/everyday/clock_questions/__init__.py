"""Questions that people ask about the clock: nights, journeys, time zones, timesheets, paces, timetables and deadlines.

Invariant: right answers are counted in whole minutes or seconds, where the experts mostly reckon with `datetime`. It does not: know of time
zones that change.
"""

import random
from collections.abc import Callable

from codeact.data.families.everyday.clock_questions import clocks, lengths, spans
from codeact.data.families.everyday.clock_questions.wordings import WORDINGS
from codeact.data.family import Family, Instance
from codeact.data.phrasing import Phrase


def _family(name: str, make: Callable[[random.Random, Phrase], Instance]) -> Family:
    wordings = WORDINGS[name]
    return Family(f"everyday/{name}", "everyday", make, wordings.seen, wordings.unseen)


FAMILIES: tuple[Family, ...] = (
    _family("night-hours", spans.night_hours),
    _family("hours-over-days", spans.hours_over_days),
    _family("journey", spans.journey),
    _family("clock-formats", clocks.clock_formats),
    _family("city-times", clocks.city_times),
    _family("timesheet", spans.timesheet),
    _family("durations", lengths.durations),
    _family("pace", lengths.pace),
    _family("recurring", spans.recurring),
    _family("latest-start", spans.latest_start),
    _family("average-duration", lengths.average_duration),
    _family("who-first", clocks.who_first),
)

"""Questions about times of the day and lengths of time.

Invariant: right answers are counted in minutes or seconds. It does not: know of time zones that change.
"""

import random

from codeact.data.families.worked import worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_FULL = 24 * 60


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _parts(minutes: int) -> str:
    return f"{minutes // 60} * 60 + {minutes % 60}"


def _span(chance: random.Random, phrase: Phrase) -> Instance:
    first = chance.randrange(0, _FULL - 30)
    last = chance.randrange(first + 10, _FULL)
    gap = last - first
    asked, right, check, shown = chance.choice(
        (
            ("How many minutes is that?", gap, "number", "minutes"),
            (
                "How long is that, as hours:minutes (for example 2:05)?",
                f"{gap // 60}:{gap % 60:02d}",
                "exact",
                'f"{minutes // 60}:{minutes % 60:02d}"',
            ),
        )
    )
    if chance.random() < 0.5:
        code = f"start = {_parts(first)}\nend = {_parts(last)}\nminutes = end - start"
    else:
        code = (
            f'from datetime import datetime\nstart = datetime.strptime("{_clock(first)}", "%H:%M")\n'
            f'end = datetime.strptime("{_clock(last)}", "%H:%M")\n'
            "minutes = (end - start).seconds // 60"
        )
    wrong = f'start = "{_clock(first)}"\nend = "{_clock(last)}"\nprint(end - start)'
    return Instance(
        phrase(first=_clock(first), last=_clock(last), asked=asked),
        right,
        worked(chance, (code, "minutes"), ("", shown), apart=0.15),
        check=check,
        slips=(Slip("forgotten conversion", wrong),),
    )


def _arrival(chance: random.Random, phrase: Phrase) -> Instance:
    start, hours, minutes = chance.randrange(_FULL), chance.randrange(0, 15), chance.randrange(1, 60)
    back = chance.random() < 0.3
    right = (start + (-1 if back else 1) * (hours * 60 + minutes)) % _FULL
    length = f"{hours} hour{'' if hours == 1 else 's'} and {minutes} minute{'' if minutes == 1 else 's'}" if hours else f"{minutes} minutes"
    sign = "-" if back else "+"
    code = f"start = {_parts(start)}\nend = (start {sign} ({hours} * 60 + {minutes})) % (24 * 60)"
    return Instance(
        phrase(
            start=_clock(start),
            length=length.replace("1 minutes", "1 minute") if minutes == 1 else length,
            side="before" if back else "after",
        ),
        _clock(right),
        worked(chance, (code, 'f"{end // 60:02d}:{end % 60:02d}"'), apart=0),
    )


def _total(chance: random.Random, phrase: Phrase) -> Instance:
    lengths = [chance.randrange(15, 600) for _ in range(chance.randrange(3, 7))]
    texts = [f"{n // 60}:{n % 60:02d}" for n in lengths]
    total = sum(lengths)
    code = (
        f"times = {texts}\ntotal = 0\nfor time in times:\n    first, second = time.split(':')\n    total += int(first) * 60 + int(second)"
    ).replace("'", '"')
    return Instance(
        phrase(list=", ".join(texts)),
        f"{total // 60}:{total % 60:02d}",
        worked(chance, (code, "total"), ("", 'f"{total // 60}:{total % 60:02d}"'), apart=0.2),
        slips=(Slip("forgotten conversion", f"times = {texts}\nprint(sum(times))".replace("'", '"')),),
    )


def _seconds(chance: random.Random, phrase: Phrase) -> Instance:
    days, hours, minutes, seconds = chance.randrange(0, 9), chance.randrange(24), chance.randrange(60), chance.randrange(60)
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if chance.random() < 0.5:
        what = f"{days} days, {hours} hours, {minutes} minutes and {seconds} seconds in seconds"
        code = f"total = {days} * 86400 + {hours} * 3600 + {minutes} * 60 + {seconds}"
        return Instance(phrase(what=what), total, worked(chance, (code, "total"), apart=0), check="number")
    what = f"{total} seconds as a list [days, hours, minutes, seconds]"
    code = f"minutes, seconds = divmod({total}, 60)\nhours, minutes = divmod(minutes, 60)\ndays, hours = divmod(hours, 24)"
    return Instance(
        phrase(what=what),
        [days, hours, minutes, seconds],
        worked(chance, (code, "[days, hours, minutes, seconds]"), apart=0),
        check="list",
        slips=(Slip("misread signature", f"hours, minutes, seconds = divmod({total}, 60)\nprint(hours, minutes, seconds)"),),
    )


def _hands(chance: random.Random, phrase: Phrase) -> Instance:
    hour, minute = chance.randrange(1, 13), chance.randrange(60)
    halves = abs(hour % 12 * 60 + minute - 12 * minute)  # in half degrees
    right = min(halves, 720 - halves) / 2
    code = f"hour_hand = {hour} % 12 * 30 + {minute} * 0.5\nminute_hand = {minute} * 6\nangle = abs(hour_hand - minute_hand)"
    return Instance(
        phrase(time=f"{hour}:{minute:02d}"),
        right,
        worked(chance, (code, "angle"), ("angle = min(angle, 360 - angle)", "angle"), apart=0.2),
        check="number",
    )


FAMILIES = (
    Family(
        "everyday/time-span",
        "everyday",
        _span,
        phrasings=(
            "[Someone comes|A guest comes] at {first} and [goes|leaves] at {last}. {asked}",
            "[A meeting|A film|A shift|A lesson|A flight] starts at {first} and ends at {last}. {asked}",
            "From {first} to {last} [on one day|of the same day|the same day]: {asked}",
            "[I slept|I worked|The shop was open|It rained] from {first} until {last}. {asked}",
            "[The bus leaves|The train leaves] at {first} and [is there|arrives] at {last}. {asked}",
            "[Take the time|Look at the time] between {first} and {last}. {asked}",
        ),
        unseen_phrasings=(
            "[Begin|Start]: {first}. [End|Finish]: {last}. {asked}",
            "The clock [moves|goes] from {first} on to {last}. {asked}",
        ),
    ),
    Family(
        "everyday/time-after",
        "everyday",
        _arrival,
        phrasings=(
            "[My watch|The wall clock] says {start}. [Which time|What time] is {length} {side} it, as HH:MM?",
            "[What time|Which time] is it {length} {side} {start}? [Use|Write|Answer in] the 24-hour form HH:MM.",
            "[Work out|Find|Tell me|Give me] the time {length} {side} {start}, as HH:MM.",
            "[A train is seen|An alarm rings|A cake is done|A guest comes] {length} {side} {start}. When is that (HH:MM, 24 hours)?",
            "It is {start} on the clock. What [does it show|did or will it show] {length} {side} that, as HH:MM?",
            "[Something happens|I take a pill|The show begins] {length} {side} {start}. At what time is that? Answer as HH:MM.",
        ),
        unseen_phrasings=(
            "{start} is the reference. [State|Report] the time {length} {side} it in the form HH:MM.",
            "{length} {side} {start} [the clock says|a watch reads] what? HH:MM[, please].",
        ),
    ),
    Family(
        "everyday/total-time",
        "everyday",
        _total,
        phrasings=(
            "[I ran|I read|I slept] {list} (hours:minutes) in the last days. How much is it in all, as hours:minutes?",
            "Add [up these times|these lengths of time] (hours:minutes): {list}. [Give|Write] the total as hours:minutes.",
            "[My work times|The training times|The shifts] this week were {list} (hours:minutes). What is the total, as hours:minutes?",
            "[What is|Work out|Find] the total of {list}, all in hours:minutes? [Answer|Write it] in the same form.",
            "[How much time|How much] is {list} together, in hours:minutes?",
            "[Sum|Add] the times {list} [and write|and give] the sum as hours:minutes, such as 12:05.",
        ),
        unseen_phrasings=(
            "A timesheet [reads|shows] {list} in hours:minutes. Report its [sum|total] in that form.",
            "{list}: hours and minutes each. [All in all|Together], how many hours:minutes?",
        ),
    ),
    Family(
        "everyday/seconds",
        "everyday",
        _seconds,
        phrasings=(
            "[Convert|Write|Express] {what}.",
            "[What is|How much is] {what}?",
            "[Please give|Give|Tell] me {what}.",
            "[I need|I would like|I want] {what}.",
            "[Can you|Could you|Would you] [convert|write] {what}?",
            "[Work out|Compute|Calculate|Find] {what}.",
        ),
        unseen_phrasings=(
            "[Turn it round and state|Put down|Rewrite] {what}.",
            "A stopwatch needs {what}. [What is shown|What does one read]?",
        ),
    ),
    Family(
        "everyday/clock-hands",
        "everyday",
        _hands,
        phrasings=(
            "[The time is|It is|My watch says] {time}. How many degrees are between the two hands of the "
            "clock, measured the shorter way round?",
            "How large is the angle of a clock at {time}, from hand to hand, [as a number of degrees up to 180|in degrees (0 to 180)]?",
            "[What is|How big is|How wide is] the smaller angle between the hands of a clock at {time}, in degrees?",
            "[Find|Compute|Work out|Calculate] the smaller angle between the hour hand and the minute hand at {time}, in degrees.",
            "[An old clock|A wall clock|A tower clock] shows {time}. [What|Which] angle, at most 180 degrees, do its hands make?",
            "At {time}, [how many degrees|what number of degrees] lie between the two hands of a clock (the smaller angle)?",
            "[Tell|Give] me the angle in degrees, not over 180, between a clock's hands at {time}.",
        ),
        unseen_phrasings=(
            "It is {time} on a round clock: [by how many degrees|how many degrees] are the hands apart, the short way?",
            "[State|Report|Name] the angle in degrees that hour and minute hand enclose at {time}, the smaller one.",
        ),
        held_out=True,
    ),
)

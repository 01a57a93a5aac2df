"""Questions that people ask about the clock: nights, journeys, time zones, timesheets, paces, timetables and deadlines.

Invariant: right answers are counted in whole minutes or seconds, where the experts mostly reckon with datetime. It does not: know of time
zones that change.
"""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction

from pydantic import JsonValue

from codeact.data.families.wordlists import PEOPLE
from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_DAY = 24 * 60
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STYLES = {"09": "%H:%M", "9": "%H:%M", "am pm": "%I:%M %p", "AM PM": "%I:%M %p"}
_IMPORT = "from datetime import datetime, timedelta\n"
_CLOCK = 'f"{minutes // 60}:{minutes % 60:02d}"'
_SPOKEN = {15: "a quarter of an hour", 30: "half an hour", 45: "three quarters of an hour", 60: "an hour", 90: "an hour and a half"}
_CITIES = (
    "Lisbon:+0 Dublin:+0 Accra:+0 Oslo:+1 Vienna:+1 Athens:+2 Cairo:+2 Nairobi:+3 Tehran:+3.5 Dubai:+4 Karachi:+5 Mumbai:+5.5 Dhaka:+6 "
    "Hanoi:+7 Manila:+8 Perth:+8 Osaka:+9 Adelaide:+9.5 Sydney:+10 Auckland:+12 Halifax:-4 Boston:-5 Lima:-5 Chicago:-6 Seattle:-8"
)
_GOALS: tuple[tuple[str, tuple[str, ...], str, int, int], ...] = (
    ("Lunch has to be on the table at DUE", ("chopping", "baking", "laying the table", "cooling"), "start", 11, 15),
    ("I have to be at work at DUE", ("a shower", "breakfast", "the bus ride", "walking the dog"), "get up", 6, 12),
    ("My plane leaves at DUE", ("the drive", "security", "parking", "check-in"), "leave home", 4, 24),
    ("My alarm rings at DUE", ("sleep", "reading in bed", "falling asleep"), "go to bed", 4, 10),
    ("The shop opens at DUE", ("cleaning", "unpacking", "counting the till", "the way there"), "set off", 7, 12),
)
_TIMED = (
    (("laps", "songs", "phone calls", "rounds", "dives"), "minutes:seconds", 65, 500),
    (("nights of sleep", "train rides", "films", "hikes", "shifts"), "hours:minutes", 80, 420),
)


def _long(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _joined(parts: list[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _text(style: str, minutes: int) -> str:
    hour, rest = minutes // 60 % 24, f"{minutes % 60:02d}"
    return f"{hour:0{len(style)}d}:{rest}" if style.isdigit() else f"{(hour + 11) % 12 + 1}:{rest} {style.split()[hour // 12]}"


def _read(style: str, minutes: int) -> str:
    return f'datetime.strptime("{_text(style, minutes)}", "{_STYLES[style]}")'


def _length(chance: random.Random, minutes: int, spoken: bool = True) -> tuple[str, str]:
    """A length of time as people write it, and as code."""
    hours, rest = divmod(minutes, 60)
    if spoken and minutes in _SPOKEN and chance.random() < 0.4:
        return _SPOKEN[minutes], f"timedelta(minutes={minutes})"
    if not hours or (rest and hours < 3 and chance.random() < 0.3):
        return f"{minutes} minutes", f"timedelta(minutes={minutes})"
    whole, part = f"{hours} hour{'s' if hours > 1 else ''}", f"{rest} minute{'s' if rest > 1 else ''}"
    if not rest:
        return whole, f"timedelta(hours={hours})"
    return chance.choice((f"{hours} h {rest} min", f"{whole} and {part}")), f"timedelta(hours={hours}, minutes={rest})"


def _form(chance: random.Random, minutes: int) -> tuple[str, JsonValue, str]:
    """A form for a length of time, it in that form, and the expression for it, of `minutes`."""
    kinds: tuple[tuple[str, JsonValue, str], ...] = (
        ("in minutes", minutes, "minutes"),
        (chance.choice(("as H:MM", "in hours and minutes (H:MM)")), _long(minutes), _CLOCK),
        (chance.choice(("in hours, to two decimals", "in decimal hours (two decimals)")), _hours(minutes), "round(minutes / 60, 2)"),
        ("in the form 3 h 5 min", f"{minutes // 60} h {minutes % 60} min", 'f"{minutes // 60} h {minutes % 60} min"'),
    )
    return chance.choice(kinds)


def _hours(minutes: int) -> float:
    return float(round(Fraction(minutes, 60), 2))


def _when(chance: random.Random, minutes: int, name: str) -> tuple[str, str, str]:
    """A form for a time of the day, it in that form, and the expression for it, of what has that name."""
    if chance.random() < 0.75:
        return chance.choice(("as HH:MM", "in 24-hour time (HH:MM)")), _text("09", minutes), f'{name}.strftime("%H:%M")'
    form = chance.choice(("in the form 3:05 PM", "in 12-hour time like 3:05 PM"))
    return form, _text("AM PM", minutes), f'{name}.strftime("%I:%M %p").lstrip("0")'


def _made(chance: random.Random, prompt: str, right: JsonValue, code: str, shown: str, *, slip: str = "", first: str = "") -> Instance:
    """An instance in one action, or now and then with `first` printed in an action before; the check follows from the right answer."""
    check = "exact" if isinstance(right, str) else "list" if isinstance(right, list) else "number"
    policy = worked(chance, (code, first), ("", shown), apart=0.15) if first else worked(chance, (code, shown), apart=0)
    slips = (Slip("forgotten conversion", slip),) if slip else ()
    return Instance(prompt, right, policy, check=check, tolerance=TWO_DECIMALS if isinstance(right, float) else None, slips=slips)


def _night(chance: random.Random, phrase: Phrase) -> Instance:
    style, first, last = chance.choice([*_STYLES]), chance.randrange(15 * 60, _DAY), chance.randrange(11 * 60)
    form, right, shown = _form(chance, _DAY - first + last)
    given = f"{_IMPORT}start = {_read(style, first)}\nend = {_read(style, last)}"
    code = f"{given} + timedelta(days=1)\nminutes = (end - start).seconds // 60"
    prompt = phrase(first=_text(style, first), last=_text(style, last), form=form)
    slip = f"{given}\nprint((end - start).total_seconds() / 60)"
    return _made(chance, prompt, right, code, shown, slip=slip, first="minutes")


def _over_days(chance: random.Random, phrase: Phrase) -> Instance:
    start, gap = datetime(2015, 1, 1) + timedelta(minutes=chance.randrange(4500 * _DAY)), chance.randrange(_DAY, 6 * _DAY)
    ends = (start, start + timedelta(minutes=gap))
    form = chance.choice(("%A %H:%M", "%Y-%m-%d %H:%M", "%d %B %Y, %H:%M", "%B %d, %Y at %I:%M %p"))
    first, last = (one.strftime(form).lstrip("0").replace(" 0", " ") for one in ends)
    code = f'{_IMPORT}start = datetime.strptime("{first}", "{form}")\nend = datetime.strptime("{last}", "{form}")\ngap = end - start'
    if form.startswith("%A"):
        named = [f'timedelta(days=week.index("{_WEEK[one.weekday()]}"), hours={one.hour}, minutes={one.minute})' for one in ends]
        code = f'from datetime import timedelta\nweek = "{" ".join(_WEEK)}".split()\nstart = {named[0]}\nend = {named[1]}\n'
        code += "gap = (end - start) % timedelta(days=7)"
    kinds: tuple[tuple[str, JsonValue, str], ...] = (
        ("in minutes", gap, "gap // timedelta(minutes=1)"),
        ("in hours, to two decimals", _hours(gap), "round(gap.total_seconds() / 3600, 2)"),
        ("in whole hours, rounded down", gap // 60, "gap // timedelta(hours=1)"),
        ("as [days, hours, minutes]", [gap // _DAY, gap // 60 % 24, gap % 60], "[gap.days, gap.seconds // 3600, gap.seconds // 60 % 60]"),
    )
    asked, right, shown = chance.choice(kinds)
    return _made(chance, phrase(first=first, last=last, form=asked), right, code, shown, first="gap")


def _journey(chance: random.Random, phrase: Phrase) -> Instance:
    style, start, minutes, legs, parts = chance.choice([*_STYLES]), chance.randrange(_DAY), 0, list[str](), ""
    for way in chance.sample(("by train", "by bus", "by tram", "on foot", "by ferry", "by car", "of waiting"), chance.choice((2, 2, 3))):
        length = chance.randrange(5, 60) if way in ("of waiting", "on foot", "by tram") else chance.randrange(4, 70) * 5
        written, added = _length(chance, length)
        legs, parts, minutes = [*legs, f"{written} {way}"], f"{parts} + {added}", minutes + length
    form, right, shown = _when(chance, start + minutes, "arrival")
    prompt = phrase(start=_text(style, start), legs=_joined(legs), form=form, name=chance.choice(PEOPLE))
    code = f"{_IMPORT}start = {_read(style, start)}\narrival = start{parts}"
    return _made(chance, prompt, right, code, shown, slip=f'{_IMPORT}print("{_text(style, start)}"{parts})')


def _formats(chance: random.Random, phrase: Phrase) -> Instance:
    times, back = [chance.randrange(_DAY) for _ in range(chance.choice((1, 1, 1, 2, 3, 4)))], chance.random() < 0.5
    old, new = ("09", "AM PM") if back else (chance.choice(("am pm", "AM PM")), "09")
    given, right, one = [_text(old, time) for time in times], [_text(new, time) for time in times], len(times) == 1
    like = ("like 3:05 PM" if back else "HH:MM") if one else "a list like ['3:05 PM', '11:40 AM']" if back else "a list of HH:MM"
    form = f"{'12-hour time with AM or PM' if back else '24-hour time'} ({like})"
    turned = f'datetime.strptime(time, "{_STYLES[old]}").strftime("{_STYLES[new]}")' + ('.lstrip("0")' if back else "")
    prompt = phrase(times=given[0] if one else _joined(given), form=form, be="is" if one else "are")
    if not one:
        code, shown = f"from datetime import datetime\ntimes = {json.dumps(given)}", f"[{turned} for time in times]"
        return _made(chance, prompt, [*right], code, shown)
    slip = f'from datetime import datetime\nprint(datetime.strptime("{given[0]}", "{_STYLES[new]}"))'
    return _made(chance, prompt, right[0], f'from datetime import datetime\ntime = "{given[0]}"', turned, slip=slip)


def _cities(chance: random.Random, phrase: Phrase) -> Instance:
    (here, less), (there, more) = (one.split(":") for one in chance.sample(_CITIES.split(), 2))
    first, second = (f"{city} (UTC{hours.replace('.5', ':30')})" for city, hours in ((here, less), (there, more)))
    style, time, moved = chance.choice([*_STYLES]), chance.randrange(_DAY) // 5 * 5, int(60 * float(more)) - int(60 * float(less))
    form, right, shown = _when(chance, time + moved, "there")
    steps = f"- timedelta(hours={less.lstrip('+')}) + timedelta(hours={more.lstrip('+')})"
    prompt, code = phrase(here=first, there=second, time=_text(style, time), form=form), f"{_IMPORT}time = {_read(style, time)}\n"
    return _made(chance, prompt, right, f"{code}there = time {steps}", shown, slip=f'{_IMPORT}print("{_text(style, time)}" {steps})')


def _timesheet(chance: random.Random, phrase: Phrase) -> Instance:
    pause, monday = chance.choice((0, 0, 20, 30, 45, 60)), chance.randrange(3)
    spans = [(chance.randrange(72, 120) * 5, chance.randrange(160, 235) * 5) for _ in range(chance.choice((2, 3, 3, 4)))]
    texts = [f"{_text('09', start)}-{_text('09', end)}" for start, end in spans]
    form, right, shown = _form(chance, sum(end - start - pause for start, end in spans))
    code = f"from datetime import datetime\nminutes = 0\nfor day in {json.dumps(texts)}:\n    start, end = "
    code += '[datetime.strptime(time, "%H:%M") for time in day.split("-")]\n    minutes += (end - start).seconds // 60'
    free = chance.choice((f" Each day includes {pause} minutes of unpaid break.", f" A break of {pause} minutes is taken off every day."))
    hours = ", ".join(f"{_WEEK[monday + number][:3]} {text}" for number, text in enumerate(texts))
    prompt, slip = phrase(list=hours, pause=free if pause else "", form=form), f'start, end = "{texts[0]}".split("-")\nprint(end - start)'
    return _made(chance, prompt, right, code + (f" - {pause}" if pause else ""), shown, slip=slip, first="minutes")


def _durations(chance: random.Random, phrase: Phrase) -> Instance:
    minutes, seconds, few = chance.randrange(70, 3000), chance.randrange(3700, 86000), chance.randrange(2, 40)
    part, big = f"{chance.randrange(5, 190) / 4:g}", chance.choice((("weeks", 168, " * 7"), ("days", 24, "")))
    clock, long = f"{_long(seconds // 60)}:{seconds % 60:02d}", _long(minutes)
    unit, each, tail = chance.choice((("hours", 1, ""), ("minutes", 60, " * 60"), ("seconds", 3600, " * 60 * 60")))
    split, parts = f'hours, minutes, seconds = map(int, "{clock}".split(":"))', f'hours, minutes = map(int, "{long}".split(":"))'
    kinds: tuple[tuple[str, str, JsonValue, str, str], ...] = (
        (f"{seconds} seconds", "H:MM:SS", clock, f"{_IMPORT}time = timedelta(seconds={seconds})", "time"),
        (f"{clock} (hours:minutes:seconds)", "seconds", seconds, split, "hours * 3600 + minutes * 60 + seconds"),
        (f"{minutes} minutes", "hours and minutes (H:MM)", long, f"minutes = {minutes}", _CLOCK),
        (f"{part} hours", "hours and minutes (H:MM)", _long(int(Fraction(part) * 60)), f"minutes = round({part} * 60)", _CLOCK),
        (f"{part} minutes", "seconds", int(Fraction(part) * 60), f"minutes = {part}", "round(minutes * 60)"),
        (f"{long} (hours:minutes)", "decimal hours, to two decimals", _hours(minutes), parts, "round(hours + minutes / 60, 2)"),
        (f"{few} {big[0]}", unit, few * big[1] * each, f"hours = {few}{big[2]} * 24", f"hours{tail}"),
    )
    given, form, right, code, shown = chance.choice(kinds)
    return _made(chance, phrase(given=given, form=form), right, code, shown)


def _pace(chance: random.Random, phrase: Phrase) -> Instance:
    did, low, high = chance.choice((("ran", 210, 450), ("walked", 540, 840), ("cycled", 100, 240), ("jogged", 360, 520)))
    unit, one, speed = chance.choice((("km", "km", "km/h"), ("km", "km", "km/h"), ("miles", "mile", "mph")))
    far, each = chance.choice((f"{chance.randrange(6, 60) / 2:g}", "21.1", "42.2")), chance.randrange(low, high, 2)
    way, seconds, name = Fraction(far), int(Fraction(far) * each) + chance.randrange(40) * 2, chance.choice(PEOPLE)
    while 2 * seconds / way % 2 == 1:  # a half may be rounded either way
        seconds += 1
    hours, minutes, rest, nearest, total = seconds // 3600, seconds // 60 % 60, seconds % 60, round(seconds / way), round(way * each)
    time = chance.choice((f"{hours} h {minutes} min {rest} s", f"{hours}:{minutes:02d}:{rest:02d}")) if hours else f"{minutes} min {rest} s"
    code = f"seconds = {f'{hours} * 3600 + ' * (hours > 0)}{minutes} * 60 + {rest}\n"
    steady = f"from datetime import timedelta\npace = {each // 60} * 60 + {each % 60}\nseconds = round({far} * pace)"
    mean, ran, clock = float(round(way * 3600 / seconds, 2)), f"{_long(total // 60)}:{total % 60:02d}", _CLOCK.replace("minutes", "pace")
    kinds: tuple[tuple[str, str, JsonValue, str, str], ...] = (
        (f"in {time}", f"pace per {one}, as M:SS (nearest second)", _long(nearest), f"{code}pace = round(seconds / {far})", clock),
        (f"in {time}", f"average speed in {speed}, to two decimals", mean, f"{code}speed = {far} / (seconds / 3600)", "round(speed, 2)"),
        (f"at a steady {_long(each)} min per {one}", "total time, as H:MM:SS (nearest second)", ran, steady, "timedelta(seconds=seconds)"),
    )
    told, asked, right, code, shown = chance.choice(kinds)
    return _made(chance, phrase(did=did, name=name, told=f"{far} {unit} {told}", asked=asked), right, code, shown)


def _recurring(chance: random.Random, phrase: Phrase) -> Instance:
    short, kind, style, start = chance.random() < 0.6, chance.randrange(3), chance.choice([*_STYLES]), chance.randrange(60, 120) * 5
    nouns = ("train", "tram", "boat", "guided tour", "shuttle") if short else ("pill", "feeding", "backup", "check", "watering")
    noun, number = chance.choice(nouns), chance.randrange(4, 21 if short else 9)
    gap = chance.randrange(5, 50) if short else chance.randrange(3, 13) * 30
    (every, step), limit = _length(chance, gap, spoken=False), chance.randrange(start + gap, _DAY)
    times, code = range(start, limit + 1, gap), f"{_IMPORT}time = {_read(style, start)}\n"
    if kind == 0:
        form, right, shown = _when(chance, start + sum(gap for _ in range(number - 1)), "time")
        asked, code = f"When is the {number}th {noun}, {form}?", f"{code}time += ({number} - 1) * {step}"
    elif kind == 1:
        asked, right = f"How many {noun}s are there up to {_text(style, limit)} (inclusive)?", len(times)
        code, shown = f"{code}end = {_read(style, limit)}\ncount = 0\nwhile time <= end:\n    count += 1\n    time += {step}", "count"
    else:
        form, right, shown = _when(chance, times[-1] + gap, "time")
        asked = f"When is the next {noun} after {_text(style, limit)}, {form}?"
        code = f"{code}now = {_read(style, limit)}\nwhile time <= now:\n    time += {step}"
    return _made(chance, phrase(noun=noun, plural=f"{noun}s", every=every, start=_text(style, start), asked=asked), right, code, shown)


def _latest(chance: random.Random, phrase: Phrase) -> Instance:
    goal, names, act, early, late = chance.choice(_GOALS)
    style, due = chance.choice([*_STYLES]), chance.randrange(early * 12, late * 12) * 5
    right, needs, code = due, list[str](), f"{_IMPORT}due = {_read(style, due)}\nstart = due"
    for name in chance.sample(names, chance.choice((2, 2, 3))):
        length = chance.randrange(80, 110) * 5 if name == "sleep" else chance.randrange(2, 17) * 5
        written, step = _length(chance, length)
        right, needs, code = right - length, [*needs, f"{written} for {name}"], f"{code} - {step}"
    form, right, shown = _when(chance, right, "start")
    prompt = phrase(goal=goal.replace("DUE", _text(style, due)), needs=_joined(needs), act=act, form=form)
    return _made(chance, prompt, right, code, shown)


def _average(chance: random.Random, phrase: Phrase) -> Instance:
    things, scale, low, high = chance.choice(_TIMED)
    times = [chance.randrange(low, high) for _ in range(chance.randrange(3, 7))]
    times[0] += -sum(times) % len(times)
    limit, texts, part = chance.randrange(low + 5, high), [_long(time) for time in times], scale.split(":")[1]
    code = f'times = {json.dumps(texts)}\n{part} = []\nfor time in times:\n    first, second = time.split(":")\n    '
    code += f"{part}.append(int(first) * 60 + int(second))\n"
    apart, longer = max(times) - min(times), sum(time > limit for time in times)
    kinds: tuple[tuple[str, JsonValue, str], ...] = (
        ("What is the average, in the same form?", _long(sum(times) // len(times)), f"sum({part}) // len({part})"),
        ("How far apart are the longest and the shortest, in the same form?", _long(apart), f"max({part}) - min({part})"),
        (f"How many are longer than {_long(limit)}?", longer, f"sum(n > {limit // 60} * 60 + {limit % 60} for n in {part})"),
    )
    asked, right, result = chance.choice(kinds)
    shown = _CLOCK.replace("minutes", "result") if isinstance(right, str) else "result"
    slip = f"times = {json.dumps(texts)}\nprint(sum(times) / len(times))"
    prompt = phrase(list=", ".join(texts), what=chance.choice(things), scale=scale, asked=asked)
    return _made(chance, prompt, right, f"{code}result = {result}", shown, slip=slip)


def _first(chance: random.Random, phrase: Phrase) -> Instance:
    style, names, limit = chance.choice([*_STYLES]), chance.sample(PEOPLE, chance.randrange(3, 6)), chance.randrange(14, 40) * 30
    times = dict(zip(names, chance.sample(range(360, 1260), len(names)), strict=True))
    one, two = chance.sample(names, 2)
    texts = {name: _text(style, time) for name, time in times.items()}
    ordered = [name for _, name in sorted((time, name) for name, time in times.items())]
    early, sooner = sum(time < limit for time in times.values()), "yes" if times[one] < times[two] else "no"
    code = f"from datetime import datetime\ntimes = {json.dumps(texts)}\n"
    code += f'times = {{name: datetime.strptime(text, "{_STYLES[style]}") for name, text in times.items()}}'
    kinds: tuple[tuple[str, JsonValue, str], ...] = (
        ("Who was first?", ordered[0], "min(times, key=times.get)"),
        ("Who was last?", ordered[-1], "max(times, key=times.get)"),
        ("List the names from the earliest to the latest.", [*ordered], "sorted(times, key=times.get)"),
        (f"How many were before {_text(style, limit)}?", early, f"sum(time < {_read(style, limit)} for time in times.values())"),
        (f"Was {one} earlier than {two}? Answer yes or no.", sooner, f'"yes" if times["{one}"] < times["{two}"] else "no"'),
    )
    asked, right, shown = chance.choice(kinds)
    return _made(chance, phrase(list=", ".join(" ".join(pair) for pair in texts.items()), asked=asked), right, code, shown)


_WORDINGS = """
= night-hours
[I worked|I was on call|The party went on|The machine ran] from {first} to {last} the next [day|morning]. How long was that, {form}?
[How long is it|What is the time] from {first} until {last} the following [day|morning], {form}?
[{first} to {last} overnight: how long, {form}?|Length of a shift from {first} to {last} (past midnight), {form}.]
A [ferry|night bus|night train] leaves at {first} and [arrives|gets in] at {last} the next day. [How long does it take|Travel time], {form}?
[Work out|Calculate|Tell me] the time between {first} and {last} on the following day, {form}[, please].
? [The baby fell asleep|We went to bed|The rain started] at {first}, and it was {last} when [it ended|that was over]. Time passed, {form}?
? [Clocked in {first}, clocked out {last} (next day). Time on duty, {form}?|On at {first}, off at {last} the day after. I was on, {form}:]
= hours-over-days
[How much time|How long] is it from {first} to {last}? [Answer|Give it] {form}.
[The power was out|I was away|The server was down|We camped] from {first} until {last}. [How long was that|How long did it last], {form}?
[Time between {first} and {last}, {form}?|Tell me how long it is between {first} and {last}, {form}.]
[Start|Begin|Check-in]: {first}. [End|Finish|Check-out]: {last}. [Work out|Compute|Give] the time in between {form}.
[I handed in my car on {first} and got it back on {last}|We left on {first} and were home on {last}]. How long did that take, {form}?
? A parcel [was sent|left] on {first} and came on {last}. [Time on the way|Its journey took how long], {form}?
? [Counting from|If a clock is started on] {first}, how much time has passed on {last}, {form}?
= journey
{name} sets off at {start}: {legs}. [When|At what time] does {name} arrive, {form}?
[I leave|We leave|I am leaving] [home|the hotel|town] at {start}. The trip is {legs}. [When is it over|What time is it then], {form}?
[Departure {start}, then {legs}. Arrival time, {form}?|{start} plus {legs}: what time is it then, {form}?]
[Find|Work out|Tell me] the arrival time {form} of a trip that starts at {start} and takes {legs}.
It takes {legs} to get to [{name}|my aunt|the office]. If I [go|set off] at {start}, [when am I there|what time do I get there], {form}?
? {legs}: that is my way. [On the road at|Off at] {start}, there at what time, {form}?
? What will the clock [say|show] {form} [when|once] {name}, who left at {start}, has done {legs}?
= clock-formats
[Convert|Change|Translate] {times} to {form}.
[What {be} {times} in {form}?|{times} in {form}?|How do you write {times} in {form}?|{times} - in {form}, please.]
[My ticket says|The timetable shows|The invitation says] {times}. [What would that be|How is that written] in {form}?
I [keep mixing up|never understand] the two clocks, so please [put|write|give me] {times} in {form}.
Our [form|software|calendar] only takes {form}, but I have {times}. What do I [enter|type in]?
? [{times}: restate in {form}.|{times} - now the same, but in {form}.|A colleague from abroad wrote {times}. Note it as {form}.]
? [As|Using] {form}, how [would you write|does one put] {times}?
= city-times
It is {time} in {here}. [What time is it|What does the clock say] in {there}, {form}?
[A call|A webinar|A match|The interview] [starts|is set for] {time} in {here}. When is that in {there}, {form}?
[Convert {time} from {here} to {there}, {form}.|{time} {here} = what time in {there}, {form}?]
I am in {here} and want to ring a friend in {there} at {time} my time. What time is it for [her|him|them], {form}?
The clocks in {here} [show|are at] {time}. [Find|Tell me|Work out] the time in {there} at that moment, {form}.
? [People|Fans] in {there} watch a show that is live at {time} in {here}. [Local time there|Time on their clocks], {form}?
? [My laptop|My watch] still shows the time of {here}, {time}, but I have landed in {there}. What should it show, {form}?
= timesheet
[My hours|My shifts|Times worked]: {list}.{pause} [What is the total|How much did I work|How much is that in all], {form}?
[Add up my hours, {form}: {list}.|{list}. Total working time, {form}?|Sum of these hours, {form}? {list}.]{pause}
[How long did I work|How much time did I put in] this week, {form}? {list}.{pause}
[Here is my timesheet|I wrote down my hours|The cleaner noted]: {list}.{pause} I need the [total|sum] {form}.
? [Payroll asks|My boss asks|The form asks] how long I was at work in total, {form}. The log says {list}.{pause}
? [The time clock has {list}. All of it together, {form}?|{list}: added up, {form}?]{pause}
= durations
[Convert|Change|Turn] {given} [to|into] {form}.
[What is {given} in {form}?|{given} in {form}?|{given} = ? {form}|How much is {given} in {form}?|{given} to {form}]
[The display shows|The log says|The counter says|The plan says] {given}. What is that in {form}?
I have {given} and [need|want|have to enter] it in {form}. [What do I write|What is it]?
? [Wanted: {form}. Given: {given}.|A task takes {given}. Put that in {form}.|Somebody noted {given}. Give the same time in {form}.]
? If [a job|a test] takes {given}, how is that [put|expressed] in {form}?
= pace
[I|{name}|My sister] {did} {told}. What is the {asked}?
[{told}: {asked}?|Somebody {did} {told}, and I need the {asked}.|Find the {asked}, for someone who {did} {told}.]
[Yesterday|On Sunday|This morning] [I|we|{name}] {did} {told}, and now I want to know the {asked}. [What is it|Can you work it out]?
[My app is broken|My watch died], but I know that I {did} {told}. [Tell me|Please compute] the {asked}.
? [{name} {did} {told}. Report the {asked}.|If {name} {did} {told}, then how much is the {asked}?]
? [Training log|Diary entry]: {did} {told}. [Missing|Still to fill in]: {asked}.
= recurring
[The first {noun} is at {start}, then one comes every {every}.|Every {every} there is a {noun}, starting at {start}.] {asked}
[{asked} The first is at {start}, then one every {every}.|First {noun} {start}, then every {every}. {asked}]
[A {noun} is due|There is a {noun}|We have a {noun}|I see a {noun}] every {every}, [the first one at|starting at] {start}. {asked}
[The plan says|I noted|Our schedule is|Timetable]: {plural} every {every} from {start} on, the one at {start} being the first. {asked}
[From {start} on we have|At home there is|My plan has|Here we get] a {noun} every {every}, {start} being the first. {asked}
? {start} is when the first {noun} [comes|is|was planned], and each later one is {every} after the one before. {asked}
? [{asked} ({plural}: first {start}, interval {every})|{plural}, {every} apart, counted from {start}: {asked}]
= latest-start
{goal}. I need {needs}. [When must I|When do I have to|At what time should I] {act} at the latest, {form}?
[What is the latest time to {act}, {form}?|When do I {act}, {form}?] {goal}, and I [need|plan] {needs}.
{goal}, with {needs} before that. [Latest time|Last moment|Last chance] to {act}[ then], {form}?
[Work back|Count back]: {goal}, and before that I need {needs}. [Tell me|Find] when to {act}, {form}.
{goal}. [I allow|I reckon with|I have to plan|My guess is] {needs}. [So when|When] do I {act}, {form}?
? [By what time|How early] must I {act}, {form}, given {needs}? {goal}.
? {needs}: all that [comes first|has to fit in before|is needed]. {goal}. Name the last possible time to {act}, {form}.
= average-duration
My last {what} were {list} ({scale}). {asked}
[{asked} The {what}: {list} ({scale}).|{what}, in {scale}: {list}. {asked}|For {what} of {list} ({scale}): {asked}]
[I timed|I noted|Here are|We have] [some|a few|these] {what}: {list}, in {scale}. {asked}
[These are|Look at] the lengths of [some|my|our] {what}, as {scale}: {list}. {asked}
? [{list} - so long were the {what}, in {scale}.|My watch stored {list} as {scale} for {what}.] {asked}
? [A table|A note|A friend] lists {what} with {scale} of {list}. {asked}
= who-first
[Arrivals|Arrival times|Check-in times|Today's guests]: {list}. {asked}
[These are|Here are|I wrote down] the times [when people came|when they rang|of the visitors]: {list}. {asked}
{asked} [The times are|They came at these times|Times|I have these times]: {list}.
[At the door we had {list}.|People clocked in as follows: {list}.|The log of the day says: {list}.|Signed in: {list}.] {asked}
? {list}: that is when they [turned up|signed in|got here]. {asked}
? [A visitors' book|A register] has {list}. {asked}
"""
_MAKERS = (_night, _over_days, _journey, _formats, _cities, _timesheet, _durations, _pace, _recurring, _latest, _average, _first)


def _family(make: Callable[[random.Random, Phrase], Instance], block: str) -> Family:
    """A family of its block of wordings: the name, then a template a line; a question mark before those that training never sees."""
    name, *lines = block.strip().split("\n")
    known, unseen = (tuple(line.removeprefix("? ") for line in lines if line.startswith("? ") == late) for late in (False, True))
    return Family(f"everyday/{name}", "everyday", make, known, unseen)


FAMILIES: tuple[Family, ...] = tuple(map(_family, _MAKERS, _WORDINGS.split("\n= ")[1:]))

"""Questions about the calendar: weekdays, notations, deadlines, ISO weeks, quarters, recurring days, lives in days, Unix time.

Invariant: right answers are found by walking through the days or from a day's ordinal, not in the expert's way. It does not: know of
holidays, or of time zones other than UTC.
"""

import calendar
import datetime
import random
import re
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from codeact.data.families.naming import quoted
from codeact.data.families.wordlists import PEOPLE
from codeact.data.families.worked import worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_Kinds = list[tuple[str, JsonValue, str]]
_Asked = tuple[Mapping[str, object], JsonValue, str, Slip | None]
"""Values of the wording; the right answer, a truth for yes or no; the expert's code, of which the last line is printed; a slip."""

_DAY = datetime.timedelta(1)
_WEEKDAYS = tuple(calendar.day_name)
_MONTHS = tuple(calendar.month_name)[1:]
_ISO = "YYYY-MM-DD"
_FORMS = {_ISO: "%Y-%m-%d", "DD.MM.YYYY": "%d.%m.%Y", "DD/MM/YYYY": "%d/%m/%Y", "MM/DD/YYYY": "%m/%d/%Y", "YYYYMMDD": "%Y%m%d"}
_FORMS |= {"DD Month YYYY (for example 04 July 1999)": "%d %B %Y", "Mon DD, YYYY (for example Jul 04, 1999)": "%b %d, %Y"}
_FORMS |= {"Weekday, DD Month YYYY (for example Sunday, 04 July 1999)": "%A, %d %B %Y"}
_NOTATIONS = {"%m/%d/%Y": " (month/day/year)", "%d/%m/%Y": " (day/month/year)", "%d.%m.%Y": " (day.month.year)"}
_NOTATIONS |= dict.fromkeys(("%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y"), "")
_LENGTHS = (("six months", 6), ("three months", 3), ("a year and a half", 18), ("half a year", 6), ("two years", 24), ("nine months", 9))
_FEASTS = (("Christmas Day (25 December)", 12, 25), ("New Year's Day (1 January)", 1, 1), ("Valentine's Day (14 February)", 2, 14))
_FEASTS += (("Halloween (31 October)", 10, 31), ("Christmas Eve (24 December)", 12, 24), ("New Year's Eve (31 December)", 12, 31))
_WEEKS = (("every week", 7), ("every second week", 14), ("every two weeks", 14), ("every other week", 14), ("every three weeks", 21))
_DONE = ("the bins are emptied", "the choir rehearses", "I water the cactus", "our team meets", "the cleaner comes", "a ferry sails")
_PAST = ("I was born", "We moved here", "My parents married", "A bridge was opened", "The firm was founded", "My aunt was born")
_COMING = ("Our wedding is", "My exam is", "The flight is", "Our trip is", "The next fair is", "A big concert is")


def _some(chance: random.Random, low: int = 1960, high: int = 2060) -> datetime.date:
    return datetime.date.fromordinal(chance.randrange(datetime.date(low, 1, 1).toordinal(), datetime.date(high, 1, 1).toordinal()))


def _text(chance: random.Random, day: datetime.date) -> str:
    """A date as somebody may write it, so that it can be read in one way."""
    number, month, year = day.day, _MONTHS[day.month - 1], day.year
    nth = f"{number}{'th' if number in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
    ways = [f"{number} {month} {year}", f"{month} {number}, {year}", day.isoformat(), f"{number} {month[:3]} {year}"]
    ways += [f"{nth} {month} {year}", f"{month} {nth}, {year}", f"the {nth} of {month} {year}"]
    ways += [f"{number}.{day.month}.{year}", f"{number}/{day.month}/{year}", f"{day.month}/{number}/{year}"] if number > 12 else []
    return chance.choice(ways)


def _given(**days: datetime.date) -> str:
    return "".join(f"{name} = datetime.date({day.year}, {day.month}, {day.day})\n" for name, day in days.items())


def _week(day: datetime.date) -> int:
    """0 for Monday to 6 for Sunday."""
    return (day.toordinal() - 1) % 7


def _days(first: datetime.date, end: datetime.date) -> list[datetime.date]:
    return [first + number * _DAY for number in range(end.toordinal() - first.toordinal())]


def _first(year: int, month: int) -> datetime.date:
    return datetime.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _as(form: str, day: datetime.date) -> str:
    parts = {"YYYY": f"{day.year}", "MM": f"{day.month:02}", "DD": f"{day.day:02}", "Weekday": _WEEKDAYS[_week(day)]}
    parts |= {"Month": _MONTHS[day.month - 1], "Mon": _MONTHS[day.month - 1][:3]}
    return re.sub("YYYY|MM|DD|Weekday|Month|Mon", lambda found: parts[found[0]], form.partition(" (")[0])


def _form(chance: random.Random, right: datetime.date) -> tuple[str, str, str]:
    """How a date is asked for: in words, the right text, and the expression of a variable `day`."""
    form = chance.choice((*[_ISO] * 5, *list(_FORMS)[1:6]))
    words = chance.choice((f"as {form}", f"in the form {form}", f"written as {form}"))
    return words, _as(form, right), "day" if form == _ISO else f'day.strftime("{_FORMS[form]}")'


def _in(day: datetime.date, pattern: str) -> str:
    return re.sub(r"\b0(\d)\b", r"\1", day.strftime(pattern))


def _feast(chance: random.Random) -> tuple[str, int, int]:
    day = _some(chance, 2001, 2002)
    return chance.choice((*_FEASTS, *[(f"{day.day} {_MONTHS[day.month - 1]}", day.month, day.day)] * 6))


def _weekday_in_notation(chance: random.Random) -> _Asked:
    day, pattern = _some(chance, 1930, 2080), chance.choice(list(_NOTATIONS))
    text, past = _in(day, pattern), day.year < 2025
    values = {"day": text + _NOTATIONS[pattern], "told": chance.choice(_PAST if past else _COMING), "was": "was" if past else "is"}
    code = f'day = datetime.datetime.strptime("{text}", "{pattern}")\nday.strftime("%A")'
    return values, _WEEKDAYS[_week(day)], code, Slip("wrong type", f'day = "{text}"\nprint(day.strftime("%A"))')


def _is_weekday(chance: random.Random) -> _Asked:
    day = _some(chance, 1950, 2070)
    number = chance.choice((_week(day), chance.randrange(7)))
    kinds: _Kinds = [(f"a {_WEEKDAYS[number]}", _week(day) == number, f"day.weekday() == {number}")] * 3
    kinds += [("a weekend day (Saturday or Sunday)", _week(day) in (5, 6), "day.weekday() >= 5")]
    kinds += [("a working day (Monday to Friday)", _week(day) not in (5, 6), "day.weekday() < 5")]
    kind, right, shown = chance.choice(kinds)
    return {"day": _text(chance, day), "kind": kind}, right, _given(day=day) + shown, None


def _rewrite_date(chance: random.Random) -> _Asked:
    form = chance.choice(list(_FORMS))
    pattern = chance.choice([pattern for pattern in _NOTATIONS if pattern != _FORMS[form]])
    several = "," not in pattern and chance.random() < 0.3
    days = [_some(chance, 1970, 2040) for _ in range(3 if several else 1)]
    texts, written = [_in(day, pattern) for day in days], f'day.strftime("{_FORMS[form]}")'
    values = {"day": ", ".join(texts) + _NOTATIONS[pattern], "form": form + (", as a list" if several else "")}
    if several:
        code = f'texts = {quoted(texts)}\ndays = [datetime.datetime.strptime(text, "{pattern}") for text in texts]\n'
        return values, [_as(form, day) for day in days], f"{code}[{written} for day in days]", None
    code = f'day = datetime.datetime.strptime("{texts[0]}", "{pattern}")\n'
    return values, _as(form, days[0]), code + written, Slip("wrong type", f'day = "{texts[0]}"\nprint({written})')


def _months_after(chance: random.Random) -> _Asked:
    day, count, sign = _some(chance, 1990, 2045), chance.randrange(2, 60), chance.choice("++-")
    day = day.replace(day=31 if chance.random() < 0.15 and day.month in (1, 3, 5, 7, 8, 10, 12) else min(day.day, 28))
    length, months = chance.choice((*_LENGTHS, *[(f"{count} months", count)] * 6))
    month = day.month + (months if sign == "+" else -months)
    right = _days(_first(day.year, month), _first(day.year, month + 1))[: day.day][-1]
    values, answer, shown = _counted(chance, length, sign, day, right)
    code = f"year, month = divmod({day.year} * 12 + {day.month} - 1 {sign} {months}, 12)\nday = datetime.date(year, month + 1, "
    slip = Slip("no such unit", f"import datetime\n{_given(day=day)}print(day {sign} datetime.timedelta(months={months}))")
    if day.day <= 28:
        return values, answer, f"{code}{day.day})\n{shown}", slip
    note = {"note": " If that month has no such day, take its last one."}
    return {**values, **note}, answer, f"import calendar\n{code}min({day.day}, calendar.monthrange(year, month + 1)[1]))\n{shown}", slip


def _counted(chance: random.Random, length: str, sign: str, day: datetime.date, right: datetime.date) -> tuple[dict[str, str], str, str]:
    form, answer, shown = _form(chance, right)
    side = "after" if sign == "+" else "before"
    return {"length": length, "side": side, "day": _text(chance, day), "form": form, "note": ""}, answer, shown


def _working_days_after(chance: random.Random) -> _Asked:
    day, count, sign = _some(chance, 2000, 2045), chance.randrange(2, 40), chance.choice("++-")
    near = (day + (number if sign == "+" else -number) * _DAY for number in range(1, 90))
    right, length = [one for one in near if _week(one) < 5][count - 1], f"{count} working days (Monday to Friday)"
    values, answer, shown = _counted(chance, length, sign, day, right)
    code = f"{_given(day=day)}left = {count}\nwhile left > 0:\n    day {sign}= datetime.timedelta(days=1)\n"
    return values, answer, f"{code}    if day.weekday() < 5:\n        left -= 1\n{shown}", None


def _week_and_quarter(chance: random.Random) -> _Asked:
    day = _some(chance, 1980, 2050)
    text, (year, week, number) = _text(chance, day), (int(day.strftime(part)) for part in ("%G", "%V", "%j"))
    (form, answer, shown), given = _form(chance, day), _given(day=day)
    named = f"the date of the {_WEEKDAYS[_week(day)]} in ISO week {week} of {year}, {form}"
    weeks = sum(_week(one) == 3 for one in _days(datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)))
    which = chance.choice(("ISO week number", "ISO calendar week", "number of the week (ISO 8601)"))
    kinds: _Kinds = [(f"the {which} that {text} is in", week, f"{given}day.isocalendar().week")] * 2
    kinds += [(named, answer, f"day = datetime.date.fromisocalendar({year}, {week}, {_week(day) + 1})\n{shown}")]
    kinds += [(f"the number of ISO weeks in {year}", weeks, f"day = datetime.date({year}, 12, 28)\nday.isocalendar().week")]
    kinds += [(f"the quarter of the year (1 to 4) that {text} is in", (day.month + 2) // 3, f"{given}(day.month - 1) // 3 + 1")]
    nth = f"day = datetime.date({day.year}, 1, 1) + datetime.timedelta(days={number} - 1)\n{shown}"
    what, right, code = chance.choice([*kinds, (f"the date of day number {number} of {day.year}, {form}", answer, nth)])
    return {"what": what}, right, code, Slip("wrong name", f"import datetime\n{given}print(day.week)") if right == week else None


def _last_weekday(chance: random.Random) -> _Asked:
    year, month, number = chance.randrange(1990, 2050), chance.randrange(1, 13), chance.randrange(7)
    days = _days(_first(year, month), _first(year, month + 1))
    named, name = [day for day in days if _week(day) == number], _WEEKDAYS[number]
    walk = f"{_given(day=days[-1])}while {{}}:\n    day -= datetime.timedelta(days=1)\n"
    last, working = walk.format(f"day.weekday() != {number}"), [day for day in days if _week(day) < 5][-1]
    kinds = [(f"last {name}", named[-1], last)] * 2 + [("last working day (Monday to Friday)", working, walk.format("day.weekday() >= 5"))]
    kinds += [(f"second to last {name}", named[-2], f"{last}day -= datetime.timedelta(weeks=1)\n")]
    which, right, code = chance.choice(kinds)
    form, answer, shown = _form(chance, right)
    return {"which": which, "month": f"{_MONTHS[month - 1]} {year}", "form": form}, answer, code + shown, None


def _days_of_month(chance: random.Random) -> _Asked:
    year, month, number, quarter = chance.randrange(1980, 2050), chance.randrange(1, 13), chance.randrange(7), chance.randrange(1, 5)
    periods = [(f"{_MONTHS[month - 1]} {year}", month, 1)] * 4 + [(f"{year}", 1, 12), (f"Q{quarter} of {year}", 3 * quarter - 2, 3)]
    period, first, length = chance.choice(periods)
    start, end = _first(year, first), _first(year, first + length)
    kinds = [(f"{_WEEKDAYS[number]}s", {number}, f"weekday() == {number}")] * 3 + [("days", set(range(7)), "")]
    kinds += [("working days (Monday to Friday)", {0, 1, 2, 3, 4}, "weekday() < 5"), ("weekend days", {5, 6}, "weekday() >= 5")]
    what, wanted, test = chance.choice(kinds)
    given, right = _given(start=start, end=end), sum(_week(day) in wanted for day in _days(start, end))
    code = f"days = [start + datetime.timedelta(days=n) for n in range((end - start).days)]\nsum(day.{test} for day in days)"
    slip = Slip("wrong type", f"import datetime\n{given}print(len(range(start, end)))")
    return {"what": what, "period": period}, right, given + (code if test else "(end - start).days"), slip


def _years_with_weekday(chance: random.Random) -> _Asked:
    (name, month, day), number, year = _feast(chance), chance.randrange(7), chance.randrange(1950, 2060)
    last, falls = year + chance.randrange(10, 40), f"in which {name} falls on a {_WEEKDAYS[number]}"
    right = [one for one in range(year - 15, last + 15) if _week(datetime.date(one, month, day)) == number]
    fit: list[JsonValue] = [one for one in right if year <= one <= last]
    fridays: list[JsonValue] = [one for one in range(1, 13) if _week(datetime.date(year, one, 13)) == 4]
    test, span = f"datetime.date(year, {month}, {day}).weekday()", f"from {year} to {last} (both included) {falls}"
    loop = f"year = {year} {{0}} 1\nwhile {test} != {number}:\n    year {{0}}= 1\nyear"
    found = f"[year for year in range({year}, {last} + 1) if {test} == {number}]"
    kinds: _Kinds = [(f"the next year after {year} {falls}", min(one for one in right if one > year), loop.format("+"))]
    kinds += [(f"the last year before {year} {falls}", max(one for one in right if one < year), loop.format("-"))]
    kinds += [(f"the number of years {span}", len(fit), f"years = {found}\nlen(years)"), (f"the list of the years {span}", fit, found)]
    months = f"[month for month in range(1, 13) if datetime.date({year}, month, 13).weekday() == 4]"
    what, answer, code = chance.choice([*kinds, (f"the list of the months (1 to 12) of {year} with a Friday the 13th", fridays, months)])
    return {"what": what}, answer, code, None


def _recurring_dates(chance: random.Random) -> _Asked:
    days, number, first = chance.randrange(2, 60), chance.randrange(3, 25), _some(chance, 2005, 2040)
    every, step = chance.choice((*_WEEKS, *[(f"every {days} days", days)] * 3))
    dates = [first + turn * step * _DAY for turn in range(30)]
    last, hit = (dates[turn] + chance.randrange(step) * _DAY * chance.randrange(2) for turn in (number - 1, number))
    (form, nth, shown), (other, after, shown_next) = _form(chance, dates[number - 1]), _form(chance, dates[number])
    begin, text, size = _given(first=first), _text(chance, last), f"datetime.timedelta(days={step})"
    turns = f"{_given(day=first, last=last)}while day <= last:\n    day += {size}\n{shown_next}"
    among = f"{begin}{_given(day=hit)}(day - first).days % {step} == 0"
    count = f"{begin}{_given(last=last)}(last - first).days // {step} + 1"
    kinds: _Kinds = [(f"How many times is that up to and including {text}?", number, count)]
    nth_code = f"{begin}day = first + ({number} - 1) * {size}\n{shown}"
    kinds += [(f"With the first as number 1, which date is number {number}, {form}?", nth, nth_code)]
    kinds += [(f"When is the first time after {text}, {other}?", after, turns)]
    asked, right, code = chance.choice([*kinds, (f"Is {_text(chance, hit)} one of those days, yes or no?", hit in dates, among)])
    return {"what": chance.choice(_DONE), "every": every, "first": _text(chance, first), "asked": asked}, right, code, None


def _halfway_date(chance: random.Random) -> _Asked:
    shares = (*[("halfway", 1, 2)] * 4, ("one third of the way", 1, 3), ("a quarter of the way", 1, 4), ("two thirds of the way", 2, 3))
    (share, part, whole), first, steps = chance.choice(shares), _some(chance, 1980, 2045), chance.randrange(3, chance.choice((60, 600)))
    last = first + steps * whole * _DAY
    (form, answer, shown), given = _form(chance, _days(first, last)[steps * part]), _given(start=first, end=last)
    code = f"{given}day = start + (end - start){f' * {part}' if part > 1 else ''} // {whole}\n{shown}"
    what = f"the date {share} from {_text(chance, first)} to {_text(chance, last)}, {form}"
    return {"what": what}, answer, code, Slip("wrong type", f"import datetime\n{given}print((start + end) / 2)")


def _order_dates(chance: random.Random) -> _Asked:
    pattern, middle = chance.choice([one for one in _NOTATIONS if "," not in one and one[1] != "Y"]), _some(chance, 1990, 2040)
    days = [middle + gap * _DAY for gap in chance.sample(range(-700, 700), chance.randrange(3, 7))]
    texts = [_in(day, pattern) for day in days]
    right: list[JsonValue] = [_in(day, pattern) for day in sorted(days)]
    given, key = f"dates = {quoted(texts)}\n", f'dates, key=lambda text: datetime.datetime.strptime(text, "{pattern}")'
    kinds: _Kinds = [("the earliest", right[0], f"min({key})"), ("the latest", right[-1], f"max({key})")]
    kinds += [("the second earliest", right[1], f"sorted({key})[1]"), ("the list, earliest first,", right, f"sorted({key})")]
    kinds += [("the list, latest first,", right[::-1], f"sorted({key}, reverse=True)")]
    parsed = f'days = [datetime.datetime.strptime(text, "{pattern}") for text in dates]\n(max(days) - min(days)).days'
    kinds += [("the number of days from the earliest to the latest", len(_days(min(days), max(days))), parsed)]
    what, answer, code = chance.choice(kinds)
    return {"what": f"{what} of the dates {', '.join(texts)}{_NOTATIONS[pattern]}"}, answer, given + code, None


def _unix_time(chance: random.Random) -> _Asked:
    day, hour, minute = _some(chance, 1971, 2045), chance.randrange(24), chance.randrange(60)
    stamp, clock = (len(_days(datetime.date(1970, 1, 1), day)) * 24 + hour) * 3600 + minute * 60, f"{hour:02}:{minute:02}"
    moment = f"moment = datetime.datetime({day.year}, {day.month}, {day.day}, {hour}, {minute}, tzinfo=datetime.timezone.utc)\n"
    back = f"moment = datetime.datetime.fromtimestamp({stamp}, tz=datetime.timezone.utc)\n"
    at = chance.choice((f"{day} {clock} UTC", f"{clock} UTC on {_text(chance, day)}"))
    unix = chance.choice((f"the Unix timestamp {stamp}", f"Unix time {stamp}", f"the epoch time {stamp}"))
    kinds: _Kinds = [(f"the Unix timestamp (in seconds) of {at}", stamp, f"{moment}int(moment.timestamp())")]
    kinds += [(f"the epoch time in milliseconds of {at}", stamp * 1000, f"{moment}int(moment.timestamp() * 1000)")]
    kinds += [(f"the UTC date and time ({_ISO} HH:MM) of {unix}", f"{day} {clock}", f'{back}moment.strftime("%Y-%m-%d %H:%M")')]
    kinds += [(f"the date in UTC ({_ISO}) of {unix}", f"{day}", f"{back}moment.date()")]
    what, right, code = chance.choice([*kinds, (f"the weekday in UTC of {unix}", _WEEKDAYS[_week(day)], f'{back}moment.strftime("%A")')])
    return {"what": what}, right, code, Slip("forgotten import", f"{back}print(moment)") if unix in what else None


def _countdown(chance: random.Random) -> _Asked:
    (name, month, number), today = _feast(chance), _some(chance, 2005, 2040)
    day = today = today + _DAY * ((today.month, today.day) == (month, number))
    while (day.month, day.day) != (month, number):
        day += _DAY
    event = name if "(" in name else chance.choice(("my birthday, {}", "our wedding day, {}", "the next {}")).format(name)
    code = f"{_given(today=today)}day = datetime.date(today.year, {month}, {number})\nif day < today:\n"
    code += f"    day = datetime.date(today.year + 1, {month}, {number})\n(day - today).days"
    return {"event": event, "today": _text(chance, today)}, len(_days(today, day)), code, None


def _days_lived(chance: random.Random) -> _Asked:
    born, now = _some(chance, 1935, 2015), _some(chance, 2016, 2045)
    days, dates = len(_days(born, now)), _given(born=born, day=now)
    unit, right, shown = chance.choice([("days", days, "(day - born).days")] * 2 + [("full weeks", days // 7, "(day - born).days // 7")])
    slip = Slip("no such unit", f"import datetime\n{dates}print((day - born).weeks)") if unit != "days" else None
    texts = {"born": _text(chance, born), "now": _text(chance, now)}
    return {"unit": unit, "name": chance.choice(PEOPLE), **texts}, right, dates + shown, slip


_WORDINGS = """
# weekday_in_notation
[What|Which] [day of the week|weekday] is {day}?
[Weekday of|Day of the week for] {day}?
{told} on {day}. [What day of the week|Which weekday] {was} that?
[Can you find out|Tell me|Find out|I need to know] [which weekday|what day of the week] {day} falls on[, please].
[The form says|The letter says|My note says] {day}. [Which weekday is it|What weekday is that|What day of the week is that]?
~ {told} on a certain weekday, namely on {day}. [Name|State] that weekday.
~ [Monday, Tuesday, ... or Sunday|From Monday to Sunday]: [what|which one] does {day} fall on?
# is_weekday
Is {day} {kind}? [Yes or no.|Answer yes or no.|Yes or no?]
Does {day} fall on {kind}, yes or no[, please]?
[My flight|The meeting|The dentist|The exam|Our party] is on {day}. Is that {kind}? [Answer|Just say|Reply] yes or no.
[Check|Tell me|Find out] whether {day} is {kind}. [Say yes or no.|Answer with yes or no.]
I [think|believe|bet] {day} is {kind}. [Am I right|Is that right], yes or no?
~ {day}: {kind} or not? [Reply|Respond] yes or no.
~ [Somebody claims|A colleague insists] that {day} falls on {kind}. [Confirm|Judge] it with yes or no.
# rewrite_date
[Convert|Change|Switch|Reformat] {day} to {form}.
[How do I write|What is|How does one write] {day} as {form}?
{day} [should be|must be] written as {form}[, please].
[The form wants|Our database wants|The website only takes] dates as {form}. I have {day}. [What do I enter|What do I type in]?
[My spreadsheet has|The file says|The ticket shows] {day}. [Give me that|Show that|Write that] as {form}.
~ [Another notation|Another spelling], please: {day}, but as {form}.
~ [Express|Put down] what is given as {day} [so that it reads|so that it looks like] {form}.
# months_after working_days_after
[What|Which] date is {length} {side} {day}, {form}?{note}
[Find|Work out|Give me|Tell me|Calculate] the date {length} {side} {day}, {form}.{note}
[A report is due|A payment is due|The warranty ends|My lease ends] {length} {side} {day}. [When|Which date] is that, {form}?{note}
{day} is [the date of the contract|the date that counts|in my calendar]. I need the date {length} {side} it, {form}.{note}
Date {length} {side} {day}, {form}?{note}
[I have to|We must|My boss wants me to] [call|pay|be ready] {length} {side} {day}. On which date is that, {form}?{note}
~ {length} {side} {day} [brings us|takes us] to what date, {form}?{note}
~ [Starting point|Reference]: {day}. [Step|Shift] to the date {length} {side} it, {form}.{note}
# week_and_quarter years_with_weekday halfway_date order_dates unix_time
[What is|What's|What would be] {what}?
[Give me|Tell me|Find|Work out|Determine|Compute|Please find] {what}.
[I need|I am looking for|I have to know|I would like to know] {what}[, please].
[For a report|For my planner|For work|For a script|For a quiz] I need {what}. [Can you help?|Can you find it?|What is it?]
[Do you know|Can you find out|Could you tell me|Can you work out] {what}?
~ [My colleague asks me for|The homework asks for|Somebody wants] {what}. [What do I answer|What is to be said]?
~ [Let us have|Report|State] {what}.
# last_weekday
[What|Which] date is the {which} of {month}, {form}?
[When is|What is the date of] the {which} [of|in] {month}, {form}?
[Find|Give me|Tell me|Work out] the date of the {which} of {month}, {form}.
[Rent is due|Our club meets|Salaries are paid|We play cards] on the {which} of {month}. [Which date|When] is that, {form}?
{month}: [date of the|I need the] {which}, {form}.
~ [Mark|Circle] the {which} of {month} in the calendar: [which date gets it|what date is it], {form}?
~ In {month}, [which|what] date does the {which} have, {form}?
# days_of_month
How many {what} [are there|are] in {period}?
[Count the|Find the number of|Give me the number of|Work out the number of] {what} in {period}.
[I plan|We plan|My boss plans|A colleague plans] [shifts|lessons|a course] for {period}. How many {what} are there[ in all]?
Number of {what} in {period}?
[Tell me|I need to know|I wonder|Find out] how many {what} {period} has.
~ {period} [contains|comes with] how many {what}?
~ [Take|Look at] {period} and [report|state] how many {what} it has.
# recurring_dates
{what} {every}, [starting on|beginning on|for the first time on|first on] {first}. {asked}
[Starting on|Beginning on|As of] {first}, {what} {every}. {asked}
{asked} [I mean this|This is the plan|It is like this]: {what} {every}, [starting on|beginning on] {first}.
[The first time is|The first date is|It begins on|It all starts on] {first}, and {what} {every}. {asked}
[From my calendar|A note on the fridge|The notice says|I was told]: {what} {every}, first on {first}. {asked}
~ [Schedule|Plan]: {what} {every}. [Day one|First day]: {first}. {asked}
~ {every} {what}; the [series|sequence] starts with {first}. {asked}
# countdown
Today is {today}. How many days [are left|is it|do I have to wait] until {event}?
[Count|Work out|Find|Tell me] the number of days from {today} until {event}[, please].
It's {today}. [My daughter asks|The children ask|I wonder] how many days [are left|it is] until {event}. [Tell me.|What do I say?]
Days until {event}, [counting from|as of|if today is] {today}?
[I can't wait for|I look forward to] {event}! [Now it is|Today is] {today}. How many days [to go|are left]?
~ {event} is how many days away [on|if it is] {today}?
~ Countdown [to|for] {event}, [set up|started] on {today}: [what number of days does it show|how many days]?
# days_lived
How many {unit} old is {name}, born on {born}, on {now}?
{name} was born on {born}. [What is the age in {unit}|How many {unit} old is that] on {now}?
[I was|My sister was|My son was|Our dog was] born on {born}. How many {unit} are there from that day to {now}?
Born {born}: [age|how old] in {unit} on {now}?
[Calculate|Find|Give me] the age in {unit} of [a firm founded|a child born|a man born|a car built] on {born}, [as of|on] {now}.
~ [A life|A marriage] began on {born}. How many {unit} does it [count|number] by {now}?
~ First day: {born}. {name} wants to know [the|all the] {unit} [lived|spent on earth] up to {now}.
"""


def _family(ask: Callable[[random.Random], _Asked]) -> Family:
    name = ask.__name__[1:]
    lines = next(lines for lines in (part.strip().split("\n") for part in _WORDINGS.split("# ")) if name in lines[0].split())[1:]

    def make(chance: random.Random, phrase: Phrase) -> Instance:
        values, right, code, slip = ask(chance)
        *given, shown = ["import datetime", *code.split("\n")]
        if isinstance(right, bool):
            right, shown = "yes" if right else "no", f'"yes" if {shown} else "no"'
        check = "list" if isinstance(right, list) else "exact" if isinstance(right, str) else "number"
        policy, prompt = worked(chance, ("\n".join(given), shown), apart=0), phrase(**values)
        return Instance(prompt[:1].upper() + prompt[1:], right, policy, check=check, slips=(slip,) if slip else ())

    seen, unseen = (tuple(line.removeprefix("~ ") for line in lines if line.startswith("~") is new) for new in (False, True))
    return Family(f"everyday/{name.replace('_', '-')}", "everyday", make, seen, unseen)


FAMILIES: tuple[Family, ...] = tuple(map(_family, (_weekday_in_notation, _is_weekday, _rewrite_date, _months_after, _working_days_after)))
FAMILIES += tuple(map(_family, (_week_and_quarter, _years_with_weekday, _halfway_date, _order_dates, _unix_time, _last_weekday)))
FAMILIES += tuple(map(_family, (_days_of_month, _recurring_dates, _countdown, _days_lived)))

"""Questions about dates.

Invariant: the answers are computed from the dates that the question was made of, by counting days, in the expert's place. It does not: read
a calendar of any country, with its holidays.
"""

import datetime
import random

from codeact.bench.policies import CodePolicy
from codeact.data.families.worked import worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_DAY = datetime.timedelta(1)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _some_day(chance: random.Random, low: int = 1950, high: int = 2060) -> datetime.date:
    first = datetime.date(low, 1, 1)
    return first + datetime.timedelta(chance.randrange((datetime.date(high, 1, 1) - first).days))


def _written(day: datetime.date, style: int) -> str:
    return (f"{day.day} {day:%B} {day.year}", f"{day:%B} {day.day}, {day.year}", day.isoformat())[style]


def _code(day: datetime.date) -> str:
    return f"datetime.date({day.year}, {day.month}, {day.day})"


def _style(chance: random.Random) -> int:
    return chance.choice((0, 0, 1, 2))


def _weekday(chance: random.Random, phrase: Phrase) -> Instance:
    day = datetime.date(1950, 1, 1) + datetime.timedelta(chance.randrange(40_000))
    steps = chance.random() < 0.3

    def code() -> CodePolicy:
        if steps:
            yield f"import datetime\nday = {_code(day)}\nprint(day)"
            said = yield 'print(day.strftime("%A"))'
        else:
            said = yield f'import datetime\nday = {_code(day)}\nprint(day.strftime("%A"))'
        return said.strip()

    return Instance(
        prompt=phrase(day=_written(day, _style(chance))),
        answer=_WEEKDAYS[day.weekday()],
        code=code,
        slips=(Slip("misread signature", f'import datetime\nday = datetime.date("{day}")\nprint(day.strftime("%A"))'),),
    )


def _between(chance: random.Random, phrase: Phrase) -> Instance:
    first = _some_day(chance)
    count = chance.randrange(5, chance.choice((90, 900, 9000)))
    last, style = first + datetime.timedelta(count), _style(chance)
    weeks = count % 7 == 0 and chance.random() < 0.7
    shown = "(end - start).days // 7" if weeks else "(end - start).days"
    return Instance(
        phrase(first=_written(first, style), last=_written(last, style), unit="weeks" if weeks else "days"),
        count // 7 if weeks else count,
        worked(chance, (f"import datetime\nstart = {_code(first)}\nend = {_code(last)}", "end - start"), ("", shown), apart=0.15),
        check="number",
        slips=(Slip("wrong type", f'start = "{first}"\nend = "{last}"\nprint((end - start).days)'),),
    )


def _later(chance: random.Random, phrase: Phrase) -> Instance:
    day, count = _some_day(chance), chance.randrange(8, 1200)
    unit, size = chance.choice((("days", 1), ("days", 1), ("weeks", 7)))
    count = max(2, count // size)
    back = chance.random() < 0.35
    right, step = day, -_DAY if back else _DAY
    for _ in range(count * size):
        right += step
    sign = "-" if back else "+"
    code = f"import datetime\nday = {_code(day)} {sign} datetime.timedelta({unit}={count})"
    return Instance(
        phrase(count=count, unit=unit, side="before" if back else "after", day=_written(day, _style(chance))),
        right.isoformat(),
        worked(chance, (code, "day"), apart=0),
        slips=(Slip("wrong type", f"import datetime\nprint({_code(day)} {sign} {count * size})"),),
    )


def _counting(chance: random.Random, phrase: Phrase) -> Instance:
    first = _some_day(chance)
    last = first + datetime.timedelta(chance.randrange(15, 400))
    kind = chance.randrange(3)
    number = chance.randrange(7)
    what, wanted, test = (
        (f"{_WEEKDAYS[number]}s", {number}, f"day.weekday() == {number}"),
        ("working days (Monday to Friday)", set(range(5)), "day.weekday() < 5"),
        ("weekend days (Saturdays and Sundays)", {5, 6}, "day.weekday() >= 5"),
    )[kind]
    right, day = 0, first
    while day <= last:
        right, day = right + (day.weekday() in wanted), day + _DAY
    code = (
        f"import datetime\nday = {_code(first)}\ncount = 0\nwhile day <= {_code(last)}:\n    if {test}:\n        count += 1\n"
        "    day += datetime.timedelta(days=1)"
    )
    style = _style(chance)
    return Instance(
        phrase(what=what, first=_written(first, style), last=_written(last, style)),
        right,
        worked(chance, (code, "count"), apart=0),
        check="number",
        slips=(Slip("wrong type", code.replace("datetime.timedelta(days=1)", "1") + "\nprint(count)"),),
    )


def _leap(chance: random.Random, phrase: Phrase) -> Instance:
    first = chance.randrange(1600, 2100)
    last = first + chance.randrange(10, 300)
    leap = [year for year in range(first, last + 1) if (datetime.date(year + 1, 1, 1) - datetime.date(year, 1, 1)).days == 366]
    what, right, shown = chance.choice(
        (
            (f"how many leap years there are between {first} and {last}, counting both ends", len(leap), "len(leap)"),
            (f"which year is the last leap year up to {last}", leap[-1], "leap[-1]"),
            (f"which year is the first leap year from {first} on", leap[0], "leap[0]"),
        )
    )
    low, high = (first, last) if "between" in what else (last - 8, last) if "up to" in what else (first, first + 8)
    code = f"import calendar\nleap = [year for year in range({low}, {high} + 1) if calendar.isleap(year)]"
    wrong = code.replace("isleap", "is_leap") + f"\nprint({shown})"
    return Instance(phrase(what=what), right, worked(chance, (code, shown), apart=0), check="number", slips=(Slip("wrong name", wrong),))


def _of_month(chance: random.Random, phrase: Phrase) -> Instance:
    year, month, number = chance.randrange(1980, 2060), chance.randrange(1, 13), chance.randrange(7)
    days = [day for day in range(1, 29) if datetime.date(year, month, day).weekday() == number]
    place = chance.randrange(4)
    name = datetime.date(year, month, 1).strftime("%B")
    code = (
        f"import datetime\nday = datetime.date({year}, {month}, 1)\nwhile day.weekday() != {number}:\n    day += datetime.timedelta(days=1)"
        + (f"\nday += datetime.timedelta(weeks={place})" if place else "")
    )
    return Instance(
        phrase(place=("first", "second", "third", "fourth")[place], weekday=_WEEKDAYS[number], month=name, year=year),
        datetime.date(year, month, days[place]).isoformat(),
        worked(chance, (code, "day"), apart=0),
    )


def _age(chance: random.Random, phrase: Phrase) -> Instance:
    born, now = _some_day(chance, 1930, 2015).replace(day=chance.randrange(1, 29)), _some_day(chance, 2016, 2040)
    age, day = 0, born + _DAY
    while day <= now:
        age, day = age + ((day.month, day.day) == (born.month, born.day)), day + _DAY
    style = _style(chance)
    code = f"import datetime\nborn = {_code(born)}\nday = {_code(now)}\nage = day.year - born.year"
    return Instance(
        phrase(born=_written(born, style), now=_written(now, style)),
        age,
        worked(chance, (code, "age"), ("if (day.month, day.day) < (born.month, born.day):\n    age -= 1", "age"), apart=0.15),
        check="number",
    )


def _day_of_year(chance: random.Random, phrase: Phrase) -> Instance:
    day = _some_day(chance)
    before = sum(
        (datetime.date(day.year + month // 12, month % 12 + 1, 1) - datetime.date(day.year, month, 1)).days for month in range(1, day.month)
    )
    rest = (datetime.date(day.year, 12, 31) - day).days
    what, right, shown = chance.choice(
        (
            ("the number of the day in its year (1 January is 1)", before + day.day, "day.timetuple().tm_yday"),
            ("the number of days that are left in the year after it", rest, "(datetime.date(day.year, 12, 31) - day).days"),
        )
    )
    code = f"import datetime\nday = {_code(day)}"
    wrong = f"{code}\nprint(day.yearday)"
    return Instance(
        phrase(what=what, day=_written(day, _style(chance))),
        right,
        worked(chance, (code, shown), apart=0),
        check="number",
        slips=(Slip("wrong name", wrong),),
    )


FAMILIES = (
    Family(
        "everyday/weekday",
        "everyday",
        _weekday,
        phrasings=(
            "[On which|On what] [day of the week|weekday] [does|did] {day} fall?",
            "[Tell me|Find out|I need to know|Work out] [which weekday {day} is|the day of the week of "
            "{day}|the weekday of {day}][, please].",
            "[Which weekday|What day of the week|What weekday] [was|is] it on {day}?",
            "[A concert|A wedding|An exam|My flight] [is|was] on {day}. Which day of the week is that?",
        ),
        unseen_phrasings=("{day}: [Monday, Tuesday, or what|which day of the week]?", "[Name|Give] the weekday [for|belonging to] {day}."),
    ),
    Family(
        "everyday/days-between",
        "everyday",
        _between,
        phrasings=(
            "[Please count|Count for me] the {unit} that [go by|pass] from {first} until {last}.",
            "How many {unit} [elapse|pass|go by] between {first} and {last}?",
            "[Measure|Work out|Calculate|Find] the time in {unit} from {first} to {last}.",
            "[A project|A journey|A course|A lease] starts on {first} and ends on {last}. How many {unit} after the start is the end?",
            "It is {first}. How many {unit} [is it until|are left until|must I wait for] {last}?",
            "[Tell me|I need to know] [how many {unit}|the number of {unit} that] {last} is after {first}.",
        ),
        unseen_phrasings=(
            "{first} to {last}: [what is that in {unit}|how long is that in {unit}]?",
            "By how many {unit} does {first} [come before|precede] {last}?",
            "The gap in {unit} [separating|that separates] {first} and {last}, please.",
        ),
    ),
    Family(
        "everyday/date-after",
        "everyday",
        _later,
        phrasings=(
            "[What|Which] date is {count} {unit} {side} {day}? [Write it as|Use the form] YYYY-MM-DD.",
            "[Find|Work out|Give me|Tell me] the date {count} {unit} {side} {day}, as YYYY-MM-DD.",
            "[A parcel|A letter|A reply|An invoice] is due {count} {unit} {side} {day}. On which date is that (YYYY-MM-DD)?",
            "I have to [be there|pay|call] {count} {unit} {side} {day}. [Which date is that|What date is that], in the form YYYY-MM-DD?",
            "[Take|Start with] {day}. What is the date {count} {unit} {side} it? Answer as YYYY-MM-DD.",
        ),
        unseen_phrasings=(
            "[Move|Go] to {count} {unit} {side} {day} and [name|report] the date as YYYY-MM-DD.",
            "{count} {unit} {side} {day} [falls on|lands on] what date? YYYY-MM-DD[ please].",
        ),
    ),
    Family(
        "everyday/counting-days",
        "everyday",
        _counting,
        phrasings=(
            "How many {what} are there from {first} to {last}, both included?",
            "[Count|Find|Work out] the {what} between {first} and {last}, [both included|including both days].",
            "[A course|A holiday|A season|A shift plan] runs from {first} through {last}. How many {what} does it [have|hold|contain]?",
            "[I need|Tell me|Give me] the number of {what} from {first} to {last}, both days included.",
            "[Starting|Beginning] on {first} and ending on {last} (both count), how many {what} are there?",
        ),
        unseen_phrasings=(
            "In the span {first} to {last}, ends included, [what is the count of|what number do you get for] {what}?",
            "Of the {what}, how many [fall in the time|are in the time] from {first} up to and including {last}?",
            "Report how many {what} the [period|stretch] {first} - {last} has, its first and last day included.",
        ),
    ),
    Family(
        "everyday/leap-years",
        "everyday",
        _leap,
        phrasings=(
            "[Find out|Tell me|I want to know] {what}.",
            "[Can|Could] you [tell me|find out] {what}?",
            "[Please work out|Work out|Determine] {what}.",
            "[My question|The question] is {what}.",
            "[Do you know|Can you see|Can you say] {what}?",
            "[I was asked|A friend asks|The teacher asks|My son asks|A quiz asks|Somebody asks] {what}.",
            "[Please let me know|Check for me] {what}.",
        ),
        unseen_phrasings=("[Say|Report] {what}.", "For a calendar, [it matters|it is important|we must know] {what}."),
        weight=0.7,
    ),
    Family(
        "everyday/weekday-of-month",
        "everyday",
        _of_month,
        phrasings=(
            "[What|Which] date is the {place} {weekday} of {month} {year}? [Write it as|Use the form] YYYY-MM-DD.",
            "[Find|Work out|Give me|Tell me] the date of the {place} {weekday} in {month} {year}, as YYYY-MM-DD.",
            "[A club meets|A market is held|A choir sings|The council meets] on the {place} {weekday} of {month} {year}. "
            "Which date is that (YYYY-MM-DD)?",
            "When is the {place} {weekday} of {month} {year}? [Answer with|Give] a date as YYYY-MM-DD.",
            "[I need|I am looking for|I want|Please find] the {place} {weekday} in {month} {year}, written YYYY-MM-DD.",
            "In {month} {year}, on [what|which] date does the {place} {weekday} fall? Use YYYY-MM-DD.",
        ),
        unseen_phrasings=(
            "{month} {year}: [name|state] the date of its {place} {weekday}, YYYY-MM-DD.",
            "The {place} {weekday} that {month} {year} [has|brings] is on what date? (YYYY-MM-DD)",
            "Report as YYYY-MM-DD: {place} {weekday}, {month} {year}.",
        ),
    ),
    Family(
        "everyday/age",
        "everyday",
        _age,
        phrasings=(
            "How old is somebody born on {born} on {now}? [Answer in whole years.|Give whole years.|Give the age in full years.]",
            "[My aunt|A colleague|A singer|My neighbour|A player] was born on {born}. [How old is she|What is her age] on "
            "{now}, in whole years?",
            "[Work out|Calculate|Find|Tell me] the age in full years, on {now}, of a person born on {born}.",
            "Born {born}: how many [full|whole|complete] years old [on|by] {now}?",
            "[On|At] {now}, what is the age of a house built on {born}, in [full|whole] years?",
        ),
        unseen_phrasings=(
            "Date of birth {born}, today {now}: [age|what age is that], in completed years?",
            "A birth certificate says {born}. [How many birthdays have|State how many birthdays have] been reached by {now} since then?",
            "By {now}, how many full years has someone lived who [came into the world|saw the light] on {born}?",
        ),
        held_out=True,
    ),
    Family(
        "everyday/day-of-year",
        "everyday",
        _day_of_year,
        phrasings=(
            "For {day}, [find|work out|tell me|give me] {what}.",
            "[Take|Look at|Consider] {day}. [Find|Give me|Tell me] {what}.",
            "[I need|I want to know|Please give me|Compute] {what}, for {day}.",
            "The date is {day}. [Find|Compute|Tell me|Give me] {what}.",
            "[Calculate|Determine|Please find] {what} for the date {day}.",
        ),
        unseen_phrasings=("{day}: [state|report|show] {what}.", "Given the day {day}, [let me know|name] {what}."),
    ),
)

"""Questions about files with one entry a line: lists of words, numbers with or without a label, and logs of dates.

Invariant: every line has the same form. It does not: have entries of several lines.
"""

import random
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from codeact.data.families.everyday.small_files.options import Option, Question, choose, only_one, statistics_of
from codeact.data.families.everyday.small_files.reading import LINES, SmallFile, file_name, question
from codeact.data.families.everyday.texts import sentence
from codeact.data.families.wordlists import CITIES, FOODS, GOODS, PEOPLE, WORDS
from codeact.data.families.words import capital, words
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class _List:
    """A kind of list.

    Args:
        stems: of the file's name.
        things: what the entries are called.
        marks: one of them begins each line; empty for none.
        pool: the entries to choose from; empty: sentences are made up.
    """

    stems: Sequence[str]
    things: str
    marks: Sequence[str] = ()
    pool: Sequence[str] = ()


_LISTS = (
    _List(("todo", "tasks", "chores", "plan"), "lines", marks=("OPEN:", "DONE:", "WAITING:")),
    _List(("app", "device", "night"), "lines", marks=("ERROR", "INFO", "WARNING", "DEBUG")),
    _List(("chat", "messages", "talk"), "lines", marks=("Ana:", "Ben:", "Cleo:")),
    _List(("words", "vocabulary", "spelling"), "words", pool=WORDS),
    _List(("names", "team", "people"), "names", pool=PEOPLE),
    _List(("cities", "towns", "travel"), "cities", pool=CITIES),
)


@dataclass(frozen=True, slots=True)
class _Diary:
    """A log of one value a day: the stem of the file's name, the unit, and what the values stay below."""

    stem: str
    unit: str
    below: int


_DIARIES = (
    _Diary("runs", "km", 30),
    _Diary("rain", "mm", 40),
    _Diary("reading", "pages", 90),
    _Diary("homework", "minutes", 120),
    _Diary("piano", "minutes", 90),
    _Diary("water", "litres", 60),
    _Diary("pool", "laps", 70),
    _Diary("walks", "steps", 15000),
)
_FIGURES = words("numbers amounts expenses readings weights takings meter bills")


def lines_that(chance: random.Random, phrase: Phrase) -> Instance:
    """How many lines fulfil a condition, or which."""
    kind = chance.choice(_LISTS)
    pool = kind.pool or [sentence(chance) for _ in range(20)]
    entries = chance.sample(pool, chance.randrange(5, 20))
    lines = [f"{chance.choice(kind.marks)} {entry}" if kind.marks else entry for entry in entries]
    option = choose(chance, _conditions(chance, lines, by_word=bool(kind.marks)))
    how, right = "how many", len(option.right)
    code = f"print(sum(1 for line in lines if {option.code}))"
    if not kind.marks and chance.random() < 0.5:
        how, right = "which (as a list)", option.right
        code = f"print([line for line in lines if {option.code}])"
    file = SmallFile(file_name(chance, kind.stems, ".txt"), "\n".join(lines) + "\n", LINES)
    prompt = phrase(file=file.name, how=capital(how), low=how, things=kind.things, cond=option.said)
    return question(chance, prompt, file, right, code)


def _conditions(chance: random.Random, lines: list[str], *, by_word: bool) -> tuple[Option, ...]:
    """Conditions, each with the lines that fulfil it; `by_word`: they are about the first or last word of a line, not about letters."""
    one = chance.choice(lines)
    size = len(chance.choice(lines)) - 1
    start, part = (one.split(" ")[0], one.split(" ")[-1]) if by_word else (one[0], one[1:3])
    end = one[-1]
    return (
        Option(f"start with '{start}'", f'line.startswith("{start}")', [line for line in lines if line.find(start) == 0]),
        Option(f"contain '{part}'", f'"{part}" in line', [line for line in lines if line.count(part) > 0]),
        Option(f"end with '{end}'", f'line.endswith("{end}")', [line for line in lines if line[-1] == end]),
        Option(f"have more than {size} characters", f"len(line) > {size}", [line for line in lines if line[size:] != ""]),
    )


def numbers(chance: random.Random, phrase: Phrase) -> Instance:
    """A figure of the numbers of a file, each on a line, perhaps after a label."""
    count = chance.randrange(5, 21)
    decimals = chance.random() < 0.4
    sign = chance.choice(("", "", ": ", " = ", ", "))
    values = [Fraction(chance.randrange(100, 90000), 100) if decimals else Fraction(chance.randrange(1, 2500)) for _ in range(count)]
    labels = chance.sample(FOODS + GOODS, count) if sign else [""] * count
    form = ".2f" if decimals else ".0f"
    text = "".join(f"{label}{sign}{float(value):{form}}\n" for label, value in zip(labels, values, strict=True))
    statistic = chance.choice(statistics_of(values))
    file = SmallFile(file_name(chance, _FIGURES, ".txt"), text, LINES)
    number = f'line.split("{sign.strip()}")[1]' if sign else "line"
    code = f"numbers = [{'float' if decimals else 'int'}({number}) for line in lines]\nprint({statistic.code})"
    prompt = phrase(file=file.name, what=statistic.said, form=", to two decimals" if statistic.said == "average" else "")
    return question(chance, prompt, file, statistic.right, code, look=bool(sign))


def dated(chance: random.Random, phrase: Phrase) -> Instance:
    """What a log of dates and values shows."""
    diary = chance.choice(_DIARIES)
    first = date(chance.randrange(2015, 2026), chance.randrange(1, 10), 1)
    days = [first + timedelta(days=day) for day in chance.sample(range(90), chance.randrange(5, 16))]
    values = {day: chance.randrange(diary.below // 10, diary.below) for day in days}
    day = chance.choice(days)
    gap = chance.choice((" ", ": "))
    asked = choose(chance, _about_days(values, day, diary.unit))
    text = "".join(f"{one}{gap}{value} {diary.unit}\n" for one, value in values.items())
    file = SmallFile(file_name(chance, (diary.stem,), ".txt", ".log"), text, LINES)
    return question(chance, phrase(file=file.name, **asked.places()), file, asked.right, asked.code, look=True)


def _about_days(values: dict[date, int], day: date, unit: str) -> tuple[Question, ...]:
    """Questions about all days, and about the month of one."""
    in_month = [value for one, value in values.items() if (one.year, one.month) == (day.year, day.month)]
    written = {str(one): value for one, value in values.items()}
    month = f"{month_name[day.month]} {day.year}"
    number = "int(line.split()[1])"
    lines = f'for line in lines if line.startswith("{day:%Y-%m}")'
    return (
        Question(
            f"the total number of {unit}",
            f"print(sum({number} for line in lines))",
            sum(values.values()),
            ask=f"how many {unit} are there altogether",
        ),
        Question(
            f"the total of {unit} for {month}",
            f"print(sum({number} {lines}))",
            sum(in_month),
            ask=f"how many {unit} are there for {month}",
        ),
        Question(
            f"the number of entries for {month}",
            f"print(sum(1 {lines}))",
            len(in_month),
            ask=f"how many entries for {month} are there",
        ),
        Question(
            "the latest date (YYYY-MM-DD)",
            "print(max(line[:10] for line in lines))",
            str(sorted(values)[-1]),
            ask="which date (YYYY-MM-DD) is the latest",
        ),
        Question(
            f"the date (YYYY-MM-DD) with the most {unit}",
            f"print(max(lines, key=lambda line: {number})[:10])",
            only_one(list(written), written.__getitem__),
            ask=f"which date (YYYY-MM-DD) has the most {unit}",
        ),
    )

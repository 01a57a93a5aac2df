"""Short questions about one small file: a note, a list of words, a log of dates, a CSV file, a JSON file.

Invariant: right answers are counted from what the file was written from. Half of the experts look at the file first, and all do where the
question does not say how it is written. It does not: ask for files to be written, or for more than one file.
"""

import json
import random
from calendar import month_name
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from codeact.data.families.everyday.texts import sentence
from codeact.data.families.wordlists import CITIES, COLOURS, FOODS, GOODS, PEOPLE, WORDS
from codeact.data.families.worked import TWO_DECIMALS, in_turn
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_READERS = {
    "text": ("", "text = {}.read()", "text[:150]", "{}.count()"),
    "lines": ("", "lines = {}.read().splitlines()", "lines[:3]", "{}.splitlines()[:3]"),
    "csv": ("import csv\n", "rows = list(csv.DictReader({}))", "rows[0]", "csv.DictReader({})[0]"),
    "rows": ("import json\n", "rows = json.load({})", "rows[0]", "json.loads({})"),
    "json": ("import json\n", "data = json.load({})", "str(data)[:150]", "json.loads({})"),
    "pandas": ("import pandas as pd\n", "df = pd.read_csv({})", "df.head(2)", 'pd.read_csv({})["rows"]'),
}
_SENTENCES = """The {a} is near the {b}. / {p} bought {n} tickets for the {a} festival. / Did you see the {a}? / Nobody knows why the {a} is
empty. / Please bring the {a} on Monday! / We walked past the {a} and the old {b}. / {p} says that every {a} needs a name, even this {a}. /
Rain fell on the {a} all night. / I still have {n} photos of the {b}. / No {a}, no {b}, only silence. / Call {p} about the {a} now. / The
{a} costs {n} euros now. / Where did {p} put the {b}? / The {b} was quiet, and so was the {a}. / {p} and {q} like {b}. / At {n} Mill Road
there is a red {b}. / The {b} opens at {n}, said {p}. / We lost the {b}, but {p} found it."""
_SIZES = """lines ~ len(text.splitlines())
words ~ len(text.split())
characters (line breaks included) ~ len(text)
non-empty lines ~ sum(1 for line in text.splitlines() if line.strip())
digits ~ sum(1 for c in text if c.isdigit())
capital letters ~ sum(1 for c in text if c.isupper())
question marks ~ text.count("?")"""
_SPLIT = 'import re\nwords = re.findall(r"[a-z]+", text.lower())\n'
_PICKS = """last word ~ words[-1]
longest word ~ max(words, key=len)
most frequent word ~ max(set(words), key=words.count)
most frequent word of five or more letters ~ max((w for w in words if len(w) >= 5), key=words.count)"""
_LISTS = """todo tasks chores plan|TODO: DONE: WAITING:|lines
app device night|ERROR INFO WARNING DEBUG|lines
chat messages talk|Ana: Ben: Cleo:|lines
words vocabulary spelling||words
names team people||names
cities towns travel||cities"""
_CONDITIONS = """start with '{start}' ~ line.startswith("{start}")
contain '{part}' ~ "{part}" in line
end with '{end}' ~ line.endswith("{end}")
have more than {size} characters ~ len(line) > {size}"""
_STATISTICS = """total ~ round(sum(numbers), 2) ~ sum
average ~ round(sum(numbers) / len(numbers), 2) ~ mean
maximum ~ max(numbers) ~ max
minimum ~ min(numbers) ~ min"""
_DIARIES = "runs km 30/rain mm 40/reading pages 90/homework minutes 120/piano minutes 90/water litres 60/pool laps 70/walks steps 15000"
_DATED = r"""the total number of {unit} ~ How many {unit} are there altogether ~ print(sum({number} for line in lines))
the total of {unit} for {month} ~ How many {unit} are there for {month} ~ print(sum({number} {test}))
the number of entries for {month} ~ How many entries for {month} are there ~ print(sum(1 {test}))
the latest date (YYYY-MM-DD) ~ Which date (YYYY-MM-DD) is the latest ~ print(max(line[:10] for line in lines))
the date (YYYY-MM-DD) with the most {unit} ~ Which date (YYYY-MM-DD) has the most {unit} ~ print(max(lines, {key})[:10])"""
_ROLES = ("name", "group", "count", "price", "flag", "date")
_THEMES = """orders shop_orders|orders|product|region|quantity 1 40|price 3 90|paid|north south east west|goods
members club|members|member|city|visits 0 60|fee 10 80|active|Oslo Lima Porto Graz|people
employees staff payroll|employees|name|department|hours 4 45|wage 12 40|trained|sales kitchen office garage|people
stock inventory|items|item|supplier|stock 1 120|unit price 2 90|ordered|Nordal Kessler Umbra|goods
pets shelter|animals|name|species|age 1 15|weight 1 40|adopted|dog cat rabbit parrot|people
books library|books|title|genre|pages 80 600|price 5 40|borrowed|novel poetry travel history|titles
films cinema|films|title|genre|minutes 70 180|rating 2 9|seen|drama comedy western thriller|titles"""
_TITLES = [f"The {colour.title()} {word.title()}" for colour in COLOURS for word in WORDS[::7]]
_GROUPED = r"""the number of different {group} values ~ How many different {group} values are there ~ print(len(set({get} for row in rows)))
the sorted list of different {group} values ~ Which {group} values, as a sorted list, are there ~ print(sorted(set({get} for row in rows)))
the {group} with the highest total {column} ~ Which {group} has the highest total {column} ~ {fill}print({best}sum(groups[g])))
the {group} with the most {things} ~ Which {group} has the most {things} ~ {fill}print({best}len(groups[g])))
the {name} with the latest {date} ~ Which {name} has the latest {date} ~ top = max(rows, key=lambda row: {day})\nprint({who})
the {name} with the highest {column} ~ Which {name} has the highest {column} ~ top = max(rows, key=lambda row: {cell})\nprint({who})"""
_KEYS = """shifts rota|day|helpers|Monday Tuesday Wednesday Thursday Friday Saturday
recipes menu|dish|ingredients|soup stew salad curry pie risotto
boxes attic|box|things|A B C D E F
teams clubs|team|players|Falcons Otters Comets Badgers Wolves"""
_NESTED = """the number of {items} of the {key} {one} ~ How many {items} does the {key} {one} have ~ print(len(data["{one}"]))
the number of different {items} ~ How many different {items} are there ~ print(len(set(item for items in data.values() for item in items)))
the number of {items} with repeats counted ~ How many {items}, counting repeats, are there ~ print(sum(len(v) for v in data.values()))
the list of keys with {item} ~ Under which keys (as a list) is {item} ~ print([key for key, items in data.items() if "{item}" in items])
the {key} with the most {items} ~ Which {key} has the most {items} ~ print(max(data, key=lambda key: len(data[key])))"""


def _instance(chance: random.Random, prompt: str, written: tuple[str, str, str], right: Any, code: str, *, look: bool = False) -> Instance:
    """A question about a file: the expert acts at once, or looks at its beginning before that. A fraction is rounded to two decimals."""
    file, text, how = written
    first, read, peek, wrong = _READERS[how]
    opened = f'open("{file}")'
    reading = f"{first}with {opened} as file:\n    {read.format('file')}"
    if chance.random() < 0.5 or how == "pandas":
        reading = first + read.format(opened[5:-1] if how == "pandas" else opened)
    actions = (f"{reading}\n{code}",)
    if look or chance.random() < 0.35:
        part = f"read()[:{chance.choice((100, 150, 200))}]" if first or chance.random() < 0.7 else "readline()"
        actions = (f"{reading}\nprint({peek})", code) if chance.random() < 0.4 else (f"print({opened}.{part})", *actions)
    slips = Slip("wrong use", f"{first}print({wrong.format(opened)})"), Slip("wrong file", f'print({opened.split(".", 1)[0]}").read())')
    right, tolerance = (float(round(right, 2)), TWO_DECIMALS) if isinstance(right, Fraction) else (right, None)
    check = {str: "exact", list: "list"}.get(type(right), "number")
    return Instance(prompt, right, in_turn(*actions), None, check, tolerance, files={file: text}, slips=slips)


def _name(chance: random.Random, stems: str, *endings: str) -> str:
    form = chance.choice(("{0}", "{0}_{1}", "{1}_{0}", "my_{0}", "{0}{2}"))
    return form.format(chance.choice(stems.split()), chance.choice(WORDS), chance.randrange(2, 30)) + chance.choice(endings)


def _drawn(chance: random.Random, table: str, rights: Sequence[Any], **values: object) -> tuple[Any, ...]:
    """One line of a table of questions, in its parts, and the right answer; those that have None for it are not asked."""
    line, right = chance.choice([pair for pair in zip(table.splitlines(), rights, strict=True) if pair[1] is not None])
    return *(part.strip().replace(r"\n", "\n").format(**values) for part in line.split("~")), right


def _asked(what: str, ask: str) -> dict[str, str]:
    """A question as a noun phrase, and as one that a file's name may follow."""
    return {"what": what, "ask": ask, "how": ask[0].upper() + ask[1:], "low": ask[0].lower() + ask[1:]}


def _only(among: Sequence[Any], key: Callable[[Any], Any]) -> Any:
    """The one with the highest key, None if there are several."""
    most = max(map(key, among), default=0)
    found = {one for one in among if key(one) == most}
    return found.pop() if len(found) == 1 else None


def _prose(chance: random.Random) -> tuple[str, str, list[str]]:
    """The name, the text (some lines empty), and the words in lower case of a text: four words and two names occur again and again."""
    words, people, blank, lines = chance.sample(WORDS, 4), chance.sample(PEOPLE, 2), chance.choice((0, 0.25)), list[str]()
    for form in chance.sample(" ".join(_SENTENCES.split()).split(" / "), chance.randrange(5, 15)):
        (a, b), (p, q) = chance.sample(words, 2), chance.sample(people, 2)
        lines += [""] * (bool(lines) and chance.random() < blank) + [form.format(a=a, b=b, p=p, q=q, n=chance.randrange(2, 99))]
    tokens = "".join(c if c.isalpha() else " " for c in "\n".join(lines).lower()).split()
    file = _name(chance, "notes letter diary poem story draft memo speech email essay", ".txt", ".txt", ".md")
    return file, "\n".join([*lines, ""]), tokens


def _size(chance: random.Random, phrase: Phrase) -> Instance:
    file, text, _ = _prose(chance)
    lines, full = text.count("\n"), [line for line in text.split("\n") if line]
    digits, capitals = sum(text.count(str(digit)) for digit in range(10)), sum("A" <= c <= "Z" for c in text)
    rights = lines, sum(line.count(" ") + 1 for line in full), len([*text]), len(full), digits, capitals, len(text.split("?")) - 1
    unit, code, right = _drawn(chance, _SIZES, rights)
    return _instance(chance, phrase(file=file, unit=unit), (file, text, "text"), right, f"print({code})")


def _word(chance: random.Random, phrase: Phrase) -> Instance:
    file, text, tokens = _prose(chance)
    word = chance.choice([one for one in tokens if tokens.count(one) > 1 and len(one) > 2] or tokens)
    code = chance.choice((f'{_SPLIT}print(words.count("{word}"))', f'import re\nprint(len(re.findall(r"\\b{word}\\b", text.lower())))'))
    said = word.title() if word.title() in PEOPLE else word
    return _instance(chance, phrase(file=file, word=said), (file, text, "text"), sum(one == word for one in tokens), code)


def _picked(chance: random.Random, phrase: Phrase) -> Instance:
    file, text, tokens = _prose(chance)
    often = _only(tokens, tokens.count), _only([word for word in tokens if len(word) >= 5], tokens.count)
    which, code, right = _drawn(chance, _PICKS, (tokens[-1], _only(tokens, len), *often))
    return _instance(chance, phrase(file=file, which=which), (file, text, "text"), right, f"{_SPLIT}print({code})")


def _lines_that(chance: random.Random, phrase: Phrase) -> Instance:
    stems, marks, things = chance.choice(_LISTS.splitlines()).split("|")
    pool = {"words": WORDS, "names": PEOPLE, "cities": CITIES}.get(things) or [sentence(chance) for _ in range(20)]
    lines = [f"{chance.choice(marks.split())} {text}" if marks else text for text in chance.sample(pool, chance.randrange(5, 20))]
    one, size = chance.choice(lines), len(chance.choice(lines)) - 1
    start, part = (one.split(" ")[0], one.split(" ")[-1]) if marks else (one[0], one[1:3])
    tests = lambda w: w.find(start) == 0, lambda w: w.count(part) > 0, lambda w: w[-1] == one[-1], lambda w: w[size:] != ""
    held = [[line for line in lines if test(line)] for test in tests]
    cond, code, right = _drawn(chance, _CONDITIONS, held, start=start, part=part, end=one[-1], size=size)
    how, answer, shown = "how many", len(right), f"print(sum(1 for line in lines if {code}))"
    if not marks and chance.random() < 0.5:
        how, answer, shown = "which (as a list)", right, f"print([line for line in lines if {code}])"
    file = _name(chance, stems, ".txt")
    prompt = phrase(file=file, how=how[0].upper() + how[1:], low=how, things=things, cond=cond)
    return _instance(chance, prompt, (file, "\n".join(lines) + "\n", "lines"), answer, shown)


def _summed(values: Sequence[Fraction]) -> tuple[Fraction, ...]:
    total, ordered = sum(values, Fraction(0)), sorted(values)
    return total, total / len(values), ordered[-1], ordered[0]


def _numbers(chance: random.Random, phrase: Phrase) -> Instance:
    count, decimals, sign = chance.randrange(5, 21), chance.random() < 0.4, chance.choice(("", "", ": ", " = ", ", "))
    numbers = [Fraction(chance.randrange(100, 90000), 100) if decimals else Fraction(chance.randrange(1, 2500)) for _ in range(count)]
    labels = chance.sample(FOODS + GOODS, count) if sign else [""] * count
    text = "".join(f"{label}{sign}{float(n):{'.2f' if decimals else '.0f'}}\n" for label, n in zip(labels, numbers, strict=True))
    what, code, _, right = _drawn(chance, _STATISTICS, _summed(numbers))
    part, kind = f'line.split("{sign.strip()}")[1]' if sign else "line", "float" if decimals else "int"
    file = _name(chance, "numbers amounts expenses readings weights takings meter bills", ".txt")
    code = f"numbers = [{kind}({part}) for line in lines]\nprint({code})"
    prompt = phrase(file=file, what=what, form=", to two decimals" if what == "average" else "")
    return _instance(chance, prompt, (file, text, "lines"), right, code, look=bool(sign))


def _dated(chance: random.Random, phrase: Phrase) -> Instance:
    stem, unit, most = chance.choice(_DIARIES.split("/")).split()
    first = date(chance.randrange(2015, 2026), chance.randrange(1, 10), 1)
    days = [first + timedelta(days=day) for day in chance.sample(range(90), chance.randrange(5, 16))]
    values = {one: chance.randrange(int(most) // 10, int(most)) for one in days}
    day, best, gap, number = chance.choice(days), _only(days, values.__getitem__), chance.choice((" ", ": ")), "int(line.split()[1])"
    held = [value for one, value in values.items() if one.month == day.month]
    rights = sum(values.values()), sum(held), len(held), str(sorted(days)[-1]), str(best) if best else None
    month, test = f"{month_name[day.month]} {day.year}", f'for line in lines if line.startswith("{day:%Y-%m}")'
    said = {"unit": unit, "month": month, "test": test, "number": number, "key": f"key=lambda line: {number}"}
    what, ask, code, right = _drawn(chance, _DATED, rights, **said)
    text = "".join(f"{one}{gap}{value} {unit}\n" for one, value in values.items())
    file = _name(chance, stem, ".txt", ".log")
    return _instance(chance, phrase(file=file, **_asked(what, ask)), (file, text, "lines"), right, code, look=True)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A CSV file, or a JSON file with a list of objects; `heads` and `said` are the columns' names there and in the question, by role."""

    file: str
    things: str
    heads: dict[str, str]
    said: dict[str, str]
    rows: list[dict[str, Any]]

    def asked(self, chance: random.Random, phrase: Phrase, right: Any, code: str, pandas: str = "", **values: str) -> Instance:
        """The question; the code with pandas, if there is any, is taken for CSV files."""
        shown = [{self.heads[role]: float(v) if role == "price" else v for role, v in row.items()} for row in self.rows]
        text, how, prompt = json.dumps(shown, indent=1), "rows", phrase(**{"file": self.file, "things": self.things, **self.said, **values})
        if self.file.endswith(".csv"):
            lines = [shown[0].keys(), *[[("no", "yes")[v] if isinstance(v, bool) else str(v) for v in row.values()] for row in shown]]
            text, how = "".join(",".join(line) + "\n" for line in lines), "pandas" if pandas else "csv"
        return _instance(chance, prompt, (self.file, text, how), right, pandas if how == "pandas" else code, look=self.said != self.heads)

    def get(self, role: str) -> str:
        number = {"count": "int({})", "price": "float({})"}.get(role, "{}") if self.file.endswith(".csv") else "{}"
        return number.format(f'row["{self.heads[role]}"]')

    def only(self, chance: random.Random) -> tuple[str, str, str, list[dict[str, Any]]]:
        """A condition: in words, in code, in pandas, and the rows that it holds for."""
        one, role, csv = chance.choice(self.rows), chance.choice(("group", "group", "count", "flag", "date")), self.file.endswith(".csv")
        said, value, cell, column = self.said[role], one[role], self.get(role), f'df["{self.heads[role]}"]'
        kept = [row for row in self.rows if row[role] == value]
        if role == "count":
            article, more = "" if said[-1] == "s" else "an " if said[0] in "aeiouAEIOU" else "a ", f"> {value - 1}"
            kept = [row for row in self.rows if not row[role] < value]
            return f"{article}{said} above {value - 1}", f"{cell} {more}", f"{column} {more}", kept
        if role == "date":
            kept, test = [row for row in self.rows if row[role].split("-")[:2] == value.split("-")[:2]], f'.startswith("{value[:7]}")'
            return f"a {said} in {month_name[int(value[5:7])]} {value[:4]}", cell + test, f"{column}.str{test}", kept
        if role == "flag" and not csv:
            return f"{said} set to {str(value).lower()}", f"{'' if value else 'not '}{cell}", "", kept
        text = ("no", "yes")[value] if role == "flag" else value
        return f"{said}{' set to' * (role == 'flag')} {text}", f'{cell} == "{text}"', f'{column} == "{text}"', kept


def _sheet(chance: random.Random) -> _Sheet:
    stems, things, *words, groups, pool = chance.choice(_THEMES.splitlines()).split("|")
    file, names = _name(chance, stems, ".csv", ".csv", ".json"), {"people": PEOPLE, "goods": GOODS + FOODS, "titles": _TITLES}[pool]
    spoken: dict[str, str] = dict(zip(_ROLES, [*(word.rstrip(" 0123456789") for word in words), "date"], strict=True))
    style = str.title if file.endswith(".csv") and chance.random() < 0.4 else str.lower
    heads: dict[str, str] = {role: style(word).replace(" ", "_") for role, word in spoken.items()}
    (low, high), (least, most) = ([int(n) for n in words[place].split()[-2:]] for place in (2, 3))
    first, step = date(chance.randrange(2019, 2026), chance.randrange(1, 9), 1), chance.choice((5, 10, 50))
    order, rows = chance.sample(_ROLES, 6) if chance.random() < 0.4 else _ROLES, list[dict[str, Any]]()
    for name, day in zip(chance.sample(names, 20), chance.sample(range(100), chance.randrange(6, 20)), strict=False):
        price = Fraction(chance.randrange(least * 100, most * 100, step), 100)
        group, count, flag = chance.choice(groups.split()), chance.randrange(low, high + 1), chance.random() < 0.5
        row = dict(zip(_ROLES, (name, group, count, price, flag, str(first + timedelta(days=day))), strict=True))
        rows.append({role: row[role] for role in order})
    return _Sheet(file, things, heads, heads if chance.random() < 0.6 else spoken, rows)


def _where(chance: random.Random, phrase: Phrase) -> Instance:
    sheet, role = _sheet(chance), chance.choice(("count", "price"))
    cond, test, mask, kept = sheet.only(chance)
    agg, code, method, right = _drawn(chance, _STATISTICS, _summed([Fraction(row[role]) for row in kept]))
    code = f"numbers = [{sheet.get(role)} for row in rows if {test}]\nprint({code})"
    pandas = f'part = df[{mask}]\nprint(round(part["{sheet.heads[role]}"].{method}(), 2))' if chance.random() < 0.4 else ""
    form = ", to two decimals" if agg == "average" or role == "price" else ""
    return sheet.asked(chance, phrase, right, code, pandas, agg=agg, column=sheet.said[role], cond=cond, form=form)


def _which(chance: random.Random, phrase: Phrase) -> Instance:
    sheet = _sheet(chance)
    cond, test, mask, kept = sheet.only(chance)
    if chance.random() < 0.5:
        how, code = f"how many {sheet.things}", f"print(sum(1 for row in rows if {test}))"
        pandas = f"print(len(df[{mask}]))" if chance.random() < 0.4 else ""
        return sheet.asked(chance, phrase, len(kept), code, pandas, cond=cond, **_asked(f"the number of {sheet.things}", how))
    code, names = f"print([{sheet.get('name')} for row in rows if {test}])", f"{sheet.said['name']}s"
    said = _asked(f"the list of {names}", f"which {names} (as a list)")
    return sheet.asked(chance, phrase, [row["name"] for row in kept], code, cond=cond, **said)


def _grouped(chance: random.Random, phrase: Phrase) -> Instance:
    sheet, role = _sheet(chance), chance.choice(("count", "price"))
    held = {row["group"]: [Fraction(other[role]) for other in sheet.rows if other["group"] == row["group"]] for row in sheet.rows}
    by_name, get, cell = {row["name"]: row for row in sheet.rows}, sheet.get("group"), sheet.get(role)
    best = [_only(list(held), lambda one: sum(held[one], Fraction(0))), _only(list(held), lambda one: len(held[one]))]
    top = [_only(list(by_name), lambda one, key=key: by_name[one][key]) for key in ("date", role)]
    fill = f"groups = {{}}\nfor row in rows:\n    groups.setdefault({get}, []).append({cell})\n"
    said = {**sheet.said, "things": sheet.things, "column": sheet.said[role], "day": sheet.get("date"), "fill": fill}
    said |= {"get": get, "cell": cell, "best": "max(groups, key=lambda g: ", "who": sheet.get("name").replace("row", "top")}
    what, ask, code, right = _drawn(chance, _GROUPED, (len(held), sorted(held), *best, *top), **said)
    return sheet.asked(chance, phrase, right, code, **_asked(what, ask))


def _cell(chance: random.Random, phrase: Phrase) -> Instance:
    sheet, role = _sheet(chance), chance.choice(("group", "count", "price"))
    row, key, shown = chance.choice(sheet.rows), sheet.get("name"), sheet.get(role)
    code = f'for row in rows:\n    if {key} == "{row["name"]}":\n        print({shown})'
    return sheet.asked(chance, phrase, row[role], code, column=sheet.said[role], who=row["name"])


def _nested(chance: random.Random, phrase: Phrase) -> Instance:
    stems, key, items, keys = chance.choice(_KEYS.splitlines()).split("|")
    some = chance.sample({"ingredients": FOODS, "things": GOODS}.get(items, PEOPLE), 9)
    data = {one: chance.sample(some, chance.randrange(1, 7)) for one in chance.sample(keys.split(), chance.randrange(3, 6))}
    one, flat = chance.choice(list(data)), [item for held in data.values() for item in held]
    item, sizes = chance.choice(flat), {each: len(held) for each, held in data.items()}
    holding = [each for each, held in data.items() if held.count(item)]
    rights = sizes[one], len(dict.fromkeys(flat)), len(flat), holding, _only(list(data), sizes.__getitem__)
    what, ask, code, right = _drawn(chance, _NESTED, rights, items=items, key=key, one=one, item=item)
    file, text = _name(chance, stems, ".json"), json.dumps(data, indent=1)
    return _instance(chance, phrase(file=file, **_asked(what, ask)), (file, text, "json"), right, code, look=chance.random() < 0.6)


_WORDINGS = """size-of-file: How many {unit} [are in|are there in|does one find in] {file}? // {file}: how many {unit}? // [Count|Please
count] the {unit} in {file}. // [I have|There is|I saved] a file called {file}. How many {unit} does it [have|contain]? // [Could you|Can
you] [tell me|find out|check] how many {unit} {file} has? // [My editor|My teacher|A friend] wants to know how many {unit} there are in
{file}. Please count them. == What is the number of {unit} in {file}? // For {file}, [give|report] the count of {unit}. // Open {file},
look at its {unit} and say how many you [see|find].
@word-in-file: How [often|many times] does the word '{word}' [occur|appear|come up] in {file} (upper or lower case)? // [Count|Find] [how
often|how many times] '{word}' is used as a word in {file}, ignoring case. // {file}: how many times '{word}', in any case? // I
[wrote|have|was sent] {file} and fear that the word '{word}' is there too often. How many times is it used, whatever the case? // [Please
count|Count] the [occurrences|uses] of the word '{word}' in {file}[, please]. Capitals do not matter. == The word '{word}', in capitals or
not: how many times is it in {file}? // Look through {file} for the word '{word}' (case does not matter) and [state|report] the number of
[hits|matches]. // [Someone|My mother] says '{word}' is all over {file}. How many times really, ignoring case?
@picked-word-of-file: [What|Which] is the {which} in {file}? [Write it|Answer] in lower case. // [Find|Give me|Tell me|Show me] the {which}
of {file}[, please], in lower case. // {file}: {which}? [In lower case.|Lower case, please.] // [I have|Here is|There is] a text in {file}.
What is its {which}, [written|given] in lower case? // [Could you|Can you] read {file} and tell me the {which}? Use lower case and leave
out punctuation. == Reading {file}, [name|report] the {which} in lower case. // I am curious about the {which} in {file}; [lower case|in
lower case], please. // In lower case, what would you say is the {which} of the text {file}?
@lines-that: {how} of the {things} in {file} {cond}? // [In|Going by|Looking at|According to] {file}, {low} of the {things} {cond}? //
[Read|Open|Load] {file} and [tell me|find out] {low} of its {things} {cond}. // {file} has one entry [per|on each] line. {how} of these
{things} {cond}? // [I keep|I have|We store] {things} in {file}. {how} of them {cond}? // [Quick check|Small question] for {file}: {low} of
the {things} {cond}? // [I want to know|Tell me] {low} of the {things} in {file} {cond}. == {file}: {low} {cond}, of all {things}? // Go
through the {things} of {file}. {how} {cond}? // Of the {things} [stored|listed] in {file}, {low} {cond}? // [I wonder|A colleague asks]
{low} of all {things} {cond} in the file {file}.
@numbers-of-file: [What is|What's] the {what} of the [numbers|values] in {file}{form}? // [Compute|Find|Work out|Give me] the {what} of the
numbers in {file}{form}. // {file} has [a number|one number] on each line. What is their {what}{form}? // [I noted|I wrote down|We keep]
our figures in {file}. I need their {what}{form}. // [Read|Load|Open] {file} and [compute|tell me] the {what} of all its numbers{form}. //
{file}: {what} of the numbers{form}? == For the numbers in {file}, [report|state] the {what}{form}. // Every line of {file} ends with a
number; [which|what] {what} do they have{form}? // Take all numbers from {file}. The {what}{form}? // The figures are in {file}. [A
friend|My boss] asks for the {what}{form}.
@dated-file: {ask} in {file}? // [Give me|Tell me|Find|Please find] {what} in {file}. // {file} is my [log|record|list], [one date and one
value|a date and a value] per line. {ask}? // [According to|In|Going by] {file}, {low}? // I [write down|log|note] every day in {file}. [I
need|I want] {what}. // {file}: {low}? == My records are in {file}; [work out|I need] {what}. // Look at {file}. {ask}? // [Report|State]
{what}, as logged in {file}. // What does {file} say about {what}?
@column-where: [What is|What's] the {agg} {column} of the {things} with {cond} in {file}{form}? // [Find|Work out|Give me] the {agg}
{column} in {file} over [all|the] {things} that have {cond}{form}. // In {file}, [take|look at] [the|only the] {things} with {cond}. What
is their {agg} {column}{form}? // [I keep my|We keep our|My sister keeps her] {things} in {file}. [I need|Find] the {agg} {column} of those
with {cond}{form}. // {file}: {agg} {column} of [all |]{things} with {cond}{form}? == For {things} with {cond}, [report|state] the {agg}
{column} from {file}{form}. // Filter {file} to {cond}, then [give|tell me] the {agg} {column}{form}. // Only {things} with {cond} count.
What {agg} {column} does {file} show{form}? // Load {file}; the {agg} {column} for {cond}{form}, please.
@rows-where: {how} in {file} have {cond}? // [In|Going by|According to] {file}, {low} have {cond}? // [Give me|Find|Tell me|Show me] {what}
with {cond} in {file}[, please]. // {file} [lists|holds|has] [our|all the] {things}. {how} have {cond}? // [Read|Open|Load] {file} and find
{what} that have {cond}. // {file}: {what} with {cond}? == From {file} [I need|I am after] {what} where one sees {cond}. // Of all {things}
in {file}, {low} have {cond}? // Filter {file} by {cond}, then [report|state] {what} left.
@groups-of-file: {ask} in {file}? // [Give me|Tell me|Find|Work out] {what} in {file}. // [According to|In|Going by] {file}, {low}? //
[The|Our|All] {things} are in {file}. {ask}? // [I have|We have|They sent] a file of {things}, {file}. [Please find|I need|I want] {what}.
== [Group|Look over] the {things} in {file}: {low}? // From {file}, [report|state] {what}. // Let me know {what}; the data are in {file}.
@cell-of-file: What is the {column} of {who} in {file}? // [Look up|Find|Give me|Get] the {column} of {who} in {file}[, please]. // {file}:
{column} of {who}? // [According to|In|Going by] {file}, what is the {column} of {who}? // I [can't remember|need to know|forgot] the
{column} of {who}. [It is|It should be] in {file}. // Our {things} are in {file}. Which {column} [is given|is entered|is there] for {who}?
== {who} is [one of|among] the {things} in {file}. [State|Report] the {column}. // For {who}, what does {file} say under {column}? // Which
{column} does {file} list for {who}?
@lists-of-file: {ask} in {file}? // [Give me|Tell me|Find|Work out] {what} in {file}. // [According to|In|Going by] {file}, {low}? // {file}
is a JSON [file|object] with a list for each [name|key]. {ask}? // [I|We] [made|saved|got] {file} and need {what}. // [Quick question
on|About] {file}: {low}? == [Load|Open] {file}. {ask}? // From the JSON file {file}, [report|state] {what}. // Could you look in {file} for
{what}[, please]?"""
_MAKERS = (_size, _word, _picked, _lines_that, _numbers, _dated, _where, _which, _grouped, _cell, _nested)


def _family(text: str, make: Callable[[random.Random, Phrase], Instance]) -> Family:
    """Of its name and wordings: those of training, ``==``, the unseen ones; ``//`` is between two."""
    name, wordings = text.split(": ", 1)
    seen, unseen = (tuple(" ".join(one.split()) for one in part.split("//")) for part in wordings.split("=="))
    return Family(f"everyday/{name}", "everyday", make, seen, unseen)


FAMILIES = tuple(_family(text, make) for text, make in zip(_WORDINGS.split("\n@"), _MAKERS, strict=True))

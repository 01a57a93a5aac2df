"""Questions about a few numbers or words that the question itself lists, in the many ways in which people write and ask them.

Invariant: a right answer is computed from exact values by other code than the expert's, which is given only what is written; a draw that
has no answer, or more than one, is drawn again. It does not: average over a window, which is a family that training has none of.
"""

import heapq
import json
import math
import random
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import chain, groupby, pairwise
from types import SimpleNamespace
from typing import Any

from pydantic import JsonValue

from codeact.bench.policies import CodePolicy
from codeact.data.families.wordlists import CITIES, COLOURS, FOODS, GOODS, PEOPLE, WORDS
from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_THEMES = """test scores|scores|I got {} on my last tests|38|100|0 ~ temperatures|temps|This week it was {} degrees outside|-12|35|0
temperatures|temps|The thermometer showed {} degrees|-8|31|1 ~ prices|prices|I paid {} for the things in my basket|1|90|2
step counts|steps|My step counter says {} for the last days|2000|15000|0
meter readings|readings|My notes of the meter say {}|1000|9900|0 ~ distances|distances|On my last runs I did {} km|2|22|1
ages|ages|The people in our club are {} years old|7|80|0 ~ rainfall amounts|rain|On the last days it rained {} mm|1|45|0
sales figures|sales|The bakery sold {} loaves on the last days|20|400|0
waiting times|minutes|I had to wait {} minutes at the last stops|1|45|0
page counts|pages|I read {} pages on the last evenings|4|120|0 ~ numbers|numbers|I have the numbers {}|1|60|0
numbers|nums|My numbers are {}|-20|50|0 ~ values|values|I wrote down the values {}|100|999|0"""
_WORDLISTS = ((WORDS, "words", "I wrote down {}"), (FOODS, "orders", "The guests ordered {}"), (CITIES, "cities", "My trips went to {}"))
_BALLOTS = ((FOODS, "votes", "The votes for our snack are {}"), (COLOURS, "ballots", "The ballots for the team colour say {}"))
_BALLOTS += ((CITIES, "votes", "The votes for our trip are {}"), (PEOPLE, "ballots", "The ballots for class speaker say {}"))
_COSTS = ("rent", "food", "heating", "insurance", "clothes", "travel", "phone", "books", "sports", "repairs")
_NAMED = (
    (PEOPLE, "ages", "age", "oldest", "youngest", 6, 90, "The ages in the family"),
    (PEOPLE, "heights", "height", "tallest", "shortest", 120, 199, "The heights in cm"),
    (GOODS, "prices", "price", "most expensive", "cheapest", 3, 250, "The prices in the shop"),
    (CITIES, "distances", "distance", "farthest", "nearest", 15, 950, "How far the cities are, in km"),
    (_COSTS, "costs", "cost", "biggest", "smallest", 15, 900, "My costs this month"),
)
_COUNTS = {2: ("second", "two"), 3: ("third", "three"), 4: ("fourth", "four")}
_IMPORTS = (("statistics.", "import statistics"), ("math.", "import math"), ("combinations(", "from itertools import combinations"))
_IMPORTS += (("accumulate(", "from itertools import accumulate"), ("Counter(", "from collections import Counter"))
_FORMS = {
    "list": ("", " Answer with a list.", " As a list, please.", " I want a list."),
    "rounded": (" Round to two decimals.", " Two decimals, please.", " Give two decimals.", " (two decimals)"),
    "rounded list": (" Answer with a list, two decimals each.", " As a list, each rounded to two decimals."),
    "yes": (" Answer yes or no.", " Yes or no?", " Just say yes or no."),
}


_Row = SimpleNamespace
"""What a question is made of: values, how they are written in the text (x, y) and in the code (v, w), and what is asked of them."""
_Draw = Callable[[random.Random], _Row]
_Kind = tuple[str, str, Callable[[list[Any], _Row], Any]]
"""Wordings (a plural after +), the expert's expression, perhaps after lines that lead to it, and the right answer, None if none."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in re.split("\n| ~ ", text))


def _written(chance: random.Random, items: list[str], code: str) -> str:
    return chance.choice((", ".join(items), f"{', '.join(items[:-1])} and {items[-1]}", code))


def _row(chance: random.Random, values: list[Any], written: list[str], names: tuple[str, str, str]) -> _Row:
    words = isinstance(values[0], str)
    literals = [json.dumps(word) for word in written] if words else written
    (name, lead, noun), code, place = names, f"[{', '.join(literals)}]", chance.randrange(len(values))
    nth, few = chance.choice((2, 2, 3, 4)), chance.choice((2, 3))
    least, most = (0, 0) if words else (int(min(values)), int(max(values)))
    limit = chance.randint(least, most)
    return _Row(
        values=values, given=f"{name} = {code}", v=name, x=_written(chance, written, code), noun=noun, it="them", y="", it2="",
        lead=lead.replace("{}", _written(chance, written, ", ".join(written))), one=written[place], lit=literals[place],
        item=values[place], limit=limit, near=least + chance.randrange(-3, 4), target=0 if words else sum(chance.sample(values, 2)),
        divisor=chance.randrange(3, 8), nth=nth, at=nth - 1, ordinal=_COUNTS[nth][0], few=few, some=_COUNTS[few][1],
        maybe=chance.choice((written[place], str(limit))),
    )  # fmt: skip


def _theme(least: int = -99, most_places: int = 0, repeats: float = 0.35) -> _Draw:
    def draw(chance: random.Random) -> _Row:
        themes = (line.split("|") for line in _lines(_THEMES))
        noun, name, lead, *spread = chance.choice([one for one in themes if int(one[3]) >= least and int(one[5]) <= most_places])
        low, high, places = map(int, spread)
        values: list[Any] = chance.sample(range(low * 10**places, high * 10**places), chance.randrange(4, 8))
        if chance.random() < repeats:
            values[chance.randrange(1, len(values))] = values[0]
        values = sorted(values) if chance.random() < 0.1 else values
        written = [f"{value / 10**places:.{places}f}" for value in values]
        return _row(chance, [value / 10**places if places else value for value in values], written, (name, lead, noun))

    return draw


def _words(chance: random.Random, lists: tuple[Any, ...] = _WORDLISTS) -> _Row:
    pool, noun, lead = chance.choice(lists)
    words = chance.sample(pool, chance.randrange(3, 5))
    words += [chance.choice(words) for _ in range(chance.randrange(1, 4))]
    chance.shuffle(words)
    return _row(chance, words, words, (chance.choice(("words", "items", noun)), lead, noun))


def _mixed(chance: random.Random) -> _Row:
    return (_words if chance.random() < 0.4 else _theme(most_places=2, repeats=0.7))(chance)


def _two(chance: random.Random, size: int = 0) -> _Row:
    pool: list[Any] = [*range(1, 40)] if size or chance.random() < 0.6 else [*chance.choice((COLOURS, FOODS, PEOPLE))]
    drawn = chance.sample(pool, 8)
    first, second = drawn[: size or chance.randrange(3, 6)], drawn[-size:] if size else drawn[chance.randrange(1, 3) :][:5]
    chance.shuffle(second)
    x, y = json.dumps(first), json.dumps(second)
    v, w = chance.choice((("a", "b"), ("first", "second"), ("old", "new"), ("xs", "ys")))
    lead = f"{chance.choice(('My two lists are', 'I have two lists,', 'There are two lists,'))} {x} and {y}"
    facts = {"values": first, "others": second, "given": f"{v} = {x}\n{w} = {y}", "v": v, "w": w, "x": x, "y": y, "lead": lead}
    return _Row(**facts, it="the first", it2="the second", noun="lists")


def _nested(chance: random.Random) -> _Row:
    width, v = chance.choice((0, 2, 3)), chance.choice(("lists", "rows", "groups", "data"))
    lists = [[chance.randrange(1, 40) for _ in range(width or chance.randrange(1, 4))] for _ in range(chance.randrange(2, 5))]
    return _Row(values=lists, given=f"{v} = {lists}", v=v, x=f"{lists}", lead=f"I have {lists}", noun="nested list", it="it", y="", it2="")


def _gaps(chance: random.Random) -> _Row:
    low = chance.choice((1, 1, chance.randrange(1, 90)))
    gone = chance.sample(range(low + 1, low + 6), chance.choice((1, 2)))
    values = [n for n in range(low, low + chance.randrange(7, 10)) if n not in gone]
    noun, lead = chance.choice((("tickets", "I found the tickets {}"), ("pages", "The copy has the pages {}"), ("numbers", "I see {}")))
    values, high = chance.sample(values, len(values)) if chance.random() < 0.5 else values, max(values)
    return _Row(**{**vars(_row(chance, values, [*map(str, values)], (noun, lead, noun))), "low": low, "high": high, "gone": sorted(gone)})


def _pairs(chance: random.Random) -> _Row:
    pool, v, single, high, low, least, most, title = chance.choice(_NAMED)
    named = dict(zip(chance.sample(pool, chance.randrange(3, 6)), chance.sample(range(least, most), 5), strict=False))
    style, one = chance.choice(("{} {}", "{}: {}", "{} ({})", "{} = {}")), chance.choice([*named])
    x = _written(chance, [style.format(*pair) for pair in named.items()], "; ".join(style.format(*pair) for pair in named.items()))
    row = vars(_row(chance, [*named.values()], [*map(str, named.values())], (v, f"{title}: {x}", v)))
    row["ranked"] = [name for _, name in heapq.merge(*([(number, name)] for name, number in named.items()))]
    row |= {"values": [*named.items()], "given": f"{v} = {json.dumps(named)}", "x": x, "one": one, "item": named[one], "lit": f'"{one}"'}
    return _Row(**row, high=high, low=low, single=single, who="who" if pool is PEOPLE else "which one")


def _settled(right: Any) -> tuple[JsonValue, str, str]:
    if isinstance(right, bool):
        return "yes" if right else "no", "exact", "yes"
    if isinstance(right, set):
        return sorted(right), "set", "list"
    if isinstance(right, Fraction):
        return float(round(right, 2)), "number", "rounded"
    if isinstance(right, list):
        return [_settled(one)[0] for one in right], "list", "rounded list" if isinstance(right[0], Fraction) else "list"
    return right, "exact" if isinstance(right, str) else "json" if isinstance(right, dict) else "number", ""


def _policy(chance: random.Random, row: _Row, code: str, form: str) -> Callable[[], CodePolicy]:
    *before, shown = code.format(**vars(row)).split("\n")
    if form == "rounded":
        shown = f"round({shown}, 2)"
    elif form == "yes":
        shown = f'"yes" if {shown} else "no"'
    elif chance.random() < 0.3:
        name = chance.choice(("result", "answer", "found"))
        before, shown = [*before, f"{name} = {shown}"], name
    imports = "".join(f"{line}\n" for used, line in _IMPORTS if used in code)
    return worked(chance, (imports + row.given, row.v), ("\n".join(before), shown), apart=0.07)


def _family(name: str, base: tuple[str, str], draw: _Draw, kinds: tuple[_Kind, ...], *texts: str) -> Family:
    """A family of kinds; `base` and the first two texts hold templates, seen and unseen; a third may hold a slip's kind and code."""
    own, unseen, slip, *_ = (*texts, "")

    def make(chance: random.Random, phrase: Phrase) -> Instance:
        while True:
            row, (wordings, code, found) = draw(chance), chance.choice(kinds)
            right = found(row.values, row)
            if right is not None and right not in ([], set()):
                break
        answer, check, form = _settled(right)
        values, text = vars(row), chance.choice(wordings.removeprefix("+").split("|"))
        bare = re.sub(r" (?:of|in|from|among) \{x\}", "", text) if base is _NOUN and "{y}" not in text else text
        said = {"whole": text.format(**values), "part": bare.format(**{**values, "x": row.it, "y": row.it2}), "noun": row.noun}
        prompt = phrase(
            **said, **{key.capitalize(): one[:1].upper() + one[1:] for key, one in said.items()}, lead=row.lead,
            list=f"{row.x} and {row.y}" if row.y else row.x, form=chance.choice(_FORMS.get(form, ("",))),
            **{"is": "are" if wordings[0] == "+" else "is"},
        )  # fmt: skip
        kind, _, wrong = slip.partition(": ")
        slips = (Slip(kind, wrong.format(**values)),) if slip else ()
        tolerance = TWO_DECIMALS if "rounded" in form else None
        return Instance(prompt, answer, _policy(chance, row, code, form), check=check, tolerance=tolerance, slips=slips)

    return Family(f"everyday/{name}", "everyday", make, _lines(f"{base[0]}\n{own}"), _lines(f"{base[1]}\n{unseen}"))


def _exact(values: list[Any]) -> list[Any]:
    return [Fraction(str(value)) if isinstance(value, float) else value for value in values]


def _mean(values: list[Any]) -> Fraction:
    return Fraction(sum(_exact(values))) / len(values)


def _variance(values: list[Any], less: int) -> Fraction:
    return sum(((n - _mean(values)) ** 2 for n in _exact(values)), Fraction(0)) / (len(values) - less)


def _root(value: Fraction) -> Fraction:
    return Fraction(math.sqrt(value))


def _often(values: list[Any]) -> list[tuple[Any, int]]:
    return sorted(((one, len([*same])) for one, same in groupby(sorted(values))), key=lambda pair: -pair[1])


def _top(values: list[Any]) -> Any:
    first, second, *_ = [*_often(values), ("", 0)]
    return first[0] if first[1] > second[1] else None


_NOUN = (
    """[Find|Work out|Give me|Get|Show me] {whole}.{form} ~ What {is} {whole}?{form}
    [Can|Could] you [tell me|work out|find] {whole}?{form} ~ {lead}. What {is} {part}?{form}
    {lead}, and [now ]I need {part}.{form} ~ {lead}. [Please give me|Tell me|I'd like to know] {part}.{form}
    {Noun}: {list}. {Part}?{form} ~ [Here are some|I have these|Take these] {noun}: {list}. [Now find|I want] {part}.{form}
    {list} - {part}?{form} ~ {Whole}[, please].{form}""",
    """For [my notes|a report], I must [write down|state] {whole}.{form} ~ {lead}; a friend asks me for {part}.{form}
    [Determine|Report|State] {part}: {list}.{form}""",
)
_VERB = (
    """{Whole}[, please].{form} ~ [Can|Could|Would] you {whole}?{form} ~ [Please|Now|Kindly] {whole}.{form}
    {lead}. {Part}[, please].{form} ~ {lead}. What do [I|you] get if [I|you] {part}?{form}
    I [want|need|have] to {whole}. [What is the result|What do I get|How does it look then]?{form}
    {Noun}: {list}. [Please {part}|{Part}].{form}""",
    """[The task is|The job is|My homework is] to {whole}. Do it.{form}
    Start from {list}, {part}, and [show|report] what you have then.{form} ~ Suppose we {whole}: what [results|remains]?{form}""",
)
_ASK = (
    """{Part}? {lead}.{form} ~ {lead}. {Part}?{form} ~ {lead}, so {part}?{form}
    [Quick question|One question|Tell me|Please check]: {lead}. {Part}?{form}
    [Here are the|These are my|I noted these] {noun}: {list}. {Part}?{form} ~ {list} - {part}?{form}
    [I have to know|I need to find out]: {part}? The {noun} are {list}.{form}
    With [the|these] {noun}, {list}, [tell me, ]{part}?{form}""",
    """Somebody wants to know: {part}? [The data|What we have]: {list}.{form} ~ [Consider|Look closely at] {list}: {part}?{form}
    [From|Going by] {list}, {part}?{form}""",
)
_CHOSEN: tuple[tuple[str, str, Callable[[int, _Row], Any]], ...] = (
    ("odd values", "n % 2 == 1", lambda n, r: n & 1),
    ("even values", "n % 2 == 0", lambda n, r: not n & 1),
    ("values above {limit}", "n > {limit}", lambda n, r: n - r.limit > 0),
    ("negative values", "n < 0", lambda n, r: str(n)[0] == "-"),
    ("multiples of {divisor}", "n % {divisor} == 0", lambda n, r: math.gcd(n, r.divisor) == r.divisor),
)
_LISTED = ("+the", "[n for n in {{v}} if {}]", list[int])
_USES = (_LISTED, ("the number of", "len([n for n in {{v}} if {}])", len), ("the sum of the", "sum(n for n in {{v}} if {})", sum))
_STEP = "for a, b in zip({v}, {v}[1:])"
FAMILIES: tuple[Family, ...] = (
    _family("list-basics", _NOUN, _theme(most_places=2), (
        ("the sum of {x}|the total of {x}", "sum({v})", lambda v, r: sum(_exact(v))),
        ("the mean of {x}|the average of {x}", "sum({v}) / len({v})", lambda v, r: _mean(v)),
        ("the median of {x}", "statistics.median({v})", lambda v, r: _mean(sorted(v)[(len(v) - 1) // 2 : len(v) // 2 + 1])),
        ("the mode of {x}", "statistics.mode({v})", lambda v, r: _top(v)),
        ("the gap between the highest and the lowest of {x}", "max({v}) - min({v})", lambda v, r: _exact([max(v)])[0] - min(_exact(v))),
        ("the product of {x}", "math.prod({v})", lambda v, r: math.prod(_exact(v)) if len(v) < 6 and max(v) < 60 else None),
    ), "[Calculate|Compute] {whole}.{form}", "Let me have {part} for {list}.{form}", 'wrong type: {v} = "{x}"\nprint(sum({v}))'),
    _family("means-and-spread", _NOUN, _theme(1), (
        ("the geometric mean of {x}", "statistics.geometric_mean({v})", lambda v, r: Fraction(math.prod(v) ** (1 / len(v)))),
        ("the harmonic mean of {x}", "statistics.harmonic_mean({v})", lambda v, r: 1 / _mean([Fraction(1, n) for n in v])),
        ("the root mean square of {x}", "math.sqrt(sum(n * n for n in {v}) / len({v}))", lambda v, r: _root(_mean([n**2 for n in v]))),
        ("the mean of {x} without the highest and the lowest|the trimmed mean of {x}, with one value cut off at each end",
         "kept = sorted({v})[1:-1]\nsum(kept) / len(kept)", lambda v, r: Fraction(sum(v) - max(v) - min(v), len(v) - 2)),
        ("the sample standard deviation of {x}", "statistics.stdev({v})", lambda v, r: _root(_variance(v, 1))),
        ("the population standard deviation of {x}", "statistics.pstdev({v})", lambda v, r: _root(_variance(v, 0))),
        ("the sample variance of {x}|the variance of {x}, divided by n - 1", "statistics.variance({v})", lambda v, r: _variance(v, 1)),
        ("the z-score of {one} in {x}, with the population standard deviation", "({lit} - statistics.mean({v})) / statistics.pstdev({v})",
         lambda v, r: (Fraction(r.one) - _mean(v)) / _root(_variance(v, 0))),
    ), "Compute {whole}.{form}", "How big is {whole}?{form}", "wrong name: import statistics\n{given}\nprint(statistics.std({v}))"),
    _family("nth-value", _NOUN, _theme(most_places=2, repeats=0), (
        ("the {ordinal} largest of {x}|the {ordinal}-highest in {x}", "sorted({v})[-{nth}]", lambda v, r: heapq.nlargest(r.nth, v)[-1]),
        ("the {ordinal} smallest of {x}|the {ordinal}-lowest in {x}", "sorted({v})[{at}]", lambda v, r: heapq.nsmallest(r.nth, v)[-1]),
        ("+the {some} largest of {x}, largest first", "sorted({v}, reverse=True)[:{few}]", lambda v, r: heapq.nlargest(r.few, v)),
        ("the sum of the {some} lowest of {x}", "sum(sorted({v})[:{few}])", lambda v, r: sum(_exact(heapq.nsmallest(r.few, v)))),
        ("the largest of {x} below {limit}", "max(n for n in {v} if n < {limit})",
         lambda v, r: max({n for n in v if r.limit > n}, default=None)),
    ), "{lead}. [Ranked by size, what|What] {is} {part}?{form}", "Rank {list}: {part}?{form}", "prints None: {given}\nprint({v}.sort())"),
    _family("sorted-numbers", _VERB, _theme(most_places=2), (
        ("sort {x} in ascending order|put {x} in order, low to high", "sorted({v})", lambda v, r: [*heapq.merge(*([n] for n in v))]),
        ("sort {x} in descending order|rank {x} from high to low", "sorted({v}, reverse=True)", lambda v, r: sorted(v)[::-1]),
        ("sort {x} from low to high, dropping repeats", "sorted(set({v}))", lambda v, r: [n for n, _ in groupby(sorted(v))]),
    ), "How do {list} stand if I {part}?{form}", "Tidy up {list}: {part}.{form}", "prints None: {given}\nprint({v}.sort())"),
    _family("selected-numbers", _NOUN, _theme(), tuple(
        (f"{use} {which} in {{x}}", code.format(test), lambda v, r, end=end, ok=ok: end([n for n in v if ok(n, r)]) or None)
        for which, test, ok in _CHOSEN for use, code, end in _USES
    ), "[Out of|From] {list}, give me {part}.{form}", "Go through {list} and get {part}.{form}"),
    _family("repeats-in-list", _NOUN, _mixed, (
        ("+the entries of {x} without repeats, in their order", "list(dict.fromkeys({v}))", lambda v, r: sorted({*v}, key=v.index)),
        ("+the entries that occur more than once in {x}", "[n for n in dict.fromkeys({v}) if {v}.count(n) > 1]",
         lambda v, r: {n for n, k in _often(v) if k > 1}),
        ("+the entries found only once in {x}", "[n for n in {v} if {v}.count(n) == 1]", lambda v, r: {n for n, k in _often(v) if k < 2}),
        ("the number of different entries in {x}", "len(set({v}))", lambda v, r: len(_often(v))),
        ("the number of times that {one} occurs in {x}", "{v}.count({lit})", lambda v, r: dict(_often(v))[r.item]),
    ), "With repeats: {list}. {Part}?{form}", "Repeats? {list}. {Part}.{form}", "no such method: {given}\nprint({v}.unique())"),
    _family("vote-tally", _NOUN, lambda chance: _words(chance, _BALLOTS), (
        ("the winner among {x}", "Counter({v}).most_common(1)[0][0]", lambda v, r: _top(v)),
        ("the number of votes for {one} in {x}", "{v}.count({lit})", lambda v, r: dict(_often(v))[r.item]),
        ("the share of {one} in {x}, in percent", "{v}.count({lit}) / len({v}) * 100", lambda v, r: 100 * _mean([n == r.item for n in v])),
        ("the tally of {x} as a dictionary", "dict(Counter({v}))", lambda v, r: dict(_often(v))),
    ), "[Votes|Ballots] in: {list}. {Part}?{form}", "We counted {list}. So, {part}?{form}"),
    _family("list-changes", _NOUN, _theme(), (
        ("+the running totals of {x}|the cumulative sums of {x}", "list(accumulate({v}))",
         lambda v, r: [sum(v[: k + 1]) for k in range(len(v))]),
        ("+the differences of neighbours in {x}, later minus earlier", f"[b - a {_STEP}]", lambda v, r: [b - a for a, b in pairwise(v)]),
        ("+the percent changes from each value to the next in {x}", f"[round((b - a) / a * 100, 2) {_STEP}]",
         lambda v, r: [Fraction(100 * b, a) - 100 for a, b in pairwise(v)] if min(v) > 0 else None),
        ("the largest jump in {x}, up or down", f"max(abs(b - a) {_STEP})", lambda v, r: max(max(p) - min(p) for p in pairwise(v))),
        ("the number of upward steps in {x}", f"sum(b > a {_STEP})", lambda v, r: len([1 for a, b in pairwise(v) if a - b < 0])),
    ), "In order, {list}: {part}?{form}", "Follow {list} and note {part}.{form}", "wrong type: {given}\nprint({v}[1:] - {v}[:-1])"),
    _family("pairs-in-list", _NOUN, _theme(repeats=0), (
        ("+the pairs in {x} that add up to {target}", "[(a, b) for a, b in combinations({v}, 2) if a + b == {target}]",
         lambda v, r: [[a, b] for k, a in enumerate(v) for b in v[k:] if b == r.target - a != a]),
        ("the largest product of any two of {x}", "max(a * b for a, b in combinations({v}, 2))",
         lambda v, r: max(math.prod(sorted(v)[:2]), math.prod(sorted(v)[-2:]))),
    ), "Taking two at a time from {list}, {part}?{form}", "Pick twos from {list}: {part}?{form}"),
    _family("list-check", _ASK, _theme(most_places=2), (
        ("are all of {x} above {near}", "all(n > {near} for n in {v})", lambda v, r: sorted(v)[0] > r.near),
        ("is any of {x} below {near}", "any(n < {near} for n in {v})", lambda v, r: sorted(v)[0] < r.near),
        ("is {maybe} among {x}", "{maybe} in {v}", lambda v, r: Fraction(r.maybe) in _exact(v)),
        ("do any of {x} occur twice", "len(set({v})) < len({v})", lambda v, r: _often(v)[0][1] > 1),
        ("are {x} in ascending order", "{v} == sorted({v})", lambda v, r: all(a <= b for a, b in pairwise(v))),
        ("how many of {x} are above {limit}", "sum(n > {limit} for n in {v})", lambda v, r: len([n for n in v if n > r.limit])),
        ("which of {x} is closest to {limit}", "min({v}, key=lambda n: abs(n - {limit}))",
         lambda v, r: next((n for n in v if all(abs(n - r.limit) < abs(k - r.limit) for k in v if k != n)), None)),
        ("what is the mean of {x} and {limit} together", "(sum({v}) + {limit}) / (len({v}) + 1)", lambda v, r: _mean([*v, r.limit])),
    ), "[Actually|By the way|Tell me], {whole}?{form}", "I am curious, {whole}?{form}"),
    _family("position-in-list", _NOUN, _mixed, (
        ("the first position of {one} in {x}, counting from 1", "{v}.index({lit}) + 1", lambda v, r: ["", *v].index(r.item)),
        ("the index of {one} in {x}, counting from 0", "{v}.index({lit})", lambda v, r: [n == r.item for n in v].index(True)),
        ("the last but one of {x}|the second to last entry of {x}", "{v}[-2]", lambda v, r: v[len(v) - 2]),
        ("the {ordinal} entry of {x}", "{v}[{at}]", lambda v, r: v[: r.nth][-1]),
    ), "[In this order|In a row]: {list}. {Part}?{form}", "Point me to {whole}.{form}", "no such method: {given}\nprint({v}.find({lit}))"),
    _family("rearranged-list", _VERB, _mixed, (
        ("reverse {x}|turn {x} around", "{v}[::-1]", lambda v, r: [*reversed(v)]),
        ("move the last {some} of {x} to the front", "{v}[-{few}:] + {v}[:-{few}]", lambda v, r: [v[k - r.few] for k in range(len(v))]),
        ("swap the first and the last of {x}", "{v}[0], {v}[-1] = {v}[-1], {v}[0]\n{v}", lambda v, r: [v[-1], *v[1:-1], v[0]]),
        ("take every second one of {x}, starting with the first", "{v}[::2]", lambda v, r: [n for k, n in enumerate(v) if not k & 1]),
        ("split {x} into groups of {few}", "[{v}[i:i + {few}] for i in range(0, len({v}), {few})]",
         lambda v, r: [v[k:][: r.few] for k in range(len(v))][:: r.few]),
        ("remove {one} from {x}, each time it occurs", "[n for n in {v} if n != {lit}]", lambda v, r: [*filter(r.item.__ne__, v)]),
    ), "How would it look if [I|we] {whole}?{form}", "Rework {list}: {part}.{form}", "prints None: {given}\nprint({v}.reverse())"),
    _family("nested-list", _VERB, _nested, (
        ("flatten {x}|turn {x} into one flat list", "[n for row in {v} for n in row]", lambda v, r: [*chain(*v)]),
        ("add up each inner list in {x}", "[sum(row) for row in {v}]", lambda v, r: [int(math.fsum(one)) for one in v]),
        ("find the largest number of each inner list in {x}", "[max(row) for row in {v}]", lambda v, r: [sorted(one)[-1] for one in v]),
        ("add up all numbers in {x}", "sum(n for row in {v} for n in row)", lambda v, r: sum(map(sum, v))),
    ), "[This is|I have] a list of lists, {list}. {Part}[, please].{form}", "With {list} at hand, {part}.{form}"),
    _family("two-lists", _NOUN, _two, (
        ("+the entries that are in both {x} and {y}", "[n for n in {v} if n in {w}]", lambda v, r: {*v} & {*r.others}),
        ("+the entries of {x} that are missing in {y}", "[n for n in {v} if n not in {w}]", lambda v, r: {*v} - {*r.others}),
        ("+all entries of {x} and {y}, each once", "sorted(set({v}) | set({w}))", lambda v, r: {*v, *r.others}),
        ("the number of entries that {x} and {y} share", "len(set({v}) & set({w}))", lambda v, r: sum(n in r.others for n in v)),
    ), "Compare [them|these]: {list}. {Part}?{form}", "Lay {list} side by side: {part}?{form}", "wrong type: {given}\nprint({v} - {w})"),
    _family("lists-of-one-length", _NOUN, lambda chance: _two(chance, chance.choice((3, 4))), (
        ("+the sums of {x} and {y}, entry by entry", "[a + b for a, b in zip({v}, {w})]", lambda v, r: [*map(int.__add__, v, r.others)]),
        ("+the pairs of {x} and {y}, entry by entry", "list(zip({v}, {w}))", lambda v, r: [[v[k], r.others[k]] for k in range(len(v))]),
        ("the merged and sorted list of {x} and {y}", "sorted({v} + {w})", lambda v, r: [*heapq.merge(sorted(v), sorted(r.others))]),
        ("the dot product of {x} and {y}", "sum(a * b for a, b in zip({v}, {w}))", lambda v, r: sum(map(int.__mul__, v, r.others))),
        ("the Pearson correlation of {x} and {y}", "statistics.correlation({v}, {w})",
         lambda v, r: (_variance([*map(int.__add__, v, r.others)], 0) - _variance(v, 0) - _variance(r.others, 0)) / 2
         / _root(_variance(v, 0) * _variance(r.others, 0))),
    ), "Two lists[ here], {list}. {Part}?{form}", "Lay {list} side by side: {part}?{form}", "wrong type: {given}\nprint({v} * {w})"),
    _family("missing-number", _NOUN, _gaps, (
        ("+all numbers from {low} to {high} that are missing in {x}", "[n for n in range({low}, {high} + 1) if n not in {v}]",
         lambda v, r: r.gone),
        ("the number that is missing in {x}, from {low} to {high}", "sum(range({low}, {high} + 1)) - sum({v})",
         lambda v, r: r.gone[0] if len(r.gone) == 1 else None),
    ), "Something is lost: {list}. {Part}?{form}", "Gaps in {list}: {part}?{form}", "wrong type: {given}\nprint(range({high}) - {v})"),
    _family("named-numbers", _ASK, _pairs, (
        ("{who} is the {high}", "max({v}, key={v}.get)", lambda v, r: r.ranked[-1]),
        ("{who} is the {low}", "min({v}, key={v}.get)", lambda v, r: r.ranked[0]),
        ("{who} comes right after the {high}", "sorted({v}, key={v}.get)[-2]", lambda v, r: r.ranked[-2]),
        ("what is the order from the {low} to the {high}", "sorted({v}, key={v}.get)", lambda v, r: r.ranked),
        ("what is the average {single}", "sum({v}.values()) / len({v})", lambda v, r: _mean([n for _, n in v])),
        ("what do the {noun} add up to", "sum({v}.values())", lambda v, r: sum(n for _, n in v)),
        ("by how much do the {high} and the {low} differ", "max({v}.values()) - min({v}.values())",
         lambda v, r: max(a - b for _, a in v for _, b in v)),
        ("for which is the {single} over {limit}", "[k for k, n in {v}.items() if n > {limit}]",
         lambda v, r: [k for k, n in v if n > r.limit]),
        ("what percentage of the total is the {single} of {one}", "{v}[{lit}] / sum({v}.values()) * 100",
         lambda v, r: Fraction(100 * r.item, sum(n for _, n in v)) if r.v in ("prices", "costs") else None),
    ), "[Well|Say|Tell me], {part}? {list}.{form}", "Read {list}: {part}?{form}", "wrong type: {given}\nprint(max({v}.values).key)"),
)  # fmt: skip

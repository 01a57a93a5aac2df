"""Questions for which several records are read and put beside each other.

Invariant: values of one question differ, so that the answer is one. It does not: rank more than one can tell from the records.
"""

import random
from collections.abc import Callable
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, calls_of
from codeact.data.families.information.kinds import KINDS
from codeact.data.families.information.wordings import named, numbered
from codeact.data.families.information.world import World
from codeact.data.families.naming import quoted, tool
from codeact.data.families.words import capital
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

_NUMBERS = {
    "city": (("population", "people"), ("altitude_m", "metres above the sea")),
    "bridge": (("length_m", "metres of length"),),
    "lake": (("depth_m", "metres of depth"), ("area_km2", "square kilometres of water")),
    "company": (("employees", "employees"),),
    "stadium": (("seats", "seats"),),
    "museum": (("visitors", "yearly visitors"),),
    "book": (("pages", "pages"),),
    "film": (("minutes", "minutes of running time"),),
    "country": (("area_km2", "square kilometres of land"),),
}
_PLURAL = {"city": "cities", "company": "companies", "country": "countries"}


def plural(kind: str) -> str:
    """The kind in the plural."""
    return _PLURAL.get(kind, f"{kind}s")


def _things(chance: random.Random, count: int) -> tuple[World, str, str, str, dict[str, int]]:
    """A world, the kind, the key, what it counts, and its value by the names of things."""
    world = World(KINDS, chance)
    kind = chance.choice(list(_NUMBERS))
    key, unit = chance.choice(_NUMBERS[kind])
    values: dict[str, int] = {}
    while len(values) < count:
        name = world.add(kind, depth=1)
        if world.records[name][key] in values.values():
            continue
        values[name] = world.records[name][key]
    return world, kind, key, unit, values


def _reader(chance: random.Random, world: World, kind: str, key: str) -> tuple[Any, str, Callable[[str], str]]:
    """A tool that reads a record, in one of three shapes; its name, and code for the value of an item."""
    verb = chance.choice(("read", "get", "look_at", "info_on", "details_of"))
    name = chance.choice((f"{verb}_{kind}", verb, f"{kind}_{chance.choice(('record', 'facts', 'data'))}"))
    shape = chance.choice(("dict", "pairs", "value"))

    def record(title: str) -> dict[str, Any]:
        return world.named(title)

    def pairs(title: str) -> list[tuple[str, Any]]:
        return list(world.named(title).items())

    def value(title: str, field: str) -> Any:
        found = world.named(title)
        if field not in found:
            raise KeyError(f"no field {field!r}; there are {', '.join(found)}")
        return found[field]

    fields = ", ".join(fact.key for fact in KINDS[kind].facts)
    parameter = {"title": chance.choice(("title", "name", "what"))}
    if shape == "dict":
        made = tool(record, name, f"Facts about one {kind}: a dict with {fields}.", parameter)
        return made, name, lambda item: f'{name}({item})["{key}"]'
    if shape == "pairs":
        made = tool(pairs, name, f"Facts about one {kind}: (field, value) pairs; the fields are {fields}.", parameter)
        return made, name, lambda item: f'dict({name}({item}))["{key}"]'
    return tool(value, name, f"One fact about a {kind}; fields: {fields}.", parameter), name, lambda item: f'{name}({item}, "{key}")'


def _value_of(reply: Any, key: str) -> Any:
    return dict(reply)[key] if isinstance(reply, dict | list) else reply


def _read_all(code: str, name: str, things: list[str], key: str) -> list[Call]:
    """A call for each thing."""
    more = (key,) if f'"{key}")' in code else ()
    return calls_of(name, *((thing, *more) for thing in things))


def _compare(chance: random.Random, phrase: Phrase) -> Instance:
    world, kind, key, unit, values = _things(chance, chance.randint(2, 4))
    made, name, read = _reader(chance, world, kind, key)
    things, most = list(values), chance.random() < 0.6
    best = (max if most else min)(values, key=lambda one: values[one])
    way = "max" if most else "min"

    def code() -> CodePolicy:
        loop = f"values = {{}}\nfor name in {quoted(things)}:\n    values[name] = {read('name')}"
        said = yield f"{loop}\nprint(values)\nprint({way}(values, key=values.get))"
        return said.strip().splitlines()[-1]

    def calls() -> CallPolicy:
        replies = yield _read_all(read("name"), name, things, key)
        found = {thing: _value_of(reply, key) for thing, reply in zip(things, replies, strict=True)}
        return (max if most else min)(found, key=lambda one: found[one])

    return Instance(
        prompt=phrase(kind=plural(kind), things=", ".join(things), end="most" if most else "fewest", unit=unit),
        answer=best,
        code=code,
        calls=calls,
        tools=(made,),
        slips=(
            Slip("list as argument", f"print({name}({quoted(things)}))"),
            Slip("misspelt item", f"print({read(quoted(things[0] + 's'))})"),
        ),
    )


def _total(chance: random.Random, phrase: Phrase) -> Instance:
    world, kind, key, unit, values = _things(chance, chance.randint(2, 5))
    made, name, read = _reader(chance, world, kind, key)
    things, loops = list(values), chance.random() < 0.5

    def code() -> CodePolicy:
        if loops:
            said = yield f"total = 0\nfor name in {quoted(things)}:\n    total += {read('name')}\nprint(total)"
        else:
            said = yield f"values = [{read('name')} for name in {quoted(things)}]\nprint(values, sum(values))"
        return said.split()[-1]

    def calls() -> CallPolicy:
        replies = yield _read_all(read("name"), name, things, key)
        return sum(_value_of(reply, key) for reply in replies)

    return Instance(
        prompt=phrase(kind=plural(kind), things=", ".join(things), unit=unit),
        answer=sum(values.values()),
        check="number",
        code=code,
        calls=calls,
        tools=(made,),
        slips=(
            Slip("forgotten print", f"total = sum({read('name')} for name in {quoted(things)})"),
            Slip("list as argument", f"print({read(quoted(things))})"),
        ),
    )


def _count(chance: random.Random, phrase: Phrase) -> Instance:
    """How many of all that the base lists are above a bound."""
    world, kind, key, unit, values = _things(chance, chance.randint(4, 7))
    made, name, read = _reader(chance, world, kind, key)
    lister = chance.choice((f"all_{plural(kind)}", f"list_{plural(kind)}", "titles", "known_names"))

    def listed() -> list[str]:
        return list(values)

    numbers = sorted(values.values())
    place = chance.randrange(1, len(numbers) - 1)
    bound = (numbers[place] + numbers[place + 1]) // 2
    more = chance.random() < 0.6
    answer = sum(value > bound if more else value < bound for value in values.values())
    sign = ">" if more else "<"

    def code() -> CodePolicy:
        said = yield f"count = 0\nfor name in {lister}():\n    if {read('name')} {sign} {bound}:\n        count += 1\nprint(count)"
        return said.strip()

    def calls() -> CallPolicy:
        (things,) = yield [Call(lister)]
        replies = yield _read_all(read("name"), name, things, key)
        found = [_value_of(reply, key) for reply in replies]
        return sum(value > bound if more else value < bound for value in found)

    return Instance(
        prompt=capital(phrase(kind=plural(kind), unit=unit, bound=bound, than="more than" if more else "fewer than")),
        answer=answer,
        check="number",
        code=code,
        calls=calls,
        tools=(tool(listed, lister, f"The names of all {plural(kind)} in the base."), made),
        slips=(
            Slip("names as numbers", f"count = 0\nfor name in {lister}():\n    if name {sign} {bound}:\n        count += 1\nprint(count)"),
            Slip("not called", f"for name in {lister}:\n    print({read('name')})"),
        ),
    )


def _difference(chance: random.Random, phrase: Phrase) -> Instance:
    world, kind, key, unit, values = _things(chance, 2)
    made, name, read = _reader(chance, world, kind, key)
    one, other = sorted(values, key=lambda thing: -values[thing])
    apart = chance.random() < 0.4

    def code() -> CodePolicy:
        lines = [f"first = {read(quoted(one))}", f"second = {read(quoted(other))}"]
        if apart:
            yield "\n".join([*lines, "print(first, second)"])
            lines = []
        said = yield "\n".join([*lines, "print(first - second)"])
        return said.strip()

    def calls() -> CallPolicy:
        replies = yield _read_all(read("name"), name, [one, other], key)
        return _value_of(replies[0], key) - _value_of(replies[1], key)

    return Instance(
        prompt=phrase(kind=kind, one=one, other=other, unit=unit),
        answer=values[one] - values[other],
        check="number",
        code=code,
        calls=calls,
        tools=(made,),
        slips=(Slip("subtracted the replies", f"print({name}({quoted(one)}) - {name}({quoted(other)}))"),),
    )


FAMILIES = (
    Family(
        "information/compare",
        "information",
        _compare,
        named(
            "[Which|Tell me which] of these {kind} has the {end} {unit}: {things}?",
            "[Compare|Look at] the {kind} {things}. [Which|Which one] has the {end} {unit}?",
            "Of {things}, [name|give me|find] the one with the {end} {unit}. [They are {kind}.|All are {kind}.]",
            "[Here are some {kind}|I have a list of {kind}]: {things}. [Find|Look up] which has the {end} {unit}.",
        ),
        (
            "[A bet|Our dispute] is about {kind}: {things}. Who is right depends on which has the {end} {unit}. [The name?|So, which?]",
            "{things}: [rank|sort] these {kind} by their {unit} in your head [and name|, then name] the one with the {end}.",
        ),
    ),
    Family(
        "information/total",
        "information",
        _total,
        numbered(
            "[How many|What number of] {unit} do these {kind} have [in all|together|in total]: {things}?",
            "[Add up|Sum up] the {unit} of the {kind} {things}.",
            "[I need|Find|Work out] the total of {unit} over these {kind}: {things}.",
            "The {kind} {things} are [to be counted together|one group]. How many {unit} [is that|makes that] in sum?",
        ),
        (
            "[Take|Consider] {things} ({kind}). [Their {unit}, all summed?|Give the sum of their {unit}.]",
            "[Grand total|Sum], please: {unit}, for the {kind} {things}[, as a plain number].",
        ),
    ),
    Family(
        "information/count",
        "information",
        _count,
        numbered(
            "How many {kind} [in the base|in the knowledge base|that you know of] have {than} {bound} {unit}?",
            "[Count|Find the number of] the {kind} with {than} {bound} {unit}.",
            "[Go through|Look at] all {kind} [and tell me|and find] how many have {than} {bound} {unit}.",
            "[I wonder|I would like to know] how many of the {kind} [there|on record] have {than} {bound} {unit}.",
        ),
        (
            "{kind} having {than} {bound} {unit}: [what is their count|how many are there]?",
            "Check [every one|each] of the {kind} on file; [how often do you find|report how often you find] {than} {bound} {unit}?",
        ),
    ),
    Family(
        "information/difference",
        "information",
        _difference,
        numbered(
            "[By how many|How many] {unit} does the {kind} {one} [exceed|surpass] the {kind} {other}?",
            "How many more {unit} has {one} than {other}?",
            "[Find|Work out|Tell me] the difference in {unit} between the {kind} {one} and the {kind} {other}.",
            "[Look up|Take] {one} and {other}. What is the difference [in {unit}|between their {unit}]?",
        ),
        (
            "{one} against {other}: [the gap in {unit}|how far apart they are in {unit}], as a number?",
            "[If I subtract|Subtracting] the {unit} of {other} from those of {one}, what [is left|remains]?",
        ),
    ),
)

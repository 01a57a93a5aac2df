"""Registers: one tool takes a name, the others take the numbers or codes that entries hold, and each gives back something of another shape.

Invariant: what a tool is called, takes and gives back is drawn for each task, so that signatures and descriptions have to be read. It does
not: have a kind of things, or a wording, in common with the families that training never sees.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import GenericAlias
from typing import Any, Literal

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.data.families.chances import between, one_of
from codeact.data.families.information import names
from codeact.data.families.information.wordings import ASK, UNSEEN_ASK
from codeact.data.families.information.world import Chance, check_of
from codeact.data.families.naming import quoted, tool
from codeact.data.families.words import with_article
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call
from codeact.tools.function import FunctionTool

Shape = Literal["dict", "tuple", "pairs", "name"]
Field = tuple[str, Callable[[Chance], Any]]


_TITLES: dict[str, Callable[[Chance], str]] = {
    "person": names.person,
    "town": names.town,
    "firm": names.firm,
    "work": names.work,
    "pet": names.first,
    "house": lambda chance: f"{names.last(chance)} {chance.choice(('House', 'Court', 'Hall', 'Lodge', 'Villa'))}",
    "mark": lambda chance: f"{chance.choice('ABCDEFGHKLMNPRSTW')}{chance.randint(10, 999)}",
}
_KINDS: dict[str, tuple[str, tuple[Field, ...]]] = {
    "flat": ("house", (("rooms", between(1, 7)), ("rent", between(350, 2900)), ("storey", between(0, 14)))),
    "tenant": (
        "person",
        (("age", between(18, 90)), ("deposit", between(300, 4000)), ("language", one_of("Danish", "Thai", "Greek", "Urdu"))),
    ),
    "employer": ("firm", (("staff", between(3, 9000)), ("founded", between(1850, 2020)))),
    "town": ("town", (("inhabitants", between(900, 90000)), ("mayor", names.person), ("postcode", between(10000, 99999)))),
    "dog": ("pet", (("weight_kg", between(3, 60)), ("breed", one_of("beagle", "poodle", "boxer", "collie", "husky")))),
    "owner": ("person", (("phone", between(200000, 999999)), ("street", lambda chance: f"{names.last(chance)} Street"))),
    "vet": ("person", (("fee", between(20, 180)), ("opens", one_of("08:00", "09:30", "10:15", "14:00")))),
    "song": ("work", (("seconds", between(90, 420)), ("key", one_of("C major", "A minor", "D minor", "G major")))),
    "band": ("work", (("members", between(2, 9)), ("genre", one_of("folk", "punk", "jazz", "soul", "techno")))),
    "label": ("firm", (("artists", between(4, 80)), ("director", names.person))),
    "pupil": ("person", (("grade", between(1, 12)), ("absences", between(0, 30)))),
    "teacher": ("person", (("subject", one_of("physics", "history", "music", "biology")), ("hours", between(8, 28)))),
    "school": ("house", (("classes", between(6, 60)), ("principal", names.person))),
    "machine": ("mark", (("watts", between(100, 9000)), ("maker", names.firm))),
    "hall": ("house", (("area_m2", between(40, 5000)), ("gates", between(1, 9)))),
    "foreman": ("person", (("shift", one_of("early", "late", "night")), ("badge", between(100, 9999)))),
    "parcel": ("mark", (("grams", between(50, 30000)), ("status", one_of("stored", "sorted", "sent", "held")))),
    "depot": ("town", (("ramps", between(2, 40)), ("manager", names.person))),
    "courier": ("person", (("vehicle", one_of("van", "bicycle", "truck", "scooter")), ("stops", between(5, 140)))),
    "recipe": ("work", (("minutes", between(5, 240)), ("servings", between(1, 12)))),
    "cook": ("person", (("stars", between(0, 3)), ("speciality", one_of("soups", "breads", "curries", "pies")))),
    "restaurant": ("house", (("tables", between(4, 60)), ("cuisine", one_of("Korean", "Breton", "Peruvian", "Lebanese")))),
    "patient": ("person", (("pulse", between(48, 120)), ("blood_group", one_of("A", "B", "AB", "0")))),
    "doctor": ("person", (("field", one_of("surgery", "cardiology", "neurology")), ("pager", between(100, 999)))),
    "ward": ("house", (("beds", between(6, 70)), ("head_nurse", names.person))),
    "plot": ("mark", (("hectares", between(1, 90)), ("crop", one_of("barley", "hops", "maize", "clover", "rye")))),
    "farmer": ("person", (("tractors", between(0, 8)), ("cows", between(0, 240)))),
    "village": ("town", (("wells", between(1, 14)), ("elder", names.person))),
}
_PATHS = (
    ("flat", "tenant", "employer", "town"),
    ("dog", "owner", "employer", "town"),
    ("dog", "vet", "town"),
    ("song", "band", "label", "town"),
    ("pupil", "teacher", "school", "town"),
    ("machine", "hall", "foreman", "village"),
    ("parcel", "courier", "depot"),
    ("parcel", "owner", "village"),
    ("recipe", "cook", "restaurant", "town"),
    ("patient", "doctor", "ward"),
    ("plot", "farmer", "village"),
    ("teacher", "school", "town"),
)
_SHAPES: tuple[Shape, ...] = ("dict", "dict", "tuple", "tuple", "pairs")
_NAME_TOO: tuple[Shape, ...] = (*_SHAPES, "name", "name")
_WORDS = ("entry", "record", "card", "file", "data", "details", "info", "sheet")


@dataclass(frozen=True, slots=True)
class Register:
    """The entries of one kind.

    Args:
        kind: of what.
        tool: its name.
        shape: of what it gives back: a dict, a tuple, (field, value) pairs, or the name alone.
        fields: in their order.
        entries: fields to values, by what the tool takes.
    """

    kind: str
    tool: str
    shape: Shape
    fields: tuple[str, ...]
    entries: dict[Any, dict[str, Any]]

    def reply(self, key: Any) -> Any:
        """What the tool gives back.

        Raises:
            LookupError: there is no such entry.
        """
        if key not in self.entries:
            raise LookupError(f"no {self.kind} under {key!r}")
        entry = {field: self.entries[key][field] for field in self.fields}
        if self.shape == "name":
            return entry["name"]
        return entry if self.shape == "dict" else tuple(entry.values()) if self.shape == "tuple" else list(entry.items())

    def told(self) -> str:
        """The tool's description."""
        listed = f"{', '.join(self.fields[:-1])} and {self.fields[-1]}"
        one = with_article(self.kind)
        ways = {
            "dict": f"{one.capitalize()}'s entry: a dict with {listed}.",
            "tuple": f"Of {one}: {listed}, as a tuple.",
            "pairs": f"What is known of {one}: (field, value) pairs; the fields are {listed}.",
            "name": f"The name of {one}.",
        }
        return ways[self.shape]

    def part(self, reply: str, field: str) -> str:
        """Code for a field of a reply that a variable holds."""
        if self.shape == "name":
            return reply
        if self.shape == "tuple":
            return f"{reply}[{self.fields.index(field)}]"
        return f'{reply}["{field}"]' if self.shape == "dict" else f'dict({reply})["{field}"]'

    def value(self, reply: Any, field: str) -> Any:
        """The field of a reply."""
        if self.shape == "name":
            return reply
        return reply[self.fields.index(field)] if self.shape == "tuple" else dict(reply)[field]


@dataclass(frozen=True, slots=True)
class Trail:
    """From a name by numbers to a value: the registers on the way, what of each is needed next, and the tools for all."""

    start: str
    registers: tuple[Register, ...]
    keys: tuple[str, ...]
    answer: Any
    tools: tuple[FunctionTool, ...]


def _tool_name(chance: Chance, kind: str) -> str:
    word = chance.choice(_WORDS)
    verb = chance.choice(("find", "get", "fetch", "read", "load", "show", "look_up"))
    return chance.choice(
        (f"{kind}_{word}", f"{verb}_{kind}", f"{verb}_{kind}_{word}", f"{kind}_by_key", f"{word}_of_{kind}", f"the_{kind}")
    )


def _number(chance: Chance, taken: dict[Any, Any], coded: bool) -> Any:
    while True:
        number = chance.randint(10, 999)
        key = f"{chance.choice('ABCDEFGHKLMN')}-{number}" if coded else number
        if key not in taken:
            return key


def _registers(chance: Chance, path: Sequence[str], wanted: str) -> tuple[list[Register], list[str], list[type]]:
    """A register for each kind of a path, the names of fields by which one leads to the next, and of what type each one's key is."""
    coded = [False, *(chance.random() < 0.3 for _ in path[1:])]
    ending = chance.choice(("id", "no", "number", "ref", "key"))
    links = [f"{kind}_{'code' if code else ending}" for kind, code in zip(path[1:], coded[1:], strict=True)]
    entries: list[dict[Any, dict[str, Any]]] = [{} for _ in path]
    for place, kind in enumerate(path):
        title, fields = _KINDS[kind]
        while len(entries[place]) < 3:
            name = _TITLES[title](chance)
            key = name if place == 0 else _number(chance, entries[place], coded[place])
            entries[place][key] = {"name": name, **{field: make(chance) for field, make in fields}}
    registers: list[Register] = []
    for place, kind in enumerate(path):
        last = place == len(path) - 1
        for entry in entries[place].values():
            if not last:
                entry[links[place]] = chance.choice(list(entries[place + 1]))
        needed = [] if not last else [wanted] if wanted != "name" else []
        own = [field for field, _ in _KINDS[kind][1] if field not in needed]
        chosen = [*needed, *chance.sample(own, chance.randint(1, len(own))), *([] if last else [links[place]])]
        chance.shuffle(chosen)
        fields = (*(["name"] if place else []), *chosen)
        shape = chance.choice(_NAME_TOO if last and wanted == "name" else _SHAPES)
        registers.append(Register(kind, _tool_name(chance, kind), shape, ("name",) if shape == "name" else fields, entries[place]))
    return registers, links, [str if place == 0 or coded[place] else int for place in range(len(path))]


def _parameter(chance: Chance, kind: str, link: str) -> str:
    if not link:
        return chance.choice((f"{kind}_name", "name", kind, "called"))
    return chance.choice((link, link, link, "number" if "code" not in link else "code", f"of_{kind}", "key"))


def _made(register: Register, parameter: str, key: type) -> FunctionTool:
    def find(key: Any) -> Any:
        return register.reply(key)

    example = register.reply(next(iter(register.entries)))
    hints: dict[str, Any] = {"dict": dict[str, Any], "pairs": list[tuple[str, Any]], "name": str}
    given = hints[register.shape] if register.shape != "tuple" else GenericAlias(tuple, tuple(type(value) for value in example))
    find.__annotations__ = {"key": key, "return": given}
    return tool(find, register.tool, register.told(), {"key": parameter})


def _trail(chance: Chance) -> tuple[Trail, str]:
    """A trail, and what is asked for in words."""
    whole = chance.choice(_PATHS)
    path = whole[: chance.randint(2, len(whole))]
    last = path[-1]
    wanted = "name" if chance.random() < 0.45 else chance.choice(_KINDS[last][1])[0]
    registers, links, keys = _registers(chance, path, wanted)
    if len({register.tool for register in registers}) < len(registers):
        return _trail(chance)
    start = chance.choice(list(registers[0].entries))
    entry = registers[0].entries[start]
    for register, link in zip(registers[1:], links, strict=True):
        entry = register.entries[entry[link]]
    made = [
        _made(register, _parameter(chance, register.kind, link), key)
        for register, link, key in zip(registers, ("", *links), keys, strict=True)
    ]
    phrase = f"the {path[0]} {start}"
    for kind in path[1:]:
        phrase = f"the {kind} of {phrase}"
    asked = f"the name of {phrase}" if wanted == "name" and chance.random() < 0.5 else phrase
    if wanted != "name":
        asked = f"the {wanted.replace('_kg', '').replace('_m2', '').replace('_', ' ')} of {phrase}"
    chance.shuffle(made)
    return Trail(start, tuple(registers), (*links, wanted), entry[wanted], tuple(made)), asked


def _lines(chance: Chance, trail: Trail) -> list[str]:
    """Code that follows the trail, a line a call, and one that prints."""
    lines: list[str] = []
    key = quoted(trail.start)
    for register, wanted in zip(trail.registers, trail.keys, strict=True):
        variable = register.kind
        if register.shape == "tuple" and chance.random() < 0.5:
            lines.append(f"{', '.join(field if field != 'name' else variable for field in register.fields)} = {register.tool}({key})")
            key = wanted if wanted != "name" else variable
            continue
        lines.append(f"{variable} = {register.tool}({key})")
        key = register.part(variable, wanted)
    return [*lines, f"print({key})"]


def _registered(chance: Chance, phrase: Phrase) -> Instance:
    trail, asked = _trail(chance)
    lines = _lines(chance, trail)
    apart = chance.random() < 0.35
    first, second = trail.registers[0], trail.registers[1]

    def code() -> CodePolicy:
        if not apart:
            return (yield "\n".join(lines)).strip()
        key = quoted(trail.start)
        for register, wanted in zip(trail.registers[:-1], trail.keys[:-1], strict=True):
            yield f"{register.kind} = {register.tool}({key})\nprint({register.kind})"
            key = register.part(register.kind, wanted)
        last = trail.registers[-1]
        said = yield f"{last.kind} = {last.tool}({key})\nprint({last.part(last.kind, trail.keys[-1])})"
        return said.strip()

    def calls() -> CallPolicy:
        key: Any = trail.start
        for register, wanted in zip(trail.registers, trail.keys, strict=True):
            (reply,) = yield [Call(register.tool, (key,))]
            key = register.value(reply, wanted)
        return key

    return Instance(
        prompt=phrase(thing=asked),
        answer=trail.answer,
        check=check_of(trail.answer),
        code=code,
        calls=calls,
        tools=trail.tools,
        slips=(
            Slip("name as number", f"print({second.tool}({quoted(trail.start)}))", (Call(second.tool, (trail.start,)),)),
            Slip("wrong tool", f"print({trail.registers[-1].tool}({first.tool}({quoted(trail.start)})))"),
            Slip("wrong key", f'print({first.tool}({quoted(trail.start)})["{second.kind}"])'),
        ),
    )


FAMILIES = (Family("information/registers", "information", _registered, ASK, UNSEEN_ASK, weight=2.0),)

"""Questions that one to three records answer, one after the other.

Invariant: the answer is read from the world in making it. What the expert reads, it reads through the tools. It does not: search.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.data.families.information.kinds import KINDS
from codeact.data.families.information.wordings import ASK, UNSEEN_ASK
from codeact.data.families.information.world import Chain, World, chain, check_of
from codeact.data.families.naming import quoted, tool
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

_STARTS = ("country", "book", "company", "film", "museum", "painting", "stadium", "team", "bridge", "lake", "person")


def _asked(chance: random.Random, hops: Sequence[int]) -> tuple[World, Chain]:
    world = World(KINDS, chance)
    start = world.add(chance.choice(_STARTS), depth=3)
    return world, chain(world, start, chance.choice(hops))


def _in_turn(question: Chain, lookup: str) -> CodePolicy:
    """Reads a record after the other, each before the next is asked for."""
    said = ""
    for number, name in enumerate(question.names):
        said = yield f"print({lookup}({quoted(name)}))" if number % 2 == 0 else f"record = {lookup}({quoted(name)})\nprint(record)"
    del said
    return str(question.value)


def _made(question: Chain, phrase: Phrase, **rest: Any) -> Instance:
    return Instance(prompt=phrase(thing=question.phrase), answer=question.value, check=check_of(question.value), **rest)


def _records(chance: random.Random, phrase: Phrase) -> Instance:
    world, question = _asked(chance, (1, 2, 2, 3))
    lookup = chance.choice(("lookup", "get_record", "entry", "find_entry", "describe", "read_card"))
    parameter = chance.choice(("title", "name", "topic"))
    told = chance.random() < 0.5

    def find(name: str) -> dict[str, Any]:
        return world.named(name)

    fields = ", ".join(dict.fromkeys(key for one in world.records.values() for key in one)) if told else ""
    first = question.names[0]

    def code() -> CodePolicy:
        if not told:
            return (yield from _in_turn(question, lookup))
        lines = [f"record = {lookup}({quoted(first)})", *(f'record = {lookup}(record["{key}"])' for key in question.keys[:-1])]
        said = yield "\n".join([*lines, f'print(record["{question.keys[-1]}"])'])
        return said.strip()

    def calls() -> CallPolicy:
        record: dict[str, Any] = {}
        name = first
        for key in question.keys:
            (record,) = yield [Call(lookup, (name,))]
            name = record[key]
        return name

    description = f"The record of a thing: a dict with {fields}, as far as they apply." if told else "The record of a thing, as a dict."
    return _made(
        question,
        phrase,
        code=code,
        calls=calls,
        tools=(tool(find, lookup, description, {"name": parameter}),),
        slips=(
            Slip("wrong key", f'record = {lookup}({quoted(first)})\nprint(record["{question.keys[-1]}_value"])'),
            Slip("misread result", f"name, value = {lookup}({quoted(first)}).values()[0]\nprint(value)"),
        ),
    )


def _typed(chance: random.Random, phrase: Phrase) -> Instance:
    """A tool for each kind of things, its fields in the docstring."""
    world, question = _asked(chance, (2, 2, 3))
    verb = chance.choice(("find", "get", "load", "fetch", "show"))
    kinds = list(dict.fromkeys(world.kind_of[name] for name in question.names))
    others = [kind for kind in dict.fromkeys(world.kind_of.values()) if kind not in kinds][:1]

    def finder(kind: str) -> Callable[..., Any]:
        def find(name: str) -> dict[str, Any]:
            return world.named(name, kind)

        return find

    def made(kind: str) -> Any:
        fields = ", ".join(fact.key for fact in KINDS[kind].facts)
        return tool(finder(kind), f"{verb}_{kind}", f"A {kind} by its name: a dict with {fields}.")

    stops = [(f"{verb}_{world.kind_of[name]}", key) for name, key in zip(question.names, question.keys, strict=True)]
    apart = chance.random() < 0.4

    def code() -> CodePolicy:
        value, said = quoted(question.start), ""
        lines: list[str] = []
        for number, (name, key) in enumerate(stops):
            lines.append(f'{key} = {name}({value})["{key}"]')
            value = key
            if apart or number == len(stops) - 1:
                said = yield "\n".join([*lines, f"print({key})"])
                lines = []
        return said.strip()

    def calls() -> CallPolicy:
        value: Any = question.start
        for name, key in stops:
            (record,) = yield [Call(name, (value,))]
            value = record[key]
        return value

    tools = [made(kind) for kind in chance.sample([*kinds, *others], len(kinds) + len(others))]
    return _made(
        question,
        phrase,
        code=code,
        calls=calls,
        tools=tuple(tools),
        slips=(
            Slip("wrong tool", f"record = {stops[-1][0]}({quoted(question.start)})\nprint(record)"),
            Slip("misread result", f"record = {stops[0][0]}({quoted(question.start)})\nprint(record.{question.keys[0]})"),
        ),
    )


def _properties(chance: random.Random, phrase: Phrase) -> Instance:
    """One fact at a time, by the name of the property."""
    world, question = _asked(chance, (1, 2, 3))
    get = chance.choice(("get_property", "value_of", "fact", "ask", "read_property"))
    names = chance.choice(("properties", "list_properties", "known_facts", "property_names"))
    swapped = chance.random() < 0.4

    def one(entity: str, key: str) -> Any:
        record = world.named(entity)
        if key not in record:
            raise ValueError(f"{entity!r} has no property {key!r}; see {names}({entity!r})")
        return record[key]

    def other(key: str, entity: str) -> Any:
        return one(entity, key)

    def listed(entity: str) -> list[str]:
        return list(world.named(entity))

    def said_of(entity: str, key: str) -> str:
        return f'{get}("{key}", {entity})' if swapped else f'{get}({entity}, "{key}")'

    def code() -> CodePolicy:
        value, said = quoted(question.start), ""
        for place, name in enumerate(question.names):
            key = question.keys[place]
            yield f"print({names}({quoted(name)}))"
            said = yield f"{key} = {said_of(value, key)}\nprint({key})"
            value = quoted(said.strip())
        return said.strip()

    def calls() -> CallPolicy:
        value: Any = question.start
        for key in question.keys:
            yield [Call(names, (value,))]
            (value,) = yield [Call(get, (key, value) if swapped else (value, key))]
        return value

    tools = (
        tool(other if swapped else one, get, "One property of a thing.", {"key": chance.choice(("key", "property_name", "which"))}),
        tool(listed, names, "The names of all properties that a thing has."),
    )
    return _made(
        question,
        phrase,
        code=code,
        calls=calls,
        tools=tools,
        slips=(Slip("wrong property", f"print({said_of(quoted(question.start), 'the ' + question.keys[0])})"),),
    )


def _articles(chance: random.Random, phrase: Phrase) -> Instance:
    """Short texts, which have to be read."""
    world, question = _asked(chance, (1, 2, 2, 3))
    read = chance.choice(("read_article", "article", "open_page_of", "read_text", "encyclopedia"))

    def text(title: str) -> str:
        return world.article(title)

    def calls() -> CallPolicy:
        for name in question.names:
            yield [Call(read, (name,))]
        return question.value

    return _made(
        question,
        phrase,
        code=lambda: _in_turn(question, read),
        calls=calls,
        tools=(tool(text, read, "The text of a short article.", {"title": chance.choice(("title", "about", "subject"))}),),
        slips=(
            Slip("misread result", f'page = {read}({quoted(question.start)})\nprint(page["{question.keys[0]}"])'),
            Slip("forgotten print", f"page = {read}({quoted(question.start)})"),
        ),
    )


FAMILIES = (
    Family("information/records", "information", _records, ASK, UNSEEN_ASK),
    Family("information/typed", "information", _typed, ASK, UNSEEN_ASK),
    Family("information/properties", "information", _properties, ASK, UNSEEN_ASK),
    Family("information/articles", "information", _articles, ASK, UNSEEN_ASK),
)

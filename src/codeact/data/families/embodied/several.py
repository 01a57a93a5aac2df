"""Errands with several things: two to bring, and all of a kind to move.

Invariant: as of `errands`. It does not: carry two things at once.
"""

import random
from collections.abc import Sequence

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.data.families.embodied.building import Scene, numbered, scene, tools
from codeact.data.families.embodied.errands import CHECK, target, thing_of
from codeact.data.families.embodied.house import Place
from codeact.data.families.embodied.names import DISHES, FOODS, OBJECTS
from codeact.data.families.embodied.wordings import TWO, UNSEEN_TWO
from codeact.data.families.naming import quoted
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call


def _sweep(made: Scene, things: Sequence[str]) -> str:
    """Code that looks everywhere and notes where the things are."""
    verb = made.names
    return (
        f"where = {{}}\n"
        f"for place in {quoted(list(made.search))}:\n"
        f"    seen = {verb.go}(place)\n"
        f'    if "closed" in seen:\n'
        f"        seen = {verb.unclose}(place)\n"
        f"    for thing in {quoted(list(things))}:\n"
        f"        if thing in seen:\n"
        f"            where[thing] = place\n"
        f"print(where)"
    )


def _carry(made: Scene, to: Place) -> str:
    """Code that brings each thing from where it is."""
    verb = made.names
    opened = f"print({verb.go}({quoted(to.name)}))\nprint({verb.unclose}({quoted(to.name)}))\n" if to.closed else ""
    return (
        f"{opened}for thing, place in where.items():\n"
        f"    {verb.go}(place)\n"
        f"    print({verb.take}(thing))\n"
        f"    {verb.go}({quoted(to.name)})\n"
        f"    print({verb.put}(thing))"
    )


def _in_calls(made: Scene, things: Sequence[str], to: Place) -> CallPolicy:
    verb = made.names
    where: dict[str, str] = {}
    for place in made.search:
        (seen,) = yield [Call(verb.go, (place,))]
        if "closed" in seen:
            (seen,) = yield [Call(verb.unclose, (place,))]
        where |= {thing: place for thing in things if thing in seen}
        if len(where) == len(things):
            break
    calls = [Call(verb.go, (to.name,)), Call(verb.unclose, (to.name,))] if to.closed else []
    for thing, place in where.items():
        calls += [Call(verb.go, (place,)), Call(verb.take, (thing,)), Call(verb.go, (to.name,)), Call(verb.put, (thing,))]
    yield calls
    return "done"


def _two(chance: random.Random, phrase: Phrase) -> Instance:
    first, others = thing_of(chance, chance.choice((OBJECTS, DISHES, FOODS)))
    kind = first.rpartition(" ")[0]
    if chance.random() < 0.5:
        second = next(f"{kind} {number}" for number in (1, 2, 3) if not first.endswith(str(number)))
    else:
        (second,) = numbered(chance, others, 1)
        others = [one for one in others if one != second.rpartition(" ")[0]]
    to = target(chance)
    made = scene(chance, others, [to])
    for thing in (first, second):
        made.house.places[chance.choice(made.search)].things.append(thing)
    made.house.goal = lambda house: house.where(first) == house.where(second) == to.name
    apart = chance.random() < 0.7

    def code() -> CodePolicy:
        look, carry = _sweep(made, (first, second)), _carry(made, to)
        if apart:
            yield look
            yield carry
        else:
            yield f"{look}\n{carry}"
        return "done"

    verb = made.names
    return Instance(
        prompt=phrase(one=first, other=second, to=f"{'in' if to.closed else 'on'} the {to.name}", places=", ".join(made.search)),
        answer="done",
        check=CHECK,
        code=code,
        calls=lambda: _in_calls(made, (first, second), to),
        tools=tools(made, "go", "unclose", "take", "put"),
        slips=(
            Slip("list as argument", f"print({verb.take}({quoted([first, second])}))"),
            Slip("did not look first", f"print({verb.take}({quoted(first)}))\nprint({verb.take}({quoted(second)}))"),
        ),
    )


FAMILIES = (Family("embodied/two", "embodied", _two, TWO, UNSEEN_TWO),)

"""Makes a house, its tools, and the experts that find a thing in it.

Invariant: an expert knows the names of the places and what it was told by the tools; it looks at the places in the order of the prompt. It
does not: know where a thing is.
"""

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from codeact.data.families.embodied.house import House, Place, WorldTool
from codeact.data.families.embodied.names import CLOSED_PLACES, OPEN_PLACES, Verbs, verbs
from codeact.data.families.naming import quoted
from codeact.protocols import Call

CodeSteps = Generator[str, str, str]
CallSteps = Generator[Sequence[Call], list[Any], Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """A house that a task is about.

    Args:
        house: its state.
        names: of the tools.
        search: places in which a thing may be, in the order of the prompt.
        chance: chooses how the expert writes.
    """

    house: House
    names: Verbs
    search: tuple[str, ...]
    chance: random.Random


def numbered(chance: random.Random, kinds: Sequence[str], count: int) -> list[str]:
    """Different names of a kind and a number."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[f"{chance.choice(kinds)} {chance.randint(1, 3)}"] = None
    return list(found)


def scene(chance: random.Random, fillers: Sequence[str], extra: Sequence[Place] = ()) -> Scene:
    """A house of three to five places to look at, with things that nobody asks for.

    Args:
        chance: makes it.
        fillers: kinds of those things.
        extra: places that are not searched.
    """
    names = numbered(chance, OPEN_PLACES, chance.randint(1, 3)) + numbered(chance, CLOSED_PLACES, chance.randint(1, 2))
    chance.shuffle(names)
    places = {name: Place(name, closed=True if name.rpartition(" ")[0] in CLOSED_PLACES else None) for name in names}
    for thing in numbered(chance, fillers, chance.randint(2, 4)):
        places[chance.choice(names)].things.append(thing)
    places |= {place.name: place for place in extra}
    return Scene(House(places), verbs(chance), tuple(names), chance)


def tools(scene: Scene, *names: str) -> tuple[WorldTool, ...]:
    """The tools of the house.

    Args:
        scene: whose.
        names: of fields of `Verbs`: which tools there are.
    """
    house, verb = scene.house, scene.names

    def go(place: str) -> str:
        return house.go(place)

    def unclose(place: str) -> str:
        return house.unclose(place)

    def take(thing: str) -> str:
        return house.take(thing)

    def put(thing: str) -> str:
        return house.put(thing)

    def hot(thing: str) -> str:
        return house.change(thing, "hot")

    def cold(thing: str) -> str:
        return house.change(thing, "cold")

    def clean(thing: str) -> str:
        return house.change(thing, "clean")

    def light(lamp: str) -> str:
        return house.light(lamp)

    made = {
        "go": (go, "Go to a place and see what is there."),
        "unclose": (unclose, "Open the place where you are; says what is in it."),
        "take": (take, "Take a thing from where you are. You can hold one."),
        "put": (put, "Put the held thing down where you are."),
        "hot": (hot, "Make the held thing hot, at the place that does it."),
        "cold": (cold, "Make the held thing cold, at the place that does it."),
        "clean": (clean, "Make the held thing clean, at the place that does it."),
        "light": (light, "Switch a lamp at your place on or off."),
    }
    return tuple(WorldTool(house, made[one][0], name=getattr(verb, one), description=made[one][1], inline=True) for one in names)


def finding(scene: Scene, thing: str) -> str:
    """Code that looks for a thing place by place, and takes it where it is."""
    verb = scene.names
    return (
        f"for place in {quoted(list(scene.search))}:\n"
        f"    seen = {verb.go}(place)\n"
        f'    if "closed" in seen:\n'
        f"        seen = {verb.unclose}(place)\n"
        f"    print(seen)\n"
        f"    if {quoted(thing)} in seen:\n"
        f"        print({verb.take}({quoted(thing)}))\n"
        f"        break"
    )


def doing(steps: Sequence[tuple[str, str]]) -> str:
    """Code that calls tools and prints what each says.

    Args:
        steps: name of the tool and its argument.
    """
    return "\n".join(f"print({tool}({quoted(argument)}))" for tool, argument in steps)


def in_code(scene: Scene, thing: str, steps: Sequence[tuple[str, str]], answer: str, *, apart: bool) -> CodeSteps:
    """Find a thing, do the rest, answer.

    Args:
        scene: where.
        thing: to be found and taken.
        steps: what is done with it.
        answer: at the end.
        apart: the rest in an action of its own.
    """
    if apart:
        yield finding(scene, thing)
        yield doing(steps)
    else:
        yield f"{finding(scene, thing)}\n{doing(steps)}"
    return answer


def in_calls(scene: Scene, thing: str, steps: Sequence[tuple[str, str]], answer: str) -> CallSteps:
    """The same in calls, one a turn while something has to be read, then those that can be made one after the other."""
    verb = scene.names
    for place in scene.search:
        (seen,) = yield [Call(verb.go, (place,))]
        if "closed" in seen:
            (seen,) = yield [Call(verb.unclose, (place,))]
        if thing in seen:
            yield [Call(verb.take, (thing,)), *(Call(tool, (argument,)) for tool, argument in steps)]
            break
    return answer

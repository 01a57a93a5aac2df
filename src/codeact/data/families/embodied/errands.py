"""Errands in a house: find a thing, do something to it, bring it somewhere.

Invariant: the end state of the house decides, and an answer that says so. It does not: count steps.
"""

import random
from collections.abc import Callable

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.data.families.embodied.building import Scene, in_calls, in_code, numbered, scene, tools
from codeact.data.families.embodied.house import House, Place
from codeact.data.families.embodied.names import CLOSED_PLACES, DISHES, FOODS, LAMPS, OBJECTS
from codeact.data.families.embodied.wordings import BRING, LAMP, TREAT, UNSEEN_BRING, UNSEEN_LAMP, UNSEEN_TREAT
from codeact.data.families.naming import quoted
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

CHECK = "python:house"
_APPLIANCES = {
    "hot": ("stove", "microwave", "oven", "hot plate"),
    "cold": ("fridge", "ice box", "cold room"),
    "clean": ("sink", "basin", "tub"),
}
_WORDS = {"hot": ("heat", "hot"), "cold": ("cool", "cold"), "clean": ("clean", "clean")}


def hide(place: Scene, thing: str) -> None:
    """Put a thing into one of the places that are searched, not the last of many, so that runs stay short."""
    place.house.places[place.chance.choice(place.search[:3])].things.append(thing)


def target(chance: random.Random) -> Place:
    """A place to bring things to, with no name that is searched."""
    if chance.random() < 0.5:
        return Place(f"{chance.choice(('hallway', 'kitchen', 'garden', 'bedside'))} table")
    return Place(f"{chance.choice(('blue', 'large', 'corner', 'old'))} {chance.choice(CLOSED_PLACES)}", closed=True)


def thing_of(chance: random.Random, kinds: list[str]) -> tuple[str, list[str]]:
    """A thing, and the kinds that are left for others."""
    (thing,) = numbered(chance, kinds, 1)
    return thing, [kind for kind in kinds if kind != thing.rpartition(" ")[0]]


def bring(scene: Scene, thing: str, to: Place) -> list[tuple[str, str]]:
    """The steps that bring a held thing to a place."""
    verb = scene.names
    opened = [(verb.unclose, to.name)] if to.closed else []
    return [(verb.go, to.name), *opened, (verb.put, thing)]


def there(thing: str, place: str, state: str = "") -> Callable[[House], bool]:
    """The goal that a thing is at a place, in a state if one is told."""
    return lambda house: house.where(thing) == place and (not state or state in house.states.get(thing, set()))


def instance(made: Scene, prompt: str, thing: str, steps: list[tuple[str, str]], kinds: tuple[str, ...]) -> Instance:
    """An errand whose answer is ``done``."""
    apart = made.chance.random() < 0.6

    def code() -> CodePolicy:
        return in_code(made, thing, steps, "done", apart=apart)

    def calls() -> CallPolicy:
        return in_calls(made, thing, steps, "done")

    verb = made.names
    return Instance(
        prompt=prompt,
        answer="done",
        check=CHECK,
        code=code,
        calls=calls,
        tools=tools(made, *kinds),
        slips=(
            Slip("did not look first", f"print({verb.take}({quoted(thing)}))"),
            Slip("too many arguments", f"seen = {verb.go}({quoted(made.search[0])}, {quoted(thing)})\nprint(seen)"),
            Slip("misread result", f'seen = {verb.go}({quoted(made.search[0])})\nprint(seen["things"])'),
        ),
    )


def _bring(chance: random.Random, phrase: Phrase) -> Instance:
    thing, others = thing_of(chance, OBJECTS + DISHES)
    to = target(chance)
    made = scene(chance, others, [to])
    hide(made, thing)
    made.house.goal = there(thing, to.name)
    prompt = phrase(thing=thing, to=f"{'in' if to.closed else 'on'} the {to.name}", places=", ".join(made.search))
    return instance(made, prompt, thing, bring(made, thing, to), ("go", "unclose", "take", "put"))


def _treat(state: str, kinds: list[str]) -> Callable[[random.Random, Phrase], Instance]:
    def make(chance: random.Random, phrase: Phrase) -> Instance:
        thing, others = thing_of(chance, kinds)
        to = target(chance)
        machine = Place(chance.choice(_APPLIANCES[state]))
        made = scene(chance, others, [machine, to])
        hide(made, thing)
        made.house.changers[machine.name] = state
        made.house.goal = there(thing, to.name, state)
        verb, become = _WORDS[state]
        to_words = f"{'in' if to.closed else 'on'} the {to.name}"
        prompt = phrase(
            thing=thing, verb=verb, Verb=verb.capitalize(), state=become, machine=machine.name, to=to_words, places=", ".join(made.search)
        )
        steps = [(made.names.go, machine.name), (getattr(made.names, state), thing), *bring(made, thing, to)]
        return instance(made, prompt, thing, steps, ("go", "unclose", "take", "put", state))

    return make


def _lamp(chance: random.Random, phrase: Phrase) -> Instance:
    thing, others = thing_of(chance, OBJECTS)
    lamp = Place(chance.choice(LAMPS))
    made = scene(chance, others, [lamp])
    hide(made, thing)
    made.house.goal = lambda house: house.held == thing and house.here == lamp.name and lamp.name in house.lit
    prompt = phrase(thing=thing, lamp=lamp.name, places=", ".join(made.search))
    steps = [(made.names.go, lamp.name), (made.names.light, lamp.name)]
    return instance(made, prompt, thing, steps, ("go", "unclose", "take", "light"))


FAMILIES = (
    Family("embodied/bring", "embodied", _bring, BRING, UNSEEN_BRING),
    Family("embodied/heat", "embodied", _treat("hot", [*FOODS, "mug", "soup bowl", "plate"]), TREAT, UNSEEN_TREAT),
    Family("embodied/cool", "embodied", _treat("cold", [*FOODS, "glass", "bottle", "pan"]), TREAT, UNSEEN_TREAT),
    Family("embodied/clean", "embodied", _treat("clean", [*DISHES, "brush", "cloth", "sponge"]), TREAT, UNSEEN_TREAT),
    Family("embodied/lamp", "embodied", _lamp, LAMP, UNSEEN_LAMP),
)

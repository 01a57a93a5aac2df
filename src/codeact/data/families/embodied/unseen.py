"""Families that training never sees: a robot among shelves, and the feeding of a zoo.

Invariant: their tools and subject are in no other family. It does not: share wordings with those.
"""

import random
from dataclasses import dataclass
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.data.families.embodied.chores import States
from codeact.data.families.embodied.errands import CHECK
from codeact.data.families.embodied.house import WorldTool
from codeact.data.families.information.names import town
from codeact.data.families.naming import quoted
from codeact.data.families.words import words
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

_STEPS = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}


@dataclass
class Robot:
    """A robot on a floor of squares.

    Args:
        x, y: where it is.
        crate: where the crate is.
        loaded: it has lifted it.
    """

    x: int
    y: int
    crate: tuple[int, int]
    loaded: bool = False

    @property
    def done(self) -> bool:
        """Whether it has the crate."""
        return self.loaded


def _robot(chance: random.Random, phrase: Phrase) -> Instance:
    x, y = chance.randint(0, 9), chance.randint(0, 9)
    across, along = chance.choice((-4, -3, -2, -1, 1, 2, 3, 4)), chance.choice((-3, -2, -1, 1, 2, 3))
    robot = Robot(x, y, (x + across, y + along))

    def roll(heading: str, squares: int) -> tuple[int, int]:
        if heading not in _STEPS:
            raise ValueError(f"no heading {heading!r}; there are: {', '.join(_STEPS)}")
        robot.x += _STEPS[heading][0] * squares
        robot.y += _STEPS[heading][1] * squares
        return robot.x, robot.y

    def lift() -> str:
        robot.loaded = robot.loaded or (robot.x, robot.y) == robot.crate
        return "crate lifted" if robot.loaded else "there is no crate here"

    moves = [("east" if across > 0 else "west", abs(across)), ("north" if along > 0 else "south", abs(along))]
    code_text = "\n".join([*(f'print(roll("{heading}", {squares}))' for heading, squares in moves), "print(lift())"])

    def code() -> CodePolicy:
        yield code_text
        return "done"

    def calls() -> CallPolicy:
        yield [*(Call("roll", move) for move in moves), Call("lift")]
        return "done"

    return Instance(
        prompt=phrase(start=f"({x}, {y})", crate=f"({robot.crate[0]}, {robot.crate[1]})"),
        answer="done",
        check=CHECK,
        code=code,
        calls=calls,
        tools=(
            WorldTool(
                robot, roll, name="roll", description="Roll north (y grows), south, east (x grows), west; gives (x, y).", inline=True
            ),
            WorldTool(robot, lift, name="lift", description="Lift the crate on the robot's square.", inline=True),
        ),
        slips=(Slip("wrong argument", f"print(roll({robot.crate[0]}, {robot.crate[1]}))"),),
    )


_DIETS = {"otter": "fish", "zebra": "hay", "lemur": "fruit", "vulture": "meat", "tapir": "leaves", "penguin": "fish", "llama": "hay"}


def _zoo(chance: random.Random, phrase: Phrase) -> Instance:
    """Hungry animals are given what their kind eats."""
    names = chance.sample(words("Bibi Toto Zaza Momo Kiko Lulu Pepe Nunu Fifi Coco"), chance.randint(3, 5))
    kinds = {name: chance.choice(list(_DIETS)) for name in names}
    hungry = {name: chance.random() < 0.6 for name in names} | {names[0]: True}
    world = States(dict.fromkeys(names), {name: _DIETS[kinds[name]] if hungry[name] else None for name in names})

    def enclosure() -> list[tuple[str, str, bool]]:
        return [(name, kinds[name], hungry[name]) for name in names]

    def diet(species: str) -> str:
        if species not in _DIETS:
            raise ValueError(f"no species {species!r}; there are: {', '.join(_DIETS)}")
        return _DIETS[species]

    def feed(animal: str, food: str) -> str:
        world.now[world.has(animal, "animal")] = food
        return f"{animal} eats {food}"

    def code() -> CodePolicy:
        yield "for name, species, hungry in enclosure():\n    if hungry:\n        print(feed(name, diet(species)))"
        return "done"

    def calls() -> CallPolicy:
        (animals,) = yield [Call("enclosure")]
        wanting: list[Any] = [animal for animal in animals if animal[2]]
        foods = yield [Call("diet", (animal[1],)) for animal in wanting]
        yield [Call("feed", (animal[0], food)) for animal, food in zip(wanting, foods, strict=True)]
        return "done"

    return Instance(
        prompt=phrase(place=f"the {chance.choice(('river', 'hill', 'forest', 'desert', 'island'))} house of {town(chance)} Zoo"),
        answer="done",
        check=CHECK,
        code=code,
        calls=calls,
        tools=(
            WorldTool(world, enclosure, name="enclosure", description="The animals here: (name, species, hungry) each.", inline=True),
            WorldTool(world, diet, name="diet", description="What a species eats.", inline=True),
            WorldTool(world, feed, name="feed", description="Give an animal, by its name, a food.", inline=True),
        ),
        slips=(Slip("name as species", f"print(diet({quoted(names[0])}))"),),
    )


FAMILIES = (
    Family(
        "embodied/robot",
        "embodied",
        _robot,
        (
            "The robot is at {start}. [Drive|Steer] it to the crate at {crate} and lift [the crate|it]. [Answer|Say] done.",
            "[Fetch|Get] the crate at {crate} with the robot, which [stands|waits] at {start}. [Answer|Say] done when it is lifted.",
            "A crate [stands|lies] on square {crate}. [Send|Bring] the robot there from {start}, and have it lift the "
            "crate. Then say done.",
            "[Starting|Beginning] at {start}, roll the robot to {crate}; there it [has to lift|must lift] a crate. "
            "[Answer|Say] done at the end.",
        ),
        (
            "Crate: {crate}. Robot: {start}. [One has to get to the other and lift it.|The robot is to pick the crate up.] Report done.",
            "[Warehouse job|Order]: lift what is on {crate}, coming from {start}. [Finish|End] with the word done.",
        ),
        held_out=True,
    ),
    Family(
        "embodied/zoo",
        "embodied",
        _zoo,
        (
            "[Feed|Please feed] the hungry animals of {place}, each with what it eats. [Answer|Say] done [then|at the end].",
            "[It is feeding time|Feeding time at the zoo]: give [every|each] hungry animal of {place} its proper food. [Answer|Say] done.",
            "[Some animals of {place} are hungry.|Not all animals of {place} have eaten.] Feed those [that are hungry|who need it], by "
            "their diet. Say done.",
            "[Take care|See to it] that every hungry animal of {place} gets what its species eats[, and no other gets "
            "anything|]. [Answer|Say] done.",
        ),
        (
            "[The keeper is ill|I am the keeper's stand-in]: whoever is hungry in {place} gets the food of its kind. Report done.",
            "[Nobody stays hungry|No empty stomachs] in {place}, and [no wrong food|everyone gets the right food]. Finish with done.",
        ),
        held_out=True,
    ),
)

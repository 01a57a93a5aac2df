"""Chores for which tools tell the state of things as values: lamps, doors, plants, rooms, boxes.

Invariant: a world is a mapping of names to states, and the goal another; it is reached when they are equal, so that what nobody asked for
must not be done. It does not: tell states in sentences.
"""

import random
from dataclasses import dataclass
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.data.families.embodied import chore_wordings as say
from codeact.data.families.embodied.errands import CHECK
from codeact.data.families.embodied.house import WorldTool
from codeact.data.families.information import names
from codeact.data.families.naming import quoted, renamed
from codeact.data.families.words import capital, words
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

ROOMS = words("kitchen hall bathroom bedroom attic cellar office library garage nursery pantry workshop")
LAMP_KINDS = ("lamp", "spot", "lantern", "light")
PLANTS = words("fern cactus basil palm ivy orchid mint rose lavender aloe begonia bonsai")


@dataclass
class States:
    """A world of states.

    Args:
        now: by name.
        wanted: what it should come to.
    """

    now: dict[str, Any]
    wanted: dict[str, Any]

    @property
    def done(self) -> bool:
        """Whether it has."""
        return self.now == self.wanted

    def has(self, name: str, what: str) -> str:
        """The name, if there is such a thing.

        Raises:
            ValueError: there is none.
        """
        if name not in self.now:
            raise ValueError(f"there is no {what} {name!r}; there are: {', '.join(self.now)}")
        return name


def _tool(world: Any, function: Any, name: str, description: str, parameters: dict[str, str] | None = None) -> WorldTool:
    return WorldTool(world, renamed(function, parameters or {}), name=name, description=description, inline=True)


def _done(code: str) -> CodePolicy:
    yield code
    return "done"


def _lamps(chance: random.Random, phrase: Phrase) -> Instance:
    """Switch all lamps of some rooms off, or on."""
    rooms = chance.sample(ROOMS, chance.randint(2, 4))
    lamps = {room: [f"{room} {kind}" for kind in chance.sample(LAMP_KINDS, chance.randint(1, 2))] for room in rooms}
    world = States({lamp: chance.random() < 0.6 for ones in lamps.values() for lamp in ones}, {})
    first = next(iter(world.now))
    on = chance.random() < 0.3
    world.now[first] = not on
    world.wanted = dict.fromkeys(world.now, on)
    lights = chance.choice(("lights_in", "lamps_of", "list_lights", "find_lamps"))
    switch = chance.choice(("set_light", "switch_lamp", "set_lamp", "turn"))

    def listed(room: str) -> dict[str, bool]:
        if room not in lamps:
            raise ValueError(f"there is no room {room!r}; there are: {', '.join(rooms)}")
        return {lamp: world.now[lamp] for lamp in lamps[room]}

    def change(lamp: str, on: bool) -> str:
        world.now[world.has(lamp, "lamp")] = on
        return f"{lamp}: {'on' if on else 'off'}"

    condition = "not is_on" if on else "is_on"
    code = (
        f"for room in {quoted(rooms)}:\n    for lamp, is_on in {lights}(room).items():\n"
        f"        if {condition}:\n            print({switch}(lamp, {on}))"
    )

    def calls() -> CallPolicy:
        replies = yield [Call(lights, (room,)) for room in rooms]
        yield [Call(switch, (lamp, on)) for reply in replies for lamp, state in reply.items() if state != on]
        return "done"

    return Instance(
        prompt=phrase(rooms=", ".join(rooms), state="on" if on else "off"),
        answer="done",
        check=CHECK,
        code=lambda: _done(code),
        calls=calls,
        tools=(
            _tool(world, listed, lights, "The lamps of a room: a dict of name to whether it is on."),
            _tool(world, change, switch, "Switch a lamp on (True) or off (False).", {"lamp": chance.choice(("lamp", "name", "light"))}),
        ),
        slips=(
            Slip("room as lamp", f"print({switch}({quoted(rooms[0])}, {on}))"),
            Slip("missing argument", f"for room in {quoted(rooms)}:\n    for lamp in {lights}(room):\n        print({switch}(lamp))"),
        ),
    )


def _plants(chance: random.Random, phrase: Phrase) -> Instance:
    """Water those that are drier than a bound."""
    moisture = dict(zip(chance.sample(PLANTS, chance.randint(3, 6)), chance.sample(range(5, 95), 6), strict=False))
    values = sorted(moisture.values())
    place = chance.randrange(1, len(values))
    bound = (values[place - 1] + values[place] + 1) // 2
    amount = chance.choice((50, 100, 150, 200, 250))
    world = States(dict.fromkeys(moisture, 0), {plant: amount if value < bound else 0 for plant, value in moisture.items()})
    listing, sensor, pour = (
        chance.choice(("plants", "all_plants", "plant_names")),
        chance.choice(("moisture", "soil_moisture", "read_sensor", "dampness_of")),
        chance.choice(("water", "give_water", "pour", "irrigate")),
    )

    def listed() -> list[str]:
        return list(moisture)

    def measure(plant: str) -> int:
        return moisture[world.has(plant, "plant")]

    def give(plant: str, millilitres: int) -> str:
        world.now[world.has(plant, "plant")] += millilitres
        return f"{plant}: {world.now[plant]} ml"

    code = f"for plant in {listing}():\n    if {sensor}(plant) < {bound}:\n        print({pour}(plant, {amount}))"

    def calls() -> CallPolicy:
        (found,) = yield [Call(listing)]
        replies = yield [Call(sensor, (name,)) for name in found]
        yield [Call(pour, (name, amount)) for name, value in zip(found, replies, strict=True) if value < bound]
        return "done"

    return Instance(
        prompt=phrase(bound=bound, amount=amount),
        answer="done",
        check=CHECK,
        code=lambda: _done(code),
        calls=calls,
        tools=(
            _tool(world, listed, listing, "The names of all plants."),
            _tool(world, measure, sensor, "How wet a plant's soil is, in percent."),
            _tool(world, give, pour, "Give a plant water.", {"millilitres": chance.choice(("millilitres", "ml", "amount_ml"))}),
        ),
        slips=(
            Slip("not called", f"for plant in {listing}:\n    print({sensor}(plant))"),
            Slip("text as number", f'print({pour}({listing}()[0], "{amount} ml"))'),
        ),
    )


def _doors(chance: random.Random, phrase: Phrase) -> Instance:
    """Lock what is open, as a report tells: a list of dicts."""
    entries = [f"{room} {chance.choice(('door', 'window', 'hatch'))}" for room in chance.sample(ROOMS, chance.randint(3, 6))]
    world = States({name: chance.random() < 0.5 for name in entries}, dict.fromkeys(entries, True))
    world.now[chance.choice(entries)] = False
    report = chance.choice(("check_doors", "status", "report", "list_entries", "survey"))
    lock = chance.choice(("lock", "bolt", "secure", "lock_up"))
    flag = chance.choice(("locked", "is_locked"))

    def listed() -> list[dict[str, Any]]:
        return [{"name": name, flag: state} for name, state in world.now.items()]

    def close(name: str) -> str:
        world.now[world.has(name, "entry")] = True
        return f"{name} is locked"

    apart = chance.random() < 0.5
    work = f'for entry in {report}():\n    if not entry["{flag}"]:\n        print({lock}(entry["name"]))'

    def code() -> CodePolicy:
        if apart:
            yield f"print({report}())"
        yield work
        return "done"

    def calls() -> CallPolicy:
        (found,) = yield [Call(report)]
        yield [Call(lock, (entry["name"],)) for entry in found if not entry[flag]]
        return "done"

    told = "" if apart else f" of name and {flag}"
    return Instance(
        prompt=phrase(house=f"{chance.choice(('house', 'villa', 'shop', 'school', 'cottage', 'studio'))} in {names.last(chance)} Street"),
        answer="done",
        check=CHECK,
        code=code,
        calls=calls,
        tools=(
            _tool(world, listed, report, f"All entries, as a list of dicts{told}."),
            _tool(world, close, lock, "Lock one."),
        ),
        slips=(
            Slip("dict as name", f"for entry in {report}():\n    print({lock}(entry))"),
            Slip("misread result", f"for name, locked in {report}().items():\n    print(name, locked)"),
        ),
    )


def _heating(chance: random.Random, phrase: Phrase) -> Instance:
    """Bring rooms to a temperature by a change in degrees, which has to be computed."""
    rooms = chance.sample(ROOMS, chance.randint(2, 4))
    wish = chance.randint(16, 23)
    world = States({room: wish + chance.choice((-6, -4, -3, -1, 2, 3, 5)) for room in rooms}, dict.fromkeys(rooms, wish))
    read = chance.choice(("temperature", "thermometer", "degrees_in", "read_temperature"))
    change = chance.choice(("adjust", "change_by", "shift", "regulate"))

    def measure(room: str) -> int:
        return world.now[world.has(room, "room")]

    def alter(room: str, by: int) -> int:
        world.now[world.has(room, "room")] += by
        return world.now[room]

    code = f"for room in {quoted(rooms)}:\n    change = {wish} - {read}(room)\n    print(room, {change}(room, change))"

    def calls() -> CallPolicy:
        replies = yield [Call(read, (room,)) for room in rooms]
        yield [Call(change, (room, wish - value)) for room, value in zip(rooms, replies, strict=True)]
        return "done"

    return Instance(
        prompt=capital(phrase(rooms=", ".join(rooms), wish=wish)),
        answer="done",
        check=CHECK,
        code=lambda: _done(code),
        calls=calls,
        tools=(
            _tool(world, measure, read, "The temperature of a room in degrees."),
            _tool(world, alter, change, "Change a room by some degrees, down if negative; gives the new one."),
        ),
        slips=(
            Slip("list as room", f"print({read}({quoted(rooms)}))"),
            Slip("text for a number", f'print({change}({quoted(rooms[0])}, "up"))'),
        ),
    )


FAMILIES = (
    Family("embodied/lights", "embodied", _lamps, say.LAMPS, say.UNSEEN_LAMPS),
    Family("embodied/plants", "embodied", _plants, say.PLANTS, say.UNSEEN_PLANTS),
    Family("embodied/doors", "embodied", _doors, say.DOORS, say.UNSEEN_DOORS),
    Family("embodied/heating", "embodied", _heating, say.HEATING, say.UNSEEN_HEATING),
)

"""Families that training never sees: a harbour's registers, whose entries have numbers, and a tree of living things.

Invariant: their tools, kinds and subject are in no other family. It does not: share wordings with those.
"""

import itertools
import random
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.data.families.information import names
from codeact.data.families.information.wordings import named
from codeact.data.families.naming import quoted, tool
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

_RIGS = ("ketch", "schooner", "brig", "cutter", "barque", "sloop", "yawl", "lugger")


def _fleet(chance: random.Random) -> tuple[dict[int, str], dict[int, tuple[str, int]], dict[str, dict[str, Any]]]:
    """Ports and captains by their numbers, ships by their names."""
    ports = {chance.randint(10, 99): names.town(chance) for _ in range(3)}
    captains = {number: (names.person(chance), chance.choice(list(ports))) for number in chance.sample(range(100, 999), 4)}
    ships = {
        f"{chance.choice(('Sea', 'Star', 'Wind', 'Grey', 'Proud', 'Lucky'))} {names.first(chance)}": {
            "rig": chance.choice(_RIGS),
            "captain_id": captain,
            "tons": chance.randint(20, 900),
        }
        for captain in captains
    }
    return ports, captains, ships


def _harbour(chance: random.Random, phrase: Phrase) -> Instance:
    """A ship by its name, its captain by a number, the home port by another."""
    ports, captains, ships = _fleet(chance)
    ship = chance.choice(list(ships))

    def register(ship_name: str) -> dict[str, Any]:
        if ship_name not in ships:
            raise LookupError(f"no ship {ship_name!r} is registered")
        return ships[ship_name]

    def muster(captain_id: int) -> tuple[str, int]:
        return captains[captain_id]

    def berth(port_id: int) -> str:
        return ports[port_id]

    captain, port = captains[ships[ship]["captain_id"]]
    whole = chance.random() < 0.6
    lines = [f"ship = ship_register({quoted(ship)})", 'name, port = captains_roll(ship["captain_id"])']

    def code() -> CodePolicy:
        said = yield "\n".join([*lines, "print(port_name(port))" if whole else "print(name)"])
        return said.strip()

    def calls() -> CallPolicy:
        (record,) = yield [Call("ship_register", (ship,))]
        (pair,) = yield [Call("captains_roll", (record["captain_id"],))]
        if not whole:
            return pair[0]
        (town,) = yield [Call("port_name", (pair[1],))]
        return town

    return Instance(
        prompt=phrase(ship=ship, wanted="home port of the captain" if whole else "captain"),
        answer=ports[port] if whole else captain,
        code=code,
        calls=calls,
        tools=(
            tool(register, "ship_register", "A ship's entry: a dict with rig, captain_id and tons."),
            tool(muster, "captains_roll", "A captain's name and the number of the home port, as a tuple."),
            tool(berth, "port_name", "The name of the port with this number."),
        ),
        slips=(Slip("name as number", f"print(captains_roll({quoted(ship)}))"),),
    )


_RANKS = ("species", "genus", "family", "order", "class")


def _lineage(chance: random.Random, phrase: Phrase) -> Instance:
    """From a species upwards to the rank that is asked for."""
    stems = chance.sample(["lupa", "ferra", "cygna", "rubra", "mella", "torva", "silva", "nigra", "pela", "vela", "cora", "dura"], 6)
    endings = {"species": "x minor", "genus": "ris", "family": "idae", "order": "formes", "class": "oidea"}
    line = [f"{stems[place].capitalize()}{endings[rank]}" for place, rank in enumerate(_RANKS)]
    above = dict(itertools.pairwise(line))
    rank = chance.choice(_RANKS[2:])

    def taxon(latin_name: str) -> dict[str, Any]:
        if latin_name not in line:
            raise LookupError(f"{latin_name!r} is not in the tree of life")
        return {"rank": _RANKS[line.index(latin_name)], "parent": above.get(latin_name)}

    def code() -> CodePolicy:
        said = yield (f'name = {quoted(line[0])}\nwhile taxon(name)["rank"] != "{rank}":\n    name = taxon(name)["parent"]\nprint(name)')
        return said.strip()

    def calls() -> CallPolicy:
        name = line[0]
        while True:
            (found,) = yield [Call("taxon", (name,))]
            if found["rank"] == rank:
                return name
            name = found["parent"]

    return Instance(
        prompt=phrase(species=line[0], rank=rank),
        answer=line[_RANKS.index(rank)],
        code=code,
        calls=calls,
        tools=(tool(taxon, "taxon", "A group of living things: a dict with its rank and its parent's name (None at the top)."),),
        slips=(Slip("wrong key", f'print(taxon({quoted(line[0])})["{rank}"])'),),
    )


FAMILIES = (
    Family(
        "information/harbour",
        "information",
        _harbour,
        named(
            "[What|Who or what] is the {wanted} of the ship {ship}?",
            "[Name|Tell me|Find] the {wanted} of the {ship}.[ It is a ship in the register.| Use the harbour's books.]",
            "The {ship} [has just docked|lies at the quay]. [Give me|I need] the name of the {wanted}.",
            "[Harbour office|The harbour master] asks for the {wanted} of the {ship}. [The name?|Which name is it?]",
        ),
        (
            "[Somebody on the pier|A sailor] wonders about the {ship}: the name of its {wanted}?",
            "For the [log|chronicle], write down the {wanted} of the ship called {ship}[ (name only)].",
        ),
        held_out=True,
    ),
    Family(
        "information/lineage",
        "information",
        _lineage,
        (
            "To which {rank} does {species} belong?[ Use the tree of life.| The name, please.]",
            "[Find|Name|Tell me|Give me] the {rank} [of|that holds] {species}.[ Answer with its Latin name.| Only the name.]",
            "{species} is a species. [Which {rank} is it in|What is its {rank}]?[ Go up the tree.| Climb from parent to parent.]",
            "[In the tree of life|Going up from parent to parent], which {rank} [is above|contains] {species}?",
        ),
        (
            "[A student|My niece] found {species}; its {rank}, in Latin[, please]?",
            "Starting at {species}, [climb|walk] up until you [meet|reach] a {rank}; what is it called?",
        ),
        held_out=True,
    ),
)

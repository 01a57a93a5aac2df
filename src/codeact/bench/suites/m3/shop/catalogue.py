"""What a shop sells and who works in it, made up from a number.

Invariant: the same number gives the same shop: 20 things of 4 kinds, 16 people in 4 departments. Names, e-mail addresses, phone numbers
and fields of expertise are one person's each; prices are whole cents. It does not: make pages of it.
"""

from dataclasses import dataclass
from functools import lru_cache

from codeact.bench.suites.m3.chance import Chance

KINDS: dict[str, tuple[str, ...]] = {
    "lamps": ("Brass Lantern", "Reading Lamp", "Night Light", "Street Lamp", "Candle Holder", "Storm Lamp", "Paper Moon"),
    "clocks": ("Wall Clock", "Pocket Watch", "Egg Timer", "Tower Clock", "Ship's Chronometer", "Hourglass", "Cuckoo"),
    "boxes": ("Music Box", "Jewel Case", "Tea Chest", "Letter Tray", "Puzzle Box", "Tool Crate", "Snuff Tin"),
    "toys": ("Rocking Horse", "Tin Robot", "Spinning Top", "Kite", "Wooden Train", "Jumping Jack", "Marble Run"),
    "bowls": ("Salad Bowl", "Soup Tureen", "Sugar Basin", "Mixing Bowl", "Fruit Dish", "Finger Bowl", "Punch Bowl"),
    "tables": ("Writing Desk", "Card Table", "Folding Stand", "Work Bench", "Side Table", "Tea Trolley", "Lectern"),
}
DEPARTMENTS: tuple[str, ...] = ("Metalwork", "Joinery", "Ceramics", "Gears", "Varnish", "Dispatch")
FIRST = (
    "Ines", "Otto", "Pavel", "Mara", "Jonas", "Edda", "Lars", "Nils", "Ruth", "Bela", "Cleo", "Hugo", "Lena", "Milan", "Nora",
    "Tove", "Vera", "Anton",
    "Greta", "Felix",
)  # fmt: skip
LAST = (
    "Falk", "Brandt", "Horn", "Lind", "Reuter", "Stern", "Toft", "Arp", "Keller", "Moreau", "Novak", "Olsen", "Petri", "Quist",
    "Rossi", "Sommer",
    "Thorn", "Ulrich", "Vogel", "Winter",
)  # fmt: skip
EXPERTISE = (
    "engraving", "inlay work", "casting", "gilding", "escapements", "veneer", "bookbinding", "turning", "enamel", "glazing",
    "soldering", "carving",
    "upholstery", "lacquer", "springs", "hinges", "glass blowing", "basketry", "etching", "packing of fragile goods",
    "colour matching", "steam bending",
)  # fmt: skip
SHOPS = ("Falkenstein and Sons", "The Crooked Gable", "Harbour Lane Makers", "Copper and Elm")
_KINDS, _ITEMS, _DEPARTMENTS, _PEOPLE = 4, 5, 4, 16
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Item:
    """Something for sale."""

    name: str
    kind: str
    cents: int

    @property
    def address(self) -> str:
        """Of its page."""
        return f"/products/{self.kind}/{slug(self.name)}"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works there."""

    name: str
    department: str
    expertise: str
    email: str
    phone: str

    @property
    def address(self) -> str:
        """Of their page."""
        return f"/team/{slug(self.department)}/{slug(self.name)}"


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop."""

    name: str
    items: tuple[Item, ...]
    people: tuple[Person, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of the items."""
        return tuple(dict.fromkeys(item.kind for item in self.items))

    @property
    def departments(self) -> tuple[str, ...]:
        """Of the people."""
        return tuple(dict.fromkeys(person.department for person in self.people))


def slug(name: str) -> str:
    """A name as part of an address."""
    return "".join(letter for letter in name.lower().replace(" ", "-") if letter.isalpha() or letter == "-")


@lru_cache(maxsize=32)
def shop(number: int) -> Shop:
    """The shop of a number."""
    chance = Chance(f"shop {number}")
    items = tuple(
        Item(name, kind, chance.between(4, 240) * 100 + chance.between(5, 95, 5))
        for kind in chance.some(list(KINDS), _KINDS)
        for name in chance.some(KINDS[kind], _ITEMS)
    )
    return Shop(chance.pick(SHOPS), items, _people(chance))


def _people(chance: Chance) -> tuple[Person, ...]:
    departments = chance.some(DEPARTMENTS, _DEPARTMENTS)
    places = [name for name in departments for _ in range(_FEWEST)]
    places += [chance.pick(departments) for _ in range(_PEOPLE - len(places))]
    people = zip(
        chance.some(FIRST, _PEOPLE), chance.some(LAST, _PEOPLE), sorted(places, key=departments.index), chance.some(EXPERTISE, _PEOPLE),
        chance.some(range(100, 200), _PEOPLE),
        strict=True,
    )  # fmt: skip
    return tuple(
        Person(f"{first} {last}", department, expertise, f"{first.lower()}.{last.lower()}@shop.example", f"555-0{number}")
        for first, last, department, expertise, number in people
    )

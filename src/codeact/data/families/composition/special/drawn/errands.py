"""Errands that have a price, and what a quote for one has to be told.

Invariant: none is an errand of the suites. It does not: know prices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeact.data.families.composition.special.drawn.drawing import Parameter


@dataclass(frozen=True, slots=True)
class Wish:
    """An argument of a quote.

    Args:
        parameter: of the tool.
        told: of a value, as the question has it; for a yes or no both ways.
        values: that it may have.
    """

    parameter: Parameter
    told: Callable[[Any], str]
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that has a price.

    Args:
        told: of it, with a place for each wish.
        names: of its tool.
        doc: of its tool.
        wishes: arguments.
    """

    told: str
    names: tuple[str, ...]
    doc: str
    wishes: tuple[Wish, ...]


def _number(names: tuple[str, ...], low: int, high: int, step: int = 1) -> Wish:
    told = f"a whole number, for example {low + 2 * step}"
    return Wish(Parameter(names, int, told), str, range(low, high + 1, step))


def _choice(names: tuple[str, ...], *values: str) -> Wish:
    return Wish(Parameter(names, str, f"one of {', '.join(values)}"), str, values)


def _either(names: tuple[str, ...], yes: str, no: str) -> Wish:
    return Wish(Parameter(names, bool, f"whether it is{yes}"), lambda value: yes if value else no, (True, False))


ERRANDS = (
    Errand(
        "sending a parcel of {0} kg over {1} km{2}",
        ("parcel_price", "postage", "shipping_cost", "send_parcel_cost"),
        "What it costs to send a parcel.",
        (
            _number(("weight", "kg", "weight_kg", "mass"), 2, 40),
            _number(("km", "distance", "distance_km", "way"), 20, 900, 10),
            _either(("express", "fast", "urgent"), " by express", " without express"),
        ),
    ),
    Errand(
        "printing {0} pages {1} times in {2}",
        ("print_cost", "copy_price", "price_of_copies"),
        "The price of printing.",
        (
            _number(("pages", "sheets", "page_count"), 2, 300),
            _number(("copies", "times", "sets"), 2, 60),
            _choice(("mode", "ink", "colour_mode"), "black", "colour"),
        ),
    ),
    Errand(
        "a {0} room for {1} nights{2}",
        ("room_price", "stay_cost", "price_of_stay", "lodging"),
        "The price of a stay.",
        (
            _choice(("room", "kind", "room_type"), "single", "double", "family"),
            _number(("nights", "n_nights", "stay"), 2, 14),
            _either(("breakfast", "with_breakfast", "meals"), " with breakfast", " without breakfast"),
        ),
    ),
    Errand(
        "a {1} fence of {0} metres",
        ("fence_cost", "fencing", "price_of_fence"),
        "What a fence costs.",
        (_number(("metres", "length", "length_m"), 5, 220), _choice(("material", "kind", "made_of"), "oak", "wire", "bamboo", "steel")),
    ),
    Errand(
        "the {1} menu for {0} guests{2}",
        ("menu_price", "catering_cost", "banquet"),
        "The price of food for guests.",
        (
            _number(("guests", "people", "persons"), 6, 180),
            _choice(("menu", "menu_name", "food"), "garden", "seafood", "country"),
            _either(("wine", "with_wine", "drinks"), " with wine", " without wine"),
        ),
    ),
    Errand(
        "the hire of a {0} for {1} days{2}",
        ("hire_price", "rental_cost", "rent_machine"),
        "The price of hiring a machine.",
        (
            _choice(("machine", "device", "what"), "mixer", "digger", "sander", "crane"),
            _number(("days", "day_count", "length"), 2, 21),
            _either(("insured", "insurance", "with_insurance"), " with insurance", " without insurance"),
        ),
    ),
    Errand(
        "{0} hours of {1} lessons for {2} pupils",
        ("lesson_fee", "lesson_price", "course_price"),
        "The fee for lessons.",
        (
            _number(("hours", "lessons", "h"), 2, 40),
            _choice(("subject", "topic", "field"), "violin", "chess", "Latin", "judo"),
            _number(("pupils", "group", "group_size"), 2, 12),
        ),
    ),
    Errand(
        "painting {0} square metres in {1} coats",
        ("painting_cost", "paint_quote", "painter_price"),
        "What painting a wall costs.",
        (_number(("area", "m2", "square_metres"), 8, 400), _number(("coats", "layers", "n_coats"), 2, 5)),
    ),
    Errand(
        "a taxi from the {0} to the {1}{2}",
        ("fare", "taxi_fare", "ride_price"),
        "The fare of a ride.",
        (
            _choice(("start", "origin", "from_place"), "station", "harbour", "castle"),
            _choice(("end", "goal", "to_place", "destination"), "airport", "museum", "stadium"),
            _either(("night", "at_night", "late"), " at night", " by day"),
        ),
    ),
    Errand(
        "storing {0} crates for {1} weeks in the {2} hall",
        ("storage_fee", "warehouse_cost", "price_of_storing"),
        "The fee for storage.",
        (
            _number(("crates", "boxes", "units"), 3, 150),
            _number(("weeks", "w", "duration"), 2, 30),
            _choice(("hall", "hall_name", "place"), "cold", "dry", "open"),
        ),
    ),
    Errand(
        "translating {0} words from {1} to {2}",
        ("translation_price", "translate_cost", "quote_text"),
        "The price of a translation.",
        (
            _number(("words", "word_count", "n_words"), 100, 9000, 50),
            _choice(("source", "from_language", "original"), "Danish", "Thai", "Greek"),
            _choice(("target", "to_language", "into"), "French", "Polish", "Hindi"),
        ),
    ),
    Errand(
        "cutting {0} trees of {1} metres",
        ("felling_cost", "tree_price", "lumber_quote"),
        "What it costs to have trees cut.",
        (_number(("trees", "count", "how_many"), 2, 30), _number(("height", "metres", "tall"), 4, 35)),
    ),
)

"""Kinds of offers, and what they are made of.

Invariant: none is a kind of offers of the suites. It does not: make offers.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codeact.data.families.chances import between


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an offer.

    Args:
        names: that it may have.
        make: a value.
        least, most: of the offer with the lowest or highest one, after "the"; empty: it is not asked for.
        above, below: of a condition, after "that": {0} is the bound; empty: none.
    """

    names: tuple[str, ...]
    make: Callable[[random.Random], Any]
    least: str = ""
    most: str = ""
    above: str = ""
    below: str = ""

    def extreme(self, highest: bool) -> str:
        """How the offer with the highest or lowest of it is asked for; empty: not at all."""
        return self.most if highest else self.least

    def bound(self, over: bool) -> str:
        """How a condition on it is told; empty: there is none."""
        return self.above if over else self.below


def _clock(chance: random.Random) -> str:
    return f"{chance.randint(6, 22):02}:{chance.choice((0, 5, 10, 20, 25, 30, 40, 45, 50)):02}"


_PRICE = Field(("price", "cost", "euros", "fee"), between(5, 240), "cheapest", "dearest", "costs more than {0}", "costs less than {0}")
_RATING = Field(("rating", "score", "points"), between(1, 99), "worst rated", "best rated", "is rated above {0}", "is rated below {0}")


@dataclass(frozen=True, slots=True)
class Goods:
    """A kind of offers.

    Args:
        one, many: of them.
        names: of the tool that lists them.
        taking: names of the tool that takes one.
        taken: what is done then, in the question.
        where: what the tool is asked for: parameter names and values.
        fields: beside the code of an offer.
    """

    one: str
    many: str
    names: tuple[str, ...]
    taking: tuple[str, ...]
    taken: str
    where: tuple[tuple[str, ...], tuple[str, ...]]
    fields: tuple[Field, ...]


KINDS = (
    Goods(
        "ferry",
        "ferries",
        ("ferries_from", "ferry_list", "list_ferries"),
        ("board", "take_ferry", "buy_passage"),
        "buy a passage on it",
        (("harbour", "port", "from_harbour"), ("Sollum", "Varna Bay", "Port Kell")),
        (
            _PRICE,
            Field(("leaves", "departs", "at"), _clock, "earliest", "last", "leaves after {0}", "leaves before {0}"),
            Field(("places", "free", "left"), between(0, 60), "", "", "has more than {0} places", ""),
        ),
    ),
    Goods(
        "workshop",
        "workshops",
        ("workshops_on", "course_list", "find_workshops"),
        ("sign_up", "join_workshop", "enrol"),
        "sign up for it",
        (("topic", "subject", "about"), ("pottery", "bread", "bookbinding", "beekeeping")),
        (
            _PRICE,
            _RATING,
            Field(
                ("hours", "length", "lasts"),
                between(1, 12),
                "shortest",
                "longest",
                "lasts more than {0} hours",
                "lasts less than {0} hours",
            ),
        ),
    ),
    Goods(
        "bicycle",
        "bicycles",
        ("bikes_in", "used_bikes", "bicycle_offers"),
        ("buy_bike", "reserve_bike", "take_bike"),
        "reserve it",
        (("town", "place", "near"), ("Elmstead", "Norrby", "Tarsk")),
        (
            _PRICE,
            Field(("gears", "speeds"), between(1, 27), "", "", "has more than {0} gears", ""),
            Field(("year", "built", "made_in"), between(1975, 2025), "oldest", "newest", "was built after {0}", "was built before {0}"),
        ),
    ),
    Goods(
        "tutor",
        "tutors",
        ("tutors_of", "find_tutors", "teachers_for"),
        ("hire_tutor", "engage", "call_tutor"),
        "hire that person",
        (("subject", "field", "topic"), ("algebra", "Spanish", "drums")),
        (
            _PRICE,
            _RATING,
            Field(
                ("years", "experience", "teaching_for"), between(0, 40), "", "most experienced", "has more than {0} years of experience", ""
            ),
        ),
    ),
    Goods(
        "allotment",
        "allotments",
        ("gardens_free", "allotment_list", "plots_in"),
        ("lease", "rent_garden", "take_plot"),
        "lease it",
        (("district", "quarter", "side"), ("riverside", "old mill", "north end")),
        (_PRICE, Field(("area", "m2", "size"), between(40, 600), "smallest", "largest", "is larger than {0} m2", "is smaller than {0} m2")),
    ),
    Goods(
        "boat",
        "boats",
        ("boats_at", "boat_offers", "list_boats"),
        ("charter", "book_boat", "take_boat"),
        "charter it",
        (("lake", "water", "on_lake"), ("Lake Ora", "Lake Minn", "Tern Lake")),
        (
            _PRICE,
            _RATING,
            Field(("berths", "beds", "sleeps"), between(2, 12), "", "roomiest", "has more than {0} berths", ""),
        ),
    ),
    Goods(
        "concert",
        "concerts",
        ("concerts_in", "what_is_on", "gigs"),
        ("get_ticket", "buy_seat", "order_ticket"),
        "get a ticket for it",
        (("month", "in_month", "when"), ("May", "July", "October")),
        (
            _PRICE,
            Field(
                ("starts", "begins", "at"),
                _clock,
                "earliest",
                "latest",
                "starts after {0}",
                "starts before {0}",
            ),
        ),
    ),
    Goods(
        "office",
        "offices",
        ("offices_to_let", "office_list", "rooms_to_let"),
        ("let_office", "sign_lease", "take_office"),
        "sign the lease",
        (("street", "on_street", "road"), ("Mill Road", "Canal Row", "Bishop Street")),
        (
            _PRICE,
            Field(
                ("desks", "seats", "workplaces"),
                between(1, 40),
                "smallest",
                "largest",
                "has more than {0} desks",
                "has fewer than {0} desks",
            ),
        ),
    ),
    Goods(
        "puppy",
        "puppies",
        ("puppies_of", "litter", "dogs_for_sale"),
        ("adopt", "take_home", "reserve_puppy"),
        "reserve it",
        (("breed", "race", "sort"), ("beagle", "collie", "spaniel")),
        (
            _PRICE,
            Field(
                ("weeks", "age", "age_weeks"), between(6, 30), "youngest", "oldest", "is older than {0} weeks", "is younger than {0} weeks"
            ),
        ),
    ),
)

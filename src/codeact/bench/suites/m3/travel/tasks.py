"""Tasks of travel: what a journey of one to four stops costs.

Invariant: a prompt says of every flight and every hotel by what it is chosen, and the choice is one. Answers come from the world's
tables. It does not: use the tools.
"""

from dataclasses import dataclass

from codeact.bench.suites.m3.chance import Chance
from codeact.bench.suites.m3.draft import WHOLE, Draft, Pattern
from codeact.bench.suites.m3.travel.world import PREFERENCES, Hotel, World, world

FLIGHTS = "Take the cheapest flight each time; a flight is one way, and for one person."
ONE_NUMBER = "What do all flights and nights cost together? Answer with the number of dollars alone."
_WORLDS, _TRIES = 1_000_000, 50


@dataclass(frozen=True, slots=True)
class Wish:
    """By what a hotel is chosen: the `by` (price or rating) first of those that have some and lack others; `only`: there is but one."""

    by: str = "price"
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    only: bool = False

    @property
    def told(self) -> str:
        """In words."""
        having, lacking = " and ".join(self.having), " or ".join(self.lacking)
        which = f" with {having}" * bool(having) + f"{' but' * bool(having)} without {lacking}" * bool(lacking)
        return f"the only hotel{which}" if self.only else f"the {'cheapest' if self.by == 'price' else 'highest-rated'} hotel{which}"

    def chosen(self, hotels: list[Hotel]) -> Hotel | None:
        """The hotel of a place that is meant; None if the wish does not fit the place."""
        fit = [one for one in hotels if set(self.having) <= set(one.preferences) and not set(self.lacking) & set(one.preferences)]
        if not fit or (self.only and len(fit) != 1) or (not self.only and len(fit) < 2):
            return None
        return sorted(fit, key=lambda one: one.night if self.by == "price" else -one.tenths)[0]


@dataclass(frozen=True, slots=True)
class Stop:
    """A flight to a place, and the nights there."""

    start: str
    end: str
    date: str
    nights: int
    wish: Wish

    @property
    def told(self) -> str:
        """In words."""
        nights = f"{self.nights} night{'s' * (self.nights > 1)}"
        return f"from {self.start} to {self.end} on {self.date}, then {nights} in {self.wish.told}"

    def cost(self, of: World) -> int | None:
        """In dollars; None if it does not make a good task: no choice of flights, or none of hotels."""
        fares = of.fares.get((self.start, self.end, self.date), [])
        hotel = self.wish.chosen([one for one in of.hotels if one.place == self.end])
        return None if len(fares) < 2 or hotel is None else sorted(fares)[0] + self.nights * hotel.night


def _wish(chance: Chance, kind: str) -> Wish:
    have = tuple(sorted(chance.some(PREFERENCES, chance.between(1, 2))))
    match kind:
        case "cheapest":
            return Wish()
        case "best":
            return Wish("rating")
        case "cheapest with":
            return Wish(having=have)
        case "best with":
            return Wish("rating", have)
        case "only":
            return Wish(having=have, only=True)
        case _:
            return Wish(having=("gym",), lacking=("pool",), only=True)


def _journey(chance: Chance, kinds: tuple[str, ...], *, back: bool = False) -> Draft | None:
    number = chance.between(1, _WORLDS)
    tries = (_through(chance, number, kinds, back=back) for _ in range(_TRIES))
    return next((draft for draft in tries if draft is not None), None)


def _through(chance: Chance, number: int, kinds: tuple[str, ...], *, back: bool) -> Draft | None:
    of = world(number)
    places = chance.some(of.places, len(kinds) + 1)
    nights = [chance.between(1, 5) for _ in kinds]
    first = chance.between(0, len(of.dates) - sum(nights) - 1)
    days = [first + sum(nights[:count]) for count in range(len(kinds) + 1)]
    stops = [
        Stop(places[count], places[count + 1], of.dates[days[count]], nights[count], _wish(chance, kind))
        for count, kind in enumerate(kinds)
    ]
    costs = [stop.cost(of) for stop in stops]
    home = of.fares.get((places[-1], places[0], of.dates[days[-1]]), []) if back else [0]
    if None in costs or not home:
        return None
    lines = [stop.told for stop in stops] + [f"from {places[-1]} to {places[0]} on {of.dates[days[-1]]}, the end of the journey"] * back
    prompt = "A journey:\n" + "\n".join(f"{count}. {line}" for count, line in enumerate(lines, start=1)) + f"\n{FLIGHTS} {ONE_NUMBER}"
    legs = [{"flight": [s.start, s.end, s.date], "nights": s.nights, "by": s.wish.by, "having": list(s.wish.having),
             "lacking": list(s.wish.lacking)} for s in stops]  # fmt: skip
    legs += [{"flight": [places[-1], places[0], of.dates[days[-1]]], "nights": 0}] * back
    return Draft(prompt, sum(filter(None, costs)) + min(home), "number", WHOLE, {"world": number, "legs": legs})


def _pattern(name: str, *kinds: str, back: bool = False) -> Pattern:
    def pattern(chance: Chance) -> Draft | None:
        return _journey(chance, kinds, back=back)

    pattern.__name__ = name
    return pattern


PATTERNS = (
    _pattern("cheapest", "cheapest"),
    _pattern("cheapest_and_back", "cheapest", back=True),
    _pattern("best", "best"),
    _pattern("best_and_back", "best", back=True),
    _pattern("cheapest_with", "cheapest with"),
    _pattern("best_with", "best with"),
    _pattern("only_one", "only"),
    _pattern("gym_but_no_pool", "gym, no pool"),
    _pattern("two_stops", "cheapest", "best"),
    _pattern("two_stops_and_back", "best with", "cheapest with", back=True),
    _pattern("three_stops", "cheapest", "best", "cheapest"),
    _pattern("three_stops_with_wishes", "cheapest with", "best", "best with"),
    _pattern("three_stops_only_one", "best", "only", "cheapest"),
    _pattern("three_stops_and_back", "best", "cheapest", "cheapest with", back=True),
    _pattern("four_stops", "cheapest", "best", "cheapest with", "best"),
)
"""One for each of the domain's 15 tasks: 8 of one stop, 2 of two, 4 of three, one of four."""

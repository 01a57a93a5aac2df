"""Tools of a traveller, over one world.

Invariant: what cannot be in any world (a place, a date, a preference that does not exist) is refused by name; what merely is not there
gives an empty list. It does not: book anything.
"""

import re
from collections.abc import Callable
from datetime import date as Day
from typing import Any, TypedDict

from codeact.bench.suites.m3.arithmetic import numbers
from codeact.bench.suites.m3.travel.world import PREFERENCES, World

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class FlightRow(TypedDict):
    """A flight, one way for one person; the price is in dollars."""

    from_location: str
    to_location: str
    date: str
    price: int


class HotelRow(TypedDict):
    """A hotel; the price of a night is in dollars, the rating goes to 5."""

    location: str
    preferences: list[str]
    price_per_night: int
    rating: float


class Agency:
    """Knows the flights and hotels of a world.

    Args:
        world: which.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def find_flights(self, from_location: str, to_location: str, date: str) -> list[FlightRow]:
        """All flights from one place to another on a day, in no particular order; an empty list if there is none.

        Args:
            from_location, to_location: names of places.
            date: as YYYY-MM-DD.
        """
        self._known(from_location, to_location)
        _dated(date)
        return [
            {"from_location": one.start, "to_location": one.end, "date": one.date, "price": one.price}
            for one in self._world.flights
            if (one.start, one.end, one.date) == (from_location, to_location, date)
        ]

    def book_hotel(self, location: str, *preferences: str) -> list[HotelRow]:
        """The hotels of a place that have all that is preferred, in no particular order; all hotels without preferences. Nothing is booked.

        Args:
            location: name of a place.
            preferences: any of gym, pool, wifi.
        """
        self._known(location)
        unknown = next((one for one in preferences if one not in PREFERENCES), None)
        if unknown is not None:
            raise ValueError(f"there is no preference {unknown[:80]!r}; there are: {', '.join(PREFERENCES)}")
        return [
            {"location": one.place, "preferences": list(one.preferences), "price_per_night": one.night, "rating": one.tenths / 10}
            for one in self._world.hotels
            if one.place == location and set(preferences) <= set(one.preferences)
        ]

    def _known(self, *places: str) -> None:
        unknown = next((place for place in places if place not in self._world.places), None)
        if unknown is not None:
            raise ValueError(f"there is no place {unknown[:80]!r}; there are: {', '.join(self._world.places)}")


def budget_calculator(flight_price: float, hotel_price_per_night: float, num_nights: int) -> float:
    """What a flight and a stay cost together, in the currency of the prices.

    Args:
        flight_price: of one flight.
        hotel_price_per_night: of one night.
        num_nights: number of nights, 0 or more.
    """
    if num_nights < 0:
        raise ValueError(f"there are no {num_nights} nights; give 0 or more")
    return flight_price + hotel_price_per_night * num_nights


def largest(*args: float | list[float]) -> float:
    """The largest of several numbers, given one by one or as a list."""
    return max(numbers("max", args))


def smallest(*args: float | list[float]) -> float:
    """The smallest of several numbers, given one by one or as a list."""
    return min(numbers("min", args))


def total(*args: float | list[float]) -> float:
    """The sum of several numbers, given one by one or as a list."""
    return sum(numbers("sum", args))


NAMED: dict[str, Callable[..., Any]] = {"max": largest, "min": smallest, "sum": total}
"""Tools by the name that the model sees, which would hide a builtin if a module had it."""


def _dated(date: str) -> None:
    try:
        if _DATE.fullmatch(date):
            Day.fromisoformat(date)
            return
    except ValueError:
        pass
    raise ValueError(f"{date[:80]!r} is no date; write one as 2027-05-09")

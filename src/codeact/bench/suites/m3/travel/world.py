"""A world of journeys: flights by the day and hotels, made up from a number.

Invariant: the same number gives the same world. In one place, no two hotels have the same price or rating. It does not: choose among
them.
"""

from dataclasses import dataclass
from functools import lru_cache

from codeact.bench.suites.m3.chance import Chance

NAMES = ("Aldra", "Bresk", "Corvo", "Dunmar", "Estwick", "Farholm", "Gilda", "Harrow", "Istria", "Jorvik")
PREFERENCES = ("gym", "pool", "wifi")
_PLACES, _HOTELS = 5, 4
_MOST_FLIGHTS = 3


@dataclass(frozen=True, slots=True)
class Flight:
    """A flight: the price is in dollars, for one person, one way."""

    start: str
    end: str
    date: str
    price: int


@dataclass(frozen=True, slots=True)
class Hotel:
    """A hotel: the price is in dollars for a night, the rating in tenths of a star."""

    place: str
    preferences: tuple[str, ...]
    night: int
    tenths: int


@dataclass(frozen=True, slots=True)
class World:
    """What there is; `fares` has the prices of the flights by start, end and date."""

    places: tuple[str, ...]
    dates: tuple[str, ...]
    flights: tuple[Flight, ...]
    hotels: tuple[Hotel, ...]
    fares: dict[tuple[str, str, str], list[int]]


@lru_cache(maxsize=32)
def world(number: int) -> World:
    """The world of a number."""
    chance = Chance(f"travel {number}")
    places = tuple(sorted(chance.some(NAMES, _PLACES)))
    month = chance.between(3, 10)
    dates = tuple(f"2027-{month:02}-{day:02}" for day in range(3, 27))
    flights = tuple(
        Flight(start, end, date, chance.between(90, 940))
        for start in places
        for end in places
        if start != end
        for date in dates
        for _ in range(chance.between(0, _MOST_FLIGHTS))
    )
    fares: dict[tuple[str, str, str], list[int]] = {}
    for flight in flights:
        fares.setdefault((flight.start, flight.end, flight.date), []).append(flight.price)
    hotels = [hotel for place in places for hotel in _hotels(chance, place)]
    return World(places, dates, flights, tuple(chance.shuffled(hotels)), fares)


def _hotels(chance: Chance, place: str) -> list[Hotel]:
    nights = chance.some(range(50, 200, 5), _HOTELS)
    ratings = chance.some(range(28, 50), _HOTELS)
    return [
        Hotel(place, tuple(sorted(chance.some(PREFERENCES, chance.between(1, len(PREFERENCES))))), night, rating)
        for night, rating in zip(nights, ratings, strict=True)
    ]

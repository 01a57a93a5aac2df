"""Journeys: flights by the day, hotels by wishes, and what they cost together.

Invariant: the same timetable at every time. Answers are computed here from the tables and not by the tools.
"""

import random
from typing import Any

from agent.oracles.task import CallPolicy, CodePolicy, Task, at_once, calls_of

CITIES = ("Aland", "Borka", "Cetin", "Dorn", "Elva")
DAYS = tuple(f"2026-05-{day:02}" for day in range(10, 22))
_RANDOM = random.Random(11)
FLIGHTS = [
    {"from": start, "to": end, "date": day, "number": f"{start[0]}{end[0]}{_RANDOM.randrange(100, 999)}", "price": _RANDOM.randrange(90, 700)}
    for start in CITIES
    for end in CITIES
    for day in DAYS
    for _ in range(2)
    if start != end
]  # fmt: skip
HOTELS = [
    {"city": city, "name": f"{city} {name}", "wishes": sorted(_RANDOM.sample(("gym", "pool", "sauna", "wifi"), 2)), "night": night, "stars": stars}
    for city in CITIES
    for name, night, stars in zip(("Inn", "Palace", "House", "View"), _RANDOM.sample(range(45, 220), 4), _RANDOM.sample(range(20, 50), 4), strict=True)
]  # fmt: skip
# ruff: noqa: E501 -- one table a line


def find_flights(origin: str, destination: str, date: str) -> list[dict[str, Any]]:
    """Flights of a day: `number` and `price`.

    Args:
        date: as 2026-05-10.
    """
    _known(origin, destination)
    return [
        {"number": flight["number"], "price": flight["price"]}
        for flight in FLIGHTS
        if (flight["from"], flight["to"], flight["date"]) == (origin, destination, date)
    ]


def find_hotels(city: str, wishes: list[str] | None = None) -> list[dict[str, Any]]:
    """Hotels that have all that is wished for (`gym`, `pool`, `sauna`, `wifi`): `name`, `night` (the price of one) and `stars`."""
    _known(city)
    return [
        {key: hotel[key] for key in ("name", "night", "stars")}
        for hotel in HOTELS
        if hotel["city"] == city and set(wishes or ()) <= set(hotel["wishes"])
    ]


def _known(*cities: str) -> None:
    for city in cities:
        if city not in CITIES:
            raise ValueError(f"there is no city {city!r}; there are: {', '.join(CITIES)}")


def _fare(start: str, end: str, day: str) -> int:
    return min(flight["price"] for flight in FLIGHTS if (flight["from"], flight["to"], flight["date"]) == (start, end, day))


def _night(city: str) -> int:
    return min(hotel["night"] for hotel in HOTELS if hotel["city"] == city)


def _cheapest(rows: list[dict[str, Any]], key: str = "price") -> Any:
    return min(row[key] for row in rows)


def _trip_calls() -> CallPolicy:
    flights, hotels = yield [*calls_of("find_flights", ("Aland", "Dorn", DAYS[1])), *calls_of("find_hotels", ("Dorn",))]
    return _cheapest(flights) + 3 * _cheapest(hotels, "night")


ROUND = (("Aland", "Borka", DAYS[0], 2), ("Borka", "Elva", DAYS[2], 4), ("Elva", "Cetin", DAYS[6], 1), ("Cetin", "Aland", DAYS[7], 0))


def _round_calls() -> CallPolicy:
    stays = [stop for stop in ROUND if stop[3]]
    found = yield [
        *calls_of("find_flights", *(stop[:3] for stop in ROUND)),
        *calls_of("find_hotels", *((stop[1],) for stop in stays)),
    ]
    nights = sum(stop[3] * _cheapest(rows, "night") for stop, rows in zip(stays, found[len(ROUND) :], strict=True))
    return sum(map(_cheapest, found[: len(ROUND)])) + nights


def _day_calls() -> CallPolicy:
    found = yield calls_of("find_flights", *(("Borka", "Cetin", day) for day in DAYS))
    return min(DAYS, key=lambda day: _cheapest(found[DAYS.index(day)]))


def _choice_code() -> CodePolicy:
    shown = yield """
best = None
for city in ("Borka", "Cetin", "Dorn", "Elva"):
    hotels = find_hotels(city, ["pool"])
    flights = find_flights("Aland", city, "2026-05-15")
    if hotels and flights:
        hotel = max(hotels, key=lambda each: each["stars"])
        total = min(each["price"] for each in flights) + 2 * hotel["night"]
        best = min(best or (total, city), (total, city))
print(best[1])
""".strip()
    return shown.strip()


def _choice_calls() -> CallPolicy:
    cities = CITIES[1:]
    hotels = yield calls_of("find_hotels", *((city, ["pool"]) for city in cities))
    open_to = [(city, max(rows, key=lambda row: row["stars"])["night"]) for city, rows in zip(cities, hotels, strict=True) if rows]
    flights = yield calls_of("find_flights", *(("Aland", city, DAYS[5]) for city, _ in open_to))
    return min((_cheapest(rows) + 2 * night, city) for (city, night), rows in zip(open_to, flights, strict=True))[1]


def _choice() -> str:
    costs: list[tuple[int, str]] = []
    for city in CITIES[1:]:
        pools = [hotel for hotel in HOTELS if hotel["city"] == city and "pool" in hotel["wishes"]]
        if pools:
            costs.append((_fare("Aland", city, DAYS[5]) + 2 * sorted(pools, key=lambda hotel: hotel["stars"])[-1]["night"], city))
    return sorted(costs)[0][1]


def _tools() -> list[Any]:
    return [find_flights, find_hotels]


TASKS = (
    Task(
        "travel: one trip",
        "Cheapest flight from Aland to Dorn on 2026-05-11 and three nights in the cheapest hotel there: what do they cost together?",
        _tools,
        at_once("""
fare = min(flight["price"] for flight in find_flights("Aland", "Dorn", "2026-05-11"))
night = min(hotel["night"] for hotel in find_hotels("Dorn"))
print(fare + 3 * night)
"""),
        _trip_calls,
        lambda: _fare("Aland", "Dorn", DAYS[1]) + 3 * _night("Dorn"),
    ),
    Task(
        "travel: a round of four flights",
        "Aland to Borka on 2026-05-10 (2 nights), to Elva on 2026-05-12 (4 nights), to Cetin on 2026-05-16 (1 night), back to Aland on "
        "2026-05-17, all as cheap as can be: what does it cost?",
        _tools,
        at_once("""
stops = [("Aland", "Borka", "2026-05-10", 2), ("Borka", "Elva", "2026-05-12", 4), ("Elva", "Cetin", "2026-05-16", 1), ("Cetin", "Aland", "2026-05-17", 0)]
total = 0
for start, end, date, nights in stops:
    total += min(flight["price"] for flight in find_flights(start, end, date))
    if nights:
        total += nights * min(hotel["night"] for hotel in find_hotels(end))
print(total)
"""),
        _round_calls,
        lambda: sum(_fare(*stop[:3]) + (stop[3] * _night(stop[1]) if stop[3] else 0) for stop in ROUND),
    ),
    Task(
        "travel: the cheapest day",
        "On which day from 2026-05-10 to 2026-05-21 is a flight from Borka to Cetin cheapest? The first one if several are. As 2026-05-10.",
        _tools,
        at_once("""
days = [f"2026-05-{day}" for day in range(10, 22)]
print(min(days, key=lambda day: min(flight["price"] for flight in find_flights("Borka", "Cetin", day))))
"""),
        _day_calls,
        lambda: sorted((_fare("Borka", "Cetin", day), day) for day in DAYS)[0][1],
    ),
    Task(
        "travel: where to go",
        "From Aland on 2026-05-15 for two nights, in the hotel with most stars among those with a pool: which city is cheapest, "
        "of Borka, Cetin, Dorn and Elva? Some have no such hotel.",
        _tools,
        _choice_code,
        _choice_calls,
        _choice,
    ),
)  # fmt: skip

"""How an agent that never errs plans journeys.

Invariant: as of `codeact.bench.policies`; it knows of a task what its prompt says. Choosing a row is done in the head, adding by the
tools. It does not: know the world.
"""

from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, at_once, calls_of
from codeact.bench.task import Task
from codeact.protocols import Call

_CODE = """
legs = {legs!r}
total = 0
for start, end, date, nights, by, having, lacking in legs:
    fare = min(flight["price"] for flight in find_flights(start, end, date))
    night = 0
    if nights:
        hotels = [hotel for hotel in book_hotel(end, *having) if not set(lacking) & set(hotel["preferences"])]
        hotels.sort(key=lambda hotel: hotel["price_per_night"] if by == "price" else -hotel["rating"])
        night = hotels[0]["price_per_night"]
    total += budget_calculator(fare, night, nights)
print(total)
"""


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    data: dict[str, Any] = task.data
    legs = [(*leg["flight"], leg["nights"], *(leg.get(name) for name in ("by", "having", "lacking"))) for leg in data["legs"]]
    return at_once(_CODE.format(legs=legs))


def calls(task: Task) -> CallPolicy:
    """The policy in calls."""
    data: dict[str, Any] = task.data
    legs = data["legs"]
    stays = [leg for leg in legs if leg["nights"]]
    found = yield [
        *calls_of("find_flights", *(leg["flight"] for leg in legs)),
        *calls_of("book_hotel", *((leg["flight"][1], *leg["having"]) for leg in stays)),
    ]
    fares = [min(flight["price"] for flight in rows) for rows in found[: len(legs)]]
    nights = [_night(leg, rows) for leg, rows in zip(stays, found[len(legs) :], strict=True)]
    costs = yield [Call("budget_calculator", (fare, night, leg["nights"])) for leg, fare, night in zip(stays, fares, nights, strict=False)]
    costs += fares[len(stays) :]
    if len(costs) == 1:
        return costs[0]
    (total,) = yield calls_of("sum", costs)
    return total


def _night(leg: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    fit = [row for row in rows if not set(leg["lacking"]) & set(row["preferences"])]
    return min(fit, key=lambda row: row["price_per_night"] if leg["by"] == "price" else -row["rating"])["price_per_night"]

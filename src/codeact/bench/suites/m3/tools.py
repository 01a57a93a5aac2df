"""The tools of a task: those of its domain, anew for each attempt.

Invariant: what a tool remembers (where a browser is) is of one attempt. It does not: know answers.
"""

from collections.abc import Sequence
from typing import Any

from codeact.bench.suites.m3 import arithmetic
from codeact.bench.suites.m3.decoder.tools import TOOLS as DECODER
from codeact.bench.suites.m3.dna.tools import TOOLS as DNA
from codeact.bench.suites.m3.shop.browser import Browser
from codeact.bench.suites.m3.shop.pages import HOME, pages
from codeact.bench.suites.m3.trade.tools import TOOLS as TRADE
from codeact.bench.suites.m3.travel.tools import NAMED, Agency, budget_calculator
from codeact.bench.suites.m3.travel.world import world
from codeact.bench.task import Task
from codeact.tools.function import FunctionTool


def make_tools(task: Task) -> Sequence[Any]:
    """The tools of a task."""
    data: dict[str, Any] = task.data
    match task.domain:
        case "message_decoder":
            return DECODER
        case "cryptobotanists_plant_dna_sequencer":
            return DNA
        case "trade_calculator":
            return TRADE
        case "travel_itinerary_planning":
            agency = Agency(world(data["world"]))
            named = [FunctionTool(function, name=name) for name, function in NAMED.items()]
            return [agency.find_flights, agency.book_hotel, budget_calculator, *named]
        case _:
            browser = Browser(pages(data["shop"]), HOME)
            moves = [browser.click_url, browser.go_to_previous_page, browser.scroll_down, browser.scroll_up, browser.view]
            return [*moves, arithmetic.calculator]

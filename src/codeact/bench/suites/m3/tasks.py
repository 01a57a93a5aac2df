"""The tasks of the suite: 82 that are always the same, or as many variants as are wanted, made up from a seed.

Invariant: the same seed and number give the same tasks, in any version of Python. Variants are of the same domains and patterns, in the
same proportions; each has its own figures, and its own world where it has one. It does not: use the tools.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.bench.suites.m3.chance import Chance
from codeact.bench.suites.m3.decoder.tasks import PATTERNS as MESSAGES
from codeact.bench.suites.m3.dna.tasks import PATTERNS as STRANDS
from codeact.bench.suites.m3.draft import Pattern, drawn
from codeact.bench.suites.m3.shop.tasks import PATTERNS as PAGES
from codeact.bench.suites.m3.trade.tasks import PATTERNS as DEALS
from codeact.bench.suites.m3.travel.tasks import PATTERNS as JOURNEYS

PATTERNS: dict[str, tuple[Pattern, ...]] = {
    "message_decoder": MESSAGES,
    "cryptobotanists_plant_dna_sequencer": STRANDS,
    "trade_calculator": DEALS,
    "travel_itinerary_planning": JOURNEYS,
    "web_browsing": PAGES,
}
"""Domain to the patterns of its tasks: 8, 8, 17, 15 and 34."""

_TOTAL = sum(map(len, PATTERNS.values()))


def make_tasks(data: Path | None, seed: int, variants: int = 0) -> Iterator[dict[str, Any]]:
    """The tasks.

    Args:
        data: not used: all is made up.
        seed: of the variants; the 82 do not depend on it.
        variants: how many to make up in place of the 82; 0: the 82.

    Raises:
        InputError: `variants` is no number of tasks.
    """
    if isinstance(variants, bool) or not isinstance(variants, int) or variants < 0:
        raise errors.InputError(f"the suite 'm3' takes a number of variants, 0 or more, not {variants!r}")
    for domain, patterns in PATTERNS.items():
        for number in range(share(domain, variants) if variants else len(patterns)):
            pattern = patterns[number % len(patterns)]
            which = f"variant {seed}" if variants else "fixed"
            draft = drawn(pattern, Chance(f"m3 {which} {domain} {number}"))
            yield {
                "id": f"{domain}-{f's{seed}-' if variants else ''}{number + 1:02}-{pattern.__name__}",
                "prompt": draft.prompt,
                "answer": draft.answer,
                "check": draft.check,
                "tolerance": draft.tolerance,
                "tags": [domain, pattern.__name__],
                "data": draft.data,
            }


def share(domain: str, total: int) -> int:
    """How many of `total` tasks are of a domain: in proportion, the largest remainders rounded up."""
    exact = {name: total * len(patterns) / _TOTAL for name, patterns in PATTERNS.items()}
    left = total - sum(int(each) for each in exact.values())
    raised = sorted(exact, key=lambda name: int(exact[name]) - exact[name])[:left]
    return int(exact[domain]) + (domain in raised)

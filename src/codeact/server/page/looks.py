"""What the page shows of a run to begin with, and from where it follows.

Invariant: blocks, standing and number belong together: what is followed after that number misses nothing and brings nothing twice. It does
not: know how it is sent.
"""

import asyncio
from dataclasses import asdict, dataclass
from typing import Any

from fastapi import Request

from codeact.server.api.access import Caller
from codeact.server.engine.runs import Runs
from codeact.server.page import guests, rendering
from codeact.server.page.blocks import Fold
from codeact.server.page.rendering import View

AT_FIRST = 24
"""Blocks, from a run's end, that a page shows before it is asked for more."""


@dataclass(frozen=True, slots=True)
class Look:
    """Blocks of a run.

    Args:
        html: of the blocks.
        facts: `before`, how many blocks came before them; `number`, of the last event; `standing` of the run; `about` it.
    """

    html: str
    facts: dict[str, Any]


def root(request: Request) -> str:
    """Where the page stands, if not at the server's own root."""
    return str(request.scope.get("root_path", ""))


def view(request: Request, run_id: str) -> View:
    """How a run is shown that can be gone on with."""
    return View(acts=True, frame=guests.addresses(root(request), run_id))


async def of(runs: Runs, run_id: str, caller: Caller, shown_as: View, *, last: int | None = None, before: int | None = None) -> Look:
    """The blocks of a run so far.

    Args:
        runs: that there are.
        run_id: which.
        caller: who asks.
        shown_as: how.
        last: most blocks, from the end; None: all.
        before: only so many from the beginning are looked at.

    Raises:
        FaultError: there is no such run, or not for this caller.
    """
    live = await runs.reach(run_id, caller)  # it is followed next, and read once
    await live.record.settled()
    found = list(live.record.events)

    def made() -> Look:
        fold = Fold().add_all(found)
        shown = fold.blocks[:before]
        begin = 0 if last is None else max(0, len(shown) - last)
        facts = {"before": begin, "number": fold.number, "standing": asdict(fold.standing), "about": about(fold)}
        return Look(rendering.some(shown[begin:], shown_as), facts)

    return await asyncio.to_thread(made)


def about(fold: Fold) -> dict[str, Any]:
    """What the page says of a run beside its blocks; empty before it has begun."""
    started = fold.started
    if started is None:
        return {}
    limits = {name: value for name, value in started.limits.model_dump().items() if value is not None}
    return {
        "title": fold.title,
        "model": rendering.short_model(started.model),
        "format": started.format,
        "isolation": started.isolation,
        "limits": limits,
        "parent": started.parent,
        "messages": sum(block.kind == "said" for block in fold.blocks),
        "ask": started.options.get("ask", "nothing"),
    }

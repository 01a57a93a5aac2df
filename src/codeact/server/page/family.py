"""A run and its branches: its events, where it comes from, and what leaves it.

Invariant: only runs that the caller may know of are in the tree, each once. It does not: read more than the most that a page shows.
"""

from dataclasses import dataclass, field

from codeact import errors, events
from codeact.server.engine.runs import Owner, Runs
from codeact.store.summary import Summary
from codeact.trajectory import Trajectory

MOST = 200


@dataclass(slots=True)
class Kin:
    """A run in the tree; `after` is the turn of its parent at whose end it left, `words` what it went on with, `place` that in
    the order of the tree: a parent's is lower than its children's."""

    run: Summary
    after: int = 0
    words: str = ""
    place: int = 0
    children: "list[Kin]" = field(default_factory=list)

    def place_of(self, run_id: str) -> int:
        """The place of a run in this tree; 0 if it is not in it."""
        left: list[Kin] = [self]
        while left:
            kin = left.pop()
            if kin.run.id == run_id:
                return kin.place
            left.extend(kin.children)
        return 0


async def record(runs: Runs, run_id: str) -> Trajectory:
    """The events of a run that the caller may see, as far as they are kept.

    Raises:
        StoreError: it cannot be read.
    """
    live = runs.live(run_id)
    if live is None:
        return await runs.store.read(run_id)
    await live.record.settled()
    return live.record


async def tree(runs: Runs, run_id: str, owner: Owner) -> Kin:
    """The tree that a run stands in, from its oldest ancestor on.

    Raises:
        NotFoundError: there is no such run.
    """
    root = await _oldest(runs, run_id, owner)
    left = [root]
    seen = {root.run.id}
    while left and len(seen) < MOST:
        kin = left.pop(0)
        own = await record(runs, kin.run.id)
        for branched in own.of_type(events.Branched):
            child = None if branched.child in seen else await _seen(runs, branched.child, owner)
            if child is not None:
                seen.add(child.id)
                kin.children.append(Kin(child, branched.turn, _words(own, await record(runs, child.id), branched.turn), len(seen)))
        left.extend(kin.children)
    return root


async def _oldest(runs: Runs, run_id: str, owner: Owner) -> Kin:
    summary = await runs.seen(run_id, owner)
    passed = {summary.id}
    while summary.parent is not None and summary.parent not in passed:
        parent = await _seen(runs, summary.parent, owner)
        if parent is None:
            break
        passed.add(parent.id)
        summary = parent
    return Kin(summary)


def _words(record: Trajectory, child: Trajectory, turn: int) -> str:
    """What a branch went on with: other code, or a message."""
    texts = [next((event.text for event in each.of_type(events.ModelTurn) if event.turn == turn), "") for each in (record, child)]
    if texts[0] != texts[1]:
        return f"Other code in turn {turn}"
    passed = turn == 0
    for event in child.events:
        if passed and isinstance(event, events.TaskGiven):
            return " ".join(event.text.split())
        passed = passed or (isinstance(event, events.ModelTurn) and event.turn == turn)
    return ""


async def _seen(runs: Runs, run_id: str, owner: Owner) -> Summary | None:
    try:
        return await runs.seen(run_id, owner)
    except errors.NotFoundError:
        return None

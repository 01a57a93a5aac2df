"""What is to be said of each action of a played run: equal, equal but for formatting, explained by a class, or unexplained.

Invariant: told from the line of the run alone, so that it can be told anew after a rule has changed. It does not: count.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from codeact.bench.recorded.comparing import verdict
from codeact.bench.recorded.lines import PlayedRun, PlayedTurn
from codeact.bench.recorded.reasons import DIFFERS, FOLLOWS, STOPPED_HERE, UNEXPLAINED, WORDS_ONLY, Evidence, explain
from codeact.bench.recorded.seen import Seen
from codeact.bench.recorded.source import bound_in

Said = Literal["equal", "formatting", "explained", "unexplained"]
SAID: tuple[Said, ...] = ("equal", "formatting", "explained", "unexplained")

OTHERWISE = "read otherwise: "


class Judgement(NamedTuple):
    """What is said of an action, and the class of its difference."""

    said: Said
    why: str = ""


def _by_itself(seen: Seen | None) -> str:
    """Why one of two runs of the same code is not the recorded one, and the other is."""
    return STOPPED_HERE if seen is not None and seen.status == "timeout" else DIFFERS


class _Before(NamedTuple):
    """What came before an action in its run.

    Args:
        code: of the actions, as the harness read them.
        earlier, first: as of `reasons.Evidence`.
        ways: how a message was read otherwise last.
    """

    code: str
    earlier: dict[str, str]
    first: str
    ways: str


def judged(run: PlayedRun) -> list[Judgement | None]:
    """Of each message of a run; None for those whose observation the record does not have, or that were no action there."""
    return list(_judgements(run))


def way(turn: PlayedTurn) -> str:
    """How a message was read otherwise, in words; empty if it was not."""
    if turn.harness is None:
        return ""
    if turn.reading.kind != turn.harness.kind:
        return f"{turn.harness.kind} there, {turn.reading.kind} here"
    return f"all {turn.reading.kind} of the message there, the first here"


def _judgements(run: PlayedRun) -> Iterator[Judgement | None]:
    earlier: dict[str, str] = {}
    before, ways, first = "", "", ""
    for turn in run.turns:
        ways = way(turn) or ways
        found = None if turn.shown is None else _judgement(turn, turn.shown, _Before(before, earlier, first, ways))
        yield found
        lasting = found is not None and found.why and not found.why.startswith((OTHERWISE, *WORDS_ONLY))
        if found is not None and lasting:
            first = first or found.why
        if turn.theirs.kind == "code":
            before += f"\n{turn.theirs.text}"
            names = bound_in(turn.theirs.text)
            earlier = {name: why for name, why in earlier.items() if name not in names}
            if found is not None and lasting:
                earlier.update(dict.fromkeys(names, found.why.removeprefix(FOLLOWS)))


def _judgement(turn: PlayedTurn, shown: str, before: _Before) -> Judgement:
    if turn.seen is not None and (said := verdict(turn.seen, shown)) != "different":
        return Judgement(said)
    if turn.joined is not None and verdict(turn.joined, shown) != "different":
        return Judgement("explained", OTHERWISE + before.ways if before.ways else _by_itself(turn.seen))
    seen = turn.joined or turn.seen or Seen()
    why = explain(
        Evidence(
            code=turn.theirs.text,
            seen=seen,
            text=shown,
            again=turn.again,
            missed=turn.missed,
            borrowed=turn.borrowed,
            earlier=before.earlier,
            first=before.first,
            before=before.code,
        )
    )
    return Judgement("unexplained" if why.endswith(UNEXPLAINED) else "explained", why)

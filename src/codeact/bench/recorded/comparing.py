"""Whether an observation is the recorded one: `equal`, `formatting`, or `different`.

`equal`: the same text. `formatting`: the same things in another layout: the mark of a value, the layout of a traceback whose exception
and message are the same, the words for no output, for the limit on seconds and for the place of a module, white space, colours, the cut;
or what the recorded harness did not take down (standard error, a figure).

Invariant: where one of the two is cut, what is left of it decides. It does not: explain a difference.
"""

from typing import Literal

from codeact.bench.recorded.record import MOST
from codeact.bench.recorded.seen import Parts, Seen, ours, recorded

STOPPED_ERROR, STOPPED_MESSAGE = "TimeoutError", "Timed out after"
"""How the harness's own limit on seconds ended an action."""

Verdict = Literal["equal", "formatting", "different"]


def verdict(seen: Seen, text: str) -> Verdict:
    """Compare.

    Args:
        seen: ours.
        text: the recorded one.
    """
    if not seen.error and seen.value is None and not seen.stderr and not seen.figures and seen.stdout.strip() == text:
        return "equal"
    mine, theirs = ours(seen), recorded(text)
    return "formatting" if same(mine, theirs) or _both_stopped(seen, mine, theirs) else "different"


def same(mine: Parts, theirs: Parts) -> bool:
    """Whether two observations say the same."""
    if mine.error != theirs.error and not (theirs.cut and not theirs.error):
        return False
    if theirs.cut:
        return _same_beginning(mine, theirs)
    message = theirs.message is None or mine.message == theirs.message
    return mine.written == theirs.written and mine.value == theirs.value and message


def _same_beginning(mine: Parts, theirs: Parts) -> bool:
    """Theirs was cut: in the traceback, in the value, or in what was written."""
    if theirs.error:
        return mine.written == theirs.written and mine.error == theirs.error
    if theirs.value:
        return mine.written == theirs.written and _begins(mine.value, theirs.value)
    return _begins(mine.written, theirs.written)


def _begins(whole: str, beginning: str) -> bool:
    return whole.startswith(beginning) and len(beginning) >= MOST // 4


def _both_stopped(seen: Seen, mine: Parts, theirs: Parts) -> bool:
    """Both ran into the limit of 30 seconds; how far they came until then is a matter of the machine."""
    there = theirs.error == STOPPED_ERROR and (theirs.message is None or theirs.message.startswith(STOPPED_MESSAGE))
    least = min(len(mine.written), len(theirs.written))
    return seen.status == "timeout" and there and mine.written[:least] == theirs.written[:least]

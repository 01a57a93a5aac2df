"""Why a run counts as a success here and not in the record, or the other way round.

The record tells of each of its answers whether it was taken: the run goes on after one that was not. So a difference begins at the first
answer that is judged otherwise here, and what is known of that answer, of the reference and of both gradings gives the class.

Invariant: told from the line of the run alone, and by no rule that knows a task. It does not: grade.
"""

import builtins
import re
import sys
from collections.abc import Iterator
from typing import Literal, NamedTuple

from codeact.bench.recorded.judging import OTHERWISE, judged, way
from codeact.bench.recorded.lines import PlayedRun, PlayedTurn
from codeact.bench.recorded.reasons import UNEXPLAINED
from codeact.bench.recorded.source import bound_in, parses_in, reads
from codeact.bench.task import Score

Grading = Literal["original", "corrected", "our readings"]

_LETTER = re.compile(r"\(?[a-z]\)?")
_SAME_RULES = "the original's rules, told again, say otherwise"
_NEAR = 0.06
"""Within this share of the reference the original took a number, with some room for rounding."""


class Difference(NamedTuple):
    """A success that is not as recorded.

    Args:
        grading: the original's or the corrected, of what the harness read; or the corrected, of what we read.
        there, here: `right` or `wrong`: recorded, or, for our readings, as the harness read it; and by this grading.
        why: the class.
    """

    grading: Grading
    there: str
    here: str
    why: str


def differences(run: PlayedRun) -> Iterator[Difference]:
    """Of one run."""
    if run.original != run.success:
        yield Difference("original", _word(run.success), _word(run.original), _why(run, "original"))
    if run.corrected != run.success:
        yield Difference("corrected", _word(run.success), _word(run.corrected), _why(run, "corrected"))
    if run.ours != run.corrected:
        ways = next((how for turn in run.turns if (how := way(turn))), "")
        yield Difference("our readings", _word(run.corrected), _word(run.ours), OTHERWISE + ways if ways else UNEXPLAINED)


def _why(run: PlayedRun, grading: Literal["original", "corrected"]) -> str:
    for turn, taken in _answers(run):
        score = turn.original if grading == "original" else turn.corrected
        if score is not None and score.success != taken:
            same = turn.original is not None and turn.original.success == score.success
            return f"{_SAME_RULES}: {_kind(score)}" if same else _graded(run, turn, score, taken)
    return _acted(run)


def _graded(run: PlayedRun, turn: PlayedTurn, score: Score, taken: bool) -> str:
    """An answer of which the suite's own grading says the opposite."""
    if parses_in(run.reference, sys.version_info[:2]) and "assert" in run.reference:
        return _tested(turn.theirs.text, score, taken)
    answer, wanted = turn.theirs.text.strip().lower(), run.reference.strip().lower()
    number = _number(wanted)
    if taken:
        return _wrongly_taken(answer, wanted, number, score)
    if number is not None and number < 0:
        return "no negative reference could be matched there"
    if number is not None and _number(answer) is None:
        return "a number in a sentence or another form was not read there"
    return "only the reference to the letter was taken there"


def _tested(program: str, score: Score, taken: bool) -> str:
    """A program."""
    if taken:
        return f"passed the tests there; here: {_kind(score)}"
    missing = set(reads(program)) - bound_in(program) - set(dir(builtins))
    if missing:
        return "the program needs what the prompt defines or imports, which was not there when it was tested"
    return "failed the tests there, passes them here"


def _wrongly_taken(answer: str, wanted: str, number: float | None, score: Score) -> str:
    if _LETTER.fullmatch(wanted):
        return "the letter of the option stands anywhere in the answer there"
    given = _number(answer)
    if number is not None and given is not None and abs(given - number) <= _NEAR * abs(number):
        return "a number within a twentieth was taken there"
    if wanted in answer:
        return "any text that holds the reference was taken there"
    return f"taken there; here: {_kind(score)}"


def _acted(run: PlayedRun) -> str:
    """Tasks that are done by acting."""
    if run.success and run.original_end is not None and run.original_end.success:
        return "over there without what was wanted being done"
    if any(seen is not None and seen.status == "timeout" for turn in run.turns for seen in (turn.seen, turn.joined)):
        return "follows from an action that was stopped at 30 s here"
    why = next((judgement.why for judgement in judged(run) if judgement is not None and judgement.why), "")
    return f"follows from an observation that differs: {why}" if why else UNEXPLAINED


def _answers(run: PlayedRun) -> Iterator[tuple[PlayedTurn, bool]]:
    """The answers that the harness read, and whether it took them."""
    for turn in run.turns:
        if turn.theirs.kind == "answer":
            yield turn, run.success and turn is run.turns[-1]


def _kind(score: Score) -> str:
    """What a score says, without what is of one task only."""
    return re.sub(r"(['\"`]).*?\1|\d+(\.\d+)?", "...", score.reason.partition("\n")[0])[:60] or ("right" if score.success else "wrong")


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _word(success: bool) -> str:
    return "right" if success else "wrong"

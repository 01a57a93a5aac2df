"""What a file of examples holds, in numbers: the table of `codeact data stats`.

Invariant: every number is counted from the examples themselves. It does not: count tokens exactly, which takes a model's tokenizer; whoever
has one hands in the count.
"""

from collections.abc import Callable, Sequence

from codeact import events
from codeact.data.example import Example
from codeact.data.family import DOMAINS

CHARS_A_TOKEN = 3.2
"""Characters a token in these conversations, about; used where no tokenizer is at hand."""


class Row(events.Value):
    """One line.

    Args:
        name: a domain, or ``all``.
        runs: examples.
        turns, actions: a run, on average.
        tokens: of all messages.
        learned: tokens of the messages that are learned.
        self_debug: share of runs in which a mistake is made and mended.
    """

    name: str
    runs: int
    turns: float
    actions: float
    tokens: int
    learned: int
    self_debug: float


class Stats(events.Value):
    """The whole table; `exact`: tokens were counted and not estimated."""

    rows: tuple[Row, ...]
    families: int
    teachers: dict[str, int]
    exact: bool


PAPER = Row(name="paper", runs=7139, turns=0, actions=0, tokens=10_581_681, learned=0, self_debug=0)
"""CodeActInstruct: CodeAct, arXiv 2402.01030, the table of the training mixture (runs and tokens); what it does not say is 0."""


def stats(examples: Sequence[Example], count: Callable[[str], int] | None = None) -> Stats:
    """The numbers.

    Args:
        examples: all of them.
        count: tokens of a text; None estimates by characters.
    """
    names = [domain for domain in DOMAINS if any(one.domain == domain for one in examples)]
    names += sorted({one.domain for one in examples} - set(DOMAINS))
    rows = [_row(name, [one for one in examples if one.domain == name], count) for name in names]
    teachers = {name: sum(one.teacher == name for one in examples) for name in sorted({one.teacher for one in examples})}
    return Stats(
        rows=(*rows, _row("all", examples, count)),
        families=len({one.family for one in examples}),
        teachers=teachers,
        exact=count is not None,
    )


def _row(name: str, examples: Sequence[Example], count: Callable[[str], int] | None) -> Row:
    def tokens(text: str) -> int:
        return round(len(text) / CHARS_A_TOKEN) if count is None else count(text)

    runs = max(len(examples), 1)
    return Row(
        name=name,
        runs=len(examples),
        turns=sum(one.turns for one in examples) / runs,
        actions=sum(one.actions for one in examples) / runs,
        tokens=sum(tokens(message.content) for one in examples for message in one.messages),
        learned=sum(tokens(message.content) for one in examples for message in one.learned),
        self_debug=sum(one.self_debug for one in examples) / runs,
    )

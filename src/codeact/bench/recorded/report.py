"""What the played runs say together: tables of how observations and scores compare with the recorded ones.

Invariant: told from the lines alone; each table's numbers add up to what its title says it counts. It does not: play, or grade.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from codeact.bench.recorded.judging import SAID, Judgement, judged, way
from codeact.bench.recorded.lines import PlayedRun, PlayedTurn
from codeact.bench.recorded.successes import Difference, differences

ALL = "all"
_SHOWN = ("compared", *SAID)
_SUCCESSES = ("tasks", "recorded", "original", "corrected", "ours")
_SUCCESS_TITLE = "Runs / successes as recorded / by the original's grading here / by the suite's own / by it, of our readings"


@dataclass(frozen=True)
class Report:
    """See the module's docstring.

    Args:
        runs: that were played.
        judgements: of their messages, in the same order.
    """

    runs: tuple[PlayedRun, ...]
    judgements: tuple[tuple[Judgement | None, ...], ...] = field(repr=False)

    @classmethod
    def of(cls, runs: Iterable[PlayedRun]) -> "Report":
        """The report on some runs."""
        kept = tuple(sorted(runs, key=lambda run: run.name))
        return cls(kept, tuple(tuple(judged(run)) for run in kept))

    @property
    def unexplained(self) -> float:
        """The share of the compared observations whose difference no class explains."""
        counts = self.observations(lambda run: ALL).get(ALL, Counter())
        return counts["unexplained"] / counts["compared"] if counts["compared"] else 0.0

    @property
    def actions(self) -> int:
        """That were run, further runs of the same action included."""
        return sum(seen is not None for turn in self._turns for seen in (turn.seen, turn.joined, turn.again))

    @property
    def seconds(self) -> float:
        """That playing took, of all runs together."""
        return sum(run.seconds for run in self.runs)

    def observations(self, by: Callable[[PlayedRun], str]) -> dict[str, Counter[str]]:
        """By group: the messages, the actions that the harness ran and we ran, and how the observations compare."""
        table: dict[str, Counter[str]] = {}
        for run, judgements in zip(self.runs, self.judgements, strict=True):
            counts = table.setdefault(by(run), Counter())
            for turn, judgement in zip(run.turns, judgements, strict=True):
                counts["messages"] += 1
                counts["read the same"] += turn.harness is None
                counts["actions there"] += turn.theirs.kind == "code"
                counts["actions here"] += turn.reading.kind == "code"
                if judgement is not None:
                    counts["compared"] += 1
                    counts[judgement.said] += 1
        return table

    def classes(self) -> Counter[str]:
        """How many observations each class explains, the unexplained among them."""
        return Counter(
            judgement.why for judgements in self.judgements for judgement in judgements if judgement is not None and judgement.why
        )

    def readings(self) -> Counter[str]:
        """How messages were read otherwise."""
        return Counter(how for turn in self._turns if (how := way(turn)))

    def successes(self) -> dict[tuple[str, str], Counter[str]]:
        """By model and subset, `ALL` among both: tasks, and successes: see `lines.PlayedRun`."""
        table: dict[tuple[str, str], Counter[str]] = {}
        for run in self.runs:
            for key in ((run.model, run.subset), (run.model, ALL), (ALL, run.subset), (ALL, ALL)):
                counts = table.setdefault(key, Counter())
                marks = {"recorded": run.success, "original": run.original, "corrected": run.corrected, "ours": run.ours}
                counts.update({"tasks": 1, **{name: int(mark) for name, mark in marks.items()}})
        return table

    def disagreements(self) -> Counter[Difference]:
        """Successes that are not as recorded, by grading and class."""
        return Counter(found for run in self.runs for found in differences(run))

    def markdown(self) -> str:
        """All tables."""
        heads = ("messages", "read the same", "actions there", "actions here", *_SHOWN)
        parts = [
            _table("Observations by model", heads, _rows(self.observations(lambda run: run.model), heads)),
            _table("Observations by subset", heads, _rows(self.observations(lambda run: run.subset), heads)),
            _table("Explained differences", ("observations",), {why: [count] for why, count in self.classes().most_common()}),
            _table("Messages read otherwise", ("messages",), {how: [count] for how, count in self.readings().most_common()}),
            self._successes(),
            _table(
                "Successes that are not as recorded",
                ("runs",),
                {f"{found.grading}: {found.there}, then {found.here}: {found.why}": [n] for found, n in self.disagreements().most_common()},
            ),
            f"{self.actions:,} actions run in {self.seconds:,.0f} s of runs; unexplained: {self.unexplained:.2%} of what was compared.",
        ]
        return "\n\n".join(parts) + "\n"

    def _successes(self) -> str:
        table = self.successes()
        models = [*dict.fromkeys(run.model for run in self.runs), ALL]
        subsets = [*dict.fromkeys(run.subset for run in self.runs), ALL]
        rows: dict[str, Sequence[object]] = {}
        for model in models:
            cells = [table.get((model, subset), Counter()) for subset in subsets]
            rows[model] = ["/".join(str(cell[kind]) for kind in _SUCCESSES) for cell in cells]
        return _table(_SUCCESS_TITLE, subsets, rows)

    @property
    def _turns(self) -> Iterable[PlayedTurn]:
        return (turn for run in self.runs for turn in run.turns)


def _rows(table: Mapping[str, Counter[str]], heads: Sequence[str]) -> dict[str, Sequence[object]]:
    total = sum(table.values(), Counter())
    return {name: [counts[head] for head in heads] for name, counts in [*table.items(), (ALL, total)]}


def _table(title: str, heads: Sequence[str], rows: Mapping[str, Sequence[object]]) -> str:
    lines = [f"## {title}", "", f"| | {' | '.join(heads)} |", f"| --- |{' ---: |' * len(heads)}"]
    for name, row in rows.items():
        lines.append(f"| {name} | {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in row)} |")
    return "\n".join(lines)

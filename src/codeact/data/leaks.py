"""Whether what is trained on gives away what is measured with: between splits, and against suites.

Two rules, for two kinds of neighbour. *Kin*, the splits `test` and `unseen-phrasing`, are of the families of training, and `test` has its
wordings too; there a task leaks if training has the same values with the same answer, however it is worded. *Strangers*, the split
`unseen-tools` and every suite, have nothing to share: there a task leaks if it is worded the same, if a long run of words is the same, or
if most of its triples of words are, the numbers taken as they are or all as one.

Invariant: whatever MinHash suspects is measured exactly before it is called a leak. Short sentences with other numbers ("What is # * #?")
are nobody's own, and no leak. It does not: make tasks, or change them; `without` leaves out those that leak.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from codeact import errors
from codeact.bench import suite
from codeact.bench.task import Task
from codeact.data import catalogue
from codeact.events import Value

RUN = 8
"""Words of the n-grams of which at most `MOST_CONTAINED` of a stranger's may be in one prompt of training."""

MOST_CONTAINED = 0.5
LONG_RUN = 13
"""Words in a row that are no chance: one such run is enough; 13 as in GPT-3's check (arXiv 2005.14165, appendix C)."""

SHINGLE = 3
JACCARD = 0.8
_SUSPECT = 0.6  # of MinHash, whose estimate is rough: what is over it is measured
_PERMUTATIONS = 128
_OWN = 8  # words from which on a sentence is somebody's own though its numbers are not looked at

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|\w+|[-+*/^%=]|[()\[\]{}]{2,}")

Kind = Literal["exact", "values", "run", "jaccard", "wording"]
"""``wording``: the same but for the numbers."""


class Pair(Value):
    """Two tasks that are too much alike.

    Args:
        place: the split or suite of the second.
        kind: by which look it was found.
        score: share of what was looked at that is the same, 1 for all.
        trained, measured: ids.
        trained_prompt, measured_prompt: what the two say.
    """

    place: str
    kind: Kind
    score: float
    trained: str
    measured: str
    trained_prompt: str
    measured_prompt: str


class Report(Value):
    """What was found.

    Args:
        trained: how many tasks of training were looked at.
        measured: how many by split and suite.
        pairs: the worst of each task of training and place, worst first.
        tools: names that training shares with the split unseen-tools.
    """

    trained: int
    measured: dict[str, int]
    pairs: tuple[Pair, ...] = ()
    tools: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing leaks."""
        return not self.pairs and not self.tools

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many pairs, by place and kind."""
        found = {place: Counter(pair.kind for pair in self.pairs if pair.place == place) for place in self.measured}
        return {place: dict(sorted(kinds.items())) for place, kinds in found.items()}

    def demand_clean(self, shown: int = 3) -> None:
        """Do nothing if nothing leaks.

        Args:
            shown: how many pairs the message quotes.

        Raises:
            InputError: something does; the message has the worst pairs.
        """
        if self.clean:
            return
        lines = [f"{pair.place}, {pair.kind} {pair.score:.2f}: {_quoted(pair)}" for pair in self.pairs[:shown]]
        lines += [f"tools of training are in unseen-tools too: {', '.join(self.tools)}"] if self.tools else []
        raise errors.InputError(
            f"{len(self.pairs)} pairs of tasks and {len(self.tools)} names of tools leak from training; leave the tasks out, "
            "or give the tools other names:\n" + "\n".join(lines)
        )


def _quoted(pair: Pair) -> str:
    return f"{pair.trained} {pair.trained_prompt[:160]!r} and {pair.measured} {pair.measured_prompt[:160]!r}"


def words(text: str) -> tuple[str, ...]:
    """The words, numbers and signs of sums in a text, without regard to case and marks."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def masked(text: Sequence[str]) -> tuple[str, ...]:
    """The same words with every number as #."""
    return tuple("#" if word[0].isdigit() else word for word in text)


def check(train: Sequence[Task], *, kin: Mapping[str, Sequence[Task]], strangers: Mapping[str, Sequence[Task]]) -> Report:
    """Look for tasks of training that give away others.

    Args:
        train: of families.
        kin: of the same families, by split.
        strangers: by suite, and the split unseen-tools; the tools of this one are looked at too.

    Raises:
        InputError: a task of `train` or `kin` is of no family.
        MissingExtraError: `datasketch` is not installed.
    """
    found: dict[tuple[str, str], Pair] = {}
    hashes = _Hashes()
    kin_pairs = (pair for place, tasks in kin.items() for pair in _of_kin(train, place, tasks))
    strange_pairs = (pair for place, tasks in strangers.items() for pair in _of_strangers(train, place, tasks, hashes))
    for pair in (*kin_pairs, *strange_pairs):
        key = (pair.place, pair.trained_prompt)
        if key not in found or found[key].score < pair.score:
            found[key] = pair
    pairs = sorted(found.values(), key=lambda pair: (-pair.score, pair.place, pair.trained))
    tools = tool_names(train) & tool_names(strangers.get("unseen-tools", ()))
    measured = {place: len(tasks) for place, tasks in (*kin.items(), *strangers.items())}
    return Report(trained=len(train), measured=measured, pairs=tuple(pairs), tools=tuple(sorted(tools)))


def check_all(train: Sequence[Task], *, count: int = 210, seed: int = 0, questions: Path | None = None) -> Report:
    """Look at everything that is measured with: the other splits, as the suite instruct has them, and the suites.

    Args:
        train: tasks of training.
        count, seed: of the tasks of each split.
        questions: more tasks in a file, a line each.

    Raises:
        InputError: a task is of no family, or the file cannot be read.
        MissingExtraError: `datasketch` is not installed.
    """
    made = {split: list(catalogue.tasks(split, count, seed)) for split in ("test", "unseen-phrasing", "unseen-tools")}
    strangers = {"unseen-tools": made.pop("unseen-tools"), **suites(questions)}
    return check(train, kin=made, strangers=strangers)


def without(train: Iterable[Task], report: Report) -> list[Task]:
    """The tasks of training that are in no pair."""
    leaking = {pair.trained_prompt for pair in report.pairs}
    return [task for task in train if text_of(task) not in leaking]


def tool_names(tasks: Iterable[Task]) -> set[str]:
    """Names of the tools of tasks of families."""
    tools = (tool for task in tasks for tool in catalogue.instance_of(task).tools)
    return {tool.name for tool in tools}


def suites(questions: Path | None = None, *, variants: int = 200) -> dict[str, Sequence[Task]]:
    """The tasks of every suite that needs no data from elsewhere.

    Args:
        questions: tasks in a file of their own, a line each.
        variants: of m3, how many to make up beside its own.

    Raises:
        InputError: the file cannot be read.
    """
    found: dict[str, Sequence[Task]] = {name: suite.read(name).tasks for name in ("m3", "api-bank-small", "mint-small")}
    if variants:
        found["m3 variants"] = suite.read("m3", options={"variants": variants}).tasks
    if questions is not None:
        found[questions.stem] = _read(questions)
    return found


def _read(path: Path) -> list[Task]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Task.model_validate(json.loads(line)) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, ValueError, ValidationError) as error:
        raise errors.InputError(f"cannot read tasks from {str(path)!r}: {error}") from error


def text_of(task: Task) -> str:
    """All that an agent is told."""
    return "\n".join((task.prompt, *task.messages))


def _pair(place: str, kind: Kind, score: float, one: Task, other: Task) -> Pair:
    return Pair(
        place=place,
        kind=kind,
        score=round(score, 4),
        trained=one.id,
        measured=other.id,
        trained_prompt=text_of(one),
        measured_prompt=text_of(other),
    )


@cache
def _wording(family: str) -> frozenset[str]:
    """The words that belong to a family's templates, and are not values."""
    one = catalogue.family(family)
    return frozenset(word for template in (*one.phrasings, *one.unseen_phrasings) for word in words(re.sub(r"\{\w+\}", " ", template)))


def _values(task: Task) -> tuple[str, ...]:
    """What a task of a family is made of: its words that are none of the templates', in any order."""
    wording = _wording(str(task.data.get("family")))
    return tuple(sorted(word for word in words(text_of(task)) if word[0].isdigit() or word not in wording))


def _of_kin(train: Sequence[Task], place: str, tasks: Sequence[Task]) -> Iterator[Pair]:
    exact = {(words(text_of(task)), _answer(task)): task for task in tasks}
    values = {(task.data["family"], _values(task), _answer(task)): task for task in tasks if _values(task)}
    for task in train:
        same = exact.get((words(text_of(task)), _answer(task)))
        if same is not None:
            yield _pair(place, "exact", 1.0, task, same)
            continue
        same = values.get((task.data.get("family"), _values(task), _answer(task)))
        if same is not None:
            yield _pair(place, "values", 0.99, task, same)


def _answer(task: Task) -> str:
    return json.dumps(task.answer, sort_keys=True)


def _of_strangers(train: Sequence[Task], place: str, tasks: Sequence[Task], hashes: "_Hashes") -> Iterator[Pair]:
    exact = {words(text_of(task)): task for task in tasks}
    runs = _Runs(tasks)
    alike, worded = _Alike(tasks, hashes, masks=False), _Alike(tasks, hashes, masks=True)
    looks: tuple[tuple[Kind, _Runs | _Alike, float], ...] = (("jaccard", alike, JACCARD), ("run", runs, 0.0), ("wording", worded, JACCARD))
    for task in train:
        said = words(text_of(task))
        if said in exact:
            yield _pair(place, "exact", 1.0, task, exact[said])
            continue
        for kind, look, least in looks:
            score, other = look(said)
            if other is not None and score >= least:
                yield _pair(place, kind, score, task, other)
                break


def _grams(said: Sequence[str], size: int) -> set[tuple[str, ...]]:
    """Runs of words; the whole, if it is shorter."""
    return {tuple(said[start : start + size]) for start in range(max(1, len(said) - size + 1))}


class _Runs:
    """Finds prompts that share runs of words."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks = tasks
        self._sizes = [len(_grams(words(text_of(task)), RUN)) for task in tasks]
        self._short: dict[tuple[str, ...], set[int]] = {}
        self._long: dict[tuple[str, ...], int] = {}
        for place, task in enumerate(tasks):
            said = words(text_of(task))
            for gram in _grams(said, RUN):
                self._short.setdefault(gram, set()).add(place)
            for gram in _grams(said, LONG_RUN) if len(said) >= LONG_RUN else ():
                self._long[gram] = place

    def __call__(self, said: Sequence[str]) -> tuple[float, Task | None]:
        long = next((self._long[gram] for gram in _grams(said, LONG_RUN) if gram in self._long), None)
        if long is not None:
            return 1.0, self._tasks[long]
        shared = Counter(place for gram in _grams(said, RUN) for place in self._short.get(gram, ()))
        contained = {place: count / self._sizes[place] for place, count in shared.items()}
        place = max(contained, key=lambda one: contained[one], default=None)
        if place is None or contained[place] < MOST_CONTAINED:
            return 0.0, None
        return contained[place], self._tasks[place]


class _Hashes:
    """MinHash of texts, each made once, however many places it is compared with."""

    def __init__(self) -> None:
        self._empty = _datasketch().MinHash(num_perm=_PERMUTATIONS)
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, said: tuple[str, ...]) -> Any:
        if said not in self._made:
            self._made[said] = self._empty.copy()
            self._made[said].update_batch([" ".join(gram).encode() for gram in _grams(said, SHINGLE)])
        return self._made[said]


class _Alike:
    """Finds prompts most of whose triples of words are the same; `masks`: whatever their numbers."""

    def __init__(self, tasks: Sequence[Task], hashes: _Hashes, *, masks: bool) -> None:
        self._masks, self._hash = masks, hashes
        self._known: dict[tuple[str, ...], tuple[float, Task | None]] = {}
        self._index = _datasketch().MinHashLSH(threshold=_SUSPECT, num_perm=_PERMUTATIONS)
        self._tasks: dict[tuple[str, ...], Task] = {}
        for task in tasks:
            said = self._read(words(text_of(task)))
            if said not in self._tasks and (not masks or len(said) >= _OWN):
                self._tasks[said] = task
                self._index.insert(said, self._hash(said))

    def __call__(self, said: Sequence[str]) -> tuple[float, Task | None]:
        read = self._read(said)
        if read not in self._known:
            self._known[read] = self._look(read)
        return self._known[read]

    def _look(self, read: tuple[str, ...]) -> tuple[float, Task | None]:
        mine = _grams(read, SHINGLE)
        scores = {other: _jaccard(mine, _grams(other, SHINGLE)) for other in self._index.query(self._hash(read))}
        best = max(scores, key=lambda other: scores[other], default=None)
        return (scores[best], self._tasks[best]) if best is not None else (0.0, None)

    def _read(self, said: Sequence[str]) -> tuple[str, ...]:
        return masked(said) if self._masks else tuple(said)


def _jaccard(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other)


def _datasketch() -> Any:
    try:
        import datasketch
    except ImportError:
        raise errors.MissingExtraError("datasketch", "data", "The leak check") from None
    return datasketch

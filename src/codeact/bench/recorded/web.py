"""Searches of Wikipedia, answered from the record: what a recorded run was shown for a query is what a search for it gives.

A text is taken from an action that does nothing but search for one query and print what comes, or show it as its value. A run's own texts
go before those of the model's other runs, and those before the texts of other models, which were taken at another time. What an action
ended with in place of a text is raised.

Invariant: no text is made up: a search that the record cannot answer raises `LookupError`, and is counted. It does not: reach any
network.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from codeact.bench.recorded.record import MOST, RecordedRun, harness_reading, observation

SEARCH = "wikipedia_search"
NEEDS_WEB = "the record has no text for this search, and there is no web here"

_VALUE = re.compile(r"\AOut\[\d+\]: ?(.*)\Z", re.DOTALL)
_RAISED = re.compile(r"\A-{20,}\n(\w+) +Traceback \(most recent call last\)\n.*^(?:\w+: )?", re.DOTALL | re.MULTILINE)


_Key = TypeVar("_Key")


class _Text(NamedTuple):
    text: str
    raised: bool


class Asked:
    """What one run searched for: queries that the record cannot answer, and those that only other runs answer."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        self.borrowed: list[str] = []

    def taken(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Both, since this was last called."""
        both = tuple(self.missed), tuple(self.borrowed)
        self.missed.clear()
        self.borrowed.clear()
        return both


class Searches:
    """The texts of a whole record.

    Args:
        runs: all of it.
    """

    def __init__(self, runs: Iterable[RecordedRun]) -> None:
        self._of_any: dict[str, _Text] = {}
        self._of_model: dict[tuple[str, str], _Text] = {}
        for run in runs:
            for query, text in _searched(run):
                _keep(self._of_any, query, text)
                _keep(self._of_model, (run.name.model, query), text)

    def of(self, run: RecordedRun, asked: Asked) -> Callable[[str], str]:
        """The tool, for one run.

        Args:
            run: whose texts go first.
            asked: takes down the queries that its texts do not answer.
        """
        own = dict(_searched(run))

        def wikipedia_search(query: str) -> str:
            """Look a query up in Wikipedia and give the summaries of the pages found."""
            found = own.get(query)
            if found is None:
                found = self._of_model.get((run.name.model, query)) or self._of_any.get(query)
                (asked.missed if found is None else asked.borrowed).append(query)
            if found is None:
                raise LookupError(f"{query!r}: {NEEDS_WEB}")
            if found.raised:
                raise RuntimeError(found.text)
            return found.text

        return wikipedia_search


def _keep(texts: dict[_Key, _Text], key: _Key, text: _Text) -> None:
    """The first is kept; an error only until there is a text."""
    if key not in texts or texts[key].raised:
        texts[key] = text


def _searched(run: RecordedRun) -> Iterator[tuple[str, _Text]]:
    for turn in run.turns:
        reading = harness_reading(turn.message)
        if reading.kind == "code" and turn.shown is not None and SEARCH in reading.text:
            query = sole_query(reading.text)
            text = None if query is None else _text(observation(turn.shown))
            if query is not None and text is not None:
                yield query, text


def _text(shown: str) -> _Text | None:
    """What the search gave; None if it cannot be told."""
    if len(shown) >= MOST:
        return None
    if raised := _RAISED.match(shown):
        of_the_call = raised[1] == "TypeError"  # which the tool's own check finds here
        return None if of_the_call else _Text(shown[raised.end() :] or raised[1], True)
    if value := _VALUE.match(shown):
        try:
            literal = ast.literal_eval(value[1].strip())
        except (ValueError, SyntaxError):
            return None
        return _Text(literal, False) if isinstance(literal, str) else None
    return _Text(shown, False)


def sole_query(code: str) -> str | None:
    """The query of code that makes one search and shows what comes of it, and nothing else; None for any other."""
    try:
        statements = ast.parse(code).body
    except (SyntaxError, ValueError):
        return None
    queries: dict[str, str] = {}
    found: dict[str, str] = {}
    shown: list[str] = []
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                queries[name] = text
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (query := _query(value, queries)) is not None:
                found[name] = query
            case ast.Expr(value=value) if (query := _shown_query(value, queries, found)) is not None:
                shown.append(query)
            case _:
                return None
    return shown[0] if len(shown) == 1 else None


def _shown_query(value: ast.expr, queries: dict[str, str], found: dict[str, str]) -> str | None:
    """The query whose text a statement prints, or shows as its value.

    Args:
        value: of the statement.
        queries: names of queries.
        found: names of what was found, with the queries.
    """
    match value:
        case ast.Call(func=ast.Name(id="print"), args=[printed], keywords=[]):
            value = printed
        case _:
            pass
    return found.get(value.id) if isinstance(value, ast.Name) else _query(value, queries)


def _query(value: ast.expr, queries: dict[str, str]) -> str | None:
    """What a call searches for."""
    match value:
        case ast.Call(func=ast.Name(id=name), args=[given], keywords=[]) if name == SEARCH:
            pass
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[ast.keyword(arg="query", value=given)]) if name == SEARCH:
            pass
        case _:
            return None
    match given:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=variable):
            return queries.get(variable)
        case _:
            return None

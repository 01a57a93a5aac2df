"""The tasks of the chosen categories.

Left out are: Java and JavaScript (their calls are not Python), the tasks on which no function fits (who does nothing would be right), those
that users wrote (live), long contexts, missing functions and parameters, memory and search (services that are not in the package).

Invariant: the same seed and limit choose the same tasks. It does not: hold what is right anywhere but in `data`, which a model never sees.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.bench.suites.gorilla import source
from codeact.bench.suites.gorilla.source import CATEGORIES, MULTI, Entry
from codeact.bench.suites.gorilla.world import DOCUMENTS

_CALLS = (
    "{question}\n\nCall the tools that this asks for, each with what the text says and only as often as it asks. They do nothing here and "
    "return ok: what counts is how they are called. When all calls have been made, answer with the word done."
)
_FIRST = (
    "Do what the user asks for with the tools, and no more than that. More messages of the user may follow; answer each, when what it asks "
    "for has been done, in a sentence.\n\nThe user: {question}"
)


def make_tasks(
    data: Path | None, seed: int, categories: str | Sequence[str] | None = None, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """The tasks.

    Args:
        data: the package's folder of data, or its wheel; None: the installed package.
        seed: chooses, if there is a limit.
        categories: of `source.CATEGORIES`, as a list or with commas between them; None: all.
        limit: most tasks of a category.

    Raises:
        InputError: the data is not there or cannot be read, a category is none, or the limit is no number above 0.
    """
    chosen = categories.split(",") if isinstance(categories, str) else categories or CATEGORIES
    unknown = [name for name in chosen if name not in CATEGORIES]
    if unknown:
        raise errors.InputError(f"the suite 'gorilla' has no category {unknown[0]!r}; it has: {', '.join(CATEGORIES)}")
    if limit is not None and (isinstance(limit, bool) or limit < 1):
        raise errors.InputError(f"limit={limit!r}: give a whole number from 1")
    for category in chosen:
        entries = list(source.questions(data, category))
        if limit is not None and limit < len(entries):
            places = random.Random(f"{seed}|{category}").sample(range(len(entries)), limit)
            entries = [entries[place] for place in sorted(places)]
        for entry, right in entries:
            yield _conversation(entry, right) if category == MULTI else _single(category, entry, right)


def _texts(entry: Entry) -> list[str]:
    """What the user says, a text for each message."""
    return ["\n".join(part["content"] for part in message) for message in entry["question"]]


def _single(category: str, entry: Entry, right: list[Any]) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "prompt": _CALLS.format(question=_texts(entry)[0]),
        "check": "python:calls",
        "tags": [category],
        "data": {"functions": entry["function"], "right": right},
    }


def _conversation(entry: Entry, right: list[list[str]]) -> dict[str, Any]:
    first, *others = _texts(entry)
    unknown = [name for name in entry["involved_classes"] if name not in DOCUMENTS]
    if unknown:
        raise errors.InputError(f"the task {entry['id']!r} needs a simulator {unknown[0]!r}; there are: {', '.join(DOCUMENTS)}")
    return {
        "id": entry["id"],
        "prompt": _FIRST.format(question=first),
        "messages": others,
        "check": "python:state",
        "tags": [MULTI],
        "data": {
            "classes": entry["involved_classes"],
            "state": entry["initial_config"],
            "without": entry.get("excluded_function", []),
            "right": right,
        },
    }

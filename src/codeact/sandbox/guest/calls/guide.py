"""What a session is told of its tools: `tools.search("words")`, and `help` of a tool, of a module of tools, and of `tools`.

Invariant: a tool is shown as Python that a prompt might hold: the import, the classes that its signature names, `def` and docstring.
What is no tool gets the help of Python. It does not: call a tool, or look at more than its description.
"""

import builtins
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

MODULE = "tools"
MOST_FOUND = 10
"""Tools that a search shows; of the others it gives the names of twice as many."""

_WEIGHTS = {"name": 6.0, "module": 3.0, "first line": 3.0, "parameters": 2.0, "description": 1.0}
_PART = 0.6  # of the weight, for a word that only begins like the one that is looked for
_WORSE = 3.0  # what scores less than the best by this factor is not shown
_WIDTH = 110
_MOST_LINE = 300
_IDLE = "a all an and are as at by can do does for from get give how i in into is it its me my of on or that the this to what with"


class _Entry(NamedTuple):
    spec: dict
    stub: Callable[..., Any]
    classes: tuple[str, ...]
    words: dict[str, frozenset[str]]

    @property
    def name(self) -> str:
        """With its module's, if it has one."""
        return f"{self.spec['module']}.{self.spec['name']}" if self.spec["module"] else self.spec["name"]


class Guide:
    """Of the tools of a session."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._finder = f"{MODULE}.search"

    def add(self, spec: dict, stub: Callable[..., Any], classes: Iterable[str]) -> None:
        """There is this tool.

        Args:
            spec: as `codeact.events.ToolSpec`.
            stub: what `help` is asked of.
            classes: names of those that its definitions make.
        """
        self._entries.append(_Entry(spec, stub, tuple(classes), _words_of(spec, stub)))

    def install(self, root: ModuleType) -> None:
        """Give `tools` its search, and let `help` know the tools. A tool of that name hides it: then it ends with ``_tools`` as well."""
        names = {entry.spec["name"] for entry in self._entries}
        helper = getattr(builtins, "help", None)
        helper = helper if isinstance(helper, _Help) else _Help(helper, self)
        builtins.help = helper
        self._finder = f"{MODULE}.{_free('search', names)}"
        for name, made in (("search", self._search()), ("help", helper)):
            vars(root).setdefault(name, made)
            vars(root).setdefault(_free(name, names), made)

    def found(self, words: str) -> str:
        """The tools that fit some words best, as a search shows them."""
        ranked = self._ranked(words)
        if not ranked:
            return f"No tool matches {words!r}; there are {len(self._entries)}: try other words, or help({MODULE}), which names them."
        parts = [_short(entry) for entry in ranked[:MOST_FOUND]]
        if rest := [entry.name for entry in ranked[MOST_FOUND:]]:
            parts.append(f"{len(rest)} more: {_named(rest, 2 * MOST_FOUND)}")
        return "\n\n".join(parts)

    def text(self, thing: Any) -> str:
        """What `help` shows of a tool, of a module of tools or of one of their names; empty if it is none."""
        if isinstance(thing, ModuleType) and thing.__name__.partition(".")[0] == MODULE:
            thing = thing.__name__
        if not isinstance(thing, str):
            return "\n\n".join(_whole(entry) for entry in self._entries if entry.stub is thing)
        wanted = thing.strip().replace("-", "_")
        if wanted == MODULE:
            return self._overview()
        wanted = wanted.removeprefix(f"{MODULE}.")
        inside = [entry for entry in self._entries if entry.spec["module"] == wanted]
        if inside:
            title = f"{MODULE}.{wanted}: {_counted(len(inside))}, with the first line of each; help(NAME) shows all of one."
            return "\n\n".join([title, *(_definition(entry.spec) for entry in inside)])
        found = [entry for entry in self._entries if wanted == entry.name]
        return "\n\n".join(map(_whole, found or [entry for entry in self._entries if wanted == entry.spec["name"]]))

    def _search(self) -> Callable[[str], None]:
        def search(words: str) -> None:
            """Print the tools that fit some words best: words of their names, descriptions, parameters and modules."""
            if not isinstance(words, str):
                raise TypeError(f"search() takes words as one text, not {words!r}")
            print(self.found(words))

        search.__qualname__, search.__module__ = search.__name__, MODULE
        return search

    def _overview(self) -> str:
        plain = [entry for entry in self._entries if not entry.spec["module"]]
        parts = [f'{_counted(len(self._entries))}; {self._finder}("words") finds some, help(NAME) shows all of one.']
        parts += [_definition(entry.spec) for entry in plain]
        for module in dict.fromkeys(entry.spec["module"] for entry in self._entries if entry.spec["module"]):
            names = [entry.spec["name"] for entry in self._entries if entry.spec["module"] == module]
            listed = textwrap.wrap(", ".join(names), _WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
            parts.append("\n".join([f"{MODULE}.{module}, {_counted(len(names))}:", *listed]))
        return "\n\n".join(parts)

    def _ranked(self, words: str) -> list[_Entry]:
        """Those that fit, the best first; a word that few tools have counts more."""
        asked = list(dict.fromkeys(_words(words)))
        asked = [word for word in asked if word not in _IDLE.split()] or asked
        scores = [0.0] * len(self._entries)
        for word in asked:
            weights = [_weight(word, entry.words) for entry in self._entries]
            rarity = math.log(1 + len(weights) / max(1, sum(weight > 0 for weight in weights)))
            scores = [score + weight * rarity for score, weight in zip(scores, weights, strict=True)]
        least = max(scores, default=0.0) / _WORSE
        order = sorted(range(len(scores)), key=lambda index: -scores[index])
        return [self._entries[index] for index in order if scores[index] > 0 and scores[index] >= least]


class _Help:
    """`help`, for tools as for all else."""

    def __init__(self, plain: Callable[..., Any] | None, guide: Guide) -> None:
        self._plain = plain
        self._guide = guide

    def __call__(self, *things: Any, **named: Any) -> Any:
        text = self._guide.text(things[0]) if len(things) == 1 and not named else ""
        if text:
            print(text)
            return None
        if self._plain is None:
            raise RuntimeError("there is help for tools only")
        return self._plain(*things, **named)

    def __repr__(self) -> str:
        return repr(self._plain)


def _short(entry: _Entry) -> str:
    return "\n".join(part for part in (_import(entry), _definition(entry.spec)) if part)


def _whole(entry: _Entry) -> str:
    parts = [_import(entry, *entry.classes), entry.spec["definitions"].strip("\n"), _definition(entry.spec, whole=True)]
    return "\n\n".join(part for part in parts if part)


def _import(entry: _Entry, *classes: str) -> str:
    """The line that a tool of a module needs; the others are there by their names."""
    return f"from {MODULE}.{entry.spec['module']} import {', '.join([entry.spec['name'], *classes])}" if entry.spec["module"] else ""


def _definition(spec: dict, *, whole: bool = False) -> str:
    """``def`` with the docstring, or its first line."""
    signature = spec["signature"]
    head = f"async def {signature.removeprefix('async ')}" if signature.startswith("async ") else f"def {signature}"
    lines = spec["description"].strip().splitlines()
    lines = lines if whole else [_cut(line) for line in lines[:1]]
    if not lines:
        return f"{head}: ..."
    body = [f'    """{lines[0].strip()}', *(f"    {line}".rstrip() for line in lines[1:])]
    return "\n".join([f"{head}:", *body]) + ('\n    """' if len(lines) > 1 else '"""')


def _cut(line: str) -> str:
    return line if len(line) <= _MOST_LINE else f"{line[:_MOST_LINE].rstrip()}..."


def _words_of(spec: dict, stub: Any) -> dict[str, frozenset[str]]:
    """The words of a tool, by where they stand."""
    first, _, rest = spec["description"].strip().partition("\n")
    parameters = " ".join(stub.__signature__.parameters)
    texts = {"name": spec["name"], "module": spec["module"], "first line": first, "parameters": parameters, "description": rest}
    return {place: frozenset(_words(text)) for place, text in texts.items()}


def _words(text: str) -> Iterator[str]:
    """The words of a text or an identifier, in lower case and without the ``s`` of a plural."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    for word in re.findall(r"[^\W_]+", parted.casefold()):
        if word.endswith("ies") and len(word) > 4:
            yield f"{word[:-3]}y"
        else:
            yield word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _weight(word: str, words: dict[str, frozenset[str]]) -> float:
    total = 0.0
    for place, there in words.items():
        if word in there:
            total += _WEIGHTS[place]
        elif any(len(short) > 3 and long.startswith(short) for each in there for short, long in [sorted((word, each), key=len)]):
            total += _PART * _WEIGHTS[place]
    return total


def _free(name: str, taken: Iterable[str]) -> str:
    """The name that the prompt gives the search or the help; `codeact.formats.listing` says the same."""
    taken = set(taken)
    while name in taken:
        name += "_tools"
    return name


def _named(names: list[str], most: int) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} others" if len(names) > most else "")


def _counted(count: int) -> str:
    return f"{count} function{'s' if count != 1 else ''}"

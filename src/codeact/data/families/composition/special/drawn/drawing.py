"""What chance draws of a tool: its name, the names and order of its parameters, and the shape in which it gives its result.

Invariant: what is drawn is told by the tool's signature and description, so that these have to be read; code and calls that
`Drawn` writes use the tool as it is. It does not: know what tools are for.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from codeact.data.families.composition.toolmaking import tool, written
from codeact.protocols import Call
from codeact.tools.function import FunctionTool

Wrapping = Literal["plain", "dict", "tuple"]

_STARTS = ("b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "z")
_MIDDLES = ("a", "e", "i", "o", "u")
_ENDS = ("", "", "l", "m", "n", "p", "r", "s", "t", "x")
BEFORE = ("do", "run", "make", "call", "my", "the", "get", "use", "quick", "new")
AFTER = ("now", "it", "tool", "v2", "step", "for_me", "plus", "service", "2", "x")
_KEYS = ("result", "value", "out", "output", "given", "res", "answer", "data")


def word(chance: random.Random) -> str:
    """A word that means nothing."""
    return "".join(chance.choice(_STARTS) + chance.choice(_MIDDLES) + chance.choice(_ENDS) for _ in range(2))


def name(chance: random.Random, plain: Sequence[str]) -> str:
    """One of some names, such a one with something before or after it, or a word that means nothing."""
    kind = chance.random()
    if kind < 0.5:
        return chance.choice(plain)
    if kind < 0.62:
        return f"{chance.choice(BEFORE)}_{chance.choice(plain)}"
    if kind < 0.74:
        return f"{chance.choice(plain)}_{chance.choice(AFTER)}"
    return word(chance)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a tool is given.

    Args:
        names: that it may have.
        kind: its annotation.
        told: of it, where a description tells of arguments.
    """

    names: tuple[str, ...]
    kind: type
    told: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tool as it was drawn.

    Args:
        tool: it.
        order: the places of its parameters among those that it is made of, in the order of its signature.
        names: of the parameters, in that order.
        wrapping: of its result.
        key: of a wrapped result: a dict's key.
    """

    tool: FunctionTool
    order: tuple[int, ...]
    names: tuple[str, ...]
    wrapping: Wrapping
    key: str

    def code(self, chance: random.Random, *arguments: str) -> str:
        """Code that calls it, and takes the result out of what it comes in.

        Args:
            chance: decides whether arguments are named.
            arguments: code for each, in the order that the tool is made of.
        """
        named = len(arguments) > 1 and chance.random() < 0.35
        given = [f"{one}={arguments[place]}" if named else arguments[place] for place, one in zip(self.order, self.names, strict=True)]
        return f"{self.tool.name}({', '.join(given)}){self.taken}"

    @property
    def taken(self) -> str:
        """Code that takes the result out of what it comes in."""
        return {"plain": "", "dict": f"[{written(self.key)}]", "tuple": "[0]"}[self.wrapping]

    def call(self, *arguments: Any) -> Call:
        """A call of it."""
        return Call(self.tool.name, tuple(arguments[place] for place in self.order))

    def result(self, shown: Any) -> Any:
        """The result, of what a call gave."""
        return shown if self.wrapping == "plain" else shown[self.key] if self.wrapping == "dict" else shown[0]


def draw(
    chance: random.Random,
    plain: Sequence[str],
    parameters: Sequence[Parameter],
    function: Callable[..., Any],
    *,
    returns: type,
    doc: str,
    taken: Sequence[str] = (),
    wrapped: float = 0.25,
) -> Drawn:
    """A tool of a drawn name, with parameters of drawn names in a drawn order.

    Args:
        chance: draws.
        plain: names that tell what it does.
        parameters: in the order in which `function` takes them.
        function: does it.
        returns: annotation of the result.
        doc: one sentence.
        taken: names that other tools have.
        wrapped: how often the result comes in a dict or a tuple.
    """
    order = tuple(chance.sample(range(len(parameters)), len(parameters))) if chance.random() < 0.5 else tuple(range(len(parameters)))
    names: list[str] = []
    for one in parameters:
        names.append(chance.choice([each for each in one.names if each not in names]))
    called = name(chance, plain)
    while called in taken:
        called = name(chance, plain) + str(chance.randint(2, 9))
    wrapping: Wrapping = chance.choice(("dict", "tuple")) if chance.random() < wrapped else "plain"
    key = chance.choice(_KEYS)
    note = chance.choice(("ok", "done", "fine", "no remarks"))

    def given(*arguments: Any) -> Any:
        made: list[Any] = [None] * len(parameters)
        for place, argument in zip(order, arguments, strict=True):
            made[place] = argument
        found = function(*made)
        return found if wrapping == "plain" else {key: found} if wrapping == "dict" else (found, note)

    kinds = {names[place]: parameters[place].kind for place in order}
    told = _told(chance, doc, [(names[place], parameters[place]) for place in order], wrapping, key)
    annotation = {"plain": returns, "dict": dict[str, returns], "tuple": tuple[returns, str]}[wrapping]
    return Drawn(tool(called, kinds, annotation, told, given), order, tuple(names[place] for place in order), wrapping, key)


def _told(chance: random.Random, doc: str, parameters: Sequence[tuple[str, Parameter]], wrapping: Wrapping, key: str) -> str:
    """The description: a line, or with a section for arguments, and one for the result where that comes in something."""
    wrapped = {"plain": "", "dict": f'{{"{key}": ...}}', "tuple": f"a tuple: the {key}, and a remark"}[wrapping]
    if chance.random() < 0.65:
        return f"{doc} Gives {wrapped}." if wrapped else doc
    sections = ["Args:", *(f"    {one}: {parameter.told}." for one, parameter in parameters)]
    if wrapped:
        sections += ["", "Returns:", f"    {wrapped}."]
    return "\n".join([doc, "", *sections])

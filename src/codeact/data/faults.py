"""Mistakes that can be made of any right action, in code and in calls: those that people and models make.

Invariant: what comes out differs from what went in, and says which kind of mistake it is. Whether a mistake shows when it is run is not
known here; `filters` looks at what came of it. It does not: run anything.
"""

import ast
import builtins
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from codeact.protocols import Call

_WRONG_METHODS = {
    "append": "add",
    "strip": "trim",
    "upper": "to_upper",
    "lower": "to_lower",
    "items": "pairs",
    "startswith": "starts_with",
    "endswith": "ends_with",
    "replace": "replace_all",
    "strftime": "format",
    "sort": "sorted",
    "join": "concat",
    "split": "explode",
    "days": "day_count",
    "mean": "average",
    "fetchall": "all",
    "groupby": "group_by",
    "sort_values": "sort_by",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake.

    Args:
        kind: in a word or two.
        code: the action with the mistake in it.
    """

    kind: str
    code: str


def faults(code: str, chance: random.Random) -> list[Fault]:
    """The mistakes that can be made of an action, one of each kind at most, in an order that chance decides.

    Args:
        code: Python that parses; of other text only broken text can be made.
        chance: decides where each mistake is made.
    """
    found = [Fault(kind, wrong) for kind, make in _KINDS.items() for wrong in _one(make(code), chance) if wrong != code]
    chance.shuffle(found)
    return found


def wrong_call(call: Call, chance: random.Random) -> Call:
    """A call with a mistake: a name of an argument, a missing one, one too many, or the name of the tool."""
    ways: list[Call] = [Call(_misspelt(call.tool, chance), call.args, call.kwargs)]
    if call.args:
        ways += [Call(call.tool, call.args[:-1], call.kwargs), Call(call.tool, (*call.args, call.args[-1]), call.kwargs)]
        named = {("value", "arg", "input")[number % 3] + (str(number) if number > 2 else ""): arg for number, arg in enumerate(call.args)}
        ways.append(Call(call.tool, (), {**named, **call.kwargs}))
    if call.kwargs:
        last = list(call.kwargs)[-1]
        ways.append(Call(call.tool, call.args, {name: value for name, value in call.kwargs.items() if name != last}))
        ways.append(Call(call.tool, call.args, {**call.kwargs, f"{last}_value": call.kwargs[last]}))
    return chance.choice(ways)


def _one(wrongs: Iterator[str], chance: random.Random) -> Sequence[str]:
    every = list(wrongs)
    return [chance.choice(every)] if every else []


def _tree(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except SyntaxError:
        return None


def _nodes(code: str) -> Iterator[ast.AST]:
    tree = _tree(code)
    if tree is not None:
        yield from ast.walk(tree)


def _without(code: str, node: ast.AST, put: str) -> str:
    """The code with what a node covers replaced. Columns of `ast` count bytes of UTF-8."""
    raw = code.encode()
    starts = [0]
    for line in raw.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    place: ast.expr = node  # type: ignore[assignment]  # only nodes with a place are given
    begin = starts[place.lineno - 1] + place.col_offset
    end = starts[(place.end_lineno or place.lineno) - 1] + (place.end_col_offset or place.col_offset)
    return (raw[:begin] + put.encode() + raw[end:]).decode()


def _missing_import(code: str) -> Iterator[str]:
    """An import left out, where there is something left."""
    lines = code.split("\n")
    for number, line in enumerate(lines):
        if re.match(r"(import|from) \w", line) and len(lines) > 1:
            yield "\n".join(lines[:number] + lines[number + 1 :])


def _misspelt_name(code: str) -> Iterator[str]:
    """A variable whose name is written otherwise where it is used."""
    stored = {node.id for node in _nodes(code) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in _nodes(code):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in stored and len(node.id) > 2:
            yield _without(code, node, node.id[:-1] if node.id.endswith("s") else f"{node.id}s")


def _wrong_method(code: str) -> Iterator[str]:
    """A method that the object does not have, though it might be called so."""
    for node in _nodes(code):
        if isinstance(node, ast.Attribute) and node.attr in _WRONG_METHODS:
            whole = ast.get_source_segment(code, node) or ""
            yield _without(code, node, whole[: -len(node.attr)] + _WRONG_METHODS[node.attr])


def _wrong_argument_name(code: str) -> Iterator[str]:
    """An argument by a name that the function does not have."""
    for node in _nodes(code):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args and node.func.id not in _BUILTINS:
            first = node.args[0]
            yield _without(code, first, f"{_ARGUMENTS[len(node.func.id) % len(_ARGUMENTS)]}={ast.get_source_segment(code, first)}")


def _missing_argument(code: str) -> Iterator[str]:
    """A call without its last argument."""
    for node in _nodes(code):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in _BUILTINS and not node.keywords:
            kept = [ast.get_source_segment(code, one) or "" for one in node.args[:-1]]
            if node.args:
                yield _without(code, node, f"{node.func.id}({', '.join(kept)})")


def _keys(code: str) -> Iterator[tuple[ast.Subscript, ast.Constant, str]]:
    """Where something is looked up by a text."""
    for node in _nodes(code):
        match node:
            case ast.Subscript(ctx=ast.Load(), slice=ast.Constant(value=str(key)) as place):
                yield node, place, key


def _attribute_for_key(code: str) -> Iterator[str]:
    """A key of a dict written as if it were an attribute."""
    for node, _, key in _keys(code):
        if key.isidentifier():
            yield _without(code, node, f"{ast.get_source_segment(code, node.value)}.{key}")


def _wrong_key(code: str) -> Iterator[str]:
    """A key or a column by another name."""
    for _, place, key in _keys(code):
        yield _without(code, place, repr("value" if key.endswith("s") else f"{key}s"))


def _text_for_number(code: str) -> Iterator[str]:
    """A number in quotes where a sum is made."""
    for node in _nodes(code):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Div | ast.Pow):
            for side in (node.left, node.right):
                if isinstance(side, ast.Constant) and isinstance(side.value, int | float) and not isinstance(side.value, bool):
                    yield _without(code, side, f'"{ast.get_source_segment(code, side)}"')


def _forgotten_print(code: str) -> Iterator[str]:
    """What was to be printed is kept in a variable only."""
    tree = _tree(code)
    if tree is None or not tree.body:
        return
    match tree.body[-1]:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[only])) as last:
            yield _without(code, last, f"result = {ast.get_source_segment(code, only)}")


def _open_bracket(code: str) -> Iterator[str]:
    """A bracket that is not closed."""
    for number, line in enumerate(lines := code.split("\n")):
        if line.endswith("))"):
            yield "\n".join([*lines[:number], line[:-1], *lines[number + 1 :]])


def _missing_colon(code: str) -> Iterator[str]:
    """A block without its colon."""
    for number, line in enumerate(lines := code.split("\n")):
        if re.match(r"\s*(for|if|while|def|with|else|elif)\b.*:$", line):
            yield "\n".join([*lines[:number], line[:-1], *lines[number + 1 :]])


def _misspelt_function(code: str) -> Iterator[str]:
    """A tool by a name that is nearly right."""
    defined = {node.name for node in _nodes(code) if isinstance(node, ast.FunctionDef)}
    for node in _nodes(code):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and "_" in node.func.id and node.func.id not in defined:
            yield _without(code, node.func, node.func.id.replace("_", "", 1))


def _misspelt(name: str, chance: random.Random) -> str:
    return chance.choice((name.replace("_", "") if "_" in name else f"{name}s", f"get_{name}", f"{name}_info"))


_ARGUMENTS = ("value", "input", "arg", "key", "text")
_BUILTINS = frozenset(dir(builtins))
_KINDS: dict[str, Callable[[str], Iterator[str]]] = {
    "missing import": _missing_import,
    "misspelt name": _misspelt_name,
    "no such method": _wrong_method,
    "wrong argument name": _wrong_argument_name,
    "missing argument": _missing_argument,
    "attribute for key": _attribute_for_key,
    "wrong key": _wrong_key,
    "text for number": _text_for_number,
    "forgotten print": _forgotten_print,
    "open bracket": _open_bracket,
    "missing colon": _missing_colon,
    "misspelt function": _misspelt_function,
}

"""Calls as Python: a call written as an expression, and an expression read as a call, with `ast` and nothing evaluated.

Invariant: `read(expression(call)) == call` for every call whose arguments are JSON values (tuples come back as lists); text that is no
single call of literals is a `FormatError` that names the part at fault. It does not: run anything, or know what a tool wants.
"""

import ast
import builtins
import difflib
import keyword
import math
import re
import unicodedata
import warnings
from collections.abc import Sequence
from typing import Any

from codeact.errors import FormatError, InputError
from codeact.events import ToolSpec
from codeact.formats import brackets, listing
from codeact.protocols import Call

MOST_DEPTH = 50
"""Lists and objects in each other, at most."""

_NAME = r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*"
HEAD = re.compile(rf"(?:await\s+)?(?P<name>{_NAME})[ \t]*(?P<bracket>\()?")
"""The start of a call."""
_WORDS: dict[str, Any] = {
    "true": True,
    "false": False,
    "null": None,
    "nan": math.nan,
    "NaN": math.nan,
    "inf": math.inf,
    "Infinity": math.inf,
}
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_OF_THE_SHELL = frozenset({"get_ipython", "display", "exit", "quit", "In", "Out"})
_MARK = "_word_of_python_"
_WORD_OF_PYTHON = re.compile(rf"([(,]\s*)({'|'.join([*keyword.kwlist, '__debug__'])})(?=\s*=(?!=))")
_SHOWN = 60


def expression(call: Call) -> str:
    """The call as one Python expression, ``find('A', n=2)``.

    Names of arguments that Python does not take as they are (``from``, ``max-size``) come in ``**{...}``.

    Raises:
        InputError: an argument is no JSON value.
    """
    parts = [_written(value) for value in call.args]
    parts += [f"{name}={_written(value)}" for name, value in call.kwargs.items() if _is_identifier(name)]
    rest = {name: value for name, value in call.kwargs.items() if not _is_identifier(name)}
    if rest:
        parts.append(f"**{_written(rest)}")
    return f"{call.tool}({', '.join(parts)})"


def source(call: Call, tools: Sequence[ToolSpec] = ()) -> str:
    """The code that makes a call in a session; see `protocols.ActionFormat.source`.

    Where tools are listed in short, ``search`` and ``help`` can be called too, unless a tool is called so. A name that is none of the
    tools is called as it is, so that what comes of it is what comes of it in code (a NameError); but what is Python's own (``exec``) is
    not within reach of a call.
    """
    found = _specs(call.tool, tools)
    if not found:
        if asked := _of_the_listing(call, tools):
            return asked
        return expression(call) if _is_nothing_else(call.tool) else _no_such_tool(call.tool, tools)
    if len(found) > 1:
        names = ", ".join(f"{spec.module}.{spec.name}" for spec in found)
        return f"raise NameError({f'there are several tools {call.tool!r}: write one of {names}'!r})"
    spec = found[0]
    imported = f"import tools.{spec.module}\n" if spec.module else ""
    name = f"tools.{spec.module}.{spec.name}" if spec.module else spec.name
    return f"{imported}{'await ' if spec.signature.startswith('async ') else ''}{expression(Call(name, call.args, call.kwargs))}"


def read(text: str) -> Call:
    """Read one call, ``name(value, key=value)``; a name alone is a call with no arguments.

    Raises:
        FormatError: it is something else; `.feedback` says what, as the end of a sentence.
    """
    head = HEAD.match(text := text.strip())
    if head is None:
        raise FormatError(f"{_short(text)} is not a call of a tool")
    if head["bracket"] is None:
        if head.end() < len(text):
            raise FormatError(f"{_short(text)} is not a call of a tool, which has its arguments in brackets")
        return Call(head["name"])
    tree = _call_tree("_" * len(head["name"]) + text[head.end() - 1 :], head["name"])
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise FormatError(f"{_short(text)} is more than a call: write one call and nothing around it")
    args: list[Any] = []
    for node in tree.args:
        args.extend(_starred(node.value) if isinstance(node, ast.Starred) else [_value(node)])
    kwargs: dict[str, Any] = {}
    for item in tree.keywords:
        named = {item.arg.removeprefix(_MARK): _value(item.value)} if item.arg else _doubly_starred(item.value)
        for name, value in named.items():
            if name in kwargs:
                raise FormatError(f"the argument {name!r} is there twice")
            kwargs[name] = value
    return Call(head["name"], tuple(args), kwargs)


def literal(text: str) -> Any:
    """Read one Python literal as a JSON value; JSON's words for constants are taken too.

    Raises:
        FormatError: it is something else; `.feedback` says what, as the end of a sentence.
    """
    return _value(_tree(text.strip()))


def place(text: str, position: int) -> str:
    """Where in a text something is wrong, in words: what stands around it, with a mark at the position."""
    return f"at >>> in: {text[max(0, position - _SHOWN // 2) : position]}>>>{text[position : position + _SHOWN // 2]}".rstrip()


def checked_depth(value: Any) -> Any:
    """The value itself.

    Raises:
        FormatError: its lists and objects are nested too deeply.
    """
    level: list[Any] = [value]
    for _ in range(MOST_DEPTH):
        level = [
            inner for outer in level if isinstance(outer, dict | list) for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return value
    raise FormatError(f"a value is nested more than {MOST_DEPTH} deep")


def _call_tree(text: str, name: str) -> ast.expr:
    """The call as an expression; a word of Python as the name of an argument (``from``), which JSON takes too, comes with a mark."""
    try:
        return _tree(text, name)
    except FormatError:
        marked = brackets.outside_strings(text, _WORD_OF_PYTHON, rf"\1{_MARK}\2")
        if marked == text:
            raise
        return _tree(marked, name)


def _tree(text: str, start: str = "") -> ast.expr:
    """The text as an expression; `start` is what the model wrote where the text's first characters stand."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the model's string is no concern of the host's
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        line = (error.text or text).strip("\n")
        if (error.lineno or 1) == 1:
            line = start + line[len(start) :]
        raise FormatError(f"it is not written rightly, {error.msg}, {place(line, max(0, (error.offset or 1) - 1))}") from None
    except (ValueError, RecursionError, MemoryError):
        raise FormatError(f"{_short(start + text[len(start) :])} is nested too deeply or holds a character that cannot be read") from None


def _value(node: ast.expr, depth: int = 0) -> Any:
    if depth > MOST_DEPTH:
        raise FormatError(f"a value is nested more than {MOST_DEPTH} deep")
    match node:
        case ast.Constant(value=str(text)):
            return _whole_characters(text)
        case ast.Constant(value=bool() | int() | float() | None as value):
            return value
        case ast.Name(id=name) if name in _WORDS:
            return _WORDS[name]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            number = _value(operand, depth + 1)
            if isinstance(number, int | float) and not isinstance(number, bool):
                return -number if isinstance(sign, ast.USub) else number
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [_value(item, depth + 1) for item in items]
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_key(key, depth): _value(value, depth + 1) for key, value in zip(keys, values, strict=True) if key is not None}
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(text))], keywords=[]) if _NOT_FINITE.fullmatch(text):
            return float(text)
        case _:
            pass
    raise FormatError(_no_value(node))


def _key(node: ast.expr, depth: int) -> str:
    """The key of an object, in the words of JSON if it is no text."""
    value = _value(node, depth + 1)
    if isinstance(value, list | dict):
        raise FormatError(f"{_unparsed(node)} cannot be the key of an object")
    words = {True: "true", False: "false", None: "null"}
    return value if isinstance(value, str) else words[value] if value is None or isinstance(value, bool) else str(value)


def _starred(node: ast.expr) -> list[Any]:
    value = _value(node)
    if not isinstance(value, list):
        raise FormatError(f"behind * must stand a list, not {_unparsed(node)}")
    return value


def _doubly_starred(node: ast.expr) -> dict[str, Any]:
    value = _value(node)
    if not isinstance(value, dict):
        raise FormatError(f"behind ** must stand an object, not {_unparsed(node)}")
    return value


def _no_value(node: ast.expr) -> str:
    text = _unparsed(node)
    match node:
        case ast.Name():
            return f"{text} is not a value: text stands in quotes, and there are no variables"
        case ast.Call():
            return f"{text} is a call inside a call: make it by itself first, then write the value that came of it"
        case ast.Constant(value=bytes()):
            return f"{text} is no value that can be written here: write text without the b"
        case _:
            return f"{text} is not a value: write it out, nothing is computed here"


def _unparsed(node: ast.expr) -> str:
    try:
        return _short(ast.unparse(node))
    except (RecursionError, ValueError):
        return "an argument"


def _whole_characters(text: str) -> str:
    r"""The text with pairs of surrogates as the characters that they stand for (JSON writes ``\ud83d\ude00``)."""
    if not any("\ud800" <= character <= "\udbff" for character in text):
        return text
    return re.sub("[\ud800-\udbff][\udc00-\udfff]", lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _written(value: Any) -> str:
    match value:
        case None | bool() | int() | str():
            return repr(value)
        case float():
            return repr(value) if math.isfinite(value) else f"float('{value}')"
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case dict() if all(isinstance(key, str) for key in value):
            return f"{{{', '.join(f'{key!r}: {_written(item)}' for key, item in value.items())}}}"
        case _:
            raise InputError(
                f"{value!r} is no JSON value and cannot be the argument of a call: give text, numbers, lists or dicts with text keys"
            )


def _is_identifier(name: str) -> bool:
    """Whether Python takes the name before ``=``, and as it is (Python folds some letters into others)."""
    plain = name.isidentifier() and not keyword.iskeyword(name) and name != "__debug__"
    return plain and unicodedata.normalize("NFKC", name) == name


def _is_nothing_else(name: str) -> bool:
    """Whether the name means nothing to Python and its shell."""
    return _is_identifier(name) and not hasattr(builtins, name) and name not in _OF_THE_SHELL and not name.startswith("_")


def _specs(name: str, tools: Sequence[ToolSpec]) -> list[ToolSpec]:
    """The tools that a name may mean: one that is there by its name before those of modules."""
    wanted = name.replace("-", "_")
    exact = [spec for spec in tools if wanted == spec.name and not spec.module]
    exact += [spec for spec in tools if spec.module and wanted.removeprefix("tools.") == f"{spec.module}.{spec.name}"]
    return exact or [spec for spec in tools if spec.name == wanted]


def _of_the_listing(call: Call, tools: Sequence[ToolSpec]) -> str:
    """The code of a call of the search or the help; empty if it is neither."""
    dotted, name = call.tool.startswith("tools."), call.tool.removeprefix("tools.")
    searches, helper = {listing.free(listing.SEARCH, tools)}, listing.free(listing.HELP, tools)
    if dotted:
        searches.add(listing.SEARCH)
    elif not listing.shortened(tools):
        return ""
    if name in searches:
        return f"import tools\n{expression(Call(f'tools.{name}', call.args, call.kwargs))}"
    return _help(call, helper, tools) if name == helper else ""


def _help(call: Call, helper: str, tools: Sequence[ToolSpec]) -> str:
    """The code that shows a tool, all of a module, or all: the tools that a call of the help names."""
    given = [*call.args, *call.kwargs.values()]
    if len(given) > 1 or not all(isinstance(each, str) for each in given):
        return f"raise TypeError({f'{helper}() takes the name of one tool as text, not {_short(repr(given))}'!r})"
    wanted = given[0].strip() if given else "tools"
    if wanted == "tools" or any(spec.module == wanted.removeprefix("tools.") for spec in tools):
        names = [wanted]
    else:
        names = [f"{spec.module}.{spec.name}" if spec.module else spec.name for spec in _specs(wanted, tools)]
    made = [f"tools.{helper}({each!r})" for each in names]
    return "\n".join(["import tools", *made]) if made else _no_such_tool(wanted, tools)


def _no_such_tool(name: str, tools: Sequence[ToolSpec]) -> str:
    near = difflib.get_close_matches(name, [spec.name for spec in tools], n=1)
    text = f"name {name!r} is not defined" + (f". Did you mean: {near[0]!r}?" if near else "")
    return f"raise NameError({text!r})"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."

"""A tool of a server as a tool of the agent: its signature, what a call sends, what comes of the answer.

Invariant: the signature and the definitions can be parsed as Python, whatever the server's schemas are; the server is called by the
names that it gave, not by those that Python has for them. It does not: hold a connection.
"""

import ast
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from typing import Any

from codeact.events import ToolSpec
from codeact.protocols import ToolLimits
from codeact.tools.annotations import UNSHOWN, value_text
from codeact.tools.binding import Bound, bind
from codeact.tools.mcp_client import schemas
from codeact.tools.mcp_client.arguments import Faults, as_json, worded
from codeact.tools.mcp_client.entries import Entry
from codeact.tools.mcp_client.names import identifier
from codeact.tools.mcp_client.results import Result, result_of, value_of
from codeact.tools.mcp_client.typed import Part, Shape, Typist, note

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Calls a tool of a server by its name there, with JSON; gives the result as the protocol has it."""

_MOST_PARAMETERS = 60
_LONGEST_DEFAULT = 120
_LONGEST_SIGNATURE = 6000
_LONGEST_DEFINITIONS = 20_000
_LONGEST_DESCRIPTION = 4000
_OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter.

    Args:
        name: in Python.
        key: in JSON, empty for ``**others``.
        shape: its type.
        node: of the schema.
        required: whether it must be given.
    """

    name: str
    key: str
    shape: Shape
    node: Any
    required: bool

    @property
    def kind(self) -> Any:
        """As of `inspect.Parameter`."""
        return Parameter.POSITIONAL_OR_KEYWORD if self.key else Parameter.VAR_KEYWORD


class McpTool:
    """See the module's docstring (`protocols.Tool`).

    Args:
        entry: the server.
        listed: the tool, as the protocol lists it.
        name: in Python.
        ask: makes a call.
        taken: names of all tools of the server, which no class may have.
    """

    def __init__(self, entry: Entry, listed: Mapping[str, Any], name: str, ask: Ask, taken: Collection[str]) -> None:
        shown = entry.secrets.hidden_in(dict(listed))
        self._key: str = listed["name"]
        self._schema = shown.get("inputSchema")
        self._entry = entry
        self._ask = ask
        self._limits = ToolLimits(calls=entry.calls, seconds=entry.timeout, effect=True)
        typist = Typist(taken)
        self._parameters = _parameters(self._schema, typist)
        self._result: Result | None = result_of(shown.get("outputSchema"), name, typist)
        self._faults = Faults(self._schema)
        text = self._text(name)
        definitions = typist.definitions
        if not _parses(text, definitions):
            text, definitions = f"{name}(**{_OTHERS}: Any)", ""
            self._parameters = [Given(_OTHERS, "", Shape(), None, False)]
        self._spec = ToolSpec(
            name=name,
            signature=text,
            description=_description(shown, self._parameters),
            parameters=self._schema if isinstance(self._schema, dict) else {},
            definitions=definitions,
            module=entry.module,
        )

    @property
    def spec(self) -> ToolSpec:
        """What the model sees of it."""
        return self._spec

    @property
    def limits(self) -> ToolLimits:
        """What its calls may use."""
        return self._limits

    def __repr__(self) -> str:
        return f"<tool {self._spec.module}.{self._spec.name} of the MCP server {self._entry.name!r}>"

    def _text(self, name: str) -> str:
        listed = ", ".join(_written(one) for one in self._parameters)
        return f"{name}({listed}) -> {'Any' if self._result is None else self._result.shape.text}"

    async def acall(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Check the arguments, and have the server called; see `protocols.Tool`.

        Raises:
            TypeError, ValueError: the arguments do not fit.
            McpError: the server's own error.
            ConnectionError: the server is not there, or ended meanwhile.
        """
        arguments = self._arguments(bind(self._spec.name, self._parameters, args, self._in_python(kwargs)))
        return value_of(await self._ask(self._key, arguments), self._result, self._spec.name, self._entry.secrets)

    def _in_python(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Names of arguments as the signature has them: those of the server are taken too."""
        own = {one.key: one.name for one in self._parameters if one.key}
        known = set(own.values())
        return {key if key in known else own.get(key, key): value for key, value in kwargs.items()}

    def _arguments(self, bound: Bound) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for one in self._parameters:
            if not one.key:
                extra = {key: as_json(self._schema, one.node, value, self._title(key)) for key, value in bound.others.items()}
                values |= {key: value for key, value in extra.items() if key not in values}
            elif one.name in bound.named:
                value = bound.named[one.name]
                if value is None and not one.required and not schemas.takes_none(self._schema, one.node):
                    continue  # the default that the signature shows for "not given"
                values[one.key] = as_json(self._schema, one.node, value, self._title(one.name))
        fault = self._faults.first(values)
        if fault is not None:
            raise self._worded(fault)
        return values

    def _title(self, argument: str) -> str:
        return f"{self._spec.name}() argument {argument!r}"

    def _worded(self, fault: Any) -> Exception:
        place = tuple(fault.absolute_path)
        one = next((each for each in self._parameters if place and each.key == place[0]), None)
        if one is None:
            return worded(fault, f"{self._spec.name}() arguments", place)
        return worded(fault, f"{self._title(one.name)} ({one.shape.text})", place[1:])


def _parameters(schema: Any, typist: Typist) -> list[Given]:
    """The required ones first; ``**others`` where the schema asks for it, says nothing, or names too many."""
    whole = schemas.resolved(schema, schema)
    needed, known = schemas.required(whole), schemas.properties(whole)
    for each in schemas.options(whole):
        known = {**schemas.properties(schemas.resolved(schema, each)), **known}
    listed = sorted(known, key=lambda key: key not in needed)[:_MOST_PARAMETERS]
    used: set[str] = {_OTHERS}
    found: list[Given] = []
    for key in listed:
        name = identifier(key, taken=used, otherwise="argument")
        used.add(name)
        found.append(Given(name, key, typist.shape(Part(schema, known[key], key)), known[key], key in needed))
    more = whole.get("additionalProperties")
    silent = not known and more is None and bool(whole.keys() - {"type", "title", "description", "$schema", "properties", "required"})
    if not isinstance(schema, dict) or not schema or silent or len(known) > len(listed) or more is True or isinstance(more, dict):
        node = more if isinstance(more, dict) else None
        found.append(Given(_OTHERS, "", typist.shape(Part(schema, node, _OTHERS)), node, False))
    return found


def _written(one: Given) -> str:
    if not one.key:
        return f"**{one.name}: {one.shape.text}"
    if one.required:
        return f"{one.name}: {one.shape.text}"
    node = one.node if isinstance(one.node, dict) else {}
    if "default" in node and (text := value_text(node["default"])) != UNSHOWN and len(text) <= _LONGEST_DEFAULT and _as_literal(text):
        return f"{one.name}: {one.shape.text} = {text}"
    if one.shape.text == "Any" or "None" in one.shape.text.split(" | "):
        return f"{one.name}: {one.shape.text} = None"
    return f"{one.name}: {one.shape.text} | None = None"


def _as_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def _parses(signature: str, definitions: str) -> bool:
    if len(signature) > _LONGEST_SIGNATURE or len(definitions) > _LONGEST_DEFINITIONS:
        return False
    try:
        ast.parse(f"def {signature}: ...")
        ast.parse(definitions)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _description(listed: Mapping[str, Any], parameters: list[Given]) -> str:
    """The server's words, such that they cannot leave the docstring that they are shown in."""
    lines = [_safe(str(listed.get("description") or listed.get("title") or ""), _LONGEST_DESCRIPTION)]
    notes = [(one, note(one.node.get("description")) if isinstance(one.node, dict) else "") for one in parameters]
    told = [
        f"    {one.name}: {_safe(aside, 200) if aside else f'{_safe(one.key, 80)} at the server'}"
        for one, aside in notes
        if aside or (one.key and one.key != one.name)
    ]
    if told:
        lines += ["", "Args:", *told]
    return "\n".join(lines).strip()


def _printed(one: str) -> str:
    if one == "\\":
        return "\\\\"
    return one if one.isprintable() or one in "\n\t" else " " if one.isspace() else repr(one)[1:-1]


def _safe(text: str, most: int) -> str:
    text = text if len(text) <= most else f"{text[: most - 3]}..."
    kept = "".join(map(_printed, text))
    return kept.replace('"', "'") if '"""' in kept or kept.rstrip().endswith('"') else kept

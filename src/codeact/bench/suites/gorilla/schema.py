"""Functions described in BFCL's own kind of JSON schema, as tools: signature, description, and the binding of arguments.

Dots in names become underscores (``math.factorial``: ``math_factorial``). Types are shown and not enforced: what was called with is graded.

Invariant: a call reaches the tool only if its arguments bind to the parameters. It does not: run anything itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from typing import Any

from codeact.bench.calling import Log, Made
from codeact.events import ToolSpec
from codeact.protocols import ToolLimits
from codeact.tools.binding import bind

_KINDS = {"string": "str", "integer": "int", "number": "float", "float": "float", "boolean": "bool", "dict": "dict", "object": "dict"}
_JSON = {"dict": "object", "float": "number", "tuple": "array"}

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter (`codeact.tools.binding.Bindable`).

    Args:
        name: as a call names it.
        node: its schema.
        required: whether it must be given.
    """

    name: str
    node: Node
    required: bool

    @property
    def kind(self) -> Any:
        """By position or by name."""
        return Parameter.POSITIONAL_OR_KEYWORD


class SchemaTool:
    """A described function as a tool (`codeact.protocols.Tool`), whose calls are remembered.

    Args:
        described: name, description and parameters, as BFCL has them.
        log: where calls are remembered.
        run: makes a call, with its arguments by name.
    """

    def __init__(self, described: Node, log: Log, run: Callable[[dict[str, Any]], Any]) -> None:
        self.log = log
        self._run = run
        self._parameters = parameters(described)
        name = tool_name(described["name"])
        shown = ", ".join(_shown(one) for one in self._parameters)
        self._spec = ToolSpec(
            name=name,
            signature=f"{name}({shown}) -> Any",
            description=_description(described, self._parameters),
            parameters=_as_json(described["parameters"]),
        )

    @property
    def spec(self) -> ToolSpec:
        """What the model sees of it."""
        return self._spec

    @property
    def limits(self) -> ToolLimits:
        """None."""
        return ToolLimits()

    @property
    def inline(self) -> bool:
        """See `codeact.protocols.InlineTool`: calls follow one another."""
        return True

    def call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Bind and make the call.

        Raises:
            TypeError: the arguments do not bind, in CPython's words.
            Exception: what the function raises.
        """
        named = bind(self._spec.name, self._parameters, args, kwargs).named
        return self.log.note(Made(self._spec.name, named), lambda: self._run(named))

    async def acall(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The same."""
        return self.call(args, kwargs)

    def __repr__(self) -> str:
        return f"<tool {self._spec.name}>"


def tool_name(name: str) -> str:
    """A function's name as a tool has it."""
    return name.replace(".", "_")


def parameters(described: Node) -> list[Given]:
    """The parameters of a described function, those that must be given first."""
    properties: dict[str, Node] = described["parameters"].get("properties", {})
    needed = described["parameters"].get("required", [])
    made = [Given(name, node, name in needed) for name, node in properties.items()]
    return sorted(made, key=lambda one: not one.required)


def _shown(one: Given) -> str:
    return f"{one.name}: {annotation(one.node)}" + ("" if one.required else f" = {one.node.get('default')!r}")


def annotation(node: Node) -> str:
    """A type in Python's words."""
    kind = node.get("type", "any")
    if kind in ("array", "tuple"):
        items = node.get("items")
        return f"list[{annotation(items)}]" if isinstance(items, dict) and items else "list"
    return _KINDS.get(kind, "Any")


def _description(described: Node, given: Sequence[Given]) -> str:
    lines = [line for one in given for line in _notes(one.name, one.node, 0)]
    return "\n".join([described.get("description", ""), *(["", *lines] if lines else [])])


def _notes(name: str, node: Node, depth: int) -> Iterator[str]:
    """What is said of a parameter, and of what is inside it."""
    choices = f" One of {', '.join(map(repr, node['enum']))}." if node.get("enum") else ""
    kind = f" ({annotation(node)})" if depth else ""
    yield f"{'  ' * depth}{name}{kind}: {node.get('description', '').strip()}{choices}"
    inner = node.get("items") if node.get("type") in ("array", "tuple") else node
    for key, each in (inner.get("properties") or {}).items() if isinstance(inner, dict) else ():
        yield from _notes(key, each, depth + 1)


def _as_json(node: Any) -> Any:
    """A schema in the words of JSON schema."""
    if isinstance(node, list):
        return [_as_json(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _as_json(value) for key, value in node.items() if not (key == "type" and value == "any")}
    return {**made, "type": _JSON.get(made["type"], made["type"])} if isinstance(made.get("type"), str) else made

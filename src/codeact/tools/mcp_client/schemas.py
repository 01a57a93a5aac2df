"""JSON schemas of servers, read with care: what a node says of itself, and what of a schema can be checked here.

Invariant: whatever a schema is (recursive, huge, malformed, no schema at all), nothing is raised and the work is bounded; what is not
understood allows anything. Only references inside the schema are followed. It does not: check values (`arguments` does).
"""

from collections.abc import Iterator
from typing import Any

_MOST_STEPS = 20
_MOST_NODES = 5000
_MOST_DEPTH = 40

_TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")
_NUMBERS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
)
_ONE = ("items", "additionalProperties")
_MANY = ("anyOf", "oneOf", "allOf", "prefixItems")

Node = dict[str, Any]


def resolved(root: Any, node: Any) -> Node:
    """A node with what it refers to, and what all of its parts (`allOf`) say, in one; empty for what says nothing.

    Args:
        root: the whole schema.
        node: a part of it.
    """
    return _merged(root, node, 0)


def _merged(root: Any, node: Any, steps: int) -> Node:
    if not isinstance(node, dict) or steps > _MOST_STEPS:
        return {}
    found: Node = {}
    if isinstance(node.get("$ref"), str):
        found = _merged(root, pointed(root, node["$ref"]), steps + 1)
    for part in _list(node.get("allOf"))[: _MOST_STEPS // 2]:
        found = _joined(found, _merged(root, part, steps + _MOST_STEPS // 2))
    return _joined(found, {key: value for key, value in node.items() if key not in ("$ref", "allOf")})


def _joined(first: Node, second: Node) -> Node:
    joined = {**first, **second}
    if isinstance(first.get("properties"), dict) and isinstance(second.get("properties"), dict):
        joined["properties"] = {**first["properties"], **second["properties"]}
    if "required" in first and "required" in second:
        joined["required"] = [*_list(first["required"]), *_list(second["required"])]
    return joined


def pointed(root: Any, reference: str) -> Any:
    """What a reference leads to, as ``#/$defs/Issue``; None if to nothing in this schema."""
    if not reference.startswith("#"):
        return None
    node = root
    for step in reference[1:].split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and name.isdecimal() and len(name) < 6 and int(name) < len(node):
            node = node[int(name)]
        elif isinstance(node, dict) and name in node:
            node = node[name]
        else:
            return None
    return node


def options(node: Node) -> list[Any]:
    """What a resolved node may be one of; empty if it is no union."""
    for key in ("anyOf", "oneOf"):
        if isinstance(node.get(key), list) and node[key]:
            return node[key]
    kinds = node.get("type")
    return [{**node, "type": kind} for kind in kinds] if isinstance(kinds, list) and len(kinds) > 1 else []


def type_of(node: Node) -> str:
    """The one type of a resolved node, also where it only shows by its keywords; empty if it may be of any."""
    kind = node.get("type")
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    if isinstance(kind, str):
        return kind if kind in _TYPES else ""
    return "object" if isinstance(node.get("properties"), dict) else "array" if "items" in node else ""


def properties(node: Node) -> dict[str, Any]:
    """The properties of a resolved node."""
    found = node.get("properties")
    return {key: value for key, value in found.items() if isinstance(key, str)} if isinstance(found, dict) else {}


def required(node: Node) -> set[str]:
    """Names of the properties that a resolved node must have."""
    return {name for name in _list(node.get("required")) if isinstance(name, str)}


def takes_bytes(root: Any, node: Any, steps: int = 0) -> bool:
    """Whether a node is text that stands for bytes, in base64."""
    one = resolved(root, node)
    if steps < 3 and (several := options(one)):
        return any(takes_bytes(root, each, steps + 1) for each in several[:_MOST_STEPS])
    return one.get("contentEncoding") == "base64" or one.get("format") in ("byte", "binary", "base64")


def takes_none(root: Any, node: Any, steps: int = 0) -> bool:
    """Whether null fits a node, as far as can be seen at a glance."""
    one = resolved(root, node)
    if steps < 3 and (several := options(one)):
        return any(takes_none(root, each, steps + 1) for each in several[:_MOST_STEPS])
    if "enum" in one or "const" in one:
        return one.get("const", 0) is None or None in _list(one.get("enum"))
    return type_of(one) in ("null", "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def checkable(schema: Any) -> Node:
    """The part of a schema that can be checked here at a bounded cost, in a form that `jsonschema` takes whatever the schema was.

    Patterns are left out, since a hostile one takes for ever; so is the uniqueness of items. The server checks those itself.
    """
    return _Sieve(schema).whole()


class _Sieve:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._nodes = 0
        self._named: dict[str, str] = {}
        self._defs: Node = {}

    def whole(self) -> Node:
        kept = self._kept(self._root, 0)
        made = kept if isinstance(kept, dict) else {}
        return {**made, "$defs": self._defs} if self._defs else made

    def _kept(self, node: Any, depth: int) -> Any:
        self._nodes += 1
        if isinstance(node, bool):
            return node
        if not isinstance(node, dict) or depth > _MOST_DEPTH or self._nodes > _MOST_NODES:
            return {}
        kept: Node = dict(_plain(node))
        if isinstance(node.get("$ref"), str):
            kept["$ref"] = self._reference(node["$ref"], depth)
        if isinstance(node.get("properties"), dict):
            kept["properties"] = {str(key): self._kept(value, depth + 1) for key, value in node["properties"].items()}
        for key in _ONE:
            if isinstance(node.get(key), dict | bool) and not (key == "additionalProperties" and _is_open(node)):
                kept[key] = self._kept(node[key], depth + 1)
        for key in _MANY:
            if isinstance(node.get(key), list) and node[key]:
                kept[key] = [self._kept(each, depth + 1) for each in node[key]]
        return kept

    def _reference(self, reference: str, depth: int) -> str:
        if reference not in self._named:
            name = self._named[reference] = f"r{len(self._named)}"
            self._defs[name] = {}
            self._defs[name] = self._kept(pointed(self._root, reference), depth + 1)
        return f"#/$defs/{self._named[reference]}"


def _is_open(node: Node) -> bool:
    """Whether properties come from where `additionalProperties` cannot be judged without it."""
    return "patternProperties" in node or "unevaluatedProperties" in node


def _plain(node: Node) -> Iterator[tuple[str, Any]]:
    """Keywords without schemas in them, those that are well formed."""
    kinds = node.get("type")
    if kinds and all(isinstance(kind, str) and kind in _TYPES for kind in (kinds if isinstance(kinds, list) else [kinds])):
        yield "type", kinds
    if isinstance(node.get("enum"), list) and node["enum"]:
        yield "enum", node["enum"]
    if "const" in node:
        yield "const", node["const"]
    names = [name for name in _list(node.get("required")) if isinstance(name, str)]
    if names:
        yield "required", names
    for key in _NUMBERS:
        value = node.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and not (key == "multipleOf" and value <= 0):
            yield key, value

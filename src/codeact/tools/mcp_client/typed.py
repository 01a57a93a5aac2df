"""JSON schemas as Python types: annotations as text, and the source of the classes that they name.

What goes in is a TypedDict, so that a plain dict does; what comes out is a dataclass, so that its fields are attributes.

Invariant: the text and the source are Python that can be parsed, made of checked identifiers and `repr` of plain values; whatever the
schema is, something comes out, `Any` in the end. It does not: look at values, but for `revived`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from codeact.tools.definitions import literal_doc
from codeact.tools.incoming import Fields
from codeact.tools.mcp_client import schemas
from codeact.tools.mcp_client.names import class_name, identifier, is_plain, numbered

_MOST_NODES = 1500
_MOST_CLASSES = 60
_MOST_FIELDS = 100
_MOST_DEPTH = 16
_MOST_CHOICES = 60
_LONGEST_CHOICE = 80
_LONGEST_TEXT = 1500
_LONGEST_NOTE = 160

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_RESERVED = frozenset(
    {"Any", "Literal", "NotRequired", "TypedDict", "None", "True", "False", "ToolError", "dataclass"}
    | {"str", "int", "float", "bool", "bytes", "list", "dict", "Audio", "Resource", "ResourceLink"}
)


@dataclass(slots=True)
class Shape:
    """A type.

    Args:
        text: the annotation.
        kind: what it is made of: nothing that matters, a list or dict of `item`, an object of `name` with `fields`, one of `options`.
        fields: of an object: names in JSON to names in Python and types.
        needed: names in JSON of the fields that it must have.
    """

    text: str = "Any"
    kind: Literal["plain", "list", "dict", "object", "union"] = "plain"
    item: "Shape | None" = None
    name: str = ""
    fields: dict[str, tuple[str, "Shape"]] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)
    options: list["Shape"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a schema.

    Args:
        root: the whole schema.
        node: the part.
        hint: a class's name, where the schema has none.
        coming: whether it is of a result.
        depth: how far inside it is.
    """

    root: Any
    node: Any
    hint: str
    coming: bool = False
    depth: int = 0

    def inside(self, node: Any, hint: str) -> "Part":
        """A part of this one."""
        return replace(self, node=node, hint=hint, depth=self.depth + 1)


class Typist:
    """Makes types of the parts of schemas, and collects the classes.

    Args:
        taken: names that no class may have.
    """

    def __init__(self, taken: Collection[str]) -> None:
        self._names: set[str] = {*taken, *_RESERVED}
        self._sources: list[str] = []
        self._classes = 0
        self._nodes = 0
        self._known: dict[tuple[int, bool, str], Shape] = {}
        self._objects: dict[tuple[int, bool, str], Shape] = {}

    @property
    def definitions(self) -> str:
        """The source of the classes, imports first; empty without classes."""
        if not self._sources:
            return ""
        body = "\n\n".join(self._sources)
        typing = [name for name in ("Any", "Literal", "NotRequired", "TypedDict") if name in body]
        imports = ["from dataclasses import dataclass"] if "@dataclass" in body else []
        imports += [f"from typing import {', '.join(typing)}"] if typing else []
        return "\n".join(imports) + f"\n\n{body}\n"

    def shape(self, part: Part) -> Shape:
        """The type of a part of a schema."""
        self._nodes += 1
        if self._nodes > _MOST_NODES or part.depth > _MOST_DEPTH or not isinstance(part.node, dict):
            return Shape()
        reference = part.node.get("$ref")
        if not isinstance(reference, str):
            return self._filled(Shape(), part)
        key = (id(part.root), part.coming, reference)
        if key not in self._known:
            self._known[key] = Shape()
            self._filled(self._known[key], replace(part, hint=reference.rpartition("/")[2] or part.hint))
        return self._known[key]

    def _filled(self, made: Shape, part: Part) -> Shape:
        node = schemas.resolved(part.root, part.node)
        if choices := _choices(node):
            made.text = choices
        elif several := schemas.options(node):
            self._fill_union(made, [self.shape(part.inside(each, part.hint)) for each in several[:_MOST_CHOICES]])
            made.text = "Any" if len(several) > _MOST_CHOICES else made.text
        elif (kind := schemas.type_of(node)) == "array":
            made.kind, made.item = "list", self.shape(part.inside(node.get("items"), f"{part.hint} item"))
            made.text = "list" if made.item.text == "Any" else f"list[{made.item.text}]"
        elif kind == "object":
            self._fill_object(made, part, node)
        elif kind == "string" and not part.coming and schemas.takes_bytes(part.root, node):
            made.text = "bytes | str"
        else:
            made.text = _SCALARS.get(kind, "Any")
        if len(made.text) > _LONGEST_TEXT:
            made.text = "Any"
        return made

    def _fill_union(self, made: Shape, shapes: list[Shape]) -> None:
        found = list(dict.fromkeys(_texts(shapes, set())))
        texts = [text for text in found if text != "None"] + ["None"] * ("None" in found)
        made.text = "Any" if "Any" in texts else " | ".join(texts)
        made.kind, made.options = "union", shapes

    def _fill_object(self, made: Shape, part: Part, node: schemas.Node) -> None:
        fields = schemas.properties(node)
        usable = fields and len(fields) <= _MOST_FIELDS and self._classes < _MOST_CLASSES
        if not usable or (not part.coming and not all(map(is_plain, fields))):
            extra = node.get("additionalProperties")
            made.kind, made.item = "dict", Shape() if fields else self.shape(part.inside(extra, part.hint))
            made.text = f"dict[str, {made.item.text}]"
            return
        title = node.get("title")
        name = class_name(title if isinstance(title, str) and title.strip() else part.hint)
        key = (id(part.root), part.coming, repr({key: value for key, value in node.items() if key not in ("$defs", "definitions")}))
        if (same := self._objects.setdefault(key, made)) is not made:
            made.kind, made.name, made.text, made.fields, made.needed = "object", same.name, same.text, same.fields, same.needed
            return
        self._classes += 1
        made.kind = "object"
        made.name = made.text = numbered(f"{name}Result" if part.coming and name in self._names else name, self._names)
        self._names.add(made.name)
        made.needed = schemas.required(node) & fields.keys()
        used: set[str] = set()
        for name, each in fields.items():
            own = identifier(name, taken=used)
            used.add(own)
            made.fields[name] = (own, self.shape(part.inside(each, f"{made.name} {name}")))
        self._sources.append(_source(made, node, fields, part.coming))


def _texts(shapes: list[Shape], seen: set[int]) -> Iterator[str]:
    """Annotations of the members of a union, those of unions inside it too."""
    for each in shapes:
        if each.kind != "union":
            yield each.text
        elif id(each) not in seen:
            yield from _texts(each.options, seen | {id(each)}) if each.text != "Any" else ["Any"]


def _choices(node: schemas.Node) -> str:
    """``Literal[...]`` of an enumeration or a constant, as far as its values are plain; empty if it is none."""
    values = [node["const"]] if "const" in node else node.get("enum")
    if not isinstance(values, list) or not 0 < len(values) <= _MOST_CHOICES:
        return ""
    if not all(value is None or (isinstance(value, str | int) and len(repr(value)) <= _LONGEST_CHOICE) for value in values):
        return ""
    return f"Literal[{', '.join(dict.fromkeys(map(repr, values)))}]"


def _source(made: Shape, node: schemas.Node, fields: dict[str, Any], coming: bool) -> str:
    lines = ["@dataclass", f"class {made.name}:"] if coming else [f"class {made.name}(TypedDict):"]
    lines += literal_doc(note(node.get("description")))
    for name in sorted(fields, key=lambda each: coming and each not in made.needed):
        own, shape = made.fields[name]
        text = shape.text
        if coming and name not in made.needed:
            text = f"{text} = None" if text == "Any" or text.endswith("None") else f"{text} | None = None"
        elif name not in made.needed:
            text = f"NotRequired[{text}]"
        aside = note(fields[name].get("description")) if isinstance(fields[name], dict) else ""
        lines.append(f"    {own}: {text}{f'  # {aside}' if aside else ''}")
    return "\n".join(lines)


def note(text: Any, most: int = _LONGEST_NOTE) -> str:
    """A server's text in one printable line, cut."""
    if not isinstance(text, str):
        return ""
    line = "".join(one if one.isprintable() else " " for one in text[: 4 * most])
    line = " ".join(line.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def revived(shape: Shape, value: Any, depth: int = 0) -> Any:
    """A JSON value as a value of a type: objects as `Fields` of their class. What does not fit stays as it is.

    Args:
        shape: of a result.
        value: JSON.
    """
    if depth > 90:
        return value
    if shape.kind == "union":
        fitting = _fitting(shape.options, value)
        return value if fitting is None else revived(fitting, value, depth + 1)
    if shape.kind == "list" and isinstance(value, list) and shape.item is not None:
        return [revived(shape.item, each, depth + 1) for each in value]
    if shape.kind == "dict" and isinstance(value, dict) and shape.item is not None:
        return {key: revived(shape.item, each, depth + 1) for key, each in value.items()}
    if shape.kind == "object" and isinstance(value, dict):
        names = {key: own for key, (own, _) in shape.fields.items()}
        used = set(names.values())
        for key in value.keys() - names.keys():
            names[key] = identifier(key, taken=used)
            used.add(names[key])
        inner = {key: shape.fields[key][1] if key in shape.fields else Shape() for key in value}
        return Fields(shape.name, {names[key]: revived(inner[key], each, depth + 1) for key, each in value.items()})
    return value


def _fitting(several: list[Shape], value: Any) -> Shape | None:
    """The option that a value is most likely of: among objects, the one that has the most of its keys and misses none."""
    if isinstance(value, list):
        return next((each for each in several if each.kind in ("list", "union")), None)
    if not isinstance(value, dict):
        return None
    keys = value.keys()
    found = [each for each in several if each.kind in ("dict", "union") or (each.kind == "object" and not each.needed - keys)]
    return max(found, key=lambda each: len(each.fields.keys() & keys), default=None)

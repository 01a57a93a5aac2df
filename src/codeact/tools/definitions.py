"""Source of the classes that a signature names, for the session: fields, defaults and docstrings, and none of the host's code.

Invariant: the source can be executed with the standard library alone; a class stands after those that it needs, and an annotation that
names one further down, or a class of another package, is quoted. A default that has no text (a factory of the host, an object) is
None in the session, and left for the host to fill in: `Member.hidden` says which. It does not: run factories.
"""

import ast
import builtins
import collections.abc
import dataclasses
import enum
import sys
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from pydantic import BaseModel

from codeact.tools.annotations import UNSHOWN, doc_of, hints_of, is_typed_dict, text_of, value_text

_EMPTY = {list: "list", dict: "dict", set: "set"}
_REQUIRED = object()
_QUALIFIERS = (typing.Required, typing.NotRequired)


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a class.

    Args:
        name: as Python names it.
        annotation: as text.
        default: as text, empty: it must be given.
        factory: text of what makes the default, empty: none.
        hidden: the default has no text, and the host fills it in.
        given: whether who makes an instance gives it.
        keyword: whether by name only.
    """

    name: str
    annotation: str
    default: str = ""
    factory: str = ""
    hidden: bool = False
    given: bool = True
    keyword: bool = False


def members_of(kind: type) -> list[Member]:
    """The fields of a dataclass, pydantic model, TypedDict or NamedTuple, in order.

    Raises:
        NameError: an annotation names what is not there.
    """
    hints = hints_of(kind)
    if issubclass(kind, BaseModel):
        return [
            _member(name, hints.get(name, field.annotation), field.default, field.default_factory, field.is_required())
            for name, field in kind.model_fields.items()
        ]
    if dataclasses.is_dataclass(kind):
        return list(_dataclass_members(kind, hints))
    if is_typed_dict(kind):
        return [Member(name, text_of(hint)) for name, hint in _typed_dict_hints(kind, hints).items()]
    defaults = getattr(kind, "_field_defaults", {})
    names: tuple[str, ...] = getattr(kind, "_fields", ())
    return [_member(name, hints.get(name, Any), defaults.get(name, _REQUIRED), None, name not in defaults) for name in names]


def _dataclass_members(kind: type, hints: dict[str, Any]) -> Iterator[Member]:
    for field in kind.__dataclass_fields__.values():
        hint = hints.get(field.name, field.type)
        if typing.get_origin(hint) is ClassVar or hint is ClassVar:
            continue
        factory = None if field.default_factory is dataclasses.MISSING else field.default_factory
        required = field.default is dataclasses.MISSING and factory is None
        made = _member(field.name, hint, field.default, factory, required)
        yield dataclasses.replace(made, given=field.init, keyword=field.kw_only is True)


def _typed_dict_hints(kind: type, hints: dict[str, Any]) -> dict[str, Any]:
    """Hints with the keys that may be left out marked, and the marks gone that say the same as the class."""
    total = getattr(kind, "__total__", True)
    maybe = getattr(kind, "__optional_keys__", frozenset())
    shown: dict[str, Any] = {}
    for name, hint in hints.items():
        mark = typing.get_origin(hint)
        bare = typing.get_args(hint)[0] if mark in _QUALIFIERS else hint
        optional = mark is typing.NotRequired or (name in maybe and mark is not typing.Required)
        if optional == total:
            bare = typing.NotRequired[bare] if optional else typing.Required[bare]
        shown[name] = bare
    return shown


def _member(name: str, annotation: Any, default: Any, factory: Any, required: bool) -> Member:
    text = text_of(annotation)
    if required:
        return Member(name, text)
    if factory is not None:
        known = _EMPTY.get(factory)
        return Member(name, text, factory=known) if known else Member(name, text, "None", hidden=True)
    shown = value_text(default)
    if shown == UNSHOWN:
        return Member(name, text, "None", hidden=True)
    if type(default) in _EMPTY:
        return Member(name, text, factory=f"lambda: {shown}" if default else _EMPTY[type(default)])
    return Member(name, text, shown)


def source_of(classes: list[type]) -> str:
    """Python source that defines the classes, imports first; empty without classes.

    Args:
        classes: nested ones first.
    """
    if not classes:
        return ""
    blocks = [_enum(kind) if issubclass(kind, Enum) else _record(kind, classes) for kind in classes]
    imports = _imports("\n".join(blocks), {kind.__name__ for kind in classes})
    return "\n\n".join([*(["\n".join(imports)] if imports else []), *blocks]) + "\n"


def literal_doc(doc: str) -> list[str]:
    """The lines of a docstring in a class, whatever its text; none for an empty one."""
    if not doc:
        return []
    safe = doc.replace("\\", "\\\\")
    if '"""' in safe or safe.endswith('"'):
        safe = safe.replace('"', '\\"')
    safe = "".join(one if one.isprintable() or one == "\n" else repr(one)[1:-1] for one in safe)
    return [f"    {line}" if line else line for line in f'"""{safe}"""'.split("\n")]


def _enum(kind: type[Enum]) -> str:
    mixed = next((base for base in (str, int) if issubclass(kind, base)), None)
    ready = next((base for base in (enum.IntFlag, enum.Flag, enum.IntEnum, enum.StrEnum) if issubclass(kind, base)), None)
    bases = ready.__name__ if ready else f"{mixed.__name__}, Enum" if mixed else "Enum"
    lines = [f"class {kind.__name__}({bases}):", *literal_doc(doc_of(kind))]
    for name, member in kind.__members__.items():
        shown = value_text(member.value)
        lines.append(f"    {name} = {shown if shown != UNSHOWN else repr(name)}")
    return "\n".join(lines if len(lines) > 1 else [*lines, "    pass"])


def _record(kind: type, classes: list[type]) -> str:
    members = members_of(kind)
    defined = {one.__name__ for one in classes[: classes.index(kind)]}
    lines = [_header(kind, members), *literal_doc(doc_of(kind))]
    lines += [_line(kind, member, defined) for member in members]
    return "\n".join(lines if len(lines) > 1 else [*lines, "    pass"])


def _header(kind: type, members: list[Member]) -> str:
    name = kind.__name__
    if is_typed_dict(kind):
        return f"class {name}(TypedDict{'' if getattr(kind, '__total__', True) else ', total=False'}):"
    if issubclass(kind, tuple):
        return f"class {name}(NamedTuple):"
    frozen = getattr(getattr(kind, "__dataclass_params__", None), "frozen", False) or (
        issubclass(kind, BaseModel) and kind.model_config.get("frozen", False)
    )
    options = (["frozen=True"] if frozen else []) + (["kw_only=True"] if issubclass(kind, BaseModel) else [])
    listed = f"({', '.join(options)})" if options else ""
    return f"@dataclass{listed}\nclass {name}:"


def _line(kind: type, member: Member, defined: set[str]) -> str:
    annotation = member.annotation if _resolves(member.annotation, defined) else repr(member.annotation)
    options = []
    if member.factory:
        options.append(f"default_factory={member.factory}")
    elif member.default and (member.keyword or not member.given):
        options.append(f"default={member.default}")
    if not member.given:
        options += [] if options else ["default=None"]
        options.append("init=False")
    if member.keyword:
        options.append("kw_only=True")
    value = f" = field({', '.join(options)})" if options else f" = {member.default}" if member.default else ""
    if issubclass(kind, tuple) and member.factory:
        value = " = None"
    return f"    {member.name}: {annotation}{value}{'  # left out: the tool fills it in' if member.hidden else ''}"


def _roots(text: str) -> set[str]:
    """Names that are read in a source or expression."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _resolves(annotation: str, defined: set[str]) -> bool:
    """Whether an annotation's text can be evaluated where it stands."""
    if not all(name in defined or name in vars(builtins) or _home(name) for name in _roots(annotation)):
        return False
    dotted = [node for node in ast.walk(ast.parse(annotation)) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    return all(hasattr(sys.modules.get(ast.unparse(node.value)), node.attr) for node in dotted if ast.unparse(node.value) not in defined)


def _home(name: str) -> str:
    """The module of a name that annotations, defaults and headers use, or the name itself if it is a module; empty if it has none."""
    if name in ("dataclass", "field"):
        return "dataclasses"
    if name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"):
        return "enum"
    if name in collections.abc.__all__:
        return "collections.abc"
    if name in typing.__all__:
        return "typing"
    return name if name in sys.stdlib_module_names else ""


def _imports(source: str, own: set[str]) -> list[str]:
    homes: dict[str, set[str]] = {}
    for name in _roots(source) - own - set(vars(builtins)):
        homes.setdefault(_home(name), set()).add(name)
    homes.pop("", None)
    return [
        f"import {home}" if names == {home} else f"from {home} import {', '.join(sorted(names))}" for home, names in sorted(homes.items())
    ]


def check_names(classes: list[type]) -> None:
    """Refuse two classes of one name, and names that a class statement cannot have.

    Raises:
        ValueError: with both classes.
    """
    seen: dict[str, type] = {}
    for kind in classes:
        other = seen.setdefault(kind.__name__, kind)
        if other is not kind:
            homes = f"{other.__module__}.{other.__qualname__} and {kind.__module__}.{kind.__qualname__}"
            raise ValueError(f"two classes are named {kind.__name__!r}: {homes}")

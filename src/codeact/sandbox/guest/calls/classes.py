"""The classes that tools name, defined in the session: each once, for all tools of a module, and with annotations that are resolved.

Invariant: two tools that name the same class share it; two classes of one name stay apart, and the later one has the name. What the
definitions import is not left in the module. It does not: make instances (`objects` does).
"""

import ast
import builtins
import dataclasses
import enum
import inspect
import sys
import typing
from types import ModuleType
from typing import Any

_UNREADABLE = (NameError, TypeError, ValueError, AttributeError, SyntaxError, ImportError)


class _Foreign(type):
    """Stands for what an annotation names and a session does not have."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _foreign(f"{cls.__name__}.{name}")

    def __getitem__(cls, item: object) -> Any:
        return cls

    def __repr__(cls) -> str:
        return cls.__name__


def _foreign(name: str) -> Any:
    return _Foreign(name, (), {"__module__": "builtins"})  # so that it is shown by its name alone


class _Loaded:
    """A module as annotations see it: what it does not have has a stand-in."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name, None) or _foreign(f"{self._module.__name__}.{name}")


class _Names(dict[str, Any]):
    """Names that annotations are read with; what is not among them is a builtin, a loaded module, or a stand-in."""

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            return getattr(builtins, name)
        return _Loaded(sys.modules[name]) if name in sys.modules else _foreign(name)


class Classes:
    """Of one module.

    Args:
        module: where they are defined.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._made: dict[tuple[str, ...], type] = {}
        self.latest: dict[str, type] = {}

    def define(self, source: str) -> dict[str, type]:
        """The classes of some definitions, by name; one that this Python cannot define is left out.

        Args:
            source: imports, then classes, each after those that it needs, or quoted.
        """
        body = ast.parse(source).body
        nodes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
        space: dict[str, Any] = {"__name__": self._module.__name__}
        found: dict[str, type] = {}
        for node in body:
            key = _key(node.name, nodes) if isinstance(node, ast.ClassDef) else ()
            known = self._made.get(key)
            if known is None and not _ran(node, space):
                continue
            if isinstance(node, ast.ClassDef):
                found[node.name] = space[node.name] = self._made[key] = known or space[node.name]
        names = _Names({name: each for name, each in space.items() if not isinstance(each, ModuleType)})
        for kind in found.values():
            _resolve(kind, names)
        self.latest |= found
        vars(self._module).update(found)
        return found


def _ran(node: ast.stmt, space: dict[str, Any]) -> bool:
    try:
        exec(compile(ast.Module([node], []), f"<{space['__name__']}>", "exec"), space)
    except _UNREADABLE:  # the host's Python may know what this one does not
        return False
    return True


def _key(name: str, nodes: dict[str, ast.ClassDef]) -> tuple[str, ...]:
    """What makes a class what it is: its source, and that of all classes that it names."""
    seen: dict[str, str] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            plain = _Unquoted().visit(ast.parse(ast.unparse(nodes[one])))
            seen[one] = ast.unparse(plain)
            waiting += [node.id for node in ast.walk(plain) if isinstance(node, ast.Name) and node.id in nodes]
    return seen.pop(name), *sorted(seen.values())


class _Unquoted(ast.NodeTransformer):
    """Annotations as they are without quotes: which are quoted depends on the order of the classes."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        """Of a field."""
        if isinstance(node.annotation, ast.Constant) and isinstance(node.annotation.value, str):
            node.annotation = ast.parse(node.annotation.value, mode="eval").body
        return node


def _resolve(kind: type, names: _Names) -> None:
    """Put types where annotations are text, so that nobody has to look names up in the module."""
    if issubclass(kind, enum.Enum):
        return
    try:
        hints = typing.get_type_hints(kind, localns=names, include_extras=True)
    except _UNREADABLE:  # they stay as they are written
        return
    kind.__annotations__.update({name: hints[name] for name in inspect.get_annotations(kind)})
    for each in dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ():
        each.type = hints[each.name]

"""Tools of the host as functions of the session: same name, signature, defaults and docstring; a call goes to the host and waits.

Invariant: nothing of the tool itself is here; what a stub knows is its description. A child process cannot call: its calls and the
session's would mix. It does not: check arguments (the host does, as the real function is there).
"""

import ast
import builtins
import inspect
import itertools
import os
import sys
from collections import ChainMap
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from .. import wire
from . import values
from .classes import Classes
from .guide import MODULE, Guide
from .inbox import Inbox, Reply

MOST_JSON, MOST_BINARY = 16 << 20, 64 << 20  # bytes that the host takes
_process_id = os.getpid


class ToolError(Exception):
    """A tool failed with an error that has no class here; its own class carries the name of that."""


class _Text:
    """An annotation or a default as it is written at the tool: shown, and never evaluated."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Tools:
    """The tools of a session.

    Args:
        pack: makes a frame.
        post: sends one.
        inbox: where replies come.
    """

    def __init__(self, pack: Callable[..., bytes], post: Callable[[bytes], None], inbox: Inbox) -> None:
        self._pack = pack
        self._post = post
        self._inbox = inbox
        self._classes: dict[str, Classes] = {}
        self._numbers = itertools.count(1)
        self._process = os.getpid()
        self._errors: dict[str, type[Exception]] = {"ToolError": ToolError}
        self._guide = Guide()
        self.installed: dict[str, Any] = {}

    def install(self, specs: list[dict], namespace: dict[str, Any]) -> None:
        """Make the functions, importable from `tools`; those without a module of their own also stand in the namespace.

        Args:
            specs: as `codeact.events.ToolSpec`.
            namespace: of the user.
        """
        self.adopt()
        root = self._module(MODULE, "Functions that run outside this sandbox.")
        root.ToolError = ToolError  # type: ignore[attr-defined]
        for spec in specs:
            module = root if not spec["module"] else self._module(f"{MODULE}.{spec['module']}", "")
            classes = self._classes.setdefault(module.__name__, Classes(module))
            own = classes.define(spec["definitions"])
            stub = self._stub(spec, module, ChainMap(own, classes.latest))
            setattr(module, spec["name"], stub)
            self._guide.add(spec, stub, own)
            if module is root:
                self.installed |= {**own, spec["name"]: stub}
                namespace.update(own)
                namespace[spec["name"]] = stub
        self._guide.install(root)

    def adopt(self) -> None:
        """This process is the session from here on, a copy of the one that was."""
        self._process = os.getpid()

    def _module(self, name: str, text: str) -> ModuleType:
        if name not in sys.modules:
            module = sys.modules[name] = ModuleType(name, text)
            module.__path__ = []  # so that there can be modules below it
            parent, _, last = name.rpartition(".")
            if parent:
                setattr(self._module(parent, ""), last, module)
        return sys.modules[name]

    def _stub(self, spec: dict, module: ModuleType, classes: Mapping[str, type]) -> Callable[..., Any]:
        name = spec["name"] if not spec["module"] else f"{spec['module']}.{spec['name']}"

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._call(name, args, kwargs, classes)

        async def acall(*args: Any, **kwargs: Any) -> Any:
            return await self._acall(name, args, kwargs, classes)

        stub: Any = acall if spec["signature"].startswith("async ") else call
        stub.__name__ = stub.__qualname__ = spec["name"]
        stub.__doc__, stub.__module__ = spec["description"], module.__name__
        stub.__signature__ = _signature(spec["signature"], classes)
        return stub

    def _call(self, name: str, args: tuple, kwargs: dict, classes: Mapping[str, type]) -> Any:
        number, frame = self._request(name, args, kwargs)
        self._inbox.expect(number)
        try:
            self._post(frame)
            reply = self._inbox.wait(number)
        except BaseException:
            self._inbox.forget(number)
            raise
        return self._outcome(reply, classes)

    async def _acall(self, name: str, args: tuple, kwargs: dict, classes: Mapping[str, type]) -> Any:
        number, frame = self._request(name, args, kwargs)
        arrival = self._inbox.arrival(number)
        try:
            self._post(frame)
            reply = await arrival
        finally:
            self._inbox.leave(number)
        return self._outcome(reply, classes)

    def _request(self, name: str, args: tuple, kwargs: dict) -> tuple[int, bytes]:
        """The number of a call, and its frame.

        Raises:
            TypeError, ValueError: an argument cannot be sent.
            RuntimeError: this is no process of a session.
        """
        if _process_id() != self._process:
            raise RuntimeError(
                f"{name} can be called by the session itself only, not by a process that it started: call it before, or after"
            )
        writer = values.Writer()
        sent = [writer.write(value, f"argument {index} of {name}") for index, value in enumerate(args, 1)]
        named = {key: writer.write(value, f"{key} of {name}") for key, value in kwargs.items()}
        number = next(self._numbers)
        frame = self._pack(wire.CALL, {"id": number, "tool": name, "args": sent, "kwargs": named}, writer.parts)
        if len(frame) > MOST_JSON:
            _check_size(name, len(frame), sum(map(len, writer.parts)))
        return number, frame

    def _outcome(self, reply: Reply, classes: Mapping[str, type]) -> Any:
        body, parts = reply
        if body.get("error") is not None:
            name, message = body["error"]
            raise self._error(name)(message)
        return values.decode(body["value"], parts, classes)

    def _error(self, name: str) -> type[Exception]:
        known = getattr(builtins, name, None)
        if isinstance(known, type) and issubclass(known, Exception) and known not in _WITH_FIELDS:
            return known
        if name not in self._errors:
            self._errors[name] = type(name, (ToolError,), {"__module__": MODULE})
        return self._errors[name]


_WITH_FIELDS = (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, ExceptionGroup)
"""Cannot be made of a message alone."""


def _check_size(name: str, frame: int, parts: int) -> None:
    for size, most, what in ((parts, MOST_BINARY, "bytes and long text"), (frame - parts, MOST_JSON, "JSON")):
        if size > most:
            raise ValueError(f"the arguments of {name} are {size} bytes of {what}; a call carries at most {most}: send a part of them")


def _signature(text: str, classes: Mapping[str, type]) -> inspect.Signature:
    """Of ``name(x: int = 1) -> float``; what is no plain literal or known class is kept as text."""
    head = text if text.startswith("async ") else f"def {text}"
    tree = ast.parse(f"{head.replace('async ', 'async def ', 1)}: ...").body[0]
    assert isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef)
    given, kinds = tree.args, inspect.Parameter
    plain = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(plain) - len(given.defaults)) + list(given.defaults)
    parameters = []
    for index, (each, default) in enumerate(zip(plain, defaults, strict=True)):
        kind = kinds.POSITIONAL_ONLY if index < len(given.posonlyargs) else kinds.POSITIONAL_OR_KEYWORD
        parameters.append(_parameter(each, kind, default, classes))
    if given.vararg:
        parameters.append(_parameter(given.vararg, kinds.VAR_POSITIONAL, None, classes))
    parameters += [
        _parameter(each, kinds.KEYWORD_ONLY, value, classes) for each, value in zip(given.kwonlyargs, given.kw_defaults, strict=True)
    ]
    if given.kwarg:
        parameters.append(_parameter(given.kwarg, kinds.VAR_KEYWORD, None, classes))
    returns = inspect.Signature.empty if tree.returns is None else _annotation(tree.returns, classes)
    return inspect.Signature(parameters, return_annotation=returns)


def _parameter(node: ast.arg, kind: Any, default: ast.expr | None, classes: Mapping[str, type]) -> inspect.Parameter:
    annotation = inspect.Parameter.empty if node.annotation is None else _annotation(node.annotation, classes)
    return inspect.Parameter(
        node.arg, kind, default=inspect.Parameter.empty if default is None else _default(default), annotation=annotation
    )


def _annotation(node: ast.expr, classes: Mapping[str, type]) -> Any:
    text = ast.unparse(node)
    known = classes.get(text, getattr(builtins, text, None))
    return known if isinstance(known, type) else _Text(text)


def _default(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return _Text(ast.unparse(node))

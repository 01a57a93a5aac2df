"""Tools made of Python callables of the host.

A tool is a function, a method with the state behind it, a callable object, or what `functools.partial` makes. Its type hints and
docstring are what the model is shown; arguments are checked against the hints (`checking` says what is taken for what).

Invariant: what the function is called with is valid for its hints; the function, its closure and its state never leave the host. It does
not: count calls or time (the bridge holds `limits`), or turn results into wire values (`values`).
"""

import builtins
import functools
import inspect
import keyword
import re
import sys
import types
import unicodedata
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from inspect import Parameter
from typing import Any, overload

from codeact.errors import InputError
from codeact.events import ToolSpec
from codeact.protocols import Tool, ToolLimits
from codeact.tools.annotations import doc_of
from codeact.tools.binding import Bound, bind, bind_by_name
from codeact.tools.checking import Check
from codeact.tools.faces import Face, face_of
from codeact.tools.workers import CREW
from codeact.tools.yielded import all_of, list_of

_NO_TOOL = (
    "give a function, a method, an object with public methods, a module, or a tool (codeact.tools.function.tool makes one of any callable)"
)


class FunctionTool:
    """A callable of the host as a tool (`protocols.Tool`); calling it calls the callable itself, unchecked.

    Annotations are resolved when `spec` is first asked for (`as_tools` does), so that a decorated function may name what is defined
    further down.

    Args:
        function: any callable. A synchronous one runs in a thread of its own with the caller's context variables. What an asynchronous
            one gives is awaited. What a generator yields is collected to a list of at most `MOST_YIELDED`.
        name: of the tool, None: the function's.
        description: what the model is told, None: the docstring.
        limits: for the bridge.
        inline: run a synchronous function on the event loop, which saves the thread's 100 microseconds; for what never waits.

    Raises:
        InputError: it cannot be called, or has no name that Python code could call it by.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        name: str | None = None,
        description: str | None = None,
        limits: ToolLimits | None = None,
        inline: bool = False,
    ) -> None:
        self._function = function
        self._name = _checked_name(function, name)
        self._given = (name, description)
        self._limits = limits or ToolLimits()
        self._inline = inline
        functools.update_wrapper(self, function, updated=())

    @cached_property
    def _face(self) -> Face:
        return face_of(self._function, self._name)

    @property
    def name(self) -> str:
        """What code calls it by: that of `spec`, without making it."""
        return self._name

    @property
    def spec(self) -> ToolSpec:
        """What the model sees of it.

        Raises:
            InputError: the annotations cannot be resolved, or name what a session cannot send.
        """
        return self._spec

    @cached_property
    def _spec(self) -> ToolSpec:
        face = self._face
        return ToolSpec(
            name=self._name,
            signature=face.signature,
            description=_description(self._function, self._name, self._given[1]),
            parameters=face.parameters,
            definitions=face.definitions,
        )

    @property
    def limits(self) -> ToolLimits:
        """What its calls may use."""
        return self._limits

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the callable itself, as if it were no tool."""
        return self._function(*args, **kwargs)

    def __get__(self, instance: Any, owner: type | None = None) -> "FunctionTool":
        """As a decorated method: the tool of an instance."""
        binder = getattr(self._function, "__get__", None)
        if binder is None or (instance is None and isinstance(self._function, types.FunctionType)):
            return self
        name, description = self._given
        bound = binder(instance, owner)
        return FunctionTool(bound, name=name, description=description, limits=self._limits, inline=self._inline)

    def __repr__(self) -> str:
        return f"<tool {self._name}>"

    async def acall(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Check the arguments and call it; defaults are the function's own.

        Args:
            args, kwargs: plain values, as `values.decode` gives them.

        Raises:
            TypeError: they do not bind, in CPython's words, or one is of a type that does not fit.
            ValueError: a value does not fit, or a generator gave too many.
            RuntimeError: the function tried to end the process.
            Exception: whatever else the function raises.
        """
        call = self._bound(args, kwargs)
        if self._inline or self._face.signature.startswith("async "):
            given = self._alive(call)
        else:
            given = await CREW.run(functools.partial(self._alive, call))
        if inspect.isawaitable(given):
            given = await self._awaited(given)
        return await all_of(self._name, given) if isinstance(given, AsyncGenerator) else given

    @cached_property
    def inline(self) -> bool:
        """See `protocols.InlineTool`."""
        return self._inline and not self._face.signature.startswith("async ")

    def call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The same as `acall`, at once: for inline functions."""
        given = self._alive(self._bound(args, kwargs))
        if isinstance(given, Awaitable | AsyncGenerator):
            getattr(given, "close", lambda: None)()
            raise TypeError(f"{self._name}() is an inline tool and gave what has to be awaited; make it an async function")
        return given

    @cached_property
    def _easy(self) -> tuple[dict[str, Check], set[str]] | None:
        """The checks of the parameters in order and the names of those required, if all may be given by name."""
        arguments = self._face.arguments
        if len(arguments) < len(self._face.positional) or any(one.kind is not Parameter.POSITIONAL_OR_KEYWORD for one in arguments):
            return None
        return {one.name: one.check for one in arguments}, {one.name for one in arguments if one.required}

    def _bound(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Callable[[], Any]:
        """The call, with its arguments bound and checked."""
        if self._easy is not None:
            checks, required = self._easy
            named = bind_by_name(checks, required, args, kwargs)
            if named is not None:
                checked = {name: checks[name](value, self._title(name)) for name, value in named.items()}
                return functools.partial(self._function, **checked)
        bound = bind(self._name, self._face.arguments, args, kwargs)
        return functools.partial(self._function, *self._positional(bound), **self._keywords(bound))

    def _positional(self, bound: Bound) -> list[Any]:
        """What has to be passed by position, checked; takes it out of the bound names."""
        parameters = self._face.positional
        needed = [one.kind is Parameter.POSITIONAL_ONLY and one.name in bound.named for one in parameters]
        count = len(parameters) if bound.members else max((number + 1 for number, one in enumerate(needed) if one), default=0)
        checks = {one.name: one.check for one in self._face.arguments}
        values = [
            checks[one.name](bound.named.pop(one.name), self._title(one.name)) if one.name in bound.named else one.default
            for one in parameters[:count]
        ]
        for one in self._face.arguments if bound.members else ():
            if one.kind is Parameter.VAR_POSITIONAL:
                values += [one.check(value, self._title(f"*{one.name}[{number}]")) for number, value in enumerate(bound.members)]
        return values

    def _keywords(self, bound: Bound) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for one in self._face.arguments:
            if one.kind is Parameter.VAR_KEYWORD:
                values |= {key: one.check(value, self._title(key)) for key, value in bound.others.items()}
            elif one.name in bound.named:
                values[one.name] = one.check(bound.named[one.name], self._title(one.name))
        return values

    def _title(self, argument: str) -> str:
        return f"{self._name}() argument {argument!r}"

    def _alive(self, call: Callable[[], Any]) -> Any:
        try:
            given = call()
            return list_of(self._name, given) if isinstance(given, Generator) else given
        except SystemExit as error:
            raise _ended(self._name, error) from error

    async def _awaited(self, given: Any) -> Any:
        try:
            return await given
        except SystemExit as error:
            raise _ended(self._name, error) from error


def _ended(name: str, error: SystemExit) -> RuntimeError:
    return RuntimeError(f"{name}() tried to end the host's process: SystemExit({error.code!r})")


@overload
def tool(
    function: Callable[..., Any],
    *,
    name: str | None = None,
    description: str | None = None,
    calls: int | None = None,
    seconds: float | None = None,
    effect: bool = False,
    inline: bool = False,
) -> FunctionTool: ...


@overload
def tool(
    function: None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    calls: int | None = None,
    seconds: float | None = None,
    effect: bool = False,
    inline: bool = False,
) -> Callable[[Callable[..., Any]], FunctionTool]: ...


def tool(
    function: Callable[..., Any] | None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    calls: int | None = None,
    seconds: float | None = None,
    effect: bool = False,
    inline: bool = False,
) -> Any:
    """Make a tool of a callable: ``tool(f, calls=3)``, or as a decorator, ``@tool`` or ``@tool(calls=3)``.

    Args:
        function, name, description, inline: as of `FunctionTool`.
        calls, seconds, effect: as of `protocols.ToolLimits`.

    Raises:
        InputError: an argument does not fit.
    """
    if calls is not None and (type(calls) is not int or calls < 1):
        raise InputError(f"calls={calls!r}: give a whole number from 1, or None for any number")
    if seconds is not None and not (isinstance(seconds, int | float) and seconds > 0):
        raise InputError(f"seconds={seconds!r}: give a number above 0, or None for as long as the action may take")
    limits = ToolLimits(calls=calls, seconds=seconds, effect=effect)

    def make(one: Callable[..., Any]) -> FunctionTool:
        return FunctionTool(one, name=name, description=description, limits=limits, inline=inline)

    return make if function is None else make(function)


def as_tools(objects: Iterable[Any]) -> list[Tool]:
    """Tools of all kinds of objects, every one read and checked.

    Args:
        objects: functions, bound methods, callable objects and partials (a tool each); modules (of ``__all__`` the functions and tools,
            or the public functions that are written there); other objects (their public methods); tools (as they are).

    Raises:
        InputError: one is none of these, or cannot be shown to a model; or two tools have one name.
    """
    if isinstance(objects, str | bytes | Mapping) or not isinstance(objects, Iterable):
        raise InputError(f"tools={type(objects).__name__}: give a list; {_NO_TOOL}")
    tools: dict[tuple[str, str], Tool] = {}
    for one in (made for thing in objects for made in _tools_of(thing)):
        other = tools.setdefault((one.spec.module, one.spec.name), one)
        if other is not one:
            raise InputError(f"two tools are named {one.spec.name!r}; give one of them another name: tool(function, name='...')")
    return list(tools.values())


def _tools_of(thing: Any) -> Iterator[Tool]:
    if isinstance(thing, type):
        raise InputError(
            f"{thing.__qualname__!r} is a class; give an instance (its public methods are the tools), or a function that makes one"
        )
    if isinstance(thing, types.ModuleType):
        yield from _some(_of_module(thing), f"module {thing.__name__!r} has no public functions")
    elif isinstance(thing, FunctionTool | Tool):
        yield thing
    elif callable(thing):
        yield FunctionTool(thing)
    elif type(thing).__module__ == "builtins":
        raise InputError(f"a {type(thing).__name__} is no tool; {_NO_TOOL}")
    else:
        yield from _some(_of_object(thing), f"an object of class {type(thing).__qualname__!r} has no public methods")


def _some(tools: Iterator[Tool], otherwise: str) -> list[Tool]:
    found = list(tools)
    if not found:
        raise InputError(f"{otherwise}; {_NO_TOOL}")
    return found


def _of_module(module: types.ModuleType) -> Iterator[Tool]:
    named = getattr(module, "__all__", None)
    for name in list(vars(module)) if named is None else named:
        if not hasattr(module, name):
            raise InputError(f"module {module.__name__!r} names {name!r} in __all__, and has none")
        thing = getattr(module, name)
        own = named is not None or (not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__)
        if own and not isinstance(thing, type) and isinstance(thing, FunctionTool | types.FunctionType | types.BuiltinFunctionType):
            yield thing if isinstance(thing, FunctionTool) else FunctionTool(thing)


_METHODS = (types.FunctionType, staticmethod, classmethod, FunctionTool)


def _of_object(thing: Any) -> Iterator[Tool]:
    """Public methods in the order of their writing; those of the standard library's and pydantic's classes are not meant."""
    names: dict[str, None] = {}
    for kind in reversed(type(thing).__mro__):
        top = kind.__module__.partition(".")[0]
        if top != "pydantic" and (top not in sys.stdlib_module_names or top == "__main__"):
            names |= {name: None for name, static in vars(kind).items() if not name.startswith("_") and isinstance(static, _METHODS)}
    for name in names:
        method = getattr(thing, name)
        yield method if isinstance(method, FunctionTool) else FunctionTool(method)


def _checked_name(function: Any, name: str | None) -> str:
    if isinstance(function, type):
        raise InputError(f"{function.__qualname__!r} is a class; give an instance, or a function that makes one")
    if not callable(function) and not isinstance(function, classmethod):
        raise InputError(f"a {type(function).__name__} cannot be called; {_NO_TOOL}")
    found = name if name is not None else _own_name(function)
    if found == "<lambda>":
        raise InputError("a lambda has no name; give it one: tool(function, name='...')")
    found = unicodedata.normalize("NFKC", found)  # as Python reads names in code
    if not found.isidentifier() or keyword.iskeyword(found):
        reason = "a keyword of Python" if keyword.iskeyword(found) else "no name in Python"
        raise InputError(f"the tool's name {found!r} is {reason}, so code cannot call it; give it one: tool(function, name='...')")
    return found


def _own_name(function: Any) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__name__", None)
    return name if isinstance(name, str) else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(function).__name__).lower()


def _description(function: Any, name: str, given: str | None) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    if given is not None:
        text = inspect.cleandoc(given)
    elif inspect.isroutine(function) or isinstance(function, staticmethod | classmethod) or hasattr(function, "__wrapped__"):
        text = inspect.getdoc(function) or ""
    else:
        text = doc_of(type(function).__call__) or doc_of(type(function))
    if hasattr(builtins, name):
        note = f"This tool has the name of a builtin of Python, which is builtins.{name} here."
        text = f"{text}\n\n{note}" if text else note
    return text

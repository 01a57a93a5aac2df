"""What user code may break around itself, made whole again: builtins, hooks, signal handling, tracing, random state.

Invariant: `repair` is cheap when nothing is broken, and leaves alone what the user changed on purpose (another function in a
builtin's place stays). It does not look after the standard streams (`streams` does).
"""

import _signal  # type: ignore[import-not-found] # has no stub; unlike `signal` it makes no enumeration members, which costs time and memory
import builtins
import functools
import getpass
import inspect
import linecache
import operator
import os
import random
import re
import signal
import sys
import threading
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import Any

from . import streams

_LEAST_RECURSION = 500
_all, _callable, _is, _isinstance, _len, _map, _type = all, callable, operator.is_, isinstance, len, map, type  # the user may delete them
_BUILTINS: dict[str, Any] = builtins.__dict__


class Surroundings:
    """The process around the user's code.

    Args:
        report: prints an exception that nobody caught, as (heading, exception).
    """

    def __init__(self, report: Callable[[str, BaseException], None]) -> None:
        self._report = report
        builtins.input = streams.refuse_input
        getpass.getpass = streams.refuse_getpass
        getpass.unix_getpass = streams.refuse_getpass  # type: ignore[attr-defined] # exists on POSIX, which is all we run on
        sys.breakpointhook = streams.refuse_breakpoint
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        self._original = dict(_BUILTINS)
        _teach_inspect()

    def repair(self) -> None:
        """Put back builtins that are gone, and what must be as we left it."""
        sys.settrace(None)
        sys.setprofile(None)
        if sys.getrecursionlimit() < _LEAST_RECURSION:
            sys.setrecursionlimit(_LEAST_RECURSION)
        if _len(_BUILTINS) == _len(self._original) and _all(_map(_is, _BUILTINS.values(), self._original.values())):
            return
        for name, value in self._original.items():
            now = _BUILTINS.get(name, self)
            if now is not value and (now is self or (_callable(value) and not _callable(now))):
                _BUILTINS[name] = value

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if _isinstance(error, BaseException):
            self._report("", error)
        else:  # called by the user, wrongly: CPython's own says how
            sys.__excepthook__(kind, error, trace)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            name = args.thread.name if args.thread else "unknown"
            self._report(f"Exception in thread {name}:\n", args.exc_value)


def remember_error(error: BaseException) -> None:
    """Where `%tb` and the debugger look for the last one."""
    sys.last_type, sys.last_value, sys.last_traceback = _type(error), error, error.__traceback__
    if sys.version_info >= (3, 12):
        sys.last_exc = error


def forget_error() -> None:
    """As if there had been none."""
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        sys.__dict__.pop(name, None)


def _nothing(signalnum: int, frame: FrameType | None, /) -> None:
    pass


class Interrupts:
    """SIGINT ends what the user runs, and never a part of us.

    Args:
        places: code of the functions below which it raises KeyboardInterrupt; elsewhere it does nothing.
    """

    def __init__(self, *places: CodeType) -> None:
        self._places = places
        self._shields: tuple[CodeType, ...] = ()
        self._held = False

        def default_int_handler(signalnum: int, frame: FrameType | None, /) -> None:
            """As the one of `signal`."""
            self._interrupt(frame)

        default_int_handler.__module__, default_int_handler.__qualname__ = "signal", "default_int_handler"
        self._handler = default_int_handler

    def listen(self) -> None:
        """Take the signal, whatever the user did with it; child programs do not inherit that."""
        _signal.signal(_signal.SIGINT, self._handler)
        _signal.signal(_signal.SIGURG, _nothing)  # the host's nudge: it ends a system call that an interrupt came too early for
        signal.default_int_handler = self._handler  # `asyncio.run` cancels its task only if it finds this one

    def shielded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that runs to its end before an interrupt happens. Masks would not do where there are threads."""
        self._shields += (function.__code__,)

        def run(*args: Any) -> Any:
            try:
                return function(*args)
            finally:
                if self._held and threading.get_ident() == threading.main_thread().ident:
                    self._held = False
                    self._interrupt(sys._getframe())

        return run

    def _interrupt(self, frame: FrameType | None) -> None:
        while frame is not None:
            for place in self._places:
                if frame.f_code is place:
                    raise KeyboardInterrupt
            for place in self._shields:
                if frame.f_code is place:
                    self._held = True
                    return
            frame = frame.f_back


def reseed(seed: int | None = None) -> None:
    """Draw new random state: forked processes share what they had before the fork.

    Args:
        seed: 32 bits, for a state that comes out the same again; None draws one.
    """
    random.seed(os.urandom(32) if seed is None else seed)
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(int.from_bytes(os.urandom(4), "little") if seed is None else seed)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.seed() if seed is None else torch.manual_seed(seed)


def _teach_inspect() -> None:
    """Let `inspect.getsource` find classes that cells define: `__main__` has no file to look in."""
    original = inspect.getfile

    def getfile(object: Any) -> str:
        if _isinstance(object, _type) and getattr(object, "__module__", None) == "__main__":
            found = _cell_of(object.__name__)
            if found:
                return found
        return original(object)

    functools.update_wrapper(getfile, original)
    del getfile.__wrapped__  # type: ignore[attr-defined] # `inspect.unwrap` would go past it
    inspect.getfile = getfile


def _cell_of(name: str) -> str | None:
    """The latest cell that defines the class."""
    definition = re.compile(rf"^\s*class\s+{re.escape(name)}\b")
    for filename, entry in reversed(list(linecache.cache.items())):
        if filename.startswith("<cell ") and len(entry) > 1 and any(map(definition.match, entry[2])):
            return filename
    return None

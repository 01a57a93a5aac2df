"""Runs actions in the session's process: a notebook's semantics around plain `exec`.

Invariant: `run` returns an `Outcome` whatever the code does, short of ending the process; a process forked by the code never
returns from it. It does not talk to the host (`wire` and the lead of the process do), limit or confine anything.
"""

import gc
import linecache
import os
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from inspect import CO_COROUTINE
from typing import Any, Literal

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult

from . import display as rich
from . import surroundings
from .calls import variables
from .cells import Cell, CellCompiler
from .interpreter import Formatter, Interpreter
from .streams import Streams
from .tracebacks import Tracebacks, adopt_traceback, cut, note

_RESERVE = 256 << 10  # bytes set free when memory runs out, so that the error can be told
_REHEARSAL = "total = 0\nfor each in 1, 2, 3:\n    total += each * each\ntotal"
_CANCEL_SECONDS = 2.0  # for a task that was interrupted to clean up after itself
_exit_process, _process_id = os._exit, os.getpid

Broken = Literal["", "now", "before"]


@dataclass(slots=True)
class Outcome:
    """How an action ended.

    Args:
        status: ``ok``, ``error``, ``exit`` or ``interrupted``.
        result: MIME bundle of the last expression's value; binary types hold bytes.
        error: class name, message, traceback text.
        exit_code: of `sys.exit`.
        broken: whether the code broke the shell itself, ``now``, or had done so ``before`` this action could begin.
    """

    status: Literal["ok", "error", "exit", "interrupted"] = "ok"
    result: dict[str, str | bytes] | None = None
    error: tuple[str, str, str] | None = None
    exit_code: int | None = None
    broken: Broken = ""


class Shell:
    """The interpreter of one session. Built before the fork, started after it."""

    def __init__(self) -> None:
        self._interpreter = Interpreter.instance()
        self._compiler = CellCompiler(self._interpreter)
        self._tracebacks = Tracebacks()
        places = (self._compile, self._execute, self._show_figures, self.variables)
        self.interrupts = surroundings.Interrupts(*(place.__func__.__code__ for place in places))
        self._count = 0
        self._reserve: bytearray | None = None
        rich.choose_backend()

    def settle(self, workspace: str) -> None:
        """Get ready for a workspace; can be done before the fork.

        Args:
            workspace: the session's folder; becomes first on `sys.path`, and the working directory at the start.
        """
        interpreter = self._interpreter
        self._workspace = os.path.abspath(workspace)
        self._tracebacks.watch(self._workspace)
        home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        sys.path[:] = [self._workspace, *(path for path in sys.path if path != home)]  # our modules are nobody's to import
        sys.argv = [""]
        sys.dont_write_bytecode = True  # a module rewritten within a second must not be the old one
        interpreter.builtin_trap.activate()
        self._surroundings = surroundings.Surroundings(self._report)
        if isinstance(interpreter.display_formatter, Formatter):
            interpreter.display_formatter.report = lambda error: self._report("", error)
        self._main = sys.modules["__main__"] = interpreter.user_module
        interpreter.user_ns.setdefault("__name__", "__main__")
        rich.choose_backend()
        self._streams = Streams()
        self._streams.restore()
        interpreter.stdout, interpreter.flush = self._streams.stdout, self._streams.flush

    def start(self) -> None:
        """Become the session's shell, in its process."""
        self.hold_streams()
        os.chdir(self._workspace)
        surroundings.reseed()
        self.interrupts.listen()

    @property
    def names(self) -> dict[str, Any]:
        """The user's namespace."""
        return self._interpreter.user_ns

    def hold_streams(self) -> None:
        """Write to what stands at descriptors 1 and 2 from here on."""
        self._streams.hold()

    @contextmanager
    def trying(self) -> Iterator[None]:
        """What runs in this block leaves no trace in the session."""
        interpreter, history = self._interpreter, self._interpreter.history_manager
        names, hidden = dict(interpreter.user_ns), dict(interpreter.user_ns_hidden)
        cells, hook = set(linecache.cache), interpreter.displayhook
        try:
            yield
        finally:
            for namespace, before in ((interpreter.user_ns, names), (interpreter.user_ns_hidden, hidden)):
                namespace.clear()
                namespace.update(before)
            interpreter.user_ns["_oh"].clear()
            hook._ = hook.__ = hook.___ = ""
            if history is not None:
                history.input_hist_parsed[1:], history.input_hist_raw[1:] = [], []
            interpreter.execution_count, self._count = 1, 0
            for name in set(linecache.cache) - cells:
                del linecache.cache[name]
            surroundings.forget_error()

    def run(self, code: str, display: rich.Display) -> Outcome:
        """Run an action to its end.

        Args:
            code: Python, as in a notebook cell.
            display: called with a MIME bundle for each display, after the streams were flushed.
        """
        process = _process_id()
        broken: Broken = "before"
        try:
            self._prepare(display)
            broken = "now"
            outcome = self._run(code, process)
            broken = "" if self._usable() else "now"
        except BaseException as error:  # noqa: BLE001 -- the user's code broke a part of us
            outcome = self._last_resort(error)
        outcome.broken = broken
        if _process_id() != process:
            self._end_child(outcome)
        self._streams.flush()
        return outcome

    def rehearse(self) -> None:
        """Do, after a copy was made and while nobody waits, what every action does, so that the kernel copies the memory for it now.

        The user's code and names take no part.
        """
        try:
            self._surroundings.repair()
            self._streams.restore()
            for step, _ in self._compiler.rehearse(_REHEARSAL):
                exec(step, {"__builtins__": {}})
        except Exception:  # noqa: BLE001 -- the user broke a part of us: the next action tells
            return

    def variables(self, tools: dict[str, Any]) -> dict[str, Any] | None:
        """The user's variables, as `calls.variables` tells them, without `tools`; None: the user broke what tells them."""
        collects = gc.isenabled()
        gc.disable()  # finalizers are the user's code
        try:
            self._surroundings.repair()
            return variables.told(self.names, {**self._interpreter.user_ns_hidden, **tools}, _described)
        except BaseException:  # noqa: BLE001 -- any part of us may be anything now
            return None
        finally:
            (gc.enable if collects else gc.disable)()

    def _usable(self) -> bool:
        """Whether the parts that the next action needs are still there."""
        interpreter = self._interpreter
        try:
            parts = (interpreter.display_formatter.format, interpreter.events.trigger, os.write, os.dup2, os.getpid)
            return isinstance(interpreter.user_ns, dict) and all(map(callable, parts))
        except Exception:  # noqa: BLE001 -- any of them may be anything now
            return False

    def _prepare(self, display: rich.Display) -> None:
        interpreter = self._interpreter
        self._surroundings.repair()
        self.interrupts.listen()
        self._streams.restore()
        interpreter.stdout = self._streams.stdout
        publisher = interpreter.display_pub
        if isinstance(publisher, rich.Publisher):
            publisher.arm(display, self._streams.flush)
        sys.displayhook = interpreter.displayhook
        sys.modules["__main__"] = self._main
        forget = getattr(sys.path_importer_cache.get(self._workspace), "invalidate_caches", None)
        if forget is not None:
            forget()  # the host may have put files there
        namespace = interpreter.user_ns
        if "_oh" not in namespace or "__name__" not in namespace:
            interpreter.renew_namespace()
        if self._reserve is None:
            with suppress(MemoryError):  # still full: the action may be the one that frees some
                self._reserve = bytearray(_RESERVE)

    def _run(self, code: str, process: int) -> Outcome:
        interpreter = self._interpreter
        self._count += 1
        name = f"<cell {self._count}>"
        interpreter.name_cell(self._count)
        info = self._announce(code)
        self._remember(code)
        outcome = Outcome()
        error: BaseException | None = None
        try:
            cell = self._compile(code, name)
            outcome.result = self._execute(cell, process)
        except BaseException as caught:  # noqa: BLE001 -- all that code can raise is an outcome
            error = caught
            outcome = self._failed(caught)
        if _process_id() != process:
            return outcome
        self._surroundings.repair()
        self._show_figures(outcome)
        self._conclude(info, outcome, error)
        return outcome

    def _compile(self, code: str, name: str) -> Cell:
        try:
            return self._compiler.compile(code, name)
        finally:
            self._tracebacks.note_cell(name, self._compiler.altered)

    def _execute(self, cell: Cell, process: int) -> rich.Bundle | None:
        """Run the steps, on the session's loop if one of them awaits; returns the last value's bundle, values before it are displays."""
        if any(code.co_flags & CO_COROUTINE for code, _ in cell.steps):
            return self._await(self._execute_awaiting(cell, process))
        result: rich.Bundle | None = None
        for code, shown in cell.steps:
            self._publish(result)
            value = eval(code, self._interpreter.user_ns)
            result = self._format(value, cell.source) if shown and _process_id() == process else None
        return result

    async def _execute_awaiting(self, cell: Cell, process: int) -> rich.Bundle | None:
        """The same, in the loop from the first statement on, so that tasks can be made before the first await."""
        result: rich.Bundle | None = None
        for code, shown in cell.steps:
            self._publish(result)
            value = eval(code, self._interpreter.user_ns)
            if code.co_flags & CO_COROUTINE:
                value = await value
            result = self._format(value, cell.source) if shown and _process_id() == process else None
        return result

    def _await(self, steps: Coroutine[Any, Any, rich.Bundle | None]) -> rich.Bundle | None:
        """Run on the session's loop, which lives on between actions with the tasks that it has."""
        import asyncio  # costs every session that does not use it; a loop must not exist before the fork

        loop = get_asyncio_loop()
        asyncio.set_event_loop(loop)
        task = loop.create_task(steps)
        try:
            return loop.run_until_complete(task)
        except (KeyboardInterrupt, SystemExit) as error:
            if not task.done():
                task.cancel()
                loop.run_until_complete(asyncio.wait({task}, timeout=_CANCEL_SECONDS))
                if task.cancelled():
                    adopt_traceback(error, task)
            if task.done() and not task.cancelled():
                task.exception()  # seen: no complaint when it is collected
            raise

    def _format(self, value: object, source: str) -> rich.Bundle | None:
        hook = self._interpreter.displayhook
        if value is None or (";" in source and hook.semicolon_at_end_of_expression(source)):
            return None
        hook.check_for_underscore()
        try:
            data, _ = self._interpreter.display_formatter.format(value)
        finally:
            hook.update_user_ns(value)
        rich.close_shown(value)
        return rich.to_bundle(data) or None

    def _publish(self, bundle: rich.Bundle | None) -> None:
        publisher = self._interpreter.display_pub
        if bundle and isinstance(publisher, rich.Publisher):
            publisher.send(bundle)

    def _show_figures(self, outcome: Outcome) -> None:
        try:
            for bundle in rich.open_figures():
                self._publish(bundle)
        except BaseException as error:  # noqa: BLE001 -- drawing runs the user's callbacks
            if outcome.status == "ok":
                failed = self._failed(error)
                outcome.status, outcome.error, outcome.exit_code = failed.status, failed.error, failed.exit_code

    def _failed(self, error: BaseException) -> Outcome:
        self._reserve = None
        self._surroundings.repair()
        if isinstance(error.__context__, KeyboardInterrupt) and not self._tracebacks.is_of_user(error):
            error = error.__context__  # the interrupt hit a part of ours, which then failed otherwise
        if isinstance(error, MemoryError):
            gc.collect()
        if isinstance(error, SystemExit):
            return Outcome(status="exit", exit_code=self._exit_code(error))
        note(error)
        surroundings.remember_error(error)
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "error"
        return Outcome(status=status, error=self._tracebacks.describe(error))

    def _last_resort(self, error: BaseException) -> Outcome:
        try:
            return self._failed(error)
        except BaseException as another:  # noqa: BLE001 -- not even that works: say so, and go on
            names = [type.__getattribute__(type(each), "__name__") for each in (error, another)]
            text = "{}\n(the shell could not tell more: {}; the action broke parts of the interpreter)\n".format(*names)
            return Outcome(status="error", error=(names[0], "", text))

    def _exit_code(self, error: SystemExit) -> int:
        code = error.code
        if code is None:
            return 0
        if isinstance(code, int):
            return int(code)
        try:
            self._streams.complain(cut(str(code)) + "\n")
        except Exception:  # noqa: BLE001 -- a __str__ of the user's
            self._streams.complain(f"<{type(code).__name__}: its __str__ raised>\n")
        return 1

    def _report(self, heading: str, error: BaseException) -> None:
        """Print an exception that does not end the action."""
        _, _, text = self._tracebacks.describe(error)
        try:
            sys.stderr.write(heading + text)
        except Exception:  # noqa: BLE001 -- a stream of the user's, or none
            self._streams.complain(heading + text)

    def _end_child(self, outcome: Outcome) -> None:
        """A process that the code forked came to the end of the action: its line of work is done."""
        try:
            self._streams.flush()
            if outcome.error is not None:
                self._streams.complain(outcome.error[2])
        finally:
            _exit_process((outcome.exit_code or 0) & 0xFF if outcome.error is None else 1)

    def _remember(self, code: str) -> None:
        """`In`, `_i` and friends."""
        interpreter = self._interpreter
        history = interpreter.history_manager
        number = interpreter.execution_count  # a trait: each look at it costs, and each change more
        interpreter.execution_count = number + 1
        if history is None:
            return
        history.input_hist_parsed.append(code)
        history.input_hist_raw.append(code)
        namespace = interpreter.user_ns
        namespace["_iii"], namespace["_ii"] = namespace.get("_ii", ""), namespace.get("_i", "")
        namespace["_i"] = history.input_hist_raw[-2] if len(history.input_hist_raw) > 1 else ""
        namespace[f"_i{number}"] = code

    def _announce(self, code: str) -> ExecutionInfo | None:
        """Events that extensions listen to, before; the information is made only for listeners."""
        callbacks = self._interpreter.events.callbacks
        self._trigger("pre_execute")
        if not callbacks["pre_run_cell"] and not callbacks["post_run_cell"]:
            return None
        info = ExecutionInfo(code, True, False, True, None, transformed_cell=code)
        self._trigger("pre_run_cell", info)
        return info

    def _conclude(self, info: ExecutionInfo | None, outcome: Outcome, error: BaseException | None) -> None:
        """Events, after."""
        self._interpreter.last_execution_succeeded = outcome.status == "ok"
        self._trigger("post_execute")
        if info is not None:
            result = ExecutionResult(info)
            result.error_in_exec = error
            self._trigger("post_run_cell", result)

    def _trigger(self, event: str, *about: object) -> None:
        """A listener that raises is told of, and no more."""
        try:
            self._interpreter.events.trigger(event, *about)
        except Exception as error:  # noqa: BLE001 -- a callback of the user's
            self._report("", error)


def _described(name: str, value: object) -> dict[str, Any]:
    try:
        return variables.described(name, value)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 -- pandas is the user's to change, and memory may be short
        return variables.untold(name, value)

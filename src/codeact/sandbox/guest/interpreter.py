"""IPython's shell without its habits: no history file, no configuration, no folder in the home directory, no colours, no threads.

Invariant: building it writes nothing to disk and starts nothing. It gives namespaces, magics, input transformation and
formatters; it does not run actions (`shell` does), but its own `run_cell` works, for the magics that call it.
"""

import atexit
import builtins
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .display import Publisher, ResultHook

_PLAIN = frozenset((bool, bytes, complex, float, int, str))  # have text only: asking ten formatters costs more than most actions


class Leave:
    """`exit` and `quit`: end the action, as `sys.exit` does."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"Call {self._name}() to end this action; the session goes on"

    def __call__(self, code: object = None) -> None:
        """Leave with an exit code, or with a text for standard error."""
        raise SystemExit(code)


class Compiler(CachingCompiler):
    """Names cells so that a traceback reads well; `number` is the shell's, and never starts again."""

    number = 0
    nested = 0

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """Name of a cell that a magic or the user's own call of `run_cell` runs."""
        self.nested += 1
        return f"<cell {self.number}.{self.nested}>"


class Formatter(DisplayFormatter):
    """Says all an object has to say about itself; a failure of one representation does not hide the others."""

    report: Callable[[BaseException], None] | None = None
    failures: list[BaseException] | None = None

    def format(self, obj: Any, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """The bundle of an object, and its metadata.

        Raises:
            Exception: what the object's own methods raised, if nothing is left to show.
        """
        if type(obj) in _PLAIN and include is None and exclude is None and not self._is_registered(type(obj)):
            return {"text/plain": self.formatters["text/plain"](obj)}, {}
        outer, self.failures = self.failures, []
        failures = self.failures
        try:
            data, metadata = super().format(obj, include=include, exclude=exclude)
        finally:
            self.failures = outer
        if failures and not data:
            raise failures[-1]
        for failure in failures:
            if self.report is not None:
                self.report(failure)
        return data, metadata

    def _is_registered(self, kind: type) -> bool:
        """Whether the user gave a plain type another representation than text."""
        return any(kind in each.type_printers for mime, each in self.formatters.items() if mime != "text/plain")


class Interpreter(InteractiveShell):
    """See the module's docstring."""

    compiler_class = Compiler
    flush: Callable[[], None] | None = None
    stdout: object = None

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.display_page = False
        config.Completer.use_jedi = False
        main = sys.modules["__main__"]
        super().__init__(config=config, display_pub_class=Publisher, displayhook_class=ResultHook)
        sys.modules["__main__"] = main
        atexit.unregister(self.atexit_operations)
        self.db = {}
        self.set_hook("show_in_pager", _page)

    def init_ipython_dir(self, ipython_dir: object) -> None:
        """None: nothing is read from or written to it."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """None, as above."""

    def init_virtualenv(self) -> None:
        """The environment is what started us; nothing to look for."""

    def init_user_ns(self) -> None:
        """IPython's names, with `exit` that ends the action and the real `open`."""
        super().init_user_ns()
        self.user_ns.pop("open", None)
        self.user_ns_hidden.pop("open", None)
        for name in ("exit", "quit"):
            self.user_ns[name] = self.user_ns_hidden[name] = Leave(name)

    def renew_namespace(self) -> None:
        """Put back the names that cells rely on, after the user cleared them."""
        hook = self.displayhook
        hook._ = hook.__ = hook.___ = ""
        essential = {"__name__": "__main__", "__builtins__": builtins, "__builtin__": builtins, "_": "", "__": "", "___": ""}
        self.user_ns.update({**self.user_ns_hidden, **essential})

    def name_cell(self, number: int) -> None:
        """Tell which cell runs, for the names of cells within it."""
        if isinstance(self.compile, Compiler):
            self.compile.number, self.compile.nested = number, 0

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing: %matplotlib asks for it, and there is no screen."""

    def ask_exit(self) -> None:
        """What `%exit` and friends call."""
        raise SystemExit

    def init_display_formatter(self) -> None:
        """With `Formatter` in place of IPython's."""
        self.display_formatter = Formatter(parent=self)

    def showtraceback(self, exc_tuple: Any = None, *_: object, **__: object) -> None:
        """Raise what IPython caught on its own, where it would print: magics must not hide the failure of their cell."""
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1] or getattr(sys, "last_value", None)
        if error is None:
            return
        formatter = self.display_formatter
        if isinstance(formatter, Formatter) and formatter.failures is not None:
            formatter.failures.append(error)
        else:
            raise error

    def showsyntaxerror(self, *_: object, **__: object) -> None:
        """As any other."""
        self.showtraceback()

    def run_cell(self, *args: Any, **options: Any) -> Any:
        """Run a cell within a cell, as %%capture does; its error is raised here.

        Raises:
            BaseException: what the cell raised.
        """
        result = super().run_cell(*args, **options)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise error
        return result

    def safe_execfile(self, fname: Any, *where: Any, exit_ignore: bool = False, raise_exceptions: bool = True, **options: Any) -> None:
        """Run a script (%run); its error is raised here."""
        super().safe_execfile(fname, *where, exit_ignore=exit_ignore, raise_exceptions=True, **options)

    def system(self, cmd: str) -> None:
        """Run `!cmd`: its output goes where ours goes, in order; the exit code to `_exit_code`."""
        command = self.var_expand(cmd, depth=1)
        if self.flush is not None:
            self.flush()
        shell = "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh"
        if sys.stdout is self.stdout:
            code = subprocess.call(command, shell=True, executable=shell, stdin=subprocess.DEVNULL)
        else:  # a capture is on: it sees what we write only
            done = subprocess.run(
                command,
                shell=True,
                executable=shell,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            sys.stdout.write(done.stdout.decode("utf-8", "replace"))
            code = done.returncode
        self.user_ns["_exit_code"] = code
        if code and self.system_raise_on_error:
            raise subprocess.CalledProcessError(code, cmd)

    system_piped = system_raw = system


def _page(shell: object, data: Any, start: int = 0, screen_lines: int = 0) -> None:
    print(data["text/plain"] if isinstance(data, dict) else data)

"""The sync face of a session, and its `with` blocks: each method drives the async one of the same name with an `a` before it.

Invariant: nothing is done here but waiting; Ctrl-C cancels what is waited for. It does not: know what a session is.
"""

from abc import ABC, abstractmethod
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

from codeact.errors import SessionClosedError
from codeact.events import Observation, Variables
from codeact.protocols import OnOutput
from codeact.sync import LoopRunner

T = TypeVar("T")


class SyncFace(ABC):
    """See the module's docstring."""

    _closed: bool

    def __init__(self) -> None:
        self._runner = LoopRunner()

    @abstractmethod
    async def astart(self) -> None:
        """Start it."""

    @abstractmethod
    async def arun(self, code: str, *, on_output: OnOutput | None = None, timeout: float | None = None) -> Observation:
        """Run an action."""

    @abstractmethod
    async def avariables(self) -> Variables:
        """Look at the variables."""

    @abstractmethod
    async def acheckpoint(self) -> str:
        """Take a checkpoint."""

    @abstractmethod
    async def arollback(self, mark: str | None = None) -> str:
        """Go back to one."""

    @abstractmethod
    async def afork(self, mark: str | None = None) -> Self:
        """Make a twin."""

    @abstractmethod
    async def aadd_file(self, source: str | Path, name: str | None = None) -> str:
        """Copy a file in."""

    @abstractmethod
    async def aread_file(self, name: str) -> bytes:
        """Read a file."""

    @abstractmethod
    async def aclose(self) -> None:
        """End it."""

    def start(self) -> None:
        """Sync face of `astart`."""
        self._call(self.astart())

    def run(self, code: str, *, on_output: OnOutput | None = None, timeout: float | None = None) -> Observation:
        """Sync face of `arun`."""
        return self._call(self.arun(code, on_output=on_output, timeout=timeout))

    def variables(self) -> Variables:
        """Sync face of `avariables`."""
        return self._call(self.avariables())

    def checkpoint(self) -> str:
        """Sync face of `acheckpoint`."""
        return self._call(self.acheckpoint())

    def rollback(self, mark: str | None = None) -> str:
        """Sync face of `arollback`."""
        return self._call(self.arollback(mark))

    def fork(self, mark: str | None = None) -> Self:
        """Sync face of `afork`."""
        return self._call(self.afork(mark))

    def add_file(self, source: str | Path, name: str | None = None) -> str:
        """Sync face of `aadd_file`."""
        return self._call(self.aadd_file(source, name))

    def read_file(self, name: str) -> bytes:
        """Sync face of `aread_file`."""
        return self._call(self.aread_file(name))

    def close(self) -> None:
        """Sync face of `aclose`."""
        if not self._closed:
            self._call(self.aclose())
        self._runner.close()

    def _call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        if self._closed:
            coroutine.close()
            raise SessionClosedError("the session is closed; make a new one")
        return self._runner.call(coroutine)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:  # nobody else will
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        try:
            await self.astart()
        except BaseException:  # nobody else will
            await self.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

"""The client itself: where the server is, and how runs and sessions on it are begun and found.

Invariant: a run that is asked for is begun once, whatever happens to the connection meanwhile. It does not: know what a run or a session is
(`run_handle` and `remote_session` do).
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from codeact import errors, events
from codeact.client import addresses, uploads
from codeact.client.remote_session import RemoteSession, lowered
from codeact.client.run_handle import OnEvent, RemoteRun, RunHandle
from codeact.client.told import About, RunInfo, RunsPage, SessionInfo, SessionsPage
from codeact.client.wire import Wire, once
from codeact.protocols import Approve
from codeact.sync import Closeable, LoopRunner

DEFAULT_URL = "http://127.0.0.1:8765"
Ask = Literal["nothing", "actions", "calls", "all"]
_CANCEL_SECONDS = 5.0
_MOST_ON_A_PAGE = 200


class Client(Closeable):
    """A codeact server, as `codeact serve` is one; nothing is sent yet.

    Args:
        url: where it is.
        key: that it is shown; None takes `CODEACT_KEY` from the environment, an empty one is none.
        timeout: longest silence of the server, in seconds.
        patience: seconds for which it is waited for when it was there and went away, as it does when it is started anew.

    Raises:
        InputError: the address or the key is none.
        MissingExtraError: `httpx` is not installed.
    """

    def __init__(self, url: str = DEFAULT_URL, key: str | None = None, *, timeout: float = 60.0, patience: float = 120.0) -> None:
        self._wire = Wire(url, key, timeout=timeout, patience=patience)
        self._runner = LoopRunner()
        self._closed = False

    def __repr__(self) -> str:
        return f"Client({self._wire.url!r})"

    async def arun(
        self,
        task: str,
        *,
        model: str | None = None,
        format: str | None = None,
        limits: events.Limits | None = None,
        ask: Ask | None = None,
        files: Iterable[str | Path] = (),
        approve: Approve | None = None,
        on_event: OnEvent | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        max_tokens: int | None = None,
    ) -> RemoteRun:
        """Have a run done, and wait for its end. Giving up waiting cancels it.

        Args:
            task: what to do.
            model: one of the server's; None takes its first.
            format: how an action is written; None takes the server's.
            limits: lower than the server's.
            ask: what somebody is asked about; None: everything if `approve` is given, else nothing.
            files: of this machine, copied into the run's workspace.
            approve: decides about the questions; None: somebody else does.
            on_event: called with each event as it happens, the transient ones too.
            temperature, seed: for sampling.
            max_tokens: most tokens of one turn.

        Raises:
            InputError: something of it cannot be had.
            ServerBusyError: not now.
            ServerUnavailableError: the server cannot be reached, or was away for longer than the client's patience.
            CodeactError: another error of the server's. A run that fails is a `RemoteRun` with a typed state.
        """
        given: Ask = ask or ("nothing" if approve is None else "all")
        sampling = {"temperature": temperature, "seed": seed, "max_tokens": max_tokens}
        handle = await self.astart(task, model=model, format=format, limits=limits, ask=given, files=files, **sampling)
        try:
            return await handle.await_end(approve=approve, on_event=on_event)
        except errors.ServerUnavailableError:
            raise
        except BaseException:  # nobody waits for it any more, or knows its id
            with suppress(errors.CodeactError, TimeoutError):
                await asyncio.wait_for(handle.acancel(), _CANCEL_SECONDS)
            raise

    def run(
        self,
        task: str,
        *,
        model: str | None = None,
        format: str | None = None,
        limits: events.Limits | None = None,
        ask: Ask | None = None,
        files: Iterable[str | Path] = (),
        approve: Approve | None = None,
        on_event: OnEvent | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        max_tokens: int | None = None,
    ) -> RemoteRun:
        """Sync face of `arun`."""
        sampling: dict[str, Any] = {"temperature": temperature, "seed": seed, "max_tokens": max_tokens}
        asking: dict[str, Any] = {"ask": ask, "approve": approve, "on_event": on_event}
        return self._runner.call(self.arun(task, model=model, format=format, limits=limits, files=files, **asking, **sampling))

    async def astart(
        self,
        task: str,
        *,
        model: str | None = None,
        format: str | None = None,
        limits: events.Limits | None = None,
        ask: Ask | None = None,
        files: Iterable[str | Path] = (),
        temperature: float | None = None,
        seed: int | None = None,
        max_tokens: int | None = None,
    ) -> RunHandle:
        """Begin a run; arguments and errors as `arun` has them."""
        order = {
            "task": task,
            "model": model,
            "format": format,
            "ask": ask,
            "temperature": temperature,
            "seed": seed,
            "max_tokens": max_tokens,
            "limits": None if limits is None else lowered(limits),
            "files": await uploads.uploaded(self._wire, files),
        }
        body = {name: value for name, value in order.items() if value is not None}
        told = await self._wire.ask(RunInfo, "POST", addresses.path("runs"), json=body, headers=once(), repeats=True)
        return RunHandle(self._wire, told.id, self._runner)

    def start(
        self,
        task: str,
        *,
        model: str | None = None,
        format: str | None = None,
        limits: events.Limits | None = None,
        ask: Ask | None = None,
        files: Iterable[str | Path] = (),
        temperature: float | None = None,
        seed: int | None = None,
        max_tokens: int | None = None,
    ) -> RunHandle:
        """Sync face of `astart`."""
        sampling: dict[str, Any] = {"temperature": temperature, "seed": seed, "max_tokens": max_tokens}
        return self._runner.call(self.astart(task, model=model, format=format, limits=limits, ask=ask, files=files, **sampling))

    async def aruns(self, state: str | Iterable[str] = (), search: str = "", limit: int = 50) -> list[RunInfo]:
        """Runs, the newest first.

        Args:
            state: of those that are wanted; empty: any.
            search: words in their titles.
            limit: most.
        """
        found: list[RunInfo] = []
        states = [state] if isinstance(state, str) and state else list(state)
        cursor: str | None = None
        while len(found) < limit:
            params: dict[str, Any] = {"search": search, "limit": min(limit - len(found), _MOST_ON_A_PAGE)}
            params |= {"state": states} if states else {}
            params |= {"cursor": cursor} if cursor is not None else {}
            page = await self._wire.ask(RunsPage, "GET", addresses.path("runs"), params=params, repeats=True)
            found += page.runs
            cursor = page.next
            if cursor is None:
                break
        return found

    def runs(self, state: str | Iterable[str] = (), search: str = "", limit: int = 50) -> list[RunInfo]:
        """Sync face of `aruns`."""
        return self._runner.call(self.aruns(state, search, limit))

    async def aget(self, run_id: str) -> RunHandle:
        """A run that there is.

        Raises:
            NotFoundError: there is no such run.
        """
        handle = RunHandle(self._wire, run_id, self._runner)
        await handle.ainfo()
        return handle

    def get(self, run_id: str) -> RunHandle:
        """Sync face of `aget`."""
        return self._runner.call(self.aget(run_id))

    def session(self, limits: events.Limits | None = None, *, session_id: str | None = None) -> RemoteSession:
        """A session of its own, without an agent; use it in a `with` block, which ends it. Nothing is sent yet.

        Args:
            limits: lower than the server's.
            session_id: of one that there is; None: a new one.
        """
        return RemoteSession(self._wire, self._runner, limits=limits, session_id=session_id)

    async def asessions(self) -> list[SessionInfo]:
        """The sessions that there are."""
        return [*(await self._wire.ask(SessionsPage, "GET", addresses.path("sessions"), repeats=True)).sessions]

    def sessions(self) -> list[SessionInfo]:
        """Sync face of `asessions`."""
        return self._runner.call(self.asessions())

    async def aabout(self) -> About:
        """What the server is, and what it has."""
        return await self._wire.ask(About, "GET", addresses.path("about"), repeats=True)

    def about(self) -> About:
        """Sync face of `aabout`."""
        return self._runner.call(self.aabout())

    async def aready(self) -> bool:
        """Whether the server is there and takes runs; no key is needed to ask."""
        try:
            await self._wire.send("GET", "/ready", patience=0)
        except (errors.ServerError, errors.StoreError):
            return False
        return True

    def ready(self) -> bool:
        """Sync face of `aready`."""
        return self._runner.call(self.aready())

    async def aclose(self) -> None:
        """Close the connections; runs go on. Calling it twice does nothing more."""
        self._closed = True
        await self._wire.aclose()

    def close(self) -> None:
        """Sync face of `aclose`."""
        if not self._closed:
            self._runner.call(self.aclose())
        self._runner.close()

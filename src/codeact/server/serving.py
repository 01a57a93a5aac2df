"""`codeact serve`, whole: the store, the agents, the engine and the HTTP face, put together and taken apart in the right order.

Invariant: nothing is listened to before all of it works; when it ends, runs are let go so that the next process goes on with them, and no
process of a sandbox is left. It does not: read options or print (`cli.serve` does).
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from codeact import build, config, errors
from codeact.server import hosting
from codeact.server.api.access import Access
from codeact.server.api.application import Parts, application
from codeact.server.api.guard import LOOPBACK
from codeact.server.api.metrics import Metrics
from codeact.server.engine.agents import Agents
from codeact.server.engine.runs import Runs
from codeact.server.engine.sessions import Sessions
from codeact.store.kept import Store, open_store

DEFAULT_PORT = 8765
_MOST_CONNECTIONS = 4096
_LOOSE_SECONDS = 86_400.0
_USES_SECONDS = 2 * 86_400.0
"""Of which no more than the last day is asked for."""
TIDY_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a server is made of.

    Args:
        settings: all of them; its limits are the highest that a run may have.
        database: where runs are kept, see `store.database.open_database`.
        models: that may be asked for, the first where none is; empty: the settings' own.
        tools: what code can call, besides what the settings name.
        host, port: to listen on; port 0 takes a free one.
        hosts: further names by which it may be reached where no key is needed.
        needs_key: a key is needed on loopback too, even if none was made yet.
        most_runs: worked on at once.
        most_sessions: sessions without an agent that are awake at once.
        openings: sessions of runs of an earlier process that are rebuilt at a time; None: as many as there are processors.
        idle: seconds after which what nobody uses is put to sleep.
        prefix: path under which a proxy shows it; it is taken off a request's path where it is there.
        patience: seconds for which a client is waited for that is to send or to take something.
        tidies: seconds between two looks for what is kept and of no use any more.
    """

    settings: config.Settings
    database: str
    models: Sequence[str] = ()
    tools: Sequence[Any] = ()
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    hosts: Sequence[str] = ()
    needs_key: bool = False
    most_runs: int = 16
    most_sessions: int = 32
    openings: int | None = None
    idle: float = 600.0
    prefix: str = ""
    patience: float = hosting.PATIENCE_SECONDS
    tidies: float = TIDY_SECONDS


@dataclass(frozen=True, slots=True)
class Opened:
    """What is told when a server is ready.

    Args:
        url: where it listens.
        database: where runs are kept, without a password.
        models: that may be asked for.
        isolation: of sessions.
        needs_key: whether a key has to be shown.
        taken_up: runs of an earlier process that are gone on with.
        lost: ids of runs that could not be gone on with.
    """

    url: str
    database: str
    models: Sequence[str]
    isolation: str
    needs_key: bool
    taken_up: int
    lost: Sequence[str]


async def serve(
    terms: Terms,
    on_ready: Callable[[Opened], None],
    *,
    on_progress: build.OnProgress | None = None,
    on_note: build.OnNote | None = None,
) -> None:
    """Serve until cancelled.

    Args:
        terms: what it is made of.
        on_ready: told when it listens.
        on_progress: told of the fetch of the local model's weights.
        on_note: told what happens to MCP servers.

    Raises:
        InputError: something of the terms cannot be had.
        StoreError: the database cannot be used, or another server uses it.
        SessionError: no session can be had.
    """
    async with AsyncExitStack() as stack:
        listener = hosting.listen(terms.host, terms.port)
        stack.callback(listener.close)
        store = await open_store(terms.database)
        stack.push_async_callback(store.aclose)
        await stack.enter_async_context(store.alone())
        needs_key = await _needs_key(terms, store)
        agents = Agents(terms.settings, terms.models, tools=terms.tools, on_progress=on_progress, on_note=on_note)
        stack.push_async_callback(agents.aclose)
        isolation = await _tier(terms.settings)
        metrics = Metrics()
        runs = Runs(store, agents, most=terms.most_runs, idle=terms.idle, openings=terms.openings, on_begun=metrics.begun)
        stack.push_async_callback(runs.aclose)
        sessions = Sessions(store, terms.settings, most=terms.most_sessions, idle=terms.idle)
        stack.push_async_callback(sessions.aclose)
        metrics.watch(runs, sessions)
        parts = Parts(runs, sessions, Access(store.keys, needed=needs_key), metrics, isolation)
        hosts = None if needs_key else (*LOOPBACK, _name(terms.host), *terms.hosts)
        web = application(parts, hosts, prefix=terms.prefix, patience=terms.patience)
        await stack.enter_async_context(_tidied(store, terms.tidies))
        taken_up, lost = await runs.take_up()
        url = _url(listener, terms.prefix)
        on_ready(Opened(url, store.shown, agents.names, isolation, needs_key, taken_up, lost))

        async def ending() -> None:
            await runs.aclose()
            await sessions.aclose()

        await hosting.serve(web, listener, ending, most=_MOST_CONNECTIONS, patience=terms.patience)


async def _tidy(store: Store) -> None:
    """Remove what was kept and is of no use any more: files that no run was given in a day, and which tokens were used before that."""
    await store.drop_loose_files(_LOOSE_SECONDS)
    await store.forget_uses(_USES_SECONDS)


@asynccontextmanager
async def _tidied(store: Store, seconds: float) -> AsyncIterator[None]:
    """A block before and in which the store is kept tidy."""

    async def again() -> None:
        while True:
            await asyncio.sleep(seconds)
            with suppress(errors.StoreError):  # the database is away: the next time
                await _tidy(store)

    await _tidy(store)
    tidying = asyncio.ensure_future(again())
    try:
        yield
    finally:
        tidying.cancel()
        await asyncio.wait([tidying])


async def _needs_key(terms: Terms, store: Store) -> bool:
    """Whether a key has to be shown.

    Raises:
        InputError: one would have to be, and there is none.
    """
    made = await store.keys.any()
    if made:
        return True
    if not _is_loopback(terms.host):
        raise errors.InputError(
            f"the address {terms.host!r} can be reached from other machines, and no key was made: whoever reaches it could run code here; "
            "make a key first (codeact keys make NAME), or listen on 127.0.0.1"
        )
    if terms.needs_key:
        raise errors.InputError("a key is to be needed, and none was made: make one first (codeact keys make NAME)")
    return False


async def _tier(settings: config.Settings) -> str:
    """The isolation that sessions have; those that follow open in milliseconds."""
    session = await build.open_session(settings)
    try:
        return session.isolation
    finally:
        await session.aclose()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """An address as it stands in a URL and in the header Host."""
    return f"[{host}]" if ":" in host else host


def _url(listener: socket.socket, prefix: str) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{_name(host)}:{port}{prefix}"

"""Sessions made before they are asked for, so that opening one costs nothing to wait for.

Invariant: a session is handed out once; there are never more than `MOST` waiting for each of the `MOST_KINDS` latest sets of limits, and
none before a second one was asked for (a program that opens one session pays for one). It does not: start zygotes.
"""

import contextlib
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from codeact.errors import SessionError
from codeact.sandbox import isolation
from codeact.sandbox.channel import Ends
from codeact.sandbox.forkserver import Forkserver
from codeact.sandbox.workspace import Workspace

MOST = 2
MOST_KINDS = 8

Bounds = dict[str, int | None]
Key = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session's number, workspace, and the host's ends of its processes, which may still be confining themselves."""

    number: int
    workspace: Workspace
    ends: Ends


class WarmPool:
    """The waiting sessions of one zygote.

    Args:
        server: the zygote.
    """

    def __init__(self, server: Forkserver) -> None:
        self._server = server
        self._waiting: OrderedDict[Key, deque[Opened]] = OrderedDict()
        self._lock = threading.Lock()
        self._filler = ThreadPoolExecutor(1, "codeact-warm")
        self._closed = False

    def take(self, bounds: Bounds) -> Opened:
        """A session with these bounds, one that waits if there is one; others are made in the background.

        Raises:
            SessionError: the zygote is gone.
        """
        key = tuple(sorted(bounds.items()))
        with self._lock:
            first = key not in self._waiting
            waiting = self._waiting.setdefault(key, deque())
            self._waiting.move_to_end(key)
            old = self._waiting.popitem(last=False)[1] if len(self._waiting) > MOST_KINDS else ()
            opened = waiting.popleft() if waiting else None
        if not self._closed:
            if old:
                self._filler.submit(_end, old)
            if not first:
                self._filler.submit(self._fill, key)
        return opened if opened is not None else self._open(bounds)

    def close(self) -> None:
        """End the waiting ones."""
        self._closed = True
        self._filler.shutdown(cancel_futures=True)
        for waiting in self._waiting.values():
            _end(waiting)

    def _open(self, bounds: Bounds) -> Opened:
        number = self._server.next_number()
        owner = self._server.ids.outside(number % (isolation.RANGE - isolation.GUEST_ID))
        workspace = Workspace(self._server.workspaces / f"s{number}", owner)
        return Opened(number, workspace, self._server.spawn(number, workspace.path, bounds))

    def _fill(self, key: Key) -> None:
        with contextlib.suppress(SessionError):  # the zygote is gone: whoever asks next is told
            while not self._closed:
                with self._lock:
                    waiting = self._waiting.get(key)
                    if waiting is None or len(waiting) >= MOST:
                        return
                opened = self._open(dict(key))
                with self._lock:
                    waiting.append(opened)
                    dropped = self._waiting.get(key) is not waiting
                if dropped:
                    _end(waiting)


def _end(waiting: Iterable[Opened]) -> None:
    for opened in waiting:
        opened.ends.close()
        opened.workspace.remove()


_pools: dict[Forkserver, WarmPool] = {}
_pools_lock = threading.Lock()


def open_session(server: Forkserver, bounds: Bounds) -> Opened:
    """A session of a zygote, from its pool.

    Raises:
        SessionError: the zygote is gone.
    """
    with _pools_lock:
        pool = _pools.get(server)
        if pool is None:
            pool = _pools[server] = WarmPool(server)
            server.at_close.append(lambda: _pools.pop(server).close())
    return pool.take(bounds)

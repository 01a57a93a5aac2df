"""Who gets which frame: replies to calls of tools, acknowledgements of displays, and orders for the process itself.

Invariant: whoever waits reads for all; a frame is read whole or not at all, and by one thread, so that an interruption never loses step
with the host. A reply that nobody waits for any more is dropped. It does not: send anything.
"""

import asyncio
import gc
import select
import threading
import time
from _thread import LockType, allocate_lock
from collections import deque
from collections.abc import Callable
from typing import Any

from .. import wire
from ..surroundings import Interrupts

Waiter = LockType
Reply = tuple[dict, list[bytes]]
Order = tuple[int, dict, list[int], list[bytes]]

_ACKNOWLEDGED = 0  # calls count from 1
_PATIENCE = 1.0  # seconds after which who waits looks for itself: whoever read may have been interrupted
_MOST_AT_ONCE = 64


class Inbox:
    """See the module's docstring.

    Args:
        connection: of the process's data socket.
        interrupts: told what must not be interrupted.
    """

    def __init__(self, connection: wire.Wire, interrupts: Interrupts) -> None:
        self._wire = connection
        self._lock = threading.RLock()
        self._taking = threading.Lock()
        self._reader = self._taker = 0
        self._since = 0.0
        self._waiters: list[Waiter] = []
        self._orders: deque[Order] = deque()
        self._waited: dict[int, Reply | None] = {}
        self._futures: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Future[Reply]]] = {}
        shielded = interrupts.shielded  # a lock that an interrupt left held would hold up all others
        self._enter, self._leave, self._take = map(shielded, (self._entered, self._left, self._taken))
        self.forget = shielded(self._forgotten)

    def expect(self, number: int) -> None:
        """From here on, keep the reply to this call. `forget` has to follow if nobody waits for it."""
        self._waited[number] = None

    def _forgotten(self, number: int) -> None:
        """Nobody waits for it any more."""
        with self._lock:
            self._waited.pop(number, None)
            self._futures.pop(number, None)

    def wait(self, number: int = _ACKNOWLEDGED) -> Reply:
        """Wait for a reply that is expected; without a number, for an acknowledgement.

        Raises:
            EOFError: the host is gone.
            RuntimeError: this thread is just reading a frame: a signal handler calls.
        """
        waited = self._waited
        while (reply := waited[number]) is None:
            self._look(lambda: waited[number] is not None)
        waited.pop(number, None)
        return reply

    def order(self) -> Order:
        """Wait for an order, which is any frame that is no reply.

        Raises:
            EOFError: the host is gone.
        """
        orders = self._orders
        while not orders:
            self._look(lambda: bool(orders))
        return orders.popleft()

    def waiting(self) -> bool:
        """Whether an order is there."""
        return bool(self._orders) or self._wire.waiting()

    def _look(self, came: Callable[[], bool]) -> None:
        """Read a frame, or wait until somebody else has; the waiting itself can be interrupted."""
        waiter = self._enter(came)
        if waiter is not None:
            waiter.acquire(timeout=_PATIENCE)
            return
        try:
            if not came() and select.select([self._wire.connection], [], [], _PATIENCE)[0]:
                self._take()
        finally:
            self._leave()

    def _entered(self, came: Callable[[], bool]) -> "Waiter | None":
        """Become the one who reads, or get a lock that is released when there was something."""
        with self._lock:
            me, now = threading.get_ident(), time.monotonic()
            if came() or self._reader in (0, me) or now > self._since + _PATIENCE:
                self._reader, self._since = me, now
                return None
            waiter = allocate_lock()
            waiter.acquire()
            self._waiters.append(waiter)
            return waiter

    def _left(self) -> None:
        with self._lock:
            self._reader = 0
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                waiter.release()

    def _taken(self) -> bool:
        """Take a frame if one is there; finalizers, which may call tools, wait until it is where it belongs."""
        me = threading.get_ident()
        if not self._taking.acquire(blocking=False):
            if self._taker == me:
                raise RuntimeError("a signal handler cannot call a tool while a reply is being read: let it set a flag, and call later")
            return False
        self._taker = me
        collects = gc.isenabled()
        gc.disable()
        try:
            if not select.select([self._wire.connection], [], [], 0)[0]:
                return False
            self._put(*self._wire.receive())
            return True
        finally:
            self._taker = 0
            if collects:
                gc.enable()
            self._taking.release()

    def _put(self, kind: int, body: dict, descriptors: list[int], parts: list[bytes]) -> None:
        if kind not in (wire.REPLY, wire.ACKNOWLEDGE):
            self._orders.append((kind, body, descriptors, parts))
            return
        number = _ACKNOWLEDGED if kind == wire.ACKNOWLEDGE else body["id"]
        with self._lock:
            if number in self._waited:
                self._waited[number] = (body, parts)
            loop, future = self._futures.pop(number, (None, None))
        if loop is None or future is None or loop.is_closed():
            return
        if loop is asyncio._get_running_loop():
            _resolve(future, (body, parts))
        else:
            loop.call_soon_threadsafe(_resolve, future, (body, parts))

    def arrival(self, number: int) -> "asyncio.Future[Reply]":
        """A future of the running loop for a reply; `leave` has to follow.

        Args:
            number: of a call that is sent after this.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        first = not any(each is loop for each, _ in list(self._futures.values()))
        self._futures[number] = (loop, future)
        if first:
            loop.add_reader(self._wire.connection, self._readable)
        return future

    def leave(self, number: int) -> None:
        """Nobody waits for that future any more."""
        self.forget(number)
        loop = asyncio.get_running_loop()
        if not any(each is loop for each, _ in list(self._futures.values())):
            loop.remove_reader(self._wire.connection)

    def _readable(self) -> None:
        try:
            for _ in range(_MOST_AT_ONCE):
                if not self._take():
                    return
        finally:
            self._leave()


def _resolve(future: "asyncio.Future[Any]", reply: Reply) -> None:
    if not future.done():
        future.set_result(reply)

"""Work that goes on until Ctrl-C or SIGTERM.

Invariant: the process ends within some seconds of the signal, whatever the work waits for; its sandboxes go with it. It does not: know what
the work is.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine
from typing import Any

from codeact.cli.exits import Exit

_PATIENCE_SECONDS = 5.0


async def until_stopped(work: Coroutine[Any, Any, None]) -> Exit:
    """Do the work until its end, Ctrl-C or SIGTERM."""
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, task)
    try:
        await task
    except asyncio.CancelledError:
        return Exit.CANCELLED
    return Exit.OK


def _stop(task: asyncio.Task[None]) -> None:
    """End the work; if that takes long (a client that does not read what it is sent), end the process: its sandboxes go with it."""
    if task.cancelling():
        return  # a second cancel would cut the clean-up short
    task.cancel()
    last_resort = threading.Timer(_PATIENCE_SECONDS, os._exit, [Exit.CANCELLED])
    last_resort.daemon = True
    last_resort.start()

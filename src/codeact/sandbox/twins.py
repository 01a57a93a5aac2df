"""Making a twin of a live session: a copy of its interpreter, in a root of its own, with files of its own.

Invariant: the twin is a session like any other from then on; its code can neither reach the original's files nor signal its
processes, and a limit that ends one does not end the other. Either a twin is made whole, or nothing of it stays. It does not: copy
what is not in the interpreter or the workspace (files in /tmp are shared; files that are open stay the original's, as after a fork).
"""

import asyncio
import json
import os
import socket
from collections.abc import Collection
from dataclasses import dataclass

from codeact.errors import CheckpointError, WireError
from codeact.sandbox import channel
from codeact.sandbox.channel import Ends, open_ends
from codeact.sandbox.guest_process import GuestProcess
from codeact.sandbox.seat import Seat
from codeact.sandbox.snapshots import Snapshot
from codeact.sandbox.workspace import Listing

_ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Made:
    """What a twin starts from: its seat, the ends of its processes, its files, and what of them could not be copied."""

    seat: Seat
    ends: Ends
    files: Listing
    lost: str


async def fork_now(process: GuestProcess, seat: Seat, mapped: Collection[str]) -> Made:
    """Copy a session as it is; see `fork`.

    Args:
        process: the session's interpreter.
        seat: of the session.
        mapped: files of its workspace that the interpreter has open as shared memory.
    """
    snapshot = seat.snapshots.take(seat.workspace.listing(), mapped)
    try:
        return await fork(process, seat, snapshot, None)
    finally:
        seat.snapshots.drop(snapshot)


async def fork(process: GuestProcess, seat: Seat, snapshot: Snapshot, mark: str | None) -> Made:
    """Copy a session.

    Args:
        process: the session's interpreter.
        seat: of the session.
        snapshot: of its workspace, to copy.
        mark: of the checkpoint to copy, None: the interpreter as it is now.

    Raises:
        CheckpointError: it cannot be copied, for a reason.
        IsolationError: its cgroup cannot be made.
    """
    new, files, lost = await seat.beside(snapshot)
    try:
        group = process.group.twin() if process.group is not None else None
        with open_ends(group) as (ends, there):
            wardens = [there[0], *there[4:]]
            process.order(wardens, do="branch", workspace=new.workspace.path.name)
            there[:] = there[1:4]
            for each in wardens:  # if nobody else has the socket, nobody answers
                os.close(each)
            there.extend(await _answer(ends.control, "rooted"))
            pid = await process.fork(mark, there)
            while there:
                os.close(there.pop())
            await _arrived(ends.data)
            ends.control.send(json.dumps({"do": "lead", "pid": pid}).encode())
            await _answer(ends.control, "started")
    except BaseException:
        await new.leave()
        raise
    return Made(new, ends, files, lost)


async def _arrived(data: socket.socket) -> None:
    """Wait until the copy says that it is where it belongs; whether it is, the warden looks.

    Raises:
        CheckpointError: it is not.
    """
    await _readable(data)
    try:
        frames = channel.Decoder().feed(data.recv(1 << 16, socket.MSG_PEEK))
        first = next((frame for frame, _ in frames), None)
    except (OSError, WireError):
        first = None
    if not isinstance(first, channel.Ready):
        reason = first.reason if isinstance(first, channel.Forked) else "the copy ended"
        raise CheckpointError(f"the session cannot be forked: {reason}")


async def _answer(control: socket.socket, wanted: str) -> list[int]:
    """Wait for an event of the warden; the descriptors that came with it.

    Raises:
        CheckpointError: it is another, or none comes.
    """
    await _readable(control)
    try:
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
    except OSError:
        message, descriptors = b"", []
    event = json.loads(message) if message else {"reason": "the session ended"}
    if event.get("event") != wanted:
        raise CheckpointError(f"the session cannot be forked: {event.get('reason', event)}")
    return descriptors


async def _readable(connection: socket.socket) -> None:
    """Wait until there is something to read, or the other end is closed.

    Raises:
        CheckpointError: it takes too long.
    """
    loop = asyncio.get_running_loop()
    came: asyncio.Future[None] = loop.create_future()
    loop.add_reader(connection, lambda: came.done() or came.set_result(None))
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await came
    except TimeoutError:
        raise CheckpointError("the session cannot be forked: it does not answer; the machine may be overloaded: try again") from None
    finally:
        loop.remove_reader(connection)

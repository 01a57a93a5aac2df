"""What a session has on this machine: a zygote to start its processes from, a number, a workspace and the snapshots of it.

Invariant: a seat is one session's; leaving it removes the workspace and all copies of its files. It does not: talk to processes.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from codeact.events import Limits
from codeact.sandbox import forkserver, warm
from codeact.sandbox.channel import Ends
from codeact.sandbox.isolation import find_folders
from codeact.sandbox.snapshots import Snapshot, Snapshots
from codeact.sandbox.workspace import Listing, Workspace

_TEMPORARY_BYTES = 256 << 20  # of each of /tmp, /var/tmp and /dev/shm in tier strict


@dataclass(frozen=True, slots=True)
class Wish:
    """What a session asks for.

    Args:
        isolation: a tier, or ``auto``.
        preload: modules to have imported before it starts.
        python: interpreter, None: the one that runs codeact.
        limits: of the session.
        folders: of the host, to show; from `isolation.folder_names`.
    """

    isolation: str
    preload: tuple[str, ...]
    python: str | None
    limits: Limits
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """See the module's docstring."""

    wish: Wish
    server: forkserver.Forkserver
    number: int
    workspace: Workspace
    snapshots: Snapshots

    @staticmethod
    async def take(wish: Wish) -> "tuple[Seat, Ends]":
        """A new seat, with processes started or waiting.

        Raises:
            InputError: a folder cannot be shown.
            IsolationError: the tier cannot be had here.
            SessionError: the zygote cannot start.
        """
        folders = await asyncio.to_thread(find_folders, wish.folders) if wish.folders else ()
        kind = (wish.isolation, wish.preload, wish.python, folders)
        server = forkserver.running(*kind) or await _started(*kind)
        try:
            opened = warm.open_session(server, _bounds(wish.limits))
        except BaseException:
            server.release()
            raise
        return Seat(wish, server, opened.number, opened.workspace, _snapshots(opened.workspace, wish)), opened.ends

    def spawn(self) -> Ends:
        """Start processes anew.

        Raises:
            SessionError: the zygote is gone.
        """
        return self.server.spawn(self.number, self.workspace.path, _bounds(self.wish.limits))

    async def beside(self, snapshot: Snapshot) -> "tuple[Seat, Listing, str]":
        """A seat for a twin, which shares our zygote and user, with a workspace of its own.

        Args:
            snapshot: of our workspace, that the new one is filled from.

        Returns:
            the seat, its files, and what could not be copied, in a sentence, empty if all was.
        """
        workspace = Workspace(self.server.workspaces / f"s{self.server.next_number()}", self.workspace.owner)
        seat = Seat(self.wish, self.server, self.number, workspace, _snapshots(workspace, self.wish))
        self.server.share()
        filling = asyncio.ensure_future(asyncio.to_thread(seat.snapshots.fill, snapshot))
        try:
            listing, lost = await asyncio.shield(filling)
        except BaseException:
            await asyncio.wait([filling])  # a thread does not end with who waits for it
            await seat.leave()
            raise
        return seat, listing, lost

    async def leave(self) -> None:
        """Remove the workspace and the copies, and let go of the zygote; to be called once."""
        await asyncio.to_thread(self.workspace.remove)
        await asyncio.to_thread(self.snapshots.close)
        self.server.release()


async def _started(*kind: Any) -> forkserver.Forkserver:
    """`forkserver.for_wish`, which goes on where whoever waits is cancelled: then nobody uses what it gives."""
    starting = asyncio.ensure_future(asyncio.to_thread(forkserver.for_wish, *kind))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        starting.add_done_callback(lambda done: None if done.cancelled() or done.exception() else done.result().release())
        raise


def _snapshots(workspace: Workspace, wish: Wish) -> Snapshots:
    return Snapshots(workspace, workspace.path.with_suffix(".snapshots"), (wish.limits.disk_mb or 1 << 20) << 20)


def _bounds(limits: Limits) -> dict[str, int | None]:
    """The limits as the kernel and the warden take them, which is `guest.confine.Bounds`; None stays None, no bound."""
    return {
        "memory": limits.memory_mb << 20 if limits.memory_mb is not None else None,
        "processes": limits.processes,
        "file": limits.file_mb << 20 if limits.file_mb is not None else None,
        "disk": limits.disk_mb << 20 if limits.disk_mb is not None else None,
        "temporary": _TEMPORARY_BYTES,
    }

"""Trials of what the kernel bounds, and of what the warden hears of it."""

import contextlib
import errno
import mmap
import os
import select
import signal
import socket
import time
from collections.abc import Callable

from codeact.sandbox.guest import usage
from sandbox.cgroups.stage import BOUND, MIB, end_of, host, inside, until


def touch_memory() -> None:
    """Take memory without end."""
    kept = []
    while True:
        kept.append(bytearray(b"x") * MIB)


def share_memory() -> None:
    """Take memory in files without a name, which no process maps."""
    while True:
        os.write(os.memfd_create("x"), b"x" * MIB)


def fill_pipes() -> None:
    """Leave bytes in pipes."""
    while True:
        _, writer = os.pipe()
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writer, b"x" * 65536)


def fill_sockets() -> None:
    """Leave bytes in sockets."""
    while True:
        here, there = socket.socketpair()
        here.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                here.send(b"x" * 65536)
        here.detach()
        there.detach()


def many(work: Callable[[], None]) -> Callable[[], None]:
    """The same in many processes, since one has few descriptors; they all stay."""

    def all_of_them() -> None:
        for _ in range(16):
            if os.fork() == 0:
                with contextlib.suppress(OSError):
                    work()
                time.sleep(1000)
        time.sleep(1000)

    return all_of_them


def bounded(work: Callable[[], None]) -> None:
    """The kernel kills what takes too much, and nothing outside; the bound was never passed."""
    with host() as group:
        session = group.session(BOUND, None)
        pid = inside(session, work)
        until(lambda: session.oom_kills() > 0)
        peak = session.folder / "memory.peak"
        assert session.memory() <= BOUND + MIB
        assert not peak.exists() or int(peak.read_text()) <= BOUND + MIB
        session.remove()
        assert end_of(pid) == -signal.SIGKILL
        assert not session.folder.exists()


def memory_is_bounded() -> None:
    """Plain memory."""
    bounded(touch_memory)


def memory_that_nobody_maps_is_bounded() -> None:
    """Files in memory."""
    bounded(share_memory)


def pipes_are_bounded() -> None:
    """Kernel memory of pipes."""
    bounded(many(fill_pipes))


def sockets_are_bounded() -> None:
    """Kernel memory of Unix sockets."""
    bounded(many(fill_sockets))


def a_fork_bomb_is_bounded() -> None:
    """Processes and threads together."""

    def bomb() -> None:
        while True:
            try:
                os.fork()
            except OSError as error:
                assert error.errno == errno.EAGAIN
                time.sleep(1000)

    with host() as group:
        session = group.session(None, 20)
        pid = inside(session, bomb)
        until(lambda: "max 0" not in (session.folder / "pids.events").read_text())
        assert len(session.members()) <= 20
        session.remove()
        assert end_of(pid) == -signal.SIGKILL


def the_warden_hears_of_a_kill() -> None:
    """By the open file of events, from outside."""
    with host() as group:
        session = group.session(BOUND, 20)
        ends = session.open()
        watch = usage.Meter(ends.events, ends.stat, ends.high)
        poll = select.poll()
        poll.register(watch.events, select.POLLPRI)
        poll.poll(0)
        assert not watch.changed()
        pid = inside(session, touch_memory)
        while not watch.changed():
            assert poll.poll(120_000)
        assert end_of(pid) == -signal.SIGKILL
        ends.close()


def the_warden_is_woken_when_memory_grows() -> None:
    """Long before the bound, without a kill."""
    reader, writer = os.pipe()

    def grow() -> None:
        os.read(reader, 1)
        kept = bytearray(b"x") * (24 * MIB)
        time.sleep(1000 if kept else 0)

    with host() as group:
        session = group.session(4 * BOUND, 20)
        ends = session.open()
        watch = usage.Meter(ends.events, ends.stat, ends.high)
        watch.alarm(16 * MIB)
        poll = select.poll()
        poll.register(watch.events, select.POLLPRI)
        watch.changed()
        pid = inside(session, grow)
        os.write(writer, b"x")
        assert poll.poll(120_000)
        assert not watch.changed()
        assert session.memory() < 4 * BOUND
        watch.alarm(4 * BOUND)
        session.remove()
        end_of(pid)
        ends.close()


def kernel_memory_is_told_apart() -> None:
    """What lies in pipes counts as the kernel's, what a process touches does not."""
    reader, writer = os.pipe()

    def work() -> None:
        kept = mmap.mmap(-1, 16 * MIB)
        kept.write(b"x" * (16 * MIB))
        os.write(writer, b"m")
        os.read(orders, 1)
        pipes = [os.pipe() for _ in range(128)]
        for _, filled in pipes:
            os.write(filled, b"x" * 65536)
        os.write(writer, b"p")
        time.sleep(1000)

    with host() as group:
        session = group.session(4 * BOUND, 20)
        ends = session.open()
        watch = usage.Meter(ends.events, ends.stat, ends.high)
        orders, order = os.pipe()
        pid = inside(session, work)
        assert os.read(reader, 1) == b"m"
        before = watch.kernel_memory()
        assert before < 8 * MIB, before
        until(lambda: watch.total() > 16 * MIB)
        os.write(order, b"x")
        assert os.read(reader, 1) == b"p"
        until(lambda: watch.kernel_memory() > before + 6 * MIB)
        session.remove()
        end_of(pid)
        ends.close()

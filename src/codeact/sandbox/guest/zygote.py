"""The zygote: a warm, confined, single-threaded Python of which every guest is a copy.

Invariant: it holds no secret, reads nothing from guests, and ends when the host does. It is started by exec, never forked from the host:
`python -s -P -c "import sys; sys.path.insert(0, SANDBOX); from guest.zygote import main; main(FD)"`, with no variable of the host's own.

Messages on its socket are JSON, one a packet. The host first sends a `confine.Plan`; the answers are {"map": true} when the id maps
must be written (tier strict; the host answers with one byte), and {"ready": ...}, {"failed": reason} or, of a
folder, {"unshown": reason}. From then on each packet
from the host is a session to start, with four descriptors: control (warden), data (guest), standard output, standard error; and four
more of the session's cgroup if it has one, as in `cgroups.Ends`: the first is the guest's, who moves in with it, the others the warden's.

In tier strict, `guest.spawner` stands between host and zygote. Elsewhere the zygote forks the wardens itself, and those the guests.
"""

import gc
import importlib
import io
import json
import os
import signal
import socket
import sys
import threading
import types
from dataclasses import dataclass
from typing import Any

from . import confine, landlock, linux, roots, spawner, warden

_FIRST_PYTHON_THAT_KNOWS_ITS_STACK = (3, 14)


def main(descriptor: int) -> None:
    """Be a zygote; returns when the host closes the socket.

    Args:
        descriptor: of the socket to the host.
    """
    control = socket.socket(fileno=descriptor)
    plan = confine.Plan(**json.loads(control.recv(1 << 20)))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        linux.fresh_keyring()
        if plan.tier == "strict":
            spawner.main(plan, control, be_zygote)
            return
        if plan.tier == "landlock":
            confine.require_landlock(plan)  # at once, and not after all the imports
    except roots.UnshownError as error:
        control.send(json.dumps({"unshown": str(error)}).encode())
        return
    except OSError as error:
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        return
    be_zygote(plan, control)


def be_zygote(plan: confine.Plan, orders: socket.socket) -> None:
    """Import, tell that it is done, and start sessions until `orders` closes."""
    try:
        zygote = _prepare(plan)
    except OSError as error:
        orders.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        return
    orders.send(json.dumps({"ready": {"landlock": landlock.version(), "missing": zygote.missing}}).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(orders, 1 << 16, 8)
        if not message:
            return
        try:
            zygote.start(json.loads(message), descriptors)
        finally:
            for each in descriptors:
                os.close(each)


@dataclass
class Zygote:
    """What every session of it is copied from.

    Args:
        plan: from the host.
        guest: a `guest.process.Guest`, of which each session runs a copy.
        missing: modules that were to be preloaded and are not installed.
        own_pids: descriptor of its own pid namespace.
    """

    plan: confine.Plan
    guest: Any
    missing: list[str]
    own_pids: int

    def start(self, session: dict, descriptors: list[int]) -> None:
        """Start a session. Should it fail, its sockets close, which the other end takes for the end of it.

        Args:
            session: from the host.
            descriptors: in tier strict, data, standard output, standard error, the door to the cgroup if there is one, the meeting
                with the warden and its pid namespace; elsewhere as from the host.
        """
        if self.plan.tier == "strict":
            self._beget(session, descriptors)
            return
        control, *streams = descriptors[:4]
        group = descriptors[4:]
        try:
            child = os.fork()
        except OSError as error:
            os.write(control, json.dumps({"event": "failed", "reason": str(error)}).encode())
            return
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            start = lambda: self._be_guest(session, [*streams, *group[:1]], None)  # noqa: E731
            warden.main(self.plan, socket.socket(fileno=control), session, group, start=start)

    def _be_guest(self, session: dict, descriptors: list[int], meeting: socket.socket | None) -> None:
        self.guest.run(session, descriptors, meeting)

    def _beget(self, session: dict, descriptors: list[int]) -> None:
        """Fork a guest that is an orphan at once, so that the first process of its pid namespace, its warden, gets it as a child.

        What stands between the two shares our memory and lives for the moment of the fork only: a second copy would cost as much as the
        first. The guest then runs on the stack made for that one, which newer versions of Python do not accept.
        """
        *streams, meeting, pids = descriptors
        ended = []

        def fork() -> int:
            try:
                if linux.plain_fork() == 0:
                    self._be_guest(session, streams, socket.socket(fileno=meeting))
                    os._exit(0)
            except OSError as error:
                os.write(meeting, roots.FAILED + str(error).encode())
            ended.append(True)
            return 0

        try:
            linux.setns(pids, linux.CLONE_NEWPID)
            if sys.version_info < _FIRST_PYTHON_THAT_KNOWS_ITS_STACK:
                linux.run_sharing_memory(fork)
                if not ended:  # killed with its warden, in the middle of what it did to our memory
                    os._exit(1)
            elif os.fork() == 0:
                os._exit(fork())
            os.write(meeting, roots.MADE)
        except OSError as error:
            os.write(meeting, roots.FAILED + str(error).encode())
        finally:
            linux.setns(self.own_pids, linux.CLONE_NEWPID)


def _prepare(plan: confine.Plan) -> Zygote:
    """Import and freeze."""
    sys.path[:0] = plan.import_path
    process, shell = (importlib.import_module(f"{__package__}.{name}") for name in ("process", "shell"))
    missing = _import_all(plan.preload)
    _warm_up()
    if plan.uncompiled is not None:
        _list_uncompiled(plan.uncompiled)
    guest = process.Guest(plan, shell.Shell())
    if plan.tier == "strict":
        guest.rehearse()
    if threading.active_count() != 1:
        raise OSError(11, f"the zygote must have one thread, preloading {plan.preload} started {threading.enumerate()}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if plan.tier == "strict":
        linux.second_stack()
    guest.locks.measure()
    gc.collect()
    gc.freeze()
    if plan.tier == "strict" and os.fork():  # what libraries do in a forked child is done here once, and in no session
        os._exit(0)
    return Zygote(plan, guest, missing, os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC))


def _list_uncompiled(descriptor: int) -> None:
    """Write the paths of the modules that were compiled to be imported: their folders are read-only for this process."""
    loaded = [vars(module) for module in list(sys.modules.values()) if isinstance(module, types.ModuleType)]
    found = {names.get("__file__"): names.get("__cached__") for names in loaded}
    sources = [
        os.fsencode(source)
        for source, cached in found.items()
        if isinstance(source, str) and source.endswith(".py") and isinstance(cached, str) and not os.path.exists(cached)
    ]
    with open(descriptor, "wb") as file:
        file.write(b"\n".join(sources))


def _warm_up() -> None:
    """Make once, for all sessions, what matplotlib makes at the first figure: font list, backend, ticks."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        figure, axes = pyplot.subplots()
        axes.plot([0, 1], label="x")
        axes.legend()
        figure.savefig(io.BytesIO())
        pyplot.close(figure)


def _import_all(names: list[str]) -> list[str]:
    """Import what there is; the names of what there is not."""
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            missing.append(name)
    return missing

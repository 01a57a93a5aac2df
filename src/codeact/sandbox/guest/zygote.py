"""The zygote: a warm, confined, single-threaded Python that forks one warden (and by it one guest) for each session.

Invariant: it holds no secret, reads nothing from guests, and ends when the host does. It is started by exec, never forked from the host:
`python -I -c "import sys; sys.path.insert(0, SANDBOX); from guest.zygote import main; main(FD)"`.

Messages on its socket are JSON, one a packet. The host first sends a `confine.Plan`; the zygote answers {"map": true} when its id maps
must be written (tier strict; the host answers with one byte), and {"ready": ...} or {"failed": reason}. From then on each packet
from the host is a session to start, with four descriptors: control (warden), data (guest), standard output, standard error.
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
from dataclasses import dataclass

from . import confine, landlock, linux, warden
from .process import Guest
from .shell import Shell


def main(descriptor: int) -> None:
    """Be a zygote; returns when the host closes the socket.

    Args:
        descriptor: of the socket to the host.
    """
    control = socket.socket(fileno=descriptor)
    plan = confine.Plan(**json.loads(control.recv(1 << 20)))
    try:
        zygote = _prepare(plan, control)
    except (OSError, ImportError) as error:
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        return
    if zygote is None:  # the process that only waits for the one inside the pid namespace
        return
    control.send(json.dumps({"ready": {"landlock": landlock.version(), "missing": zygote.missing}}).encode())
    zygote.serve()


@dataclass
class Zygote:
    """What every session of it is forked from."""

    plan: confine.Plan
    control: socket.socket
    shell: Shell
    missing: list[str]
    own_pids: int | None

    def serve(self) -> None:
        """Start sessions until the host goes away."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 8)
            if not message:
                return
            try:
                self._start_session(json.loads(message), descriptors)
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)

    def _start_session(self, session: dict, descriptors: list[int]) -> None:
        """Fork the warden; on failure the host sees its sockets close."""
        try:
            if self.own_pids is not None:
                linux.unshare(linux.CLONE_NEWPID)
            child = os.fork()
            if child == 0:
                self._become_warden(session, descriptors)
            if self.own_pids is not None:
                linux.setns(self.own_pids, linux.CLONE_NEWPID)
        except OSError as error:
            reason = json.dumps({"event": "failed", "reason": str(error)}).encode()
            os.write(descriptors[0], reason)

    def _become_warden(self, session: dict, descriptors: list[int]) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control = socket.socket(fileno=descriptors[0])
        warden.main(self.plan, control, lambda: Guest(self.plan, self.shell, session, descriptors).run(), session)


def _prepare(plan: confine.Plan, control: socket.socket) -> Zygote | None:
    """Confine, import and freeze; None in the process that stays outside the pid namespace, once its child has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    linux.fresh_keyring()
    own_pids = None
    if plan.tier == "strict":
        confine.build_root(plan, control)
        child = os.fork()
        if child:
            control.close()
            os.waitpid(child, 0)
            return None
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        confine.finish_root()
        own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    sys.path[:0] = plan.import_path
    missing = _import_all(plan.preload)
    shell = Shell()
    _warm_up()
    if plan.tier == "strict":
        confine.freeze_root()
    if threading.active_count() != 1:
        raise OSError(11, f"the zygote must have one thread, preloading {plan.preload} started {threading.enumerate()}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    return Zygote(plan, control, shell, missing, own_pids)


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

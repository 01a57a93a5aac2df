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

from . import confine, landlock, linux, warden, wire
from .shell import Shell

_DATA = 3  # the guest's descriptor of its socket


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
        warden.main(self.plan, control, lambda: Guest(self, session, descriptors).run(), session)


class Guest:
    """The process that runs guest code: it confines itself, then serves the host's frames.

    Args:
        zygote: what it was forked from.
        session: workspace, ids and bounds, from the host.
        descriptors: control, data, standard output, standard error.
    """

    def __init__(self, zygote: Zygote, session: dict, descriptors: list[int]) -> None:
        self.plan = zygote.plan
        self.shell = zygote.shell
        self.session = session
        self.lock = threading.Lock()
        self.running = False
        _arrange_descriptors(*descriptors[1:4])
        self.wire = wire.Wire(socket.socket(fileno=_DATA))

    def run(self) -> None:
        """Serve until the host closes the socket; never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            os.setpgid(0, 0)
            workspace, temporary = self.session["workspace"], self.session["temporary"]
            os.chdir(workspace)
            ids = self.session["ids"]
            bounds = confine.Bounds(**self.session["bounds"])
            os.environ["HOME"], os.environ["TMPDIR"] = workspace, temporary
            confine.lock_down(self.plan, workspace, temporary, tuple(ids) if ids else None, bounds)
            self.shell.start(workspace)
            self.wire.send(wire.READY, {"pid": os.getpid()})
            self._serve()
            code = 0
        except EOFError:
            code = 0
        finally:
            os._exit(code)

    def _serve(self) -> None:
        receive, send, run, display = self.wire.receive, self.wire.send, self.shell.run, self._display
        request, done = wire.RUN, wire.DONE
        while True:
            try:
                kind, body = receive()
                if kind != request:
                    continue
                self.running = True
                outcome = run(body["code"], display)
                self.running = False
                send(done, *_as_frame(body["id"], outcome))
            except KeyboardInterrupt:  # it came too late for the action: there is nothing left to interrupt
                continue

    def _display(self, bundle: dict[str, str | bytes]) -> None:
        """Hand a display to the host. From the running action itself, wait until the host has read all text written before it."""
        data, parts = _split(bundle)
        waits = self.running and threading.current_thread() is threading.main_thread()
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with self.lock:
                self.wire.send(wire.DISPLAY, {"data": data, "wait": waits}, parts)
                if waits:
                    self.wire.receive()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _as_frame(number: int, outcome) -> tuple[dict, list[bytes]]:
    result, parts = _split(outcome.result or {})
    body = {"id": number, "status": outcome.status, "exit_code": outcome.exit_code}
    if outcome.result is not None:
        body["result"] = result
    if outcome.error is not None:
        body["error"] = outcome.error
    return body, parts


def _split(bundle: dict[str, str | bytes]) -> tuple[dict[str, str | None], list[bytes]]:
    """A MIME bundle as JSON, with None for each binary part, in order."""
    parts = [content for content in bundle.values() if isinstance(content, bytes)]
    return {mime: None if isinstance(content, bytes) else content for mime, content in bundle.items()}, parts


def _arrange_descriptors(data: int, output: int, errors: int) -> None:
    """Standard streams in their places, the socket at 3, all else closed."""
    data, output, errors = (os.dup(descriptor) for descriptor in (data, output, errors))
    high = max(data, output, errors) + 1
    data, output, errors = (_above(descriptor, high + offset) for offset, descriptor in enumerate((data, output, errors)))
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(errors, 2)
    os.dup2(data, _DATA, inheritable=False)
    os.closerange(_DATA + 1, 4096)


def _above(descriptor: int, target: int) -> int:
    os.dup2(descriptor, target, inheritable=False)
    os.close(descriptor)
    return target


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

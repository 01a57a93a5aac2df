"""The process that runs guest code: it confines itself, serves the host's frames, and can be copied as a checkpoint.

Invariant: a copy made for a checkpoint is the process as it was, frozen until the host resumes it; what decides about it is the host
and the warden, never the process that goes on. It does not: know what is kept or dropped.
"""

import _signal  # type: ignore[import-not-found] # has no stub; unlike `signal` it makes no enumeration members, which costs time and memory
import _socket
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from . import confine, linux, roots, usage, wire
from .calls.inbox import Inbox
from .calls.stubs import Tools
from .shell import Outcome, Shell
from .surroundings import reseed

_REHEARSED = ["rehearsed = 6 * 7\nprint(rehearsed)\nrehearsed", "import math\nfor i in range(3):\n    print(math.sqrt(i))", "no_such_name"]
_ROUNDS = 12
_DATA = 3  # descriptor of the socket to the host


class Guest:
    """The session's interpreter: made in the zygote, run in the session's process.

    Args:
        plan: the zygote's plan.
        shell: made in the zygote.
    """

    def __init__(self, plan: confine.Plan, shell: Shell) -> None:
        self.plan = plan
        self.shell = shell
        self.lock = threading.RLock()  # a finalizer may send
        self.running = False
        self.wire = wire.Wire()
        self._post = shell.interrupts.shielded(self._post_one)
        self._display = shell.interrupts.shielded(self._display_one)
        self.inbox = Inbox(self.wire, shell.interrupts)
        self.tools = Tools(self.wire.pack, self._post, self.inbox)
        self.locks = confine.Locks(plan)
        if plan.tier == "strict":
            self._settle(confine.WORKSPACE, confine.TEMPORARY)

    def run(self, session: dict, descriptors: list[int], meeting: socket.socket | None) -> None:
        """Serve until the host closes the socket; never returns.

        Args:
            session: workspace, ids and bounds, from the host.
            descriptors: data, standard output, standard error, and, if the session has a cgroup, the door to it.
            meeting: with the warden, in tier strict.
        """
        code = 1
        try:
            streams, group = descriptors[:3], descriptors[3:]
            if group:
                _enter_group(group[0], meeting)
            for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
                _signal.signal(number, _signal.SIG_DFL)
            if meeting is not None:
                roots.join(meeting)
            else:
                _signal.set_wakeup_fd(-1)
                self._settle(session["workspace"], session["temporary"])
            _arrange_descriptors(*streams)
            os.setpgid(0, 0)
            threading.main_thread()._set_native_id()  # type: ignore[attr-defined] # it was the zygote's
            self.locks.close(self.workspace, self.temporary, session["ids"], session["bounds"])
            self.shell.start()
            self.wire.connect(socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0, _DATA))
            self.wire.send(wire.READY, {"pid": os.getpid()})
            self._serve()
            code = 0
        except EOFError:
            code = 0
        finally:
            os._exit(code)

    def rehearse(self) -> None:
        """Serve a few actions to nobody, so that what they need is there, and settled, before the process is copied.

        An interpreter writes to its code while that is new. Each page of memory that a session writes to is copied for it.
        """
        here, there = socket.socketpair()
        quiet, *kept = os.open(os.devnull, os.O_WRONLY), os.dup(1), os.dup(2)
        with here, there, self.shell.trying():
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            self.wire.connect(there)
            for number, code in enumerate(_REHEARSED * _ROUNDS):
                self.wire.send(wire.RUN, {"id": number, "code": code, "seed": None})
            there.shutdown(socket.SHUT_WR)
            self.wire.connect(here)
            with suppress(EOFError):
                self._serve()
            for _ in range(_ROUNDS):
                self.locks.rehearse()
                reseed()
        for number, descriptor in enumerate(kept, 1):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(quiet)

    def _settle(self, workspace: str, temporary: str) -> None:
        self.workspace, self.temporary = workspace, temporary
        os.environ["HOME"], os.environ["TMPDIR"] = workspace, temporary
        os.environ["MPLCONFIGDIR"] = f"{temporary}/.matplotlib"  # a program that the session starts imports matplotlib too
        self.shell.settle(workspace)

    def _serve(self) -> None:
        receive, send, run, display, checkpoint = self.inbox.order, self._send, self.shell.run, self._display, self._checkpoint
        workspace = self.workspace
        request, copy, done = wire.RUN, wire.CHECKPOINT, wire.DONE
        while True:
            try:
                kind, body, descriptors, _ = receive()
                if kind == request:
                    self.running = True
                    if body["seed"] is not None:
                        reseed(body["seed"])
                    outcome = run(body["code"], display)
                    self.running = False
                    send(done, *_as_frame(body["id"], outcome, linux.shared_mappings(workspace)))
                elif kind == copy:
                    checkpoint(body["mark"], *descriptors)
                    if not self.inbox.waiting():
                        self.shell.rehearse()
                elif kind == wire.FORK:
                    self._fork(body["number"], descriptors)
                elif kind == wire.TOOLS:
                    self.tools.install(body["specs"], self.shell.names)
                elif kind == wire.LOOK:
                    send(wire.LOOKED, {"id": body["id"], "found": self.shell.variables(self.tools.installed)})
            except KeyboardInterrupt:  # it came too late for the action: there is nothing left to interrupt
                continue

    def _checkpoint(self, mark: str, descriptor: int) -> None:
        """Copy this process; the copy takes `descriptor` as its socket to the host and sleeps until it is resumed."""
        pid, reason = self._copy(self._sleep, [descriptor])
        if pid != 0:
            self._send(wire.CHECKPOINTED, {"mark": mark, "pid": pid, "reason": reason})

    def _fork(self, number: int, descriptors: list[int]) -> bool:
        """Copy this process as the guest of a twin; True in the twin.

        Args:
            number: of the host's order.
            descriptors: the twin's socket to the host, standard output, standard error, and root.
        """
        pid, reason = self._copy(self._become_twin, descriptors)
        if pid != 0:
            self.wire.send(wire.FORKED, {"number": number, "pid": pid, "reason": reason})
        return pid == 0

    def _copy(self, begin: Callable[..., None], descriptors: list[int]) -> tuple[int | None, str]:
        """Copy this process; the copy calls `begin` with the descriptors, which this one closes.

        Returns:
            0 in the copy; here its pid, or None and the reason why there is none.
        """
        threads = os.stat("/proc/self/task").st_nlink - 2  # Landlock lets a copy look at its own /proc no further
        held = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            if threads > 1:  # the others would be missing in the copy, with whatever they hold
                return None, f"{threads - 1} other threads are alive"
            pid = linux.clone_beside()
            if pid == 0:
                begin(*descriptors)
                descriptors = []
            return pid, ""
        except OSError as error:
            return None, str(error)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def _sleep(self, descriptor: int) -> None:
        """Be a checkpoint until the host resumes it: deaf to every signal, and those that came meanwhile are forgotten."""
        os.dup2(descriptor, _DATA, inheritable=False)
        os.close(descriptor)
        os.setpgid(0, 0)
        kind = wire.CHECKPOINT
        while kind != wire.RESUME:
            kind, body, descriptors, _ = self.wire.receive()
            if kind == wire.FORK and self._fork(body["number"], descriptors):
                return
        self.tools.adopt()
        while signal.sigtimedwait(signal.valid_signals(), 0) is not None:
            pass

    def _become_twin(self, data: int, output: int, errors: int, root: int) -> None:
        """Be the guest of a twin, in a root and with streams of its own."""
        try:
            for descriptor, place in ((data, _DATA), (output, 1), (errors, 2)):
                os.dup2(descriptor, place, inheritable=place != _DATA)
                os.close(descriptor)
            os.setpgid(0, 0)
            confine.change_root(root)
            self.shell.hold_streams()
            self.tools.adopt()
        except OSError as error:
            self.wire.send(wire.FORKED, {"number": 0, "pid": None, "reason": error.strerror})  # on the twin's own socket
            os._exit(1)
        while signal.sigtimedwait(signal.valid_signals(), 0) is not None:
            pass
        self.wire.send(wire.READY, {"pid": os.getpid()})

    def _post_one(self, frame: bytes) -> None:
        """Send a frame: other threads may do the same."""
        with self.lock:
            self.wire.post(frame)

    def _send(self, kind: int, body: dict, parts: list[bytes] | tuple[bytes, ...] = ()) -> None:
        self._post(self.wire.pack(kind, body, parts))

    def _display_one(self, bundle: dict[str, str | bytes]) -> None:
        """Hand a display to the host. From the running action itself, wait until the host has read all text written before it."""
        data, parts = _split(bundle)
        waits = self.running and threading.current_thread() is threading.main_thread()
        if waits:
            self.inbox.expect(0)
        self._send(wire.DISPLAY, {"data": data, "wait": waits}, parts)
        if waits:
            self.inbox.wait()


def _as_frame(number: int, outcome: Outcome, mapped: list[str]) -> tuple[dict, list[bytes]]:
    result, parts = _split(outcome.result or {})
    body = {"id": number, "status": outcome.status, "exit_code": outcome.exit_code, "broken": outcome.broken, "mapped": mapped[:64]}
    if outcome.result is not None:
        body["result"] = result
    if outcome.error is not None:
        body["error"] = outcome.error
    return body, parts


def _split(bundle: dict[str, str | bytes]) -> tuple[dict[str, str | None], list[bytes]]:
    """A MIME bundle as JSON, with None for each binary part, in order."""
    parts = [content for content in bundle.values() if isinstance(content, bytes)]
    return {mime: None if isinstance(content, bytes) else content for mime, content in bundle.items()}, parts


def _enter_group(procs: int, meeting: socket.socket | None) -> None:
    """Be bounded by the session's cgroup from here on; in tier strict, see none above it.

    Raises:
        OSError: the kernel refuses; the warden is told.
    """
    try:
        usage.join(procs)
        if meeting is not None:
            linux.unshare(linux.CLONE_NEWCGROUP)
    except OSError as error:
        if meeting is not None:
            meeting.send(roots.FAILED + f"the session's cgroup cannot be entered: {error}".encode())
        raise


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

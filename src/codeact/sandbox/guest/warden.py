"""The warden: first process of a session. It starts the guest, reaps, signals, counts and kills; it never runs guest code.

Invariant: when the warden ends, nothing of the session lives on; when the host's end of its control sockets closes, it ends. In tier
``strict`` it is pid 1 of the session's pid namespace: the guest cannot signal it, and the kernel kills all with it. It does not: read
anything that the guest writes.

Control messages are JSON, one a packet; each branch has its own socket. From the host: {"do": "signal", "signal": n} to the guest;
{"do": "watch"}, count often; {"do": "freeze", "pid": n}, that process is a checkpoint; {"do": "thaw", "pid": n}, for a moment it may run;
{"do": "drop", "pid": n}, it is no more; {"do": "kill", "ticket": n}, all but the checkpoints; {"do": "adopt", "pid": n}, that checkpoint is
the guest from now on; {"do": "branch", "workspace": name} with a control socket, and files of a cgroup, make a root for
a twin; {"do": "lead", "pid": n}, on that socket, the process is its guest; {"do": "end"}. To the host: {"event": "started", "pid": n},
{"event": "exited", "code": n}, {"event": "over", "limit": name, "value": n} with a "reason" if it cannot be told,
{"event": "killed", "ticket": n}, {"event": "dropped", "pid": n}, {"event": "rooted"} with the root's descriptor,
{"event": "failed", "reason": text}.
"""

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from . import confine, linux, roots, usage
from .branch import Branch, Family, tell

_KEPT = (linux.CAP_KILL, linux.CAP_SYS_PTRACE, linux.CAP_DAC_READ_SEARCH, linux.CAP_SYS_ADMIN, linux.CAP_SYS_CHROOT)


class Warden:
    """Holds one session and its twins.

    Args:
        plan: the zygote's plan.
        control: the host's socket.
        session: workspace, ids and bounds, from the host.
        group: files of the session's cgroup, as in `cgroups.Ends`; empty if it has none.
    """

    def __init__(self, plan: confine.Plan, control: socket.socket, session: dict, group: Sequence[int]) -> None:
        self.plan = plan
        self.session = session
        self.bounds = confine.Bounds(**session["bounds"])
        strict, ids = plan.tier == "strict", session["ids"]
        self.family = Family(strict, usage.Copied(ids=(ids[0], ids[1]) if ids and not strict else None))
        places = [session["workspace"]] if self.family.strict else [session["workspace"], session["temporary"]]
        self.first = Branch(self.family, "", control, self.bounds, places, gauge=usage.Meter(*group[1:]) if group else None)
        self.roots: roots.Roots | None = None
        self.poll = select.poll()

    def run(self, meeting: socket.socket | None, start: Callable[[], None] | None) -> None:
        """From the start of the session to its end; see `main`."""
        try:
            os.setsid()
            wakeup = self._prepare_signals()
            if meeting is not None:
                ids = self.session["ids"]
                self.roots = roots.enter(self.plan, self.session["name"], self.bounds, tuple(ids) if ids else None)
                self.first.guest = roots.let_in(meeting)
                linux.drop_capabilities(keep=sum(1 << each for each in _KEPT))
            elif start is not None:
                linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
                self.first.guest = os.fork()
                if self.first.guest == 0:
                    start()
                    os._exit(0)
            anonymous = confine.memory_of(self.first.guest, "RssAnon")
            stack = usage.stack(os.getpid())  # the guest's too: both are copies of the same program
            self.family.copied = replace(self.family.copied, anonymous=anonymous, stack=stack)
            linux.prctl(linux.PR_SET_DUMPABLE, 0)
        except OSError as error:
            self.first.tell({"event": "failed", "reason": str(error)})
            if meeting is not None:
                roots.turn_away(meeting)
            return
        self._close_all_but(*self.first.descriptors, *wakeup, *(self.roots.descriptors if self.roots else ()))
        self.first.tell({"event": "started", "pid": self.first.guest})
        try:
            self._serve(wakeup[0])
        finally:  # a failure of ours (its folder is gone) ends the session too, and leaves nothing of it
            for branch in list(self.family.branches):
                branch.end()

    def _prepare_signals(self) -> tuple[int, int]:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        return reader, writer

    def _serve(self, wakeup: int) -> None:
        self._watch(self.first)
        self.poll.register(wakeup, select.POLLIN)
        while self.family.branches:
            due = min(branch.due for branch in self.family.branches)
            ready = dict(self.poll.poll(max(0.0, due - time.monotonic()) * 1000))
            if wakeup in ready:
                os.read(wakeup, 4096)
                self._reap()
            orders = [branch for branch in self.family.branches if branch.control.fileno() in ready]
            for branch in orders:
                self._obey(branch)
            if orders:  # the rest of them first: a checkpoint that we do not know as one yet would be killed with all else
                continue
            for branch in self.family.branches:
                if branch.meter is not None and branch.meter.events in ready:
                    branch.on_alarm()
                if time.monotonic() >= branch.due:  # whatever else keeps us busy: orphans that end all the time must not hide the rest
                    branch.count()

    def _watch(self, branch: Branch) -> None:
        self.poll.register(branch.control, select.POLLIN)
        if branch.meter is not None:
            self.poll.register(branch.meter.events, select.POLLPRI)

    def _end(self, branch: Branch) -> None:
        self.poll.unregister(branch.control)
        if branch.meter is not None:
            self.poll.unregister(branch.meter.events)
        branch.end()
        if self.roots is not None and branch.name:
            self.roots.remove(branch.name)

    def _obey(self, branch: Branch) -> None:
        """Handle one message."""
        try:
            message, descriptors, _, _ = socket.recv_fds(branch.control, 4096, 5)
        except OSError:
            message, descriptors = b"", []
        order: dict[str, Any] = json.loads(message) if message else {"do": "end"}
        match order.pop("do"):
            case "end":
                self._end(branch)
            case "branch":
                self._branch(order["workspace"], socket.socket(fileno=descriptors[0]), descriptors[1:])
            case "lead":
                self._lead(branch, order["pid"])
            case verb:
                getattr(branch, f"do_{verb}")(**order)

    def _branch(self, workspace: str, control: socket.socket, group: list[int]) -> None:
        """Make a root in which another folder is the workspace; who is to live there, and in that cgroup, comes with "lead"."""
        try:
            if self.roots is None:
                raise OSError(95, f"tier {self.plan.tier} has no roots to give to a twin")
            name, root = self.roots.make(workspace)
        except OSError as error:
            tell(control, {"event": "failed", "reason": error.strerror})
            control.close()
            for descriptor in group:
                os.close(descriptor)
            return
        gauge = usage.Meter(*group[1:], procs=group[0]) if group else None
        branch = Branch(self.family, name, control, self.bounds, [f"{confine.BRANCHES}/{name}{confine.WORKSPACE}"], gauge=gauge)
        self._watch(branch)
        branch.tell({"event": "rooted"}, [root])
        os.close(root)

    def _lead(self, branch: Branch, pid: int) -> None:
        if branch.guest or not self.family.may_be_guest(pid, branch):
            branch.tell({"event": "failed", "reason": f"process {pid} is no copy of the session"})
            return
        try:
            branch.lead(pid)
        except OSError as error:
            branch.tell({"event": "failed", "reason": f"the twin cannot enter its cgroup: {error.strerror}"})
            return
        branch.tell({"event": "started", "pid": pid})

    def _reap(self) -> None:
        try:
            while self.family.reap():
                pass
        except ChildProcessError:
            return

    def _close_all_but(self, *keep: int) -> None:
        last = 2
        for descriptor in sorted(keep):
            os.closerange(last + 1, descriptor)
            last = descriptor
        os.closerange(last + 1, 4096)
        null = os.open("/dev/null", os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.close(null)


def main(
    plan: confine.Plan,
    control: socket.socket,
    session: dict,
    group: Sequence[int],
    *,
    meeting: socket.socket | None = None,
    start: Callable[[], None] | None = None,
) -> None:
    """Be a warden until the session ends; never returns.

    Args:
        plan: the zygote's.
        control: the host's socket.
        session: from the host.
        group: as `Warden`.
        meeting: where the guest, made by the zygote, comes in (tier strict).
        start: what the guest does, else; it is called in a child of ours.
    """
    code = 1
    try:
        Warden(plan, control, session, group).run(meeting, start)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)

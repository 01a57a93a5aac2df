"""The spawner (tier strict): a small process between the host and the zygote, which forks the wardens.

A warden forked from the zygote would carry the zygote's memory along; from here it costs little. Wardens build their namespaces while the
zygote copies itself. Invariant: as long as it lives, sessions live; it is the first process of the zygote's pid namespace, and all
ends with it. A zygote that died is replaced. It does not: import anything large, or run guest code.
"""

import json
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import replace

from . import confine, linux, roots, warden

BeZygote = Callable[[confine.Plan, socket.socket], None]


def main(plan: confine.Plan, control: socket.socket, be_zygote: BeZygote) -> None:
    """Confine this process and be the spawner; returns when the host is gone.

    Args:
        plan: from the host.
        control: the host's socket.
        be_zygote: what the zygote does with the plan and its end of a socket, in a child of the spawner.

    Raises:
        OSError: a step of the confinement was refused.
    """
    roots.build_root(plan, control)
    child = os.fork()
    if child:  # stays outside the pid namespace, to end with it
        control.close()
        os.waitpid(child, 0)
        return
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    roots.finish_root()
    linux.empty_bounding_set()
    plan = replace(plan, system_v=roots.can_bound_system_v())  # before there is a zygote, which makes the filter
    spawner = _Spawner(plan, control, be_zygote)
    answer = spawner.start_zygote()
    if answer:
        roots.freeze_root()
        control.send(answer)
        spawner.serve()


class _Spawner:
    def __init__(self, plan: confine.Plan, control: socket.socket, be_zygote: BeZygote) -> None:
        self.plan = plan
        self.control = control
        self.be_zygote = be_zygote
        self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def start_zygote(self) -> bytes:
        """Start one; what it says once it is ready, nothing if it ended instead."""
        self.zygote, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
            self.zygote.close()
            self.control.close()
            roots.lend_cache()
            self.be_zygote(self.plan, there)
            os._exit(0)
        there.close()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        return self.zygote.recv(1 << 16)

    def serve(self) -> None:
        """Start sessions until the host goes away."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 8)
            if not message:
                return
            try:
                self._start_session(message, descriptors)
            except OSError as error:
                os.write(descriptors[0], json.dumps({"event": "failed", "reason": str(error)}).encode())
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)

    def _start_session(self, message: bytes, descriptors: list[int]) -> None:
        control, data, output, errors, *group = descriptors
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with here, there:
            linux.unshare(linux.CLONE_NEWPID)
            try:
                if os.fork() == 0:
                    there.close()
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    warden.main(self.plan, socket.socket(fileno=control), json.loads(message), group, meeting=here)
                pids = os.open("/proc/self/ns/pid_for_children", os.O_RDONLY | os.O_CLOEXEC)
            finally:
                linux.setns(self.own_pids, linux.CLONE_NEWPID)
            try:
                self._order(message, [data, output, errors, *group[:1], there.fileno(), pids])
            finally:
                os.close(pids)

    def _order(self, message: bytes, descriptors: list[int]) -> None:
        try:
            socket.send_fds(self.zygote, [message], descriptors)
        except OSError:
            self.zygote.close()
            if b'"ready"' not in self.start_zygote():
                raise OSError(3, "the zygote ended, and cannot be started again") from None
            socket.send_fds(self.zygote, [message], descriptors)

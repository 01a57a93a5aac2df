"""A branch: one guest with its checkpoints, as the warden holds it. A session starts with one; each twin of it is another.

Invariant: an order from one branch's host never ends a process that is known to be another's. A process of which it cannot be told
where it belongs is everyone's to end. It reads nothing that the guest writes. The orders are listed in `guest.warden`.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from . import confine, linux, usage

_FAST, _SLOW = 0.05, 2.0
_DYING_SECONDS = 0.2
_ROUSES = 10  # counts, at the fast pace
_EMPTY_LOOKS, _STOPS = 3, 20


@dataclass
class Family:
    """The processes below one warden, and the branches that they belong to.

    Args:
        strict: the warden is the first process of a pid namespace and sees all of it; else it knows its descendants.
        copied: what its guests are when they begin.
    """

    strict: bool
    copied: usage.Copied
    branches: "list[Branch]" = field(default_factory=list)

    def members(self, branch: "Branch") -> list[int]:
        """All processes of a branch, checkpoints left out."""
        if not self.strict:
            found = usage.descendants(os.getpid())
        else:
            found = [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]
            if len(self.branches) > 1:
                found = [pid for pid in found if self._belongs(pid, branch)]
        kept = {pid for each in self.branches for pid in each.kept(branch)}
        return [pid for pid in found if pid not in kept]

    def memory(self, pids: Iterable[int]) -> int:
        """Bytes of processes' own memory, what they share counted once; of those that do not let it be seen, for each."""
        return sum(usage.proportional(pid, self.copied) for pid in pids)

    def may_be_checkpoint(self, pid: int, branch: "Branch") -> bool:
        """Believe no number that a guest gave: it must be a child of ours, of that branch, that we do not know yet."""
        return self._is_new_child(pid) and (len(self.branches) == 1 or usage.place(pid) == branch.name)

    def may_be_guest(self, pid: int, branch: "Branch") -> bool:
        """As above, and it must have gone over into the branch's root, even if all other branches ended meanwhile."""
        return self._is_new_child(pid) and usage.place(pid) == branch.name

    def stop(self, branch: "Branch", victims: list[int]) -> list[int]:
        """Before they are killed, so that none forks away, or into the room that another leaves: all at once, or until none is new."""
        if self.strict:
            linux.kill(-1, signal.SIGSTOP)
            self.let_others_go_on(branch)
            return victims
        seen: set[int] = set()
        for _ in range(_STOPS):
            if seen.issuperset(victims):
                break
            for pid in victims:
                linux.kill(pid, signal.SIGSTOP)
            seen.update(victims)
            victims = self.members(branch)
        return victims

    def let_others_go_on(self, branch: "Branch") -> None:
        """What was stopped of other branches, the checkpoint too that is just copying itself."""
        for each in self.branches:
            if each is not branch:
                each.rouse(self.members(each))

    def kill_everyone(self) -> None:
        """All of the pid namespace, and wait until the last one is reaped: nobody forks away from a signal to all, and orphans are ours."""
        linux.kill(-1)
        with suppress(ChildProcessError):
            while True:
                self._note_end(*os.waitpid(-1, 0))

    def has_children(self) -> bool:
        """Whether there is anybody to wait for; those that ended are forgotten, the guests among them noted."""
        try:
            self.reap()
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        return True

    def reap(self) -> bool:
        """Wait for one process that ended; False if none had.

        Raises:
            ChildProcessError: there are no children.
        """
        pid, status = os.waitpid(-1, os.WNOHANG)
        self._note_end(pid, status)
        return pid != 0

    def _note_end(self, pid: int, status: int) -> None:
        for each in list(self.branches):
            each.on_end(pid, status)

    def _is_new_child(self, pid: int) -> bool:
        known = any(pid == each.guest or pid in each.frozen for each in self.branches)
        return not known and usage.parent(pid) == os.getpid()

    def _belongs(self, pid: int, branch: "Branch") -> bool:
        """By the root folder, which is a branch's own and goes from parent to child; whoever ends, ends those of no branch too."""
        name = usage.place(pid)
        return name == branch.name or not any(name == each.name for each in self.branches)


class Branch:
    """See the module's docstring.

    Args:
        family: of the warden.
        name: of its root below `confine.BRANCHES`, empty for the first one, which has none.
        control: the host's socket.
        bounds: as `confine.Bounds`.
        places: folders whose content counts as disk, as the warden sees them.
        gauge: of its cgroup, None if it has none.
    """

    def __init__(
        self,
        family: Family,
        name: str,
        control: socket.socket,
        bounds: confine.Bounds,
        places: list[str],
        *,
        gauge: usage.Meter | None,
    ) -> None:
        self.family = family
        self.name = name
        self.control = control
        self.bounds = bounds
        self._disk = usage.Disk(places, family.copied.ids)
        self.meter = gauge
        self.guest = 0
        self.frozen: list[int] = []
        self.thawed: set[int] = set()
        self.due = time.monotonic() + _FAST
        self._wait = _FAST
        self._seen = (0, 0)
        self._felled = False
        self._rouses = 0
        family.branches.append(self)

    @property
    def descriptors(self) -> list[int]:
        """That it needs."""
        return [self.control.fileno(), *(self.meter.descriptors if self.meter is not None else ())]

    def kept(self, other: "Branch") -> Iterable[int]:
        """Processes of ours that `other` leaves alone: our checkpoints, and all that we know if it is not we who ask."""
        return self.frozen if other is self else [self.guest, *self.frozen]

    def tell(self, event: dict, descriptors: Iterable[int] = ()) -> None:
        """Send the host an event."""
        tell(self.control, event, descriptors)

    def on_end(self, pid: int, status: int) -> None:
        """A child of the warden ended: tell if it was the guest or a checkpoint; any other process is nobody's loss."""
        if pid and pid == self.guest:
            self.guest = 0
            if self._note_killed():
                self.due = 0.0
            else:
                self.tell({"event": "exited", "code": os.waitstatus_to_exitcode(status)})
        elif pid in self.frozen:
            self.frozen.remove(pid)
            self.thawed.discard(pid)
            self.tell({"event": "dropped", "pid": pid})

    def on_alarm(self) -> None:
        """The kernel says that the cgroup has grown, or that it has killed there."""
        self._note_killed()
        self.due = 0.0

    def lead(self, pid: int) -> None:
        """That process is the guest, and lives in the branch's cgroup from now on.

        Raises:
            OSError: there is no such process, or the kernel refuses.
        """
        if self.meter is not None:
            self.meter.admit(pid)
        self.guest = pid

    def do_signal(self, signal: int) -> None:
        """To the guest."""
        if self.guest:
            linux.kill(self.guest, signal)

    def do_watch(self) -> None:
        """Count often from now on."""
        self._wait = _FAST
        self.due = min(self.due, time.monotonic() + _FAST)

    def rouse(self, members: list[int]) -> None:
        """Let its processes go on that were stopped with all others."""
        for pid in (*members, *self.thawed):
            linux.kill(pid, signal.SIGCONT)

    def rouse_later(self) -> None:
        """A process that was just being made when all were stopped is born stopped, some time after its parent was told to go on."""
        self._rouses = _ROUSES
        self.do_watch()

    def do_freeze(self, pid: int) -> None:
        """Whatever that process runs, it stands still until it is adopted."""
        if pid not in self.frozen:
            if not self.family.may_be_checkpoint(pid, self):
                self.tell({"event": "dropped", "pid": pid})
                return
            self.frozen.append(pid)
        self.thawed.discard(pid)
        linux.kill(pid, signal.SIGSTOP)

    def do_thaw(self, pid: int) -> None:
        """Let a checkpoint copy itself; it stays one."""
        if pid in self.frozen:
            self.thawed.add(pid)
            linux.kill(pid, signal.SIGCONT)

    def do_drop(self, pid: int) -> None:
        """That checkpoint is not needed any more."""
        if pid in self.frozen:
            self.frozen.remove(pid)
            self.thawed.discard(pid)
            linux.kill(pid)

    def do_adopt(self, pid: int) -> None:
        """A checkpoint goes on as the guest."""
        if pid in self.frozen:
            self.frozen.remove(pid)
            self.thawed.discard(pid)
            self.guest = pid
            linux.kill(pid, signal.SIGCONT)

    def do_kill(self, ticket: int) -> None:
        """All but the checkpoints."""
        self.kill_all()
        self.tell({"event": "killed", "ticket": ticket})

    def end(self) -> None:
        """All, and the branch is over."""
        self.frozen.clear()
        self.thawed.clear()
        self.kill_all()
        self.tell({"event": "killed", "ticket": 0})
        self.family.branches.remove(self)
        self.control.close()
        if self.meter is not None:
            self.meter.close()

    def count(self) -> None:
        """Sum memory, processes and disk use; tell the host what is over its bound. Rests while nothing changes."""
        members = self.family.members(self)
        if self._rouses:
            self._rouses -= 1
            self.rouse(members)
        bounds = self.bounds
        crowded = bounds.processes is not None and len(members) > bounds.processes
        if crowded and not self.family.strict:  # at once: the more there are, the less of the processor is ours
            members = self.family.stop(self, members)
        kernel = self._kernel_memory()
        memory = sum(usage.resident(pid, self.family.copied) for pid in members) + kernel
        seen = (len(members), memory)
        self._wait = min(self._wait * 2, _SLOW) if seen == self._seen and not self._rouses else _FAST
        self._seen = seen
        if self._felled:
            self._over("memory_mb", memory >> 20)
        elif crowded:
            self._over("processes", len(members))
        elif bounds.memory is not None and self._too_much_memory(members, memory, kernel, bounds.memory):
            self._over("memory_mb", memory >> 20)
        elif bounds.disk is not None:
            used, reason = self._disk.used(members, bounds.disk)
            if used > bounds.disk:
                self._over("disk_mb", used >> 20, reason)
        self._set_alarm()
        self.due = time.monotonic() + self._wait

    def kill_all(self) -> None:
        """Kill every process of the branch but the checkpoints, and wait until the last one is reaped."""
        self.guest = 0
        alone = len(self.family.branches) == 1 and not self.frozen
        if alone and self.family.strict:
            self.family.kill_everyone()
        else:
            self._kill_members(alone=alone)
        self._note_killed()
        self._felled = False  # whoever lives here next has not to answer for it

    def _kill_members(self, *, alone: bool) -> None:
        looks, enough, stopped = 0, 1 if self.family.strict else _EMPTY_LOOKS, False
        while True:
            victims = self.family.members(self)
            if not victims:  # the kernel's lists may miss a process while others end: look again, or ask who is left to wait for
                looks += not alone
                if looks >= enough or (alone and not self.family.has_children()):
                    break
                time.sleep(0.001)
                continue
            looks = 0
            for pid in self.family.stop(self, victims):
                linux.kill(pid)
            self._reap_until(len(victims))
            stopped = self.family.strict
        if stopped:  # the lists may have missed one of another branch too
            self.family.let_others_go_on(self)
            for each in self.family.branches:
                if each is not self:
                    each.rouse_later()

    def _reap_until(self, count: int) -> None:
        """Wait for up to `count` of our children to end, but only while they may be dying."""
        deadline = time.monotonic() + _DYING_SECONDS
        while count > 0 and time.monotonic() < deadline:
            try:
                if self.family.reap():
                    count -= 1
                else:
                    time.sleep(0.0005)
            except ChildProcessError:
                return

    def _note_killed(self) -> bool:
        """Whether the kernel has killed for the bound on memory: the next count says so, as if it had found out by itself."""
        if self.meter is not None and self.meter.changed() and self.bounds.memory is not None:
            self._felled = True
        return self._felled

    def _kernel_memory(self) -> int:
        """Bytes that the kernel holds for the branch, beyond a sixteenth of its bound: every process has page tables and the like."""
        if self.meter is None or self.bounds.memory is None:
            return 0
        return max(0, self.meter.kernel_memory() - self.bounds.memory // 16)

    def _set_alarm(self) -> None:
        """Let the kernel wake us when the memory passes its bound or, if it has, grows by another eighth of it."""
        if self.meter is not None and self.bounds.memory is not None:
            self.meter.alarm(max(self.bounds.memory, self.meter.total() + self.bounds.memory // 8))

    def _too_much_memory(self, members: list[int], memory: int, kernel: int, bound: int) -> bool:
        """Whether the branch is over its bound.

        Checkpoints are given up first, the oldest first, but for the latest, which may cost as much again.

        Args:
            members: processes that are no checkpoints.
            memory: an upper bound of what they use, in bytes: what they share counts for each.
            kernel: bytes that the kernel holds for them, which are in `memory`.
        """
        copied = self.family.copied
        if memory + sum(usage.resident(pid, copied) for pid in self.frozen) <= bound:
            return False
        own = kernel + self.family.memory(members)
        if own > bound or max((usage.resident(pid, copied) for pid in members), default=0) > bound:
            return True
        while own + self.family.memory(self.frozen) > bound:
            if len(self.frozen) <= 1:
                return own + self.family.memory(self.frozen) > 2 * bound
            oldest = self.frozen.pop(0)
            linux.kill(oldest)
            self.tell({"event": "dropped", "pid": oldest})
            own = kernel + self.family.memory(members)
        return False

    def _over(self, limit: str, value: int, reason: str = "") -> None:
        self.kill_all()
        self.tell({"event": "over", "limit": limit, "value": value} | ({"reason": reason} if reason else {}))


def tell(control: socket.socket, event: dict, descriptors: Iterable[int] = ()) -> None:
    """Send the host an event; a host that is gone is not told."""
    try:
        socket.send_fds(control, [json.dumps(event).encode()], list(descriptors))
    except OSError:
        return  # the next poll says so too

"""The warden: first process of a session. It starts the guest, reaps, signals, counts and kills; it never runs guest code.

Invariant: when the warden ends, nothing of the session lives on; when the host's end of its control socket closes, it ends. In tier
``strict`` it is pid 1 of the session's pid namespace: the guest cannot signal it, and the kernel kills all with it. It does not: read
anything that the guest writes.

Control messages are JSON, one a packet. From the host: {"do": "signal", "signal": n} to the guest; {"do": "watch"}, count often;
{"do": "freeze", "pid": n}, that process is a checkpoint; {"do": "drop", "pid": n}, it is no more; {"do": "kill", "ticket": n}, all but the
checkpoints; {"do": "adopt", "pid": n}, that checkpoint is the guest from now on; {"do": "end"}. To the host:
{"event": "started", "pid": n}, {"event": "exited", "code": n}, {"event": "over", "limit": name, "value": n},
{"event": "killed", "ticket": n}, {"event": "dropped", "pid": n}, {"event": "failed", "reason": text}.
"""

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable

from . import confine, linux

_FAST, _SLOW = 0.05, 2.0
_DYING_SECONDS = 0.2
_EMPTY_LOOKS = 3
_BLOCK = 4096


class Warden:
    """Holds one session.

    Args:
        plan: the zygote's plan.
        control: the host's socket.
        session: workspace, ids and bounds, from the host.
    """

    def __init__(self, plan: confine.Plan, control: socket.socket, session: dict) -> None:
        self.plan = plan
        self.control = control
        self.session = session
        self.bounds = confine.Bounds(**session["bounds"])
        self.guest = 0
        self.frozen: list[int] = []
        self.wait = _FAST
        self.seen = (0, 0)
        self.due = self.disk_due = 0.0
        self.inherited = 0

    def run(self, meeting: socket.socket | None, start: Callable[[], None] | None) -> None:
        """From the start of the session to its end; see `main`."""
        try:
            os.setsid()
            wakeup = self._prepare_signals()
            if meeting is not None:
                ids = self.session["ids"]
                confine.enter(self.plan, self.session["name"], self.bounds, tuple(ids) if ids else None)
                self.guest = confine.let_in(meeting)
                linux.drop_capabilities(keep=1 << linux.CAP_KILL | 1 << linux.CAP_SYS_PTRACE | 1 << linux.CAP_DAC_READ_SEARCH)
            elif start is not None:
                linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
                self.guest = os.fork()
                if self.guest == 0:
                    start()
                    os._exit(0)
            self.inherited = confine.memory_of(self.guest, "RssAnon")
            linux.prctl(linux.PR_SET_DUMPABLE, 0)
        except OSError as error:
            self._tell({"event": "failed", "reason": str(error)})
            return
        self._close_all_but(self.control.fileno(), *wakeup)
        self._tell({"event": "started", "pid": self.guest})
        try:
            self._serve(wakeup[0])
        finally:  # a failure of ours (its folder is gone) ends the session too, and leaves nothing of it
            self.frozen.clear()
            self._kill_others()

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
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(wakeup, select.POLLIN)
        self.due = time.monotonic() + self.wait
        while True:
            ready = dict(poll.poll(max(0.0, self.due - time.monotonic()) * 1000))
            if wakeup in ready:
                os.read(wakeup, 4096)
                self._reap()
            if self.control.fileno() in ready and not self._obey():
                return
            if time.monotonic() >= self.due:  # whatever else keeps it busy: orphans that end all the time must not hide the rest
                self._count()
                self.due = time.monotonic() + self.wait

    def _obey(self) -> bool:
        """Handle one message; False when the session is over."""
        try:
            message = self.control.recv(4096)
        except OSError:
            return False
        if not message:
            return False
        order = json.loads(message)
        return getattr(self, f"_do_{order.pop('do')}")(**order) is not False

    def _do_signal(self, signal: int) -> None:
        if self.guest:
            os.kill(self.guest, signal)

    def _do_watch(self) -> None:
        self.wait = _FAST
        self.due = min(self.due, time.monotonic() + _FAST)

    def _do_freeze(self, pid: int) -> None:
        """Believe no number that the guest gave: it must be a child of ours, and whatever it runs, it stands still until it is adopted."""
        if pid == self.guest or pid in self.frozen or pid not in _children(os.getpid()):
            self._tell({"event": "dropped", "pid": pid})
            return
        _kill(pid, signal.SIGSTOP)
        self.frozen.append(pid)

    def _do_drop(self, pid: int) -> None:
        if pid in self.frozen:
            self.frozen.remove(pid)
            _kill(pid)

    def _do_adopt(self, pid: int) -> None:
        if pid in self.frozen:
            self.frozen.remove(pid)
            self.guest = pid
            _kill(pid, signal.SIGCONT)

    def _do_kill(self, ticket: int) -> None:
        self._kill_others()
        self._tell({"event": "killed", "ticket": ticket})

    def _do_end(self) -> bool:
        self.frozen.clear()
        self._kill_others()
        self._tell({"event": "killed", "ticket": 0})
        return False

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.guest:
                self.guest = 0
                self._tell({"event": "exited", "code": os.waitstatus_to_exitcode(status)})
            else:
                self._unfreeze_dead(pid)

    def _unfreeze_dead(self, pid: int) -> None:
        """Tell the host of a checkpoint that has ended; any other process is nobody's loss."""
        if pid in self.frozen:
            self.frozen.remove(pid)
            self._tell({"event": "dropped", "pid": pid})

    def _count(self) -> None:
        """Sum the session's memory, processes and disk use; tell the host what is over its bound. Rests while nothing changes."""
        members = [pid for pid in self._members() if pid not in self.frozen]
        memory = sum(_resident(pid, self.inherited) for pid in members)
        usage = (len(members), memory)
        self.wait = min(self.wait * 2, _SLOW) if usage == self.seen else _FAST
        self.seen = usage
        if self.bounds.processes is not None and len(members) > self.bounds.processes:
            self._over("processes", len(members))
        elif self.bounds.memory is not None and self._too_much_memory(members, memory, self.bounds.memory):
            self._over("memory_mb", memory >> 20)
        elif self.bounds.disk is not None and (used := self._disk(members, self.bounds.disk)) > self.bounds.disk:
            self._over("disk_mb", used >> 20)

    def _too_much_memory(self, members: list[int], memory: int, bound: int) -> bool:
        """Whether the session is over its bound.

        Checkpoints are given up first, the oldest first, but for the latest, which may cost as much again.

        Args:
            members: processes that are no checkpoints.
            memory: an upper bound of what they use, in bytes: what they share counts for each.
            bound: in bytes.
        """
        if memory + sum(_resident(pid, self.inherited) for pid in self.frozen) <= bound:
            return False
        own = sum(_proportional(pid) for pid in members)
        if own > bound or max((_resident(pid, self.inherited) for pid in members), default=0) > bound:
            return True
        while own + sum(_proportional(pid) for pid in self.frozen) > bound:
            if len(self.frozen) <= 1:
                return own + sum(_proportional(pid) for pid in self.frozen) > 2 * bound
            oldest = self.frozen.pop(0)
            _kill(oldest)
            self._tell({"event": "dropped", "pid": oldest})
            own = sum(_proportional(pid) for pid in members)
        return False

    def _disk(self, members: list[int], most: int) -> int:
        """Bytes on disk of the session; in tier strict its temporary folder is a file system with a size of its own."""
        now = time.monotonic()
        if now < self.disk_due:
            return 0
        used = _unnamed(members, os.stat(self.session["workspace"]).st_dev) + _disk(self.session["workspace"], most)
        if self.plan.tier != "strict":
            used += _disk(self.session["temporary"], most)
        self.disk_due = time.monotonic() + 5 * (time.monotonic() - now)  # a fifth of the time at most goes into looking
        return used

    def _over(self, limit: str, value: int) -> None:
        self._kill_others()
        self._tell({"event": "over", "limit": limit, "value": value})

    def _members(self) -> list[int]:
        if self.plan.tier == "strict":
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]
        return _descendants(os.getpid())

    def _kill_others(self) -> None:
        """Kill every process of the session but the checkpoints, and wait until the last one is reaped."""
        self.guest = 0
        looks, enough = 0, 1 if self.plan.tier == "strict" else _EMPTY_LOOKS
        while True:
            victims = [pid for pid in self._members() if pid not in self.frozen]
            if not victims:  # the kernel's lists may miss a process while others end: look again, or ask who is left to wait for
                looks += bool(self.frozen)
                if looks >= enough or (not self.frozen and not self._has_children()):
                    return
                time.sleep(0.001)
                continue
            looks = 0
            if self.plan.tier == "strict":
                _kill(-1, signal.SIGSTOP)  # all at once, so that none can fork away from the loop below
            for pid in victims:
                _kill(pid)
            self._reap_until(len(victims))

    def _has_children(self) -> bool:
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        return True

    def _reap_until(self, count: int) -> None:
        """Wait for up to `count` of our children to end, but only while they may be dying."""
        deadline = time.monotonic() + _DYING_SECONDS
        while count > 0 and time.monotonic() < deadline:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            self._unfreeze_dead(pid)
            if pid:
                count -= 1
            else:
                time.sleep(0.0005)

    def _tell(self, event: dict) -> None:
        try:
            self.control.send(json.dumps(event).encode())
        except OSError:
            return  # the host is gone; the next poll says so too

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


def _kill(pid: int, number: int = signal.SIGKILL) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for child in _children(pid):
        found += [child, *_descendants(child)]
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                children += [int(word) for word in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        pass  # it ended while we looked
    return children


def _resident(pid: int, inherited: int) -> int:
    """Bytes of a process's own memory, anonymous (beyond what it has from the zygote) and shared."""
    anonymous = shared = 0
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith("RssAnon:"):
                    anonymous = int(line.split()[1]) << 10
                elif line.startswith("RssShmem:"):
                    shared = int(line.split()[1]) << 10
                    break
    except (FileNotFoundError, ProcessLookupError):
        pass  # it ended while we looked
    return max(0, anonymous - inherited) + shared


def _proportional(pid: int) -> int:
    """Bytes of a process's memory, what is shared with others divided by their number."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return sum(int(line.split()[1]) << 10 for line in file if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
    except OSError:
        return 0  # it ended while we looked


def _disk(folder: str, most: int) -> int:
    """Bytes on disk below a folder, each entry counted as a block at least; ends when there are more than `most`."""
    total, todo = 0, [folder]
    while todo and total <= most:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    total += _size(entry)
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
        except OSError:
            continue  # it changed while we looked
    return total


def _size(entry: "os.DirEntry[str]") -> int:
    try:
        return max(_BLOCK, entry.stat(follow_symlinks=False).st_blocks * 512)
    except OSError:
        return _BLOCK  # it changed while we looked: the others in its folder count all the same


def _unnamed(members: list[int], device: int) -> int:
    """Bytes on disk of files of a device that processes hold open and that no folder names any more."""
    sizes = {}
    for pid in members:
        try:
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                status = os.stat(f"/proc/{pid}/fd/{descriptor}")
                if status.st_nlink == 0 and status.st_dev == device:
                    sizes[status.st_ino] = status.st_blocks * 512
        except OSError:
            continue  # it ended while we looked
    return sum(sizes.values())


def main(
    plan: confine.Plan,
    control: socket.socket,
    session: dict,
    *,
    meeting: socket.socket | None = None,
    start: Callable[[], None] | None = None,
) -> None:
    """Be a warden until the session ends; never returns.

    Args:
        plan: the zygote's.
        control: the host's socket.
        session: from the host.
        meeting: where the guest, made by the zygote, comes in (tier strict).
        start: what the guest does, else; it is called in a child of ours.
    """
    code = 1
    try:
        Warden(plan, control, session).run(meeting, start)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)

"""Attacks on processes: the host's, the warden, the zygote, the neighbour's, and the session's own frozen checkpoints.

Invariant: the victim is of the same user as the host; the stage looks at its life, priority, limits, and memory after each attempt.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

from sandbox.attacks.stage import Stage, attack, attempts

_ALL = "targets = sorted({VICTIM, HOST, 1, os.getppid(), *PIDS} - {os.getpid()})\n"
# in a pid namespace the numbers of others may be the guest's own: those are left out
_ALL += "mine = set() if not STRICT else {os.getpid(), *others()}\ntargets = [pid for pid in targets if pid not in mine]\n"

attempts(
    trace_another_process=_ALL + "[p for p in targets if call(101, 16, p, 0, 0) == 0 or call(101, 0x4206, p, 0, 0) == 0]",
    let_the_parent_trace_me="call(101, 0, 0, 0, 0) == 0",
    read_the_memory_of_another_process=_ALL + "b = ctypes.create_string_buffer(8)\niov = struct.pack('QQ', ctypes.addressof(b), 8)\n"
    "[p for p in targets if call(310, p, iov, 1, iov, 1, 0) >= 0]",
    write_the_memory_of_another_process=_ALL + "b = ctypes.create_string_buffer(8)\niov = struct.pack('QQ', ctypes.addressof(b), 8)\n"
    "[p for p in targets if call(311, p, iov, 1, iov, 1, 0) >= 0]",
    write_the_memory_of_another_process_through_proc=_ALL + "[p for p in [*targets, 1] for n in ('mem', 'clear_refs', 'oom_score_adj', 'comm', 'coredump_filter', "
    "'timerslack_ns', 'autogroup', 'sched', 'setgroups', 'uid_map', 'attr/current', 'loginuid') if got(os.open, f'/proc/{p}/{n}', os.O_WRONLY)]",
    signal_a_process_of_the_host="[(p, n) for p in (VICTIM, HOST) if not STRICT or p not in others() for n in (0, 1, 2, 9, 15, 18, 19) if call(62, p, n) == 0]",
    signal_the_warden="[n for n in (1, 2, 9, 11, 15, 19) if call(62, os.getppid(), n) == 0 and not STRICT] and 'sent'",
    signal_the_processes_of_the_neighbour="[(p, n) for p in PIDS if not STRICT or (p != 1 and p not in others() + [os.getpid()]) for n in (9, 19) if call(62, p, n) == 0]",
    signal_everybody_at_once="[n for n in (0, 19, 9) if call(62, -1, n) == 0]",
    signal_the_process_groups_of_the_host="[g for g in (VICTIM, HOST, *PIDS) if not STRICT or g not in others() + [os.getpid()] if g != 1 and call(62, -g, 0) == 0]",
    signal_single_threads_of_the_host=_ALL + "[p for p in targets if p != 1 and (call(200, p, 9) == 0 or call(234, p, p, 9) == 0)]",
    queue_signals_with_data=_ALL + "info = struct.pack('iii', 9, 0, -1) + bytes(116)\n"
    "[p for p in targets if p != 1 and (call(129, p, 9, info) == 0 or call(297, p, p, 9, info) == 0)]",
    signal_through_a_descriptor_of_a_process=_ALL + "[p for p in targets if p != 1 and (fd := call(434, p, 0)) >= 0 and call(424, fd, 9, 0, 0) == 0]",
    have_the_kernel_signal_the_owner_of_a_descriptor="a, b = socket.socketpair()\nfor p in (VICTIM, HOST):\n    for n in (9, 15, 19):\n"
    "        if call(72, a.fileno(), 8, p) == 0:\n            call(72, a.fileno(), 10, n), call(72, a.fileno(), 4, 0o20000), b.send(b'x'), time.sleep(0.01)\nNone",
    take_a_descriptor_of_another_process=_ALL + "[p for p in targets if (fd := call(434, p, 0)) >= 0 and any(call(438, fd, n, 0) >= 0 for n in range(8))]",
    advise_away_the_memory_of_another_process=_ALL + "[p for p in targets if (fd := call(434, p, 0)) >= 0 and (call(440, fd, struct.pack('QQ', 4096, 4096), 1, 21, 0) >= 0 or call(448, fd, 0) >= 0)]",
    compare_kernel_objects_of_processes=_ALL + "[p for p in targets if call(312, os.getpid(), p, 1, 0, 0) >= 0]",
    move_the_pages_of_another_process=_ALL + "[p for p in targets if call(256, p, 64, bytes(8), bytes(8)) >= 0 or call(279, p, 1, bytes(8), 0, bytes(8), 0) >= 0]",
    limit_the_resources_of_the_host="[p for p in (VICTIM, HOST) for kind in (0, 1, 7) if (not STRICT or p not in others()) and call(302, p, kind, struct.pack('QQ', 1 << 20, 1 << 20), 0) == 0]",
    limit_the_resources_of_the_warden="old = bytes(16)\n[k for k in range(16) if call(302, os.getppid(), k, struct.pack('QQ', 1 << 40, 1 << 40), 0) == 0 or call(302, 1, k, 0, old) == 0]",
    read_the_limits_of_the_host="old = bytes(16)\n[p for p in (VICTIM, HOST) if (not STRICT or p not in others()) and call(302, p, 7, 0, old) == 0]",
    lower_the_priority_of_the_host="[p for p in (VICTIM, HOST, os.getppid()) if got(lambda: os.setpriority(os.PRIO_PROCESS, p, 19) or 1)]",
    lower_the_priority_of_my_whole_user="[w for w in (1, 2) if call(141, w, 0, 7) == 0] and (os.getpriority(os.PRIO_PROCESS, os.getppid()) == 7)",
    pin_the_host_to_one_processor="[p for p in (VICTIM, HOST, os.getppid()) if got(lambda: os.sched_setaffinity(p, {0}) or 1)]",
    change_the_scheduling_of_the_host="idle = struct.pack('IIQiIQQQ', 48, 5, 0, 0, 0, 0, 0, 0)\n[p for p in (VICTIM, HOST, os.getppid()) if call(144, p, 5, bytes(4)) == 0 or call(314, p, idle, 0) == 0]",
    change_the_disk_priority_of_the_host="[(w, p) for w, p in ((1, VICTIM), (1, HOST), (1, os.getppid()), (3, 0)) if call(251, w, p, 3 << 13) == 0]",
    join_the_process_group_or_session_of_the_host="[p for p in (VICTIM, HOST) if (not STRICT or p not in others()) and (call(109, p, 0) == 0 or call(109, 0, p) == 0)]",
    escape_the_killer_of_last_resort="got(lambda: open('/proc/self/oom_score_adj', 'w').write('-1000'))\nread('/proc/self/oom_score_adj').strip() not in (b'1000', b'')",
    raise_my_own_priority="[n for n in (-1, -20) if got(lambda: os.setpriority(os.PRIO_PROCESS, 0, n) or 1)] + [p for p in (1, 2) if call(144, 0, p, struct.pack('i', 1)) == 0]",
    raise_my_own_limits="[k for k in range(16) if resource.getrlimit(k)[1] not in (-1,) and got(lambda: resource.setrlimit(k, (-1, -1)) or 1)]",
)  # fmt: skip

_FROZEN = "frozen = [p for p in others()] if STRICT else [int(p) for p in HINT]\n"
_BEFORE = "state = 'before'; answer = [1, 2, 3]; priority = os.getpriority(os.PRIO_PROCESS, 0); affinity = os.sched_getaffinity(0); None"
_STATE = "state, answer, os.getpriority(os.PRIO_PROCESS, 0) == priority, os.sched_getaffinity(0) == affinity, resource.getrlimit(7)[0] >= 1024, _get() == 'real'"


def _on_frozen(stage: Stage, code: str) -> str:
    """Do something to the frozen checkpoints, spoil the state, go back: the state is from before or the host says that it has none."""
    with stage.session() as session:
        stage.value(session, "def _get(): return 'real'\n" + _BEFORE)
        mark = session.checkpoint()
        hint = [pid for pid in stage.frozen_of(session)] if stage.tier != "strict" else []
        done = session.run(f"HINT = {hint}\n{_FROZEN}{code}\nstate = 'after'; answer.append(4)\nbool(frozen)")
        if done.result != "True":
            return f"the attack itself broke: {done!r}"
        if stage.gone_back(session, mark):
            after = stage.value(session, _STATE)
            return "" if after == ("before", [1, 2, 3], True, True, True, True) else f"a rollback brought back {after!r}"
        return stage.usable(session)


@attack
def kill_the_frozen_checkpoints(stage: Stage) -> str:
    return _on_frozen(stage, "[call(62, p, 9) for p in frozen]; time.sleep(0.2)")


@attack
def stop_the_frozen_checkpoints(stage: Stage) -> str:
    return _on_frozen(stage, "[call(62, p, n) for p in frozen for n in (19, 20, 21, 22)]")


@attack
def queue_signals_to_the_frozen_checkpoints(stage: Stage) -> str:
    return _on_frozen(stage, "[call(62, p, n) for p in frozen for n in range(1, 65) if n not in (9, 19)]")


@attack
def rewrite_the_frozen_checkpoints(stage: Stage) -> str:
    """Through /proc/PID/mem, process_vm_writev and ptrace: the address is the same in the copy."""
    code = "import ctypes\nat = id(answer)\n"
    code += "for p in frozen:\n    fd = got(os.open, f'/proc/{p}/mem', os.O_RDWR)\n    if fd: os.pwrite(fd, bytes(64), at)\n"
    code += "    call(101, 16, p, 0, 0); call(101, 5, p, at, 0)\n"
    code += "    zero = ctypes.create_string_buffer(64); call(311, p, struct.pack('QQ', ctypes.addressof(zero), 64), 1, struct.pack('QQ', at, 64), 1, 0)\n"
    return _on_frozen(stage, code)


@attack
def limit_the_frozen_checkpoints(stage: Stage) -> str:
    return _on_frozen(
        stage,
        "[call(302, p, 7, struct.pack('QQ', 3, 3), 0) for p in frozen]; [call(302, p, 9, struct.pack('QQ', 1, 1), 0) for p in frozen]",
    )


@attack
def slow_the_frozen_checkpoints(stage: Stage) -> str:
    code = "[call(141, 0, p, 19) for p in frozen]; call(141, 2, 0, 19); [call(203, p, 8, struct.pack('Q', 1)) for p in frozen]; "
    return _on_frozen(stage, code + "[call(144, p, 5, bytes(4)) for p in frozen]; [call(251, 1, p, 3 << 13) for p in frozen]")

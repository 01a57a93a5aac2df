"""Attacks on the walls of a family: from a twin on the session that it was forked from and on its siblings, and from code that expects to be forked.

Invariant: the family is forked while its code is honest, unless the attack says otherwise; what is then put into the original comes after the
fork. A twin reaches none of it. What is shared as documented (/tmp, what was open) and what an original may do to its twins is not asked
for here. Without tier strict there are no twins: then it is asked that there are none.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codeact.errors import CheckpointError
from codeact.sandbox.session import Session
from sandbox.attacks.stage import Attack, Stage, attack, refused

_HONEST = "os.makedirs('jail'); os.symlink('/workspace/secret.txt', 'link'); os.symlink(f'/proc/{os.getpid()}/cwd', 'up'); root_before = os.open('/', os.O_RDONLY); here_before = os.open('.', os.O_RDONLY)"
_AFTER = """
secret = os.urandom(16).hex(); ear = socket.socket(socket.AF_UNIX); ear.bind(b'\\0' + secret.encode()); ear.listen(); ear.setblocking(False)
open('secret.txt', 'w').write(secret); os.environ['SECRET'] = secret; heard = []; usual = os.getpriority(0, 0)
for number in (1, 2, 10, 12, 15): signal.signal(number, lambda n, f: heard.append(n))
child = subprocess.Popen(['sleep', '3600'], env={'SECRET': secret})
if os.fork() == 0:
    if os.fork() == 0:
        os.execvp('sleep', ['sleep', '3600'])
    os._exit(0)
os.wait(); time.sleep(0.05)
orphan = [p for p in others() if b'3600' in read(f'/proc/{p}/cmdline') and p != child.pid]
(secret, [os.getpid(), child.pid, *orphan])
"""
_IS_WELL = "(child.poll(), [p for p in orphan if read(f'/proc/{p}/stat').split()[2:3] != [b'S']], heard, open('secret.txt').read() == secret, sorted(os.listdir()), got(ear.accept), os.getpriority(0, child.pid) - usual)"
_WELL = "(None, [], [], True, ['jail', 'link', 'secret.txt', 'up'], None, 0)"
_CHILD = """
def in_child(work):
    r, w = os.pipe()
    if os.fork() == 0:
        try: os.write(w, json.dumps(work()).encode())
        except BaseException as e: os.write(w, json.dumps(['broke: ' + repr(e)]).encode())
        os._exit(0)
    os.close(w); os.wait()
    return json.loads(os.read(r, 1 << 16) or b'[]')
def seen(path): return [path] if OTHER in read(path).decode('latin-1') else []
"""


@dataclass(frozen=True, slots=True)
class Family:
    """A session, a twin of it and a twin of that, and what of the first the others must not reach."""

    original: Session
    twin: Session
    second: Session


@contextlib.contextmanager
def _family(stage: Stage) -> Iterator[Family]:
    with stage.session() as original:
        stage.value(original, _HONEST)
        with original.fork() as twin, twin.fork() as second:
            secret, pids = stage.value(original, _AFTER)
            for one in (twin, second):
                stage.value(one, f"{_CHILD}OTHER = {secret!r}; ORIGINALS = {pids!r}; None")
            yield Family(original, twin, second)


def _from_a_twin(code: str) -> Attack:
    """From a twin, and from a twin of a twin: the cell's value is what it reached; the original is as it was."""

    def attempt(stage: Stage) -> str:
        if stage.tier != "strict":
            return _none_here(stage)
        with _family(stage) as family:
            reached = [stage.value(one, code) for one in (family.twin, family.second)]
            well = family.original.run(_IS_WELL)
        found = f"{reached!r}" if any(reached) else ""
        return found + ("" if well.result == _WELL else f"the original is not as it was: {well!r}")

    return attempt


def _none_here(stage: Stage) -> str:
    with stage.session() as session:
        return "" if refused(session.fork) else "there is a twin where none can be kept apart"


_ATTEMPTS = {
    "signal_the_original_from_a_twin": "[(p, n, w) for p in ORIGINALS for n in (0, 1, 2, 10, 15, 18, 19, 9) for w, r in (('kill', call(62, p, n)), ('tkill', call(200, p, n)), ('tgkill', call(234, p, p, n)), ('queue', call(129, p, n, struct.pack('iii', n, 0, -1) + bytes(116))), ('group', call(62, -p, n))) if r == 0]",
    "signal_the_original_through_a_descriptor_from_a_twin": "[(p, n) for p in ORIGINALS for n in (0, 2, 9, 19) if (fd := call(434, p, 0)) >= 0 and call(424, fd, n, 0, 0) == 0]",
    "have_the_kernel_signal_the_original_from_a_twin": "a, b = socket.socketpair()\nfor p in ORIGINALS:\n    for n in (1, 10, 15):\n        if call(72, a.fileno(), 8, p) == 0:\n            call(72, a.fileno(), 10, n), call(72, a.fileno(), 4, 0o20000), b.send(b'x'), time.sleep(0.01)\nNone",
    "trace_the_original_from_a_twin": "[p for p in ORIGINALS if call(101, 16, p, 0, 0) == 0 or call(101, 0x4206, p, 0, 0) == 0]",
    "read_the_memory_of_the_original_from_a_twin": "b = ctypes.create_string_buffer(8)\niov = struct.pack('QQ', ctypes.addressof(b), 8)\n[p for p in ORIGINALS if call(310, p, iov, 1, iov, 1, 0) >= 0 or call(311, p, iov, 1, iov, 1, 0) >= 0 or got(open, f'/proc/{p}/mem', 'rb')]",
    "take_descriptors_of_the_original_from_a_twin": "[p for p in ORIGINALS if any(got(act, f'/proc/{p}/fd/{n}') for n in range(12) for act in (os.readlink, os.stat, open)) or any((fd := call(434, p, 0)) >= 0 and call(438, fd, n, 0) >= 0 for n in range(8))]",
    "read_what_proc_tells_of_the_original_from_a_twin": "[(p, n) for p in ORIGINALS for n in ('environ', 'maps', 'smaps', 'mem', 'auxv', 'syscall', 'stack', 'io', 'personality', 'numa_maps', 'pagemap') if read(f'/proc/{p}/{n}', 64)] + [(p, n) for p in ORIGINALS for n in ('exe', 'cwd', 'root', 'ns/mnt', 'map_files') if got(os.readlink, f'/proc/{p}/{n}') or got(os.listdir, f'/proc/{p}/{n}')]",
    "write_to_what_proc_has_of_the_original_from_a_twin": "[(p, n) for p in ORIGINALS for n in ('mem', 'oom_score_adj', 'comm', 'clear_refs', 'coredump_filter', 'timerslack_ns', 'sched', 'autogroup') if got(os.open, f'/proc/{p}/{n}', os.O_WRONLY)]",
    "slow_or_limit_the_original_from_a_twin": "[p for p in ORIGINALS if call(141, 0, p, 7) == 0 or call(203, p, 8, struct.pack('Q', 1)) == 0 or call(302, p, 7, struct.pack('QQ', 3, 3), 0) == 0 or call(251, 1, p, 3 << 13) == 0 or call(144, p, 5, bytes(4)) == 0]",
    "advise_away_the_memory_of_the_original_from_a_twin": "[p for p in ORIGINALS if (fd := call(434, p, 0)) >= 0 and (call(440, fd, struct.pack('QQ', 4096, 4096), 1, 21, 0) >= 0 or call(448, fd, 0) >= 0)]",
    "join_the_group_of_the_original_and_end_it_from_a_twin": "in_child(lambda: [os.setpgid(0, p) for p in ORIGINALS if signal.signal(15, signal.SIG_IGN) and got(lambda: os.setpgid(0, p) or 1) and got(lambda: os.killpg(p, 15)) and 0])",
    "read_files_of_the_original_from_a_twin": "[x for p in [*ORIGINALS, 1] for w in ('root/workspace', 'cwd', 'task/%d/cwd' % p) for x in seen(f'/proc/{p}/{w}/secret.txt')] + [x for d in ('', '/workspace/', '/.workspaces/', '/.host/', '../', '../../', '../../../workspace/', '/proc/self/cwd/', '/proc/self/root/workspace/', '/proc/1/root/workspace/') for x in seen(d + 'secret.txt')] + [x for n in range(1, 15) for d in ('', '../', '../../') for x in seen(f'{d}/.branches/{n}/workspace/secret.txt')]",
    "read_files_of_the_original_by_links_from_before_the_fork": "[x for l in ('link', 'up/secret.txt', '/workspace/link') for x in seen(l)] + (got(os.listdir, 'up') or [])",
    "climb_out_of_the_root_of_a_twin": "def climb():\n    found = []\n    top = os.open('/', os.O_RDONLY)\n    for step in ('jail', '/workspace/jail', '/tmp', '/usr'):\n        if got(lambda: os.chroot(step) or 1):\n            for start in (top, os.open('.', os.O_RDONLY)):\n                got(os.fchdir, start)\n                for up in range(12):\n                    got(os.chdir, '..')\n                    found += [n for n in ('.branches/1/usr', '.branches/1/workspace', '.branches/2/workspace', '.workspaces/s0') if got(os.stat, n) or got(os.listdir, n)]\n                    found += [x for n in ('secret.txt', 'workspace/secret.txt', '../workspace/secret.txt', '../../workspace/secret.txt', '../../../workspace/secret.txt') for x in seen(n)]\n                    got(os.chroot, '.')\n    return found\nin_child(climb)",
    "enter_the_folder_of_all_roots_from_a_twin": "def enter():\n    found = []\n    for path in ('/.branches', '/proc/self/root/.branches', '..', '../..', '/..'):\n        handle = got(os.open, path, os.O_PATH)\n        if handle is not None and not os.path.samestat(os.fstat(handle), os.stat('/')) and not os.path.samestat(os.fstat(handle), os.stat('/workspace')):\n            found += [(path, str(n)) for n in ('1', '2', '1/workspace', '2/workspace', '3', '..') if got(os.stat, n, dir_fd=handle)]\n            found += [path for act in (os.listdir, os.fchdir) if got(lambda: act(handle) is None or 1)]\n            found += [path for act in (os.chroot, os.chdir, os.listdir) if got(lambda: act(f'/proc/self/fd/{handle}') is None or 1)]\n    found += [m for m in (0o777, 0o700) if got(lambda: os.chmod('/.branches', m) or 1)]\n    return found + [d for d in ('/.branches/x', '/x') if got(lambda: os.mkdir(d) or 1)]\nin_child(enter)",
    "change_files_of_the_original_through_a_folder_that_was_open": "[n for n, act in dict(write=lambda: os.open('secret.txt', os.O_WRONLY, dir_fd=here_before), create=lambda: os.open('new', os.O_CREAT | os.O_WRONLY, dir_fd=here_before), empty=lambda: os.open('secret.txt', os.O_WRONLY | os.O_TRUNC, dir_fd=here_before), unlink=lambda: os.unlink('secret.txt', dir_fd=here_before) or 1, rename=lambda: os.rename('secret.txt', 'x', src_dir_fd=here_before, dst_dir_fd=here_before) or 1, mkdir=lambda: os.mkdir('d', dir_fd=here_before) or 1, link=lambda: os.link('secret.txt', '/workspace/stolen', src_dir_fd=here_before) or 1, move=lambda: os.rename('secret.txt', '/workspace/stolen', src_dir_fd=here_before) or 1).items() if got(act)]",
    "change_files_of_the_original_through_a_root_that_was_open": "def back():\n    os.fchdir(root_before); os.chroot('.'); os.chdir('/')\n    return [n for n, act in dict(write=lambda: os.open('workspace/secret.txt', os.O_WRONLY), create=lambda: os.open('workspace/new', os.O_CREAT | os.O_WRONLY), unlink=lambda: os.unlink('workspace/secret.txt') or 1, roots=lambda: os.listdir('.branches'), signal=lambda: os.kill(ORIGINALS[1], 15) or 1, memory=lambda: open(f'/proc/{ORIGINALS[0]}/mem', 'rb')).items() if got(act)]\nin_child(back)",
    "write_to_what_is_read_only_in_a_twin": "[p for p in ('/x', '/proc/self/oom_score_adj', '/proc/self/comm', '/proc/sys/kernel/hostname', '/proc/sys/vm/overcommit_memory', '/usr/x', '/usr/lib/x', '/etc/passwd', '/etc/x', '/dev/x', '/dev/pts/x', '/run/x', '/var/x', '/var/cache/codeact/x', '/.branches/x', '/.workspaces/x', sys.executable, os.__file__) if got(os.open, p, os.O_WRONLY | os.O_CREAT)]",
    "speak_to_an_abstract_socket_of_the_original_from_a_twin": "s = socket.socket(socket.AF_UNIX); s.settimeout(1)\ngot(lambda: s.connect(b'\\0' + OTHER.encode()) or 1)",
    "mount_or_unshare_in_a_twin": "[n for n, r in (('mount', call(165, b'/proc/self/root', b'/workspace', 0, 4096, 0)), ('unshare', call(272, 0x20000)), ('setns', call(308, got(os.open, '/proc/1/ns/mnt', os.O_RDONLY) or -1, 0)), ('pivot', call(155, b'/workspace', b'/workspace')), ('umount', call(166, b'/workspace', 2)), ('tree', call(428, -100, b'/', 1))) if r >= 0]",
}  # fmt: skip

for _name, _code in _ATTEMPTS.items():
    _one = _from_a_twin(_code)
    _one.__name__ = _name
    attack(_one)


def _is_well(family: Family) -> str:
    seen = family.original.run(_IS_WELL)
    return "" if seen.result == _WELL else f"the original is not as it was: {seen!r}"


def _from_the_second(stage: Stage, code: str, *, hidden: bool = False) -> str:
    """Start processes in a twin, whatever becomes of the action; the others are as they were, and with the twin all of its processes end."""
    if stage.tier != "strict":
        return _none_here(stage)
    with _family(stage) as family:
        stage.value(family.twin, "kept = subprocess.Popen(['sleep', '3600']); None")
        family.second.run(code)
        time.sleep(0.3)
        seen = family.second.run("1")
        found_out = seen.state_lost or seen.restored  # where the warden cannot see its files, a program that hides them is ended
        if hidden and not found_out and not _with("777001"):
            return "the attack itself broke: nothing runs"
        left = _is_well(family) + ("" if stage.value(family.twin, "kept.poll()") is None else "the twin's process ended")
        family.second.close()
        end = time.monotonic() + 5
        while _with("777001") and time.monotonic() < end:
            time.sleep(0.05)
        left += "".join(f"process {pid} outlives its session" for pid in _with("777001"))
        return left + _is_well(family) + stage.usable(family.twin)


def _with(word: str) -> list[str]:
    """Processes of this machine, zombies left out, that have a word in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and word.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(entry.name)
    return found


@attack
def bomb_of_forks_in_a_twin(stage: Stage) -> str:
    return _from_the_second(stage, "while True:\n    got(os.fork)")


@attack
def bomb_of_forks_that_nobody_waits_for_in_a_twin(stage: Stage) -> str:
    return _from_the_second(
        stage,
        "end = time.time() + 1\nwhile time.time() < end:\n    p = got(os.fork)\n    if p == 0:\n        got(os.fork); os._exit(0)",
    )


@attack
def bomb_of_memory_in_a_twin(stage: Stage) -> str:
    return _from_the_second(
        stage, "for _ in range(6):\n    if got(os.fork) == 0:\n        hog = bytearray(b'x') * (200 << 20); time.sleep(60)\ntime.sleep(3)"
    )


@attack
def hide_from_the_warden_in_a_twin(stage: Stage) -> str:
    code = "for _ in range(4):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork(): os._exit(0)\n        call(157, 4, 0, 0, 0, 0); call(161, b'jail'); time.sleep(0.1)\n        got(os.execv, '/bin/sleep', ['sleep', '777001']); time.sleep(60)\n"
    return _from_the_second(stage, code + "1")


@attack
def hide_as_a_program_that_nobody_may_read_in_a_twin(stage: Stage) -> str:
    code = "import shutil; shutil.copy('/bin/sleep', 'sleep'); os.chmod('sleep', 0o111)\nfor _ in range(4):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork(): os._exit(0)\n        os.execv('/workspace/sleep', ['sleep', '777001'])\n1"
    return _from_the_second(stage, code, hidden=True)


@attack
def hide_as_a_process_whose_first_thread_ended_in_a_twin(stage: Stage) -> str:
    work = "import ctypes, subprocess, threading, time; threading.Thread(target=time.sleep, args=(3600,)).start(); time.sleep(0.1); ctypes.CDLL(None).pthread_exit(0)"
    code = f"for _ in range(4): subprocess.Popen([sys.executable, '-c', {work!r}, '777001'], start_new_session=True)\ntime.sleep(1)\n1"
    return _from_the_second(stage, code)


@attack
def hide_in_a_folder_that_is_removed_in_a_twin(stage: Stage) -> str:
    code = "import shutil\nfor n in range(4):\n    os.mkdir(f'j{n}')\n    if os.fork() == 0:\n        os.setsid(); f = os.open('/tmp/alive', os.O_WRONLY | os.O_CREAT); os.chroot(f'j{n}')\n        if os.fork(): os._exit(0)\n        while True: time.sleep(0.01); os.write(f, b'x')\n"
    if stage.tier != "strict":
        return _none_here(stage)
    with _family(stage) as family:
        family.second.run(code + "time.sleep(0.3); [shutil.rmtree(f'j{n}') for n in range(4)]")
        if not stage.value(family.original, "os.path.getsize('/tmp/alive')"):
            return "the attack itself broke: nothing runs"
        family.second.close()
        grows = "a = os.path.getsize('/tmp/alive'); time.sleep(0.3); os.path.getsize('/tmp/alive') - a"
        return ("a process outlives its session" if stage.value(family.original, grows) else "") + _is_well(family)


def _forked_by(stage: Stage, code: str) -> str:
    """Code that expects to be forked: the host makes a twin that is one, or says that it cannot; the session is usable all the same."""
    if stage.tier != "strict":
        return _none_here(stage)
    with stage.session() as session:
        stage.value(session, "open('mark', 'w').write('original')")
        session.run(code)
        wrong = ""
        for _ in range(2):
            try:
                twin = session.fork()
            except CheckpointError:
                continue
            with contextlib.suppress(stage.errors), twin:
                twin.run("open('mark', 'w').write('twin')", timeout=3)
                wrong += "" if session.read_file("mark") == b"original" else "a twin lives in the original's root"
        return wrong + stage.usable(session)


def _forging(pids: str) -> str:
    """Answers to the next orders, whatever their numbers are, given all the time by a child."""
    code = f"pids = {pids}\nif os.fork() == 0:\n    while True:\n        for n in range(12):\n            for p in pids: got(os.write, 3, frame(20, {{'number': n, 'pid': p, 'reason': ''}}))\n        time.sleep(0.0005)\n"
    return code + "time.sleep(0.05); None"


_ORPHAN = "r, w = os.pipe()\nif os.fork() == 0:\n    if os.fork() == 0:\n        os.write(w, b'%d' % os.getpid()); time.sleep(3600)\n    os._exit(0)\nos.wait(); orphan = int(os.read(r, 9))\n"
_MODULE = "f = sys._getframe()\nwhile f and 'confine' not in f.f_globals: f = f.f_back\nconfine = f.f_globals['confine']\n"

_FORKED = {
    "call_processes_of_others_the_twin": _forging("[VICTIM, HOST, *PIDS]"),
    "call_myself_the_twin": _forging("[os.getpid()]"),
    "call_a_child_the_twin": _forging("[subprocess.Popen(['sleep', '3600']).pid]"),
    "call_an_orphan_the_twin": _ORPHAN + _forging("[orphan]"),
    "call_numbers_that_are_no_pids_the_twin": _forging("[0, 1, -1, 1 << 22, 1 << 70, 'x', None]"),
    "stay_in_the_root_of_the_original_as_a_twin": _MODULE + "confine.change_root = lambda root: None\nNone",
    "go_into_a_root_of_my_own_as_a_twin": _MODULE + "os.mkdir('mine'); confine.change_root = lambda root: os.chroot('mine')\nNone",
    "go_into_the_root_of_another_twin": _MODULE + "real = confine.change_root; kept = []\ndef again(root):\n    kept.append(os.dup(root)); kept.append(got(os.open, '/tmp/root', 0))\n    os.fchdir(kept[0]); os.chroot('..')\nconfine.change_root = again\nNone",
    "say_ready_before_being_a_twin": _MODULE + "def early(root):\n    os.write(3, frame(16, {'pid': os.getpid()})); time.sleep(1)\n    raise OSError(1, 'no')\nconfine.change_root = early\nNone",
    "never_become_a_twin": _MODULE + "confine.change_root = lambda root: time.sleep(3600)\nNone",
    "answer_nothing_as_a_twin": _MODULE + "confine.change_root = lambda root: os._exit(0)\nNone",
    "flood_the_host_as_a_twin": _MODULE + "def flood(root):\n    junk = os.urandom(1 << 16)\n    while True: os.write(3, junk)\nconfine.change_root = flood\nNone",
    "steal_the_order_to_fork": "if os.fork() == 0:\n    while True: got(os.read, 3, 1)\nNone",
}  # fmt: skip

for _name, _code in _FORKED.items():

    def _forked(stage: Stage, code: str = _code) -> str:
        return _forked_by(stage, code)

    _forked.__name__ = _name
    attack(_forked)


@attack
def call_the_original_a_checkpoint_of_a_twin(stage: Stage) -> str:
    """Whoever is a twin's checkpoint is stopped, dropped and gone back to by the twin's host."""
    if stage.tier != "strict":
        return _none_here(stage)
    with _family(stage) as family:
        code = "f = [frame(19, {'mark': m, 'pid': p, 'reason': ''}) for m in ('checkpoint-1', *(f'before-{n}' for n in range(2, 9))) for p in ORIGINALS]\n"
        code += "if os.fork() == 0:\n    while True:\n        for each in f: got(os.write, 3, each)\n        time.sleep(0.0002)\n"
        family.second.run(code)
        with contextlib.suppress(stage.errors):
            mark = family.second.checkpoint()
            family.second.run("2")
            stage.gone_back(family.second, mark)
        with contextlib.suppress(stage.errors):
            family.second.run("3")
        return _is_well(family) + stage.usable(family.twin)

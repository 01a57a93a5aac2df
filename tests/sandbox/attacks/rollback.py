"""Attacks on going back: what a rolled-back action would keep of itself.

Invariant: after a rollback the interpreter and the workspace are those of before, nothing that the action started runs, and whatever it did to
builtins, shell, signals or timers is gone. What the documentation says is not undone (open files' positions, shared memory) is not asked for here.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import contextlib
import time

from sandbox.attacks.stage import Stage, attack

_BEFORE = """
import builtins, gc
state = {'n': 1, 'list': [1, 2]}
open('kept.txt', 'w').write('kept'); os.makedirs('d/e', exist_ok=True); open('d/e/f', 'w').write('deep')
def fingerprint():
    files = sorted((p, open(os.path.join(p, n)).read(), n) for p, _, names in os.walk('.') for n in names)
    limits = [resource.getrlimit(k) for k in range(16)]
    handlers = [repr(signal.getsignal(n)) for n in (1, 2, 10, 14, 15)]
    timers = [signal.getitimer(k) for k in (0, 1, 2)]
    live = others_alive() if STRICT else 0
    return [state, files, limits, handlers, timers, os.getcwd(), os.umask(0o22), dict(os.environ), sorted(fds()), live, signal.pthread_sigmask(0, []) == set(),
        len(builtins.__dict__), gc.isenabled(), sys.getrecursionlimit(), os.getpriority(0, 0), threading.active_count(), eval('len([3]) + 1')]
def fds(): return [n for n in range(1024) if got(os.fstat, n)]
def busy(): return {p for p in others() if read(f'/proc/{p}/stat').rpartition(b')')[2].split()[:1] in ([b'R'], [b'D'])}
def others_alive():
    left = busy()
    for _ in range(200):  # what is ending takes a moment on a busy machine; what runs on is seen each time
        if not left: break
        time.sleep(0.01); left &= busy()
    return sorted(left)
import sys
first = json.dumps(fingerprint())
"""


def _escape(stage: Stage, code: str, ended_by: str = "") -> str:
    """Run a cell, go back to a checkpoint, and to before the latest action, and compare everything with before."""
    wrong = []
    for by_mark in (True, False):
        with stage.session(action_seconds=1.0) as session:
            assert session.run(_BEFORE).status == "ok"
            mark = session.checkpoint() if by_mark else None
            seen = session.run(code)
            if not seen.restored and not stage.gone_back(session, mark):
                wrong.append(f"no way back: {seen!r}"[:400])
                continue
            same = session.run("[(a, b) for a, b in zip(json.loads(first), json.loads(json.dumps(fingerprint()))) if a != b] or True")
            if same.result != "True":
                wrong.append(f"it is not as before: {same!r}"[:1500])
    return "; ".join(wrong)


_ESCAPES = {
    "leave_files_behind": "open('new', 'w').write('x'); open('kept.txt', 'a').write('more'); os.rename('d', 'moved'); os.symlink('/', 'up'); os.mkfifo('pipe')",
    "leave_changed_files_with_their_old_times": "s = os.stat('kept.txt'); open('kept.txt', 'w').write('fake'); os.utime('kept.txt', ns=(s.st_atime_ns, s.st_mtime_ns))",
    "leave_a_file_replaced_by_a_folder": "os.unlink('kept.txt'); os.mkdir('kept.txt'); open('kept.txt/x', 'w').close(); import shutil; shutil.rmtree('d'); open('d', 'w').close()",
    "leave_folders_that_nobody_may_enter": "os.mkdir('x'); open('x/y', 'w').close(); os.chmod('x', 0); os.chmod('d', 0); os.chmod('kept.txt', 0)",
    "leave_processes_behind": "for _ in range(5):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            while True: pass\n        os._exit(0)",
    "leave_threads_behind": "for _ in range(5): threading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True).start()",
    "leave_descriptors_behind": "keep = [os.open('/dev/null', 0) for _ in range(50)] + [socket.socketpair() for _ in range(9)]; os.dup2(keep[0], 200)",
    "leave_timers_behind": "signal.signal(14, lambda *_: state.clear()); signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01); signal.setitimer(signal.ITIMER_VIRTUAL, 5)",
    "leave_handlers_and_masks_behind": "[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 10, 15)]; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); os.umask(0); os.chdir('/'); os.environ['X'] = 'y'",
    "leave_limits_and_priority_behind": "resource.setrlimit(7, (64, 64)); os.setpriority(0, 0, 15); resource.setrlimit(resource.RLIMIT_CPU, (60, 60)); sys.setrecursionlimit(400)",
    "empty_the_builtins": "state['n'] = 2; builtins.__dict__.clear()",
    "replace_the_parts_of_the_shell": "for o in gc.get_objects():\n    if type(o).__name__ in ('Wire', 'Guest', 'Shell', 'Warden'):\n        for n in list(vars(o)):\n            try: setattr(o, n, lambda *a, **k: None)\n            except Exception: pass",
    "break_the_modules_that_the_guest_stands_on": "import os as o\nstate['n'] = 2\nfor m in list(sys.modules.values()):\n    if getattr(m, '__name__', '').startswith(('guest', 'socket', 'struct', 'json')): m.__dict__.clear()",
    "freeze_by_a_loop_that_swallows_interrupts": "state['n'] = 2\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "crash_the_interpreter": "state['n'] = 2; open('kept.txt', 'w').write('gone'); ctypes.string_at(0)",
    "leave_by_exit": "state['n'] = 2; open('kept.txt', 'w').write('gone'); os._exit(0)",
    "stop_myself": "state['n'] = 2; os.kill(os.getpid(), 19)",
    "turn_into_another_program": "state['n'] = 2; os.execv('/bin/sleep', ['sleep', '60'])",
    "corrupt_my_own_memory": "state['n'] = 2\nfor o in (state, os, json): ctypes.memset(id(o), 0, 64)\ngc.collect()",
    "lose_the_stack": "state['n'] = 2\nsys.setrecursionlimit(10**8)\ndef f(): return [f() for _ in [1]]\nrepr_me = type('R', (), {'__repr__': lambda s: repr(s)})()\nf()\nos._exit(4)",
}  # fmt: skip

for _name, _code in _ESCAPES.items():

    def _one(stage: Stage, code: str = _code) -> str:
        return _escape(stage, code)

    _one.__name__ = _name
    attack(_one)


@attack
def have_a_process_outlive_the_rollback_as_a_checkpoint(stage: Stage) -> str:
    """The guest calls a process of its own, a sibling that writes to the workspace for ever, the checkpoint that the host asked for."""
    code = "import sys\npid = call(56, 0x8000 | 17, 0, 0, 0, 0)\nif pid == 0:\n    os.setsid()\n    while True:\n        with open('alive', 'a') as f: f.write('x')\n        for m in ('checkpoint-1', 'checkpoint-2', 'before-3', 'before-4', 'before-5'): got(os.write, 3, frame(19, {'mark': m, 'pid': os.getpid(), 'reason': ''}))\n        time.sleep(0.0002)\n"
    code += (
        "[os.write(3, frame(19, {'mark': m, 'pid': pid, 'reason': ''})) for m in ('checkpoint-2', 'before-3', 'before-4', 'before-5')]\n1"
    )
    with stage.session() as session:
        mark = session.checkpoint()
        session.run(code)
        with contextlib.suppress(stage.errors):
            session.checkpoint()
        session.run("2")
        stage.gone_back(session, mark)
        session.run("got(os.unlink, 'alive')")
        time.sleep(0.3)
        return "it goes on" if stage.value(session, "os.path.exists('alive')") else ""


@attack
def have_a_process_outlive_an_undo_as_a_later_checkpoint(stage: Stage) -> str:
    """As above, going back by `rollback()` to before the action that made the checkpoint possible."""
    code = "pid = call(56, 0x8000 | 17, 0, 0, 0, 0)\nif pid == 0:\n    os.setsid()\n    while True:\n        with open('alive', 'a') as f: f.write('x')\n        for m in ('checkpoint-1', 'checkpoint-2', 'before-3', 'before-4', 'before-5'): got(os.write, 3, frame(19, {'mark': m, 'pid': os.getpid(), 'reason': ''}))\n        time.sleep(0.0002)\n"
    code += "os.write(3, frame(19, {'mark': 'checkpoint-1', 'pid': pid, 'reason': ''}))\n1"
    with stage.session() as session:
        session.run("0")
        session.run(code)
        with contextlib.suppress(stage.errors):
            session.checkpoint()
        stage.gone_back(session, None)
        session.run("got(os.unlink, 'alive')")
        time.sleep(0.3)
        return "it goes on" if stage.value(session, "os.path.exists('alive')") else ""


@attack
def change_a_file_through_a_mapping_that_was_there_before(stage: Stage) -> str:
    """Writing through a mapping need not change a file's times: the snapshot must not go by those alone."""
    with stage.session() as session:
        session.run("open('mapped', 'wb').write(bytes(4096)); f = open('mapped', 'r+b'); m = mmap.mmap(f.fileno(), 4096); m[0] = 1")
        mark = session.checkpoint()
        session.run("m[0] = 2")
        session.rollback(mark)
        return f"byte {session.read_file('mapped')[0]}, was 1" if session.read_file("mapped")[0] != 1 else ""

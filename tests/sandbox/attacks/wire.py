"""Attacks on the wire: the guest holds its end of the socket (descriptor 3) and says what it likes on it.

Invariant: the host takes nothing but well-formed frames, acts on nothing that it did not ask for, and its session goes on or ends by name.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import asyncio

from codeact.events import Limits
from codeact.sandbox.session import Session
from sandbox.attacks.stage import Stage, attack, ended

_ENDS = ("lost", "timeout", "ok", "error", "killed", "crash", "exit")


def _say(stage: Stage, code: str, *statuses: str, seconds: float = 1.0) -> str:
    """Run a cell that speaks on the wire; afterwards the session is usable and its next result is its own."""
    with stage.session(action_seconds=seconds) as session:
        seen = session.run(code)
        return ended(seen, *(statuses or _ENDS)) or stage.usable(session) or stage.usable(session)


_GARBAGE = {
    "speak_no_protocol": "os.write(3, os.urandom(4096))",
    "announce_an_oversized_frame": "os.write(3, frame(17, {}, size=0xffffffff, extra=0xffffffff))",
    "announce_more_than_comes": "os.write(3, frame(17, {'id': 2}, size=10 << 20)); time.sleep(1)",
    "send_half_a_header": "os.write(3, b'\\x11\\0\\0'); time.sleep(1)",
    "send_frames_of_the_host_back": "[os.write(3, frame(kind, {'id': 2, 'code': '1', 'mark': 'x'})) for kind in (1, 2, 3, 4)]",
    "send_frames_of_unknown_kinds": "[os.write(3, frame(kind, {})) for kind in (0, 5, 20, 255)]",
    "send_json_that_is_none": "[os.write(3, frame(17, text)) for text in (b'', b'{', b'nul', b'\\xff\\xfe', b'[]', b'null', b'\"x\"', b'{}x')]",
    "send_deep_json": "os.write(3, frame(18, b'{\"wait\":false,\"data\":' + b'[' * 100_000 + b']' * 100_000 + b'}'))",
    "send_deep_objects": "os.write(3, frame(18, b'{\"wait\":false,\"data\":' + b'{\"a\":' * 100_000 + b'1' + b'}' * 100_000 + b'}'))",
    "send_huge_numbers": "os.write(3, frame(17, b'{\"id\":' + b'9' * 1_000_000 + b',\"status\":\"ok\"}'))",
    "send_a_huge_exit_code": "os.write(3, frame(17, b'{\"id\":2,\"status\":\"exit\",\"exit_code\":' + b'9' * 400 + b'}')); time.sleep(1)",
    "send_numbers_that_are_none": "[os.write(3, frame(17, t)) for t in (b'{\"id\":NaN,\"status\":\"ok\"}', b'{\"id\":1e999,\"status\":\"ok\"}', b'{\"id\":2,\"status\":\"ok\",\"exit_code\":Infinity}')]",
    "send_a_key_twice": "os.write(3, frame(17, b'{\"id\":99,\"id\":98,\"status\":\"ok\",\"status\":\"exit\"}'))",
    "send_fields_that_do_not_exist": "os.write(3, frame(17, {'id': 2, 'status': 'ok', '__class__': 'x', 'path': '/etc/shadow'}))",
    "send_fields_of_other_types": "os.write(3, frame(17, {'id': '2', 'status': ['ok'], 'result': 7}))",
    "send_half_surrogates": "os.write(3, frame(18, b'{\"wait\":false,\"data\":{\"text/plain\":\"\\\\ud800\"}}')); time.sleep(0.2)",
    "send_parts_that_do_not_fit": "os.write(3, frame(18, {'wait': False, 'data': {'image/png': None}, 'parts': [5]}, b'abc'))",
    "send_negative_parts": "os.write(3, frame(18, {'wait': False, 'data': {'image/png': None, 'a': None}, 'parts': [-5, 8]}, b'abc'))",
    "send_fewer_parts_than_types": "os.write(3, frame(18, {'wait': False, 'data': {'image/png': None, 'image/jpeg': None}, 'parts': [3]}, b'abc')); time.sleep(0.2)",
    "send_millions_of_parts": "os.write(3, frame(18, b'{\"wait\":false,\"data\":{},\"parts\":[' + b'0,' * 3_000_000 + b'0]}'))",
    "finish_another_action_than_the_running_one": "[os.write(3, frame(17, {'id': n, 'status': 'exit', 'exit_code': 7})) for n in (-1, 0, 1, 10**12)]",
    "say_ready_again_and_again": "[os.write(3, frame(16, {'pid': 1})) for _ in range(10_000)]",
}  # fmt: skip

for _name, _code in _GARBAGE.items():

    def _one(stage: Stage, code: str = _code) -> str:
        return _say(stage, code)

    _one.__name__ = _name
    attack(_one)


@attack
def flood_of_frames(stage: Stage) -> str:
    return _say(
        stage, "f = frame(18, {'wait': False, 'data': {'text/plain': 'x'}}) * 1000\nwhile True: os.write(3, f)", "timeout", "lost", "killed"
    )


@attack
def displays_that_count_as_nothing(stage: Stage) -> str:
    """Empty contents under very many names: no bytes of content, and much memory for the host."""
    code = "body = b'{\"wait\":false,\"data\":{' + b','.join(b'\"%x\":\"\"' % n for n in range(1_000_000)) + b'}}'\n"
    return _say(stage, code + "for _ in range(40): os.write(3, frame(18, body)) and None", "lost", "ok", "timeout", seconds=20.0)


@attack
def interleave_frames_of_several_writers(stage: Stage) -> str:
    code = "f = frame(18, {'wait': False, 'data': {'text/plain': 'y' * 3000}})\nfor _ in range(4):\n    if os.fork() == 0:\n"
    code += "        for _ in range(200): os.write(3, f[:1500]); os.write(3, f[1500:])\n        os._exit(0)\ntime.sleep(1)"
    return _say(stage, code)


@attack
def pretend_to_be_finished_and_go_on(stage: Stage) -> str:
    """The action ends in the host's eyes; what still runs is ended with the next one."""
    with stage.session(action_seconds=2.0) as session:
        seen = session.run(
            "os.write(3, frame(17, {'id': 2, 'status': 'ok', 'result': {'text/plain': \"'forged'\"}}))\nwhile True: time.sleep(1)"
        )
        wrong = ended(seen, "ok")
        late = session.run("1 + 1")
        return wrong or ended(late, "timeout", "ok", "lost", "killed") or stage.usable(session)


@attack
def answer_the_next_actions_in_advance(stage: Stage) -> str:
    """A result that was ready before its action is the guest's lie about itself; going back to before it ends the lie."""
    with stage.session() as session:
        mark = session.checkpoint()
        session.run(
            "[os.write(3, frame(17, {'id': n, 'status': 'ok', 'result': {'text/plain': \"'forged'\"}})) for n in range(3, 9)]; None"
        )
        session.rollback(mark)
        seen = session.run("1 + 1")
        return "" if seen.result == "2" else f"a forged answer outlived the rollback: {seen!r}"


@attack
def never_answer_when_asked_for_a_checkpoint(stage: Stage) -> str:
    """The host that waits must not wait for ever."""

    async def ask() -> str:
        async with Session(isolation=stage.tier, preload=(), limits=Limits(action_seconds=2.0)) as session:  # type: ignore[arg-type]
            await session.arun(
                'import os, struct, time\nb = b\'{"id":1,"status":"ok"}\'\nos.write(3, struct.pack(\'>BII\', 17, len(b), 0) + b)\ntime.sleep(99)'
            )
            try:
                await asyncio.wait_for(session.acheckpoint(), 20.0)
            except stage.errors:
                pass
            except TimeoutError:
                return "the host waits for ever"
            await session.arun("1")
            return "" if (await session.arun("1 + 1")).result == "2" else "the session is unusable"

    return asyncio.run(ask())


@attack
def close_the_socket(stage: Stage) -> str:
    return _say(stage, "os.close(3)\ntime.sleep(60)", "timeout", "lost", "killed", "crash")


@attack
def shut_the_socket_down(stage: Stage) -> str:
    return _say(stage, "s = socket.socket(fileno=3)\ns.shutdown(2)\ntime.sleep(60)", "timeout", "lost", "killed", "crash")


@attack
def hand_the_socket_to_a_child(stage: Stage) -> str:
    """It goes on speaking for the guest after the guest has ended and was put back."""
    code = "if os.fork() == 0:\n    os.setsid()\n    while True:\n        got(os.write, 3, frame(17, {'id': 3, 'status': 'ok', 'result': {'text/plain': \"'forged'\"}})); time.sleep(0.001)\nos._exit(3)"
    with stage.session() as session:
        session.run(code)
        seen = session.run("1 + 1")
        return "" if seen.result == "2" else f"{seen!r}"


@attack
def read_what_the_host_sends(stage: Stage) -> str:
    """A child that steals the host's frames: its session's loss only."""
    code = "if os.fork() == 0:\n    while True: got(os.read, 3, 1)\n"
    return _say(stage, code)


@attack
def stop_reading_from_the_host(stage: Stage) -> str:
    """The host sends a large action to a guest that never reads: it must not hang, and the limit on seconds holds."""
    with stage.session(action_seconds=2.0) as session:
        session.run("os.write(3, frame(17, {'id': 2, 'status': 'ok'}))\nos.kill(os.getpid(), 19)")
        seen = session.run("#" + "x" * (8 << 20) + "\n1 + 1")
        return ended(seen, "timeout", "killed", "lost", "ok") or stage.usable(session)


def _forge(stage: Stage, pid: str) -> str:
    """Say that a process of the guest's choice is the checkpoint that the host is about to ask for; then have it dropped or adopted."""
    with stage.session() as session:
        code = f"p = {pid}\nf = [frame(19, {{'mark': m, 'pid': p, 'reason': ''}}) for m in ('checkpoint-1', 'before-3', 'before-4')]\n"
        code += "if os.fork() == 0:\n    while True:\n        for each in f: got(os.write, 3, each)\n        time.sleep(0.0002)\n"  # so that one comes first
        session.run(code)
        try:
            mark = session.checkpoint()
        except stage.errors:
            mark = None
        session.run("2")
        session.run("3")
        stage.gone_back(session, mark)
        session.run("4")
        return stage.usable(session)


@attack
def call_the_warden_a_checkpoint(stage: Stage) -> str:
    return _forge(stage, "os.getppid()")


@attack
def call_everybody_a_checkpoint(stage: Stage) -> str:
    return _forge(stage, "-1") or _forge(stage, "0") or _forge(stage, "-VICTIM")


@attack
def call_a_process_of_the_host_a_checkpoint(stage: Stage) -> str:
    return _forge(stage, "VICTIM")


@attack
def call_the_neighbour_a_checkpoint(stage: Stage) -> str:
    return "; ".join(filter(None, (_forge(stage, f"PIDS[{n}]") for n in range(len(stage.pids_of_neighbour)))))


@attack
def call_a_number_beyond_all_pids_a_checkpoint(stage: Stage) -> str:
    return _forge(stage, "1 << 70") or _forge(stage, "1 << 33") or _forge(stage, "os.getpid()")

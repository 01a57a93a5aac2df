"""After a crash the state from before the action is there: variables, random state, environment, workspace."""

import json
import random

import pytest

from codeact.errors import CheckpointError
from codeact.events import Observation
from codeact.sandbox import channel
from codeact.sandbox.session import Session
from sandbox.fidelity.crashes import CRASHES, LIMITS, SETUP, SHORT, SPOIL, Crash, kill_guest


def _run(session: Session, crash: Crash) -> Observation:
    def on_output(name: str, text: str) -> None:
        if crash.from_outside and text.startswith("MARK"):
            kill_guest(int(text.split()[1]), session.workspace)

    return session.run(SPOIL + crash.code, on_output=on_output, timeout=crash.seconds)


@pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: crash.name)
def test_the_state_from_before_the_action_is_there_after(crash: Crash) -> None:
    with Session(limits=LIMITS) as session:
        made = session.run("HELD = 0\n" + SETUP)
        assert made.status == "ok", made
        before = session.run("fingerprint()").result
        seen = _run(session, crash)
        assert seen.stdout.startswith("MARK"), seen
        assert seen.status in crash.statuses, seen
        assert (seen.restored, seen.state_lost, seen.files) == (True, False, ()), seen
        assert session.run("fingerprint()").result == before
        own = random.Random(7)
        own.random()
        assert session.run("next(step), random.random()").result == repr((2, own.random()))


def test_spoiling_changes_what_the_fingerprint_tells() -> None:
    with Session(limits=LIMITS) as session:
        session.run("HELD = 0\n" + SETUP)
        before = session.run("fingerprint()").result
        assert session.run(SPOIL + "os.chdir(os.path.join(home, 'folder'))").status == "ok"
        assert session.run("fingerprint()").result != before


def test_a_runaway_that_can_be_interrupted_is_undone_by_a_rollback() -> None:
    with Session(limits=LIMITS) as session:
        session.run("HELD = 0\n" + SETUP)
        before = session.run("fingerprint()").result
        seen = session.run(SPOIL + "while True: pass", timeout=SHORT)
        assert (seen.status, seen.restored) == ("timeout", False)
        session.rollback()
        assert session.run("fingerprint()").result == before


def test_an_end_right_behind_a_finished_action_is_told_by_the_next() -> None:
    """The guest says that it is done and then breaks the wire, in one piece: the host reads both before it looks at the action."""
    body = json.dumps({"id": 2, "status": "ok"}).encode()
    forged = channel.HEADER.pack(channel.DONE, len(body), 0) + body + b"\xff" * 64
    with Session(limits=LIMITS, preload=()) as session:
        session.run("held = 1")
        assert session.run(f"import os, time\nos.write(3, {forged!r})\ntime.sleep(100)").status == "ok"
        with pytest.raises(CheckpointError, match="has ended"):
            session.checkpoint()
        seen = session.run("6 * 7")
        assert (seen.result, seen.state_lost, seen.status) == ("42", True, "ok")


def test_one_crash_after_another_loses_nothing() -> None:
    with Session(limits=LIMITS) as session:
        session.run("HELD = 0\n" + SETUP)
        before = session.run("fingerprint()").result
        for crash in [*CRASHES[:4], *CRASHES[:4]]:
            assert _run(session, crash).restored
        assert session.run("fingerprint()").result == before

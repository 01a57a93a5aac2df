"""The interrupt button of a notebook, while the agent works in a sandbox."""

from pathlib import Path

from notebook.kernels import acting, answering, kernel, script

STOPPED = "stopped by you; the variables are kept: go on in another cell"


def test_it_stops_the_run_and_the_session_stays(tmp_path: Path) -> None:
    model = script(
        tmp_path,
        "talk.txt",
        acting("kept = 42"),
        acting("import time\nprint('asleep', flush=True)\ntime.sleep(60)"),
        acting("kept + 1"),
        answering("43"),
    )
    with kernel(tmp_path) as one:
        shown, _ = one.run(f"%%agent --model {model}\nsleep", interrupt_at="asleep\n")
        assert shown[-1].endswith(STOPPED)
        assert any("KeyboardInterrupt" in text for text in shown)
        assert one.run("print(_agent.state, '|', _agent.reason)")[0] == [f"error | {STOPPED}\n"]
        shown, _ = one.run("%agent and now?")
        assert "43" in shown
        assert not any("is a new Python session" in text for text in shown)


def test_asked_about_each_action_the_user_can_deny_and_interrupt(tmp_path: Path) -> None:
    model = script(tmp_path, "talk.txt", acting("a = 1"), acting("a = 2"), acting("a"), answering("none"))
    with kernel(tmp_path) as one:
        shown, asked = one.run(f"%%agent --ask --model {model}\ncount", replies=("n no need",))
        assert len(asked) == 2
        assert shown[-1].endswith(STOPPED)
        shown, asked = one.run("%agent go on")
        assert asked == []
        assert any("NameError" in text for text in shown)

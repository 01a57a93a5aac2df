"""The interrupt button of a notebook, while the agent works in a sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from notebook.kernels import Kernel, acting, answering, kernel, script

STOPPED = "stopped by you; the variables are kept: go on in another cell"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the kernel works."""
    return tmp_path_factory.mktemp("interrupt")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Kernel]:
    """A kernel."""
    with kernel(folder) as one:
        yield one


def test_it_stops_the_run_and_the_session_stays(running: Kernel, folder: Path) -> None:
    model = script(
        folder,
        "sleep.txt",
        acting("kept = 42"),
        acting("import time\nprint('asleep', flush=True)\ntime.sleep(60)"),
        acting("kept + 1"),
        answering("43"),
    )
    shown, _ = running.run(f"%%agent --new --model {model}\nsleep", interrupt_at="asleep\n")
    assert shown[-1].endswith(STOPPED)
    assert any("KeyboardInterrupt" in text for text in shown)
    assert running.run("print(_agent.state, '|', _agent.reason)")[0] == [f"cancelled | {STOPPED}\n"]
    shown, _ = running.run("%agent and now?")
    assert "43" in shown
    assert not any("is a new Python session" in text for text in shown)


def test_asked_about_each_action_the_user_can_deny_and_interrupt(running: Kernel, folder: Path) -> None:
    model = script(folder, "talk.txt", acting("a = 1"), acting("a = 2"), acting("a"), answering("none"))
    shown, asked = running.run(f"%%agent --ask --new --model {model}\ncount", replies=("n no need",))
    assert len(asked) == 2
    assert shown[-1].endswith(STOPPED)
    shown, asked = running.run("%agent go on")
    assert asked == []
    assert any("NameError" in text for text in shown)

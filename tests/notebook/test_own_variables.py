"""`--here`: the agent on the notebook's own variables, in a real kernel, with a user who answers and interrupts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from notebook.kernels import LOAD, Kernel, Output, acting, answering, executed, kernel, one_line, script, texts

SUM = acting("total = sum(prices)\nprint('summed')\ntotal")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the kernel works."""
    return tmp_path_factory.mktemp("here")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Kernel]:
    """A kernel."""
    with kernel(folder) as one:
        yield one


def test_it_warns_and_asks_and_then_works_on_the_variables(running: Kernel, folder: Path) -> None:
    model = script(folder, "sum.txt", SUM, answering("6"))
    running.run("prices = [1, 2, 3]")
    shown, asked = running.run(f"%%agent --here --new --model {model}\nsum", replies=("yes",))
    assert shown[0].startswith("No isolation: with --here the agent's code runs in this notebook's own Python")
    assert [prompt.partition("[")[0] for prompt in asked] == ["run this? "]
    assert {"summed\n", "6"} <= set(shown)
    assert running.run("print(total, _agent.state)")[0] == ["6 answered\n"]


def test_what_is_not_allowed_is_not_run_and_the_agent_is_told_why(running: Kernel, folder: Path) -> None:
    model = script(folder, "deny.txt", acting("prices.clear()"), answering("ok"))
    _, asked = running.run(f"%%agent --here --new --model {model}\nclear", replies=("n I need them",))
    assert len(asked) == 1
    assert running.run("print(prices, 'I need them' in str(_agent.trajectory.messages))")[0] == ["[1, 2, 3] True\n"]


def test_yes_to_all_is_asked_once(running: Kernel, folder: Path) -> None:
    model = script(folder, "all.txt", acting("a = 1"), acting("b = a + 1"), answering("ok"))
    _, asked = running.run(f"%%agent --here --new --model {model}\ncount", replies=("a",))
    assert len(asked) == 1
    assert running.run("print(b)")[0] == ["2\n"]


def test_an_interrupt_while_it_asks_ends_the_run_and_runs_nothing(running: Kernel, folder: Path) -> None:
    model = script(folder, "asked.txt", acting("prices.clear()"), answering("ok"))
    shown, _ = running.run(f"%%agent --here --new --model {model}\nclear")  # nobody replies: the user interrupts
    assert shown[-1].endswith("stopped by you; the variables are kept: go on in another cell")
    assert running.run("print(prices)")[0] == ["[1, 2, 3]\n"]


def test_an_interrupt_stops_the_action_and_the_run(running: Kernel, folder: Path) -> None:
    model = script(
        folder,
        "slow.txt",
        acting("import time\nreached = 1\nprint('asleep')\ntime.sleep(60)\nreached = 2"),
        answering("never"),
    )
    shown, _ = running.run(f"%%agent --here --new --yes --model {model}\nsleep", interrupt_at="asleep\n")
    assert shown[-1].endswith("stopped by you; the variables are kept: go on in another cell")
    assert running.run("print(reached, _agent.state)")[0] == ["1 cancelled\n"]


ORDER = "\n".join(
    [
        "from IPython.display import display",
        "print('one')",
        "display({'two': 2})",
        "import sys",
        "print('three', file=sys.stderr)",
        "1 / 0",
    ]
)
CELLS = {
    "load": LOAD,
    "order": "%%agent --here --yes --model script:order.txt\nshow",
    "after": "1 / 0",
    "nobody": "%%agent --here --new --model script:sum.txt\nsum",
    "format": "%agent --here --new --format json x",
    "tools": "%agent --here --new --tools math x",
    "push": "%agent --here --push df",
    "limit": "%env CODEACT_LIMITS__ACTION_SECONDS=0.5\n%agent --here --yes --new --model script:limit.txt sleep",
    "before": "print(before)",
}


@pytest.fixture(scope="module")
def outputs(folder: Path) -> dict[str, list[Output]]:
    """What the cells show, in a kernel that nobody sits at."""
    script(folder, "order.txt", acting(ORDER), acting("await missing"), acting("def broken("), answering("ok"))
    script(folder, "sum.txt", SUM, answering("6"))
    script(folder, "limit.txt", acting("import time\nbefore = 1\ntime.sleep(60)"), answering("It took too long."))
    return dict(zip(CELLS, executed(folder, *CELLS.values()), strict=True))


def test_what_an_action_shows_and_raises_is_in_the_observation_in_its_order(outputs: dict[str, list[Output]]) -> None:
    shown = texts(outputs["order"])
    place = [shown.index("one\n"), shown.index("{'two': 2}"), shown.index("three\n")]
    assert place == sorted(place)
    assert "ZeroDivisionError: division by zero" in shown[place[-1] + 1]
    assert any("use code that does not await" in text for text in shown)
    assert any("SyntaxError" in text and "broken" in text for text in shown)
    assert [output["output_type"] for output in outputs["after"]] == ["error"]  # the shell shows errors again as it did


def test_an_action_ends_at_its_limit_and_the_run_goes_on(outputs: dict[str, list[Output]]) -> None:
    assert "timeout: The action was stopped at its limit of 0.5 seconds." in texts(outputs["limit"])
    assert texts(outputs["limit"])[-1] == "It took too long."
    assert texts(outputs["before"]) == ["1\n"]


def test_without_anybody_to_ask_it_says_what_to_do(outputs: dict[str, list[Output]]) -> None:
    assert "--yes lets it go on without asking" in texts(outputs["nobody"])[-1]


def test_what_does_not_go_with_it_is_refused(outputs: dict[str, list[Output]]) -> None:
    assert "--here takes the format code" in one_line(outputs["format"])
    assert "--here takes no --tools" in one_line(outputs["tools"])
    assert "the agent has your variables already" in one_line(outputs["push"])

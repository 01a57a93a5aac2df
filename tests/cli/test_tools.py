"""--tools: functions of a module or file, called by the code that `run`, `exec` and `replay` run."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Codeact
from codeact.cli.exits import Exit
from codeact.events import RunStarted, ToolCalled, ToolReturned
from codeact.trajectory import load

SHOP = """
from pathlib import Path

def get_price(item: str, *, count: int = 1) -> float:
    "Price of some items, in dollars."
    with Path("calls.txt").open("a") as file:
        file.write(item + "\\n")
    return {"apple": 0.5, "pear": 0.75}[item] * count
"""
TURNS = """\
<execute>
for item in ("apple", "pear", "plum"):
    print(item, get_price(item, count=4))
</execute>
---
<execute>
sum(get_price("apple") for _ in range(15))
</execute>
---
<solution>apples</solution>
"""


@pytest.fixture
def run(codeact: Codeact, script: Callable[..., str], folder: Path) -> Path:
    """A saved run whose code called a tool."""
    (folder / "shop.py").write_text(SHOP)
    result = codeact("run", "Which?", "--model", script(TURNS), "--tools", "shop", "--save", "run.jsonl")
    assert (result.returncode, result.stdout) == (Exit.OK, "apples\n"), result.stderr
    assert "call get_price('pear', count=4) -> 3.0" in result.stderr
    assert "call get_price('plum', count=4) failed: KeyError: plum" in result.stderr
    assert "\n5 more calls\n" in result.stderr
    return folder / "run.jsonl"


def test_a_run_with_tools_is_recorded_and_shown(codeact: Codeact, run: Path) -> None:
    recorded = load(run)
    started = recorded.last(RunStarted)
    assert started is not None and [spec.name for spec in started.tools] == ["get_price"]
    assert len(recorded.of_type(ToolCalled)) == len(recorded.of_type(ToolReturned)) == 18
    assert "call get_price('apple', count=4) -> 2.0" in codeact("show", run).stdout
    assert "`call get_price('apple', count=4) -> 2.0`" in codeact("export", run, "--to", "md").stdout


def test_a_replay_answers_calls_from_the_record(codeact: Codeact, run: Path, folder: Path) -> None:
    calls = (folder / "calls.txt").read_text()
    (folder / "shop.py").unlink()
    result = codeact("replay", run, "--save", "again.jsonl")
    assert (result.returncode, result.stdout.splitlines()[-1]) == (Exit.OK, "2 actions, all observations equal")
    assert (folder / "calls.txt").read_text() == calls
    assert [call.arguments for call in load(folder / "again.jsonl").of_type(ToolCalled)] == [
        call.arguments for call in load(run).of_type(ToolCalled)
    ]


def test_a_replay_with_tools_makes_the_calls_again(codeact: Codeact, run: Path, folder: Path) -> None:
    (folder / "shop.py").write_text(SHOP.replace("0.75", "0.8"))
    result = codeact("replay", run, "--tools", "shop.py")
    assert result.returncode == Exit.DIFFERENT
    assert "pear 3.2" in result.stdout
    assert len((folder / "calls.txt").read_text().split()) == 36


def test_exec_has_tools_too(codeact: Codeact, folder: Path) -> None:
    (folder / "shop.py").write_text(SHOP)
    result = codeact("exec", "-", "--tools", "shop.py:get_price", stdin="help(get_price)\nget_price('pear')")
    assert result.returncode == Exit.OK
    assert "Price of some items" in result.stdout and result.stdout.endswith("0.75\n")


def test_tools_that_cannot_be_loaded_are_an_error_of_input(codeact: Codeact, script: Callable[..., str]) -> None:
    result = codeact("run", "Which?", "--model", script(TURNS), "--tools", "nothing")
    assert result.returncode == Exit.INPUT
    assert "no module 'nothing' for tools" in result.stderr


def test_a_working_directory_cannot_name_tools(codeact: Codeact, folder: Path, script: Callable[..., str]) -> None:
    (folder / "shop.py").write_text("open('ran', 'w').close()")
    (folder / "codeact.toml").write_text('tools = ["shop"]')
    result = codeact("run", "Which?", "--model", script(TURNS))
    assert result.returncode == Exit.INPUT
    assert "may not be set by a working directory" in result.stderr
    assert not (folder / "ran").exists()


def test_servers_of_a_file_are_started_and_ended(codeact: Codeact, script: Callable[..., str], folder: Path) -> None:
    server = Path(__file__).parents[2] / "examples" / "tools" / "shop_server.py"
    (folder / "servers.json").write_text(json.dumps({"mcpServers": {"shop": {"command": sys.executable, "args": [str(server)]}}}))
    turns = (
        "<execute>\nfrom tools.shop import search_items\nmax(search_items(0.6), key=lambda item: item.left).name\n</execute>\n---\n"
        "<solution>plum</solution>"
    )
    result = codeact("run", "Which?", "--model", script(turns), "--mcp", "servers.json", "--save", "run.jsonl")
    assert (result.returncode, result.stdout) == (Exit.OK, "plum\n"), result.stderr
    assert "call shop.search_items(0.6) -> " in result.stderr and "\n│ 'plum'\n" in result.stderr
    replayed = codeact("replay", "run.jsonl")
    assert replayed.returncode == Exit.OK, replayed.stdout
    cell = codeact("exec", "-", "--mcp", "servers.json", stdin="from tools.shop import search_items\nlen(search_items(0.6))")
    assert (cell.returncode, cell.stderr) == (Exit.OK, ""), cell.stderr


@pytest.mark.parametrize(
    ("servers", "code", "message"),
    [
        ("{", Exit.INPUT, "servers.json"),
        ('{"mcpServers": {"shop": {}}}', Exit.INPUT, "'shop'"),
        ('{"mcpServers": {"shop": {"command": "no-such-command-at-all"}}}', Exit.TOOLS, "no-such-command-at-all"),
    ],
)
def test_servers_that_cannot_be_had_are_an_error(codeact: Codeact, folder: Path, servers: str, code: Exit, message: str) -> None:
    (folder / "servers.json").write_text(servers)
    result = codeact("exec", "-", "--mcp", "servers.json", stdin="1")
    assert result.returncode == code
    assert message in result.stderr and "Traceback" not in result.stderr

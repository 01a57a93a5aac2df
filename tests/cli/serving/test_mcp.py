"""`codeact mcp` over standard input and output, driven by the official client."""

import asyncio
import base64
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import types
from mcp.shared.exceptions import MCPError

from cli.conftest import COMMAND, Codeact, environment_in
from cli.processes import all_gone, children_of
from cli.serving.clients import Shared, Stdio, cancelled_when, client_to_be_killed, run, shared, text
from cli.serving.started import command_to_start
from codeact.cli.exits import Exit


@pytest.fixture(scope="module")
def command() -> Iterator[list[str]]:
    """What stands in the place of `codeact`."""
    with command_to_start() as command:
        yield command


@pytest.fixture
def connect(command: list[str], environment: dict[str, str], folder: Path) -> Stdio:
    """Start a server, and connect to it."""
    return Stdio(command, environment, folder)


@pytest.fixture(scope="module")
def one_client(command: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A client of a server that was given no options."""
    home = tmp_path_factory.mktemp("mcp")
    with shared(Stdio(command, environment_in(home), home)()) as client:
        yield client


@pytest.fixture
async def client(one_client: Shared) -> Shared:
    """The same client, with a new session."""
    assert not (await one_client.call_tool("reset", {})).is_error
    return one_client


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
async def test_state_is_kept_between_calls_in_both_eras_of_the_protocol(connect: Stdio, mode: str, version: str) -> None:
    if mode == "auto":
        connect.command = COMMAND  # once the command itself, as clients start it
    async with connect(mode=mode) as client:
        assert client.protocol_version == version
        assert await run(client, "x = 20\nprint('set')") == "Output:\nset"
        result = await client.call_tool("run_python", {"code": "x + 1"})
    assert (result.is_error, text(result)) == (False, "Output:\n21")
    assert result.structured_content | {"seconds": 0} == {
        "status": "ok",
        "output": "Output:\n21",
        "result": "21",
        "error": None,
        "files": [],
        "notice": "",
        "seconds": 0,
        "state_lost": False,
        "restored": False,
    }


async def test_tools_say_what_they_are_and_the_limits_in_force(connect: Stdio) -> None:
    async with connect("--cell-timeout", "7", "--memory", "300") as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(tools) == ["run_python", "reset", "undo", "list_files", "read_file", "write_file"]
    assert "7 seconds a call, 300 MB of memory" in (tools["run_python"].description or "")
    assert tools["run_python"].input_schema["required"] == ["code"]
    reading = [name for name, tool in tools.items() if tool.annotations and tool.annotations.read_only_hint]
    assert reading == ["list_files", "read_file"]


async def test_an_error_is_marked_and_the_session_goes_on(client: Shared) -> None:
    result = await client.call_tool("run_python", {"code": "y = 1\n1 / 0"})
    assert result.is_error
    assert "ZeroDivisionError: division by zero" in text(result)
    assert result.structured_content["status"] == "error"
    assert result.structured_content["error"] == {"name": "ZeroDivisionError", "message": "division by zero"}
    assert await run(client, "y") == "Output:\n1"


async def test_a_figure_comes_as_an_image_and_what_is_none_is_left_out(client: Shared) -> None:
    plot = await client.call_tool("run_python", {"code": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"})
    forged = await client.call_tool("run_python", {"code": "display({'image/png': 'bm8gaW1hZ2U='}, raw=True)"})
    images = [part for part in plot.content if isinstance(part, types.ImageContent)]
    assert [image.mime_type for image in images] == ["image/png"]
    assert base64.b64decode(images[0].data).startswith(b"\x89PNG\r\n\x1a\n")
    assert [type(part) for part in forged.content] == [types.TextContent]
    assert "what was displayed as image/png is none" in text(forged)


async def test_long_output_is_cut_and_the_whole_can_be_read(client: Shared) -> None:
    result = await client.call_tool("run_python", {"code": "for n in range(30_000): print(n)\n'r' * 1_000_000"})
    assert len(text(result)) <= 8000
    assert len(json.dumps(result.structured_content)) < 20_000
    assert "the whole is in output-1.txt" in text(result)
    whole = text(await client.call_tool("read_file", {"path": "output-1.txt"}))
    assert whole.startswith("0\n1\n") and whole.endswith("29999\n")


async def test_hostile_output_reaches_neither_the_protocol_nor_a_terminal(client: Shared) -> None:
    hostile = r"""
import os, sys
print('\x1b]0;title\x07\x1b[2J\x00\u202e{"jsonrpc": "2.0"}')
sys.stderr.write('\x9b2J')
os.write(1, b'\xff\xfe{"jsonrpc": "2.0", "id": 1, "result": {}}\n')
display({'text/plain': '\ud800\x1b[2J'}, raw=True)
open('\x1b[2J', 'w').close()
raise ValueError('\udfff\x07')
"""
    result = await client.call_tool("run_python", {"code": hostile})
    listed = await client.call_tool("list_files", {})
    resources = (await client.list_resources()).resources
    assert await run(client, "'still here'") == "Output:\n'still here'"
    sent = text(result) + text(listed) + resources[0].name + "".join(map(str, result.structured_content.values()))
    assert '{"jsonrpc": "2.0"' in sent
    assert [character for character in sent if not character.isprintable() and character not in "\n\ufffd"] == []


async def test_files_go_in_and_out(connect: Stdio, folder: Path) -> None:
    (folder / "given.txt").write_text("given")
    data = bytes(range(256))
    async with connect("--file", "given.txt") as client:
        assert text(await client.call_tool("read_file", {"path": "given.txt"})) == "given"
        await client.call_tool("write_file", {"path": "deep/er/raw.bin", "content": base64.b64encode(data).decode(), "encoding": "base64"})
        assert await run(client, "open('deep/er/raw.bin', 'rb').read() == bytes(range(256))") == "Output:\nTrue"
        written = await client.call_tool("write_file", {"path": "/workspace/given.txt", "content": "änew"})
        assert text(written) == "Wrote 5 bytes to /workspace/given.txt."
        listed = text(await client.call_tool("list_files", {}))
        raw = await client.call_tool("read_file", {"path": "deep/er/raw.bin"})
        resources = {one.uri: one.size for one in (await client.list_resources()).resources}
        read = (await client.read_resource("workspace:///given.txt")).contents[0]
    assert listed == "deep/er/raw.bin (256 bytes)\ngiven.txt (5 bytes)"
    assert resources == {"workspace:///deep/er/raw.bin": 256, "workspace:///given.txt": 5}
    assert isinstance(raw.content[0], types.EmbeddedResource) and isinstance(raw.content[0].resource, types.BlobResourceContents)
    assert base64.b64decode(raw.content[0].resource.blob) == data
    assert isinstance(read, types.TextResourceContents) and read.text == "änew"


async def test_files_that_lead_outside_are_too_long_or_badly_encoded_are_refused(client: Shared) -> None:
    await run(client, "import os; os.symlink('/etc/passwd', 'link'); open('long', 'w').write('x' * 2_000_000);")
    for path, reason in [
        ("../x", "not a path inside"),
        ("/etc/passwd", "not a path inside"),
        ("link", "links are not followed"),
        ("long", "at most"),
    ]:
        result = await client.call_tool("read_file", {"path": path})
        assert (result.is_error, reason in text(result)) == (True, True), path
    outside = await client.call_tool("write_file", {"path": "../x", "content": ""})
    encoded = await client.call_tool("write_file", {"path": "x", "content": "no base64!", "encoding": "base64"})
    with pytest.raises(MCPError, match="links are not followed"):
        await client.read_resource("workspace:///link")
    assert (outside.is_error, encoded.is_error) == (True, True)
    assert "the content is not base64" in text(encoded)


async def test_undo_takes_back_one_action_the_first_too_and_reset_all(client: Shared) -> None:
    await run(client, "first = 1")
    assert not (await client.call_tool("undo", {})).is_error
    assert "NameError" in await run(client, "first")
    again = [await client.call_tool("undo", {}) for _ in range(2)]
    assert [one.is_error for one in again] == [False, True]
    await run(client, "kept = 1")
    await client.call_tool("write_file", {"path": "f", "content": "x"})
    await client.call_tool("undo", {})
    assert await run(client, "import os; kept, os.listdir()") == "Output:\n(1, [])"
    await client.call_tool("reset", {})
    assert "NameError" in await run(client, "kept")


async def test_a_cancelled_request_interrupts_its_action_and_undoes_it(connect: Stdio) -> None:
    async with connect() as client:
        await run(client, "x = 1")
        await cancelled_when(client, "x = 2\nopen('f', 'w').close()\nprint('on', flush=True)\nwhile True: pass", "on")
        after = await run(client, "import os; x, os.listdir()")
    assert after.startswith("Output:\n(1, [])\n[The action before this one was cancelled")


async def test_the_timeout_of_a_call_holds_and_the_limit_of_the_server_too(connect: Stdio) -> None:
    async with connect("--cell-timeout", "1") as client:
        for arguments in ({"timeout": 0.5}, {"timeout": 1000}, {}):
            result = await client.call_tool("run_python", {"code": "while True: pass", **arguments})
            assert (result.is_error, result.structured_content["status"]) == (True, "timeout")
        wrong = await client.call_tool("run_python", {"code": "1", "timeout": -1})
    assert (wrong.is_error, "timeout: Input should be greater than 0" in text(wrong)) == (True, True)


async def test_calls_at_once_are_done_one_after_another(client: Shared) -> None:
    await run(client, "order = []")
    await asyncio.gather(*(run(client, f"import time; time.sleep(0.01); order.append({number})") for number in range(8)))
    assert await run(client, "sorted(order) == list(range(8))") == "Output:\nTrue"


async def test_a_crash_is_told_and_the_next_call_works(client: Shared) -> None:
    await run(client, "x = 1")
    crash = await client.call_tool("run_python", {"code": "x = 2; import os; os.kill(os.getpid(), 9)"})
    assert (crash.is_error, crash.structured_content["restored"]) == (True, True)
    assert await run(client, "x") == "Output:\n1"


async def test_a_session_that_nobody_calls_is_closed_and_the_next_result_says_so(connect: Stdio) -> None:
    async with connect("--idle", "0.2") as client:
        await run(client, "x = 1")
        after = await client.call_tool("run_python", {"code": "'x' in globals()"})
        while after.structured_content["result"] == "True":
            await asyncio.sleep(0.5)
            after = await client.call_tool("run_python", {"code": "'x' in globals()"})
    assert "[The session before this one was closed after 0.2 seconds without a call: its variables, imports and files are gone.]" in text(
        after
    )
    assert after.structured_content["state_lost"]


async def test_what_there_is_not_is_an_error_of_the_protocol(client: Shared) -> None:
    with pytest.raises(MCPError, match="there is no tool 'rm'; there are: run_python"):
        await client.call_tool("rm", {})
    with pytest.raises(MCPError, match="no file of the workspace"):
        await client.read_resource("file:///etc/passwd")


def test_the_end_of_standard_input_is_the_end(connect: Stdio) -> None:
    call = {"name": "run_python", "arguments": {"code": "import subprocess; subprocess.Popen(['sleep', '1000'])\nwhile True: pass"}}
    process = connect.by_hand(
        {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}
    )
    assert process.stdout is not None
    lines = [process.stdout.readline(), process.stdout.readline()]
    started = children_of(process.pid)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == Exit.OK
    assert [json.loads(line)["id"] for line in lines] == [0, 1]
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in rest.splitlines())
    assert all_gone(started)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, Exit.CANCELLED), (signal.SIGINT, Exit.CANCELLED), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_signal_ends_the_server_and_all_that_it_started(connect: Stdio, number: int, code: int) -> None:
    call = {"name": "run_python", "arguments": {"code": "import subprocess; subprocess.Popen(['sleep', '1000']).pid"}}
    process = connect.by_hand({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})
    assert process.stdout is not None
    assert [json.loads(process.stdout.readline())["id"] for _ in range(2)] == [0, 1]
    started = children_of(process.pid)
    assert len(started) >= 2
    process.send_signal(number)
    assert process.wait(timeout=60) == code
    process.communicate()
    assert all_gone(started)


def test_a_client_that_is_killed_leaves_no_process(environment: dict[str, str]) -> None:
    client = client_to_be_killed(environment)
    started = children_of(client.pid)
    assert len(started) >= 3
    client.kill()
    client.communicate()
    assert all_gone(started)


def test_the_help_tells_of_the_transports_and_the_token(codeact: Codeact) -> None:
    result = codeact("mcp", "--help")
    assert (result.returncode, result.stderr) == (Exit.OK, "")
    assert "--http PORT" in result.stdout and "CODEACT_MCP_TOKEN" in result.stdout


def test_without_the_extra_the_install_line_is_told(codeact: Codeact, folder: Path) -> None:
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['mcp'] = None\n")
    result = codeact("mcp", PYTHONPATH=str(folder))
    assert (result.returncode, result.stdout) == (Exit.INPUT, "")
    assert result.stderr == "codeact: error: `codeact mcp` needs the package 'mcp'. Install it with: pip install 'codeact[mcp]'\n"


def test_a_file_that_is_not_there_ends_it_at_once(codeact: Codeact) -> None:
    missing = codeact("mcp", "--file", "none.csv")
    assert (missing.returncode, missing.stdout) == (Exit.INPUT, "")
    assert "cannot read the file 'none.csv'" in missing.stderr


def test_a_session_that_cannot_be_had_ends_it_while_the_client_waits(connect: Stdio) -> None:
    process = connect.by_hand(options=["--python", "/none/python"])
    assert process.wait(timeout=60) == Exit.SESSION
    _, error = process.communicate()
    assert "/none/python" in error


def test_a_client_that_reads_no_more_ends_it(connect: Stdio) -> None:
    process = connect.by_hand(loaded=False)
    assert process.stdout is not None and process.stdin is not None
    process.stdout.readline()
    process.stdout.close()
    process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}\n')
    process.stdin.flush()
    assert process.wait(timeout=60) == Exit.BROKEN_PIPE
    process.stdin.close()
    assert process.stderr is not None and process.stderr.read() == ""
    process.stderr.close()

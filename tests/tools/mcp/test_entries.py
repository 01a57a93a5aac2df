"""What an mcpServers file may say, and what is said of one that is wrong; secrets are in no message."""
# ruff: noqa: E501 -- a table with one case a line

import json
from pathlib import Path
from typing import Any

import pytest

from codeact.errors import InputError
from codeact.tools.mcp_client.entries import Entry, read
from codeact.tools.mcp_client.hiding import Secrets
from tools.mcp.conftest import TOKEN


def entry(notes: list[str] | None = None, **keys: Any) -> Entry:
    (found,) = read({"mcpServers": {"git-hub": {"command": "server", **keys}}}, [].append if notes is None else notes.append)
    return found


def test_the_standard_keys_and_ours_are_read(tmp_path: Path) -> None:
    file = tmp_path / "servers.json"
    here = {"command": "server", "args": ["-v"], "env": {"A": "b"}, "cwd": str(tmp_path), "timeout": 5, "calls": 2, "tools": ["x"]}
    there = {"type": "streamable-http", "url": "https://example.org/mcp", "headers": {"X-Key": "k"}}
    file.write_text(json.dumps({"mcpServers": {"here": here, "over there": there, "off": {"command": "x", "disabled": True}}}))
    first, second = read(file, [].append)
    assert (first.name, first.module, first.command, first.args, first.env, first.cwd) == (
        "here",
        "here",
        "server",
        ("-v",),
        {"A": "b"},
        tmp_path,
    )
    assert (first.timeout, first.calls, first.tools, first.address) == (5.0, 2, ("x",), "server")
    assert (second.module, second.url, second.headers, second.sse) == ("over_there", "https://example.org/mcp", {"X-Key": "k"}, False)


@pytest.mark.parametrize(
    ("name", "module"),
    [("git-hub", "git_hub"), ("class", "class_"), ("2d", "_2d"), ("__init__", "_init"), ("search", "search_2"), ("ToolError", "ToolError_2"), ("!?", "unnamed"), ("größe", "größe")],
)  # fmt: skip
def test_names_become_names_of_modules(name: str, module: str) -> None:
    (found,) = read({"mcpServers": {name: {"command": "x"}}}, [].append)
    assert found.module == module


def test_variables_of_the_environment_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", TOKEN)
    found = entry(args=["--key=${SHOP_KEY}", "${SHOP_PLACE:-here}", "$SHOP_KEY"], env={"KEY": "Bearer ${SHOP_KEY}"})
    assert (found.args, found.env) == ((f"--key={TOKEN}", "here", "$SHOP_KEY"), {"KEY": f"Bearer {TOKEN}"})
    assert found.secrets.hidden(f"it said {TOKEN} twice: {TOKEN}") == "it said *** twice: ***"


def test_the_address_of_a_server_has_no_secrets() -> None:
    found = entry(command=None, url=f"https://user:{TOKEN}@example.org:8443/mcp?key={TOKEN}&a=b")
    assert found.address == "https://example.org:8443/mcp"
    assert TOKEN not in repr(found.secrets)


def test_secrets_are_hidden_in_json_and_what_is_short_is_none() -> None:
    secrets = Secrets([TOKEN, "1", "true"])
    assert secrets.hidden_in({"a": [TOKEN, 1, True], TOKEN: None}) == {"a": ["***", 1, True], "***": None}
    assert secrets.hidden("1 is true") == "1 is true"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"command": None}, "server 'git-hub' has neither 'command' and 'url'"),
        ({"url": "http://x/mcp"}, "server 'git-hub' has both 'command' and 'url'"),
        ({"comand": "x"}, "has the key 'comand'; did you mean 'command'?"),
        ({"args": "-v"}, "key 'args': should be a valid list, got a str"),
        ({"env": {"A": 1}}, "key 'env.A': should be a valid string, got a int"),
        ({"timeout": 0}, "key 'timeout': should be greater than 0, got 0"),
        ({"calls": 1.5}, "key 'calls': should be a valid integer, got 1.5"),
        ({"type": "carrier-pigeon"}, "key 'type': should be 'stdio', 'http', 'streamable-http', 'streamable_http', 'streamableHttp' or 'sse', got 'carrier-pigeon'"),
        ({"type": "http"}, "is of type 'http', which needs 'url'"),
        ({"headers": {"A": "b"}}, "key 'headers': it has no meaning beside 'command'"),
        ({"cwd": "/no/such/folder"}, "key 'cwd': there is no folder '/no/such/folder'"),
        ({"args": ["${NO_SUCH_VARIABLE}"]}, "key 'args.0': the environment has no variable 'NO_SUCH_VARIABLE'; set it, or write ${NO_SUCH_VARIABLE:-DEFAULT}"),
        ({"command": None, "url": "example.org/mcp"}, "key 'url': it is no address"),
        ({"env": {"A=B": "c"}}, "a name or value in 'env' or 'headers' holds what it cannot"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_entry_is_told(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        entry(**keys)
    assert said in str(caught.value)
    assert "'git-hub'" in str(caught.value)


def test_a_value_that_may_be_secret_is_in_no_message() -> None:
    wrong: list[dict[str, Any]] = [{"env": [TOKEN]}, {"env": TOKEN}, {"args": {"key": TOKEN}}, {"headers": {"A": [TOKEN]}}]
    for keys in wrong:
        with pytest.raises(InputError) as caught:
            entry(**keys)
        assert TOKEN not in str(caught.value)


def test_keys_of_other_clients_are_left_out_with_a_note() -> None:
    notes: list[str] = []
    entry(notes, autoApprove=["x"])
    assert notes == ["the servers: server 'git-hub': the key 'autoApprove' has no meaning here and is left out"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON (line 1, column 2: "),
        ('{"servers": {}}', "there is no object 'mcpServers' in it"),
        ("[]", "there is no object 'mcpServers' in it"),
        ('{"mcpServers": {"x": "server"}}', "server 'x' is 'server'; write an object"),
        ('{"mcpServers": {"a-b": {"command": "x"}, "a_b": {"command": "x"}}}', "the servers 'a-b' and 'a_b' would both be tools.a_b"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "servers.json"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        read(file, [].append)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match=r"'nowhere\.json' cannot be read \(No such file or directory\)"):
        read("nowhere.json", [].append)

"""`codeact keys`."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from cli.conftest import Codeact
from codeact.cli.exits import Exit
from codeact.store.kept import open_store
from codeact.store.keys import Key


async def checked(database: Path, text: str) -> Key | None:
    store = await open_store(database)
    try:
        return await store.keys.check(text)
    finally:
        await store.aclose()


@pytest.fixture
def keys(codeact: Codeact) -> Codeact:
    """Call a verb of `codeact keys` on a database of the test's own."""
    return lambda verb, *arguments: codeact("keys", verb, *arguments, "--database", "runs.db")


def test_a_key_is_printed_once_and_is_good(keys: Codeact, folder: Path) -> None:
    result = keys("make", "Ann's laptop", "--sessions", "2", "--runs", "3", "--tokens", "1000000")
    assert result.returncode == Exit.OK
    text = result.stdout.removesuffix("\n")
    assert re.fullmatch(r"cak_[0-9a-f]{8}_[\w-]{43}", text)
    secret = text.split("_", 2)[2]
    assert secret not in result.stderr and "shown only now" in result.stderr
    key = asyncio.run(checked(folder / "runs.db", text))
    assert key is not None
    assert (key.name, key.scopes) == ("Ann's laptop", {"read", "run", "session"})
    assert (key.most_sessions, key.most_runs, key.most_tokens) == (2, 3, 1_000_000)
    for listed in (keys("list"), keys("list", "--json")):
        assert secret not in listed.stdout + listed.stderr


def test_the_list_names_keys_what_they_allow_and_their_bounds(keys: Codeact) -> None:
    keys("make", "a", "--scope", "read")
    keys("make", "b", "--scope", "admin", "--scope", "run", "--runs", "5")
    assert "read" in keys("list").stdout and "run admin" in keys("list").stdout and "5 runs" in keys("list").stdout
    rows = json.loads(keys("list", "--json").stdout)
    assert [(row["name"], row["scopes"], row["most_runs"], row["revoked"]) for row in rows] == [
        ("a", ["read"], None, None),
        ("b", ["run", "admin"], 5, None),
    ]


def test_a_revoked_key_stays_in_the_list_and_is_good_for_nothing(keys: Codeact, folder: Path) -> None:
    text = keys("make", "a").stdout.strip()
    result = keys("revoke", text.split("_")[1])
    assert (result.returncode, result.stdout, result.stderr) == (Exit.OK, "", f"revoked: {text.split('_')[1]}\n")
    assert asyncio.run(checked(folder / "runs.db", text)) is None
    assert json.loads(keys("list", "--json").stdout)[0]["revoked"] is not None


def test_what_cannot_be_is_an_error(keys: Codeact) -> None:
    keys("make", "a")
    assert keys("revoke", "00000000").returncode == Exit.STORE
    assert keys("make", "a", "--scope", "write").returncode == Exit.INPUT
    assert "the name of a key is one line of text" in keys("make", " ").stderr


def test_a_whole_key_that_is_given_for_its_id_is_not_shown_again(keys: Codeact) -> None:
    text = keys("make", "a").stdout.strip()
    result = keys("revoke", text)
    assert result.returncode == Exit.STORE
    assert text.split("_", 2)[2] not in result.stdout + result.stderr

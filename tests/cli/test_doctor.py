"""`codeact doctor`."""

import json
from pathlib import Path

import pytest

from cli.conftest import Codeact
from codeact.cli.exits import Exit


def test_every_part_is_reported_and_a_session_can_be_had(codeact: Codeact) -> None:
    result = codeact("doctor")
    assert result.returncode == Exit.OK
    words = (
        "Isolation",
        "Landlock",
        "seccomp",
        "in force",
        "Parts",
        "xllamacpp",
        "openai",
        "model local",
        "Settings",
        "action_seconds",
        "30",
    )
    assert [word for word in words if word not in result.stdout] == []
    assert "\x1b" not in result.stdout


def test_json_is_one_document(codeact: Codeact) -> None:
    document = json.loads(codeact("doctor", "--json", "--isolation", "process").stdout)
    assert document["tier"] == "process"
    assert {"name", "on", "detail", "mend"} == set(document["layers"][0])
    assert document["limits"]["turns"] == 10


def test_what_is_off_says_how_to_mend_it(codeact: Codeact, tmp_path: Path) -> None:
    result = codeact("doctor", CODEACT_CACHE_DIR=str(tmp_path))
    assert "codeact models pull" in result.stdout


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_without_a_session_the_exit_code_says_so(codeact: Codeact, arguments: tuple[str, ...]) -> None:
    result = codeact("doctor", "--python", "/none/python", *arguments)
    assert result.returncode == Exit.SESSION
    assert "/none/python" in result.stdout

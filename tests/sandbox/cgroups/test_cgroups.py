"""Bounds by cgroup v2, on a real hierarchy: of this machine if its kernel has the controllers there and nobody else manages it, else of
a virtual machine, whose kernel has them. The trials are in `trials`; each must have been made, and gone well.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import codeact
from codeact.sandbox import delegation
from sandbox.cgroups import machine, trials

PATHS = [str(Path(__file__).resolve().parents[2]), str(Path(codeact.__file__).parents[1])]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, python: str) -> dict[tuple[str, str], str]:
    """What went wrong, by whose trial and its name; empty where nothing did."""
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {PATHS!r}; from sandbox.cgroups import trials; trials.main({python!r})"]
    place = delegation.find()
    if os.geteuid() == 0 and isinstance(place, delegation.Place) and not (place.folder / "cgroup.type").exists():
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=machine.SECONDS).stdout
    else:
        try:
            said = machine.run(command, tmp_path_factory.mktemp("machine"))
        except machine.MissingError as error:
            reason = place.reason if isinstance(place, delegation.Nowhere) else "the tests are not root at the top of the hierarchy"
            pytest.skip(f"no hierarchy to try on: {reason}; and no virtual machine: {error}")
    made = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return {(trial["who"], trial["name"]): trial["wrong"] for trial in made}


@pytest.mark.slow
@pytest.mark.parametrize(("who", "name"), trials.TRIALS, ids=lambda value: value.replace("_", " "))
def test_on_a_real_hierarchy(who: str, name: str, outcomes: dict[tuple[str, str], str]) -> None:
    assert outcomes[who, name] == ""

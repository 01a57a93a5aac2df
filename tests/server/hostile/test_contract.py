"""The server keeps to its own OpenAPI schema, whatever is asked of it.

By hand, with many more requests:  CONTRACT_EXAMPLES=200 python -m pytest -n 0 tests/server/hostile/test_contract.py
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from server.serving import Served, script, served

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "3"))

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.allow_header_conformance,
]
ENDLESS = "/api/v1/runs/{run_id}/stream"


@pytest.fixture(name="up")
async def up_(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, ["<solution>2</solution>"])) as up:
        yield up


async def ids_of(up: Served) -> dict[str, str]:
    """A run, its response and a session with a file."""
    told = (await up.http.post("/v1/responses", json={"input": "add"})).json()
    session = (await up.http.post("/api/v1/sessions")).json()["id"]
    await up.http.put(f"/api/v1/sessions/{session}/files/a.txt", content=b"x")
    return {"response_id": told["id"], "run_id": told["codeact"]["run_id"], "session_id": session, "path": "a.txt", "model": up.model}


def kept_to(operation: APIOperation[Any, Any, Any, Any], url: str, mode: GenerationMode, names: dict[str, str]) -> None:
    """Send requests to an operation, and look whether each is answered as its schema says."""
    settings = hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        phases=[hypothesis.Phase.generate],
    )

    @settings
    @hypothesis.given(case=operation.as_strategy(mode, path_parameters=names or None))
    def ask(case: Case) -> None:
        case.call_and_validate(base_url=url, checks=CHECKS, timeout=60)

    with suppress(Unsatisfiable):  # there is no wrong request to it
        ask()


def all_kept_to(url: str, names: dict[str, str]) -> list[str]:
    """Ask every operation; what was not as the schema says."""
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    wrong: list[str] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        own = {name: value for name, value in names.items() if f"{{{name}}}" in operation.path}
        known = own if operation.method != "delete" and operation.path != ENDLESS else {}
        for mode in GenerationMode:
            for given in ({}, known) if known else ({},):
                try:
                    kept_to(operation, url, mode, given)
                except (FailureGroup, Failure) as error:
                    wrong.append(f"{operation.method} {operation.path} ({mode.value}): {error}")
    return wrong


@pytest.mark.slow
async def test_every_answer_is_one_that_the_schema_tells_of(up: Served) -> None:
    wrong = await asyncio.to_thread(all_kept_to, up.url, await ids_of(up))
    assert not wrong, "\n\n".join(wrong)

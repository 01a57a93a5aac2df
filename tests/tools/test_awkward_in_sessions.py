"""Every tool of the awkward table in a real session: what `help` shows of it, a right call, and a wrong one with its exact words."""

import pytest

from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools
from tools.awkward import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])
async def test_a_session_shows_and_calls_it_as_the_host_does(case: Case) -> None:
    (tool,) = as_tools([case.make()])
    awaited = "await " if tool.spec.signature.startswith("async ") else ""
    async with Session(preload=(), calls=Bridge([tool], lambda event: None)) as session:
        told = await session.arun(f"help({tool.spec.name})")
        right = await session.arun(f"{awaited}{tool.spec.name}({case.right.text})")
        wrong = await session.arun(f"{awaited}{tool.spec.name}({case.wrong.text})")
    assert f"def {case.signature.removeprefix('async ')}" in told.stdout
    assert all(line.strip() in told.stdout for line in case.description.splitlines())
    assert all(f"class {name}" in told.stdout for name in case.defines)
    assert right.status == "ok", right
    assert wrong.error is not None
    error, words = case.error
    assert (wrong.error.name, wrong.error.message) == (error.__name__, words)
    assert wrong.error.traceback.count('  File "') == 1

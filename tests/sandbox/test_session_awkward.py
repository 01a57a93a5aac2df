"""The table of awkward cells, run: each ends as it must, and the session goes on."""

import re

import pytest

from codeact.sandbox.session import PRELOAD, Session
from sandbox.awkward import CASES, Case

_LARGE = re.compile("numpy|pandas|matplotlib")


def test_the_table_is_large_and_names_each_case_once() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_cell_ends_as_it_must_and_the_session_goes_on(case: Case) -> None:
    with Session(limits=case.limits, preload=PRELOAD if _LARGE.search(case.setup + case.code) else ()) as session:
        if case.setup:
            assert session.run(case.setup).status == "ok"
        seen = session.run(case.code, timeout=case.seconds)
        assert (seen.status, bool(case.check(seen))) == (case.status, True), repr(seen)[:3000]
        assert session.run("1 + 1").result == "2"

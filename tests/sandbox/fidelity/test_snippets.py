"""Snippets behave in a session as in plain CPython: output, result, exception, traceback."""

import pytest

from codeact.sandbox.session import PRELOAD
from sandbox.fidelity.compare import in_sessions, plainly
from sandbox.fidelity.known import KNOWN
from sandbox.fidelity.seen import Seen, differences
from sandbox.fidelity.snippet import groups

_GROUPS = groups()


def test_the_snippets_are_many_and_have_names_of_their_own() -> None:
    names = [snippet.name for snippets in _GROUPS.values() for snippet in snippets]
    assert len(set(names)) == len(names) >= 450
    assert KNOWN.keys() <= set(names)


@pytest.mark.parametrize("group", _GROUPS)
def test_a_group_of_snippets_behaves_as_in_cpython(group: str) -> None:
    snippets = _GROUPS[group]
    preload = PRELOAD if any("numpy" in snippet.code for snippet in snippets) else ()  # without it a copy of the process is a third
    found = {
        snippet.name: told
        for snippet, plain, session in zip(snippets, plainly(snippets, preload), in_sessions(snippets, preload), strict=True)
        if (told := differences(plain, session))
    }
    expected = KNOWN.keys() & {snippet.name for snippet in snippets}
    unexpected = "\n".join(
        f"{name}\n  " + "\n  ".join(line[:1000] for line in told) for name, told in found.items() if name not in expected
    )
    assert not unexpected, unexpected
    assert found.keys() == expected, f"no longer different: {sorted(expected - found.keys())}"


@pytest.mark.parametrize(
    ("session", "part"),
    [
        (Seen("ok", stdout="b\n", result="1"), "stdout"),
        (Seen("ok", stdout="a\n", result="2"), "result"),
        (Seen("ok", stdout="a\n"), "result"),
        (Seen("ok", stdout="a\n", result="1", stderr="x"), "stderr"),
        (Seen("error", stdout="a\n", result="1"), "status"),
        (Seen("ok", stdout="a\n", result="1", error=("E", "m")), "error"),
        (Seen("ok", stdout="a\n", result="1", traceback='  File "<cell 1>", line 2, in f\n'), "traceback"),
        (Seen("ok", stdout="a\n", result="1", exit_code=1), "exit_code"),
    ],
)
def test_a_difference_in_any_part_is_seen(session: Seen, part: str) -> None:
    (told,) = differences(Seen("ok", stdout="a\n", result="1"), session)
    assert told.startswith(f"{part}: ")


def test_the_line_of_a_frame_is_compared_and_the_number_of_the_cell_is_not() -> None:
    def seen(cell: int, line: int) -> Seen:
        return Seen(
            "error", traceback=f'  File "<cell {cell}>", line {line}, in f\n    x\n  File "/lib/y.py", line {cell}, in g\n    y\nE\n'
        )

    assert differences(seen(1, 2), seen(2, 2)) == []
    assert differences(seen(1, 2), seen(2, 3))

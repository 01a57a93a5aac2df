"""Every tool of the awkward table: what the model sees of it, a right call, and a wrong one with its exact words."""

import ast
import json
from collections import Counter
from typing import Any

import pytest

from codeact.protocols import Tool
from codeact.tools.function import as_tools
from codeact.tools.values import encode
from tools.awkward import CASES, Case

IDS = [case.kind for case in CASES]


def made(case: Case) -> Tool:
    """The case's tool."""
    (tool,) = as_tools([case.make()])
    return tool


def executed(source: str) -> dict[str, Any]:
    """The names that a source defines, run as a session does: with nothing of the host's."""
    names: dict[str, Any] = {"__name__": "__main__"}  # as in a session: `dataclass` looks its module up
    exec(compile(source, "<definitions>", "exec", dont_inherit=True), names)
    return names


def test_the_table_holds_at_least_forty_kinds_and_none_twice() -> None:
    assert len(CASES) >= 40
    assert [kind for kind, times in Counter(IDS).items() if times > 1] == []


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_model_sees_the_signature_and_the_docstring(case: Case) -> None:
    spec = made(case).spec
    assert (spec.signature, spec.description) == (case.signature, case.description)
    assert spec.signature.removeprefix("async ").startswith(f"{spec.name}(")
    ast.parse(f"def {spec.signature.removeprefix('async ')}: ...")
    json.dumps(spec.parameters, allow_nan=False)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_classes_that_a_session_is_given_can_be_defined_there_with_the_standard_library_alone(case: Case) -> None:
    definitions = made(case).spec.definitions
    names = executed(definitions)
    assert [name for name in case.defines if not isinstance(names.get(name), type)] == []
    assert definitions.count("class ") == len(case.defines)


@pytest.mark.parametrize("case", CASES, ids=IDS)
async def test_a_right_call_gives_what_it_should(case: Case) -> None:
    value = await made(case).acall(case.right.args, case.right.kwargs)
    assert encode(value) == (case.gives, [*case.parts])


@pytest.mark.parametrize("case", CASES, ids=IDS)
async def test_a_wrong_call_says_what_is_wrong(case: Case) -> None:
    kind, message = case.error
    with pytest.raises(kind) as caught:
        encode(await made(case).acall(case.wrong.args, case.wrong.kwargs))
    assert (type(caught.value), str(caught.value)) == (kind, message)

"""Calls of the kinds on which readers of calls break, kept by all three formats.

They are like those of API-Bank, level 1: every value is text, some hold commas, quotes, colons, or a list, and some calls have no
arguments. `benchmarks/format_round_trips.py` reads the real ones.
"""

import pytest

from codeact.events import ToolSpec
from codeact.formats import calls
from codeact.formats.code import CodeFormat
from codeact.formats.json_call import JsonFormat
from codeact.formats.text_call import TextFormat
from codeact.protocols import ActionFormat, Call, Step

FORMATS: tuple[ActionFormat, ...] = (CodeFormat(), JsonFormat(), TextFormat())
AWKWARD = (
    Call("GetUserToken", (), {"username": "user1", "password": 'it\'s "secret"'}),
    Call("GetToday"),
    Call("AddMeeting", (), {"attendees": "['Ann Lee', 'Bob O\\'Neil']", "start_time": "2023-03-26 09:00:00"}),
    Call("SearchEngine", (), {"keyword": "rain, wind (north), and snow: what to wear?"}),
    Call("Translate", (), {"src": "Comment ça va ? « Bien », dit-il.", "src_lang": "French", "tgt_lang": "English"}),
    Call("RecordHealthData", (), {"health_data": "[{'name': 'blood_pressure', 'value': '110/80'}]"}),
    Call("Calculator", (), {"formula": "(5+6)*3"}),
    Call("SendNote", (), {"content": 'first line\nAction: none\n- second: "ok"\n', "code": "</execute>", "from": "me", "reply-to": "x"}),
    Call("Mixed", ("a, b", 1, -2.5, None, True, ["x", {"y": []}]), {"k": {"deep": [[1], [2.0]]}}),
)


@pytest.mark.parametrize("action_format", FORMATS, ids=lambda one: one.name)
@pytest.mark.parametrize("call", AWKWARD, ids=lambda call: call.tool)
def test_an_awkward_call_is_kept(action_format: ActionFormat, call: Call) -> None:
    step = action_format.parse(action_format.write(Step("I look.", calls=(call,))))
    kept = (calls.read(step.code),) if step.code is not None else step.calls
    assert kept == (call,)
    assert step.thought == "I look."


@pytest.mark.parametrize("action_format", FORMATS[1:], ids=lambda one: one.name)
def test_awkward_calls_in_one_turn_are_kept_in_order(action_format: ActionFormat) -> None:
    assert action_format.parse(action_format.write(Step("", calls=AWKWARD))).calls == AWKWARD


@pytest.mark.parametrize("call", AWKWARD, ids=lambda call: call.tool)
def test_the_code_that_makes_a_call_is_the_same_in_every_format(call: Call) -> None:
    tools = [ToolSpec(name=call.tool, signature=f"async {call.tool}(**keywords)", module="bank")]
    sources = {action_format.source(call, tools) for action_format in FORMATS}
    assert len(sources) == 1
    assert sources.pop().startswith(f"import tools.bank\nawait tools.bank.{call.tool}(")

"""A trajectory as a line of chat."""

import json

import pytest

from codeact.errors import InputError
from codeact.export.chat import to_chat
from codeact.train.rendering import Conversation
from codeact.trajectory import Trajectory


def test_the_line_holds_the_messages_as_the_model_had_them(trajectory: Trajectory) -> None:
    text = to_chat(trajectory)
    assert text.count("\n") == 1 and text.endswith("\n")
    line = json.loads(text)
    messages = line["messages"]
    assert Conversation.model_validate(line).id == "r1"
    assert messages == [message.model_dump() for message in trajectory.messages]
    assert [message["role"] for message in messages[:3]] == ["system", "user", "assistant"]


def test_a_trajectory_without_messages_is_refused() -> None:
    with pytest.raises(InputError, match="holds no messages"):
        to_chat(Trajectory())


def test_what_came_of_the_calls_of_one_turn_is_one_message(called: Trajectory) -> None:
    messages = json.loads(to_chat(called))["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user", "assistant"]
    assert messages[3]["content"] == "[call 1: abs]\nOutput:\n2\n\n[call 2: pow]\nOutput:\nno"

"""What a client says: its messages, read into a task and what was said before it.

Invariant: nothing that was said is left out without a word: what the agent cannot take is an error that names what it can. It does not:
begin anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from codeact import events
from codeact.server.api.faults import FaultError

Role = Literal["system", "user", "assistant"]

_ROLES: dict[str, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
_TEXTS = ("text", "input_text", "output_text", "refusal")


class Part(BaseModel):
    """A part of a message's content."""

    model_config = ConfigDict(extra="ignore")

    type: str = "text"
    text: str | None = None
    refusal: str | None = None


class GivenMessage(BaseModel):
    """A message, as a client sends it."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[Part] | None = None
    tool_calls: list[Any] | None = None
    function_call: Any = None


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was said."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation of which the last message of the user is to be worked on.

    Args:
        before: all messages but that one.
        said: all messages.
        earlier: `before` as a run takes it: instructions stand before the message of the user that follows them.
        task: the last message of the user, with the instructions before it.
    """

    before: tuple[Said, ...]
    said: tuple[Said, ...]
    earlier: tuple[events.Message, ...]
    task: str


def heard(message: GivenMessage, where: str) -> Said:
    """A message of a client, understood.

    Args:
        message: as it was sent.
        where: its place in the request.

    Raises:
        FaultError: it holds what is not taken.
    """
    role = _ROLES.get(message.role)
    if role is None:
        raise refused(f"{where}.role", f"messages of {message.role!r} are not taken; these are: {', '.join(_ROLES)}")
    if message.tool_calls or message.function_call:
        raise refused(f"{where}.tool_calls", "calls of the client's tools are not taken: the agent runs its own tools")
    return Said(role, _text(message.content, f"{where}.content"))


def talk(said: Sequence[Said], where: str) -> Talk:
    """A conversation, split into what is to be worked on and what was before.

    Args:
        said: all messages, oldest first.
        where: their place in the request.

    Raises:
        FaultError: the last one is not the user's, or is empty.
    """
    last = max((number for number, one in enumerate(said) if one.role != "system"), default=None)
    if last is None or said[last].role != "user":
        raise _invalid(where, "the last message has to be the user's: it is what the agent works on")
    if not said[last].text.strip():
        raise _invalid(f"{where}.{last}.content", "the last message of the user is empty: say what to do")
    before = (*said[:last], *said[last + 1 :])
    *earlier, task = _instructed((*before, said[last]))
    return Talk(before, tuple(said), tuple(earlier), task.content)


def refused(param: str, message: str) -> FaultError:
    """The error for what is asked for and not to be had.

    Args:
        param: the field that asks for it.
        message: what to do.
    """
    return FaultError(400, message, "unsupported", param=param)


def _instructed(said: Sequence[Said]) -> list[events.Message]:
    """The messages of the user and the assistant; instructions are put before the next message of the user."""
    messages: list[events.Message] = []
    instructions: list[str] = []
    for one in said:
        if one.role == "system":
            instructions.extend([one.text] if one.text.strip() else [])
        elif one.role == "user":
            messages.append(events.Message(role="user", content="\n\n".join([*instructions, one.text])))
            instructions.clear()
        else:
            messages.append(events.Message(role="assistant", content=one.text))
    return messages


def _text(content: str | list[Part] | None, where: str) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    other = next((part.type for part in content if part.type not in _TEXTS), None)
    if other is not None:
        raise refused(where, f"parts of the type {other!r} are not taken; these are: {', '.join(_TEXTS)}")
    return "\n".join(part.text or part.refusal or "" for part in content)


def _invalid(param: str, message: str) -> FaultError:
    return FaultError(400, message, "invalid", param=param)

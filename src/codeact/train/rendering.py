"""Messages as token ids, with a mark on every token that is learnt.

Invariant: the text is what the model's own chat template makes of the messages, the same template by which llama.cpp makes an
agent's prompt; what is learnt is what an agent's model writes: the assistant's text and the template's end of the turn, and nothing else.
Prompt and answer are cut into tokens apart, as they are when the model writes. It does not: read files or shorten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from codeact import errors


class ChatMessage(BaseModel):
    """One message of a line of data; `loss=False` keeps an assistant's turn from being learnt (a wrong action, for example)."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "user", "assistant"]
    content: str
    loss: bool = True


class Conversation(BaseModel):
    """One line of data; other keys are let through and not used.

    Args:
        id: unique.
        messages: in their order.
        task: what it is of, the same for all conversations of one task; empty if that is not known.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    messages: tuple[ChatMessage, ...] = Field(min_length=1)
    task: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, and whether it is learnt."""

    text: str
    learnt: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A conversation as tokens; `learnt[i]` says whether token i is predicted for the loss."""

    id: str
    ids: tuple[int, ...]
    learnt: tuple[bool, ...]
    task: str = ""

    @property
    def kin(self) -> str:
        """What it has in common with other conversations of its task, by itself if it says of none."""
        return self.task or self.id


class Renderer:
    """Renders by a tokenizer's own chat template.

    Args:
        tokenizer: one of transformers, with a chat template.
    """

    def __init__(self, tokenizer: Any) -> None:
        if not getattr(tokenizer, "chat_template", None):
            raise errors.ConfigError("the base model has no chat template, so conversations cannot be written as it expects them")
        self._tokenizer = tokenizer
        self._end: int = tokenizer.eos_token_id

    def prompt(self, messages: Sequence[ChatMessage]) -> str:
        """The text up to where the assistant begins to write."""
        return self._apply(messages, begun=True)

    def pieces(self, messages: Sequence[ChatMessage]) -> list[Piece]:
        """The whole text, cut where learning begins and ends.

        Raises:
            InputError: the template rewrites earlier turns, or has no end of the turn, so that the cut cannot be found.
        """
        pieces: list[Piece] = []
        done = ""
        for index, message in enumerate(messages):
            if message.role != "assistant":
                continue
            before = self._apply(messages[:index], begun=True)
            after = self._apply(messages[: index + 1], begun=False)
            if not (before.startswith(done) and after.startswith(before + message.content)):
                raise errors.InputError(
                    f"message {index} cannot be told apart in the model's chat template: it changes earlier turns or the text "
                    f"({message.content[:60]!r}); strip white space around the content, or take another base model"
                )
            pieces.append(Piece(before[len(done) :], False))
            ending = after[len(before) + len(message.content) :]
            learnt, rest = self._split_ending(ending)
            pieces.append(Piece(message.content + learnt, message.loss))
            pieces.append(Piece(rest, False))
            done = after
        return [piece for piece in pieces if piece.text]

    def example(self, conversation: Conversation) -> Example:
        """The conversation as tokens, up to its last assistant turn.

        Raises:
            InputError: see `pieces`; the message names the conversation.
        """
        ids: list[int] = []
        learnt: list[bool] = []
        try:
            pieces = self.pieces(conversation.messages)
        except errors.InputError as error:
            raise errors.InputError(f"conversation {conversation.id!r}: {error}") from error
        for piece in pieces:
            found = self._tokenizer(piece.text, add_special_tokens=False)["input_ids"]
            ids += found
            learnt += [piece.learnt] * len(found)
        return Example(conversation.id, tuple(ids), tuple(learnt), conversation.task)

    def _split_ending(self, ending: str) -> tuple[str, str]:
        end = self._tokenizer.decode([self._end])
        cut = ending.find(end)
        if cut < 0:
            raise errors.InputError(f"the chat template does not end an assistant's turn with {end!r}; its ending is {ending!r}")
        return ending[: cut + len(end)], ending[cut + len(end) :]

    def _apply(self, messages: Sequence[ChatMessage], *, begun: bool) -> str:
        plain = [{"role": message.role, "content": message.content} for message in messages]
        return self._tokenizer.apply_chat_template(plain, tokenize=False, add_generation_prompt=begun)

"""An example for training: a run that was kept, as a conversation, with what is known of it. A file of them is JSON lines.

Invariant: the messages are, byte for byte, those that the model was given and wrote; a message that is not to be learned says so and stays.
It does not: choose which runs are kept.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from codeact import errors, events
from codeact.bench.results import Result
from codeact.bench.slipped import times
from codeact.trajectory import load


class ChatMessage(events.Value):
    """One message.

    Args:
        role, content: as the model was given or wrote it.
        loss: whether it is to be learned; only what the assistant wrote ever is.
    """

    role: Literal["system", "user", "assistant"]
    content: str
    loss: bool = True


class Example(events.Value):
    """A run that was kept.

    Args:
        id: names the model, the format, the task and the repetition.
        task: id of the task.
        domain, family: of the task.
        format: code, json or text.
        teacher: name of the model that made the run.
        turns, actions: how many there were.
        failed_actions: how many of them raised, or were stopped.
        self_debug: an action of it went wrong, and the run came to the right answer all the same.
        prompt: the task, as it was given.
        messages: the conversation.
    """

    id: str
    task: str
    domain: str
    family: str
    format: str
    teacher: str
    turns: int
    actions: int
    failed_actions: int
    self_debug: bool
    prompt: str
    messages: tuple[ChatMessage, ...]

    @property
    def learned(self) -> Sequence[ChatMessage]:
        """The messages that are to be learned."""
        return [message for message in self.messages if message.role == "assistant" and message.loss]

    @property
    def chars(self) -> int:
        """Of all messages."""
        return sum(len(message.content) for message in self.messages)


class Kept(events.Value):
    """A run, read: its result and its record, before anything is decided."""

    result: Result
    run: tuple[events.AnyEvent, ...]
    messages: tuple[events.Message, ...]

    @property
    def observations(self) -> list[events.Observation]:
        """What came of its actions."""
        return [event for event in self.run if isinstance(event, events.Observation)]

    @property
    def actions(self) -> list[events.Action]:
        """Its actions."""
        return [event for event in self.run if isinstance(event, events.Action)]


def failed(observation: events.Observation) -> bool:
    """Whether an action raised or was stopped."""
    return observation.status not in ("ok", "exit")


def empty(observation: events.Observation) -> bool:
    """Whether an action showed nothing."""
    return not failed(observation) and not observation.outputs


def mends(run: Kept) -> bool:
    """Whether a mistake is made in a run, and something comes after it."""
    return times(run.result.model) > 0 or any(failed(one) or empty(one) for one in run.observations[:-1])


def read_run(result: Result, folder: Path) -> Kept:
    """A run of a folder of results.

    Raises:
        InputError: its record cannot be read.
    """
    record = load(folder / result.trajectory)
    return Kept(result=result, run=tuple(record.events), messages=tuple(record.messages))


def example(run: Kept, *, learn_failures: bool = False) -> Example:
    """The run as an example.

    Args:
        run: to be kept.
        learn_failures: actions that failed, or showed nothing, are learned too, as in the paper; otherwise only what came after them is.
    """
    result = run.result
    forced = set(range(1, times(result.model) + 1))
    wrong = {one.turn for one in run.observations if failed(one) or empty(one)} | forced
    messages = list[ChatMessage]()
    turn = 0
    for message in run.messages:
        turn += message.role == "assistant"
        messages.append(
            ChatMessage(
                role=message.role, content=message.content, loss=message.role == "assistant" and (learn_failures or turn not in wrong)
            )
        )
    bad = [one for one in run.observations if failed(one)]
    return Example(
        id="/".join((result.model, result.format, result.task, str(result.repeat))),
        task=result.task,
        domain=result.domain,
        family=result.tags[1] if len(result.tags) > 1 else result.domain,
        format=result.format,
        teacher=result.model,
        turns=result.turns,
        actions=result.actions,
        failed_actions=len(bad),
        self_debug=mends(run),
        prompt=next((event.text for event in run.run if isinstance(event, events.TaskGiven)), ""),
        messages=tuple(messages),
    )


def write(path: Path, examples: Sequence[Example]) -> None:
    """Write a file of examples, whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    with written_whole(path) as aside, aside.open("w", encoding="utf-8") as file:
        file.writelines(one.model_dump_json() + "\n" for one in examples)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file to write beside another; it takes the other's place at the end, and is removed if anything goes wrong.

    Args:
        path: the other; its folder is made.

    Raises:
        InputError: it cannot be written.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        aside.replace(path)
    except OSError as error:
        raise errors.InputError(f"cannot write {str(path)!r}: {error.strerror or error}; give another --out") from error
    finally:
        aside.unlink(missing_ok=True)


def read(path: Path) -> Iterator[Example]:
    """The examples of a file.

    Raises:
        InputError: it cannot be read, or a line is no example.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield Example.model_validate_json(line)
                except ValidationError as error:
                    reason = error.errors(include_url=False)[0]["msg"]
                    raise errors.InputError(f"{str(path)!r}, line {number} is no example ({reason}); make the file anew") from None
    except (OSError, UnicodeDecodeError) as error:
        raise errors.InputError(f"cannot read the examples {str(path)!r}: {error}; make them with: codeact data filter") from error

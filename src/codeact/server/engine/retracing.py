"""What gave a kept session its state, read from its record, and done once more in a new interpreter.

Invariant: the same record gives the same steps; what was undone, or left nothing, is not among them. It does not: write the record, or
reach anything outside the interpreter.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from codeact import errors, events
from codeact.agent.standing import left_something
from codeact.server.engine.interpreter import Interpreter

MOST_MARKS = 8
"""Checkpoints of a session that can be gone back to."""

_BEFORE = "before-"
_MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Upload:
    """A file was written: its path, and the digest under which its content is kept."""

    path: str
    digest: str


@dataclass(slots=True)
class Did:
    """An action, and what came of it; None: it was never over."""

    action: events.Action
    observation: events.Observation | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A checkpoint was taken."""

    mark: str


Step = Upload | Did | Marked


@dataclass(frozen=True, slots=True)
class Past:
    """What a session has been through.

    Args:
        steps: what its state is made of, in order.
        broken_off: number of the latest action, if it was never over.
        undoable: number of the latest action, if there is something of it to undo.
        turn: number of the latest action of all.
    """

    steps: tuple[Step, ...]
    broken_off: int | None
    undoable: int | None
    turn: int

    @property
    def marks(self) -> list[str]:
        """Checkpoints that can be gone back to, the oldest first."""
        return [step.mark for step in self.steps if isinstance(step, Marked)][-MOST_MARKS:]

    def until(self, mark: str | None) -> tuple[Step, ...]:
        """The steps up to a checkpoint; None: all.

        Raises:
            CheckpointError: there is none of that mark (any more).
        """
        if mark is None:
            return self.steps
        if mark not in self.marks:
            there = ", ".join(map(repr, self.marks)) or "none"
            raise errors.CheckpointError(f"there is no checkpoint {mark!r} (any more); there are: {there}")
        return self.steps[: self.steps.index(Marked(mark)) + 1]


def before(turn: int) -> str:
    """What stands for the state before an action, where the record says what was gone back to."""
    return f"{_BEFORE}{turn}"


def past_of(record: Sequence[events.AnyEvent]) -> Past:
    """What a session has been through, as its record has it."""
    steps: list[Step] = []
    undoable: int | None = None
    turn = 0
    for event in record:
        match event:
            case events.TaskGiven():
                steps += [Upload(path, digest) for path, digest in zip(event.files, event.digests, strict=True)]
            case events.Failed() if steps and isinstance(steps[-1], Upload):
                steps.pop()
            case events.Action():
                steps.append(Did(event))
                undoable, turn = None, max(turn, event.turn)
            case events.Observation() if (did := _latest(steps)) is not None:
                did.observation = event
                undoable = None if event.restored else event.turn
            case events.CheckpointTaken():
                steps.append(Marked(event.mark))
            case events.RolledBack():
                del steps[_place(steps, event.mark) :]
                undoable = None
            case _:
                pass
    did = _latest(steps)
    broken_off = did.action.turn if did is not None and did.observation is None else None
    return Past(tuple(step for step in steps if not isinstance(step, Did) or left_something(step.observation)), broken_off, undoable, turn)


def as_events(steps: Sequence[Step]) -> Iterator[events.AnyEvent]:
    """The steps as events of another session's record, without checkpoints, which it has not."""
    for step in steps:
        match step:
            case Upload():
                yield events.TaskGiven(text="", files=(step.path,), digests=(step.digest,))
            case Did(action, events.Observation() as observation):
                yield action
                yield observation
            case _:
                pass


async def retrace(interpreter: Interpreter, past: Past, file: Callable[[str], Awaitable[bytes]], limits: events.Limits) -> list[str]:
    """Bring a new interpreter to the state of a session.

    Args:
        interpreter: a new one.
        past: of the session.
        file: the content that is kept under a digest.
        limits: of the session.

    Returns:
        What did not come out as it is recorded, a sentence each.

    Raises:
        SessionError: the interpreter cannot go on.
        StoreError: the content of a file is not kept.
    """
    found: list[str] = []
    for step in past.steps:
        match step:
            case Upload():
                content = await file(step.digest)
                try:
                    await interpreter.place(step.path, content)
                except errors.InputError as error:
                    found.append(f"The file {step.path!r} could not be put back: {error}.")
            case Did(action, events.Observation() as recorded):
                seconds = _seconds(recorded, limits.action_seconds)
                now = await interpreter.act(action.turn, action.code, seconds)
                differences = "; ".join(_differences(recorded, now))
                found += [f"Action {action.turn}: {differences}."] if differences else []
            case Marked() if step.mark in past.marks:
                try:
                    await interpreter.mark(step.mark)
                except errors.CheckpointError:  # going back to it takes longer then
                    continue
            case _:
                pass
    return found


def _latest(steps: Sequence[Step]) -> Did | None:
    return next((step for step in reversed(steps) if isinstance(step, Did)), None)


def _place(steps: Sequence[Step], mark: str) -> int:
    """Where the steps after a checkpoint begin."""
    for place, step in enumerate(steps):
        if isinstance(step, Did) and before(step.action.turn) == mark:
            return place
        if step == Marked(mark):
            return place + 1
    return len(steps)


def _seconds(recorded: events.Observation, limit: float | None) -> float | None:
    """How long an action may take this time: what was over in time gets longer, what was stopped as long as it took."""
    if recorded.status == "interrupted":
        return max(recorded.seconds, 0.01)
    if recorded.status == "timeout":
        return recorded.limit.value if recorded.limit is not None and recorded.limit.name == "action_seconds" else limit
    return None if limit is None else max(limit, 3 * recorded.seconds)


def _differences(recorded: events.Observation, now: events.Observation) -> Iterator[str]:
    old, new = _told(recorded), _told(now)
    for name, was in old.items():
        if new[name] != was:
            alike = next((place for place, pair in enumerate(zip(was, new[name], strict=False)) if pair[0] != pair[1]), 0)
            start = max(0, alike - _MOST_SHOWN // 10)
            yield f"its {name} was {_short(was, start)} and is now {_short(new[name], start)}"


def _told(observation: events.Observation) -> dict[str, str]:
    """What is compared of an observation."""
    status = "interrupted" if observation.status == "timeout" else observation.status
    error = observation.error
    rich = [{kind: data for kind, data in bundle.items() if kind != "text/plain"} for bundle in observation.displays]
    plain = [output.data.get("text/plain", "") for output in observation.outputs if isinstance(output, events.DisplayOutput)]
    files = [f"{change.change} {change.path} ({change.size} bytes)" for change in observation.files]
    told = {
        "status": status,
        "standard output": observation.stdout,
        "standard error": observation.stderr,
        "result": observation.result or "",
        "error": "" if error is None else error.traceback or f"{error.name}: {error.message}",
        "displays": ", ".join(plain),
        "rich output": ", ".join(map(repr, filter(None, rich))),
        "files": ", ".join(files),
    }
    return {name: text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for name, text in told.items()}


def _short(text: str, start: int) -> str:
    """A text as it is told: whole, or, of a long one, what stands from about where it differs."""
    if len(text) <= _MOST_SHOWN:
        return repr(text) if text else "nothing"
    return f"{text[start : start + _MOST_SHOWN]!r} (from character {start} of {len(text)})"

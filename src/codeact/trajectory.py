"""A run as an append-only, versioned list of events: in memory, on disk as JSON lines, and folded into chat messages.

Invariants: events are only ever appended; the messages after any event start with the messages before it (prompt
caches hit); what is on disk is, line by line, what is in memory, transient events left out. It does not: decide
anything, or talk to a model or a session.

A file is one JSON object a line. The first is the header, `{"codeact": "trajectory", "version": 1}`; every other line is an event.
"""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from codeact import errors
from codeact.events import (
    EVENT,
    SCHEMA_VERSION,
    Action,
    AnyEvent,
    Event,
    Failed,
    Feedback,
    LimitReached,
    Message,
    ModelTurn,
    Observation,
    RunEnded,
    RunStarted,
    TaskGiven,
)

KIND = "trajectory"

T = TypeVar("T", bound=Event)

Listener = Callable[[AnyEvent], None]


class Keeper(Protocol):
    """Where events are kept besides memory, later than they happen: a database."""

    def keep(self, number: int, event: AnyEvent, line: str) -> None:
        """Take an event that is not transient; `number` counts from 0, `line` is its JSON."""
        ...

    async def settled(self) -> None:
        """Wait until all that was taken so far is safe."""
        ...

    async def keep_file(self, content: bytes) -> str:
        """Keep the content of a file; returns its SHA-256, which an event then names. It is kept before that event is."""
        ...

    async def file(self, digest: str) -> bytes:
        """The content of a kept file.

        Raises:
            StoreError: it is not kept.
        """
        ...


class Trajectory:
    """An append-only list of events.

    Args:
        path: file to write to, made anew (it must not exist yet); None keeps the run in memory only.
        events: that have happened already, and are kept.
        keeper: takes what happens from now on.

    Raises:
        InputError: the file exists or cannot be made.
    """

    def __init__(self, path: str | Path | None = None, *, events: Iterable[AnyEvent] = (), keeper: Keeper | None = None) -> None:
        self._events: list[AnyEvent] = []
        self._messages: list[Message] = []
        self._folding = Folding()
        self._listeners: list[Listener] = []
        self._file: BinaryIO | None = None
        self._severed = False
        self.recovered = ""
        self.path = Path(path) if path is not None else None
        if self.path is not None:
            self._file = _create(self.path)
            self._write_line(_header())
        self._keeper: Keeper | None = None
        for event in events:
            self.append(event)
        self._keeper = keeper

    @property
    def events(self) -> Sequence[AnyEvent]:
        """All events so far, transient ones left out."""
        return self._events

    @property
    def messages(self) -> Sequence[Message]:
        """The events folded into chat messages; only ever grows."""
        return self._messages

    def append(self, event: AnyEvent) -> None:
        """Record an event: on disk first, then in memory, then to the listeners.

        Half a surrogate pair, which JSON in UTF-8 cannot hold, becomes U+FFFD.

        Raises:
            InputError: the file can no longer be written (disk full); the event is not recorded then.
            StoreError: an earlier event could not be kept.
        """
        if self._severed:
            return
        if not event.transient:
            event, line = _stored(event)
            if self._file is not None:
                self._write_line(line)
            if self._keeper is not None:
                self._keeper.keep(len(self._events), event, line)
            self._events.append(event)
            self._messages.extend(self._folding.add(event))
        for listener in tuple(self._listeners):
            listener(event)

    @property
    def waits(self) -> bool:
        """Whether an event may be safe only after `settled`."""
        return self._keeper is not None

    async def settled(self) -> None:
        """Wait until every event so far is where it survives this process: before what it leads to is done or shown.

        Raises:
            StoreError: one could not be kept, or the record is severed: nothing more may be done then.
        """
        if self._keeper is not None:
            await self._keeper.settled()
        if self._severed:
            raise errors.StoreError("the record was let go of: another process goes on with the run")

    async def keep_file(self, content: bytes) -> str | None:
        """Keep the content of a file that the run is given; returns its SHA-256, None if there is nowhere to keep it.

        Raises:
            StoreError: it cannot be kept.
        """
        return None if self._keeper is None else await self._keeper.keep_file(content)

    async def file(self, digest: str) -> bytes:
        """The content of a kept file.

        Args:
            digest: as `keep_file` returned it.

        Raises:
            StoreError: it is not kept.
        """
        if self._keeper is None:
            raise errors.StoreError(f"the file with the SHA-256 {digest} is not kept: this record is in no database")
        return await self._keeper.file(digest)

    def sever(self) -> None:
        """Record nothing from now on, as if the process had ended here: what is kept can be gone on with. `settled` fails from now on."""
        self._severed = True

    @property
    def severed(self) -> bool:
        """Whether nothing is recorded any more."""
        return self._severed

    @property
    def is_unfinished(self) -> bool:
        """Whether its latest message is not over."""
        latest = next((event for event in reversed(self._events) if isinstance(event, TaskGiven | RunEnded)), None)
        return isinstance(latest, TaskGiven)

    def text(self) -> str:
        """The run as a trajectory file holds it."""
        return "".join(f"{line}\n" for line in (_header(), *(_stored(event)[1] for event in self._events)))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(event)` for each event from now on, transient ones too; returns a function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def close(self) -> None:
        """Close the file; the events stay readable. Calling it twice does nothing more."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def of_type(self, kind: type[T]) -> list[T]:
        """All events of one class, in order."""
        return [event for event in self._events if isinstance(event, kind)]

    def last(self, kind: type[T]) -> T | None:
        """The latest event of one class, None if there is none."""
        return next((event for event in reversed(self._events) if isinstance(event, kind)), None)

    def _write_line(self, line: str) -> None:
        assert self._file is not None
        data = line.encode() + b"\n"
        good = self._file.tell()
        try:
            written = 0
            while written < len(data):  # the file has no buffer, so that nothing is written later than it says
                written += self._file.write(data[written:])
        except OSError as error:
            with suppress(OSError):  # half a line would make a corrupt file of a later, whole one
                self._file.truncate(good)
                self._file.seek(good)
            raise errors.InputError(
                f"cannot write the trajectory {str(self.path)!r}: {error}; free some space or give another path"
            ) from error


class Folding:
    """Events, one after another, folded into chat messages. What comes of several actions of one turn is one message."""

    def __init__(self) -> None:
        self._action: Action | None = None
        self._observed: list[tuple[str, str]] = []  # tools and texts of observations that wait for others of their turn

    def add(self, event: AnyEvent) -> list[Message]:
        """The messages that an event adds: none for the many that add none."""
        match event:
            case RunStarted():
                return [*self._gathered(), Message(role="system", content=event.system)]
            case TaskGiven():
                return [*self._gathered(), Message(role="user", content=_task_text(event), task=True)]
            case ModelTurn():
                return [*self._gathered(), Message(role="assistant", content=event.text)]
            case Feedback():
                return [*self._gathered(), Message(role="user", content=event.text)]
            case Action():
                self._action = event
                return []
            case Observation():
                return self._observation(event)
            case LimitReached() | Failed() | RunEnded():
                return self._gathered()
            case _:
                return []

    def _observation(self, event: Observation) -> list[Message]:
        action = self._action
        if action is None or not (action.more or self._observed):
            return [Message(role="user", content=event.text)]
        self._observed.append((action.tool, event.text))
        return [] if action.more else self._gathered()

    def _gathered(self) -> list[Message]:
        """What has been waiting, as one message."""
        observed, self._observed = self._observed, []
        if not observed:
            return []
        texts = [f"[call {number}: {tool}]\n{text}" for number, (tool, text) in enumerate(observed, start=1)]
        return [Message(role="user", content="\n\n".join(texts), parts=tuple(text for _, text in observed))]


def load(path: str | Path) -> Trajectory:
    """Read a trajectory file; it is not written to.

    A torn last line (the writer was killed) is left out and reported in `Trajectory.recovered`; one that lacks no more than its line
    break is kept.

    Raises:
        TrajectoryVersionError: a newer codeact wrote it.
        TrajectoryCorruptError: a line before the last is broken; its number is in `.line`.
        TrajectoryError: no such file, or not a trajectory.
    """
    trajectory, _ = _read(Path(path))
    return trajectory


def resume(path: str | Path) -> Trajectory:
    """Read a trajectory file and open it to append; a torn last line is cut off the file.

    Raises:
        TrajectoryError: as for `load`.
    """
    target = Path(path)
    trajectory, good = _read(target)
    try:
        os.truncate(target, len(good))
        trajectory._file = target.open("r+b", buffering=0)
        trajectory._file.seek(0, os.SEEK_END)
        if not good.endswith(b"\n"):
            trajectory._file.write(b"\n")
    except OSError as error:
        raise errors.TrajectoryError(f"cannot append to {str(target)!r}: {error}") from error
    return trajectory


def _task_text(event: TaskGiven) -> str:
    places = (("Files in the working directory", event.files), ("Folders that can be read and not written to", event.folders))
    told = "\n".join(f"{what}: {', '.join(names)}" for what, names in places if names)
    return f"{event.text}\n\n{told}" if told else event.text


def _stored(event: AnyEvent) -> tuple[AnyEvent, str]:
    """The event as it can be written, and its line."""
    try:
        return event, event.model_dump_json()
    except PydanticSerializationError:
        mended: AnyEvent = EVENT.validate_python(_without_half_pairs(event.model_dump()))
        return mended, mended.model_dump_json()


def _without_half_pairs(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_without_half_pairs(key): _without_half_pairs(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_half_pairs(item) for item in value]
    return value


def _header() -> str:
    return json.dumps({"codeact": KIND, "version": SCHEMA_VERSION})


def _create(path: Path) -> BinaryIO:
    if os.path.lexists(path):
        raise errors.InputError(f"the file {str(path)!r} exists; a trajectory is never overwritten: give another path or remove it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb", buffering=0)
    except OSError as error:
        raise errors.InputError(f"cannot make the trajectory {str(path)!r}: {error}") from error


def _read(path: Path) -> tuple[Trajectory, bytes]:
    """Events of a file, and its good bytes."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise errors.TrajectoryError(f"cannot read the trajectory {str(path)!r}: {error.strerror or error}") from error
    lines = raw.split(b"\n")
    last = lines.pop()  # what follows the last line break: empty in a file that was written whole
    _check_header(path, lines[0] if lines else last)
    trajectory = Trajectory()
    trajectory.path = path
    for number, line in enumerate(lines[1:], start=2):
        try:
            trajectory.append(EVENT.validate_json(line))
        except ValidationError as error:
            reason = error.errors(include_url=False)[0]["msg"]
            raise errors.TrajectoryCorruptError(
                f"{str(path)!r}, line {number} is not an event ({reason}): {_shown(line)}; mend or remove the line",
                number,
            ) from None
    if not last or not lines:
        return trajectory, raw
    try:
        trajectory.append(EVENT.validate_json(last))
    except ValidationError:
        trajectory.recovered = f"the last line of {str(path)!r} was torn ({len(last)} bytes, the writer was killed): left out"
        return trajectory, raw[: len(raw) - len(last)]
    return trajectory, raw


def _check_header(path: Path, line: bytes) -> None:
    try:
        header: Any = json.loads(line)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or header.get("codeact") != KIND or not isinstance(header.get("version"), int):
        raise errors.TrajectoryError(f"{str(path)!r} is not a codeact trajectory: its first line is {_shown(line)}")
    if header["version"] > SCHEMA_VERSION:
        raise errors.TrajectoryVersionError(
            f"{str(path)!r} has version {header['version']}, this codeact reads up to {SCHEMA_VERSION}: install a newer codeact"
        )


def _shown(line: bytes, most: int = 80) -> str:
    return repr(line[:most].decode("utf-8", "replace")) + ("..." if len(line) > most else "")

"""The whole error tree, and the one helper that types a failure by the boundary it crossed.

Invariant: every exception that codeact raises on purpose is a `CodeactError`; its message says what happened, the value,
and what to do next. A failed *run* is not an exception: it is a trajectory that ends with a typed state.

    CodeactError
    |-- InputError                 what the caller gave is wrong: a setting, a file, an argument
    |   |-- ConfigError            a setting cannot be read or does not fit
    |   |-- MissingExtraError      an optional part is not installed; the message holds the install line
    |   |-- TrajectoryError        a trajectory file cannot be read
    |   |   |-- TrajectoryVersionError   it was written by a newer codeact
    |   |   `-- TrajectoryCorruptError   a line of it is broken (the line number is in `line`)
    |   `-- NotFoundError          there is no run or session of this name
    |-- StoppedError               somebody stopped the run, whose session can go on
    |-- BusyError                  as much is going on as may be; `seconds` says when to try again
    |-- ModelError                 the model's boundary
    |   |-- ModelAuthError         the key is missing or refused
    |   |-- ModelNotFoundError     no such model, file or address
    |   |-- ModelUnavailableError  the server cannot be reached, went away, or stays overloaded
    |   |-- ModelRequestError      the request was refused (context too long, unsupported option)
    |   `-- ScriptError            a scripted model was asked for more turns than it has, or for fewer
    |-- FormatError                the model's text is not a well-formed action; `feedback` is what the model is told
    |-- SessionError               the sandbox's boundary
    |   |-- IsolationError         the asked-for isolation cannot be had here
    |   |-- SessionClosedError     the session was closed, or ended and cannot go on
    |   |-- SessionBusyError       an action is running already
    |   |-- CheckpointError        no such checkpoint, or it could not be taken
    |   `-- WireError              the guest sent something that is not the protocol
    |-- ToolServerError            an MCP server cannot be started or reached; `server` names it
    |-- StoreError                 where runs are kept
    |   |-- StoreUnavailableError  the database cannot be reached, or stays away
    |   |-- StoreVersionError      a newer codeact made it
    |   `-- StoreConflictError     another process writes the same run, or it was removed meanwhile
    |-- ServerError                a codeact server, asked by `codeact.Client`, failed or sent what cannot be understood
    |   |-- ServerAccessError      the key is missing, refused, or may not do this
    |   |-- ServerBusyError        it has as much to do as it may; `retry_after` says when to try again
    |   `-- ServerUnavailableError it cannot be reached, or went away
    `-- UnexpectedError            anything else, with the boundary that it crossed
"""

from collections.abc import Iterator
from contextlib import contextmanager


class CodeactError(Exception):
    """Root of every error that codeact raises on purpose."""

    boundary = "codeact"


class InputError(CodeactError):
    """What the caller gave is wrong."""

    boundary = "input"


class ConfigError(InputError):
    """A setting cannot be read or does not fit."""


class MissingExtraError(InputError):
    """An optional part is not installed.

    Args:
        package: the import that failed, for example ``openai``.
        extra: the extra of codeact that brings it.
        purpose: what needs it, for the message.
    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs the package {package!r}. Install it with: pip install 'codeact[{extra}]'")
        self.package = package
        self.extra = extra


class TrajectoryError(InputError):
    """A trajectory file cannot be read."""


class TrajectoryVersionError(TrajectoryError):
    """The file was written by a newer codeact."""


class TrajectoryCorruptError(TrajectoryError):
    """A line of the file is broken.

    Args:
        message: what is wrong and what to do.
        line: line number in the file, from 1.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class NotFoundError(InputError):
    """There is no run or session of this name, or it is another's, which is told alike."""


class StoppedError(CodeactError):
    """Somebody stopped the run: it ends as ``cancelled``, and its session can go on."""

    boundary = "input"


class BusyError(CodeactError):
    """As much is going on as may be.

    Args:
        message: of what, and how much.
        seconds: after which it is worth another try.
    """

    boundary = "busy"

    def __init__(self, message: str, seconds: int = 1) -> None:
        super().__init__(message)
        self.seconds = seconds


class ModelError(CodeactError):
    """Something failed at the model's boundary."""

    boundary = "model"


class ModelAuthError(ModelError):
    """The key is missing or refused."""


class ModelNotFoundError(ModelError):
    """No such model, file or address."""


class ModelUnavailableError(ModelError):
    """The server cannot be reached, went away, or stays overloaded after retries."""


class ModelRequestError(ModelError):
    """The request was refused: context too long, unsupported option."""


class ScriptError(ModelError):
    """A scripted model was asked for more turns than it has, or was left with turns unused."""


class FormatError(CodeactError):
    """The model's text is not a well-formed action.

    Args:
        feedback: what is wrong and how to write it, worded for the model.
        meant: an action was meant, and its writing has a mistake in it: what a syntax error is to code, which is run and is an action.
    """

    boundary = "format"

    def __init__(self, feedback: str, *, meant: bool = False) -> None:
        super().__init__(feedback)
        self.feedback = feedback
        self.meant = meant


class SessionError(CodeactError):
    """Something failed at the sandbox's boundary."""

    boundary = "session"


class IsolationError(SessionError):
    """The asked-for isolation cannot be had on this machine.

    Args:
        reason: why, in a sentence.
        mend: what to do, in a sentence; it ends the message.
    """

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(f"{reason}. {mend}" if mend else reason)
        self.reason = reason
        self.mend = mend


class SessionClosedError(SessionError):
    """The session was closed, or ended and cannot go on."""


class SessionBusyError(SessionError):
    """An action is running already; a session runs one at a time."""


class CheckpointError(SessionError):
    """No such checkpoint, or it could not be taken."""


class WireError(SessionError):
    """The guest sent something that is not the protocol; the session is over, the host is not."""


class ToolServerError(CodeactError):
    """A server of tools cannot be started or reached.

    Args:
        message: what is wrong, with the end of what it wrote to stderr.
        server: its name.
    """

    boundary = "tool"

    def __init__(self, message: str, server: str) -> None:
        super().__init__(message)
        self.server = server


class StoreError(CodeactError):
    """Something failed where runs are kept."""

    boundary = "store"


class StoreUnavailableError(StoreError):
    """The database cannot be reached, or stays away."""


class StoreVersionError(StoreError):
    """A newer codeact made the database."""


class StoreConflictError(StoreError):
    """Another process writes the same run, or it was removed meanwhile."""


class ServerError(CodeactError):
    """A codeact server failed, or sent what cannot be understood. What it says of a wrong request is the error that it had."""

    boundary = "server"


class ServerAccessError(ServerError):
    """The key is missing, refused, or may not do this."""


class ServerBusyError(ServerError):
    """The server, or the key, has as much to do as it may.

    Args:
        message: of what, and how much.
        retry_after: seconds after which it is worth another try.
    """

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ServerUnavailableError(ServerError):
    """The server cannot be reached, or went away; what stands between answers for it with 502, 503 or 504."""


class UnexpectedError(CodeactError):
    """An exception that nobody foresaw, typed by the boundary it crossed.

    Args:
        boundary: ``model``, ``session``, ``tool``, ``store`` or ``input``.
        cause: the exception.
    """

    def __init__(self, boundary: str, cause: BaseException) -> None:
        super().__init__(f"unexpected {type(cause).__name__} at the {boundary} boundary: {cause}")
        self.boundary = boundary


@contextmanager
def crossing(boundary: str) -> Iterator[None]:
    """Type every foreign exception that leaves the block by the boundary it crossed.

    Args:
        boundary: the boundary's name, as in `CodeactError.boundary`.

    Raises:
        UnexpectedError: in place of any exception that is not a `CodeactError`; the original is its cause.
    """
    try:
        yield
    except CodeactError:
        raise
    except Exception as error:  # one of the two places that catch broadly: what is foreign gets a type here
        raise UnexpectedError(boundary, error) from error

"""Exit codes of the command line, and which error or state has which.

Invariant: every way a command can end is in `Exit`, and `--help` prints that list. It does not: print or exit.
"""

from enum import IntEnum

from codeact import errors


class Exit(IntEnum):
    """Exit codes, each with its meaning in `meaning`."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> "Exit":
        """An integer that knows what it stands for."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    OK = 0, "answered, or done"
    UNEXPECTED = 1, "unexpected error of codeact"
    INPUT = 2, "wrong input: an option, a file, a setting"
    GAVE_UP = 3, "the model gave up"
    LIMIT = 4, "a limit of the run was reached"
    MODEL = 5, "the model failed"
    SESSION = 6, "the sandbox failed, or none can be had here"
    CELL = 7, "exec: a cell did not end well"
    DIFFERENT = 8, "replay: the observations differ"
    TOOLS = 9, "a server of tools cannot be started or reached"
    STORE = 10, "the database of runs failed"
    SERVER = 11, "the codeact server refused or cannot be reached"
    CANCELLED = 130, "cancelled (Ctrl-C twice, SIGTERM)"
    BROKEN_PIPE = 141, "the reader of the output went away"


_STATES = {"answered": Exit.OK, "gave_up": Exit.GAVE_UP, "limit": Exit.LIMIT, "cancelled": Exit.CANCELLED}
_BOUNDARIES = {
    "model": Exit.MODEL,
    "session": Exit.SESSION,
    "input": Exit.INPUT,
    "tool": Exit.TOOLS,
    "store": Exit.STORE,
    "server": Exit.SERVER,
}


def of_error(error: errors.CodeactError) -> Exit:
    """The code for an error that ended a command."""
    return _BOUNDARIES.get(error.boundary, Exit.UNEXPECTED)


def of_run(state: str, boundary: str = "") -> Exit:
    """The code for a run that ended; a run that failed is told apart by the boundary at which it did.

    Args:
        state: as in `codeact.events.State`.
        boundary: of the `Failed` event, if there is one.
    """
    return _STATES[state] if state in _STATES else _BOUNDARIES.get(boundary, Exit.UNEXPECTED)


def table() -> str:
    """The list for `--help`, one code a line."""
    return "\n".join(f"  {code.value:>3}  {code.meaning}" for code in Exit)

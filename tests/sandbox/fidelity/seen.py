"""What is seen of a cell, whoever ran it, and how two of them differ.

Invariant: what depends on where it ran (number of the cell, folder, frames of libraries, which sessions leave out of tracebacks, the
name that CPython's interactive interpreter suggests) is not compared; all else is. It runs nothing.
"""

import re
from dataclasses import dataclass, replace

from codeact.events import Observation

_CELL = re.compile(r"<cell [\d.]+>")
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
_SUGGESTION = re.compile(r"\. Did you mean: .*\?$", re.MULTILINE)
_EDGE = r"[ |]*"


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a cell.

    Args:
        status: ``ok``, ``error``, ``exit``, ``interrupted``, or how the process ended.
        stdout: text.
        stderr: text.
        result: representation of the last expression's value, None if there was none.
        error: class name and message.
        traceback: text.
        exit_code: of `sys.exit`.
    """

    status: str
    stdout: str = ""
    stderr: str = ""
    result: str | None = None
    error: tuple[str, str] = ("", "")
    traceback: str = ""
    exit_code: int | None = None


def in_session(observation: Observation, whole: bytes | None) -> Seen:
    """Of an observation.

    Args:
        observation: of the cell.
        whole: content of its `full_output`, None if it has none; taken for standard output: cells with long output write there only.
    """
    error = observation.error
    return Seen(
        status=observation.status,
        stdout=observation.stdout if whole is None else whole.decode(),
        stderr=observation.stderr,
        result=observation.result,
        error=(error.name, error.message) if error is not None else ("", ""),
        traceback=error.traceback if error is not None else "",
        exit_code=observation.exit_code,
    )


def differences(plain: Seen, session: Seen) -> list[str]:
    """What differs, a line each; empty if they are equal."""
    one, two = _plain_text(plain), _plain_text(session)
    return [
        f"{name}: {getattr(one, name)!r} in CPython, {getattr(two, name)!r} in the session"
        for name in ("status", "stdout", "stderr", "result", "error", "traceback", "exit_code")
        if getattr(one, name) != getattr(two, name)
    ]


def _plain_text(seen: Seen) -> Seen:
    return replace(
        seen,
        stdout=_anonymous(seen.stdout),
        stderr=_users_frames(_anonymous(seen.stderr)),
        result=_anonymous(seen.result) if seen.result is not None else None,
        error=(seen.error[0], _anonymous(seen.error[1])),
        traceback=_users_frames(_SUGGESTION.sub("", _anonymous(seen.traceback))),
    )


def _anonymous(text: str) -> str:
    return _ADDRESS.sub("0xADDRESS", _CELL.sub("<cell>", text))


def _users_frames(text: str) -> str:
    """The traceback without frames of libraries, and without the line that stands for them."""
    kept: list[str] = []
    dropping, frame_depth = False, 0
    for line in text.split("\n"):
        bare = re.sub(rf"^{_EDGE}", "", line)
        depth = len(line) - len(bare)
        if bare.startswith('File "'):
            dropping, frame_depth = not bare.startswith('File "<cell'), depth
        elif bare.startswith("[... ") and " frame" in bare:
            continue
        elif dropping and depth <= frame_depth:
            dropping = False
        if not dropping:
            kept.append(line)
    return "\n".join(kept)

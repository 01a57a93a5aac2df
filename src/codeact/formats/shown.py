"""An observation as every format shows it to the model: the same text, so that only the way of writing an action differs.

Invariant: never longer than asked; what is left out is left out in the middle, counted, and never out of the last lines of an error
or of the notices. It does not: change the observation.
"""

import re

from codeact.events import MIME, DisplayOutput, ErrorOutput, FileChange, Observation, Output, ResultOutput, StreamOutput

_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]")
_TEXTS = ("text/plain", "text/markdown", "text/latex", "application/json", "text/html")
_ERROR_LINES = 6
_ERROR_LINE = 600
_STATES = {
    "exit": "the code asked to leave",
    "timeout": "stopped: it ran too long",
    "interrupted": "interrupted by the user",
    "memory": "stopped: it used too much memory",
    "crash": "the Python process crashed",
    "killed": "the Python process was killed",
    "lost": "the connection to the Python process was lost",
}


def shown(observation: Observation, most: int) -> str:
    """The text for the model.

    Args:
        observation: its own `text` is not looked at.
        most: most characters of the result.
    """
    body = _joined([_output(output) for output in observation.outputs])
    notices = "\n".join(_notices(observation))
    if not body.strip():
        body = "[no output]"
    text = _joined(["Output:", body.rstrip("\n"), notices])
    keep = len(notices) + 1 + (_error_end(body) if observation.error is not None else 0)
    return cut(text, most, keep=keep, where=observation.full_output)


def cut(text: str, most: int, *, keep: int = 0, where: str | None = None) -> str:
    """Leave out the middle of a text.

    Args:
        most: most characters of the result.
        keep: how many characters at the end are kept whole, if they fit.
        where: the file that holds the whole, for the mark.
    """
    if len(text) <= most:
        return text
    whole = f"; the whole is in {where}" if where else ""
    room = most - len(_mark(len(text), whole))
    if room < most // 2:
        return text[len(text) - most :]
    tail = min(max(room // 2, keep), room)
    head = room - tail
    return text[:head] + _mark(len(text) - room, whole) + text[len(text) - tail :]


def _mark(count: int, whole: str) -> str:
    return f"\n[... {count} characters left out{whole} ...]\n"


def _output(output: Output) -> str:
    match output:
        case StreamOutput():
            return "\n".join(map(_overwritten, _TERMINAL.sub("", output.text).split("\n")))
        case ErrorOutput():
            traceback = _TERMINAL.sub("", output.traceback).strip() or f"{output.name}: {output.message}"
            return "\n" + "\n".join(_shortened(line) for line in traceback.split("\n")) + "\n"
        case DisplayOutput() | ResultOutput():
            return f"\n{_bundle(output.data)}\n"


def _overwritten(line: str) -> str:
    """A line as a terminal shows it: what stands before a carriage return is gone (progress bars)."""
    return line.rstrip("\r").rpartition("\r")[2]


def _shortened(line: str) -> str:
    """A line of a traceback; what an error says may be a megabyte long, and both its ends matter."""
    if len(line) <= _ERROR_LINE:
        return line
    half = _ERROR_LINE // 2
    return f"{line[:half]} [... {len(line) - 2 * half} characters left out ...] {line[-half:]}"


def _bundle(data: MIME) -> str:
    """The text of a bundle, or, for what is no text, a line that says that it was displayed."""
    pictures = [f"[{kind} displayed]" for kind in data if kind.startswith(("image/", "video/", "audio/")) or kind == "application/pdf"]
    if pictures:
        return "\n".join(pictures)
    text = next((data[kind] for kind in _TEXTS if kind in data), None)
    return text if text is not None else "\n".join(f"[{kind} displayed]" for kind in data)


def _joined(parts: list[str]) -> str:
    """Parts one after another; one that starts with a line break starts on a new line, and no empty line comes of it."""
    text = ""
    for part in parts:
        if text and part and not text.endswith("\n") and not part.startswith("\n"):
            text += "\n"
        text += part.removeprefix("\n") if not text or text.endswith("\n") else part
    return text


def _error_end(body: str) -> int:
    """Length of the last lines of the error, which say what happened."""
    lines = body.rstrip("\n").rsplit("\n", _ERROR_LINES)
    return sum(len(line) + 1 for line in lines[-_ERROR_LINES:])


def _notices(observation: Observation) -> list[str]:
    """What the outputs do not say: the notice, or the status in words, and whatever of limit and loss neither of them names."""
    said = [observation.notice or _status(observation)]
    limit = observation.limit
    if limit is not None and f"{limit.value:g}" not in observation.notice:
        said.append(f"limit {limit.name} = {limit.value:g}")
    if observation.state_lost and not re.search(r"\b(lost|gone)\b", observation.notice):
        said.append("all variables and imports were lost; define again what you need")
    if observation.restored and "before" not in observation.notice:
        said.append("variables are as they were before this action")
    return [f"[{text.strip()}]" for text in said if text.strip()] + ([_files(observation.files)] if observation.files else [])


def _status(observation: Observation) -> str:
    text = _STATES.get(observation.status, "")
    if observation.exit_code is not None:
        text += f" (exit code {observation.exit_code})"
    if observation.signal is not None:
        text += f" (signal {observation.signal})"
    return text.strip()


def _files(changes: tuple[FileChange, ...], most: int = 20) -> str:
    named = [
        f"{change.change} {change.path}" + (f" ({change.size} bytes)" if change.change != "deleted" else "") for change in changes[:most]
    ]
    if len(changes) > most:
        named.append(f"and {len(changes) - most} more")
    return f"[files: {', '.join(named)}]"

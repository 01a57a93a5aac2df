"""An observation as it is kept beside the recorded one, and both in one form: what was written, the value that was shown, the error.

The recorded text is taken apart by the marks that IPython puts in it: `Out[1]: `, a line of 75 dashes above a traceback, the place of an
error of syntax. Where it was cut at its 2,000 characters, the part that is missing is not looked for in ours.

Invariant: taking apart loses only marks, places in the code and the frames of tracebacks. It does not: say whether two are equal.
"""

import re
from typing import NamedTuple

from codeact import events
from codeact.bench.recorded.record import CUT, MOST, NOTHING

_MOST_KEPT = 3 * MOST
_TRACEBACK = re.compile(r"^-{75}\n(\w+(?:\.\w+)*)[ ]*(?:Traceback \(most recent call last\))?", re.MULTILINE)
_SYNTAX = re.compile(r"^ *(?:Cell In\[\d+\], line \d+|File <\w+>|File .*:\d+|File \".*\", line \d+)(?=\n)", re.MULTILINE)
_VALUE = re.compile(r"^Out\[\d+\]: ?\n?", re.MULTILINE)
_HEADING = re.compile(r"^(\w+(?:\.\w+)*) +Traceback \(most recent call last\)$", re.MULTILINE)
_ERROR_LINE = re.compile(r"\A(\w+(?:\.\w+)*)(?:: (.*))?\Z", re.DOTALL)
_SYNTAX_LINE = re.compile(r"^(\w*(?:SyntaxError|IndentationError|TabError)): (.*)\Z", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r" \((?:(?:<[^>]*>|[\w.-]+), line \d+|/[^()]*|unknown location)\)\Z")
"""At the end of a message: where the code of a syntax error stands, or where a module is installed."""

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Seen(events.Value):
    """What came of an action here.

    Args:
        stdout, stderr: what it wrote, from the beginning.
        value: text of the last expression's value.
        error: name of the exception, empty if there was none.
        message: of the exception.
        status: of the observation.
        figures: displays beside the value.
        seconds: it took.
    """

    stdout: str = ""
    stderr: str = ""
    value: str | None = None
    error: str = ""
    message: str = ""
    status: events.Status = "ok"
    figures: int = 0
    seconds: float = 0.0

    @classmethod
    def of(cls, observation: events.Observation) -> "Seen":
        """The parts of an observation that are compared."""
        error = observation.error
        displays = sum(isinstance(output, events.DisplayOutput) for output in observation.outputs)
        value = observation.result
        return cls(
            stdout=observation.stdout[:_MOST_KEPT],
            stderr=observation.stderr[:_MOST_KEPT],
            value=None if value is None else value[:_MOST_KEPT],
            error="" if error is None else error.name,
            message="" if error is None else error.message[:_MOST_KEPT],
            status=observation.status,
            figures=displays,
            seconds=round(observation.seconds, 3),
        )


class Parts(NamedTuple):
    """An observation taken apart.

    Args:
        written: text, with no white space at the ends of lines.
        value: of the last expression, empty if none was shown.
        error: name of the exception.
        message: of the exception, None if it was cut off.
        cut: only a beginning is there: of the message if there is an error, of the value if there is one, else of what was written.
    """

    written: str
    value: str = ""
    error: str = ""
    message: str | None = ""
    cut: bool = False


def ours(seen: Seen) -> Parts:
    """Of one of ours."""
    message = _PLACE.sub("", tidied(seen.message))
    return Parts(tidied(seen.stdout), tidied(seen.value or ""), seen.error.rpartition(".")[2], message)


def recorded(text: str) -> Parts:
    """Of a recorded text."""
    text = _ANSI.sub("", text)
    cut = text.endswith(CUT)
    text = text.removesuffix(CUT)
    if not cut and text == NOTHING:
        return Parts("")
    message: str | None
    if (at := _TRACEBACK.search(text)) is not None:
        name, message = _raised(text[at.end() :], at[1], cut)
        head = text[: at.start()]
    elif (at := _SYNTAX.search(text)) is not None and (last := _SYNTAX_LINE.search(text, at.end())) is not None:
        name, message = last[1], last[2]
        head = text[: at.start()]
    else:
        head, name, message = text, "", ""
    written, value = _split_value(head)
    return Parts(tidied(written), tidied(value), name, None if message is None else _PLACE.sub("", tidied(message)), cut)


def tidied(text: str) -> str:
    """A text without white space at its ends and at those of its lines, and without empty lines in it."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n") if line.strip())


def _raised(text: str, name: str, cut: bool) -> tuple[str, str | None]:
    """The exception at the end of a traceback, and its message: what stands behind the last empty line before an exception's name.

    Args:
        text: what follows the first heading.
        name: of the exception in that.
        cut: the end is not there: it is that of the last heading, and its message is not known.
    """
    if not cut:
        block = re.split(r"\n\n(?=\w+(?:\.\w+)*(?::|\Z))", text)[-1].strip()
        if (line := _ERROR_LINE.match(block)) is not None:
            return line[1], line[2] or ""
    return (_HEADING.findall(text) or [name])[-1], None


def _split_value(text: str) -> tuple[str, str]:
    """What was written, and the value that was shown after it."""
    marks = list(_VALUE.finditer(text))
    if not marks:
        return text, ""
    return text[: marks[-1].start()], text[marks[-1].end() :]

"""Text on its way to a terminal: made harmless, split into lines, folded, cut where the code begins.

Invariant: what comes out of `clean` holds no control character but newline and tab, and nothing that changes the direction of
text, so that neither a model nor a guest can move the cursor, retitle the window or hide what it prints. It does not: print.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC and its like: titles, links, clipboard
    r"|\x1b[ -/]*[0-~]"
)
HEAD, TAIL = 10, 5
"""Lines of long output that are shown."""
_LONGEST = 20_000
"""Characters of one line that are kept waiting for its end."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def clean(text: str) -> str:
    """The text without escape sequences, control characters (newline and tab stay) and direction marks."""
    return _CONTROL.sub("", _SEQUENCE.sub("", text.replace("\r\n", "\n")))


class Lines:
    """Pieces of text in, whole lines out. Of a line that was overwritten by carriage returns (a progress bar) the last version counts."""

    def __init__(self) -> None:
        self._rest = ""

    def push(self, text: str) -> list[str]:
        """The lines that are whole now."""
        *whole, self._rest = (self._rest + text).replace("\r\n", "\n").split("\n")
        if "\r" in self._rest[:-1]:
            self._rest = self._rest[self._rest.rindex("\r", 0, -1) + 1 :]
        if len(self._rest) > _LONGEST:
            whole, self._rest = [*whole, self._rest], ""
        return [_final(line) for line in whole]

    def end(self) -> list[str]:
        """What is left, if anything."""
        rest, self._rest = _final(self._rest), ""
        return [rest] if rest else []


def _final(line: str) -> str:
    return clean(line.rstrip("\r").rpartition("\r")[2])


class Fold:
    """The first and the last lines of many, and how many were left out between.

    Args:
        head: lines shown as they come.
        tail: lines shown at the end.
    """

    def __init__(self, head: int = HEAD, tail: int = TAIL) -> None:
        self._room = head
        self._tail: deque[str] = deque(maxlen=tail)
        self._hidden = 0

    def push(self, line: str) -> Iterator[str]:
        """The line, if it is one of the first; otherwise nothing yet."""
        if self._room > 0:
            self._room -= 1
            yield line
            return
        if len(self._tail) == self._tail.maxlen:
            self._hidden += 1
        self._tail.append(line)

    def end(self) -> Iterator[str | int]:
        """The number of lines left out, if any were, and then the last lines."""
        if self._hidden:
            yield self._hidden
        yield from self._tail
        self._tail.clear()
        self._hidden = 0


def folded(text: str, head: int = HEAD, tail: int = TAIL) -> Iterator[str | int]:
    """The lines of a whole text, folded; a number stands for that many lines left out."""
    lines, fold = Lines(), Fold(head, tail)
    for line in [*lines.push(text), *lines.end()]:
        yield from fold.push(line)
    yield from fold.end()


class Wrap:
    """Breaks lines between words while the text still comes; a word is passed on when it is whole.

    Args:
        width: columns of a line; None breaks nothing and passes on at once.
    """

    def __init__(self, width: int | None) -> None:
        self._width = width
        self._column = 0
        self._held = ""

    def push(self, text: str) -> str:
        """The text that can be shown now, with the breaks."""
        if self._width is None:
            return text
        *whole, self._held = re.split(r"(\s)", self._held + text)
        return "".join(self._placed(word) for word in whole)

    def end(self) -> str:
        """The last word."""
        rest, self._held = self._placed(self._held), ""
        self._column = 0
        return rest

    def _placed(self, word: str) -> str:
        if word == "\n":
            self._column = 0
            return word
        size = cell_len(word)
        if self._width is None or self._column + size <= self._width:
            self._column += size
            return word
        self._column = 0 if word.isspace() else size
        return "\n" + word.strip()


class Until:
    """Passes text on until one of the openers, also one that comes in pieces; nothing after it.

    Args:
        openers: strings that end the passage, for example ``<execute>``.
    """

    def __init__(self, openers: Sequence[str]) -> None:
        self._openers = tuple(openers)
        self._held = ""
        self.over = False

    def push(self, text: str) -> str:
        """What can be shown now; the start of a possible opener is held back."""
        if self.over:
            return ""
        held = self._held + text
        found = [place for opener in self._openers if (place := held.find(opener)) >= 0]
        if found:
            self.over = True
            return held[: min(found)]
        keep = max((size for opener in self._openers for size in range(1, len(opener)) if held.endswith(opener[:size])), default=0)
        self._held = held[len(held) - keep :]
        return held[: len(held) - keep]

    def end(self) -> str:
        """What was held back and turned out to be no opener."""
        rest, self._held = ("" if self.over else self._held), ""
        return rest

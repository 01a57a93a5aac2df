"""Where a stop string ends a text, whole or while it streams.

Invariant: what comes out never holds a stop string, nor the start of one that may still become whole. It does not know who writes the text.
"""

from collections.abc import Sequence


def cut(text: str, stop: Sequence[str]) -> tuple[str, str | None]:
    """The text before the first stop string in it, and that string (None if there is none)."""
    found = [(text.find(word), word) for word in stop if word and word in text]
    if not found:
        return text, None
    place, word = min(found, key=lambda pair: (pair[0], -len(pair[1])))
    return text[:place], word


class StopFilter:
    """Passes a streamed text on until a stop string is whole.

    Args:
        stop: strings that end the text.
    """

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = tuple(word for word in stop if word)
        self._held = ""
        self.stopped_by: str | None = None

    def feed(self, piece: str) -> str:
        """Take a piece; returns what is certain to come before any stop string. After a stop string everything is dropped."""
        if self.stopped_by is not None:
            return ""
        text, self.stopped_by = cut(self._held + piece, self._stop)
        keep = 0 if self.stopped_by is not None else self._pending(text)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def finish(self) -> str:
        """The text has ended: what was held back is text after all."""
        rest, self._held = self._held, ""
        return rest

    def _pending(self, text: str) -> int:
        """Length of the longest end of the text that starts a stop string."""
        longest = min(len(text), max((len(word) for word in self._stop), default=0))
        return next((size for size in range(longest, 0, -1) if any(word.startswith(text[-size:]) for word in self._stop)), 0)

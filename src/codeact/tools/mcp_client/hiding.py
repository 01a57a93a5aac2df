"""Values of a server's settings that nobody may see, taken out of the texts that it writes.

Invariant: no text that was `hidden` holds one of them. It does not: look at what a tool returns (that is for the session), or take
out what is too short to be a secret: ``1`` and ``true`` stand in many texts.
"""

from collections.abc import Iterable
from typing import Any

_LEAST = 6
HIDDEN = "***"


class Secrets:
    """See the module's docstring.

    Args:
        values: of environment variables and headers; of several words, the words count too (``Bearer TOKEN``).
    """

    def __init__(self, values: Iterable[str]) -> None:
        found = {part for value in values for part in (value, *value.split()) if len(part) >= _LEAST}
        self._values = sorted(found, key=len, reverse=True)

    def __repr__(self) -> str:
        return f"<{len(self._values)} secrets>"

    def hidden(self, text: str) -> str:
        """The text with each of them as ``***``."""
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return text

    def hidden_in(self, value: Any) -> Any:
        """JSON with each of them as ``***`` in its texts and keys; what is too deep is left out."""
        return self._hidden_in(value, 0) if self._values else value

    def _hidden_in(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self.hidden(value)
        if depth > 100:
            return None
        if isinstance(value, list):
            return [self._hidden_in(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {self.hidden(str(key)): self._hidden_in(item, depth + 1) for key, item in value.items()}
        return value

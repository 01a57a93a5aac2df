"""Which run a conversation belongs to, where its client sends all of it each time and no id.

Invariant: a run is found only by its owner, for the same model, and by every message up to the last answer; so many conversations are
remembered, those that were not used for longest go first. It does not: keep any text, or survive the process.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence

from codeact.server.openai_face.talk import Said

MOST = 10_000


class Remembered:
    """See the module's docstring.

    Args:
        most: conversations.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._places: OrderedDict[bytes, tuple[str, int]] = OrderedDict()

    def put(self, owner: str, model: str, said: Sequence[Said], run_id: str, number: int) -> None:
        """Remember where a conversation stands.

        Args:
            owner, model: of the run.
            said: all messages, and the answer as the client has it.
            run_id: of the run.
            number: of its message that was answered.
        """
        digest = _digest(owner, model, said)
        self._places[digest] = (run_id, number)
        self._places.move_to_end(digest)
        while len(self._places) > self._most:
            self._places.popitem(last=False)

    def find(self, owner: str, model: str, said: Sequence[Said]) -> tuple[str, int] | None:
        """The run, and the number of its message that was answered last; None: it is not known.

        Args:
            owner, model: of the run.
            said: all messages up to the last answer.
        """
        digest = _digest(owner, model, said)
        found = self._places.get(digest)
        if found is not None:
            self._places.move_to_end(digest)
        return found


def _digest(owner: str, model: str, said: Sequence[Said]) -> bytes:
    text = json.dumps([owner, model, *([one.role, one.text.strip()] for one in said)])
    return hashlib.sha256(text.encode()).digest()

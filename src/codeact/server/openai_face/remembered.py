"""Which run a conversation belongs to, where its client sends all of it each time and no id.

Invariant: a run is found only by its owner, for the same model, and by every message up to the last answer, also after a restart. It does
not: keep any text.
"""

import hashlib
import json
from collections.abc import Sequence

from codeact.server.openai_face.talk import Said
from codeact.store.talks import Talks


class Remembered:
    """See the module's docstring.

    Args:
        talks: where the places are kept.
    """

    def __init__(self, talks: Talks) -> None:
        self._talks = talks

    async def put(self, owner: str, model: str, said: Sequence[Said], run_id: str, number: int) -> None:
        """Remember where a conversation stands.

        Args:
            owner, model: of the run.
            said: all messages, and the answer as the client has it.
            run_id: of the run.
            number: of its message that was answered.

        Raises:
            StoreError: it cannot be kept.
        """
        await self._talks.put(_digest(owner, model, said), run_id, number)

    async def find(self, owner: str, model: str, said: Sequence[Said]) -> tuple[str, int] | None:
        """The run, and the number of its message that was answered last; None: it is not known.

        Args:
            owner, model: of the run.
            said: all messages up to the last answer.
        """
        return await self._talks.find(_digest(owner, model, said))


def _digest(owner: str, model: str, said: Sequence[Said]) -> str:
    text = json.dumps([owner, model, *([one.role, one.text.strip()] for one in said)])
    return hashlib.sha256(text.encode()).hexdigest()

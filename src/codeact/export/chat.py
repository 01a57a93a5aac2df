"""A trajectory as a line of chat, the form in which fine-tuning tools take conversations.

Invariant: the messages are exactly those that the model was given and wrote, in order. It does not: filter or shorten.
"""

import json

from codeact import errors
from codeact.events import RunStarted
from codeact.trajectory import Trajectory


def to_chat(trajectory: Trajectory) -> str:
    """One JSON line, `{"id", "messages": [{"role", "content"}, ...]}`, with its newline; `codeact train` takes it.

    Args:
        trajectory: any trajectory with at least one message.

    Raises:
        InputError: the trajectory holds no messages, so there is nothing to write.
    """
    if not trajectory.messages:
        raise errors.InputError(f"the trajectory {str(trajectory.path or 'in memory')!r} holds no messages; there is nothing to export")
    messages = [{"role": message.role, "content": message.content} for message in trajectory.messages]
    started = trajectory.last(RunStarted)
    return json.dumps({"id": started.run_id if started is not None else "", "messages": messages}, ensure_ascii=False) + "\n"

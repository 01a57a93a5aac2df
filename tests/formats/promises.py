"""What every format promises, whatever a model writes."""

from collections.abc import Callable

from codeact.errors import FormatError
from codeact.protocols import ActionFormat, Step


def is_understood_or_refused(action_format: ActionFormat, message: str, *, kept: str, acts: Callable[[Step], object]) -> None:
    """A message, as written and completed, is one action or one answer, or a `FormatError` that says something; nothing else is raised.

    Args:
        action_format: under test.
        message: of a model.
        kept: what the completed message must begin with.
        acts: whether a step is an action of this format.
    """
    whole = action_format.complete(message)
    assert whole.startswith(kept)
    assert isinstance(action_format.unfinished(message), bool)
    for text in (message, whole):
        try:
            step = action_format.parse(text)
        except FormatError as error:
            assert error.feedback
        else:
            assert bool(acts(step)) != bool(step.answer)

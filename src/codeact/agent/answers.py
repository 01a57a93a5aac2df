"""Answers of a wanted type: what the model is told of the type, and its text read as a value of it.

Invariant: a value that comes out of `read` is valid for the type. Without a type, the text is the answer and there is no value.
"""

import ast
import json
import re
from typing import Any

from pydantic import JsonValue, PydanticSchemaGenerationError, PydanticUserError, TypeAdapter, ValidationError

from codeact import errors

_PHRASES: dict[Any, str] = {
    int: "a whole number in digits and nothing else",
    float: "a number in digits and nothing else",
    bool: "true or false and nothing else",
    str: "",
}
_FENCE = re.compile(r"\A```\w*\s*\n(.*?)\n?```\Z", re.DOTALL)
_MOST_FAULTS = 3


class AnswerType:
    """The wanted type of an answer.

    Args:
        wanted: any type that pydantic knows; None for free text.

    Raises:
        InputError: pydantic does not know the type.
    """

    def __init__(self, wanted: Any = None) -> None:
        self._wanted = wanted
        self._adapter: TypeAdapter[Any] | None = None
        self.schema: dict[str, JsonValue] | None = None
        if wanted is None:
            return
        try:
            self._adapter = TypeAdapter(wanted)
            self.schema = self._adapter.json_schema()
        except (PydanticSchemaGenerationError, PydanticUserError) as error:
            raise errors.InputError(
                f"the answer type {wanted!r} cannot be validated ({error.message.splitlines()[0]}); "
                "give a type that pydantic knows: int, float, bool, str, list[int], a dataclass, a pydantic model"
            ) from None

    @property
    def phrase(self) -> str:
        """The type in words for the model; empty for free text."""
        if self._adapter is None:
            return ""
        try:
            return _PHRASES[self._wanted]
        except (KeyError, TypeError):  # TypeError: an unhashable type annotation
            return f"JSON that fits this schema, and nothing else: {json.dumps(self.schema)}"

    def read(self, text: str) -> Any:
        """The answer's value; None without a type.

        The text is read as JSON, then as it is, then as a Python literal; `str` takes it as it is.

        Raises:
            FormatError: it is not of the type.
        """
        if self._adapter is None:
            return None
        if self._wanted is str:
            return text
        fence = _FENCE.match(text.strip())
        bare = fence[1].strip() if fence else text.strip()
        try:
            return self._adapter.validate_json(bare)
        except ValidationError as json_error:
            faults = json_error
        try:
            return self._adapter.validate_python(bare)
        except ValidationError as error:
            faults = error if faults.errors()[0]["type"] == "json_invalid" else faults
        try:
            return self._adapter.validate_python(ast.literal_eval(bare))
        except ValidationError as error:
            faults = error
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
        raise errors.FormatError(f"The answer {_shown(text)} was not accepted: {_faults(faults)}. Give {self.phrase}.")

    def stored(self, value: Any) -> JsonValue:
        """The value as JSON holds it."""
        return None if self._adapter is None else self._adapter.dump_python(value, mode="json")


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    shown = [f"{'.'.join(map(str, fault['loc'])) + ': ' if fault['loc'] else ''}{fault['msg']}" for fault in faults[:_MOST_FAULTS]]
    return "; ".join(shown) + (f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else "")


def _shown(text: str, most: int = 80) -> str:
    return repr(text if len(text) <= most else text[:most] + "...")

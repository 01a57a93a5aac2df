"""The data of a run: JSON lines read, rendered, and split into what is learnt and what is validated.

Invariant: the same files give the same examples in the same order, conversations of one task are on one side of the split, and that side
is drawn by the task (the id, where a line names none) and the seed. What is left out is counted with its reason. It does not: shuffle
(`plan` does).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from codeact import errors
from codeact.train.rendering import Conversation, Example, Renderer


@dataclass(frozen=True, slots=True)
class Corpus:
    """Examples to learn and to validate on; `left_out` counts conversations by reason; `digest` tells two corpora apart.

    `by_task` says that tasks were drawn for the validation.
    """

    train: list[Example]
    validation: list[Example]
    left_out: Counter[str] = field(default_factory=Counter)
    by_task: bool = False

    @property
    def digest(self) -> str:
        """A checksum over all ids and tokens; that of data without tasks is as it was when conversations were drawn by their ids only."""
        sum_ = hashlib.sha256()
        for example in [*self.train, *self.validation]:
            sum_.update(repr((example.id, example.ids, example.learnt)).encode())
        if self.by_task:
            sum_.update(b"by task")
        return sum_.hexdigest()


def read_lines(paths: Iterable[Path]) -> Iterator[Conversation]:
    """The conversations of several files, in order.

    Raises:
        InputError: a file cannot be read, or a line is no conversation; the message names the file and the line.
    """
    for path in paths:
        try:
            with path.open(encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        yield _parse(line, path, number)
        except (OSError, UnicodeDecodeError) as error:
            raise errors.InputError(f"cannot read the data file {str(path)!r}: {error}") from error


def _parse(line: str, path: Path, number: int) -> Conversation:
    try:
        return Conversation.model_validate(json.loads(line))
    except (ValidationError, ValueError) as error:
        reason = error.errors()[0] if isinstance(error, ValidationError) else None
        said = f"{'.'.join(map(str, reason['loc']))}: {reason['msg']}" if reason else str(error)
        raise errors.InputError(
            f"{str(path)!r}, line {number} is no conversation: {said}; a line is "
            '{"id": "...", "messages": [{"role": "user", "content": "..."}, ...]}'
        ) from error


def read_corpus(
    renderer: Renderer,
    data: Sequence[Path],
    validation: Sequence[Path] = (),
    *,
    share: float = 0.0,
    most: int = 100,
    max_length: int,
    seed: int = 0,
) -> Corpus:
    """Read and render the data.

    Args:
        renderer: of the base model.
        data: files to learn from.
        validation: files to validate on; with any, `share` is not used.
        share: of the data, taken for validation.
        most: conversations to validate on, at most; of a task that was drawn all are taken, also those above that number.
        max_length: longest conversation, in tokens.
        seed: of the split.

    Raises:
        InputError: a file is not as it should be, or nothing is left to learn.
    """
    left_out: Counter[str] = Counter()
    found = list(_render(renderer, read_lines(data), max_length, left_out))
    if validation:
        train, held = found, list(_render(renderer, read_lines(validation), max_length, left_out))[:most]
    else:
        drawn = sorted((_draw(example.kin, seed), example.kin) for example in found)
        taken = {kin for draw, kin in drawn[:most] if draw < share}
        train = [example for example in found if example.kin not in taken]
        held = [example for example in found if example.kin in taken]
    if not train:
        raise errors.InputError(f"nothing to learn in {[str(path) for path in data]}: left out {dict(left_out) or 'nothing, no lines'}")
    by_task = not validation and share > 0 and any(example.task for example in found)
    return Corpus(train, held, left_out, by_task)


def _render(renderer: Renderer, lines: Iterable[Conversation], max_length: int, left_out: Counter[str]) -> Iterator[Example]:
    for line in lines:
        example = renderer.example(line)
        if not any(example.learnt):
            left_out["no assistant turn to learn"] += 1
        elif len(example.ids) > max_length:
            left_out[f"longer than {max_length} tokens"] += 1
        else:
            yield example


def _draw(identity: str, seed: int) -> float:
    """A number from 0 to 1 that depends on nothing but the name that is drawn by and the seed."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{identity}".encode()).digest()[:6], "big") / 2**48

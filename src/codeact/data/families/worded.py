"""Wordings of many families, written as one text: a heading for each family, a template on each line.

    = original-price
    I paid {now} for {thing} {change}. What was {what}?
    [Work out|Find] {what} for {thing} at {now} {change}, which is a long
      template that goes on here.
    unseen:
    Go backwards: {now} is what {thing} costs {change}, so {what} is how much?

Invariant: a template is one line of words, however it was broken in the text. It does not: look into a template (`phrasing` does).
"""

from dataclasses import dataclass

from codeact import errors

_HEADING, _UNSEEN, _CONTINUED = "= ", "unseen:", "  "


@dataclass(frozen=True, slots=True)
class Wordings:
    """Templates of a family: those of training and test, and those that training never sees."""

    seen: tuple[str, ...]
    unseen: tuple[str, ...]


def read_wordings(text: str) -> dict[str, Wordings]:
    """The wordings of each heading.

    Args:
        text: as above; empty lines do not count.

    Raises:
        InputError: a template stands before the first heading, a heading comes twice, or one has no templates of a kind.
    """
    found: dict[str, tuple[list[str], list[str]]] = {}
    both: tuple[list[str], list[str]] | None = None
    kind: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        if line.startswith(_HEADING):
            name = line.removeprefix(_HEADING).strip()
            if name in found:
                raise errors.InputError(f"the wordings of {name!r} are given twice")
            found[name] = both = [], []
            kind = both[0]
        elif both is None:
            raise errors.InputError(f"a wording stands before the first heading: {line!r}")
        elif line.strip() == _UNSEEN:
            kind = both[1]
        elif line.startswith(_CONTINUED) and kind:
            kind[-1] += " " + line.strip()
        else:
            kind.append(line.strip())
    missing = next((name for name, (seen, unseen) in found.items() if not seen or not unseen), None)
    if missing is not None:
        raise errors.InputError(f"{missing!r} has no wordings, or no unseen ones")
    return {name: Wordings(tuple(seen), tuple(unseen)) for name, (seen, unseen) in found.items()}

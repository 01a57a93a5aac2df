"""What an agent keeps in its head while it walks through pages with calls: what it has read, where it is, and what it reads out of a
page.

Invariant: it goes only where a link that it has seen leads, and reads a page that it has read before no second time. It does not: know
what pages there are.
"""

import re
from collections.abc import Generator, Sequence
from typing import Any, TypeVar

from codeact.bench.policies import calls_of
from codeact.protocols import Call

Value = TypeVar("Value")
Steps = Generator[Sequence[Call], list[Any], Value]

_HEAD = re.compile(r"^Page (\S+), view (\d+) of (\d+)$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_BACK = Call("go_to_previous_page", ())


class Walk:
    """Where the browser is, and the views of all pages that were read."""

    def __init__(self) -> None:
        self._read: dict[str, list[str]] = {}
        self._way: list[str] = []
        self._at = 0
        self._due: list[Call] = []  # moves that nobody has to see the outcome of: they go with the next ones

    def start(self) -> Steps[str]:
        """Look at the page that is open."""
        return (yield from self._opened([Call("view", ())]))

    def click(self, address: str) -> Steps[str]:
        """Follow a link of the page; returns all of the page that it leads to."""
        return (yield from self._opened([*self._moves(address), *calls_of("click_url", (address,))]))

    def back(self) -> None:
        """Go back, as soon as anything else is done."""
        self._due.append(_BACK)
        self._way.pop()
        self._at = 0

    def looked_at(self, addresses: Sequence[str]) -> Steps[list[str]]:
        """The first view of each page that the page links to; the browser is back at the page then."""
        calls = list(self._due)
        self._due = []
        places: list[int] = []
        for address in addresses:
            calls += [*self._moves(address), *calls_of("click_url", (address,)), _BACK]
            places.append(len(calls) - 2)
            self._at = 0
        shown = yield calls
        return [shown[place] for place in places]

    def _opened(self, calls: list[Call]) -> Steps[str]:
        due, self._due = self._due, []
        *_, first = yield [*due, *calls]
        address, _, count = _parts(first)
        self._way.append(address)
        self._at = 0
        if address not in self._read:
            rest: list[str] = []
            if count > 1:
                rest = yield [Call("scroll_down", ())] * (count - 1)
                self._at = count - 1
            self._read[address] = [first, *rest]
        return "\n".join(self._read[address])

    def _moves(self, address: str) -> list[Call]:
        """Scrolling to the view with a link."""
        views = self._read[self._way[-1]]
        by = next(number for number, view in enumerate(views) if f"]({address})" in view) - self._at
        return [Call("scroll_down" if by > 0 else "scroll_up", ())] * abs(by)


def _parts(shown: str) -> tuple[str, int, int]:
    head = _HEAD.search(shown)
    if head is None:
        raise LookupError(f"no view begins so: {shown[:80]!r}")
    return head[1], int(head[2]), int(head[3])


def link(text: str, name: str) -> str:
    """The address of the link that shows a name, upper or lower case."""
    return next(address for shown, address in _LINK.findall(text) if shown.lower() == name.lower())


def below(text: str, under: str) -> list[str]:
    """Addresses of the links of a page to pages below it."""
    address = _parts(text)[0]
    return [found for _, found in _LINK.findall(text) if found.startswith(address.rstrip("/") + under)]


def field(text: str, name: str) -> str:
    """What stands after a name and a colon, without the address if it is a link."""
    found = re.search(rf"^{re.escape(name)}: (.+)$", text, re.MULTILINE)
    if found is None:
        raise LookupError(f"there is no {name!r} in {text[:80]!r}")
    return _LINK.sub(r"\1", found[1]).strip()


def price(text: str) -> str:
    """The number that is a page's price."""
    return field(text, "Price").split()[0]

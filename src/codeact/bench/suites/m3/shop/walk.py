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
Groups = Sequence[tuple[str | None, Sequence[str]]]

_HEAD = re.compile(r"^Page (\S+), view (\d+) of (\d+)$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_BACK = Call("go_to_previous_page", ())


class Walk:
    """Where the browser is, and the views of all pages that were seen."""

    def __init__(self) -> None:
        self._seen: dict[str, list[str]] = {}
        self._way: list[str] = []
        self._at = 0
        self._due: list[Call] = []  # moves that nobody has to see the outcome of: they go with the next ones

    def start(self) -> Steps[str]:
        """Look at the page that is open."""
        return (yield from self._opened([Call("view", ())]))

    def click(self, address: str) -> Steps[str]:
        """Follow a link of the page; returns all of the page that it leads to."""
        return (yield from self._opened([*self._moves(address), *calls_of("click_url", (address,))]))

    def enter(self, address: str) -> None:
        """Follow a link to a page that was seen, as soon as anything else is done."""
        self._due += [*self._moves(address), *calls_of("click_url", (address,))]
        self._way.append(address)
        self._at = 0

    def back(self) -> None:
        """Go back, as soon as anything else is done."""
        self._due.append(_BACK)
        self._way.pop()
        self._at = 0

    def is_at(self, address: str) -> bool:
        """Whether a page is open, or will be with what is due."""
        return self._way[-1] == address

    def tour(self, groups: Groups, *, whole: bool = False) -> Steps[dict[str, str]]:
        """Open pages side by side, and be back at the page then.

        Args:
            groups: address of a page that was seen and to which this one links (None: this one), and addresses to which that one links.
            whole: scroll those that were seen in part to their end; the others are looked at from their top.

        Returns:
            by address, what was seen of each page.
        """
        places: dict[str, list[int]] = {}
        calls, self._due = self._due, []
        for parent, addresses in groups:
            wanted = [address for address in addresses if not whole or self._missing(address)]
            if parent is not None:
                self.enter(parent)
            for address in wanted:
                self._visit(address, calls, places, rest=self._missing(address) if whole else 0)
            if parent is not None:
                self.back()
        shown = (yield calls) if places else []
        for address, found in places.items():
            self._seen[address] = [shown[place] for place in found]
        return {address: "\n".join(self._seen[address]) for _, addresses in groups for address in addresses}

    def _visit(self, address: str, calls: list[Call], places: dict[str, list[int]], *, rest: int) -> None:
        self.enter(address)
        calls += self._due
        places[address] = list(range(len(calls) - 1, len(calls) + rest))
        calls += [Call("scroll_down", ())] * rest
        self._due = []
        self.back()

    def _missing(self, address: str) -> int:
        """Views of a page that were not seen."""
        return _parts(self._seen[address][0])[2] - len(self._seen[address])

    def _opened(self, calls: list[Call]) -> Steps[str]:
        due, self._due = self._due, []
        *_, first = yield [*due, *calls]
        address = _parts(first)[0]
        self._way.append(address)
        self._at = 0
        self._seen.setdefault(address, [first])
        rest = self._missing(address)
        if rest:
            self._seen[address] += yield [Call("scroll_down", ())] * rest
            self._at = rest
        return "\n".join(self._seen[address])

    def _moves(self, address: str) -> list[Call]:
        """Scrolling to the view with a link."""
        views = self._seen[self._way[-1]]
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

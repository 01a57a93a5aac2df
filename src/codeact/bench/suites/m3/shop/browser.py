"""A browser of text: pages in views of five lines, links to click, a way back.

Invariant: it is always at a page that there is, and at a view that the page has. It does not: go anywhere but through a link that is in
view.
"""

import threading
from collections import deque
from collections.abc import Mapping, Sequence

from codeact.bench.suites.m3.shop.pages import LINK

LINES = 5
"""Lines of a page that a view shows."""

_MOST_BACK = 1000


class Browser:
    """One browser, open at a page.

    Args:
        pages: address to lines.
        start: address of the page that is open first.
    """

    def __init__(self, pages: Mapping[str, Sequence[str]], start: str) -> None:
        self._pages = pages
        self._address = start
        self._view = 0
        self._before: deque[str] = deque(maxlen=_MOST_BACK)
        self._lock = threading.Lock()  # code may call from several threads

    def view(self) -> str:
        """What is in view: a line "Page ADDRESS, view I of N", then up to five lines of the page; links look so: [text](/address)."""
        with self._lock:
            return self._shown()

    def click_url(self, url: str) -> str:
        """Open the page of a link that is in view, at its top; returns what is then in view (as `view` does).

        Args:
            url: the address of the link, such as /about.
        """
        with self._lock:
            if url not in self._links(self._lines()):
                elsewhere = url in self._links(self._pages[self._address])
                why = "the link is on this page, but not in this view: scroll to it" if elsewhere else "click only links that are in view"
                raise ValueError(f"there is no link to {url[:80]!r} in view; {why}. You are still at {self._head()}")
            self._before.append(self._address)
            self._open(url)
            return self._shown()

    def go_to_previous_page(self) -> str:
        """Open the page again from which this one was opened, at its top; returns what is then in view."""
        with self._lock:
            if not self._before:
                return f"(There is no page before this one.)\n{self._shown()}"
            self._open(self._before.pop())
            return self._shown()

    def scroll_down(self) -> str:
        """Show the next five lines of the page; returns what is then in view. At the last view nothing changes, and a line says so."""
        return self._scrolled(1, "end")

    def scroll_up(self) -> str:
        """Show the five lines before; returns what is then in view. At the first view nothing changes, and a line says so."""
        return self._scrolled(-1, "top")

    def _scrolled(self, by: int, edge: str) -> str:
        with self._lock:
            if not 0 <= self._view + by < self._views():
                return f"(This is the {edge} of the page.)\n{self._shown()}"
            self._view += by
            return self._shown()

    def _open(self, address: str) -> None:
        self._address, self._view = address, 0

    def _views(self) -> int:
        return max(1, -(-len(self._pages[self._address]) // LINES))

    def _lines(self) -> Sequence[str]:
        return self._pages[self._address][self._view * LINES : (self._view + 1) * LINES]

    def _links(self, lines: Sequence[str]) -> list[str]:
        return [address for line in lines for _, address in LINK.findall(line)]

    def _head(self) -> str:
        return f"Page {self._address}, view {self._view + 1} of {self._views()}"

    def _shown(self) -> str:
        return "\n".join([self._head(), *self._lines()])

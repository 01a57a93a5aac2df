"""A real browser for tests of the page: Debian's chromium, which notes what it must not do.

Invariant: a page that runs a script that is not ours, shows a dialog, reports an error or asks for anything from elsewhere fails its test.
"""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from codeact.tools.function import tool
from server.serving import Served, script, served

CHROMIUM = shutil.which("chromium")
SECONDS = 20_000
"""Milliseconds for which a page is waited for."""


@dataclass(slots=True)
class Noted:
    """What pages did that they must not do."""

    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def watch(self, page: Page, origin: str) -> None:
        """Note what a page does.

        Args:
            page: to watch.
            origin: of the server, the only one that may be asked; empty: none may.
        """

        async def dismiss(dialog: Any) -> None:
            self.dialogs.append(dialog.message)
            await dialog.dismiss()

        def requested(request: Any) -> None:
            parts = urlsplit(request.url)
            if parts.scheme not in ("data", "blob", "about", "file") and f"{parts.scheme}://{parts.netloc}" != origin:
                self.foreign.append(request.url)

        def said(message: Any) -> None:
            if message.type == "error":
                (self.refused if "Content Security Policy" in message.text else self.errors).append(message.text)

        page.on("dialog", dismiss)
        page.on("request", requested)
        page.on("console", said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def check(self, *, refused: bool = False) -> None:
        """Fail if anything was noted; `refused`: what the policy had to refuse does not count."""
        assert (self.dialogs, self.errors, self.foreign) == ([], [], [])
        assert refused or self.refused == []


@dataclass(slots=True)
class Visit:
    """A page of a server, in a browser.

    Args:
        up: the server.
        browser: that shows it.
        context: of the page: its storage, its size.
        page: the first tab.
        noted: what pages did.
    """

    up: Served
    browser: Browser
    context: BrowserContext
    page: Page
    noted: Noted

    async def ask(self, words: str) -> None:
        """Ask for something on the first page, and come to the page of the run."""
        await self.page.goto(self.up.url)
        await self.page.fill("#words", words)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/runs/run-*")

    async def asked(self, words: str) -> str:
        """Ask, and wait for the end; the id of the run."""
        await self.ask(words)
        await self.ended()
        return self.run_id

    @property
    def run_id(self) -> str:
        """Of the run that is shown."""
        return self.page.url.rpartition("/")[2]

    async def ended(self, count: int = 1) -> None:
        """Wait until so many messages have been worked on."""
        await self.page.locator(".ended").nth(count - 1).wait_for()

    async def tab(self) -> Page:
        """Another tab of the same browser."""
        page = await self.context.new_page()
        self.noted.watch(page, self.up.url)
        return page


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser; the test is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visit(folder: Path, turns: list[str], *, tools: list[Callable[..., Any]] | None = None, **more: Any) -> AsyncIterator[Visit]:
    """A server whose model writes these turns, and a browser on it; fails if a page did what it must not.

    Args:
        folder: for its files.
        turns: that the model writes in each run.
        tools: that code can call.
        more: of the browser's context.
    """
    async with served(str(folder / "runs.db"), script(folder, turns), tools=[tool(each) for each in tools or []]) as up, chromium() as browser:
        context = await browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **more})
        context.set_default_timeout(SECONDS)
        noted = Noted()
        page = await context.new_page()
        noted.watch(page, up.url)
        yield Visit(up, browser, context, page, noted)
        noted.check()


def act(code: str, thought: str = "") -> str:
    """A turn that runs code."""
    return f"{thought}\n<execute>\n{code}\n</execute>" if thought else f"<execute>\n{code}\n</execute>"


def answer(text: str) -> str:
    """A turn that answers."""
    return f"<solution>{text}</solution>"

"""A real browser for tests of the page: Debian's chromium, which notes what it must not do.

Invariant: a page that runs a script that is not ours, shows a dialog, reports an error or asks for anything from elsewhere fails its test.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from server.serving import Served, script

CHROMIUM = shutil.which("chromium")
MOST_MS = 20_000
"""For which a page is waited for."""
expect.set_options(timeout=MOST_MS)


@dataclass(slots=True)
class Noted:
    """What pages did that they must not do; `may_refuse`: a policy or a sandbox may have had to refuse something."""

    may_refuse: bool = False
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note what a page does."""

        async def dismiss(dialog: Any) -> None:
            self.dialogs.append(dialog.message)
            await dialog.dismiss()

        def said(message: Any) -> None:
            if message.type == "error":
                (self.refused if _is_refusal(message.text) else self.errors).append(message.text)

        page.on("dialog", dismiss)
        page.on("console", said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def check(self) -> None:
        """Fail if anything was noted."""
        assert (self.dialogs, self.errors, self.foreign) == ([], [], [])
        assert self.may_refuse or self.refused == []


def _is_refusal(text: str) -> bool:
    """Whether the browser says that it did not do what a policy or a sandbox forbids."""
    return any(said in text for said in ("Content Security Policy", "sandboxed", "Not allowed to load local resource", "Unsafe attempt"))


@dataclass(slots=True)
class Visit:
    """A page of a server, in a browser.

    Args:
        up: the server.
        folder: for files of the test, and the script of the model.
        context: of the page: its storage, its size.
        page: the first tab.
        noted: what pages did.
    """

    up: Served
    folder: Path
    context: BrowserContext
    page: Page
    noted: Noted

    def writes(self, turns: Sequence[str]) -> None:
        """Have the model write these turns, in each run from now on."""
        script(self.folder, turns)

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

    async def begun(self, words: str = "go", **more: Any) -> str:
        """Begin a run over the API, and open its page; its id."""
        run = await self.up.run(words, **more)
        await self.page.goto(f"{self.up.url}/runs/{run['id']}")
        return run["id"]

    @property
    def run_id(self) -> str:
        """Of the run that is shown."""
        return urlsplit(self.page.url).path.rpartition("/")[2]

    async def ended(self, count: int = 1) -> None:
        """Wait until so many messages have been worked on."""
        await self.page.locator(".ended").nth(count - 1).wait_for()

    async def tab(self) -> Page:
        """Another tab of the same browser."""
        page = await self.context.new_page()
        self.noted.watch(page)
        return page


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser, and what came to the listener that it takes for the place that hostile text names."""

    browser: Browser
    foreign: list[str]

    async def context(self, noted: Noted, **options: Any) -> BrowserContext:
        """A context that knows nothing yet; what it does elsewhere is noted."""
        noted.foreign = self.foreign
        context = await self.browser.new_context(**options)
        context.set_default_timeout(MOST_MS)
        return context


@asynccontextmanager
async def chromium() -> AsyncIterator[Opened]:
    """The browser; the test is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    came: list[str] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append((await reader.readline()).decode("latin-1").strip())
        writer.close()

    listener = await asyncio.start_server(note, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    led = f"--host-resolver-rules=MAP elsewhere.test 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    async with listener, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", led])
        try:
            yield Opened(browser, came)
        finally:
            await browser.close()


@asynccontextmanager
async def visited(up: Served, browser: Opened, folder: Path, **options: Any) -> AsyncIterator[Visit]:
    """A browser that knows nothing yet, on a page of a server; fails if a page did what it must not.

    Args:
        up: the server.
        browser: that shows it.
        folder: of the model's script.
        options: of the browser's context, for example its size.
    """
    noted = Noted()
    context = await browser.context(noted, **{"viewport": {"width": 1280, "height": 860}, **options})
    page = await context.new_page()
    noted.watch(page)
    try:
        yield Visit(up, folder, context, page, noted)
    finally:
        await context.close()
    noted.check()


def act(code: str, thought: str = "") -> str:
    """A turn that runs code."""
    return f"{thought}\n<execute>\n{code}\n</execute>" if thought else f"<execute>\n{code}\n</execute>"


def answer(text: str) -> str:
    """A turn that answers."""
    return f"<solution>{text}</solution>"


async def drop(page: Page, name: str, content: str, *, idle: bool = True) -> None:
    """Drop a file on the page; a page that follows a run is never idle."""
    if idle:
        await page.wait_for_load_state("networkidle")
    transfer = await page.evaluate_handle(
        "([name, content]) => { const t = new DataTransfer(); t.items.add(new File([content], name)); return t; }", [name, content]
    )
    await page.dispatch_event("main", "drop", {"dataTransfer": transfer})

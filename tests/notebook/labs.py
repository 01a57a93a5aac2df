"""A real JupyterLab, and a notebook in it that a browser shows.

Invariant: nothing of it is outside of the folder of the test, and nothing but loopback is asked. It does not: look at outputs (tests do).
"""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.async_api import Locator, Page, expect

_TOKEN = "of-this-test"
_QUIET = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
_START_SECONDS = 60
_KERNEL_MS = 60_000
_RAN = re.compile(r"\[\d+\]:")
_IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'


@dataclass(frozen=True, slots=True)
class Lab:
    """A server.

    Args:
        folder: whose notebooks it has.
        url: of it.
    """

    folder: Path
    url: str

    async def open(self, page: Page, face: str, name: str) -> "Notebook":
        """Make a notebook with one empty cell, and open it.

        Args:
            page: of a browser.
            face: ``lab/workspaces/{workspace}/tree`` or ``notebooks``.
            name: of the notebook's file.
        """
        path = self.folder / name
        cells = [nbformat.v4.new_code_cell("")]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
        place = face.format(workspace=path.stem)  # one of its own: JupyterLab opens again what was open in it
        await page.goto(f"{self.url}/{place}/{name}?token={_TOKEN}")
        await page.locator(_IDLE).wait_for(timeout=_KERNEL_MS)
        return Notebook(page, path)


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook that is open.

    Args:
        page: that shows it.
        path: of its file.
    """

    page: Page
    path: Path

    async def begin(self, code: str) -> Locator:
        """Type this into the last cell, and run it; its output."""
        cells = self.page.locator(".jp-Notebook .jp-CodeCell")
        number = await cells.count() - 1
        editor = cells.nth(number).locator(".cm-content")
        await editor.click()
        await expect(editor).to_be_focused()  # elsewhere the letters would be commands
        await editor.press_sequentially(code)
        await expect(editor).to_contain_text(code.partition("\n")[0])
        await editor.press("Shift+Enter")
        await cells.nth(number + 1).wait_for()
        return cells.nth(number).locator(".jp-Cell-outputArea")

    async def run(self, code: str) -> Locator:
        """Type this into the last cell, run it, and wait for its end; its output."""
        output = await self.begin(code)
        prompt = output.locator("xpath=ancestor::*[contains(@class, 'jp-CodeCell')]").locator(".jp-InputArea-prompt")
        await expect(prompt).to_have_text(_RAN, timeout=_KERNEL_MS)
        return output

    async def idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        await self.page.locator(_IDLE).wait_for(timeout=_KERNEL_MS)

    async def stop(self) -> None:
        """Press the stop button."""
        await self.page.locator('[data-jp-item-name="interrupt"]').first.click()

    async def save(self) -> None:
        """Save it, and wait until it is on the disk."""
        before = self.path.stat().st_mtime_ns
        await self.page.keyboard.press("Control+s")
        while self.path.stat().st_mtime_ns == before:  # noqa: ASYNC110 -- a file tells nobody
            await asyncio.sleep(0.05)

    async def reload(self) -> None:
        """Have the page loaded again."""
        await self.page.reload()
        await self.page.locator(_IDLE).wait_for(timeout=_KERNEL_MS)


@asynccontextmanager
async def jupyterlab(folder: Path, theme: str = "JupyterLab Light") -> AsyncIterator[Lab]:
    """A server on loopback.

    Args:
        folder: whose notebooks it has; its own files are in it too.
        theme: of its pages.
    """
    own = folder / ".jupyter"
    for name, values in {**_QUIET, "apputils-extension/themes": {"theme": theme}}.items():
        setting = own / f"settings/@jupyterlab/{name}.jupyterlab-settings"
        setting.parent.mkdir(parents=True, exist_ok=True)
        setting.write_text(json.dumps(values), encoding="utf-8")
    places = {f"JUPYTER_{name}_DIR": str(own / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    places |= {f"JUPYTERLAB_{name}_DIR": str(own / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
        *(f"--IdentityProvider.token={_TOKEN}", "--LabApp.news_url=", "--LabApp.extension_manager=readonly"),
        env={**os.environ, **places, "IPYTHONDIR": str(own / "ipython"), "CODEACT_PRELOAD": "[]"},
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_START_SECONDS):
            url = await _address(own / "runtime" / f"jpserver-{process.pid}.json")
        yield Lab(folder, url)
    finally:
        process.terminate()
        await process.wait()


async def _address(file: Path) -> str:
    """Where the server is, once it says so."""
    while not (said := _said(file)):  # noqa: ASYNC110 -- a file tells nobody
        await asyncio.sleep(0.1)
    return str(json.loads(said)["url"]).rstrip("/")


def _said(file: Path) -> str:
    """What is in the file, if it is whole."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return text if text.rstrip().endswith("}") else ""

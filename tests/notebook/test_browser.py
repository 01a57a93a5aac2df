"""`%%agent` in JupyterLab and in Notebook, as somebody sees it who types, watches, presses stop, saves and comes back."""

from collections.abc import AsyncIterator
from importlib import metadata

import pytest
import pytest_asyncio
from playwright.async_api import Dialog, Locator, Page, expect

from notebook.kernels import LOAD, acting, answering, script
from notebook.labs import Lab, jupyterlab
from page.browsing import Noted, Opened, chromium

PATIENCE_MS = 60_000
INSTALLED = {str(found.name) for found in metadata.distributions()}
EVIL = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'><img src='http://elsewhere.test/leak'>"
SHOWS = f"""
import base64
from IPython.display import HTML, Markdown, display
print({EVIL!r})
display(HTML({EVIL!r}), Markdown("![x](http://elsewhere.test/leak) " + {EVIL!r}))
display({{"text/html": "<table><tr><td>tea</td><td>2.5" + {EVIL!r} + "</td></tr></table>"}}, raw=True)
display({{"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran = 1'><circle r='9'/></svg>"}}, raw=True)
"""
DRAWS = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif("jupyterlab" not in INSTALLED, reason="jupyterlab is not installed: pip install jupyterlab"),
]


def face(path: str, package: str) -> object:
    """A face of Jupyter; its tests are skipped where it is not installed."""
    missing = pytest.mark.skipif(package not in INSTALLED, reason=f"{package} is not installed: pip install {package}")
    return pytest.param(path, id=package, marks=missing)


FACES = [face("lab/workspaces/{workspace}/tree", "jupyterlab"), face("notebooks", "notebook")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lab]:
    """The server."""
    async with jupyterlab(tmp_path_factory.mktemp("lab")) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Opened]:
    """The browser."""
    async with chromium() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Opened) -> AsyncIterator[Page]:
    """A page; what it must not do fails the test."""
    noted = Noted()
    context = await browser.context(noted, viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(PATIENCE_MS)
    one = await context.new_page()

    async def close(dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            noted.dialogs.append(dialog.message)
        await dialog.accept()

    one.on("dialog", close)
    yield one
    await context.close()
    assert (noted.dialogs, noted.foreign) == ([], [])


async def seen(output: Locator, text: str) -> None:
    """Wait until this is in the output."""
    await expect(output).to_contain_text(text, timeout=PATIENCE_MS)


async def harmless(page: Page) -> None:
    """Nothing that an agent showed has run, and no output holds a script or asks for anything."""
    assert await page.evaluate("window.ran") is None
    assert await page.locator(".jp-Cell-outputArea script").count() == 0
    sources = await page.locator(".jp-Cell-outputArea img").evaluate_all("all => all.map(one => one.src)")
    assert [source for source in sources if not source.startswith("data:image/")] == []


@pytest.mark.parametrize("face", FACES)
async def test_output_streams_the_stop_button_ends_it_and_the_session_goes_on(face: str, lab: Lab, page: Page) -> None:
    sleeps = "import time\nkept = 42\nprint('asleep', flush=True)\ntime.sleep(60)"
    model = script(lab.folder, "sleep.txt", acting(sleeps, "I sleep."), acting("kept + 1"), answering("It is **43**."))
    notebook = await lab.open(page, face, f"sleep-{face.partition('/')[0]}.ipynb")
    await notebook.run(LOAD)
    output = await notebook.begin(f"%%agent --model {model}\nSleep")
    await output.get_by_text("asleep", exact=True).wait_for()
    await seen(output, "turn 1: running")
    await notebook.stop()
    await seen(output, "stopped by you; the variables are kept: go on in another cell")
    await notebook.idle()
    output = await notebook.run("%agent And now?")
    await output.locator("strong", has_text="43").wait_for()
    output = await notebook.run("print(_agent.state)")
    await seen(output, "answered")


@pytest.mark.parametrize("face", FACES)
async def test_a_figure_a_table_and_an_answer_are_there_and_harmless_when_the_notebook_is_loaded_again(
    face: str, lab: Lab, page: Page
) -> None:
    model = script(lab.folder, "evil.txt", acting(DRAWS), acting(SHOWS, EVIL), answering(f"The *end*. {EVIL}"))
    notebook = await lab.open(page, face, f"evil-{face.partition('/')[0]}.ipynb")
    await notebook.run(LOAD)
    await notebook.run(f"%%agent --model {model}\nDraw {EVIL}")
    for loaded in range(2):
        output = page.locator(".jp-Cell-outputArea").nth(1)
        await output.locator("em", has_text="end").wait_for()
        await expect(output.locator("img[src^='data:image/png']")).to_have_count(1)
        await expect(output.locator("img[src^='data:image/svg']")).to_have_count(1)
        await expect(output.locator("td").first).to_have_text("tea")
        await harmless(page)
        if not loaded:
            await notebook.save()
            await notebook.reload()

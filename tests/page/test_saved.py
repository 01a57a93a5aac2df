"""Runs that are handed on: one HTML file, read offline; a saved trajectory, dropped on the page."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from codeact.server.page.standalone import to_html
from codeact.trajectory import load
from page.browsing import Noted, Opened, Visit, act, answer, drop

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = (
    "import pandas as pd\nfrom IPython.display import HTML, display\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
    'display(HTML(\'<p style="color: red">framed</p><script>parent.document.title = "taken"</script>\'))\n'
    "pd.DataFrame({'n': [3, 1, 2]})"
)


async def test_the_exported_file_is_read_offline_with_its_tables_figures_and_frames(here: Visit, browser: Opened, tmp_path: Path) -> None:
    here.writes([act(CODE, "All **kinds**."), answer("Read `it` anywhere.")])
    await here.asked("show everything")
    await here.page.click("#open-about")
    async with here.page.expect_download() as fetched:
        await here.page.get_by_role("button", name="HTML file").click()
    path = tmp_path / "run.html"
    await (await fetched.value).save_as(path)

    noted = Noted()
    context = await browser.context(noted, offline=True)
    page = await context.new_page()
    noted.watch(page)
    await page.goto(path.as_uri())
    await expect(page.locator("h1")).to_have_text("show everything")
    await expect(page.locator(".thought strong")).to_have_text("kinds")
    await expect(page.locator(".answer code")).to_have_text("it")
    assert await page.locator("figure img").evaluate("image => image.naturalWidth > 100")
    await expect(page.frame_locator("iframe").locator("p")).to_have_text("framed")
    await page.get_by_role("button", name="n", exact=True).click()
    await expect(page.locator("tbody td")).to_have_text(["1", "2", "3"])
    assert await page.title() == "show everything"
    assert await page.locator("[data-act=back], [data-act=recode], [data-act=reword]").count() == 0
    noted.check()
    await context.close()


async def test_the_file_is_the_same_from_a_saved_trajectory(here: Visit, tmp_path: Path) -> None:
    here.writes([act("print(1)"), answer("one")])
    run = await here.asked("one")
    path = tmp_path / "run.jsonl"
    path.write_text((await here.up.http.get(f"/api/v1/runs/{run}/export", params={"to": "jsonl"})).text, encoding="utf-8")
    assert to_html(load(path)) == (await here.up.http.get(f"/page/runs/{run}/document")).text


async def test_a_saved_trajectory_is_dropped_and_read(here: Visit) -> None:
    here.writes([act("print('kept')"), answer("one")])
    run = await here.asked("to be kept")
    text = (await here.up.http.get(f"/api/v1/runs/{run}/export", params={"to": "jsonl"})).text
    await here.page.goto(here.up.url)
    await drop(here.page, "run.jsonl", text)
    await expect(here.page.locator("#saved h1")).to_have_text("to be kept")
    await expect(here.page.locator("#saved .observed pre.out")).to_have_text("kept")
    await expect(here.page.locator("#saved [data-act=back]")).to_have_count(0)
    await expect(here.page.locator("#asking")).to_be_hidden()


async def test_a_file_that_is_no_trajectory_is_told(here: Visit) -> None:
    await here.page.goto(here.up.url)
    await drop(here.page, "run.jsonl", '{"codeact": "trajectory", "version": 1}\n{"type": "no such"}\n')
    await expect(here.page.locator("#toasts")).to_contain_text("the file is no trajectory")
    here.noted.errors.clear()  # the answer 422

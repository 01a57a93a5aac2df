"""Decisions, files and keys on the page."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from codeact.store.kept import open_store
from page.browsing import Opened, Visit, act, answer, drop, visited
from server.serving import script, served

pytestmark = pytest.mark.asyncio(loop_scope="module")

CSV = "item,price\napple,2\npear,3\nplum,4\n"


async def test_an_action_is_denied_with_a_reason_that_the_model_is_told(here: Visit) -> None:
    here.writes([act("open('made', 'w')"), answer("I leave it.")])
    await here.page.goto(here.up.url)
    await here.page.select_option("#ask", "actions")
    await here.page.fill("#words", "make a file")
    await here.page.click("#send")
    card = here.page.locator(".asked.open")
    await expect(card.locator("code")).to_have_text("open('made', 'w')\n")
    await expect(here.page.locator("#standing-words")).to_have_text("Waiting for your decision")
    await card.get_by_role("button", name="Deny").click()
    await card.get_by_role("textbox").fill("no files, please")
    await card.get_by_role("button", name="Deny it").click()
    await here.ended()
    await expect(here.page.locator(".asked .aside")).to_have_text("You denied the action: no files, please")
    await expect(here.page.locator(".feedback pre")).to_contain_text("no files, please")
    await expect(here.page.locator(".cell")).to_have_count(0)


async def test_an_action_is_edited_and_run(here: Visit) -> None:
    here.writes([act("print('as written')"), answer("done")])
    await here.begun(ask="actions")
    card = here.page.locator(".asked.open")
    await card.get_by_role("button", name="Edit").click()
    await card.locator("textarea").fill("print('as edited')")
    await card.get_by_role("button", name="Do it as edited").click()
    await here.ended()
    await expect(here.page.locator(".cell code")).to_have_text("print('as edited')\n")
    await expect(here.page.locator(".observed pre.out").first).to_have_text("as edited")


async def test_what_is_allowed_for_the_run_is_not_asked_again(here: Visit) -> None:
    here.writes([act("print(1)"), act("print(2)"), answer("done")])
    await here.begun(ask="actions")
    card = here.page.locator(".asked.open")
    await card.get_by_label("do not ask again").check()
    await card.get_by_role("button", name="Run").click()
    await here.ended()
    await expect(here.page.locator(".asked .aside")).to_have_text(["You allowed the action (for the whole run)"])
    await expect(here.page.locator(".cell")).to_have_count(2)


async def test_a_call_is_edited_before_it_is_made(here: Visit) -> None:
    here.writes([act("print(pay(5, note='rent'))"), answer("paid")])
    await here.begun(ask="calls")
    card = here.page.locator(".asked.open")
    await expect(card.locator("h3")).to_have_text("Make this call?")
    await card.get_by_role("button", name="Edit").click()
    await card.locator("textarea").fill('{"args": [1], "kwargs": {"note": "less"}}')
    await card.get_by_role("button", name="Do it as edited").click()
    await here.ended()
    await expect(here.page.locator(".observed pre.out").first).to_have_text("paid 1 less")
    await expect(here.page.locator(".called summary")).to_contain_text("'paid 1 less'")


async def test_a_question_is_answered_in_one_tab_and_gone_in_the_other(here: Visit) -> None:
    here.writes([act("print(1)"), answer("done")])
    await here.begun(ask="actions")
    other = await here.tab()
    await other.goto(here.page.url)
    await expect(other.locator(".asked.open")).to_have_count(1)
    await here.page.get_by_role("button", name="Run", exact=True).last.click()
    await expect(other.locator(".asked.open")).to_have_count(0)
    await expect(other.locator(".answer")).to_have_count(1)


async def test_a_csv_file_is_dropped_asked_about_looked_at_and_fetched(here: Visit) -> None:
    here.writes(
        [act("import csv\nrows = list(csv.DictReader(open('prices.csv')))\nprint(sum(int(r['price']) for r in rows))"), answer("**9**")]
    )
    await here.page.goto(here.up.url)
    await drop(here.page, "prices.csv", CSV)
    await expect(here.page.locator("#given li")).to_contain_text("prices.csv")
    await here.page.fill("#words", "What do they cost together?")
    await here.page.keyboard.press("Enter")
    await here.ended()
    await expect(here.page.locator(".said .chips li")).to_have_text("prices.csv")
    await expect(here.page.locator(".observed pre.out").first).to_have_text("9")
    await expect(here.page.locator(".answer strong")).to_have_text("9")
    await here.page.click("#open-files")
    await here.page.get_by_role("button", name="prices.csv", exact=True).click()
    await expect(here.page.locator(".preview tbody tr")).to_have_count(3)
    async with here.page.expect_download() as fetched:
        await here.page.get_by_role("button", name="Download prices.csv").click()
    path = await (await fetched.value).path()
    assert await asyncio.to_thread(path.read_text, encoding="utf-8") == CSV


async def test_files_that_code_made_are_previewed_as_what_they_are(here: Visit) -> None:
    code = (
        "import base64, pathlib\n"
        "pathlib.Path('dot.png').write_bytes(base64.b64decode("
        "'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))\n"
        "pathlib.Path('notes.md').write_text('# Notes')\npathlib.Path('raw.bin').write_bytes(bytes(range(256)))\n"
        "pathlib.Path('code.py').write_text('import os')"
    )
    here.writes([act(code), answer("made")])
    await here.asked("make files")
    await here.page.locator(".changes").get_by_role("button", name="dot.png").click()
    await expect(here.page.locator(".preview img")).to_be_visible()
    for name, shown in (("notes.md", "h4"), ("raw.bin", ".text"), ("code.py", ".s-kn")):
        await here.page.get_by_role("button", name=name, exact=True).last.click()
        await expect(here.page.locator(f".preview {shown}").last).to_be_visible()


async def test_a_key_is_asked_for_once_and_kept_for_the_tab(here: Visit, browser: Opened, tmp_path: Path) -> None:
    database = str(tmp_path / "keys.db")
    store = await open_store(database)
    try:
        key = (await store.keys.make("me", ["run", "read"]))[1]
    finally:
        await store.aclose()
    async with (
        served(database, script(tmp_path, [act("print(1)"), answer("one")]), key=key) as up,
        visited(up, browser, tmp_path) as visit,
    ):
        page = visit.page
        await page.goto(up.url)
        dialog = page.locator("#key-dialog")
        await expect(dialog).to_be_visible()
        await page.fill("#key-field", "cak_wrong")
        await page.keyboard.press("Enter")
        await expect(page.locator("#toasts")).to_contain_text("not known")
        await page.fill("#key-field", key)
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()
        await page.fill("#words", "count")
        await page.keyboard.press("Enter")
        await visit.ended()
        await expect(dialog).to_be_hidden()
        assert await page.evaluate("[sessionStorage.length, localStorage.length, document.cookie]") == [1, 0, ""]
        for path in ("/", f"/runs/{visit.run_id}"):
            shell = await up.http.get(path, headers={"Authorization": ""})
            assert shell.status_code == 200 and "count" not in shell.text
        for path in (f"/page/runs/{visit.run_id}/blocks", "/page/runs", f"/page/runs/{visit.run_id}/document"):
            assert (await up.http.get(path, headers={"Authorization": ""})).status_code == 401
        visit.noted.errors.clear()  # the answers 401


async def test_the_page_works_below_a_path_of_a_proxy(here: Visit, browser: Opened, tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, [answer("one")]), prefix="/agents") as up:
        html = (await up.http.get("/")).text
        assert 'href="/agents/static/' in html and 'data-root="/agents"' in html

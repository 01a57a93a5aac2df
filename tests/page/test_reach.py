"""The page for everybody: by keyboard alone, on a phone, dark, with a screen reader."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from page.browsing import Opened, Visit, act, answer, visited

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

TURNS = [
    act("print('a' * 400)\n{'wide': ['a much longer value than fits on a phone'] * 3}", "I look."),
    act("import pandas as pd\npd.DataFrame({f'column {n}': range(3) for n in range(12)})"),
    act("1 / 0  # a comment, and 'a string' that goes on for longer than a phone is wide, by far"),
    answer("A [link](https://example.org), `code`, and\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
]

COMPLAINTS = Path(__file__).with_name("complaints.js").read_text(encoding="utf-8")


async def complaints(page: Page) -> list[str]:
    """Controls without a name, and text that is too faint."""
    assert await page.evaluate("document.querySelectorAll('h1').length === 1 && document.documentElement.lang === 'en'")
    assert await page.evaluate("document.querySelectorAll('main').length === 1")
    return await page.evaluate(COMPLAINTS)


async def test_all_is_done_by_keyboard_alone(here: Visit) -> None:
    here.writes([act("print(1)", "One."), act("print(2)", "Two."), answer("done")])
    page = here.page
    await page.goto(here.up.url)
    await expect(page.locator("#words")).to_be_focused()
    await page.keyboard.type("by keys")
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(page.locator("#ask")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    for _ in range(2):
        await page.keyboard.press("Tab")
    await expect(page.locator("#send")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".asked.open")).to_be_visible()
    await page.locator("#run").evaluate("node => { node.tabIndex = -1; node.focus(); }")
    while await page.evaluate("document.activeElement.dataset.act") != "allow":
        await page.keyboard.press("Tab")
    for _ in range(3):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await here.ended()
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await expect(page.locator("#t1")).to_be_focused()
    await page.keyboard.press("b")
    await expect(page.locator("#mode")).to_contain_text("end of turn 1")
    await page.keyboard.press("Escape")
    await expect(page.locator("#mode")).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.keyboard.press("t")
    await expect(page.locator("#panel-title")).to_have_text("Branches")
    await page.keyboard.press("Escape")
    await expect(page.locator("#panel")).to_be_hidden()
    await expect(page.locator("#open-family")).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.locator("#keys-dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await expect(page.locator("#words")).to_be_focused()


async def test_a_first_answer_its_files_and_a_branch_are_had_without_a_mouse(here: Visit) -> None:
    kept = act("open('kept.txt', 'w').write('by keys')", "One.")
    here.writes([kept, act("print(2)", "Two."), answer("done")])
    page = here.page
    await page.goto(here.up.url)
    await expect(page.locator("#words")).to_be_focused()
    await page.keyboard.type("by keys alone")
    await page.keyboard.press("Enter")
    await here.ended()
    first = here.run_id
    await page.keyboard.press("f")
    await expect(page.locator("#panel-close")).to_be_focused()
    await expect(page.locator(".files li")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.locator(".files .link")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".preview")).to_have_text("by keys")
    await page.keyboard.press("Escape")
    await expect(page.locator("#open-files")).to_be_focused()
    await page.keyboard.press("j")
    await expect(page.locator("#t1")).to_be_focused()
    await page.keyboard.press("b")
    await expect(page.locator("#words")).to_be_focused()
    here.writes([kept, act("print('another')"), answer("otherwise")])
    await page.keyboard.type("another way")
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: first not in url)
    await here.ended()
    await expect(page.locator(".answer .prose")).to_have_text("otherwise")


@pytest.mark.parametrize(("motion", "moving"), [("reduce", 0), ("no-preference", 1)])
async def test_nothing_moves_for_who_wants_no_motion(here: Visit, browser: Opened, motion: str, moving: int) -> None:
    here.writes([act("import time\ntime.sleep(30)"), answer("done")])
    async with visited(here.up, browser, here.folder, reduced_motion=motion) as visit:
        await visit.ask("wait")
        await expect(visit.page.locator("#interrupt")).to_be_visible()
        assert await visit.page.evaluate("document.getAnimations().filter((each) => each.animationName === 'beat').length") == moving
        await visit.page.click("#stop")
        await visit.ended()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.slow
async def test_nothing_is_wider_than_the_screen_nameless_or_faint(here: Visit, browser: Opened, scheme: str, width: int) -> None:
    here.writes(TURNS)
    options = {"viewport": {"width": width, "height": 720}, "color_scheme": scheme, "reduced_motion": "reduce"}
    async with visited(here.up, browser, here.folder, **options) as visit:
        page = visit.page
        await visit.asked("look around")
        fits = "document.documentElement.scrollWidth <= innerWidth"
        assert await page.evaluate(fits)
        assert await complaints(page) == []
        for panel in ("files", "family", "about"):
            await page.click(f"#open-{panel}")
            await expect(page.locator("#panel-body")).not_to_have_text("…")
            assert await page.evaluate(fits)
            assert await complaints(page) == []
            await page.click("#panel-close")
        await page.click(".brand")
        await expect(page.locator(".runs .row").first).to_be_visible()
        assert await page.evaluate(fits)
        assert await complaints(page) == []


async def test_on_a_phone_the_line_of_a_run_that_works_stays_one_line(here: Visit, browser: Opened) -> None:
    here.writes([act("import time\ntime.sleep(30)"), answer("done")])
    async with visited(here.up, browser, here.folder, viewport={"width": 375, "height": 720}) as visit:
        await visit.ask("wait")
        await expect(visit.page.locator("#interrupt")).to_be_visible()
        assert await visit.page.locator("#standing").evaluate("node => node.getBoundingClientRect().height < 45")
        assert await visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await visit.page.click("#stop")
        await visit.ended()


async def test_dark_and_light_are_changed_and_kept(here: Visit) -> None:
    await here.page.goto(here.up.url)
    colour = "getComputedStyle(document.body).backgroundColor"
    light = await here.page.evaluate(colour)
    await here.page.click("#theme")
    dark = await here.page.evaluate(colour)
    assert light != dark
    await here.page.reload()
    assert await here.page.evaluate(colour) == dark


async def test_who_reads_further_up_stays_there_while_output_comes(here: Visit) -> None:
    code = "import time\nfor n in range(600):\n    print('line', n, flush=True)\n    time.sleep(0.05)"
    here.writes([act("print('\\n'.join('long ' + str(n) for n in range(24)))"), act("print('x' * 3000)"), act(code), answer("done")])
    await here.ask("go on")
    await expect(here.page.locator("#live-text")).to_contain_text("line 2")
    assert await here.page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
    await here.page.mouse.move(600, 300)
    await here.page.mouse.wheel(0, -5000)
    await expect(here.page.locator(".said")).to_be_in_viewport()
    place = await here.page.locator("#t1").evaluate("node => node.getBoundingClientRect().top")
    await here.page.click("#interrupt")
    await here.ended()
    assert await here.page.locator("#t1").evaluate("node => node.getBoundingClientRect().top") == place

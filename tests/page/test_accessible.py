"""The page by the rules of axe-core: every state of it, dark and light, on a desk and on a phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from page.browsing import Opened, Visit, act, answer, drop, visited
from server.serving import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")

AXE = Axe()
OPTIONS = {"resultTypes": ["violations"], "iframes": False, "rules": {"target-size": {"enabled": True}}}
"""The rules that are on by themselves, and the one on the size of what is touched; into frames of guests nothing can look."""

LEFT: dict[str, str] = {}
"""Rules that are broken on purpose, each with its reason; none of them is serious."""

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC"
TABLE = '<table class="dataframe"><thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>0</th><td>1</td></tr></tbody></table>'
RICH = [
    act(
        "import base64\nfrom IPython.display import HTML, JSON, Image, display\n"
        f"display(Image(base64.b64decode('{PIXEL}')), HTML('{TABLE}'), HTML('<p>framed</p>'), HTML('<p>again</p>'))\n"
        "display(JSON({'a': [1, {'b': 2}]}))\n"
        "for number in range(60):\n    print('line', number, 'with words that go on for longer than a phone is wide, by far, and on')\n"
        "open('notes.md', 'w').write('# Notes\\n\\nSome.')\nopen('table.csv', 'w').write('a,b\\n1,2\\n3,4\\n')\nlen(pay(1))",
        "I **look**, and\n\n- try\n- `this`",
    ),
    act("def f(n):\n    return n / 0  # where it fails\n\nf(1)", "# A heading of the model's\n\nNow *this*."),
    answer(
        "It is [done](https://example.org).\n\n## How\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "```python\nprint('a line of code that is longer than a phone is wide, and longer than the column of a desk is too, I think')\n```"
    ),
]


STUCK = "document.querySelectorAll('.bar, .dock, .sides-head').forEach((node) => { node.style.position = %r; })"
"""What sticks to an edge covers a part of something, wherever the page is scrolled to, which is no fault of what it covers."""


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong."""
    await page.evaluate(STUCK % "static")
    found = (await AXE.run(page, options=OPTIONS)).response["violations"]
    await page.evaluate(STUCK % "")
    assert all(one["impact"] not in ("serious", "critical") for one in found if one["id"] in LEFT)
    told = [(one, node) for one in found if one["id"] not in LEFT for node in one["nodes"]]
    return [f"{one['id']} ({one['impact']}) {node['target']}: {node['html'][:160]} {node['failureSummary'][:300]}" for one, node in told]


async def test_the_first_page_and_a_run_with_everything_in_it_break_no_rule(here: Visit) -> None:
    here.writes(RICH)
    await here.page.goto(here.up.url)
    await expect(here.page.locator("#about")).not_to_be_empty()
    assert await faults(here.page) == []
    await here.asked("show everything")
    assert await faults(here.page) == []
    await here.page.click("#open-files")
    await here.page.click("text=table.csv >> nth=-1")
    await expect(here.page.locator(".preview table")).to_be_visible()
    assert await faults(here.page) == []


@pytest_asyncio.fixture(loop_scope="module", params=[("light", 1280), ("dark", 1280), ("light", 375), ("dark", 375)])
async def shown(request: pytest.FixtureRequest, up: Served, browser: Opened, folder: Path) -> AsyncIterator[Visit]:
    """A browser of a width and a colour scheme."""
    scheme, width = request.param
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 760}, "reduced_motion": "reduce"}
    async with visited(up, browser, folder, **options) as visit:
        yield visit


@pytest.mark.slow
async def test_the_first_page_breaks_no_rule_with_nothing_found_and_with_its_keys(shown: Visit) -> None:
    page = shown.page
    shown.writes([answer("yes")])
    await shown.asked("something that is asked for in many words, so that it is longer than a line of a phone")
    await page.goto(shown.up.url)
    await expect(page.locator(".runs .row").first).to_be_visible()
    assert await faults(page) == []
    await page.fill("#search", "no run has these words")
    await expect(page.locator(".runs .empty")).to_be_visible()
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("#keys-dialog")).to_be_visible()
    assert await faults(page) == []


@pytest.mark.slow
async def test_a_run_breaks_no_rule_whatever_is_opened_of_it(shown: Visit) -> None:
    page = shown.page
    shown.writes(RICH)
    await shown.asked("show everything")
    await page.evaluate("document.querySelectorAll('#run details').forEach((details) => { details.open = true; })")
    assert await faults(page) == []
    await page.click("#open-files")
    for name in ("table.csv", "notes.md"):
        await page.click(f".files button:text-is('{name}')")
    await expect(page.locator(".preview")).to_have_count(2)
    assert await faults(page) == []
    await page.click("#panel-close")
    await page.click("#open-about")
    await expect(page.locator("#panel .facts")).to_be_visible()
    assert await faults(page) == []
    await page.click("#panel-close")
    await page.hover("#t1")
    await page.locator("#t1 [data-act=back]").click()
    await expect(page.locator("#t2")).to_have_class("turned left-behind")
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    await page.locator(".cell").first.hover()
    await page.locator(".cell [data-act=recode]").first.click()
    assert await faults(page) == []


@pytest.mark.slow
async def test_questions_and_code_that_runs_break_no_rule(shown: Visit) -> None:
    page = shown.page
    shown.writes([act("import time\nfor n in range(600):\n    print(pay(n), flush=True)\n    time.sleep(0.1)", "I pay."), answer("paid")])
    await shown.begun("pay", ask="all")
    await expect(page.locator(".asked.open")).to_be_visible()
    assert await faults(page) == []
    await page.click("[data-act=edit]")
    assert await faults(page) == []
    await page.reload()
    await page.click("[data-act=deny]")
    assert await faults(page) == []
    await page.click("[data-act=allow]")
    await expect(page.locator(".asked.open")).to_contain_text("Make this call?")
    assert await faults(page) == []
    await page.check(".asked.open [data-field=for_run]")
    await page.click(".asked.open [data-act=allow]")
    await expect(page.locator("#live-text")).to_contain_text("paid 3")
    assert await faults(page) == []
    await page.click("#stop")
    await shown.ended()
    assert await faults(page) == []


@pytest.mark.slow
async def test_branches_side_by_side_and_what_is_handed_on_break_no_rule(shown: Visit, tmp_path: Path) -> None:
    page = shown.page
    shown.writes(RICH)
    run = await shown.asked("show everything")
    saved = (await shown.up.http.get(f"/api/v1/runs/{run}/export", params={"to": "jsonl"})).text
    file = tmp_path / "run.html"
    file.write_bytes((await shown.up.http.get(f"/page/runs/{run}/document")).content)
    shown.writes([RICH[0], act("print('other')"), answer("It is other.")])
    await shown.up.http.post(f"/api/v1/runs/{run}/branch", json={"turn": 1, "message": "otherwise"})
    await page.click("#open-family")
    await expect(page.locator(".leaf")).to_have_count(2)
    assert await faults(page) == []
    await page.click(".compare")
    await expect(page.locator(".differs").first).to_be_visible()
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert await faults(page) == []
    await page.goto(shown.up.url)
    await drop(page, "run.jsonl", saved)
    await expect(page.locator("#saved .answer")).to_be_visible()
    assert await faults(page) == []
    await page.goto(file.as_uri())
    assert await faults(page) == []

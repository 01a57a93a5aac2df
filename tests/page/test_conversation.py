"""The page of a run: asked, followed, gone on with."""

import re

import pytest
from playwright.async_api import Route, expect

from page.browsing import Opened, Visit, act, answer, visited

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()"
SLOW = "import time\nfor n in range(30):\n    print('step', n, flush=True)\n    time.sleep(0.02)\ntime.sleep(60)"
FRAME = "import pandas as pd\npd.set_option('display.max_rows', 100)\npd.DataFrame({'n': range(60), 'square': [n * n for n in range(60)]})"


async def test_one_asks_and_watches_thought_code_output_and_answer_come(here: Visit) -> None:
    gate = "import os, time\nprint('waiting', flush=True)\nwhile not os.path.exists('go'): time.sleep(0.02)\nprint('gone on')"
    turns = [act(gate, "I **wait** first."), answer("It is *done*.")]
    here.writes(turns)
    await here.ask("wait for me")
    page = here.page
    await expect(page.locator(".said .words")).to_have_text("wait for me")
    await expect(page.locator(".turned strong")).to_have_text("wait")
    await expect(page.locator(".cell .s-kn").first).to_have_text("import")
    await expect(page.locator("#live-text")).to_have_text("waiting")
    await expect(page.locator("#standing-words")).to_have_text("Running code, turn 1")
    assert (await page.title()).startswith("●")
    session = (await here.up.http.get(f"/api/v1/runs/{here.run_id}")).json()
    assert session["live"]
    await page.click("#interrupt")
    await here.ended()
    await expect(page.locator("#live")).to_be_hidden()
    await expect(page.locator(".observed pre.out").first).to_have_text("waiting")
    await expect(page.locator(".observed .notice strong")).to_have_text("interrupted")
    await expect(page.locator(".answer em")).to_have_text("done")
    await expect(page.locator(".turned .spent").first).to_contain_text("tokens")
    await expect(page.locator("#stop")).to_be_hidden()


async def test_a_plot_is_shown_as_an_image(here: Visit) -> None:
    here.writes([act(PLOT), answer("shown")])
    await here.asked("plot")
    figure = here.page.locator(".observed figure img")
    await expect(figure).to_be_visible()
    assert await figure.evaluate("image => image.naturalWidth > 100 && image.src.startsWith('data:image/png')")
    assert await figure.get_attribute("alt") == "figure"
    told, drawn = await figure.evaluate("image => [[image.width, image.height], [image.naturalWidth, image.naturalHeight]]")
    assert [await figure.get_attribute(name) for name in ("width", "height")] == [str(number) for number in drawn]
    assert told == drawn, "it is not drawn otherwise than it is"


async def test_a_data_frame_is_a_table_that_sorts_and_turns_its_pages(here: Visit) -> None:
    here.writes([act(FRAME), answer("shown")])
    await here.asked("show it")
    table = here.page.locator(".grid")
    await expect(table.locator("tbody:not([hidden]) tr")).to_have_count(25)
    first = table.locator("tbody:not([hidden]) tr").first
    await table.get_by_role("button", name="square").click()
    await table.get_by_role("button", name="square").click()
    await expect(table.locator("th[aria-sort=descending]")).to_have_text("square")
    await expect(first.locator("td").last).to_have_text("3481")
    await table.get_by_label("Next rows").click()
    await expect(table.locator("[data-page]")).to_have_text("26 to 50")
    await expect(first.locator("td").first).to_have_text("34")


async def test_an_error_points_at_its_line_and_its_traceback_is_folded(here: Visit) -> None:
    here.writes([act("x = 1\ny = 0\nx / y"), answer("failed")])
    await here.asked("divide")
    await expect(here.page.locator(".line.wrong")).to_have_text("x / y\n")
    await expect(here.page.locator(".wrong .headline")).to_have_text("ZeroDivisionError division by zero")
    await expect(here.page.locator(".wrong pre").first).to_be_hidden()
    await here.page.locator(".wrong summary").click()
    await expect(here.page.locator(".wrong pre").first).to_contain_text("line 3")


async def test_long_output_is_folded_to_its_beginning_and_its_end(here: Visit) -> None:
    here.writes([act("for n in range(500): print('line', n)"), answer("printed")])
    await here.asked("print")
    text = here.page.locator(".text.stdout")
    await expect(text.locator("summary")).to_have_text("482 more lines")
    await expect(text.locator("pre").nth(1)).to_be_hidden()
    await expect(text.locator("pre").nth(2)).to_contain_text("line 499")
    await text.locator("summary").click()
    await expect(text.locator("pre").nth(1)).to_contain_text("line 250")


async def test_a_json_value_is_a_tree_and_guest_html_stands_in_a_frame_of_its_own(here: Visit) -> None:
    code = (
        "from IPython.display import HTML, JSON, display\ndisplay(JSON({'name': 'x', 'list': [1, {'deep': True}]}))\n"
        "display(HTML('<h1 style=\"color: red\">mine</h1>'))"
    )
    here.writes([act(code), answer("shown")])
    await here.asked("show")
    await expect(here.page.locator(".tree > details > summary")).to_contain_text("{2}")
    await expect(here.page.frame_locator("iframe.guest").locator("h1")).to_have_text("mine")
    red = "node => getComputedStyle(node).color"
    assert await here.page.frame_locator("iframe.guest").locator("h1").evaluate(red) == "rgb(255, 0, 0)"


async def test_a_run_is_stopped_and_gone_on_with(here: Visit) -> None:
    here.writes([act(SLOW), answer("second")])
    await here.ask("be slow")
    await expect(here.page.locator("#live-text")).to_contain_text("step 1")
    await here.page.click("#stop")
    await here.ended()
    await expect(here.page.locator("#standing-words")).to_have_text("cancelled")
    await here.page.fill("#words", "and now?")
    await here.page.click("#send")
    await here.ended(2)
    await expect(here.page.locator(".said .words").last).to_have_text("and now?")


async def test_a_reload_in_the_middle_loses_nothing_and_shows_nothing_twice(here: Visit) -> None:
    here.writes([act(SLOW, "Slowly."), answer("done")])
    await here.ask("be slow")
    await expect(here.page.locator("#live-text")).to_contain_text("step 5\n")
    await here.page.reload()
    await expect(here.page.locator(".turned .thought")).to_have_text("Slowly.")
    await expect(here.page.locator("#live-text")).to_contain_text("step 0\nstep 1\nstep 2\nstep 3\nstep 4\nstep 5\n")
    await expect(here.page.locator("#live-text")).to_contain_text("step 29")
    await here.page.click("#interrupt")
    await here.ended()
    await expect(here.page.locator(".cell")).to_have_count(1)
    whole = "\n".join(f"step {n}" for n in range(30))
    assert "".join(await here.page.locator(".text.stdout pre").all_text_contents()).replace("\n", "") == whole.replace("\n", "")


async def test_a_lost_connection_is_told_and_taken_up_again(here: Visit) -> None:
    left = ["no way", "still none"]

    async def cut(route: Route) -> None:
        if left:
            left.pop()
            await route.abort("connectionreset")
        else:
            await route.continue_()

    here.writes([act(SLOW), answer("done")])
    await here.page.route("**/stream?*", cut)
    await here.ask("be slow")
    await expect(here.page.locator("body.lost #standing")).to_be_visible()
    await expect(here.page.locator("#live-text")).to_contain_text("step 2\n")
    await expect(here.page.locator("body.lost")).to_have_count(0)
    await here.page.click("#interrupt")
    await here.ended()
    await expect(here.page.locator(".answer")).to_have_text(re.compile("done"))
    here.noted.errors.clear()  # that the server could not be reached


async def test_two_tabs_show_one_run(here: Visit) -> None:
    here.writes([act("print('first')"), answer("one"), act("print('second')"), answer("two")])
    await here.asked("go")
    other = await here.tab()
    await other.goto(here.page.url)
    await expect(other.locator(".answer")).to_have_count(1)
    await other.fill("#words", "again")
    await other.click("#send")
    for page in (here.page, other):
        await expect(page.locator(".ended")).to_have_count(2)
        await expect(page.locator(".said .words")).to_have_text(["go", "again"])


async def test_runs_are_listed_searched_filtered_and_opened(here: Visit) -> None:
    here.writes([answer("fine")])
    for words in ("count the apples", "count the pears"):
        await here.asked(words)
    await here.page.click(".brand")
    rows = here.page.locator(".runs .row .name")
    await expect(rows.first).to_have_text("count the pears")
    await here.page.fill("#search", "count the")
    await expect(rows).to_have_text(["count the pears", "count the apples"])
    await here.page.fill("#search", "apples")
    await expect(rows).to_have_text(["count the apples"])
    await here.page.select_option("#state", "error")
    await expect(here.page.locator(".runs .empty")).to_have_text("No run is like that.")
    await here.page.select_option("#state", "answered")
    await rows.first.click()
    await expect(here.page.locator(".said .words")).to_have_text("count the apples")


async def test_the_variables_are_shown_at_the_side_and_again_after_each_action(here: Visit) -> None:
    here.writes([act("prices = [1, 2]"), answer("one"), act("prices = '<b>three</b>'\ndel_me = 1"), answer("two")])
    await here.asked("keep")
    await here.page.locator("#main").click(position={"x": 2, "y": 2})
    await here.page.keyboard.press("v")
    table = here.page.locator("#panel .variables")
    await expect(here.page.locator("#panel-title")).to_have_text("Variables")
    await expect(table.locator("tbody th")).to_have_text(["prices"])
    await expect(table.locator(".value")).to_have_text(["[1, 2]"])
    await here.page.fill("#words", "go on")
    await here.page.keyboard.press("Enter")
    await here.ended(2)
    await expect(table.locator("tbody th")).to_have_text(["prices", "del_me"])
    await expect(table.locator(".value").first).to_have_text("'<b>three</b>'")
    await here.page.keyboard.press("Escape")
    await here.page.keyboard.press("Escape")
    await expect(here.page.locator("#panel")).to_be_hidden()


async def test_where_no_key_is_needed_a_run_is_there_before_any_script_and_not_asked_for_again(here: Visit, browser: Opened) -> None:
    here.writes([act("print(6 * 7)", "I *multiply*."), answer("It is 42.")])
    asked: list[str] = []
    here.page.on("request", lambda request: asked.append(request.url))
    run = await here.asked("multiply")
    assert [url for url in asked if "/blocks" in url] == []
    await expect(here.page.locator("#title")).to_have_text("multiply")
    async with visited(here.up, browser, here.folder, java_script_enabled=False) as bare:
        await bare.page.goto(f"{here.up.url}/runs/{run}")
        await expect(bare.page.locator(".observed pre.out")).to_have_text("42")
        await expect(bare.page.locator(".turned em")).to_have_text("multiply")

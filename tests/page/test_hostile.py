"""Text of models, tools, guests and files, made to be taken for markup: nothing of it runs, and no request leaves."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Error, Page, expect

from page.browsing import Noted, Opened, Visit, act, answer, drop
from page.payloads import ELSEWHERE, FILE_NAMES, PAYLOADS

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

ALL = "\n\n".join(PAYLOADS)
"""All payloads in one text, for places that show many of them."""

INTRUDERS = Path(__file__).with_name("intruders.js").read_text(encoding="utf-8")


async def clean(page: Page) -> None:
    """Fail if anything of a payload became part of the page."""
    await page.evaluate("for (const node of document.querySelectorAll('#main details')) node.open = true")
    await page.evaluate("for (const node of document.querySelectorAll('#main :is(a, button, pre, textarea, input)')) node.focus()")
    assert await page.evaluate(INTRUDERS) == []


@pytest.mark.parametrize("place", ["thought", "unreadable", "code", "output", "error", "answer", "feedback", "reason"])
async def test_a_payload_stays_text_wherever_a_model_or_its_code_writes(here: Visit, place: str) -> None:
    turns = {
        "thought": [*(act("1", text) for text in PAYLOADS)],
        "unreadable": [f"<execute>{ALL}"],
        "code": [*(act(f"{text!r}  # {text.splitlines()[0]}") for text in PAYLOADS)],
        "output": [act(f"import sys\nprint({ALL!r})\nprint({ALL!r}, file=sys.stderr)\n{ALL!r}")],
        "error": [act(f"raise ValueError({text!r})") for text in PAYLOADS],
        "answer": [],
        "feedback": [answer("no")],
        "reason": [act("1")],
    }[place]
    here.writes([*turns, answer(ALL)])
    run = await here.begun(ALL, ask="actions" if place == "reason" else "nothing", limits={"turns": 10})
    if place == "reason":
        card = here.page.locator(".asked.open")
        await card.get_by_role("button", name="Deny").click()
        await card.get_by_role("textbox").fill(ALL.replace("\n", " ")[:9000])
        await card.get_by_role("button", name="Deny it").click()
    await here.ended()
    await clean(here.page)
    await here.page.goto(f"{here.up.url}/compare?left={run}&right={run}")
    await expect(here.page.locator("#rows")).to_have_attribute("aria-busy", "false")
    await clean(here.page)
    await here.page.goto(here.up.url)
    await expect(here.page.locator(".runs .row").first).to_be_visible()
    await clean(here.page)


async def test_all_payloads_stay_text_in_thoughts_of_many_turns(here: Visit) -> None:
    for start in range(0, len(PAYLOADS), 9):
        here.writes([*(act("1", text) for text in PAYLOADS[start : start + 9]), answer("x")])
        await here.begun("thoughts")
        await here.ended()
        await clean(here.page)


async def test_a_payload_stays_text_while_it_is_streamed(here: Visit) -> None:
    gate = f"import time\nprint({ALL!r}, flush=True)\ntime.sleep(60)"
    here.writes([act(gate, ALL.replace("<execute>", "")), answer(ALL)])
    await here.ask("stream")
    await expect(here.page.locator("#live-text")).to_contain_text("alert(1)")
    await clean(here.page)
    await here.page.click("#interrupt")
    await here.ended()
    await clean(here.page)


@pytest.mark.slow
async def test_rich_output_of_a_guest_runs_nothing_and_asks_for_nothing(here: Visit) -> None:
    here.noted.may_refuse = True  # what the frames are kept from
    names = f"import json, pandas as pd\nfrom IPython.display import display\nTEXTS = json.loads({json.dumps(PAYLOADS)!r})\n"
    table = '<table class="dataframe"><tr><td>'
    bundles = [
        "{'text/html': text}",
        "{'image/svg+xml': '<svg>' + text + '</svg>'} if 'svg' in text else {'text/plain': text}",
        "{'text/markdown': text}",
        "{'application/json': json.dumps({text: [text]})}",
        "{'text/latex': text, 'text/plain': text}",
        "{'image/png': text}",
        f"{{'text/html': {table!r} + text + '</td></tr></table>'}}",
    ]
    turns = [act(f"{names}for text in TEXTS:\n    display({bundle}, raw=True)") for bundle in bundles]
    frame = "display({'text/html': ''.join(TEXTS)}, raw=True)\npd.DataFrame({text: [text] for text in TEXTS}, index=TEXTS[:1])"
    here.writes([*turns, act(frame), answer("shown")])
    await here.begun("rich")
    await here.ended()
    for frame in await here.page.locator("iframe").all():
        await frame.evaluate("frame => { frame.loading = 'eager'; }")
    assert len(here.page.frames) > 50, await here.page.locator("iframe").count()
    for frame in here.page.frames:
        await frame.wait_for_load_state("load")
    await clean(here.page)
    guests = await here.page.locator("iframe").evaluate_all("frames => frames.map((frame) => frame.src)")
    answered = await here.up.http.get(guests[0])
    assert answered.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert (await here.up.http.get(guests[0][:-1] + "x")).status_code == 404


async def test_calls_and_what_they_return_stay_text(here: Visit) -> None:
    here.writes([act(f"for text in {PAYLOADS[:9]!r}:\n    pay(1, note=text)"), act(f"pay(2, note={ALL!r})"), answer("paid")])
    await here.begun("pay", ask="calls")
    card = here.page.locator(".asked.open")
    await expect(card).to_have_count(1)
    await clean(here.page)
    await card.get_by_label("do not ask again").check()
    await card.get_by_role("button", name="Allow").click()
    await here.ended()
    await expect(here.page.locator(".called")).to_have_count(10)
    await clean(here.page)


async def test_names_and_contents_of_files_stay_text(here: Visit) -> None:
    code = (
        f"import pathlib\nfor name in {FILE_NAMES!r}:\n    pathlib.Path(name).write_text({ALL!r})\n"
        f"pathlib.Path('x.svg').write_text('<svg onload=alert(70)></svg>')\npathlib.Path('x.html').write_text({ALL!r})"
    )
    here.writes([act(code), answer("made")])
    await here.page.goto(here.up.url)
    await drop(here.page, FILE_NAMES[0], ALL)
    await drop(here.page, "fine <b>.txt", ALL)
    await expect(here.page.locator("#given li").first).to_be_visible()
    await clean(here.page)
    await here.page.fill("#words", "files")
    await here.page.keyboard.press("Enter")
    await here.ended()
    await here.page.click("#open-files")
    links = here.page.locator(".files .link")
    await expect(links.first).to_be_visible()
    for link in await links.all():
        await link.click()
    await expect(here.page.locator(".preview")).to_have_count(await links.count())
    await clean(here.page)


async def test_names_types_and_values_of_variables_stay_text(here: Visit) -> None:
    code = (
        f"for text in {PAYLOADS!r}:\n    made = type(text.replace('\\0', '') or 'x', (), {{'__doc__': text}})\n"
        "    globals().update({'x' + text: made, 'y' + text: made(), 'z' + text: text})"
    )
    slow = "import time\nprint('begun', flush=True)\ntime.sleep(60)"
    here.writes([act(code), answer("made"), act(slow), answer("slept")])
    await here.begun("variables")
    await here.ended()
    await here.page.click("#open-variables")
    await expect(here.page.locator(".variables tbody").first).to_be_visible()
    assert await here.page.locator(".variables tbody").count() > 2 * len(PAYLOADS)
    await clean(here.page)
    await here.page.fill("#words", "sleep")
    await here.page.keyboard.press("Enter")
    await here.page.locator("#live-text").wait_for()
    await here.page.click("#open-variables")
    await here.page.click("#open-variables")
    await expect(here.page.locator("#panel .busy")).to_contain_text("while an action runs")
    await here.page.click("#interrupt")
    await here.ended(2)
    await expect(here.page.locator("#panel .busy")).to_have_count(0)
    await clean(here.page)


@pytest.mark.slow
async def test_a_file_to_hand_on_and_a_dropped_trajectory_run_nothing(here: Visit, browser: Opened, tmp_path: Path) -> None:
    here.noted.may_refuse = True  # what the frames are kept from
    code = f"from IPython.display import display\nfor text in {PAYLOADS!r}:\n    display({{'text/html': text}}, raw=True)\nprint({ALL!r})"
    here.writes([act(code, ALL.replace("<execute>", "")), answer(ALL)])
    run = await here.begun(ALL)
    await here.ended()
    path = tmp_path / "run.html"
    path.write_text((await here.up.http.get(f"/page/runs/{run}/document")).text, encoding="utf-8")
    noted = Noted(may_refuse=True)
    context = await browser.context(noted, offline=True)
    page = await context.new_page()
    noted.watch(page)
    await page.goto(path.as_uri())
    await page.wait_for_load_state("load")
    assert await page.evaluate("document.scripts.length") == 1
    noted.check()
    await context.close()

    text = (await here.up.http.get(f"/api/v1/runs/{run}/export", params={"to": "jsonl"})).text
    await here.page.goto(here.up.url)
    await drop(here.page, "run.jsonl", text)
    await expect(here.page.locator("#saved .answer")).to_be_visible()
    await clean(here.page)


async def test_the_watch_sees_who_goes_elsewhere_and_what_runs(here: Visit) -> None:
    other = await here.tab()
    with suppress(Error):  # nothing is answered there
        await other.goto(f"{ELSEWHERE}/x")
    other = await here.tab()
    await other.set_content(f"<img src='{ELSEWHERE}/y'><script>alert(1)</script>")
    await here.page.goto(here.up.url)
    await here.page.evaluate(f"fetch('{ELSEWHERE}/z').catch(() => 0)")
    assert here.noted.dialogs == ["1"]
    assert {"GET /x HTTP/1.1", "GET /y HTTP/1.1"} <= set(here.noted.foreign)
    assert not any("/z" in line for line in here.noted.foreign)
    assert len(here.noted.refused) > 0
    for noted in (here.noted.foreign, here.noted.dialogs, here.noted.refused, here.noted.errors):
        noted.clear()

"""How the page is sent: compressed where that is taken, kept by the browser where it may be, long runs in parts."""

import re

import pytest
from playwright.async_api import expect

from page.browsing import Visit, act, answer
from server.serving import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALLS = [act(f"turn = {turn}\nprint([pay(number) for number in range(9)])") for turn in range(9)]
COUNT = [act(f"turn = {turn}\nfor number in range(60):\n    print(number)") for turn in range(60)]


async def test_what_is_sent_is_compressed_where_that_is_taken_and_is_the_same(up: Served) -> None:
    shell = (await up.http.get("/")).text
    addresses = ["/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', shell)]
    assert len(addresses) > 5
    for address in addresses:
        packed = await up.http.get(address, headers={"Accept-Encoding": "gzip"})
        plain = await up.http.get(address, headers={"Accept-Encoding": "identity"})
        assert packed.content == plain.content
        assert "content-encoding" not in plain.headers
        if len(plain.content) > 1000:
            assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
            assert int(packed.headers["content-length"]) < 0.6 * len(plain.content)


async def test_every_script_is_named_by_the_shell_and_kept_for_good(here: Visit) -> None:
    asked: dict[str, str] = {}
    here.page.on("response", lambda answer: asked.update({answer.url: answer.headers.get("cache-control", "")}))
    for address in ("/", "/runs/run-0", "/compare"):
        named = (await here.up.http.get(address)).text
        asked.clear()
        await here.page.goto(f"{here.up.url}{address}")
        await here.page.wait_for_load_state("networkidle")
        scripts = {url: kept for url, kept in asked.items() if "/static/" in url}
        assert len(scripts) > 4
        assert [url for url in scripts if url.removeprefix(here.up.url) not in named] == []
        assert {kept for kept in scripts.values()} == {"public, max-age=31536000, immutable"}
    here.noted.errors.clear()  # there is no such run


async def test_a_long_run_is_had_in_parts_that_make_up_the_whole(here: Visit) -> None:
    here.writes([*CALLS[:8], answer("done")])
    run = await here.asked("pay a lot")
    path = f"/page/runs/{run}/blocks"
    whole = (await here.up.http.get(path)).json()
    assert whole["before"] == 0
    last = (await here.up.http.get(path, params={"last": 20})).json()
    parts = [last["html"]]
    while last["before"]:
        last = (await here.up.http.get(path, params={"last": 20, "before": last["before"]})).json()
        parts.insert(0, last["html"])
    assert len(parts) == 5
    assert "\n".join(parts) == whole["html"]

    await here.page.goto(f"{here.up.url}/runs/{run}#t1")
    await expect(here.page.locator("#run[data-whole]")).to_be_visible()
    assert await here.page.evaluate("[...document.querySelectorAll('#run > section')].map((block) => block.id)") == re.findall(
        r'<section class="[^"]*" id="([^"]+)"', whole["html"]
    )
    await expect(here.page.locator("#t1")).to_be_in_viewport()


async def test_what_came_before_the_end_comes_when_its_reader_comes_near_it_and_nothing_moves(here: Visit) -> None:
    here.writes([*COUNT, answer("done")])
    run = await here.asked("count a lot")
    page = here.page
    sections = "document.querySelectorAll('#run > section').length"
    await page.goto(f"{here.up.url}/runs/{run}")
    await expect(page.locator(".ended")).to_be_in_viewport()
    await expect(page.locator("#earlier")).to_be_visible()
    await page.wait_for_timeout(500)  # nobody comes nearer: nothing more comes
    there = await page.evaluate(sections)
    assert there in (24, 54)
    stands = """() => new Promise((done) => {
      dispatchEvent(new WheelEvent("wheel", { deltaY: -1 }));
      scrollTo({ top: 300, behavior: "instant" });
      const first = document.querySelector("#run > section");
      const stood = first.getBoundingClientRect().top;
      new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(() => done([stood, first.getBoundingClientRect().top]))))
        .observe(document.getElementById("run"), { childList: true });
    })"""
    before, after = await page.evaluate(stands)
    assert abs(before - after) < 2
    assert await page.evaluate(sections) == there + 30
    await page.click("#all-earlier")
    await expect(page.locator("#run[data-whole]")).to_be_attached()
    await expect(page.locator("#earlier")).to_be_hidden()
    names = await page.evaluate("[...document.querySelectorAll('#run > section')].map((block) => block.id)")
    assert len(names) == len(set(names)) == 184


async def test_the_turn_before_the_first_that_is_there_is_fetched_for_its_key(here: Visit) -> None:
    here.writes([*CALLS, answer("done")])
    run = await here.asked("pay often")
    page = here.page
    await page.goto(f"{here.up.url}/runs/{run}")
    await expect(page.locator(".ended")).to_be_visible()
    await page.locator("body").click(position={"x": 5, "y": 300})
    for _ in range(12):
        await page.keyboard.press("k")
        await page.wait_for_timeout(50)
    await expect(page.locator("#t1.marked")).to_be_visible()

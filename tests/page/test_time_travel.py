"""Going back on the page: branches, their tree, two of them side by side."""

import re

import pytest
from playwright.async_api import expect

from page.browsing import Visit, act, answer

pytestmark = pytest.mark.asyncio(loop_scope="module")

TURNS = [
    act("n = 1\nprint('n is', n)", "I begin."),
    act("n += 1\nprint('n is', n)"),
    act("n += 10\nprint('n is', n)"),
    answer("It is 12."),
]


async def test_one_goes_back_two_turns_branches_walks_the_tree_and_compares(here: Visit) -> None:
    here.writes(TURNS)
    first = await here.asked("count")
    page = here.page
    await page.locator("#t2").hover()
    await page.locator("#t2").get_by_role("button", name="Go back").click()
    await expect(page.locator("#mode")).to_contain_text("end of turn 2")
    await expect(page.locator("#t3")).to_have_class("turned left-behind")
    await expect(page.locator("#words")).to_be_focused()
    here.writes([*TURNS[:2], act("print('still', n)"), answer("It is 2.")])
    await page.keyboard.type("do not add ten")
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: first not in url)
    await here.ended()
    await expect(page.locator(".observed pre.out").last).to_have_text("still 2")
    await expect(page.locator(".said .words")).to_have_text(["count", "do not add ten"])

    await page.keyboard.press("Escape")
    await page.click("#open-family")
    await expect(page.locator(".leaf.own .name")).to_have_text("do not add ten")
    await page.get_by_role("link", name="Compare").click()
    await expect(page.locator("details.alike summary").first).to_have_text("2 turns are alike")
    await expect(page.locator(".side.left").filter(has_text="n += 10")).to_have_count(1)
    await expect(page.locator(".side.right").filter(has_text="do not add ten")).to_have_count(1)
    await expect(page.locator(".side.left .line.changed").first).to_have_text("n += 10\n")

    await page.get_by_role("link", name="count").first.click()
    await expect(page.locator("#t3")).to_be_visible()
    await page.click("#open-family")
    await page.get_by_role("link", name="do not add ten").click()
    await expect(page.locator(".said .words").last).to_have_text("do not add ten")


async def test_a_message_is_said_otherwise(here: Visit) -> None:
    here.writes([act("print(1)"), answer("one")])
    first = await here.asked("say one")
    await here.page.locator(".said").hover()
    await here.page.locator(".said").get_by_role("button", name="Edit").click()
    await expect(here.page.locator("#words")).to_have_value("say one")
    await here.page.fill("#words", "say two")
    await here.page.keyboard.press("Enter")
    await here.page.wait_for_url(lambda url: first not in url)
    await here.ended()
    await expect(here.page.locator(".said .words")).to_have_text(["say two"])


async def test_code_of_a_turn_is_changed_in_a_branch(here: Visit) -> None:
    here.writes(TURNS)
    first = await here.asked("count")
    cell = here.page.locator(".cell").nth(1)
    await cell.hover()
    await cell.get_by_role("button", name="Edit").click()
    await cell.locator("textarea").fill("n += 100\nprint('n is', n)")
    await cell.get_by_role("button", name="Run it in a branch").click()
    await here.page.wait_for_url(lambda url: first not in url)
    await here.ended()
    await expect(here.page.locator(".observed pre.out").filter(has_text="n is 101")).to_have_count(1)
    await here.page.click("#open-family")
    await expect(here.page.locator(".leaf.own .name")).to_have_text("Other code in turn 2")


async def test_what_cannot_be_branched_is_told_and_nothing_is_lost(here: Visit) -> None:
    here.writes([act("print(1)"), answer("one")])
    await here.asked("one")
    run = here.run_id
    await here.up.http.delete(f"/api/v1/runs/{run}")
    await here.page.fill("#words", "are you there?")
    await here.page.click("#send")
    await expect(here.page.locator("#toasts")).to_contain_text(re.compile("there is no run|was removed"))
    await expect(here.page.locator("#words")).to_have_value("are you there?")
    await here.page.goto("about:blank")  # what is still asked for is over
    here.noted.errors.clear()  # the answers 404

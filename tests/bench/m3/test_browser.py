"""The shop's pages and the browser through which they are read."""

import re
import threading

import pytest

from bench.m3.driving import SUITE, tools_of
from codeact.bench.suites.m3.shop.browser import LINES, Browser
from codeact.bench.suites.m3.shop.catalogue import shop
from codeact.bench.suites.m3.shop.pages import HOME, LINK, pages

SHOPS = (1, 2, 77, 1234, 999_999)
LONG = {"/": [f"line {number}" for number in range(1, 11)] + ["[Away](/away)"], "/away": ["[Home](/)"]}


@pytest.mark.parametrize("number", SHOPS)
def test_a_shop_has_55_pages_of_20_things_and_16_people(number: int) -> None:
    of = shop(number)
    assert (len(pages(number)), len(of.items), len(of.kinds), len(of.people), len(of.departments)) == (55, 20, 4, 16, 4)


@pytest.mark.parametrize("number", SHOPS)
def test_every_link_leads_to_a_page_and_every_page_can_be_reached(number: int) -> None:
    """In the original, five tasks needed a page behind a dead link."""
    there, reached, todo = pages(number), {HOME}, [HOME]
    while todo:
        for line in there[todo.pop()]:
            for _, address in LINK.findall(line):
                assert address.startswith("/")
                assert address in there
                if address not in reached:
                    reached.add(address)
                    todo.append(address)
    assert reached == set(there)


@pytest.mark.parametrize("number", SHOPS)
def test_what_is_asked_for_is_one_persons_and_stands_on_their_page_only(number: int) -> None:
    people, text = shop(number).people, "\n".join("\n".join(lines) for lines in pages(number).values())
    for name in ("name", "email", "phone", "expertise"):
        values = [getattr(person, name) for person in people]
        assert len(set(values)) == len(values)
        if name != "name":
            assert [len(re.findall(rf": {re.escape(value)}$", text, re.MULTILINE)) for value in values] == [1] * len(values)
    assert len(re.findall(r"^Price: ", text, re.MULTILINE)) == 20


def test_views_have_five_lines_and_their_count_is_right_at_multiples_of_five() -> None:
    """In the original, there was one view too many."""
    for lines, views in ((1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3), (15, 3)):
        browser = Browser({"/": [f"line {number}" for number in range(lines)]}, "/")
        assert browser.view().splitlines()[0] == f"Page /, view 1 of {views}"
        for number in range(2, views + 1):
            shown = browser.scroll_down().splitlines()
            assert shown[0] == f"Page /, view {number} of {views}"
            assert shown[1] == f"line {LINES * (number - 1)}"
        assert browser.scroll_down().startswith("(This is the end of the page.)\nPage /")


def test_a_click_takes_only_links_that_are_in_view() -> None:
    """In the original, it took addresses that were not on the screen."""
    browser = Browser(LONG, "/")
    with pytest.raises(ValueError, match=r"'/away' in view; the link is on this page, but not in this view: .* at Page /, view 1 of 3"):
        browser.click_url("/away")
    with pytest.raises(ValueError, match="'/nowhere' in view; click only links that are in view"):
        browser.click_url("/nowhere")
    assert browser.view().splitlines()[0] == "Page /, view 1 of 3"
    browser.scroll_down()
    browser.scroll_down()
    assert browser.click_url("/away") == "Page /away, view 1 of 1\n[Home](/)"


def test_opening_and_going_back_start_at_the_top() -> None:
    browser = Browser(LONG, "/")
    browser.scroll_down()
    browser.scroll_down()
    browser.click_url("/away")
    assert browser.go_to_previous_page().startswith("Page /, view 1 of 3\nline 1\n")
    assert browser.scroll_up().startswith("(This is the top of the page.)\nPage /, view 1 of 3")
    assert browser.go_to_previous_page().startswith("(There is no page before this one.)\nPage /, view 1 of 3")


def test_each_attempt_has_a_browser_of_its_own() -> None:
    """In the original, a reset kept the old one."""
    task = next(task for task in SUITE.tasks if task.domain == "web_browsing")
    first, second = tools_of(task), tools_of(task)
    first["click_url"].call(("/team",), {})
    assert first["view"].call((), {}).startswith("Page /team, ")
    assert second["view"].call((), {}).startswith("Page /, ")


def test_calls_from_several_threads_leave_the_browser_at_a_page_and_view_that_there_are() -> None:
    browser = Browser(LONG, "/")

    def walk() -> None:
        for _ in range(200):
            for move in (browser.scroll_down, browser.scroll_down, browser.go_to_previous_page, browser.scroll_up):
                move()
            try:
                browser.click_url("/away")
            except ValueError:
                continue

    threads = [threading.Thread(target=walk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    head = re.match(r"Page (\S+), view (\d) of (\d)", browser.view())
    assert head is not None
    assert int(head[2]) <= int(head[3])

"""How an agent that never errs finds its way through a shop's pages.

Nobody knows a page's form before having seen one, so that in code, too, it looks at the first page, and at one of each kind that it has
to read.

Invariant: as of `codeact.bench.policies`; it knows of a task what its prompt says, and follows links that it has seen. It does not:
know the pages.
"""

import re
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, calls_of
from codeact.bench.suites.m3.shop.walk import Steps, Walk, below, field, link, price
from codeact.bench.task import Task

_WALK = r"""
import re

def whole(shown):
    text = shown
    while len(set(re.search(r"view (\d+) of (\d+)", shown).groups())) > 1:
        shown = scroll_down()
        text += "\n" + shown
    return text

def links(text):
    return {name.lower(): address for name, address in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", text)}

def go(address):
    shown = view()
    step = scroll_down if "view 1 of" in shown else scroll_up
    while f"]({address})" not in shown:
        shown = step()
    return whole(click_url(address))

def below(section, name=""):
    return [address for shown, address in links(go(section)).items() if address.startswith(section) and name in shown]
"""

_FIND = """
for address in below({section!r}, {part!r}):
    there = links(go(address))
    if {name!r} in there:
        print(go(there[{name!r}]))
        break
    go_to_previous_page()
"""

_COLLECT = """
pages = []
for kind, name in {items!r}:
    (address,) = below({section!r}, kind)
    pages.append(go(links(go(address))[name]))
    for _ in range(3):
        go_to_previous_page()
print(pages[0])
"""

_ADD = """
total = sum(float(re.search(r"Price: ([0-9.]+)", page)[1]) for page in pages)
print(f"{{total * {share}:.2f}}")
"""

_WHOSE = """
for department in below({section!r}):
    for person in links(go(department)).values():
        if person.startswith(department):
            page = go(person)
            if {phone!r} in page:
                print(page)
            go_to_previous_page()
    go_to_previous_page()
"""


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    data: dict[str, Any] = task.data
    goal, items = data["goal"], data.get("items", [])
    home = yield "print(view())"
    section = link(home, "Products" if items else "Team")
    if goal == "price":
        shown = yield _WALK + _FIND.format(section=section, part="", name=items[0][0].lower())
        return price(shown)
    if items:
        wanted = [(kind, name.lower()) for name, kind in items]
        yield _WALK + _COLLECT.format(section=section, items=wanted)
        return (yield _ADD.format(share=0.9 if goal == "discount" else 1)).strip()
    if goal == "whose":
        shown = yield _WALK + _WHOSE.format(section=section, phone=data["phone"])
        return shown.strip().splitlines()[1]
    part = data.get("department", "").lower()
    if goal == "count":
        shown = yield f"{_WALK}\nprint(go(below({section!r}, {part!r})[0]))"
        return str(len(below(shown, "/")))
    shown = yield _WALK + _FIND.format(section=section, part=part, name=data["person"].lower())
    return field(shown, goal)


def calls(task: Task) -> CallPolicy:
    """The policy in calls."""
    data: dict[str, Any] = task.data
    goal, items, walk = data["goal"], data.get("items", []), Walk()
    home = yield from walk.start()
    section = yield from walk.click(link(home, "Products" if items else "Team"))
    if goal == "price":
        return price((yield from _found(walk, section, items[0][0])))
    if items:
        return (yield from _sum(walk, section, items, share=0.9 if goal == "discount" else 1))
    if goal == "whose":
        return (yield from _whose(walk, section, data["phone"]))
    if "department" not in data:
        return field((yield from _found(walk, section, data["person"])), goal)
    page = yield from walk.click(link(section, data["department"]))
    if goal == "count":
        return len(below(page, "/"))
    return field((yield from walk.click(link(page, data["person"]))), goal)


def _found(walk: Walk, section: str, name: str) -> Steps[str]:
    """The page of a name that one of a section's pages links to."""
    for address in below(section, "/"):
        page = yield from walk.click(address)
        if f"[{name}]" in page:
            return (yield from walk.click(link(page, name)))
        walk.back()
    raise LookupError(f"nothing called {name!r} is there")


def _sum(walk: Walk, section: str, items: list[list[str]], *, share: float) -> CallPolicy:
    prices: list[str] = []
    for name, kind in items:
        page = yield from walk.click(link(section, kind))
        prices.append(price((yield from walk.click(link(page, name)))))
        walk.back()
        walk.back()
    (total,) = yield calls_of("calculator", (f"({' + '.join(prices)}) * {share}",))
    return f"{total:.2f}"


def _whose(walk: Walk, section: str, phone: str) -> CallPolicy:
    for address in below(section, "/"):
        page = yield from walk.click(address)
        people = yield from walk.looked_at(below(page, "/"))
        for person in people:
            if re.search(rf"\b{re.escape(phone)}\b", person):
                return person.splitlines()[1]
        walk.back()
    raise LookupError(f"nobody has the number {phone!r}")

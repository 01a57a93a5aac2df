"""How an agent that never errs finds its way through a shop's pages.

Nobody knows a page's form before having seen one, so that in code, too, it looks at the first page, and at one of each kind that it has
to read.

Invariant: as of `codeact.bench.policies`; it knows of a task what its prompt says, and follows links that it has seen. It does not:
know the pages.
"""

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


def calls(task: Task, *, single: bool = False) -> CallPolicy:
    """The policy in calls: with several a turn in as few turns as can be, with one a turn in as few calls."""
    data: dict[str, Any] = task.data
    goal, items, walk = data["goal"], data.get("items", []), Walk()
    find = _found_by_turns if single else _found
    home = yield from walk.start()
    section = yield from walk.click(link(home, "Products" if items else "Team"))
    if goal == "price":
        return price((yield from find(walk, section, items[0][0])))
    if items:
        pages = yield from (_pages_by_turns if single else _pages)(walk, section, items)
        (total,) = yield calls_of("calculator", (f"({' + '.join(map(price, pages))}) * {0.9 if goal == 'discount' else 1}",))
        return f"{total:.2f}"
    if goal == "whose":
        return (yield from (_whose_by_turns if single else _whose)(walk, section, data["phone"]))
    if "department" not in data:
        return field((yield from find(walk, section, data["person"])), goal)
    page = yield from walk.click(link(section, data["department"]))
    if goal == "count":
        return len(below(page, "/"))
    return field((yield from walk.click(link(page, data["person"]))), goal)


def _found(walk: Walk, section: str, name: str) -> Steps[str]:
    """The page of a name that one of a section's pages links to."""
    listings = below(section, "/")
    pages = yield from walk.tour([(None, listings)])
    if not any(f"[{name}]" in page for page in pages.values()):
        pages = yield from walk.tour([(None, listings)], whole=True)
    address = next(address for address, page in pages.items() if f"[{name}]" in page)
    walk.enter(address)
    return (yield from walk.click(link(pages[address], name)))


def _found_by_turns(walk: Walk, section: str, name: str) -> Steps[str]:
    for address in below(section, "/"):
        page = yield from walk.click(address)
        if f"[{name}]" in page:
            return (yield from walk.click(link(page, name)))
        walk.back()
    raise LookupError(f"nothing called {name!r} is there")


def _pages(walk: Walk, section: str, items: list[list[str]]) -> Steps[list[str]]:
    """The pages of items, each given by its name and kind."""
    kinds = {kind: link(section, kind) for _, kind in items}
    shown = yield from walk.tour([(None, list(kinds.values()))])
    if not all(f"[{name}]" in shown[kinds[kind]] for name, kind in items):
        shown = yield from walk.tour([(None, list(kinds.values()))], whole=True)
    wanted = {name: link(shown[kinds[kind]], name) for name, kind in items}
    groups = [(address, [wanted[name] for name, of in items if of == kind]) for kind, address in kinds.items()]
    pages = yield from walk.tour(groups)
    if not all("Price: " in page for page in pages.values()):
        pages = yield from walk.tour(groups, whole=True)
    return list(pages.values())


def _pages_by_turns(walk: Walk, section: str, items: list[list[str]]) -> Steps[list[str]]:
    pages: list[str] = []
    page = ""
    for name, kind in sorted(items, key=lambda item: item[1]):
        address = link(section, kind)
        if not walk.is_at(address):
            if pages:
                walk.back()
            page = yield from walk.click(address)
        pages.append((yield from walk.click(link(page, name))))
        walk.back()
    return pages


def _whose(walk: Walk, section: str, phone: str) -> CallPolicy:
    departments = below(section, "/")
    yield from walk.tour([(None, departments)])
    listings = yield from walk.tour([(None, departments)], whole=True)
    people = yield from walk.tour([(address, below(page, "/")) for address, page in listings.items()])
    return next(person.splitlines()[1] for person in people.values() if phone in person)


def _whose_by_turns(walk: Walk, section: str, phone: str) -> CallPolicy:
    for department in below(section, "/"):
        page = yield from walk.click(department)
        for address in below(page, "/"):
            person = yield from walk.click(address)
            if phone in person:
                return person.splitlines()[1]
            walk.back()
        walk.back()
    raise LookupError(f"nobody has the number {phone!r}")

"""A shop's pages, in prose with links: goods by kind, and the people who make them.

Nobody knows a page's form before it has seen one, so that here an oracle has to look. Once it has seen a link, it follows others.

Invariant: the same pages at every time. Answers are computed here from the tables and not from the pages.
"""

import re
from typing import Any

from agent.oracles.task import CallPolicy, CodePolicy, Task, calls_of

GOODS = {
    "lamps": {"Brass lantern": (34.5, "Ines Falk"), "Reading lamp": (52.25, "Otto Brandt"), "Night light": (12.9, "Ines Falk"),
              "Street lamp": (210.0, "Pavel Horn"), "Candle holder": (18.4, "Mara Lind")},
    "clocks": {"Wall clock": (75.0, "Jonas Reuter"), "Pocket watch": (149.9, "Mara Lind"), "Egg timer": (9.8, "Jonas Reuter")},
    "boxes": {"Music box": (64.0, "Otto Brandt"), "Jewel case": (88.6, "Edda Stern")},
}  # fmt: skip
PEOPLE = {
    "Ines Falk": ("metal", "engraving", "555-0114"), "Otto Brandt": ("wood", "inlay work", "555-0127"),
    "Pavel Horn": ("metal", "casting", "555-0139"), "Mara Lind": ("metal", "gilding", "555-0142"),
    "Jonas Reuter": ("gears", "escapements", "555-0158"), "Edda Stern": ("wood", "veneer", "555-0163"),
    "Lars Toft": ("gears", "bookbinding", "555-0171"), "Nils Arp": ("wood", "turning", "555-0185"),
}  # fmt: skip
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def open_page(address: str) -> str:
    """The text of a page of the shop; it begins at `/`."""
    if address not in PAGES:
        raise ValueError(f"there is no page {address!r}")
    return PAGES[address]


def _path(*names: str) -> str:
    return "/" + "/".join(name.lower().replace(" ", "-") for name in names)


def _links(*paths: tuple[str, str]) -> str:
    return ", ".join(f"[{name}]({path})" for name, path in paths)


def _pages() -> dict[str, str]:
    shops = sorted({shop for shop, _, _ in PEOPLE.values()})
    pages = {
        "/": f"Welcome. What we sell: {_links(*((kind, _path('goods', kind)) for kind in GOODS))}.\nWho we are: [team](/team).",
        "/team": f"Our workshops: {_links(*((shop, _path('team', shop)) for shop in shops))}.",
    }
    for kind, goods in GOODS.items():
        pages[_path("goods", kind)] = f"All our {kind}: {_links(*((name, _path('goods', kind, name)) for name in goods))}."
        for name, (price, maker) in goods.items():
            pages[_path("goods", kind, name)] = f"{name}\n\nMade by hand by {maker}. It costs {price:.2f} dollars, and lasts a life."
    for shop in shops:
        inside = [name for name, (where, _, _) in PEOPLE.items() if where == shop]
        pages[_path("team", shop)] = f"In the {shop} workshop: {_links(*((name, _path('team', shop, name)) for name in inside))}."
        for name in inside:
            _, skill, phone = PEOPLE[name]
            pages[_path("team", shop, name)] = f"{name} knows all about {skill}. To be reached at {phone}, from nine to five."
    return pages


PAGES = _pages()
FOLLOW = 'import re\ndef links(page):\n    return re.findall(r"\\]\\(([^)]+)\\)", page)\n'
"""What an oracle writes once it has seen how a link is written."""


def _link(page: str, name: str) -> str:
    """Where a page's link of that name leads, as one reads it."""
    return next(path for shown, path in LINK.findall(page) if shown == name)


def _below(page: str) -> list[tuple[str]]:
    return [(path,) for _, path in LINK.findall(page)]


def _read(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, page
    return found[1]


def _price_code() -> CodePolicy:
    shown = yield 'print(open_page("/"))'
    shown = yield f"print(open_page({_link(shown, 'clocks')!r}))"
    shown = yield f"print(open_page({_link(shown, 'Pocket watch')!r}))"
    return _read(r"costs ([\d.]+)", shown)


def _price_calls() -> CallPolicy:
    (page,) = yield calls_of("open_page", ("/",))
    (page,) = yield calls_of("open_page", (_link(page, "clocks"),))
    (page,) = yield calls_of("open_page", (_link(page, "Pocket watch"),))
    return _read(r"costs ([\d.]+)", page)


def _total_code() -> CodePolicy:
    shown = yield 'print(open_page("/"))'
    kind = _link(shown, "lamps")
    yield f"{FOLLOW}pages = [open_page(path) for path in links(open_page({kind!r}))]\nprint(len(pages), pages[0])"
    shown = yield """total = sum(float(re.search(r"costs ([0-9.]+)", page)[1]) for page in pages)\nprint(f"{total:.2f}")"""
    return shown.strip()


def _total_calls() -> CallPolicy:
    (page,) = yield calls_of("open_page", ("/",))
    (page,) = yield calls_of("open_page", (_link(page, "lamps"),))
    pages = yield calls_of("open_page", *_below(page))
    return f"{sum(float(_read(r'costs ([0-9.]+)', page)) for page in pages):.2f}"


def _expert_code() -> CodePolicy:
    shown = yield 'print(open_page("/"))'
    team = _link(shown, "team")
    shown = yield f"""{FOLLOW}for workshop in links(open_page({team!r})):
    for person in links(open_page(workshop)):
        if "bookbinding" in open_page(person):
            print(open_page(person))"""
    return _read(r"^(\w+ \w+)", shown)


def _expert_calls() -> CallPolicy:
    (page,) = yield calls_of("open_page", ("/",))
    (page,) = yield calls_of("open_page", (_link(page, "team"),))
    workshops = yield calls_of("open_page", *_below(page))
    people = yield calls_of("open_page", *(path for workshop in workshops for path in _below(workshop)))
    return next(_read(r"^(\w+ \w+)", page) for page in people if "bookbinding" in page)


def _phone_code() -> CodePolicy:
    shown = yield 'print(open_page("/"))'
    kind, team = _link(shown, "boxes"), _link(shown, "team")
    shown = yield f'{FOLLOW}print(open_page(next(path for path in links(open_page({kind!r})) if "jewel" in path)))'
    maker = _read(r"by hand by (\w+ \w+)", shown)
    shown = yield f"""for workshop in links(open_page({team!r})):
    for person in links(open_page(workshop)):
        if {maker!r} in open_page(person):
            print(open_page(person))"""
    return _read(r"reached at ([\d-]+)", shown)


def _phone_calls() -> CallPolicy:
    (home,) = yield calls_of("open_page", ("/",))
    kind, team = yield calls_of("open_page", (_link(home, "boxes"),), (_link(home, "team"),))
    item, *workshops = yield calls_of("open_page", (_link(kind, "Jewel case"),), *_below(team))
    maker = _read(r"by hand by (\w+ \w+)", item)
    (person,) = yield calls_of("open_page", (next(_link(page, maker) for page in workshops if maker in page),))
    return _read(r"reached at ([\d-]+)", person)


def _tools() -> list[Any]:
    return [open_page]


TASKS = (
    Task(
        "shop: a price", "What does the shop's Pocket watch cost?", _tools, _price_code, _price_calls,
        lambda: GOODS["clocks"]["Pocket watch"][0],
    ),
    Task(
        "shop: one of each", "What do all lamps of the shop cost together, one of each?", _tools, _total_code, _total_calls,
        lambda: sum(price for price, _ in GOODS["lamps"].values()),
    ),
    Task(
        "shop: who knows", "Who in the shop's workshops knows about bookbinding? The whole name.", _tools, _expert_code, _expert_calls,
        lambda: next(name for name, (_, skill, _) in PEOPLE.items() if skill == "bookbinding"),
    ),
    Task(
        "shop: whom to ring up", "What is the phone number of the one who made the shop's Jewel case?", _tools, _phone_code, _phone_calls,
        lambda: PEOPLE[GOODS["boxes"]["Jewel case"][1]][2],
    ),
)  # fmt: skip

"""The pages of a shop, as lines of text with links.

Invariant: a shop has 55 pages; each link is written [what it shows](/address), with an address from the root, and leads to one of them;
each page can be reached from the first. It does not: cut pages into views.
"""

import re
from functools import lru_cache

from codeact.bench.suites.m3.chance import Chance
from codeact.bench.suites.m3.shop.catalogue import Item, Person, Shop, shop, slug

HOME = "/"
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_POSTS = 6
_PRAISE = (
    "Made by hand in our own workshop.", "No two of them are quite alike.", "A present that is kept for life.",
    "Tested for a week before it leaves us.",
    "Comes in a box lined with felt.", "Our grandparents would have liked it.",
)  # fmt: skip
_NEWS = (
    "We were closed for the flood, and are open again.", "The old kiln has been relit.", "Thank you for coming to the fair.",
    "A cat has moved into the store room.", "We have a new sign above the door.", "The lathe hums once more.",
    "Rain kept the roofers away.",
    "Somebody left an umbrella with a silver handle.",
)  # fmt: skip


@lru_cache(maxsize=32)
def pages(number: int) -> dict[str, list[str]]:
    """The pages of a shop by address, each as its lines.

    Args:
        number: of the shop.
    """
    of, chance = shop(number), Chance(f"pages {number}")
    made = {**_fronts(of), **_posts(of, chance)}
    for kind in of.kinds:
        items = [item for item in of.items if item.kind == kind]
        made[f"/products/{kind}"] = [
            f"All our {kind}",
            *_praise(chance, 1),
            *(_link(item.name, item.address) for item in items),
            _up("products"),
        ]
        made.update((item.address, _item(item, chance)) for item in items)
    for department in of.departments:
        people = [person for person in of.people if person.department == department]
        made[f"/team/{slug(department)}"] = [
            f"{department} department",
            *(_link(person.name, person.address) for person in people),
            _up("team"),
        ]
        made.update((person.address, _person(person)) for person in people)
    return made


def _link(text: str, address: str) -> str:
    return f"[{text}]({address})"


def _up(section: str) -> str:
    return f"Back to {_link(section, f'/{section}')}"


_TO_START = f"Back to {_link('the start', HOME)}"


def _praise(chance: Chance, most: int) -> list[str]:
    return chance.some(_PRAISE, chance.between(0, most))


def _fronts(of: Shop) -> dict[str, list[str]]:
    return {
        HOME: [
            f"Welcome to {of.name}", f"What we sell: {_link('Products', '/products')}", f"Who we are: {_link('Team', '/team')}",
            f"How it began: {_link('About us', '/about')}", f"What is new: {_link('Blog', '/blog')}",
        ],
        "/about": [
            f"About {of.name}", "We began with one bench and one window.", "The window has been cleaned since.", "Today we are sixteen.",
            "Come and see us on any weekday.", "Children may touch what they can reach.", _TO_START,
        ],
        "/blog": ["What is new", *(_link(f"Post {count}", f"/blog/{count}") for count in range(1, _POSTS + 1)), _TO_START],
        "/products": ["What we sell", *(_link(kind.capitalize(), f"/products/{kind}") for kind in of.kinds), _TO_START],
        "/team": ["Our departments", *(_link(name, f"/team/{slug(name)}") for name in of.departments), _TO_START],
    }  # fmt: skip


def _posts(of: Shop, chance: Chance) -> dict[str, list[str]]:
    posts: dict[str, list[str]] = {}
    for count in range(1, _POSTS + 1):
        item = chance.pick(of.items)
        news = chance.some(_NEWS, chance.between(2, 7))
        posts[f"/blog/{count}"] = [f"Post {count}", *news, f"Have you seen our {_link(item.name, item.address)}?", _up("blog")]
    return posts


def _item(item: Item, chance: Chance) -> list[str]:
    price = f"Price: {item.cents / 100:.2f} dollars"
    return [item.name, *_praise(chance, 5), price, f"Ready to be sent in {chance.between(2, 9)} days", _up(f"products/{item.kind}")]


def _person(person: Person) -> list[str]:
    return [
        person.name,
        f"Works in: {_link(person.department, f'/team/{slug(person.department)}')}",
        f"Expertise: {person.expertise}",
        f"E-mail: {person.email}",
        f"Phone: {person.phone}",
    ]

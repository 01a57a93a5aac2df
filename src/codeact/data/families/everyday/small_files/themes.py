"""What small tables are about.

Invariant: every theme has a name, a group, a whole number, an amount and a flag for each row; every table has a date besides. It does not:
make rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from codeact.data.families.wordlists import COLOURS, FOODS, GOODS, PEOPLE, WORDS

_TITLES = [f"The {colour.title()} {word.title()}" for colour in COLOURS for word in WORDS[::7]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A kind of table.

    Args:
        stems: of the file's name.
        things: what the rows are.
        name: the column of what tells rows apart.
        names: what is in that column, each once at most.
        group: the column of what rows have in common.
        groups: what is in that column.
        count: the column of whole numbers.
        counts: the lowest and the highest.
        price: the column of numbers with two decimals.
        prices: they are from the first on, and below the second.
        flag: the column of yes and no.
    """

    stems: Sequence[str]
    things: str
    name: str
    names: Sequence[str]
    group: str
    groups: Sequence[str]
    count: str
    counts: tuple[int, int]
    price: str
    prices: tuple[int, int]
    flag: str


THEMES = (
    Theme(
        stems=("orders", "shop_orders"),
        things="orders",
        name="product",
        names=GOODS + FOODS,
        group="region",
        groups=("north", "south", "east", "west"),
        count="quantity",
        counts=(1, 40),
        price="price",
        prices=(3, 90),
        flag="paid",
    ),
    Theme(
        stems=("members", "club"),
        things="members",
        name="member",
        names=PEOPLE,
        group="city",
        groups=("Oslo", "Lima", "Porto", "Graz"),
        count="visits",
        counts=(0, 60),
        price="fee",
        prices=(10, 80),
        flag="active",
    ),
    Theme(
        stems=("employees", "staff", "payroll"),
        things="employees",
        name="name",
        names=PEOPLE,
        group="department",
        groups=("sales", "kitchen", "office", "garage"),
        count="hours",
        counts=(4, 45),
        price="wage",
        prices=(12, 40),
        flag="trained",
    ),
    Theme(
        stems=("stock", "inventory"),
        things="items",
        name="item",
        names=GOODS + FOODS,
        group="supplier",
        groups=("Nordal", "Kessler", "Umbra"),
        count="stock",
        counts=(1, 120),
        price="unit price",
        prices=(2, 90),
        flag="ordered",
    ),
    Theme(
        stems=("pets", "shelter"),
        things="animals",
        name="name",
        names=PEOPLE,
        group="species",
        groups=("dog", "cat", "rabbit", "parrot"),
        count="age",
        counts=(1, 15),
        price="weight",
        prices=(1, 40),
        flag="adopted",
    ),
    Theme(
        stems=("books", "library"),
        things="books",
        name="title",
        names=_TITLES,
        group="genre",
        groups=("novel", "poetry", "travel", "history"),
        count="pages",
        counts=(80, 600),
        price="price",
        prices=(5, 40),
        flag="borrowed",
    ),
    Theme(
        stems=("films", "cinema"),
        things="films",
        name="title",
        names=_TITLES,
        group="genre",
        groups=("drama", "comedy", "western", "thriller"),
        count="minutes",
        counts=(70, 180),
        price="rating",
        prices=(2, 9),
        flag="seen",
    ),
)

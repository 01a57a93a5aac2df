"""Questions over the small files: read line by line, and counted with what a table or a text is made of."""

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

FILES = Path(__file__).parents[3] / "examples" / "files"


def text(name: str) -> str:
    return (FILES / name).read_text(encoding="utf-8")


def sales() -> list[tuple[str, str, str, int, Fraction]]:
    rows = [line.split(",") for line in text("sales.csv").splitlines()[1:]]
    return [(day, region, product, int(units), Fraction(price)) for day, region, product, units, price in rows]


def units_by_region() -> Counter[str]:
    units: Counter[str] = Counter()
    for _, region, _, count, _ in sales():
        units[region] += count
    return units


def money_by_product() -> dict[str, Fraction]:
    money: dict[str, Fraction] = defaultdict(Fraction)
    for _, _, product, count, price in sales():
        money[product] += count * price
    return money


def diary() -> dict[str, str]:
    """The lines by their day, which they begin with."""
    return {line[: line.index(".")]: line for line in text("diary.txt").split("\n") if line.strip()}


def words() -> list[str]:
    return [word.strip(".,:;") for word in text("diary.txt").split()]


def common_words() -> list[tuple[str, int]]:
    return Counter(word.casefold() for word in words()).most_common(2)


def books() -> list[dict[str, Any]]:
    return json.loads(text("books.json"))


def column(key: str) -> list[Any]:
    return [book[key] for book in books()]


SALES: dict[str, Callable[[], Any]] = {
    "file-rows": lambda: text("sales.csv").count("\n") - 1,
    "file-revenue": lambda: float(sum(money_by_product().values())),
    "file-region": lambda: units_by_region().most_common(1)[0][0],
    "file-average": lambda: round(statistics.fmean(units for _, _, product, units, _ in sales() if product == "pen"), 2),
    "file-best": lambda: sorted((money, product) for product, money in money_by_product().items())[-1][1],
    "file-march": lambda: sum(units for day, _, _, units, _ in sales() if day.split("-")[1] == "03"),
    "file-biggest": lambda: float(sorted(units * price for _, _, _, units, price in sales())[-1]),
    "file-products": lambda: sorted(money_by_product()),
    "file-columns": lambda: text("sales.csv").partition("\n")[0].split(","),
    "file-north": lambda: text("sales.csv").count(",north,"),
    "file-last": lambda: sorted(day for day, *_ in sales())[-1],
    "file-chairs": lambda: float(money_by_product()["chair"]),
}

DIARY: dict[str, Callable[[], Any]] = {
    "file-lines": lambda: len(diary()),
    "file-words": lambda: len(words()),
    "file-characters": lambda: (FILES / "diary.txt").stat().st_size,  # all of it is ASCII
    "file-rain": lambda: sum("rain" in line or "Rain" in line for line in diary().values()),
    "file-hanna": lambda: words().count("Hanna"),
    "file-longest-line": lambda: sorted((len(line), day) for day, line in diary().items())[-1][1],
    "file-digits": lambda: sum(int(word) for word in words() if word.isdecimal()),
    "file-last-word": lambda: words()[-1],
    "file-longest-word": lambda: sorted(set(words()), key=len)[-1],
    "file-lake": lambda: [day for day in diary() if diary()[day].count("lake")],
    "file-common": lambda: common_words()[0][0],
}

BOOKS: dict[str, Callable[[], Any]] = {
    "file-books": lambda: text("books.json").count('"title"'),
    "file-pages": lambda: sum(column("pages")),
    "file-oldest": lambda: column("title")[column("year").index(min(column("year")))],
    "file-lent": lambda: text("books.json").count('"lent": true'),
    "file-since": lambda: len([year for year in column("year") if year > 2009]),
    "file-thick": lambda: [title for title, pages in zip(column("title"), column("pages"), strict=True) if pages > 500],
    "file-mean-pages": lambda: round(float(Fraction(sum(column("pages")), len(books()))), 2),
    "file-genres": lambda: len(Counter(column("genre"))),
    "file-keys": lambda: sorted({key for book in books() for key in book}),
    "file-poetry": lambda: sum(pages for genre, pages in zip(column("genre"), column("pages"), strict=True) if genre == "poetry"),
    "file-shelf": lambda: next(book["title"] for book in books() if (book["author"], book["lent"]) == ("Per Lindholm", False)),
}

ANSWERS = {**SALES, **DIARY, **BOOKS}

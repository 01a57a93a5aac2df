"""What the entries of lists are: scores, prices, words, votes, ages by name.

Invariant: a lead is a sentence of its own, but for its full stop, with {} for the list. It does not: choose.
"""

from dataclasses import dataclass

from codeact.data.families.wordlists import CITIES, COLOURS, FOODS, GOODS, PEOPLE, WORDS


@dataclass(frozen=True, slots=True)
class Theme:
    """Numbers from `low` up to `high`, with so many decimal `places`; `noun` says what they are, `name` is theirs in code."""

    noun: str
    name: str
    lead: str
    low: int
    high: int
    places: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a pool; `noun` says what they are."""

    pool: tuple[str, ...]
    noun: str
    lead: str


@dataclass(frozen=True, slots=True)
class NamedTheme:
    """Numbers from `least` up to `most` that belong to names.

    Args:
        pool: the names.
        noun, single: what the numbers are, and what one of them is.
        high, low: what one says of the highest and the lowest.
        title: what is said before names and numbers.
    """

    pool: tuple[str, ...]
    noun: str
    single: str
    high: str
    low: str
    least: int
    most: int
    title: str


THEMES = (
    Theme("test scores", "scores", "I got {} on my last tests", 38, 100),
    Theme("temperatures", "temps", "This week it was {} degrees outside", -12, 35),
    Theme("temperatures", "temps", "The thermometer showed {} degrees", -8, 31, places=1),
    Theme("prices", "prices", "I paid {} for the things in my basket", 1, 90, places=2),
    Theme("step counts", "steps", "My step counter says {} for the last days", 2000, 15000),
    Theme("meter readings", "readings", "My notes of the meter say {}", 1000, 9900),
    Theme("distances", "distances", "On my last runs I did {} km", 2, 22, places=1),
    Theme("ages", "ages", "The people in our club are {} years old", 7, 80),
    Theme("rainfall amounts", "rain", "On the last days it rained {} mm", 1, 45),
    Theme("sales figures", "sales", "The bakery sold {} loaves on the last days", 20, 400),
    Theme("waiting times", "minutes", "I had to wait {} minutes at the last stops", 1, 45),
    Theme("page counts", "pages", "I read {} pages on the last evenings", 4, 120),
    Theme("numbers", "numbers", "I have the numbers {}", 1, 60),
    Theme("numbers", "nums", "My numbers are {}", -20, 50),
    Theme("values", "values", "I wrote down the values {}", 100, 999),
)
WORDLISTS = (
    Words(WORDS, "words", "I wrote down {}"),
    Words(FOODS, "orders", "The guests ordered {}"),
    Words(CITIES, "cities", "My trips went to {}"),
)
BALLOTS = (
    Words(FOODS, "votes", "The votes for our snack are {}"),
    Words(COLOURS, "ballots", "The ballots for the team colour say {}"),
    Words(CITIES, "votes", "The votes for our trip are {}"),
    Words(PEOPLE, "ballots", "The ballots for class speaker say {}"),
)
_EXPENSES = ("rent", "food", "heating", "insurance", "clothes", "travel", "phone", "books", "sports", "repairs")
NAMED = (
    NamedTheme(PEOPLE, "ages", "age", "oldest", "youngest", 6, 90, "The ages in the family"),
    NamedTheme(PEOPLE, "heights", "height", "tallest", "shortest", 120, 199, "The heights in cm"),
    NamedTheme(GOODS, "prices", "price", "most expensive", "cheapest", 3, 250, "The prices in the shop"),
    NamedTheme(CITIES, "distances", "distance", "farthest", "nearest", 15, 950, "How far the cities are, in km"),
    NamedTheme(_EXPENSES, "costs", "cost", "biggest", "smallest", 15, 900, "My costs this month"),
)

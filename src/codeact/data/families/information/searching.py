"""Questions for which the right title has to be found first, and questions about families and years.

Invariant: a search gives the right title among others. It does not: rank titles.
"""

import random
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.data.families.information import names
from codeact.data.families.information.kinds import KINDS
from codeact.data.families.information.wordings import ASK, UNSEEN_ASK, numbered
from codeact.data.families.information.world import World, chain, check_of
from codeact.data.families.naming import quoted, tool
from codeact.data.families.words import capital
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

_SUFFIX = {
    "city": "(city)",
    "book": "(book)",
    "film": "(film)",
    "company": "(company)",
    "lake": "(lake)",
    "bridge": "(bridge)",
    "museum": "(museum)",
}


def _search(chance: random.Random, phrase: Phrase) -> Instance:
    world = World(KINDS, chance)
    kind = chance.choice(list(_SUFFIX))
    start = world.add(kind, depth=0)
    question = chain(world, start, 1)
    title = f"{start} {_SUFFIX[kind]}"
    others = chance.sample([f"{start} {one}" for one in _SUFFIX.values() if one != _SUFFIX[kind]], 2)
    titles = chance.sample([title, *others], 3)
    search = chance.choice(("search", "find_titles", "search_pages", "query", "titles_for"))
    read = chance.choice(("open_page", "page_text", "read_page", "get_text", "summary"))

    def find(words: str) -> list[str]:
        return titles if start.lower() in words.lower() else []

    def text(title: str) -> str:
        if title not in titles:
            raise KeyError(f"no page {title!r}; use {search}")
        return world.article(start) if title.endswith(_SUFFIX[kind]) else f"{title} is a stub: nothing is known of it yet."

    def code() -> CodePolicy:
        yield f"print({search}({quoted(start)}))"
        yield f"print({read}({quoted(title)}))"
        return str(question.value)

    def calls() -> CallPolicy:
        yield [Call(search, (start,))]
        yield [Call(read, (title,))]
        return question.value

    phrased = question.phrase.replace(start, f"the {kind} {start}")
    return Instance(
        prompt=phrase(thing=phrased),
        answer=question.value,
        check=check_of(question.value),
        code=code,
        calls=calls,
        tools=(
            tool(find, search, "Titles of pages that fit some words.", {"words": chance.choice(("words", "text", "query"))}),
            tool(text, read, "The text of the page with exactly this title."),
        ),
        slips=(
            Slip("title not searched", f"print({read}({quoted(start)}))"),
            Slip("list as title", f"print({read}({search}({quoted(start)})))"),
        ),
    )


def _tree(chance: random.Random) -> tuple[str, dict[str, list[str]]]:
    """The eldest of a family, and the children of those who have any."""
    made: dict[str, None] = {}
    while len(made) < 14:
        made[names.first(chance)] = None
    people = iter(made)
    root = next(people)
    tree = {root: [next(people) for _ in range(chance.randint(2, 3))]}
    for child in tree[root]:
        tree[child] = [next(people) for _ in range(chance.randint(1, 3))]
    return root, tree


def _kin(chance: random.Random, phrase: Phrase) -> Instance:
    """A family: who has which children."""
    root, tree = _tree(chance)
    youngest = [one for child in tree[root] for one in tree[child]]
    children = chance.choice(("children_of", "get_children", "kids", "offspring"))
    parent = chance.choice(("parent_of", "get_parent", "mother_of", "raised_by"))

    def down(name: str) -> list[str]:
        return tree.get(name, [])

    def up(name: str) -> str | None:
        return next((one for one, kids in tree.items() if name in kids), None)

    grand = chance.random() < 0.5
    young = chance.choice(youngest)
    listed = f"found = []\nfor child in {children}({quoted(root)}):\n    found.extend({children}(child))\nprint(found)"
    climb = f"{parent}({parent}({quoted(young)}))"

    def code() -> CodePolicy:
        said = yield listed if grand else f"print({climb})"
        return said.strip()

    def calls() -> CallPolicy:
        if grand:
            (kids,) = yield [Call(children, (root,))]
            replies = yield [Call(children, (kid,)) for kid in kids]
            return [one for reply in replies for one in reply]
        (one,) = yield [Call(parent, (young,))]
        (other,) = yield [Call(parent, (one,))]
        return other

    tools = (tool(down, children, "The names of somebody's children."), tool(up, parent, "The name of somebody's parent; None if unknown."))
    answer: Any = youngest if grand else root
    what = f"the list of all grandchildren of {root}" if grand else f"the name of the grandparent of {young}"
    listed_twice = Slip("list as name", f"print({children}({children}({quoted(root)})))")
    wrong = listed_twice if grand else Slip("other direction", f"print({children}({quoted(young)}))")
    return Instance(
        prompt=phrase(thing=what),
        answer=answer,
        check="set" if grand else "exact",
        code=code,
        calls=calls,
        tools=tools,
        slips=(wrong,),
    )


def _years(chance: random.Random, phrase: Phrase) -> Instance:
    """Years of events, some as numbers, some as text."""
    text, looks = chance.random() < 0.4, chance.random() < 0.5
    town = names.town(chance)
    what = ("the great fire", "the first tram", "the flood", "the new town hall", "the first school", "the siege", "the market charter")
    years = dict(zip([f"{one} of {town}" for one in chance.sample(what, 5)], chance.sample(range(1300, 1990), 5), strict=True))
    year = chance.choice(("year_of", "when_was", "date_of", "find_year"))

    def number(event: str) -> int:
        if event not in years:
            raise ValueError(f"unknown event {event!r}; known are: {', '.join(years)}")
        return years[event]

    def written(event: str) -> str:
        return f"{number(event)} AD"

    early, late = sorted(chance.sample(list(years), 2), key=lambda one: years[one])
    read = f"int({year}({{}}).split()[0])" if text else f"{year}({{}})"

    def code() -> CodePolicy:
        if text and looks:
            yield f"print({year}({quoted(late)}), {year}({quoted(early)}))"
        said = yield f"late = {read.format(quoted(late))}\nearly = {read.format(quoted(early))}\nprint(late - early)"
        return said.strip()

    def calls() -> CallPolicy:
        late_reply, early_reply = yield [Call(year, (late,)), Call(year, (early,))]
        return int(str(late_reply).split()[0]) - int(str(early_reply).split()[0])

    described = 'The year of an event, as text such as "1412 AD".' if text else "The year of an event."
    return Instance(
        prompt=capital(phrase(early=early, late=late)),
        answer=years[late] - years[early],
        check="number",
        code=code,
        calls=calls,
        tools=(tool(written if text else number, year, described, {"event": chance.choice(("event", "what", "name"))}),),
        slips=(
            Slip("text as number", f"print({year}({quoted(late)}) - {year}({quoted(early)}))")
            if text
            else Slip("misspelt item", f"print({year}({quoted(late.split(' of ')[0])}))"),
        ),
    )


FAMILIES = (
    Family("information/search", "information", _search, ASK, UNSEEN_ASK),
    Family("information/kin", "information", _kin, ASK, UNSEEN_ASK, weight=0.6),
    Family(
        "information/years",
        "information",
        _years,
        numbered(
            "How many years [passed|were there|went by] between {early} and {late}?",
            "[How long after {early} was|How many years after {early} came] {late}?",
            "[I need|Find|Work out] the number of years from {early} to {late}.",
            "[Look up|Find] when {early} and {late} were, and [tell me|give me] the number of years between them.",
        ),
        (
            "{late} came later than {early}: [by how many years|how much later, in years]?",
            "[Span in years|Time in years], from {early} up to {late}[, please]?",
        ),
    ),
)

"""Ways that are followed step by step: who comes next, pages that link to pages, a search that narrows down."""

import random
from collections.abc import Callable

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.special.tasks import done, family
from codeact.data.families.composition.toolmaking import nothing, tool, written
from codeact.data.families.words import with_article
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

_STOPS = (
    "Alder Court", "Bell Square", "Canal End", "Drury Lane", "East Market", "Fir Street", "Grange", "Hop Fields", "Ink Works",
    "Jetty", "Kiln Road",
    "Lock House", "Mint Yard", "North Gate", "Opera",
)  # fmt: skip
_STAFF = (
    "Abbot",
    "Baxter",
    "Conrad",
    "Drake",
    "Ellis",
    "Foster",
    "Gibson",
    "Hobbs",
    "Irwin",
    "Judd",
    "Kerr",
    "Lowell",
    "Munro",
    "Nash",
    "Osborn",
)
_DOGS = ("Argo", "Balto", "Caesar", "Duke", "Echo", "Fido", "Gypsy", "Hector", "Inka", "Jip", "Kaiser", "Laika", "Nero", "Otto")

_CHAINS = (
    ("stop", ("next_stop", "stop_after", "following_stop"), "The stop after a stop on the line, None after the last.", "next stop", _STOPS),
    ("employee", ("boss_of", "manager_of", "reports_to"), "The name of an employee's boss, None for the head.", "boss", _STAFF),
    (
        "page",
        ("next_page_of", "page_after", "link_of"),
        "The page that a page links to, None if to none.",
        "linked page",
        tuple(f"page{n}" for n in range(11, 40)),
    ),
)
_UNSEEN_CHAINS = (
    ("dog", ("sire_of", "father_dog"), "The name of a dog's father, None if it is not known.", "father", _DOGS),
    (
        "locker",
        ("clue_in", "hint_inside"),
        "The number of the locker that the note in a locker names, None if it is empty.",
        "next locker",
        tuple(f"L{n}" for n in range(101, 140)),
    ),
)


def _follow(chains: tuple[tuple[str, tuple[str, ...], str, str, tuple[str, ...]], ...]) -> Callable[[random.Random, Phrase], Instance]:
    def make(chance: random.Random, phrase: Phrase) -> Instance:
        noun, names, doc, link, pool = chance.choice(chains)
        way = chance.sample(pool, chance.randint(5, 9))
        start = way[chance.randrange(0, 2)]
        left = way[way.index(start) :]
        name = chance.choice(names)
        after = dict(zip(way, [*way[1:], None], strict=True))

        def given(one: str) -> str | None:
            if one not in after:
                raise ValueError(f"there is no {noun} {one!r}")
            return after[one]

        kind, steps = chance.choice(("end", "count", "steps")), chance.randint(2, len(left) - 1)
        loop = f"here = {written(start)}\ncount = 0\nwhile {name}(here) is not None:\n    here = {name}(here)\n    count += 1"
        codes = {
            "end": f"here = {written(start)}\nwhile {name}(here) is not None:\n    here = {name}(here)\n    print(here)",
            "count": f"{loop}\nprint(here)\nprint(count)",
            "steps": f"here = {written(start)}\nfor number in range({steps}):\n    here = {name}(here)\n    print(here)",
        }
        answer = {"end": left[-1], "count": len(left) - 1, "steps": left[steps]}[kind]
        told = {
            "end": f"follow the {link} until there is none. Which is the last {noun}? Answer with it",
            "count": f"count how many steps, each to the {link}, it takes to come to the last {noun}. Answer with that number",
            "steps": f"go {steps} steps, each to the {link}. Which {noun} is it then? Answer with it",
        }[kind]

        def calls() -> CallPolicy:
            here, count = start, 0
            while kind != "steps" or count < steps:
                shown = (yield [Call(name, (here,))])[0]
                if nothing(shown):
                    break
                here, count = shown, count + 1
            return str(count) if kind == "count" else here

        slips = (
            Slip("no end", f"here = {written(start)}\nwhile True:\n    here = {name}(here)", None),
            Slip("wrong argument", f"print({name}(start={written(start)}))", (Call(name, (), {"start": start}),)),
        )
        made = [tool(name, {noun: str}, str | None, doc, given), _idle(chance, noun, way)]
        check = "number" if kind == "count" else "exact"
        return done(
            phrase(start=start, told=told, noun=noun), answer, [codes[kind]], calls, tools=made, chance=chance, check=check, slips=slips
        )

    return make


def _idle(chance: random.Random, noun: str, way: list[str]) -> object:
    """A tool of no use beside the one that leads on."""
    name, doc = chance.choice(
        ((f"is_{noun}", f"Whether a name is that of {with_article(noun)}."), (f"{noun}_exists", f"Whether there is such a {noun}."))
    )
    return tool(name, {"name": str}, bool, doc, lambda one: one in way)


_FOLLOW = (
    "[Start at|Begin at|Start from] the {noun} {start}, and {told}.",
    "[From|Going from|Starting from] {start}, {told}[, please].",
    "[The first {noun} is|You are at|We begin with] {start}: {told}.",
    "There is a way from one {noun} to another. [At|From] {start}, {told}.",
    "[Take|Put your finger on|Look up] {start}. Then {told}[. Nothing else].",
    "With {start} as the {noun} to [begin|start] with, {told}.",
)
_FOLLOW_ELSE = (
    "{start} [is where it starts|comes first]. Now {told}[, no more].",
    "Setting out from the {noun} {start}, {told}[, in one word].",
    "[Imagine|Say] that you stand at {start}; {told}.",
)

_TOPICS = ("Opening Hours", "Prices", "Team", "Contact", "News", "Courses", "History", "Jobs", "Directions", "Gallery")
_FACTS = (
    ("the emergency phone number", lambda chance: f"0{chance.randint(100, 999)}-{chance.randint(10000, 99999)}"),
    ("the door code", lambda chance: str(chance.randint(1000, 9999))),
    ("the name of the caretaker", lambda chance: f"{chance.choice(_STAFF)}"),
    ("the annual fee in dollars", lambda chance: chance.randint(15, 480)),
    ("the number of members", lambda chance: chance.randint(20, 9000)),
)
_HOSTS = ("choir", "chess club", "rowing club", "village hall", "print shop", "allotment", "day nursery", "fire brigade", "film club")


def _site(chance: random.Random, phrase: Phrase) -> Instance:
    """A few pages below a front page, two levels deep; one of them holds the fact."""
    topics = chance.sample(_TOPICS, chance.randint(4, 6))
    fact, make = chance.choice(_FACTS)
    value, upper = make(chance), topics[:2]
    paths = {topic: f"/{topic.lower().replace(' ', '-')}" for topic in topics}
    pages: dict[str, tuple[str, list[str]]] = {"/": ("Welcome.", [paths[one] for one in upper])}
    for number, topic in enumerate(topics):
        below = [paths[one] for place, one in enumerate(topics[2:]) if place % 2 == number] if number < 2 else []
        pages[paths[topic]] = (f"About our {topic.lower()}.", below)
    secret = paths[chance.choice(topics[1:])]
    label = fact.removeprefix("the ")
    pages[secret] = (f"{pages[secret][0]} {label.capitalize()}: {value}", pages[secret][1])
    name, parameter = chance.choice(("open_page", "visit", "load_page", "fetch")), chance.choice(("path", "address", "link"))

    def given(path: str) -> dict:
        if path not in pages:
            raise ValueError(f"there is no page {path!r}")
        return {"text": pages[path][0], "links": list(pages[path][1])}

    doc = 'A page of the site: {"text": ..., "links": paths of other pages}. The front page is /.'
    walk = (
        f'paths = ["/"]\nfor path in paths:\n    page = {name}(path)\n    paths += page["links"]\n'
        f'    if {written(label)} in page["text"].lower():\n        print(page["text"].split(": ")[-1])'
    )
    see = f'paths = ["/"]\nfor path in paths:\n    page = {name}(path)\n    print(path, page["text"])\n    paths += page["links"]'
    found = f'print({name}({written(secret)})["text"].split(": ")[-1])'

    def calls() -> CallPolicy:
        paths = ["/"]
        for path in paths:
            page = (yield [Call(name, (path,))])[0]
            paths += page["links"]
            if label in page["text"].lower():
                return page["text"].split(": ")[-1]
        raise ValueError(f"no page has {fact}")

    slips = (
        Slip("wrong path", f'print({name}("/{label.replace(" ", "-")}"))', (Call(name, (f"/{label.replace(' ', '-')}",)),)),
        Slip("missing argument", f"print({name}())", (Call(name),)),
    )
    actions = [see, found] if chance.random() < 0.5 else [walk]
    prompt = phrase(fact=fact, host=chance.choice(_HOSTS))
    made = [
        tool(name, {parameter: str}, dict, doc, given),
        tool("page_title", {parameter: str}, str, "The title of a page.", lambda one: one.strip("/").title()),
    ]
    check = "number" if isinstance(value, int) else "exact"
    return done(prompt, value, actions, calls, tools=made, chance=chance, check=check, slips=slips)


def _guess(chance: random.Random, phrase: Phrase) -> Instance:
    """A number that is found by halving."""
    top = chance.choice((50, 64, 100, 128, 200, 500, 1000))
    secret = chance.randint(1, top)
    name = chance.choice(("guess", "try_number", "ask", "propose"))
    low, high, hit = chance.choice((("too low", "too high", "right"), ("higher", "lower", "correct"), ("up", "down", "yes")))

    def given(number: int) -> str:
        return low if number < secret else high if number > secret else hit

    doc = f'Say "{low}" if the number is below the secret one, "{high}" if it is above it, or "{hit}".'
    loop = (
        f"first, last = 1, {top}\nwhile first <= last:\n    middle = (first + last) // 2\n    said = {name}(middle)\n    "
        f"print(middle, said)\n"
        f"    if said == {written(hit)}:\n        break\n    if said == {written(low)}:\n        first = middle + 1\n    else:\n  "
        f"      last = middle - 1\nprint(middle)"
    )

    def calls() -> CallPolicy:
        first, last = 1, top
        while True:
            middle = (first + last) // 2
            said = (yield [Call(name, (middle,))])[0]
            if said == hit:
                return str(middle)
            first, last = (middle + 1, last) if said == low else (first, middle - 1)

    slips = (
        Slip("wrong argument type", f'print({name}("all"))', (Call(name, ("all",)),)),
        Slip("missing argument", f"print({name}())", (Call(name),)),
    )
    made = [tool(name, {"number": int}, str, doc, given), tool("give_up", {}, str, "End the game without a result.", lambda: "game over")]
    return done(phrase(top=top), secret, [loop], calls, tools=made, chance=chance, check="number", slips=slips)


FAMILIES = (
    family("follow", _follow(_CHAINS), _FOLLOW, _FOLLOW_ELSE),
    family("follow-unseen", _follow(_UNSEEN_CHAINS), _FOLLOW, _FOLLOW_ELSE, held_out=True),
    family(
        "site",
        _site,
        (
            "Somewhere on the site of the {host} is {fact}. [Find it.|What is it?|Look for it.]",
            "[Find|Look up|Tell me|I need] {fact} on the site of our {host}[.|, please.]",
            "[Browse|Search|Go through] the pages of the {host} from the front page on. What is {fact}?",
            "The {host} has a small web site. One of its pages tells {fact}: [what is it|which]?",
            "[Starting at|From] the front page, follow the links until you have found {fact} of the {host}. [Answer with it.|Give it.]",
        ),
        (
            "I forgot which page of the {host} tells {fact}; [look at all|follow the links] and [give|tell] me what it is.",
            "I am after {fact}. It must be on a page of the {host}. [What is it|What does it say]?",
        ),
    ),
    family(
        "guess",
        _guess,
        (
            "[Find|Find out|Guess|Work out] the secret whole number from 1 to {top}. Answer with it.",
            "[I think of|There is|Somebody picked] a whole number from 1 to {top}. [Which is it|What is it]?",
            "A secret whole number is from 1 to {top}; the [tool|function] tells whether you are above or below. [What is the "
            "number?|Find the number.]",
            "From 1 to {top} there is a whole number to be found by trying. [Name it.|Which is it?|Find it.]",
            "[By halving|By trying], find the whole number from 1 to {top} that was hidden. [Answer with the number.|Give the number.]",
        ),
        (
            "Narrow down the number that hides [in|within] 1 to {top}, and [report|name] it.",
            "My number is at least 1 and at most {top}. [Get it|Pin it down] with as few tries as you can. [Which one is it?|Say it.]",
        ),
    ),
)

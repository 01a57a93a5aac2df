"""Days that things have: the first, the last, those before a day, how many lie between."""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.pattern import Pattern
from codeact.data.families.composition.scene import Scene, Step, asked
from codeact.data.families.composition.toolmaking import tool, written
from codeact.data.families.words import with_article
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

_FORMATS = (("%d.%m.%Y", "DD.MM.YYYY"), ("%d/%m/%Y", "DD/MM/YYYY"), ("%Y%m%d", "YYYYMMDD"), ("%d %B %Y", "such as 05 March 2025"))


@dataclass(frozen=True, slots=True)
class Calendar:
    """A tool that gives days.

    Args:
        name: of the tool.
        days: of all things.
        read: a `datetime.date` as an expression, of the call.
        parse: a result to the day.
        text: whether results are texts that sort as days do.
    """

    name: str
    days: dict[str, datetime.date]
    read: str
    parse: Callable[[Any], datetime.date]
    text: bool

    def of(self, argument: str) -> str:
        """A day as an expression, of the argument as one."""
        return self.read.format(call=f"{self.name}({argument})")


def calendar(scene: Scene) -> Calendar:
    """Add a tool that gives the day of a thing, as ISO text mostly."""
    chance, dated, subject = scene.chance, scene.subject.dated, scene.subject
    first = datetime.date(chance.randint(2019, 2027), chance.randint(1, 12), chance.randint(1, 28))
    days = scene.days(first, 400)
    key = dated.key
    name = scene.title([f"get_{key}", f"{key}_of", f"{subject.one}_{key}", f"look_up_{key}", f"{key}_for"])
    form, told = ("%Y-%m-%d", "YYYY-MM-DD") if chance.random() < 0.6 else chance.choice(_FORMATS)
    iso = form == "%Y-%m-%d"
    pieces = chance.random() < 0.15
    doc = f"The {dated.value} of {with_article(subject.noun)}, {'as (year, month, day)' if pieces else told}."

    def given(one: str) -> Any:
        day = days[scene.known(one)]
        return (day.year, day.month, day.day) if pieces else day.strftime(form)

    scene.add(tool(name, {scene.argument: str}, tuple[int, int, int] if pieces else str, doc, given))
    if pieces:
        return Calendar(name, days, "datetime.date(*{call})", lambda shown: datetime.date(*shown), text=False)
    read = "datetime.date.fromisoformat({call})" if iso else f'datetime.datetime.strptime({{call}}, "{form}").date()'
    return Calendar(name, days, read, lambda shown: datetime.datetime.strptime(shown, form).date(), text=iso)


def _slips(scene: Scene, known: Calendar, items: list[str], chance: random.Random) -> tuple[Slip, ...]:
    first = written(items[0])
    made = [
        Slip("text for a date", f"print({known.name}({first}) - {known.name}({written(items[-1])}))"),
        Slip("list as argument", f"print({known.name}({written(items)}))", (Call(known.name, (items,)),)),
        Slip("missing import", f"print(datetime.date.fromisoformat({known.name}({first})))"),
    ]
    del scene
    return tuple(chance.sample(made, 2))


def _days_extreme(scene: Scene, phrase: Phrase) -> Instance:
    known, items, last = calendar(scene), scene.some(3, 6), scene.chance.random() < 0.5
    one, many = scene.subject.one, scene.subject.many
    word, pick = ("max", max) if last else ("min", min)
    plain = known.text and scene.chance.random() < 0.7
    read = f"{known.name}({one})" if plain else known.of(one)
    head = "" if plain or not known.read.startswith("datetime") else "import datetime\n"
    steps = [
        Step(
            f"{head}{many} = {written(items)}\ndays = {{{one}: {read} for {one} in {many}}}",
            f"for {one} in days:\n    print({one}, days[{one}])",
        ),
        Step("", f"print({word}(days, key=days.get))"),
    ]

    def calls() -> CallPolicy:
        shown = yield [Call(known.name, (each,)) for each in items]
        return pick(zip(map(known.parse, shown), items, strict=True))[1]

    dated = scene.subject.dated
    prompt = phrase(items=scene.told(items), nouns=scene.subject.nouns, extreme=dated.last if last else dated.first, value=dated.value)
    answer = pick(items, key=lambda each: known.days[each])
    return asked(scene, prompt, answer, scene.policy(steps), calls, slips=_slips(scene, known, items, scene.chance))


EXTREME = Pattern(
    "day-extreme",
    _days_extreme,
    phrasings=(
        "[Which|Which one] of the {nouns} {items} {extreme}?[ Answer with its name.| Give the name only.]",
        "[Look up|Check|Compare] the {value} of each of {items}. [Which one|Which of them|Which] {extreme}?",
        "[Tell me|Find out|Please find out] which of {items} {extreme}[.| and answer with the name.]",
        "By {value}, which of {items} {extreme}?[ Answer with the name.]",
    ),
    unseen_phrasings=(
        "Going by the calendar, [which one|which] of {items} {extreme}?",
        "{items} - [one of these|just one of them] {extreme}. [Which is it|Name it]?",
    ),
)


def _between(scene: Scene, phrase: Phrase) -> Instance:
    known, (first, second) = calendar(scene), scene.chance.sample(scene.names, 2)
    steps = [
        Step(f"import datetime\nfirst = {known.of(written(first))}\nsecond = {known.of(written(second))}", "print(first, second)"),
        Step("", "print(abs((second - first).days))"),
    ]

    def calls() -> CallPolicy:
        one, other = map(known.parse, (yield [Call(known.name, (first,)), Call(known.name, (second,))]))
        return str(abs((other - one).days))

    answer = abs((known.days[second] - known.days[first]).days)
    prompt = phrase(first=first, second=second, value=scene.subject.dated.value, noun=scene.subject.noun)
    slips = _slips(scene, known, [first, second], scene.chance)
    return asked(scene, prompt, answer, scene.policy(steps), calls, check="number", slips=slips)


BETWEEN = Pattern(
    "days-between",
    _between,
    phrasings=(
        "How many days apart are the {value} of {first} and [the {value}|that] of {second}?",
        "[Work out|Compute|Find out|Tell me] by how many days the {value} of {first} and that of {second} differ[.|, please.]",
        "[Look up|Check] the {value} of {first} and of {second}. How many days [are they apart|do they differ by]?[ Answer with "
        "the number.]",
        "The {value} differs between {first} and {second}. By how many days?[ Answer with a number.| Give the number of days.]",
    ),
    unseen_phrasings=(
        "{first}, {second}: how many days from the one {value} to the other[?|, whichever comes first?]",
        "In days, [how far apart|how distant from each other] are {first} and {second} by their {value}?",
        "Count the days from one to the other: the {value} of {first}, the {value} of {second}.",
    ),
)


def _before(scene: Scene, phrase: Phrase) -> Instance:
    known, items = calendar(scene), scene.some(4, 6)
    ordered = sorted(known.days[each] for each in items)
    spot = scene.chance.randrange(1, len(ordered))
    day = ordered[spot - 1] + datetime.timedelta(days=max(1, (ordered[spot] - ordered[spot - 1]).days // 2))
    one, many = scene.subject.one, scene.subject.many
    counts = scene.chance.random() < 0.4
    limit = f"datetime.date({day.year}, {day.month}, {day.day})"
    each = f"{one} for {one} in {many} if {known.of(one)} < limit"
    first = f"import datetime\n{many} = {written(items)}\nlimit = {limit}\nearly = [{each}]"
    steps = [Step(first, "print(len(early))" if counts else "print(early)")]

    def solve(days: Any) -> Any:
        early = [name for name in items if days[name] < day]
        return len(early) if counts else early

    def calls() -> CallPolicy:
        shown = yield [Call(known.name, (name,)) for name in items]
        return str(solve(dict(zip(items, map(known.parse, shown), strict=True))))

    prompt = phrase(
        items=scene.told(items),
        nouns=scene.subject.nouns,
        clause=scene.subject.dated.before.replace("{d}", f"{day.day} {day:%B} {day.year}"),
        wanted="How many" if counts else "Which",
        form="the number" if counts else "a list of names",
    )
    slips = (
        Slip("text for a date", f"import datetime\nprint([name for name in {written(items)} if {known.name}(name) < {limit}])"),
        Slip("list as argument", f"print({known.name}({written(items)}))", (Call(known.name, (items,)),)),
    )
    return asked(scene, prompt, solve(known.days), scene.policy(steps), calls, check="number" if counts else "set", slips=slips)


BEFORE = Pattern(
    "days-before",
    _before,
    phrasings=(
        "{wanted} of the {nouns} {items} {clause}? Answer with {form}.",
        "[I have|Here are|These are] some {nouns}: {items}. {wanted} of them {clause}? [Answer with|Give] {form}.",
        "[Consider|Look at|Take] {items}. {wanted} of these {clause}? [Give|Answer with|I want] {form}.",
        "[For a plan|For a report|For my notes]: {wanted} of {items} {clause}? [Answer with|Give] {form}.",
    ),
    unseen_phrasings=(
        "[Go by the calendar|Check the dates]. {wanted} of {items} {clause}? State {form}.",
        "{items}. {wanted} among [these|them] {clause}? Reply with {form}.",
        "I put it to you: {wanted} of the {nouns} {items} {clause}? Your answer is {form}.",
    ),
)

PATTERNS = (EXTREME, BETWEEN, BEFORE)

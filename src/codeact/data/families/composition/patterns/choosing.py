"""Several things of a list: those above a bound, how many, in which order, the best few, the nearest to a number."""

from typing import Any

from codeact.data.families.composition.pattern import Pattern
from codeact.data.families.composition.patterns.listed import Names, about, words
from codeact.data.families.composition.scene import Scene, Step
from codeact.data.families.composition.subject import Measure
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


def bound(scene: Scene, measure: Measure, items: list[str]) -> Any:
    """A number that no value is equal to, with values on both sides of it: half-way between two neighbours, or near that."""
    values = sorted(scene.values[measure.key][one] for one in items)
    spots = [number for number in range(len(values) - 1) if values[number + 1] - values[number] > 2 * 10.0**-measure.digits]
    if not spots:
        return values[0] + 10.0**-measure.digits if measure.digits else values[0] + 1
    spot = scene.chance.choice(spots)
    middle = (values[spot] + values[spot + 1]) / 2
    for digits in range(-2, measure.digits + 1):
        near = round(middle, digits)
        if values[spot] < near < values[spot + 1]:
            return near if digits > 0 else int(near)
    return round(middle, measure.digits)


def _chosen(scene: Scene, phrase: Phrase) -> Instance:
    measure, items, above = scene.measure(), scene.some(4, 6), scene.chance.random() < 0.5
    limit = bound(scene, measure, items)
    sign = ">" if above else "<"
    ends = [
        lambda names: [Step("", f"print([{names.one} for {names.one} in {names.all} if {names.found}[{names.one}] {sign} {limit}])")],
        lambda names: [
            Step(
                f"chosen = []\nfor {names.one} in {names.all}:\n    if {names.found}[{names.one}] {sign} {limit}:\n"
                f"        chosen.append({names.one})",
                "print(chosen)",
            )
        ],
    ]
    clause = (measure.above if above else measure.below).replace("{n}", str(limit))

    def solve(values: Any) -> list[str]:
        return [one for one, value in values.items() if (value > limit if above else value < limit)]

    return about(
        scene,
        phrase(clause=clause, **words(scene, items, measure)),
        items,
        measure,
        end=scene.chance.choice(ends),
        solve=solve,
        check="set",
    )


CHOSEN = Pattern(
    "filter",
    _chosen,
    phrasings=(
        "Which of these {these} {clause}: {items}? Answer with a list of [their names|names].",
        "[List|Name|Give me a list of] those of the {nouns} {items} that {clause}.",
        "[Here are some|I have these|These are my] {these}: {items}. [Which of them|Which ones] {clause}? [Give a list of "
        "names.|Answer with a list.]",
        "[I only want|Keep only|Pick out] the {nouns} that {clause}. The choice is: {items}. Answer with a Python list.",
    ),
    unseen_phrasings=(
        "From {items}, [leave only|select] those that {clause}, and [return|give] the list of names.",
        "[Go through|Check each of] {items}: do they {clause}? [List those that do.|Make a list of those for which it is so.]",
    ),
)


def _count(scene: Scene, phrase: Phrase) -> Instance:
    measure, items, above = scene.measure(), scene.some(4, 7), scene.chance.random() < 0.5
    limit = bound(scene, measure, items)
    sign = ">" if above else "<"
    ends = [
        lambda names: [Step("", f"print(len([{names.one} for {names.one} in {names.all} if {names.found}[{names.one}] {sign} {limit}]))")],
        lambda names: [Step(f"count = sum(1 for value in {names.found}.values() if value {sign} {limit})", "print(count)")],
        lambda names: [
            Step(
                f"count = 0\nfor {names.one} in {names.all}:\n    if {names.found}[{names.one}] {sign} {limit}:\n        count += 1",
                "print(count)",
            )
        ],
    ]
    clause = (measure.above if above else measure.below).replace("{n}", str(limit))

    def solve(values: Any) -> int:
        return sum(value > limit if above else value < limit for value in values.values())

    return about(
        scene,
        phrase(clause=clause, **words(scene, items, measure)),
        items,
        measure,
        end=scene.chance.choice(ends),
        solve=solve,
        check="number",
    )


COUNT = Pattern(
    "count",
    _count,
    phrasings=(
        "How many of these {these} {clause}: {items}?[ Answer with the number.]",
        "[Count|Tell me the number of|I need the number of] those among {items} that {clause}[. Answer with a number].",
        "[Here are some|I have these|This is a list of] {these}: {items}. How many [of them ]{clause}?",
        "[Find out|Check|Tell me] how many of the {nouns} {items} {clause}[.|, please.]",
    ),
    unseen_phrasings=(
        "Of {items}, some {clause}. How many [are these|is that]?",
        "[I want a head count|Give me a count]: how many of {items} {clause}? Answer with how many they are, [as a number|no names].",
    ),
)


def _ranked(scene: Scene, phrase: Phrase) -> Instance:
    measure, items, falling = scene.measure(), scene.some(3, 5), scene.chance.random() < 0.5
    order = ", reverse=True" if falling else ""
    ends = [
        lambda names: [Step("", f"print(sorted({names.found}, key={names.found}.get{order}))")],
        lambda names: [Step(f"ranked = sorted({names.all}, key=lambda {names.one}: {names.found}[{names.one}]{order})", "print(ranked)")],
    ]
    told = {"start": "highest", "end": "lowest"} if falling else {"start": "lowest", "end": "highest"}

    def solve(values: Any) -> list[str]:
        return sorted(values, key=lambda one: -values[one] if falling else values[one])

    return about(
        scene, phrase(**told, **words(scene, items, measure)), items, measure, end=scene.chance.choice(ends), solve=solve, check="list"
    )


RANKED = Pattern(
    "rank",
    _ranked,
    phrasings=(
        "[Sort|Order|Rank] the {nouns} {items} by {value}, from the {start} to the {end}. [Answer with a list.|Answer with a "
        "list of names.|Give a list.]",
        "[Put|Arrange|Bring] these {nouns} in order of their {value}, {start} first: {items}. [Give a list of names.|Answer with "
        "the list.]",
        "[I need|Give me|Make|Write] a list of {items}, sorted by {value}, {start} first.",
        "In which order are {items} when they are sorted by {value}, the {start} first and the {end} last? [Answer with a "
        "list.|Give the list of names.|A list, please.]",
    ),
    unseen_phrasings=(
        "Beginning with the {start} {value} and ending with the {end}: how do {items} [line up|follow each other]? [A list, "
        "please.|Give a list.]",
        "By {value} ({start} to {end}), [rearrange|reorder] this list of {nouns}: {items}.",
    ),
)


def _best(scene: Scene, phrase: Phrase) -> Instance:
    measure, items, most = scene.measure(), scene.some(5, 7), scene.chance.random() < 0.5
    count = scene.chance.choice((2, 2, 3))
    order = ", reverse=True" if most else ""
    ends = [
        lambda names: [Step("", f"print(sorted({names.found}, key={names.found}.get{order})[:{count}])")],
        lambda names: [Step(f"ranked = sorted({names.found}, key={names.found}.get{order})\nprint(ranked)", f"print(ranked[:{count}])")],
    ]
    told = {"degree": "highest" if most else "lowest", "count": "two" if count == 2 else "three"}

    def solve(values: Any) -> list[str]:
        return sorted(values, key=lambda one: -values[one] if most else values[one])[:count]

    return about(
        scene, phrase(**told, **words(scene, items, measure)), items, measure, end=scene.chance.choice(ends), solve=solve, check="set"
    )


BEST = Pattern(
    "best-few",
    _best,
    phrasings=(
        "Which {count} of these {these} have the {degree} {value}: {items}? Answer with a list of [names|their names].",
        "[Find|Give me|Name|List] the {count} {nouns} with the {degree} {value} among {items}. [Answer with a list.|A list of "
        "names, please.]",
        "[From|Out of] {items} I want the {count} with the {degree} {value}. [Which are they|Which ones are these]? Give a list.",
        "[Choose|Pick|Select] {count} of the {nouns} {items}: those whose {value} is the {degree}. [Answer with a list.|A list, please.]",
    ),
    unseen_phrasings=(
        "Only {count} of {items} will do, and they should have the {degree} {value}. [List them.|Give the list.|Which, as a list?]",
        "{items}: [make a list of|list] the {count} whose {value} is {degree}.",
    ),
)


def _second(scene: Scene, phrase: Phrase) -> Instance:
    measure, items, most = scene.measure(), scene.some(4, 6), scene.chance.random() < 0.5
    order = ", reverse=True" if most else ""

    def end(names: Names) -> list[Step]:
        return [Step(f"ranked = sorted({names.found}, key={names.found}.get{order})", "print(ranked)"), Step("", "print(ranked[1])")]

    def solve(values: Any) -> str:
        return sorted(values, key=lambda one: -values[one] if most else values[one])[1]

    prompt = phrase(degree="highest" if most else "lowest", **words(scene, items, measure))
    return about(scene, prompt, items, measure, end=end, solve=solve, check="exact")


SECOND = Pattern(
    "second",
    _second,
    phrasings=(
        "Which of these {these} has the second {degree} {value}: {items}?[ Answer with its name.]",
        "[Name|Find|Tell me|Look up] the one with the second {degree} {value} among {items}[, please].",
        "[Sort|Order|Think of] {items} by {value}: which one has the second {degree}?[ Give the name.]",
        "One of {items} has the {degree} {value}. Which one comes [next|right after it|second]? [Give the name.|Answer with the name.]",
    ),
    unseen_phrasings=(
        "The {degree} {value} of {items} does not interest me, the second {degree} does. [Whose is it|To which one does it belong]?",
        "[Runner-up|Second place] for the {degree} {value} among {items}: [which one is it|who is that]?",
    ),
)


def _nearest(scene: Scene, phrase: Phrase) -> Instance:
    measure, items = scene.measure(), scene.some(4, 6)
    values = scene.values[measure.key]
    target = round(scene.chance.uniform(measure.low, measure.high))
    gaps = sorted(abs(values[one] - target) for one in items)
    if gaps[1] - gaps[0] < 10.0**-measure.digits / 2:
        target = values[items[0]]

    def end(names: Names) -> list[Step]:
        return [Step("", f"print(min({names.all}, key=lambda {names.one}: abs({names.found}[{names.one}] - {target})))")]

    def solve(given: Any) -> str:
        return min(given, key=lambda one: abs(given[one] - target))

    unit = f" {measure.unit}" if measure.unit else ""
    prompt = phrase(target=f"{target}{unit}", **words(scene, items, measure))
    return about(scene, prompt, items, measure, end=end, solve=solve, check="exact")


NEAREST = Pattern(
    "nearest",
    _nearest,
    phrasings=(
        "Which of these {these} has {a_value} closest to {target}: {items}?[ Answer with its name.]",
        "[Find|Name|Pick] the one of {items} whose {value} is [nearest|closest] to {target}.",
        "[I am looking for|I want|I need] {a_value} of about {target}. [Which of|Which one of] {items} comes closest?",
        "[Compare|Look at] the {value} of each of {items}. Which one is [closest|nearest] to {target}?[ Answer with its name.]",
    ),
    unseen_phrasings=(
        "The {value} should be {target}, or as near to it as can be. [Your choice|What there is]: {items}. [Which one do you "
        "take|Which one fits best]?",
        "[Around {target}|Roughly {target}] is the {value} I have in mind; which of {items} is the best match?",
    ),
)


def _table(scene: Scene, phrase: Phrase) -> Instance:
    measure, items = scene.measure(), scene.some(3, 4)
    prompt = phrase(**words(scene, items, measure))
    return about(scene, prompt, items, measure, end=lambda names: [Step("", f"print({names.found})")], solve=dict, check="json")


TABLE = Pattern(
    "table",
    _table,
    phrasings=(
        "[Make|Give me|Build] a dict that has the {value} of each of these {nouns}: {items}. [The keys are the names.|Use the "
        "names as keys.]",
        "[Look up|Find|Get] the {value} of {items}, and answer with a dict from name to {value}.",
        "What is the {value} of each of {items}? Answer with a [dict|Python dict|dictionary] of [names and numbers|name to number].",
        "[I need|I want] the {value}{unit} for {items}, as a dict [with the names as keys|from name to number|of names and numbers].",
    ),
    unseen_phrasings=(
        "[Map|Match] each of {items} to its {value} in a dict.",
        "[A dict, please|Wanted is a dict]: {items} on the left, the {value} of each on the right.",
        "[Put|Write] the {value} of {items} into a dictionary keyed by name.",
    ),
)

PATTERNS = (CHOSEN, COUNT, RANKED, BEST, SECOND, NEAREST, TABLE)

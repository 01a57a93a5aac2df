"""Two look-ups that belong together: a bound on one and the best of the other, places, yes or no, what to do then."""

from typing import Any

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.pattern import Pattern
from codeact.data.families.composition.patterns.choosing import bound
from codeact.data.families.composition.patterns.listed import about
from codeact.data.families.composition.scene import Read, Scene, Step, asked
from codeact.data.families.composition.subject import Measure, plural
from codeact.data.families.composition.toolmaking import nothing, tool, written
from codeact.data.families.words import with_article
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call


def _filtered_best(scene: Scene, phrase: Phrase) -> Instance:
    """Of the things within a bound of one measure, the one that is first in another."""
    first, second = scene.chance.sample(scene.subject.measures, 2)
    items, above, most = scene.some(4, 6), scene.chance.random() < 0.5, scene.chance.random() < 0.5
    limit = bound(scene, first, items)
    sign, word, pick = ">" if above else "<", "max" if most else "min", max if most else min
    one, many, found = scene.subject.one, scene.subject.many, plural(second.key)
    filtering, ranking = scene.lookup(first, bare=0.7), scene.lookup(second, bare=0.7)

    def write(read: Read) -> list[Step]:
        chosen = f"{many} = {written(items)}\nchosen = [{one} for {one} in {many} if {read(one)} {sign} {limit}]"
        best = f"{found} = {{{one}: {ranking.read(one)} for {one} in chosen}}"
        return [Step(chosen, "print(chosen)"), Step(best, f"print({word}({found}, key={found}.get))")]

    def fits(value: Any) -> bool:
        return value > limit if above else value < limit

    def calls() -> CallPolicy:
        shown = yield [filtering.call(name) for name in items]
        chosen = [name for name, each in zip(items, shown, strict=True) if fits(filtering.shape.unwrap(each))]
        values = yield [ranking.call(name) for name in chosen]
        return pick(zip(map(ranking.shape.unwrap, values), chosen, strict=True))[1]

    chosen = [name for name in items if fits(scene.values[first.key][name])]
    answer = pick(chosen, key=lambda name: scene.values[second.key][name])
    clause = (first.above if above else first.below).replace("{n}", str(limit))
    prompt = phrase(items=scene.told(items), nouns=scene.subject.nouns, clause=clause, extreme=second.most if most else second.least)
    code = scene.policy(write(filtering.read), scene.looks(filtering, ranking, item=items[0]))
    return asked(scene, prompt, answer, code, calls, slips=scene.slips(write, filtering, items[0]))


FILTERED_BEST = Pattern(
    "filtered-best",
    _filtered_best,
    phrasings=(
        "Some of {items} {clause}. Which of these {extreme}?[ Answer with its name.]",
        "[Consider|Keep|Take] only those of {items} that {clause}. [Which one|Which of them] {extreme}?[ Give the name.]",
        "[Among|Of] the {nouns} {items}, look at those that {clause} and [tell me|find out|name] the one that {extreme}.",
        "[I want|I need] one of {items}. It has to be among those that {clause}, and of these, I want the one that {extreme}. "
        "[Which is it|Which one do I take]?",
    ),
    unseen_phrasings=(
        "Strike from {items} all but those that {clause}; [of what remains|of the rest], which one {extreme}?",
        "First condition: only {nouns} that {clause}. Second: the one that {extreme}. [Choose from|To choose from:] {items}.",
        "Given {items}, but of these only those that {clause}: [which|which one] {extreme}?",
    ),
)


def _local(scene: Scene, measure: Measure, *, swapped: bool) -> tuple[str, dict[str, Any]]:
    """Add a tool that gives a measure at a place, which comes first if swapped; its name, and the value at each place."""
    subject, chance, key, scale = scene.subject, scene.chance, measure.key, 10**measure.digits
    drawn = chance.sample(range(round(measure.low * scale), round(measure.high * scale) + 1), len(subject.venues))
    values = {
        place: round(one / scale, measure.digits) if measure.digits else one for place, one in zip(subject.venues, drawn, strict=True)
    }
    venue = subject.venue

    def given(first: str, second: str) -> Any:
        thing, place = (second, first) if swapped else (first, second)
        if place not in values:
            raise ValueError(f"there is no {venue} {place!r}")
        scene.known(thing)
        return values[place]

    parameters = {venue: str, scene.argument: str} if swapped else {scene.argument: str, venue: str}
    name = scene.title([f"{key}_{subject.at}_{venue}", f"{venue}_{key}", f"get_{venue}_{key}", f"local_{key}"])
    unit = f", in {measure.unit}" if measure.unit else ""
    doc = f"The {measure.value} of {with_article(subject.noun)} {subject.at} {with_article(venue)}{unit}."
    scene.add(tool(name, parameters, float if measure.digits else int, doc, given))
    scene.uses(measure)
    return name, values


def _venues(scene: Scene, phrase: Phrase) -> Instance:
    """The values of one thing at several places."""
    subject, chance = scene.subject, scene.chance
    measure, item, most = scene.measure(), scene.some(1, 1)[0], chance.random() < 0.4
    places = chance.sample(subject.venues, chance.randint(3, 5))
    venue, found = subject.venue, plural(measure.key)
    swapped = chance.random() < 0.4
    name, values = _local(scene, measure, swapped=swapped)
    word, pick = ("max", max) if most else ("min", min)
    thing = written(item)
    call = f"{name}({venue}, {thing})" if swapped else f"{name}({thing}, {venue})"
    wrong = f"{name}({thing}, {venue})" if swapped else f"{name}({venue}, {thing})"
    head = f"{plural(venue)} = {written(places)}\n{found} = "
    steps = [
        Step(f"{head}{{{venue}: {call} for {venue} in {plural(venue)}}}", f"print({found})"),
        Step("", f"print({word}({found}, key={found}.get))"),
    ]

    def calls() -> CallPolicy:
        shown = yield [Call(name, (place, item) if swapped else (item, place)) for place in places]
        return pick(zip(shown, places, strict=True))[1]

    slips = (
        Slip("arguments swapped", f"{head}{{{venue}: {wrong} for {venue} in {plural(venue)}}}\nprint({found})"),
        Slip("missing argument", f"print({name}({thing}))", (Call(name, (item,)),)),
    )
    prompt = phrase(
        item=item, places=scene.told(places), venue=venue, venues=plural(venue), at=subject.at, At=subject.at.capitalize(),
        value=measure.value, degree="highest" if most else "lowest",
    )  # fmt: skip
    return asked(scene, prompt, pick(places, key=lambda place: values[place]), scene.policy(steps), calls, slips=slips)


VENUES = Pattern(
    "places",
    _venues,
    fits=lambda subject: bool(subject.venue),
    phrasings=(
        "{At} which {venue} does {item} have the {degree} {value}: {places}?[ Answer with the name of the {venue}.]",
        "[Compare|Look up|Check] the {value} of {item} {at} each {venue} of {places}. Where is it the {degree}?",
        "[Tell me|Find out|I want to know|Please tell me] {at} which {venue} ({places}) the {value} of {item} is the {degree}[.|, please.]",
        "The {value} of {item} differs between the {venues} {places}. Where is it the {degree}?",
        "[I can go to|I can choose between|Within reach are|There are] these {venues}: {places}. Which has the {degree} {value} "
        "for {item}?[ Answer with its name.]",
    ),
    unseen_phrasings=(
        "For {item} I look for the {degree} {value}. [My {venues}|The {venues} at hand]: {places}. [Which should it be|Which one]?",
        "{places}: [which of these {venues}|one of these {venues}, but which,] has {item} with the {degree} {value}?",
    ),
)


def _compare(scene: Scene, phrase: Phrase) -> Instance:
    measure, (first, second) = scene.measure(), scene.chance.sample(scene.names, 2)
    values, over = scene.values[measure.key], scene.chance.random() < 0.5
    sign = ">" if over else "<"
    right = values[first] > values[second] if over else values[first] < values[second]
    line = f'print("yes" if first {sign} second else "no")'
    lookup = scene.lookup(measure, bare=0.6)

    def write(read: Read) -> list[Step]:
        return [
            Step(f"first = {read(written(first))}\nsecond = {read(written(second))}", "print(first, second)"),
            Step("", line),
        ]

    def calls() -> CallPolicy:
        one, other = map(lookup.shape.unwrap, (yield [lookup.call(first), lookup.call(second)]))
        return "yes" if (one > other if over else one < other) else "no"

    answer = "yes" if right else "no"
    code = scene.policy(write(lookup.read), scene.looks(lookup, item=first))
    prompt = phrase(first=first, second=second, value=measure.value, degree="higher" if over else "lower")
    return asked(scene, prompt, answer, code, calls, slips=scene.slips(write, lookup, first))


COMPARE = Pattern(
    "yes-no",
    _compare,
    phrasings=(
        "Is the {value} of {first} {degree} than [the {value}|that] of {second}? Answer yes or no.",
        "Does {first} have a {degree} {value} than {second}? [Answer yes or no.|Yes or no?]",
        "[Check|Find out|Please check] whether the {value} of {first} is {degree} than that of {second}. [Answer yes or no.|Yes or no?]",
        "[I believe|Somebody says|I read] that {first} has a {degree} {value} than {second}. [Is that so|Is it true]? Answer yes or no.",
        "[Compare|Hold against each other] {first} and {second}: is the {value} of {first} {degree} than the other? "
        "[Yes or no?|Answer yes or no.]",
    ),
    unseen_phrasings=(
        "{first} or {second}: [the first has|it is the first that has] the {degree} {value}. [True? Answer yes or no.|Say yes or no.]",
        "Yes or no: does {first} come with a {degree} {value} than {second}?",
        "[Confirm or deny|Say yes or no]: the {value} of {first} is {degree} than the {value} of {second}. [The answer is yes or "
        "no.|Just yes or no.]",
    ),
)


def _action(scene: Scene, phrase: Phrase) -> Instance:
    """One of two things is done, whichever a value calls for; the answer is what the tool gives."""
    subject, measure, item, above = scene.subject, scene.measure(), scene.some(1, 1)[0], scene.chance.random() < 0.5
    value = scene.values[measure.key][item]
    limit = bound(scene, measure, [item, *scene.chance.sample([one for one in scene.names if one != item], 2)])
    action, sign = subject.action, ">" if above else "<"
    receipts = {name: f"{scene.chance.choice('ABDEGKRT')}{scene.chance.randrange(1000, 9999)}" for name in (action.tool, action.other_tool)}
    lookup = scene.lookup(measure, bare=0.6)
    for name, verb in ((action.tool, action.verb), (action.other_tool, action.other)):
        doc = scene.chance.choice(
            (
                f"{verb[0].upper()}{verb[1:]}: {with_article(subject.noun)}, by name. Returns a receipt number.",
                f"{verb.capitalize()}; returns the number of a receipt.",
            )
        )
        scene.add(tool(name, {scene.argument: str}, str, doc, lambda one, name=name: scene.known(one) and receipts[name]))
    fulfilled = value > limit if above else value < limit
    done, key = action.tool if fulfilled else action.other_tool, measure.key

    def write(read: Read) -> list[Step]:
        branch = (
            f"if {key} {sign} {limit}:\n    print({action.tool}({written(item)}))\nelse:\n    print({action.other_tool}({written(item)}))"
        )
        return [Step(f"{key} = {read(written(item))}", f"print({key})"), Step(branch, "")]

    def calls() -> CallPolicy:
        found = lookup.shape.unwrap((yield [lookup.call(item)])[0])
        chosen = action.tool if (found > limit if above else found < limit) else action.other_tool
        return (yield [Call(chosen, (item,))])[0]

    unit = f" {measure.unit}" if measure.unit else ""
    prompt = phrase(
        item=item, value=measure.value, limit=f"{limit}{unit}", side="above" if above else "below", verb=action.verb, other=action.other,
        a_value=with_article(measure.value), noun=subject.noun,
    )  # fmt: skip
    code = scene.policy(write(lookup.read), scene.looks(lookup, item=item))
    return asked(scene, prompt, receipts[done], code, calls, slips=scene.slips(write, lookup, item))


ACTION = Pattern(
    "decide",
    _action,
    phrasings=(
        "About {item}: if its {value} is {side} {limit}, {verb}; otherwise {other}. Answer with the receipt number.",
        "[Check|Look up|Find out] the {value} of {item}. If it is {side} {limit}, {verb}, and if not, {other}. [Answer with the "
        "number of the receipt.|Give the receipt.]",
        "[Please look after|This is about|Take care of] the {noun} {item}: {verb} if the {value} is {side} {limit}, else "
        "{other}. [I need the receipt number.|Tell me the receipt number.]",
        "Is the {value} of {item} {side} {limit}? Then {verb}. If it is not, {other}. [Answer with the receipt number.|What is "
        "the receipt number?|Give the receipt number.]",
        "[Depending on|According to] the {value} of {item} there are two things to do: {verb} if it is {side} {limit}, or else "
        "{other}. [Answer with|Report] the receipt number.",
    ),
    unseen_phrasings=(
        "{item} needs a decision. {value} {side} {limit}: {verb}. Anything else: {other}. [Which receipt do you get|What does "
        "the receipt say]?",
        "Only when the {value} of {item} is {side} {limit} [should you|are you to] {verb}. In any other case, {other}. [Hand "
        "me|Note] the receipt number.",
        "[Do one of two things|One of two things is to be done] with {item}: {verb} (for {a_value} {side} {limit}) or {other} "
        "(for any other). Answer with the receipt.",
    ),
)


def _missing(scene: Scene, phrase: Phrase) -> Instance:
    """Some things have no value: the tool gives None."""
    measure, items = scene.measure(adds=True), scene.some(4, 6)
    absent = set(scene.chance.sample(items, scene.chance.randint(1, 2)))
    values, key, found = scene.values[measure.key], measure.key, plural(measure.key)
    bare = float if measure.digits else int
    name = scene.title([f"recorded_{key}", f"{key}_if_known", f"{key}_on_file", f"try_{key}"])
    doc = f"The {measure.value} of {with_article(scene.subject.noun)}, None where it is not on file."
    scene.add(tool(name, {scene.argument: str}, bare | None, doc, lambda one: None if scene.known(one) in absent else values[one]))
    scene.uses(measure)
    one, many, wants = scene.subject.one, scene.subject.many, scene.chance.choice(("names", "count", "total"))
    ends = {
        "names": f"print([{one} for {one} in {many} if {found}[{one}] is None])",
        "count": f"print(sum(1 for value in {found}.values() if value is not None))",
        "total": f"print(round(sum(value for value in {found}.values() if value is not None), 2))",
    }
    told = {
        "names": f"Which of them have no {measure.value} on file? Answer with a list of names.",
        "count": f"How many of them have {with_article(measure.value)} on file? Answer with the number.",
        "total": f"What is the total {measure.value} of those that have one on file?",
    }

    def solve(known: Any) -> Any:
        if wants == "names":
            return [each for each in items if known[each] is None]
        present = [value for value in known.values() if value is not None]
        return len(present) if wants == "count" else round(sum(present), 2)

    def calls() -> CallPolicy:
        shown = yield [Call(name, (each,)) for each in items]
        return str(solve({each: None if nothing(found) else found for each, found in zip(items, shown, strict=True)}))

    first = Step(f"{many} = {written(items)}\n{found} = {{{one}: {name}({one}) for {one} in {many}}}", f"print({found})")
    slips = (
        Slip("None added", f"print(sum({name}({one}) for {one} in {written(items)}))"),
        Slip("list as argument", f"print({name}({written(items)}))", (Call(name, (items,)),)),
    )
    prompt = phrase(
        items=scene.told(items),
        nouns=scene.subject.nouns,
        value=measure.value,
        a_value=with_article(measure.value),
        question=told[wants],
    )
    answer = solve({each: None if each in absent else values[each] for each in items})
    check = "set" if wants == "names" else "number"
    return asked(scene, prompt, answer, scene.policy([first, Step("", ends[wants])]), calls, check=check, slips=slips)


MISSING = Pattern(
    "missing",
    _missing,
    phrasings=(
        "[Look up|Check|Find] the {value} of each of {items}. {question}",
        "[Here are|These are|I have|I work with] the {nouns} {items}. {question}",
        "The {value} is not on file for all of {items}. {question}",
        "[Consider|Take] these {nouns}: {items}. [Not each has its {value} on file.|Some have no {value} on file.] {question}",
        "[Among|In the list of] {nouns} {items} [there are gaps|something is missing]. {question}",
        "[I am cleaning up|We are checking|Somebody left gaps in] our data: {items}. {question}",
        "[My list|The list|Our list] of {nouns} has {items}. {question}",
    ),
    unseen_phrasings=(
        "[With gaps in the records|As records are incomplete], have a look at {items}. {question}",
        "{items} [are on my desk|came up]. {question}",
        "Of the {nouns} {items}, [part|a part] may lack {a_value}. {question}",
    ),
)


def _unequal(scene: Scene, phrase: Phrase) -> Instance:
    """By how much the highest is above the lowest."""
    measure, items = scene.measure(), scene.some(3, 6)
    ends = [
        lambda names: [Step("", f"print(round(max({names.found}.values()) - min({names.found}.values()), 2))")],
        lambda names: [Step(f"spread = max({names.found}.values()) - min({names.found}.values())", "print(round(spread, 2))")],
    ]
    unit = f" in {measure.unit}" if measure.unit else ""
    prompt = phrase(items=scene.told(items), nouns=scene.subject.nouns, value=measure.value, unit=unit)

    def solve(values: Any) -> float:
        return round(max(values.values()) - min(values.values()), 2)

    return about(scene, prompt, items, measure, end=scene.chance.choice(ends), solve=solve, check="number")


SPREAD = Pattern(
    "spread",
    _unequal,
    phrasings=(
        "How far apart are the highest and the lowest {value}{unit} of {items}?[ Answer with the number.]",
        "[Subtract|Take] the lowest {value} of {items} from the highest. [What is left|What do you get|What remains]?",
        "[Work out|Find|Compute|Tell me] the difference{unit} between the highest and the lowest {value} of the {nouns} "
        "{items}[.|, please.]",
        "The {value} of {items} varies. [By how much|How much] does the highest {value} exceed the lowest?[ Answer with a number.| One "
        "number, please.]",
        "[What is|How large is] the range of the {value} over {items}, that is, the highest less the lowest?",
    ),
    unseen_phrasings=(
        "From bottom to top, [what range|how wide a span] does the {value} of {items} cover?",
        "{items}: highest {value} minus lowest {value}, [please|as a number].",
        "[Spread|Range] of the {value} among {items} (highest less lowest): what number?",
    ),
)

PATTERNS = (FILTERED_BEST, VENUES, COMPARE, ACTION, MISSING, SPREAD)

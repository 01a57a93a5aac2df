"""Look-ups that need another before: by a number, of a person's thing, of the things of a group."""

from typing import Any

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.pattern import Pattern
from codeact.data.families.composition.scene import Read, Scene, Step, asked
from codeact.data.families.composition.subject import Measure, plural
from codeact.data.families.composition.toolmaking import written
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call


def _unit(measure: Measure) -> str:
    return f" in {measure.unit}" if measure.unit else ""


def _by_number(scene: Scene, phrase: Phrase) -> Instance:
    measure, item = scene.measure(), scene.some(1, 1)[0]
    numbers, keyed = scene.numbers()
    tool = scene.lookup(measure, keyed=keyed, bare=0.6)
    number = scene.subject.code.replace(" ", "_")
    direct = Step("", f"print({tool.read(written(item))})")

    def write(read: Read) -> list[Step]:
        return [
            Step(f"{number} = {read(written(item))}", f"print({number})"),
            _last(tool.read(number), tool.shape.hidden, tool.name, number),
        ]

    def calls() -> CallPolicy:
        code = numbers.shape.unwrap((yield [numbers.call(item)])[0])
        return str(tool.shape.unwrap((yield [tool.call(code)])[0]))

    steps = write(numbers.read)
    look = scene.looks(numbers, item=item)
    if tool.shape.hidden:  # its result is seen in a turn of its own, with the number already there
        steps = [Step(f"{steps[0].code}\nprint({tool.name}({number}))", ""), Step("", f"print({tool.read(number)})")]
    code = scene.policy(steps, look, apart=tool.shape.hidden)
    prompt = phrase(item=item, noun=scene.subject.noun, code=scene.subject.code, value=measure.value, unit=_unit(measure))
    slips = (
        Slip("skipped a step", direct.show, (tool.call(item),)),
        *scene.slips(write, numbers, item)[:1],
    )
    return asked(scene, prompt, scene.values[measure.key][item], code, calls, check="number", slips=slips)


def _last(read: str, hidden: bool, name: str, argument: str) -> Step:
    return Step("", f"print({name}({argument}))" if hidden else f"print({read})")


BY_NUMBER = Pattern(
    "by-number",
    _by_number,
    phrasings=(
        "[Give me|Tell me|Find out] the {value}{unit} of the {noun} {item}. It is filed under its {code}.",
        "[Look up|Find] the {code} of {item} first, then its {value}. [Answer with the number.|Give the number only.]",
        "I know the name of the {noun}, {item}, but [not its {code}|the {code} I do not know|I have no {code}]. What is its {value}{unit}?",
        "The {value} can only be found by {code}. [What is it|How high is it|What do you find] for {item}?[ Answer with the number.]",
        "[Please look up|I need|Give me] the {value}{unit} of {item}.[ You need its {code} for that.]",
    ),
    unseen_phrasings=(
        "{item}: [first the {code}|get the {code}], [then|and after that] the {value}. Only the latter is wanted.",
        "Which {value} belongs to the {noun} called {item}? [The {code} leads to it.|Go by its {code}.]",
    ),
)


def _of_person(scene: Scene, phrase: Phrase) -> Instance:
    measure = scene.measure()
    owner, owned = scene.people(1)
    person, item = next(iter(owned.items()))
    tool = scene.lookup(measure, bare=0.6)
    one = scene.subject.one

    def write(read: Read) -> list[Step]:
        return [Step(f"{one} = {read(written(person))}", f"print({one})"), Step("", f"print({tool.read(one)})")]

    def calls() -> CallPolicy:
        found = owner.shape.unwrap((yield [owner.call(person)])[0])
        return str(tool.shape.unwrap((yield [tool.call(found)])[0]))

    steps = write(owner.read)
    if tool.shape.hidden:
        steps = [Step(f"{steps[0].code}\nprint({tool.name}({one}))", ""), steps[1]]
    code = scene.policy(steps, scene.looks(owner, item=person), apart=tool.shape.hidden)
    prompt = phrase(the=scene.subject.person.the.replace("{p}", person), value=measure.value, unit=_unit(measure))
    slips = (Slip("skipped a step", f"print({tool.read(written(person))})", (tool.call(person),)), *scene.slips(write, owner, person)[:1])
    return asked(scene, prompt, scene.values[measure.key][item], code, calls, check="number", slips=slips)


OF_PERSON = Pattern(
    "of-person",
    _of_person,
    phrasings=(
        "What is the {value}{unit} of {the}?[ Answer with the number.| Give the number only.]",
        "[Find|Look up|Tell me|Give me] the {value} of {the}[.|, please.]",
        "[I would like to know|I need to know|I wonder about] the {value}{unit} of {the}. [Can you find it|Could you look it up]?",
        "Take {the}. [What is its|What would be the] {value}[, as a number]?",
    ),
    unseen_phrasings=(
        "About {the}: [how high is|what is] the {value}?",
        "For {the} [I am missing|my notes lack] the {value}. [Supply it.|Fill it in.] A number will do.",
    ),
)


def _of_people(scene: Scene, phrase: Phrase) -> Instance:
    measure, most = scene.measure(), scene.chance.random() < 0.5
    owner, owned = scene.people(scene.chance.randint(2, 4))
    people = list(owned)
    tool = scene.lookup(measure, bare=0.7)
    subject, found = scene.subject, plural(measure.key)
    key, one = subject.person.key, subject.one
    word, pick = ("max", max) if most else ("min", min)

    def write(read: Read) -> list[Step]:
        loop = f"{found} = {{}}\nfor {key} in {written(people)}:\n    {one} = {read(key)}\n    {found}[{key}] = {tool.read(one)}"
        return [Step(loop, f"print({found})"), Step("", f"print({word}({found}, key={found}.get))")]

    def calls() -> CallPolicy:
        things = [owner.shape.unwrap(each) for each in (yield [owner.call(person) for person in people])]
        values = [tool.shape.unwrap(each) for each in (yield [tool.call(thing) for thing in things])]
        return pick(zip(values, people, strict=True))[1]

    values = scene.values[measure.key]
    answer = pick(people, key=lambda person: values[owned[person]])
    looks = scene.looks(owner, item=people[0])
    looks += [f"print({tool.name}({owner.read(written(people[0]))}))"] if tool.shape.hidden else []
    prompt = phrase(
        people=scene.told(people),
        persons=plural(key),
        noun=subject.noun,
        value=measure.value,
        degree="highest" if most else "lowest",
    )
    return asked(scene, prompt, answer, scene.policy(write(owner.read), looks), calls, slips=scene.slips(write, owner, people[0]))


OF_PEOPLE = Pattern(
    "of-people",
    _of_people,
    phrasings=(
        "[Which|Which one] of the {persons} {people} has to do with the {noun} of the {degree} {value}?[ Answer with the name of "
        "the person.]",
        "{people} are {persons}, and each has one {noun}. Whose {noun} has the {degree} {value}?[ Answer with the person's name.]",
        "[Compare|Look at|Look up] the {value} of the {noun} of each of these {persons}: {people}. Who has the {degree}? [Answer with "
        "the name.|Give the name.]",
        "[Find out|Tell me|Please tell me] whose {noun} has the {degree} {value}: {people}. [Answer with the person's name.|Only "
        "the name of the person, please.|Give the person's name.]",
    ),
    unseen_phrasings=(
        "{people} ({persons}) each come with one {noun}. [Who is it whose|Name the person whose] {noun} is of the {degree} {value}?",
        "[Rank|Compare] {people} by the {value} of the {noun} of each. [Who is at the {degree} end?|Who has the {degree}?]",
    ),
)


def _gather(scene: Scene, group: str, tool: str, read: str, found: str) -> Step:
    one = scene.subject.one
    if scene.loops:
        return Step(f"{found} = {{}}\nfor {one} in {tool}({written(group)}):\n    {found}[{one}] = {read}", f"print({found})")
    return Step(
        f"{scene.subject.many} = {tool}({written(group)})\n{found} = {{{one}: {read} for {one} in {scene.subject.many}}}", f"print({found})"
    )


def _grouped(scene: Scene) -> tuple[str, list[str]]:
    """A group, and its things, three to five."""
    group = scene.chance.choice(scene.subject.group.values)
    others = [one for one in scene.subject.group.values if one != group]
    members = set(scene.some(3, 5))
    for name in scene.names:
        scene.groups[name] = group if name in members else scene.chance.choice(others)
    return group, [name for name in scene.names if name in members]


def _group_task(scene: Scene, phrase: Phrase, measure: Measure, ends: dict[str, Any], **told: str) -> Instance:
    group, members = _grouped(scene)
    listing = scene.of_group()
    tool = scene.lookup(measure, bare=0.6)
    one, found, subject = scene.subject.one, plural(measure.key), scene.subject

    def write(read: Read) -> list[Step]:
        return [_gather(scene, group, listing, read(one), found), Step("", ends["line"].replace("FOUND", found))]

    def calls() -> CallPolicy:
        names = (yield [Call(listing, (group,))])[0]
        values = yield [tool.call(name) for name in names]
        return str(ends["solve"]({name: tool.shape.unwrap(each) for name, each in zip(names, values, strict=True)}))

    hidden = [f"{subject.many} = {listing}({written(group)})\nprint({subject.many})\nprint({tool.name}({subject.many}[0]))"]
    code = scene.policy(write(tool.read), hidden if tool.shape.hidden else [])
    prompt = phrase(
        group=subject.group.where.replace("{g}", group),
        nouns=subject.nouns,
        noun=subject.noun,
        value=measure.value,
        unit=_unit(measure),
        **told,
    )
    answer = ends["solve"]({name: scene.values[measure.key][name] for name in members})
    wrong = {f"{group}s", group.title(), f"the {group}"} - set(subject.group.values)
    spelt = scene.chance.choice(sorted(wrong))
    slips = (
        Slip("wrong spelling", f"print({listing}({written(spelt)}))", (Call(listing, (spelt,)),)),
        Slip("list as argument", f"{subject.many} = {listing}({written(group)})\nprint({tool.name}({subject.many}))"),
    )
    return asked(scene, prompt, answer, code, calls, check=ends["check"], slips=slips)


def _group_extreme(scene: Scene, phrase: Phrase) -> Instance:
    measure, most = scene.measure(), scene.chance.random() < 0.5
    pick, word = (max, "max") if most else (min, "min")
    ends = {
        "line": f"print({word}(FOUND, key=FOUND.get))",
        "solve": lambda values: pick(values, key=lambda one: values[one]),
        "check": "exact",
    }
    return _group_task(scene, phrase, measure, ends, extreme=measure.most if most else measure.least)


GROUP_EXTREME = Pattern(
    "group-extreme",
    _group_extreme,
    phrasings=(
        "Which of the {nouns} {group} {extreme}?[ Answer with its name.| Give the name only.]",
        "[Find|Name|Tell me] the {noun} {group} that {extreme}[.|, please.]",
        "[Look at|Go through|Check] all {nouns} {group}. Which one {extreme}?[ Answer with the name.]",
        "[I am interested in|I only care about|I want to see] the {nouns} {group}. [Which one|Which of them] {extreme}?",
    ),
    unseen_phrasings=(
        "[Restrict yourself|Keep] to the {nouns} {group}: [one|exactly one] of them {extreme}; its name is wanted.",
        "Say there are a few {nouns} {group}; [do you know|find out] which {extreme}[?|, and name it.]",
    ),
)


def _group_total(scene: Scene, phrase: Phrase) -> Instance:
    measure, mean = scene.measure(adds=True), scene.chance.random() < 0.4
    line = "print(round(sum(FOUND.values()) / len(FOUND), 2))" if mean else "print(round(sum(FOUND.values()), 2))"

    def solve(values: Any) -> float:
        return round(sum(values.values()) / (len(values) if mean else 1), 2)

    ends = {"line": line, "solve": solve, "check": "number"}
    return _group_task(
        scene, phrase, measure, ends, figure="average" if mean else "total", digits=", rounded to two decimals" if mean else ""
    )


GROUP_TOTAL = Pattern(
    "group-total",
    _group_total,
    fits=lambda subject: any(one.adds for one in subject.measures),
    phrasings=(
        "What is the {figure} {value}{unit} of all {nouns} {group}{digits}?[ Answer with the number.]",
        "[Work out|Compute|Find|I need] the {figure} {value} of the {nouns} {group}{digits}.[ Only the number, please.]",
        "[Look up|Get|Find] which {nouns} are {group}, and [work out|compute] their {figure} {value}{digits}.",
        "[Consider|Take|Look at] every {noun} {group}. What is their {figure} {value}{digits}?",
        "How high is the {figure} {value} over [the|all] {nouns} {group}{digits}?",
    ),
    unseen_phrasings=(
        "{nouns} {group}, [all of them|every one]: the {figure} {value}{digits}[, please].",
        "Over each {noun} {group}, what does the {value} come to as [a|the] {figure}{digits}?",
        "[State|Report] the {figure} {value} for {nouns} {group}{digits}.",
    ),
)

PATTERNS = (BY_NUMBER, OF_PERSON, OF_PEOPLE, GROUP_EXTREME, GROUP_TOTAL)

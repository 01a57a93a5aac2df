"""Results that hold much at once: a whole table, pages of one, one thing after another, a record, a batch."""

from typing import Any

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.pattern import Pattern
from codeact.data.families.composition.patterns.choosing import bound
from codeact.data.families.composition.scene import Scene, Step, asked
from codeact.data.families.composition.subject import Measure, plural
from codeact.data.families.composition.toolmaking import nothing, tool, written
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

Rows = list[dict[str, Any]]


def _rows(scene: Scene, names: list[str], label: str, measures: tuple[Measure, ...]) -> Rows:
    group = scene.subject.group.key
    return [{label: name, group: scene.groups[name], **{one.key: scene.values[one.key][name] for one in measures}} for name in names]


def _table(scene: Scene, measure: Measure) -> tuple[str, str, Rows]:
    """Add a tool that gives a list of dicts of which nothing is told; its name, the key of names, and the rows."""
    subject = scene.subject
    label = scene.chance.choice(("name", subject.one, "title" if subject.one != "title" else "label"))
    other = scene.chance.choice(subject.measures)
    measures = (measure,) if other is measure else scene.chance.choice(((measure, other), (other, measure)))
    rows = _rows(scene, scene.some(4, 6), label, measures)
    name = scene.title([f"all_{subject.many}", f"{subject.many}_table", f"get_{subject.many}", f"load_{subject.many}"])
    scene.add(
        tool(name, {}, list[dict], f"All {subject.nouns} {subject.where}, with what is known of them.", lambda: [dict(one) for one in rows])
    )
    return name, label, rows


def _of_table(scene: Scene, prompt: str, rows: Rows, *, name: str, line: str, solve: Any, check: str) -> Instance:
    """A question that is answered from the rows of a table, looked at first."""
    many = scene.subject.many

    def calls() -> CallPolicy:
        return str(solve((yield [Call(name)])[0]))

    look = scene.chance.choice(
        (f"{many} = {name}()\nprint({many}[0])", f"{many} = {name}()\nprint({many}[:2])", f"{many} = {name}()\nprint({many})")
    )
    slips = (
        Slip("wrong column", f'{many} = {name}()\nprint([row["id"] for row in {many}])'),
        Slip("list taken for a dict", f'{many} = {name}()\nprint({many}["{scene.subject.measures[0].key}"])'),
    )
    return asked(scene, prompt, solve(rows), scene.policy([Step("", line)], [look]), calls, check=check, slips=slips)


def _table_extreme(scene: Scene, phrase: Phrase) -> Instance:
    measure, most = scene.measure(), scene.chance.random() < 0.5
    name, label, rows = _table(scene, measure)
    word, pick = ("max", max) if most else ("min", min)
    key, many = measure.key, scene.subject.many
    lines = [
        f'best = {word}({many}, key=lambda row: row["{key}"])\nprint(best["{label}"])',
        f'print({word}({many}, key=lambda row: row["{key}"])["{label}"])',
        f'rows = sorted({many}, key=lambda row: row["{key}"]{", reverse=True" if most else ""})\nprint(rows[0]["{label}"])',
    ]
    prompt = phrase(
        extreme=measure.most if most else measure.least, nouns=scene.subject.nouns, noun=scene.subject.noun, where=scene.subject.where
    )

    def solve(given: Any) -> str:
        return pick(given, key=lambda row: row[key])[label]

    return _of_table(scene, prompt, rows, name=name, line=scene.chance.choice(lines), solve=solve, check="exact")


TABLE_EXTREME = Pattern(
    "table-extreme",
    _table_extreme,
    phrasings=(
        "Which of all {nouns} {where} {extreme}?[ Answer with its name.| Give the name only.]",
        "[Find|Name|Tell me] the {noun} {where} that {extreme}[.|, please.]",
        "[Load|Get|Fetch] the {nouns} {where} and [tell me|find out|say] which one {extreme}.",
        "There are several {nouns} {where}. [Which one|Which of them] {extreme}?[ Answer with the name.]",
    ),
    unseen_phrasings=(
        "Having seen all {nouns} {where}, [which one would you say|can you say which] {extreme}?",
        "[Name wanted|I want a name]: the one {noun} {where} that {extreme}.",
        "Every {noun} {where} is in the data. [Say which|State which one] {extreme}.",
    ),
)


def _table_filter(scene: Scene, phrase: Phrase) -> Instance:
    measure, above = scene.measure(), scene.chance.random() < 0.5
    name, label, rows = _table(scene, measure)
    limit, key, many = bound(scene, measure, [row[label] for row in rows]), measure.key, scene.subject.many
    sign, counts = ">" if above else "<", scene.chance.random() < 0.4
    each = f'row["{label}"] for row in {many} if row["{key}"] {sign} {limit}'
    loop = f'chosen = []\nfor row in {many}:\n    if row["{key}"] {sign} {limit}:\n        chosen.append(row["{label}"])\n'
    lines = [f"print(len([{each}]))", f"{loop}print(len(chosen))"] if counts else [f"print([{each}])", f"{loop}print(chosen)"]

    def solve(given: Any) -> Any:
        chosen = [row[label] for row in given if (row[key] > limit if above else row[key] < limit)]
        return len(chosen) if counts else chosen

    prompt = phrase(
        clause=(measure.above if above else measure.below).replace("{n}", str(limit)),
        nouns=scene.subject.nouns,
        where=scene.subject.where,
        wanted="how many" if counts else "which",
        form="the number" if counts else "a list of names",
    )
    return _of_table(scene, prompt, rows, name=name, line=scene.chance.choice(lines), solve=solve, check="number" if counts else "set")


TABLE_FILTER = Pattern(
    "table-filter",
    _table_filter,
    phrasings=(
        "[Tell me|Find out|Please say] {wanted} of the {nouns} {where} {clause}. Answer with {form}.",
        "Of all {nouns} {where}, {wanted} {clause}? [Answer with|Give] {form}.",
        "[Get|Load|Fetch] the {nouns} {where} and [tell me|find out|say] {wanted} of them {clause}. [Give|Answer with] {form}.",
        "[I am looking at|Take|Consider] all {nouns} {where}: {wanted} of them {clause}? [Give me|I want|Answer with] {form}.",
    ),
    unseen_phrasings=(
        "Some {nouns} {where} {clause}. [Work out|Determine] {wanted}, and give {form}.",
        "From the data on {nouns} {where}, [read off|establish] {wanted} {clause}. The answer is {form}.",
        "{nouns} {where}: {wanted} {clause}? ({form})",
    ),
)


def _pages(scene: Scene, phrase: Phrase) -> Instance:
    subject, measure, most = scene.subject, scene.measure(), scene.chance.random() < 0.5
    names, size = scene.some(5, 8), scene.chance.choice((2, 3))
    label, key, many = scene.chance.choice(("name", subject.one)), measure.key, subject.many
    after = scene.chance.choice(("next", "next_page", "more"))
    rows = [{label: name, key: scene.values[key][name]} for name in names]
    chunks = [rows[at : at + size] for at in range(0, len(rows), size)]

    def page(number: int) -> dict:
        if not 1 <= number <= len(chunks):
            raise ValueError(f"there is no page {number}")
        return {many: chunks[number - 1], after: number + 1 if number < len(chunks) else None}

    name = scene.title([f"{many}_page", f"page_of_{many}", f"browse_{many}", f"list_{many}_page"])
    doc = f'One page of the {subject.nouns}, from 1: {{"{many}": [{{"{label}", "{key}"}}], "{after}": number of the next page, or None}}.'
    scene.add(tool(name, {"page": int}, dict, doc, page))
    word, pick = ("max", max) if most else ("min", min)
    loop = f'rows = []\npage = 1\nwhile page:\n    result = {name}(page)\n    rows += result["{many}"]\n    page = result["{after}"]'
    steps = [Step(loop, "print(rows)"), Step("", f'print({word}(rows, key=lambda row: row["{key}"])["{label}"])')]

    def calls() -> CallPolicy:
        number, seen = 1, []
        while number:
            shown = (yield [Call(name, (number,))])[0]
            seen += shown[many]
            number = shown[after]
        return pick(seen, key=lambda row: row[key])[label]

    slips = (
        Slip("wrong argument", f"result = {name}()\nprint(result)", (Call(name, ()),)),
        Slip("misread shape", f'rows = {name}(1)\nprint({word}(rows, key=lambda row: row["{key}"]))'),
    )
    prompt = phrase(extreme=measure.most if most else measure.least, nouns=subject.nouns, noun=subject.noun, where=subject.where)
    answer = pick(names, key=lambda one: scene.values[key][one])
    return asked(scene, prompt, answer, scene.policy(steps), calls, slips=slips)


PAGES = Pattern(
    "pages",
    _pages,
    phrasings=(
        "The {nouns} {where} are listed on several pages. [Which of them|Which one] {extreme}?[ Answer with its name.]",
        "[Go through|Read|Look at] all pages of the {nouns} {where}. [Which one|Which of them] {extreme}?",
        "[Over|On] all pages of the list of {nouns}, find the {noun} that {extreme}. [Answer with the name.|Give its name.|The "
        "name will do.]",
        "[I cannot see all {nouns} at once|The {nouns} come page by page]; [tell me which {noun}|please find out which {noun}] {extreme}.",
    ),
    unseen_phrasings=(
        "Leaf through the list of {nouns} to its last page, [and name the one that|then tell me which] {extreme}.",
        "[Page after page|From the first page to the last], {nouns} {where}: which one {extreme}?",
        "The list of {nouns} is cut into pages. Look at them all and say which one {extreme}.",
    ),
)


def _queue(scene: Scene, measure: Measure, names: list[str]) -> tuple[str, str]:
    """Add a tool that gives one thing after the other, and one that starts again; their names."""
    subject, place, key, one = scene.subject, [0], measure.key, scene.subject.one

    def take() -> dict | None:
        place[0] += 1
        if place[0] > len(names):
            return None
        return {"name": names[place[0] - 1], key: scene.values[key][names[place[0] - 1]]}

    def start() -> str:
        place[0] = 0
        return "at the start"

    name = scene.title([f"next_{one}", f"take_{one}", f"receive_{one}", f"{one}_from_queue"])
    back = scene.title([f"restart_{subject.many}", f"rewind_{subject.many}", f"first_{one}_again"])
    scene.add(tool(name, {}, dict | None, f'The next {subject.noun} in the queue, {{"name", "{key}"}}; None after the last.', take))
    scene.add(tool(back, {}, str, f"Start the queue of {subject.nouns} from its beginning.", start))
    scene.uses(measure)
    return name, back


def _stream(scene: Scene, phrase: Phrase) -> Instance:
    subject, measure, above = scene.subject, scene.measure(), scene.chance.random() < 0.5
    names = scene.some(4, 7)
    limit, key, one = bound(scene, measure, names), measure.key, subject.one
    name, back = _queue(scene, measure, names)
    sign, counts = ">" if above else "<", scene.chance.random() < 0.5
    if counts:
        body, first, last = "count += 1", "count = 0", "print(count)"
    else:
        body, first, last = f'chosen.append({one}["name"])', "chosen = []", "print(chosen)"
    head = f"{back}()\n{first}\n{one} = {name}()\nwhile {one} is not None:"
    loop = f'{head}\n    if {one}["{key}"] {sign} {limit}:\n        {body}\n    {one} = {name}()'

    def calls() -> CallPolicy:
        yield [Call(back)]
        chosen = []
        while not nothing(shown := (yield [Call(name)])[0]):
            chosen += [shown["name"]] if (shown[key] > limit if above else shown[key] < limit) else []
        return str(len(chosen) if counts else chosen)

    fit = [each for each in names if (scene.values[key][each] > limit if above else scene.values[key][each] < limit)]
    clause = (measure.above if above else measure.below).replace("{n}", str(limit))
    prompt = phrase(
        clause=clause,
        nouns=subject.nouns,
        wanted="how many" if counts else "which",
        form="the number" if counts else "a list of names",
    )
    slips = (
        Slip("call for a list", f"chosen = [{one} for {one} in {name}]\nprint(chosen)"),
        Slip("wrong argument", f"print({name}(1))", (Call(name, (1,)),)),
    )
    return asked(
        scene,
        prompt,
        len(fit) if counts else fit,
        scene.policy([Step(loop, last)]),
        calls,
        check="number" if counts else "set",
        slips=slips,
    )


STREAM = Pattern(
    "stream",
    _stream,
    phrasings=(
        "The {nouns} come from a queue, one by one. [Tell me|Find out|Say|Work out] {wanted} {nouns} {clause}. Answer with {form}.",
        "[Take|Get|Fetch] the {nouns} from the queue until it is empty: {wanted} {nouns} {clause}? [Give|Answer with] {form}.",
        "[Go through|Empty|Work through] the queue of {nouns} from its beginning. [Find out|Tell me] {wanted} {nouns} {clause}. "
        "Answer with {form}.",
        "In the queue of {nouns}, {wanted} {clause}? [Start it from its beginning.|Begin at its start.] [Answer with|Give] {form}.",
    ),
    unseen_phrasings=(
        "One by one, [take|fetch] the {nouns} that are queued up; {wanted} of these {clause}? Say {form}.",
        "Until the queue of {nouns} runs dry, [watch|note] {wanted} of them {clause}, and [report|hand in] {form}.",
    ),
)


def _record(scene: Scene, phrase: Phrase) -> Instance:
    """A record of which nothing is told; one figure of one or several things."""
    subject, measure = scene.subject, scene.measure(adds=True)
    items, key, found = scene.some(1, 4), measure.key, plural(measure.key)
    inner = scene.chance.choice(("", "", "details", "data", "facts"))
    other = [one for one in subject.measures if one is not measure]

    def info(one: str) -> dict:
        fields = {each.key: scene.values[each.key][one] for each in (*other[:1], measure)}
        fields = {subject.group.key: scene.groups[scene.known(one)], **fields}
        return {"name": one, inner: fields} if inner else {"name": one, **fields}

    name = scene.title([f"{subject.one}_details", f"describe_{subject.one}", f"{subject.one}_info", f"get_{subject.one}"])
    scene.add(
        tool(name, {scene.argument: str}, dict, f"What is known of the {subject.noun} with a name.", lambda one: info(scene.known(one)))
    )
    scene.uses(measure)
    path = f'["{inner}"]["{key}"]' if inner else f'["{key}"]'
    look = f"print({name}({written(items[0])}))"
    if len(items) == 1:
        steps = [Step("", f"print({name}({written(items[0])}){path})")]
    else:
        values = f"{found} = [{name}({subject.one}){path} for {subject.one} in {written(items)}]"
        steps = [Step(values, f"print({found})"), Step("", f"print(round(sum({found}), 2))")]

    def calls() -> CallPolicy:
        shown = yield [Call(name, (one,)) for one in items]
        return str(round(sum((each[inner] if inner else each)[key] for each in shown), 2))

    answer = round(sum(scene.values[key][one] for one in items), 2)
    figure = "total " if len(items) > 1 else ""
    prompt = phrase(
        items=scene.told(items) if len(items) > 1 else items[0],
        value=f"{figure}{measure.value}",
        unit=f" in {measure.unit}" if measure.unit else "",
    )
    slips = (
        Slip("wrong key", f'print({name}({written(items[0])})["value"])'),
        Slip("misread shape", f"name, value = {name}({written(items[0])}).{key}\nprint(value)"),
    )
    return asked(scene, prompt, answer, scene.policy(steps, [look]), calls, check="number", slips=slips)


RECORD = Pattern(
    "record",
    _record,
    phrasings=(
        "What is the {value}{unit} of {items}?[ Answer with the number.| Give the number only.]",
        "[Look up|Find|Get] what is known of {items} and [tell me|give me] the {value}[.|, please.]",
        "[I need|I want|I am interested in] the {value}{unit} of {items}. [Answer with the number.|Just the number, please.]",
        "[Check|Read] the details of {items}. [How high is|What is] the {value}?",
    ),
    unseen_phrasings=(
        "Somewhere in what is recorded of {items} [stands|you will find] the {value}. Report it[.| as a number.]",
        "{items}: {value}, [please|as a number]?",
    ),
)


def _batch(scene: Scene, phrase: Phrase) -> Instance:
    """A tool that takes all things at once, and gives a dict or a list in their order."""
    subject, measure, most = scene.subject, scene.measure(), scene.chance.random() < 0.5
    items, key, found, many = scene.some(3, 6), measure.key, plural(measure.key), subject.many
    as_dict = scene.chance.random() < 0.5
    bare = float if measure.digits else int

    def given(names: list[str]) -> Any:
        values = {one: scene.values[key][scene.known(one)] for one in names}
        return values if as_dict else list(values.values())

    argument = scene.chance.choice(("names", many, "items"))
    name = scene.title([f"{found}_of_all", f"get_{found}", f"{found}_for", f"batch_{key}"])
    doc = f"The {measure.value} of each of several {subject.nouns}{', by name' if as_dict else ', in the order of the list'}."
    scene.add(tool(name, {argument: list[str]}, dict[str, bare] if as_dict else list[bare], doc, given))
    scene.uses(measure)
    word, pick = ("max", max) if most else ("min", min)
    first = Step(f"{many} = {written(items)}\nfound = {name}({many})", "print(found)")
    line = f"print({word}(found, key=found.get))" if as_dict else f"print({many}[found.index({word}(found))])"

    def calls() -> CallPolicy:
        shown = (yield [Call(name, (items,))])[0]
        values = shown if as_dict else dict(zip(items, shown, strict=True))
        return pick(values, key=lambda one: values[one])

    slips = (
        Slip("one for a list", f"found = {{one: {name}(one) for one in {written(items)}}}\nprint(found)", (Call(name, (items[0],)),)),
        Slip("list taken apart", f"found = {name}({', '.join(map(written, items))})\nprint(found)"),
    )
    answer = pick(items, key=lambda one: scene.values[key][one])
    prompt = phrase(items=scene.told(items), nouns=subject.nouns, extreme=measure.most if most else measure.least)
    return asked(scene, prompt, answer, scene.policy([first, Step("", line)]), calls, slips=slips)


BATCH = Pattern(
    "batch",
    _batch,
    phrasings=(
        "[Which|Which one] of the {nouns} {items} {extreme}?[ Answer with its name.| Give the name only.]",
        "[With one call|In a single call|All at once], look up the {nouns} {items}. Which one {extreme}?",
        "[Tell me|Find out|Please say] which of {items} {extreme}[.| and answer with the name.]",
        "{items} [are|were] put before me. [Which one|Which of these {nouns}] {extreme}?[ Give the name.]",
    ),
    unseen_phrasings=(
        "One name out of {items}, please: the [one|only one] that {extreme}[.|, no more than that.]",
        "For {items}, [settle|decide] which one {extreme}[.|; the name will do.]",
    ),
)

PATTERNS = (TABLE_EXTREME, TABLE_FILTER, PAGES, STREAM, RECORD, BATCH)

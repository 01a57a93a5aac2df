"""One figure of several things: which is highest, how high, the total, the average, the difference."""

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.pattern import Pattern
from codeact.data.families.composition.patterns.listed import about, words
from codeact.data.families.composition.scene import Read, Scene, Step, asked
from codeact.data.families.composition.toolmaking import written
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


def _extreme(scene: Scene, phrase: Phrase) -> Instance:
    measure, items, most = scene.measure(), scene.some(3, 6), scene.chance.random() < 0.5
    word = "max" if most else "min"
    prompt = phrase(extreme=measure.most if most else measure.least, **words(scene, items, measure))
    pick = max if most else min
    ways = [
        lambda names: [Step("", f"print({word}({names.found}, key={names.found}.get))")],
        lambda names: [Step(f"best = {word}({names.found}, key={names.found}.get)", "print(best)")],
    ]
    return about(
        scene,
        prompt,
        items,
        measure,
        end=scene.chance.choice(ways),
        solve=lambda values: pick(values, key=lambda one: values[one]),
        check="exact",
    )


EXTREME = Pattern(
    "extreme",
    _extreme,
    phrasings=(
        "[Which|Which one] of these {these} {extreme}: {items}?[ Answer with its name.| Give the name only.]",
        "[I have a list of|Here are some|These are a few] {these}: {items}. [Which one|Which of them] {extreme}?",
        "[Tell me|Find out|Please find out|I would like to know] which of the {nouns} {items} {extreme}[.| and answer with the name.]",
        "[My sister|My neighbour|A friend|A colleague] asks me which one {extreme}: {items}. [Look it up|Use the tools|Find it], please.",
        "[Compare|Look at|Check] the {nouns} {items}. Name the one that {extreme}.",
    ),
    unseen_phrasings=(
        "{items}: [one of these|just one of these] {nouns} {extreme}. [Which is it|What is its name]?",
        "We argued about {nouns}. Out of {items}, [who can say|can you say|do you know] which one {extreme}?",
    ),
)


def _highest(scene: Scene, phrase: Phrase) -> Instance:
    measure, items, most = scene.measure(), scene.some(3, 6), scene.chance.random() < 0.5
    word = "max" if most else "min"
    prompt = phrase(degree="highest" if most else "lowest", **words(scene, items, measure))
    pick = max if most else min
    ends = [
        lambda names: [Step("", f"print({word}({names.found}.values()))")],
        lambda names: [Step(f"result = {word}({names.found}.values())", "print(result)")],
    ]
    return about(scene, prompt, items, measure, end=scene.chance.choice(ends), solve=lambda values: pick(values.values()), check="number")


HIGHEST = Pattern(
    "highest-value",
    _highest,
    phrasings=(
        "What is the {degree} {value}{unit} among these {these}: {items}?[ Answer with the number.]",
        "[Find|Look up|Give me|Tell me] the {degree} {value}{unit} of the {nouns} {items}[.|. Only the number, please.]",
        "[I look for|I need|I am after] the {degree} {value} that any of these {nouns} has: {items}. [Give the number.|Answer "
        "with the number alone.]",
        "[Take|Consider|Here are] {items}. How [much|large] is the {degree} {value} of these {nouns}?",
    ),
    unseen_phrasings=(
        "For my notes: the {degree} {value} of {items}, [as a bare number|just the figure].",
        "[Among|Of] the {nouns} {items}, one has the {degree} {value}. What [is that value|number is it]?",
        "[State|Report] the {degree} {value} to be found among {items}.",
    ),
)


def _total(scene: Scene, phrase: Phrase) -> Instance:
    measure, items = scene.measure(adds=True), scene.some(3, 6)
    ends = [
        lambda names: [Step(f"total = sum({names.found}.values())", "print(round(total, 2))")],
        lambda names: [Step("", f"print(round(sum({names.found}.values()), 2))")],
        lambda names: [
            Step(f"total = 0\nfor {names.one} in {names.all}:\n    total += {names.found}[{names.one}]", "print(round(total, 2))")
        ],
    ]
    prompt = phrase(**words(scene, items, measure))
    return about(
        scene, prompt, items, measure, end=scene.chance.choice(ends), solve=lambda values: round(sum(values.values()), 2), check="number"
    )


TOTAL = Pattern(
    "total",
    _total,
    fits=lambda subject: any(one.adds for one in subject.measures),
    phrasings=(
        "What is the total {value}{unit} of {items}[ together]?[ Answer with the number.]",
        "[Add up|Sum up|Work out the sum of] the {value} of each of these {these}: {items}. [What is the total|What does it come to]?",
        "[I take|I want|I picked] {items}. [Tell me|Work out|Compute] the total {value}{unit}[.|, please.]",
        "The {nouns} {items} [all count|are all mine]; [what is their|give me their] total {value}{unit}[?|, as a number?]",
    ),
    unseen_phrasings=(
        "If I put {items} together, [what total {value} do I get|how high is the total {value}]?",
        "[Needed|Wanted]: the {value} summed over {items}. Answer with [a number|one number].",
        "[Over all of|Taken together,] {items}: what {value} is that in all{unit}?",
    ),
)


def _average(scene: Scene, phrase: Phrase) -> Instance:
    measure, items = scene.measure(), scene.some(3, 6)
    ends = [
        lambda names: [Step(f"average = sum({names.found}.values()) / len({names.found})", "print(round(average, 2))")],
        lambda names: [Step("", f"print(round(sum({names.found}.values()) / len({names.found}), 2))")],
        lambda names: [Step("import statistics", f"print(round(statistics.mean({names.found}.values()), 2))")],
    ]
    prompt = phrase(**words(scene, items, measure))
    end = scene.chance.choice(ends)
    return about(scene, prompt, items, measure, end=end, solve=lambda values: round(sum(values.values()) / len(values), 2), check="number")


AVERAGE = Pattern(
    "average",
    _average,
    phrasings=(
        "What is the average {value}{unit} of {items}? Round to two decimals.",
        "[Work out|Compute|Find|I need] the [mean|average] {value} of the {nouns} {items}, rounded to two decimals.",
        "[I have|Here are|Take] these {these}: {items}. What [is|would be] their average {value}? [Two decimals, please.|Round "
        "it to two decimals.]",
        "The {value} differs among {items}. [What is it on average|What is its mean], rounded to two decimals?",
    ),
    unseen_phrasings=(
        "On average, [how high is|what is] the {value} over {items}? (two decimals)",
        "[Mean|Average] of the {value} for {items}, [to two decimals|with two decimals]:",
        "[Average out|Take the mean of] the {value} of {items} and round the result to two places.",
    ),
)


def _difference(scene: Scene, phrase: Phrase) -> Instance:
    measure, pair = scene.measure(), scene.chance.sample(scene.names, 2)
    higher, lower = sorted(pair, key=lambda one: -scene.values[measure.key][one])
    tool = scene.lookup(measure)
    digits = measure.digits or 0

    def write(read: Read) -> list[Step]:
        first, second = (Step(f"{name} = {read(written(one))}", f"print({name})") for name, one in (("first", higher), ("second", lower)))
        return [first, second, Step("", f"print(round(first - second, {digits}))" if digits else "print(first - second)")]

    def calls() -> CallPolicy:
        first, second = map(tool.shape.unwrap, (yield [tool.call(higher), tool.call(lower)]))
        return str(round(first - second, 2))

    prompt = phrase(first=higher, second=lower, **words(scene, pair, measure))
    answer = round(scene.values[measure.key][higher] - scene.values[measure.key][lower], 2)
    code = scene.policy(write(tool.read), scene.looks(tool, item=higher))
    return asked(scene, prompt, answer, code, calls, check="number", slips=scene.slips(write, tool, higher))


DIFFERENCE = Pattern(
    "difference",
    _difference,
    phrasings=(
        "By how much is the {value} of {first} [higher than|above] the {value} of {second}?[ Answer with a number.]",
        "What is the difference{unit} between the {value} of {first} and the {value} of {second}?[ Answer with the number.| Give "
        "it as a positive number.]",
        "[Subtract|Take] the {value} of {second} from the {value} of {first}. [What is left|What do you get]?",
        "[Tell me|Find out|Work out] how [much|far] the {value} of {first} is above that of {second}[, please].",
        "[I am weighing|I compare|I am comparing] {first} with {second}: by how much does the {value} of the first exceed that "
        "of the second?",
    ),
    unseen_phrasings=(
        "{first} has a higher {value} than {second}. [How big is the gap|How much more is it]?",
        "The {nouns} {first} and {second} differ in their {value}. [By what amount|How much is the difference], as a positive number?",
        "[Give|State] the gap in {value} between {first} and {second}.",
    ),
)

PATTERNS = (EXTREME, HIGHEST, TOTAL, AVERAGE, DIFFERENCE)

"""Amounts that take more than a look-up: quantities, discounts and taxes, a budget, other units."""

import itertools
from collections import Counter
from typing import Any

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.pattern import Pattern
from codeact.data.families.composition.patterns.listed import about
from codeact.data.families.composition.scene import Read, Scene, Step, asked
from codeact.data.families.composition.subject import Subject, plural
from codeact.data.families.composition.toolmaking import tool, written
from codeact.data.families.words import with_article
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call


def _cart(scene: Scene, phrase: Phrase) -> Instance:
    measure, items = scene.measure(counts=True), scene.some(2, 5)
    counts = {one: scene.chance.randint(1, 12) for one in items}
    lookup = scene.lookup(measure, bare=0.6)
    one, dicts = scene.subject.one, scene.chance.random() < 0.6

    def write(read: Read) -> list[Step]:
        if dicts:
            body = f"for {one}, count in wanted.items():\n    total += {read(one)} * count"
            return [Step(f"wanted = {written(counts)}\ntotal = 0\n{body}", "print(round(total, 2))")]
        body = f"for {one}, count in wanted:\n    amount = {read(one)} * count\n    print({one}, amount)\n    total += amount"
        return [Step(f"wanted = {written(list(counts.items()))}\ntotal = 0\n{body}", "print(round(total, 2))")]

    def calls() -> CallPolicy:
        shown = yield [lookup.call(name) for name in items]
        return str(round(sum(lookup.shape.unwrap(each) * counts[name] for name, each in zip(items, shown, strict=True)), 2))

    parts = [f"{count} x {name}" for name, count in counts.items()]
    answer = round(sum(scene.values[measure.key][name] * count for name, count in counts.items()), 2)
    told = f"{', '.join(parts[:-1])} and {parts[-1]}" if scene.chance.random() < 0.7 else ", ".join(parts)
    prompt = phrase(cart=told, value=measure.value, unit=f" in {measure.unit}" if measure.unit else "", nouns=scene.subject.nouns)
    code = scene.policy(write(lookup.read), scene.looks(lookup, item=items[0]))
    return asked(scene, prompt, answer, code, calls, check="number", slips=scene.slips(write, lookup, items[0]))


def _has(**wanted: bool) -> Any:
    def fits(subject: Subject) -> bool:
        return any(all(getattr(one, name) for name in wanted) for one in subject.measures)

    return fits


CART = Pattern(
    "cart",
    _cart,
    fits=_has(counts=True),
    phrasings=(
        "What is the total {value}{unit} of {cart}?[ Answer with the number.| Give one number.]",
        "[Add up|Work out|Compute] the {value} of {cart}[.|, all together.]",
        "[I take|My list says|We need] {cart}. What is the total {value}{unit}[, as a number]?",
        "[Somebody asks for|They want|The order is] {cart}. [Tell me|Find] the {value} of all that together.",
    ),
    unseen_phrasings=(
        "{cart}: [how much {value} is that|what {value} does that make] in all?",
        "Count [each of the {nouns}|everything] as often as [it says|is written]: {cart}. What {value} comes out?",
    ),
)


def _discount(scene: Scene, phrase: Phrase) -> Instance:
    """A price, less a discount, plus a tax; sometimes one of the two alone."""
    measure, item, one = scene.measure(money=True), scene.some(1, 1)[0], scene.subject.one
    cut, tax = scene.chance.choice((5, 10, 12, 15, 20, 25, 30, 40)), scene.chance.choice((4, 5, 7, 8, 9, 12, 19, 21))
    lookup = scene.lookup(measure, bare=0.7)
    less = scene.title([f"apply_{one}_discount", f"{one}_discount", f"reduce_{one}_{measure.key}", f"discounted_{one}"])
    more = scene.title([f"add_{one}_tax", f"tax_{one}", f"{one}_with_tax", f"{measure.key}_after_tax"])
    word = scene.chance.choice(("amount", measure.key, "value"))
    percent = scene.chance.choice(("percent", "rate", "percentage"))
    scene.add(
        tool(
            less,
            {word: float, percent: float},
            float,
            f"The {word} less a discount of so many percent.",
            lambda all, off: round(all * (1 - off / 100), 4),
        )
    )
    scene.add(
        tool(
            more,
            {word: float, percent: float},
            float,
            f"The {word} with a tax of so many percent on top.",
            lambda all, on: round(all * (1 + on / 100), 4),
        )
    )
    key = measure.key

    def write(read: Read) -> list[Step]:
        first = Step(f"{key} = {read(written(item))}", f"print({key})")
        if scene.loops:
            return [
                first,
                Step(f"{key} = {less}({key}, {cut})", f"print({key})"),
                Step(f"{key} = {more}({key}, {tax})", f"print(round({key}, 2))"),
            ]
        return [first, Step("", f"print(round({more}({less}({key}, {cut}), {tax}), 2))")]

    def calls() -> CallPolicy:
        price = lookup.shape.unwrap((yield [lookup.call(item)])[0])
        reduced = (yield [Call(less, (price, cut))])[0]
        return str(round((yield [Call(more, (reduced, tax))])[0], 2))

    answer = round(scene.values[key][item] * (1 - cut / 100) * (1 + tax / 100), 2)
    prompt = phrase(item=item, value=measure.value, cut=cut, tax=tax, unit=f" in {measure.unit}", noun=scene.subject.noun)
    code = scene.policy(write(lookup.read), scene.looks(lookup, item=item))
    text = Slip("wrong argument type", f'print({less}({lookup.read(written(item))}, "{cut}%"))')
    slips = (text, *scene.slips(write, lookup, item)[:1])
    return asked(scene, prompt, answer, code, calls, check="number", slips=slips)


DISCOUNT = Pattern(
    "discount-tax",
    _discount,
    fits=lambda subject: any(one.money for one in subject.measures),
    trained_only=True,
    phrasings=(
        "The {value} of {item} is cut by {cut}%, and then {tax}% tax is added. What [is it then|does that come to|do I pay], "
        "rounded to two decimals?",
        "[Work out|Compute|Find|Tell me] the {value} of {item} after a discount of {cut} percent and a tax of {tax} percent, in "
        "this order. [Two decimals.|Round to two decimals.]",
        "[I get|There is|They give me] a discount of {cut}% on {item}, and {tax}% tax comes on top. [What do I pay|What is left "
        "to pay]{unit}, "
        "rounded to two decimals?",
        "[Take|Start from] the {value} of {item}, apply a discount of {cut}% first and a tax of {tax}% after it. [Give|Answer "
        "with] the result, "
        "rounded to two decimals.",
    ),
    unseen_phrasings=(
        "{item}: minus {cut} percent, then plus {tax} percent tax on its {value}. [Final amount|What remains to be paid], to two decimals?",
        "With {cut}% off and {tax}% tax on what is left, [how much is|what would one pay for] {item}? [Two decimals.|Round to cents.]",
    ),
)


def _clear(of_pairs: Counter[float], sums: list[float], unit: float) -> list[int]:
    """Places of sums below which a limit leaves one best pair, preferably those with room for a limit that is no sum itself."""
    of_one_pair = [spot for spot in range(1, len(sums)) if of_pairs[sums[spot - 1]] == 1]  # never none: the smallest sum is of one
    return [spot for spot in of_one_pair if sums[spot] - sums[spot - 1] > 1.5 * unit] or of_one_pair


def _budget(scene: Scene, phrase: Phrase) -> Instance:
    """Two things that together come as near to a limit as can be without being over it."""
    measure, items = scene.measure(adds=True), scene.some(4, 5)
    values = scene.values[measure.key]
    of_pairs = Counter(round(values[first] + values[second], 2) for first, second in itertools.combinations(items, 2))
    sums = sorted(of_pairs)
    drawn = scene.chance.randrange(1, len(sums))
    spot = min(_clear(of_pairs, sums, 10.0**-measure.digits), key=lambda one: abs(one - drawn))
    limit = sums[spot - 1] + (sums[spot] - sums[spot - 1]) / 2
    limit = round(limit, measure.digits) if measure.digits else int(limit)
    found, lookup = plural(measure.key), scene.lookup(measure, bare=0.6)
    pairs = [pair for pair in itertools.combinations(items, 2) if round(values[pair[0]] + values[pair[1]], 2) <= limit]
    answer = max(pairs, key=lambda pair: round(values[pair[0]] + values[pair[1]], 2))

    def write(read: Read) -> list[Step]:
        first = Step(f"import itertools\nitems = {written(items)}\n{found} = {{item: {read('item')} for item in items}}", f"print({found})")
        loop = (
            f"best, most = None, -1\nfor one, other in itertools.combinations(items, 2):\n    total = {found}[one] + {found}[other]\n"
            f"    if most < total <= {limit}:\n        best, most = [one, other], total"
        )
        return [first, Step(loop, "print(best)")]

    def calls() -> CallPolicy:
        shown = yield [lookup.call(name) for name in items]
        known = {name: lookup.shape.unwrap(each) for name, each in zip(items, shown, strict=True)}
        fit = [pair for pair in itertools.combinations(items, 2) if known[pair[0]] + known[pair[1]] <= limit]
        return str(list(max(fit, key=lambda pair: known[pair[0]] + known[pair[1]])))

    unit = f" {measure.unit}" if measure.unit else ""
    prompt = phrase(
        items=scene.told(items),
        nouns=scene.subject.nouns,
        value=measure.value,
        a_value=with_article(measure.value),
        limit=f"{limit}{unit}",
    )
    code = scene.policy(write(lookup.read), scene.looks(lookup, item=items[0]))
    return asked(scene, prompt, list(answer), code, calls, check="set", slips=scene.slips(write, lookup, items[0]))


BUDGET = Pattern(
    "budget",
    _budget,
    fits=_has(adds=True),
    phrasings=(
        "Choose two of {items} so that their total {value} is as high as possible, but not over {limit}. [Answer with a list of "
        "the two.|Give both as a list.]",
        "[My limit|The limit|The most I can have] for two {nouns} is a total {value} of {limit}. Which two of {items} come "
        "nearest to it without going over? "
        "[Answer with a list.|A list, please.]",
        "[Find|Pick|Name] the two {nouns} of {items} whose {value} together is the highest that is not more than {limit}. "
        "[Answer with a list of names.|Give a list.]",
        "With a total {value} of at most {limit}, [which two of|which pair out of|what pair of] {items} comes to the highest total? "
        "[Answer with a "
        "list.|Give the names as a list.]",
    ),
    unseen_phrasings=(
        "Two out of {items}, total {value} no more than {limit} and as close to it as can be: [which|which two]? [Write a "
        "list.|As a list.]",
        "I may not exceed {a_value} of {limit} with the pair I take from {items}. [Use it up as far as possible:|Get as close as "
        "you can:] list the pair.",
    ),
)

_UNITS: dict[str, tuple[tuple[str, float], ...]] = {
    "kg": (("pounds", 2.2046), ("stone", 0.15747)),
    "grams": (("ounces", 0.035274), ("grains", 15.4324)),
    "km": (("miles", 0.62137), ("furlongs", 4.97097)),
    "metres": (("feet", 3.28084), ("yards", 1.09361)),
    "cm": (("inches", 0.393701), ("feet", 0.0328084)),
    "mm": (("inches", 0.0393701),),
    "minutes": (("hours", 1 / 60), ("days", 1 / 1440)),
    "litres": (("gallons", 0.264172), ("pints", 2.11338)),
    "ml": (("cups", 0.00422675), ("fluid ounces", 0.033814)),
    "dollars": (("crowns", 9.46), ("talers", 0.38), ("pesos", 18.2)),
    "euros": (("crowns", 10.87), ("rupees", 91.5)),
    "tonnes": (("tons", 1.10231),),
    "square metres": (("square feet", 10.7639),),
    "days": (("weeks", 1 / 7),),
    "kWh": (("megajoules", 3.6),),
    "km/h": (("knots", 0.539957), ("miles per hour", 0.62137)),
}


def _convert(scene: Scene, phrase: Phrase) -> Instance:
    measure = scene.chance.choice([one for one in scene.subject.measures if one.unit in _UNITS])
    items, key, found = scene.some(1, 3), measure.key, plural(measure.key)
    to, factor = scene.chance.choice(_UNITS[measure.unit])
    lookup = scene.lookup(measure, bare=0.7)
    name = scene.title([f"convert_{key}", f"{key}_in_other_unit", f"{key}_to_{to.replace(' ', '_')}"])
    known = dict(_UNITS[measure.unit])
    fixed = name.endswith(f"_to_{to.replace(' ', '_')}")

    def converted(value: float, unit: str = to) -> float:
        if unit not in known:
            raise ValueError(f"there is no unit {unit!r}; take one of: {', '.join(known)}")
        return round(value * known[unit], 6)

    parameters = {key: float} if fixed else {key: float, "to": str}
    scene.add(tool(name, parameters, float, f"Convert {measure.unit} to {to if fixed else ' or '.join(known)}.", converted))
    more = "" if fixed else f", {written(to)}"

    def write(read: Read) -> list[Step]:
        if len(items) == 1:
            return [Step(f"{key} = {read(written(items[0]))}", f"print({key})"), Step("", f"print(round({name}({key}{more}), 2))")]
        first = Step(f"{found} = [{read('one')} for one in {written(items)}]", f"print({found})")
        return [first, Step(f"total = sum({found})", f"print(round({name}(total{more}), 2))")]

    def calls() -> CallPolicy:
        total = sum(map(lookup.shape.unwrap, (yield [lookup.call(one) for one in items])))
        return str(round((yield [Call(name, (round(total, 4),) if fixed else (round(total, 4), to))])[0], 2))

    answer = round(sum(scene.values[key][one] for one in items) * factor, 2)
    figure = "total " if len(items) > 1 else ""
    prompt = phrase(items=scene.told(items) if len(items) > 1 else items[0], value=f"{figure}{measure.value}", to=to, unit=measure.unit)
    slips = (*scene.slips(write, lookup, items[0])[:1], Slip("name for a number", f"print({name}({written(items[0])}{more}))", None))
    code = scene.policy(write(lookup.read), scene.looks(lookup, item=items[0]))
    return asked(scene, prompt, answer, code, calls, check="number", slips=slips)


CONVERT = Pattern(
    "convert",
    _convert,
    fits=lambda subject: any(one.unit in _UNITS for one in subject.measures),
    phrasings=(
        "What is the {value} of {items} in {to}, [rounded|when rounded] to two decimals?",
        "[Give me|Tell me|Find|Look up] the {value} of {items} in {to}, not in {unit}. Round to two decimals.",
        "[I think|We count|They reckon] in {to}. What is the {value} of {items}, [rounded to two decimals|to two decimals]?",
        "[Convert|Turn] the {value} of {items} from {unit} into {to}. [Two decimals, please.|Round to two decimals.]",
        "Expressed in {to}, how [high|much] is the {value} of {items}? [Two decimals.|Round it to two decimals.]",
    ),
    unseen_phrasings=(
        "{items}: {value} [please in|wanted in] {to}, two decimals.",
        "For people who do not use {unit}, [state|say] the {value} of {items} in {to} [to two decimals|with two decimals].",
    ),
)


def _share(scene: Scene, phrase: Phrase) -> Instance:
    measure, items = scene.measure(adds=True), scene.some(3, 5)
    item = scene.chance.choice(items)
    unit = f" in {measure.unit}" if measure.unit else ""
    prompt = phrase(item=item, items=scene.told(items), value=measure.value, unit=unit, nouns=scene.subject.nouns)

    def solve(values: Any) -> float:
        return round(100 * values[item] / (sum(values.values()) or 1), 2)

    ends = [
        lambda names: [
            Step(f"share = {names.found}[{written(item)}] / sum({names.found}.values()) * 100", "print(round(share, 2))"),
        ],
        lambda names: [
            Step(f"total = sum({names.found}.values())", "print(total)"),
            Step("", f"print(round(100 * {names.found}[{written(item)}] / total, 2))"),
        ],
    ]
    return about(scene, prompt, items, measure, end=scene.chance.choice(ends), solve=solve, check="number")


SHARE = Pattern(
    "share",
    _share,
    fits=_has(adds=True),
    phrasings=(
        "What percentage of the total {value} of {items} is due to {item}? [Round to two decimals.|Two decimals, please.]",
        "[Add up|Sum] the {value} of {items}. [What share of it, in percent,|How many percent of it] does {item} make up, "
        "rounded to two decimals?",
        "[Work out|Compute|Tell me] which percentage of the {value} of {items} together comes from {item}[, to two decimals|, "
        "rounded to two decimals].",
        "The {nouns} {items} have a total {value}. How many percent of [it|that] [belong to|come from] {item}? [Two "
        "decimals.|Round to two decimals.]",
    ),
    unseen_phrasings=(
        "How large is the part of {item} in the {value} of {items} taken together, in percent [with|to] two decimals?",
        "{item} against {items} in all: its {value} as [a percentage|percent] of the sum, [two decimals|to two decimals].",
    ),
)

PATTERNS = (CART, DISCOUNT, BUDGET, CONVERT, SHARE)

"""What something costs by tools that want several arguments: a quote, and what comes off or on, by tools that are drawn for each task.

Invariant: prices follow from rates that only the tools know; the right answer is computed from the rates. Which argument is which has to
be read in the signature. It does not: have an errand, or a tool, of the suites.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.special.drawn.drawing import Drawn, Parameter, draw
from codeact.data.families.composition.special.drawn.errands import ERRANDS, Errand
from codeact.data.families.composition.special.tasks import done, family
from codeact.data.families.composition.toolmaking import written
from codeact.data.families.wordlists import PEOPLE
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call
from codeact.tools.function import FunctionTool

OFF = (
    (
        "customer",
        ("rebate_of", "discount_of", "customer_discount"),
        "The discount of a customer, in percent.",
        ("customer", "client", "name"),
    ),
    ("member", ("member_rebate", "less_for", "card_percent"), "How many percent less somebody pays.", ("member", "person", "who")),
)
ON = (
    ("county", ("sales_tax", "tax_in", "duty_of"), "The tax in a county, in percent.", ("county", "region", "area")),
    ("bank", ("bank_fee", "fee_percent", "card_charge"), "What a bank adds for paying by card, in percent.", ("bank", "bank_name", "by")),
)
_WHOLES: dict[str, tuple[str, str, Callable[[list[int]], int]]] = {
    "total": ("What do they cost together", "sum(prices)", sum),
    "difference": ("By how much do the prices differ", "abs(prices[0] - prices[1])", lambda prices: abs(prices[0] - prices[1])),
    "lowest": ("What does the cheapest cost", "min(prices)", min),
    "highest": ("What does the dearest cost", "max(prices)", max),
}
"""What is asked of several prices, code for it, and how it is computed."""
_AREAS = ("Northmoor", "Eastlake", "Westhill", "Southam", "Midvale", "Highcombe")


class Prices:
    """What the errands of a task cost: an amount, so much for each unit, and factors for each choice."""

    def __init__(self, chance: random.Random, errand: Errand) -> None:
        self.base = chance.randint(3, 60)
        self.parts: list[dict[Any, int] | int] = []
        for one in errand.wishes:
            if one.parameter.kind is int:
                self.parts.append(chance.randint(1, 9))
            else:
                self.parts.append({value: chance.randint(0, 90) for value in one.values})

    def of(self, *values: Any) -> int:
        """The price.

        Raises:
            ValueError: a choice that there is not, or a number below 0.
        """
        total = self.base
        for part, value in zip(self.parts, values, strict=True):
            if isinstance(part, dict):
                if value not in part:
                    raise ValueError(f"{value!r} is not offered; there are: {', '.join(map(str, part))}")
                total += part[value]
            elif value < 0:
                raise ValueError(f"{value} is less than nothing")
            else:
                total += part * value
        return total


@dataclass(frozen=True, slots=True)
class Change:
    """Percent that come off or on a price, by a tool.

    Args:
        told: in the question.
        who: what the tool is asked for.
        percent: that it gives.
        sign: -1 for off, 1 for on.
        tool: it.
    """

    told: str
    who: str
    percent: int
    sign: int
    tool: Drawn

    def after(self, price: float) -> float:
        """The price after it."""
        return price * (100 + self.sign * self.percent) / 100


def _change(chance: random.Random, taken: list[str]) -> Change:
    off = chance.random() < 0.5
    noun, names, doc, parameters = chance.choice(OFF if off else ON)
    pool = chance.sample(
        PEOPLE if off else _AREAS if noun == "county" else ("Alpha Bank", "Coin House", "Savings Union", "Silver Trust"), 3
    )
    rates = {one: chance.randint(2, 30) for one in pool}
    who = chance.choice(pool)

    def given(one: str) -> int:
        if one not in rates:
            raise LookupError(f"there is no {noun} {one!r}")
        return rates[one]

    told = {
        "customer": f"The customer {who} has a discount",
        "member": f"{who} is a member and pays less",
        "county": f"The tax in {who} comes on top",
        "bank": f"{who} adds its fee",
    }[noun]
    made = draw(chance, names, (Parameter(parameters, str, f"the name of a {noun}"),), given, returns=int, doc=doc, taken=taken)
    return Change(told, who, rates[who], -1 if off else 1, made)


def _wishes(chance: random.Random, errand: Errand, count: int) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    while len(found) < count:
        one = tuple(chance.choice(wish.values) for wish in errand.wishes)
        if one not in found:
            found.append(one)
    return found


def _said(errand: Errand, values: tuple[Any, ...]) -> str:
    return errand.told.format(*(wish.told(value) for wish, value in zip(errand.wishes, values, strict=True)))


def _quote(chance: random.Random, errand: Errand, prices: Prices, taken: Sequence[str] = ()) -> Drawn:
    """The tool that tells the price."""
    return draw(chance, errand.names, [one.parameter for one in errand.wishes], prices.of, returns=int, doc=errand.doc, taken=taken)


def _idle(chance: random.Random, errand: Errand, names: list[str], count: int) -> list[FunctionTool]:
    """Quotes for something else, of no use; `names` are those of other tools."""
    made: list[FunctionTool] = []
    for another in chance.sample([one for one in ERRANDS if one is not errand], count):
        made.append(_quote(chance, another, Prices(chance, another), [*names, *(one.name for one in made)]).tool)
    return made


def _slips(chance: random.Random, quote: Drawn, values: tuple[Any, ...]) -> tuple[Slip, ...]:
    """The arguments in another order, one of them under a name that there is not, or missing."""
    slips = [Slip("missing argument", f"print({quote.tool.name}({written(values[0])}))", (Call(quote.tool.name, values[:1]),))]
    slips.append(Slip("wrong argument", f"print({quote.tool.name}({', '.join(map(written, values))}, total=True))"))
    swapped = tuple(reversed(tuple(values[place] for place in quote.order)))
    if type(swapped[0]) is not type(swapped[-1]):
        slips.append(
            Slip("misread signature", f"print({quote.tool.name}({', '.join(map(written, swapped))}))", (Call(quote.tool.name, swapped),))
        )
    if quote.wrapping == "dict":
        bare = quote.code(chance, *map(written, values)).removesuffix(quote.taken)
        slips.append(Slip("wrong key", f'print({bare}["price"])') if quote.key != "price" else slips[0])
    return tuple(slips)


def _changes(chance: random.Random, quote: str) -> list[Change]:
    """What comes off first, and on then; each at most once. `quote` is the name of another tool."""
    changes: list[Change] = []
    for _ in range(chance.choice((0, 1, 1, 2))):
        one = _change(chance, [quote, *(each.tool.tool.name for each in changes)])
        if all(one.sign != each.sign for each in changes):
            changes.append(one)
    return sorted(changes, key=lambda one: one.sign)


def _quoted(chance: random.Random, phrase: Phrase) -> Instance:
    """One price, with what comes off or on."""
    errand = chance.choice(ERRANDS)
    prices = Prices(chance, errand)
    quote = _quote(chance, errand, prices)
    (values,) = _wishes(chance, errand, 1)
    changes = _changes(chance, quote.tool.name)
    answer: float = prices.of(*values)
    lines = [f"price = {quote.code(chance, *map(written, values))}"]
    for one in changes:
        answer = one.after(answer)
        label = "off" if one.sign < 0 else "on"
        lines.append(f"{label} = {one.tool.code(chance, written(one.who))}")
        lines.append(f"price = price * (100 {'-' if one.sign < 0 else '+'} {label}) / 100")
    apart = bool(changes) and chance.random() < 0.3
    actions = [f"{lines[0]}\nprint(price)", "\n".join([*lines[1:], "print(price)"])] if apart else ["\n".join([*lines, "print(price)"])]

    def calls() -> CallPolicy:
        shown = yield [quote.call(*values), *(one.tool.call(one.who) for one in changes)]
        price: float = quote.result(shown[0])
        for one, found in zip(changes, shown[1:], strict=True):
            price = price * (100 + one.sign * one.tool.result(found)) / 100
        return price

    idle = _idle(chance, errand, [quote.tool.name, *(one.tool.tool.name for one in changes)], chance.randint(0 if changes else 1, 2))
    told = "".join(f"{one.told}. " for one in changes)
    return done(
        phrase(thing=_said(errand, values), more=told),
        answer,
        actions,
        calls,
        tools=[quote.tool, *(one.tool.tool for one in changes), *idle],
        chance=chance,
        check="number",
        slips=_slips(chance, quote, values),
    )


def _compared(chance: random.Random, phrase: Phrase) -> Instance:
    """Several prices: what they are together, how they differ, which is the lowest, or what one and the other cost more."""
    errand = chance.choice(ERRANDS)
    prices = Prices(chance, errand)
    quote = _quote(chance, errand, prices)
    kind = chance.choice(tuple(_WHOLES))
    asked, whole, compute = _WHOLES[kind]
    wishes = _wishes(chance, errand, 2 if kind == "difference" else chance.randint(2, 4))
    answer = compute([prices.of(*one) for one in wishes])
    each = [quote.code(chance, *map(written, one)) for one in wishes]
    if chance.random() < 0.5:
        listed = ",\n".join(f"    {one}" for one in each)
        actions = [f"prices = [\n{listed},\n]\nprint({whole})"]
    else:
        letters = "abcd"[: len(each)]
        lines = [f"{letter} = {one}" for letter, one in zip(letters, each, strict=True)]
        end = {"total": " + ".join(letters), "difference": "abs(a - b)"}.get(kind, f"{whole[:3]}({', '.join(letters)})")
        actions = ["\n".join([*lines, f"print({end})"])]
        if chance.random() < 0.4:
            actions = ["\n".join([*lines, f"print({', '.join(letters)})"]), f"print({end})"]

    def calls() -> CallPolicy:
        shown = yield [quote.call(*one) for one in wishes]
        return compute([quote.result(one) for one in shown])

    things = "; ".join(f"({number}) {_said(errand, one)}" for number, one in enumerate(wishes, 1))
    idle = _idle(chance, errand, [quote.tool.name], chance.randint(1, 2))
    return done(
        phrase(things=things, asked=asked),
        answer,
        actions,
        calls,
        tools=[quote.tool, *idle],
        chance=chance,
        check="number",
        slips=_slips(chance, quote, wishes[0]),
    )


FAMILIES = (
    family(
        "drawn-price",
        _quoted,
        (
            "[What is the price of|How much is|What do I pay for] {thing}? {more}[Answer with the number.|The amount alone, please.|]",
            "[I am interested in|I think of|We plan] {thing}. {more}[What does it cost?|How much is that?|Name the price.]",
            "[Work out|Find out|Tell me] what {thing} [costs|comes to]. {more}[Use the tools.|Only the amount, please.|]",
            "[A customer asks about|It is about] {thing}. {more}[What is to be paid|What will it be] in all?",
        ),
        (
            "{more}[How much money|Which amount] is needed for {thing}?",
            "[Quote|Offer] wanted: {thing}. {more}[The sum?|Give the final sum.]",
            "[My bill is for|On my bill stands] {thing}. {more}[What sum will I find there?|How high is it?]",
        ),
    ),
    family(
        "drawn-prices",
        _compared,
        (
            "[There are these|We look at these|Here are some] offers: {things}. {asked}?[ Answer with the number.| The amount, please.|]",
            "{asked}: {things}?[ Use the tools.| Just the number.|]",
            "[I have to choose|I think of|The choice is]: {things}. {asked}?[ The number is enough.|]",
            "[Get the prices of|Ask for the prices of|Look up the prices of] these: {things}. {asked}?",
        ),
        (
            "Please compare: {things}. [Then tell me:|My question:] {asked}?",
            "{things}. [Of these:|About all that:] {asked}?[ In figures.|]",
        ),
    ),
)

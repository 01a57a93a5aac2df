"""Offers that a tool lists: the one that is wanted has to be found among them, and sometimes taken with another tool.

Invariant: what the tools are called, what an offer is made of and in which shape it comes is drawn for each task and told by the tools'
descriptions. It does not: have a kind of offers in common with the suites.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.special.drawn.drawing import Drawn, Parameter, draw
from codeact.data.families.composition.special.drawn.goods import KINDS, Field, Goods
from codeact.data.families.composition.special.tasks import done, family
from codeact.data.families.composition.toolmaking import written
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

Shape = Literal["dict", "tuple"]
_WHO = ("Ines Dahl", "Omar Reyes", "Paul Stone", "Mia Lindt", "Joan Abel")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Args:
        told: of the offer, for example "cheapest ferry that leaves after 10:00".
        condition: code of a condition on an offer that a variable holds, empty if there is none.
        place: of the field that decides.
        highest: whether the highest of it is wanted.
        passes: whether an offer meets the condition.
    """

    told: str
    condition: str
    place: int
    highest: bool
    passes: Callable[[tuple[Any, ...]], bool]


class Listing:
    """The offers of a task."""

    def __init__(self, chance: random.Random, goods: Goods) -> None:
        self.goods = goods
        self.shape: Shape = chance.choice(("dict", "dict", "tuple"))
        fields = list(goods.fields)
        chance.shuffle(fields)
        self.code = chance.choice(("code", "id", "ref", "number", goods.one))
        self.at = chance.randint(0, len(fields))
        names = [chance.choice(one.names) for one in fields]
        self.names = (*names[: self.at], self.code, *names[self.at :])
        self.fields: tuple[Field | None, ...] = (*fields[: self.at], None, *fields[self.at :])
        self.values = goods.where[1]
        self.offers = {where: [self._offer(chance) for _ in range(chance.randint(3, 6))] for where in self.values}

    def _offer(self, chance: random.Random) -> tuple[Any, ...]:
        code = f"{chance.choice('ABCDEFGHKLMNPRSTUVW')}{chance.randint(100, 999)}"
        return tuple(code if one is None else one.make(chance) for one in self.fields)

    def shown(self, offer: tuple[Any, ...]) -> Any:
        """An offer as the tool gives it."""
        return dict(zip(self.names, offer, strict=True)) if self.shape == "dict" else offer

    def part(self, place: int) -> str:
        """Code for a field of an offer."""
        return f"[{written(self.names[place])}]" if self.shape == "dict" else f"[{place}]"

    def told(self, chance: random.Random) -> str:
        """The description of the tool that lists them."""
        listed = ", ".join(self.names)
        kind = "dicts with" if self.shape == "dict" else "tuples:"
        return chance.choice((f"The {self.goods.many}: a list of {kind} {listed}.", f"Lists {self.goods.many} as {kind} {listed}."))


def _want(chance: random.Random, listing: Listing, offers: list[tuple[Any, ...]]) -> Wanted:
    fields = [(place, one) for place, one in enumerate(listing.fields) if one is not None]
    deciding = [(place, highest, told) for place, one in fields for highest in (False, True) if (told := one.extreme(highest))]
    place, highest, superlative = chance.choice(deciding)
    condition, told, passes = "", "", lambda offer: True
    bounds = [(at, over, words) for at, one in fields if at != place for over in (False, True) if (words := one.bound(over))]
    if bounds and chance.random() < 0.55:
        at, over, words = chance.choice(bounds)
        bound = chance.choice(sorted({offer[at] for offer in offers})[:-1] or [offers[0][at]])
        told = f" that {words.format(bound)}"
        condition = f"offer{listing.part(at)} {'>' if over else '<'} {written(bound)}"

        def passes(offer: tuple[Any, ...]) -> bool:
            return offer[at] > bound if over else offer[at] < bound

    return Wanted(f"{superlative} {listing.goods.one}{told}", condition, place, highest, passes)


def _best(wanted: Wanted, offers: list[tuple[Any, ...]]) -> tuple[Any, ...] | None:
    """The offer that is wanted; None if there is none, or more than one."""
    left = sorted((one for one in offers if wanted.passes(one)), key=lambda one: one[wanted.place], reverse=wanted.highest)
    if not left or (len(left) > 1 and left[0][wanted.place] == left[1][wanted.place]):
        return None
    return left[0]


def _code(chance: random.Random, listing: Listing, lister: Drawn, where: str, wanted: Wanted, *, ends: list[str]) -> list[str]:
    """The expert's actions: look at the offers first, or choose at once."""
    best = "max" if wanted.highest else "min"
    got = f"offers = {lister.code(chance, written(where))}"
    some = f"[offer for offer in offers if {wanted.condition}]" if wanted.condition else "offers"
    lines = [f"best = {best}({some}, key=lambda offer: offer{listing.part(wanted.place)})"]
    if wanted.condition and chance.random() < 0.5:
        lines = [f"offers = {some}", f"best = {best}(offers, key=lambda offer: offer{listing.part(wanted.place)})"]
    if chance.random() < 0.4:
        return [f"{got}\nprint(offers)", "\n".join([*lines, *ends])]
    return ["\n".join([got, *lines, *ends])]


def _taker(chance: random.Random, goods: Goods, codes: set[str], taken: str) -> tuple[Drawn, dict[str, str]]:
    confirmations = {code: f"{chance.choice('XYZQJ')}-{chance.randint(1000, 9999)}" for code in sorted(codes)}

    def take(code: str, who: str) -> str:
        if code not in confirmations:
            raise LookupError(f"there is no offer {code!r}")
        if not who:
            raise ValueError("a name is needed")
        return confirmations[code]

    parameters = (
        Parameter(("code", "offer", "offer_code", "which"), str, "of the offer"),
        Parameter(("name", "who", "for_whom", "customer"), str, "first and last name"),
    )
    made = draw(
        chance,
        goods.taking,
        parameters,
        take,
        returns=str,
        doc="Takes an offer by its code for somebody; returns the confirmation.",
        taken=[taken],
    )
    return made, confirmations


def _lister(chance: random.Random, listing: Listing) -> Drawn:
    def given(where: str) -> list[Any]:
        if where not in listing.offers:
            raise LookupError(f"nothing is known of {where!r}; there are: {', '.join(listing.values)}")
        return [listing.shown(offer) for offer in listing.offers[where]]

    returns = list[dict] if listing.shape == "dict" else list[tuple]
    parameters = (Parameter(listing.goods.where[0], str, f"for example {listing.values[0]}"),)
    return draw(chance, listing.goods.names, parameters, given, returns=returns, doc=listing.told(chance), wrapped=0.15)


def _slips(chance: random.Random, goods: Goods, lister: Drawn, where: str) -> tuple[Slip, ...]:
    wrong = f"{chance.choice(goods.where[0])}_name"
    whole = lister.code(chance, written(where)).removesuffix(lister.taken)
    kind, key = ("wrong key", "offers") if lister.wrapping == "dict" else ("misread result", goods.many)
    return (
        Slip("no argument", f"print({lister.tool.name}())", (Call(lister.tool.name),)),
        Slip("wrong argument", f"print({lister.tool.name}({wrong}={written(where)}))", (Call(lister.tool.name, (), {wrong: where}),)),
        Slip(kind, f"print({whole}[{written(key)}])"),
    )


def _offered(chance: random.Random, phrase: Phrase) -> Instance:
    goods = chance.choice(KINDS)
    listing = Listing(chance, goods)
    where = chance.choice(listing.values)
    offers = listing.offers[where]
    wanted = _want(chance, listing, offers)
    best = _best(wanted, offers)
    if best is None or len({one[listing.at] for one in offers}) < len(offers):
        return _offered(chance, phrase)
    lister = _lister(chance, listing)
    codes = {one[listing.at] for each in listing.offers.values() for one in each}
    taker, confirmations = _taker(chance, goods, codes, lister.tool.name)
    takes, who = chance.random() < 0.4, chance.choice(_WHO)
    field = listing.at if takes or chance.random() < 0.6 else chance.choice([one for one in range(len(listing.names)) if one != listing.at])
    taking = taker.code(chance, f"best{listing.part(listing.at)}", written(who))

    def calls() -> CallPolicy:
        (shown,) = yield [lister.call(where)]
        found = [tuple(one.values()) if isinstance(one, dict) else tuple(one) for one in lister.result(shown)]
        one = _best(wanted, found) or ()
        if not takes:
            return one[field]
        (confirmed,) = yield [taker.call(one[listing.at], who)]
        return taker.result(confirmed)

    asked = "code of it" if field == listing.at else listing.names[field].replace("_", " ")
    end = f" and {goods.taken} for {who}. Answer with the confirmation" if takes else f". Answer with the {asked}"
    value = confirmations[best[listing.at]] if takes else best[field]
    return done(
        phrase(told=f"find the {wanted.told}{end}", many=goods.many, where=where),
        value,
        _code(chance, listing, lister, where, wanted, ends=[f"print({taking})" if takes else f"print(best{listing.part(field)})"]),
        calls,
        tools=[lister.tool, taker.tool],
        chance=chance,
        check="number" if isinstance(value, int) else "exact",
        slips=_slips(chance, goods, lister, where),
    )


FAMILIES = (
    family(
        "drawn-offers",
        _offered,
        (
            "[Look at|Go through|Get] the {many} for {where}, and {told}.",
            "[Among|Of|Out of] the {many} for {where}, {told}[, please].",
            "[I am looking for|It is about|My question is about] {many}, {where}: {told}[. Use the tools|].",
            "[For {where}|Under {where}] there are some {many}: {told}[. Nothing else|].",
            "[Could|Would] you check the {many} listed for {where}? Then {told}.",
        ),
        (
            "{where} it is to be, and [it is {many} that I need|{many} are wanted]: {told}.",
            "[A friend|My boss|Our club] wants to know about the {many} of {where}; {told}.",
        ),
    ),
)

"""Small scenes with numbers in them: things in boxes, ways to choose, chances, and numbers to guess.

Invariant: as in `number_questions`. It does not: hold the plain forms that `counting` and `equations` have.
"""

import math
import random
from dataclasses import dataclass
from fractions import Fraction

from codeact.data.families.mathematics.number_questions.asking import Asked, Kind, Mistake, any_size
from codeact.data.families.words import words

_PACKS = words("eggs boxes|apples crates|bottles cases|pencils packs|tiles cartons|photos albums|cookies tins|marbles jars", "|")
_WHICH = "what was [it|the number]"


def left_over(chance: random.Random) -> Asked:
    """Things that go into packs of a size, or are shared; some are left over."""
    thing, holder = chance.choice(_PACKS).split()
    size = chance.randrange(3, 49)
    full = any_size(chance, 3, 90)
    rest = chance.randrange(1, size)
    eater = chance.choice(words("children friends pupils players cousins"))
    count = size * full + rest
    packed = f"[{count} {thing} go into {holder} of {size}|I have {count} {thing} and {holder} for {size} each]"
    shared = f"[{count} sweets are shared equally among {size} {eater}|{size} {eater} share {count} sweets equally]"
    kinds = (
        Kind(f"{packed} // how many {holder} can be filled completely", f"{count} // {size}", full),
        Kind(f"{packed} // how many {thing} are left [over|for the last one]", f"{count} % {size}", rest),
        Kind(f"{packed} // how many {holder} are needed [for all of them|in all]", f"math.ceil({count} / {size})", full + 1),
        Kind(f"{shared} // how many sweets go to each[ of them]", f"{count} // {size}", full),
        Kind(f"{shared} // how many sweets [remain|are left over]", f"{count} % {size}", rest),
    )
    return Asked(kinds, mistake=Mistake("forgotten import", "import math\n", ""))


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that happens by chance: in words, its probability in code, and the right one."""

    told: str
    code: str
    right: Fraction


def odds(chance: random.Random) -> Asked:
    """The probability of an event: as a fraction, in percent, as a decimal."""
    event = _event(chance)
    probability = f"[the probability|the chance] of {event.told}"
    right = event.right
    kinds = (
        Kind(f"{probability}, as a [reduced fraction|fraction in lowest terms]", "p", str(right)),
        Kind(f"{probability}, in percent to two decimals", "round(float(p) * 100, 2)", float(round(right * 100, 2))),
        Kind(f"{probability}, as a decimal to four places", "round(float(p), 4)", float(round(right, 4))),
    )
    import_line = "from fractions import Fraction\n"
    return Asked(kinds, given=f"{import_line}p = {event.code}", mistake=Mistake("missing import", import_line, ""))


def _event(chance: random.Random) -> _Event:
    tries = chance.choice((4, 6, 7))
    few = chance.randrange(2, 5)
    choices = chance.randrange(3, 7)
    most = chance.randrange(20, 120)
    card, cards = chance.choice((("an ace", 4), ("a heart", 13), ("a red card", 26), ("a king or a queen", 8), ("a picture card", 12)))
    tosses_with_few_heads = sum(f"{tosses:b}".count("1") == few for tosses in range(2**tries))
    multiples = len(range(few, most + 1, few))
    return chance.choice(
        (
            _Event(
                f"exactly {few} heads in {tries} [tosses|flips] of a fair coin",
                f"Fraction(math.comb({tries}, {few}), 2**{tries})",
                Fraction(tosses_with_few_heads, 2**tries),
            ),
            _Event(
                f"at least one six in {tries} rolls of a [fair die|die]",
                f"1 - Fraction(5, 6) ** {tries}",
                Fraction(6**tries - 5**tries, 6**tries),
            ),
            _Event(f"drawing {card} from a [full|shuffled] deck of 52 cards", f"Fraction({cards}, 52)", Fraction(cards, 52)),
            _Event(
                f"a random number from 1 to {most} being divisible by {few}",
                f"Fraction({most} // {few}, {most})",
                Fraction(multiples, most),
            ),
            _Event(
                f"guessing {few} quiz questions right, with {choices} choices each",
                f"Fraction(1, {choices}) ** {few}",
                Fraction(1, choices**few),
            ),
            _Event(f"{few} dice [showing|landing on] the same number", f"Fraction(6, 6**{few})", Fraction(1, 6 ** (few - 1))),
        )
    )


def number_of_ways(chance: random.Random) -> Asked:
    """How many choices, orders, codes or routes there are."""
    many = chance.randrange(5, 20)
    some = chance.randrange(3, 12)
    others = chance.randrange(2, 9)
    few = chance.randrange(2, 5)
    friends = chance.randrange(4, 9)
    are = "[are there|are possible|does that make]"
    how = "how many different"
    party = f"[At a party {many} people|{many} colleagues] all shake hands"
    club = f"[A club of {many}|A class of {many}|A board of {many}] elects a head, a deputy and a treasurer"
    clothes = f"[I own|She packs] {some} shirts, {others} skirts and {few} hats"
    kinds = (
        Kind(f"{party} // how many handshakes {are}", f"math.comb({many}, 2)", sum(range(many))),
        Kind(f"{many} teams play each other twice // how many games {are}", f"{many} * ({many} - 1)", 2 * sum(range(many))),
        Kind(f"{clothes} // {how} outfits {are}", f"{some} * {others} * {few}", sum([few * others] * some)),
        Kind(
            f"[A PIN|A lock code] has {few} digits, none twice // {how} codes {are}",
            f"math.perm(10, {few})",
            math.prod(range(11 - few, 11)),
        ),
        Kind(
            f"A number plate has {few} letters (A to Z) and {others} digits // {how} plates {are}",
            f"26**{few} * 10**{others}",
            int(f"{26**few}{'0' * others}"),
        ),
        Kind(
            f"{friends} friends sit around a round table (turning it changes nothing) // {how} orders {are}",
            f"math.factorial({friends} - 1)",
            math.perm(friends) // friends,
        ),
        Kind(f"{club} // {how} results {are}", f"math.perm({many}, 3)", many**3 - 3 * many**2 + 2 * many),
        Kind(
            f"A pizza has {few} different toppings out of {many} // {how} pizzas {are}",
            f"math.comb({many}, {few})",
            math.perm(many, few) // math.perm(few),
        ),
        Kind(f"A sundae may have any of {many} toppings, none or all too // {how} sundaes {are}", f"2**{many}", 1 << many),
        Kind(
            f"A robot goes {some} blocks east and {others} north, without detours // {how} routes {are}",
            f"math.comb({some} + {others}, {some})",
            math.perm(some + others, others) // math.perm(others),
        ),
    )
    return Asked(kinds)


def number_riddle(chance: random.Random) -> Asked:
    """A number, or two, to be found from what is told of them."""
    drawn = any_size(chance, 3, 200), any_size(chance, 2, 150)
    times = chance.randrange(2, 12)
    added = chance.randrange(2, 80)
    large = max(drawn) + 1
    small = min(drawn)
    percent = times * 5
    increased = small * (100 + percent)
    kinds = (
        *_one_number(large, small, times, added),
        *_two_numbers(large, small, times),
        Kind(
            f"Three whole numbers in a row add up to {3 * large} // what is the largest of them",
            f"{3 * large} // 3 + 1",
            large + 1,
        ),
        Kind(
            f"A number increased by {percent}% is {increased} // {_WHICH}",
            f"{increased} / (100 + {percent}) * 100",
            small * 100,
        ),
    )
    return Asked(kinds)


def _one_number(large: int, small: int, times: int, added: int) -> tuple[Kind, ...]:
    took = "[I|Somebody] took a number,"
    multiplied_first = large * times + added
    added_first = (large + added) * times
    left = large - small
    return (
        Kind(
            f"{took} multiplied it by {times} and added {added}, and got {multiplied_first} // {_WHICH}",
            f"({multiplied_first} - {added}) / {times}",
            large,
        ),
        Kind(
            f"{took} added {added} and multiplied by {times}, and got {added_first} // {_WHICH}",
            f"{added_first} / {times} - {added}",
            large,
        ),
        Kind(
            f"{took} divided it by {times} and subtracted {small}, and got {left} // {_WHICH}",
            f"({left} + {small}) * {times}",
            large * times,
        ),
    )


def _two_numbers(large: int, small: int, times: int) -> tuple[Kind, ...]:
    what_are_they = "what are they (a list, smaller first)"
    both = large + small
    difference = large - small
    together = small * times + small
    return (
        Kind(
            f"Two numbers add up to {both}, and their difference is {difference} // {what_are_they}",
            f"high = ({both} + {difference}) // 2\n[{both} - high, high]",
            [small, large],
        ),
        Kind(
            f"One number is {times} times another, and together they make {together} // {what_are_they}",
            f"low = {together} // ({times} + 1)\n[low, {times} * low]",
            [small, times * small],
        ),
    )

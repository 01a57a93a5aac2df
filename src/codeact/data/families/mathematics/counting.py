"""Counting and probability.

Invariant: right answers are counted one by one or made of factorials by hand, where the expert uses what the standard library has. It does
not: take cases so many that counting is slow.
"""

import itertools
import random
from fractions import Fraction

from codeact.data.families.wordlists import COLOURS, WORDS
from codeact.data.families.worked import worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _falling(n: int, k: int) -> int:
    product = 1
    for factor in range(n - k + 1, n + 1):
        product *= factor
    return product


def _written(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _choose(chance: random.Random, phrase: Phrase) -> Instance:
    n, k = chance.randrange(5, 30), chance.randrange(2, 6)
    k = min(k, n - 1)
    who = chance.choice(("players", "books", "guests", "cards", "songs", "flags"))
    m = min(n, 12)
    kinds = (
        (
            f"{k} of {n} {who} be chosen, if the order does not matter",
            f"choosing {k} of {n} {who}, whatever the order",
            _falling(n, k) // _falling(k, k),
            f"math.comb({n}, {k})",
        ),
        (f"{k} of {n} {who} be put in a row", f"putting {k} of {n} {who} in a row", _falling(n, k), f"math.perm({n}, {k})"),
        (f"{m} {who} be put in a row", f"putting {m} {who} in a row", _falling(m, m), f"math.factorial({m})"),
        (
            f"a code of {k} signs be made of {n} signs, if each may be used again",
            f"making a code of {k} signs, each one of {n}",
            n**k,
            f"{n} ** {k}",
        ),
    )
    what, noun, right, code = chance.choice(kinds)
    given = f"import math\nways = {code}" if "math" in code else f"ways = {code}"
    slip = Slip("missing argument", f"import math\nprint(math.comb({n}))")
    return Instance(phrase(what=what, noun=noun), right, worked(chance, (given, "ways"), apart=0), check="number", slips=(slip,))


def _arrange(chance: random.Random, phrase: Phrase) -> Instance:
    word = chance.choice([word for word in WORDS if len(set(word)) < len(word)])
    right = _falling(len(word), len(word))
    for letter in set(word):
        right //= _falling(word.count(letter), word.count(letter))
    given = f'import math\nfrom collections import Counter\nword = "{word}"'
    code = f"{given}\nways = math.factorial(len(word))\nfor n in Counter(word).values():\n    ways //= math.factorial(n)"
    wrong = code.replace("Counter(word).values()", "Counter(word)")
    return Instance(
        phrase(word=word),
        right,
        worked(chance, (code, "ways"), apart=0),
        check="number",
        slips=(Slip("misread type", f"{wrong}\nprint(ways)"),),
    )


def _dice(chance: random.Random, phrase: Phrase) -> Instance:
    count, sides = chance.choice((2, 2, 3)), chance.choice((4, 6, 6, 6, 8, 10))
    goal = chance.randrange(count + 1, count * sides)
    how, test, sign = chance.choice(
        (("exactly", lambda n: n == goal, "=="), ("at least", lambda n: n >= goal, ">="), ("less than", lambda n: n < goal, "<"))
    )
    totals = [0] * (count * sides + 1)
    totals[0] = 1
    for _ in range(count):
        totals = [sum(totals[max(0, n - sides) : n]) for n in range(len(totals))]
    right = Fraction(sum(ways for n, ways in enumerate(totals) if test(n)), sides**count)
    code = (
        f"import itertools\nfrom fractions import Fraction\nrolls = list(itertools.product(range(1, {sides} + 1), repeat={count}))\n"
        f"good = [roll for roll in rolls if sum(roll) {sign} {goal}]"
    )
    wrong = code.replace(f"repeat={count}", str(count)) + "\nprint(Fraction(len(good), len(rolls)))"
    return Instance(
        phrase(count={2: "two", 3: "three"}[count], Count={2: "Two", 3: "Three"}[count], sides=sides, how=how, goal=goal),
        _written(right),
        worked(chance, (code, "len(good), len(rolls)"), ("", "Fraction(len(good), len(rolls))"), apart=0.2),
        slips=(Slip("misread signature", wrong),),
    )


def _draw(chance: random.Random, phrase: Phrase) -> Instance:
    first, second = chance.sample(COLOURS, 2)
    a, b, drawn = chance.randrange(2, 12), chance.randrange(2, 12), chance.choice((2, 2, 3))
    drawn = min(drawn, a)
    back = chance.random() < 0.4
    balls = [True] * a + [False] * b
    if back:
        right = Fraction(a, a + b) ** drawn
        code = f"p = Fraction({a}, {a + b}) ** {drawn}"
    else:
        hands = list(itertools.combinations(balls, drawn))
        right = Fraction(sum(all(hand) for hand in hands), len(hands))
        code = f"p = Fraction(math.comb({a}, {drawn}), math.comb({a} + {b}, {drawn}))"
    start = "from fractions import Fraction" if back else "import math\nfrom fractions import Fraction"
    return Instance(
        phrase(
            a=a,
            b=b,
            first=first,
            second=second,
            drawn={2: "two", 3: "three"}[drawn],
            Drawn={2: "Two", 3: "Three"}[drawn],
            how="with putting back" if back else "without putting back",
        ),
        _written(right),
        worked(chance, (f"{start}\n{code}", "p"), apart=0),
        slips=(Slip("wrong type", f"from fractions import Fraction\nprint(Fraction({a} / {a + b}, {drawn}))"),),
    )


def _subsets(chance: random.Random, phrase: Phrase) -> Instance:
    values = chance.sample(range(1, 40), chance.randrange(5, 10))
    goal, size = chance.randrange(20, 80), chance.choice((2, 3))
    right = sum(1 for chosen in itertools.combinations(values, size) if sum(chosen) > goal)
    code = f"import itertools\nvalues = {values}\nfound = [c for c in itertools.combinations(values, {size}) if sum(c) > {goal}]"
    return Instance(
        phrase(size={2: "pairs", 3: "triples"}[size], goal=goal, list=", ".join(map(str, values))),
        right,
        worked(chance, (code, "len(found)"), apart=0),
        check="number",
        slips=(Slip("missing argument", f"import itertools\nprint(len(list(itertools.combinations({values}))))"),),
    )


FAMILIES = (
    Family(
        "mathematics/choosing",
        "mathematics",
        _choose,
        phrasings=(
            "[Please compute|Please find] how many ways there are for {noun}.",
            "In how many [different ways|ways] can {what}?",
            "[A question on counting|A puzzle|Homework|From a quiz|For a game]: in how many ways can {what}?",
            "[Do you know|Can you work out|Could you tell me|Can you compute] in how many ways this can happen: {noun}?",
            "[Find|Work out|Compute|Calculate|Tell me|Count] the number of ways for {noun}.",
            "How many ways are there for {noun}?",
        ),
        unseen_phrasings=(
            "[State|Report|Determine] how many possibilities there are for {noun}.",
            "Counting possibilities: [what number|how many] for {noun}?",
        ),
    ),
    Family(
        "mathematics/arrangements",
        "mathematics",
        _arrange,
        phrasings=(
            "[Letter tiles|Tiles|Blocks] spell '{word}'. How many different strings can be laid with all of them?",
            "In how many [different ways|ways] can the letters of '{word}' be arranged?",
            "[How many|What number of] different words, with or without meaning, [can be made of|arise from] all letters of '{word}'?",
            "[Count|Find|Work out|Compute] the distinct arrangements of the letters in '{word}'.",
            "[Give|Tell] me the number of [different orders|distinct orders] of the letters in '{word}'; equal letters cannot "
            "be told apart.",
            "The letters of '{word}' are shuffled. [How many|What number of] different results [are there|are possible]?",
        ),
        unseen_phrasings=(
            "'{word}' has how many [anagrams|rearrangements], itself included, sense or no sense?",
            "[State|Report] how many distinct strings use exactly the letters of '{word}'.",
            "Permutations of '{word}', counting equal strings once: how many?",
        ),
        weight=0.7,
    ),
    Family(
        "mathematics/dice",
        "mathematics",
        _dice,
        phrasings=(
            "{Count} dice with the faces 1 to {sides}: find the [probability|chance] of {how} {goal} in total, as a fraction "
            "in [lowest terms|simplest form].",
            "What is the probability that {count} dice with {sides} sides each show a total of {how} {goal}? [Give|Write] a "
            "fraction in lowest terms.",
            "[Roll|Throw|Toss] {count} fair dice of {sides} sides. What is the chance of a total of {how} {goal}, as a reduced fraction?",
            "[Find|Work out|Compute|Calculate] the probability of a total of {how} {goal} with {count} dice that have {sides} "
            "sides, as a fraction in lowest terms.",
            "[In a game|In a bet|At the table] {count} dice ({sides} sides each) are thrown. How likely is a total of {how} "
            "{goal}? Answer with a reduced fraction.",
            "I throw {count} dice with {sides} sides. [Tell me|Give me] the probability that they add up to {how} {goal}, as "
            "a simplified fraction.",
            "[As a fraction in lowest terms|As a simplified fraction], what is the probability of {how} {goal} in all with "
            "{Count} dice of {sides} sides?",
        ),
        unseen_phrasings=(
            "{Count} dice, {sides} faces each: [state|report] the odds of a sum of {how} {goal} as a reduced fraction.",
            "How probable is a sum of {how} {goal}, rolling {count} dice with {sides} faces? [A reduced|One simplified] fraction please.",
            "Sum of {how} {goal} on {count} fair dice, each with {sides} faces: probability as a fraction in lowest terms?",
        ),
    ),
    Family(
        "mathematics/drawing",
        "mathematics",
        _draw,
        phrasings=(
            "{a} {first} and {b} {second} [socks|stones|pens] are in a sack. Someone takes {drawn} {how}. Give the "
            "probability of all {first} as a reduced fraction.",
            "What is the chance, as a [reduced|simplified] fraction, to get only {first} in {drawn} draws {how} from {a} "
            "{first} and {b} {second} balls?",
            "A bag holds {a} {first} and {b} {second} marbles. {Drawn} are drawn {how}. What is the probability that all are "
            "{first}? [Give|Write] a reduced fraction.",
            "From {a} {first} and {b} {second} [balls|beads|marbles], {drawn} are taken {how}. How likely is it that all are "
            "{first}, as a fraction in lowest terms?",
            "[Find|Work out|Compute|Calculate] the probability, as a reduced fraction, of only {first} ones when {drawn} of "
            "{a} {first} and {b} {second} balls are drawn {how}.",
            "In a [box|drawer|hat] are {a} {first} and {b} {second} tickets. I draw {drawn} {how}. What is the chance of "
            "{first} only, as a simplified fraction?",
            "[Tell|Give] me as a reduced fraction how likely {drawn} draws {how} are all {first}, with {a} {first} and {b} "
            "{second} cards in the pack.",
            "{Drawn} draws {how} from {a} {first} and {b} {second} chips: what is the probability, in lowest terms, that "
            "[every one|each one] is {first}?",
        ),
        unseen_phrasings=(
            "An urn has {a} {first} and {b} {second} balls; someone draws {drawn} {how}. [State|Report] the reduced fraction "
            "for all being {first}.",
            "Odds of nothing but {first} in {drawn} draws {how}, if there are {a} {first} and {b} {second} ones? [A "
            "fraction|One fraction], reduced.",
            "All {first}, {drawn} times, {how}: urn of {a} {first} and {b} {second}. Probability in lowest terms?",
        ),
    ),
    Family(
        "mathematics/subset-sums",
        "mathematics",
        _subsets,
        phrasings=(
            "How many {size} of [the numbers|these numbers] {list} have a sum above {goal}?",
            "[Count|Find|Work out] the {size} from {list} whose sum is [greater than|more than|over] {goal}.",
            "[Here are|Take|Consider] the numbers {list}. How many {size} of them add up to more than {goal}?",
            "[Tell|Give] me how many {size} in {list} sum to more than {goal}; the order does not matter.",
            "From {list}, [how many|what number of] different {size} can be picked with a sum over {goal}?",
            "[On cards are|On tiles are|On a wheel are] {list}. How many {size} of them exceed {goal} in total?",
        ),
        unseen_phrasings=(
            "{list}: [state|report] how many {size} total more than {goal}.",
            "[Among|Out of] {list}, what count of {size} passes {goal} when added?",
            "Number of {size} in {list} with sum above {goal}?",
        ),
        held_out=True,
    ),
)

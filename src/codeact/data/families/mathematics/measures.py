"""Speed, distance and time; units; shares and mixtures.

Invariant: right answers are made with exact fractions; units are those of the international yard and pound (1959). It does not: use units
that differ between countries.
"""

import random
from fractions import Fraction

from codeact.data.families.wordlists import CITIES, PEOPLE
from codeact.data.families.worked import THREE_DECIMALS, TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _rounded(value: Fraction) -> float:
    return float(round(value, 2))


_FASTEST = {"cyclist": 35, "bus": 90, "ferry": 45, "truck": 80, "runner": 18, "drone": 70, "sailboat": 20, "tram": 50, "horse": 40}


def _motion(chance: random.Random, phrase: Phrase) -> Instance:
    who, fastest = chance.choice(list(_FASTEST.items()))
    speed = Fraction(chance.randrange(12, 2 * fastest), 2)
    minutes = chance.randrange(10, 600)
    distance = speed * minutes / 60
    hours, rest = divmod(minutes, 60)
    kind = chance.randrange(3)
    if kind == 0:
        km = round(float(distance), 1)
        story = f"A {who} covers {km} km in {hours} hours and {rest} minutes."
        question, right = "What is its average speed in km/h?", Fraction(str(km)) / Fraction(minutes, 60)
        steps = ((f"hours = {hours} + {rest} / 60", "hours"), (f"speed = {km} / hours", "round(speed, 2)"))
    elif kind == 1:
        story = f"A {who} moves at {float(speed):g} km/h for {minutes} minutes."
        question, right = "How many kilometres does it cover?", distance
        steps = ((f"hours = {minutes} / 60", "hours"), (f"distance = {float(speed):g} * hours", "round(distance, 2)"))
    else:
        km = chance.randrange(5, 700)
        story = f"A {who} has to cover {km} km at {float(speed):g} km/h."
        question, right = "How many minutes does that take?", Fraction(km) / speed * 60
        steps = ((f"hours = {km} / {float(speed):g}", "hours"), ("minutes = hours * 60", "round(minutes, 2)"))
    return Instance(
        phrase(story=story, question=question), _rounded(right), worked(chance, *steps, apart=0.15), check="number", tolerance=TWO_DECIMALS
    )


def _meeting(chance: random.Random, phrase: Phrase) -> Instance:
    fast, slow, gap = chance.randrange(60, 130), chance.randrange(20, 59), chance.randrange(20, 900)
    first, second = chance.sample(CITIES, 2)
    towards = chance.random() < 0.5
    closing = fast + slow if towards else fast - slow
    how = "towards each other" if towards else "in the same direction, the slower one ahead"
    asked, right, shown = chance.choice(
        (
            ("After how many minutes do they meet?", Fraction(gap * 60, closing), "hours * 60"),
            ("How many km has the faster one gone when they meet?", Fraction(gap * fast, closing), f"hours * {fast}"),
        )
    )
    steps = ((f"hours = {gap} / ({fast} {'+' if towards else '-'} {slow})", "hours"), ("", f"round({shown}, 2)"))
    return Instance(
        phrase(first=first, second=second, gap=gap, fast=fast, slow=slow, how=how, asked=asked),
        _rounded(right),
        worked(chance, *steps, apart=0.15),
        check="number",
        tolerance=TWO_DECIMALS,
    )


_UNITS: tuple[tuple[str, str, str], ...] = (
    ("miles", "kilometres", "1.609344"),
    ("inches", "centimetres", "2.54"),
    ("feet", "metres", "0.3048"),
    ("yards", "metres", "0.9144"),
    ("pounds", "kilograms", "0.45359237"),
    ("ounces", "grams", "28.349523125"),
    ("knots", "km/h", "1.852"),
    ("acres", "square metres", "4046.8564224"),
    ("hectares", "square kilometres", "0.01"),
    ("kilometres per hour", "metres per second", "5/18"),
    ("hours", "days", "1/24"),
    ("litres", "cubic metres", "0.001"),
)


def _units(chance: random.Random, phrase: Phrase) -> Instance:
    if chance.random() < 0.3:
        return _temperature(chance, phrase)
    small, large, factor = chance.choice(_UNITS)
    amount = chance.choice((str(chance.randrange(2, 900)), f"{chance.randrange(10, 900) / 10:.1f}"))
    back = chance.random() < 0.4
    told = f" (1 {small.rstrip('s') if small not in ('feet', 'inches') else {'feet': 'foot', 'inches': 'inch'}[small]} is {factor} {large})"
    told = told if "per hour" not in small and "1/" not in factor and chance.random() < 0.5 else ""
    exact = Fraction(amount) / Fraction(factor) if back else Fraction(amount) * Fraction(factor)
    code = (
        f"result = {amount} {'/' if back else '*'} {factor}".replace("/ 5/18", "/ 5 * 18")
        .replace("/ 1/24", "* 24")
        .replace("* 1/24", "/ 24")
        .replace("* 5/18", "* 5 / 18")
    )
    first, second = (large, small) if back else (small, large)
    return Instance(
        phrase(amount=amount, first=first, second=second, told=told),
        float(round(exact, 3)),
        worked(chance, (code, "round(result, 3)"), apart=0),
        check="number",
        tolerance=THREE_DECIMALS,
        slips=(Slip("wrong type", f'print("{amount}" * {factor.split("/")[0]}.0)'),),
    )


def _temperature(chance: random.Random, phrase: Phrase) -> Instance:
    amount = chance.randrange(-60, 400)
    kinds = (
        ("degrees Celsius", "degrees Fahrenheit", Fraction(amount) * Fraction(9, 5) + 32, f"{amount} * 9 / 5 + 32"),
        ("degrees Fahrenheit", "degrees Celsius", Fraction(amount - 32) * Fraction(5, 9), f"({amount} - 32) * 5 / 9"),
        ("degrees Celsius", "kelvins", amount + Fraction("273.15"), f"{amount} + 273.15"),
        ("kelvins", "degrees Celsius", abs(amount) - Fraction("273.15"), f"{abs(amount)} - 273.15"),
    )
    first, second, exact, code = chance.choice(kinds)
    shown = abs(amount) if first == "kelvins" else amount
    return Instance(
        phrase(amount=shown, first=first, second=second, told=""),
        float(round(exact, 3)),
        worked(chance, (f"result = {code}", "round(result, 3)"), apart=0),
        check="number",
        tolerance=THREE_DECIMALS,
    )


def _ratio(chance: random.Random, phrase: Phrase) -> Instance:
    parts = [chance.randrange(1, 10) for _ in range(chance.choice((2, 3, 3)))]
    total = sum(parts) * chance.randrange(4, 200)
    names = chance.sample(PEOPLE, len(parts))
    place = chance.randrange(len(parts))
    whole = chance.random() < 0.4
    asked = "Give all shares as a list, in that order." if whole else f"How much does {names[place]} get?"
    shares = [int(Fraction(total, sum(parts)) * part) for part in parts]
    code = f"parts = {parts}\nunit = {total} / sum(parts)"
    return Instance(
        phrase(total=total, ratio=":".join(map(str, parts)), names=f"{', '.join(names[:-1])} and {names[-1]}", asked=asked),
        [*shares] if whole else shares[place],
        worked(chance, (code, "unit"), ("", "[part * unit for part in parts]" if whole else f"parts[{place}] * unit"), apart=0.2),
        check="list" if whole else "number",
        slips=(Slip("wrong type", f'parts = "{":".join(map(str, parts))}"\nprint({total} / sum(parts))'),),
    )


def _mixture(chance: random.Random, phrase: Phrase) -> Instance:
    one, two = chance.randrange(1, 60), chance.randrange(1, 60)
    first, second = chance.sample(range(2, 90), 2)
    what = chance.choice(("salt", "acid", "sugar", "juice", "alcohol"))
    right = Fraction(one * first + two * second, one + two)
    code = f"amount = {one} * {first} / 100 + {two} * {second} / 100"
    return Instance(
        phrase(one=one, two=two, first=f"{first}%", second=f"{second}%", what=what),
        _rounded(right),
        worked(chance, (code, "amount"), (f"percent = amount / ({one} + {two}) * 100", "round(percent, 2)"), apart=0.2),
        check="number",
        tolerance=TWO_DECIMALS,
    )


def _work(chance: random.Random, phrase: Phrase) -> Instance:
    times = [chance.randrange(2, 40) for _ in range(chance.choice((2, 2, 3)))]
    names = chance.sample(PEOPLE, len(times))
    right = 1 / sum((Fraction(1, time) for time in times), Fraction(0))
    needs = [f"{name} needs {time} hours" for name, time in zip(names, times, strict=True)]
    code = f"times = {times}\nrate = sum(1 / t for t in times)"
    return Instance(
        phrase(needs=f"{', '.join(needs[:-1])} and {needs[-1]}", job=chance.choice(("fence", "wall", "roof", "boat"))),
        _rounded(right),
        worked(chance, (code, "rate"), ("", "round(1 / rate, 2)"), apart=0.2),
        check="number",
        tolerance=TWO_DECIMALS,
    )


def _ages(chance: random.Random, phrase: Phrase) -> Instance:
    old, young = chance.sample(PEOPLE, 2)
    factor, then = chance.choice((2, 3, 4)), chance.randrange(6, 30)  # the age of the younger one when the older has `factor` times as much
    difference = (factor - 1) * then
    later = chance.randrange(1, then)
    now = then - later
    times = {2: "twice", 3: "three times", 4: "four times"}[factor]
    code = f"young = 0\nwhile young + {difference} + {later} != {factor} * (young + {later}):\n    young += 1"
    return Instance(
        phrase(old=old, young=young, difference=difference, later=f"{later} years" if later != 1 else "1 year", times=times),
        now,
        worked(chance, (code, "young"), apart=0),
        check="number",
    )


FAMILIES = (
    Family(
        "mathematics/speed",
        "mathematics",
        _motion,
        phrasings=(
            "{story} {question} [Round to two decimals.|Two decimals, please.|Give two decimals.]",
            "[Work this out|Solve this|Help me with this] (two decimals): {story} {question}",
            "[Question|Exercise|Homework]: {story} {question} Round to two decimals[, please].",
            "{question} [Here is what is known|It is given]: {story} [Two decimals.|Round to two decimals.]",
            "[I have|Here is] a question about motion. {story} {question} Round the answer to two decimals.",
            "[Suppose|Say]: {story} {question} (to two decimals)",
        ),
        unseen_phrasings=(
            "{story} Now, with two decimals: {question}",
            "[Physics|Travel|Sport], two decimals: {story} {question}",
            "[Facts|Data]: {story} {question} (two decimals)",
        ),
    ),
    Family(
        "mathematics/meeting-point",
        "mathematics",
        _meeting,
        phrasings=(
            "{gap} km apart, two [trucks|vans|cars] set off {how} at {fast} km/h and {slow} km/h. {asked} [Give|Use|Take] two decimals.",
            "Two cars are {gap} km apart, one near {first} and one near {second}. They drive {how}, at {fast} and {slow} "
            "km/h. {asked} [Two decimals.|Round to two decimals.]",
            "[At noon|At dawn|At once] two cars {gap} km apart start {how}; one does {fast} km/h and the other {slow} km/h. "
            "{asked} Round to two decimals.",
            "[One driver|One rider] goes {fast} km/h, [the other|another] {slow} km/h, {how}; {gap} km lie between them. "
            "{asked} (two decimals)",
            "{gap} km separate two cars that go {how}, with {fast} km/h and {slow} km/h. [Tell me|Work out|Find], to two decimals: {asked}",
            "[Around|Between] {first} and {second} two vans are {gap} km apart and move {how}, at {fast} km/h and {slow} "
            "km/h. {asked} Give two decimals.",
        ),
        unseen_phrasings=(
            "Distance {gap} km, speeds {fast} km/h and {slow} km/h, both moving {how}. {asked} [Two decimals please.|With two decimals.]",
            "[A pursuit|A rendezvous] near {first}: {gap} km in between, {fast} km/h and {slow} km/h, {how}. {asked} Two decimals.",
            "With {fast} and {slow} km/h two cars, {gap} km apart, head {how}. {asked} Use two decimals.",
        ),
        held_out=True,
    ),
    Family(
        "mathematics/units",
        "mathematics",
        _units,
        phrasings=(
            "[Convert|Change] {amount} {first} [to|into] {second}{told}[, to three decimals|, rounded to three decimals].",
            "[How many|What number of] {second} are {amount} {first}{told}? [Give|Use] three decimals.",
            "[Express|Write] {amount} {first} in {second}{told}, rounded to three decimals.",
            "What is {amount} {first} in {second}{told}? [Round to three decimals.|Three decimals, please.]",
            "[A label|A chart|A sign|A manual] says {amount} {first}. How much is it in {second}{told}, to three decimals?",
        ),
        unseen_phrasings=(
            "{amount} {first} [make|equal] how many {second}{told}? Three decimals.",
            "[Translate|Turn] {amount} {first} into {second}{told}; three decimals.",
            "In {second}{told}, {amount} {first} would be what (three decimals)?",
        ),
        weight=1.5,
    ),
    Family(
        "mathematics/ratio",
        "mathematics",
        _ratio,
        phrasings=(
            "[Please divide|Please split] {total} between {names}, with the parts {ratio}. {asked}",
            "{names} share {total} in the ratio {ratio}. {asked}",
            "[Divide|Split|Share] {total} among {names} in the ratio {ratio}. {asked}",
            "[A prize of|An inheritance of|A harvest of] {total} is [split|divided] between {names} as {ratio}. {asked}",
            "The parts of {names} are as {ratio}, and together they have {total}. {asked}",
            "[In the ratio|At a ratio of] {ratio}, {names} [receive|get] {total} in all. {asked}",
            "There are {total} [coins|points|sweets|shares] for {names}, given out as {ratio}. {asked}",
        ),
        unseen_phrasings=(
            "{ratio} is how {names} [cut|carve up] a sum of {total}. {asked}",
            "[Pot|Amount]: {total}. Ratio: {ratio}. People: {names}. {asked}",
            "A partnership of {names} pays {total} by the key {ratio}. {asked}",
        ),
    ),
    Family(
        "mathematics/mixture",
        "mathematics",
        _mixture,
        phrasings=(
            "[Blend|Put together] {one} cups with {first} {what} and {two} cups with {second}. How many percent {what} is in "
            "it, to two decimals?",
            "{one} litres of a liquid with {first} {what} are mixed with {two} litres with {second}. [What percentage|How "
            "many percent] of the mix is {what}, to two decimals?",
            "[Mix|Combine|Stir together] {one} kg at {first} {what} and {two} kg at {second} {what}. Find the percentage of "
            "{what} in the result, to two decimals.",
            "[A cook|A chemist|A farmer] pours {one} litres with {first} {what} and {two} litres with {second} together. What "
            "percent {what} is that, with two decimals?",
            "What is the share of {what} in percent when {one} parts of {first} and {two} parts of {second} are "
            "[mixed|blended|joined]? Round to two decimals.",
            "[Two barrels|Two jars] hold {one} and {two} litres, with {first} and {second} {what}. They are mixed. [How "
            "strong is the mix|How much is it] in percent, to two decimals?",
            "[Work out|Calculate|Find] the strength in percent, to two decimals, of {one} litres of {first} {what} with {two} "
            "litres of {second} {what}.",
        ),
        unseen_phrasings=(
            "{first} in {one} litres, {second} in {two} litres: after blending, [state|report] the percentage of {what}, two decimals.",
            "A blend has {one} litres of {first} and {two} litres of {second} {what}. [Its|The] concentration in percent, two decimals?",
            "Tank A: {one} litres, {first} {what}. Tank B: {two} litres, {second}. All in one tank: what percent? Two decimals.",
        ),
    ),
    Family(
        "mathematics/joint-work",
        "mathematics",
        _work,
        phrasings=(
            "[A job|A task|The work] is a {job}: {needs}. [Find|Tell me|Give me] the hours it takes all of them together, to two decimals.",
            "For a {job}, {needs}. How many hours do they need [together|side by side], to two decimals?",
            "To build a {job}, {needs}. [Working together|As a team], how long do they take in hours, to two decimals?",
            "[Alone|Each alone|Without help], {needs} for a {job}. How many hours is it together? Round to two decimals.",
            "[Work out|Find|Calculate] the hours, to two decimals, for a {job} built jointly, if {needs} alone.",
            "A {job} is to be [painted|mended|built]. {needs}. How many hours if all work at once? Two decimals.",
            "If {needs} for a {job}, [how many hours|what time in hours] do all of them need at the same time, rounded to two decimals?",
        ),
        unseen_phrasings=(
            "{needs} for one {job}. All join in: [state|report] the hours, two decimals.",
            "Joint effort on a {job}: {needs} when alone. [Hours needed|Total hours] with two decimals?",
            "They team up on a {job}. On their own, {needs}. When is it done, in hours with two decimals?",
        ),
    ),
    Family(
        "mathematics/ages",
        "mathematics",
        _ages,
        phrasings=(
            "[Guess|Find out|Compute|Calculate] how old {young} is now: {old} is {difference} years older, and in {later} {times} as old.",
            "{old} is {difference} years older than {young}. In {later}, {old} will be {times} as old as {young}. How old is {young} now?",
            "In {later} {old} will be {times} as old as {young}; the difference is {difference} years. [What is the age of "
            "{young}|How old is {young}] today?",
            "{young} is {difference} years younger than {old}, who will be {times} as old in {later}. [Find|Tell me|Work "
            "out|Give me] the age of {young} now.",
            "[A riddle|A puzzle|An old riddle]: {old} is {difference} years older than {young} and in {later} {times} as old. "
            "How old is {young} at present?",
            "Between {old} and {young} lie {difference} years. {old} will be {times} the age of {young} in {later}. [Which "
            "age|What age] has {young} now?",
            "[Ages|About ages]: {old} was born {difference} years before {young}. {later} from now {old} is {times} as old. "
            "[How old is|What is the age of] {young} today?",
        ),
        unseen_phrasings=(
            "{old} has {difference} years more than {young}, and {later} on will have {times} as many years. [State|Report] "
            "the present age of {young}.",
            "Wait {later}, and {old}, {difference} years ahead of {young}, is {times} as old. So {young} is [how old|what age] now?",
            "Present age of {young}? {old} is older by {difference} years, and {times} as old in {later}.",
        ),
        held_out=True,
    ),
)

"""Statistics of a few numbers in the question, and regular expressions over a text in it.

Invariant: right answers are made with exact fractions. It does not: use statistics that are defined in more than one way, unless the
question says which.
"""

import math
import random
import re
from collections.abc import Callable
from fractions import Fraction

from pydantic import JsonValue

from codeact.data.families.wordlists import PEOPLE, WORDS
from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _rounded(value: Fraction) -> float:
    return float(round(value, 2))


def _middle(values: list[int]) -> Fraction:
    ordered, half = sorted(values), len(values) // 2
    return Fraction(ordered[half]) if len(values) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def _mean(values: list[int]) -> Fraction:
    return Fraction(sum(values), len(values))


_AVERAGES: tuple[tuple[str, str, Callable[[list[int]], Fraction]], ...] = (
    ("mean", "statistics.mean(values)", _mean),
    ("average", "sum(values) / len(values)", _mean),
    ("median", "statistics.median(values)", _middle),
    ("median", "statistics.median(values)", _middle),
    ("range (largest minus smallest)", "max(values) - min(values)", lambda v: Fraction(sorted(v)[-1] - sorted(v)[0])),
)


def _average(chance: random.Random, phrase: Phrase) -> Instance:
    low, high = chance.choice(((1, 60), (10, 400), (-30, 40), (900, 2500)))
    values = [chance.randrange(low, high) for _ in range(chance.randrange(5, 11))]
    name, code, right = chance.choice(_AVERAGES)
    given = f"import statistics\nvalues = {values}" if "statistics" in code else f"values = {values}"
    wrong = f'import statistics\nprint(statistics.mean("{", ".join(map(str, values))}"))'
    return Instance(
        phrase(what=name, list=", ".join(map(str, values))),
        _rounded(right(values)),
        worked(chance, (given, "values"), ("", f"round({code}, 2)"), apart=0.1),
        check="number",
        tolerance=TWO_DECIMALS,
        slips=(Slip("wrong type", wrong),),
    )


def _spread(chance: random.Random, phrase: Phrase) -> Instance:
    values = [chance.randrange(1, 90) for _ in range(chance.randrange(5, 10))]
    sample, squared = chance.random() < 0.5, chance.random() < 0.3
    name = f"{'sample' if sample else 'population'} {'variance' if squared else 'standard deviation'}"
    function = {(True, True): "variance", (True, False): "stdev", (False, True): "pvariance", (False, False): "pstdev"}[sample, squared]
    mean = _mean(values)
    variance = sum(((n - mean) ** 2 for n in values), Fraction(0)) / (len(values) - sample)
    right = _rounded(variance) if squared else round(math.sqrt(variance), 2)
    given = f"import statistics\nvalues = {values}\nresult = statistics.{function}(values)"
    wrong = f"import statistics\nprint(statistics.std({values}))"
    return Instance(
        phrase(what=name, list=", ".join(map(str, values))),
        right,
        worked(chance, (given, "round(result, 2)"), apart=0),
        check="number",
        tolerance=TWO_DECIMALS,
        slips=(Slip("wrong name", wrong),),
    )


def _mode(chance: random.Random, phrase: Phrase) -> Instance:
    pool: list[JsonValue] = [*chance.sample(range(1, 40), 4)] if chance.random() < 0.6 else [*chance.sample(WORDS, 4)]
    counts = [chance.randrange(3, 5), *(chance.randrange(1, 3) for _ in pool[1:])]
    values = [value for value, count in zip(pool, counts, strict=True) for _ in range(count)]
    chance.shuffle(values)
    given = f"values = {values}".replace("'", '"')
    code = f"import statistics\n{given}\ntop = statistics.mode(values)"
    if chance.random() < 0.4:
        code = f"from collections import Counter\n{given}\ntop = Counter(values).most_common(1)[0][0]"
    return Instance(
        phrase(list=", ".join(map(str, values))),
        pool[0],
        worked(chance, (code, "top"), apart=0),
        slips=(Slip("no such method", f"{given}\nprint(values.mode())"),),
    )


def _above(chance: random.Random, phrase: Phrase) -> Instance:
    values = [chance.randrange(1, 100) for _ in range(chance.randrange(6, 12))]
    mean, limit = _mean(values), chance.randrange(30, 70)
    kinds: tuple[tuple[str, str, int], ...] = (
        ("greater than their mean", "[v for v in values if v > sum(values) / len(values)]", sum(1 for v in values if v > mean)),
        (f"at least {limit}", f"[v for v in values if v >= {limit}]", sum(1 for v in values if v >= limit)),
        (f"below {limit}", f"[v for v in values if v < {limit}]", sum(1 for v in values if v < limit)),
        ("larger than the one before them", "[b for a, b in zip(values, values[1:]) if b > a]", sum(map(int.__gt__, values[1:], values))),
    )
    what, code, right = chance.choice(kinds)
    return Instance(
        phrase(what=what, list=", ".join(map(str, values))),
        right,
        worked(chance, (f"values = {values}\nfound = {code}", "found"), ("", "len(found)"), apart=0.2),
        check="number",
    )


def _smoothed(chance: random.Random, phrase: Phrase) -> Instance:
    values, size = [chance.randrange(2, 60) for _ in range(chance.randrange(5, 9))], chance.choice((2, 3, 4))
    right: list[JsonValue] = [_rounded(Fraction(sum(values[n : n + size]), size)) for n in range(len(values) - size + 1)]
    loop = f"for i in range(len(values) - {size} + 1):"
    code = f"values = {values}\nmeans = []\n{loop}\n    means.append(round(sum(values[i:i + {size}]) / {size}, 2))"
    return Instance(
        phrase(size=size, list=", ".join(map(str, values))),
        right,
        worked(chance, (code, "means"), apart=0),
        check="list",
        tolerance=TWO_DECIMALS,
    )


def _pieces(chance: random.Random) -> tuple[str, str, str]:
    """What is looked for, its expression, and one of it."""
    name, word, other = chance.choice(PEOPLE).lower(), chance.choice(WORDS), chance.choice(WORDS)
    date = f"{chance.randrange(1990, 2040)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
    code = f"{chance.choice('ABKLX')}{chance.choice('MNPQR')}{chance.randrange(1000, 9999)}"
    one = (
        ("e-mail addresses", r"[\w.]+@[\w.]+\w", f"{name}.{word}@{other}.{chance.choice(('org', 'net', 'com'))}"),
        ("dates (YYYY-MM-DD)", r"\d{4}-\d{2}-\d{2}", date),
        ("times (HH:MM)", r"\d{2}:\d{2}", f"{chance.randrange(24):02d}:{chance.randrange(60):02d}"),
        ("hashtags", r"#\w+", f"#{word}"),
        ("codes of two capital letters and four digits", r"[A-Z]{2}\d{4}", code),
        ("numbers", r"\d+", str(chance.randrange(2, 900))),
    )
    return chance.choice(one)


def _extract(chance: random.Random, phrase: Phrase) -> Instance:
    what, pattern, first = _pieces(chance)
    found = [first]
    for _ in range(200):
        other, _, one = _pieces(chance)
        if other == what and len(found) < 3 and one not in found:
            found.append(one)
    found = found[: chance.randrange(1, 4)]
    joints = chance.sample(("please note", "and then", "as well as", "see also", "after that", "together with"), len(found))
    text = " ".join(f"{joint} {one}" for joint, one in zip(joints, found, strict=True)) + f" for {chance.choice(PEOPLE)}"
    in_numbers = what == "numbers"
    right: list[JsonValue] = [int(one) for one in found] if in_numbers else [*found]
    code = f"import re\ntext = {text!r}\nfound = re.findall(r{pattern!r}, text)".replace("'", '"').replace("\\\\", "\\")
    return Instance(
        phrase(what=what, text=text),
        right,
        worked(chance, (code, "list(map(int, found))" if in_numbers else "found"), apart=0),
        check="list",
        slips=(Slip("wrong order", f'import re\nprint(re.findall("{text}", r"{pattern}"))'),),
    )


def _matching(chance: random.Random, phrase: Phrase) -> Instance:
    letter, number = chance.choice("bcdfghlmnprst"), chance.randrange(1, 4)
    kinds = (
        (f"that start with '{letter}'", rf"{letter}\w*", lambda w: w[0] == letter),
        (f"that end with '{letter}'", rf"\w*{letter}", lambda w: w[-1] == letter),
        (f"that contain '{letter}'", rf"\w*{letter}\w*", lambda w: letter in w),
        (f"of exactly {number + 4} letters", rf"\w{{{number + 4}}}", lambda w: len(w) == number + 4),
        (f"with '{letter}' twice in a row", rf"\w*{letter}{letter}\w*", lambda w: letter * 2 in w),
    )
    what, pattern, test = chance.choice(kinds)
    words = chance.sample(WORDS, 6)
    words += [word for word in chance.sample(WORDS, len(WORDS)) if test(word) and word not in words][:2]
    chance.shuffle(words)
    right: list[JsonValue] = [word for word in words if test(word)]
    given = "words = [" + ", ".join(f'"{word}"' for word in words) + "]"
    code = f'import re\n{given}\nfound = [word for word in words if re.fullmatch(r"{pattern}", word)]'
    return Instance(phrase(what=what, list=", ".join(words)), right, worked(chance, (code, "found"), apart=0), check="list")


def _masked(chance: random.Random, phrase: Phrase) -> Instance:
    numbers = [str(chance.randrange(10, 10 ** chance.randrange(2, 6))) for _ in range(chance.choice((1, 2, 3)))]
    text = " ".join(f"{word} {number}" for word, number in zip(chance.sample(WORDS, len(numbers)), numbers, strict=True))
    sign = chance.choice(("X", "*", "?", "_"))
    each = chance.random() < 0.6
    right = re.sub("[0-9]" if each else "[0-9]+", lambda _: sign, text)
    what = f"every digit replaced by '{sign}'" if each else f"every whole number replaced by one '{sign}'"
    code = f'import re\ntext = "{text}"\nresult = re.sub(r"\\d{"" if each else "+"}", "{sign}", text)'
    wrong = f'import re\nprint(re.sub(r"\\d", "{text}"))'
    return Instance(
        phrase(what=what, text=text), right, worked(chance, (code, "result"), apart=0), slips=(Slip("misread signature", wrong),)
    )


FAMILIES = (
    Family(
        "everyday/average",
        "everyday",
        _average,
        phrasings=(
            "What is the {what} of [these|the] [numbers|values]: {list}? Round to two decimals.",
            "[Find|Work out|Compute|Calculate] the {what} of {list}, rounded to two decimals.",
            "[We measured|I noted|The results are] {list}. What is the {what}, to two decimals?",
            "[Take|Here are] the numbers {list}. [I need|Tell me|Give me] their {what}, to two decimals.",
            "[Daily sales|The temperatures|The scores] were {list}. [Tell me|Give me] the {what} with two decimals.",
        ),
        unseen_phrasings=(
            "{list}: [state|report] the {what}, two decimals.",
            "A list reads {list}. [How big|How large] is its {what}, with two decimals?",
            "Summarise {list} by the {what} (two decimals).",
        ),
        weight=1.5,
    ),
    Family(
        "everyday/deviation",
        "everyday",
        _spread,
        phrasings=(
            "What is the {what} of [these|the] [numbers|values]: {list}? Give two decimals.",
            "[Find|Work out|Compute|Calculate] the {what} of {list} to two decimals.",
            "[We measured|I noted|The results are] {list}. [Tell me|Give me] the {what}, rounded to two decimals.",
            "How large is the {what} of {list}, [with|to] two decimals?",
            "[Take|Use|Here are] the numbers {list}. [I need|I want] their {what} to two decimals.",
        ),
        unseen_phrasings=(
            "{list}: [state|report] the {what}, two decimals.",
            "How much do {list} vary? [Answer with|Give] the {what} (two decimals).",
            "The {what}, two decimals, for {list}?",
        ),
    ),
    Family(
        "everyday/most-common",
        "everyday",
        _mode,
        phrasings=(
            "What is the mode of [these values|this list|the following]: {list}?",
            "[Which value|Which item|Which entry] is the most frequent in this list: {list}?",
            "[Find|Give me|Tell me|Work out] the most common [value|item|entry] of {list}.",
            "[Votes|Answers|Entries] came in: {list}. Which one has the most?",
            "[Here are|We got|I collected] {list}. What occurs most?",
        ),
        unseen_phrasings=(
            "{list}: [name|state] the most repeated one.",
            "In the list {list}, what [shows up|turns up|appears] more than anything else?",
        ),
    ),
    Family(
        "everyday/count-values",
        "everyday",
        _above,
        phrasings=(
            "[Look at|Check] {list}. How many values are {what}?",
            "The list is {list}. [Count|Find the number of] those {what}.",
            "How many of [these numbers|the numbers|the values] {list} are {what}?",
            "[Count|Find|Tell me] how many of {list} are {what}.",
            "[Here are|Take|We measured] {list}. How many of them are {what}?",
            "[I want|I need|Give me] the count of values that are {what}, in {list}.",
            "Of the values {list}, [how many|what number of them] are {what}?",
            "[Scores|Counts|Weights]: {list}. How many are {what}?",
        ),
        unseen_phrasings=(
            "{list} - [report|state] how many are {what}.",
            "Go through {list} and [count|number] those {what}.",
            "What count do you get for values {what} among {list}?",
        ),
    ),
    Family(
        "everyday/moving-average",
        "everyday",
        _smoothed,
        phrasings=(
            "Compute the {size}-value moving average of {list} [as a list with two decimals|and answer with the list, two decimals each].",
            "[Find|Compute|Work out|Calculate] the moving averages over {size} values of {list}, as a list rounded to two decimals.",
            "[Smooth|Average] {list} with a window of {size}: [give|write] the list of means, each to two decimals.",
            "What are the means of each {size} neighbouring values in {list}? [Give|Write] a list, two decimals each.",
            "[Daily counts|Hourly readings|Weekly sales] are {list}. I need the moving average with window {size}, as a list "
            "to two decimals.",
            "For {list}, [list|show|give] the averages of every {size} consecutive numbers, to two decimals.",
            "[A curve|A series|My data] reads {list}. Give its moving averages of length {size} as a list (two decimals).",
        ),
        unseen_phrasings=(
            "Slide a window of {size} over {list} and [report|state] each mean, two decimals, as a list.",
            "Running means, {size} at a time, [for|of] {list}: a list with two decimals, please.",
            "[Return|Print] the list of {size}-point means along {list}, two decimals.",
        ),
        held_out=True,
    ),
    Family(
        "everyday/extract",
        "everyday",
        _extract,
        phrasings=(
            "[Use a regular expression|Use a pattern] to find the {what} in '{text}'. Answer with a list.",
            "[Find|Extract|Pull out|Get] all {what} in this text, as a list: '{text}'",
            "Which {what} are in '{text}'? [Answer with|Give|Write] a list.",
            "[Here is a note|I got this message|A log says]: '{text}'. [List|Give me a list of] the {what} in it.",
            "[I need|I want|Give me] the list of {what} from the text '{text}'.",
            "Text: '{text}'. [Extract|Collect|List] the {what}, in order, as a list.",
        ),
        unseen_phrasings=(
            "'{text}' - [gather|return] every one of the {what} there as a list.",
            "[Search|Scan] '{text}' for {what} and report them in a list.",
            "What list of {what} does '{text}' yield?",
        ),
        weight=1.3,
    ),
    Family(
        "everyday/matching-words",
        "everyday",
        _matching,
        phrasings=(
            "[Filter|Search] {list} for words {what}. The answer is a list.",
            "My [word list|vocabulary] is {list}. As a list, which are the words {what}?",
            "[Find|List|Give me|Show me] the words {what} in this list: {list}. Answer with a list.",
            "Which of {list} are words {what}? [Answer with|Give|Write] a list.",
            "From {list}, [pick|select|keep] only the words {what}, as a list.",
            "[Here are some words|My words are|A list of words]: {list}. [List|Select] those {what}, as a list.",
            "[I need|I want] a list of the words {what}, out of {list}.",
        ),
        unseen_phrasings=(
            "{list}: [filter|return] those {what}, as a list.",
            "[Drop|Remove] everything but the words {what} from {list}; report the list.",
            "Words {what} only, as a list, out of {list}?",
        ),
    ),
    Family(
        "everyday/mask-digits",
        "everyday",
        _masked,
        phrasings=(
            "[Write|Give me|Show me|Print] '{text}' with {what}.",
            "[Hide|Conceal] the numbers in '{text}': [write|give] it with {what}.",
            "How does '{text}' read with {what}[, exactly]?",
            "[For privacy|For a report|Before I publish it], I need '{text}' with {what}.",
            "[Take|Here is] the text '{text}'. [Give|Return|Show] it with {what}.",
            "[Please edit|Edit|Change] '{text}' so that it has {what}.",
        ),
        unseen_phrasings=(
            "'{text}', [but|only] with {what}: what is the text then?",
            "[Censor|Redact] '{text}' so that one sees it with {what}.",
            "Produce '{text}' with {what}.",
        ),
        weight=0.7,
    ),
)

"""Functions over lists of numbers and of words, put together from parts.

Invariant: each part has its words, its code and what it means, so that they cannot part. It does not: use what tiny models do not know.
"""

import random
from collections.abc import Callable
from typing import Any

from codeact.data.families.programming import wordings as say
from codeact.data.families.programming.writing import Spec, task
from codeact.data.families.words import words
from codeact.data.family import Family, Instance
from codeact.data.phrasing import Phrase

Part = tuple[str, str, Callable[[Any], Any]]
"""In words, in code over the item, and what it does."""


def _number_filters(chance: random.Random) -> Part:
    bound, step = chance.randint(-5, 20), chance.randint(2, 7)
    return chance.choice(
        (
            ("that are even", "n % 2 == 0", lambda n: not n & 1),
            ("that are odd", "n % 2 == 1", lambda n: bool(n & 1)),
            (f"greater than {bound}", f"n > {bound}", lambda n: n - bound > 0),
            (f"smaller than {bound}", f"{bound} > n", lambda n: bound - n > 0),
            (f"divisible by {step}", f"n % {step} == 0", lambda n: n == n // step * step),
            (f"not divisible by {step}", f"n % {step} != 0", lambda n: n != n // step * step),
            ("that are negative", "0 > n", lambda n: n + abs(n) == 0 and n != 0),
        )
    )


def _number_maps(chance: random.Random) -> Part:
    more, times = chance.randint(1, 12), chance.randint(2, 9)
    return chance.choice(
        (
            ("", "n", lambda n: n),
            ("the squares of ", "n * n", lambda n: n**2),
            ("the cubes of ", "n ** 3", lambda n: n * n * n),
            ("the absolute values of ", "abs(n)", lambda n: max(n, -n)),
            (f"{times} times each of ", f"n * {times}", lambda n: times * n),
            (f"{more} plus each of ", f"n + {more}", lambda n: more + n),
        )
    )


def _numbers(chance: random.Random, phrase: Phrase) -> Instance:
    which, test, keeps = _number_filters(chance)
    changed, new, change = _number_maps(chance)
    argument = chance.choice(("numbers", "values", "items", "data"))
    fold = chance.choice(("sum", "list", "count", "list"))
    group = f"{changed}the numbers {which}"
    if fold == "sum":
        does = f"takes a list of whole numbers and returns the sum of {group}"
        loop = ("total = 0", f"for n in {argument}:", f"    if {test}:", f"        total += {new}", "return total")
        short = (f"return sum({new} for n in {argument} if {test})",)
    elif fold == "list":
        does = f"takes a list of whole numbers and returns a list of {group}, in their order"
        loop = ("found = []", f"for n in {argument}:", f"    if {test}:", f"        found.append({new})", "return found")
        short = (f"return [{new} for n in {argument} if {test}]",)
    else:
        does = f"takes a list of whole numbers and counts the numbers {which}"
        loop = ("count = 0", f"for n in {argument}:", f"    if {test}:", "        count += 1", "return count")
        short = (f"return len([n for n in {argument} if {test}])",)

    def reference(given: list[int]) -> Any:
        kept = [change(n) for n in filter(keeps, given)]
        return {"sum": sum, "list": list, "count": len}[fold](kept)

    def inputs(chance: random.Random) -> tuple[Any, ...]:
        return ([chance.randint(-12, 30) for _ in range(chance.randint(4, 7))],)

    name = chance.choice(("pick", "collect", "solve", "compute", "work_out", "reduce_numbers", f"{fold}_of"))
    spec = Spec(name, (argument,), does, chance.choice((loop, short)), reference, inputs)
    return task(chance, phrase, spec)


_WORDS = words(
    "apple river stone cloud tiger window candle silver market basket rocket yellow garden pencil orange mirror button "
    "forest anchor velvet ladder copper saddle turnip magnet bottle island carpet needle pepper "
    "sun tea boat lamp kitchen thunder mountain sandwich"
)
"""Of three to eight letters: no bound on the length of a word keeps all of them, or none."""


def _word_filters(chance: random.Random) -> Part:
    letter, bound = chance.choice("aeiorst"), chance.randint(4, 6)
    start, end = chance.choice(_WORDS)[0], chance.choice(_WORDS)[-1]
    return chance.choice(
        (
            (f"longer than {bound} letters", f"len(word) > {bound}", lambda word: len(word) >= bound + 1),
            (f"that start with {start}", f'word.startswith("{start}")', lambda word: word[:1] == start),
            (f"that end with {end}", f'word.endswith("{end}")', lambda word: word[-1:] == end),
            (f"that contain {letter}", f'"{letter}" in word', lambda word: word.count(letter) > 0),
            (f"that do not contain {letter}", f'"{letter}" not in word', lambda word: word.count(letter) == 0),
        )
    )


def _word_maps(chance: random.Random) -> Part:
    return chance.choice(
        (
            ("", "word", lambda word: word),
            ("the lengths of ", "len(word)", len),
            ("the first letters of ", "word[0]", lambda word: word[:1]),
            ("the last letters of ", "word[-1]", lambda word: word[len(word) - 1]),
            ("the upper-case forms of ", "word.upper()", str.upper),
            ("the reversed forms of ", "word[::-1]", lambda word: "".join(reversed(word))),
        )
    )


def _words(chance: random.Random, phrase: Phrase) -> Instance:
    which, test, keeps = _word_filters(chance)
    changed, new, change = _word_maps(chance)
    text = chance.random() < 0.4
    argument = chance.choice(("text", "sentence", "line")) if text else chance.choice(("words", "items", "names"))
    source = f"{argument}.split()" if text else argument
    taken = "a text, splits it into words at spaces," if text else "a list of words"
    last = chance.choice(("", "", "sorted"))
    does = f"takes {taken} and returns a list of {changed}the words {which}, {'sorted' if last else 'in their order'}"
    loop = (
        "found = []",
        f"for word in {source}:",
        f"    if {test}:",
        f"        found.append({new})",
        f"return {'sorted(found)' if last else 'found'}",
    )
    listed = f"[{new} for word in {source} if {test}]"
    short = (f"return sorted({listed})" if last else f"return {listed}",)

    def reference(given: Any) -> Any:
        kept = list(map(change, filter(keeps, given.split(" ") if text else given)))
        return sorted(kept) if last else kept

    def inputs(chance: random.Random) -> tuple[Any, ...]:
        words = chance.sample(_WORDS, chance.randint(3, 6))
        return (" ".join(words),) if text else (words,)

    name = chance.choice(("pick_words", "select", "words_of", "solve", "choose", "filter_words"))
    spec = Spec(name, (argument,), does, chance.choice((loop, short)), reference, inputs)
    return task(chance, phrase, spec)


FAMILIES = (
    Family("programming/write-numbers", "programming", _numbers, say.WRITE, say.UNSEEN_WRITE),
    Family("programming/write-words", "programming", _words, say.WRITE, say.UNSEEN_WRITE),
)

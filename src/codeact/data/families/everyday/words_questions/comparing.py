"""Questions that test, pick and compare: yes or no, one of several words, a part of a text, two words beside each other.

Invariant: right answers are found letter by letter, by other code than the expert's; of several words one alone is right. It does not:
ask what a word means.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_lowercase as ALPHABET
from typing import Literal

from codeact.data.families.everyday.words_questions.asking import Kind, question
from codeact.data.families.everyday.words_questions.material import (
    ANAGRAMS,
    DOUBLES,
    LONG,
    ONE_BEGINNING,
    PALINDROMES,
    RHYMES,
    word,
    word_or_sentence,
)
from codeact.data.families.naming import quoted
from codeact.data.families.wordlists import WORDS
from codeact.data.families.words import ordinal
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class _Check:
    """A question to be answered with yes or no.

    Args:
        ask, claim: the question, and the statement; {a} and {b} are the words.
        test: an expression of a and b.
        right: whether it is so.
        about: which words it is asked of; the second is empty where there is one.
    """

    ask: str
    claim: str
    test: str
    right: Callable[[str, str], bool]
    about: Literal["one word", "two words", "a mirrored word", "shuffled words"]


_CHECKS = (
    _Check(
        "is {a} a palindrome",
        "{a} is a palindrome",
        "a == a[::-1]",
        lambda a, b: a == "".join(reversed(a)),
        "a mirrored word",
    ),
    _Check(
        "are {a} and {b} anagrams",
        "{a} and {b} are anagrams of each other",
        "sorted(a) == sorted(b)",
        lambda a, b: all(a.count(c) == b.count(c) for c in a + b),
        "shuffled words",
    ),
    _Check(
        "does {a} come before {b} in a dictionary",
        "{a} comes before {b} in the alphabet",
        "a < b",
        lambda a, b: [ALPHABET.index(c) for c in a] < [ALPHABET.index(c) for c in b],
        "two words",
    ),
    _Check(
        "is any letter repeated in {a}",
        "{a} has a repeated letter",
        "len(set(a)) < len(a)",
        lambda a, b: any(a.count(c) > 1 for c in a),
        "one word",
    ),
    _Check(
        "does {a} have more than two vowels",
        "{a} has more than two vowels",
        'sum(map(a.count, "aeiou")) > 2',
        lambda a, b: len([c for c in a if c in "aeiou"]) > 2,
        "one word",
    ),
    _Check(
        "is {a} longer than {b}",
        "{a} has more letters than {b}",
        "len(a) > len(b)",
        lambda a, b: len([*a]) > len([*b]),
        "two words",
    ),
)


@dataclass(frozen=True, slots=True)
class _Trait:
    """What one word of a list has, and no other.

    Args:
        has: in words.
        test: an expression of a word w.
        words: all that have it.
    """

    has: str
    test: str
    words: list[str]


def word_check(chance: random.Random, phrase: Phrase) -> Instance:
    """Whether something is so of a word or of two."""
    first, second = chance.sample((*WORDS, *DOUBLES, *LONG, *PALINDROMES), 2)
    one, anagram = chance.choice(ANAGRAMS)
    candidates = [anagram, anagram, *(w for w in WORDS if len(w) == len(one))]
    shuffled = chance.choice(candidates[: chance.choice((2, 9))])
    mirrored = chance.choice((first, chance.choice(PALINDROMES)))
    words = {
        "one word": (first, ""),
        "two words": (first, second),
        "a mirrored word": (mirrored, ""),
        "shuffled words": (one, shuffled),
    }
    check = chance.choice(_CHECKS)
    a, b = words[check.about]
    said = {"a": f"'{a}'", "b": f"'{b}'"}
    given = f'a = "{a}"' + (f'\nb = "{b}"' if b else "")
    kind = Kind(check.ask.format(**said), f'"yes" if {check.test} else "no"', "yes" if check.right(a, b) else "no")
    return question(chance, phrase, given, [kind], claim=check.claim.format(**said))


def which_word(chance: random.Random, phrase: Phrase) -> Instance:
    """The one word of a list that is unlike the others."""
    one, anagram = chance.choice(ANAGRAMS)
    rhyme, rhyming = chance.sample(chance.choice(RHYMES), 2)
    end = chance.choice(("er", "le", "on", "et", "ow", "y", "t"))
    every = [*WORDS, *DOUBLES, *PALINDROMES]
    trait = chance.choice(
        (
            _Trait(
                "has a double letter (the same letter twice in a row)",
                "any(x == y for x, y in zip(w, w[1:]))",
                [w for w in every if any(c * 2 in w for c in ALPHABET)],
            ),
            _Trait("is a palindrome", "w == w[::-1]", PALINDROMES),
            _Trait(f"is an anagram of '{one}'", f'sorted(w) == sorted("{one}")', [anagram]),
            _Trait(f"rhymes with '{rhyme}' (has the same last three letters)", f'w[-3:] == "{rhyme}"[-3:]', [rhyming]),
            _Trait("starts and ends with the same letter", "w[0] == w[-1]", [w for w in every if w[:1] == w[-1:]]),
            _Trait(f"ends with '{end}'", f'w.endswith("{end}")', [w for w in every if w.removesuffix(end) != w]),
            _Trait("has no letter twice", "len(set(w)) == len(w)", [w for w in every if max(map(w.count, w)) == 1]),
        )
    )
    right = chance.choice(trait.words)
    others = [w for w in every if w not in trait.words and w != one and w[-3:] != rhyme[-3:]]
    listed = [right, *chance.sample(others, chance.randrange(3, 6))]
    chance.shuffle(listed)
    shown = chance.choice((f"[w for w in words if {trait.test}][0]", f"next(w for w in words if {trait.test})"))
    return question(chance, phrase, f"words = {quoted(listed)}", [Kind(trait.has, shown, right)], list=", ".join(listed))


def part_of_word(chance: random.Random, phrase: Phrase) -> Instance:
    """A letter of a word or a word of a sentence by its place, a place, or the beginning or end."""
    text = word_or_sentence(chance)
    in_words = " " in text
    unit = "word" if in_words else "letter"
    units = text.split(" ") if in_words else [*text]
    number = chance.randrange(2, len(units))
    few = chance.randrange(2, 4)
    several = [each for each in units if units.count(each) > chance.randrange(2)]
    one = chance.choice(several or units)
    kinds = _units_by_place(units, unit, number, few)
    places = [place for place in range(1, len(units) + 1) if units[place - 1] == one]
    kinds.append(
        Kind(
            f"the [position|place] of {'the word' if in_words else 'the first'} '{one}' in {{it}}, counting from 1",
            f'text.index("{one}") + 1',
            places[0],
        )
    )
    if not in_words:
        kinds += _ends_of_word(text, few)
        kinds.append(
            Kind(
                f"the list of positions of '{one}' in {{it}}, from 1",
                f'[n for n, c in enumerate(text, 1) if c == "{one}"]',
                [*places],
            )
        )
    if len(units) % 2:
        middle = Kind(f"the [middle|central] {unit} of {{it}}", "text[len(text) // 2]", units[(len(units) - 1) // 2])
        kinds += [middle, middle]
    given = f"text = {quoted(text)}" + (".split()" if in_words else "")
    return question(chance, phrase, given, kinds, wrong="print(text[1, 2])", text=text)


def _units_by_place(units: list[str], unit: str, number: int, from_end: int) -> list[Kind]:
    """About the letters or words, whichever `unit` says, at a number from the beginning and at one from the end."""
    backwards = [*reversed(units)]
    return [
        Kind(
            f"the {ordinal(number)} {unit} of {{it}}",
            f"text[{number - 1}]",
            next(one for place, one in enumerate(units, 1) if place == number),
        ),
        Kind(f"the {ordinal(from_end)} {unit} from the end of {{it}}", f"text[-{from_end}]", backwards[from_end - 1]),
        Kind(f"the [second to last {unit}|last {unit} but one] of {{it}}", "text[-2]", backwards[1]),
    ]


def _ends_of_word(text: str, few: int) -> list[Kind]:
    beginning = "".join(text[place] for place in range(few))
    end = text.removeprefix(text[: len(text) - few])
    return [
        Kind(f"the [beginning|start] of {{it}} (first {few} letters)", f"text[:{few}]", beginning),
        Kind(f"the end of {{it}} (last {few} letters)", f"text[-{few}:]", end),
    ]


def two_words(chance: random.Random, phrase: Phrase) -> Instance:
    """What two words have in common, and where they differ."""
    a, b = chance.choice((chance.sample(chance.choice(ONE_BEGINNING), 2), chance.sample(WORDS, 2), [word(chance), ""]))
    misspelt = _misspelt(chance, a)
    b = b or misspelt
    differ = [n for n in range(1, len(a) + 1) if a[n - 1] != b[n - 1 : n]]
    both = [c for c in ALPHABET if c in a and c in b]
    only = [c for c in ALPHABET if c in a and c not in b]
    beginning = next(a[:n] for n in range(len(a), -1, -1) if b[:n] == a[:n])
    kinds = [
        Kind("the list of letters that occur in both {it}, in alphabetical order", "sorted(set(a) & set(b))", [*both]),
        Kind("the number of different letters that {it} [share|have in common]", "len(set(a) & set(b))", len(both)),
        Kind(f"the list of letters that '{a}' has but '{b}' has not, from a to z", "sorted(set(a) - set(b))", [*only]),
    ]
    if beginning and (len(a) != len(b) or chance.random() < 0.5):
        asked = "the longest [common beginning|common prefix] of {it}"
        kinds = [Kind(asked, "os.path.commonprefix([a, b])", beginning, before="import os")]
    elif len(a) == len(b):
        places = [
            Kind("the number of [places|positions] where {it} differ", "sum(x != y for x, y in zip(a, b))", len(differ)),
            Kind(
                "the list of positions (from 1) where {it} differ",
                "[n for n, (x, y) in enumerate(zip(a, b), 1) if x != y]",
                [*differ],
            ),
        ]
        kinds += places * 2
    return question(chance, phrase, f'a = "{a}"\nb = "{b}"', kinds, text=f"'{a}' and '{b}'")


def _misspelt(chance: random.Random, text: str) -> str:
    """With the last letter wrong, and perhaps others."""
    letters = [chance.choice("abdeghilmnoprstu") if chance.random() < 0.3 else c for c in text]
    return "".join([*letters[:-1], "s" if text[-1] != "s" else "t"])

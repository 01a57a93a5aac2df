"""Questions that count: letters, repeated ones, lengths of words, places in the alphabet.

Invariant: right answers are counted letter by letter, by other code than the expert's. It does not: count what spelling does not show.
"""

import itertools
import random
from string import ascii_lowercase as ALPHABET

from codeact.data.families.everyday.words_questions.asking import Kind, question
from codeact.data.families.everyday.words_questions.material import DOUBLES, LONG, sentence, word, word_or_sentence
from codeact.data.families.naming import quoted
from codeact.data.families.wordlists import PEOPLE, WORDS
from codeact.data.families.words import ordinal
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


def letter_counts(chance: random.Random, phrase: Phrase) -> Instance:
    """How often a letter, a pair of letters, or a sort of letters is in a text."""
    text = word_or_sentence(chance)
    low = text.lower()
    letters = [c for c in low if c in ALPHABET]
    vowels = [c for c in letters if c in "aeiou"]
    pair = chance.choice([a + b for a, b in itertools.pairwise(low) if a != b and " " not in a + b])
    pairs = [n for n in range(len(low)) if low[n : n + 2] == pair]
    letter = chance.choice((*letters, chance.choice(ALPHABET)))
    lower = "" if text == low else ".lower()"
    note = chance.choice((" (upper or lower case)", " (ignoring case)")) if lower else ""
    one_letter = Kind(
        f"[{letter}'s|{letter.upper()}'s|letters '{letter}']{note}",
        f'text{lower}.count("{letter}")',
        len([c for c in low if c == letter]),
    )
    kinds = [
        *(one_letter, one_letter, one_letter),
        Kind(f"occurrences of '{pair}'{note}", f'text{lower}.count("{pair}")', len(pairs)),
        Kind("[vowels|vowels (a, e, i, o, u)]", f'sum(1 for c in text{lower} if c in "aeiou")', len(vowels)),
        Kind("consonants", f'sum(1 for c in text{lower} if c.isalpha() and c not in "aeiou")', len(letters) - len(vowels)),
        Kind("different letters", f"len({{c for c in text{lower} if c.isalpha()}})", len(dict.fromkeys(letters))),
        Kind("letters", "sum(c.isalpha() for c in text)", len(letters)),
    ]
    if " " in text:
        of_a_sentence = [
            Kind("words", "len(text.split())", 1 + text.count(" ")),
            Kind("characters including spaces", "len(text)", len([*text])),
        ]
        kinds += of_a_sentence * 2
    return question(chance, phrase, f"text = {quoted(text)}", kinds, wrong='print(text.count(["a", "e"]))', text=text)


def word_lengths(chance: random.Random, phrase: Phrase) -> Instance:
    """How long the words of a sentence are."""
    text = sentence(chance)
    limit = chance.randrange(3, 6)
    words = text.split(" ")
    lengths = [len([*one]) for one in words]
    long = [one for one in words if one[limit:]]
    kinds = [
        Kind(
            "the [average|mean] word length in {it}, rounded to two decimals",
            "round(sum(map(len, words)) / len(words), 2)",
            (len(text) - text.count(" ")) / len(lengths),
        ),
        Kind(
            f"the number of words in {{it}} [with more than|longer than] {limit} letters",
            f"sum(1 for w in words if len(w) > {limit})",
            len(long),
        ),
        Kind(
            f"the list of words in {{it}} [with more than|longer than] {limit} letters",
            f"[w for w in words if len(w) > {limit}]",
            [*long],
        ),
        Kind("the list of word lengths in {it}", "[len(w) for w in words]", [*lengths]),
        Kind("the length of the longest word in {it}", "max(len(w) for w in words)", sorted(lengths)[-1]),
    ]
    return question(chance, phrase, f"words = {quoted(text)}.split()", kinds, wrong="print(len(words) / words)", text=text)


def repeated_letters(chance: random.Random, phrase: Phrase) -> Instance:
    """Which letters of a word come again, and which do not."""
    text = chance.choice([one for one in (*DOUBLES, *LONG, *WORDS) if _repeats_some_letters(one)])
    once = [c for c in text if len(text.split(c)) == 2]
    different = [c for c in ALPHABET if c in text]
    repeated = [c for c in different if c not in once]
    first_repeated = next(c for n, c in enumerate(text) if c in text[:n])
    in_order = "".join(c * text.count(c) for c in different)
    kinds = [
        Kind(
            "the first letter in {it} to [come|appear] a second time",
            "next(c for n, c in enumerate(text) if c in text[:n])",
            first_repeated,
        ),
        Kind("the first letter in {it} that occurs only once", "next(c for c in text if text.count(c) == 1)", once[0]),
        Kind("the list of repeated letters in {it}, from a to z", "sorted(c for c in set(text) if text.count(c) > 1)", [*repeated]),
        Kind("the list of [different|distinct] letters in {it}, in alphabetical order", "sorted(set(text))", [*different]),
        Kind("the number of letters that occur only once in {it}", "sum(1 for c in text if text.count(c) == 1)", len(once)),
        Kind("the string of all letters of {it} in alphabetical order", '"".join(sorted(text))', in_order),
    ]
    return question(chance, phrase, f"text = {quoted(text)}", kinds, wrong="print(text.sort())", text=text)


def _repeats_some_letters(text: str) -> bool:
    """Some, and not all."""
    return len({*text}) < len(text) and any(text.count(c) == 1 for c in text)


def letter_numbers(chance: random.Random, phrase: Phrase) -> Instance:
    """Places of letters in the alphabet, and values of words that come from them."""
    number = chance.randrange(1, 27)
    steps = chance.randrange(2, 9)
    place = chance.randrange(1, 27 - steps)
    text = chance.choice((word(chance), chance.choice(PEOPLE)))
    if chance.random() < 0.6:
        given = f'text = {quoted(text)}\nvalues = [ord(c) - ord("a") + 1 for c in text.lower()]'
        return question(chance, phrase, given, _values_of_letters(text), text=text)
    given = "import string\nabc = string.ascii_lowercase"
    return question(chance, phrase, given, _places_in_alphabet(number, place, steps), text=text)


def _places_in_alphabet(number: int, place: int, steps: int) -> list[Kind]:
    """About the letter of a number, and about two letters that are some steps apart, the first at `place`."""
    one = chr(96 + place)
    other = chr(96 + place + steps)
    return [
        Kind(f"the [position|number] of the letter '{one}' in the alphabet", f'abc.index("{one}") + 1', place),
        Kind(f"the {ordinal(number)} letter of the alphabet, in lower case", f"abc[{number - 1}]", chr(96 + number)),
        Kind(f"the letter {steps} [places|steps] after '{one}' in the alphabet", f'abc[abc.index("{one}") + {steps}]', other),
        Kind(f"the letter {steps} [places|steps] before '{other}' in the alphabet", f'abc[abc.index("{other}") - {steps}]', one),
        Kind(
            f"the number of letters between '{one}' and '{other}' in the alphabet",
            f'abc.index("{other}") - abc.index("{one}") - 1',
            steps - 1,
        ),
    ]


def _values_of_letters(text: str) -> list[Kind]:
    values = [next(n for n, c in enumerate(ALPHABET, 1) if c == letter) for letter in text.lower()]
    rule = "[if a is 1, b is 2 and so on up to 26|with a = 1, b = 2, ..., z = 26|where a counts 1, b counts 2 and z counts 26]"
    return [
        Kind(f"the [sum|total] of the letters in {{it}}, {rule}", "sum(values)", sum(values)),
        Kind(f"the list of letter values of {{it}}, {rule}", "values", [*values]),
        Kind(f"the highest letter value in {{it}}, {rule}", "max(values)", sorted(values)[-1]),
    ]

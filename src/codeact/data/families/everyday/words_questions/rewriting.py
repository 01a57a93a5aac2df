"""Questions that rewrite a text: backwards, with other letters, in other case, in secret writing.

Invariant: right answers are made letter by letter, by other code than the expert's. It does not: use letters beyond a to z.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_lowercase as ALPHABET

from codeact.data.families.everyday.words_questions.asking import Kind, question
from codeact.data.families.everyday.words_questions.material import sentence, word
from codeact.data.families.naming import quoted
from codeact.data.families.wordlists import CITIES, PEOPLE
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class _Cipher:
    """Secret writing that puts a letter for a letter.

    Args:
        key: in words; {moved} says of a letter that it moves, or was moved.
        step: the place in the alphabet that is put for a place, both from 0; it may go past the end and on from the start.
        alphabet: an expression of the letters that are put for those of ``abc``.
    """

    key: str
    step: Callable[[int], int]
    alphabet: str


def turned_round(chance: random.Random, phrase: Phrase) -> Instance:
    """A text backwards, or its words in another order."""
    code = "".join(chance.choice("ABCDEFGHKLMNPRTX23456789") for _ in range(chance.randrange(5, 9)))
    text = chance.choice((sentence(chance), word(chance), chance.choice((*CITIES, *PEOPLE, code))))
    backwards = "".join(text[-place] for place in range(1, len(text) + 1))
    shown = chance.choice(("text[::-1]", '"".join(reversed(text))'))
    if " " in text and chance.random() < 0.8:
        given = f"words = {quoted(text)}.split()"
        return question(chance, phrase, given, _words_moved(text, backwards), wrong="print(words.reverse())", text=text)
    kind = Kind("[spell {it} backwards|reverse {it}|write {it} from back to front|reverse the letters in {it}]", shown, backwards)
    return question(chance, phrase, f"text = {quoted(text)}", [kind], wrong="print(text.reverse())", text=text)


def _words_moved(text: str, backwards: str) -> list[Kind]:
    words = text.split(" ")
    first, *middle, last = words
    alphabetical = [words[place] for _, place in sorted((one.lower(), place) for place, one in enumerate(words))]
    return [
        Kind(
            "[reverse|turn around] the order of the words in {it}",
            '" ".join(words[::-1])',
            " ".join([last, *reversed(middle), first]),
        ),
        Kind(
            "sort the words in {it} alphabetically, ignoring case",
            '" ".join(sorted(words, key=str.lower))',
            " ".join(alphabetical),
        ),
        Kind(
            "swap the first and the last word in {it}",
            '" ".join(words)',
            " ".join([last, *middle, first]),
            before="words[0], words[-1] = words[-1], words[0]",
        ),
        Kind(
            "move the last word in {it} to the front",
            '" ".join([words[-1]] + words[:-1])',
            " ".join([last, first, *middle]),
        ),
        Kind(
            "[spell|write] each word in {it} backwards without changing the word order",
            '" ".join(w[::-1] for w in words)',
            " ".join(reversed(backwards.split(" "))),
        ),
    ]


def rewritten(chance: random.Random, phrase: Phrase) -> Instance:
    """A text with letters taken out, or replaced by others."""
    text = chance.choice((word(chance), f"{chance.choice(('Note:', 'Hello!', 'PS:'))} {sentence(chance)}{chance.choice('!.?')}"))
    old = chance.choice([c for c in text if c.islower() and c not in "kz"])
    new = chance.choice("kz-*_")
    before, after = text.split(old, 1)
    vowels = [c for c in text if c.lower() in "aeiou"]
    consonants = "".join(c for c in text if c not in vowels)
    swapped = "".join({"a": "e", "e": "a"}.get(c, c) for c in text)
    kinds = [
        Kind("[remove|drop|delete] [all|the] vowels from {it}", 're.sub("[aeiou]", "", text, flags=re.I)', consonants),
        Kind(f"[remove|drop|delete] every '{old}' from {{it}}", f'text.replace("{old}", "")', "".join(text.split(old))),
        Kind(
            f"[replace|overwrite] the first '{old}' in {{it}} with '{new}'",
            f'text.replace("{old}", "{new}", 1)',
            before + new + after,
        ),
        Kind(f"replace [each|every] '{old}' in {{it}} with '{new}'", f'text.replace("{old}", "{new}")', new.join(text.split(old))),
        Kind("keep only the vowels in {it}", '"".join(re.findall("[aeiou]", text, re.I))', "".join(vowels)),
        Kind("turn every 'a' in {it} into 'e' and every 'e' into 'a'", 'text.translate(str.maketrans("ae", "ea"))', swapped),
    ]
    if " " in text:
        bare = "".join(c for c in text if c not in ":!.?")
        kinds += [
            Kind("[take|strip] [all|the] spaces out of {it}", 'text.replace(" ", "")', "".join(text.split(" "))),
            Kind("[remove|strip] the punctuation from {it}", r're.sub(r"[^\w\s]", "", text)', bare),
        ]
    return question(chance, phrase, f"text = {quoted(text)}", kinds, text=text)


def letter_case(chance: random.Random, phrase: Phrase) -> Instance:
    """A sentence with other capitals, or as a name in code."""
    text = "".join(c.upper() if chance.random() < 0.15 else c for c in sentence(chance))
    low = [one.lower() for one in text.split(" ")]
    titled = [chr(ord(one[0]) - 32) + one[1:] for one in low]
    swapped = "".join(c if c == " " else chr(ord(c) ^ 32) for c in text)
    kinds = [
        Kind("swap upper and lower case in {it}", "text.swapcase()", swapped),
        Kind("[write|put] {it} in title case", "text.title()", " ".join(titled)),
        Kind("turn {it} into [snake_case|lower case with underscores for spaces]", 'text.lower().replace(" ", "_")', "_".join(low)),
        Kind(
            "turn {it} into CamelCase (first letter a capital too)",
            '"".join(w.capitalize() for w in text.split())',
            "".join(titled),
        ),
        Kind(
            "make the first letter in {it} a capital and all others small",
            "text.capitalize()",
            " ".join([titled[0], *low[1:]]),
        ),
        Kind(
            "make an acronym [of|from] {it} (in capitals)",
            '"".join(w[0] for w in text.split()).upper()',
            "".join(one[0] for one in titled),
        ),
    ]
    return question(chance, phrase, f"text = {quoted(text)}", kinds, wrong="print(text.swap_case())", text=text)


def secret_writing(chance: random.Random, phrase: Phrase) -> Instance:
    """A text to be put into secret writing, or back."""
    plain = chance.choice((word, sentence))(chance).lower()
    cipher = _cipher(chance)
    coded = "".join(c if c == " " else ALPHABET[cipher.step(ALPHABET.index(c)) % 26] for c in plain)
    if chance.random() < 0.5:
        text, right = coded, plain
        asked = f"[decode|decipher|decrypt] {{it}} {cipher.key.replace('{moved}', 'was moved')}"
        shown = f"text.translate(str.maketrans({cipher.alphabet}, abc))"
    else:
        text, right = plain, coded
        asked = f"[encode|encipher|encrypt] {{it}} {cipher.key.replace('{moved}', '[goes|is shifted|moves]')}"
        shown = f"text.translate(str.maketrans(abc, {cipher.alphabet}))"
    given = f"import string\nabc = string.ascii_lowercase\ntext = {quoted(text)}"
    return question(chance, phrase, given, [Kind(asked, shown, right)], wrong="print(text + 3)", text=text)


def _cipher(chance: random.Random) -> _Cipher:
    steps = chance.randrange(1, 13)
    return chance.choice(
        (
            _Cipher(
                f"(each letter {{moved}} {steps} places on in the alphabet, after z comes a)",
                lambda place: place + steps,
                f"abc[{steps}:] + abc[:{steps}]",
            ),
            _Cipher("[with|using] ROT13", lambda place: place + 13, "abc[13:] + abc[:13]"),
            _Cipher("(a swaps with z, b with y, and so on)", lambda place: 25 - place, "abc[::-1]"),
        )
    )

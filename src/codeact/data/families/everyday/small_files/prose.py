"""Questions about the words and signs of a text in a file.

Invariant: words are letters only, in lower case. It does not: ask what the text means.
"""

import random
from dataclasses import dataclass

from codeact.data.families.everyday.small_files.options import Option, choose, only_one
from codeact.data.families.everyday.small_files.reading import TEXT, SmallFile, file_name, question
from codeact.data.families.wordlists import PEOPLE, WORDS
from codeact.data.families.words import words
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase

_STEMS = words("notes letter diary poem story draft memo speech email essay")
_SENTENCES = (
    "The {a} is near the {b}.",
    "{p} bought {n} tickets for the {a} festival.",
    "Did you see the {a}?",
    "Nobody knows why the {a} is empty.",
    "Please bring the {a} on Monday!",
    "We walked past the {a} and the old {b}.",
    "{p} says that every {a} needs a name, even this {a}.",
    "Rain fell on the {a} all night.",
    "I still have {n} photos of the {b}.",
    "No {a}, no {b}, only silence.",
    "Call {p} about the {a} now.",
    "The {a} costs {n} euros now.",
    "Where did {p} put the {b}?",
    "The {b} was quiet, and so was the {a}.",
    "{p} and {q} like {b}.",
    "At {n} Mill Road there is a red {b}.",
    "The {b} opens at {n}, said {p}.",
    "We lost the {b}, but {p} found it.",
)
_SPLIT = 'import re\nwords = re.findall(r"[a-z]+", text.lower())\n'


@dataclass(frozen=True, slots=True)
class _Prose:
    file: SmallFile
    words: list[str]


def _prose(chance: random.Random) -> _Prose:
    """A text of which some lines may be empty; four words and two names occur in it again and again."""
    often = chance.sample(WORDS, 4)
    people = chance.sample(PEOPLE, 2)
    blank = chance.choice((0, 0.25))
    lines: list[str] = []
    for sentence in chance.sample(_SENTENCES, chance.randrange(5, 15)):
        a, b = chance.sample(often, 2)
        p, q = chance.sample(people, 2)
        if lines and chance.random() < blank:
            lines.append("")
        lines.append(sentence.format(a=a, b=b, p=p, q=q, n=chance.randrange(2, 99)))
    name = file_name(chance, _STEMS, ".txt", ".txt", ".md")
    found = "".join(c if c.isalpha() else " " for c in "\n".join(lines).lower()).split()
    return _Prose(SmallFile(name, "\n".join([*lines, ""]), TEXT), found)


def size(chance: random.Random, phrase: Phrase) -> Instance:
    """How many lines, words or signs of a kind a text has."""
    file = _prose(chance).file
    option = choose(chance, _sizes(file.text))
    return question(chance, phrase(file=file.name, unit=option.said), file, option.right, f"print({option.code})")


def _sizes(text: str) -> tuple[Option, ...]:
    full = [line for line in text.split("\n") if line]
    digits = sum(text.count(str(digit)) for digit in range(10))
    return (
        Option("lines", "len(text.splitlines())", text.count("\n")),
        Option("words", "len(text.split())", sum(line.count(" ") + 1 for line in full)),
        Option("characters (line breaks included)", "len(text)", len([*text])),
        Option("non-empty lines", "sum(1 for line in text.splitlines() if line.strip())", len(full)),
        Option("digits", "sum(1 for c in text if c.isdigit())", digits),
        Option("capital letters", "sum(1 for c in text if c.isupper())", sum("A" <= c <= "Z" for c in text)),
        Option("question marks", 'text.count("?")', len(text.split("?")) - 1),
    )


def uses_of_a_word(chance: random.Random, phrase: Phrase) -> Instance:
    """How often a word occurs in a text."""
    prose = _prose(chance)
    repeated = [one for one in prose.words if prose.words.count(one) > 1 and len(one) > 2]
    word = chance.choice(repeated or prose.words)
    code = chance.choice(
        (
            f'{_SPLIT}print(words.count("{word}"))',
            f'import re\nprint(len(re.findall(r"\\b{word}\\b", text.lower())))',
        )
    )
    said = word.title() if word.title() in PEOPLE else word
    uses = sum(one == word for one in prose.words)
    return question(chance, phrase(file=prose.file.name, word=said), prose.file, uses, code)


def picked_word(chance: random.Random, phrase: Phrase) -> Instance:
    """The word of a text that is the last, the longest, or the most frequent."""
    prose = _prose(chance)
    option = choose(chance, _picked(prose.words))
    prompt = phrase(file=prose.file.name, which=option.said)
    return question(chance, prompt, prose.file, option.right, f"{_SPLIT}print({option.code})")


def _picked(found: list[str]) -> tuple[Option, ...]:
    long = [word for word in found if len(word) >= 5]
    return (
        Option("last word", "words[-1]", found[-1]),
        Option("longest word", "max(words, key=len)", only_one(found, len)),
        Option("most frequent word", "max(set(words), key=words.count)", only_one(found, found.count)),
        Option(
            "most frequent word of five or more letters",
            "max((w for w in words if len(w) >= 5), key=words.count)",
            only_one(long, found.count),
        ),
    )

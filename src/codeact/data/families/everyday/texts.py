"""Questions about words and sentences.

Invariant: right answers are counted letter by letter. It does not: use letters beyond a to z.
"""

import random

from pydantic import JsonValue

from codeact.data.families.wordlists import CITIES, COLOURS, FOODS, GOODS, PEOPLE, WORDS
from codeact.data.families.worked import worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_PLACES = ("near", "behind", "under", "above", "beside", "across from")
_DOES = ("sees", "paints", "carries", "finds", "sells", "repairs", "hides", "draws", "wants", "keeps")


def sentence(chance: random.Random) -> str:
    """A sentence of about ten words, without a capital or a full stop unless it begins with a name."""
    things = chance.sample(WORDS, 3)
    who = chance.choice((chance.choice(PEOPLE), f"the {things[2]} dealer", "my neighbour", "the old sailor"))
    which, colour = chance.choice(("the", "that", "one")), chance.choice(COLOURS)
    return f"{who} {chance.choice(_DOES)} {which} {colour} {things[0]} {chance.choice(_PLACES)} the {things[1]}"


def _reverse(chance: random.Random, phrase: Phrase) -> Instance:
    text = chance.choice((chance.choice(WORDS), chance.choice(CITIES), sentence(chance)))
    whole = " " not in text or chance.random() < 0.4
    right = "".join(text[place] for place in range(len(text) - 1, -1, -1))
    code, what = f'text = "{text}"\nresult = text[::-1]', "all its letters in reverse order"
    if not whole:
        words = text.split(" ")
        right, what = " ".join(words[place] for place in range(len(words) - 1, -1, -1)), "its words in reverse order"
        code = f'text = "{text}"\nresult = " ".join(text.split()[::-1])'
    return Instance(
        phrase(text=text, what=what),
        right,
        worked(chance, (code, "result"), apart=0),
        slips=(Slip("no such method", f'text = "{text}"\nprint(text.reverse())'),),
    )


def _letters(chance: random.Random, phrase: Phrase) -> Instance:
    text = sentence(chance)
    letter = chance.choice([letter for letter in text.lower() if letter.isalpha()])
    kinds: tuple[tuple[str, int, str], ...] = (
        (
            f"how often the letter '{letter}' occurs (upper or lower case)",
            sum(c == letter for c in text.lower()),
            f'text.lower().count("{letter}")',
        ),
        (
            "how many vowels (a, e, i, o, u) there are",
            len([c for c in text.lower() if c in "aeiou"]),
            'sum(1 for c in text.lower() if c in "aeiou")',
        ),
        ("how many words there are", text.count(" ") + 1, "len(text.split())"),
        ("how many characters there are, spaces included", len(list(text)), "len(text)"),
        ("how many letters there are, without the spaces", sum(map(str.isalpha, text)), 'len(text.replace(" ", ""))'),
        ("how many different letters there are, ignoring case", len(set(text.lower()) - {" "}), 'len(set(text.lower().replace(" ", "")))'),
    )
    what, right, shown = chance.choice(kinds)
    return Instance(phrase(text=text, what=what), right, worked(chance, (f'text = "{text}"', shown), apart=0), check="number")


def _pick(chance: random.Random, phrase: Phrase) -> Instance:
    pool = chance.choice((WORDS, FOODS, GOODS, CITIES))
    words: list[str] = []
    while len(words) < chance.randrange(4, 8):
        word = chance.choice(pool)
        if len(word) not in {len(other) for other in words}:
            words.append(word)
        elif len(words) >= 5:
            break
    kinds: tuple[tuple[str, str, str], ...] = (
        ("the longest", sorted(words, key=lambda w: -len(w))[0], "max(words, key=len)"),
        ("the shortest", sorted(words, key=len)[0], "min(words, key=len)"),
        ("the first in alphabetical order", sorted(words)[0], "min(words)"),
        ("the last in alphabetical order", sorted(words)[-1], "max(words)"),
    )
    what, right, shown = chance.choice(kinds)
    given = "words = [" + ", ".join(f'"{word}"' for word in words) + "]"
    wrong = f"{given}\nprint({shown.replace('key=len', 'key=length') if 'len' in shown else 'words.min()'})"
    return Instance(
        phrase(list=", ".join(words), what=what), right, worked(chance, (given, shown), apart=0), slips=(Slip("wrong name", wrong),)
    )


def _sort(chance: random.Random, phrase: Phrase) -> Instance:
    words = chance.sample(chance.choice((WORDS, FOODS, GOODS, CITIES, PEOPLE)), chance.randrange(4, 8))
    given = "words = [" + ", ".join(f'"{word}"' for word in words) + "]"
    kinds: tuple[tuple[str, list[str], str], ...] = (
        ("in alphabetical order", sorted(words), "sorted(words)"),
        ("in reverse alphabetical order", sorted(words)[::-1], "sorted(words, reverse=True)"),
        (
            "from the shortest to the longest, words of one length in alphabetical order",
            sorted(sorted(words), key=len),
            "sorted(words, key=lambda w: (len(w), w))",
        ),
        (
            "in alphabetical order of their last letters, ties in alphabetical order",
            sorted(sorted(words), key=lambda w: w[-1]),
            "sorted(words, key=lambda w: (w[-1], w))",
        ),
    )
    what, right, shown = chance.choice(kinds)
    answer: JsonValue = [*right]
    return Instance(
        phrase(list=", ".join(words), what=what),
        answer,
        worked(chance, (given, shown), apart=0),
        check="list",
        slips=(Slip("prints None", f"{given}\nprint(words.sort())"),),
    )


def _change(chance: random.Random, phrase: Phrase) -> Instance:
    text = sentence(chance)
    words = text.split(" ")
    old, new = words[-1], chance.choice([word for word in WORDS if word not in words])
    first, second = chance.sample("aeiou", 2)
    kinds: tuple[tuple[str, str, str], ...] = (
        (f"with '{old}' replaced by '{new}'", " ".join([*words[:-1], new]), f'text.replace("{old}", "{new}")'),
        (f"with every '{first}' replaced by '{second}'", second.join(text.split(first)), f'text.replace("{first}", "{second}")'),
        ("in title case (each word with a capital)", " ".join(w[0].upper() + w[1:].lower() for w in words), "text.title()"),
        ("in upper case", "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in text), "text.upper()"),
        ("with hyphens in place of the spaces", "-".join(words), 'text.replace(" ", "-")'),
        (
            "without its vowels (a, e, i, o, u in either case)",
            "".join(c for c in text if c.lower() not in "aeiou"),
            '"".join(c for c in text if c not in "aeiouAEIOU")',
        ),
        (
            "as the first letters of its words, joined to one word",
            "".join(w[0] for w in words),
            '"".join(word[0] for word in text.split())',
        ),
    )
    what, right, shown = chance.choice(kinds)
    return Instance(phrase(text=text, what=what), right, worked(chance, (f'text = "{text}"', shown), apart=0))


def _frequent(chance: random.Random, phrase: Phrase) -> Instance:
    while True:
        text = chance.choice((sentence(chance), "".join(chance.choice("abcdefgh") for _ in range(chance.randrange(12, 30)))))
        counts = sorted(((text.lower().count(c), c) for c in set(text.lower()) if c.isalpha()), reverse=True)
        if counts[0][0] > counts[1][0]:
            break
    what, right, place = chance.choice(
        (("Which letter occurs most often", counts[0][1], 0), ("How often does the most frequent letter occur", counts[0][0], 1))
    )
    code = f'from collections import Counter\nletters = [c for c in "{text}".lower() if c.isalpha()]\ntop = Counter(letters).most_common(1)'
    return Instance(
        phrase(what=what, text=text),
        right,
        worked(chance, (code, "top"), ("", f"top[0][{place}]")),
        check="number" if place else "exact",
        slips=(Slip("misread result", f"{code}\nprint(top[1])"),),
    )


def _anagrams(chance: random.Random, phrase: Phrase) -> Instance:
    word = chance.choice([word for word in WORDS if len(word) >= 6])
    letters = list(word)
    words: list[str] = []
    for _ in range(chance.randrange(4, 7)):
        mixed = letters[:]
        chance.shuffle(mixed)
        if chance.random() < 0.5:
            mixed[chance.randrange(len(mixed))] = chance.choice("bcdfgklmnprst")
        words.append("".join(mixed))
    right: list[JsonValue] = [one for one in words if all(one.count(c) == word.count(c) for c in set(one + word))]
    given = f'word = "{word}"\nothers = [' + ", ".join(f'"{one}"' for one in words) + "]"
    count = chance.random() < 0.5
    code = f"{given}\nfound = [w for w in others if sorted(w) == sorted(word)]"
    return Instance(
        phrase(word=word, list=", ".join(words), how="How many" if count else "Which (as a list)"),
        len(right) if count else right,
        worked(chance, (code, "len(found)" if count else "found"), apart=0),
        check="number" if count else "list",
    )


def _palindromes(chance: random.Random, phrase: Phrase) -> Instance:
    words: list[str] = []
    for _ in range(chance.randrange(4, 8)):
        half = "".join(chance.choice("bdklmnorstaeiou") for _ in range(chance.randrange(2, 4)))
        middle = chance.choice(("", chance.choice("aeiou")))
        turned = half[::-1] if chance.random() < 0.5 else "".join(chance.choice("bdklmnorstaeiou") for _ in half)
        words.append(half + middle + turned)
    right: list[JsonValue] = [word for word in words if all(word[n] == word[-1 - n] for n in range(len(word) // 2))]
    given = "words = [" + ", ".join(f'"{word}"' for word in words) + "]"
    count = chance.random() < 0.5
    code = f"{given}\nfound = [word for word in words if word == word[::-1]]"
    return Instance(
        phrase(list=", ".join(words), how="How many" if count else "Which (as a list)"),
        len(right) if count else right,
        worked(chance, (code, "len(found)" if count else "found"), apart=0),
        check="number" if count else "list",
        slips=(Slip("no such method", f"{given}\nprint([word for word in words if word == word.reversed()])"),),
    )


def _shift(chance: random.Random, phrase: Phrase) -> Instance:
    word, places = chance.choice(WORDS), chance.randrange(1, 13)
    back = chance.random() < 0.4
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    moved = alphabet[-places:] + alphabet[:-places] if back else alphabet[places:] + alphabet[:places]
    sign = "-" if back else "+"
    code = f'word = "{word}"\nresult = ""\nfor c in word:\n    result += chr((ord(c) - ord("a") {sign} {places}) % 26 + ord("a"))'
    return Instance(
        phrase(word=word, places=places, way="back" if back else "on"),
        word.translate(str.maketrans(alphabet, moved)),
        worked(chance, (code, "result"), apart=0),
        slips=(Slip("forgotten conversion", f'print("".join(c {sign} {places} for c in "{word}"))'),),
    )


FAMILIES = (
    Family(
        "everyday/reverse",
        "everyday",
        _reverse,
        phrasings=(
            "Write '{text}' with {what}.",
            "[What is|What do you get from] '{text}' with {what}?",
            "[Give|Show|Tell] me '{text}' with {what}[, please].",
            "[Turn|Take] '{text}' [round|around] and [give|show] it with {what}.",
            "[I need|I want|I would like] the text '{text}' with {what}.",
            "[Print|Put down|Return] '{text}' with {what}.",
        ),
        unseen_phrasings=(
            "[How does|How would] '{text}' look with {what}?",
            "'{text}' - [now|once more], but with {what}.",
            "Mirror it: '{text}' with {what}.",
        ),
    ),
    Family(
        "everyday/count-letters",
        "everyday",
        _letters,
        phrasings=(
            "In '{text}', [find out|tell me|count|work out] {what}.",
            "[Look at|Take|Here is] the sentence '{text}'. [Tell me|Find out] {what}.",
            "[I want to know|Tell me|Find out|Can you say] {what} in '{text}'.",
            "Sentence: '{text}'. [The question is|I need to know|I ask] {what}.",
            "[Count|Check|Work out] {what} in the text '{text}'.",
        ),
        unseen_phrasings=("'{text}': [say|report|determine] {what}.", "Somebody wrote '{text}'. [Let me know|I wonder] {what}."),
    ),
    Family(
        "everyday/pick-word",
        "everyday",
        _pick,
        phrasings=(
            "Which of [these|the following] words is {what}: {list}?",
            "[Find|Give me|Tell me] the word that is {what} of {list}.",
            "[Here are some words|My list is|A list of words]: {list}. Which one is {what}?",
            "[Among|Of] {list}, [which word|which one|which] is {what}?",
            "[I have|We have|There are] the words {list}. [Name|Tell me|Find] the one that is {what}.",
        ),
        unseen_phrasings=(
            "{list} - [pick|choose] the one that is {what}.",
            "[Someone lists|The board shows|A note says] {list}. What is {what} of them?",
        ),
    ),
    Family(
        "everyday/sort-words",
        "everyday",
        _sort,
        phrasings=(
            "[Sort|Order|Arrange] [these words|the words] {what}: {list}. Answer with a list.",
            "[Put|Bring] {list} {what}, as a list.",
            "[Here are|I have] some words: {list}. [Give|Write|Show] them as a list, {what}.",
            "[Give|Show|Tell] me the list of {list} {what}.",
            "[What is|How does one write] the list of these words {what}: {list}?",
            "[My shelf has|On my list are|In the index are] {list}. I want them as a list, {what}.",
        ),
        unseen_phrasings=("{list}: [line them up|rank them|list them] {what}.", "[Return|Produce] a list that holds {list} {what}."),
    ),
    Family(
        "everyday/change-text",
        "everyday",
        _change,
        phrasings=(
            "[Write|Give me|Show me|Print] '{text}' {what}.",
            "[What is|How does one write] '{text}' {what}?",
            "[I need|I want|Please write|I would like] the text '{text}' {what}.",
            "[Take|Here is] '{text}'. [Write|Give|Show] it {what}.",
            "[Change|Edit|Convert] this so that it is written {what}: '{text}'",
            "Text: '{text}'. [Rewrite it|Give it back|Show it] {what}.",
        ),
        unseen_phrasings=(
            "[Produce|Return|Make] a copy of '{text}' {what}.",
            "'{text}' is [to be|meant to be] {what}. How does it read then?",
        ),
        weight=1.3,
    ),
    Family(
        "everyday/frequent-letter",
        "everyday",
        _frequent,
        phrasings=(
            "{what} in '{text}'[, ignoring case]?",
            "[Look at|Take|Consider|Read] the text '{text}'. {what}?",
            "[Text|String|Given]: '{text}'. {what}[ in it]?",
            "[My question about|A question about] '{text}': {what}[ there]?",
            "[Here is a text|I have a string|This is a code]: '{text}'. {what}?",
            "'{text}' - {what} [here|in this]?",
        ),
        unseen_phrasings=(
            "{what} if one [counts|goes through] the letters of '{text}'?",
            "[Count letters|Do a letter count] in '{text}'. {what}?",
            "{what} within '{text}'?",
        ),
    ),
    Family(
        "everyday/letter-shift",
        "everyday",
        _shift,
        phrasings=(
            "Move each letter of '{word}' {places} places {way} in the alphabet (it goes round). [What is the result|What do "
            "you get|What comes out]?",
            "[Encode|Encrypt|Disguise] '{word}': each letter goes {places} places {way} in the alphabet, round the end.",
            "[A simple code|A toy cipher|A secret writing] moves letters {places} places {way} in the alphabet, round the "
            "end. [How is|What becomes of] '{word}'[ written]?",
            "[Take|With] the word '{word}', move every letter {way} by {places} in the alphabet, round the end, and "
            "[give|tell me|show] the new word.",
            "What word [appears|do you get] if all letters of '{word}' are moved {way} {places} places, with a and z as neighbours?",
        ),
        unseen_phrasings=(
            "Each letter in '{word}' is [stepped|pushed] {way} by {places} (cyclic alphabet). Report the outcome.",
            "'{word}', every letter {places} further {way} in the cyclic alphabet, [reads|becomes|gives] what?",
        ),
        weight=0.7,
    ),
    Family(
        "everyday/anagrams",
        "everyday",
        _anagrams,
        phrasings=(
            "The word is '{word}'. {how} of the [strings|words] {list} are [anagrams|permutations] of it?",
            "{how} of these are [anagrams|rearrangements of the letters] of '{word}': {list}?",
            "[Look at|Take|Here are] {list}. {how} have exactly the letters of '{word}', in any order?",
            "{how} of {list} [can be made|are made] by mixing all letters of '{word}'?",
            "[I wrote|A friend wrote|A machine wrote] {list}. {how} of them are [true|real|proper] anagrams of '{word}'?",
            "[Anagram check|Letter puzzle|Word game], word '{word}', candidates {list}. {how} use the same letters equally often?",
        ),
        unseen_phrasings=(
            "'{word}' was scrambled, but some copies have a mistake: {list}. {how} are [right|faultless]?",
            "{how} among {list} [share|have] all letters, each as often, with '{word}'?",
            "Scrambles of '{word}'? {list}. {how} qualify?",
        ),
        held_out=True,
    ),
    Family(
        "everyday/palindromes",
        "everyday",
        _palindromes,
        phrasings=(
            "[Check these|Test these] for palindromes: {list}. {how} are there?",
            "{how} of [these|these made-up words|the following words] are palindromes: {list}?",
            "[Look at|Take|Here are|Read] {list}. {how} read the same backwards?",
            "{how} of {list} [are|remain] the same when [turned around|reversed|read from the end]?",
            "[I have|We have|There are] the codes {list}. {how} of them are palindromes?",
            "[Code words|Strings|Tokens]: {list}. {how} are equal to their reverse?",
        ),
        unseen_phrasings=(
            "{how} from {list} are [symmetric|mirror words], the same from both ends?",
            "[Check|Test] {list}. {how} do not change when [flipped|mirrored]?",
        ),
    ),
)

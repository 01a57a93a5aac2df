"""Questions about letters, words and names: counting, picking, comparing, rewriting and secret writing.

Invariant: right answers are made letter by letter, or known from how the question was made up, by other code than the expert's. It does
not: use letters beyond a to z, or ask for what spelling does not show, as syllables.
"""

import itertools
import random
import re
from collections.abc import Callable
from string import ascii_lowercase as ALPHABET

from pydantic import JsonValue

from codeact.data.families.naming import quoted
from codeact.data.families.wordlists import CITIES, FOODS, GOODS, PEOPLE, WORDS
from codeact.data.families.words import words as split
from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

Kind = tuple[str, JsonValue, str]
"""What is asked, with alternatives and {it} for the text; the right answer; lines of code, the last an expression that is printed."""

_DOUBLES = split("balloon committee coffee puzzle success tattoo raccoon bassoon assessment millennium bookkeeper mississippi grammar")
_LONG = split("banana strawberry encyclopedia refrigerator parallel electricity environment philosophy basketball caterpillar")
_PALINDROMES = split("level radar civic kayak rotor refer madam noon stats tenet racecar deified rotator solos")
_ANAGRAMS = split("listen/silent heart/earth stone/notes night/thing study/dusty cheap/peach below/elbow lemon/melon danger/garden")
_RHYMES = split("night light flight bright|train brain chain grain|cake lake snake brake|string spring king wing|shell spell smell", "|")
_STARTS = split("interval internal interview|transport transfer transit|carbon cargo carpet|portal portrait portable|compare company", "|")
_LINES = (
    "{name} [bought|lost|found|sold] [a|the|that] [red|small|broken|new] {thing} in {city}",
    "the [train|ferry|bus|night flight] to {city} leaves [before|after|around] [noon|sunset|midnight]",
    "[please|always|never] leave the {thing} [under|beside|behind] the [old door|garden gate|kitchen table]",
    "[my sister|our teacher|the baker|{name}] [eats|orders|brings] one {food} every [Monday|winter|weekend]",
    "we [meet|visit|call] {name} and {other} at the [station|harbour|museum] [tomorrow|on Friday]",
    "[all that glitters is not gold|a rolling stone gathers no moss|better late than never|time and tide wait for no man]",
)


def _line(chance: random.Random) -> str:
    """A sentence of four to ten words, with a capital or without, and no full stop."""
    (name, other), (city, thing, food) = chance.sample(PEOPLE, 2), (chance.choice(pool) for pool in (CITIES, GOODS, FOODS))
    line = Phrase(_LINES, chance)(name=name, other=other, city=city, thing=thing, food=food)
    return line[0].upper() + line[1:] if chance.random() < 0.5 else line


def _word(chance: random.Random) -> str:
    return chance.choice(chance.choice((WORDS, WORDS, _DOUBLES, _LONG, GOODS, FOODS)))


def _nth(number: int) -> str:
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10 if number > 20 else number, 'th')}"


def _asked(chance: random.Random, phrase: Phrase, given: str, *kinds: Kind, wrong: str = "", **values: str) -> Instance:
    """An instance of one of several kinds: `given` is code that assigns the data, `wrong` that of a slip after it.

    A wording has ``said``, which is ``text`` in quotes or a word in none; ``what``, with that in it; ``that``, with *it* for the text.
    """
    kind, right, shown = chance.choice(kinds)
    *lines, last = [*given.split("\n"), *shown.split("\n")]
    lines = [*(["import re"] if re.search(r"\bre\.", last) else []), *sorted(lines, key=lambda line: not line.startswith("import"))]
    text = values.get("text", "")
    said = chance.choice((f"'{text}'", f'"{text}"', text if text.isalpha() else f"'{text}'")) if "'" not in text else text
    asked = Phrase((kind,), chance)(it="{it}", **values)
    what, that = asked.replace("{it}", said), asked.replace("{it}", "it")
    return Instance(
        phrase(what=what, that=that, What=what[0].upper() + what[1:], That=that[0].upper() + that[1:], said=said, **values),
        right,
        worked(chance, ("\n".join(lines), last), apart=0),
        check="list" if isinstance(right, list) else "exact" if isinstance(right, str) else "number",
        tolerance=TWO_DECIMALS if isinstance(right, float) else None,
        slips=(Slip("wrong use", f"{given}\n{wrong}"),) if wrong else (),
    )


def _counts(chance: random.Random, phrase: Phrase) -> Instance:
    text = chance.choice((_word, _word, _line))(chance)
    low, letters = text.lower(), [c for c in text.lower() if c in ALPHABET]
    vowels = len([c for c in letters if c in "aeiou"])
    pair = chance.choice([a + b for a, b in itertools.pairwise(low) if a != b and " " not in a + b])
    one, lower = chance.choice((*letters, chance.choice(ALPHABET))), "" if text == low else ".lower()"
    note = chance.choice((" (upper or lower case)", " (ignoring case)")) if lower else ""
    single = (f"[{one}'s|{one.upper()}'s|letters '{one}']{note}", len([c for c in low if c == one]), f'text{lower}.count("{one}")')
    kinds: list[Kind] = [
        *(single, single, single),
        (f"occurrences of '{pair}'{note}", len([n for n in range(len(low)) if low[n : n + 2] == pair]), f'text{lower}.count("{pair}")'),
        ("[vowels|vowels (a, e, i, o, u)]", vowels, f'sum(1 for c in text{lower} if c in "aeiou")'),
        ("consonants", len(letters) - vowels, f'sum(1 for c in text{lower} if c.isalpha() and c not in "aeiou")'),
        ("different letters", len(dict.fromkeys(letters)), f"len({{c for c in text{lower} if c.isalpha()}})"),
        ("letters", len(letters), "sum(c.isalpha() for c in text)"),
    ]
    if " " in text:
        kinds += [("words", 1 + text.count(" "), "len(text.split())"), ("characters including spaces", len([*text]), "len(text)")] * 2
    return _asked(chance, phrase, f"text = {quoted(text)}", *kinds, wrong='print(text.count(["a", "e"]))', text=text)


def _turned(chance: random.Random, phrase: Phrase) -> Instance:
    code = "".join(chance.choice("ABCDEFGHKLMNPRTX23456789") for _ in range(chance.randrange(5, 9)))
    text = chance.choice((_line(chance), _word(chance), chance.choice((*CITIES, *PEOPLE, code))))
    mirrored = "".join(text[-place] for place in range(1, len(text) + 1))
    shown = chance.choice(("text[::-1]", '"".join(reversed(text))'))
    kinds: list[Kind] = [("[spell {it} backwards|reverse {it}|write {it} from back to front|reverse the letters in {it}]", mirrored, shown)]
    given = f"text = {quoted(text)}"
    if " " in text and chance.random() < 0.8:
        first, *middle, last = words = text.split(" ")
        given = f"words = {quoted(text)}.split()"
        ordered = [words[place] for _, place in sorted((word.lower(), place) for place, word in enumerate(words))]
        each, swap = " ".join(reversed(mirrored.split(" "))), 'words[0], words[-1] = words[-1], words[0]\n" ".join(words)'
        kinds = [
            ("[reverse|turn around] the order of the words in {it}", " ".join([last, *reversed(middle), first]), '" ".join(words[::-1])'),
            ("sort the words in {it} alphabetically, ignoring case", " ".join(ordered), '" ".join(sorted(words, key=str.lower))'),
            ("swap the first and the last word in {it}", " ".join([last, *middle, first]), swap),
            ("move the last word in {it} to the front", " ".join([last, first, *middle]), '" ".join([words[-1]] + words[:-1])'),
            ("[spell|write] each word in {it} backwards without changing the word order", each, '" ".join(w[::-1] for w in words)'),
        ]
    return _asked(chance, phrase, given, *kinds, wrong=f"print({given.split(' ')[0]}.reverse())", text=text)


def _yes_or_no(chance: random.Random, phrase: Phrase) -> Instance:
    a, b = chance.sample((*WORDS, *_DOUBLES, *_LONG, *_PALINDROMES), 2)
    one, other = chance.choice(_ANAGRAMS).split("/")
    other = chance.choice([other, other, *(w for w in WORDS if len(w) == len(one))][: chance.choice((2, 9))])
    mirror = chance.choice((a, chance.choice(_PALINDROMES)))
    many = len([c for c in a if c in "aeiou"]) > 2
    before = [ALPHABET.index(c) for c in a] < [ALPHABET.index(c) for c in b]
    same = all(one.count(c) == other.count(c) for c in one + other)
    kinds = (
        ("is {a} a palindrome", "{a} is a palindrome", mirror == "".join(reversed(mirror)), "a == a[::-1]", (mirror, "")),
        ("are {a} and {b} anagrams", "{a} and {b} are anagrams of each other", same, "sorted(a) == sorted(b)", (one, other)),
        ("does {a} come before {b} in a dictionary", "{a} comes before {b} in the alphabet", before, "a < b", (a, b)),
        ("is any letter repeated in {a}", "{a} has a repeated letter", any(a.count(c) > 1 for c in a), "len(set(a)) < len(a)", (a, "")),
        ("does {a} have more than two vowels", "{a} has more than two vowels", many, 'sum(map(a.count, "aeiou")) > 2', (a, "")),
        ("is {a} longer than {b}", "{a} has more letters than {b}", len([*a]) > len([*b]), "len(a) > len(b)", (a, b)),
    )
    ask, claim, right, test, (a, b) = chance.choice(kinds)
    ask, claim = (each.format(a=f"'{a}'", b=f"'{b}'") for each in (ask, claim))
    kind = (ask, "yes" if right else "no", f'"yes" if {test} else "no"')
    return _asked(chance, phrase, f'a = "{a}"' + (f'\nb = "{b}"' if b else ""), kind, claim=claim)


def _which_word(chance: random.Random, phrase: Phrase) -> Instance:
    (one, other), (rhyme, fits) = chance.choice(_ANAGRAMS).split("/"), chance.sample(chance.choice(_RHYMES).split(), 2)
    end, every = chance.choice(("er", "le", "on", "et", "ow", "y", "t")), [*WORDS, *_DOUBLES, *_PALINDROMES]
    doubled = [w for w in every if any(c * 2 in w for c in ALPHABET)]
    kinds = (
        ("has a double letter (the same letter twice in a row)", doubled, "any(x == y for x, y in zip(w, w[1:]))"),
        ("is a palindrome", _PALINDROMES, "w == w[::-1]"),
        (f"is an anagram of '{one}'", [other], f'sorted(w) == sorted("{one}")'),
        (f"rhymes with '{rhyme}' (has the same last three letters)", [fits], f'w[-3:] == "{rhyme}"[-3:]'),
        ("starts and ends with the same letter", [w for w in every if w[:1] == w[-1:]], "w[0] == w[-1]"),
        (f"ends with '{end}'", [w for w in every if w.removesuffix(end) != w], f'w.endswith("{end}")'),
        ("has no letter twice", [w for w in every if max(map(w.count, w)) == 1], "len(set(w)) == len(w)"),
    )
    has, matching, test = chance.choice(kinds)
    right = chance.choice(matching)
    others = [w for w in every if w not in matching and w != one and w[-3:] != rhyme[-3:]]
    listed = [right, *chance.sample(others, chance.randrange(3, 6))]
    chance.shuffle(listed)
    shown = chance.choice((f"[w for w in words if {test}][0]", f"next(w for w in words if {test})"))
    return _asked(chance, phrase, f"words = {quoted(listed)}", (has, right, shown), list=", ".join(listed))


def _part(chance: random.Random, phrase: Phrase) -> Instance:
    text = chance.choice((_word, _word, _line))(chance)
    units, unit, first, given = [*text], "letter", "the first", f"text = {quoted(text)}"
    if " " in text:
        units, unit, first, given = text.split(" "), "word", "the word", f"{given}.split()"
    n, k = chance.randrange(2, len(units)), chance.randrange(2, 4)
    one = chance.choice([one for one in units if units.count(one) > chance.randrange(2)] or units)
    places = [place for place in range(1, len(units) + 1) if units[place - 1] == one]
    kinds: list[Kind] = [
        (f"the {_nth(n)} {unit} of {{it}}", next(one for place, one in enumerate(units, 1) if place == n), f"text[{n - 1}]"),
        (f"the {_nth(k)} {unit} from the end of {{it}}", [*reversed(units)][k - 1], f"text[-{k}]"),
        (f"the [second to last {unit}|last {unit} but one] of {{it}}", [*reversed(units)][1], "text[-2]"),
        (f"the [position|place] of {first} '{one}' in {{it}}, counting from 1", places[0], f'text.index("{one}") + 1'),
    ]
    if unit == "letter":
        kinds += [
            (f"the [beginning|start] of {{it}} (first {k} letters)", "".join(units[place] for place in range(k)), f"text[:{k}]"),
            (f"the end of {{it}} (last {k} letters)", text.removeprefix(text[: len(text) - k]), f"text[-{k}:]"),
            (f"the list of positions of '{one}' in {{it}}, from 1", [*places], f'[n for n, c in enumerate(text, 1) if c == "{one}"]'),
        ]
    if len(units) % 2:
        kinds += [(f"the [middle|central] {unit} of {{it}}", units[(len(units) - 1) // 2], "text[len(text) // 2]")] * 2
    return _asked(chance, phrase, given, *kinds, wrong="print(text[1, 2])", text=text)


def _numbers(chance: random.Random, phrase: Phrase) -> Instance:
    n, k = chance.randrange(1, 27), chance.randrange(2, 9)
    place, text = chance.randrange(1, 27 - k), chance.choice((_word(chance), chance.choice(PEOPLE)))
    one, other = chr(96 + place), chr(96 + place + k)
    values = [next(n for n, c in enumerate(ALPHABET, 1) if c == letter) for letter in text.lower()]
    kinds: list[Kind] = [
        (f"the [position|number] of the letter '{one}' in the alphabet", place, f'abc.index("{one}") + 1'),
        (f"the {_nth(n)} letter of the alphabet, in lower case", chr(96 + n), f"abc[{n - 1}]"),
        (f"the letter {k} [places|steps] after '{one}' in the alphabet", other, f'abc[abc.index("{one}") + {k}]'),
        (f"the letter {k} [places|steps] before '{other}' in the alphabet", one, f'abc[abc.index("{other}") - {k}]'),
        (f"the number of letters between '{one}' and '{other}' in the alphabet", k - 1, f'abc.index("{other}") - abc.index("{one}") - 1'),
    ]
    given = "import string\nabc = string.ascii_lowercase"
    if chance.random() < 0.6:
        given = f'text = {quoted(text)}\nvalues = [ord(c) - ord("a") + 1 for c in text.lower()]'
        if_a = "[if a is 1, b is 2 and so on up to 26|with a = 1, b = 2, ..., z = 26|where a counts 1, b counts 2 and z counts 26]"
        kinds = [
            (f"the [sum|total] of the letters in {{it}}, {if_a}", sum(values), "sum(values)"),
            (f"the list of letter values of {{it}}, {if_a}", [*values], "values"),
            (f"the highest letter value in {{it}}, {if_a}", sorted(values)[-1], "max(values)"),
        ]
    return _asked(chance, phrase, given, *kinds, text=text)


def _compared(chance: random.Random, phrase: Phrase) -> Instance:
    a, b = chance.choice((chance.sample(chance.choice(_STARTS).split(), 2), chance.sample(WORDS, 2), [_word(chance), ""]))
    changed = [chance.choice("abdeghilmnoprstu") if chance.random() < 0.3 else c for c in a]
    b = b or "".join([*changed[:-1], "s" if a[-1] != "s" else "t"])
    differ = [n for n in range(1, len(a) + 1) if a[n - 1] != b[n - 1 : n]]
    both, only = [c for c in ALPHABET if c in a and c in b], [c for c in ALPHABET if c in a and c not in b]
    start = next(a[:n] for n in range(len(a), -1, -1) if b[:n] == a[:n])
    kinds: list[Kind] = [
        ("the list of letters that occur in both {it}, in alphabetical order", [*both], "sorted(set(a) & set(b))"),
        ("the number of different letters that {it} [share|have in common]", len(both), "len(set(a) & set(b))"),
        (f"the list of letters that '{a}' has but '{b}' has not, from a to z", [*only], "sorted(set(a) - set(b))"),
    ]
    if start and (len(a) != len(b) or chance.random() < 0.5):
        kinds = [("the longest [common beginning|common prefix] of {it}", start, "import os\nos.path.commonprefix([a, b])")]
    elif len(a) == len(b):
        kinds += [
            ("the number of [places|positions] where {it} differ", len(differ), "sum(x != y for x, y in zip(a, b))"),
            ("the list of positions (from 1) where {it} differ", [*differ], "[n for n, (x, y) in enumerate(zip(a, b), 1) if x != y]"),
        ] * 2
    return _asked(chance, phrase, f'a = "{a}"\nb = "{b}"', *kinds, text=f"'{a}' and '{b}'")


def _rewritten(chance: random.Random, phrase: Phrase) -> Instance:
    text = chance.choice((_word(chance), f"{chance.choice(('Note:', 'Hello!', 'PS:'))} {_line(chance)}{chance.choice('!.?')}"))
    old, new = chance.choice([c for c in text if c.islower() and c not in "kz"]), chance.choice("kz-*_")
    vowels, swapped = [c for c in text if c.lower() in "aeiou"], "".join({"a": "e", "e": "a"}.get(c, c) for c in text)
    head, tail, bare = text[: text.index(old)], text[text.index(old) + 1 :], "".join(c for c in text if c not in vowels)
    kinds: list[Kind] = [
        ("[remove|drop|delete] [all|the] vowels from {it}", bare, 're.sub("[aeiou]", "", text, flags=re.I)'),
        (f"[remove|drop|delete] every '{old}' from {{it}}", "".join(text.split(old)), f'text.replace("{old}", "")'),
        (f"[replace|overwrite] the first '{old}' in {{it}} with '{new}'", head + new + tail, f'text.replace("{old}", "{new}", 1)'),
        (f"replace [each|every] '{old}' in {{it}} with '{new}'", new.join(text.split(old)), f'text.replace("{old}", "{new}")'),
        ("keep only the vowels in {it}", "".join(vowels), '"".join(re.findall("[aeiou]", text, re.I))'),
        ("turn every 'a' in {it} into 'e' and every 'e' into 'a'", swapped, 'text.translate(str.maketrans("ae", "ea"))'),
        ("[take|strip] [all|the] spaces out of {it}", "".join(text.split(" ")), 'text.replace(" ", "")'),
        ("[remove|strip] the punctuation from {it}", "".join(c for c in text if c not in ":!.?"), r're.sub(r"[^\w\s]", "", text)'),
    ]
    kinds = kinds if " " in text else kinds[:6]
    return _asked(chance, phrase, f"text = {quoted(text)}", *kinds, text=text)


def _repeats(chance: random.Random, phrase: Phrase) -> Instance:
    text = chance.choice([w for w in (*_DOUBLES, *_LONG, *WORDS) if len({*w}) < len(w) and any(w.count(c) == 1 for c in w)])
    once, different = [c for c in text if len(text.split(c)) == 2], [c for c in ALPHABET if c in text]
    again, twice = next(c for n, c in enumerate(text) if c in text[:n]), [c for c in different if c not in once]
    kinds: list[Kind] = [
        ("the first letter in {it} to [come|appear] a second time", again, "next(c for n, c in enumerate(text) if c in text[:n])"),
        ("the first letter in {it} that occurs only once", once[0], "next(c for c in text if text.count(c) == 1)"),
        ("the list of repeated letters in {it}, from a to z", [*twice], "sorted(c for c in set(text) if text.count(c) > 1)"),
        ("the list of [different|distinct] letters in {it}, in alphabetical order", [*different], "sorted(set(text))"),
        ("the number of letters that occur only once in {it}", len(once), "sum(1 for c in text if text.count(c) == 1)"),
        ("the string of all letters of {it} in alphabetical order", "".join(c * text.count(c) for c in different), '"".join(sorted(text))'),
    ]
    return _asked(chance, phrase, f"text = {quoted(text)}", *kinds, wrong="print(text.sort())", text=text)


def _lengths(chance: random.Random, phrase: Phrase) -> Instance:
    text, n = _line(chance), chance.randrange(3, 6)
    lengths = [len([*word]) for word in text.split(" ")]
    long, mean = [word for word in text.split(" ") if word[n:]], (len(text) - text.count(" ")) / len(lengths)
    kinds: list[Kind] = [
        ("the [average|mean] word length in {it}, rounded to two decimals", mean, "round(sum(map(len, words)) / len(words), 2)"),
        (f"the number of words in {{it}} [with more than|longer than] {n} letters", len(long), f"sum(1 for w in words if len(w) > {n})"),
        (f"the list of words in {{it}} [with more than|longer than] {n} letters", [*long], f"[w for w in words if len(w) > {n}]"),
        ("the list of word lengths in {it}", [*lengths], "[len(w) for w in words]"),
        ("the length of the longest word in {it}", sorted(lengths)[-1], "max(len(w) for w in words)"),
    ]
    return _asked(chance, phrase, f"words = {quoted(text)}.split()", *kinds, wrong="print(len(words) / words)", text=text)


def _cased(chance: random.Random, phrase: Phrase) -> Instance:
    text = "".join(c.upper() if chance.random() < 0.15 else c for c in _line(chance))
    words = [word.lower() for word in text.split(" ")]
    titled = [chr(ord(word[0]) - 32) + word[1:] for word in words]
    swapped = "".join(c if c == " " else chr(ord(c) ^ 32) for c in text)
    camel, acronym = '"".join(w.capitalize() for w in text.split())', '"".join(w[0] for w in text.split()).upper()'
    kinds: list[Kind] = [
        ("swap upper and lower case in {it}", swapped, "text.swapcase()"),
        ("[write|put] {it} in title case", " ".join(titled), "text.title()"),
        ("turn {it} into [snake_case|lower case with underscores for spaces]", "_".join(words), 'text.lower().replace(" ", "_")'),
        ("turn {it} into CamelCase (first letter a capital too)", "".join(titled), camel),
        ("make the first letter in {it} a capital and all others small", " ".join([titled[0], *words[1:]]), "text.capitalize()"),
        ("make an acronym [of|from] {it} (in capitals)", "".join(word[0] for word in titled), acronym),
    ]
    return _asked(chance, phrase, f"text = {quoted(text)}", *kinds, wrong="print(text.swap_case())", text=text)


def _secret(chance: random.Random, phrase: Phrase) -> Instance:
    plain, k, number = chance.choice((_word, _line))(chance).lower(), chance.randrange(1, 13), chance.randrange(3)
    step: Callable[[int], int] = (lambda n: n + k, lambda n: n + 13, lambda n: 25 - n)[number]
    coded = "".join(c if c == " " else ALPHABET[step(ALPHABET.index(c)) % 26] for c in plain)
    new = (f"abc[{k}:] + abc[:{k}]", "abc[13:] + abc[:13]", "abc[::-1]")[number]
    key = (
        f"(each letter {{moved}} {k} places on in the alphabet, after z comes a)",
        "[with|using] ROT13",
        "(a swaps with z, b with y, and so on)",
    )
    how, right, old, to = ("[encode|encipher|encrypt]", coded, "abc", new)
    if back := chance.random() < 0.5:
        how, right, old, to = ("[decode|decipher|decrypt]", plain, new, "abc")
    asked = f"{how} {{it}} {key[number]}".replace("{moved}", "was moved" if back else "[goes|is shifted|moves]")
    given = f"import string\nabc = string.ascii_lowercase\ntext = {quoted(coded if back else plain)}"
    kind = (asked, right, f"text.translate(str.maketrans({old}, {to}))")
    return _asked(chance, phrase, given, kind, wrong="print(text + 3)", text=coded if back else plain)


_NOUN = (
    "[What is|What's] {what}?",
    "[Find|Give me|Tell me|Determine|Work out] {what}.",
    "[Can|Could] you [find|tell me|give me] {what}[, please]?",
    "I [need|want to know|would like to have|am looking for] {what}.",
    "[For a quiz|For a crossword|For a word game|For my homework] I need {what}.",
    "[Quick question|Word puzzle|Letter game]: what is {what}?",
)
_NOUN_LATER = ("Do you know {what}?", "{What} - what is it?", "[Let me have|Let me know] {what}.", "[Say|Report] {what}[, if you can].")
_OF_IT = ("{said} - what is {that}?", "[Here is what I have|My text is|The text is|I wrote down] {said}. [Find|Give me|I need] {that}.")
_DO = (
    "{What}.",
    "[Please|Kindly|Now] {what}.",
    "[Can|Could|Would] you {what}[, please]?",
    "I [need to|have to|would like to|want to] {what}. [What do I get|What is the result|What comes out]?",
    "{said} - [please ]{that}.",
    "[Here is my text|I have this|This is what I wrote|Text]: {said}. {That}[, please].",
    "What is the result if [you|I|we] {what}?",
    "[My homework says|My teacher wants me|My friend dares me|A puzzle asks me] to {what}.",
)
_DO_LATER = (
    "How does {said} [look|read] after you {that}?",
    "Show me what [you get|comes out] when you {what}.",
    "Take {said}, {that}, and [tell me|print] the outcome.",
)
_COUNT = (
    "How many {what} are there in {said}?",
    "[Count|Please count|Tell me the number of|Give me the count of] {what} in {said}.",
    "How many {what} does {said} [have|contain]?",
    "[number of|how many] {what} in {said}[, please]?",
    "{said} - how many {what} [are in it|are there|do you see]?",
    "[I wrote|My son wrote|The sign says] {said}. How many {what} are [there|in it]?",
    "[My daughter and I disagree|We argue|I am not sure] about the number of {what} in {said}. What is [the right number|the count]?",
    "I have to [paint|carve|print] {said} on a [sign|cup]. How many {what} is that?",
)
_COUNT_LATER = (
    "[Go|Run] through {said} and give the number of {what}.",
    "{said} contains how many {what}?",
    "The {what} in {said}: [what is their number|how many]?",
)
_CHECK = (
    "{What}? [Answer|Reply|Reply with|Say] yes or no.",
    "Yes or no: {what}?",
    "[Check|Find out|Test] whether {claim}. [Answer|Print|Say] yes or no.",
    "[I think|I believe|My friend says|I would bet] that {claim}. [Is that right|Is it true], yes or no?",
    "{What} (yes/no)?",
    "[Quick|Tell me quickly|Word quiz], {what}, yes or no?",
)
_CHECK_LATER = (
    "[True|Correct] that {claim}? [Just|A plain] yes or no.",
    "Somebody claims: {claim}. [Yes|Write yes] if so, no if not.",
    "[Settle this|Decide] with a yes or a no: {what}?",
)
_WHICH = (
    "Which of [these|these words|the following] {what}: {list}?",
    "Which word {what}: {list}?",
    "[Find|Give me|Pick|Tell me] the one word that {what} [among|out of] {list}.",
    "{list} - which one {what}?",
    "[My word list is|I have the words|Here are some words:] {list}. Only one of them {what}. Which?",
    "[A quiz asks|The question is|My son asks] which of {list} {what}. [What is the answer|Can you tell]?",
)
_WHICH_LATER = (
    "Just one of {list} {what}. [Name|Print] it.",
    "[Look at|Go through] {list} and report the one that {what}.",
    "Words: {list}. Wanted: the one that {what}.",
)

FAMILIES: tuple[Family, ...] = (
    Family("everyday/letter-counts", "everyday", _counts, _COUNT, _COUNT_LATER),
    Family("everyday/word-check", "everyday", _yes_or_no, _CHECK, _CHECK_LATER),
    Family("everyday/which-word", "everyday", _which_word, _WHICH, _WHICH_LATER),
    Family("everyday/turn-text-round", "everyday", _turned, _DO, _DO_LATER),
    Family("everyday/rewrite-letters", "everyday", _rewritten, _DO, _DO_LATER),
    Family("everyday/letter-case", "everyday", _cased, _DO, _DO_LATER),
    Family("everyday/secret-writing", "everyday", _secret, _DO, _DO_LATER),
    Family("everyday/part-of-word", "everyday", _part, (*_NOUN, *_OF_IT), _NOUN_LATER),
    Family("everyday/word-lengths", "everyday", _lengths, (*_NOUN, *_OF_IT), _NOUN_LATER),
    Family("everyday/repeated-letters", "everyday", _repeats, (*_NOUN, *_OF_IT), _NOUN_LATER),
    Family("everyday/letter-numbers", "everyday", _numbers, _NOUN, _NOUN_LATER),
    Family("everyday/two-words", "everyday", _compared, _NOUN, _NOUN_LATER),
)

"""Questions about the style of a text: names in programs, stray characters, and parts that are to be hidden.

Invariant: right answers are put together from the parts of the text. It does not: ask for codes.
"""

import random
import re
import string
from dataclasses import dataclass

from codeact.data.families.everyday.notations.kinds import Kind, Values, family
from codeact.data.families.everyday.notations.made_up import SURNAMES, digits, mail
from codeact.data.families.wordlists import GOODS, PEOPLE, WORDS
from codeact.data.families.words import words

_TERMS = words("user first name order total item count file size login date active page price list retry limit tax key row")


@dataclass(frozen=True, slots=True)
class _Style:
    """A way to write names of several words.

    Args:
        said: its name.
        written: the words in it.
        split: code that makes a list ``words`` of ``name``.
        join: an expression that writes ``words`` in this style.
        method: a method that no text has.
    """

    said: str
    written: str
    split: str
    join: str
    method: str


def _styles(parts: list[str]) -> tuple[_Style, ...]:
    capitals = "".join(part[0].upper() + part[1:] for part in parts)
    camel = parts[0] + capitals[len(parts[0]) :]
    at_capitals = "import re\nwords = [w.lower() for w in re.findall(r'[A-Z]?[a-z]+', name)]"
    return (
        _Style("snake_case", "_".join(parts), 'words = name.split("_")', '"_".join(words)', "snake"),
        _Style("kebab-case", "-".join(parts), 'words = name.split("-")', '"-".join(words)', "kebab"),
        _Style("camelCase", camel, at_capitals, 'words[0] + "".join(w.title() for w in words[1:])', "camelcase"),
        _Style("PascalCase", capitals, at_capitals, '"".join(w.title() for w in words)', "pascal"),
        _Style("CONSTANT_CASE", "_".join(parts).upper(), 'words = name.lower().split("_")', '"_".join(words).upper()', "constant"),
        _Style("separate lower-case words", " ".join(parts), "words = name.split()", '" ".join(words)', "words"),
    )


def _naming(chance: random.Random) -> Values:
    parts = chance.sample(_TERMS, chance.choice((2, 3, 3, 4)))
    old, new = chance.sample(_styles(parts), 2)
    return {"style": new.said, "old": old.written, "new": new.written, "split": old.split, "join": new.join, "method": new.method}


_NAMING = (Kind(asked="{style}", of="{old}", answer="new", before='name = "{old}"\n{split}', shown="{join}", wrong="name.{method}()"),)


def _clean(chance: random.Random) -> Values:
    word = chance.choice(WORDS).title()
    thing = chance.choice(GOODS).title()
    number = chance.randrange(2, 2030)
    title = chance.choice(
        (f"How to Paint a {word}? Part {number}", f"{number} Tips for {word} & {thing}!", f"The {word} ({thing}, {number})")
    )
    parts = chance.sample(WORDS, chance.randrange(3, 6))
    mixed = f"{digits(chance, 2)}-{word[:3].upper()}/{digits(chance, 3)}.{thing[:2].lower()}{digits(chance, 1)}"
    messy = " " * chance.randrange(3) + "".join(part + " " * chance.randrange(1, 4) for part in parts)
    return {
        "title": title,
        "slug": "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split()),
        "bare": "".join(c for c in title if c not in string.punctuation),
        "messy": messy,
        "tidy": " ".join(parts),
        "tight": "".join(parts),
        "mixed": mixed,
        "digits": re.sub("[^0-9]", "", mixed),
    }


_CLEANING = (
    Kind(
        asked="[make|build] a URL slug (lower case, only letters, digits and single hyphens) [from|out of] '{title}'",
        answer="slug",
        before='import re\ntext = "{title}"',
        shown='re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")',
        wrong="text.slug()",
    ),
    Kind(
        asked="[clean up|tidy|fix] the spacing in '{messy}' (single spaces, none at the ends)",
        answer="tidy",
        before='text = "{messy}"',
        shown='" ".join(text.split())',
    ),
    Kind(
        asked="[remove|strip|take out] all [the spaces|spaces] from '{messy}'",
        answer="tight",
        before='text = "{messy}"',
        shown='text.replace(" ", "")',
        wrong='text.remove(" ")',
    ),
    Kind(
        asked="keep only [the |]letters, digits and spaces of '{title}'",
        answer="bare",
        before='text = "{title}"',
        shown='"".join(c for c in text if c.isalnum() or c == " ")',
    ),
    Kind(
        asked="keep only the digits of '{mixed}'",
        answer="digits",
        before='text = "{mixed}"',
        shown='"".join(c for c in text if c.isdigit())',
        wrong="text.digits()",
    ),
)


def _hidden(chance: random.Random) -> Values:
    card = digits(chance, 16)
    phone = f"0{digits(chance, chance.randrange(8, 11))}"
    sign = chance.choice("*X#")
    address = mail(chance)
    word = chance.choice(WORDS)
    kept = chance.randrange(2, 5)
    first = chance.choice(PEOPLE)
    last = chance.choice(SURNAMES)
    return {
        "sign": sign,
        "kept": kept,
        "card": card,
        "masked_card": "".join(sign if at < len(card) - kept else c for at, c in enumerate(card)),
        "spaced": " ".join(card[at : at + 4] for at in range(0, len(card), 4)),
        "masked_groups": f"{sign * 4} " * 3 + card[12:],
        "phone": phone,
        "masked_phone": "".join(c if at < kept else sign for at, c in enumerate(phone)),
        "mail": address,
        "masked_mail": f"{address.name[0]}{sign * len(address.name[1:])}@{address.domain}",
        "word": word,
        "masked_word": f"{word[0]}{sign * len(word[1:-1])}{word[-1]}",
        "first": first,
        "last": last,
        "initials": f"{first[0]}.{last[0]}.",
    }


_HIDING = (
    Kind(
        asked="the card number {card} with '{sign}' for all but the last {kept} digits",
        answer="masked_card",
        before='card = "{card}"',
        shown='"{sign}" * (len(card) - {kept}) + card[-{kept}:]',
    ),
    Kind(
        asked="the card number {spaced} with '{sign}' for all but the last four digits, [and with|keeping] the spaces,",
        answer="masked_groups",
        before='import re\ncard = "{spaced}"',
        shown=r're.sub(r"\d", "{sign}", card[:-4]) + card[-4:]',
        wrong=r're.sub(r"\d", card)',
    ),
    Kind(
        asked="the phone number {phone} with '{sign}' for each digit after the first {kept}",
        answer="masked_phone",
        before='text = "{phone}"',
        shown='text[:{kept}] + "{sign}" * (len(text) - {kept})',
    ),
    Kind(
        asked="the address {mail} with '{sign}' for each character between its first letter and the @",
        answer="masked_mail",
        before='mail = "{mail}"\nname, domain = mail.split("@")',
        shown='name[0] + "{sign}" * (len(name) - 1) + "@" + domain',
        wrong='mail.mask("{sign}")',
    ),
    Kind(
        asked="the name {first} {last} as initials (like A.B.)",
        answer="initials",
        before='name = "{first} {last}"',
        shown='"".join(part[0] + "." for part in name.split())',
    ),
    Kind(
        asked="'{word}' with '{sign}' for each letter but the first and the last",
        answer="masked_word",
        before='word = "{word}"',
        shown='word[0] + "{sign}" * (len(word) - 2) + word[-1]',
    ),
)


FAMILIES = (
    family("naming-style", _naming, _NAMING),
    family("clean-text", _clean, _CLEANING),
    family("hide-part", _hidden, _HIDING),
)

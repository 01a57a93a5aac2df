"""Questions that want a text written another way: items with other separators, and numbers in other formats.

Invariant: both ways are put together from the same parts. It does not: round, where it is not asked for.
"""

import random

from codeact.data.families.everyday.notations.kinds import Kind, Values, family
from codeact.data.families.everyday.notations.made_up import digits, nth
from codeact.data.families.wordlists import CITIES, FOODS, GOODS, PEOPLE, WORDS


def _items(chance: random.Random) -> Values:
    items = chance.sample(chance.choice((WORDS, FOODS, GOODS, CITIES, PEOPLE)), chance.randrange(4, 7))
    old, new = chance.sample((", ", "; ", " | ", "/", " - ", ":"), 2)
    at = chance.randrange(4)
    return {
        "old": old,
        "new": new,
        "text": old.join(items),
        "twice": old.join([*items[:3], items[at % 3], *items[3:]]),
        "items": items,
        "count": len(items),
        "joined": new.join(items),
        "sorted": new.join(sorted(items)),
        "in_words": f"{', '.join(items[:-1])} and {items[-1]}",
        "at": at,
        "nth": nth(at),
        "item": items[at],
    }


_TEXT = 'text = "{text}"'

_ITEMS = (
    Kind(
        asked="put '{new}' in place of each '{old}'",
        of="'{text}'",
        answer="joined",
        before=_TEXT,
        shown='text.replace("{old}", "{new}")',
        wrong='text.substitute("{old}", "{new}")',
    ),
    Kind(
        asked="split it at each '{old}' into a list",
        of="'{text}'",
        answer="items",
        before=_TEXT,
        shown='text.split("{old}")',
        wrong='text.explode("{old}")',
    ),
    Kind(
        asked="count the items, which are separated by '{old}'",
        of="'{text}'",
        answer="count",
        before=_TEXT,
        shown='len(text.split("{old}"))',
        wrong="text.count()",
    ),
    Kind(
        asked="give me the {nth} item, where '{old}' is the separator",
        of="'{text}'",
        answer="item",
        before=_TEXT,
        shown='text.split("{old}")[{at}]',
        wrong="text.item({at})",
    ),
    Kind(
        asked="sort the items (separator '{old}') by the alphabet and join with '{new}'",
        of="'{text}'",
        answer="sorted",
        before=_TEXT,
        shown='"{new}".join(sorted(text.split("{old}")))',
    ),
    Kind(
        asked="write the items (separated by '{old}') in the form x, y and z",
        of="'{text}'",
        answer="in_words",
        before=_TEXT + '\nitems = text.split("{old}")',
        shown='", ".join(items[:-1]) + " and " + items[-1]',
        wrong='" and ".join(text.items())',
    ),
    Kind(
        asked="drop the repeated item (separator '{old}') and give a list",
        of="'{twice}'",
        answer="items",
        before='text = "{twice}"',
        shown='list(dict.fromkeys(text.split("{old}")))',
    ),
)


def _with_commas(number: int) -> str:
    groups: list[str] = []
    while number >= 1000:
        number, rest = divmod(number, 1000)
        groups.append(f"{rest:03d}")
    return ",".join([str(number), *reversed(groups)])


def _numbers(chance: random.Random) -> Values:
    big = chance.randrange(10**4, 10**9)
    cents = digits(chance, 2)
    small = chance.randrange(1, 999)
    width = chance.randrange(4, 9)
    groups = [digits(chance, 4) for _ in range(chance.randrange(3, 6))]
    phone = digits(chance, 10)
    word = chance.choice(WORDS)
    sign = chance.choice(".*-_#=")
    fraction = chance.randrange(1000, 99990, 10) + chance.choice((1, 2, 3, 4, 6, 7, 8, 9))  # in 100000ths; no tie when it is rounded
    commas = _with_commas(big)
    return {
        "big": big,
        "commas": commas,
        "european": f"{commas.replace(',', '.')},{cents}",
        "value": big + int(cents) / 100,
        "small": small,
        "width": width,
        "zeros": "0" * (width - len(str(small))) + str(small),
        "card": "".join(groups),
        "groups": " ".join(groups),
        "phone": phone,
        "dashed": f"({phone[:3]}) {phone[3:6]}-{phone[6:]}",
        "share": f"0.{fraction:05d}",
        "percent": f"{(fraction + 50) // 100 / 10}%",
        "long": f"{small}.{fraction:05d}",
        "fixed": f"{small + (fraction + 5) // 10 / 10000:.4f}",
        "word": word,
        "sign": sign,
        "length": len(word) + width,
        "padded": word + sign * width,
        "times": "".join([word] * width),
        "between": sign.join([word] * width),
    }


_NUMBERS = (
    Kind(
        asked="with commas between the thousands",
        of="{big}",
        answer="commas",
        before="number = {big}",
        shown='f"{number:,}"',
        wrong='number.format(",")',
    ),
    Kind(
        asked="without the commas",
        of="{commas}",
        answer="big",
        before='text = "{commas}"',
        shown='int(text.replace(",", ""))',
        wrong="int(text)",
    ),
    Kind(
        asked="in English style",
        of="the European number {european}",
        answer="value",
        before='text = "{european}"',
        shown='float(text.replace(".", "").replace(",", "."))',
    ),
    Kind(
        asked="with leading zeros, {width} digits in all,",
        of="{small}",
        answer="zeros",
        before="number = {small}",
        shown="str(number).zfill({width})",
        wrong="number.zfill({width})",
    ),
    Kind(
        asked="in groups of four, with spaces",
        of="{card}",
        answer="groups",
        before='text = "{card}"',
        shown='" ".join(text[i:i + 4] for i in range(0, len(text), 4))',
    ),
    Kind(
        asked="in the form (123) 456-7890",
        of="the phone number {phone}",
        answer="dashed",
        before='text = "{phone}"',
        shown='f"({text[:3]}) {text[3:6]}-{text[6:]}"',
        wrong="text.phone()",
    ),
    Kind(
        asked="as a percentage with one decimal and a % sign",
        of="{share}",
        answer="percent",
        before="number = {share}",
        shown='f"{number:.1%}"',
        wrong="number.percent()",
    ),
    Kind(
        asked="with [exactly four|four] decimals",
        of="{long}",
        answer="fixed",
        before="number = {long}",
        shown='f"{number:.4f}"',
        wrong="number.fixed(4)",
    ),
    Kind(
        asked="filled up on the right with '{sign}' to {length} characters",
        of="'{word}'",
        answer="padded",
        before='word = "{word}"',
        shown='word.ljust({length}, "{sign}")',
        wrong="word.pad({length})",
    ),
    Kind(
        asked="{width} times in a row, without spaces,",
        of="'{word}'",
        answer="times",
        before='word = "{word}"',
        shown="word * {width}",
        wrong="word.repeat({width})",
    ),
    Kind(
        asked="{width} times, with '{sign}' between,",
        of="'{word}'",
        answer="between",
        before='word = "{word}"',
        shown='"{sign}".join([word] * {width})',
        wrong='word * "{width}"',
    ),
)


FAMILIES = (
    family("joined-items", _items, _ITEMS),
    family("written-number", _numbers, _NUMBERS),
)

"""Questions about a part of a text: of a message, of a path, or of the address of a page.

Invariant: the text was put together from its parts, so each is known. It does not: take texts from elsewhere.
"""

import random

from codeact.data.families.everyday.notations.kinds import Kind, Values, family
from codeact.data.families.everyday.notations.made_up import digits, mail
from codeact.data.families.wordlists import CITIES, GOODS, PEOPLE, WORDS


def _message(chance: random.Random) -> Values:
    address = mail(chance)
    town = chance.choice(CITIES)
    thing, other_thing = chance.sample(GOODS, 2)
    tags = chance.sample(WORDS, 2)
    low, high = sorted(chance.sample(range(105, 9900), 2))  # in cents
    year = str(chance.randrange(1900, 2027))
    order = f"K{digits(chance, 4)}"
    time = f"{chance.randrange(7, 22):02d}:{chance.randrange(60):02d}"
    postcode = digits(chance, 5)
    sentences = {
        "with_mail": f"Write to {address} soon.",
        "with_year": f"Our house in {town} dates from {year}.",
        "with_order": f"My order is {order}.",
        "with_tags": f"Photos: #{tags[0]} #{tags[1]}.",
        "with_prices": f"The {thing} is ${high / 100:.2f}, the {other_thing} ${low / 100:.2f}.",
        "with_time": f"We meet at {time} in {town}.",
        "with_postcode": f"Send it to {postcode} {town}.",
    }
    return {
        **_messages(chance, sentences),
        "mail": str(address),
        "domain": address.domain,
        "year": year,
        "order": order,
        "tags": [f"#{tag}" for tag in tags],
        "total": (low + high) / 100,
        "higher": high / 100,
        "time": time,
        "postcode": postcode,
    }


def _messages(chance: random.Random, sentences: dict[str, str]) -> dict[str, str]:
    """A message with each sentence, and with another of them before or after it."""
    opening = f"{chance.choice(('Hello', 'Hi', 'Dear'))} {chance.choice(PEOPLE)}, {chance.choice(('thanks', 'all is well'))}."
    messages: dict[str, str] = {}
    for name, sentence in sentences.items():
        other = chance.choice([one for one in sentences.values() if one != sentence])
        first, second = chance.sample((sentence, other), 2)
        messages[name] = f"{opening} {first} {second}"
    return messages


_FIND_PRICES = r're.findall(r"\$(\d+\.\d+)", text)'
_PRICES = 'import re\ntext = "{with_prices}"\nprices = ' + _FIND_PRICES

_MESSAGE = (
    Kind(
        asked="the [email|e-mail] address",
        of="{with_mail}",
        answer="mail",
        before='import re\ntext = "{with_mail}"',
        shown=r're.search(r"[\w.]+@[\w.]+\w", text)[0]',
        wrong="text.email()",
    ),
    Kind(
        asked="the domain (after the @) of the [email|e-mail] address",
        of="{with_mail}",
        answer="domain",
        before='import re\ntext = "{with_mail}"',
        shown=r're.search(r"@([\w.]+\w)", text)[1]',
        wrong="text.domain()",
    ),
    Kind(
        asked="the year",
        of="{with_year}",
        answer="year",
        before='import re\ntext = "{with_year}"',
        shown=r're.search(r"\b(?:19|20)\d\d\b", text)[0]',
        wrong="re.search(text)[0]",
    ),
    Kind(
        asked="the order number",
        of="{with_order}",
        answer="order",
        before='import re\ntext = "{with_order}"',
        shown=r're.search(r"K\d+", text)[0]',
        wrong=r'text.search(r"K\d+")',
    ),
    Kind(
        asked="the list of hashtags (with the #)",
        of="{with_tags}",
        answer="tags",
        before='import re\ntext = "{with_tags}"',
        shown=r're.findall(r"#\w+", text)',
        wrong="re.findall(text)",
    ),
    Kind(
        asked="the [sum|total] of the prices",
        of="{with_prices}",
        answer="total",
        before=_PRICES,
        shown="round(sum(float(p) for p in prices), 2)",
        wrong=f"sum({_FIND_PRICES})",
    ),
    Kind(
        asked="the [higher price|price of the dearer thing]",
        of="{with_prices}",
        answer="higher",
        before=_PRICES,
        shown="max(float(p) for p in prices)",
        wrong="max(text.prices)",
    ),
    Kind(
        asked="the time of the meeting (HH:MM)",
        of="{with_time}",
        answer="time",
        before='import re\ntext = "{with_time}"',
        shown=r're.search(r"\d\d:\d\d", text)[0]',
        wrong="text.time",
    ),
    Kind(
        asked="the five-digit postcode",
        of="{with_postcode}",
        answer="postcode",
        before='import re\ntext = "{with_postcode}"',
        shown=r're.search(r"\b\d{5}\b", text)[0]',
        wrong=r're.search(r"\d{5}")[0]',
    ),
)


def _address(chance: random.Random) -> Values:
    folders = chance.sample(WORDS, chance.randrange(2, 5))
    stem = f"{chance.choice(GOODS)}_{chance.randrange(2030)}"
    ending = chance.choice(("pdf", "csv", "txt", "jpg", "docx", "mp3", "png", "json"))
    scheme = chance.choice(("http", "https"))
    folder = "/".join(["", *folders])
    one, two = chance.sample(("page", "size", "lang", "id"), 2)
    value = chance.choice(GOODS)
    host = f"{chance.choice(('www', 'shop', 'api'))}.{mail(chance).domain}"
    before_query = f"{scheme}://{host}{chance.choice(('', '', ':8080', ':3000'))}{folder}"
    return {
        "path": f"{folder}/{stem}.{ending}",
        "file": f"{stem}.{ending}",
        "ending": ending,
        "stem": stem,
        "folder": folder,
        "last": folders[-1],
        "url": f"{before_query}?{one}={chance.randrange(2, 999)}&{two}={value}",
        "host": host,
        "before_query": before_query,
        "keys": [one, two],
        "parameter": two,
        "value": value,
    }


_PATH = 'from pathlib import PurePosixPath\npath = PurePosixPath("{path}")'
_URL = 'from urllib.parse import parse_qs, urlparse\nurl = "{url}"\nparts = urlparse(url)'

_ADDRESS = (
    Kind(asked="the file name (with its extension)", of="{path}", answer="file", before=_PATH, shown="path.name", wrong="path.filename"),
    Kind(
        asked="the [extension|file extension] (without the dot)",
        of="{path}",
        answer="ending",
        before=_PATH,
        shown='path.suffix.lstrip(".")',
        wrong="path.extension",
    ),
    Kind(asked="the file name without its extension", of="{path}", answer="stem", before=_PATH, shown="path.stem", wrong="path.stem()"),
    Kind(
        asked="the [full path|whole path] of the folder",
        of="{path}",
        answer="folder",
        before=_PATH,
        shown="path.parent",
        wrong="path.folder",
    ),
    Kind(
        asked="the name (not the path) of the [innermost|last] folder",
        of="{path}",
        answer="last",
        before=_PATH,
        shown="path.parent.name",
        wrong="path.folder.name",
    ),
    Kind(asked="the host name (without a port)", of="{url}", answer="host", before=_URL, shown="parts.hostname", wrong="url.host"),
    Kind(asked="the path (from its first slash on)", of="{url}", answer="folder", before=_URL, shown="parts.path", wrong="url.path"),
    Kind(
        asked="the value of the parameter {parameter}",
        of="{url}",
        answer="value",
        before=_URL,
        shown='parse_qs(parts.query)["{parameter}"][0]',
        wrong='url["{parameter}"]',
    ),
    Kind(
        asked="the list of names of the [query parameters|parameters]",
        of="{url}",
        answer="keys",
        before=_URL,
        shown="list(parse_qs(parts.query))",
        wrong="list(url.query)",
    ),
    Kind(
        asked="the [part|address] before the query string",
        of="{url}",
        answer="before_query",
        before='url = "{url}"',
        shown='url.split("?")[0]',
        wrong="url.base",
    ),
)


FAMILIES = (
    family("part-of-message", _message, _MESSAGE),
    family("part-of-address", _address, _ADDRESS),
)

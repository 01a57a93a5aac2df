"""Questions about codes of a text: of its characters, of its bytes, and spellings such as Morse.

Invariant: right answers are made by loops over characters and bits, not by the functions that the expert calls. It does not: ask for the
parts of a text.
"""

import hashlib
import random
import string

from codeact.data.families.everyday.notations.kinds import Kind, Values, family
from codeact.data.families.wordlists import CITIES, FOODS, PEOPLE, WORDS
from codeact.data.families.words import words

_AZ = string.ascii_lowercase
_SIXTY_FOUR = string.ascii_uppercase + _AZ + string.digits + "+/"
_IN_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MORSE = words(".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..")


def _characters(chance: random.Random) -> Values:
    short = [one for one in (*WORDS, *FOODS, *PEOPLE, *CITIES) if len(one) < 5]
    character = chance.choice(string.ascii_letters + "!?&%$+=@")
    in_case = chance.choice((str, str.upper, str.title))
    word = in_case(chance.choice(short))
    red, green, blue = (chance.randrange(256) for _ in range(3))
    codes = list(word.encode())
    return {
        "character": character,
        "code": character.encode()[0],
        "word": word,
        "codes": codes,
        "codes_said": ", ".join(map(str, codes)),
        "total": sum(codes),
        "bits": " ".join(f"{code:08b}" for code in codes),
        "red": red,
        "green": green,
        "blue": blue,
        "rgb": [red, green, blue],
        "hex": "#" + bytes((red, green, blue)).hex(),
    }


_CHARACTERS = (
    Kind(
        asked="the [ASCII|Unicode|character] code",
        of="the character '{character}'",
        answer="code",
        before='char = "{character}"',
        shown="ord(char)",
        wrong="int(char)",
    ),
    Kind(
        asked="the character",
        of="the [ASCII|Unicode|character] code {code}",
        answer="character",
        before="code = {code}",
        shown="chr(code)",
        wrong="ord(code)",
    ),
    Kind(
        asked="the list of [ASCII|character] codes",
        of="the [text|word] '{word}'",
        answer="codes",
        before='text = "{word}"',
        shown="[ord(c) for c in text]",
        wrong="ord(text)",
    ),
    Kind(
        asked="the text",
        of="the [ASCII|character] codes {codes_said}",
        answer="word",
        before="codes = {codes}",
        shown='"".join(chr(code) for code in codes)',
        wrong="chr(codes)",
    ),
    Kind(
        asked="the binary code (8 bits a letter, spaces between)",
        of="'{word}'",
        answer="bits",
        before='text = "{word}"',
        shown='" ".join(format(ord(c), "08b") for c in text)',
    ),
    Kind(
        asked="the text",
        of="the [binary code|bits|bytes] {bits}",
        answer="word",
        before='bits = "{bits}"',
        shown='"".join(chr(int(b, 2)) for b in bits.split())',
    ),
    Kind(
        asked="the sum of the character codes",
        of="the [word|text] '{word}'",
        answer="total",
        before='text = "{word}"',
        shown="sum(ord(c) for c in text)",
        wrong="sum(text)",
    ),
    Kind(
        asked="the list of RGB values",
        of="the colour {hex}",
        answer="rgb",
        before='colour = "{hex}"',
        shown="[int(colour[i:i + 2], 16) for i in (1, 3, 5)]",
        wrong="int(colour, 16)",
    ),
    Kind(
        asked="the hex code (like #00ff7f)",
        of="the RGB colour ({red}, {green}, {blue})",
        answer="hex",
        before="red, green, blue = {red}, {green}, {blue}",
        shown='f"#{red:02x}{green:02x}{blue:02x}"',
        any_case=True,
    ),
)


def _base64(text: str) -> str:
    """The code of a text: a sign for each six bits."""
    bits = "".join(f"{ord(c):08b}" for c in text) + "0000"
    signs = [_SIXTY_FOUR[int(bits[at : at + 6], 2)] for at in range(0, 8 * len(text), 6)]
    return "".join(signs) + "=" * (-len(text) % 3)


def _encoded(chance: random.Random) -> Values:
    one, two = chance.sample(WORDS, 2)
    text = chance.choice((one, f"{one} {two}", f"{one.title()}-{chance.randrange(2, 99)}"))
    marked = chance.choice((f"{one} & {two}", f"{one}/{two} {chance.randrange(2, 99)}%", f"{one}={two}?", f"{one}, {two}: yes"))
    tag = f"<{chance.choice(('b', 'i', 'p', 'em'))}>{one} & {two}"
    return {
        "text": text,
        "base64": _base64(text),
        "hex": "".join(f"{ord(c):02x}" for c in text),
        "md5": hashlib.new("md5", text.encode()).hexdigest(),
        "sha256": hashlib.new("sha256", text.encode()).hexdigest()[:8],
        "marked": marked,
        "url": "".join(c if c.isalnum() else f"%{ord(c):02X}" for c in marked),
        "tag": tag,
        "page": "".join(_IN_HTML.get(c, c) for c in tag),
        "word": one,
        "rot13": one.translate(str.maketrans(_AZ, _AZ[13:] + _AZ[:13])),
    }


_ENCODED = (
    Kind(
        asked="the Base64 [code|encoding]",
        of="'{text}'",
        answer="base64",
        before='import base64\ntext = "{text}"',
        shown="base64.b64encode(text.encode()).decode()",
    ),
    Kind(
        asked="the text",
        of="the Base64 code {base64}",
        answer="text",
        before='import base64\ncode = "{base64}"',
        shown="base64.b64decode(code).decode()",
        wrong="base64.decode(code)",
    ),
    Kind(
        asked="the URL-encoded form (a space as %20)",
        of="'{marked}'",
        answer="url",
        before='from urllib.parse import quote\ntext = "{marked}"',
        shown='quote(text, safe="")',
    ),
    Kind(
        asked="the [plain|decoded] text",
        of="the URL-encoded '{url}'",
        answer="marked",
        before='from urllib.parse import unquote\ncode = "{url}"',
        shown="unquote(code)",
    ),
    Kind(
        asked="the lower-case hex code",
        of="'{text}'",
        answer="hex",
        before='text = "{text}"',
        shown="text.encode().hex()",
        wrong="hex(text)",
    ),
    Kind(
        asked="the text",
        of="the hex bytes {hex}",
        answer="text",
        before='code = "{hex}"',
        shown="bytes.fromhex(code).decode()",
        wrong='code.decode("hex")',
    ),
    Kind(
        asked="the HTML-escaped form",
        of="'{tag}'",
        answer="page",
        before='import html\ntext = "{tag}"',
        shown="html.escape(text)",
        wrong="text.escape()",
    ),
    Kind(
        asked="the MD5 [hash|digest] (in hex)",
        of="'{text}'",
        answer="md5",
        before='import hashlib\ntext = "{text}"',
        shown="hashlib.md5(text.encode()).hexdigest()",
        any_case=True,
    ),
    Kind(
        asked="the first 8 hex digits of the SHA-256 hash",
        of="'{text}'",
        answer="sha256",
        before='import hashlib\ntext = "{text}"',
        shown="hashlib.sha256(text.encode()).hexdigest()[:8]",
        any_case=True,
    ),
    Kind(
        asked="the ROT13 [code|form]",
        of="'{word}'",
        answer="rot13",
        before='import codecs\ntext = "{word}"',
        shown='codecs.encode(text, "rot13")',
        wrong="text.rot13()",
    ),
)


def _spelled(chance: random.Random) -> Values:
    word = chance.choice([one for one in WORDS if len(one) < 8])
    plain = chance.choice([one for one in (*WORDS, *FOODS) if len(one) < 6])
    runs = [(letter, chance.randrange(1, 10)) for letter in chance.sample("abcdefxyzKLMN", chance.randrange(3, 6))]
    return {
        "word": word,
        "numbers": "-".join(str(_AZ.index(c) + 1) for c in word),
        "plain": plain,
        "morse": " ".join(_MORSE[_AZ.index(c)] for c in plain),
        "long": "".join(letter * count for letter, count in runs),
        "short": "".join(f"{letter}{count}" for letter, count in runs),
    }


_MORSE_CODES = f'codes = "{" ".join(_MORSE)}".split()'

_SPELLED = (
    Kind(
        asked="[write|put|spell] '{plain}' in Morse code, with a space between letters,",
        answer="morse",
        before='word = "{plain}"\n' + _MORSE_CODES,
        shown='" ".join(codes[ord(c) - 97] for c in word)',
        wrong="word.morse()",
    ),
    Kind(
        asked="[decode|read] the Morse code {morse} (lower case)",
        answer="plain",
        before='code = "{morse}"\n' + _MORSE_CODES,
        shown='"".join(chr(codes.index(c) + 97) for c in code.split())',
    ),
    Kind(
        asked="[write|put] '{word}' as numbers, a = 1 to z = 26, with hyphens",
        answer="numbers",
        before='word = "{word}"',
        shown='"-".join(str(ord(c) - 96) for c in word)',
    ),
    Kind(
        asked="turn {numbers} into letters, 1 = a to 26 = z",
        answer="word",
        before='code = "{numbers}"',
        shown='"".join(chr(int(n) + 96) for n in code.split("-"))',
    ),
    Kind(
        asked="[shorten|compress] '{long}' by run-length encoding (aab gives a2b1)",
        answer="short",
        before='from itertools import groupby\ntext = "{long}"',
        shown='"".join(c + str(len(list(run))) for c, run in groupby(text))',
        wrong="text.groupby()",
    ),
    Kind(
        asked="[expand|decode] the run-length code {short} (a2b1 stands for aab)",
        answer="long",
        before='import re\ncode = "{short}"',
        shown=r'"".join(c * int(n) for c, n in re.findall(r"(\D)(\d+)", code))',
    ),
)


FAMILIES = (
    family("character-codes", _characters, _CHARACTERS),
    family("encoded-text", _encoded, _ENCODED),
    family("spelling-code", _spelled, _SPELLED),
)

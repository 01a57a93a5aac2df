r"""Questions about how short pieces of text are written: naming styles, codes, masks, addresses, separators and number formats.

Invariant: right answers are put together from the parts that the question was made of, or by loops over characters and bits. It does not:
read files. A kind is a line of a table: what is asked, perhaps > and what of; ~ the answer's name; ~ code, \n between its lines, the last
an expression; perhaps ~ a wrong expression to print. Lines that begin with ? are wordings, ~ between two, those with ! the unseen ones.
"""

import hashlib
import random
import re
import string
from collections.abc import Callable
from functools import partial

from pydantic import JsonValue

from codeact.data.families.wordlists import CITIES, FOODS, GOODS, PEOPLE, WORDS
from codeact.data.families.words import words
from codeact.data.families.worked import worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_TERMS = words("user first name order total item count file size login date active page price list retry limit tax key row")
_SURNAMES = words("Weber Rossi Novak Lindgren Okafor Tanaka Silva Murphy Haddad Costa Jensen Moreau Kaya Popov Reyes Dunn")
_MORSE = words(".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..")
_ORDINALS = words("first second third fourth")
_AZ = string.ascii_lowercase
_SIXTY_FOUR = string.ascii_uppercase + _AZ + string.digits + "+/"
_NO_YES = ("no", "yes")
_Values = dict[str, JsonValue]


def _filled(text: str, values: _Values) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: str(values.get(place[1], place[0])), text)


def _asked(kinds: list[str], valued: Callable[[random.Random], _Values], chance: random.Random, phrase: Phrase) -> Instance:
    values = valued(chance)
    asked, name, code, *wrong = (part.strip() for part in chance.choice(kinds).split(" ~ "))
    *before, shown = _filled(code, values).split(r"\n")
    imports = [line for line in before if line.startswith(("import ", "from "))]
    rest = [line for line in before if line not in imports]
    slips = [Slip("wrong call", "\n".join([*imports, rest[0], f"print({_filled(one, values)})"])) for one in wrong]
    if chance.random() < 0.35:
        rest, shown = [*rest, f"result = {shown}"], "result"
    what, _, it = Phrase((asked,), chance)(**values).partition(" > ")
    right = values[name]
    return Instance(
        re.sub(",(?=[,.;?])", "", phrase(what=what, What=what[0].upper() + what[1:], it=it, It=it[:1].upper() + it[1:])),
        right,
        worked(chance, ("\n".join([*imports, *rest]), shown)),
        check="list" if isinstance(right, list) else "exact" if isinstance(right, str) else "number",
        slips=tuple(slips),
    )


def _family(name: str, valued: Callable[[random.Random], _Values], table: str) -> Family:
    lines = re.sub(r"\n\s*~", " ~", table.strip()).split("\n")
    kinds = [line for line in lines if line[0] not in "?!"]
    seen, unseen = (tuple(one for line in lines if line[0] == mark for one in line[2:].split(" ~ ")) for mark in "?!")
    return Family(f"everyday/{name}", "everyday", partial(_asked, kinds, valued), seen, unseen)


def _digits(chance: random.Random, count: int) -> str:
    return str(chance.randrange(1, 10)) + "".join(chance.choice(string.digits) for _ in range(count - 1))


def _mail(chance: random.Random) -> tuple[str, str]:
    name = chance.choice(PEOPLE).lower() + chance.choice(("", f".{chance.choice(_SURNAMES).lower()}", str(chance.randrange(1, 100))))
    return name, f"{chance.choice(WORDS)}.{chance.choice(('com', 'org', 'net', 'co.uk', 'de'))}"


def _naming(chance: random.Random) -> _Values:
    parts = chance.sample(_TERMS, chance.choice((2, 3, 3, 4)))
    capitals = "".join(part[0].upper() + part[1:] for part in parts)
    camel = r"import re\nwords = [w.lower() for w in re.findall(r'[A-Z]?[a-z]+', name)]"
    styles = (
        ("snake_case", "_".join(parts), 'words = name.split("_")', '"_".join(words)', "snake"),
        ("kebab-case", "-".join(parts), 'words = name.split("-")', '"-".join(words)', "kebab"),
        ("camelCase", parts[0] + capitals[len(parts[0]) :], camel, 'words[0] + "".join(w.title() for w in words[1:])', "camelcase"),
        ("PascalCase", capitals, camel, '"".join(w.title() for w in words)', "pascal"),
        ("CONSTANT_CASE", "_".join(parts).upper(), 'words = name.lower().split("_")', '"_".join(words).upper()', "constant"),
        ("separate lower-case words", " ".join(parts), "words = name.split()", '" ".join(words)', "words"),
    )
    (_, old, split, *_), (style, new, _, join, method) = chance.sample(styles, 2)
    return _Values(old=old, split=split, style=style, new=new, join=join, method=method)


def _clean(chance: random.Random) -> _Values:
    one, two, number = chance.choice(WORDS).title(), chance.choice(GOODS).title(), chance.randrange(2, 2030)
    title = chance.choice((f"How to Paint a {one}? Part {number}", f"{number} Tips for {one} & {two}!", f"The {one} ({two}, {number})"))
    parts = chance.sample(WORDS, chance.randrange(3, 6))
    mixed = f"{_digits(chance, 2)}-{one[:3].upper()}/{_digits(chance, 3)}.{two[:2].lower()}{_digits(chance, 1)}"
    slug = "".join(c if c.isalnum() else " " for c in title.lower()).split()
    values = _Values(title=title, mixed=mixed, slug="-".join(slug), tidy=" ".join(parts), tight="".join(parts))
    values.update(messy=" " * chance.randrange(3) + "".join(part + " " * chance.randrange(1, 4) for part in parts))
    return values | _Values(digits=re.sub("[^0-9]", "", mixed), bare="".join(c for c in title if c not in string.punctuation))


def _hidden(chance: random.Random) -> _Values:
    card, phone, s = _digits(chance, 16), f"0{_digits(chance, chance.randrange(8, 11))}", chance.choice("*X#")
    (name, domain), word, n = _mail(chance), chance.choice(WORDS), chance.randrange(2, 5)
    first, last = chance.choice(PEOPLE), chance.choice(_SURNAMES)
    values = _Values(card=card, phone=phone, s=s, mail=f"{name}@{domain}", word=word, first=first, last=last, n=n)
    values.update(spaced=" ".join(card[at : at + 4] for at in range(0, 16, 4)), groups=f"{s * 4} " * 3 + card[12:])
    values.update(mailed=f"{name[0]}{s * len(name[1:])}@{domain}", initials=f"{first[0]}.{last[0]}.")
    values.update(called="".join(c if at < n else s for at, c in enumerate(phone)), edges=f"{word[0]}{s * len(word[1:-1])}{word[-1]}")
    return values | _Values(ended="".join(s if at < 16 - n else c for at, c in enumerate(card)))


def _codes(chance: random.Random) -> _Values:
    short, c = [one for one in (*WORDS, *FOODS, *PEOPLE, *CITIES) if len(one) < 5], chance.choice(string.ascii_letters + "!?&%$+=@")
    word, rgb = chance.choice((str, str.upper, str.title))(chance.choice(short)), [chance.randrange(256) for _ in range(3)]
    values = _Values(c=c, word=word, codes=[*word.encode()], said=", ".join(map(str, word.encode())), sum=sum(word.encode()), rgb=[*rgb])
    values.update(bits=" ".join(f"{code:08b}" for code in word.encode()), n=c.encode()[0])
    return values | _Values(hex="#" + bytes(rgb).hex(), r=rgb[0], g=rgb[1], b=rgb[2])


def _encoded(chance: random.Random) -> _Values:
    one, two = chance.sample(WORDS, 2)
    text = chance.choice((one, f"{one} {two}", f"{one.title()}-{chance.randrange(2, 99)}"))
    marked = chance.choice((f"{one} & {two}", f"{one}/{two} {chance.randrange(2, 99)}%", f"{one}={two}?", f"{one}, {two}: yes"))
    tag, bits = f"<{chance.choice(('b', 'i', 'p', 'em'))}>{one} & {two}", "".join(f"{ord(c):08b}" for c in text) + "0000"
    base = "".join(_SIXTY_FOUR[int(bits[at : at + 6], 2)] for at in range(0, 8 * len(text), 6)) + "=" * (-len(text) % 3)
    values = _Values(text=text, marked=marked, tag=tag, url="".join(c if c.isalnum() else f"%{ord(c):02X}" for c in marked), base=base)
    values.update(page="".join({"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(c, c) for c in tag), hex="".join(f"{ord(c):02x}" for c in text))
    values.update(turned=one.translate(str.maketrans(_AZ, _AZ[13:] + _AZ[:13])), one=one)
    return values | _Values(md5=hashlib.new("md5", text.encode()).hexdigest(), sha=hashlib.new("sha256", text.encode()).hexdigest()[:8])


def _spelled(chance: random.Random) -> _Values:
    word, plain = chance.choice([one for one in WORDS if len(one) < 8]), chance.choice([one for one in (*WORDS, *FOODS) if len(one) < 6])
    runs = [(one, chance.randrange(1, 10)) for one in chance.sample("abcdefxyzKLMN", chance.randrange(3, 6))]
    values = _Values(word=word, plain=plain, morse=" ".join(_MORSE[_AZ.index(c)] for c in plain), m=f'codes = "{" ".join(_MORSE)}".split()')
    values.update(numbers="-".join(str(_AZ.index(c) + 1) for c in word), a='" ".join(codes[ord(c) - 97] for c in word)')
    return values | _Values(long="".join(c * count for c, count in runs), short="".join(c + str(count) for c, count in runs))


def _message(chance: random.Random) -> _Values:
    (name, domain), town, (one, two), tags = _mail(chance), chance.choice(CITIES), chance.sample(GOODS, 2), chance.sample(WORDS, 2)
    (low, high), year, order = sorted(chance.sample(range(105, 9900), 2)), str(chance.randrange(1900, 2027)), _digits(chance, 4)
    time, postcode = f"{chance.randrange(7, 22):02d}:{chance.randrange(60):02d}", _digits(chance, 5)
    said = dict(a=f"Write to {name}@{domain} soon.", b=f"Our house in {town} dates from {year}.", c=f"My order is K{order}.")
    said.update(d=f"Photos: #{tags[0]} #{tags[1]}.", e=f"The {one} is ${high / 100:.2f}, the {two} ${low / 100:.2f}.")
    said.update(f=f"We meet at {time} in {town}.", g=f"Send it to {postcode} {town}.")
    values = _Values(mail=f"{name}@{domain}", domain=domain, year=year, order=f"K{order}", sum=(low + high) / 100, high=high / 100)
    values.update(tags=[f"#{tag}" for tag in tags], time=time, postcode=postcode, prices=r're.findall(r"\$(\d+\.\d+)", text)')
    opening = f"{chance.choice(('Hello', 'Hi', 'Dear'))} {chance.choice(PEOPLE)}, {chance.choice(('thanks', 'all is well'))}."
    for key, piece in said.items():
        both = chance.sample((piece, chance.choice([each for each in said.values() if each != piece])), 2)
        text = f"{opening} {both[0]} {both[1]}"
        values.update({key: text, key.upper(): rf'import re\ntext = "{text}"\n'})
    return values


def _address(chance: random.Random) -> _Values:
    folders, stem = chance.sample(WORDS, chance.randrange(2, 5)), f"{chance.choice(GOODS)}_{chance.randrange(2030)}"
    ending, scheme = chance.choice(("pdf", "csv", "txt", "jpg", "docx", "mp3", "png", "json")), chance.choice(("http", "https"))
    folder, (one, two), value = "/".join(["", *folders]), chance.sample(("page", "size", "lang", "id"), 2), chance.choice(GOODS)
    path, host = f"{folder}/{stem}.{ending}", f"{chance.choice(('www', 'shop', 'api'))}.{_mail(chance)[1]}"
    bare = f"{scheme}://{host}{chance.choice(('', '', ':8080', ':3000'))}{folder}"
    url = f"{bare}?{one}={chance.randrange(2, 999)}&{two}={value}"
    values = _Values(path=path, file=f"{stem}.{ending}", ending=ending, stem=stem, folder=folder, last=folders[-1], host=host)
    values.update(url=url, two=two, keys=[one, two], bare=bare, p=rf'from pathlib import PurePosixPath\npath = PurePosixPath("{path}")\n')
    return values | _Values(value=value, u=rf'from urllib.parse import parse_qs, urlparse\nurl = "{url}"\nparts = urlparse(url)\n')


def _items(chance: random.Random) -> _Values:
    items = chance.sample(chance.choice((WORDS, FOODS, GOODS, CITIES, PEOPLE)), chance.randrange(4, 7))
    (old, new), at = chance.sample((", ", "; ", " | ", "/", " - ", ":"), 2), chance.randrange(4)
    text, twice = old.join(items), old.join([*items[:3], items[at % 3], *items[3:]])
    values = _Values(text=text, old=old, new=new, joined=new.join(items), items=[*items], item=items[at], at=at, nth=_ORDINALS[at])
    values.update(count=len(items), sorted=new.join(sorted(items)), said=f"{', '.join(items[:-1])} and {items[-1]}", twice=twice)
    return values | {"t": rf'text = "{text}"\n'}


def _numbers(chance: random.Random) -> _Values:
    big, part, small, w = chance.randrange(10**4, 10**9), _digits(chance, 2), chance.randrange(1, 999), chance.randrange(4, 9)
    groups, phone = [_digits(chance, 4) for _ in range(chance.randrange(3, 6))], _digits(chance, 10)
    word, s, ratio = (
        chance.choice(WORDS),
        chance.choice(".*-_#="),
        chance.randrange(1000, 99990, 10) + chance.choice((1, 2, 3, 4, 6, 7, 8, 9)),
    )
    commas = "".join(c + ("," if at and at % 3 == 0 else "") for at, c in reversed([*enumerate(str(big)[::-1])]))
    values = _Values(big=big, commas=commas, small=small, w=w, card="".join(groups), groups=" ".join(groups), word=word, s=s, phone=phone)
    values.update(
        european=f"{commas.replace(',', '.')},{part}", value=big + int(part) / 100, zeros="0" * (w - len(f"{small}")) + f"{small}"
    )
    values.update(share=f"0.{ratio:05d}", percent=f"{(ratio + 50) // 100 / 10}%", dashed=f"({phone[:3]}) {phone[3:6]}-{phone[6:]}")
    values.update(long=f"{small}.{ratio:05d}", fixed=f"{small + (ratio + 5) // 10 / 10000:.4f}", padded=word + s * w, n=len(word) + w)
    return values | _Values(times="".join([word] * w), between=s.join([word] * w))


def _records(chance: random.Random) -> _Values:
    (one, two), town, tags = chance.sample(PEOPLE, 2), chance.choice(CITIES), chance.sample(WORDS, chance.randrange(2, 4))
    fields = [one, f"{town}, {chance.choice(('north', 'old town', 'harbour'))}", str(chance.randrange(2, 90)), chance.choice(GOODS)]
    keys, sizes = chance.sample(("width", "height", "depth", "weight", "price", "age"), 3), chance.sample(range(2, 900), 3)
    at, which, most = chance.randrange(4), chance.randrange(3), max(range(3), key=lambda place: sizes[place])
    pairs = "; ".join(f"{key}={size}" for key, size in zip(keys, sizes, strict=True))
    data = f'{{"name": "{two}", "{keys[which]}": {sizes[which]}, "tags": ["' + '", "'.join(tags) + '"]}'
    values = _Values(line=f'{one},"{fields[1]}",{fields[2]},{fields[3]}', at=at, nth=_ORDINALS[at], field=fields[at], pairs=pairs)
    values.update(data=data, key=keys[which], number=sizes[which], sum=sum(sizes), keys=[*keys], max=keys[most], name=two, tags=[*tags])
    values.update(last=tags[-1], p=rf'text = "{pairs}"\npairs = dict(part.split("=") for part in text.split("; "))\n')
    return values | {"j": rf"import json\ntext = '{data}'\ndata = json.loads(text)\n"}


def _identifiers(chance: random.Random) -> _Values:
    major, minor = chance.randrange(1, 13), chance.sample(range(1, 30), 3)
    a, b, c = versions = [f"{major}.{one}.{chance.randrange(20)}" for one in minor]
    first, bits, card = chance.choice((10, 23, 81, 93, 140, 192, 192)), chance.randrange(2, 13), _digits(chance, 15)
    octets = [first, 168 if first == 192 else chance.randrange(256), chance.randrange(256), chance.randrange(1, 255)]
    whole, isbn, ip = int.from_bytes(octets), f"978{_digits(chance, 9)}", ".".join(map(str, octets))
    doubled, wrong = sum(sum(divmod(int(d) * (2 - at % 2), 10)) for at, d in enumerate(card)), max(0, chance.randrange(-9, 10))
    values = _Values(a=a, b=b, newer=_NO_YES[minor[0] > minor[1]], list=f"{a}, {b} and {c}", newest=versions[minor.index(max(minor))])
    values.update(versions=[*versions], sorted=[versions[minor.index(one)] for one in sorted(minor)], valid=_NO_YES[wrong == 0])
    values.update(ip=ip, whole=whole, private=_NO_YES[first in (10, 192)], size=2**bits, prefix=32 - bits, isbn=isbn)
    values.update(net=".".join(map(str, (whole >> bits << bits).to_bytes(4))), card=f"{card}{(wrong - doubled) % 10}")
    values.update(i=rf'import ipaddress\nip = ipaddress.ip_address("{ip}")\n')
    return values | _Values(check=-(sum(map(int, isbn[::2])) + 3 * sum(map(int, isbn[1::2]))) % 10)


_NAMING = r"""
{style} > {old} ~ new ~ name = "{old}"\n{split}\n{join} ~ name.{method}()
? [Convert|Change|Translate] '{it}' [to|into] {what}. ~ [What is|How do I write] '{it}' in {what}? ~ '{it}' in {what}?
? [I have|My code has|We use] the name '{it}' and [need|want] it in {what}. ~ [Rewrite|Retype|Now write] '{it}' in {what}[, please].
? The [variable|column|field] is called '{it}'. Our style [guide asks for|is] {what}. What [should it be called|is the new name]?
! '{it}' -> {what} ~ [In|With] {what}, what would '{it}' look like? ~ [Somebody|A colleague] named it '{it}', but we use {what}; fix it.
"""
_CLEAN = r"""
[make|build] a URL slug (lower case, only letters, digits and single hyphens) [from|out of] '{title}' ~ slug
    ~ import re\ntext = "{title}"\nre.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") ~ text.slug()
[clean up|tidy|fix] the spacing in '{messy}' (single spaces, none at the ends) ~ tidy ~ text = "{messy}"\n" ".join(text.split())
[remove|strip|take out] all [the spaces|spaces] from '{messy}' ~ tight ~ text = "{messy}"\ntext.replace(" ", "") ~ text.remove(" ")
keep only [the |]letters, digits and spaces of '{title}' ~ bare ~ text = "{title}"\n"".join(c for c in text if c.isalnum() or c == " ")
keep only the digits of '{mixed}' ~ digits ~ text = "{mixed}"\n"".join(c for c in text if c.isdigit()) ~ text.digits()
? {What}. ~ [Could you|Can you|Would you] {what}[, please]? ~ I [need|have|want] to {what}. [What comes out|How does it look then]?
? [For my website|For our archive|For an import|As a first step], {what}[, please]. ~ What [do I get|comes out|is the result] if you {what}?
! Text cleaning: {what}. ~ [Help me|I was told to] {what}. Show the [outcome|new text]. ~ [The next step is|All that is left is] to {what}.
"""
_HIDDEN = r"""
the card number {card} with '{s}' for all but the last {n} digits ~ ended ~ card = "{card}"\n"{s}" * (len(card) - {n}) + card[-{n}:]
the card number {spaced} with '{s}' for all but the last four digits, [and with|keeping] the spaces, ~ groups
    ~ import re\ncard = "{spaced}"\nre.sub(r"\d", "{s}", card[:-4]) + card[-4:] ~ re.sub(r"\d", card)
the phone number {phone} with '{s}' for each digit after the first {n} ~ called ~ text = "{phone}"\ntext[:{n}] + "{s}" * (len(text) - {n})
the address {mail} with '{s}' for each character between its first letter and the @ ~ mailed
    ~ mail = "{mail}"\nname, domain = mail.split("@")\nname[0] + "{s}" * (len(name) - 1) + "@" + domain ~ mail.mask("{s}")
the name {first} {last} as initials (like A.B.) ~ initials ~ name = "{first} {last}"\n"".join(part[0] + "." for part in name.split())
'{word}' with '{s}' for each letter but the first and the last ~ edges ~ word = "{word}"\nword[0] + "{s}" * (len(word) - 2) + word[-1]
? [Write|Show|Print|Give me] {what}. ~ [How do I write|What is] {what}? ~ [Can|Could] you [write|show|give me] {what}?
? [For privacy|For a receipt|In our list] I [need|want] {what}. ~ The [form|letter|page] should [show|have] {what}. What goes there?
! {What}, [please|thanks]. ~ [Privacy first: we|We] publish {what}. What do readers see? ~ [Prepare|Produce] {what} for [the file|print].
"""
_CODES = r"""
the [ASCII|Unicode|character] code > the character '{c}' ~ n ~ char = "{c}"\nord(char) ~ int(char)
the character > the [ASCII|Unicode|character] code {n} ~ c ~ code = {n}\nchr(code) ~ ord(code)
the list of [ASCII|character] codes > the [text|word] '{word}' ~ codes ~ text = "{word}"\n[ord(c) for c in text] ~ ord(text)
the text > the [ASCII|character] codes {said} ~ word ~ codes = {codes}\n"".join(chr(code) for code in codes) ~ chr(codes)
the binary code (8 bits a letter, spaces between) > '{word}' ~ bits ~ text = "{word}"\n" ".join(format(ord(c), "08b") for c in text)
the text > the [binary code|bits|bytes] {bits} ~ word ~ bits = "{bits}"\n"".join(chr(int(b, 2)) for b in bits.split())
the sum of the character codes > the [word|text] '{word}' ~ sum ~ text = "{word}"\nsum(ord(c) for c in text) ~ sum(text)
the list of RGB values > the colour {hex} ~ rgb ~ colour = "{hex}"\n[int(colour[i:i + 2], 16) for i in (1, 3, 5)] ~ int(colour, 16)
the hex code (like #00ff7f) > the RGB colour ({r}, {g}, {b}) ~ hex ~ red, green, blue = {r}, {g}, {b}\nf"#{red:02x}{green:02x}{blue:02x}"
? What is {what} for {it}? ~ [Tell|Give|Show] me {what} for {it}[, please]. ~ [Find|Work out|Look up] {what} for {it}.
? [I have|Here is|Take] {it}. [I need|What is|Find] {what} for it. ~ [I need|I want|I am looking for] {what} for {it}. ~ {What} for {it}?
! {It}: {what}? ~ [My puzzle|A worksheet] [has|shows] {it} and asks for {what}. ~ For {it}, [state|report|print] {what}.
"""
_ENCODED = r"""
the Base64 [code|encoding] > '{text}' ~ base ~ import base64\ntext = "{text}"\nbase64.b64encode(text.encode()).decode()
the text > the Base64 code {base} ~ text ~ import base64\ncode = "{base}"\nbase64.b64decode(code).decode() ~ base64.decode(code)
the URL-encoded form (a space as %20) > '{marked}' ~ url ~ from urllib.parse import quote\ntext = "{marked}"\nquote(text, safe="")
the [plain|decoded] text > the URL-encoded '{url}' ~ marked ~ from urllib.parse import unquote\ncode = "{url}"\nunquote(code)
the lower-case hex code > '{text}' ~ hex ~ text = "{text}"\ntext.encode().hex() ~ hex(text)
the text > the hex bytes {hex} ~ text ~ code = "{hex}"\nbytes.fromhex(code).decode() ~ code.decode("hex")
the HTML-escaped form > '{tag}' ~ page ~ import html\ntext = "{tag}"\nhtml.escape(text) ~ text.escape()
the MD5 [hash|digest] (in hex) > '{text}' ~ md5 ~ import hashlib\ntext = "{text}"\nhashlib.md5(text.encode()).hexdigest()
the first 8 hex digits of the SHA-256 hash > '{text}' ~ sha ~ import hashlib\ntext = "{text}"\nhashlib.sha256(text.encode()).hexdigest()[:8]
the ROT13 [code|form] > '{one}' ~ turned ~ import codecs\ntext = "{one}"\ncodecs.encode(text, "rot13") ~ text.rot13()
? [What is|Can you give me] {what} of {it}? ~ [Compute|Give me|Show me|Print] {what} of {it}. ~ {What} of {it}[, please].
? [I was sent|I have|Here is] {it}. [I need|Give me|Find] {what} of it. ~ [A program|A form|My script] needs {what} of {it}. What is it?
! {It} - [return|tell me] {what} of it. ~ What does {what} of {it} look like? ~ [Let me have|I want to see] {what} of {it}.
"""
_SPELLED = r"""
[write|put|spell] '{plain}' in Morse code, with a space between letters, ~ morse ~ word = "{plain}"\n{m}\n{a} ~ word.morse()
[decode|read] the Morse code {morse} (lower case) ~ plain ~ code = "{morse}"\n{m}\n"".join(chr(codes.index(c) + 97) for c in code.split())
[write|put] '{word}' as numbers, a = 1 to z = 26, with hyphens ~ numbers ~ word = "{word}"\n"-".join(str(ord(c) - 96) for c in word)
turn {numbers} into letters, 1 = a to 26 = z ~ word ~ code = "{numbers}"\n"".join(chr(int(n) + 96) for n in code.split("-"))
[shorten|compress] '{long}' by run-length encoding (aab gives a2b1) ~ short
    ~ from itertools import groupby\ntext = "{long}"\n"".join(c + str(len(list(run))) for c, run in groupby(text)) ~ text.groupby()
[expand|decode] the run-length code {short} (a2b1 stands for aab) ~ long
    ~ import re\ncode = "{short}"\n"".join(c * int(n) for c, n in re.findall(r"(\D)(\d+)", code))
? {What}. ~ [Can|Could|Would] you {what}? ~ [Please|Now] {what}. ~ [For a scout game|For a puzzle|For class] I [have|need|want] to {what}.
? I [am trying|would like] to {what}. [What is the result|What comes out|What do I get]? ~ How do I {what}? [Only|Just] the result.
! [My daughter|A friend] [asks|wants] me to {what}; what is the answer? ~ Task: {what}. ~ The [quiz|riddle] says: "{What}." Solve it.
"""
_MESSAGE = r"""
the [email|e-mail] address > {a} ~ mail ~ {A}re.search(r"[\w.]+@[\w.]+\w", text)[0] ~ text.email()
the domain (after the @) of the [email|e-mail] address > {a} ~ domain ~ {A}re.search(r"@([\w.]+\w)", text)[1] ~ text.domain()
the year > {b} ~ year ~ {B}re.search(r"\b(?:19|20)\d\d\b", text)[0] ~ re.search(text)[0]
the order number > {c} ~ order ~ {C}re.search(r"K\d+", text)[0] ~ text.search(r"K\d+")
the list of hashtags (with the #) > {d} ~ tags ~ {D}re.findall(r"#\w+", text) ~ re.findall(text)
the [sum|total] of the prices > {e} ~ sum ~ {E}prices = {prices}\nround(sum(float(p) for p in prices), 2) ~ sum({prices})
the [higher price|price of the dearer thing] > {e} ~ high ~ {E}prices = {prices}\nmax(float(p) for p in prices) ~ max(text.prices)
the time of the meeting (HH:MM) > {f} ~ time ~ {F}re.search(r"\d\d:\d\d", text)[0] ~ text.time
the five-digit postcode > {g} ~ postcode ~ {G}re.search(r"\b\d{5}\b", text)[0] ~ re.search(r"\d{5}")[0]
? What is {what} in [this message|this note|the text] '{it}'? ~ [Find|Get|Extract|Pull out] {what} [from|in] '{it}'
? [I got|I received|Here is] a [message|note]: '{it}' [Give me|I need] {what} [in|from] it. ~ '{it}' [Tell|Give] me {what}[, please].
? [I need|I want|Can you get me] {what} from the [mail|message] '{it}' ~ Message: '{it}' {What}?
! '{it}' - [copy|note down] {what} from that. ~ [A friend wrote|My inbox has] '{it}' and all I want is {what}. ~ Search '{it}' for {what}.
"""
_ADDRESS = r"""
the file name (with its extension) > {path} ~ file ~ {p}path.name ~ path.filename
the [extension|file extension] (without the dot) > {path} ~ ending ~ {p}path.suffix.lstrip(".") ~ path.extension
the file name without its extension > {path} ~ stem ~ {p}path.stem ~ path.stem()
the [full path|whole path] of the folder > {path} ~ folder ~ {p}path.parent ~ path.folder
the name (not the path) of the [innermost|last] folder > {path} ~ last ~ {p}path.parent.name ~ path.folder.name
the host name (without a port) > {url} ~ host ~ {u}parts.hostname ~ url.host
the path (from its first slash on) > {url} ~ folder ~ {u}parts.path ~ url.path
the value of the parameter {two} > {url} ~ value ~ {u}parse_qs(parts.query)["{two}"][0] ~ url["{two}"]
the list of names of the [query parameters|parameters] > {url} ~ keys ~ {u}list(parse_qs(parts.query)) ~ list(url.query)
the [part|address] before the query string > {url} ~ bare ~ url = "{url}"\nurl.split("?")[0] ~ url.base
? What is {what} of {it}? ~ [Give|Tell|Show] me {what} of {it}[, please]. ~ [Take|Here is|I have] {it}. [I need|Give me|Find] {what}.
? [From|Out of] {it}, [get|extract|cut out] {what}. ~ My [script|program|log] [shows|has] {it} and I [need|want] {what}. ~ {it}: {what}?
! {What} of {it}, [please|thanks]. ~ [Somebody|A colleague] sent {it}; [name|state] {what}. ~ {it} is given. What is {what} there?
"""
_ITEMS = r"""
put '{new}' in place of each '{old}' > '{text}' ~ joined ~ {t}text.replace("{old}", "{new}") ~ text.substitute("{old}", "{new}")
split it at each '{old}' into a list > '{text}' ~ items ~ {t}text.split("{old}") ~ text.explode("{old}")
count the items, which are separated by '{old}' > '{text}' ~ count ~ {t}len(text.split("{old}")) ~ text.count()
give me the {nth} item, where '{old}' is the separator > '{text}' ~ item ~ {t}text.split("{old}")[{at}] ~ text.item({at})
sort the items (separator '{old}') by the alphabet and join with '{new}' > '{text}' ~ sorted ~ {t}"{new}".join(sorted(text.split("{old}")))
write the items (separated by '{old}') in the form x, y and z > '{text}' ~ said
    ~ {t}items = text.split("{old}")\n", ".join(items[:-1]) + " and " + items[-1] ~ " and ".join(text.items())
drop the repeated item (separator '{old}') and give a list > '{twice}' ~ items ~ text = "{twice}"\nlist(dict.fromkeys(text.split("{old}")))
? [Take|Look at|Use] {it} and {what}. ~ {It}: {what}. ~ [Can|Could] you take {it} and {what}? ~ [Given|With] {it}, {what}[, please].
? [I have|My note says|The cell holds] {it}. [Please|Now] {what}. ~ [Here is a line|This is the text]: {it}. I [need|want] you to {what}.
! {What}; the text is {it}. ~ Starting from {it}, {what}. ~ [Somebody typed|The export gave] {it}. [Next|Then], {what}.
"""
_NUMBERS = r"""
with commas between the thousands > {big} ~ commas ~ number = {big}\nf"{number:,}" ~ number.format(",")
without the commas > {commas} ~ big ~ text = "{commas}"\nint(text.replace(",", "")) ~ int(text)
in English style > the European number {european} ~ value ~ text = "{european}"\nfloat(text.replace(".", "").replace(",", "."))
with leading zeros, {w} digits in all, > {small} ~ zeros ~ number = {small}\nstr(number).zfill({w}) ~ number.zfill({w})
in groups of four, with spaces > {card} ~ groups ~ text = "{card}"\n" ".join(text[i:i + 4] for i in range(0, len(text), 4))
in the form (123) 456-7890 > the phone number {phone} ~ dashed ~ text = "{phone}"\nf"({text[:3]}) {text[3:6]}-{text[6:]}" ~ text.phone()
as a percentage with one decimal and a % sign > {share} ~ percent ~ number = {share}\nf"{number:.1%}" ~ number.percent()
with [exactly four|four] decimals > {long} ~ fixed ~ number = {long}\nf"{number:.4f}" ~ number.fixed(4)
filled up on the right with '{s}' to {n} characters > '{word}' ~ padded ~ word = "{word}"\nword.ljust({n}, "{s}") ~ word.pad({n})
{w} times in a row, without spaces, > '{word}' ~ times ~ word = "{word}"\nword * {w} ~ word.repeat({w})
{w} times, with '{s}' between, > '{word}' ~ between ~ word = "{word}"\n"{s}".join([word] * {w}) ~ word * "{w}"
? Write {it} {what}. ~ How [do I|do you|can I] write {it} {what}? ~ [Show|Give|Print] me {it} {what}[, please]. ~ {It} {what}[, please].
? [I have|Take|Here is] {it}. [Write|Print|Show] it {what}. ~ [For a table|For a form|In a report] I [need|want] {it} {what}.
! {It} has to [appear|be written] {what}; show it. ~ {It}, but {what}? ~ [Format|Type out] {it} {what}. ~ What [is|would be] {it} {what}?
"""
_RECORDS = r"""
the {nth} field > the CSV line {line} ~ field ~ import csv\nline = '{line}'\nrow = next(csv.reader([line]))\nrow[{at}] ~ line.fields[{at}]
the value of {key} > '{pairs}' ~ number ~ {p}pairs["{key}"] ~ text["{key}"]
the [sum|total] of [all|the] values > '{pairs}' ~ sum ~ {p}sum(int(value) for value in pairs.values()) ~ sum(text.split("="))
the list of [keys|names before the = signs] > '{pairs}' ~ keys ~ {p}list(pairs) ~ text.keys()
the [key|name] with the largest number > '{pairs}' ~ max ~ {p}max(pairs, key=lambda key: int(pairs[key])) ~ max(text.values())
the value of {key} > the JSON text {data} ~ number ~ {j}data["{key}"] ~ text["{key}"]
the [name|value of name] > the JSON text {data} ~ name ~ {j}data["name"] ~ text.name
the list of tags > the JSON text {data} ~ tags ~ {j}data["tags"] ~ text["tags"]
the last of the tags > the JSON text {data} ~ last ~ {j}data["tags"][-1] ~ text.tags[-1]
? What is {what} in {it}? ~ [Read|Get|Look up] {what} [in|from] {it}. ~ [Given|In] {it}, what is {what}? ~ [Tell|Give] me {what} in {it}.
? [I have|An export gave|A server sent] {it}. [I need|Give me|Find] {what}. ~ [I want|I need] {what} out of {it}.
! {It} - {what}? ~ [Parse|Take apart] {it} and [report|return] {what}. ~ {What} is what I am after; the source is {it}.
"""
_IDENTIFIERS = r"""
whether version {a} is newer than version {b} (yes or no) ~ newer
    ~ a, b = "{a}", "{b}"\nfirst, second = [[int(n) for n in v.split(".")] for v in (a, b)]\n"yes" if first > second else "no" ~ float(a)
which is the newest of the versions {list} ~ newest ~ versions = {versions}\nmax(versions, key=lambda v: [int(n) for n in v.split(".")])
the list of {list}, oldest version first ~ sorted ~ versions = {versions}\nsorted(versions, key=lambda v: [int(n) for n in v.split(".")])
whether {ip} is a private IP address (yes or no) ~ private ~ {i}"yes" if ip.is_private else "no" ~ ip.private
the whole number that the IP address {ip} stands for ~ whole ~ {i}int(ip) ~ ip.number
the number of all addresses in {net}/{prefix} ~ size ~ import ipaddress\nnet = ipaddress.ip_network("{net}/{prefix}")\nnet.num_addresses
the check digit that follows {isbn} in an ISBN-13 ~ check
    ~ code = "{isbn}"\ntotal = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(code))\n-total % 10 ~ sum(code)
whether the card number {card} passes the Luhn check (yes or no) ~ valid
    ~ card = "{card}"\ntotal = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(card[::-1]))\n"no" if total % 10 else "yes"
? [Tell me|Find out|Work out] {what}. ~ [Can|Could] you [tell me|work out|say] {what}? ~ [I want|I need|I would like] to know {what}.
? [I have to find out|I was asked to say|Nobody can tell me] {what}. [What do I say|Can you help]? ~ [Please|Now] [say|determine] {what}.
! My question: {what}. ~ [My boss|A colleague] wants to know {what}. ~ [Settle|Answer] this: {what}. ~ Do you know {what}?
"""

FAMILIES: tuple[Family, ...] = (
    _family("naming-style", _naming, _NAMING),
    _family("clean-text", _clean, _CLEAN),
    _family("hide-part", _hidden, _HIDDEN),
    _family("character-codes", _codes, _CODES),
    _family("encoded-text", _encoded, _ENCODED),
    _family("spelling-code", _spelled, _SPELLED),
    _family("part-of-message", _message, _MESSAGE),
    _family("part-of-address", _address, _ADDRESS),
    _family("joined-items", _items, _ITEMS),
    _family("written-number", _numbers, _NUMBERS),
    _family("record-field", _records, _RECORDS),
    _family("identifier", _identifiers, _IDENTIFIERS),
)

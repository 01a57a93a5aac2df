"""Plain questions about numbers as people type them: sums in signs and in words, digits, factors, notations, rounding, chances, riddles.

Invariant: right answers come from formulas, exact fractions or digits taken off one by one, not from the expert's code; halves that could
be rounded either way are not asked for. It does not: hold the plain forms that `arithmetic`, `integers`, `sequences` and `counting` have.
"""

import math
import random
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import partial

from pydantic import JsonValue

from codeact.bench.task import Tolerance
from codeact.data.families.words import words
from codeact.data.families.worked import in_turn
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_PRIMES = sorted(set(range(2, 4000)) - {a * b for a in range(2, 64) for b in range(a, 4000 // a + 1)})
_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
_SIGNS = dict(zip(words("M CM D CD C XC L XL X IX V IV I"), _VALUES, strict=True))
_PACKS = words("eggs boxes|apples crates|bottles cases|pencils packs|tiles cartons|photos albums|cookies tins|marbles jars", "|")
_NEAR = Tolerance(rel=1e-9, abs=1e-9)
_Kinds = Sequence[tuple[str, str, JsonValue]]
"""What is asked, with alternatives as in wordings; code, whose last line is what is printed; the right answer."""
_Asked = tuple[str, _Kinds, tuple[str, str, str]]
"""Code before all kinds; the kinds; a mistake: what it is called, what of the code it puts something else for, and what it puts."""
_NO_SLIP = ("", "", "")


def _make(ask: Callable[[random.Random], _Asked], names: str, chance: random.Random, phrase: Phrase) -> Instance:
    """One of the kinds. What is asked has parts with these names, ``//`` between them; with a capital letter they begin with one."""
    given, kinds, (mistake, old, new) = ask(chance)
    what, code, right = chance.choice(kinds)
    parts = dict(zip(names.split(), Phrase((what,), chance)().split(" // "), strict=True))
    parts |= {name.capitalize(): part[:1].upper() + part[1:] for name, part in parts.items()}
    before, _, shown = f"{given}\n{code}".strip().rpartition("\n")
    if "=" not in before and chance.random() < 0.7:
        before, shown = f"{before}\nresult = {shown}".strip(), "result"
    whole = f"{before}\nprint({shown})".strip()
    whole = f"import math\n{whole}" if "math." in whole else whole
    check = "list" if isinstance(right, list) else "exact" if isinstance(right, str) else "number"
    slips = (Slip(mistake, whole.replace(old, new)),) if old and old in whole else ()
    return Instance(phrase(**parts), right, in_turn(whole), check=check, tolerance=_NEAR, slips=slips)


def _size(chance: random.Random, low: int, high: int) -> int:
    """Between two numbers; small ones are as likely as large ones."""
    return int(low * (high / low) ** chance.random())


def _in_words(chance: random.Random) -> _Asked:
    a, b, c, d = _size(chance, 3, 2000), _size(chance, 3, 900), chance.randrange(3, 60), chance.randrange(3, 13)
    kinds: _Kinds = (
        (f"the sum of {a} and {b}, [multiplied by|times] {d}", f"({a} + {b}) * {d}", a * d + b * d),
        (f"{a} [times|multiplied by] {d}, [plus|increased by] {b}", f"{a} * {d} + {b}", sum([a] * d) + b),
        (f"half of {2 * a} plus a [third|third part] of {3 * b}", f"{2 * a} / 2 + {3 * b} / 3", a + b),
        (f"the square of {a + c} minus the square of {a}", f"{a + c} ** 2 - {a} ** 2", c * (2 * a + c)),
        (f"[twice|two times] {a} plus three times {b}", f"2 * {a} + 3 * {b}", a + a + b + b + b),
        (f"{c} [to the power of|raised to the power of] {d % 5 + 3}", f"{c} ** {d % 5 + 3}", math.prod([c] * (d % 5 + 3))),
        (f"three quarters of {4 * a}, plus {c} more", f"{4 * a} * 3 / 4 + {c}", 3 * a + c),
        (f"the square root of {c * c} [times|multiplied by] {d}", f"{c * c} ** 0.5 * {d}", c * d),
        (f"the sum of all whole numbers from {a} to {a + b}", f"sum(range({a}, {a + b} + 1))", (2 * a + b) * (b + 1) // 2),
        (f"the sum of [all|the] multiples of {d} up to {a * d}", f"sum(range({d}, {a * d} + 1, {d}))", d * a * (a + 1) // 2),
    )
    return "", kinds, _NO_SLIP


def _typed(chance: random.Random) -> _Asked:
    prices = [f"{chance.randrange(5, 9000) / 100:.2f}" for _ in range(chance.randrange(3, 5))]
    terms = [chance.choice((1, 1, -1)) * _size(chance, 2, 3000) for _ in range(chance.randrange(5, 9))]
    a, b, c, d = (chance.randrange(2, 40) for _ in range(4))
    wide, less = _size(chance, 2000, 9_000_000), chance.randrange(1001, 2000)
    long = " ".join([str(wide), *(f"{'-' if term < 0 else '+'} {abs(term)}" for term in terms)])
    kinds: _Kinds = (
        (" + ".join(prices), f"round({' + '.join(prices)}, 2)", float(sum(map(Fraction, prices)))),
        (long, long, wide + sum(terms)),
        (f"{wide:,} - {less:,} + {a}", f"{wide} - {less} + {a}", wide + a - less),
        (f"{a} \u00d7 {b} \u00d7 {c}", f"{a} * {b} * {c}", math.prod((c, b, a))),
        (f"{a * b * c} ÷ {b} \u00d7 {d}", f"{a * b * c} / {b} * {d}", a * c * d),
        (f"({a} + {b}) \u00d7 ({c} + {d}) ÷ 2", f"({a} + {b}) * ({c} + {d}) / 2", float(Fraction((a + b) * (c + d), 2))),
        (f"√{a * a} + √{b * b}", f"{a * a} ** 0.5 + {b * b} ** 0.5", a + b),
        (f"{a}² + {b}³", f"{a} ** 2 + {b} ** 3", a * a + b * b * b),
        (f"2^{c} - {a}^4", f"2 ** {c} - {a} ** 4", (1 << c) - a * a * a * a),
        (f"{a} - ({b} - ({c} - {d}))", f"{a} - ({b} - ({c} - {d}))", a - b + c - d),
        (f"{prices[0]} x {a}", f"round({prices[0]} * {a}, 2)", float(Fraction(prices[0]) * a)),
    )
    return "", kinds, ("sign of the question", " * ", " \u00d7 ") if a % 2 else _NO_SLIP


def _leftover(chance: random.Random) -> _Asked:
    (thing, holder), size = chance.choice(_PACKS).split(), chance.randrange(3, 49)
    full, rest, eater = _size(chance, 3, 90), chance.randrange(1, size), chance.choice(words("children friends pupils players cousins"))
    count = size * full + rest
    scene = f"[{count} {thing} go into {holder} of {size}|I have {count} {thing} and {holder} for {size} each]"
    shared = f"[{count} sweets are shared equally among {size} {eater}|{size} {eater} share {count} sweets equally]"
    kinds: _Kinds = (
        (f"{scene} // how many {holder} can be filled completely", f"{count} // {size}", full),
        (f"{scene} // how many {thing} are left [over|for the last one]", f"{count} % {size}", rest),
        (f"{scene} // how many {holder} are needed [for all of them|in all]", f"math.ceil({count} / {size})", full + 1),
        (f"{shared} // how many sweets go to each[ of them]", f"{count} // {size}", full),
        (f"{shared} // how many sweets [remain|are left over]", f"{count} % {size}", rest),
    )
    return "", kinds, ("forgotten import", "import math\n", "")


def _claim(chance: random.Random) -> _Asked:
    true, k, m = chance.random() < 0.5, chance.randrange(3, 40), _size(chance, 5, 300)
    half, shift, off = str(chance.randrange(10, 900)), chance.randrange(2, 20), 0 if true else 1
    prime, product = chance.choice(_PRIMES[9:]), chance.choice(_PRIMES[1:20]) * chance.choice(_PRIMES[1:60])
    multiple, is_prime = k * m + off * chance.randrange(1, k), "n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))"
    table = (
        (multiple, f"[divisible by|a multiple of|evenly divisible by] {k}", f"n % {k} == 0"),
        (prime if true else product, "[a prime number|prime|a prime]", is_prime),
        (m * m + off * chance.randrange(1, 2 * m), "[a perfect square|a square number]", "int(n**0.5) ** 2 == n"),
        (int(half + half[::-1]) + 10 * off, "[a palindrome|the same when read backwards]", "str(n) == str(n)[::-1]"),
        (2**shift + off * chance.randrange(1, 2**shift), "a power of [2|two]", 'bin(n).count("1") == 1'),
        (k, f"a [factor|divisor] of {multiple}", f"{multiple} % n == 0"),
    )
    number, claim, test = chance.choice(table)
    kinds: _Kinds = ((f"{number} // {claim}", f'"yes" if {test} else "no"', "yes" if true else "no"),)
    return f"n = {number}", kinds, ("no such method", is_prime, "n.is_prime()")


def _factorials(chance: random.Random) -> _Asked:
    n, big, limit = chance.randrange(5, 24), chance.randrange(10, 160), _size(chance, 100, 10**12)
    k, j = chance.randrange(3, n), chance.randrange(4, 12)
    fits = [m for m in range(1, 16) if math.prod(range(1, m + 1)) < limit][-1]
    zeros = f'text = str(math.factorial({big}))\nlen(text) - len(text.rstrip("0"))'
    kinds: _Kinds = (
        (f"[the factorial of {n}|{n} factorial|{n}!]", f"math.factorial({n})", math.prod(range(2, n + 1))),
        (f"the number of zeros at the end of {big}[!| factorial]", zeros, sum(big // 5**e for e in (1, 2, 3))),
        (f"{n}! [divided by|/] {k}!", f"math.factorial({n}) // math.factorial({k})", math.prod(range(k + 1, n + 1))),
        (f"the sum 1! + 2! + ... + {j}!", f"sum(map(math.factorial, range(1, {j} + 1)))", sum(math.perm(i) for i in range(1, j + 1))),
        (f"the largest n with n! below {limit}", f"n = 1\nwhile math.factorial(n + 1) < {limit}:\n    n += 1\nn", fits),
    )
    return "", kinds, ("missing module", "math.factorial", "factorial")


def _factors(chance: random.Random) -> _Asked:
    shared, one = chance.randrange(2, 30), chance.choice(("factor", "divisor"))
    n, m = shared * chance.randrange(4, 60), shared * chance.randrange(4, 40)
    found = sorted(d for low in range(1, math.isqrt(n) + 1) if n % low == 0 for d in {low, n // low})
    both = [d for d in found if m // d * d == m]
    given, slip = f"n = {n}\ndivisors = [d for d in range(1, n + 1) if n % d == 0]", ("wrong range", "range(1, n + 1)", "range(n + 1)")
    kinds: _Kinds = (
        (f"the [largest|biggest] {one} of {n} other than {n} itself", "divisors[-2]", n // found[1]),
        (f"the smallest {one} of {n} [greater|larger] than 1", "divisors[1]", next(prime for prime in _PRIMES if n % prime == 0)),
        (f"the number of even {one}s of {n}", "sum(1 for d in divisors if d % 2 == 0)", len([d for d in found if not d & 1])),
        (f"the list of all common {one}s of {n} and {m}, smallest first", f"[d for d in divisors if {m} % d == 0]", [*both]),
    )
    return given, kinds, slip


def _in_base(n: int, base: int) -> str:
    return (_in_base(n // base, base) if n >= base else "") + "0123456789abcdef"[n % base]


def _roman(n: int) -> str:
    return next((sign + _roman(n - value) for sign, value in _SIGNS.items() if n >= value), "")


def _notations(chance: random.Random) -> _Asked:
    n, m, base = _size(chance, 5, 3900), _size(chance, 3, 300), chance.choice((3, 4, 5, 6, 7, 9))
    two, other, sixteen, odd = _in_base(n, 2), _in_base(m, 2), _in_base(n, 16), _in_base(n, base)
    m3, e = chance.randrange(10, 100) * 10 + chance.randrange(1, 10), chance.randrange(3, 13)
    number, written, tiny = m3 * 10 ** (e - 2), f"{m3 // 100}.{m3 % 100:02}", f"0.{'0' * (e - 1)}{m3}"
    split = f'mantissa, exponent = f"{{{number}:.2e}}".split("e")\nf"{{mantissa}} x 10^{{int(exponent)}}"'
    read = f'value = {{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}}\nn = [value[c] for c in "{_roman(n)}"]\n'
    read += "total = sum(-a if a < b else a for a, b in zip(n, n[1:] + [0]))\ntotal"
    kinds: _Kinds = (
        (f"{n} in [binary|base 2|the binary system] (digits only)", f'format({n}, "b")', two),
        (f"{n} in [hexadecimal|hex|base 16] (lower case, digits only)", f'format({n}, "x")', sixteen),
        (f"[the binary number {two}|binary {two}|{two} in base 2] as an ordinary number", f'int("{two}", 2)', n),
        (f"[hex {sixteen}|0x{sixteen}|the hexadecimal number {sixteen}] as a decimal number", f'int("{sixteen}", 16)', n),
        (f"the base {base} number {odd} in decimal", f'int("{odd}", {base})', n),
        (f"binary {two} plus binary {other}, in binary", f'format(int("{two}", 2) + int("{other}", 2), "b")', _in_base(n + m, 2)),
        (f"the number of [ones|1s] in the binary form of {n}", f'bin({n}).count("1")', two.count("1")),
        (f"the [Roman numeral|year|old inscription] {_roman(n)} in ordinary digits", read, n),
        (f"{number} in scientific notation (form 1.23e+05)", f'f"{{{number}:.2e}}"', f"{written}e+{e:02}"),
        (f"{tiny} in scientific notation (form 1.23e-05)", f'f"{{{tiny}:.2e}}"', f"{written}e-{e:02}"),
        (f"{number} in the form a x 10^b, with two decimals in a", split, f"{written} x 10^{e}"),
        (f"{written} x 10^{e} [written out in full|as an ordinary number]", f"round({written} * 10 ** {e})", number),
        (f"{written} x 10^-{e} as an ordinary decimal number", f'f"{{{written}e-{e}:.{e + 2}f}}"', tiny),
    )
    return "", kinds, ("number for text", f'"{two}"', two)


def _digits(chance: random.Random) -> _Asked:
    digits = [chance.randrange(1, 10), *(chance.randrange(10) for _ in range(chance.randrange(2, 9))), chance.randrange(1, 10)]
    d, ranked, n = chance.choice(digits), sorted(digits), int("".join(map(str, digits)))
    root, largest = "while n > 9:\n    n = sum(int(d) for d in str(n))\nn", sum(one * 10**i for i, one in enumerate(ranked))
    kinds: _Kinds = (
        (f"the product of the digits of {n}", "math.prod(digits)", math.prod(sorted(digits))),
        (f"the number of times the digit {d} [appears|occurs] in {n}", f"digits.count({d})", len([one for one in digits if one == d])),
        (f"{n} [written backwards|with its digits reversed]", "int(str(n)[::-1])", sum(one * 10**i for i, one in enumerate(digits))),
        (f"the digital root of {n} (add its digits, again and again, until one is left)", root, 1 + (n - 1) % 9),
        (f"the largest number made of all the digits of {n}", 'int("".join(sorted(str(n), reverse=True)))', largest),
        (f"the number of even digits in {n}", "len([d for d in digits if d % 2 == 0])", len(digits) - sum(one & 1 for one in digits)),
        (f"the list of the digits of {n} in rising order", "sorted(digits)", [*ranked]),
    )
    return f"n = {n}\ndigits = [int(digit) for digit in str(n)]", kinds, ("wrong type", "for digit in str(n)]", "for digit in n]")


def _parts(chance: random.Random) -> _Asked:
    q, k, w, least = chance.randrange(3, 25), chance.randrange(2, 15), chance.randrange(2, 12), "lowest terms"
    p, thousandths, percent = chance.randrange(1, q), chance.randrange(5, 4000), chance.randrange(2, 200)
    some, more = Fraction(p, q), Fraction(chance.randrange(1, 11), 11)
    pair = f"Fraction({some.numerator}, {some.denominator})"
    split = f'whole, rest = divmod({w * q + p}, {q})\nf"{{whole}} {{Fraction(rest, {q})}}"'
    kinds: _Kinds = (
        (f"{p * k}/{q * k} [in {least}|fully simplified|as a reduced fraction]", f"Fraction({p * k}, {q * k})", str(some)),
        (f"{w * q + p}/{q} as a mixed number (written like 2 3/4)", split, f"{w} {some}"),
        (f"the mixed number {w} {some} as an improper fraction", f"{w} + {pair}", str(some + w)),
        (f"{thousandths / 1000} as a fraction in {least}", f'Fraction("{thousandths / 1000}")', str(Fraction(thousandths, 1000))),
        (f"{percent}% as a fraction in {least}", f"Fraction({percent}, 100)", str(Fraction(percent, 100))),
        (f"{some} of {q * k * 5}", f"{pair} * {q * k * 5}", p * k * 5),
        (f"the larger of {some} and {more}", f"max({pair}, Fraction({more.numerator}, {more.denominator}))", str(max(some, more))),
    )
    return "from fractions import Fraction", kinds, ("text for number", f"Fraction({p * k}, {q * k})", f'Fraction("{p * k}", "{q * k}")')


def _ranges(chance: random.Random) -> _Asked:
    a, k, s, d = _size(chance, 2, 500), chance.randrange(3, 30), chance.randrange(4, 16), chance.randrange(1, 10)
    b = a + _size(chance, 20, 900)
    table = (
        (lambda n: d in (n % 10, n // 10 % 10, n // 100 % 10, n // 1000), f"contain the digit {d}", f'"{d}" in str(n)'),
        (lambda n: math.isqrt(n) ** 2 == n, "are perfect squares", "int(n**0.5) ** 2 == n"),
        (lambda n: (n - s) % 9 == 0 and sum(map(int, f"{n}")) == s, f"have a digit sum of {s}", f"sum(int(d) for d in str(n)) == {s}"),
        (lambda n: all(f"{n}".count(c) == 1 for c in f"{n}"), "have no repeated digit", "len(set(str(n))) == len(str(n))"),
        (lambda n: n // k * k == n, f"are [divisible by|multiples of] {k}", f"n % {k} == 0"),
        (lambda n: n in _PRIMES, "are prime", "n > 1 and all(n % d for d in range(2, n))"),
        (lambda n: n % k and n % 2, f"are divisible by neither 2 nor {k}", f"n % 2 != 0 and n % {k} != 0"),
    )
    test, verb, code = chance.choice(table)
    found = [n for n in range(a, b + 1) if test(n)]
    where = f"[from {a} to {b}|between {a} and {b} (both included)]"
    kinds: _Kinds = ((f"{where} // {verb}", "len(found)", len(found)),)
    return f"found = [n for n in range({a}, {b} + 1) if {code}]", kinds, ("wrong type", "str(n)", "n")


def _rounding(chance: random.Random) -> _Asked:
    name, unit = chance.choice((("ten", 10), ("hundred", 100), ("thousand", 1000), ("multiple of 25", 25)))
    n, s, places = _size(chance, 1000, 5_000_000), chance.randrange(2, 5), chance.randrange(1, 4)
    n += 1 if n % 5 == 0 else 0
    small = f"{_size(chance, 1, 90_000)}.{chance.randrange(1000):03}{chance.choice((1, 2, 3, 4, 6, 7, 8, 9))}"
    word, below = ("one decimal place", "two decimal places", "three decimals")[places - 1], n - n % unit
    digits, near = Decimal(small).normalize(Context(prec=s)), (2 * n + unit) // (2 * unit) * unit
    kinds: _Kinds = (
        (f"{n} // to the nearest {name}", f"round({n} / {unit}) * {unit}", near),
        (f"{n} // down to a multiple of {unit}", f"{n} // {unit} * {unit}", below),
        (f"{n} // up to a multiple of {unit}", f"({n} // {unit} + 1) * {unit}", below + unit),
        (f"{small} // to {word}", f"round({small}, {places})", float(round(Fraction(small), places))),
        (f"{small} // to the nearest whole number", f"round({small})", int(Fraction(small) + Fraction(1, 2))),
        (f"{small} // to {s} significant [figures|digits]", f'float(f"{{{small}:.{s}g}}")', float(digits)),
        (f"{n} // to {s} significant [figures|digits]", f'int(float(f"{{{n}:.{s}g}}"))', int(Decimal(n).normalize(Context(prec=s)))),
    )
    return "", kinds, _NO_SLIP


def _chances(chance: random.Random) -> _Asked:
    n, k, c, most = chance.choice((4, 6, 7)), chance.randrange(2, 5), chance.randrange(3, 7), chance.randrange(20, 120)
    card, count = chance.choice((("an ace", 4), ("a heart", 13), ("a red card", 26), ("a king or a queen", 8), ("a picture card", 12)))
    heads, good = sum(f"{toss:b}".count("1") == k for toss in range(2**n)), len(range(k, most + 1, k))
    table = (
        (f"exactly {k} heads in {n} [tosses|flips] of a fair coin", f"Fraction(math.comb({n}, {k}), 2**{n})", Fraction(heads, 2**n)),
        (f"at least one six in {n} rolls of a [fair die|die]", f"1 - Fraction(5, 6) ** {n}", Fraction(6**n - 5**n, 6**n)),
        (f"drawing {card} from a [full|shuffled] deck of 52 cards", f"Fraction({count}, 52)", Fraction(count, 52)),
        (f"a random number from 1 to {most} being divisible by {k}", f"Fraction({most} // {k}, {most})", Fraction(good, most)),
        (f"guessing {k} quiz questions right, with {c} choices each", f"Fraction(1, {c}) ** {k}", Fraction(1, c**k)),
        (f"{k} dice [showing|landing on] the same number", f"Fraction(6, 6**{k})", Fraction(1, 6 ** (k - 1))),
    )
    event, code, right = chance.choice(table)
    kinds: _Kinds = (
        (f"[the probability|the chance] of {event}, as a [reduced fraction|fraction in lowest terms]", "p", str(right)),
        (f"[the probability|the chance] of {event}, in percent to two decimals", "round(float(p) * 100, 2)", float(round(right * 100, 2))),
        (f"[the probability|the chance] of {event}, as a decimal to four places", "round(float(p), 4)", float(round(right, 4))),
    )
    return f"from fractions import Fraction\np = {code}", kinds, ("missing import", "from fractions import Fraction\n", "")


def _ways(chance: random.Random) -> _Asked:
    n, a, b, c, d = (chance.randrange(*of) for of in ((5, 20), (3, 12), (2, 9), (2, 5), (4, 9)))
    are, how, club = "[are there|are possible|does that make]", "how many different", f"[A club of {n}|A class of {n}|A board of {n}]"
    some, turns, east = math.perm(n, c) // math.perm(c), math.perm(d) // d, math.perm(a + b, b) // math.perm(b)
    kinds: _Kinds = (
        (f"[At a party {n} people|{n} colleagues] all shake hands // how many handshakes {are}", f"math.comb({n}, 2)", sum(range(n))),
        (f"{n} teams play each other twice // how many games {are}", f"{n} * ({n} - 1)", 2 * sum(range(n))),
        (f"[I own|She packs] {a} shirts, {b} skirts and {c} hats // {how} outfits {are}", f"{a} * {b} * {c}", sum([c * b] * a)),
        (f"[A PIN|A lock code] has {c} digits, none twice // {how} codes {are}", f"math.perm(10, {c})", math.prod(range(11 - c, 11))),
        (f"A number plate has {c} letters (A to Z) and {b} digits // {how} plates {are}", f"26**{c} * 10**{b}", int(f"{26**c}{'0' * b}")),
        (f"{d} friends sit around a round table (turning it changes nothing) // {how} orders {are}", f"math.factorial({d} - 1)", turns),
        (f"{club} elects a head, a deputy and a treasurer // {how} results {are}", f"math.perm({n}, 3)", n**3 - 3 * n**2 + 2 * n),
        (f"A pizza has {c} different toppings out of {n} // {how} pizzas {are}", f"math.comb({n}, {c})", some),
        (f"A sundae may have any of {n} toppings, none or all too // {how} sundaes {are}", f"2**{n}", 1 << n),
        (f"A robot goes {a} blocks east and {b} north, without detours // {how} routes {are}", f"math.comb({a} + {b}, {a})", east),
    )
    return "", kinds, _NO_SLIP


def _riddle(chance: random.Random) -> _Asked:
    x, y, a, b = _size(chance, 3, 200), _size(chance, 2, 150), chance.randrange(2, 12), chance.randrange(2, 80)
    x, y, rise = max(x, y) + 1, min(x, y), 100 + a * 5
    i, ask, they = "[I|Somebody] took a number,", "what was [it|the number]", "what are they (a list, smaller first)"
    high, low = f"high = ({x + y} + {x - y}) // 2\n[{x + y} - high, high]", f"low = {y * a + y} // ({a} + 1)\n[low, {a} * low]"
    kinds: _Kinds = (
        (f"{i} multiplied it by {a} and added {b}, and got {x * a + b} // {ask}", f"({x * a + b} - {b}) / {a}", x),
        (f"{i} added {b} and multiplied by {a}, and got {(x + b) * a} // {ask}", f"{(x + b) * a} / {a} - {b}", x),
        (f"{i} divided it by {a} and subtracted {y}, and got {x - y} // {ask}", f"({x - y} + {y}) * {a}", x * a),
        (f"Two numbers add up to {x + y}, and their difference is {x - y} // {they}", high, [y, x]),
        (f"One number is {a} times another, and together they make {y * a + y} // {they}", low, [y, a * y]),
        (f"Three whole numbers in a row add up to {3 * x} // what is the largest of them", f"{3 * x} // 3 + 1", x + 1),
        (f"A number increased by {rise - 100}% is {y * rise} // {ask}", f"{y * rise} / (100 + {rise - 100}) * 100", y * 100),
    )
    return "", kinds, _NO_SLIP


_VALUE = """What is {what}?
[Work out|Compute|Calculate|Find] {what}[, please].
{What}?
[Tell|Give] me {what}.
[I need|I'd like to know|I'm looking for] {what}.
[Can|Could] you [work out|find|tell me] {what}?
[My daughter's homework asks for|A quiz asks for|I have to write down] {what}. [What is it|What do I put]?
[Quick question|Just checking|Help me out]: {what}?
{What} - [what do I get|what should I get|what is it]?"""
_UNSEEN_VALUE = """[Determine|Show me|Report] {what}.
[Use Python to get|Please figure out] {what}.
{What} is what[ exactly]?
[If someone asked you for|Suppose you had to name] {what}, what would you answer?"""
_SCENE = """{scene}. {Ask}?
{Ask}? {scene}.
[Quick question|A puzzle|From my homework|Help me, please|I wonder]: {scene}. {Ask}?
{scene} - {ask}?
[Here is one for you.|Can you help?|I'm stuck on this.|My son asked me this.] {scene}. {Ask}?
{scene}. [Please tell me|Work it out|I need to know]: {ask}?
[This is for a test|I need this for work|No idea how to do this]. {scene}. So {ask}[, please]?"""
_UNSEEN_SCENE = """[Given|We know this]: {scene}. [Question|Asked]: {ask}?
[Suppose the following|Picture this]. {scene}. Now, {ask}?
{Ask}, [if this is so|given this]: {scene}?"""


def _family(name: str, ask: Callable[[random.Random], _Asked], names: str, seen: str, unseen: str) -> Family:
    made = partial(_make, ask, names)
    return Family(f"mathematics/{name}", "mathematics", made, tuple(words(seen, "\n")), tuple(words(unseen, "\n")))


_NAMES = words("sum-in-words typed-sum factorials factors notations digit-play parts-of-whole odds")
_ASK = (_in_words, _typed, _factorials, _factors, _notations, _digits, _parts, _chances)
_STORIES = (("left-over", _leftover), ("number-of-ways", _ways), ("number-riddle", _riddle))

FAMILIES: tuple[Family, ...] = (
    *(_family(name, ask, "what", _VALUE, _UNSEEN_VALUE) for name, ask in zip(_NAMES, _ASK, strict=True)),
    *(_family(name, ask, "scene ask", _SCENE, _UNSEEN_SCENE) for name, ask in _STORIES),
    _family(
        "whole-numbers-between",
        _ranges,
        "where verb",
        """How many [whole numbers|integers] {where} {verb}?
[Count|Find the number of|I need a count of] the whole numbers {where} that {verb}.
[Of all|Among the] [whole numbers|integers] {where}, how many {verb}?
[My teacher asks|I wonder|Tell me|I want to know] how many whole numbers {where} {verb}.
[Look at|Take|Think of] the whole numbers {where}. How many [of them|of these] {verb}?
Whole numbers {where} that {verb}: how many [are there|exist]?""",
        """[Write down|Go through] all whole numbers {where}; what is the count of those that {verb}?
Numbers {where}: [say|state|report] how many of them {verb}.""",
    ),
    _family(
        "yes-or-no",
        _claim,
        "number claim",
        """Is {number} {claim}? [Answer yes or no.|Yes or no?]
[Check|Find out|Tell me] whether {number} is {claim}; answer yes or no.
[Someone says|My son claims|I believe] that {number} is {claim}. Is that [right|true|so], yes or no?
{number}: [{claim}|is it {claim}], yes or no?
Yes or no: [is it true that {number} is {claim}|{number} is {claim}]?
I have the number {number} and [want to know|wonder] if it is {claim} (yes or no).""",
        """[Would you say|Does it hold] that {number} is {claim}? A yes or a no [will do|is enough].
Take {number}. It is {claim} - yes or no?
[Answer yes|Say yes] if {number} is {claim}, and no otherwise.""",
    ),
    _family(
        "round-off",
        _rounding,
        "number how",
        """Round {number} {how}.
What is {number} rounded {how}?
[Can|Could] you round {number} {how}[, please| for me]?
[My report shows|The meter reads|I got] {number}. Round it {how}[, please].
{number} rounded {how}?
[Give|Tell] me {number}, rounded {how}.
I [want|need|have] to round {number} {how}. [What do I get|What is it]?""",
        """{number} - [please|kindly] round this {how}.
Rounded {how}, [what does|what will] {number} become?
[Take|Here is] {number}; what is it when you round it {how}?""",
    ),
)

"""Ways of writing a number: in other bases, as a power of ten, as a fraction, by its digits, rounded.

Invariant: as in `number_questions`; halves that could be rounded either way are not asked for. It does not: ask about sums.
"""

import math
import random
from decimal import Context, Decimal
from fractions import Fraction

from codeact.data.families.mathematics.number_questions.asking import Asked, Kind, Mistake, any_size

_ROMAN = {
    "M": 1000,
    "CM": 900,
    "D": 500,
    "CD": 400,
    "C": 100,
    "XC": 90,
    "L": 50,
    "XL": 40,
    "X": 10,
    "IX": 9,
    "V": 5,
    "IV": 4,
    "I": 1,
}


def _in_base(number: int, base: int) -> str:
    before = _in_base(number // base, base) if number >= base else ""
    return before + "0123456789abcdef"[number % base]


def _roman(number: int) -> str:
    return next((sign + _roman(number - value) for sign, value in _ROMAN.items() if number >= value), "")


def notations(chance: random.Random) -> Asked:
    """A number in another base, in Roman numerals, or by a power of ten."""
    number = any_size(chance, 5, 3900)
    added = any_size(chance, 3, 300)
    base = chance.choice((3, 4, 5, 6, 7, 9))
    three_digits = chance.randrange(10, 100) * 10 + chance.randrange(1, 10)
    exponent = chance.randrange(3, 13)
    binary = _in_base(number, 2)
    kinds = (*_bases(number, added, base), _roman_numeral(number), *_powers_of_ten(three_digits, exponent))
    return Asked(kinds, mistake=Mistake("number for text", f'"{binary}"', binary))


def _bases(number: int, added: int, base: int) -> tuple[Kind, ...]:
    two = _in_base(number, 2)
    sixteen = _in_base(number, 16)
    odd = _in_base(number, base)
    other = _in_base(added, 2)
    return (
        Kind(f"{number} in [binary|base 2|the binary system] (digits only)", f'format({number}, "b")', two),
        Kind(f"{number} in [hexadecimal|hex|base 16] (lower case, digits only)", f'format({number}, "x")', sixteen),
        Kind(f"[the binary number {two}|binary {two}|{two} in base 2] as an ordinary number", f'int("{two}", 2)', number),
        Kind(f"[hex {sixteen}|0x{sixteen}|the hexadecimal number {sixteen}] as a decimal number", f'int("{sixteen}", 16)', number),
        Kind(f"the base {base} number {odd} in decimal", f'int("{odd}", {base})', number),
        Kind(
            f"binary {two} plus binary {other}, in binary",
            f'format(int("{two}", 2) + int("{other}", 2), "b")',
            _in_base(number + added, 2),
        ),
        Kind(f"the number of [ones|1s] in the binary form of {number}", f'bin({number}).count("1")', two.count("1")),
    )


def _roman_numeral(number: int) -> Kind:
    numeral = _roman(number)
    code = (
        'value = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}\n'
        f'n = [value[c] for c in "{numeral}"]\n'
        "total = sum(-a if a < b else a for a, b in zip(n, n[1:] + [0]))\n"
        "total"
    )
    return Kind(f"the [Roman numeral|year|old inscription] {numeral} in ordinary digits", code, number)


def _powers_of_ten(three_digits: int, exponent: int) -> tuple[Kind, ...]:
    """A large and a tiny number with the same three digits, written in full and by a power of ten."""
    large = three_digits * 10 ** (exponent - 2)
    tiny = f"0.{'0' * (exponent - 1)}{three_digits}"
    mantissa = f"{three_digits // 100}.{three_digits % 100:02}"
    in_parts = f'mantissa, exponent = f"{{{large}:.2e}}".split("e")\nf"{{mantissa}} x 10^{{int(exponent)}}"'
    return (
        Kind(f"{large} in scientific notation (form 1.23e+05)", f'f"{{{large}:.2e}}"', f"{mantissa}e+{exponent:02}"),
        Kind(f"{tiny} in scientific notation (form 1.23e-05)", f'f"{{{tiny}:.2e}}"', f"{mantissa}e-{exponent:02}"),
        Kind(f"{large} in the form a x 10^b, with two decimals in a", in_parts, f"{mantissa} x 10^{exponent}"),
        Kind(f"{mantissa} x 10^{exponent} [written out in full|as an ordinary number]", f"round({mantissa} * 10 ** {exponent})", large),
        Kind(f"{mantissa} x 10^-{exponent} as an ordinary decimal number", f'f"{{{mantissa}e-{exponent}:.{exponent + 2}f}}"', tiny),
    )


def digits(chance: random.Random) -> Asked:
    """The digits of a number: counted, multiplied, turned round."""
    drawn = [chance.randrange(1, 10), *(chance.randrange(10) for _ in range(chance.randrange(2, 9))), chance.randrange(1, 10)]
    digit = chance.choice(drawn)
    rising = sorted(drawn)
    number = int("".join(map(str, drawn)))
    kinds = (
        Kind(f"the product of the digits of {number}", "math.prod(digits)", math.prod(rising)),
        Kind(f"the number of times the digit {digit} [appears|occurs] in {number}", f"digits.count({digit})", drawn.count(digit)),
        Kind(f"{number} [written backwards|with its digits reversed]", "int(str(n)[::-1])", _number_of(drawn)),
        Kind(
            f"the digital root of {number} (add its digits, again and again, until one is left)",
            "while n > 9:\n    n = sum(int(d) for d in str(n))\nn",
            1 + (number - 1) % 9,
        ),
        Kind(
            f"the largest number made of all the digits of {number}",
            'int("".join(sorted(str(n), reverse=True)))',
            _number_of(rising),
        ),
        Kind(
            f"the number of even digits in {number}",
            "len([d for d in digits if d % 2 == 0])",
            len(drawn) - sum(one & 1 for one in drawn),
        ),
        Kind(f"the list of the digits of {number} in rising order", "sorted(digits)", [*rising]),
    )
    return Asked(
        kinds,
        given=f"n = {number}\ndigits = [int(digit) for digit in str(n)]",
        mistake=Mistake("wrong type", "for digit in str(n)]", "for digit in n]"),
    )


def _number_of(digits_from_the_right: list[int]) -> int:
    return sum(digit * 10**place for place, digit in enumerate(digits_from_the_right))


def parts_of_whole(chance: random.Random) -> Asked:
    """Fractions: reduced, mixed, of a decimal number or a percentage, of a number, compared."""
    below = chance.randrange(3, 25)
    factor = chance.randrange(2, 15)
    whole = chance.randrange(2, 12)
    above = chance.randrange(1, below)
    decimal = chance.randrange(5, 4000) / 1000
    percent = chance.randrange(2, 200)
    other = Fraction(chance.randrange(1, 11), 11)
    part = Fraction(above, below)
    part_code = f"Fraction({part.numerator}, {part.denominator})"
    improper = f"{whole * below + above}/{below}"
    kinds = (
        Kind(
            f"{above * factor}/{below * factor} [in lowest terms|fully simplified|as a reduced fraction]",
            f"Fraction({above * factor}, {below * factor})",
            str(part),
        ),
        Kind(
            f"{improper} as a mixed number (written like 2 3/4)",
            f'whole, rest = divmod({whole * below + above}, {below})\nf"{{whole}} {{Fraction(rest, {below})}}"',
            f"{whole} {part}",
        ),
        Kind(f"the mixed number {whole} {part} as an improper fraction", f"{whole} + {part_code}", str(part + whole)),
        Kind(f"{decimal} as a fraction in lowest terms", f'Fraction("{decimal}")', str(Fraction(str(decimal)))),
        Kind(f"{percent}% as a fraction in lowest terms", f"Fraction({percent}, 100)", str(Fraction(percent, 100))),
        Kind(f"{part} of {below * factor * 5}", f"{part_code} * {below * factor * 5}", above * factor * 5),
        Kind(
            f"the larger of {part} and {other}",
            f"max({part_code}, Fraction({other.numerator}, {other.denominator}))",
            str(max(part, other)),
        ),
    )
    return Asked(
        kinds,
        given="from fractions import Fraction",
        mistake=Mistake(
            "text for number",
            f"Fraction({above * factor}, {below * factor})",
            f'Fraction("{above * factor}", "{below * factor}")',
        ),
    )


def rounding(chance: random.Random) -> Asked:
    """A number and how to round it."""
    name, unit = chance.choice((("ten", 10), ("hundred", 100), ("thousand", 1000), ("multiple of 25", 25)))
    number = any_size(chance, 1000, 5_000_000)
    significant = chance.randrange(2, 5)
    places = chance.randrange(1, 4)
    if number % 5 == 0:
        number += 1
    decimal = f"{any_size(chance, 1, 90_000)}.{chance.randrange(1000):03}{chance.choice((1, 2, 3, 4, 6, 7, 8, 9))}"
    to_places = ("one decimal place", "two decimal places", "three decimals")[places - 1]
    below = number - number % unit
    kinds = (
        Kind(
            f"{number} // to the nearest {name}",
            f"round({number} / {unit}) * {unit}",
            (2 * number + unit) // (2 * unit) * unit,
        ),
        Kind(f"{number} // down to a multiple of {unit}", f"{number} // {unit} * {unit}", below),
        Kind(f"{number} // up to a multiple of {unit}", f"({number} // {unit} + 1) * {unit}", below + unit),
        Kind(f"{decimal} // to {to_places}", f"round({decimal}, {places})", float(round(Fraction(decimal), places))),
        Kind(f"{decimal} // to the nearest whole number", f"round({decimal})", int(Fraction(decimal) + Fraction(1, 2))),
        Kind(
            f"{decimal} // to {significant} significant [figures|digits]",
            f'float(f"{{{decimal}:.{significant}g}}")',
            float(_significant(decimal, significant)),
        ),
        Kind(
            f"{number} // to {significant} significant [figures|digits]",
            f'int(float(f"{{{number}:.{significant}g}}"))',
            int(_significant(str(number), significant)),
        ),
    )
    return Asked(kinds)


def _significant(number: str, digits: int) -> Decimal:
    return Decimal(number).normalize(Context(prec=digits))

"""Questions about texts that stand for numbers by a rule: versions, IP addresses, card numbers, ISBN.

Invariant: right answers come from the numbers that a text was put together from. It does not: ask about versions with letters.
"""

import random
from collections.abc import Iterable

from codeact.data.families.everyday.notations.kinds import Kind, Values, family
from codeact.data.families.everyday.notations.made_up import digits


def _identifiers(chance: random.Random) -> Values:
    return {**_versions(chance), **_numbers(chance)}


def _versions(chance: random.Random) -> Values:
    major = chance.randrange(1, 13)
    minors = chance.sample(range(1, 30), 3)
    versions = [f"{major}.{minor}.{chance.randrange(20)}" for minor in minors]
    in_order = [versions[minors.index(minor)] for minor in sorted(minors)]
    return {
        "one": versions[0],
        "other": versions[1],
        "newer": _yes(minors[0] > minors[1]),
        "versions": versions,
        "listed": f"{versions[0]}, {versions[1]} and {versions[2]}",
        "newest": in_order[-1],
        "sorted": in_order,
    }


def _numbers(chance: random.Random) -> Values:
    """An IP address and its network, a card number and the first twelve digits of an ISBN."""
    first = chance.choice((10, 23, 81, 93, 140, 192, 192))
    free_bits = chance.randrange(2, 13)
    card = digits(chance, 15)
    octets = [first, 168 if first == 192 else chance.randrange(256), chance.randrange(256), chance.randrange(1, 255)]
    isbn = f"978{digits(chance, 9)}"
    off_by = max(0, chance.randrange(-9, 10))
    whole = int.from_bytes(octets)
    luhn_sum = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(card))
    isbn_sum = sum(map(int, isbn[::2])) + 3 * sum(map(int, isbn[1::2]))
    return {
        "ip": _dotted(octets),
        "private": _yes(first in (10, 192)),
        "whole": whole,
        "network": _dotted((whole >> free_bits << free_bits).to_bytes(4)),
        "prefix": 32 - free_bits,
        "size": 2**free_bits,
        "card": f"{card}{(off_by - luhn_sum) % 10}",
        "valid": _yes(off_by == 0),
        "isbn": isbn,
        "check_digit": -isbn_sum % 10,
    }


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def _dotted(octets: Iterable[int]) -> str:
    return ".".join(map(str, octets))


_IP = 'import ipaddress\nip = ipaddress.ip_address("{ip}")'

_IDENTIFIERS = (
    Kind(
        asked="whether version {one} is newer than version {other} (yes or no)",
        answer="newer",
        before='a, b = "{one}", "{other}"\nfirst, second = [[int(n) for n in v.split(".")] for v in (a, b)]',
        shown='"yes" if first > second else "no"',
        wrong="float(a)",
    ),
    Kind(
        asked="which is the newest of the versions {listed}",
        answer="newest",
        before="versions = {versions}",
        shown='max(versions, key=lambda v: [int(n) for n in v.split(".")])',
    ),
    Kind(
        asked="the list of {listed}, oldest version first",
        answer="sorted",
        before="versions = {versions}",
        shown='sorted(versions, key=lambda v: [int(n) for n in v.split(".")])',
    ),
    Kind(
        asked="whether {ip} is a private IP address (yes or no)",
        answer="private",
        before=_IP,
        shown='"yes" if ip.is_private else "no"',
        wrong="ip.private",
    ),
    Kind(asked="the whole number that the IP address {ip} stands for", answer="whole", before=_IP, shown="int(ip)", wrong="ip.number"),
    Kind(
        asked="the number of all addresses in {network}/{prefix}",
        answer="size",
        before='import ipaddress\nnet = ipaddress.ip_network("{network}/{prefix}")',
        shown="net.num_addresses",
    ),
    Kind(
        asked="the check digit that follows {isbn} in an ISBN-13",
        answer="check_digit",
        before='code = "{isbn}"\ntotal = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(code))',
        shown="-total % 10",
        wrong="sum(code)",
    ),
    Kind(
        asked="whether the card number {card} passes the Luhn check (yes or no)",
        answer="valid",
        before='card = "{card}"\ntotal = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(card[::-1]))',
        shown='"no" if total % 10 else "yes"',
    ),
)


FAMILIES = (family("identifier", _identifiers, _IDENTIFIERS),)

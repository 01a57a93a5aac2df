"""Strings: letter by letter, without the methods of strings where that can be."""

import binascii
import string
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

ALPHABET = string.ascii_lowercase
VOWELS = set("aeiou")
PANGRAM = "the quick brown fox jumps over the lazy dog"


def shifted(text: str, shift: int) -> str:
    return "".join(ALPHABET[(ALPHABET.index(letter) + shift) % 26] if letter in ALPHABET else letter for letter in text)


def same_backwards(word: str) -> bool:
    return all(word[place] == word[-1 - place] for place in range(len(word)))


def words(text: str) -> list[str]:
    """What stands between spaces, collected a letter at a time."""
    found = [""]
    for letter in text:
        if letter == " ":
            found.append("")
        else:
            found[-1] += letter
    return [word for word in found if word]


def capital(letter: str) -> str:
    return chr(ord(letter) - 32) if letter in ALPHABET else letter


def capitals(text: str) -> str:
    return "".join(map(capital, text))


def with_capital(word: str) -> str:
    return capital(word[0]) + word[1:]


def first_seen_before(text: str) -> str:
    seen: set[str] = set()
    for letter in text:
        if letter in seen:
            return letter
        seen.add(letter)
    raise AssertionError(f"all letters of {text!r} are different")


def snake(name: str) -> str:
    parts = [f"_{chr(ord(letter) + 32)}" if letter in string.ascii_uppercase else letter for letter in name]
    return "".join(parts)[1:]


def slug(title: str) -> str:
    kept = [letter for letter in title.lower() if letter in ALPHABET or letter == " "]
    return "-".join(words("".join(kept)))


def runs(text: str) -> str:
    counted = Counter(text)  # each letter of the question has one run only
    return "".join(f"{letter}{counted[letter]}" for letter in dict.fromkeys(text))


def shared_beginning(first: str, *others: str) -> str:
    same = 0
    while all(other[same] == first[same] for other in others):
        same += 1
    return first[:same]


def places_of(part: str, text: str) -> list[int]:
    return [place for place in range(len(text)) if text[place : place + len(part)] == part]


def without(text: str, unwanted: Iterable[str]) -> str:
    return text.translate({ord(letter): None for letter in unwanted})


COUNTS: dict[str, Callable[[], Any]] = {
    "strings-vowels": lambda: len([letter for letter in PANGRAM if letter in VOWELS]),
    "strings-palindromes": lambda: sum(map(same_backwards, ["level", "python", "radar", "kayak", "robot", "noon"])),
    "strings-characters": lambda: sum(Counter("supercalifragilisticexpialidocious").values()),
    "strings-words": lambda: len(words("We packed the tent, the stove and two maps before the rain came")),
    "strings-count": lambda: len(places_of("r", "strawberry raspberry")),
    "strings-different": lambda: len(Counter("onomatopoeia")),
    "strings-position": lambda: 1 + places_of("q", "antique clock")[0],
    "strings-digit-sum": lambda: 2 + 0 + 4 + 7 + 3 + 6 + 1 + 4,
    "strings-number": lambda: int("".join(filter(str.isdigit, "Order no. 58213 was shipped"))),
    "strings-ascii": lambda: b"K"[0],
    "strings-values": lambda: sum(ALPHABET.index(letter) + 1 for letter in "zebra"),
    "strings-long-words": lambda: sum(len(word) >= 6 for word in words("the committee published its annual report on housing yesterday")),
    "strings-word-length": lambda: sum(map(len, words("tiny birds sing loudly"))) / len(words("tiny birds sing loudly")),
    "strings-consonants": lambda: len(without("rhythm and blues", {*VOWELS, " "})),
    "strings-differ": lambda: [one == other for one, other in zip("toned", "roses", strict=True)].count(False),
    "strings-pair": lambda: len(places_of("an", "banana and ananas")),
}

CHOICES: dict[str, Callable[[], Any]] = {
    "strings-letter": lambda: Counter("bookkeeper").most_common()[0][0],
    "strings-longest": lambda: max(sorted(["pear", "banana", "kiwi", "pomegranate", "fig"]), key=len),
    "strings-anagram": lambda: max(["matters", "stream", "remake", "teams"], key=lambda word: Counter(word) == Counter("master")),
    "strings-first": lambda: sorted(["melon", "mango", "mandarin", "mulberry", "maple"])[0],
    "strings-names": lambda: [name for letter in "ABGNT" for name in ["Tom", "Alice", "Greta", "Bob", "Nina"] if name[0] == letter],
    "strings-repeated": lambda: first_seen_before("daydreaming"),
    "strings-middle": lambda: "telescope"[4:-4],
    "strings-double": lambda: [
        word for word in ["coffee", "tea", "butter", "milk", "apple"] if any(2 * letter in word for letter in ALPHABET)
    ],
    "strings-shared": lambda: [letter for letter in ALPHABET if letter in "planet" and letter in "garden"],
    "strings-beginning": lambda: shared_beginning("interview", "internet", "interval"),
    "strings-domain": lambda: "anna.berg@post.example.org".partition("@")[2],
    "strings-extension": lambda: "archive.backup.tar"[places_of(".", "archive.backup.tar")[-1] + 1 :],
    "strings-initials": lambda: "".join(letter for letter in "Grace Brewster Hopper" if letter in string.ascii_uppercase),
    "strings-third": lambda: "".join(letter for place, letter in enumerate(ALPHABET, start=1) if place % 3 == 0),
}

CHANGES: dict[str, Callable[[], Any]] = {
    "strings-reverse": lambda: "".join("stressed"[place] for place in range(7, -1, -1)),
    "strings-caesar": lambda: shifted("python", 3),
    "strings-upper": lambda: capitals("hello, world"),
    "strings-title": lambda: " ".join(map(with_capital, words("a walk along the river"))),
    "strings-acronym": lambda: capitals("".join(word[0] for word in words("portable network graphics"))),
    "strings-underscore": lambda: "_".join(words("my holiday photos 2025")),
    "strings-no-vowels": lambda: without("programming language", VOWELS),
    "strings-sort-letters": lambda: "".join(letter for letter in ALPHABET if letter in "keyboard"),
    "strings-word-order": lambda: " ".join(words("one two three four five")[place] for place in (4, 3, 2, 1, 0)),
    "strings-decode": lambda: shifted("frperg zrffntr", 13),
    "strings-codes": lambda: bytes([99, 111, 100, 101]).decode("ascii"),
    "strings-laugh": lambda: "".join("ha" for _ in range(5)),
    "strings-join": lambda: "{}-{}-{}".format("red", "green", "blue"),
    "strings-camel": lambda: "user" + with_capital("login") + with_capital("count"),
    "strings-snake": lambda: snake("MaxRetryDelay"),
    "strings-slug": lambda: slug("Ten Tips for Better Sleep!"),
    "strings-mask": lambda: "".join("*" if place < 12 else digit for place, digit in enumerate("4929123456781234")),
    "strings-bits": lambda: "".join(str(ord("A") // 2**bit % 2) for bit in range(7, -1, -1)),
    "strings-spaces": lambda: " ".join(words("  too   many    spaces ")),
    "strings-swap": lambda: "".join(chr(ord(letter) ^ 32) if letter != " " else " " for letter in "PyThOn RoCkS"),
    "strings-runs": lambda: runs("aaabbbbccd"),
    "strings-base64": lambda: binascii.b2a_base64(b"good morning", newline=False).decode("ascii"),
}

ANSWERS = {**COUNTS, **CHOICES, **CHANGES}

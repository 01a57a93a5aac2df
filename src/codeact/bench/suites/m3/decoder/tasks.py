"""Tasks about messages: a chain of steps to undo on one, or the same on several and then a choice among them.

Invariant: a prompt tells how the message was encoded, in order, so that there is one way to undo it; a choice has one right outcome.
The answer is the text that was encoded, or a property of it. It does not: decode.
"""

from codeact.bench.suites.m3.chance import Chance
from codeact.bench.suites.m3.draft import WHOLE, Draft

WHO = (
    "The ferryman", "A grey heron", "The baker's son", "Zoë", "Our captain", "The night watch", "Madame Girón", "The twins",
    "An old sailor",
    "The café owner", "Nobody here", "The locksmith",
)  # fmt: skip
DOES = (
    "hid", "carried off", "sold", "forgot", "painted", "buried", "repaired", "brought back", "asked for", "guarded", "wouldn't give up",
    "counted",
)  # fmt: skip
WHAT = (
    "a brass key", "the blue lantern", "seven sealed letters", "rope, lamps and bread", "the map of the coast", "two barrels",
    "a crystal owl",
    "the second ledger", "an empty cage", "the harbour bell", "his sister's violin", "a crate of quinces",
)  # fmt: skip
WHEN = (
    "before dawn", "at the old mill", "when the tide turned", "on market day", "behind the smithy", "after the third bell", "in the fog",
    "under the bridge", "by candlelight", "at quarter past nine", "while it rained", "near pier 4",
)  # fmt: skip
ORDERS = (
    ("shift", "reverse", "hex"), ("reverse", "shift", "hex"), ("shift", "hex", "reverse"), ("hex", "shift", "reverse"),
    ("reverse", "hex", "shift"),
)  # fmt: skip
PAIRS = (("reverse", "hex"), ("hex", "reverse"), ("shift", "hex"), ("hex", "shift"))
EXACTLY = "Answer with the message alone, exactly as it was before the first step: the same case, spaces and punctuation."
ONE_NUMBER = "Answer with the number alone."

Step = list[str | int]


def _sentence(chance: Chance) -> str:
    return " ".join(chance.pick(words) for words in (WHO, DOES, WHAT, WHEN))


def _steps(chance: Chance, orders: tuple[tuple[str, ...], ...]) -> list[Step]:
    return [[name, chance.between(2, 24)] if name == "shift" else [name] for name in chance.pick(orders)]


def encoded(text: str, steps: list[Step]) -> str:
    """The text after the steps, the first one first."""
    for name, *by in steps:
        match name:
            case "shift":
                text = "".join(_moved(letter, int(by[0])) for letter in text)
            case "reverse":
                text = "".join(reversed(text))
            case _:
                text = text.encode().hex()
    return text


def _moved(letter: str, by: int) -> str:
    if not (letter.isascii() and letter.isalpha()):
        return letter
    first = ord("a") if letter.islower() else ord("A")
    return chr(first + (ord(letter) - first + by) % 26)


def _told(steps: list[Step]) -> str:
    words = {
        "shift": "each letter A to Z, in upper or lower case, was moved {} places forward in the alphabet (Z is followed by A; the case "
        "stays, and so does all else)",
        "reverse": "all characters were put in reverse order",
        "hex": "the characters were written as hexadecimal digits, two for each byte of UTF-8",
    }
    return "; ".join(f"{number}. {words[str(name)].format(*by)}" for number, (name, *by) in enumerate(steps, start=1))


def _data(steps: list[Step], texts: list[str], goal: str, **more: int) -> dict[str, object]:
    return {"steps": steps, "messages": [encoded(text, steps) for text in texts], "goal": goal, **more}


def _one(steps: list[Step], text: str) -> str:
    return f'A message was encoded in these steps, one after the other: {_told(steps)}. What came of it: "{encoded(text, steps)}".'


def _several(steps: list[Step], texts: list[str]) -> str:
    shown = "\n".join(f'- "{encoded(text, steps)}"' for text in texts)
    return f"{len(texts)} messages were each encoded in these steps, one after the other: {_told(steps)}. What came of them:\n{shown}\n"


def _chain(chance: Chance, orders: tuple[tuple[str, ...], ...]) -> Draft | None:
    text, steps = _sentence(chance), _steps(chance, orders)
    if encoded(text, steps).strip() != encoded(text, steps):
        return None
    return Draft(f"{_one(steps, text)} What was the message? {EXACTLY}", text, "exact", data=_data(steps, [text], "text"))


def chain_of_three(chance: Chance) -> Draft | None:
    """Three steps to undo."""
    return _chain(chance, ORDERS)


def chain_of_two(chance: Chance) -> Draft | None:
    """Two steps to undo."""
    return _chain(chance, PAIRS)


def chain_then_length(chance: Chance) -> Draft:
    """Steps to undo, then the characters to count."""
    text, steps = _sentence(chance), _steps(chance, ORDERS)
    asked = f"How many characters had the message, spaces and punctuation counted? {ONE_NUMBER}"
    return Draft(f"{_one(steps, text)} {asked}", sum(1 for _ in text), "number", WHOLE, _data(steps, [text], "length"))


def _texts(chance: Chance) -> list[str] | None:
    """Three or four, no two of a length."""
    texts = [_sentence(chance) for _ in range(chance.between(3, 4))]
    return texts if len({len(text) for text in texts}) == len(texts) else None


def shortest_length(chance: Chance) -> Draft | None:
    """The length of the shortest of several."""
    texts, steps = _texts(chance), _steps(chance, PAIRS)
    if texts is None:
        return None
    asked = f"How many characters has the shortest of the messages as they were before the first step, spaces counted? {ONE_NUMBER}"
    answer = sorted(len(text) for text in texts)[0]
    return Draft(_several(steps, texts) + asked, answer, "number", WHOLE, _data(steps, texts, "shortest length"))


def longest_message(chance: Chance) -> Draft | None:
    """The longest of several."""
    texts, steps = _texts(chance), _steps(chance, ORDERS)
    if texts is None:
        return None
    asked = f"Which message has the most characters before the first step? {EXACTLY}"
    return Draft(_several(steps, texts) + asked, sorted(texts, key=len)[-1], "exact", data=_data(steps, texts, "longest"))


def message_of_length(chance: Chance) -> Draft | None:
    """The one of several that has a given length."""
    texts, steps = _texts(chance), _steps(chance, PAIRS)
    if texts is None:
        return None
    text = chance.pick(texts)
    asked = f"Which message has exactly {len(text)} characters before the first step, spaces counted? {EXACTLY}"
    return Draft(_several(steps, texts) + asked, text, "exact", data=_data(steps, texts, "of length", length=len(text)))


def largest_number(chance: Chance) -> Draft | None:
    """The largest of several numbers."""
    numbers, steps = [chance.between(100, 9_999) for _ in range(4)], _steps(chance, (("reverse", "hex"), ("hex", "reverse")))
    if len(set(numbers)) < len(numbers) or any(number % 10 == 0 for number in numbers):
        return None
    texts = [str(number) for number in numbers]
    asked = f"Before the first step each of them is a whole number. Which is the largest? {ONE_NUMBER}"
    return Draft(_several(steps, texts) + asked, sorted(numbers)[-1], "number", WHOLE, _data(steps, texts, "largest"))


PATTERNS = (
    chain_of_three, chain_of_three, chain_of_two, chain_then_length, shortest_length, longest_message, message_of_length, largest_number,
)  # fmt: skip
"""One for each of the domain's 8 tasks."""

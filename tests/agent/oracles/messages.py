"""Messages that are to be decoded: hexadecimal, shifted letters, written backwards.

Invariant: the same messages at every time. They are encoded here; the tools only decode, and answers are the plain texts.
"""

from typing import Any

from agent.oracles.task import CallPolicy, Task, at_once, calls_of

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def from_hex(text: str) -> str:
    """The text that pairs of hexadecimal digits stand for (UTF-8)."""
    return bytes.fromhex(text).decode()


def backwards(text: str) -> str:
    """A text from its end to its start."""
    return text[::-1]


def unshift(text: str, by: int) -> str:
    """Each letter as the one so many places before it in the alphabet; all else stays."""
    return "".join(chr((ord(each) - 97 - by) % 26 + 97) if "a" <= each <= "z" else each for each in text)


def _hex(text: str) -> str:
    return "".join(f"{byte:02x}" for byte in text.encode())


def _shifted(text: str, by: int) -> str:
    return text.translate(str.maketrans(LETTERS, LETTERS[by:] + LETTERS[:by]))


SECRET = "meet at the old mill at nine"
CHAIN = _hex("".join(reversed(_shifted(SECRET, 5))))
PLAIN = ("the ferry leaves at dawn", "bring two lanterns and a rope", "no one must know", "the key is under the third stone")
FOUR = tuple(_hex("".join(reversed(text))) for text in PLAIN)
HARBOUR = _shifted("wait in the harbour until the tide turns", 17)
NUMBERS = ("1904", "lantern", "77", "harbour", "mill", "2210", "5", "rope")
MIXED = tuple(_hex(_shifted(text, 3)) for text in NUMBERS)


def _chain_calls() -> CallPolicy:
    (text,) = yield calls_of("from_hex", (CHAIN,))
    (text,) = yield calls_of("backwards", (text,))
    (text,) = yield calls_of("unshift", (text, 5))
    return text


def _longest_calls() -> CallPolicy:
    texts = yield calls_of("from_hex", *((text,) for text in FOUR))
    (text,) = yield calls_of("backwards", (max(texts, key=len),))
    return text


def _harbour_calls() -> CallPolicy:
    texts = yield calls_of("unshift", *((HARBOUR, by) for by in range(1, 26)))
    return next(text for text in texts if "harbour" in text)


def _sum_calls() -> CallPolicy:
    texts = yield calls_of("from_hex", *((text,) for text in MIXED))
    return sum(int(text) for text in texts if text.isdigit())


def _tools() -> list[Any]:
    return [from_hex, backwards, unshift]


TASKS = (
    Task(
        "messages: a chain",
        f"This was shifted by 5, then written backwards, then made hexadecimal: {CHAIN}. What does it say?",
        _tools,
        at_once(f"print(unshift(backwards(from_hex({CHAIN!r})), 5))"),
        _chain_calls,
        lambda: SECRET,
    ),
    Task(
        "messages: the longest of four",
        f"These were written backwards, then made hexadecimal: {', '.join(FOUR)}. What does the longest one say?",
        _tools,
        at_once(f"messages = {list(FOUR)!r}\nprint(max((backwards(from_hex(each)) for each in messages), key=len))"),
        _longest_calls,
        lambda: sorted(PLAIN, key=len)[-1],
    ),
    Task(
        "messages: an unknown shift",
        f"This was shifted by a number that nobody knows, and has the word harbour in it: {HARBOUR}. What does it say?",
        _tools,
        at_once(f"""
for by in range(1, 26):
    text = unshift({HARBOUR!r}, by)
    if "harbour" in text:
        print(text)
"""),
        _harbour_calls,
        lambda: "wait in the harbour until the tide turns",
    ),
    Task(
        "messages: the sum of the numbers",
        f"These were shifted by 3 (digits were not), then made hexadecimal: {', '.join(MIXED)}. What is the sum of those that are numbers?",
        _tools,
        at_once(f"""
texts = [unshift(from_hex(each), 3) for each in {list(MIXED)!r}]
print(sum(int(text) for text in texts if text.isdigit()))
"""),
        _sum_calls,
        lambda: sum(int(text) for text in NUMBERS if text.isdigit()),
    ),
)

"""Tools that decode messages.

Invariant: each undoes one step, and works on characters, not on bytes. It does not: encode.
"""

import string

from codeact.bench.suites.m3.arithmetic import numbers

_ALPHABETS = (string.ascii_lowercase, string.ascii_uppercase)


def convert_hex_to_ascii(hex_string: str) -> str:
    """The text that hexadecimal digits stand for: two digits a byte, the bytes read as UTF-8.

    Args:
        hex_string: for example "48 69" or "4869", upper or lower case.
    """
    try:
        return bytes.fromhex(hex_string).decode()
    except ValueError as error:
        raise ValueError(f"{hex_string[:80]!r} is no text in hexadecimal digits: {error}") from None


def reverse_string(string: str) -> str:
    """The characters of a text from the last to the first."""
    return string[::-1]


def caesar_decode(message: str, shift: int) -> str:
    """The message with each letter A to Z moved `shift` places back in the alphabet (Z comes before A); case is kept, all else is left."""
    for letters in _ALPHABETS:
        back = -shift % len(letters)
        message = message.translate(str.maketrans(letters, letters[back:] + letters[:back]))
    return message


def string_length(string: str) -> int:
    """Number of characters of a text, spaces included."""
    return len(string)


def minimum_value(*args: float | list[float]) -> float:
    """The smallest of several numbers, given one by one or as a list."""
    return min(numbers("minimum_value", args))


def maximum_value(*args: float | list[float]) -> float:
    """The largest of several numbers, given one by one or as a list."""
    return max(numbers("maximum_value", args))


TOOLS = (convert_hex_to_ascii, reverse_string, caesar_decode, string_length, minimum_value, maximum_value)

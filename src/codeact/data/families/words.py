"""Small help with words: lists of them written as a text, and sentences that begin with a capital.

Invariant: the order stays. It does not: choose.
"""


def words(text: str, separator: str | None = None) -> list[str]:
    """The words of a text.

    Args:
        text: with white space between words, or with what separates them.
        separator: such as ``|``, where a word may have spaces.
    """
    return [word.strip() for word in text.split(separator)]


def capital(text: str) -> str:
    """The text with a capital first letter, as a sentence begins; nothing else is changed."""
    return text[:1].upper() + text[1:]

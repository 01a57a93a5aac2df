"""Lists of words, written as a text.

Invariant: the order stays. It does not: choose.
"""


def words(text: str, separator: str | None = None) -> list[str]:
    """The words of a text.

    Args:
        text: with white space between words, or with what separates them.
        separator: such as ``|``, where a word may have spaces.
    """
    return [word.strip() for word in text.split(separator)]

"""Small help with words: lists of them written as a text, sentences that begin with a capital, articles and ordinals.

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


def with_article(noun: str) -> str:
    """The noun after ``a`` or ``an``."""
    vowel = noun[0].lower() in "aeiou" and not noun.startswith(("uni", "use", "eu", "one"))
    vowel = vowel or noun.startswith("hour")
    return f"{'an' if vowel else 'a'} {noun}"


def ordinal(number: int) -> str:
    """1st, 2nd, ... 11th, ... 21st."""
    last = number % 100
    ending = "th" if last in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"

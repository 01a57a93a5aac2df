"""Names of servers, tools and fields as names in Python.

Invariant: what comes out is an identifier that is no keyword, does not begin with two underscores, and differs from all that were given
before it; the same names in the same order give the same identifiers. It does not: keep the names as they were (who asks does).
"""

import keyword
import re
import unicodedata
from collections.abc import Collection

_LONGEST = 80


def is_plain(name: str) -> bool:
    """Whether it can stand in Python code as it is."""
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__") and unicodedata.normalize("NFKC", name) == name


def identifier(name: str, *, taken: Collection[str] = (), otherwise: str = "unnamed") -> str:
    """A name in Python: ``search-issues`` is search_issues, ``from`` is from_, ``2d`` is _2d.

    Args:
        name: any text.
        taken: what it must not be; a number is added.
        otherwise: for a name without a letter or digit.
    """
    found = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name))[:_LONGEST].rstrip("_")
    found = "_" + found.lstrip("_") if found.startswith("__") else found
    if not found.strip("_"):
        found = otherwise
    if not found.isidentifier():
        found = f"_{found}" if f"_{found}".isidentifier() else otherwise
    if keyword.iskeyword(found):
        found += "_"
    return numbered(found, taken)


def class_name(text: str, *, taken: Collection[str] = ()) -> str:
    """A class's name: ``issue label`` is IssueLabel."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text)[:_LONGEST])
    return identifier("".join(word[0].upper() + word[1:] for word in words), taken=taken, otherwise="Item")


def numbered(name: str, taken: Collection[str]) -> str:
    """The name, or the first of name_2, name_3 ... that is not taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name.rstrip('_')}_{number}" in taken:
        number += 1
    return f"{name.rstrip('_')}_{number}"

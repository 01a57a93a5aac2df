"""Wordings that are written as one text."""

import pytest

from codeact.data.families.worded import Wordings, read_wordings
from codeact.errors import InputError


def test_each_heading_has_its_templates_with_broken_lines_joined() -> None:
    read = read_wordings("= one\na {b}\n  c\nd\nunseen:\ne\n\n= two words\nf\nunseen:\n  g\nh")
    assert read == {"one": Wordings(("a {b} c", "d"), ("e",)), "two words": Wordings(("f",), ("g", "h"))}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n= one\nb\nunseen:\nc", "before the first heading: 'a'"),
        ("= one\na\nunseen:\nb\n= one\na\nunseen:\nb", "'one' are given twice"),
        ("= one\na\n= two\nb\nunseen:\nc", "'one' has no wordings, or no unseen ones"),
        ("= one\nunseen:\nc", "'one' has no wordings"),
    ],
)
def test_a_text_that_is_not_so_is_an_error(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_wordings(text)

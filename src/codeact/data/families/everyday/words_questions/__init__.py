"""Questions about letters, words and names: counting, picking, comparing, rewriting and secret writing.

Invariant: right answers are made letter by letter, or known from how the question was made up, by other code than the expert's. It does
not: use letters beyond a to z, or ask for what spelling does not show, as syllables.
"""

import random
from collections.abc import Callable

from codeact.data.families.everyday.words_questions import comparing, counting, rewriting
from codeact.data.families.everyday.words_questions.wordings import WORDINGS
from codeact.data.family import Family, Instance
from codeact.data.phrasing import Phrase


def _family(name: str, make: Callable[[random.Random, Phrase], Instance], frame: str) -> Family:
    """A family with the wordings of a heading that several share."""
    return Family(f"everyday/{name}", "everyday", make, WORDINGS[frame].seen, WORDINGS[frame].unseen)


FAMILIES: tuple[Family, ...] = (
    _family("letter-counts", counting.letter_counts, "count-in-text"),
    _family("word-check", comparing.word_check, "yes-or-no"),
    _family("which-word", comparing.which_word, "one-of-a-list"),
    _family("turn-text-round", rewriting.turned_round, "deed"),
    _family("rewrite-letters", rewriting.rewritten, "deed"),
    _family("letter-case", rewriting.letter_case, "deed"),
    _family("secret-writing", rewriting.secret_writing, "deed"),
    _family("part-of-word", comparing.part_of_word, "thing-of-a-text"),
    _family("word-lengths", counting.word_lengths, "thing-of-a-text"),
    _family("repeated-letters", counting.repeated_letters, "thing-of-a-text"),
    _family("letter-numbers", counting.letter_numbers, "thing"),
    _family("two-words", comparing.two_words, "thing"),
)

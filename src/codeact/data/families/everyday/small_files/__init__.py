"""Short questions about one small file: a note, a list of words, a log of dates, a CSV file, a JSON file.

Invariant: right answers are counted from what the file was written from. Half of the experts look at the file first, and all do where the
question does not say how it is written. It does not: ask for files to be written, or for more than one file.
"""

from codeact.data.families.everyday.small_files import entries, lists, prose, tables
from codeact.data.families.everyday.small_files.wordings import WORDINGS
from codeact.data.family import Family

_MAKERS = {
    "size-of-file": prose.size,
    "word-in-file": prose.uses_of_a_word,
    "picked-word-of-file": prose.picked_word,
    "lines-that": entries.lines_that,
    "numbers-of-file": entries.numbers,
    "dated-file": entries.dated,
    "column-where": tables.column_where,
    "rows-where": tables.rows_where,
    "groups-of-file": tables.groups,
    "cell-of-file": tables.cell,
    "lists-of-file": lists.lists,
}

FAMILIES = tuple(Family(f"everyday/{name}", "everyday", make, WORDINGS[name].seen, WORDINGS[name].unseen) for name, make in _MAKERS.items())

"""Wordings of questions about files and databases.

Invariant: each names the file; {what} begins with an article; {form} may be empty. It does not: name columns, which the agent has to
look up.
"""

import random
from typing import Any

ROUND = ("Round to two decimals.", "Give at most two decimals.", "Two decimals are enough.")
WHOLE = ("It is a whole number.", "Answer with one number.", "")
NAME = ("Answer with that alone.", "Only that, please.", "")
NAMES = ("Answer with a Python list.", "Write it as a Python list.")
"""What the answer is like, by what is asked for: {form} in the wordings."""

FILE = (
    "What is {what}, [according to|going by] the file {file}? {form}",
    "[Find|Work out|Tell me] {what}, [according to|from|going by] the file {file}. {form}",
    "The file {file} [holds a table|is a table]. [I need|Find|Give me] {what}. {form}",
    "[Read|Load|Open] {file} and [tell me|give me|find] {what}. {form}",
    "[I have|There is|You have] a CSV file, {file}. [From it, work out|Use it to find|I would like to know] {what}. {form}",
)
UNSEEN_FILE = (
    "[My colleague left me|Attached is] {file}; [we are after|I was asked for] {what}. {form}",
    "[Data|Source]: {file}. [Question|Wanted]: {what}. {form}",
)
BASE = (
    "What is {what}, [according to|going by] the SQLite database {file}? {form}",
    "[Find|Work out|Tell me] {what}, [according to|from|going by] the SQLite database {file}. {form}",
    "[Query|Ask|Use] the database {file} [with sqlite3 |]and [tell me|give me|find] {what}. {form}",
    "{file} is an SQLite database. [I need|Find|Give me] {what}. {form}",
    "[I have|There is|You have] an SQLite file, {file}. [Use SQL to find|I would like to know] {what}. {form}",
)
UNSEEN_BASE = (
    "[My colleague left me|Attached is] the database {file} (SQLite); [we are after|I was asked for] {what}. {form}",
    "[SQLite data|Database]: {file}. [Question|Wanted]: {what}. {form}",
)


def form(chance: random.Random, check: str, answer: Any) -> str:
    """What the answer is to be like.

    Args:
        chance: chooses the words.
        check, answer: of the task.
    """
    if check in ("list", "set"):
        return chance.choice(NAMES)
    return chance.choice(NAME if check == "exact" else WHOLE if isinstance(answer, int) else ROUND)

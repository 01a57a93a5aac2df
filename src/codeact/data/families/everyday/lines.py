"""Questions about text files and logs in the workspace, and files to write.

Invariant: a file that was to be written counts by what is in it, read without following a link; the answer counts too. It does not: ask for
line ends of one kind.
"""

import os
import random
import stat
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from codeact.bench.policies import CodePolicy
from codeact.bench.task import Score, Task
from codeact.data.families.everyday.texts import sentence
from codeact.data.families.wordlists import PEOPLE, WORDS
from codeact.data.families.words import capital
from codeact.data.families.worked import check_of, in_turn, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_MOST_BYTES = 5_000_000


def content(workspace: Path | None, name: str) -> bytes | None:
    """What is in a plain file of a workspace; None if there is none, or it is a link or no plain file.

    Args:
        workspace: the guest's folder.
        name: without folders.
    """
    if workspace is None:
        return None
    try:
        handle = os.open(workspace / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(_MOST_BYTES)


def bare(answer: str | None) -> str | None:
    """An answer without quotes and a full stop around it."""
    return None if answer is None else answer.strip(" \t\n.'\"`")


def filed(answer: str | None, task: Task, workspace: Path | None) -> Score:
    """Check of an answer and of the file that was to be written."""
    wanted: Any = task.answer
    if bare(answer) != wanted["said"]:
        return Score.of(False, f"{answer!r} is not {wanted['said']!r}")
    held = content(workspace, wanted["file"])
    if held is None:
        return Score.of(False, f"there is no plain file {wanted['file']!r}")
    lines = [line.rstrip() for line in held.decode(errors="replace").splitlines() if line.strip()]
    return Score.of(lines == wanted["lines"], f"{wanted['file']!r} holds {lines[:5]!r}")


def _name(chance: random.Random, ending: str = "txt") -> str:
    return f"{chance.choice(('notes', 'diary', 'letter', 'story', 'list', 'report', 'draft', 'minutes'))}_{chance.choice(WORDS)}.{ending}"


def _text(chance: random.Random) -> list[str]:
    lines: list[str] = []
    while len(lines) < chance.randrange(4, 13):
        line = sentence(chance)
        if len(line) not in {len(other) for other in lines}:
            lines.append(capital(line))
    return lines


def _lines(chance: random.Random, phrase: Phrase) -> Instance:
    lines, name = _text(chance), _name(chance)
    word = chance.choice(chance.choice(lines).split(" ")[2:])
    place = chance.randrange(1, len(lines) + 1)
    ordered = sorted(lines, key=lambda line: -len(line))
    read = f'with open("{name}") as file:\n    lines = file.read().splitlines()'
    kinds: tuple[tuple[str, JsonValue, str], ...] = (
        ("the number of lines", len(lines), "len(lines)"),
        ("the number of words", sum(line.count(" ") + 1 for line in lines), "sum(len(line.split()) for line in lines)"),
        (
            f"the number of lines that contain '{word}'",
            len([1 for line in lines if word in line]),
            f'sum(1 for line in lines if "{word}" in line)',
        ),
        ("the longest line", ordered[0], "max(lines, key=len)"),
        ("the shortest line", ordered[-1], "min(lines, key=len)"),
        (f"line number {place} (the first line is number 1)", lines[place - 1], f"lines[{place} - 1]"),
        ("the number of characters in the longest line", len(ordered[0]), "max(len(line) for line in lines)"),
    )
    what, right, shown = chance.choice(kinds)
    return Instance(
        phrase(what=what, file=name),
        right,
        worked(chance, (read, "lines[:2]"), ("", shown)),
        check=check_of(right),
        files={name: "\n".join(lines) + "\n"},
        slips=(
            Slip("wrong file", f'with open("{name.replace(".txt", ".text")}") as file:\n    print(file.read()[:100])'),
            Slip("wrong type", f'lines = "{name}".read().splitlines()\nprint({shown})'),
        ),
    )


def _common_word(chance: random.Random, phrase: Phrase) -> Instance:
    lines, name = _text(chance), _name(chance)
    words = [word for line in lines for word in line.lower().split(" ")]
    word = chance.choice([word for word in words if words.count(word) > 1] or words)
    once = len([1 for word in set(words) if words.count(word) == 1])
    read = f'with open("{name}") as file:\n    words = file.read().lower().split()'
    kinds: tuple[tuple[str, int, str], ...] = (
        (f"how often the word '{word}' occurs, ignoring case,", sum(one == word for one in words), f'words.count("{word}")'),
        ("how many different words, ignoring case, there are", len(dict.fromkeys(words)), "len(set(words))"),
        ("how many words, ignoring case, occur only once", once, "sum(1 for word in set(words) if words.count(word) == 1)"),
    )
    what, right, shown = chance.choice(kinds)
    return Instance(
        phrase(what=what, file=name),
        right,
        worked(chance, (read, "len(words)"), ("", shown)),
        check="number",
        files={name: "\n".join(lines) + "\n"},
        slips=(Slip("misread type", f'words = open("{name}").readlines().lower()\nprint({shown})'),),
    )


def _log_lines(chance: random.Random) -> list[tuple[str, str, str, str, int]]:
    seconds, found = chance.randrange(10_000, 40_000), []
    for _ in range(chance.randrange(8, 20)):
        seconds += chance.randrange(1, 900)
        time = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        level = chance.choice(("INFO", "INFO", "WARNING", "ERROR", "DEBUG"))
        found.append(
            (
                time,
                level,
                chance.choice(("disk", "mail", "login", "backup", "printer")),
                chance.choice(PEOPLE).lower(),
                chance.randrange(5, 900),
            )
        )
    return found


_Asked = tuple[str, JsonValue, str, str]
"""What is asked, the right answer, code for it after the lines were read, and the expression to print."""


def _asked_of_log(chance: random.Random, entries: list[tuple[str, str, str, str, int]]) -> _Asked:
    level = chance.choice(entries)[1]
    part = chance.choice(entries)[2]
    held = [entry for entry in entries if entry[1] == level]
    ms = r'int(re.search(r"ms=(\d+)", line)[1])'
    kinds: tuple[_Asked, ...] = (
        (f"the number of lines of level {level}", len(held), f'found = [line for line in lines if " {level} " in line]', "len(found)"),
        (
            f"the time of the first line of level {level}",
            held[0][0],
            f'found = [line for line in lines if " {level} " in line]',
            "found[0].split()[0]",
        ),
        (
            f"the time of the last line of level {level}",
            held[-1][0],
            f'found = [line for line in lines if " {level} " in line]',
            "found[-1].split()[0]",
        ),
        (
            f"the number of lines about {part}",
            sum(entry[2] == part for entry in entries),
            f'found = [line for line in lines if " {part} " in line]',
            "len(found)",
        ),
        (
            f"the sum of the ms values of level {level}",
            sum(entry[4] for entry in held),
            f'import re\nfound = [{ms} for line in lines if " {level} " in line]',
            "sum(found)",
        ),
        ("the largest ms value", max(entry[4] for entry in entries), f"import re\nfound = [{ms} for line in lines]", "max(found)"),
        (
            "the number of different users",
            len({entry[3] for entry in entries}),
            'import re\nfound = set(re.search(r"user=(\\w+)", line)[1] for line in lines)',
            "len(found)",
        ),
    )
    return chance.choice(kinds)


def _log(chance: random.Random, phrase: Phrase) -> Instance:
    entries, name = _log_lines(chance), f"{chance.choice(('server', 'events', 'system', 'gate', 'night'))}_{chance.choice(WORDS)}.log"
    read = f'with open("{name}") as file:\n    lines = file.read().splitlines()'
    what, right, code, shown = _asked_of_log(chance, entries)
    text = "".join(f"{time} {mark} {about} user={user} ms={ms}\n" for time, mark, about, user, ms in entries)
    return Instance(
        phrase(what=what, file=name),
        right,
        in_turn(f"{read}\nprint(lines[:2])", f"{code}\nprint({shown})"),
        check=check_of(right),
        files={name: text},
        slips=(
            Slip("wrong file", f'with open("{name.removesuffix(".log")}.txt") as file:\n    print(file.read()[:100])'),
            Slip("wrong marks", f'{read}\nprint([line.split("level=")[1] for line in lines][:3])'),
        ),
    )


def _rewritten(chance: random.Random, phrase: Phrase) -> Instance:
    lines, name = _text(chance), _name(chance)
    new = f"{chance.choice(('result', 'copy', 'output', 'new', 'clean'))}_{chance.choice(WORDS)}.txt"
    word = chance.choice(chance.choice(lines).split(" ")[2:])
    kinds: tuple[tuple[str, list[str], str], ...] = (
        ("with the lines in alphabetical order", sorted(lines), "sorted(lines)"),
        ("with the lines in reverse order", [lines[place] for place in range(len(lines) - 1, -1, -1)], "lines[::-1]"),
        ("in upper case", [line.upper() for line in lines], "[line.upper() for line in lines]"),
        (
            f"with only the lines that contain '{word}'",
            [line for line in lines if word in line],
            f'[line for line in lines if "{word}" in line]',
        ),
        (
            "with each line's number and a colon before it, like '1: ...'",
            [f"{place}: {line}" for place, line in enumerate(lines, start=1)],
            '[f"{number}: {line}" for number, line in enumerate(lines, start=1)]',
        ),
        ("with only the first word of each line", [line.split(" ")[0] for line in lines], "[line.split()[0] for line in lines]"),
    )
    what, kept, code = chance.choice(kinds)
    asked, said, shown = chance.choice(
        (("the name of the new file", new, f'"{new}"'), ("how many lines the new file has", str(len(kept)), "len(result)"))
    )
    write = f'with open("{new}", "w") as file:\n    file.write("\\n".join(result) + "\\n")'
    answer: JsonValue = {"said": said, "file": new, "lines": [*kept]}
    return Instance(
        phrase(file=name, new=new, what=what, asked=asked),
        answer,
        worked(
            chance,
            (f'with open("{name}") as file:\n    lines = file.read().splitlines()', "lines"),
            (f"result = {code}\n{write}", shown),
            apart=0.2,
        ),
        check="python:filed",
        files={name: "\n".join(lines) + "\n"},
        slips=(
            Slip(
                "wrong mode", f'lines = open("{name}").read().splitlines()\nwith open("{new}") as file:\n    file.write("\\n".join(lines))'
            ),
            Slip("wrong type", f'lines = open("{name}").read().splitlines()\nwith open("{new}", "w") as file:\n    file.write(lines)'),
        ),
    )


def _settings(chance: random.Random, phrase: Phrase) -> Instance:
    sections = chance.sample(("window", "network", "printer", "editor", "backup", "sound"), 3)
    keys = {
        one: {key: str(chance.randrange(1, 900)) for key in chance.sample(("width", "height", "port", "retries", "volume", "days"), 3)}
        for one in sections
    }
    section = chance.choice(sections)
    key = chance.choice(list(keys[section]))
    name = f"{chance.choice(('settings', 'options', 'app'))}_{chance.choice(WORDS)}.ini"
    sums = chance.random() < 0.4
    text = "\n".join(f"[{one}]\n" + "".join(f"{key} = {value}\n" for key, value in held.items()) for one, held in keys.items())

    def policy() -> CodePolicy:
        yield f'import configparser\nsettings = configparser.ConfigParser()\nsettings.read("{name}")\nprint(settings.sections())'
        said = (
            yield f'print(sum(int(value) for value in settings["{section}"].values()))'
            if sums
            else f'print(settings["{section}"]["{key}"])'
        )
        return said.strip()

    return Instance(
        phrase(
            file=name, what=f"the sum of all values in the section {section}" if sums else f"the value of {key} in the section {section}"
        ),
        sum(map(int, keys[section].values())) if sums else int(keys[section][key]),
        policy,
        check="number",
        files={name: text},
        slips=(Slip("wrong reader", f'import json\nprint(json.load(open("{name}")))'),),
    )


_ABOUT = (
    "[Give me|Tell me|Please find|Work out] {what} in {file}.",
    "[Read|Open|Look into|Load] {file} and [tell|give] me {what}.",
    "[From|Using|With] the file {file}, [find|work out|report] {what}.",
    "The file {file} is in [your folder|the working folder]. [I need|Find] {what}.",
    "[I need|I want|I would like] {what} from {file}.",
)
_UNSEEN = (
    "{file} lies in the folder; [determine|state] {what}.",
    "[Go through|Check] {file} for {what}.",
    "Have a look at {file}: [I am after|let me have] {what}.",
)

FAMILIES = (
    Family("everyday/lines-of-text", "everyday", _lines, _ABOUT, _UNSEEN, weight=1.3),
    Family("everyday/log-file", "everyday", _log, _ABOUT, _UNSEEN),
    Family(
        "everyday/words-of-file",
        "everyday",
        _common_word,
        phrasings=(
            "[Find out|Tell me|Work out|Say] {what} in {file}.",
            "[Read|Open|Load|Look into] {file} and [tell me|find out] {what} in it.",
            "[I want to know|I need to know|Please say] {what} in the file {file}.",
            "The text is in {file}. [Say|Count and say|Tell me] {what} in it.",
            "[Can you|Could you] [open|read] {file} and tell me {what} in it?",
            "A text file, {file}, [is given|is there]. [Report|Let me know] {what} in it.",
        ),
        unseen_phrasings=(
            "{file}: [determine|state] {what} in it.",
            "I keep a text in {file}; [I wonder|it would help me to know|a friend asks] {what} in it.",
        ),
    ),
    Family(
        "everyday/write-file",
        "everyday",
        _rewritten,
        phrasings=(
            "[Write|Make|Save] a copy of {file} to {new}, {what}. Answer with {asked}.",
            "[Read|Open|Take] {file} and write {new} {what}. Then [tell me|say|give me] {asked}.",
            "I need {new}: it is {file} {what}. [Tell me|Answer with] {asked}.",
            "[Create|Make|Produce] the file {new} from {file}, {what}, and [answer|reply] with {asked}.",
            "The lines of {file} shall be [stored|saved|put] in {new} {what}. [Answer with|Report] {asked}.",
        ),
        unseen_phrasings=(
            "[Turn|Convert] {file} into {new}, {what}; [state|reply with] {asked}.",
            "{new} should hold the text of {file} {what}. [Do that and state|Arrange it and tell] {asked}.",
        ),
        weight=1.3,
    ),
    Family(
        "everyday/settings-file",
        "everyday",
        _settings,
        phrasings=(*_ABOUT, "[Look up|Get|Fetch] {what} of {file}[, please]."),
        unseen_phrasings=_UNSEEN,
        held_out=True,
    ),
)

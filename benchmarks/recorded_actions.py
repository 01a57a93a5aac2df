"""Messages that real models wrote, through the parser of the code format: the share that is read as it was meant.

    python benchmarks/recorded_actions.py PATH [--examples N]

PATH holds MINT's recorded runs, `MODEL/DOMAIN/TASK/results.jsonl` (github.com/xingyaoww/mint-bench, in whose style of `<execute>` and
`<solution>` CodeAct's models write). What a message means is judged by this file alone, which uses nothing of the parser: `meant` names
the kind of a message by the order of its tags and says how a careful reader takes it. The rule above all others: the first action or
answer outside of the model's thoughts counts, since generation ends with it; what follows was written without its output being seen.

Beside it stands what the original harness did: an answer if `<solution>` is anywhere (all of them joined), else all code joined, else its
"I don't understand"; that this is what it did is checked against the feedback in the record. It does not: run any code, or fail.
"""

import argparse
import ast
import json
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from codeact.errors import FormatError
from codeact.formats.code import CodeFormat

_TAG = re.compile(r"</?(?:execute|solution)>")
_LETTER = {"<execute>": "E", "</execute>": "e", "<solution>": "S", "</solution>": "s"}
_THOUGHT = re.compile(r"<thought>.*?</thought>", re.DOTALL)
_FENCE = re.compile(r"^[ \t]*```(\w*)[ \t]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
_OTHER_NAMES = re.compile(r"<(?:code|python|answer|response|result|action|tool_call)\b[^>]*>", re.IGNORECASE)
_UNTAGGED = re.compile(r"^(?:def |import |from \w+ import |print\()", re.MULTILINE)
_NOT_UNDERSTOOD = "I don't understand your input"
_WIDTH = 200
_SHORT = 560
"""Characters that no message broken off at the 512 tokens of the recorded runs stays below: the shortest, of digits only, has 586."""

Reading = tuple[str, str]
"""``code``, ``answer`` or ``neither``, and the text of it."""

NEITHER: Reading = ("neither", "")


class Message(NamedTuple):
    """What a model wrote, and whether the record has the original's feedback to it and that it could not be used."""

    model: str
    text: str
    refused: bool | None


class Meant(NamedTuple):
    """How a careful reader takes a message."""

    kind: str
    reading: Reading


def messages(root: Path) -> Iterator[Message]:
    """Every message of a model in the recorded runs below `root`."""
    for file in sorted(root.rglob("results.jsonl")):
        model = file.relative_to(root).parts[0]
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                history = json.loads(line)["state"]["history"]
                for turn, after in zip(history, [*history[1:], None], strict=True):
                    if turn["role"] == "assistant":
                        yield Message(model, turn["content"], None if after is None else _NOT_UNDERSTOOD in after["content"])


def meant(text: str) -> Meant:
    """The kind of a message, and the action or the answer that it was meant as."""
    thoughtless = _THOUGHT.sub(lambda match: " " * len(match.group()), text)
    inside, outside = _tagged(text), _tagged(thoughtless)
    if outside.reading != NEITHER or inside.reading == NEITHER:
        return outside
    return Meant("answer or code inside the thought only", inside.reading)


def _tagged(text: str) -> Meant:
    tags = [(_LETTER[match.group()], match.start(), match.end()) for match in _TAG.finditer(text)]
    if not tags:
        return _untagged(text)
    tags, emptied = _without_empty(text, tags)
    order = "".join(letter for letter, _, _ in tags)
    if not order:
        return Meant("empty tags", NEITHER)
    found = _irregular(text, tags, order) or _regular(text, tags, order)
    return Meant(f"empty tags, then: {found.kind}", found.reading) if emptied else found


def _without_empty(text: str, tags: list[tuple[str, int, int]]) -> tuple[list[tuple[str, int, int]], bool]:
    """The tags from the first pair on that holds anything."""
    start = 0
    while tags[start : start + 2] and "".join(tag[0] for tag in tags[start : start + 2]) in ("Ee", "Ss"):
        if text[tags[start][2] : tags[start + 1][1]].strip():
            break
        start += 2
    return tags[start:], start > 0


def _irregular(text: str, tags: list[tuple[str, int, int]], order: str) -> Meant | None:
    """Readings of tags that do not stand in pairs."""
    content = text[tags[0][2] : tags[1][1]] if len(tags) > 1 else text[tags[0][2] :]
    if order in ("E", "S"):
        return _open(text, content, "code" if order == "E" else "answer")
    if order[0] in "es":
        both = order.startswith("ss") and content.strip()
        return Meant("closing tags only", ("answer", content.strip()) if both else NEITHER)
    if order.startswith("SS"):
        return Meant("answer inside an answer", _inner(text, tags, order))
    if order.startswith("Se"):
        return Meant("answer closed as code", ("answer", content.strip()))
    if order.startswith("ES"):
        return _code_with_answer(text, tags, order)
    if order.startswith("EE"):
        return Meant("a tag spoken of", _regular(text, tags[1:], order[1:]).reading)
    return None


def _open(text: str, content: str, name: str) -> Meant:
    """What no closing tag ends: broken off at the limit of tokens, unless the message is short or ends with its sentence or half a tag."""
    half = re.search(r"</[a-z]*\s*$", content)
    whole = len(text) < _SHORT or half or (name == "answer" and content.rstrip().endswith("."))
    if not whole:
        return Meant(f"{name}, cut off by the limit of tokens", NEITHER)
    body = content[: half.start()] if half else content
    return Meant(f"{name}, never closed", NEITHER if name == "code" and not _is_python(body) else (name, body.strip()))


def _regular(text: str, tags: list[tuple[str, int, int]], order: str) -> Meant:
    """The first pair is what was meant; what is behind it makes the kind."""
    body = text[tags[0][2] : tags[1][1]].strip() if len(tags) > 1 else text[tags[0][2] :].strip()
    rest = order[2:]
    if order[0] == "S":
        return Meant("answer, and more behind it" if rest else "answer between tags", ("answer", body))
    several, answered = "E" in rest, "S" in rest
    if several:
        return Meant("several actions and an answer" if answered else "several actions", ("code", body))
    return Meant("code, then an answer" if answered else "code between tags", ("code", body))


def _inner(text: str, tags: list[tuple[str, int, int]], order: str) -> Reading:
    depth = len(order) - len(order.lstrip("S")) - 1
    end = tags[depth + 1][1] if len(tags) > depth + 1 else len(text)
    return "answer", text[tags[depth][2] : end].strip()


def _code_with_answer(text: str, tags: list[tuple[str, int, int]], order: str) -> Meant:
    """An answer tag behind open code: a string that the code prints, an answer put below the code, or tags only spoken of."""
    begin, opened = tags[0][2], tags[1][1]
    if "\n" not in text[begin:opened].strip(" ") and "</thought>" not in text[begin:opened] and order.startswith("ESE"):
        return Meant("a tag spoken of", _regular(text, tags[2:], order[2:]).reading)
    if order.startswith("ESse") and _is_python(text[begin : tags[3][1]]):
        return Meant("answer tag in a string of the code", ("code", text[begin : tags[3][1]].strip()))
    above = text[begin:opened]
    if not _is_python(above):
        above = above[: above.rfind("\n") + 1]
    return Meant("answer inside open code", ("code", above.strip()))


def _untagged(text: str) -> Meant:
    if fence := _FENCE.search(text):
        marked = fence[1].lower() in ("python", "py")
        if marked and not re.search(r"answer is:?\s*$", text[: fence.start()].strip(), re.IGNORECASE):
            return Meant("code in a python fence", ("code", fence[2].strip()))
        return Meant("answer in a python fence", ("answer", fence[2].strip())) if marked else Meant("a block shown, not run", NEITHER)
    if _OTHER_NAMES.search(text):
        return Meant("other names of tags", NEITHER)
    return Meant("code without tags" if _UNTAGGED.search(text) else "prose only", NEITHER)


def _is_python(source: str) -> bool:
    plain = re.sub(r"^[ \t]*[!%].*$", "pass", source.strip(), flags=re.MULTILINE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(ast.parse(plain).body)
    except (SyntaxError, ValueError):
        return False


def original(text: str) -> Reading:
    """What the harness of the recorded runs took a message for."""
    kind, name = ("answer", "solution") if "<solution>" in text else ("code", "execute")
    joined = "\n".join(part.strip() for part in re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL))
    return (kind, joined) if joined.strip() else NEITHER


def ours(text: str) -> Reading:
    """What the parser takes a message for."""
    try:
        step = CodeFormat().parse(text)
    except FormatError:
        return NEITHER
    return ("code", step.code) if step.code is not None else ("answer", step.answer or "")


def same(one: Reading, other: Reading) -> bool:
    """Whether two readings agree; how far a block is indented does not count."""
    return one[0] == other[0] and one[1].strip() == other[1].strip()


def difference(mine: Reading, theirs: Reading) -> str:
    """How our reading differs from the original's, in words."""
    if mine[0] != theirs[0]:
        return f"{theirs[0]} there, {mine[0]} here"
    return f"{mine[0]} in both, but all parts joined there, the first here"


def table(title: str, heads: list[str], rows: dict[str, list[int]]) -> None:
    """A Markdown table on standard output."""
    print(f"\n{title}\n\n| | {' | '.join(heads)} |\n| --- |{' ---: |' * len(heads)}")
    for name, row in rows.items():
        print(f"| {name} | {' | '.join(f'{number:,}' for number in row)} |")


def main() -> None:
    """Read the arguments, judge every message, print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", type=Path, help="folder of the recorded runs, one folder a model in it")
    parser.add_argument("--examples", type=int, default=1, help="examples printed for each kind that was not read as meant [1]")
    options = parser.parse_args()
    by_model: dict[str, Counter[str]] = {}
    kinds: dict[str, list[int]] = {}
    differences: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    contradicted = 0
    for message in messages(options.path):
        mine, gold, theirs = ours(message.text), meant(message.text), original(message.text)
        right = same(mine, gold.reading)
        if message.refused is not None:
            contradicted += message.refused != (theirs == NEITHER)
        for row in (by_model.setdefault(message.model, Counter()), by_model.setdefault("all", Counter())):
            row.update({"all": 1, mine[0]: 1, "right": right, "agree": same(mine, theirs), "kind": mine[0] == theirs[0]})
        counts = kinds.setdefault(gold.kind, [0, 0, 0, 0, 0])
        for place, hit in enumerate([True, right, gold.reading[0] == "code", gold.reading[0] == "answer", gold.reading == NEITHER]):
            counts[place] += hit
        name = None if same(mine, theirs) else difference(mine, theirs)
        for label in [f"not as meant: {gold.kind}"] * (not right) + ([name] if name else []):
            differences[label] += 1
            examples.setdefault(label, []).append(message.text)
    if not by_model:
        sys.exit(f"no results.jsonl below {str(options.path)!r}: give the folder that holds one folder a model")
    _print(by_model, kinds, contradicted)
    for label, count in differences.most_common():
        print(f"\n{label}: {count:,}")
        for text in examples[label][: options.examples]:
            print(f"    {_cut(text)!r}")


def _print(by_model: dict[str, Counter[str]], kinds: dict[str, list[int]], contradicted: int) -> None:
    totals = by_model.pop("all")
    columns = ["all", "code", "answer", "neither", "right", "kind", "agree"]
    heads = ["messages", "code", "answer", "FormatError", "as meant", "same kind as the original", "the same to the letter"]
    table("By model", heads, {name: [row[column] for column in columns] for name, row in [*by_model.items(), ("all", totals)]})
    heads = ["messages", "read as meant", "meant as code", "as answer", "as neither"]
    table("By kind of message", heads, dict(sorted(kinds.items(), key=lambda item: -item[1][0])))
    print(f"\nread as meant: {totals['right']:,} of {totals['all']:,} ({totals['right'] / totals['all']:.2%})")
    print(f"feedback in the record that contradicts our idea of the original's rule: {contradicted}")


def _cut(text: str) -> str:
    """An example from a little before its first tag on."""
    first = _TAG.search(text)
    start = max(0, first.start() - 40) if first else 0
    return text[start : start + _WIDTH]


if __name__ == "__main__":
    main()

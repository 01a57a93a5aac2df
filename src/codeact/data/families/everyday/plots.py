"""Plots of a few numbers, saved to a file.

Invariant: a plot counts if it is a PNG image with more than one colour, in a plain file of the name that was asked for. It does not: look
at what is drawn.
"""

import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from codeact.bench.policies import CodePolicy
from codeact.bench.task import Score, Task
from codeact.data.families.everyday.lines import bare, content
from codeact.data.families.wordlists import FOODS, GOODS, WORDS
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_PIXEL_BYTES = 50_000_000
_SMALLEST = 50


def plotted(answer: str | None, task: Task, workspace: Path | None) -> Score:
    """Check of a plot, and of the answer, which names its file."""
    name = str(task.answer)
    if bare(answer) != name:
        return Score.of(False, f"{answer!r} is not {name!r}")
    held = content(workspace, name)
    if held is None:
        return Score.of(False, f"there is no plain file {name!r}")
    fault = _fault(held)
    return Score.of(not fault, f"{name!r} {fault}")


def _fault(held: bytes) -> str:
    """What is wrong with an image, nothing if it is one on which something is drawn (PNG specification, sections 5 and 11)."""
    if not held.startswith(_PNG) or len(held) < 33:
        return "is no PNG image"
    width, height = struct.unpack(">II", held[16:24])
    if min(width, height) < _SMALLEST:
        return f"has only {width} x {height} pixels"
    data, place = b"", len(_PNG)
    while place + 8 <= len(held):
        size = int.from_bytes(held[place : place + 4], "big")
        data += held[place + 8 : place + 8 + size] if held[place + 4 : place + 8] == b"IDAT" else b""
        place += size + 12
    try:
        pixels = zlib.decompressobj().decompress(data, _MOST_PIXEL_BYTES)
    except zlib.error:
        return "is a broken PNG image"
    return "" if len(set(pixels)) > 8 else "is empty: nothing is drawn"


_KINDS = {
    "line chart": "plt.plot({x}, {y})",
    "line plot": "plt.plot({x}, {y})",
    "bar chart": "plt.bar({x}, {y})",
    "scatter plot": "plt.scatter({x}, {y})",
    "pie chart": "plt.pie({y}, labels={x})",
}


def _drawn(code: str) -> Callable[[], CodePolicy]:
    """The policy of one action; the shell shows the figure after what is printed, so the name is on the first line."""

    def policy() -> CodePolicy:
        said = yield code
        return (said.strip().splitlines() or [""])[0]

    return policy


def _plot(chance: random.Random, phrase: Phrase) -> Instance:
    kind = chance.choice(list(_KINDS))
    count = chance.randrange(3, 7)
    values = [chance.randrange(1, 90) for _ in range(count)]
    names: list[str] | list[int] = chance.sample(FOODS + GOODS, count) if kind in ("bar chart", "pie chart") else list(range(1, count + 1))
    file = f"{chance.choice(WORDS)}_{chance.choice(('chart', 'plot', 'figure', 'graph'))}.png"
    pairs = ", ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    title = f"{chance.choice(WORDS)} {chance.choice(('overview', 'numbers', 'counts'))}"
    titled = chance.random() < 0.4
    listed = str(names).replace("'", '"')
    draw = _KINDS[kind].format(x="names" if isinstance(names[0], str) else "x", y="values")
    given = f"{'names' if isinstance(names[0], str) else 'x'} = {listed}\nvalues = {values}"
    lines = ["import matplotlib.pyplot as plt", given, draw, *([f'plt.title("{title}")'] if titled else []), f'plt.savefig("{file}")']
    code = "\n".join([*lines, f'print("{file}")'])
    return Instance(
        phrase(kind=kind, pairs=pairs, file=file, title=f" titled '{title}'" if titled else ""),
        file,
        _drawn(code),
        check="python:plotted",
        slips=(
            Slip("wrong name", code.replace("plt.savefig", "plt.save")),
            Slip(
                "wrong lengths",
                code.replace(draw, draw.replace("values", "values[1:]")) if "pie" not in kind else code.replace("plt.pie", "plt.pies"),
            ),
        ),
    )


def _histogram(chance: random.Random, phrase: Phrase) -> Instance:
    values = [round(chance.gauss(50, 18)) for _ in range(chance.randrange(10, 20))]
    bins, file = chance.randrange(3, 9), f"{chance.choice(WORDS)}_{chance.choice(('histogram', 'spread', 'bins'))}.png"
    code = f'import matplotlib.pyplot as plt\nvalues = {values}\nplt.hist(values, bins={bins})\nplt.savefig("{file}")\nprint("{file}")'
    return Instance(
        phrase(list=", ".join(map(str, values)), bins=bins, file=file),
        file,
        _drawn(code),
        check="python:plotted",
        slips=(Slip("wrong name", code.replace("plt.hist(", "plt.histogram(")),),
    )


FAMILIES = (
    Family(
        "everyday/plot",
        "everyday",
        _plot,
        phrasings=(
            "[Draw|Make|Create|Plot] a {kind}{title} of {pairs}. Save it as {file} and answer with the file name.",
            "[Save|Store] a {kind}{title} of these values as {file}: {pairs}. [Answer with|Give me] the name of the file.",
            "I need a {kind}{title} in {file}, [showing|of] {pairs}. [Answer with|Reply with] its file name.",
            "With matplotlib, [draw|make] a {kind}{title} of {pairs}, [save|store] it to {file} and name the file.",
            "[Here are|These are] my numbers: {pairs}. Turn them into a {kind}{title}, saved as {file}; [answer|reply] with the file name.",
        ),
        unseen_phrasings=(
            "[Visualise|Show] {pairs} as a {kind}{title}; the image goes to {file}. The answer is that name.",
            "{file} [shall be|is to be] a {kind}{title} for {pairs}. Reply with the name of the image.",
            "Picture wanted: {kind}{title}, data {pairs}, file {file}. Say the file name when done.",
        ),
        weight=0.8,
    ),
    Family(
        "everyday/histogram",
        "everyday",
        _histogram,
        phrasings=(
            "[Draw|Make|Create|Plot] a histogram of {list} with {bins} bins. Save it as {file} and answer with the file name.",
            "[Save|Store] a histogram ({bins} bins) of these values as {file}: {list}. [Answer with|Give me] the name of the file.",
            "I need a histogram in {file}, {bins} bins, [showing|of] {list}. [Answer with|Reply with] its file name.",
            "With matplotlib, [draw|make] a histogram with {bins} bins of {list}, [save|store] it to {file} and name the file.",
            "[Here are|These are] my numbers: {list}. Turn them into a histogram of {bins} bins, saved as {file}; "
            "[answer|reply] with the file name.",
        ),
        unseen_phrasings=(
            "How are {list} distributed? [Put|Draw] a histogram of {bins} bins into {file} and say its name.",
            "{file} [shall be|is to be] a histogram for {list}, {bins} bins. Reply with the name of the image.",
            "[Bin|Group] {list} into {bins} and draw that to {file}; the answer is the file name.",
        ),
        held_out=True,
        weight=0.8,
    ),
)

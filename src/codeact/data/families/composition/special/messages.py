"""Texts that go through several tools: messages to decode in steps, and lines to work over in the order that is told.

Invariant: what is decoded is what was encoded, by functions of this module and not by the tools. It does not: use ciphers of the suites.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.special.tasks import done, family
from codeact.data.families.composition.toolmaking import tool, written
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call
from codeact.tools.function import FunctionTool

_WHO = (
    "my aunt",
    "a courier",
    "our guide",
    "the night guard",
    "a stranger",
    "the tall man",
    "the editor",
    "a singer",
    "the pilot",
    "your cousin",
)
_DOES = ("left", "forgot", "found", "painted", "buried", "sold", "mended", "dropped", "weighed", "signed", "borrowed")
_WHAT = (
    "a brass key",
    "two maps",
    "the red scarf",
    "an old violin",
    "the last letter",
    "a wet umbrella",
    "nine candles",
    "the blue folder",
)
_WHERE = ("under the stairs", "in the tower", "at platform six", "behind the oven", "near the lake", "on the ferry", "by the gate")


def _sentence(chance: random.Random) -> str:
    parts = [chance.choice(each) for each in (_WHO, _DOES, _WHAT)]
    return " ".join(parts + ([chance.choice(_WHERE)] if chance.random() < 0.6 else []))


def _pairs(text: str) -> str:
    return "".join(text[at : at + 2][::-1] for at in range(0, len(text), 2))


def _mirror(text: str) -> str:
    return "".join(chr(219 - ord(each)) if "a" <= each <= "z" else each for each in text)


def _words(text: str) -> str:
    return " ".join(text.split(" ")[::-1])


def _halves(text: str) -> str:
    cut = (len(text) + 1) // 2
    return text[cut:] + text[:cut]


def _halves_back(text: str) -> str:
    cut = len(text) - (len(text) + 1) // 2
    return text[cut:] + text[:cut]


def _case(text: str) -> str:
    return "".join(each.upper() if number % 2 else each for number, each in enumerate(text))


def _vowels(text: str) -> str:
    return text.translate(str.maketrans("aeiou", "12345"))


def _vowels_back(text: str) -> str:
    return text.translate(str.maketrans("12345", "aeiou"))


def _filled(text: str) -> str:
    return "".join(f"{each}x" for each in text)


def _unfilled(text: str) -> str:
    return text[::2]


def _codes(text: str) -> str:
    return "-".join(str(ord(each)) for each in text)


def _codes_back(text: str) -> str:
    return "".join(chr(int(each)) for each in text.split("-"))


def _last_first(text: str) -> str:
    return " ".join(each[-1:] + each[:-1] for each in text.split(" "))


def _first_last(text: str) -> str:
    return " ".join(each[1:] + each[:1] for each in text.split(" "))


@dataclass(frozen=True, slots=True)
class Coding:
    """A way of writing a text.

    Args:
        told: what was done to it, after "the text was".
        doc: of the tool that undoes it.
        names: of that tool.
        encode, decode: it, and back.
    """

    told: str
    doc: str
    names: tuple[str, ...]
    encode: Callable[[str], str]
    decode: Callable[[str], str]


CODINGS = (
    Coding(
        "two neighbouring characters changed places, pair by pair",
        "Swap the characters of each pair back.",
        ("swap_pairs", "unpair", "fix_pairs"),
        _pairs,
        _pairs,
    ),
    Coding(
        "the alphabet was mirrored (a for z, b for y)",
        "Mirror the alphabet: a for z, b for y.",
        ("mirror_letters", "unmirror", "flip_alphabet"),
        _mirror,
        _mirror,
    ),
    Coding(
        "the words were put in opposite order",
        "Put the words of a text in opposite order.",
        ("flip_words", "words_back", "turn_words"),
        _words,
        _words,
    ),
    Coding(
        "vowels were replaced with the digits 1 to 5",
        "Replace the digits 1 to 5 with a, e, i, o, u.",
        ("restore_vowels", "digits_to_vowels", "vowels_back"),
        _vowels,
        _vowels_back,
    ),
    Coding(
        "an x was put after each character",
        "Drop every second character of a text.",
        ("drop_filler", "every_second", "remove_x"),
        _filled,
        _unfilled,
    ),
    Coding(
        "each character was written as its number, with - between",
        "Text of character numbers with - between them.",
        ("numbers_to_text", "from_numbers", "read_numbers"),
        _codes,
        _codes_back,
    ),
)
UNSEEN = (
    Coding(
        "its two halves changed places",
        "Put the two halves of a text in their old places.",
        ("rejoin_halves", "halves_home"),
        _halves,
        _halves_back,
    ),
    Coding(
        "the last letter of each word was put first",
        "Move the first letter of each word to its end.",
        ("tail_letters", "word_wheel"),
        _last_first,
        _first_last,
    ),
    Coding("every second letter was made a capital", "Make all letters of a text small.", ("calm_letters", "all_small"), _case, str.lower),
)


def _tools(codings: tuple[Coding, ...], chance: random.Random) -> list[tuple[Coding, FunctionTool]]:
    parameter = chance.choice(("text", "message", "line"))
    return [(one, tool(chance.choice(one.names), {parameter: str}, str, one.doc, one.decode)) for one in codings]


def _fit(chance: random.Random, codings: tuple[Coding, ...], count: int) -> list[Coding]:
    """Steps that can follow each other: numbers only last, fillers after what leaves letters alone."""
    steps = chance.sample(codings, count)
    return sorted(steps, key=lambda one: (one.encode is _codes, one.encode is _filled, one.encode is _vowels))


def _decode(codings: tuple[Coding, ...], most: int) -> Callable[[random.Random, Phrase], Instance]:
    def make(chance: random.Random, phrase: Phrase) -> Instance:
        steps = _fit(chance, codings, chance.randint(1, most))
        message = _sentence(chance)
        text = message
        for one in steps:
            text = one.encode(text)
        made = dict(_tools(codings, chance))
        order = [made[one].name for one in reversed(steps)]
        lines = [f"text = {written(text)}"]
        lines += [line for name in order for line in (f"text = {name}(text)", "print(text)")]
        nested = written(text)
        for name in order:
            nested = f"{name}({nested})"
        actions = ["\n".join(lines)] if chance.random() < 0.6 else [f"print({nested})"]
        if len(steps) > 1 and chance.random() < 0.3:
            actions = ["\n".join(lines[:3]), "\n".join(lines[3:])]

        def calls() -> CallPolicy:
            shown = text
            for name in order:
                shown = (yield [Call(name, (shown,))])[0]
            return shown

        told = "; then ".join(one.told for one in steps)
        wrong = [f"text = {written(text)}", *(f"text = {name}(text)" for name in reversed(order)), "print(text)"]
        slips = (Slip("wrong order", "\n".join(wrong)),) if len(steps) > 1 and _differs(steps, text, message) else ()
        prompt = phrase(text=written(text), told=told)
        return done(prompt, message, actions, calls, tools=_few(made, steps, chance), chance=chance, slips=slips)

    return make


def _differs(steps: list[Coding], text: str, message: str) -> bool:
    """Whether undoing in the wrong order gives something else, and gives anything at all."""
    if any(one.encode is _codes for one in steps):
        return False
    for one in steps:
        text = one.decode(text)
    return text != message


def _few(made: dict[Coding, FunctionTool], steps: list[Coding], chance: random.Random) -> list[FunctionTool]:
    others = [one for one in made if one not in steps]
    return [made[one] for one in (*steps, *chance.sample(others, min(len(others), chance.randint(1, 3))))]


_SAY = (
    "[A message was hidden like this|This was done to a message|Somebody hid a message so]: {told}. [The result|What came out] "
    "is {text}. [What did it say?|How did it read?]",
    "[Decode|Make readable|Recover] {text}. [It was made so|How it was made]: {told}. [Give just the text.|Only the text, please.]",
    "I was given {text}. [They told me that|I know that] {told}. [What is the text|What does it say] when all that is undone?",
    "[Undo|Take back] what was done to a text, last step first: {told}. It now reads {text}. Answer with the text as it was.",
)
_SAY_ELSE = (
    "{text} [was once|used to be] a plain sentence. Then: {told}. [Bring it back.|Restore it.] Only the sentence is wanted.",
    "Plain text, please, of {text}! [The history|What happened]: {told}.",
    "History of a note: {told}. Now it is {text}. [How did it begin|What was it before]?",
)


@dataclass(frozen=True, slots=True)
class Editing:
    """Something done to a line of text: how it is told, the tool's names and docstring, and what it does."""

    told: str
    names: tuple[str, ...]
    doc: str
    edit: Callable[[str], str]


EDITS = (
    Editing(
        "drop the vowels",
        ("strip_vowels", "drop_vowels"),
        "The text without its vowels.",
        lambda text: "".join(one for one in text if one not in "aeiouAEIOU"),
    ),
    Editing(
        "put the words in alphabetical order",
        ("sort_words", "order_words"),
        "The words in alphabetical order.",
        lambda text: " ".join(sorted(text.split())),
    ),
    Editing("make it upper case", ("shout", "to_upper"), "The text in capitals.", str.upper),
    Editing(
        "double each word",
        ("double_words", "echo_words"),
        "Each word twice.",
        lambda text: " ".join(f"{one} {one}" for one in text.split()),
    ),
    Editing("join the words with hyphens", ("hyphenate", "join_words"), "Hyphens for spaces.", lambda text: text.replace(" ", "-")),
    Editing("drop the first word", ("drop_first", "behead"), "All words but the first.", lambda text: " ".join(text.split()[1:])),
    Editing("keep the first three words", ("first_three", "shorten"), "The first three words.", lambda text: " ".join(text.split()[:3])),
    Editing("put it in square brackets", ("bracket", "wrap_text"), "The text in square brackets.", lambda text: f"[{text}]"),
    Editing("capitalize each word", ("capitalize_words", "make_title"), "Each word with a capital.", str.title),
)


def _pipeline(chance: random.Random, phrase: Phrase) -> Instance:
    text = _sentence(chance)
    steps = sorted(chance.sample(EDITS, chance.randint(2, 4)), key=lambda one: one.told.startswith(("join", "put it")))
    parameter = chance.choice(("text", "line", "words"))
    made = {one: tool(chance.choice(one.names), {parameter: str}, str, one.doc, one.edit) for one in EDITS}
    answer = text
    for one in steps:
        answer = one.edit(answer)
    order = [made[one].name for one in steps]
    shows = chance.random() < 0.5
    lines = [f"text = {written(text)}"]
    for name in order[:-1]:
        lines += [f"text = {name}(text)", *(["print(text)"] if shows else [])]
    lines += [f"print({order[-1]}(text))"]

    def calls() -> CallPolicy:
        shown = text
        for name in order:
            shown = (yield [Call(name, (shown,))])[0]
        return shown

    others = [made[one] for one in EDITS if one not in steps]
    tools = [*(made[one] for one in steps), *chance.sample(others, 2)]
    told = ", then ".join(one.told for one in steps)
    slips = (
        Slip("forgotten print", f"text = {written(text)}\ntext = {order[0]}(text)"),
        Slip("wrong argument", f"print({order[0]}(string={written(text)}))"),
    )
    return done(phrase(text=written(text), told=told), answer, ["\n".join(lines)], calls, tools=tools, chance=chance, slips=slips)


FAMILIES = (
    family("decode", _decode(CODINGS, 3), _SAY, _SAY_ELSE),
    family("decode-unseen", _decode(UNSEEN, 2), _SAY, _SAY_ELSE, held_out=True),
    family(
        "text-steps",
        _pipeline,
        (
            "[Take|Start with] the text {text}. [In this order|One after the other]: {told}. [What comes out?|What is the result?]",
            "[Work over|Edit|Change] {text} like this: {told}. [Answer with the result.|Give the result.]",
            "[I have the line|Here is a line of text:] {text}. [Please|Now] {told}. [What does it read then?|What do you get?]",
            "[First to last|Step by step], do this to {text}: {told}. Answer with the text that comes out.",
        ),
        (
            "{told}: [do it|apply that] to {text} and [show|give] what is left.",
            "What becomes of {text} when you {told}?",
            "To {text}, [these edits|this] in turn: {told}. The final text?",
        ),
    ),
)

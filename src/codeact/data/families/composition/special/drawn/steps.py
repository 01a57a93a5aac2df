"""A text, a number or a list that is worked over in steps, by tools whose names, parameters and results are drawn for each task.

Invariant: the right answer comes from the functions of the steps, without the tools' names and wrappings; which tool does a step is told by
descriptions alone where a name means nothing. It does not: use ciphers or steps of the suites.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codeact.bench.policies import CallPolicy
from codeact.data.families.chances import between, one_of
from codeact.data.families.composition.special.drawn.drawing import Drawn, Parameter, draw
from codeact.data.families.composition.special.tasks import done, family
from codeact.data.families.composition.toolmaking import written
from codeact.data.families.wordlists import WORDS
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call

_TEXT = Parameter(("text", "line", "words", "s", "given", "source", "phrase"), str, "the text to change")
_NUMBER = Parameter(("number", "n", "value", "x", "start", "given"), int, "the number to begin with")
_LIST = Parameter(("numbers", "values", "items", "series", "given"), list, "whole numbers")
_OF = {"text": (_TEXT, str), "number": (_NUMBER, int), "list": (_LIST, list)}


def _count(*names: str) -> Parameter:
    return Parameter(names, int, "a whole number")


@dataclass(frozen=True, slots=True)
class Step:
    """Something done to a value.

    Args:
        told: in the question; {0} is what it is done with.
        doc: of the tool.
        names: of the tool, plain ones.
        function: takes the value, and what it is done with.
        given, draws: what it is done with, None: nothing.
        into: the kind of value that comes out; empty: the same as went in. Such a step comes last.
    """

    told: str
    doc: str
    names: tuple[str, ...]
    function: Callable[..., Any]
    given: Parameter | None = None
    draws: Callable[[random.Random], Any] | None = None
    into: str = ""


_CUT = _count("count", "how_many", "k", "amount", "size")
_BY = _count("by", "amount", "other", "k", "second")
_MARK = Parameter(("mark", "sign", "piece", "addition", "what"), str, "what is put there")
_MARKS = ("*", "#", "->", "ok", "(x)", "__", "!", "no. ", "<<", "..")


STEPS: dict[str, tuple[Step, ...]] = {
    "text": (
        Step(
            "turn it round, last character first",
            "Turns a text round, last character first.",
            ("turn_round", "backwards", "mirror_text"),
            lambda text: text[::-1],
        ),
        Step("write it in capitals", "Writes a text in capitals.", ("capitals", "big_letters", "loud"), str.upper),
        Step(
            "drop its first {0} characters",
            "Drops characters at the start of a text.",
            ("drop_start", "cut_front", "trim_head"),
            lambda text, n: text[n:],
            _CUT,
            between(2, 4),
        ),
        Step(
            "drop its last {0} characters",
            "Drops characters at the end of a text.",
            ("drop_end", "cut_back", "trim_tail"),
            lambda text, n: text[:-n],
            _CUT,
            between(2, 4),
        ),
        Step(
            "put {0} in front of it",
            "Puts something in front of a text.",
            ("put_before", "add_front", "prefix_with"),
            lambda text, mark: mark + text,
            _MARK,
            one_of(*_MARKS),
        ),
        Step(
            "put {0} at its end",
            "Puts something at the end of a text.",
            ("put_after", "add_end", "suffix_with"),
            lambda text, mark: text + mark,
            _MARK,
            one_of(*_MARKS),
        ),
        Step(
            "write it {0} times in a row",
            "Writes a text several times in a row.",
            ("times_over", "repeat_line", "say_again"),
            lambda text, n: text * n,
            _count("times", "count", "how_often"),
            between(2, 3),
        ),
        Step(
            "put its words in the opposite order",
            "Puts the words of a text in the opposite order.",
            ("swap_words", "words_round", "last_word_first"),
            lambda text: " ".join(text.split()[::-1]),
        ),
        Step(
            "take out its spaces",
            "Takes the spaces out of a text.",
            ("no_spaces", "close_up", "squeeze_text"),
            lambda text: text.replace(" ", ""),
        ),
        Step(
            "keep every second character, from the first on",
            "Keeps every second character of a text, from the first on.",
            ("every_other", "thin_out", "half_text"),
            lambda text: text[::2],
        ),
        Step("count its characters", "Counts the characters of a text.", ("text_size", "how_long", "characters_in"), len, into="number"),
        Step(
            "count its words",
            "Counts the words of a text.",
            ("word_total", "words_in", "how_many_words"),
            lambda text: len(text.split()),
            into="number",
        ),
    ),
    "number": (
        Step("add {0}", "Adds a number to a number.", ("plus", "add_on", "raise_by"), lambda x, n: x + n, _BY, between(2, 900)),
        Step(
            "take away {0}",
            "Takes the second number away from the first.",
            ("minus", "take_off", "lower_by"),
            lambda x, n: x - n,
            _BY,
            between(2, 90),
        ),
        Step(
            "multiply by {0}",
            "Multiplies a number with another.",
            ("multiply", "fold_by", "grow"),
            lambda x, n: x * n,
            _BY,
            between(2, 19),
        ),
        Step("square it", "The square of a number.", ("squared", "to_square", "power_two"), lambda x: x * x),
        Step(
            "take the remainder of dividing by {0}",
            "What is left over when the first number is divided by the second.",
            ("left_over", "rest_of", "after_dividing"),
            lambda x, n: x % n,
            _BY,
            between(3, 97),
        ),
        Step("halve it, without a remainder", "Half of a number, rounded down.", ("halve", "half_of", "cut_in_two"), lambda x: x // 2),
        Step(
            "add up its digits",
            "Adds up the digits of a number.",
            ("digits_total", "cross_total", "digit_adder"),
            lambda x: sum(map(int, str(abs(x)))),
        ),
        Step(
            "write its digits the other way round",
            "The number with its digits in opposite order.",
            ("digits_back", "turn_digits", "flip_number"),
            lambda x: int(str(abs(x))[::-1]),
        ),
        Step("triple it", "Three times a number.", ("triple", "threefold", "times_three"), lambda x: 3 * x),
        Step(
            "raise it to {0} if it is below that",
            "The larger one of two numbers.",
            ("at_least", "larger_one", "floor_at"),
            max,
            _BY,
            between(40, 800),
        ),
    ),
    "list": (
        Step("put them in order, smallest first", "Puts numbers in order, smallest first.", ("in_order", "arrange", "line_up"), sorted),
        Step(
            "turn the order round", "Turns the order of numbers round.", ("order_back", "other_way", "turn_list"), lambda each: each[::-1]
        ),
        Step(
            "keep those above {0}",
            "Keeps the numbers that are above a limit.",
            ("keep_above", "over_limit", "big_ones"),
            lambda each, n: [one for one in each if one > n],
            _count("limit", "bound", "above", "k"),
            between(12, 45),
        ),
        Step(
            "keep those below {0}",
            "Keeps the numbers that are below a limit.",
            ("keep_below", "under_limit", "small_ones"),
            lambda each, n: [one for one in each if one < n],
            _count("limit", "bound", "below", "k"),
            between(50, 88),
        ),
        Step(
            "drop the first {0}",
            "Drops numbers at the start of a list.",
            ("drop_first", "skip_some", "without_head"),
            lambda each, n: each[n:],
            _CUT,
            between(2, 3),
        ),
        Step(
            "add {0} to each",
            "Adds a number to each of a list.",
            ("add_to_each", "shift_all", "raise_all"),
            lambda each, n: [one + n for one in each],
            _BY,
            between(2, 60),
        ),
        Step(
            "double each",
            "Doubles each number of a list.",
            ("double_each", "twice_all", "all_twofold"),
            lambda each: [2 * one for one in each],
        ),
        Step(
            "keep the even ones",
            "Keeps the even numbers.",
            ("even_ones", "keep_even", "no_odd"),
            lambda each: [one for one in each if one % 2 == 0],
        ),
        Step("add them up", "Adds numbers up.", ("total_of", "add_up", "all_together"), sum, into="number"),
        Step("count them", "Counts how many numbers there are.", ("how_many", "size_of", "number_of_them"), len, into="number"),
        Step(
            "take the largest less the smallest",
            "The largest number less the smallest, 0 of none.",
            ("range_of", "reach", "span_of"),
            lambda each: max(each) - min(each) if each else 0,
            into="number",
        ),
    ),
}


def _start(chance: random.Random, kind: str) -> Any:
    if kind == "text":
        return " ".join(chance.sample(WORDS, chance.randint(2, 4)))
    return chance.randint(11, 999) if kind == "number" else [chance.randint(2, 99) for _ in range(chance.randint(5, 8))]


def _chosen(chance: random.Random, kind: str) -> list[tuple[Step, tuple[Any, ...]]]:
    """Steps, each with what it is done with; one that gives another kind of value is last."""
    steps = chance.sample([one for one in STEPS[kind] if not one.into], chance.choice((1, 2, 2, 3, 3)))
    ends = [one for one in STEPS[kind] if one.into]
    if ends and (len(steps) == 1 or chance.random() < 0.4):
        steps.append(chance.choice(ends))
    return [(one, () if one.draws is None else (one.draws(chance),)) for one in steps]


def _tools(chance: random.Random, kind: str, steps: list[Step]) -> dict[Step, Drawn]:
    """A tool for each step, and some of no use."""
    parameter, own = _OF[kind]
    others = [one for one in STEPS[kind] if one not in steps]
    made: dict[Step, Drawn] = {}
    for one in (*steps, *chance.sample(others, chance.randint(1, 6 - len(steps)))):
        parameters = (parameter,) if one.given is None else (parameter, one.given)
        returns = int if one.into else own
        taken = [each.tool.name for each in made.values()]
        made[one] = draw(chance, one.names, parameters, one.function, returns=returns, doc=one.doc, taken=taken)
    return made


def _told(chance: random.Random, chosen: list[tuple[Step, tuple[Any, ...]]]) -> str:
    each = [one.told.format(*map(written, given)) for one, given in chosen]
    if len(each) == 1:
        return each[0]
    way = chance.choice(("first", "then", "list"))
    if way == "list":
        return "; ".join(f"{number}. {one}" for number, one in enumerate(each, 1))
    if way == "then":
        return ", then ".join(each)
    return f"first {', then '.join(each[:-1])}, and last {each[-1]}"


def _actions(chance: random.Random, start: str, variable: str, chosen: list[tuple[Drawn, tuple[str, ...]]]) -> list[str]:
    """The expert's code: all in one expression, a line a step, or an action a step."""
    way = chance.choice(("nested", "lines", "lines", "shown", "apart"))
    if way == "nested":
        nested = start
        for one, given in chosen:
            nested = one.code(chance, nested, *given)
        return [f"print({nested})"]
    lines = [f"{variable} = {one.code(chance, variable if number else start, *given)}" for number, (one, given) in enumerate(chosen)]
    if way == "lines":
        return ["\n".join([*lines, f"print({variable})"])]
    shown = [f"{line}\nprint({variable})" for line in lines]
    return shown if way == "apart" else ["\n".join(shown)]


def _slips(start: str, first: tuple[Drawn, tuple[str, ...]], chance: random.Random) -> tuple[Slip, ...]:
    one, given = first
    code = one.code(chance, start, *given).removesuffix(one.taken)
    slips = [Slip("wrong argument", f"print({one.tool.name}({start}, of={start}))")]
    if given:
        slips.append(Slip("missing argument", f"print({one.tool.name}({start}))"))
    if one.wrapping == "plain":
        slips.append(Slip("misread result", f'print({code}["result_of_it"])'))
    elif one.wrapping == "dict":
        slips.append(Slip("wrong key", f'print({code}["{one.tool.name}"])'))
    return tuple(slips)


def _steps(chance: random.Random, phrase: Phrase) -> Instance:
    kind = chance.choice(("text", "text", "number", "list"))
    start, chosen = _start(chance, kind), _chosen(chance, kind)
    answer = start
    for step, given in chosen:
        answer = step.function(answer, *given)
    if answer in ("", []) or (isinstance(answer, str) and answer != answer.strip()):
        return _steps(chance, phrase)
    made = _tools(chance, kind, [step for step, _ in chosen])
    in_code = [(made[step], tuple(map(written, given))) for step, given in chosen]
    variable = chance.choice({"text": ("text", "line", "s"), "number": ("number", "n", "x"), "list": ("numbers", "values", "result")}[kind])

    def calls() -> CallPolicy:
        value: Any = start
        for step, given in chosen:
            (shown,) = yield [made[step].call(value, *given)]
            value = made[step].result(shown)
        return value

    shown = {"text": "the text", "number": "the number", "list": "the numbers"}[kind]
    ends = chosen[-1][0].into or kind
    return done(
        phrase(start=f"{shown} {written(start)}", told=_told(chance, chosen)),
        answer,
        _actions(chance, written(start), variable, in_code),
        calls,
        tools=[one.tool for one in made.values()],
        chance=chance,
        check={"text": "exact", "number": "number", "list": "list"}[ends],
        slips=(*_slips(written(start), in_code[0], chance), _unknown(chance, made[chosen[0][0]], start)),
    )


def _unknown(chance: random.Random, first: Drawn, start: Any) -> Slip:
    """A call of a tool that is not there: its name was taken for another."""
    wrong = f"{first.tool.name}_{chance.choice(('all', 'one', 'function'))}"
    return Slip("no such tool", f"print({wrong}({written(start)}))", (Call(wrong, (start,)),))


FAMILIES = (
    family(
        "drawn-steps",
        _steps,
        (
            "[Take|Start with|Begin with] {start}. [With the tools,|Using the tools,|Now] do this[ in order|]: {told}. "
            "[What comes out?|Answer with what comes out.|What is the result?]",
            "[Here is|This is|I have] {start}. [Please do the following|What I want done|The task]: {told}. "
            "[What do you get?|Give me the result.|Tell me what is left.]",
            "Do the following to {start}: {told}. [The result, please.|Answer with the result alone.|What is it then?]",
            "[I wonder what|Find out what|Work out what] {start} [becomes|turns into] by this: {told}.",
            "With {start}, do so: {told}. [What is it in the end?|Which is the outcome?]",
        ),
        (
            "{told}: apply that to {start}, and [say|report] what you [see|end up with].",
            "[My recipe|The instructions]: {told}. It goes in as {start}. [And comes out as?|How does it come out?]",
        ),
    ),
)

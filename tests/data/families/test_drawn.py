"""Tools that are drawn: what is told of one is what it takes and gives."""

import builtins
import keyword
import random

import pytest

from codeact.data.catalogue import FAMILIES as ALL
from codeact.data.families.composition.special.drawn import FAMILIES
from codeact.data.families.composition.special.drawn.drawing import AFTER, BEFORE, Drawn, Parameter, draw
from codeact.data.families.composition.special.drawn.errands import ERRANDS
from codeact.data.families.composition.special.drawn.goods import KINDS
from codeact.data.families.composition.special.drawn.quotes import OFF, ON
from codeact.data.families.composition.special.drawn.steps import STEPS
from codeact.data.family import Family

EACH = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


def drawn(seed: int) -> Drawn:
    """A tool that writes a text several times."""
    parameters = (Parameter(("text", "line"), str, "a text"), Parameter(("times", "n"), int, "how often"))
    return draw(random.Random(seed), ("again", "repeat"), parameters, lambda text, n: text * n, returns=str, doc="Repeats a text.")


@EACH
def test_the_tools_of_one_task_are_hardly_ever_those_of_another(family: Family) -> None:
    names = [one.spec.name for number in range(60) for one in family.instance("train", 3, number).tools]
    assert all(name.isidentifier() and not keyword.iskeyword(name) and not hasattr(builtins, name) for name in names)
    assert len(set(names)) > len(names) / 2


@pytest.mark.parametrize("seed", range(40))
def test_code_and_calls_use_a_tool_as_its_signature_and_description_say(seed: int) -> None:
    made = drawn(seed)
    names = {made.tool.spec.name: lambda *args, **kwargs: made.tool.call(args, kwargs)}
    assert eval(made.code(random.Random(seed), '"ab"', "3"), names) == "ababab"
    call = made.call("ab", 3)
    assert made.result(made.tool.call(call.args, call.kwargs)) == "ababab"
    assert made.tool.spec.signature.startswith(f"{made.tool.spec.name}({made.names[0]}: ")
    assert (f'{{"{made.key}": ...}}' in made.tool.spec.description) == (made.wrapping == "dict")
    assert ("a tuple" in made.tool.spec.description) == (made.wrapping == "tuple")


def test_orders_names_and_shapes_differ() -> None:
    made = [drawn(seed) for seed in range(40)]
    assert {one.order for one in made} == {(0, 1), (1, 0)}
    assert {one.wrapping for one in made} == {"plain", "dict", "tuple"}
    assert len({one.tool.spec.name for one in made}) > 20


def test_arguments_in_the_wrong_order_are_refused_by_name() -> None:
    made = drawn(1)
    call = made.call(3, "ab")
    with pytest.raises(TypeError, match="should be a valid"):
        made.tool.call(call.args, call.kwargs)


def test_no_name_that_can_be_drawn_is_one_of_a_tool_that_training_never_sees() -> None:
    plain = {
        *(name for one in ERRANDS for name in one.names),
        *(name for one in KINDS for name in (*one.names, *one.taking)),
        *(name for each in STEPS.values() for one in each for name in one.names),
        *(name for one in (*OFF, *ON) for name in one[1]),
    }
    drawn_names = plain | {f"{one}_{name}" for name in plain for one in BEFORE} | {f"{name}_{one}" for name in plain for one in AFTER}
    held_out = [family for family in ALL if family.held_out]
    unseen = {one.spec.name for family in held_out for number in range(12) for one in family.instance("unseen-tools", 0, number).tools}
    assert len(plain) > 200
    assert not drawn_names & unseen


@EACH
def test_what_is_asked_has_an_answer_that_can_be_written(family: Family) -> None:
    for number in range(60):
        instance = family.instance("train", 4, number)
        assert instance.answer not in ("", []), instance.prompt
        assert "{" not in instance.prompt

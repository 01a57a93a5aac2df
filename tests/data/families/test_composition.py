"""The engine of composition tasks: subjects times patterns, with tools whose names and results vary."""

import builtins
import contextlib
import io
import itertools
import keyword
import random
import re
from typing import Any

import pytest

from codeact.bench import checks
from codeact.bench.policies import Said
from codeact.data.families.composition import FAMILIES
from codeact.data.families.composition.scene import PEOPLE, Scene
from codeact.data.families.composition.shapes import any_shape
from codeact.data.families.composition.subject import Subject, plural
from codeact.data.families.composition.subjects import HELD_OUT, THEMES
from codeact.data.families.composition.toolmaking import tool, written
from codeact.data.families.words import with_article
from codeact.data.family import Family, Instance

SUBJECTS = [subject for subjects in THEMES.values() for subject in subjects]
TRAINED = [family for family in FAMILIES if not family.held_out]
UNSEEN = [family for family in FAMILIES if family.held_out]


def instances(family: Family, count: int) -> list[Instance]:
    """Instances of the split that the family is in."""
    return [family.instance("unseen-tools" if family.held_out else "train", 3, number) for number in range(count)]


def names_of_tools(families: list[Family], count: int) -> set[str]:
    """Names of all tools in a sample."""
    return {one.__name__ for family in families for instance in instances(family, count) for one in instance.tools}


def answer_in_calls(instance: Instance) -> str:
    """What the policy in calls comes to, its calls made with the tools themselves."""
    assert instance.calls is not None
    tools = {one.spec.name: one for one in instance.tools}
    policy = instance.calls()
    try:
        wanted = next(policy)
        while not isinstance(wanted, Said):
            wanted = policy.send([tools[one.tool].call(one.args, one.kwargs) for one in wanted])
    except StopIteration as end:
        return str(end.value)
    raise AssertionError("a task of one message has no more than one answer")


def test_there_are_more_than_150_tools_of_30_subjects_and_a_sixth_of_the_subjects_is_kept_from_training() -> None:
    assert len(names_of_tools(TRAINED, 1)) >= 150
    assert len(SUBJECTS) >= 30
    assert len(THEMES[HELD_OUT]) * 6 == len(SUBJECTS)


def test_no_tool_of_the_unseen_families_is_in_training_not_even_as_one_of_no_use() -> None:
    assert not names_of_tools(UNSEEN, 4) & names_of_tools(TRAINED, 3)


def test_unseen_subjects_share_no_thing_and_no_measure_with_training() -> None:
    trained = [subject for theme, subjects in THEMES.items() if theme != HELD_OUT for subject in subjects]
    for subject in THEMES[HELD_OUT]:
        assert not {one.key for one in subject.measures} & {one.key for other in trained for one in other.measures}
        assert not set(subject.names) & {name for other in trained for name in other.names}


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.one)
def test_the_words_of_a_subject_serve_as_variables_and_fill_their_places(subject: Subject) -> None:
    variables = [subject.one, subject.many, subject.group.key, subject.person.key, subject.dated.key, subject.code.replace(" ", "_")]
    variables += [name for one in subject.measures for name in (one.key, plural(one.key))]
    assert all(one.isidentifier() and not keyword.iskeyword(one) and not hasattr(builtins, one) for one in variables)
    assert len(set(subject.names)) == len(subject.names) >= 12
    assert not [name for name in subject.names if "," in name or " and " in name]
    assert all("{n}" in one.above and "{n}" in one.below and one.low < one.high for one in subject.measures)
    assert "{g}" in subject.group.where and "{d}" in subject.dated.before and "{p}" in subject.person.the


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_policy_in_calls_comes_to_the_answer(family: Family) -> None:
    for instance in instances(family, 2):
        score = checks.check(instance.check, answer_in_calls(instance), instance.answer, instance.tolerance)
        assert score.success, score.reason


def test_every_task_has_two_to_six_tools_whose_docstrings_begin_with_a_sentence() -> None:
    for family in FAMILIES:
        for instance in instances(family, 2):
            specs = [one.spec for one in instance.tools]
            assert 2 <= len(specs) <= 6
            assert len({spec.name for spec in specs}) == len(specs)
            assert all(spec.description.partition("\n\n")[0].endswith(".") for spec in specs)


def test_no_two_tools_of_a_task_give_one_measure_of_the_same_things_differently() -> None:
    subject = THEMES["goods"][0]
    for seed in range(40):
        scene = Scene(subject, THEMES["goods"][1:], random.Random(seed))
        measure = scene.measure()
        scene.lookup(measure, bare=1)
        told = [one.spec.description for one in scene.ready(4, 5)]
        assert (
            sum(
                f"{measure.value} of {with_article(subject.noun)}" in one or f"of one {subject.noun}" in one
                for one in told
                if measure.value in one
            )
            <= 1
        )


@pytest.mark.parametrize("seed", range(12))
def test_what_is_read_from_a_result_is_what_was_wrapped_and_the_wrong_reading_raises(seed: int) -> None:
    chance = random.Random(seed)
    subject = chance.choice(SUBJECTS)
    measure = chance.choice(subject.measures)
    value = round(measure.low + 1, measure.digits) if measure.digits else int(measure.low) + 1
    for _ in range(8):
        shape = any_shape(subject.one, measure, chance, bare=0.2)
        result = shape.wrap("it", value)
        assert shape.unwrap(result) == value
        assert eval(shape.read.format(call="result"), {"result": result}) == value
        with pytest.raises((TypeError, KeyError, ValueError, AttributeError, IndexError)):
            eval(shape.wrong.format(call="result"), {"result": result})


def test_a_tool_refuses_a_name_it_does_not_know_and_says_which() -> None:
    scene = Scene(SUBJECTS[0], (), random.Random(1))
    lookup = scene.lookup(scene.measure())
    made = next(one for one in scene.ready() if one.spec.name == lookup.name)
    with pytest.raises(ValueError, match="there is no product named 'moon dust'"):
        made.call(["moon dust"], {})


def test_a_made_up_tool_is_called_by_position_or_by_name_and_checks_its_arguments() -> None:
    made = tool("cost_of", {"item": str, "count": int}, int, "Cost.", lambda item, count: len(item) * count)
    assert made.spec.signature == "cost_of(item: str, count: int) -> int"
    assert made.call(["abc"], {"count": 2}) == 6
    with pytest.raises(TypeError, match="unexpected keyword argument 'name'"):
        made.call([], {"name": "abc", "count": 2})


def test_values_are_written_as_python_with_double_quotes() -> None:
    values = {"a b": [1, 2.5], "c": ("x",), "d": None}
    assert written(values) == '{"a b": [1, 2.5], "c": ("x",), "d": None}'
    assert eval(written(values)) == values


def test_people_are_not_named_like_the_things_of_any_subject() -> None:
    assert not set(PEOPLE) & {name for subject in SUBJECTS for name in subject.names}


def after_code(instance: Instance) -> dict[str, Any]:
    """The variables that the expert's code leaves, run here with the tools themselves."""
    variables: dict[str, Any] = {one.spec.name: lambda *args, one=one: one.call(list(args), {}) for one in instance.tools}
    policy, said = instance.code(), io.StringIO()
    try:
        action = next(policy)
        while True:
            with contextlib.redirect_stdout(said):
                exec(str(action), variables)
            action = policy.send(said.getvalue())
    except StopIteration:
        return variables


@pytest.mark.parametrize("family", [one for one in FAMILIES if one.name.startswith("composition/budget-")], ids=lambda family: family.name)
def test_no_two_pairs_come_as_near_to_the_limit(family: Family) -> None:
    for instance in instances(family, 150):
        made = after_code(instance)
        known = next(value for value in made.values() if isinstance(value, dict) and [*value] == made["items"])
        totals = [round(known[one] + known[other], 2) for one, other in itertools.combinations(made["items"], 2)]
        assert totals.count(round(made["most"], 2)) == 1, instance.prompt


def test_a_number_on_a_site_is_graded_as_a_number() -> None:
    family = next(one for one in FAMILIES if one.name == "composition/site")
    asked = [family.task("train", 3, number) for number in range(60)]
    fees = [task for task in asked if "annual fee" in task.prompt]
    assert fees and all(checks.check(task.check, f"${task.answer}", task.answer, task.tolerance).success for task in fees)
    assert {task.check for task in asked if "door code" in task.prompt or "phone" in task.prompt} == {"exact"}


def test_a_measure_has_the_article_that_it_takes() -> None:
    nouns = ("unlocking fee", "hourly rate", "unit cost")
    assert [with_article(noun) for noun in nouns] == ["an unlocking fee", "an hourly rate", "a unit cost"]
    asking = [one for one in FAMILIES if one.name.startswith(("composition/nearest-", "composition/missing-", "composition/decide-"))]
    for family in asking:
        for instance in instances(family, 40):
            told = [instance.prompt, *(one.spec.description for one in instance.tools)]
            assert not [text for text in told if re.search(r"\ba (?!uni|use|eu|one)(?:[aeiou]|hour)", text)]


def test_a_hidden_number_may_be_the_least_or_the_largest_and_questions_say_so() -> None:
    family = next(one for one in FAMILIES if one.name == "composition/guess")
    assert not [template for template in (*family.phrasings, *family.unseen_phrasings) if "etween" in template]

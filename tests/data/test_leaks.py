"""The leak check: what it finds, what it lets through, and what it says."""

from pathlib import Path

import pytest

from codeact import errors
from codeact.bench.task import Task
from codeact.data import catalogue, leaks

PERCENT = "mathematics/percent"


def task(prompt: str, number: int = 0, *, answer: float = 1.0, family: str = PERCENT, split: str = "train") -> Task:
    data = {"family": family, "split": split, "seed": 0, "number": number}
    return Task(id=f"{family}/{number}", prompt=prompt, answer=answer, check="number", tags=("mathematics",), data=data)


def stranger(prompt: str) -> Task:
    return Task(id="s1", prompt=prompt, answer=1.0, check="number")


def kinds(trained: str, measured: str, *, answers: tuple[float, float] = (1.0, 1.0)) -> list[str]:
    report = leaks.check([task(trained, answer=answers[0])], kin={"test": [task(measured, 1, answer=answers[1])]}, strangers={})
    return [pair.kind for pair in report.pairs]


def strange_kinds(trained: str, measured: str) -> list[str]:
    report = leaks.check([task(trained)], kin={}, strangers={"suite": [stranger(measured)]})
    return [pair.kind for pair in report.pairs]


def test_the_same_prompt_leaks_whatever_its_case_and_marks() -> None:
    assert kinds("What is 12% of 340?", "what  is 12 % of 340 ?") == ["exact"]


def test_other_words_of_the_template_with_the_same_values_leak() -> None:
    assert kinds("What is 12% of 340?", "Calculate 12% of 340, please.") == ["values"]


def test_the_same_wording_with_other_values_is_no_leak_among_kin() -> None:
    assert kinds("What is 12% of 340?", "What is 12% of 341?", answers=(40.8, 40.92)) == []


def test_the_same_words_about_another_world_are_no_leak_among_kin() -> None:
    assert kinds("What is 12% of 340?", "What is 12% of 340?", answers=(40.8, 41.0)) == []


LONG = "A gardener plants 14 rows of 30 tulips each and a storm ruins a third of them in one night. How many are left standing?"
NUMBERS = "A gardener sells 14 tulips at 3.20 each, 9 roses at 4.10 each and 12 lilies at 5.60. What does he take?"


@pytest.mark.parametrize(
    ("trained", "measured", "kind"),
    [
        (LONG.upper(), LONG, "exact"),
        (LONG.replace("standing", "upright"), LONG, "jaccard"),
        (f"Here is a riddle for a long evening by the fire, with no prize for it at all. {LONG}", LONG, "run"),
        ("Let us say a storm ruins a third of them in one night", LONG.replace("14 rows", "rows"), None),
        (NUMBERS.replace("14", "15").replace("9", "8").replace("12", "10"), NUMBERS, "wording"),
    ],
)
def test_a_stranger_leaks_by_its_words(trained: str, measured: str, kind: str | None) -> None:
    assert strange_kinds(trained, measured) == ([kind] if kind else [])


def test_a_short_sentence_with_other_numbers_is_nobodys_own() -> None:
    assert strange_kinds("What is 18% of 2350?", "What is 17% of 5320?") == []


def test_a_sum_with_another_sign_is_another_sum() -> None:
    assert kinds("What is 12 + 5?", "What is 12 * 5?") == []


def test_brackets_in_another_order_are_another_value() -> None:
    assert kinds("Is this balanced: (()())?", "Look whether this is balanced: ()(())") == []


def test_what_leaks_is_left_out_and_then_nothing_leaks() -> None:
    train = [task("What is 12% of 340?"), task("What is 31% of 77?", 1, answer=23.87)]
    held = {"test": [task("Find 12% of 340.", 0)]}
    report = leaks.check(train, kin=held, strangers={})
    assert report.counts == {"test": {"values": 1}}
    rest = leaks.without(train, report)
    assert [one.prompt for one in rest] == ["What is 31% of 77?"]
    leaks.check(rest, kin=held, strangers={}).demand_clean()


def test_a_leak_is_an_error_that_quotes_the_worst_pair() -> None:
    report = leaks.check([task("What is 12% of 340?")], kin={"test": [task("What is 12% of 340?", 7)]}, strangers={})
    with pytest.raises(errors.InputError, match=r"(?s)1 pairs of tasks.*test, exact 1\.00: mathematics/percent/0 'What is 12% of 340\?'"):
        report.demand_clean()


def test_names_of_tools_that_both_have_are_reported() -> None:
    report = leaks.Report(trained=1, measured={"unseen-tools": 1}, tools=("weigh",))
    with pytest.raises(errors.InputError, match="weigh"):
        report.demand_clean()


def test_tasks_without_a_family_cannot_be_kin() -> None:
    with pytest.raises(errors.InputError, match="which family"):
        leaks.check([stranger("What is 1% of 2?")], kin={"test": [task("What is 1% of 2?")]}, strangers={})


def test_the_suites_that_need_no_data_are_all_there(tmp_path: Path) -> None:
    questions = tmp_path / "mine.jsonl"
    questions.write_text(stranger(LONG).model_dump_json() + "\n", encoding="utf-8")
    found = leaks.suites(questions, variants=5)
    assert {name: len(tasks) for name, tasks in found.items()} == {
        "m3": 82,
        "api-bank-small": 36,
        "mint-small": 24,
        "m3 variants": 5,
        "mine": 1,
    }
    with pytest.raises(errors.InputError, match="cannot read tasks"):
        leaks.suites(tmp_path / "none.jsonl", variants=0)


def test_training_of_the_catalogue_gives_no_suite_away() -> None:
    train = list(catalogue.tasks("train", 250, seed=3))
    questions = Path(__file__).parents[2] / "examples" / "first_questions.jsonl"
    report = leaks.check(train, kin={}, strangers=leaks.suites(questions, variants=0))
    assert report.counts == {"m3": {}, "api-bank-small": {}, "mint-small": {}, "first_questions": {}}

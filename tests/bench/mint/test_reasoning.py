"""Answers to reasoning tasks, each in forms that models write, and how the corrected and the original's grading take them."""

from typing import Any

import pytest

from codeact.bench.suites.mint import original, reasoning

OPTIONS = {"a": "-9", "b": "5831 s", "c": "The cup, and the plate", "d": "A and B"}

RIGHT: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("gsm8k", "36", "36", {}),
    ("gsm8k", "The answer is 36.", "36", {}),
    ("gsm8k", "The answer is <solution> 36 ", "36", {}),
    ("gsm8k", "$131,250", "131250", {}),
    ("gsm8k", "27 minutes", "27", {}),
    ("gsm8k", "26 * 5 * 1000 = 130000", "130000", {}),
    ("gsm8k", "Each person can have 14 slices.", "14", {}),
    ("math", "-108", "-108.0", {}),
    ("math", "\u2212108", "-108.0", {}),
    ("math", "$x = -4$", "-4.0", {}),
    ("math", "\\boxed{\\frac{9}{5}}", "1.8", {}),
    ("math", "2\\sqrt{9} + 1", "7.0", {}),
    ("math", "\\sqrt[3]{27} \\text{ cm}", "3.0", {}),
    ("math", "87.5^\\circ", "87.5", {}),
    ("math", "4.999999999999999", "5.0", {}),
    ("theoremqa", "5.674", 5.65, {"answer_type": "float"}),
    ("theoremqa", "1.28 x 10^(-6) V/K", 1.28e-06, {"answer_type": "float"}),
    ("theoremqa", "-120.0", -120, {"answer_type": "integer"}),
    ("theoremqa", "False", False, {"answer_type": "bool"}),
    ("theoremqa", "No.", False, {"answer_type": "bool"}),
    ("theoremqa", "The answer is [1, 0]", [1, 0], {"answer_type": "list of integer"}),
    ("theoremqa", "[True, False]", [1, 0], {"answer_type": "list of integer"}),
    ("theoremqa", "[6, 1]", [1, 6], {"answer_type": "list of integer", "ordered": False}),
    ("theoremqa", "a", "a", {"answer_type": "option"}),
    ("theoremqa", "c) $\\Phi$", "c", {"answer_type": "option"}),
    ("mmlu", "B", "b", {"options": OPTIONS}),
    ("mmlu", "(b)", "b", {"options": OPTIONS}),
    ("mmlu", "B ) 5831 s", "b", {"options": OPTIONS}),
    ("mmlu", "The correct option is D) A and B.", "d", {"options": OPTIONS}),
    ("mmlu", "-9", "a", {"options": OPTIONS}),
    ("mmlu", "the cup, and the plate", "c", {"options": OPTIONS}),
    ("mmlu", "B, 5831 s", "b", {"options": OPTIONS}),
    ("hotpotqa", "Pedro Rodriguez", "Pedro Rodr\u00edguez", {}),
    ("hotpotqa", "late 12th century", "the late 12th Century", {}),
    ("hotpotqa", "B, C and A", "A, B and C", {}),
    ("hotpotqa", "Sir George Cayley", "George Cayley", {}),
    ("hotpotqa", "Ferdi Taygan is older than the other.", "Ferdi Taygan", {}),
    ("hotpotqa", "Wilmette, Illinois", "Wilmette", {}),
    ("hotpotqa", 'He was voted the "World\'s Best Goalkeeper" that year.', "World's Best Goalkeeper", {}),
    ("hotpotqa", "Yes, both are musicians.", "yes", {}),
    ("hotpotqa", "2,844 km", "2844 km", {}),
]

WRONG: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("gsm8k", "130", "131", {}),
    ("gsm8k", "136", "36", {}),
    ("gsm8k", "36 or 37", "36", {}),
    ("gsm8k", "", "36", {}),
    ("gsm8k", "9" * 3000, "9", {}),
    ("math", "108", "-108.0", {}),
    ("math", "\\sqrt{3} - 3", "3.0", {}),
    ("math", "$\\sqrt{3} - 3$ and $\\sqrt{3} + 3$", "3.0", {}),
    ("math", "9**9**9**9", "1.0", {}),
    ("math", "2 * pi * r", "2.0", {}),
    ("theoremqa", "5.9", 5.65, {"answer_type": "float"}),
    ("theoremqa", "60.4", 60, {"answer_type": "integer"}),
    ("theoremqa", "It is not known", False, {"answer_type": "bool"}),
    ("theoremqa", "[2, 3]", [3, 2], {"answer_type": "list of integer"}),
    ("theoremqa", f"[{'9' * 400}, 3]", [3, 2], {"answer_type": "list of integer"}),
    ("theoremqa", "9" * 400, 3, {"answer_type": "integer"}),
    ("theoremqa", "[1, 0] or [0, 1]", [1, 0], {"answer_type": "list of integer"}),
    ("mmlu", "I cannot determine the correct option.", "a", {"options": OPTIONS}),
    ("mmlu", "B ) 5831 s, D ) A and B", "b", {"options": OPTIONS}),
    ("mmlu", "Vaccines", "a", {"options": OPTIONS}),
    ("mmlu", "9", "a", {"options": OPTIONS}),
    ("hotpotqa", "i do not know", "no", {}),
    ("hotpotqa", "1955", "1952", {}),
    ("hotpotqa", "Neither Henry Roth nor Robert Erskine Childers", "Robert Erskine Childers", {}),
    ("hotpotqa", "Vice President of the United States", "President of the United States of America", {}),
    ("hotpotqa", "Max Martin", "Max Martin, Savan Kotecha and Ilya Salmanzadeh", {}),
    ("hotpotqa", "Love Streams 2", "Love Streams", {}),
    ("hotpotqa", "", "Wilmette", {}),
]


@pytest.mark.parametrize(("subset", "answer", "reference", "more"), RIGHT)
def test_what_a_careful_reader_takes_for_right_is_right(subset: str, answer: str, reference: Any, more: dict[str, Any]) -> None:
    assert reasoning.grade(subset, answer, reference, **more).success


@pytest.mark.parametrize(("subset", "answer", "reference", "more"), WRONG)
def test_what_only_looks_right_is_wrong_and_says_why(subset: str, answer: str, reference: Any, more: dict[str, Any]) -> None:
    score = reasoning.grade(subset, answer, reference, **more)
    assert not score.success
    assert score.reason


def test_options_are_read_from_a_question() -> None:
    prompt = "What?\nOptions: A ) [1, 2) , B ) The cup, and the plate , C ) 54,320"
    assert reasoning.options_of(prompt) == {"a": "[1, 2)", "b": "The cup, and the plate", "c": "54,320"}
    assert reasoning.options_of("No choice here") == {}


@pytest.mark.parametrize(
    ("subset", "answer", "reference", "taken"),
    [
        ("math", "-108", "-108.0", False),
        ("gsm8k", "34.5", "36", True),
        ("gsm8k", "130,000", "130000", False),
        ("gsm8k", "it is 136 in all", "36", True),
        ("hotpotqa", "I do not know", "no", True),
        ("hotpotqa", "1955", "1952", True),
        ("mmlu", "D ) Confucius", "c", True),
        ("mmlu", "A ) Laozi of China", "c", False),
    ],
)
def test_the_original_is_told_again_with_its_faults(subset: str, answer: str, reference: str, taken: bool) -> None:
    assert original.right(subset, answer, reference, options=OPTIONS) is taken


@pytest.mark.parametrize(
    ("answer", "reference", "kind", "taken"),
    [
        ("[6, 1]", [1, 6], "list of integer", True),
        ("59.6", 60, "integer", True),
        ("5.725", 5.65, "float", True),
        ("No", False, "bool", True),
        ("b) 2", "b", "option", True),
        ("The answer is 60.", 60, "integer", False),
    ],
)
def test_so_are_its_rules_for_theorems(answer: str, reference: Any, kind: str, taken: bool) -> None:
    assert original.right("theoremqa", answer, reference, answer_type=kind) is taken


def test_the_text_of_an_option_was_looked_for_in_a_list_that_shrank() -> None:
    options = {"a": "1", "b": "-1", "c": "0", "d": "2"}
    assert not original.right("mmlu", "-1", "b", options=options)
    assert original.right("mmlu", "0", "c", options=options)

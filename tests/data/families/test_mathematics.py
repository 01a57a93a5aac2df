"""Mathematics: the right answers are what a computer algebra system says, and fractions are reduced."""

import re
from fractions import Fraction

import pytest

from codeact.bench import checks
from codeact.data import catalogue

sympy = pytest.importorskip("sympy")

MANY = range(60)


def prompts(family: str) -> list[tuple[str, object]]:
    made = [catalogue.family(family).instance("train", 9, number) for number in MANY]
    return [(one.prompt, one.answer) for one in made]


def test_linear_equations_have_the_solution_that_sympy_finds() -> None:
    for prompt, answer in prompts("mathematics/linear-equation"):
        left, right = re.findall(r"(-?\d*[xyntz](?: [+-] \d+)?) = (-?\d*[xyntz]?(?: [+-] \d+)?)", prompt)[0]
        name = next(letter for letter in left if letter.isalpha())
        as_code = [re.sub(r"(\d)([a-z])", r"\1*\2", side) for side in (left, right)]
        assert sympy.solve(sympy.Eq(*map(sympy.sympify, as_code)), sympy.Symbol(name)) == [answer], prompt


def test_quadratic_equations_have_the_solutions_that_sympy_finds() -> None:
    for prompt, answer in prompts("mathematics/quadratic-equation"):
        text = re.findall(r"(-?\d*x\^2[^=]*) = 0", prompt)[0]
        found = sorted(sympy.solve(re.sub(r"(\d)x", r"\1*x", text).replace("^", "**")))
        assert (found if isinstance(answer, list) else found[-1]) == answer, prompt


def test_primes_are_those_of_sympy() -> None:
    counted = 0
    for prompt, answer in prompts("mathematics/primes"):
        if between := re.search(r"how many primes lie between (\d+) and (\d+) \(both excluded\)", prompt):
            low, high = map(int, between.groups())
            assert answer == len(list(sympy.primerange(low + 1, high))), prompt
            counted += 1
        else:
            assert "between" not in prompt
        if place := re.search(r"prime number (\d+) is", prompt):
            assert answer == sympy.prime(int(place[1])), prompt
            counted += 1
    assert counted > 10


def test_divisors_and_factors_are_those_of_sympy() -> None:
    for prompt, answer in prompts("mathematics/divisors"):
        divisors = sympy.divisors(int(re.findall(r"of (\d+)", prompt)[0]))
        assert answer == (len(divisors) if "number of" in prompt else sum(divisors) if "sum of" in prompt else divisors), prompt
    for prompt, answer in prompts("mathematics/prime-factors"):
        factors = sympy.factorint(int(re.findall(r"of (\d+)", prompt)[0]))
        listed = [prime for prime, count in factors.items() for _ in range(count)]
        assert answer == (max(listed) if "largest" in prompt else listed), prompt


@pytest.mark.parametrize("family", ["mathematics/fractions", "mathematics/dice", "mathematics/drawing"])
def test_fractions_are_in_lowest_terms(family: str) -> None:
    assert all(str(Fraction(str(answer))) == answer for _, answer in prompts(family))


def test_sums_that_are_shown_come_to_what_sympy_says() -> None:
    for prompt, answer in prompts("mathematics/expression"):
        text = re.findall(r"[(\d][\d() x*^+-]*[\d)]", prompt)[0]
        assert sympy.sympify(text.replace("x", "*").replace("^", "**")) == answer, prompt


def graded(family: str, number: int, change: float) -> bool:
    """Whether the right answer of a task, changed by something, is still right."""
    task = catalogue.family(family).task("train", 9, number)
    assert isinstance(task.answer, float)
    return checks.check(task.check, f"{task.answer + change:.6f}", task.answer, task.tolerance).success


def test_units_are_graded_by_the_three_decimals_that_are_asked_for() -> None:
    for number in MANY:
        assert graded("mathematics/units", number, 0.001)
        assert not graded("mathematics/units", number, 0.005)


def test_hexadecimal_digits_are_right_in_capitals_and_in_small_letters() -> None:
    tasks = [catalogue.family("mathematics/number-base").task("train", 9, number) for number in range(200)]
    lettered = [task for task in tasks if isinstance(task.answer, list)]
    assert lettered
    assert all(isinstance(task.answer, int) or str(task.answer).isdigit() for task in tasks if task not in lettered)
    for task in lettered:
        assert isinstance(task.answer, list)
        small, capitals = task.answer
        assert str(small).upper() == capitals != small
        assert all(checks.check(task.check, str(one), task.answer).success for one in (small, capitals))

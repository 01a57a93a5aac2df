"""A selection of CPython's own test modules passes inside a session as it does outside; all of them: benchmarks/fidelity.py --cpython."""

import importlib.util

import pytest

from sandbox.fidelity.cpython import MODULES, Outcomes, inside, outside, worse

SELECTION = (
    "test_grammar",
    "test_patma",
    "test_generators",
    "test_exceptions",
    "test_dataclasses",
    "test_json",
    "test_descr",
    "test_scope",
)


@pytest.mark.parametrize("module", SELECTION)
def test_a_module_of_cpythons_tests_passes_inside_as_outside(module: str) -> None:
    if importlib.util.find_spec(f"test.{module}") is None:
        pytest.skip(f"this Python was installed without its own tests: no test.{module}")
    here, there = inside(module), outside(module)
    assert (here.end, there.end) == ("ok", "ok")
    assert here.count("passed") > 20
    assert worse(here, there) == {}


def test_the_selection_is_part_of_the_benchmark() -> None:
    assert set(SELECTION) < set(MODULES)


def test_a_test_that_fails_is_skipped_or_missing_inside_only_is_worse() -> None:
    there = Outcomes({name: ("passed", "") for name in ("a", "b", "c", "d")} | {"e": ("failed", "")})
    here = Outcomes({"a": ("passed", ""), "b": ("failed", "why"), "c": ("skipped", "no"), "e": ("failed", "")}, "timeout")
    assert worse(here, there) == {"b": ("failed", "why"), "c": ("skipped", "no"), "d": ("was not reached", "timeout")}

"""What holds for every family: it is worded well enough, follows from its seed, and its expert is right, in the sandbox, in each format."""

import itertools
import random
import re
from pathlib import Path

import pytest

from codeact import config
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.runner import Runner
from codeact.bench.task import Task
from codeact.data import catalogue
from codeact.data.family import DOMAINS, Family, Split
from codeact.data.faults import faults
from codeact.data.phrasing import count, expansions
from codeact.errors import InputError
from codeact.formats.code import CodeFormat
from codeact.protocols import Step

DRAWN = {"everyday/plot", "everyday/histogram"}
EVERY = pytest.mark.parametrize("family", catalogue.FAMILIES, ids=lambda family: family.name)


def split_of(family: Family) -> Split:
    """A split that has it."""
    return "unseen-tools" if family.held_out else "train"


def test_every_domain_has_families_in_training_and_held_out() -> None:
    assert {family.domain for family in catalogue.FAMILIES} == set(DOMAINS)
    assert {family.domain for family in catalogue.FAMILIES if family.held_out} == set(DOMAINS)
    assert len({family.name for family in catalogue.FAMILIES}) == len(catalogue.FAMILIES)


def test_the_tools_are_a_library_that_cannot_be_learned_by_heart() -> None:
    seen, held_out = set[str](), set[str]()
    for family in catalogue.FAMILIES:
        for number in range(8):
            names = {tool.name for tool in family.instance(split_of(family), 0, number).tools}
            (held_out if family.held_out else seen).update(names)
    assert len(seen) >= 150
    assert seen & held_out == set()


@EVERY
def test_there_are_enough_wordings_and_none_serves_two_splits(family: Family) -> None:
    assert count(family.phrasings) >= 20
    assert count(family.unseen_phrasings) >= 5
    seen = {wording for template in family.phrasings for wording in expansions(template)}
    unseen = {wording for template in family.unseen_phrasings for wording in expansions(template)}
    assert seen & unseen == set()
    assert not any(re.search(r"  | [.,?!]$|\[|\]", wording) for wording in seen | unseen)


@EVERY
def test_an_instance_follows_from_its_number_and_differs_from_the_next(family: Family) -> None:
    split = split_of(family)
    assert family.task(split, 1, 2) == family.task(split, 1, 2)
    assert len({family.task(split, 1, number).prompt for number in range(6)}) > 1
    assert re.search(r"\{\w+\}", family.task("unseen-phrasing", 1, 2).prompt) is None


@EVERY
def test_slips_are_code_that_could_be_written(family: Family) -> None:
    for number in range(3):
        for slip in family.instance(split_of(family), 3, number).slips:
            written = CodeFormat().write(Step("", code=slip.code))
            assert CodeFormat().parse(written).code == slip.code


async def test_the_experts_are_right_in_the_sandbox(tmp_path: Path) -> None:
    """One task of each family in code, each split in turn."""
    turns = itertools.cycle(("train", "test", "unseen-phrasing"))
    made = [family.task("unseen-tools" if family.held_out else next(turns), 5, 0) for family in catalogue.FAMILIES]
    await all_right(made, "code", tmp_path)


async def test_the_experts_in_calls_are_right_too(tmp_path: Path) -> None:
    made = [family.task(split_of(family), 6, 0) for family in catalogue.FAMILIES[::6]]
    await all_right([task for task in made if task.formats is None], "json", tmp_path)


async def all_right(tasks: list[Task], format: str, out: Path) -> None:
    """The oracle solves them all; only where it reads tables or draws do sessions have the large modules loaded."""
    large = {family.name for family in catalogue.FAMILIES if family.domain == "tables"} | DRAWN
    suite = suites.read("instruct", options={"count": 20})
    for preload in (None, ()):
        some = tuple(task for task in tasks if (task.data["family"] in large) == (preload is None))
        if some:
            settings = config.load(preload=preload)
            plan = plans.plan(here := suites.Suite(**{**vars(suite), "tasks": some}), settings, models=["oracle"], formats=[format])
            results = await Runner(plan, here, settings, out / str(preload), jobs=2).arun()
            assert [result.task for result in results] == [task.id for task in some]
            assert [(result.task, result.answer, result.score.reason) for result in results if not result.score.success] == []


def test_tasks_are_shared_out_among_domains_and_families() -> None:
    tasks = list(catalogue.tasks("train", 140, 3))
    assert len(tasks) == 140
    assert {sum(task.domain == domain for task in tasks) for domain in DOMAINS} <= {19, 20, 21}
    assert [task.id for task in tasks] == [task.id for task in catalogue.tasks("train", 140, 3)]
    assert {task.domain for task in catalogue.tasks("test", 10, domains=["tables"])} == {"tables"}


@pytest.mark.parametrize(
    ("split", "domains", "families", "named"),
    [("trian", [], [], "trian"), ("train", ["maths"], [], "maths"), ("train", [], ["everyday/nothing"], "everyday/nothing")],
)
def test_a_name_that_is_none_is_refused_with_those_there_are(split: str, domains: list[str], families: list[str], named: str) -> None:
    with pytest.raises(InputError, match=f"'{named}'"):
        list(catalogue.tasks(split, 5, domains=domains, families=families))


def test_faults_are_made_of_experts_code_and_differ_from_it() -> None:
    made = 0
    for family in catalogue.FAMILIES[::2]:
        code = next(family.instance(split_of(family), 1, 0).code(), None)
        if isinstance(code, str):
            for fault in faults(code, random.Random(1)):
                assert fault.code != code
                made += 1
    assert made > len(catalogue.FAMILIES)

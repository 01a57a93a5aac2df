"""The tasks as a whole: how many of which kind, always the same, and each answer found a second way, through the tools by the oracle."""

import hashlib
import json
from collections import Counter

import pytest

from bench.m3.driving import SUITE, TASKS, by_calls, by_code, graded
from codeact import build
from codeact.bench import suite as suites
from codeact.bench.task import Task
from codeact.errors import InputError
from codeact.protocols import Step

PROPORTIONS = {
    "message_decoder": 8,
    "cryptobotanists_plant_dna_sequencer": 8,
    "trade_calculator": 17,
    "travel_itinerary_planning": 15,
    "web_browsing": 34,
}
NUMBERS = range(len(TASKS))


def test_there_are_82_tasks_in_the_proportions_of_the_original() -> None:
    assert Counter(task.domain for task in SUITE.tasks) == PROPORTIONS


def test_variants_are_as_many_as_asked_for_in_the_same_proportions() -> None:
    for variants in (100, 200):
        counts = Counter(task.domain for task in suites.read("m3", options={"variants": variants}).tasks)
        assert sum(counts.values()) == variants
        assert all(abs(counts[domain] - variants * count / 82) < 1 for domain, count in PROPORTIONS.items())
    one = suites.read("m3", options={"variants": 1})
    assert [task.domain for task in one.tasks] == ["web_browsing"]


def test_the_82_are_always_the_same_and_in_every_version_of_python() -> None:
    text = json.dumps([[task.id, task.prompt, task.answer, task.data] for task in SUITE.tasks], sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "013eb76444ee11cb"
    assert suites.read("m3", seed=9).fingerprint == SUITE.fingerprint


def test_variants_follow_from_the_seed() -> None:
    again, other = (suites.read("m3", seed=seed, options={"variants": 60}) for seed in (5, 6))
    assert again.fingerprint == suites.read("m3", seed=5, options={"variants": 60}).fingerprint
    assert not {_told(task) for task in again.tasks} & {_told(task) for task in other.tasks}
    assert not {task.id for task in again.tasks} & {task.id for task in other.tasks}


@pytest.mark.parametrize("variants", [-1, True, "ten", 2.5])
def test_what_is_no_number_of_variants_is_refused(variants: object) -> None:
    with pytest.raises(InputError, match="number of variants"):
        suites.read("m3", options={"variants": variants})  # type: ignore[dict-item]


def _told(task: Task) -> str:
    """The prompt, and the world that it is about."""
    return f"{task.prompt} {json.dumps(task.data)}"


def test_no_two_tasks_are_the_same() -> None:
    assert len({_told(task) for task in TASKS}) == len(TASKS)
    assert len({task.id for task in TASKS}) == len(TASKS)


@pytest.mark.parametrize("single", [False, True])
def test_each_answer_is_what_the_tools_give_the_oracle_in_calls(single: bool) -> None:
    wrong = [TASKS[number].id for number in NUMBERS if not graded(TASKS[number], by_calls(number, single=single).answer).success]
    assert wrong == []


def test_each_answer_is_what_the_tools_give_the_oracle_in_code() -> None:
    assert [task.id for task in TASKS if not graded(task, by_code(task)).success] == []


def test_with_one_call_a_turn_each_task_fits_the_bound_with_room_to_spare() -> None:
    turns = SUITE.manifest.limits["turns"]
    assert isinstance(turns, int)
    longest = max(by_calls(number, single=True).calls + 1 for number in NUMBERS)
    assert 20 < longest <= turns * 3 / 4


def test_every_call_of_the_oracle_can_be_written_and_read_back_in_json_and_text() -> None:
    """In the original, text could hold no commas and no quotes."""
    calls = [turn for number in range(len(SUITE.tasks)) for turn in by_calls(number, single=False).turns]
    for mark in ",'":
        assert any(isinstance(arg, str) and mark in arg for turn in calls for call in turn for arg in call.args)
    for name in ("json", "text"):
        format = build.format(name)
        assert [turn for turn in calls if format.parse(format.write(Step("", calls=turn))).calls != turn] == []


def test_every_answer_can_be_written_and_read_back_in_each_format() -> None:
    for name in ("code", "json", "text"):
        format = build.format(name)
        for task in TASKS:
            answer = task.answer[0] if task.check == "exact" and isinstance(task.answer, list) else task.answer
            step = format.parse(format.write(Step("", answer=str(answer))))
            assert step.answer is not None
            assert graded(task, step.answer).success, (name, task.id)


def test_rules_are_the_first_answer_and_the_papers() -> None:
    assert SUITE.rule().answers == 1
    retry = SUITE.rule("retry")
    assert retry.answers is None
    assert retry.limits == {"turns": 10}
    assert "10 turns" in retry.note.format(answers=retry.answers, turns=10)

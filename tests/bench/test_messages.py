"""Tasks of several messages: each is sent when the answer to the one before was right, and all of them have to be."""

from pathlib import Path

import pytest

from codeact import config
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.results import Result
from codeact.bench.runner import Runner

SETTINGS = config.Settings.model_validate({"preload": ()})
TASKS = (
    '{"id": "three", "prompt": "one?", "messages": ["two?", "three?"], "answer": ["1", "2", "3"], "check": "python:next_one", "tools": []}'
)
CHECKS = '''
"""Each answer is the next of a list."""

SEEN: dict = {}

def next_one(answer, task, tools):
    place = SEEN.get(id(tools), 0)
    SEEN[id(tools)] = place + 1
    return answer == task.answer[min(place, 2)]
'''
ORACLE = '''
"""Says the numbers."""

from codeact.bench.policies import Said


def code(task):
    yield Said("1")
    shown = yield "print(2)"
    yield Said(shown.strip())
    return LAST


calls = code
LAST = "3"
'''


def written(folder: Path, changes: dict[str, str]) -> suites.Suite:
    """The suite, with some of the oracle's text changed."""
    folder.mkdir()
    oracle = ORACLE
    for old, new in changes.items():
        oracle = oracle.replace(old, new)
    manifest = 'name = "counting"\n[limits]\nturns = 3\n[rules.strict]\nanswers = 1\n[rules.retry]\nanswers = 2\n'
    for name, text in (("suite.toml", manifest), ("tasks.jsonl", TASKS), ("checks.py", CHECKS), ("oracle.py", oracle)):
        (folder / name).write_text(text, encoding="utf-8")
    return suites.read(folder)


async def run(folder: Path, rule: str = "strict", **changes: str) -> Result:
    """An attempt of the oracle."""
    suite = written(folder, changes)
    plan = plans.plan(suite, SETTINGS, models=["oracle"], formats=["code"], rule=rule)
    return (await Runner(plan, suite, SETTINGS, folder.parent / f"{folder.name}-out").arun())[0]


async def test_all_messages_are_sent_and_what_they_used_is_added_up(tmp_path: Path) -> None:
    result = await run(tmp_path / "suite")
    assert (result.score.success, result.answers, result.first, result.turns) == (True, 3, True, 4)
    assert result.answer == "3"
    assert result.usage.output_tokens >= 4


@pytest.mark.parametrize(
    ("old", "new", "answers"), [('Said("1")', 'Said("9")', 1), ("Said(shown.strip())", 'Said("9")', 2), ('"3"', '"9"', 3)]
)
async def test_a_wrong_answer_ends_it(tmp_path: Path, old: str, new: str, answers: int) -> None:
    result = await run(tmp_path / "suite", **{old: new})
    assert (result.score.success, result.answers, result.first) == (False, answers, False)


async def test_each_message_may_be_answered_as_often_as_the_rule_says(tmp_path: Path) -> None:
    result = await run(tmp_path / "suite", "retry", **{'"3"': '"9"'})
    assert (result.score.success, result.answers) == (False, 4)


async def test_a_run_that_ends_before_the_last_message_has_failed_whatever_the_check_says(tmp_path: Path) -> None:
    folder = tmp_path / "suite"
    result = await run(folder, **{'shown = yield "print(2)"': 'shown = yield "print(2)"\n    yield "1"\n    yield "1"\n    yield "1"'})
    assert (result.state, result.score.success, result.answers) == ("limit", False, 1)

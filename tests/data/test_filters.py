"""Which runs become examples, and how they look: on real runs of experts, of a model that cheats, and of one that fails."""

import asyncio
import json
from pathlib import Path

import pytest
from pyarrow import parquet

from codeact import config
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.runner import Runner
from codeact.data import example as examples
from codeact.data import export, filters
from codeact.data import stats as counting
from codeact.data.example import ChatMessage, Example, Kept
from codeact.errors import InputError

FAMILY = "everyday/weekday"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of one family: by the expert, by the expert after a mistake, and by a model that says nothing."""
    out = tmp_path_factory.mktemp("runs") / "out"
    suite = suites.read("instruct", options={"split": "train", "count": 6, "family": FAMILY})
    plan = plans.plan(suite, config.load(preload=()), models=["oracle", "slipped:oracle", "silent"], formats=["code"])
    asyncio.run(Runner(plan, suite, config.load(preload=()), out, jobs=2).arun())
    return out


@pytest.fixture(scope="module")
def runs(folder: Path) -> list[Kept]:
    """All of them, read."""
    return list(filters.read_runs([folder]))


@pytest.fixture(scope="module")
def kept(runs: list[Kept]) -> list[Example]:
    """What the default rules keep."""
    return filters.kept(runs, filters.Rules())[0]


def test_each_step_is_counted_and_only_right_runs_are_left(runs: list[Kept]) -> None:
    kept, steps = filters.kept(runs, filters.Rules())
    assert [step.came for step in steps] == [18, *(step.passed for step in steps[:-1])]
    assert steps[0].name == "success" and steps[0].passed == 12
    assert {one.teacher for one in kept} == {"oracle", "slipped:oracle"}
    assert len(kept) == steps[-1].passed > 6


def test_what_is_kept_does_not_depend_on_the_order(runs: list[Kept]) -> None:
    assert filters.kept(runs[::-1], filters.Rules())[0] == filters.kept(runs, filters.Rules())[0]


def test_a_mistake_is_shown_but_not_learned_and_what_mends_it_is(kept: list[Example]) -> None:
    mended = [one for one in kept if one.self_debug]
    assert {one.teacher for one in mended} == {"slipped:oracle"}
    for one in mended:
        said = [message for message in one.messages if message.role == "assistant"]
        assert [message.loss for message in said] == [False] + [True] * (len(said) - 1)
        assert "Output:\n" in one.messages[3].content
    assert all(len(one.learned) == one.turns for one in kept if not one.self_debug)


def test_failures_are_learned_if_that_is_wanted(runs: list[Kept]) -> None:
    kept, _ = filters.kept(runs, filters.Rules(learn_failures=True))
    assert all(len(one.learned) == one.turns for one in kept)


def test_plain_runs_are_dropped_until_mended_mistakes_have_their_share(runs: list[Kept]) -> None:
    kept, _ = filters.kept(runs, filters.Rules(self_debug=0.75))
    assert sum(one.self_debug for one in kept) / len(kept) >= 0.75


def in_domain(run: Kept, domain: str) -> Kept:
    """The same run, of another domain."""
    return run.model_copy(update={"result": run.result.model_copy(update={"tags": (domain, *run.result.tags[1:])})})


def test_the_share_of_mended_mistakes_holds_where_domains_have_a_limit(runs: list[Kept]) -> None:
    """All the mended ones are of one domain, which may have two; the plain ones of another, which could have more."""
    several = [in_domain(run, "tables" if run.result.model == "oracle" else "everyday") for run in runs]
    found, _ = filters.kept(several, filters.Rules(per_domain=2, self_debug=0.6))
    assert sum(one.self_debug for one in found) / len(found) >= 0.6
    assert sum(one.self_debug for one in found) == 2


def test_the_share_of_mended_mistakes_is_not_rounded_down(runs: list[Kept]) -> None:
    one = next(run for run in runs if run.result.model == "slipped:oracle" and run.result.score.success)
    found, _ = filters.kept([one, *(run for run in runs if run.result.model == "oracle")], filters.Rules(self_debug=0.38))
    assert sum(each.self_debug for each in found) / len(found) >= 0.38


@pytest.mark.parametrize(
    ("rules", "step"),
    [(filters.Rules(min_turns=9), "turns"), (filters.Rules(max_chars=50), "length"), (filters.Rules(per_domain=3), "balance")],
)
def test_a_rule_works_in_its_step(runs: list[Kept], rules: filters.Rules, step: str) -> None:
    steps = {one.name: one for one in filters.kept(runs, rules)[1]}
    assert steps[step].passed < steps[step].came
    assert steps[step].passed <= 3


def test_a_run_of_a_model_that_prints_its_answer_is_a_shortcut(runs: list[Kept]) -> None:
    honest = next(run for run in runs if run.result.model == "oracle")
    as_model = honest.model_copy(update={"result": honest.result.model_copy(update={"model": "local"})})
    cheat = tuple(event.model_copy(update={"code": 'print("Monday")'}) if event.type == "action" else event for event in as_model.run)
    cheated = as_model.model_copy(update={"run": cheat})
    passed = {
        name: {one.name: one.passed for one in filters.kept([run], filters.Rules())[1]}
        for name, run in (("honest", as_model), ("cheated", cheated))
    }
    assert passed["honest"]["no shortcut"] == 1
    assert passed["cheated"]["no shortcut"] == 0


def test_examples_are_read_back_as_they_were_written_and_a_broken_line_is_named(kept: list[Example], tmp_path: Path) -> None:
    examples.write(tmp_path / "a.jsonl", kept)
    assert list(examples.read(tmp_path / "a.jsonl")) == kept
    (tmp_path / "a.jsonl").write_text('{"id": 3}\n')
    with pytest.raises(InputError, match="line 1 is no example"):
        list(examples.read(tmp_path / "a.jsonl"))


def test_the_numbers_are_those_of_the_examples(kept: list[Example]) -> None:
    counted = counting.stats(kept, count=len)
    row = counted.rows[-1]
    assert (row.name, row.runs, row.tokens) == ("all", len(kept), sum(one.chars for one in kept))
    assert row.learned == sum(len(message.content) for one in kept for message in one.learned)
    assert row.self_debug == sum(one.self_debug for one in kept) / len(kept)
    assert counted.families == 1 and sum(counted.teachers.values()) == len(kept)


@pytest.mark.parametrize("form", export.NAMES)
def test_every_form_holds_every_word(form: str, kept: list[Example], tmp_path: Path) -> None:
    path = tmp_path / "out"
    assert export.write(kept, form, path) == len(kept)
    written = parquet.read_table(path).to_pylist() if form == "parquet" else map(json.loads, path.read_text().splitlines())
    lines = list(written)
    assert len(lines) == len(kept)
    for line, one in zip(lines, kept, strict=True):
        text = json.dumps(line, ensure_ascii=False)
        assert all(json.dumps(message.content, ensure_ascii=False)[1:-1] in text for message in one.messages)


def test_an_action_is_a_call_of_the_interpreter_in_the_interchange_format(kept: list[Example]) -> None:
    record = export.atif(next(one for one in kept if one.self_debug))
    assert [step["step_id"] for step in record["steps"]] == list(range(1, len(record["steps"]) + 1))
    acting = [step for step in record["steps"] if "tool_calls" in step]
    assert {step["tool_calls"][0]["function_name"] for step in acting} == {"run_python"}
    assert all(step["observation"]["results"][0]["source_call_id"] == step["tool_calls"][0]["tool_call_id"] for step in acting)
    assert (
        "Error" in acting[0]["observation"]["results"][0]["content"] or "[no output]" in acting[0]["observation"]["results"][0]["content"]
    )


def test_the_interchange_format_keeps_all_that_was_said_after_an_action(kept: list[Example]) -> None:
    one = next(one for one in kept if one.turns > 1)
    place = next(place for place, message in enumerate(one.messages) if message.role == "assistant")
    again = ChatMessage(role="user", content="That was the same action as before.")
    said = one.model_copy(update={"messages": (*one.messages[: place + 2], again, *one.messages[place + 2 :])})
    step = next(step for step in export.atif(said)["steps"] if "tool_calls" in step)
    assert [each["content"] for each in step["observation"]["results"]] == [one.messages[place + 1].content, again.content]


def test_a_form_that_is_none_is_refused(kept: list[Example], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no form 'csv'"):
        export.write(kept, "csv", tmp_path / "x")

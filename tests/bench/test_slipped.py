"""A mistake in a model's mouth: it is run and seen, and what follows is the model's own."""

from pathlib import Path

from codeact import config
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.results import Result
from codeact.bench.runner import Runner
from codeact.data.example import example, read_run
from codeact.events import Action, Feedback, Observation
from codeact.trajectory import load

ERRANDS = Path(__file__).parents[2] / "examples" / "suites" / "errands"


async def run(out: Path, suite: suites.Suite, *models: str, format: str = "code") -> list[Result]:
    """Results of a suite."""
    settings = config.load(preload=())
    return await Runner(plans.plan(suite, settings, models=models, formats=[format]), suite, settings, out, jobs=2).arun()


async def test_the_first_action_is_the_mistake_and_the_expert_mends_it(tmp_path: Path) -> None:
    suite = suites.read("instruct", options={"split": "train", "count": 3, "family": "everyday/weekday"})
    plain = await run(tmp_path / "plain", suite, "oracle")
    slipped = await run(tmp_path / "slipped", suite, "slipped:oracle")
    for one, other in zip(plain, slipped, strict=True):
        assert one.score.success and other.score.success
        assert other.turns == one.turns + 1
    record = load(tmp_path / "slipped" / slipped[0].trajectory)
    assert record.of_type(Action)[0].code != record.of_type(Action)[1].code
    assert record.of_type(Observation)[0].status == "error" or record.of_type(Observation)[0].outputs == ()


async def test_calls_are_slipped_too(tmp_path: Path) -> None:
    suite = suites.read("instruct", options={"split": "train", "count": 2, "family": "information/typed"})
    results = await run(tmp_path / "out", suite, "slipped:oracle", format="json")
    assert all(result.score.success for result in results)
    assert all(result.wrong_calls or result.wrong_actions for result in results)


async def test_a_mistake_made_twice_is_told_of_and_neither_is_learned(tmp_path: Path) -> None:
    suite = suites.read("instruct", options={"split": "train", "count": 3, "family": "everyday/weekday"})
    once = await run(tmp_path / "once", suite, "slipped:oracle")
    twice = await run(tmp_path / "twice", suite, "slipped:slipped:oracle")
    for one, other in zip(once, twice, strict=True):
        assert other.score.success
        assert other.turns == one.turns + 1
        record = load(tmp_path / "twice" / other.trajectory)
        first, second, third = record.of_type(Action)[:3]
        assert first.code == second.code != third.code
        assert [event.turn for event in record.of_type(Feedback)] == [2]
        kept = example(read_run(other, tmp_path / "twice"))
        assert kept.self_debug
        assert [message.loss for message in kept.messages if message.role == "assistant"] == [False, False, *[True] * (other.turns - 2)]


async def test_a_suite_that_knows_no_mistakes_is_done_without(tmp_path: Path) -> None:
    results = await run(tmp_path / "out", suites.read(ERRANDS), "slipped:oracle")
    assert [result.score.success for result in results] == [True] * 4
    assert {result.wrong_actions for result in results} == {0}

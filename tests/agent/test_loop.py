"""The loop on a real sandbox with a scripted model: what is asked, run, recorded and told, and how each run ends."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.parts import BrokenModel, Sessions, SlowModel
from codeact import errors, events
from codeact.agent.conversation import Run
from codeact.agent.loop import Agent
from codeact.formats.code import CodeFormat
from codeact.models.replay import ScriptModel
from codeact.protocols import Completion
from codeact.trajectory import Trajectory, load

FORMAT = CodeFormat()


def act(code: str, thought: str = "") -> str:
    return f"{thought}<execute>\n{code}\n</execute>"


def answer(text: str) -> str:
    return f"<solution>{text}</solution>"


def kinds(trajectory: Trajectory) -> list[str]:
    return [event.type for event in trajectory.events]


async def run_script(sessions: Sessions, turns: Sequence[str | Completion], **options: Any) -> tuple[Run, ScriptModel]:
    """Run a script to its end and check that all of it was used."""
    model = ScriptModel(turns)
    async with Agent(model, FORMAT, sessions, **options) as agent:
        return await agent.arun("What is 6 times 7?"), model


async def test_code_is_run_its_output_goes_back_and_an_answer_comes_out(sessions: Sessions) -> None:
    run, model = await run_script(sessions, [act("print(6 * 7)", "I multiply.\n"), answer("42")])
    assert (run.state, run.answer, run.value, run.error, run.reason) == ("answered", "42", None, None, "")
    assert kinds(run.trajectory) == [
        "run_started",
        "task_given",
        "model_turn",
        "action",
        "observation",
        "model_turn",
        "answered",
        "run_ended",
    ]
    action, observation = run.trajectory.of_type(events.Action)[0], run.trajectory.of_type(events.Observation)[0]
    assert (action.turn, action.code, action.thought) == (1, "print(6 * 7)", "I multiply.")
    assert (observation.turn, observation.stdout, observation.text) == (1, "42\n", "Output:\n42")
    assert model.requests[1].messages[-1] == events.Message(role="user", content="Output:\n42")
    assert run.usage == sum((turn.usage for turn in run.trajectory.of_type(events.ModelTurn)), events.Usage())
    assert run.usage.output_tokens > 0


async def test_the_start_records_what_the_rest_depends_on(sessions: Sessions) -> None:
    limits = events.Limits(turns=4)
    run, _ = await run_script(sessions, [answer("42")], limits=limits, answer_type=int)
    started = run.trajectory.of_type(events.RunStarted)[0]
    assert (started.model, started.format, started.limits) == ("script", "code", limits)
    assert started.isolation == sessions.opened[0].isolation
    assert started.answer_schema == {"type": "integer"}
    assert set(started.environment) == {"codeact", "python", "platform"}
    assert "a whole number" in started.system
    another, _ = await run_script(sessions, [answer("42")])
    assert another.trajectory.of_type(events.RunStarted)[0].run_id != started.run_id


async def test_each_request_starts_with_the_messages_of_the_request_before(sessions: Sessions) -> None:
    turns = [act(f"x{n} = {n}\nprint(x{n})", f"Step {n}.\n") for n in range(8)]
    run, model = await run_script(sessions, [*turns[:4], "I am lost.", *turns[4:], answer("7")], limits=events.Limits(turns=10))
    assert (run.state, len(model.requests)) == ("answered", 10)
    for earlier, later in zip(model.requests, model.requests[1:], strict=False):
        assert list(later.messages[: len(earlier.messages)]) == list(earlier.messages)
        assert len(later.messages) == len(earlier.messages) + 2
    assert {request.cache_key for request in model.requests} == {run.trajectory.of_type(events.RunStarted)[0].run_id}


async def test_the_closing_tag_that_stopped_the_generation_is_in_the_record(sessions: Sessions) -> None:
    run, model = await run_script(sessions, [act("1") + "\nOutput:\n1\n" + answer("1"), answer("1") + " is the answer"])
    assert [turn.text for turn in run.trajectory.of_type(events.ModelTurn)] == [act("1"), answer("1")]
    assert set(model.requests[0].stop) == {"</execute>", "</solution>"}


async def test_a_stop_string_inside_a_string_literal_is_written_past(sessions: Sessions) -> None:
    code = "tag = '</execute>'\nprint(tag, '</solution>')"
    run, model = await run_script(sessions, [act(code), answer("done")])
    assert run.trajectory.of_type(events.Action)[0].code == code
    assert run.trajectory.of_type(events.Observation)[0].stdout == "</execute> </solution>\n"
    prefixes = [request.prefix for request in model.requests]
    assert prefixes == ["", "<execute>\ntag = '</execute>", f"<execute>\n{code.removesuffix(chr(39) + ')')}", ""]
    assert len(run.trajectory.of_type(events.ModelTurn)) == 2


async def test_a_string_literal_that_never_ends_is_not_written_past_for_ever(sessions: Sessions) -> None:
    turn = "<execute>\ns = '''" + "</execute>" * 9
    run, model = await run_script(sessions, [turn, answer("done")])
    assert len(model.requests) == 5
    assert run.trajectory.of_type(events.Observation)[0].error is not None


async def test_an_error_of_the_code_is_an_observation(sessions: Sessions) -> None:
    run, model = await run_script(sessions, [act("1 / 0"), act("print('on')"), answer("x")])
    first, second = run.trajectory.of_type(events.Observation)
    assert (run.state, first.status, second.status) == ("answered", "error", "ok")
    assert model.requests[1].messages[-1].content.endswith("ZeroDivisionError: division by zero")


async def test_what_the_model_is_shown_is_cut_to_the_limit(sessions: Sessions) -> None:
    run, _ = await run_script(sessions, [act("print('x' * 5000)"), answer("x")], limits=events.Limits(output_chars=300))
    assert len(run.trajectory.of_type(events.Observation)[0].text) <= 300


async def test_a_malformed_message_is_answered_with_what_was_wrong(sessions: Sessions) -> None:
    run, model = await run_script(sessions, ["<code>1</code>", act("1"), answer("1")])
    feedback = run.trajectory.of_type(events.Feedback)[0]
    assert (run.state, feedback.reason, feedback.turn) == ("answered", "malformed", 1)
    assert "<code> is not a tag" in feedback.text
    assert model.requests[1].messages[-1].content == feedback.text


async def test_a_run_gives_up_after_so_many_malformed_messages_in_a_row(sessions: Sessions) -> None:
    run, _ = await run_script(sessions, ["hm", "hm"], limits=events.Limits(malformed=2))
    assert (run.state, run.answer) == ("gave_up", None)
    assert run.reason == "2 messages of the model in a row could not be used"
    assert run.trajectory.events[-1] == run.trajectory.of_type(events.RunEnded)[0]


async def test_malformed_messages_with_an_action_between_them_are_not_in_a_row(sessions: Sessions) -> None:
    run, _ = await run_script(sessions, ["hm", act("1"), "hm", act("2"), answer("x")], limits=events.Limits(malformed=2))
    assert run.state == "answered"


async def test_a_message_that_was_cut_off_is_not_run_and_the_model_is_told(sessions: Sessions) -> None:
    cut = Completion("<execute>\nprint('half", finish="length")
    parsing = Completion("<execute>\nx = 1\n", finish="length")
    prose = Completion("I think and think", finish="length")
    run, _ = await run_script(sessions, [cut, parsing, prose, answer("x")], max_tokens=77, limits=events.Limits(malformed=4))
    texts = [feedback.text for feedback in run.trajectory.of_type(events.Feedback)]
    assert all(text.startswith("Your message was cut off at its limit of 77 tokens.") for text in texts)
    assert "Write a shorter one" in texts[0]
    assert "text only" in texts[2]
    assert run.trajectory.of_type(events.Action) == []
    assert run.trajectory.of_type(events.ModelTurn)[0].finish == "length"


async def test_a_typed_answer_is_validated_and_its_value_handed_back(sessions: Sessions) -> None:
    run, _ = await run_script(sessions, [answer("about 42"), answer(" 42 ")], answer_type=int)
    feedback = run.trajectory.of_type(events.Feedback)[0]
    assert (run.state, run.answer, run.value) == ("answered", "42", 42)
    assert feedback.reason == "answer_rejected"
    assert "'about 42' was not accepted: Input should be a valid integer" in feedback.text
    assert run.trajectory.of_type(events.Answered)[0].value == 42


async def test_rejected_answers_use_up_the_patience(sessions: Sessions) -> None:
    run, _ = await run_script(sessions, [answer("a"), "hm"], answer_type=int, limits=events.Limits(malformed=2))
    assert (run.state, run.value) == ("gave_up", None)


LIMITED = [
    (events.Limits(turns=2), "turns", 2.0),
    (events.Limits(tokens=8), "tokens", 8.0),
    (events.Limits(cost=0.25), "cost", 0.25),
]


@pytest.mark.parametrize(("limits", "name", "value"), LIMITED, ids=[name for _, name, _ in LIMITED])
async def test_a_limit_of_the_run_ends_it_before_the_next_turn(sessions: Sessions, limits: events.Limits, name: str, value: float) -> None:
    turns = [Completion(act(code), usage=events.Usage(output_tokens=4, cost=0.125)) for code in ("1", "2")]
    run, _ = await run_script(sessions, turns, limits=limits)
    reached = run.trajectory.of_type(events.LimitReached)[0]
    assert (run.state, reached.limit, reached.turn) == ("limit", events.LimitHit(name=name, value=value), 2)
    assert kinds(run.trajectory)[-3:] == ["observation", "limit_reached", "run_ended"]
    assert f"limit of {name}: {value:g}" in run.reason


async def test_a_turn_may_write_no_more_tokens_than_the_run_has_left(sessions: Sessions) -> None:
    turn = Completion(act("1"), usage=events.Usage(output_tokens=4))
    _, model = await run_script(sessions, [turn, turn], limits=events.Limits(tokens=8), max_tokens=6)
    assert [request.max_tokens for request in model.requests] == [6, 4]


async def test_the_runs_seconds_end_a_generation_in_progress(sessions: Sessions) -> None:
    model = SlowModel()
    run = await Agent(model, FORMAT, sessions, limits=events.Limits(seconds=0.3)).arun("think")
    turn = run.trajectory.of_type(events.ModelTurn)[0]
    assert (run.state, model.stopped) == ("limit", True)
    assert (turn.text, turn.finish) == ("I think", "cancelled")
    assert run.trajectory.of_type(events.LimitReached)[0].limit == events.LimitHit(name="seconds", value=0.3)


async def test_the_runs_seconds_end_an_action_in_progress(sessions: Sessions) -> None:
    run, _ = await run_script(sessions, [act("import time\ntime.sleep(60)")], limits=events.Limits(seconds=0.5, action_seconds=None))
    assert (run.state, run.trajectory.of_type(events.Observation)[0].status) == ("limit", "timeout")
    assert run.trajectory.of_type(events.LimitReached)[0].limit.name == "seconds"


async def test_a_grammar_is_sent_to_models_that_use_one_only(sessions: Sessions) -> None:
    model = SlowModel()
    await Agent(model, FORMAT, sessions, limits=events.Limits(seconds=0.2)).arun("think")
    _, scripted = await run_script(sessions, [answer("x")])
    assert [request.grammar for request in (*model.requests, *scripted.requests)] == [FORMAT.grammar(), None]


@pytest.mark.parametrize(
    ("error", "kind", "boundary"),
    [
        (errors.ModelUnavailableError("the server went away"), "ModelUnavailableError", "model"),
        (errors.MissingExtraError("openai", "openai", "the model"), "MissingExtraError", "input"),
        (ZeroDivisionError("a defect"), "UnexpectedError", "model"),
        (TimeoutError("of its own"), "UnexpectedError", "model"),
    ],
)
async def test_a_failing_model_ends_the_run_in_a_typed_error(sessions: Sessions, error: Exception, kind: str, boundary: str) -> None:
    run = await Agent(BrokenModel(error), FORMAT, sessions).arun("think")
    failed = run.trajectory.of_type(events.Failed)[0]
    assert (run.state, failed.kind, failed.boundary) == ("error", kind, boundary)
    assert str(error) in failed.message
    assert run.reason == str(run.error)
    assert kinds(run.trajectory) == ["run_started", "task_given", "model_turn", "failed", "run_ended"]
    assert run.trajectory.of_type(events.ModelTurn)[0].text == "I th"


async def test_a_script_that_runs_out_is_an_error_of_the_run(sessions: Sessions) -> None:
    run, _ = await run_script(sessions, [act("1")])
    assert (run.state, type(run.error)) == ("error", errors.ScriptError)


@pytest.mark.parametrize(
    ("error", "kind"), [(errors.IsolationError("no namespaces"), "IsolationError"), (OSError("no room"), "UnexpectedError")]
)
async def test_a_session_that_cannot_be_opened_ends_the_run_in_a_typed_error(error: Exception, kind: str) -> None:
    async def refuse(_: object) -> Any:
        raise error

    run = await Agent(ScriptModel([]), FORMAT, refuse).arun("think")
    failed = run.trajectory.of_type(events.Failed)[0]
    assert (run.state, failed.kind, failed.boundary) == ("error", kind, "session")
    assert kinds(run.trajectory) == ["run_started", "task_given", "failed", "run_ended"]


async def test_a_session_that_was_closed_under_the_run_ends_it_in_a_typed_error(sessions: Sessions) -> None:
    async def closed(_: object) -> Any:
        session = await sessions()
        await session.aclose()
        return session

    run = await Agent(ScriptModel([act("1")]), FORMAT, closed).arun("think")
    assert run.state == "error"
    assert run.trajectory.of_type(events.Failed)[0].boundary == "session"


async def test_the_session_is_closed_when_the_run_is_over(sessions: Sessions) -> None:
    await run_script(sessions, [answer("x")])
    with pytest.raises(errors.SessionClosedError):
        await sessions.opened[0].arun("1")


async def test_the_run_is_on_disk_event_by_event(sessions: Sessions, tmp_path: Path) -> None:
    trajectory = Trajectory(tmp_path / "run.jsonl")
    async with Agent(ScriptModel([act("1"), answer("1")]), FORMAT, sessions) as agent:
        run = await agent.arun("What is 1?", trajectory=trajectory)
    trajectory.close()
    assert run.trajectory is trajectory
    assert list(load(tmp_path / "run.jsonl").events) == list(trajectory.events)


async def test_files_are_copied_in_and_named_to_the_model(sessions: Sessions, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    model = ScriptModel([act("print(open('data.csv').read())"), answer("x")])
    async with Agent(model, FORMAT, sessions) as agent:
        run = await agent.arun("Sum it.", files=[tmp_path / "data.csv"])
    assert run.trajectory.of_type(events.TaskGiven)[0].files == ("data.csv",)
    assert "data.csv" in model.requests[0].messages[1].content
    assert run.trajectory.of_type(events.Observation)[0].stdout == "a,b\n1,2\n\n"


async def test_bad_input_is_raised_before_the_run_starts(sessions: Sessions, tmp_path: Path) -> None:
    agent = Agent(ScriptModel([]), FORMAT, sessions)
    trajectory = Trajectory()
    with pytest.raises(errors.InputError, match="empty: say what to do"):
        await agent.arun(" \n", trajectory=trajectory)
    with pytest.raises(errors.InputError, match=r"none\.csv"):
        await agent.arun("Sum it.", files=[tmp_path / "none.csv"], trajectory=trajectory)
    assert list(trajectory.events) == []


def test_an_answer_type_that_cannot_be_checked_is_refused() -> None:
    async def never(_: object) -> Any:
        raise AssertionError("no session is needed")

    with pytest.raises(errors.InputError, match="cannot be validated"):
        Agent(ScriptModel([]), FORMAT, never, answer_type=Trajectory)


def test_the_sync_face_runs_again_and_again_and_frees_the_model() -> None:
    model = ScriptModel([act("print(1)"), answer("1"), answer("2"), answer("3")])
    agent = Agent(model, FORMAT, Sessions())
    assert [agent.run("one").answer, agent.run("two").answer] == ["1", "2"]
    with pytest.raises(errors.ScriptError):  # a turn is left unused: the model was asked to close
        agent.close()
    with pytest.raises(errors.InputError, match="closed"):
        agent.run("three")

"""Scripted and replayed models: what they write, and what they refuse."""

import json
from pathlib import Path

import pytest

from codeact import errors
from codeact.events import Message, ModelTurn, Observation, RunStarted, TaskGiven, Usage
from codeact.models.replay import ReplayModel, ScriptModel
from codeact.protocols import Completion, Model, ModelRequest
from codeact.trajectory import Trajectory

STOP = ("</execute>", "</solution>")


def asking(*contents: str, stop: tuple[str, ...] = STOP, prefix: str = "") -> ModelRequest:
    roles = ("system", "user", "assistant")
    messages = [Message(role=roles[min(i, 2) if i < 2 else 1 + i % 2], content=text) for i, text in enumerate(contents)]
    return ModelRequest(messages=messages, stop=stop, prefix=prefix)


async def answer(model: Model, request: ModelRequest) -> tuple[list[str], Completion]:
    parts = [part async for part in model.generate(request)]
    completion = parts.pop()
    assert isinstance(completion, Completion)
    pieces = [part for part in parts if isinstance(part, str)]
    assert len(pieces) == len(parts)
    return pieces, completion


async def test_a_script_is_written_turn_by_turn_in_pieces_up_to_the_stop_string() -> None:
    model = ScriptModel(["I count.\n<execute>1 + 1</execute> and more", "<solution>2</solution>"])
    assert isinstance(model, Model)
    pieces, first = await answer(model, asking("system", "question"))
    assert len(pieces) > 1
    assert "".join(pieces) == first.text == "I count.\n<execute>1 + 1"
    assert first.stopped_by == "</execute>"
    assert first.usage.output_tokens > 0
    assert first.usage.input_tokens > 0
    _, second = await answer(model, asking("system", "question", first.text, "2"))
    assert (second.text, second.stopped_by) == ("<solution>2", "</solution>")
    await model.aclose()


async def test_the_earliest_stop_string_wins_whatever_their_order() -> None:
    _, completion = await answer(ScriptModel(["a</solution>b</execute>"]), asking("s"))
    assert (completion.text, completion.stopped_by) == ("a", "</solution>")


async def test_a_request_with_the_written_text_as_prefix_goes_on_with_the_same_turn() -> None:
    turn = '<execute>print("</execute>")</execute>'
    model = ScriptModel([turn, "<solution>done</solution>"])
    _, first = await answer(model, asking("s", "q"))
    assert first.text == '<execute>print("'
    _, rest = await answer(model, asking("s", "q", prefix=first.text + "</execute>"))
    assert rest.text == '")'
    _, last = await answer(model, asking("s", "q", turn, "ok"))
    assert last.text == "<solution>done"
    await model.aclose()


async def test_a_completion_as_a_turn_fixes_usage_and_end() -> None:
    given = Completion("half a th", usage=Usage(input_tokens=7, output_tokens=3), finish="length")
    _, completion = await answer(ScriptModel([given]), asking("s"))
    assert completion == given


async def test_requests_are_kept_as_they_were_when_they_came() -> None:
    model = ScriptModel(["one", "two"])
    trajectory = Trajectory()
    trajectory.append(TaskGiven(text="first"))
    await answer(model, ModelRequest(messages=trajectory.messages))
    trajectory.append(TaskGiven(text="second"))
    await answer(model, ModelRequest(messages=trajectory.messages))
    assert [len(request.messages) for request in model.requests] == [1, 2]


async def test_one_request_too_many_is_an_error() -> None:
    model = ScriptModel(["only"])
    await answer(model, asking("s", "q"))
    with pytest.raises(errors.ScriptError, match="asked for turn 2, but there are 1; the last message was 'what else'"):
        await answer(model, asking("s", "what else"))
    await model.aclose()


async def test_unused_turns_are_an_error_on_close_that_says_how_many() -> None:
    model = ScriptModel(["one", "two", "three"])
    await answer(model, asking("s", "q"))
    with pytest.raises(errors.ScriptError, match="2 of 3 turns were left unused; the next one is 'two'"):
        await model.aclose()
    await model.aclose()
    await ScriptModel(["one"], allow_unused=True).aclose()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("script.jsonl", '{"text": "one\\nmore"}\n\n{"text": "two", "finish": "length"}\n'),
        ("script.json", '["one\\nmore", "two"]'),
        ("script.txt", "one\nmore\n---\ntwo\n---\n"),
        ("script", "\none\nmore\n---  \ntwo"),
    ],
)
async def test_a_script_file_is_read_in_each_of_its_forms(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    model = ScriptModel.from_file(path)
    assert model.name == f"script:{path}"
    assert (await answer(model, asking("s")))[1].text == "one\nmore"
    last = (await answer(model, asking("s")))[1]
    assert last.text == "two"
    assert last.finish == ("length" if name == "script.jsonl" else "stop")
    await model.aclose()


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("a.jsonl", '{"text": "x"}\n{"words": 1}', "line 2, is not an object like"),
        ("b.jsonl", '{"text": "x", "finish": "odd"}', "line 1"),
        ("c.json", '{"text": "x"}', "is not a JSON list of strings"),
        ("d.txt", "x\n---\n---\ny", "turn 2 is empty"),
        ("e.txt", "", "turn 1 is empty"),
    ],
)
def test_a_script_file_that_cannot_be_read_is_a_clear_error(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(errors.InputError, match=complaint):
        ScriptModel.from_file(path)


def test_a_missing_script_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match=r"cannot read the script .*nothing\.txt"):
        ScriptModel.from_file(tmp_path / "nothing.txt")


def record(trajectory: Trajectory, finish: str = "stop") -> Trajectory:
    trajectory.append(RunStarted(run_id="r", model="m", format="code", system="be good", isolation="strict", limits={}))  # pyright: ignore[reportArgumentType] pydantic makes Limits of it
    trajectory.append(TaskGiven(text="how many?"))
    trajectory.append(ModelTurn(turn=1, text="<execute>1 + 1</execute>", usage=Usage(input_tokens=11, output_tokens=5)))
    trajectory.append(Observation(turn=1, text="2"))
    trajectory.append(ModelTurn.model_validate({"turn": 2, "text": "<solution>2</solution>", "finish": finish}))
    return trajectory


async def test_a_recorded_run_is_played_as_a_server_would_write_it(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    trajectory = record(Trajectory(path))
    trajectory.close()
    model = ReplayModel.from_file(path)
    assert model.name == f"replay:{path}"
    messages = trajectory.messages
    _, first = await answer(model, ModelRequest(messages=messages[:2], stop=STOP))
    assert (first.text, first.stopped_by, first.usage.input_tokens) == ("<execute>1 + 1", "</execute>", 11)
    _, second = await answer(model, ModelRequest(messages=messages[:4], stop=STOP))
    assert second.text == "<solution>2"
    await model.aclose()


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (
            {1: ("user", "how much?")},
            r"request for turn 1 .* message 2 \(user\) differs from character 5 on: recorded 'how many\?', got 'how much",
        ),
        ({0: ("system", "be good and kind")}, r"message 1 \(system\) differs from character 7 on"),
        ({1: ("assistant", "how many?")}, "message 2 has the role 'assistant', recorded was 'user'"),
        ({1: None}, "message 2 is missing, recorded was user 'how many"),
        ({2: ("user", "hello")}, "message 3 is one too many: user 'hello'"),
    ],
)
async def test_a_request_that_differs_from_the_recorded_one_says_where(changed: dict[int, tuple[str, str] | None], complaint: str) -> None:
    contents: dict[int, tuple[str, str] | None] = {0: ("system", "be good"), 1: ("user", "how many?")} | changed
    messages = [Message.model_validate({"role": pair[0], "content": pair[1]}) for pair in contents.values() if pair]
    model = ReplayModel(record(Trajectory()))
    with pytest.raises(errors.ScriptError, match=complaint):
        await answer(model, ModelRequest(messages=messages))
    await model.aclose()


async def test_recorded_turns_that_are_not_played_are_an_error_on_close() -> None:
    model = ReplayModel(record(Trajectory()))
    with pytest.raises(errors.ScriptError, match="2 of 2 turns"):
        await model.aclose()


async def test_a_turn_that_was_cancelled_cannot_be_played() -> None:
    trajectory = record(Trajectory(), finish="cancelled")
    model = ReplayModel(trajectory)
    await answer(model, ModelRequest(messages=trajectory.messages[:2]))
    with pytest.raises(errors.ScriptError, match="turn 2 was cancelled"):
        await answer(model, ModelRequest(messages=trajectory.messages[:4]))


def test_a_file_that_is_no_trajectory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"text": "a script, not a run"}) + "\n")
    with pytest.raises(errors.TrajectoryError, match="is not a codeact trajectory"):
        ReplayModel.from_file(path)

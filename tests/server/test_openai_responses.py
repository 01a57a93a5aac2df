"""``/v1/responses`` of a real server, by the official client."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.responses import Response, ResponseCodeInterpreterToolCall

from codeact import events
from codeact.store.kept import open_store
from server.official import FOREVER, STATEFUL, client, until
from server.serving import ADD, Served, script, served


@pytest.fixture
async def official(served: Served) -> AsyncIterator[openai.AsyncOpenAI]:
    """The official client of the server."""
    async with client(served) as made:
        yield made


def run_of(answer: Response) -> str:
    """The run behind a response."""
    return (answer.model_extra or {})["codeact"]["run_id"]


def logs(answer: Response) -> list[str]:
    """What its actions gave."""
    calls = [item for item in answer.output if isinstance(item, ResponseCodeInterpreterToolCall)]
    return [output.logs for call in calls for output in call.outputs or () if output.type == "logs"]


async def only(up: Served) -> dict[str, Any]:
    """The one run there is, once there is one."""
    found = await until(lambda: up.http.get("/api/v1/runs"), lambda answer: answer.json()["runs"])
    return found.json()["runs"][0]


async def test_a_response_holds_the_steps_and_the_answer(served: Served, official: openai.AsyncOpenAI) -> None:
    answer = await official.responses.create(model=served.model, input="add")
    assert (answer.status, answer.output_text, answer.error) == ("completed", "2", None)
    assert [item.type for item in answer.output] == ["reasoning", "code_interpreter_call", "message"]
    assert logs(answer) == ["2\n"]
    assert answer.usage is not None and answer.usage.total_tokens > 0
    assert answer.id == f"resp_{run_of(answer)}_1"


async def test_a_response_is_read_later_as_it_was(served: Served, official: openai.AsyncOpenAI) -> None:
    answer = await official.responses.create(model=served.model, input="add", temperature=0.5, max_output_tokens=99)
    again = await official.responses.retrieve(answer.id)
    assert again == answer
    assert (again.temperature, again.max_output_tokens) == (0.5, 99)


async def test_the_helper_of_the_official_client_puts_a_stream_together(served: Served, official: openai.AsyncOpenAI) -> None:
    async with official.responses.stream(model=served.model, input="add") as stream:
        kinds = [event.type async for event in stream]
        answer = await stream.get_final_response()
    assert kinds[:2] == ["response.created", "response.in_progress"] and kinds[-1] == "response.completed"
    assert (answer.output_text, logs(answer)) == ("2", ["2\n"])
    assert (await official.responses.retrieve(answer.id)).output_text == "2"


async def test_a_response_goes_on_from_another_in_its_python_session(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, STATEFUL)) as up, client(up) as official:
        first = await official.responses.create(model=up.model, input="begin")
        second = await official.responses.create(input="more", previous_response_id=first.id)
        third = await official.responses.create(model=up.model, input=[{"role": "user", "content": "more"}], previous_response_id=second.id)
        assert [logs(answer) for answer in (first, second, third)] == [["1\n"], ["2\n"], ["3\n"]]
        assert [answer.id for answer in (second, third)] == [f"resp_{run_of(first)}_2", f"resp_{run_of(first)}_3"]
        assert third.previous_response_id == second.id
        assert (await official.responses.retrieve(second.id)).output_text == "two"


async def test_two_responses_go_on_from_one_each_in_the_state_of_then(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, STATEFUL)) as up, client(up) as official:
        first = await official.responses.create(model=up.model, input="begin")
        one, other = [await official.responses.create(input="more", previous_response_id=first.id) for _ in range(2)]
        assert logs(one) == logs(other) == ["2\n"]
        assert run_of(one) == run_of(first) != run_of(other)


async def test_instructions_and_what_was_said_before_are_told_to_the_run(served: Served, official: openai.AsyncOpenAI) -> None:
    said: Any = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}, {"role": "user", "content": "add"}]
    answer = await official.responses.create(model=served.model, instructions="Be short.", input=said)
    told = (await served.http.get(f"/api/v1/runs/{run_of(answer)}/events")).json()["events"]
    assert [event["text"] for event in told if event["type"] == "task_given"] == ["Be short.\n\nhi", "add"]
    assert (answer.id, logs(answer)) == (f"resp_{run_of(answer)}_2", ["2\n"])


async def test_an_answer_of_the_client_goes_back_in_as_input(served: Served, official: openai.AsyncOpenAI) -> None:
    first = await official.responses.create(model=served.model, input="add")
    said: Any = [{"role": "user", "content": "add"}, *first.output, {"role": "user", "content": "again"}]
    second = await official.responses.create(model=served.model, input=said)
    assert second.output_text == "2"


async def test_a_response_in_the_background_is_read_until_it_is_there(served: Served, official: openai.AsyncOpenAI) -> None:
    answer = await official.responses.create(model=served.model, input="add", background=True)
    assert answer.background
    ended = await until(lambda: official.responses.retrieve(answer.id), lambda found: found.status != "in_progress")
    assert (ended.status, ended.output_text) == ("completed", "2")


async def test_a_response_in_the_background_is_cancelled(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, FOREVER)) as up, client(up) as official:
        answer = await official.responses.create(model=up.model, input="go", background=True)
        assert answer.status == "in_progress"
        await until(lambda: official.responses.retrieve(answer.id), lambda found: found.output)
        cancelled = await official.responses.cancel(answer.id)
        assert (cancelled.status, cancelled.output[0].type) == ("cancelled", "code_interpreter_call")
        assert await official.responses.cancel(answer.id) == cancelled


async def test_a_stream_in_the_background_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    slow = ["<execute>\nimport time\ntime.sleep(1)\nprint('on')\n</execute>", "<solution>over</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, slow)) as up, client(up) as official:
        stream = await official.responses.create(model=up.model, input="go", background=True, stream=True)
        seen = []
        async for event in stream:
            seen.append(event)
            if event.type == "response.code_interpreter_call.interpreting":
                break
        await stream.close()
        assert seen[0].type == "response.created"
        answer = seen[0].response
        rest = await official.responses.retrieve(answer.id, stream=True, starting_after=seen[-1].sequence_number)
        seen += [event async for event in rest]
        assert [event.sequence_number for event in seen] == list(range(len(seen)))
        assert seen[-1].type == "response.completed" and seen[-1].response.output_text == "over"
        again = await official.responses.retrieve(answer.id, stream=True)
        assert [event.type async for event in again] == [event.type for event in seen]


async def test_closing_a_stream_cancels_the_response(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, FOREVER)) as up, client(up) as official:
        stream = await official.responses.create(model=up.model, input="go", stream=True)
        async for event in stream:
            if event.type == "response.code_interpreter_call.interpreting":
                break
        await stream.close()
        ended = await until(lambda: only(up), lambda run: run["state"] != "running")
        assert ended["state"] == "cancelled"
        assert (await official.responses.retrieve(f"resp_{ended['id']}_1")).status == "cancelled"


async def test_leaving_before_the_response_cancels_it(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, FOREVER)) as up, client(up) as official:
        waiting = asyncio.ensure_future(official.responses.create(model=up.model, input="go"))
        begun = await only(up)
        waiting.cancel()
        ended = await until(lambda: only(up), lambda run: run["state"] != "running")
        assert (ended["id"], ended["state"]) == (begun["id"], "cancelled")


async def test_a_response_at_a_limit_is_incomplete(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path), limits=events.Limits(turns=1)) as up, client(up) as official:
        answer = await official.responses.create(model=up.model, input="add")
        assert answer.status == "incomplete" and answer.incomplete_details is not None
        assert answer.output_text == "No answer: the run reached its limit of turns: 1."


async def test_a_response_that_fails_is_an_error_or_the_last_piece_of_a_stream(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, ADD[:1])) as up, client(up) as official:
        with pytest.raises(openai.InternalServerError, match="asked for turn 2") as caught:
            await official.responses.create(model=up.model, input="add")
        assert caught.value.status_code == 502
        assert (await official.responses.retrieve(f"resp_{(await only(up))['id']}_1")).status == "failed"
        stream = await official.responses.create(model=up.model, input="add", stream=True)
        last = [event async for event in stream][-1]
        assert last.type == "response.failed" and last.response.error is not None
        assert "asked for turn 2" in last.response.error.message


async def test_what_is_not_to_be_had_is_an_error_of_the_official_client(served: Served, official: openai.AsyncOpenAI) -> None:
    first = await official.responses.create(model=served.model, input="add", store=False, tools=[])
    with pytest.raises(openai.BadRequestError, match="runs its own tools"):
        await official.responses.create(model=served.model, input="add", tools=[{"type": "web_search"}])
    with pytest.raises(openai.BadRequestError, match="is by the model"):
        await official.responses.create(model="gpt", input="more", previous_response_id=first.id)
    said: Any = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}, {"role": "user", "content": "add"}]
    with pytest.raises(openai.BadRequestError, match="the next message only"):
        await official.responses.create(input=said, previous_response_id=first.id)


@pytest.mark.parametrize("id", ["resp_run-x_1", "resp_x", "x"])
async def test_a_response_that_there_is_not_is_not_found(served: Served, official: openai.AsyncOpenAI, id: str) -> None:
    for asked in (
        official.responses.retrieve(id),
        official.responses.cancel(id),
        official.responses.delete(id),
        official.responses.create(model=served.model, input="more", previous_response_id=id),
    ):
        with pytest.raises(openai.NotFoundError, match="there is no response"):
            await asked


async def test_a_response_is_gone_when_it_was_deleted(served: Served, official: openai.AsyncOpenAI) -> None:
    answer = await official.responses.create(model=served.model, input="add")
    with pytest.raises(openai.NotFoundError):
        await official.responses.retrieve(f"resp_{run_of(answer)}_2")
    await official.responses.delete(answer.id)
    with pytest.raises(openai.NotFoundError):
        await official.responses.retrieve(answer.id)
    assert (await served.http.get(f"/api/v1/runs/{run_of(answer)}")).status_code == 404


async def test_nobody_reads_goes_on_from_or_deletes_anothers(tmp_path: Path) -> None:
    database = str(tmp_path / "runs.db")
    store = await open_store(database)
    mine, yours, reader = [
        (await store.keys.make(name, frozenset(scopes)))[1] for name, scopes in (("a", {"run"}), ("b", {"run"}), ("c", {"read"}))
    ]
    await store.aclose()
    async with served(database, script(tmp_path, STATEFUL)) as up, client(up, mine) as official, client(up, yours) as other:
        answer = await official.responses.create(model=up.model, input="begin")
        for asked in (
            other.responses.retrieve(answer.id),
            other.responses.delete(answer.id),
            other.responses.create(input="more", previous_response_id=answer.id),
        ):
            with pytest.raises(openai.NotFoundError):
                await asked
        said: Any = [{"role": "user", "content": "begin"}]
        chat = await official.chat.completions.create(model=up.model, messages=said)
        said += [{"role": "assistant", "content": chat.choices[0].message.content}, {"role": "user", "content": "more"}]
        stolen = await other.chat.completions.create(model=up.model, messages=said)
        assert (stolen.model_extra or {})["codeact"]["run_id"] != (chat.model_extra or {})["codeact"]["run_id"]
        async with client(up, reader) as no:
            with pytest.raises(openai.PermissionDeniedError, match="has not the scope"):
                await no.models.list()
        async with client(up, "none") as nobody:
            with pytest.raises(openai.AuthenticationError):
                await nobody.models.list()

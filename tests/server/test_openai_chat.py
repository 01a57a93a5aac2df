"""``/v1/models`` and ``/v1/chat/completions`` of a real server, by the official client."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

from codeact import events
from codeact.store.kept import open_store
from server.official import FOREVER, STATEFUL, client, until
from server.serving import ADD, Served, script, served


@pytest.fixture
async def official(served: Served) -> AsyncIterator[openai.AsyncOpenAI]:
    """The official client of the server."""
    async with client(served) as made:
        yield made


def user(text: str) -> ChatCompletionMessageParam:
    """A message of the user."""
    return {"role": "user", "content": text}


def assistant(text: str) -> ChatCompletionMessageParam:
    """An answer, as a client sends it on."""
    return {"role": "assistant", "content": text}


def text_of(answer: ChatCompletion) -> str:
    """The answer itself."""
    return answer.choices[0].message.content or ""


def run_of(answer: Any) -> str:
    """The run behind an answer, or a piece of one."""
    return (answer.model_extra or {})["codeact"]["run_id"]


async def runs(up: Served) -> list[dict[str, Any]]:
    """All runs that the server has."""
    return (await up.http.get("/api/v1/runs")).json()["runs"]


async def state(up: Served) -> str:
    """The state of the one run."""
    return (await until(lambda: runs(up), bool))[0]["state"]


async def kinds(up: Served, run_id: str) -> list[str]:
    """Types of the events of a run."""
    return [event["type"] for event in (await up.http.get(f"/api/v1/runs/{run_id}/events")).json()["events"]]


async def test_the_models_of_the_server_are_listed_the_default_first(tmp_path: Path) -> None:
    models = script(tmp_path), script(tmp_path, name="other.json")
    async with served(str(tmp_path / "runs.db"), *models) as up, client(up) as official:
        found = [model async for model in official.models.list()]
        assert [(model.id, model.owned_by) for model in found] == [(name, "codeact") for name in models]
        assert await official.models.retrieve(models[1]) == found[1]
        with pytest.raises(openai.NotFoundError, match="no model 'x'"):
            await official.models.retrieve("x")


async def test_an_answer_comes_with_the_steps_to_it_beside(served: Served, official: openai.AsyncOpenAI) -> None:
    answer = await official.chat.completions.create(model=served.model, messages=[user("add")])
    assert text_of(answer) == "2"
    assert answer.choices[0].finish_reason == "stop"
    reasoning = (answer.choices[0].message.model_extra or {})["reasoning_content"]
    assert reasoning == "I add.\n\n```python\nprint(1 + 1)\n```\n\n```text\n2\n```"
    assert answer.usage is not None and answer.usage.completion_tokens > 0
    assert answer.id == f"chatcmpl-{run_of(answer)}"


async def test_a_stream_gives_the_same_in_pieces(served: Served, official: openai.AsyncOpenAI) -> None:
    stream = await official.chat.completions.create(
        model=served.model, messages=[user("add")], stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == "2"
    reasoning = [(delta.model_extra or {}).get("reasoning_content", "") for delta in deltas]
    assert "".join(reasoning) == "I add.\n\n```python\nprint(1 + 1)\n```\n\n```text\n2\n```"
    assert chunks[-1].usage is not None and chunks[-1].choices == []


async def test_a_stream_ends_with_its_mark_and_has_nothing_but_data(served: Served) -> None:
    body = {"messages": [{"role": "user", "content": "add"}], "stream": True}
    answer = await served.http.post("/v1/chat/completions", json=body)
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in answer.text.split("\n") if line]
    assert lines[-1] == "data: [DONE]"
    assert all(line.startswith("data: {") for line in lines[:-1])


@pytest.mark.parametrize("show", ["content", "answer"])
async def test_where_the_steps_are_shown_is_the_clients_choice(served: Served, official: openai.AsyncOpenAI, show: str) -> None:
    answer = await official.chat.completions.create(model=served.model, messages=[user("add")], extra_body={"codeact": {"show": show}})
    assert (answer.choices[0].message.model_extra or {})["reasoning_content"] is None
    assert text_of(answer).endswith("2") and ("```python" in text_of(answer)) == (show == "content")


async def test_a_conversation_that_is_sent_on_keeps_its_python_state(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, STATEFUL)) as up, client(up) as official:
        chats = official.chat.completions
        said: list[ChatCompletionMessageParam] = [{"role": "system", "content": "Count."}, user("begin")]
        first = await chats.create(model=up.model, messages=said)
        said += [assistant(text_of(first)), user("more")]
        stream = await chats.create(model=up.model, messages=said, stream=True)
        second = [chunk async for chunk in stream]
        answer = "".join(chunk.choices[0].delta.content or "" for chunk in second)
        said += [assistant(answer), user("more")]
        third = await chats.create(model=up.model, messages=said)
        assert (text_of(first), answer, text_of(third)) == ("one", "two", "three")
        assert run_of(first) == run_of(second[0]) == run_of(third)
        assert "```text\n3\n```" in (third.choices[0].message.model_extra or {})["reasoning_content"]
        assert len(await runs(up)) == 1


async def test_a_conversation_keeps_its_python_state_over_restarts_of_the_server(tmp_path: Path) -> None:
    database, model = str(tmp_path / "runs.db"), script(tmp_path, STATEFUL)
    said: list[ChatCompletionMessageParam] = [{"role": "system", "content": "Count."}]
    answers: list[str] = []
    found: set[str] = set()
    for text in ("begin", "more", "more"):
        async with served(database, model) as up, client(up) as official:
            said.append(user(text))
            answer = await official.chat.completions.create(model=up.model, messages=said)
            said.append(assistant(text_of(answer)))
            answers.append((answer.choices[0].message.model_extra or {})["reasoning_content"])
            found.add(run_of(answer))
            assert len(await runs(up)) == 1
    assert [f"```text\n{number}\n```" in answer for number, answer in zip((1, 2, 3), answers, strict=True)] == [True] * 3
    assert len(found) == 1


async def test_an_answer_that_is_asked_for_again_has_the_state_of_then(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, STATEFUL)) as up, client(up) as official:
        chats = official.chat.completions
        first = await chats.create(model=up.model, messages=[user("begin")])
        said = [user("begin"), assistant(text_of(first)), user("more")]
        second, again = [await chats.create(model=up.model, messages=said) for _ in range(2)]
        assert [text_of(answer) for answer in (second, again)] == ["two", "two"]
        assert run_of(second) == run_of(first) != run_of(again)
        assert "```text\n2\n```" in (again.choices[0].message.model_extra or {})["reasoning_content"]


async def test_a_conversation_that_is_not_known_is_told_to_a_new_run(served: Served, official: openai.AsyncOpenAI) -> None:
    said: list[ChatCompletionMessageParam] = [{"role": "system", "content": "Be short."}, user("hi"), assistant("ho"), user("add")]
    answer = await official.chat.completions.create(model=served.model, messages=said)
    assert text_of(answer) == "2"
    told = (await served.http.get(f"/api/v1/runs/{run_of(answer)}/events")).json()["events"]
    assert [event["text"] for event in told if event["type"] == "task_given"] == ["Be short.\n\nhi", "add"]


async def test_a_conversation_whose_run_is_gone_is_told_to_a_new_run(served: Served, official: openai.AsyncOpenAI) -> None:
    chats = official.chat.completions
    first = await chats.create(model=served.model, messages=[user("add")])
    assert (await served.http.delete(f"/api/v1/runs/{run_of(first)}")).status_code == 204
    second = await chats.create(model=served.model, messages=[user("add"), assistant(text_of(first)), user("again")])
    assert text_of(second) == "2" and run_of(second) != run_of(first)


async def test_sampling_is_as_it_was_asked_for(served: Served, official: openai.AsyncOpenAI) -> None:
    asked = {"temperature": 0.5, "seed": 7, "max_tokens": 9, "max_completion_tokens": 100}
    answer = await official.chat.completions.create(model=served.model, messages=[user("add")], **asked)
    started = (await served.http.get(f"/api/v1/runs/{run_of(answer)}/events")).json()["events"][0]
    assert {name: started["options"].get(name) for name in ("temperature", "seed", "max_tokens")} == {
        "temperature": 0.5,
        "seed": 7,
        "max_tokens": 100,
    }


async def test_what_is_not_to_be_had_is_an_error_of_the_official_client(served: Served, official: openai.AsyncOpenAI) -> None:
    chats = official.chat.completions
    with pytest.raises(openai.BadRequestError, match="runs its own tools") as caught:
        await chats.create(
            model=served.model, messages=[user("add")], tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}]
        )
    assert (caught.value.param, caught.value.code) == ("tools", "unsupported")
    with pytest.raises(openai.NotFoundError, match="no model 'gpt'"):
        await chats.create(model="gpt", messages=[user("add")])
    with pytest.raises(openai.UnprocessableEntityError, match="temperature"):
        await chats.create(model=served.model, messages=[user("add")], temperature=9)
    assert await runs(served) == []


async def test_a_limit_is_told_in_place_of_the_answer(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path), limits=events.Limits(turns=1)) as up, client(up) as official:
        answer = await official.chat.completions.create(model=up.model, messages=[user("add")])
        assert answer.choices[0].finish_reason == "length"
        assert text_of(answer) == "No answer: the run reached its limit of turns: 1."


async def test_a_run_that_fails_is_an_error_and_not_begun_again_by_the_client(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, ADD[:1])) as up, client(up) as official:
        with pytest.raises(openai.InternalServerError, match="asked for turn 2") as caught:
            await official.chat.completions.create(model=up.model, messages=[user("add")])
        assert (caught.value.status_code, caught.value.type) == (502, "model")
        assert [run["state"] for run in await runs(up)] == ["error"]


async def test_a_run_that_fails_in_a_stream_is_an_error_there(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, ADD[:1])) as up, client(up) as official:
        stream = await official.chat.completions.create(model=up.model, messages=[user("add")], stream=True)
        with pytest.raises(openai.APIError, match="asked for turn 2") as caught:
            [chunk async for chunk in stream]
        assert caught.value.type == "model"


async def test_closing_a_stream_stops_the_action_and_cancels_the_run(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, FOREVER)) as up, client(up) as official:
        stream = await official.chat.completions.create(model=up.model, messages=[user("go")], stream=True)
        async for chunk in stream:
            if "on\n" in (chunk.choices[0].delta.model_extra or {}).get("reasoning_content", ""):
                break
        await stream.close()
        assert await until(lambda: state(up), lambda found: found != "running") == "cancelled"
        assert "observation" not in await kinds(up, (await runs(up))[0]["id"])


async def test_leaving_before_the_answer_cancels_the_run(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, FOREVER)) as up, client(up) as official:
        waiting = asyncio.ensure_future(official.chat.completions.create(model=up.model, messages=[user("go")]))
        begun = await until(lambda: runs(up), bool)
        await until(lambda: kinds(up, begun[0]["id"]), lambda found: "action" in found)
        waiting.cancel()
        assert await until(lambda: state(up), lambda found: found != "running") == "cancelled"


async def test_a_run_that_is_cancelled_from_elsewhere_says_so(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, FOREVER)) as up, client(up) as official:
        waiting = asyncio.ensure_future(official.chat.completions.create(model=up.model, messages=[user("go")]))
        begun = await until(lambda: runs(up), bool)
        await up.http.post(f"/api/v1/runs/{begun[0]['id']}/cancel")
        answer = await waiting
        assert text_of(answer) == "No answer: cancelled from outside."
        assert (answer.model_extra or {})["codeact"]["state"] == "cancelled"


async def test_the_fields_that_clients_send_besides_are_passed_over(served: Served) -> None:
    body = {
        "model": served.model,
        "messages": [{"role": "user", "content": [{"type": "text", "text": "add"}], "name": "me"}],
        "stream": False,
        "tools": [],
        "tool_choice": "none",
        "top_p": 1,
        "presence_penalty": 0,
        "user": "u",
        "chat_id": "c",
        "reasoning_effort": "low",
    }
    answer = await served.http.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200 and answer.json()["choices"][0]["message"]["content"] == "2"


async def test_two_conversations_that_begin_alike_are_two_runs(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, STATEFUL)) as up, client(up) as official:
        first, second = [await official.chat.completions.create(model=up.model, messages=[user("begin")]) for _ in range(2)]
        assert (text_of(first), text_of(second)) == ("one", "one")
        assert run_of(first) != run_of(second)


@pytest.mark.parametrize("stream", [True, False])
async def test_a_server_that_ends_says_so_and_leaves_the_run_to_the_next_one(tmp_path: Path, stream: bool) -> None:
    database = str(tmp_path / "runs.db")

    async def ask(official: openai.AsyncOpenAI, model: str) -> None:
        answer = await official.chat.completions.create(model=model, messages=[user("go")], stream=stream)
        if isinstance(answer, openai.AsyncStream):
            [chunk async for chunk in answer]

    async with served(database, script(tmp_path, FOREVER)) as up:
        official = client(up)
        asking = asyncio.ensure_future(ask(official, up.model))
        begun = await until(lambda: runs(up), bool)
        await until(lambda: kinds(up, begun[0]["id"]), lambda found: "action" in found)
    async with official:
        with pytest.raises(openai.APIError, match="goes on when it is back"):
            await asking
    store = await open_store(database)
    assert [summary.id for summary in await store.unfinished()] == [begun[0]["id"]]
    await store.aclose()


async def test_the_schema_of_the_api_has_all_of_it(served: Served) -> None:
    schema = (await served.http.get("/api/v1/openapi.json")).json()
    assert {path for path in schema["paths"] if path.startswith("/v1/")} == {
        "/v1/models",
        "/v1/models/{model}",
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/responses/{response_id}",
        "/v1/responses/{response_id}/cancel",
    }
    assert "text/event-stream" in schema["paths"]["/v1/chat/completions"]["post"]["responses"]["200"]["content"]


async def test_a_conversation_that_is_sent_on_twice_while_its_session_wakes_goes_on_in_a_new_run(tmp_path: Path) -> None:
    turns = ["<execute>\nimport time\ntime.sleep(1)\n</execute>", "<solution>one</solution>", "<solution>two</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns), idle=0.1) as up:
        first = (await up.http.post("/v1/chat/completions", json={"messages": [user("begin")]})).json()
        await until(lambda: up.http.get("/metrics"), lambda answer: "codeact_runs_in_memory 0.0" in answer.text)
        further = {"messages": [user("begin"), assistant("one"), user("more")]}
        answers = await asyncio.gather(*(up.http.post("/v1/chat/completions", json=further) for _ in range(2)))
        assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
        told = {answer.json()["codeact"]["run_id"] for answer in answers}
        assert (len(told), first["codeact"]["run_id"] in told) == (2, True)

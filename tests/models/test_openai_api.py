"""The OpenAI-compatible model against a real HTTP server on loopback: good answers, and every fault that can be foreseen."""

import asyncio
import logging
import socket
import subprocess
import sys
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from codeact import errors
from codeact.events import Message, Prices, Usage
from codeact.models.backoff import Backoff
from codeact.models.openai_api import OpenAIModel
from codeact.protocols import Completion, Model, ModelRequest
from models.scripted_server import DONE, Reply, ScriptedServer, chunk, refuses, stream, writes

MESSAGES = (Message(role="system", content="be good"), Message(role="user", content="how many?"))
KEY = "sk-very-secret-key"
QUICK = Backoff(first=0.001)


def model_at(server: ScriptedServer, *, uses_grammar: bool = False, timeout: float = 5.0, backoff: Backoff = QUICK) -> OpenAIModel:
    return OpenAIModel("m", base_url=server.url, api_key=KEY, uses_grammar=uses_grammar, timeout=timeout, backoff=backoff)


async def answer(model: Model, request: ModelRequest | None = None) -> tuple[list[str], Completion]:
    parts = [part async for part in model.generate(request or ModelRequest(MESSAGES))]
    completion = parts.pop()
    assert isinstance(completion, Completion)
    return [str(part) for part in parts], completion


async def outcome(reply: Reply, *more: Reply) -> Completion:
    """What the model makes of replies; all of them must be asked for."""
    async with ScriptedServer(reply, *more) as server:
        model = model_at(server)
        try:
            _, completion = await answer(model)
        finally:
            await model.aclose()
            assert server.unused == 0
        return completion


async def test_an_answer_streams_in_pieces_with_usage_and_cached_tokens() -> None:
    async with ScriptedServer(writes("one two three")) as server:
        model = model_at(server)
        assert isinstance(model, Model)
        assert model.name == "openai:m"
        request = ModelRequest(MESSAGES, stop=["</execute>"], max_tokens=77, temperature=0.5, seed=3, grammar="root ::= x", prefix="I say")
        pieces, completion = await answer(model, request)
        await model.aclose()
    assert pieces == ["one ", "two ", "three"]
    assert completion == Completion("one two three", Usage(input_tokens=20, output_tokens=5, cached_tokens=12))
    (sent,) = server.requests
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.body == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "be good"},
            {"role": "user", "content": "how many?"},
            {"role": "assistant", "content": "I say"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 77,
        "temperature": 0.5,
        "seed": 3,
        "stop": ["</execute>"],
    }


async def test_the_grammar_is_sent_only_if_the_user_says_so() -> None:
    async with ScriptedServer(writes("x")) as server:
        model = model_at(server, uses_grammar=True)
        await answer(model, ModelRequest(MESSAGES, grammar="root ::= x"))
        await model.aclose()
    assert server.requests[0].body["grammar"] == "root ::= x"


async def test_a_text_cut_by_the_limit_on_tokens_is_told_apart() -> None:
    assert (await outcome(writes("one two", finish="length"))).finish == "length"


async def test_a_stop_string_that_the_server_lets_through_ends_the_text_here() -> None:
    async with ScriptedServer(stream(chunk("one </exe"), chunk("cute> two"), chunk(finish="stop"), DONE)) as server:
        model = model_at(server)
        pieces, completion = await answer(model, ModelRequest(MESSAGES, stop=["</execute>"]))
        await model.aclose()
    assert pieces == ["one "]
    assert (completion.text, completion.stopped_by) == ("one ", "</execute>")


@pytest.mark.parametrize("field", ["stop_reason", "matched_stop"])
async def test_a_server_that_says_which_stop_string_it_met_is_believed(field: str) -> None:
    last = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "%s": "</b>"}]}\n\n' % field.encode()
    async with ScriptedServer(stream(chunk("one"), last, DONE)) as server:
        model = model_at(server)
        _, completion = await answer(model, ModelRequest(MESSAGES, stop=["</a>", "</b>"]))
        await model.aclose()
    assert (completion.text, completion.stopped_by) == ("one", "</b>")


async def test_what_a_turn_costs_is_told_by_the_server_or_else_by_prices() -> None:
    prices = Prices(input=10, output=100, cached=1)
    used = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25, "prompt_tokens_details": {"cached_tokens": 12}}
    said = stream(chunk("one"), chunk(finish="stop"), chunk(usage={**used, "cost": 0.25}), DONE)
    odd = stream(chunk("one"), chunk(finish="stop"), chunk(usage={**used, "cost": "free"}), DONE)
    found = []
    async with ScriptedServer(writes("one"), said, odd, said) as server:
        for known in (prices, prices, prices, None):
            model = OpenAIModel("m", base_url=server.url, api_key=KEY, prices=known)
            found.append((await answer(model))[1].usage.cost)
            await model.aclose()
    counted = (8 * 10 + 12 * 1 + 5 * 100) / 1e6
    assert found == [counted, 0.25, counted, 0.25]
    assert Prices(input=10, output=100).of(Usage(input_tokens=20, output_tokens=5, cached_tokens=12)) == (20 * 10 + 5 * 100) / 1e6


async def test_without_usage_from_the_server_tokens_are_counted_roughly() -> None:
    completion = await outcome(stream(chunk("twelve chars"), chunk(finish="stop"), DONE))
    assert completion.text == "twelve chars"
    assert completion.usage == Usage(input_tokens=4, output_tokens=3)


@pytest.mark.parametrize(
    "fault",
    [
        refuses(429, "slow down", headers={"Retry-After": "0"}),
        refuses(429, "slow down"),
        refuses(429, "slow down", headers={"Retry-After": "whenever"}),
        refuses(429, "slow down", headers={"Retry-After": format_datetime(datetime.now(UTC) - timedelta(seconds=9))}),
        refuses(500, "oh"),
        refuses(503, "overloaded"),
        Reply([b"<html>bad gateway</html>"], 502, {"Content-Type": "text/html"}),
        Reply([], abort=True),
        stream(abort=True),
        stream(DONE),
        stream(b"data: {not json\n\n", DONE),
        stream(b'data: {"error": {"message": "busy", "code": 500}}\n\n'),
    ],
    ids=lambda reply: f"{reply.status}-{reply.parts[:1]}"[:40],
)
async def test_a_fault_before_the_first_piece_is_tried_again(fault: Reply) -> None:
    assert (await outcome(fault, writes("fine"))).text == "fine"


async def test_a_slow_first_byte_is_waited_for_and_a_silent_server_is_tried_again() -> None:
    gate = asyncio.Event()
    silent = stream(chunk(), chunk("late"), gate=asyncio.Event())
    async with ScriptedServer(silent, stream(chunk(), chunk("slow"), chunk(finish="stop"), DONE, gate=gate)) as server:
        model = model_at(server, timeout=0.2)
        asking = asyncio.ensure_future(answer(model))
        await server.arrived()
        await server.arrived()
        gate.set()
        _, completion = await asking
        await model.aclose()
    assert completion.text == "slow"


async def test_a_server_that_stays_overloaded_is_given_up_after_four_tries() -> None:
    with pytest.raises(errors.ModelUnavailableError, match="'openai:m' at http://127.* after 4 tries: HTTP 503: overloaded") as caught:  # noqa: RUF043  a pattern on purpose
        await outcome(*[refuses(503, "overloaded", headers={"Retry-After": "0"}) for _ in range(4)])
    assert type(caught.value) is errors.ModelUnavailableError


@pytest.mark.parametrize(
    "rest",
    [
        stream(chunk("half an "), chunk("answer"), abort=True),
        stream(chunk("half an "), chunk("answer")),
        stream(chunk("half an "), chunk("answer"), b"data: {broken\n\n"),
        stream(chunk("half an "), chunk("answer"), b'data: {"error": {"message": "crashed", "code": 500}}\n\n'),
    ],
    ids=["reset", "cut", "malformed", "error"],
)
async def test_a_fault_after_the_first_piece_is_an_error_and_not_a_second_answer(rest: Reply) -> None:
    with pytest.raises(errors.ModelUnavailableError, match="broke off after 14 characters"):
        await outcome(rest)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_an_error_that_does_not_show_the_key(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(errors.ModelAuthError, match="check OPENAI_API_KEY") as caught:
        await outcome(refuses(status, f"Incorrect API key provided: {KEY}"))
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert KEY not in caplog.text


async def test_an_unknown_model_is_an_error_that_names_it() -> None:
    with pytest.raises(errors.ModelNotFoundError, match="knows no model 'm'"):
        await outcome(refuses(404, "The model `m` does not exist", code="model_not_found"))


async def test_a_wrong_path_is_an_error_that_says_how_addresses_look() -> None:
    with pytest.raises(errors.ModelNotFoundError, match="ends with the version"):
        await outcome(Reply([b"not here"], 404, {"Content-Type": "text/plain"}))


async def test_a_refused_connection_is_an_error_that_names_the_address() -> None:
    with socket.socket() as taken:  # bound and not listening: whoever connects is refused
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        model = OpenAIModel("m", base_url=url, backoff=QUICK)
        with pytest.raises(errors.ModelUnavailableError, match=url):
            await answer(model)
        await model.aclose()


@pytest.mark.parametrize(
    "refusal",
    [
        refuses(400, "This model's maximum context length is 8192 tokens.", code="context_length_exceeded", param="messages"),
        refuses(400, "'max_tokens' or 'max_completion_tokens' is too large: 1024. This model's maximum context length is 512 tokens"),
        refuses(400, "the request exceeds the available context size, try increasing it", code="exceed_context_size_error"),
    ],
)
async def test_a_conversation_that_is_too_long_is_an_error_and_not_tried_again(refusal: Reply) -> None:
    with pytest.raises(errors.ModelRequestError, match="is too long for 'openai:m'"):
        await outcome(refusal)


async def test_any_other_refusal_is_an_error_with_the_servers_words() -> None:
    with pytest.raises(errors.ModelRequestError, match="refused the request to 'openai:m': no roles here"):
        await outcome(refuses(400, "no roles here"))


async def test_a_withheld_answer_is_an_error() -> None:
    with pytest.raises(errors.ModelRequestError, match="withheld its answer"):
        await outcome(writes("", finish="content_filter"))


@pytest.mark.parametrize(
    ("refusal", "gone", "there"),
    [
        (refuses(400, "Unrecognized request argument supplied: stream_options"), "stream_options", "seed"),
        (refuses(400, "unsupported", param="seed"), "seed", "stream_options"),
        (refuses(422, "Extra inputs are not permitted: 'seed'"), "seed", "stream_options"),
        (refuses(400, "'temperature' does not support 0 with this model.", param="temperature"), "temperature", "seed"),
        (refuses(400, "Use 'max_completion_tokens' instead.", param="max_tokens"), "max_tokens", "max_completion_tokens"),
    ],
    ids=["stream_options", "seed", "seed-422", "temperature", "max_tokens"],
)
async def test_a_parameter_that_the_server_does_not_take_is_left_out_from_then_on(refusal: Reply, gone: str, there: str) -> None:
    request = ModelRequest(MESSAGES, seed=3, stop=["x"])
    async with ScriptedServer(refusal, writes("one"), writes("two")) as server:
        model = model_at(server)
        assert (await answer(model, request))[1].text == "one"
        assert (await answer(model, request))[1].text == "two"
        await model.aclose()
    assert gone in server.requests[0].body
    for sent in server.requests[1:]:
        assert gone not in sent.body
        assert there in sent.body


async def test_closing_the_iterator_early_closes_the_connection() -> None:
    async with ScriptedServer(stream(chunk("one "), chunk("two"), gate=asyncio.Event())) as server:
        model = model_at(server)
        async with aclosing(model.generate(ModelRequest(MESSAGES))) as parts:
            assert await anext(parts) == "one "
        await asyncio.wait_for(server.closed_early.wait(), 5)
        await model.aclose()


async def test_cancelling_the_task_closes_the_connection() -> None:
    async with ScriptedServer(stream(chunk(), chunk("two"), gate=asyncio.Event())) as server:
        model = model_at(server)
        asking = asyncio.ensure_future(answer(model))
        await server.arrived()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(server.closed_early.wait(), 5)
        await model.aclose()


async def test_key_and_address_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ScriptedServer(writes("hi"), writes("hi")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        keyless = OpenAIModel("m")
        await answer(keyless)
        await keyless.aclose()
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        keyed = OpenAIModel("m")
        await answer(keyed)
        await keyed.aclose()
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer none", f"Bearer {KEY}"]


def test_openai_itself_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(errors.ModelAuthError, match="set OPENAI_API_KEY"):
        OpenAIModel("m")


def test_without_the_package_the_error_names_the_extra() -> None:
    program = (
        "import sys; sys.modules['openai'] = None\n"
        "from codeact import errors; from codeact.models.openai_api import OpenAIModel\n"
        "try: OpenAIModel('m', base_url='http://127.0.0.1/v1')\n"
        "except errors.MissingExtraError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "pip install 'codeact[openai]'" in done.stdout, done.stderr


@pytest.mark.weights
async def test_llama_cpps_own_server_answers_with_grammar_prefix_and_cache(weights: Path) -> None:
    import xllamacpp  # an extra, as in the module under test

    settings = xllamacpp.CommonParams()  # pyright: ignore[reportAttributeAccessIssue] the package has no stubs
    settings.model.path, settings.n_ctx, settings.verbosity = str(weights), 1024, -1
    server = xllamacpp.Server(settings)  # pyright: ignore[reportAttributeAccessIssue] the package has no stubs
    model = OpenAIModel("any", base_url=f"{server.listening_address}/v1", api_key=KEY, uses_grammar=True)
    pieces, completion = await answer(model, ModelRequest(MESSAGES, grammar='root ::= "one two three </end>"', stop=["</end>"]))
    assert len(pieces) > 1
    assert "".join(pieces) == completion.text == "one two three "
    assert completion.usage.input_tokens > 0
    _, free = await answer(model, ModelRequest(MESSAGES, max_tokens=4, prefix="There are"))
    assert (free.finish, free.usage.output_tokens) == ("length", 4)
    assert free.usage.cached_tokens > 0
    with pytest.raises(errors.ModelRequestError, match="is too long"):
        await answer(model, ModelRequest([Message(role="user", content="word " * 2000)]))
    await model.aclose()

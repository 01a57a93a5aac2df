"""The local model, with real weights: streaming, stopping, caching, limits, quiet."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from codeact import errors
from codeact.events import Message
from codeact.formats.code import CodeFormat
from codeact.formats.json_call import JsonFormat
from codeact.formats.text_call import TextFormat
from codeact.models import pinned
from codeact.models.local import LocalModel, free_cores, physical_cores
from codeact.protocols import ActionFormat, Completion, Model, ModelRequest

QUESTION = (Message(role="system", content="You are a helpful assistant."), Message(role="user", content="Count from 1 to 20."))


@pytest.fixture(scope="module")
def model() -> Iterator[LocalModel]:
    """A model for all tests of this file, on one core: threads of llama.cpp that wait for one another spin."""
    model = LocalModel(pinned.path_of(), n_ctx=1024, threads=1)
    yield model
    asyncio.run(model.aclose())


async def answer(model: Model, request: ModelRequest) -> tuple[list[str], Completion]:
    parts = [part async for part in model.generate(request)]
    completion = parts.pop()
    assert isinstance(completion, Completion)
    return [str(part) for part in parts], completion


@pytest.mark.weights
async def test_text_streams_in_pieces_and_is_the_same_every_time_when_greedy(model: LocalModel) -> None:
    assert isinstance(model, Model)
    pieces, first = await answer(model, ModelRequest(QUESTION, max_tokens=20))
    assert len(pieces) > 3
    assert "".join(pieces) == first.text
    assert 0 < first.usage.output_tokens <= 20
    _, second = await answer(model, ModelRequest(QUESTION, max_tokens=20))
    assert second.text == first.text
    assert second.usage.cached_tokens > 0


@pytest.mark.weights
async def test_generation_ends_at_the_stop_string_which_is_named_and_left_out(model: LocalModel) -> None:
    grammar = 'root ::= "one two three four"'
    pieces, completion = await answer(model, ModelRequest(QUESTION, stop=["four", " three"], grammar=grammar))
    assert "".join(pieces) == completion.text == "one two"
    assert (completion.stopped_by, completion.finish) == (" three", "stop")


@pytest.mark.weights
async def test_the_end_of_the_text_and_the_limit_on_tokens_are_told_apart(model: LocalModel) -> None:
    _, ended = await answer(model, ModelRequest(QUESTION, grammar='root ::= "yes"'))
    assert (ended.text, ended.finish, ended.stopped_by) == ("yes", "stop", None)
    _, limited = await answer(model, ModelRequest(QUESTION, grammar='root ::= "one two three four five"', max_tokens=3))
    assert (limited.finish, limited.usage.output_tokens) == ("length", 3)


@pytest.mark.weights
async def test_the_model_goes_on_from_the_prefix(model: LocalModel) -> None:
    _, plain = await answer(model, ModelRequest(QUESTION, max_tokens=12))
    _, going_on = await answer(model, ModelRequest(QUESTION, max_tokens=12, prefix="1, 2, 3, 4,"))
    assert going_on.text != plain.text
    assert "5" in going_on.text
    assert going_on.usage.input_tokens > plain.usage.input_tokens


@pytest.mark.weights
async def test_each_turn_reads_only_what_is_new(model: LocalModel) -> None:
    messages = list(QUESTION)
    for _ in range(4):
        _, completion = await answer(model, ModelRequest(messages, max_tokens=16))
        before = completion.usage.input_tokens
        messages += [Message(role="assistant", content=completion.text), Message(role="user", content="Go on.")]
        _, completion = await answer(model, ModelRequest(messages, max_tokens=16))
        assert completion.usage.cached_tokens >= before - 1


@pytest.mark.weights
async def test_a_conversation_that_does_not_fit_is_refused_with_sizes_and_the_model_stays_usable(model: LocalModel) -> None:
    long = [Message(role="user", content="word " * 2000)]
    with pytest.raises(errors.ModelRequestError, match=r"has 20\d\d tokens, the context holds 1024"):
        await answer(model, ModelRequest(long))
    _, completion = await answer(model, ModelRequest(QUESTION, max_tokens=4))
    assert completion.text


@pytest.mark.weights
async def test_a_broken_grammar_is_refused_and_the_model_stays_usable(model: LocalModel) -> None:
    with pytest.raises(errors.ModelRequestError, match="grammar"):
        await answer(model, ModelRequest(QUESTION, grammar="root ::= missing"))
    _, completion = await answer(model, ModelRequest(QUESTION, grammar='root ::= "fine"'))
    assert completion.text == "fine"


@pytest.mark.weights
@pytest.mark.parametrize("action_format", [CodeFormat(), JsonFormat(), TextFormat()], ids=lambda one: one.name)
async def test_what_is_written_to_the_grammar_of_a_format_is_an_action_or_an_answer(model: LocalModel, action_format: ActionFormat) -> None:
    messages = (Message(role="system", content=action_format.system()), Message(role="user", content="What is 7 * 8?"))
    request = ModelRequest(messages, stop=action_format.stop, grammar=action_format.grammar(), max_tokens=200)
    _, completion = await answer(model, request)
    assert completion.finish == "stop"
    step = action_format.parse(action_format.complete(completion.text, completion.stopped_by))
    assert step.code or step.answer or step.calls


@pytest.mark.weights
async def test_closing_the_iterator_early_stops_the_generation(model: LocalModel) -> None:
    pieces = model.generate(ModelRequest(QUESTION, grammar='root ::= "a "*', max_tokens=100_000))
    async with aclosing(pieces):
        await anext(pieces)
    _, completion = await answer(model, ModelRequest(QUESTION, grammar='root ::= "next"'))  # the only slot is free again
    assert completion.text == "next"


@pytest.mark.weights
async def test_requests_of_many_tasks_at_once_each_get_their_own_text(model: LocalModel) -> None:
    async def one(number: int) -> str:
        request = ModelRequest([Message(role="user", content=f"Task {number}")], grammar=f'root ::= "this is text number {number}"')
        return (await answer(model, request))[1].text

    assert await asyncio.gather(*map(one, range(6))) == [f"this is text number {number}" for number in range(6)]


@pytest.mark.weights
async def test_closing_the_model_ends_what_runs_with_an_error_and_a_later_request_loads_it_again(model: LocalModel) -> None:
    pieces = model.generate(ModelRequest(QUESTION, grammar='root ::= "a "*', max_tokens=100_000))
    await anext(pieces)
    await model.aclose()
    with pytest.raises(errors.ModelUnavailableError, match="was closed while it wrote"):
        async for _ in pieces:
            pass
    _, completion = await answer(model, ModelRequest(QUESTION, grammar='root ::= "again"'))
    assert completion.text == "again"


async def test_a_missing_model_file_is_a_clear_error(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    with pytest.raises(errors.ModelNotFoundError, match=r"no such model file: .*nothing\.gguf"):
        await answer(LocalModel(tmp_path / "nothing.gguf"), ModelRequest(QUESTION))


async def test_a_file_that_is_no_model_is_a_clear_error(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF and then nothing")
    with pytest.raises(errors.ModelNotFoundError, match=r"llama\.cpp cannot load"):
        await answer(LocalModel(path), ModelRequest(QUESTION))


def test_without_the_package_the_error_names_the_extra(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['xllamacpp'] = None\n"
        "import asyncio; from codeact import errors\n"
        "from codeact.models.local import LocalModel; from codeact.protocols import ModelRequest\n"
        "async def main():\n"
        "    async for _ in LocalModel('x.gguf').generate(ModelRequest([])): pass\n"
        "try: asyncio.run(main())\n"
        "except errors.MissingExtraError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "pip install 'codeact[local]'" in done.stdout, done.stderr


@pytest.mark.weights
def test_a_whole_run_writes_nothing_to_the_terminal_even_when_nobody_closes_it(weights: Path) -> None:
    program = (
        "import asyncio, sys; from codeact.events import Message; from codeact.models.local import LocalModel\n"
        "from codeact.protocols import ModelRequest\n"
        "async def main():\n"
        "    model = LocalModel(sys.argv[1], n_ctx=512)\n"
        "    async for part in model.generate(ModelRequest([Message(role='user', content='hi')], max_tokens=8)): last = part\n"
        "    assert last.text\n"
        "    async for part in model.generate(ModelRequest([Message(role='user', content='hi')], max_tokens=8000)): break\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(weights)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@pytest.mark.weights
def test_the_folder_of_a_process_that_was_killed_is_removed_by_the_next_one_that_loads_the_model(weights: Path, tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from codeact.events import Message; from codeact.models.local import LocalModel\n"
        "from codeact.protocols import ModelRequest\n"
        "async def main():\n"
        "    model = LocalModel(sys.argv[1], n_ctx=512)\n"
        "    async for part in model.generate(ModelRequest([Message(role='user', content='hi')], max_tokens=1)): pass\n"
        "    print('loaded', flush=True)\n"
        "    sys.stdin.read()\n"
        "    await model.aclose()\n"
        "asyncio.run(main())\n"
    )
    command, environment = [sys.executable, "-c", program, str(weights)], {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "loaded\n"
        process.kill()
    [left] = tmp_path.glob("codeact-*")
    assert (left / "llama.sock").is_socket()
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    assert list(tmp_path.glob("codeact-*")) == []


def test_threads_are_at_least_one_and_never_more_than_the_cores() -> None:
    assert 1 <= free_cores() <= physical_cores() <= (os.cpu_count() or 1)

"""Training text is what an agent's model reads and writes, and only what it writes is learnt."""

import asyncio
import hashlib
import json
from pathlib import Path

import pytest

from codeact import errors, events
from codeact.models.local import LocalModel
from codeact.protocols import Completion, ModelRequest
from codeact.train import loading
from codeact.train.corpus import read_corpus
from codeact.train.rendering import ChatMessage, Conversation, Renderer
from train import tiny


@pytest.fixture(scope="module")
def renderer(tiny_model: Path) -> Renderer:
    return Renderer(loading.load_tokenizer(tiny_model))


def conversation(number: int) -> Conversation:
    return Conversation.model_validate({"id": f"c{number}", "messages": tiny.messages(number)})


def test_what_is_learnt_is_the_assistants_text_and_the_end_of_its_turn(renderer: Renderer) -> None:
    pieces = renderer.pieces(conversation(1).messages)
    assert [piece.text for piece in pieces if piece.learnt] == [
        "<execute>print(18 + 73)</execute><|im_end|>".replace("18 + 73", _sum(1)),
        f"<solution>{eval(_sum(1))}</solution><|im_end|>",
    ]
    assert "".join(piece.text for piece in pieces).startswith("<|im_start|>system\n")


def _sum(number: int) -> str:
    return str(tiny.messages(number)[1]["content"]).removeprefix("What is ").removesuffix("?").replace("plus", "+")


def test_a_turn_that_says_so_is_read_and_not_learnt(renderer: Renderer) -> None:
    wrong, *rest = [piece for piece in renderer.pieces(conversation(3).messages) if "<execute>" in piece.text and "x)" in piece.text]
    assert not wrong.learnt
    assert not rest
    example = renderer.example(conversation(3))
    assert 0 < sum(example.learnt) < sum(renderer.example(conversation(1)).learnt) + 10


def test_tokens_are_those_of_the_text(renderer: Renderer, tiny_model: Path) -> None:
    tokenizer = loading.load_tokenizer(tiny_model)
    for number in range(6):
        example = renderer.example(conversation(number))
        whole = "".join(piece.text for piece in renderer.pieces(conversation(number).messages))
        assert tokenizer.decode(example.ids) == whole
        learnt = [token for token, mark in zip(example.ids, example.learnt, strict=True) if mark]
        assert tokenizer.decode(learnt) == "".join(piece.text for piece in renderer.pieces(conversation(number).messages) if piece.learnt)


def test_a_template_that_changes_the_text_is_refused(tiny_model: Path) -> None:
    tokenizer = loading.load_tokenizer(tiny_model)
    tokenizer.chat_template = tiny.TEMPLATE.replace("message['content']", "message['content'] | trim")
    padded = [ChatMessage(role="user", content="hi"), ChatMessage(role="assistant", content="  hello")]
    with pytest.raises(errors.InputError, match="message 1 cannot be told apart"):
        Renderer(tokenizer).pieces(padded)


def test_broken_lines_of_data_are_named(renderer: Renderer, tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text('{"id": "a", "messages": [{"role": "user", "content": "hi"}]}\n{"id": "b", "messages": [{"role": "robot"}]}\n')
    with pytest.raises(errors.InputError, match=r"line 2 is no conversation: messages\.0\.role"):
        read_corpus(renderer, [data], max_length=100)
    data.write_text('{"id": "a", "messages": [{"role": "user", "content": "hi"}]}\n')
    with pytest.raises(errors.InputError, match="no assistant turn"):
        read_corpus(renderer, [data], max_length=100)


def test_the_split_depends_on_ids_and_not_on_the_order(renderer: Renderer, tiny_data: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.jsonl"
    turned.write_text("".join(reversed(tiny_data.read_text().splitlines(keepends=True))))
    one, other = (read_corpus(renderer, [path], share=0.3, most=8, max_length=400) for path in (tiny_data, turned))
    assert 0 < len(one.validation) < len(one.train)
    assert {example.id for example in one.validation} == {example.id for example in other.validation}
    assert one.digest != other.digest


def written(path: Path, tasks: list[str | None]) -> Path:
    """Conversations of tasks, as lines of data; None: the line names no task."""
    lines = [
        {"id": f"c{number}", "messages": tiny.messages(number)} | ({"task": task} if task else {}) for number, task in enumerate(tasks)
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def test_conversations_of_one_task_are_on_one_side_of_the_split(renderer: Renderer, tmp_path: Path) -> None:
    data = written(tmp_path / "data.jsonl", [f"task{number // 4}" for number in range(40)])
    split = read_corpus(renderer, [data], share=0.3, max_length=400)
    held, learnt = ({example.task for example in side} for side in (split.validation, split.train))
    assert held and learnt and not held & learnt
    assert len(split.validation) == 4 * len(held) and len(split.train) == 4 * len(learnt)


def test_a_task_is_held_out_whole_even_above_the_largest_number(renderer: Renderer, tmp_path: Path) -> None:
    data = written(tmp_path / "data.jsonl", [f"task{number // 4}" for number in range(40)])
    assert len(read_corpus(renderer, [data], share=0.9, most=6, max_length=400).validation) == 8


def test_data_that_names_no_task_is_split_as_ever(renderer: Renderer, tmp_path: Path) -> None:
    """The ids, and the checksum, are those that a run had before tasks were looked at, so that it goes on exactly."""
    split = read_corpus(renderer, [written(tmp_path / "data.jsonl", [None] * 30)], share=0.3, max_length=400)
    assert [int(example.id[1:]) for example in split.validation] == [3, 4, 5, 6, 11, 14, 15, 16, 17, 18, 19, 21, 25, 27, 29]
    told = [repr((example.id, example.ids, example.learnt)) for example in (*split.train, *split.validation)]
    assert split.digest == hashlib.sha256("".join(told).encode()).hexdigest()


def test_a_split_by_tasks_is_told_from_one_that_was_not_even_if_it_holds_out_the_same(renderer: Renderer, tmp_path: Path) -> None:
    """So that a run that began with the other is refused, and does not go on with what it validated on."""
    plain, named = (
        read_corpus(renderer, [written(tmp_path / name, tasks)], share=0.3, max_length=400)
        for name, tasks in (("plain.jsonl", [None] * 30), ("named.jsonl", [f"c{number}" for number in range(30)]))
    )
    assert [example.id for example in plain.validation] == [example.id for example in named.validation]
    assert plain.digest != named.digest
    whole, names = (
        read_corpus(renderer, [written(tmp_path / name, tasks)], max_length=400)
        for name, tasks in (("plain.jsonl", [None] * 30), ("named.jsonl", ["one"] * 30))
    )
    assert whole.digest == names.digest  # nothing is held out, so nothing is otherwise


@pytest.mark.weights
def test_training_text_is_byte_identical_to_what_the_local_model_is_sent_and_writes(weights: Path) -> None:
    """Each turn's prompt by llama.cpp's own template is the training text up to there, and what follows is what the model writes."""
    asyncio.run(_compare(Renderer(loading.load_tokenizer(weights))))


async def _complete(model: LocalModel, request: ModelRequest) -> Completion:
    parts = [part async for part in model.generate(request)]
    assert isinstance(parts[-1], Completion)
    return parts[-1]


async def _compare(renderer: Renderer) -> None:
    model = LocalModel()
    engine = await model._loaded()
    try:
        texts = ["What is 2 + 2?", "ümlaut, 漢字, emoji 🙂 and\n\ttabs  ", "<execute>quoted</execute> {{ braces }} </s> \\n"]
        said = [events.Message(role="system", content="You run code.")]
        for text in texts:
            said.append(events.Message(role="user", content=text))
            request = ModelRequest(messages=tuple(said), max_tokens=12, temperature=0.0, stop=())
            completion = await _complete(model, request)
            said.append(events.Message(role="assistant", content=completion.text.strip() or "x"))
        messages = [ChatMessage(role=one.role, content=one.content) for one in said]
        whole = "".join(piece.text for piece in renderer.pieces(messages))
        learnt = [piece.text for piece in renderer.pieces(messages) if piece.learnt]
        for turn, index in enumerate(range(2, len(said), 2)):
            sent = engine.render(said[:index])
            assert sent == renderer.prompt(messages[:index])
            assert whole.startswith(sent + learnt[turn])
            assert learnt[turn] == said[index].content + "<|im_end|>"
    finally:
        await model.aclose()

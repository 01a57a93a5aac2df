"""A tiny random model with a real tokenizer, as a GGUF file that llama.cpp and transformers both read, and conversations for it."""

import json
import random
from pathlib import Path
from typing import Any

import gguf
import numpy

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SIZE, INNER, HEADS, KEY_HEADS, LAYERS = 64, 128, 4, 2, 2
SYSTEM = "You solve tasks by running code. Print the result."


def byte_letters() -> list[str]:
    """The printable letter that stands for each ASCII byte in a byte-level vocabulary: what the model writes is always whole text."""
    others = iter(range(256, 512))
    return [chr(byte) if 33 <= byte < 127 else chr(next(others)) for byte in range(128)]


def write_model(path: Path, seed: int = 0, context: int = 512) -> Path:
    """Write the model, in f32."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(context)
    writer.add_embedding_length(SIZE)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_rope_dimension_count(SIZE // HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    vocabulary = SPECIAL + byte_letters() + ["pr", "Ġa"]
    writer.add_vocab_size(len(vocabulary))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(vocabulary)
    writer.add_token_types([gguf.TokenType.CONTROL] * len(SPECIAL) + [gguf.TokenType.NORMAL] * (len(vocabulary) - len(SPECIAL)))
    writer.add_token_merges(["p r", "Ġ a"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    _add_weights(writer, len(vocabulary), numpy.random.default_rng(seed))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_weights(writer: gguf.GGUFWriter, tokens: int, draw: numpy.random.Generator) -> None:
    keys = SIZE // HEADS * KEY_HEADS
    shapes = {
        "attn_q": (SIZE, SIZE),
        "attn_k": (keys, SIZE),
        "attn_v": (keys, SIZE),
        "attn_output": (SIZE, SIZE),
        "ffn_gate": (INNER, SIZE),
        "ffn_up": (INNER, SIZE),
        "ffn_down": (SIZE, INNER),
    }

    def put(name: str, values: numpy.ndarray) -> None:
        writer.add_tensor(name, values.astype(numpy.float32))

    put("token_embd.weight", draw.normal(0, 0.5, (tokens, SIZE)))
    put("output_norm.weight", 1 + draw.normal(0, 0.1, SIZE))
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            put(f"blk.{layer}.{name}.weight", draw.normal(0, 1.5 / shape[1] ** 0.5, shape))
        for name in ("attn_norm", "ffn_norm"):
            put(f"blk.{layer}.{name}.weight", 1 + draw.normal(0, 0.1, SIZE))


def messages(number: int, seed: int = 0) -> list[dict[str, Any]]:
    """A conversation of one or two actions; some begin with another system prompt, some have a turn without loss."""
    draw = random.Random(f"{seed}:{number}")
    first, second = draw.randint(1, 99), draw.randint(1, 99)
    found: list[dict[str, Any]] = [
        {"role": "system", "content": SYSTEM if number % 5 else "Be brief."},
        {"role": "user", "content": f"What is {first} plus {second}?"},
    ]
    if number % 3 == 0:
        found.append({"role": "assistant", "content": f"<execute>print({first} + x)</execute>", "loss": False})
        found.append({"role": "user", "content": "NameError"})
    found += [
        {"role": "assistant", "content": f"<execute>print({first} + {second})</execute>"},
        {"role": "user", "content": f"Output:\n{first + second}"},
        {"role": "assistant", "content": f"<solution>{first + second}</solution>"},
    ]
    return found


def write_data(path: Path, count: int) -> Path:
    """Write conversations as lines of data."""
    lines = [json.dumps({"id": f"c{number}", "messages": messages(number), "source": "tests"}) + "\n" for number in range(count)]
    path.write_text("".join(lines), encoding="utf-8")
    return path

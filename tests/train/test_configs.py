"""Every config in runs/ does its run: on a random model of the kind that it names, two layers deep, and on this machine."""

from pathlib import Path
from typing import Any

import pytest
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, PretrainedConfig, Qwen2Config

from codeact.train import loading
from codeact.train.config import SftConfig, read_config
from codeact.train.sft import sft
from codeact.train.watching.log import read_log
from train import tiny

RUNS = Path(__file__).parents[2] / "runs"
KINDS: dict[str, type[PretrainedConfig]] = {
    "smol_lora.toml": LlamaConfig,
    "smol_lora_short.toml": LlamaConfig,
    "smol_lora_small.toml": LlamaConfig,
    "smol_lora_first.toml": LlamaConfig,
    "smol_lora_second.toml": LlamaConfig,
    "smol_lora_third.toml": LlamaConfig,
    "smol_lora_fourth.toml": LlamaConfig,
    "smol_lora_fifth.toml": LlamaConfig,
    "smol_lora_seventh.toml": LlamaConfig,
    "smol_lora_eighth.toml": LlamaConfig,
    "smol_lora_ninth.toml": LlamaConfig,
    "mistral_7b.toml": MistralConfig,
    "qwen2_5_coder_7b.toml": Qwen2Config,
}
HERE = {"kind": "cpu", "dtype": "fp32", "fsdp": False}


def write_folder(kind: type[PretrainedConfig], tokenizer_of: Path, folder: Path) -> Path:
    """A random model in Hugging Face's form."""
    tokenizer = loading.load_tokenizer(tokenizer_of)
    sizes = {"hidden_size": tiny.SIZE, "intermediate_size": tiny.INNER, "num_hidden_layers": tiny.LAYERS, "vocab_size": len(tokenizer)}
    heads = {"num_attention_heads": tiny.HEADS, "num_key_value_heads": tiny.KEY_HEADS, "max_position_embeddings": 4096}
    marks: dict[str, Any] = {"pad_token_id": 2, "bos_token_id": 1, "eos_token_id": 2}
    extra: dict[str, Any] = {"sliding_window": None} if kind is MistralConfig else {}
    config = kind(**sizes, **heads, **extra, **marks)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_every_config_is_tried() -> None:
    assert {path.name for path in RUNS.glob("*.toml")} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_the_config_trains(name: str, tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    base = write_folder(KINDS[name], tiny_model, tmp_path / "base")
    written = read_config(RUNS / name)
    changes = {"base": str(base), "data": [str(tiny_data)], "validation": [str(tiny_data)], "out": str(tmp_path / "out")}
    smaller = {
        "budget": {**written.budget.model_dump(), "steps": 3, "tokens_per_step": 500},
        "schedule": {"peak": 0.01, "warmup": 0.0},
        "every": {"validation": 3},
    }
    here = {"device": {**written.device.model_dump(), **HERE}}
    config = SftConfig.model_validate({**written.model_dump(), **changes, **smaller, **here})
    outcome = sft(config)
    log = read_log(tmp_path / "out" / "log.jsonl")
    assert len([line for line in log if line["kind"] == "step"]) == 3
    before, after = (line["loss"] for line in log if line["kind"] == "validation")
    assert after < before
    assert outcome.result is not None
    assert (outcome.result / ("adapter.gguf" if config.method == "lora" else "model.safetensors")).is_file()

"""What a run leaves gives the same outputs in llama.cpp as in transformers."""

import shutil
from pathlib import Path
from typing import Any

import gguf
import pytest
import torch
from transformers import AutoModelForCausalLM

from codeact import errors
from codeact.train import exporting, loading, model_building, result
from codeact.train.config import LINEAR_LAYERS, SftConfig
from codeact.train.device import Place
from train.llama import Judge

PROMPTS = [[1, 80, 90, 12], [5, 40, 33, 21, 77, 100, 101, 64, 9], list(range(10, 60))]


@pytest.fixture(scope="module")
def adapter(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of a run whose adapter changes the outputs much."""
    return write_adapter(tiny_model, tmp_path_factory.mktemp("adapter") / "result", scale=0.3)


def write_adapter(base: Path, target: Path, scale: float, rank: int = 4) -> Path:
    torch.manual_seed(3)  # also for the factors A, which are drawn when the adapters are made
    config = SftConfig.model_validate({"data": ["x"], "out": "x", "base": str(base), "lora": {"rank": rank, "alpha": 8}})
    found = loading.load_base(base, torch.float32)
    trainer = model_building.build_trainer(config, found, Place(torch.device("cpu"), torch.float32), (0, 1), lambda: False)
    for name, parameter in trainer.model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=scale)
    made = result.write(config, found, trainer.model, target)
    assert made is not None
    return made


def next_token(model: Any, ids: list[int]) -> torch.Tensor:
    model.set_attn_implementation("eager")
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids])).logits[0, -1].log_softmax(-1)


def adapted(base: Path, folder: Path) -> Any:
    return model_building.with_saved_adapter(loading.load_base(base, torch.float32).model, folder)


def difference(model: Any, judge: Judge, ids: list[int]) -> float:
    """Largest difference between the two, over the tokens that llama.cpp finds likeliest."""
    own = next_token(model, ids)
    told = judge.next(ids)
    assert next(iter(told)) == int(own.argmax())
    return max(abs(own[token].item() - value) for token, value in told.items())


def test_the_base_model_is_read_as_llama_cpp_reads_it(tiny_model: Path) -> None:
    model = loading.load_base(tiny_model, torch.float32).model
    judge = Judge(tiny_model)
    assert max(difference(model, judge, ids) for ids in PROMPTS) < 2e-2


def test_the_adapter_does_the_same_in_llama_cpp(tiny_model: Path, adapter: Path, tmp_path: Path) -> None:
    model = adapted(tiny_model, adapter)
    plain = loading.load_base(tiny_model, torch.float32).model
    for file in (adapter / result.ADAPTER, exporting.export_adapter(adapter, str(tiny_model), tmp_path / "a.gguf", dtype="f32")):
        judge = Judge(tiny_model, file)
        assert max(difference(model, judge, ids) for ids in PROMPTS) < 2e-2
    assert (next_token(plain, PROMPTS[0]) - next_token(model, PROMPTS[0])).abs().max() > 1


def test_a_merged_gguf_file_is_the_base_with_the_adapter(tiny_model: Path, adapter: Path, tmp_path: Path) -> None:
    merged = exporting.export_merged(adapter, str(tiny_model), tmp_path / "merged.gguf", dtype="f32")
    model = adapted(tiny_model, adapter)
    judge = Judge(merged)
    assert max(difference(model, judge, ids) for ids in PROMPTS) < 2e-2
    fields = gguf.GGUFReader(merged).fields
    assert fields["tokenizer.chat_template"].contents() == gguf.GGUFReader(tiny_model).fields["tokenizer.chat_template"].contents()
    again = loading.load_base(merged, torch.float32).model
    assert torch.allclose(next_token(again, PROMPTS[1]), next_token(model, PROMPTS[1]), atol=1e-4)


def test_a_merged_folder_is_the_base_with_the_adapter_and_can_be_trained_upon(tiny_model: Path, adapter: Path, tmp_path: Path) -> None:
    folder = exporting.export_merged(adapter, str(tiny_model), tmp_path / "merged", dtype="f32")
    model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
    assert torch.allclose(next_token(model, PROMPTS[1]), next_token(adapted(tiny_model, adapter), PROMPTS[1]), atol=1e-4)
    found = loading.load_base(loading.base_path(str(folder)), torch.float32)
    assert found.tokenizer.chat_template
    with pytest.raises(errors.InputError, match="convert_hf_to_gguf"):
        exporting.export_merged(adapter, str(folder), tmp_path / "again.gguf")


def test_a_folder_that_is_no_adapter_is_refused(tiny_model: Path, adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match="adapter_config"):
        exporting.export_adapter(tmp_path, str(tiny_model), tmp_path / "a.gguf")
    other = shutil.copytree(adapter, tmp_path / "other")
    (other / "adapter_config.json").write_text((other / "adapter_config.json").read_text().replace('"LORA"', '"IA3"'))
    with pytest.raises(errors.InputError, match="only plain LoRA"):
        exporting.export_adapter(other, str(tiny_model), tmp_path / "a.gguf")


@pytest.mark.parametrize("form", ["folder", "file"])
def test_a_run_can_begin_with_an_adapter(tiny_model: Path, adapter: Path, form: str) -> None:
    start = adapter if form == "folder" else adapter / result.ADAPTER
    begun = begin(tiny_model, {"rank": 4, "alpha": 16, "start": str(start)})  # another alpha, so the numbers must be scaled
    expected = adapted(tiny_model, adapter)
    for ids in PROMPTS:
        assert torch.allclose(next_token(begun.eval(), ids), next_token(expected, ids), atol=0.02)


def test_an_adapter_that_does_not_fit_is_refused(tiny_model: Path, adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match=r"set lora\.rank"):
        begin(tiny_model, {"rank": 8, "start": str(adapter)})
    with pytest.raises(errors.InputError, match=r"ffn_down.*set lora\.targets"):
        begin(tiny_model, {"rank": 4, "start": str(adapter / result.ADAPTER), "targets": LINEAR_LAYERS[:-1]})
    (tmp_path / "no.gguf").write_bytes(b"GGUF")
    for path in (tmp_path / "no.gguf", tmp_path / "none", tiny_model):
        with pytest.raises(errors.InputError, match="no adapter to begin with"):
            begin(tiny_model, {"rank": 4, "start": str(path)})


def begin(base: Path, lora: dict[str, Any]) -> Any:
    config = SftConfig.model_validate({"data": ["x"], "out": "x", "base": str(base), "lora": lora, "device": {"merged": "off"}})
    found = loading.load_base(base, torch.float32)
    return model_building.build_trainer(config, found, Place(torch.device("cpu"), torch.float32), (0, 1), lambda: False).model


@pytest.mark.weights
def test_an_adapter_on_the_pinned_model_does_the_same_in_llama_cpp(weights: Path, tmp_path: Path) -> None:
    """llama.cpp rounds activations to 8 bits for these weights, so only the likeliest token and rough probabilities can agree."""
    folder = write_adapter(weights, tmp_path / "result", scale=0.02)
    model = adapted(weights, folder)
    judge = Judge(weights, folder / result.ADAPTER)
    tokenizer = loading.load_tokenizer(weights)
    for text in ("The capital of France is", "def add(a, b):\n    return", "One, two, three,"):
        assert difference(model, judge, tokenizer(text)["input_ids"]) < 0.5

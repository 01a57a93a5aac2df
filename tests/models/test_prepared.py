"""The local model's faster form: the same model, made once, never out of date."""

from pathlib import Path
from typing import Any

import gguf
import numpy
import pytest

from codeact import errors
from codeact.models import local, prepared
from train import tiny
from train.llama import Judge

PROMPTS = [[1, 80, 90, 12], [5, 40, 33, 21, 77, 100, 101, 64, 9], list(range(10, 60))]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own; the folder of prepared files in it."""
    monkeypatch.setenv("CODEACT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "models" / prepared.FOLDER


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tiny.write_model(tmp_path / "tiny.gguf")


def write_adapter(path: Path, seed: int = 0, inner: int = tiny.INNER, names: tuple[str, ...] = ("attn_q", "attn_k", "ffn_up")) -> Path:
    """An adapter of rank 4 that changes the outputs much."""
    draw = numpy.random.default_rng(seed)
    rows = {"attn_q": tiny.SIZE, "attn_k": tiny.SIZE // tiny.HEADS * tiny.KEY_HEADS, "ffn_up": inner, "ffn_other": 8}
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, 8.0)
    for layer in range(tiny.LAYERS):
        for name in names:
            writer.add_tensor(f"blk.{layer}.{name}.weight.lora_a", draw.normal(0, 0.3, (4, tiny.SIZE)).astype(numpy.float16))
            writer.add_tensor(f"blk.{layer}.{name}.weight.lora_b", draw.normal(0, 0.3, (rows[name], 4)).astype(numpy.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def weights(path: Path) -> dict[str, Any]:
    return {tensor.name: gguf.dequantize(tensor.data, tensor.tensor_type) for tensor in gguf.GGUFReader(path).tensors}


def test_its_weights_are_those_of_the_base_with_the_adapter_added(base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a.gguf")
    own, factors, made = weights(base), weights(adapter), weights(prepared.prepare(base, "tiny", adapter))
    assert own.keys() == made.keys()
    changed = 0
    for name, values in own.items():
        expected = values
        if f"{name}.lora_a" in factors:
            expected = values + 8 / 4 * factors[f"{name}.lora_b"] @ factors[f"{name}.lora_a"]  # alpha 8, rank 4
            changed += 1
        largest = abs(expected).max()
        assert abs(made[name] - expected).max() <= (largest / 127 if expected.ndim > 1 else 0)
    assert changed == 3 * tiny.LAYERS


def test_llama_cpp_finds_the_same_token_likeliest_as_with_the_adapter_beside_the_base(base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a.gguf")
    made, beside, plain = Judge(prepared.prepare(base, "tiny", adapter)), Judge(base, adapter), Judge(base)
    for ids in PROMPTS:
        assert next(iter(made.next(ids))) == next(iter(beside.next(ids))) != next(iter(plain.next(ids)))


def test_vocabulary_template_and_sizes_are_those_of_the_base(base: Path) -> None:
    made, own = (gguf.GGUFReader(path).fields for path in (prepared.prepare(base, "tiny"), base))
    names = [name for name in own if not name.startswith("GGUF.") and name not in ("general.file_type", "general.quantization_version")]
    assert {name: made[name].contents() for name in names} == {name: own[name].contents() for name in names}


def test_it_is_made_once_for_each_base_and_adapter(base: Path, tmp_path: Path, cache: Path) -> None:
    first = prepared.prepare(base, "tiny")
    inode = first.stat().st_ino
    assert prepared.prepare(base, "tiny") == first
    assert first.stat().st_ino == inode
    adapter = write_adapter(tmp_path / "a.gguf")
    with_it = prepared.prepare(base, "tiny", adapter)
    write_adapter(adapter, seed=1)
    assert len({first, with_it, prepared.prepare(base, "tiny", adapter), prepared.prepare(base, "another tiny")}) == 4
    assert len(list(cache.glob("*.gguf"))) == 4


def test_the_files_that_were_used_last_are_kept(base: Path, cache: Path) -> None:
    made = [prepared.prepare(base, str(number)) for number in range(prepared.KEPT)]
    prepared.prepare(base, "0")
    newest = prepared.prepare(base, "one more")
    assert set(cache.glob("*.gguf")) == {newest, *made} - {made[1]}


def test_a_file_whose_time_cannot_be_set_is_used(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prepared.prepare(base, "tiny")

    def refuse(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(prepared.os, "utime", refuse)
    assert prepared.prepare(base, "tiny") == made


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"inner": tiny.INNER + 8}, "do not make a weight of shape"),
        ({"names": ("ffn_other",)}, "the model has no 'blk.0.ffn_other.weight'"),
    ],
)
def test_an_adapter_for_another_model_is_refused(changed: dict[str, Any], message: str, base: Path, tmp_path: Path, cache: Path) -> None:
    adapter = write_adapter(tmp_path / "a.gguf", **changed)
    with pytest.raises(errors.ModelNotFoundError, match=message):
        prepared.prepare(base, "tiny", adapter)
    assert not list(cache.glob("*.gguf"))


def test_a_file_that_is_no_adapter_is_refused(base: Path, tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"GGUF")
    for path in (tmp_path / "a.gguf", base):
        with pytest.raises(errors.ModelNotFoundError, match="is no adapter"):
            prepared.prepare(base, "tiny", path)


def test_without_room_for_it_the_files_are_used_as_they_are(
    base: Path, tmp_path: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    adapter = write_adapter(tmp_path / "a.gguf")
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder would be")
    assert local.fastest(base, adapter) == (base, adapter)
    assert "faster form cannot be stored" in caplog.text
    with pytest.raises(errors.ModelNotFoundError, match="no such model file"):
        local.fastest(base, tmp_path / "none.gguf")

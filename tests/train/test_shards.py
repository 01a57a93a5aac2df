"""Two processes with a shard each train what one process trains."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from codeact import errors
from codeact.train.config import SftConfig
from codeact.train.sft import sft
from codeact.train.watching.log import read_log

RUN = """
import sys
from pathlib import Path
from codeact.train.config import SftConfig
from codeact.train.sft import sft
sft(SftConfig.model_validate_json(sys.argv[1]))
if left := [name for comm in Path("/proc/self/task").glob("*/comm") if "gloo" in (name := comm.read_text())]:
    sys.exit(f"threads of the process group that may abort the process at its end: {left}")
"""


def settings(tiny_model: Path, tiny_data: Path, out: Path, **changes: Any) -> SftConfig:
    return SftConfig.model_validate(
        {
            "base": str(tiny_model),
            "data": [str(tiny_data)],
            "out": str(out),
            "validation_share": 0.2,
            "lora": {"rank": 4, "alpha": 8},
            "schedule": {"peak": 0.003},
            "budget": {"tokens_per_step": 900, "pack_tokens": 400, "max_length": 400, "steps": 4},
            "every": {"validation": 2, "checkpoint": 2},
            "device": {"threads": 1, "kind": "cpu", "dtype": "fp32", "merged": "off"},
            **changes,
        }
    )


def in_two_processes(config: SftConfig, port: int) -> None:
    """What `torchrun` does: a process for each rank."""
    sharded = config.model_copy(update={"device": config.device.model_copy(update={"fsdp": True})})
    world = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2"}
    command = [sys.executable, "-c", RUN, sharded.model_dump_json()]
    started = [subprocess.Popen(command, env={**os.environ, **world, "RANK": str(rank), "LOCAL_RANK": str(rank)}) for rank in range(2)]
    assert [process.wait() for process in started] == [0, 0]


@pytest.mark.parametrize("method", ["lora", "full"])
def test_two_processes_train_what_one_does(method: str, tiny_model: Path, tiny_data: Path, tmp_path: Path, free_port: int) -> None:
    one = settings(tiny_model, tiny_data, tmp_path / "one", method=method)
    two = settings(tiny_model, tiny_data, tmp_path / "two", method=method)
    sft(one)
    in_two_processes(two, free_port)
    lines = [read_log(config.out / "log.jsonl") for config in (one, two)]
    for alone, shared in zip(*lines, strict=True):
        assert shared["loss"] == pytest.approx(alone["loss"], rel=1e-4)
        assert shared.get("grad_norm", 0) == pytest.approx(alone.get("grad_norm", 0), rel=1e-3)
    name = "adapter_model.safetensors" if method == "lora" else "model.safetensors"
    first, second = (load_file(config.out / "result" / name) for config in (one, two))
    assert first.keys() == second.keys()
    assert all((first[key] - second[key]).abs().max() < 2e-3 for key in first)


def test_shards_go_on_from_a_checkpoint_also_where_frozen_weights_are_bf16(
    tiny_model: Path, tiny_data: Path, tmp_path: Path, free_port: int
) -> None:
    device = {"threads": 1, "kind": "cpu", "dtype": "bf16", "gradient_checkpointing": True}
    lora = {"rank": 4, "alpha": 8, "dropout": 0.2}  # each process draws of its own, and not as often as the other
    config = settings(tiny_model, tiny_data, tmp_path, device=device, lora=lora)
    in_two_processes(config, free_port)
    before = read_log(tmp_path / "log.jsonl")
    result = load_file(tmp_path / "result" / "adapter_model.safetensors")
    shutil.rmtree(tmp_path / "checkpoints" / "step-000004")
    shutil.rmtree(tmp_path / "result")
    in_two_processes(config, free_port)
    after = read_log(tmp_path / "log.jsonl")
    assert [(line["step"], line["loss"]) for line in after] == [(line["step"], line["loss"]) for line in before]
    again = load_file(tmp_path / "result" / "adapter_model.safetensors")
    assert all((result[key] == again[key]).all() for key in result)


def test_shards_without_processes_are_refused(tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    config = settings(tiny_model, tiny_data, tmp_path)
    with pytest.raises(errors.ConfigError, match="torchrun"):
        sft(config.model_copy(update={"device": config.device.model_copy(update={"fsdp": True})}))

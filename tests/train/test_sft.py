"""A run that is killed and goes on is the run that was never broken; the log, the curves and the result are there at the end."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codeact import errors
from codeact.train.config import SftConfig, read_config
from codeact.train.loop import learning_rate
from codeact.train.sft import sft
from codeact.train.watching.log import read_log
from train import tiny

RUN = """
import sys
from pathlib import Path
from codeact.train.config import read_config
from codeact.train.sft import sft
print("ready", flush=True)
sft(read_config(Path(sys.argv[1])), on_progress=lambda progress: print(progress.record.step, flush=True))
"""


def settings(tiny_model: Path, tiny_data: Path, out: Path, **changes: Any) -> dict[str, Any]:
    return {
        "base": str(tiny_model),
        "data": [str(tiny_data)],
        "out": str(out),
        "validation_share": 0.2,
        "lora": {"rank": 4, "alpha": 8, "dropout": 0.1},
        "schedule": {"peak": 0.01},
        "budget": {"tokens_per_step": 600, "pack_tokens": 512, "max_length": 512, "steps": 12},
        "every": {"validation": 4, "checkpoint": 3},
        "device": {"threads": 1},
        **changes,
    }


def write_toml(path: Path, values: dict[str, Any]) -> Path:
    plain = {key: value for key, value in values.items() if not isinstance(value, dict)}
    lines = [f"{key} = {json.dumps(value)}" for key, value in plain.items()]
    for key, table in values.items():
        if isinstance(table, dict):
            lines += [f"[{key}]", *(f"{name} = {json.dumps(value)}" for name, value in table.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def losses(out: Path) -> list[tuple[Any, ...]]:
    """What the log says, without its times."""
    return [(line["kind"], line["step"], line["loss"], line.get("grad_norm")) for line in read_log(out / "log.jsonl")]


def test_a_run_killed_in_the_middle_goes_on_exactly(tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    whole = sft(SftConfig.model_validate(settings(tiny_model, tiny_data, tmp_path / "whole")))
    config = write_toml(tmp_path / "run.toml", settings(tiny_model, tiny_data, tmp_path / "broken"))
    process = subprocess.Popen([sys.executable, "-c", RUN, str(config)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "5":
            process.kill()
            break
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "broken" / "result").exists()
    outcome = sft(read_config(config))
    assert outcome.steps == whole.steps == 12
    assert losses(tmp_path / "broken") == losses(tmp_path / "whole")
    one, other = (tmp_path / name / "result" / "adapter.gguf" for name in ("whole", "broken"))
    assert one.read_bytes() == other.read_bytes()
    assert losses(tmp_path / "whole")[-1][2] < losses(tmp_path / "whole")[0][2] * 0.8
    assert (tmp_path / "whole" / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_a_run_that_is_interrupted_saves_and_goes_on(tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    values = settings(tiny_model, tiny_data, tmp_path / "out", every={"validation": 0, "checkpoint": 0})
    config = write_toml(tmp_path / "run.toml", {**values, "budget": {**values["budget"], "steps": 2000}})
    process = subprocess.Popen([sys.executable, "-c", RUN, str(config)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "2":
            process.send_signal(signal.SIGINT)
            break
    process.communicate()
    assert process.returncode == 0
    saved = [path.name for path in (tmp_path / "out" / "checkpoints").iterdir()]
    assert len(saved) == 1
    assert int(saved[0].removeprefix("step-")) == read_log(tmp_path / "out" / "log.jsonl")[-1]["step"] >= 2


def test_a_run_can_be_made_longer(tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    values = settings(tiny_model, tiny_data, tmp_path / "out")
    budget = values["budget"]
    sft(SftConfig.model_validate({**values, "budget": {**budget, "steps": 3}}))
    longer = sft(SftConfig.model_validate({**values, "budget": {**budget, "steps": 5}}))
    log = read_log(tmp_path / "out" / "log.jsonl")
    assert longer.steps == 5
    assert [line["step"] for line in log if line["kind"] == "step"] == [1, 2, 3, 4, 5]
    assert [(line["step"], line["before"], line["steps"]) for line in log if line["kind"] == "length"] == [(3, 3, 5)]
    with pytest.raises(errors.InputError, match="has 5 steps, and the run is to have 4;"):
        sft(SftConfig.model_validate({**values, "budget": {**budget, "steps": 4}}))


def test_a_folder_of_another_run_is_refused(tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    values = settings(tiny_model, tiny_data, tmp_path / "out")
    values["budget"]["steps"] = 1
    sft(SftConfig.model_validate(values))
    with pytest.raises(errors.InputError, match=r"other settings \(seed was 0, now 9\), so"):
        sft(SftConfig.model_validate({**values, "seed": 9}))
    other = tmp_path / "other.jsonl"
    other.write_text("".join(tiny_data.read_text().splitlines(keepends=True)[:20]))
    with pytest.raises(errors.InputError, match="other data"):
        sft(SftConfig.model_validate({**values, "data": [str(other)]}))


def test_a_run_that_began_with_another_split_of_the_same_lines_is_refused(tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    """The lines name their tasks now, as they do in data that an older version split by ids."""
    data = tmp_path / "data.jsonl"
    data.write_text(tiny_data.read_text())
    values = settings(tiny_model, data, tmp_path / "out")
    values["budget"]["steps"] = 1
    sft(SftConfig.model_validate(values))
    lines = [json.loads(line) for line in tiny_data.read_text().splitlines()]
    data.write_text("".join(json.dumps({**line, "task": line["id"]}) + "\n" for line in lines))
    with pytest.raises(errors.InputError, match="other data, or by a codeact that split them otherwise"):
        sft(SftConfig.model_validate(values))


def test_the_agent_is_evaluated_with_the_adapter_as_it_is(tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    values = settings(tiny_model, tiny_data, tmp_path / "out", every={"agent": 2})
    values["budget"]["steps"] = 4
    seen: list[bytes] = []

    def evaluate(folder: Path, step: int) -> dict[str, Any]:
        seen.append((folder / "adapter.gguf").read_bytes())
        return {"success": step / 10}

    sft(SftConfig.model_validate(values), evaluate=evaluate)
    told = [line for line in read_log(tmp_path / "out" / "log.jsonl") if line["kind"] == "agent"]
    assert [(line["step"], line["success"]) for line in told] == [(2, 0.2), (4, 0.4)]
    assert seen[0] != seen[1] == (tmp_path / "out" / "result" / "adapter.gguf").read_bytes()


def test_the_agent_is_tried_on_a_suite_in_llama_cpp(tiny_data: Path, tmp_path: Path) -> None:
    model = tiny.write_model(tmp_path / "tiny.gguf", context=8192)
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "suite.toml").write_text('name = "one"\ndescription = "one"\nsource = "here"\nlicence = "Apache-2.0"\n')
    (tmp_path / "suite" / "tasks.jsonl").write_text('{"id": "a", "prompt": "What is 1 + 1?", "answer": "2", "check": "exact"}\n')
    values = settings(model, tiny_data, tmp_path / "out", every={"agent": 1, "validation": 0})
    values["budget"]["steps"] = 2
    values["agent"] = {"suite": str(tmp_path / "suite"), "options": {}, "turns": 2, "max_tokens": 8}
    sft(SftConfig.model_validate(values))
    told = [line for line in read_log(tmp_path / "out" / "log.jsonl") if line["kind"] == "agent"]
    assert [(line["step"], line["tasks"], line["success"], line["turns"]) for line in told] == [(1, 1, 0.0, 2.0), (2, 1, 0.0, 2.0)]
    assert (tmp_path / "out" / "agent" / "step-000002" / "results.jsonl").exists()
    with pytest.raises(errors.InputError, match=r"every\.agent is 1, but only an adapter"):
        sft(SftConfig.model_validate({**values, "method": "full", "out": str(tmp_path / "other")}))


def test_a_misspelt_key_and_a_pack_that_is_too_small_are_named(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('data = ["x"]\nout = "y"\n[schedule]\npaek = 1')
    with pytest.raises(errors.ConfigError, match=r"schedule\.paek"):
        read_config(path)
    path.write_text('data = ["x"]\nout = "y"\n[budget]\npack_tokens = 100')
    with pytest.raises(errors.ConfigError, match="has to fit one pack"):
        read_config(path)


def test_the_rate_rises_and_falls(tiny_model: Path) -> None:
    schedule = SftConfig.model_validate({"data": ["x"], "out": "x", "schedule": {"peak": 1.0, "warmup": 0.1, "floor": 0.1}}).schedule
    rates = [learning_rate(schedule, step, 100) for step in range(100)]
    assert rates[0] < 0.2 and max(rates) == rates[10] == 1.0
    assert rates[10:] == sorted(rates[10:], reverse=True) and 0.1 < rates[-1] < 0.11

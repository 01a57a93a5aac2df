"""`codeact train`, whole: a run, what it says and leaves, and its export."""

import json
import subprocess
import sys
from pathlib import Path

from train.test_sft import settings, write_toml

COMMAND = [sys.executable, "-m", "codeact.cli.main", "train"]


def command(*arguments: str | Path | int) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300)


def test_a_run_says_where_it_is_and_what_it_left(tiny_model: Path, tiny_data: Path, tmp_path: Path) -> None:
    config = write_toml(tmp_path / "run.toml", settings(tiny_model, tiny_data, tmp_path / "ignored"))
    ran = command("sft", "--config", config, "--out", tmp_path / "out", "--steps", 3, "--json")
    assert ran.returncode == 0, ran.stderr
    row = json.loads(ran.stdout)
    assert (row["steps"], row["of"], row["result"]) == (3, 3, str(tmp_path / "out" / "result"))
    assert "3/3 loss " in ran.stderr
    assert not (tmp_path / "ignored").exists()

    exported = command("export", tmp_path / "out" / "result", "--base", tiny_model, "-o", tmp_path / "adapter.gguf")
    assert exported.returncode == 0, exported.stderr
    assert exported.stdout.strip() == str(tmp_path / "adapter.gguf")
    assert (tmp_path / "adapter.gguf").read_bytes() == (tmp_path / "out" / "result" / "adapter.gguf").read_bytes()

    again = command("sft", "--config", config, "--out", tmp_path / "again", "--steps", 1, "--start", tmp_path / "adapter.gguf", "--json")
    assert again.returncode == 0, again.stderr
    began = json.loads((tmp_path / "again" / "config.json").read_text(encoding="utf-8"))
    assert began["lora"]["start"] == str(tmp_path / "adapter.gguf")


def test_what_is_no_result_cannot_be_exported(tiny_model: Path, tmp_path: Path) -> None:
    done = command("export", tmp_path, "--base", tiny_model, "-o", tmp_path / "adapter.gguf")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []

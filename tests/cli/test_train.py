"""`codeact train` where nothing can be trained: bad configs, and a machine without the extra."""

from pathlib import Path

import pytest

from cli.conftest import Codeact

CONFIG = 'data = ["train.jsonl"]\nout = "out"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot read the config"),
        ("data = [", "is not a TOML file"),
        (CONFIG + "sed = 1\n", "sed: Extra inputs are not permitted (got 1)"),
        (CONFIG + "[budget]\nsteps = 0\n", "budget.steps: Input should be greater than 0 (got 0)"),
        (CONFIG + "[budget]\nmax_length = 9000\n", "lower max_length"),
        ('out = "out"\ndata = []\n', "data: "),
    ],
)
def test_a_bad_config_is_an_error_that_names_it(codeact: Codeact, folder: Path, text: str | None, said: str) -> None:
    if text is not None:
        (folder / "run.toml").write_text(text)
    done = codeact("train", "sft", "--config", "run.toml")
    assert done.returncode == 2
    assert said in done.stderr
    assert "run.toml" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in folder.iterdir()] == ([] if text is None else ["run.toml"])


@pytest.mark.parametrize("arguments", [("sft", "--config", "run.toml"), ("export", "out/result", "-o", "adapter.gguf")])
def test_without_the_extra_it_says_how_to_get_it(codeact: Codeact, folder: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (folder / "run.toml").write_text(CONFIG)
    (tmp_path / "missing").mkdir()
    (tmp_path / "missing" / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')\n")
    done = codeact("train", *arguments, PYTHONPATH=str(tmp_path / "missing"))
    assert done.returncode == 2
    assert "pip install 'codeact[train]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_adapter_alone_is_not_written_as_bf16(codeact: Codeact) -> None:
    done = codeact("train", "export", "out/result", "--dtype", "bf16", "-o", "adapter.gguf")
    assert done.returncode == 2
    assert "an adapter alone is written as f16 or f32" in done.stderr

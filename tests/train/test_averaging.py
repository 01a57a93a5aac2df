"""The mean of adapters: number by number, and only where there is one."""

from pathlib import Path

import numpy
import pytest

from codeact.errors import InputError, ModelNotFoundError
from codeact.models.prepared import read_adapter
from codeact.train import exporting
from codeact.train.gguf_adapter import average_adapters
from train.test_command import command
from train.test_exporting import write_adapter


@pytest.fixture(scope="module")
def pair(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two adapters of the same form."""
    folder = tmp_path_factory.mktemp("pair")
    made = [write_adapter(tiny_model, folder / name, scale) for name, scale in (("one", 0.1), ("other", 0.3))]
    return tuple(exporting.export_adapter(one, str(tiny_model), folder / f"{one.name}.gguf") for one in made)  # type: ignore[return-value]


def test_every_number_is_the_weighted_mean(pair: tuple[Path, Path], tmp_path: Path) -> None:
    mean, alpha = read_adapter(average_adapters(pair, tmp_path / "new" / "mean.gguf", weights=(3, 1)))
    (one, one_alpha), (other, _) = map(read_adapter, pair)
    assert alpha == one_alpha
    assert mean.keys() == one.keys()
    for name, values in mean.items():
        numpy.testing.assert_allclose(values, 0.75 * one[name] + 0.25 * other[name], rtol=1e-3, atol=1e-5)
    assert any(not numpy.allclose(mean[name], one[name]) for name in mean)


def test_the_command_takes_all_the_same_without_weights(pair: tuple[Path, Path], tmp_path: Path) -> None:
    done = command("average", *pair, "-o", tmp_path / "mean.gguf")
    assert done.returncode == 0, done.stderr
    average_adapters(pair, tmp_path / "again.gguf", weights=(2, 2))
    assert (tmp_path / "mean.gguf").read_bytes() == (tmp_path / "again.gguf").read_bytes()


@pytest.mark.parametrize(
    ("weights", "said"),
    [((1,), "2 adapters have the weights 1;"), ((1, -1), "none below 0"), ((0, 0), "not all 0"), ((1, 1, 1), "1, 1, 1")],
)
def test_weights_that_do_not_fit_are_an_error(weights: tuple[float, ...], said: str, pair: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        average_adapters(pair, tmp_path / "mean.gguf", weights=weights)
    assert list(tmp_path.iterdir()) == []


def test_one_adapter_or_what_is_none_or_another_form_is_an_error(pair: tuple[Path, Path], tiny_model: Path, tmp_path: Path) -> None:
    target = tmp_path / "mean.gguf"
    with pytest.raises(InputError, match="two adapters or more"):
        average_adapters(pair[:1], target)
    with pytest.raises(ModelNotFoundError, match="no adapter"):
        average_adapters((pair[0], tiny_model / "config.json" if tiny_model.is_dir() else tiny_model), target)
    wider = write_adapter(tiny_model, tmp_path / "wider", 0.1, rank=8)
    exported = exporting.export_adapter(wider, str(tiny_model), tmp_path / "wider.gguf")
    with pytest.raises(InputError, match="another rank"):
        average_adapters((pair[0], exported), target)
    assert not target.exists()

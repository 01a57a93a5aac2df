"""Random numbers of a CUDA device go into checkpoints and back, as those of the CPU do; the device is a fake, as none is here."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from codeact.train import checkpoints, device, loading, model_building
from codeact.train.config import SftConfig
from codeact.train.loop import StoppedError, Trainer
from codeact.train.packing.plan import plan_step
from codeact.train.rendering import Example

CUDA = torch.device("cuda")
CPU = torch.device("cpu")
IDENTITY = checkpoints.Identity("{}", "data", 9)


class Generator:
    """What torch keeps for a CUDA device: a state that each draw changes."""

    def __init__(self) -> None:
        self.state = torch.zeros(16, dtype=torch.uint8)

    def draw(self) -> int:
        """The next number."""
        self.state = self.state + 1
        return int(self.state[0])

    def get(self, device: Any = "cuda") -> torch.Tensor:
        """As `torch.cuda.get_rng_state`."""
        assert torch.device(device).type == "cuda"
        return self.state.clone()

    def put(self, state: torch.Tensor, device: Any = "cuda") -> None:
        """As `torch.cuda.set_rng_state`."""
        assert torch.device(device).type == "cuda"
        self.state = state.clone()


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Generator]:
    """The fake in the place of torch's own; the CPU's numbers are put back after the test."""
    made, before = Generator(), torch.get_rng_state()
    monkeypatch.setattr(torch.cuda, "get_rng_state", made.get)
    monkeypatch.setattr(torch.cuda, "set_rng_state", made.put)
    yield made
    torch.set_rng_state(before)


def trainer(tiny_model: Path, where: torch.device) -> Trainer:
    """A trainer on the CPU that takes itself to be elsewhere."""
    config = SftConfig.model_validate({"data": ["x"], "out": "x", "lora": {"rank": 4, "alpha": 8, "dropout": 0.1}})
    base = loading.load_base(tiny_model, torch.float32)
    made = model_building.build_trainer(config, base, device.Place(CPU, torch.float32), (0, 1), lambda: False)
    made.place = device.Place(where, torch.float32)
    return made


def draws(generator: Generator) -> tuple[int, float]:
    """The next number of each device."""
    return generator.draw(), torch.rand(1).item()


def test_a_checkpoint_has_the_numbers_of_the_device_that_come_next(tiny_model: Path, tmp_path: Path, generator: Generator) -> None:
    made = trainer(tiny_model, CUDA)
    generator.draw()
    path = checkpoints.save(tmp_path, 1, model_building.state_of(made), IDENTITY, keep=1)
    first = draws(generator)
    assert draws(generator) != first
    model_building.load_state(made, checkpoints.load(path, IDENTITY))
    assert draws(generator) == first


def test_a_checkpoint_of_before_that_is_read_and_leaves_the_device_as_it_is(tiny_model: Path, tmp_path: Path, generator: Generator) -> None:
    made = trainer(tiny_model, CUDA)
    state = model_building.state_of(made)
    del state["random_by_rank"]
    path = checkpoints.save(tmp_path, 1, state, IDENTITY, keep=1)
    _, first = draws(generator)
    model_building.load_state(made, checkpoints.load(path, IDENTITY))
    assert draws(generator) == (2, first)


def test_a_checkpoint_of_one_kind_of_device_is_read_on_another(tiny_model: Path, generator: Generator) -> None:
    there, here = trainer(tiny_model, CUDA), trainer(tiny_model, CPU)
    from_cuda, from_cpu = model_building.state_of(there), model_building.state_of(here)
    generator.draw()
    model_building.load_state(here, from_cuda)
    model_building.load_state(there, from_cpu)
    assert generator.draw() == 2


def test_a_step_that_is_stopped_leaves_the_numbers_of_the_device_as_they_were(tiny_model: Path, generator: Generator) -> None:
    made = trainer(tiny_model, CUDA)

    def stopping() -> bool:
        draws(generator)
        return True

    made.stopping = stopping
    before = device.random_state(CUDA)
    with pytest.raises(StoppedError):
        made.step(0, 1, plan_step([Example("a", (1, 2, 3), (False, True, True))], pack_tokens=8))
    after = device.random_state(CUDA)
    assert before.keys() == after.keys() == {"cpu", "cuda"}
    assert all(torch.equal(before[kind], after[kind]) for kind in before)

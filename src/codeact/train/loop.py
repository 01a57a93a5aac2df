"""The training loop: one plan, one optimiser, checkpoints from which it goes on exactly.

Invariants: the loss is the mean over all learnt tokens of a step, however it is cut into packs; what happens in step n depends on
the state after step n - 1 and on the plan only. It does not: read data, build models or draw.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from codeact.train import shards
from codeact.train.config import Schedule
from codeact.train.device import Place, random_state, set_random_state
from codeact.train.loss import summed_cross_entropy
from codeact.train.merged import MergedAdapters
from codeact.train.packing.layout import PackTensors, to_tensors
from codeact.train.packing.plan import Pack, Step


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What a step did; one line of the log.

    `tokens` are those of the step's conversations, `learnt` those with loss, `computed` those that were put through the model.
    """

    step: int
    loss: float
    learning_rate: float
    grad_norm: float
    tokens: int
    learnt: int
    computed: int
    seconds: float


class StoppedError(Exception):
    """A stop was asked for within a step; the step did not happen."""


@dataclass(slots=True)
class Trainer:
    """A model in training.

    Args:
        model: what is called; for LoRA the one that peft made.
        place: where it is.
        optimizer: over the parameters that are trained.
        schedule: of the learning rate.
        clip: largest norm of the gradient.
        merged: the adapters in merged form, if they are.
        stopping: asked between packs; True leaves the step undone.
        share: this process's packs of a step, and the number of processes.
    """

    model: Any
    place: Place
    optimizer: torch.optim.Optimizer
    schedule: Schedule
    clip: float
    merged: MergedAdapters | None = None
    stopping: Callable[[], bool] = lambda: False
    share: tuple[int, int] = (0, 1)
    parameters: list[nn.Parameter] = field(init=False)

    def __post_init__(self) -> None:
        """Collect what is trained."""
        self.parameters = [parameter for group in self.optimizer.param_groups for parameter in group["params"]]

    def step(self, number: int, of: int, planned: Step) -> StepRecord:
        """Do one step of the optimiser.

        Args:
            number: from 0.
            of: number of steps in all, for the schedule.
            planned: the step.

        Raises:
            StoppedError: `stopping` said so; parameters, optimiser and random numbers are as before the step.
        """
        began = time.perf_counter()
        rate = learning_rate(self.schedule, number, of)
        before = random_state(self.place.device)
        self.model.train()
        total = 0.0
        for pack, weight in own_packs(planned.packs, *self.share):
            if self.stopping():
                self.optimizer.zero_grad(set_to_none=True)
                set_random_state(self.place.device, before)
                raise StoppedError
            loss = self._loss(pack) * (weight * self.share[1] / planned.learnt)
            loss.backward()
            total += loss.item()
        if self.share[1] > 1:
            shards.average_whole_gradients(self.parameters)
        norm = shards.clip(self.parameters, self.clip)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        if self.merged is not None:
            self.merged.refresh()
        return StepRecord(
            step=number + 1,
            loss=self._over_processes(total),
            learning_rate=rate,
            grad_norm=norm,
            tokens=planned.tokens,
            learnt=planned.learnt,
            computed=planned.computed,
            seconds=time.perf_counter() - began,
        )

    @torch.no_grad()
    def validate(self, planned: Step) -> float:
        """Mean loss over a planned step, with nothing changed."""
        self.model.eval()
        total = sum((self._loss(pack) * weight).item() for pack, weight in own_packs(planned.packs, *self.share))
        return self._over_processes(total * self.share[1] / planned.learnt)

    def _loss(self, pack: Pack) -> torch.Tensor:
        device, dtype = self.place.device, self.place.dtype
        tensors = to_tensors(pack, device, dtype)
        with torch.autocast(device.type, torch.bfloat16, enabled=dtype == torch.bfloat16):
            hidden = learnt_hidden(self.model, tensors)
        return summed_cross_entropy(hidden, output_layer(self.model).weight, tensors.targets)

    def _over_processes(self, value: float) -> float:
        if self.share[1] == 1:
            return value
        told = torch.tensor(value, device=self.place.device)
        torch.distributed.all_reduce(told)
        return told.item() / self.share[1]


def learnt_hidden(model: Any, tensors: PackTensors) -> torch.Tensor:
    """The last hidden states at the places that predict, [learnt, size]."""
    body = model.get_base_model().model if hasattr(model, "get_base_model") else model.model
    output = body(input_ids=tensors.ids, position_ids=tensors.positions, use_cache=False, layout=tensors.layout)
    return output.last_hidden_state[0].index_select(0, tensors.predictors)


def output_layer(model: Any) -> nn.Linear:
    """The layer that makes logits of hidden states."""
    return model.get_output_embeddings()


def own_packs(packs: Sequence[Pack], rank: int, world: int) -> list[tuple[Pack, float]]:
    """A process's packs, each with its weight; all processes have the same number, so some compute one for nothing."""
    rounds = math.ceil(len(packs) / world)
    places = [turn * world + rank for turn in range(rounds)]
    return [(packs[place], 1.0) if place < len(packs) else (packs[0], 0.0) for place in places]


def learning_rate(schedule: Schedule, step: int, of: int) -> float:
    """The rate of a step (from 0) of a run of `of` steps."""
    warm = schedule.warmup * of
    if step < warm:
        return schedule.peak * (step + 1) / (warm + 1)
    way = (step - warm) / max(1.0, of - warm)
    return schedule.peak * (schedule.floor + (1 - schedule.floor) * 0.5 * (1 + math.cos(math.pi * way)))

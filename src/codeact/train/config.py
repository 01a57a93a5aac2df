"""What a training run is: one TOML file, read into `SftConfig`.

Invariant: a run is a function of this file, its data and its base model; the same file runs on a CPU and on GPUs. It does not: load
a model (`loading` does) or decide how examples are laid out (`plan` does).
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from codeact import errors

Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, lt=1)]

LINEAR_LAYERS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class Strict(BaseModel):
    """A part of the file: a key that is not known is an error, so that a misspelt one is not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Lora(Strict):
    """Low-rank adapters.

    Args:
        rank: of the two factors.
        alpha: the adapter is scaled by `alpha / rank`.
        dropout: on the adapter's input; above 0 the faster merged form cannot be used.
        targets: names of the linear layers that get one.
        start: the adapter to begin with: a folder in peft's form, a GGUF file, or `ours` for the one that `local` loads; None begins
            with one that changes nothing.
    """

    rank: Positive = 32
    alpha: Annotated[float, Field(gt=0)] = 32.0
    dropout: Share = 0.0
    targets: tuple[str, ...] = LINEAR_LAYERS
    start: str | None = None


class Schedule(Strict):
    """The learning rate: a linear warm-up, then a cosine down to a share of the peak.

    Args:
        peak: highest rate.
        warmup: share of all steps.
        floor: share of the peak at the end.
    """

    peak: Annotated[float, Field(gt=0)] = 1e-3
    warmup: Share = 0.03
    floor: Share = 0.05


class Budget(Strict):
    """How much is seen, and in what portions.

    Args:
        epochs: passes over the data, also a part of one.
        steps: optimiser steps; given, it stands in place of `epochs`.
        tokens_per_step: tokens of conversations in one optimiser step.
        pack_tokens: most tokens computed at once; memory only, the result does not depend on it.
        max_length: longer conversations are left out, and counted.
    """

    epochs: Annotated[float, Field(gt=0)] = 1.0
    steps: Positive | None = None
    tokens_per_step: Positive = 8192
    pack_tokens: Positive = 2048
    max_length: Positive = 2048


class AgentCheck(Strict):
    """What the agent does every `every.agent` steps, with the adapter as it is; greedy, and its first answer counts.

    Args:
        suite, options: as `codeact bench` takes them.
        format: of its actions.
        turns: of the model, at most.
        max_tokens: of a turn.
    """

    suite: str = "instruct"
    options: dict[str, JsonValue] = {"split": "test", "count": 30}
    format: str = "code"
    turns: Positive = 6
    max_tokens: Positive = 400


class Every(Strict):
    """How often something is done, in steps; 0 is never (a checkpoint is always written at the end)."""

    validation: Annotated[int, Field(ge=0)] = 20
    checkpoint: Annotated[int, Field(ge=0)] = 20
    agent: Annotated[int, Field(ge=0)] = 0


class Device(Strict):
    """Where and in what numbers it is computed.

    Args:
        kind: `auto` is CUDA where there is one.
        dtype: of the frozen weights and of products; `auto` is bf16 where the hardware multiplies it, else fp32; what is
            trained is kept in fp32.
        threads: of the CPU; None leaves torch's choice.
        fsdp: shard the model over the processes that `torchrun` started.
        merged: the faster form of LoRA (see `codeact.train.merged`); `auto` uses it where it is exact.
        gradient_checkpointing: trade a third more time for memory.
    """

    kind: Literal["auto", "cpu", "cuda"] = "auto"
    dtype: Literal["auto", "fp32", "bf16"] = "auto"
    threads: Positive | None = None
    fsdp: bool = False
    merged: Literal["auto", "off"] = "auto"
    gradient_checkpointing: bool = False


class SftConfig(Strict):
    """A training run.

    Args:
        base: `local` (the pinned model), a GGUF file, or a folder in Hugging Face's form.
        data: JSON lines, each with `id` and `messages`.
        out: folder of checkpoints, the log, the curves and the result.
        validation: JSON lines to validate on; none takes `validation_share` of the data away.
        validation_share: share of the data, chosen by their tasks, or by their ids where they name none.
        validation_most: most conversations in the validation, but for others of the last task.
        method: train adapters, or all weights.
        weight_decay: of AdamW.
        clip: largest norm of the gradient.
        seed: of the order, the adapters' beginning and dropout.
        keep_checkpoints: how many are kept.
    """

    base: str = "local"
    data: tuple[Path, ...] = Field(min_length=1)
    out: Path
    validation: tuple[Path, ...] = ()
    validation_share: Share = 0.02
    validation_most: Positive = 100
    method: Literal["lora", "full"] = "lora"
    lora: Lora = Lora()
    schedule: Schedule = Schedule()
    budget: Budget = Budget()
    every: Every = Every()
    agent: AgentCheck = AgentCheck()
    device: Device = Device()
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    betas: tuple[float, float] = (0.9, 0.99)
    clip: Annotated[float, Field(gt=0)] = 1.0
    seed: int = 0
    keep_checkpoints: Positive = 2

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.budget.max_length > self.budget.pack_tokens:
            raise ValueError(
                f"budget.max_length ({self.budget.max_length}) is above budget.pack_tokens ({self.budget.pack_tokens}): "
                "a conversation has to fit one pack; raise pack_tokens or lower max_length"
            )
        return self


def read_config(path: Path, **changes: object) -> SftConfig:
    """Read a config file; relative paths in it are taken from the current folder.

    Args:
        path: a TOML file.
        changes: keys that win over the file's; a dotted key is written with `__`. None changes nothing.

    Raises:
        ConfigError: the file cannot be read, or a value does not fit; the message names the key.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise errors.ConfigError(f"cannot read the config {str(path)!r}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.ConfigError(f"{str(path)!r} is not a TOML file: {error}") from error
    for key, value in changes.items():
        if value is not None:
            *tables, name = key.split("__")
            place = found
            for table in tables:
                place = place.setdefault(table, {})
            place[name] = value
    try:
        return SftConfig.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise errors.ConfigError(f"config {str(path)!r}: {where}: {first['msg']} (got {first['input']!r})") from error

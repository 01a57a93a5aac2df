"""A model made ready to be trained: adapters, optimiser, shards, and its state for checkpoints.

Invariant: what is trained is in fp32, what is frozen in the place's number format. It does not: load weights or run steps.
"""

import contextlib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model

from codeact import errors
from codeact.train import checkpoints, shards, starting
from codeact.train.config import SftConfig
from codeact.train.device import Place, random_state, set_random_state
from codeact.train.loading import BaseModel
from codeact.train.loop import Trainer
from codeact.train.merged import MergedAdapters


def build_trainer(config: SftConfig, base: BaseModel, place: Place, share: tuple[int, int], stopping: Callable[[], bool]) -> Trainer:
    """Adapters on the model (or none), an optimiser over what is trained.

    Args:
        config: of the run.
        base: freshly loaded; it is changed.
        place: where it goes.
        share: this process's rank and the number of processes.
        stopping: see `Trainer`.

    Raises:
        ConfigError: no layer of the model has a name of `config.lora.targets`.
        InputError: `config.lora.start` cannot be begun with.
    """
    model: Any = base.model.to(place.device)
    if config.device.gradient_checkpointing:
        enable = getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable  # the newer name first
        enable({"use_reentrant": False})
        model.enable_input_require_grads()
    if config.method == "lora":
        model = _with_adapters(config, model)
        if config.lora.start is not None:
            starting.start_from(model, config.lora, base.model.config)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    merged = None
    if config.device.fsdp:
        shards.shard(model)
    elif config.method == "lora" and config.lora.dropout == 0 and config.device.merged == "auto":
        merged = MergedAdapters(model, place.dtype)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(
        trained, lr=config.schedule.peak, betas=config.betas, weight_decay=config.weight_decay, fused=not config.device.fsdp
    )
    return Trainer(model, place, optimizer, config.schedule, config.clip, merged, stopping, share)


def _with_adapters(config: SftConfig, model: Any) -> Any:
    lora = config.lora
    settings = LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,  # type: ignore[arg-type]  # peft's hint says int, its code takes any number
        lora_dropout=lora.dropout,
        target_modules=list(lora.targets),
        bias="none",
        task_type="CAUSAL_LM",
    )
    try:
        with _older_names():
            return get_peft_model(model, settings)
    except ValueError as error:
        raise errors.ConfigError(f"no adapters can be put on {list(lora.targets)}: {error}") from error


def with_saved_adapter(model: Any, folder: Path) -> Any:
    """A model with an adapter of a run's `result` on it, in evaluation mode.

    Args:
        model: the base, as `loading` gives it.
        folder: of the adapter, in peft's form.

    Raises:
        InputError: the folder holds no adapter that fits the model.
    """
    try:
        with _older_names():
            return PeftModel.from_pretrained(model, str(folder), local_files_only=True).eval()
    except (OSError, ValueError, RuntimeError) as error:
        raise errors.InputError(f"cannot put the adapter {str(folder)!r} on the base model: {error}") from error


@contextlib.contextmanager
def _older_names() -> Iterator[None]:
    """peft asks transformers by an older name, and each time it does there is a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


def state_of(trainer: Trainer) -> dict[str, Any]:
    """Everything of a trainer that the next step depends on."""
    own = random_state(trainer.place.device)
    if trainer.share[1] > 1:
        state, states = shards.state_of(trainer.model, trainer.optimizer), shards.gathered(own)
    else:
        state = {"parameters": checkpoints.trainable_state(trainer.model), "optimizer": trainer.optimizer.state_dict()}
        states = [own]
    return {**state, "random": own["cpu"], "random_by_rank": states}


def load_state(trainer: Trainer, state: dict[str, Any]) -> None:
    """The inverse of `state_of`; with another number of processes, or from an older checkpoint, random numbers are the first one's."""
    rank, world = trainer.share
    if world > 1:
        shards.load_state(trainer.model, trainer.optimizer, state)
    else:
        checkpoints.load_trainable(trainer.model, state["parameters"])
        trainer.optimizer.load_state_dict(state["optimizer"])
    states = state.get("random_by_rank", [])
    set_random_state(trainer.place.device, states[rank] if len(states) == world else {"cpu": state["random"]})
    if trainer.merged is not None:
        trainer.merged.refresh()

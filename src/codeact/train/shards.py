"""Several processes, each with a shard of every layer (FSDP).

Invariant: a step's gradient is the one that a single process would have had, up to rounding (a test with two processes proves it).
Embeddings, the last norm and the output layer are not sharded, and their gradients are averaged here. It does not: start processes
(`torchrun` does).
"""

import contextlib
import gc
import os
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import distributed, nn
from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict, get_state_dict, set_state_dict
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

from codeact import errors
from codeact.train.config import Device

WHOLE = StateDictOptions(full_state_dict=True, cpu_offload=True)
_meshes: list[DeviceMesh] = []  # of this process, as its process group is


@contextlib.contextmanager
def processes(wanted: Device) -> Iterator[tuple[int, int]]:
    """This process's rank and the number of processes; with `fsdp`, those that `torchrun` started.

    Raises:
        ConfigError: `fsdp` is asked for, and `torchrun` did not start this process.
    """
    if not wanted.fsdp:
        yield 0, 1
        return
    if "RANK" not in os.environ:
        raise errors.ConfigError(
            "device.fsdp needs several processes: start it with `torchrun --nproc-per-node=N -m codeact.cli.main train sft ...`, "
            "or set it to false"
        )
    cuda = torch.cuda.is_available() and wanted.kind != "cpu"
    if cuda:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    distributed.init_process_group("nccl" if cuda else "gloo")
    try:
        yield distributed.get_rank(), distributed.get_world_size()
    finally:
        distributed.destroy_process_group()
        _end_workers()


def shard(model: Any) -> None:
    """Shard every layer of a model; it must be on its device."""
    body = (model.get_base_model() if hasattr(model, "get_base_model") else model).model
    layers = list(body.layers)
    inside = {parameter for layer in layers for parameter in layer.parameters()}
    mesh = init_device_mesh(next(body.parameters()).device.type, (distributed.get_world_size(),))
    _meshes.append(mesh)
    for layer in layers:
        fully_shard(layer, mesh=mesh)
    fully_shard(body, mesh=mesh, ignored_params={parameter for parameter in body.parameters() if parameter not in inside} - sharded(body))


def _end_workers() -> None:
    """End gloo's threads, which end with the last reference to their group.

    torch's caches keep the meshes, and these keep the group. A thread that still lets go of a tensor while the interpreter ends aborts
    the process ("terminate called without an active exception", https://github.com/pytorch/pytorch/pull/179291).
    """
    for mesh in _meshes:
        getattr(mesh, "_pg_registry", {}).clear()
    _meshes.clear()
    gc.collect()


def sharded(model: nn.Module) -> set[nn.Parameter]:
    """The parameters of which this process has a part."""
    return {parameter for parameter in model.parameters() if isinstance(parameter, DTensor)}


def average_whole_gradients(parameters: Sequence[nn.Parameter]) -> None:
    """Average over the processes what FSDP has not."""
    for parameter in parameters:
        if parameter.grad is not None and not isinstance(parameter.grad, DTensor):
            distributed.all_reduce(parameter.grad)
            parameter.grad /= distributed.get_world_size()


def clip(parameters: Sequence[nn.Parameter], most: float) -> float:
    """Scale gradients down to a norm over all shards of at most `most`; returns what it was."""
    grads = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norms: list[Any] = [grad.norm() for grad in grads]
    squares = [(norm.full_tensor() if isinstance(norm, DTensor) else norm).float() ** 2 for norm in norms]
    norm = torch.stack(squares).sum().sqrt()
    scale = float((most / (norm + 1e-6)).clamp(max=1.0))
    for grad in grads:
        grad.mul_(scale)
    return float(norm)


def state_of(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """Parameters that are trained and the optimiser's state, gathered; every process has to call it."""
    parameters, state = get_state_dict(model, optimizer, options=WHOLE)
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    return {"parameters": {name: values for name, values in parameters.items() if name in trained}, "optimizer": state}


def gathered(value: Any) -> list[Any]:
    """What each process gave, in the order of their ranks; every process has to call it."""
    found = [None] * distributed.get_world_size()
    distributed.all_gather_object(found, value)
    return found


def load_state(model: nn.Module, optimizer: torch.optim.Optimizer, state: dict[str, Any]) -> None:
    """The inverse of `state_of`."""
    options = StateDictOptions(full_state_dict=True, strict=False)
    set_state_dict(model, optimizer, model_state_dict=state["parameters"], optim_state_dict=state["optimizer"], options=options)


def whole_model(model: nn.Module) -> dict[str, Any]:
    """All parameters, gathered; every process has to call it."""
    return get_model_state_dict(model, options=WHOLE)

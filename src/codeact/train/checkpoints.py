"""Checkpoints of a run: everything that the next step depends on.

Invariant: a checkpoint is whole or is not there (written aside, put on disk, renamed), and a run that goes on from one does exactly what
the unbroken run would have done. It does not: hold frozen weights, or decide when to write.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from codeact import errors

FILE = "state.pt"
VERSION = 2
_NAME = re.compile(r"step-(\d+)$")


@dataclass(frozen=True, slots=True)
class Identity:
    """What must be the same for a run to go on: the settings that matter, and the data. The length may be another."""

    settings: str
    data: str
    length: int


def save(folder: Path, step: int, state: dict[str, Any], identity: Identity, *, keep: int) -> Path:
    """Write a checkpoint and remove the oldest.

    Args:
        folder: of all checkpoints.
        step: number of steps that are done.
        state: what `load` will give back.
        identity: of the run.
        keep: how many stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob(".aside-*"):
        shutil.rmtree(stale, ignore_errors=True)
    target = folder / f"step-{step:06d}"
    if target.exists():
        return target
    with _aside(folder, target) as aside, (aside / FILE).open("wb") as file:
        torch.save({"version": VERSION, "step": step, **asdict(identity), **state}, file)
        file.flush()
        os.fsync(file.fileno())
    for old in _all(folder)[:-keep]:
        shutil.rmtree(old)
    return target


@contextmanager
def _aside(folder: Path, target: Path) -> Iterator[Path]:
    aside = folder / f".aside-{os.getpid()}"
    aside.mkdir()
    yield aside
    aside.rename(target)


def _all(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("step-*") if _NAME.match(path.name) and (path / FILE).is_file())


def latest(folder: Path) -> Path | None:
    """The newest checkpoint."""
    found = _all(folder)
    return found[-1] if found else None


def load(path: Path, identity: Identity | None = None) -> dict[str, Any]:
    """Read a checkpoint.

    Args:
        path: from `latest`.
        identity: of the run that wants to go on; None lets any pass.

    Raises:
        InputError: it was written by another run: other settings, other data, or another version; or it has more steps than the run.
    """
    state = torch.load(path / FILE, map_location="cpu", weights_only=True)
    if state["version"] != VERSION:
        raise errors.InputError(f"the checkpoint {str(path)!r} has version {state['version']}; this codeact reads {VERSION}")
    if identity is not None and (state["settings"], state["data"]) != (identity.settings, identity.data):
        what = "data, or by a codeact that split them otherwise" if state["settings"] == identity.settings else "settings"
        changed = "".join(_changes(json.loads(state["settings"]), json.loads(identity.settings)))
        raise errors.InputError(
            f"the checkpoint {str(path)!r} was made with other {what}{changed}, so the run cannot go on from it; "
            "give another folder with --out, or remove that one"
        )
    if identity is not None and state["step"] > identity.length:
        raise errors.InputError(
            f"the checkpoint {str(path)!r} has {state['step']} steps, and the run is to have {identity.length}; "
            "raise budget.steps or budget.epochs, or give another folder with --out"
        )
    return state


def _changes(before: dict[str, Any], now: dict[str, Any], above: str = "") -> Iterator[str]:
    for name in sorted({*before, *now}):
        one, other = before.get(name), now.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _changes(one, other, f"{above}{name}.")
        elif one != other:
            yield f" ({above}{name} was {json.dumps(one)}, now {json.dumps(other)})"


def trainable_state(model: nn.Module) -> dict[str, Any]:
    """The parameters that are trained, by name."""
    return {name: parameter.detach().cpu() for name, parameter in model.named_parameters() if parameter.requires_grad}


def load_trainable(model: nn.Module, state: dict[str, Any]) -> None:
    """The inverse of `trainable_state`."""
    own = dict(model.named_parameters())
    with torch.no_grad():
        for name, values in state.items():
            own[name].copy_(values)

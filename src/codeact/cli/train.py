"""`codeact train`: fine-tune the model that the agent uses, and write the result for llama.cpp.

Invariant: torch and the rest of the extra `train` are loaded when a training begins, and not for `--help`. Progress goes to standard error,
the result's path to standard output. It does not: know how training works.
"""

import json
import os
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from codeact import errors
from codeact.cli.exits import Exit
from codeact.cli.options import as_json
from codeact.cli.screen.consoles import progress_console

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
LINE_SECONDS = 30.0  # between two lines of progress in a log
EXTRA = {"torch", "transformers", "peft", "gguf", "safetensors", "matplotlib", "numpy"}


@click.group(epilog="Example:  codeact train sft --config runs/smol_lora.toml --out runs/out/smol")
def command() -> None:
    """Fine-tune a model on conversations, and export it."""


@command.command("sft", epilog="Example:  codeact train sft --config runs/smol_lora.toml --steps 60")
@click.option("--config", "path", required=True, type=FILE, help="The run, as TOML (see runs/).")
@click.option("--out", type=FOLDER, help="Folder of checkpoints, log, curves and result; wins over the file's.")
@click.option("--data", multiple=True, type=FILE, help="A file of conversations, JSON lines; wins over the file's.")
@click.option("--start", metavar="ADAPTER", help="Begin with an adapter (a folder, a GGUF file, or ours); wins over the file's.")
@click.option("--steps", type=click.IntRange(min=1), help="Steps of the optimiser, in place of epochs.")
@click.option("--seed", type=int, help="Of the order and the adapters' beginning.")
@as_json
def sft(
    *, path: Path, out: Path | None, data: tuple[Path, ...], start: str | None, steps: int | None, seed: int | None, as_json: bool
) -> Exit:
    """Fine-tune by the config; in a folder with checkpoints it goes on from the newest. Ctrl-C saves and stops."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that wait do not take a busy machine's cores from those that work
    read = _load("config").read_config
    config = read(path, out=out, data=list(data) or None, lora__start=start, budget__steps=steps, seed=seed)
    with _Watch() as watch:
        outcome = _load("sft").sft(config, on_progress=watch.see)
    click.echo(json.dumps(_row(outcome)) if as_json else _sentence(outcome))
    return Exit.CANCELLED if outcome.stopped else Exit.OK


@command.command("export", epilog="Example:  codeact train export runs/out/smol/result --merged -o smol.gguf")
@click.argument("folder", metavar="RESULT", type=FOLDER)
@click.option("--base", default="local", show_default=True, help="The base model, as in the run's config.")
@click.option("--merged", is_flag=True, help="The whole model with the adapter in its weights, and not the adapter alone.")
@click.option("--dtype", type=click.Choice(["f16", "bf16", "f32"]), default="f16", show_default=True, help="Of the numbers written.")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="A .gguf file; with --merged also a folder.")
def export(folder: Path, base: str, merged: bool, dtype: str, output: Path) -> Exit:
    """Write a result as GGUF for llama.cpp, or merged as a folder in Hugging Face's form."""
    if dtype == "bf16" and not merged:
        raise click.UsageError("an adapter alone is written as f16 or f32: llama.cpp's LoRA takes no bf16 on every device")
    exporting = _load("exporting")
    if merged:
        written = exporting.export_merged(folder, base, output, dtype=dtype)
    else:
        written = exporting.export_adapter(folder, base, output, dtype=dtype)
    click.echo(str(written))
    return Exit.OK


@command.command("average", epilog="Example:  codeact train average first.gguf second.gguf -o both.gguf")
@click.argument("adapters", nargs=-1, required=True, type=FILE)
@click.option("--weight", "weights", multiple=True, type=float, help="Of the adapters, in their order; without it all count the same.")
@click.option("--output", "-o", required=True, type=FILE, help="A .gguf file.")
def average(adapters: tuple[Path, ...], weights: tuple[float, ...], output: Path) -> Exit:
    """The mean of adapters that were trained on from one another, as GGUF: it does what they do, where each forgot something."""
    click.echo(str(_load("gguf_adapter").average_adapters(adapters, output, weights=weights)))
    return Exit.OK


def _load(name: str) -> Any:
    """A module of `codeact.train`.

    Raises:
        MissingExtraError: a package that it needs is not installed.
    """
    try:
        return import_module(f"codeact.train.{name}")
    except ModuleNotFoundError as error:
        if error.name in EXTRA:
            raise errors.MissingExtraError(str(error.name), "train", "training") from None
        raise


class _Watch:
    """A line of progress that is there from the first step; where nobody watches, a new line now and then."""

    def __init__(self) -> None:
        self._console = progress_console()
        self._last = float("-inf")
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self._console, disable=not self._console.is_terminal)
        self._task = self._progress.add_task("loading", total=None)

    def __enter__(self) -> "_Watch":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def see(self, progress: Any) -> None:
        """Show where the run is."""
        record = progress.record
        held = "" if progress.validation is None else f", validation {progress.validation:.3f}"
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        text = f"loss {record.loss:.3f}{held}, {progress.tokens_per_second:.0f} tokens/s, {minutes}:{seconds:02d} left"
        self._progress.update(self._task, description=text, completed=record.step, total=progress.of)
        if not self._console.is_terminal and (record.step == progress.of or time.monotonic() - self._last >= LINE_SECONDS):
            self._last = time.monotonic()
            self._console.print(f"{record.step}/{progress.of} {text}", soft_wrap=True)


def _row(outcome: Any) -> dict[str, Any]:
    return {
        "out": str(outcome.out),
        "result": None if outcome.result is None else str(outcome.result),
        "steps": outcome.steps,
        "of": outcome.of,
        "tokens": outcome.tokens,
        "validation": outcome.validation,
        "left_out": dict(outcome.left_out),
    }


def _sentence(outcome: Any) -> str:
    left_out = "".join(f"\nleft out: {count} conversations, {reason}" for reason, count in outcome.left_out.items())
    if outcome.stopped:
        return f"stopped after step {outcome.steps} of {outcome.of}; the same command goes on from there{left_out}"
    return f"{outcome.result}{left_out}"

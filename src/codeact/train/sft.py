"""A whole training run: data, model, loop, checkpoints, log and result.

Invariant: `sft` on a folder with checkpoints goes on from the newest, and ends with what the unbroken run would have made. It does not:
print; whoever watches gets a `Progress` after every step.
"""

import contextlib
import math
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from codeact import errors
from codeact.train import checkpoints, device, model_building, result, shards
from codeact.train.config import SftConfig
from codeact.train.corpus import Corpus, read_corpus
from codeact.train.loading import BaseModel, base_path, load_base
from codeact.train.loop import StepRecord, StoppedError, Trainer
from codeact.train.packing.plan import Step, plan_step, plan_steps
from codeact.train.rendering import Renderer
from codeact.train.watching import agent_score
from codeact.train.watching.curves import draw
from codeact.train.watching.log import NAME, Log

CONFIG = "config.json"
CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Args:
        record: of the step that was just done.
        of: number of steps in all.
        seconds_left: at the pace of this process so far.
        tokens_per_second: tokens of conversations, over this process so far.
        validation: the newest loss on the validation set.
    """

    record: StepRecord
    of: int
    seconds_left: float
    tokens_per_second: float
    validation: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Args:
        out: its folder.
        result: the adapter's or the model's folder; None if it was stopped.
        steps: done.
        of: planned.
        tokens: of conversations that were learnt from, over the whole run.
        validation: last loss on the validation set.
        left_out: conversations that were not used, by reason.
    """

    out: Path
    result: Path | None
    steps: int
    of: int
    tokens: int
    validation: float | None
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before its end; the same call goes on."""
        return self.steps < self.of


OnProgress = Callable[[Progress], None]
Evaluate = Callable[[Path, int], dict[str, Any]]
"""An agent's evaluation: gets the folder of the adapter as it is and the step; what it returns is written to the log."""


def sft(config: SftConfig, *, on_progress: OnProgress | None = None, evaluate: Evaluate | None = None) -> Outcome:
    """Fine-tune a model, or go on with it.

    Args:
        config: what to do.
        on_progress: told after every step.
        evaluate: called every `config.every.agent` steps; None takes `agent_score.evaluator`.

    Raises:
        InputError: the data or the settings are not as they should be, or `config.out` holds another run.
        ModelError: the base model cannot be had.
    """
    if evaluate is None and config.every.agent:
        evaluate = agent_score.evaluator(config)
    if config.device.threads:
        torch.set_num_threads(config.device.threads)
    device.keep_freed_memory()
    with shards.processes(config.device) as share:
        return _Run(config, share, on_progress, evaluate).go()


class _Run:
    def __init__(self, config: SftConfig, share: tuple[int, int], on_progress: OnProgress | None, evaluate: Evaluate | None) -> None:
        self._config, self._share, self._on_progress, self._evaluate = config, share, on_progress, evaluate
        self._leads = share[0] == 0
        torch.manual_seed(config.seed)
        place = device.choose(config.device)
        self._base: BaseModel = load_base(base_path(config.base), place.dtype)
        self._corpus = self._read()
        budget = config.budget
        self._steps = plan_steps(
            self._corpus.train,
            seed=config.seed,
            epochs=budget.epochs,
            steps=budget.steps,
            tokens_per_step=budget.tokens_per_step,
            pack_tokens=budget.pack_tokens,
        )
        held = self._corpus.validation
        self._held: Step | None = plan_step(held, pack_tokens=budget.pack_tokens) if held else None
        self._stop = threading.Event()
        self._trainer: Trainer = model_building.build_trainer(config, self._base, place, share, self._stop.is_set)
        self._identity = checkpoints.Identity(_settings(config), self._corpus.digest, len(self._steps))
        self._checkpoints = config.out / CHECKPOINTS
        self._validation: float | None = None
        self._length_before = len(self._steps)
        self._seen = self._spent = 0.0

    def _read(self) -> Corpus:
        config = self._config
        return read_corpus(
            Renderer(self._base.tokenizer),
            config.data,
            config.validation,
            share=config.validation_share,
            most=config.validation_most,
            max_length=config.budget.max_length,
            seed=config.seed,
        )

    def go(self) -> Outcome:
        """Train to the end, or until stopped."""
        done = self._resume()
        self._config.out.mkdir(parents=True, exist_ok=True)
        (self._config.out / CONFIG).write_text(self._config.model_dump_json(indent=1), encoding="utf-8")
        self._log = Log(self._config.out / (NAME if self._leads else f"log-{self._share[0]}.jsonl"), done)
        with self._stops():
            try:
                if done == 0:
                    self._validate(0)
                if self._length_before != len(self._steps):
                    self._log.event("length", done, steps=len(self._steps), before=self._length_before)
                for number in range(done, len(self._steps)):
                    self._step(number)
                    done = number + 1
            except StoppedError:
                self._save(done)
                return self._outcome(done, None)
            finally:
                self._log.close()
        self._save(done)
        made = result.write(self._config, self._base, self._trainer.model, self._config.out / "result", share=self._share)
        if self._leads:
            draw(self._config.out / NAME, self._config.out / "curves.png")
        return self._outcome(done, made)

    def _step(self, number: int) -> None:
        if self._stop.is_set():
            raise StoppedError
        every, of = self._config.every, len(self._steps)
        record = self._trainer.step(number, of, self._steps[number])
        if not math.isfinite(record.loss):
            raise errors.InputError(
                f"the loss of step {record.step} is {record.loss}; lower schedule.peak, or look at the data of that step"
            )
        self._log.step(record)
        if _due(every.validation, record.step, of):
            self._validate(record.step)
        if _due(every.checkpoint, record.step, of):
            self._save(record.step)
        if self._evaluate is not None and every.agent and _due(every.agent, record.step, of):
            self._ask_agent(record.step)
        self._tell(record)

    def _validate(self, step: int) -> None:
        if self._held is not None:
            began = time.perf_counter()
            self._validation = self._trainer.validate(self._held)
            self._log.event("validation", step, loss=self._validation, seconds=time.perf_counter() - began)

    def _ask_agent(self, step: int) -> None:
        folder = result.write(self._config, self._base, self._trainer.model, self._config.out / f"step-{step:06d}", share=self._share)
        if self._evaluate is not None and folder is not None:
            self._log.event("agent", step, **self._evaluate(folder, step))

    def _tell(self, record: StepRecord) -> None:
        self._seen += record.tokens
        self._spent += record.seconds
        if self._on_progress is not None:
            pace = self._seen / max(self._spent, 1e-9)
            left = sum(step.tokens for step in self._steps[record.step :])
            self._on_progress(Progress(record, len(self._steps), left / pace, pace, self._validation))

    def _resume(self) -> int:
        newest = checkpoints.latest(self._checkpoints)
        if newest is None:
            return 0
        state = checkpoints.load(newest, self._identity)
        model_building.load_state(self._trainer, state)
        self._validation, self._length_before = state["validation"], int(state["length"])
        return int(state["step"])

    def _save(self, step: int) -> None:
        state = {**model_building.state_of(self._trainer), "validation": self._validation}
        if self._leads:
            checkpoints.save(self._checkpoints, step, state, self._identity, keep=self._config.keep_checkpoints)

    def _outcome(self, done: int, made: Path | None) -> Outcome:
        tokens = sum(step.tokens for step in self._steps[:done])
        return Outcome(self._config.out, made, done, len(self._steps), tokens, self._validation, self._corpus.left_out)

    @contextlib.contextmanager
    def _stops(self) -> Iterator[None]:
        """While it is open, the first Ctrl-C or SIGTERM asks the run to stop and save; a second Ctrl-C interrupts as ever."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def ask(number: int, _: object) -> None:
            self._stop.set()
            signal.signal(number, before[signal.Signals(number)])

        try:
            for number in before:
                signal.signal(number, ask)
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _due(every: int, step: int, of: int) -> bool:
    return bool(every) and (step % every == 0 or step == of)


def _settings(config: SftConfig) -> str:
    """What must not change between a checkpoint and the run that goes on from it."""
    free = {"out", "data", "validation", "every", "agent", "keep_checkpoints"}
    return config.model_dump_json(exclude={**dict.fromkeys((*free, "device"), True), "budget": {"epochs", "steps"}})

"""Training throughput side by side: our loop, a plain loop, and trl's SFTTrainer, on the same conversations in one run.

    python benchmarks/train_throughput.py --data train.jsonl [--tokens 16384] [--arms ours,plain,trl]

Needs `pip install 'codeact[train]' trl datasets`. Every arm trains the same LoRA (rank 32, all linear layers) on the same conversations in
the same order with the same loss (assistant turns only), peak rate and tokens a step, then is validated on the same held-out conversations
by one function. Reported: tokens of conversations a second of wall clock and of processor time (the second says more on a machine that
others use too), and loss.

- ours: shared beginnings computed once, packs without padding, merged adapters, logits only where there is loss.
- plain: transformers and peft as they come: batches padded to their longest, logits of every token.
- trl: SFTTrainer with its defaults (batch, checkpointing of activations), but in the number format of the others.
"""

import argparse
import gc
import json
import math
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from codeact.train import device, loading, model_building
from codeact.train.config import SftConfig
from codeact.train.corpus import read_corpus
from codeact.train.loop import Trainer
from codeact.train.packing.plan import Step, plan_step, plan_steps
from codeact.train.rendering import Example, Renderer

BATCH = 8
"""trl's own default."""


@dataclass(frozen=True)
class Job:
    """What all arms do."""

    config: SftConfig
    place: device.Place
    steps: list[Step]
    held: Step

    def order(self, step: Step) -> list[Example]:
        """The conversations of a step."""
        return [example for pack in step.packs for stem in pack.stems for example in stem.examples]

    @property
    def tokens(self) -> int:
        """Of all conversations."""
        return sum(step.tokens for step in self.steps)

    def trainer(self) -> Trainer:
        """A model with fresh adapters; all arms begin with the same ones."""
        torch.manual_seed(self.config.seed)
        base = loading.load_base(loading.base_path(self.config.base), self.place.dtype)
        return model_building.build_trainer(self.config, base, self.place, (0, 1), lambda: False)


def main() -> None:
    """Run the arms and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=16384)
    parser.add_argument("--tokens-per-step", type=int, default=4096)
    parser.add_argument("--arms", default="ours,plain,trl")
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    device.keep_freed_memory()  # for all arms alike
    if given.threads:
        torch.set_num_threads(given.threads)
    job = make_job(given)
    arms: dict[str, Callable[[Job], Any]] = {"ours": ours, "plain": plain, "trl": trl}
    print(f"{len(job.steps)} steps, {job.tokens} tokens, {job.place.dtype}, {torch.get_num_threads()} threads", flush=True)
    for name in given.arms.split(","):
        print(json.dumps({"arm": name, **measure(job, arms[name])}), flush=True)
        gc.collect()


def make_job(given: argparse.Namespace) -> Job:
    """Read the data and plan the steps."""
    config = SftConfig.model_validate({"data": [given.data], "out": "unused", "budget": {"pack_tokens": 4096}})
    renderer = Renderer(loading.load_tokenizer(loading.base_path(config.base)))
    corpus = read_corpus(renderer, config.data, share=0.2, most=16, max_length=2048)
    steps = plan_steps(
        corpus.train,
        seed=0,
        epochs=1,
        steps=math.ceil(given.tokens / given.tokens_per_step),
        tokens_per_step=given.tokens_per_step,
        pack_tokens=config.budget.pack_tokens,
    )
    held = plan_step(corpus.validation, pack_tokens=config.budget.pack_tokens)
    return Job(config, device.choose(config.device), steps, held)


def measure(job: Job, arm: Callable[[Job], Any]) -> dict[str, float]:
    """Train by an arm; its own preparation is not timed."""
    run = arm(job)
    wall, processor = time.perf_counter(), time.process_time()
    model = run()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    judge = job.trainer()
    with torch.no_grad():
        trained = {name.split(".base_model.")[-1]: value for name, value in model.named_parameters() if "lora_" in name}
        for name, parameter in judge.model.named_parameters():
            if "lora_" in name:
                parameter.copy_(trained[name.split(".base_model.")[-1]])
    if judge.merged is not None:
        judge.merged.refresh()
    return {
        "tokens_per_second": round(job.tokens / wall, 1),
        "tokens_per_processor_second": round(job.tokens / processor, 1),
        "seconds": round(wall, 1),
        "validation_loss": round(judge.validate(job.held), 4),
    }


def ours(job: Job) -> Callable[[], Any]:
    """Our loop."""
    trainer = job.trainer()

    def run() -> Any:
        for number, step in enumerate(job.steps):
            trainer.step(number, len(job.steps), step)
        return trainer.model

    return run


def peft_model(job: Job) -> Any:
    """The same model with peft's own layers and torch's attention."""
    config = job.config.model_copy(update={"device": job.config.device.model_copy(update={"merged": "off"})})
    model = Job(config, job.place, job.steps, job.held).trainer().model
    model.set_attn_implementation("sdpa")
    return model


def plain(job: Job) -> Callable[[], Any]:
    """A loop as a tutorial would write it."""
    model = peft_model(job).train()
    from codeact.train.loop import learning_rate

    optimizer = torch.optim.AdamW([one for one in model.parameters() if one.requires_grad], betas=job.config.betas, weight_decay=0.0)

    def run() -> Any:
        for number, step in enumerate(job.steps):
            examples = job.order(step)
            for begin in range(0, len(examples), BATCH):
                ids, goals, seen = padded(examples[begin : begin + BATCH])
                with torch.autocast("cpu", torch.bfloat16, enabled=job.place.dtype == torch.bfloat16):
                    logits = model(input_ids=ids, attention_mask=seen, use_cache=False).logits
                loss = cross_entropy(logits[:, :-1].flatten(0, 1).float(), goals[:, 1:].flatten(), reduction="sum", ignore_index=-100)
                (loss / step.learnt).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), job.config.clip)
            optimizer.param_groups[0]["lr"] = learning_rate(job.config.schedule, number, len(job.steps))
            optimizer.step()
            optimizer.zero_grad()
        return model

    return run


def padded(examples: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, labels and mask of a batch."""
    longest = max(len(example.ids) for example in examples)
    ids = torch.full((len(examples), longest), 2)
    goals = torch.full((len(examples), longest), -100)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        goals[row, :length] = torch.where(torch.tensor(example.learnt), ids[row, :length], -100)
    seen = torch.tensor([[1] * len(example.ids) + [0] * (longest - len(example.ids)) for example in examples])
    return ids, goals, seen


def trl(job: Job) -> Callable[[], Any]:
    """trl's trainer."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    examples = [example for step in job.steps for example in job.order(step)]
    rows = [{"input_ids": list(example.ids), "assistant_masks": [int(mark) for mark in example.learnt]} for example in examples]
    folder = tempfile.mkdtemp()
    per_step = len(examples) / len(job.steps)
    settings = SFTConfig(
        output_dir=folder,
        learning_rate=job.config.schedule.peak,
        lr_scheduler_type="cosine",
        warmup_steps=1,
        num_train_epochs=1,
        gradient_accumulation_steps=max(1, round(per_step / BATCH)),
        bf16=job.place.dtype == torch.bfloat16,
        assistant_only_loss=True,
        max_length=2048,
        use_cpu=job.place.device.type == "cpu",
        report_to="none",
        save_strategy="no",
        disable_tqdm=True,
    )
    base = loading.load_base(loading.base_path(job.config.base), job.place.dtype)
    model = peft_model(job)
    trainer = SFTTrainer(model=model, args=settings, train_dataset=Dataset.from_list(rows), processing_class=base.tokenizer)

    def run() -> Any:
        trainer.train()
        return trainer.accelerator.unwrap_model(trainer.model)

    return run


if __name__ == "__main__":
    main()

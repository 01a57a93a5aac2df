"""The local model as it is fetched and in its faster form: how fast a prompt is read and an answer written, in turns in one run.

    python benchmarks/local_forms.py [--adapter ADAPTER.gguf] [--rounds 3] [--prompt 800] [--answer 120] [--threads N]

With an adapter (ours, if one is shipped) it lies beside the fetched weights, and is added in for the faster form. Speeds are tokens a
second: medians of the rounds, and their extremes. The weights come with `codeact models pull`.
"""

import argparse
import asyncio
import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from codeact.events import Message
from codeact.models import pinned
from codeact.models.local import LocalModel, fastest, physical_cores
from codeact.protocols import Completion, ModelRequest

WORDS = (
    "table",
    "river",
    "seven",
    "market",
    "under",
    "bright",
    "letter",
    "window",
    "forty",
    "paper",
    "yellow",
    "engine",
    "simple",
    "garden",
)


@dataclass(slots=True)
class Speeds:
    """Of one form: seconds to load, tokens a second read and written, one of each a round."""

    loads: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)


async def measure(model: LocalModel, prompt: int, answer: int, seed: int) -> tuple[float, float, float]:
    """Seconds to load, and the speeds of reading and writing."""
    began = time.perf_counter()
    await ask(model, ModelRequest([Message(role="user", content="Hello")], max_tokens=1))
    load = time.perf_counter() - began
    draw = random.Random(seed)
    text = " ".join(draw.choice(WORDS) for _ in range(prompt))
    request = ModelRequest([Message(role="user", content=text)], max_tokens=answer, grammar=f'root ::= ("a "){{{answer}}}')
    first, whole, done = await ask(model, request)
    return load, (done.usage.input_tokens - done.usage.cached_tokens) / first, (done.usage.output_tokens - 1) / (whole - first)


async def ask(model: LocalModel, request: ModelRequest) -> tuple[float, float, Completion]:
    """Seconds to the first piece of text and to the end, and the end."""
    began = time.perf_counter()
    first = 0.0
    async for item in model.generate(request):
        now = time.perf_counter() - began
        if isinstance(item, Completion):
            return first, now, item
        first = first or now
    raise RuntimeError("the model ended without a completion")


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapter", type=Path, default=pinned.find_adapter())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--prompt", type=int, default=800)
    parser.add_argument("--answer", type=int, default=120)
    parser.add_argument("--threads", type=int, default=physical_cores())
    given = parser.parse_args()
    fetched = pinned.ensure()
    began = time.perf_counter()
    forms = {"as fetched": (fetched, given.adapter), "faster form": fastest(fetched, given.adapter)}
    print(f"the faster form was there after {time.perf_counter() - began:.1f} s; adapter: {given.adapter and given.adapter.name}")
    found = {name: Speeds() for name in forms}
    for turn in range(given.rounds):
        for name, (path, lora) in forms.items():
            model = LocalModel(path, lora=lora, n_ctx=4096, threads=given.threads)
            load, read, write = await measure(model, given.prompt, given.answer, turn)
            await model.aclose()
            found[name].loads.append(load)
            found[name].reads.append(read)
            found[name].writes.append(write)
    print(f"{'':<12} {'load, s':>8} {'read, tokens/s':>24} {'write, tokens/s':>24}")
    for name, speeds in found.items():
        print(f"{name:<12} {statistics.median(speeds.loads):>8.2f} {spread(speeds.reads):>24} {spread(speeds.writes):>24}")
    old, new = found.values()
    ratios = (statistics.median(new.reads) / statistics.median(old.reads), statistics.median(new.writes) / statistics.median(old.writes))
    print(f"faster form: reading {ratios[0]:.2f} times as fast, writing {ratios[1]:.2f} times")


def spread(values: list[float]) -> str:
    """Median and extremes."""
    return f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"


asyncio.run(main())

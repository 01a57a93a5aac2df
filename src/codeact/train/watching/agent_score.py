"""How well the agent does its tasks with the adapter as it is, in the middle of a training: a small bench, in the log and the curves.

Invariant: the adapter is used as `codeact` will use it, in llama.cpp, with the sandbox, the grammar and the graders of any other bench; the
records of each time are kept. It does not: choose what is kept of the training by its score.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codeact import config as settings_of
from codeact import errors
from codeact.bench import plan, suite
from codeact.bench.runner import Runner
from codeact.train.config import SftConfig
from codeact.train.result import ADAPTER

FOLDER = "agent"


def evaluator(config: SftConfig) -> Callable[[Path, int], dict[str, Any]]:
    """What `sft` calls every `config.every.agent` steps: it takes an adapter's folder and the step, and returns what the log is to say.

    Raises:
        InputError: the run makes no adapter that llama.cpp can put on its base; or there is no such suite.
    """
    if config.method != "lora" or not (config.base == "local" or config.base.endswith(".gguf")):
        raise errors.InputError(
            f"every.agent is {config.every.agent}, but only an adapter on 'local' or a .gguf file can be tried while it is trained "
            f"(base is {config.base!r}, method {config.method!r}); set every.agent to 0"
        )
    check = config.agent
    tasks = suite.read(check.suite, options=check.options)
    base = "local:base" if config.base == "local" else f"local:{config.base}"
    settings = settings_of.load(temperature=0.0, max_tokens=check.max_tokens)

    def evaluate(folder: Path, step: int) -> dict[str, Any]:
        began = time.perf_counter()
        chosen = plan.plan(
            tasks, settings, models=[f"{base}+{folder / ADAPTER}"], formats=[check.format], rule="strict", limits={"turns": check.turns}
        )
        results = asyncio.run(Runner(chosen, tasks, settings, config.out / FOLDER / f"step-{step:06d}").arun())
        right = sum(result.score.success for result in results)
        turns = sum(result.turns for result in results) / len(results)
        return {"success": right / len(results), "tasks": len(results), "turns": turns, "seconds": time.perf_counter() - began}

    return evaluate

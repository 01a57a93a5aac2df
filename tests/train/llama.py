"""llama.cpp as a judge: log-probabilities of the next token, and its tokens of a text."""

import weakref
from pathlib import Path
from typing import Any

import xllamacpp

from codeact.scratch import Scratch


class Judge:
    """A model in llama.cpp, with an adapter or without."""

    def __init__(self, model: Path, adapter: Path | None = None) -> None:
        llama: Any = xllamacpp
        settings = llama.CommonParams()
        settings.verbosity = -1
        settings.model.path = str(model)
        settings.n_ctx = 2048
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
        scratch = Scratch()
        self._remove = weakref.finalize(self, scratch.remove)
        settings.hostnames = [f"{scratch.path}/llama.sock"]
        settings.ui = False
        if adapter is not None:
            settings.lora_adapters = [llama.CommonAdapterLoraInfo(str(adapter), 1.0)]
        self._server = llama.Server(settings)

    def next(self, ids: list[int], most: int = 5) -> dict[int, float]:
        """Log-probabilities of the likeliest next tokens, likeliest first."""
        replies: list[dict[str, Any]] = []

        def take(reply: dict[str, Any]) -> bool:
            replies.append(reply)
            return False

        self._server.handle_completions(
            {
                "prompt": ids,
                "n_predict": 1,
                "n_probs": most,
                "temperature": 0.0,
                "stream": False,
                "cache_prompt": False,
                "ignore_eos": True,
            },
            take,
        )
        top = replies[0]["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        return {one["id"]: one["logprob"] for one in top}

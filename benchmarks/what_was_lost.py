"""What training for code took away: perplexity on plain text, and 50 prompts of plain conversation, before and after.

    python benchmarks/what_was_lost.py [ADAPTER] [--text FILE] [--tokens 20480] [--out REPLIES.md]

ADAPTER is for the local model: a GGUF file, the folder `result` of a training run, or `ours`, which is the one that `local` loads. Needs
`pip install 'codeact[train]'`; the weights come with `codeact models pull`.

- Perplexity: of both models in fp32, over windows of 512 tokens that overlap by nothing, first token of each left out. The text is
  CPython's own reference on language topics (`pydoc_data.topics`), English with little code in it, unless a file is given.
- Prompts: `plain_prompts.txt`, none of which needs code. Both models are the agent as it ships: same prompt, same grammar, greedy, one
  turn. Counted: how many are answered in words, with no code. Whether a reply is a good one is for the reader: all are in REPLIES.md.
"""

import argparse
import math
from collections import Counter
from pathlib import Path
from pydoc_data import topics
from typing import Any

import torch

import codeact
from codeact.events import Limits
from codeact.models import pinned, prepared
from codeact.train import device, loading, model_building, starting
from codeact.train.config import Lora, SftConfig

WINDOW = 512  # tokens
PROMPTS = Path(__file__).with_name("plain_prompts.txt")


def perplexity(model: Any, ids: list[int]) -> float:
    """Exp of the mean negative log-likelihood of a token, given those before it in its window.

    Args:
        model: takes ids of shape (1, window).
        ids: of the text.
    """
    model.set_attn_implementation("sdpa")
    lost, seen = 0.0, 0
    with torch.inference_mode():
        for window in _windows(ids):
            given = torch.tensor([window])
            logits = model(input_ids=given, use_cache=False).logits[0, :-1].float()
            lost += float(torch.nn.functional.cross_entropy(logits, given[0, 1:], reduction="sum"))
            seen += len(window) - 1
    return math.exp(lost / seen)


def _windows(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + WINDOW] for start in range(0, len(ids), WINDOW)]


def prompts() -> list[tuple[str, str]]:
    """Kind and text of each prompt."""
    lines = [line for line in PROMPTS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(kind, text) for kind, _, text in (line.partition(": ") for line in lines)]


def replies(model: str) -> list[tuple[bool, str]]:
    """Whether a model answers each prompt without code, and what it says or runs."""
    said: list[tuple[bool, str]] = []
    with codeact.Agent(model, limits=Limits(turns=1), temperature=0, max_tokens=160) as agent:
        for _, text in prompts():
            written = next(message.content for message in agent.run(text).trajectory.messages if message.role == "assistant")
            said.append(("<execute>" not in written, written.strip()))
    return said


def given_adapter(given: str) -> tuple[Path, str]:
    """File of an adapter, and the model's name with it.

    Raises:
        SystemExit: there is none.
    """
    path = pinned.find_adapter() if given == starting.OURS else Path(given)
    if path is not None and path.is_dir():
        path = path / "adapter.gguf"
    if path is None or not path.is_file():
        raise SystemExit(f"there is no adapter at {given!r}; give a GGUF file, a folder with adapter.gguf in it, or {starting.OURS}")
    return path, "local" if given == starting.OURS else f"local:base+{path}"


def adapted(base: loading.BaseModel, adapter: Path) -> torch.nn.Module:
    """The model with an adapter on it; the model is changed."""
    factors, alpha = prepared.read_adapter(adapter)
    rank = min(next(iter(factors.values())).shape)
    lora = Lora(rank=rank, alpha=alpha, start=str(adapter))
    config = SftConfig(data=(adapter,), out=adapter.parent, lora=lora)  # no data is read, and nothing is written
    return model_building.build_trainer(config, base, device.Place(torch.device("cpu"), torch.float32), (0, 1), lambda: False).model.eval()


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapter", nargs="?", default=starting.OURS)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--tokens", type=int, default=20480)
    parser.add_argument("--out", type=Path, default=Path("replies.md"))
    given = parser.parse_args()
    adapter, name = given_adapter(given.adapter)

    text = given.text.read_text(encoding="utf-8") if given.text else "\n\n".join(topics.topics.values())
    base = loading.load_base(loading.base_path("local"), torch.float32)
    ids = base.tokenizer(text)["input_ids"][: given.tokens]
    print(f"perplexity of {len(ids)} tokens")
    print(f"  before  {perplexity(base.model, ids):.2f}", flush=True)
    print(f"  after   {perplexity(adapted(base, adapter), ids):.2f}", flush=True)

    before, after = replies("local:base"), replies(name)
    kinds = [kind for kind, _ in prompts()]
    print("answered in words, with no code")
    for when, said in (("before", before), ("after", after)):
        right = Counter(kind for kind, (plain, _) in zip(kinds, said, strict=True) if plain)
        parts = ", ".join(f"{kind} {right[kind]}/{kinds.count(kind)}" for kind in dict.fromkeys(kinds))
        print(f"  {when:7} {sum(right.values())}/{len(kinds)}: {parts}")
    lines = ["| prompt | before | after |", "| --- | --- | --- |"]
    for (_, prompt), (_, was), (_, is_) in zip(prompts(), before, after, strict=True):
        lines.append("| " + " | ".join(text.replace("|", "\\|").replace("\n", "<br>") for text in (prompt, was, is_)) + " |")
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"all replies: {given.out}")


if __name__ == "__main__":
    main()

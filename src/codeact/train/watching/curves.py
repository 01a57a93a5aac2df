"""The curves of a run over tokens, as PNG: loss, validation, and how many tasks the agent does, where it was asked.

Invariant: drawn from the log alone. It does not: smooth what is not noisy (the thin line is every step, the thick one its running mean).
"""

from pathlib import Path

from matplotlib.figure import Figure

from codeact.train.watching.log import read_log

SMOOTH = 0.9


def draw(log: Path, target: Path) -> None:
    """Draw the curves of a log.

    Args:
        log: `log.jsonl` of a run.
        target: the PNG.

    Raises:
        InputError: the log cannot be read.
    """
    lines = read_log(log)
    steps = [line for line in lines if line["kind"] == "step"]
    checks = [line for line in lines if line["kind"] == "validation"]
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    seen = {0: 0.0}
    for line in steps:
        seen[line["step"]] = seen.get(line["step"] - 1, 0.0) + line["tokens"] / 1000
    at = [seen[line["step"]] for line in steps]
    losses = [line["loss"] for line in steps]
    axes.plot(at, losses, color="#7aa6c2", linewidth=0.8, alpha=0.7, label="training, each step")
    axes.plot(at, _running(losses), color="#1f5f8b", linewidth=1.8, label="training, running mean")
    if checks:
        axes.plot([seen[line["step"]] for line in checks], [line["loss"] for line in checks], "o-", color="#c8553d", label="validation")
    axes.set(xlabel="tokens of conversations, thousands", ylabel="loss, nats a learnt token", ylim=(0, None), xlim=(0, None))
    axes.grid(alpha=0.25)
    agent = [line for line in lines if line["kind"] == "agent"]
    if agent:
        right = axes.twinx()
        right.plot([seen[line["step"]] for line in agent], [100 * line["success"] for line in agent], "s--", color="#4d8f57")
        right.set(ylabel="tasks that the agent does, %", ylim=(0, 100))
        axes.plot([], [], "s--", color="#4d8f57", label="tasks that the agent does (right)")
    axes.legend(frameon=False)
    figure.savefig(target, dpi=130)


def _running(values: list[float]) -> list[float]:
    """A running mean that begins at the first value's own height and not at 0."""
    mean, weight, found = 0.0, 0.0, []
    for value in values:
        mean = SMOOTH * mean + (1 - SMOOTH) * value
        weight = SMOOTH * weight + (1 - SMOOTH)
        found.append(mean / weight)
    return found

"""Calls written and read back in each of the three formats: random ones, and the gold calls of API-Bank.

    python benchmarks/format_round_trips.py [--calls 200000] [--seed 0]
    python benchmarks/format_round_trips.py --api-bank FOLDER      the folder of JSON Lines of level 1 (DAMO-ConvAI, Apache-2.0)

A call counts as kept if what is read is equal to what was written: tool, arguments in order, named arguments, types of values. In the
format code the action is read as a call again, with `ast`, and never run. Of the random calls, one to three stand in a turn. It asserts
nothing: the tests are in tests/formats.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from codeact import build
from codeact.errors import FormatError
from codeact.formats import calls
from codeact.protocols import ActionFormat, Call, Step
from formats.random_calls import CALLS

FORMATS = [build.format(name) for name in ("code", "json", "text")]
BATCH = 5000
HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
SHOWN = 5


def read_back(action_format: ActionFormat, made: Sequence[Call], *, thought: str = "") -> tuple[Call, ...]:
    """The calls of a turn, once written and read.

    Raises:
        FormatError: it could not be read.
    """
    if action_format.name != "code":
        return action_format.parse(action_format.write(Step(thought, calls=tuple(made)))).calls
    steps = [action_format.parse(action_format.write(Step(thought, calls=(call,)))) for call in made]
    return tuple(calls.read(step.code or "") for step in steps)


def as_json(made: Sequence[Call]) -> str:
    """Calls as text in which 1, 1.0 and true are three things, and the order of names is none."""
    return json.dumps([[call.tool, call.args, call.kwargs] for call in made], sort_keys=True)


class Count:
    """What was tried and kept, by format."""

    def __init__(self) -> None:
        self.tried = 0
        self.kept: Counter[str] = Counter()
        self.lost: list[str] = []

    def add(self, made: Sequence[Call]) -> None:
        """Try the calls of one turn in all formats."""
        self.tried += len(made)
        for action_format in FORMATS:
            try:
                kept = as_json(read_back(action_format, made)) == as_json(made)
                why = "something else was read"
            except FormatError as error:
                kept, why = False, error.feedback
            if kept:
                self.kept[action_format.name] += len(made)
            elif len(self.lost) < SHOWN:
                self.lost.append(f"{action_format.name}: {made!r:.300}: {why:.200}")

    def show(self, seconds: float) -> None:
        """Print the table."""
        for action_format in FORMATS:
            print(f"{action_format.name:5} {self.kept[action_format.name]:>7,} of {self.tried:,} calls kept")
        print(f"{seconds:.0f} s")
        print(*self.lost, sep="\n", end="\n" if self.lost else "")


def random_calls(most: int, first_seed: int) -> None:
    """Try random calls, in batches, each with a seed of its own."""
    count, begun = Count(), time.perf_counter()
    batch = first_seed
    while count.tried < most:

        @seed(batch)
        @settings(max_examples=BATCH, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=HEALTH)
        @given(st.lists(CALLS, min_size=1, max_size=3))
        def one_batch(made: list[Call]) -> None:
            if count.tried < most:
                count.add(made[: most - count.tried])

        one_batch()
        batch += 1
        print(f"{count.tried:,} of {most:,} calls, {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    count.show(time.perf_counter() - begun)


def api_bank(folder: Path) -> None:
    """Try every call of the dialogues in a folder."""
    count, begun = Count(), time.perf_counter()
    for file in sorted(folder.rglob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["role"] == "API":
                count.add([Call(entry["api_name"], (), entry["param_dict"])])
    count.show(time.perf_counter() - begun)


def main() -> None:
    """Read the arguments and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--api-bank", type=Path)
    chosen = parser.parse_args()
    if chosen.api_bank is not None:
        api_bank(chosen.api_bank)
    else:
        random_calls(chosen.calls, chosen.seed)


if __name__ == "__main__":
    main()

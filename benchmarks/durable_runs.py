"""Processes that work on runs are killed at random moments, again and again; what is lost, done twice, or not as it would have been.

    python benchmarks/durable_runs.py [--kills 100] [--address sqlite:///PATH | postgresql://...]

Each run has ten turns and 27 calls of a tool that writes into a file outside, which is how effects are counted. A process works on a run
until it is killed with SIGKILL, at any moment from its first event to its end; the next one goes on with it. Somebody who can look at
the file decides about calls whose outcome is not known. Exit code 1 if an effect is missing or was had twice, or a run did not end with
the answer and the output of an unbroken one.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from codeact import events
from codeact.store.kept import open_store
from store import killed
from store.killing import PRINTED, work


async def judged(address: str) -> tuple[int, int, int, int]:
    """Runs, those that did not end as they should, calls asked about, and events in all."""
    store = await open_store(address)
    runs = await store.runs(most=100_000)
    wrong = asked = kept = 0
    for run in runs:
        record = await store.read(run.id)
        printed = [observation.stdout.strip() for observation in record.of_type(events.Observation)]
        wrong += (run.state, run.answer) != ("answered", "paid") or printed != PRINTED or run.events != len(record.events)
        asked += sum('"note"' in event.content for event in record.of_type(events.ApprovalAsked))
        kept += run.events
    await store.aclose()
    return len(runs), wrong, asked, kept


def main() -> int:
    """Kill, and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--address")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance, kills, lost, twice = random.Random(given.seed), 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address, number = given.address or f"sqlite:///{folder / 'runs.db'}", 0
        while kills < given.kills:
            effects = folder / f"effects-{number}"
            effects.touch()
            for _ in range(min(5, given.kills - kills)):
                work(address, effects, (chance.randint(1, 7), chance.uniform(0, 0.02)))
                kills += 1
            ended = work(address, effects, None)
            had = effects.read_text(encoding="utf-8").split()
            lost += len(set(map(str, range(killed.PAID))) - set(had)) + (not ended)
            twice += len(had) - len(set(had))
            number += 1
            print(f"{kills} kills, {number} runs, {lost} effects lost, {twice} had twice", flush=True)
        runs, wrong, asked, kept = asyncio.run(judged(address))
    print(f"{runs} runs with {kept} events, {wrong} not as unbroken, {asked} calls of unknown outcome asked about")
    return 1 if lost or twice or wrong else 0


if __name__ == "__main__":
    sys.exit(main())

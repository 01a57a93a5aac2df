"""After each kind of crash: is the state from before the action there, and how long until the session answers again.

    python benchmarks/crash_table.py [--megabytes 0 200] [--repeat 3] [--json FILE] [NAME ...]

Recovery is from the last word of the action (for what a limit ends: from when the limit was hit, for limits on memory, processes and
disk from the action's last word too, so the time to reach the limit is in it) to the observation; then the next action is timed. Medians
in milliseconds. It asserts nothing: the same table is a test in tests/sandbox/test_crash_table.py.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from codeact.sandbox.session import Session
from sandbox.fidelity.crashes import CRASHES, LIMITS, SETUP, SPOIL, Crash, kill_guest


@dataclass(frozen=True, slots=True)
class Row:
    """One line.

    Args:
        megabytes: of the state's array.
        status: of the action.
        state: whether all of it was as before.
        recover_ms: see the module's docstring.
        next_ms: of the first action after it.
    """

    name: str
    megabytes: int
    status: str
    state: bool
    recover_ms: float
    next_ms: float


def measure(crash: Crash, megabytes: int) -> Row:
    """Run one crash in a new session."""
    spoken: list[float] = []

    def on_output(name: str, text: str) -> None:
        if text.startswith("MARK"):
            _, pid, when = text.split()[:3]
            spoken.append(float(when))
            if crash.from_outside:
                kill_guest(int(pid), session.workspace)
                spoken[-1] = time.monotonic()

    with Session(limits=LIMITS) as session:
        session.run(f"HELD = {megabytes}\n{SETUP}")
        before = session.run("fingerprint()").result
        started = time.monotonic()
        seen = session.run(SPOIL + crash.code, on_output=on_output, timeout=crash.seconds)
        ended = time.monotonic()
        session.run("1")
        answered = time.monotonic()
        state = seen.restored and session.run("fingerprint()").result == before
    since = started + crash.seconds if crash.seconds is not None and seen.status == "timeout" else spoken[-1]
    return Row(crash.name, megabytes, seen.status, state, (ended - since) * 1000, (answered - ended) * 1000)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="crashes to run (default: all)")
    parser.add_argument("--megabytes", type=int, nargs="+", default=[0, 200], help="sizes of the state")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    rows: list[Row] = []
    print(f"{'crash':34} {'MB':>4} {'ends as':8} {'state':9} {'recover ms':>10} {'next ms':>8}")
    for crash in CRASHES:
        if wanted.names and crash.name not in wanted.names:
            continue
        for megabytes in wanted.megabytes:
            runs = [measure(crash, megabytes) for _ in range(wanted.repeat)]
            row = Row(
                crash.name,
                megabytes,
                "/".join(sorted({run.status for run in runs})),
                all(run.state for run in runs),
                statistics.median(run.recover_ms for run in runs),
                statistics.median(run.next_ms for run in runs),
            )
            rows.append(row)
            state = "as before" if row.state else "LOST"
            print(f"{row.name:34} {row.megabytes:4} {row.status:8} {state:9} {row.recover_ms:10.1f} {row.next_ms:8.1f}", flush=True)
    if wanted.json is not None:
        wanted.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()

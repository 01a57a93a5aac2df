"""A session of ours beside what people would take instead: one run, all peers, in turns.

    pip install 'codeact[peers]'
    python benchmarks/session.py [--rounds 7] [--only NAME ...] [--json FILE] [--chart FILE.png]

Peers are measured in rounds (A B C A B C ...), because a shared machine is now fast and now slow; figures are medians over all rounds. An
action sums the squares of 1,000 numbers in a loop and prints the sum, which is checked. Ours run in tier strict with numpy, pandas and
matplotlib loaded, through the async face. It asserts no time: it prints the aims beside what was reached.

    create          until the session takes an action; cold: nothing was prepared but the zygote; warm: from the pool, after think time
    with libraries  creation and `import numpy, pandas, matplotlib.pyplot`
    sessions/s      opened 8 at a time; the second figure includes closing them
    memory          PSS of the whole process tree (host, zygote, sessions) with many sessions less without, over their number
    loop            a loop of 10^6 steps, timed inside, over the same in plain CPython (smolagents: 10^4 steps, scaled)
    by MB of state  checkpoint and rollback as asked for; fork: until the twin takes actions; action: the next follows at once; rested: it
                    follows after 30 ms, as none of a model follows sooner
    the machine     what it takes by itself for what a session is made of; figures of two machines compare by these
"""

import argparse
import asyncio
import json
import statistics
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from peers import measure, yardstick
from peers.catalogue import all_peers
from peers.chart import draw
from peers.live import Peer
from peers.measure import Copies, Times
from processes import load

MS = 1000.0


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def run(peers: list[Peer], rounds: int) -> tuple[dict[str, Times], Copies, dict[str, float]]:
    """All measures, in rounds; last what the machine takes by itself."""
    marks: list[dict[str, float]] = []
    found, copied = {peer.name: Times() for peer in peers}, Copies()
    for peer in peers:  # what happens once: the zygote, files read for the first time, the pool's first
        await measure.single(peer, Times())
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}: {load()}", flush=True)
        for peer in peers:
            await measure.single(peer, found[peer.name])
        for peer in peers:
            await measure.loop(peer, found[peer.name])
        for peer in peers:
            await measure.together(peer, found[peer.name])
        for peer in peers:
            await measure.with_libraries(peer, found[peer.name])
        await measure.copies(copied)
        marks.append(yardstick.measured())
    for peer in peers:
        await measure.memory(peer, found[peer.name])
    for peer in peers:
        await peer.close()
    return found, copied, {name: statistics.median(each[name] for each in marks) for name in yardstick.NAMES}


def summary(name: str, times: Times) -> dict[str, float | str | None]:
    """One line of the table; ms, MB and counts a second."""
    return {
        "name": name,
        "create p50": statistics.median(times.create) * MS,
        "create p95": quantile(times.create, 0.95) * MS,
        "created": len(times.create),
        "libraries": statistics.median(times.libraries) * MS if times.libraries else None,
        "first": statistics.median(times.first) * MS,
        "action p50": statistics.median(times.following) * MS,
        "action p95": quantile(times.following, 0.95) * MS,
        "actions": len(times.following),
        "actions/s": 1 / statistics.fmean(times.following),
        "sessions/s": statistics.median(times.opened),
        "turned/s": statistics.median(times.turned),
        "memory MB": statistics.median(times.memory) / 2**20,
        "loop": statistics.median(times.loop),
    }


_COLUMNS = {
    "create p50": ("create ms", "9.2f"),
    "create p95": ("p95", "8.2f"),
    "libraries": ("+libs ms", "8.1f"),
    "first": ("first ms", "8.2f"),
    "action p50": ("action ms", "9.3f"),
    "action p95": ("p95", "8.3f"),
    "actions/s": ("actions/s", "9.0f"),
    "sessions/s": ("open/s", "8.1f"),
    "turned/s": ("+close/s", "8.1f"),
    "memory MB": ("MB each", "8.2f"),
    "loop": ("loop x", "7.2f"),
}


def table(rows: list[dict], what: Callable[[dict, str], float | None], head: str) -> None:
    """Print one line a peer."""
    print(f"\n{head}\n{'':30}" + " ".join(f"{title:>{int(form.split('.')[0])}}" for title, form in _COLUMNS.values()))
    for row in rows:
        cells = []
        for key, (_, form) in _COLUMNS.items():
            value = what(row, key)
            cells.append(f"{value:{form}}" if value is not None else f"{'-':>{int(form.split('.')[0])}}")
        print(f"{row['name']:30}" + " ".join(cells))


def aims(rows: dict[str, dict], copied: dict[str, dict[int, float]]) -> list[tuple[str, float, float, bool]]:
    """What was aimed at: name, bound, reached, and whether more is better."""
    bare, warm = rows["codeact, bare, cold"], rows["codeact, bare, warm"]
    full, full_warm = rows["codeact, checkpoints, cold"], rows["codeact, checkpoints, warm"]
    return [
        ("create cold p50, ms (bare)", 5, bare["create p50"], False),
        ("create cold p50, ms (checkpoints)", 5, full["create p50"], False),
        ("create cold p95, ms (bare)", 15, bare["create p95"], False),
        ("create warm p50, ms (bare)", 1, warm["create p50"], False),
        ("create warm p50, ms (checkpoints)", 1, full_warm["create p50"], False),
        ("action p50, ms (bare)", 0.2, bare["action p50"], False),
        ("action p50, ms (checkpoint before it)", 3, full["action p50"], False),
        ("action p50, ms (checkpoint, 200 MB)", 3, copied["action"][200], False),
        ("action after 30 ms p50, ms (checkpoint, 200 MB)", 3, copied["rested"][200], False),
        ("new sessions a second (bare)", 150, bare["sessions/s"], True),
        ("new sessions a second (checkpoints)", 150, full["sessions/s"], True),
        ("memory a session, MB (bare)", 5, bare["memory MB"], False),
        ("memory a session, MB (checkpoints)", 5, full["memory MB"], False),
        ("checkpoint at 200 MB, ms", 3, copied["checkpoint"][200], False),
        ("rollback at 200 MB, ms", 5, copied["rollback"][200], False),
        ("fork at 200 MB, ms", 5, copied["fork"][200], False),
        ("loop over plain CPython (bare)", 1.03, bare["loop"], False),
        ("loop over plain CPython (checkpoints)", 1.03, full["loop"], False),
    ]


def report(rows: list[dict], copied: dict[str, dict[int, float]]) -> None:
    """Print the tables."""
    by_name = {row["name"]: row for row in rows}
    table(rows, lambda row, key: row[key], "Medians (created: " + ", ".join(str(row["created"]) for row in rows) + ")")
    ours = by_name.get("codeact, bare, cold")
    if ours is None:
        return
    table(rows, lambda row, key: row[key] / ours[key] if row[key] is not None else None, "Ratios to codeact, bare, cold")
    print(f"\n{'ms, by MB of state':30}" + " ".join(f"{size:>8}" for size in measure.SIZES))
    for name, sizes in copied.items():
        print(f"{name:30}" + " ".join(f"{sizes[size]:8.2f}" for size in measure.SIZES))
    if any(f"codeact, {kind}" not in by_name for kind in ("bare, warm", "checkpoints, cold", "checkpoints, warm")):
        return
    print(f"\n{'aim':48} {'bound':>8} {'reached':>9}")
    for name, bound, reached, more in aims(by_name, copied):
        met = reached > bound if more else reached < bound
        print(f"{name:48} {'>' if more else '<'}{bound:7g} {reached:9.2f} {'' if met else 'MISSED'}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", default=[], help="peers whose names hold one of these")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--chart", type=Path)
    wanted = parser.parse_args()
    peers, missing = all_peers()
    for name, reason in missing.items():
        print(f"not measured: {name}: {reason}")
    peers = [peer for peer in peers if not wanted.only or any(part in peer.name for part in wanted.only)]
    found, copies, machine = asyncio.run(run(peers, wanted.rounds))
    rows = [summary(name, times) for name, times in found.items()]
    copied = {name: {size: statistics.median(values) * MS for size, values in sizes.items()} for name, sizes in asdict(copies).items()}
    print(load())
    report(rows, copied)
    print("\nthe machine by itself")
    for name, title in yardstick.NAMES.items():
        print(f"{title:48} {machine[name]:9.2f}")
    if wanted.json is not None:
        wanted.json.write_text(json.dumps({"rows": rows, "copies": copied, "machine": machine, "load": load()}, indent=1))
    if wanted.chart is not None:
        draw(rows, wanted.chart)


if __name__ == "__main__":
    main()

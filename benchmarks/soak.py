"""Very many sessions and actions with faults at random: nothing is lost, crossed or left behind.

    python benchmarks/soak.py [--sessions 10000] [--actions 200000] [--at-once 6] [--seed N] [--isolation strict]
    python benchmarks/soak.py --kill-host [--sessions 50]

Each session counts its actions in a variable and writes a file in each; every observation is compared with what must come of the action:
status, output, result, variable, files, whether it was undone. Faults are those of `faults/kinds.py`, drawn with the seed. Processes,
descriptors, mounts, files and memory are counted before (after a warm-up of the same kind) and after. It asserts: a wrong observation or
something left behind ends it with status 1. Ctrl-C ends it early, with its figures. ``--kill-host`` kills a host of live sessions with
SIGKILL, and looks for what is left after two seconds and whether the next start removes its folder.
"""

import argparse
import asyncio
import gc
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from faults.driver import Driver, Tally
from processes import load, resident, tree

from codeact import Limits, Session
from codeact.sandbox import forkserver
from codeact.sandbox.isolation import Tier

LIMITS = Limits(memory_mb=1024)
_WARM_UP = 40
_PROGRESS_SECONDS = 20.0
_SETTLE_SECONDS = 1.0
_LEFT_SECONDS = 2.0
_HOST = """
import asyncio, sys
from codeact import Session

async def main():
    sessions = [Session(isolation=sys.argv[2]) for _ in range(int(sys.argv[1]))]
    for session in sessions:
        await session.arun("import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)")
        await session.arun("1")
    print(sessions[0].workspace.parent, flush=True)
    await asyncio.sleep(1000)

asyncio.run(main())
"""


async def soak(tally: Tally, numbers: Iterator[int], actions: int, wanted: argparse.Namespace) -> None:
    """Sessions with the numbers, some at a time."""

    async def worker() -> None:
        for number in numbers:
            chance = random.Random(f"{wanted.seed} {number}")
            checkpoints = chance.random() < 0.8
            session = Session(limits=LIMITS, isolation=wanted.isolation, checkpoints=checkpoints)
            await Driver(number, session, checkpoints, chance, tally).live(actions)

    async with asyncio.TaskGroup() as group:
        for _ in range(wanted.at_once):
            group.create_task(worker())


async def progress(tally: Tally) -> None:
    """Say how far it is."""
    while True:
        await asyncio.sleep(_PROGRESS_SECONDS)
        seconds = time.monotonic() - tally.began
        print(
            f"{seconds:6.0f} s: {tally.sessions} sessions, {tally.actions} actions ({tally.actions / seconds:.0f}/s), "
            f"{len(tally.wrong)} wrong, host {resident(os.getpid()) >> 20} MB, {load()}",
            flush=True,
        )


def counts() -> dict[str, int]:
    """What is there now, of what could be left behind."""
    time.sleep(_SETTLE_SECONDS)
    gc.collect()
    server = next(iter(forkserver._servers.values()))  # the one place that knows: no public name, nobody else should need one
    family = tree()
    zygote = max(family[1:4], key=resident)
    return {
        "processes": len(family),
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 -- names, no paths
        "descriptors of the zygote": len(os.listdir(f"/proc/{zygote}/fd")),  # noqa: PTH208 -- likewise
        "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "mounts of the zygote": len(Path(f"/proc/{zygote}/mountinfo").read_text().splitlines()),
        "entries of its folder": len(list(server.workspaces.iterdir())),
        "folders of codeact": len(list(server.workspaces.parent.glob("codeact-*"))),
        "memory of the host, MB": resident(os.getpid()) >> 20,
        "memory of the zygote, MB": resident(zygote) >> 20,
    }


async def main_soak(wanted: argparse.Namespace) -> bool:
    """The whole soak; whether all was well."""
    each = max(2, wanted.actions // wanted.sessions - 1)  # a session ends with a look
    await soak(Tally(), iter(range(-_WARM_UP, 0)), each, wanted)
    before, tally = counts(), Tally()
    speaker = asyncio.create_task(progress(tally))
    with suppress(asyncio.CancelledError):
        await soak(tally, iter(range(wanted.sessions)), each, wanted)
    speaker.cancel()
    after = counts()
    seconds = time.monotonic() - tally.began
    print(f"{tally.sessions} sessions, {tally.actions} actions in {seconds:.0f} s; seed {wanted.seed}; {load()}")
    print("kinds: " + ", ".join(f"{name} {count}" for name, count in tally.kinds.most_common()))
    left = [name for name in before if after[name] > before[name] and "MB" not in name and name != "folders of codeact"]
    print(f"{'':28} {'before':>8} {'after':>8}")
    for name, value in before.items():
        print(f"{name:28} {value:8} {after[name]:8} {'LEFT BEHIND' if name in left else ''}")
    print(f"wrong observations: {len(tally.wrong)}")
    return not left and not tally.wrong


def kill_host(sessions: int, isolation: Tier) -> bool:
    """Kill a host; whether nothing is left."""
    with subprocess.Popen([sys.executable, "-c", _HOST, str(sessions), isolation], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        said = host.stdout.readline().strip()
        if not said:
            sys.exit("the host could not start its sessions, see above")
        folder = Path(said)
        family = {pid: _started(pid) for pid in tree(host.pid)}
        host.send_signal(signal.SIGKILL)
        killed = time.monotonic()
    gone = None
    while (since := time.monotonic() - killed) < _LEFT_SECONDS:
        if not any(_started(pid) == when for pid, when in family.items()):
            gone = since
            break
        time.sleep(0.01)
    left = [pid for pid, when in family.items() if _started(pid) == when]
    with Session(isolation=isolation):
        swept = not folder.exists()
    print(f"{sessions} sessions, {len(family)} processes killed with their host: {len(left)} left after {_LEFT_SECONDS:g} s", end="")
    print(f", the last one gone after {gone:.2f} s" if gone is not None else f": {left}", end="")
    print(f"; the folder {'was removed' if swept else 'is STILL THERE'} by the next start")
    return not left and swept


def _started(pid: int) -> str | None:
    """When a process began, which tells it from a later one of the same number; None if there is none (or a zombie)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[19] if fields[0] != "Z" else None


def main() -> None:
    """Run the soak, or the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, help="default 10000; with --kill-host 50")
    parser.add_argument("--actions", type=int, default=200_000)
    parser.add_argument("--at-once", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--isolation", choices=["strict", "landlock", "process"], default="strict")
    parser.add_argument("--kill-host", action="store_true")
    wanted = parser.parse_args()
    if wanted.kill_host:
        sys.exit(not kill_host(wanted.sessions or 50, wanted.isolation))
    wanted.sessions = wanted.sessions or 10_000
    print(f"seed {wanted.seed}", flush=True)
    sys.exit(not asyncio.run(main_soak(wanted)))


if __name__ == "__main__":
    main()

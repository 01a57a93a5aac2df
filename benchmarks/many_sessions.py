"""Very many sessions alive at once: what they cost, and that each answers and sees nothing but its own.

    python benchmarks/many_sessions.py [-n 1000] [--at-once 8] [--json FILE]

Every session writes a secret into its workspace, /tmp and a variable; when all are alive, each is asked for all three, for the files and
the processes that it sees. It asserts: a wrong answer ends it with status 1. A session takes five descriptors of this process, so that the
soft limit on them is raised when needed.
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from processes import available, load, pss, tree

from codeact import Limits, Session

_EACH_DESCRIPTORS = 6
_SPARE_DESCRIPTORS = 200
_WRITE = """
import os
secret = {number}
open('secret-{number}.txt', 'w').write('{number}')
open('/tmp/secret-{number}.txt', 'w').write('{number}')
"""
_ASK = """
import json
print(json.dumps({
    'secret': secret,
    'text': open(f'secret-{secret}.txt').read(),
    'workspace': sorted(os.listdir('.')),
    'temporary': sorted(name for name in os.listdir('/tmp') if name.startswith('secret')),
    'processes': sorted(int(name) for name in os.listdir('/proc') if name.isdigit()),
    'self': os.getpid(),
}))
"""


def raise_descriptor_limit(sessions: int) -> None:
    """Make room for the descriptors of so many sessions.

    Raises:
        SystemExit: the hard limit is too low.
    """
    needed = sessions * _EACH_DESCRIPTORS + _SPARE_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and needed > hard:
        fits = (hard - _SPARE_DESCRIPTORS) // _EACH_DESCRIPTORS
        sys.exit(
            f"{sessions} sessions need about {needed} open files, the hard limit here is {hard}: take -n {fits}, or raise it (ulimit -Hn)"
        )
    if needed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def wrong(number: int, seen: dict) -> str:
    """What a session sees that it should not, or does not see that it should; empty if all is well."""
    name = f"secret-{number}.txt"
    wanted = {"secret": number, "text": str(number), "workspace": [name], "temporary": [name], "processes": sorted({1, seen["self"]})}
    return "; ".join(f"{key} is {seen[key]!r}, not {value!r}" for key, value in wanted.items() if seen[key] != value)


async def _in_turns(jobs: list, at_once: int) -> list:
    waiting = asyncio.Semaphore(at_once)

    async def one(job):
        async with waiting:
            return await job

    return await asyncio.gather(*(one(job) for job in jobs))


async def run(count: int, at_once: int) -> dict[str, float | int | str]:
    """Open, ask, close; the figures."""
    async with Session(isolation="strict", checkpoints=False, limits=Limits(disk_mb=999)):
        pass  # the zygote
    free, used = available(), pss(tree())
    sessions = [Session(isolation="strict", checkpoints=False, limits=Limits(action_seconds=120)) for _ in range(count)]
    found: dict[str, float | int | str] = {"sessions": count, "load before": load()}
    errors: list[str] = []

    async def write(number: int) -> None:
        seen = await sessions[number].arun(_WRITE.format(number=number))
        if seen.status != "ok":
            errors.append(f"session {number} could not write: {seen.text}")

    async def ask(number: int) -> None:
        seen = await sessions[number].arun(_ASK)
        problem = wrong(number, json.loads(seen.stdout)) if seen.status == "ok" else seen.text
        if problem:
            errors.append(f"session {number}: {problem}")

    try:
        start = time.perf_counter()
        await _in_turns([session.astart() for session in sessions], at_once)
        found["created in s"] = time.perf_counter() - start
        start = time.perf_counter()
        await _in_turns([write(number) for number in range(count)], at_once)
        found["each wrote in s"] = time.perf_counter() - start
        found["available memory taken, MB"] = (free - available()) / 2**20
        family = tree()
        found["processes"] = len(family)
        found["PSS of the whole tree, more by MB"] = (pss(family) - used) / 2**20
        start = time.perf_counter()
        await _in_turns([ask(number) for number in range(count)], at_once)
        found["each answered in s"] = time.perf_counter() - start
    finally:
        start = time.perf_counter()
        await _in_turns([session.aclose() for session in sessions], at_once)
        found["closed in s"] = time.perf_counter() - start
    found["processes after"] = len(tree())
    found["wrong answers"] = len(errors)
    print(*errors[:10], sep="\n", end="\n" if errors else "")
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=1000, help="sessions")
    parser.add_argument("--at-once", type=int, default=8, help="opened, asked and closed at a time")
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    raise_descriptor_limit(wanted.n)
    found = asyncio.run(run(wanted.n, wanted.at_once))
    for name, value in found.items():
        print(f"{name:36} {value if isinstance(value, int | str) else format(value, '.2f')}")
    if wanted.json is not None:
        wanted.json.write_text(json.dumps(found, indent=1))
    if found["wrong answers"]:
        sys.exit(1)


if __name__ == "__main__":
    main()

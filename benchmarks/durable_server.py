"""A `codeact serve` process is killed at random moments, again and again, while runs are worked on; what is lost, done twice, or not as it
would have been.

    python benchmarks/durable_server.py [--kills 100] [--address sqlite:///PATH | postgresql://...] [--own-postgres] [--kill-database]

Several runs go on at once, each of ten turns with 27 calls of a tool whose effect is a row in a database outside. A customer outside, over
HTTP, begins each run with an `Idempotency-Key` (and again where no answer came), watches it with `Last-Event-ID` over every loss of the
connection, and decides about calls of unknown outcome by looking at the effects. The server is killed with SIGKILL while it starts and at
any moment of its work. With `--kill-database`, so is a PostgreSQL server made for it. Exit code 1 if an effect is missing or was had twice,
a run did not end with the answer and the output of an unbroken one, an event is missing, or the watcher was not sent each exactly once.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from server.killing import Killing
from store.servers import Postgres, find_programs


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of our own, while the block lasts."""
    programs = find_programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="codeact-pg-"))  # a short path: a socket lies in it
    server = Postgres(programs, folder)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def killed(given: argparse.Namespace, database: str, folder: Path, postgres: Postgres | None) -> Killing:
    """Kill, and print how it goes."""

    async def work() -> Killing:
        killing = Killing(folder, database, postgres=postgres if given.kill_database else None, seed=given.seed)

        def tell() -> None:
            if killing.kills % 10 == 0:
                print(f"{killing.kills} kills, {len(killing.done)} runs ended, {len(killing.faults)} faults", flush=True)

        await killing.kill(given.kills, given.at_once, tell)
        return killing

    return asyncio.run(work())


def tell(killing: Killing, seconds: float) -> None:
    """Print what was found."""
    done = killing.done
    told = sum(len(one.told) for one in done)
    streams = sum(one.streams for one in done)
    kills = f"{killing.kills} kills of the server" + (f", {killing.database_kills} of the database" if killing.database_kills else "")
    print(f"{kills} in {seconds:.0f} s: {len(done)} runs with {told} events and {27 * len(done)} effects")
    print(f"{streams} streams watched, {sum(one.asked for one in done)} calls of unknown outcome decided about")
    print(f"{len(killing.faults)} faults", *killing.faults, sep="\n")


def main() -> int:
    """Kill, and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--address", help="of an empty database; a file of SQLite in a temporary folder if it is not given")
    parser.add_argument("--own-postgres", action="store_true", help="make a PostgreSQL server for it")
    parser.add_argument("--kill-database", action="store_true", help="make a PostgreSQL server, and kill it too")
    parser.add_argument("--at-once", type=int, default=4, help="runs")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.own_postgres or given.kill_database:
            with own_postgres() as postgres:
                killing = killed(given, postgres.new_database(), folder, postgres)
        else:
            killing = killed(given, given.address or f"sqlite:///{folder / 'runs.db'}", folder, None)
    tell(killing, time.monotonic() - begun)
    return 1 if killing.faults else 0


if __name__ == "__main__":
    sys.exit(main())

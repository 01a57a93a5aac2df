"""How like CPython a session is: snippets of ours, and CPython's own test modules.

    python benchmarks/fidelity.py                     the snippets; a column for smolagents' local executor if that can be imported
    python benchmarks/fidelity.py --cpython [MODULE ...]   modules of the package `test`, inside a session and outside, side by side

Snippets are equal when output, result, exception, message and the user's lines of the traceback are. For smolagents less is asked: its
exceptions are all of one class, so it is enough that the text holds the class and the message; standard error, tracebacks and exit codes
are not looked at; every import is allowed to it; what it says that it does not do is counted apart. It asserts nothing: the tests are in
tests/sandbox/fidelity.
"""

import argparse
import importlib
import importlib.util
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from sandbox.fidelity.compare import in_sessions, plainly
from sandbox.fidelity.cpython import MODULES, NAMED_REASONS, REASONS, inside, outside, worse
from sandbox.fidelity.known import KNOWN
from sandbox.fidelity.seen import Seen, differences
from sandbox.fidelity.snippet import Snippet, groups

PEER = "smolagents"
_PEER_SECONDS = 30
_REFUSED = re.compile(r"is not supported|Unsupported|Forbidden|not allowed|not among the explicitly allowed")
_PLACE = re.compile(r" \(<cell \d+>, line \d+\)")


def snippets(names: Sequence[str]) -> None:
    """Print the table of the snippets."""
    peer = importlib.util.find_spec(PEER) is not None
    print(
        f"{'group':24} {'snippets':>8} {'equal':>6} {'known':>6} {'other':>6}"
        + (f" | {PEER}: {'equal':>6} {'refused':>7} {'wrong':>6}" if peer else "")
    )
    total: Counter[str] = Counter()
    told: list[str] = []
    for group, members in groups().items():
        if names and group not in names:
            continue
        plain, session = plainly(members), list(in_sessions(members))
        count = Counter(snippets=len(members))
        for snippet, one, two in zip(members, plain, session, strict=True):
            different = differences(one, two)
            kind = "equal" if not different else "known" if snippet.name in KNOWN else "other"
            count[kind] += 1
            if different:
                told.append(f"{group}: {snippet.name}: {KNOWN.get(snippet.name) or '; '.join(different)[:500]}")
        if peer:
            count.update(_peer_kind(snippet, one) for snippet, one in zip(members, plain, strict=True))
        _print_row(group, count, peer)
        total += count
    _print_row("all", total, peer)
    print("\nDifferent:\n" + "\n".join(f"  {line}" for line in told))


def _print_row(name: str, count: Counter[str], peer: bool) -> None:
    cells = f"{name:24} {count['snippets']:8} {count['equal']:6} {count['known']:6} {count['other']:6}"
    print(cells + (f" | {'':10} {count['peer equal']:6} {count['peer refused']:7} {count['peer wrong']:6}" if peer else ""), flush=True)


def _peer_kind(snippet: Snippet, plain: Seen) -> str:
    """Run a snippet under smolagents, in a fork; whether it did as CPython did (``equal``), said that it does not do that, or did other."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as file:
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_PEER_SECONDS)
            try:
                file.write(json.dumps(_under_peer(snippet.code)))
                file.flush()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        file.seek(0)
        answer = json.loads(file.read() or "null")
    stdout, result, error = answer or ("", None, "ended by a signal")
    if plain.status == "error":
        parts = (plain.error[0], _PLACE.sub("", plain.error[1]))
        equal = error is not None and all(part in error for part in parts)
    elif plain.status == "ok":
        equal = error is None and plain.result in (None, result)
    else:
        equal = error is not None
    if equal and stdout == plain.stdout:
        return "peer equal"
    return "peer refused" if error is not None and _REFUSED.search(error) else "peer wrong"


def _under_peer(code: str) -> tuple[str, str, str | None]:
    executor = importlib.import_module(f"{PEER}.local_python_executor").LocalPythonExecutor(["*"], max_print_outputs_length=10**7)
    executor.send_tools({})
    try:
        output = executor(code)
    except BaseException as error:  # noqa: BLE001 -- all that it raises is its answer
        return str(executor.state.get("_print_outputs", "")), "", f"{type(error).__name__}: {error}"
    return str(output.logs), repr(output.output), None


def cpython(names: Sequence[str], user: int | None) -> None:
    """Print the table of CPython's test modules."""
    head = f"{'passed':>6} {'failed':>6} {'skipped':>7}"
    print(f"{'module':32} {'tests':>6} | inside: {head} | outside: {head} | worse")
    total: Counter[str] = Counter()
    why: Counter[str] = Counter()
    for name in names or MODULES:
        started = time.monotonic()
        here, there = inside(name), outside(name, user=user)
        lost = worse(here, there)
        count = Counter({f"in {how}": here.count(how) for how in ("passed", "failed", "skipped")})
        count.update({f"out {how}": there.count(how) for how in ("passed", "failed", "skipped")})
        count.update(worse=len(lost), tests=len(there.tests), modules=1)
        reasons = Counter(_reason(test, text) for test, (_, text) in lost.items())
        _print_module(name, count, f"{time.monotonic() - started:.0f} s" + (f"  {here.end}" if here.end != "ok" else ""))
        for reason, number in reasons.most_common():
            print(f"{'':34}{number:4} {reason}", flush=True)
        total += count
        why += reasons
    _print_module(f"all {total['modules']} modules", total, "")
    for reason, number in why.most_common():
        print(f"{'':34}{number:4} {reason}")


def _print_module(name: str, count: Counter[str], more: str) -> None:
    sides = " | ".join(
        f"{'':{width}}{count[f'{side} passed']:6} {count[f'{side} failed']:6} {count[f'{side} skipped']:7}"
        for side, width in (("in", 8), ("out", 9))
    )
    print(f"{name:32} {count['tests']:6} | {sides} | {count['worse']:5}  {more}", flush=True)


def _reason(test: str, text: str) -> str:
    """Why a test went worse inside, in words of ours if we know it."""
    said = f"{test}: {text[-160:]}".replace("\n", " ")
    for reasons, where in ((REASONS, text), (NAMED_REASONS, said)):
        for pattern, reason in reasons.items():
            if re.search(pattern, where):
                return reason
    return said


def main() -> None:
    """Print one of the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="groups of snippets, or modules of CPython's (default: all)")
    parser.add_argument("--cpython", action="store_true", help="CPython's own tests instead of the snippets")
    parser.add_argument("--user", type=int, help="id to run the outside of --cpython as (default: who runs this)")
    wanted = parser.parse_args()
    if wanted.cpython:
        cpython(wanted.names, wanted.user)
    else:
        snippets(wanted.names)


if __name__ == "__main__":
    main()

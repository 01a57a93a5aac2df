"""Two observations of the same action, compared.

Invariant: everything that the action did counts, exactly: status, output, results, displays, what it raised, files, whether state was
lost. What depends on the clock alone does not: seconds, and how the two streams were interleaved. It does not: run or print.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from codeact.events import Observation, StreamOutput


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same."""

    what: str
    recorded: str
    now: str


def differences(recorded: Observation, now: Observation) -> Iterator[Difference]:
    """What differs between two observations; nothing if they are equal."""
    old, new = _facts(recorded), _facts(now)
    for what in old:
        if old[what] != new[what]:
            yield Difference(what, old[what], new[what])


def _facts(observation: Observation) -> dict[str, str]:
    rest = [output for output in observation.outputs if not isinstance(output, StreamOutput)]
    error = observation.error
    return {
        "status": observation.status,
        "stdout": observation.stdout,
        "stderr": observation.stderr,
        "error": error.traceback if error else "",
        "outputs": "\n".join(output.model_dump_json() for output in rest if output.type != "error"),
        "files": "\n".join(f"{file.path} {file.change} {file.size}" for file in sorted(observation.files, key=lambda file: file.path)),
        "limit": observation.limit.model_dump_json() if observation.limit else "",
        "exit code": str(observation.exit_code),
        "signal": str(observation.signal),
        "state lost": str(observation.state_lost),
    }

"""Whether a program that a model wrote passes the tests of its task.

Invariant: it runs in the sandbox only, in a session of its own, and in it in another process than the tests, see `jury`: it cannot end the
tests early, see them, or print what stands for success, which is a secret made for this one run. What remains possible: to know the tests
by heart, and to attack the kernel of the machine. It does not: say how good a program is that passes some of its tests.
"""

import json
import re
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory

from codeact.bench.grading import Sandbox
from codeact.bench.suites.mint import jury
from codeact.bench.task import Score
from codeact.formats.source import fenced

_PYTHON = frozenset(("", "python", "python3", "py"))
_ORIGINAL_FENCE = re.compile(r"```(?:python|py)?[^\S\n]*\n(.*?)(?:```|\Z)", re.DOTALL)
_SECONDS = 60.0
"""One of the solutions that come with mbpp goes through all pairs of 10,000 numbers: seconds on an idle core, more on one that is not."""

_JURY = Path(jury.__file__).read_text(encoding="utf-8")


async def passes(answer: str, *, prompt: str, tests: str, name: str, sandbox: Sandbox, seconds: float = _SECONDS) -> Score:
    """Run the tests.

    Args:
        answer: the program: Python, with a fence around it or without; the whole of it, or what comes after the prompt.
        prompt: code that was given, the beginning of the function included; empty if the task was told in words.
        tests: code that raises if the program is wrong.
        name: of the function that they call.
        sandbox: where it runs.
        seconds: that all tests together may take.
    """
    secret = secrets.token_hex(16)
    spec = {"secret": secret, "answer": program_of(answer), "prompt": prompt, "tests": tests, "name": name}
    with TemporaryDirectory(prefix="codeact-tests-") as folder:
        path = Path(folder) / jury.SPEC
        path.write_text(json.dumps(spec), encoding="utf-8")
        observation = await sandbox(_JURY, seconds=seconds, files=[path])
    if observation.limit is not None or observation.status != "ok":
        return Score.of(False, f"the tests did not end: {observation.notice or observation.status}")
    lines = [line for line in observation.stdout.splitlines() if secret in line]
    if not lines:
        return Score.of(False, f"the tests did not end: {observation.stderr[-200:] or 'nothing was said'}")
    reason = json.loads(lines[-1])["reason"]
    return Score.of(not reason, reason)


async def passes_as_original(answer: str, tests: str, sandbox: Sandbox, *, prompt: str = "") -> bool:
    """Whether the original took a program: what it and the tests do in one process ends without an error.

    Args:
        answer, tests, sandbox, prompt: as for `passes`.
    """
    found = _ORIGINAL_FENCE.findall(answer)
    program = "\n".join(found) if found else answer
    observation = await sandbox(f"{prompt}\n{program.strip()}\n\n{tests}\n", seconds=_SECONDS)
    return observation.status == "ok" and observation.limit is None


def program_of(answer: str) -> str:
    """The code of an answer: what stands in its fences, or all of it."""
    found = [answer[block.content_start : block.content_end] for block in fenced(f"{answer}\n") if block.language in _PYTHON]
    return "\n".join(found) if found else answer.strip("\n")

"""What importing a module costs, measured in a fresh interpreter: output, files, environment, modules. No time is taken.

Invariant: the measured import runs in a child process that starts without this test run's modules; the watch begins after the
interpreter has started, so that only what the import itself does is seen. Reading the interpreter's and the package's own files is free.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROBE = """
import json, os, sys, sysconfig
from collections.abc import MutableMapping
from importlib import import_module

statement, source = sys.argv[1:]
sys.path.insert(0, source)
before = set(sys.modules)
opened, read = [], []
free = tuple({os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, source, *sysconfig.get_paths().values())})

class Watched(MutableMapping):
    def __init__(self, real): self.real = real
    def __getitem__(self, key): read.append(key); return self.real[key]
    def __setitem__(self, key, value): read.append(key); self.real[key] = value
    def __delitem__(self, key): read.append(key); del self.real[key]
    def __iter__(self): read.append("*"); return iter(self.real)
    def __len__(self): return len(self.real)

def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if not path.startswith(free):
            opened.append(path)

os.environ = Watched(os.environ)
sys.addaudithook(watch)
exec(statement)
found = {"opened": opened, "read": read, "modules": sorted(set(sys.modules) - before)}
sys.__stdout__.flush()
sys.__stderr__.write("\\nREPORT" + json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a statement did: text it printed, files it opened elsewhere, environment variables it touched, modules it loaded."""

    printed: str
    opened: list[str]
    read: list[str]
    modules: list[str]

    def loaded(self, packages: set[str]) -> list[str]:
        """Which of the packages it loaded."""
        return sorted(packages & {module.split(".")[0] for module in self.modules})


def cost_of(statement: str, source: Path) -> Cost:
    """Run a statement in a fresh interpreter and report what it did.

    Args:
        statement: Python, for example ``import codeact``.
        source: folder to import from, put first on the path.
    """
    done = subprocess.run([sys.executable, "-c", PROBE, statement, str(source)], capture_output=True, text=True, check=False)
    errors, mark, report = done.stderr.rpartition("\nREPORT")
    if not mark:
        raise AssertionError(f"{statement!r} failed: {done.stderr}")
    found = json.loads(report)
    return Cost(done.stdout + errors, found["opened"], found["read"], found["modules"])

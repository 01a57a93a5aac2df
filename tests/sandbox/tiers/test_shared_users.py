"""Sessions of an ordinary user have its user id in common: the kernel's bound on processes is one session's all the same."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import elsewhere

_CHILDREN = "import subprocess\nchildren = [subprocess.Popen(['sleep', '300']) for _ in range(4)]\nlen(children)"

_SIDE_BY_SIDE = f"""
import json, sys
from contextlib import ExitStack
from codeact.events import Limits
from codeact.sandbox.session import Session
with ExitStack() as stack:
    sessions = [stack.enter_context(Session(isolation=sys.argv[1], preload=(), limits=Limits(processes=8))) for _ in range(6)]
    seen = [session.run({_CHILDREN!r}) for session in sessions]
    print(json.dumps([one.result or repr(one) for one in seen]))
"""

_BESIDE_THREADS = f"""
import json, sys, threading
from codeact.events import Limits
from codeact.sandbox.session import Session
over = threading.Event()
threads = [threading.Thread(target=over.wait) for _ in range(100)]
for thread in threads:
    thread.start()
with Session(isolation=sys.argv[1], preload=(), limits=Limits(processes=8)) as session:
    seen = session.run({_CHILDREN!r})
    print(json.dumps(seen.result or repr(seen)))
over.set()
"""

_BOUND = """
import json, sys
from codeact.events import Limits
from codeact.sandbox.session import Session
with Session(isolation=sys.argv[1], preload=(), limits=Limits(processes=8)) as session:
    code = "import threading, time\\nstarted = 0\\ntry:\\n    while started < 2000:\\n        "
    code += "threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); started += 1\\n"
    print(json.dumps(int(session.run(code + "except RuntimeError:\\n    pass\\nstarted").result)))
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """An ordinary user's own folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        if os.geteuid() == 0:
            os.chown(folder, elsewhere.NOBODY, elsewhere.NOBODY)
        yield Path(folder)


def said(python: str, program: str, tier: str, home: Path) -> Any:
    """What a program of the ordinary user's prints, as JSON."""
    user: dict[str, Any] = {} if os.geteuid() else {"user": elsewhere.NOBODY, "group": elsewhere.NOBODY, "extra_groups": []}
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "CODEACT_CACHE_DIR": str(home), "TMPDIR": str(home)}
    done = subprocess.run([python, "-c", program, tier], capture_output=True, text=True, check=False, cwd="/", env=environment, **user)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("tier", ["strict", "landlock"])
def test_sessions_side_by_side_leave_one_another_room_for_processes(tier: str, python: str, home: Path) -> None:
    assert said(python, _SIDE_BY_SIDE, tier, home) == ["4"] * 6


@pytest.mark.parametrize("tier", ["strict", "landlock", "process"])
def test_what_else_the_user_runs_leaves_a_session_room_for_processes(tier: str, python: str, home: Path) -> None:
    assert said(python, _BESIDE_THREADS, tier, home) == "4"


@pytest.mark.parametrize(("tier", "most"), [("strict", 24), ("landlock", 400)])
def test_the_kernel_bounds_the_threads_of_a_session(tier: str, most: int, python: str, home: Path) -> None:
    assert said(python, _BOUND, tier, home) < most

"""What a session is where the kernel can do less: as confined, or refused; seen on this kernel, which answers as an older one does."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codeact.sandbox import isolation
from sandbox import elsewhere
from sandbox.tiers import older_kernel

_PICKED = """
import json, sys
from codeact.errors import IsolationError
from codeact.sandbox.probe import pick_tier
def picked(wanted):
    try:
        return pick_tier(wanted)
    except IsolationError as error:
        return str(error)
print(json.dumps([picked(wanted) for wanted in sys.argv[1:]]))
"""
_WITHOUT_NAMESPACES = """
from codeact.sandbox.guest import linux, seccomp
linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
seccomp.Filter(seccomp.program(True)).install()
"""
_LAYERS = """
import json
from codeact.sandbox.probe import probe
print(json.dumps({layer.name: [layer.on, layer.detail, layer.mend] for layer in probe()}))
"""
_CELL = """
import json, sys
from codeact.sandbox.session import Session
with Session(isolation="strict", preload=()) as session:
    print(json.dumps(session.run(sys.argv[1]).result))
"""
_SYSTEM_V = (
    "import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    "calls = dict(shmget=(0, 4096, 0o600), semget=(0, 1, 0o600), msgget=(0, 0o600), mq_open=(b'/x', 0o102, 0o600, None))\n"
    "[name for name, args in calls.items() if getattr(libc, name)(*args) != -1 or ctypes.get_errno() != errno.EPERM]"
)
_TWIN = """
import json
from codeact.sandbox.session import Session
with Session(isolation="strict", preload=()) as session:
    session.run("import os; open('kept', 'w').write('precious'); folder = os.open('.', os.O_RDONLY)")
    with session.fork() as twin:
        twin.run("open('mine', 'w').write('x'); open('mine', 'w').close()")
        for act in ("os.truncate(f'/proc/self/fd/{folder}/kept', 0)", "os.open('kept', os.O_RDONLY | os.O_TRUNC, dir_fd=folder)",
                    "os.open('kept', 3 | os.O_TRUNC, dir_fd=folder)", "os.open('kept', os.O_WRONLY | os.O_TRUNC, dir_fd=folder)"):
            twin.run(act)
        print(json.dumps([session.read_file("kept").decode(), twin.run("os.path.getsize('mine')").result]))
"""

Older = Callable[..., Any]


@pytest.fixture
def older(python: str) -> Iterator[Older]:
    """What a program prints, as JSON, on a kernel that is older in some way; as an ordinary user unless told otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        shutil.copy(older_kernel.__file__, home / "older_kernel.py")
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            os.chown(home, elsewhere.NOBODY, elsewhere.NOBODY)
            as_user = {"user": elsewhere.NOBODY, "group": elsewhere.NOBODY, "extra_groups": []}

        def run(program: str, *arguments: str, root: bool = False, **kernel: Any) -> Any:
            interpreter = sys.executable if root else python
            paths = {"PYTHONPATH": str(isolation.SANDBOX.parents[1])} if root else {}
            done = subprocess.run(
                [interpreter, str(home / "older_kernel.py"), json.dumps(kernel), interpreter, "-c", program, *arguments],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env={"PATH": os.environ["PATH"], "HOME": folder, "CODEACT_CACHE_DIR": folder, "TMPDIR": folder, **paths},
                **({} if root else as_user),
            )
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        yield run


def test_the_landlock_tier_is_refused_where_landlock_cannot_keep_files_from_being_emptied(older: Older) -> None:
    auto, landlock = older(_PICKED, "auto", "landlock", abi=2)
    assert auto == "strict"
    assert "Linux 6.2 or newer" in landlock
    assert older(_PICKED, "landlock", abi=3) == ["landlock"]


def test_nothing_weaker_is_taken_where_neither_tier_can_be_had(older: Older) -> None:
    (auto,) = older(_WITHOUT_NAMESPACES + _PICKED, "auto", abi=2)
    assert "tier strict cannot be had here" in auto
    assert "tier landlock cannot be had here" in auto


def test_the_doctor_says_what_an_older_landlock_is_enough_for(older: Older) -> None:
    layers = older(_LAYERS, abi=2)
    assert layers["Landlock"] == [True, "ABI 2: enough for tier strict, tier landlock needs Linux 6.2", ""]
    assert layers["tier strict"][0]
    on, detail, mend = layers["tier landlock"]
    assert not on
    assert "lets files be emptied" in detail
    assert "Linux 6.2 or newer" in mend


def test_a_twin_cannot_empty_its_originals_files_where_landlock_does_not_look(older: Older) -> None:
    assert older(_TWIN, abi=2) == ["precious", "0"]


def test_sessions_of_root_have_no_system_v_where_nobody_can_bound_it(older: Older) -> None:
    elsewhere.needs_root()
    assert older(_CELL, _SYSTEM_V, root=True, system_v=False) == "[]"


def test_sessions_of_root_have_system_v_where_it_can_be_bounded(older: Older) -> None:
    elsewhere.needs_root()
    assert older(_CELL, _SYSTEM_V, root=True) == "['shmget', 'semget', 'msgget', 'mq_open']"


def test_sessions_of_an_ordinary_user_have_no_system_v(older: Older) -> None:
    assert older(_CELL, _SYSTEM_V) == "[]"

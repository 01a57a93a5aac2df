"""What each tier gives, seen by its effects from inside: for root, and for an ordinary user."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeact.errors import IsolationError
from codeact.sandbox import forkserver, isolation
from codeact.sandbox.probe import pick_tier, probe
from codeact.sandbox.session import Session
from sandbox import elsewhere

_FIELD = "next(line.split()[1] for line in open('/proc/self/status') if line.startswith('{}:'))"
_REFUSED = """import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def refused(act, *args):
    try:
        return act(*args) == -1
    except OSError:
        return True
"""

CONFINED = {
    "no capability but to change the own root": " | ".join(
        f"int({_FIELD.format(name)}, 16) & ~(TIER == 'strict') * (1 << 18)"
        if name in ("CapEff", "CapPrm")
        else f"int({_FIELD.format(name)}, 16)"
        for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")
    )
    + " == 0",
    "no new privileges": f"{_FIELD.format('NoNewPrivs')} == '1'",
    "a seccomp filter": f"{_FIELD.format('Seccomp')} == '2'",
    "no TCP": _REFUSED + "refused(socket.socket, socket.AF_INET)",
    "no files of the host": _REFUSED + "refused(open, '/etc/shadow') and refused(open, HOST_FILE)",
    "no folders of the host": _REFUSED + "refused(os.listdir, os.path.dirname(HOST_FILE))",
    "no keys": _REFUSED + "not os.path.exists('/proc/keys') or refused(open, '/proc/keys') or open('/proc/keys').read() == ''",
    "no ptrace": _REFUSED + "refused(libc.ptrace, 16, 1, 0, 0)",
    "no namespaces": _REFUSED + "refused(libc.unshare, 0x10000000)",
    "no abstract sockets of the host": _REFUSED + "refused(lambda: socket.socket(socket.AF_UNIX).connect('\\0' + ABSTRACT))",
}
EVERYWHERE = {
    "not root": "import os\nos.getuid() != 0 and os.geteuid() != 0",
    "no inherited descriptors": "import os\nkinds = {os.fstat(fd).st_ino for fd in (0, 1, 2)}\n"
    "[(fd, os.readlink(f'/proc/self/fd/{fd}')) for fd in map(int, os.listdir('/proc/self/fd'))\n"
    " if fd > 3 and os.path.lexists(f'/proc/self/fd/{fd}') and os.fstat(fd).st_ino not in kinds] == []",
    "a clean environment": "import os\n'SECRET_OF_THE_HOST' not in os.environ",
    "no core dumps": "import resource\nresource.getrlimit(resource.RLIMIT_CORE) == (0, 0)",
    "the workspace can be written": "import os\nopen('x', 'w').close(); os.path.exists('x')",
    "temporary files can be written": "import tempfile\ntempfile.TemporaryFile().write(b'x') == 1",
}
# A process that is ending, of a dropped checkpoint say, is listed with no command for a moment; what is not the session's stays.
_OTHERS_END = """import os, time
def commands():
    seen = set()
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                seen.add(open(f'/proc/{name}/cmdline').read())
            except (FileNotFoundError, ProcessLookupError):
                pass
    return seen
until = time.monotonic() + 20
while (found := commands()) != {open('/proc/self/cmdline').read()} and time.monotonic() < until:
    time.sleep(0.05)
found == {open('/proc/self/cmdline').read()}"""
STRICT = {
    "its own processes only": _OTHERS_END,
    "the warden as its parent": "import os\nos.getppid() == 1",
    "a root of its own": "import os\nnot os.path.exists('/home') and not os.path.exists('/sys') and not os.path.exists('/.host')",
    "no network interfaces": "[line.split(':')[0].strip() for line in open('/proc/net/dev').readlines()[2:]] == ['lo']",
    "a name of its own": "import socket\nsocket.gethostname() == 'sandbox'",
    "kernel settings are read-only": _REFUSED
    + "refused(open, '/proc/sys/kernel/core_pattern', 'w') and refused(open, '/proc/sys/vm/swappiness', 'w')",
    "the root is read-only": _REFUSED + "refused(os.mkdir, '/x') and refused(os.mkdir, '/usr/x') and refused(os.mkdir, '/etc/x')",
    "five devices": "import os\nsorted(n for n in os.listdir('/dev') if not os.path.islink('/dev/' + n)) == "
    "['full', 'null', 'pts', 'random', 'shm', 'urandom', 'zero']",
    "no segments of the host": "open('/proc/sysvipc/shm').read().count('\\n') == 1",
}
WITH = {"strict": CONFINED | EVERYWHERE | STRICT, "landlock": CONFINED | EVERYWHERE, "process": EVERYWHERE}

_ASK = """
import json, sys
from codeact.sandbox.session import Session
tier, python, before, trials = json.loads(sys.argv[1])
with Session(isolation=tier, preload=(), python=python) as session:
    assert session.isolation == tier, session.isolation
    session.run(before)
    seen = {name: session.run(code) for name, code in trials.items()}
print(json.dumps({name: one.result or repr(one) for name, one in seen.items()}))
"""


@pytest.fixture(params=["root", "an ordinary user"])
def user(request: pytest.FixtureRequest) -> int | None:
    """The uid to run as, None: as the tests do."""
    if os.geteuid() == 0:
        return None if request.param == "root" else elsewhere.NOBODY
    if request.param == "root":
        elsewhere.needs_root()
    return None


def asked(python: str, uid: int | None, arguments: list[object], folder: Path) -> "subprocess.CompletedProcess[str]":
    """What a host process of the user finds."""
    home = folder / "home"
    home.mkdir()
    if uid is not None:
        os.chown(home, uid, uid)
    return subprocess.run(
        [python, "-c", _ASK, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.environ["PATH"], "HOME": str(home), "SECRET_OF_THE_HOST": "x", "CODEACT_CACHE_DIR": str(home), "TMPDIR": str(home)},
        **({} if uid is None else {"user": uid, "group": uid, "extra_groups": []}),
    )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, with a file that every user may read."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "secret").write_text("secret of the host")
        yield Path(folder)


@pytest.mark.parametrize("tier", ["strict", "landlock", "process"])
def test_a_tier_gives_what_it_promises(tier: str, user: int | None, python: str, open_folder: Path) -> None:
    trials = WITH[tier]
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("\0codeact-test-abstract")
        listening.listen()
        before = f"HOST_FILE = {str(open_folder / 'secret')!r}\nABSTRACT = 'codeact-test-abstract'\nTIER = {tier!r}\nimport os\n"
        done = asked(python, user, [tier, None, before, trials], open_folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == dict.fromkeys(trials, "True")


def test_two_sessions_of_one_host_have_users_of_their_own_under_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: other users have one id only")
    with Session(preload=()) as one, Session(preload=()) as two:
        uids = {session.run("import os; os.getuid()").result for session in (one, two)}
        assert len(uids) == 2
        assert one.workspace.stat().st_uid != two.workspace.stat().st_uid != 0


def test_root_is_given_the_strict_tier_where_there_are_namespaces() -> None:
    assert pick_tier("auto") == "strict"
    with Session(preload=()) as session:
        assert session.isolation == "strict"


def test_an_unknown_tier_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(IsolationError, match="'chroot'; take auto, strict, landlock or process"):
        pick_tier("chroot")


def test_a_tier_that_cannot_be_had_is_an_error_with_the_mend(python: str, open_folder: Path) -> None:
    """A process that may make no namespaces asks for the strict tier."""
    program = (
        "import resource, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from codeact.sandbox.guest import linux, seccomp\n"
        "linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)\n"
        "seccomp.Filter(seccomp.program(True)).install()\n"
        "from codeact.sandbox.probe import pick_tier\n"
        "from codeact.errors import IsolationError\n"
        "try:\n    pick_tier('strict')\nexcept IsolationError as error:\n    print(error)\n"
    )
    source = str(isolation.SANDBOX.parents[1])
    environment = {"PATH": os.environ["PATH"], "HOME": str(open_folder), "TMPDIR": str(open_folder)}
    done = subprocess.run([sys.executable, "-c", program, source], capture_output=True, text=True, check=False, env=environment)
    assert "tier strict cannot be had here" in done.stdout, done.stderr
    assert "Tier strict needs user namespaces" in done.stdout


def test_root_whose_python_others_cannot_enter_is_told_so_for_the_landlock_tier() -> None:
    closed = isolation.reachable_by_others(isolation.library_paths(sys.executable))
    if os.geteuid() != 0 or closed is None:
        pytest.skip("needs root and a Python that only root can enter")
    with pytest.raises(IsolationError, match="only root can enter") as caught:
        pick_tier("landlock")
    assert closed in str(caught.value)


def test_an_interpreter_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(IsolationError, match="cannot run the interpreter '/nowhere/python'"):
        pick_tier("auto", "/nowhere/python")


def test_the_probe_tells_of_each_layer_that_it_tried() -> None:
    reports = {report.name: report for report in probe()}
    assert reports["tier strict"].on
    for name in (
        "own user",
        "capabilities dropped",
        "seccomp filter",
        "private processes",
        "private root",
        "no network",
        "files outside refused",
    ):
        assert reports[name].on, reports[name]
    assert all(report.on or report.mend or report.name == "cgroup limits" for report in reports.values())


_HANDED_OVER_LATE = """import os, signal, socket, time
from codeact.sandbox.guest import linux, roots, usage
linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
warden, zygote = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
if os.fork() == 0:
    guest = os.fork()
    if guest == 0:
        time.sleep(60)
    zygote.send(b"%d" % guest)
    zygote.send(roots.MADE)
    time.sleep(0.3)
    os._exit(0)
guest = roots.let_in(warden)
print(usage.parent(guest) == os.getpid())
os.kill(guest, signal.SIGKILL)
"""


def test_the_warden_waits_until_the_guest_is_its_child() -> None:
    """What made the guest may still be ending on a busy machine; a copy of the guest would then be nobody's checkpoint."""
    ended = subprocess.run([sys.executable, "-c", _HANDED_OVER_LATE], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout == "True\n"


@pytest.mark.parametrize("wanted", [True, False])
def test_what_the_sandbox_had_to_compile_is_compiled_for_the_next_unless_nothing_may_be(
    python: str, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", not wanted)
    packages = next(Path(python).parents[1].glob("lib/python*/site-packages"))
    name = f"not_compiled_{wanted}".lower()
    (packages / f"{name}.py").write_text("value = 7\n")
    with Session(python=python, preload=(name,)) as session:
        assert session.run(f"import {name}\n{name}.value").result == "7"
        server = forkserver.running("auto", (name,), python)
        assert server is not None
        server.wait_compiled()
    assert [path.name.partition(".")[0] for path in (packages / "__pycache__").glob(f"{name}.*.pyc")] == [name] * wanted

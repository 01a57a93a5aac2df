"""Folders of the host that a session is shown: read where they are, written by nobody, and no way from them to the host's programs."""

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeact.errors import InputError
from codeact.sandbox import forkserver, isolation
from codeact.sandbox.session import Session
from sandbox import elsewhere

_CODE = """
import json, os, socket, sys
SHOWN, LINK, SOCKET = {shown!r}, {link!r}, {socket!r}
found = {{}}
def refused(name, act, *args):
    try:
        found[name] = repr(act(*args))
    except OSError:
        found[name] = "refused"
found["read"] = open(SHOWN + "/data.txt").read()
found["over a link"] = open(LINK + "/data.txt").read()
sys.path.insert(0, SHOWN)
import ours
found["imported"] = ours.WORD
refused("make", open, SHOWN + "/new.txt", "w")
refused("append", open, SHOWN + "/data.txt", "a")
refused("empty", os.truncate, SHOWN + "/data.txt", 0)
refused("remove", os.remove, SHOWN + "/data.txt")
refused("rename", os.rename, SHOWN + "/data.txt", SHOWN + "/other.txt")
refused("beside", open, os.path.dirname(SHOWN) + "/beside.txt")
refused("speak", lambda: socket.socket(socket.AF_UNIX).connect(SOCKET))
refused("speak without a connection", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", SOCKET))
one, other = socket.socketpair()
one.send(b"own")
found["own sockets"] = other.recv(3).decode()
found["mode"] = oct(os.stat(SHOWN + "/data.txt").st_mode & 0o777)
try:
    os.chmod(SHOWN + "/data.txt", 0o777)
except OSError:
    pass
found["mode after"] = oct(os.stat(SHOWN + "/data.txt").st_mode & 0o777)
print(json.dumps(found))
"""
_REFUSED = ("make", "append", "empty", "remove", "rename", "beside", "speak", "speak without a connection")

_IN_TIER = """
import sys
from codeact.sandbox.session import Session
with Session(isolation=sys.argv[1], preload=(), folders=sys.argv[3:]) as session:
    seen = session.run(sys.argv[2])
    print(seen.stdout if seen.error is None else repr(seen))
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody can enter, with `shown`, a link to it, and a file beside them; in it, data, a module and a Unix socket."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shown = Path(folder) / "shown"
        shown.mkdir()
        (shown / "data.txt").write_text("data")
        (shown / "ours.py").write_text("WORD = 'hello'\n")
        (Path(folder) / "beside.txt").write_text("beside")
        (Path(folder) / "link").symlink_to(shown)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(shown / "socket"))
            (shown / "socket").chmod(0o777)
            listening.listen()
            yield Path(folder)


def _code(place: Path) -> str:
    return _CODE.format(shown=str(place / "shown"), link=str(place / "link"), socket=str(place / "shown" / "socket"))


def _is_as_it_should(found: dict[str, str], place: Path) -> None:
    assert [found[name] for name in ("read", "over a link", "imported", "own sockets")] == ["data", "data", "hello", "own"]
    assert {name: found[name] for name in _REFUSED} == dict.fromkeys(_REFUSED, "refused")
    assert found["mode after"] == found["mode"]
    assert (place / "shown" / "data.txt").read_text() == "data"


@pytest.mark.parametrize("tier", ["strict", "landlock"])
def test_a_folder_is_read_and_never_written_whoever_starts_the_session(python: str, place: Path, tier: str) -> None:
    elsewhere.needs_root()
    for who in (elsewhere.NOBODY, None):
        home = place / f"home{who}"
        home.mkdir()
        if who is not None:
            os.chown(home, who, who)
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home) if who else str(place)}
        command = [python, "-c", _IN_TIER, tier, _code(place), str(place / "link")]
        done = subprocess.run(
            command, user=who, group=who, extra_groups=[], cwd="/", capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        _is_as_it_should(json.loads(done.stdout), place)


def test_twins_see_the_folders_too(place: Path) -> None:
    with Session(isolation="strict", preload=(), folders=[place / "link"]) as session:
        session.run("x = 1")
        with session.fork() as twin:
            seen = twin.run(_code(place))
            assert seen.error is None, seen
            _is_as_it_should(json.loads(seen.stdout), place)


def test_sockets_that_a_session_makes_itself_are_spoken_to_where_no_folder_is_shown(tmp_path: Path) -> None:
    code = "import socket\nown = socket.socket(socket.AF_UNIX); own.bind('s'); own.listen()\nsocket.socket(socket.AF_UNIX).connect('s')"
    with Session(preload=()) as session:
        assert session.isolation != "strict" or session.run(code).error is None


@pytest.mark.parametrize(
    "folder", ["/", "/proc", "/proc/self", "/sys/kernel", "/dev/shm", "/etc", "/tmp", "/var", "/workspace/x", "/nowhere"]
)
def test_what_holds_a_part_of_the_system_is_not_shown(folder: str) -> None:
    with pytest.raises(InputError, match="cannot show"):
        Session(preload=(), folders=[folder]).start()


def test_neither_links_nor_dots_lead_to_what_is_not_shown(place: Path) -> None:
    (place / "system").symlink_to("/proc")
    for folder in (place / "system", place / "shown" / ".." / ".." / ".." / "etc", place / "beside.txt"):
        with pytest.raises(InputError, match="cannot show"):
            Session(preload=(), folders=[folder]).start()


def test_the_workspaces_of_sessions_are_not_shown(place: Path) -> None:
    with pytest.raises(InputError, match="cannot show"):
        isolation.folder_paths((str(place),), isolation.Ids(None), str(place / "shown" / "workspaces"))


def test_a_folder_that_the_code_could_not_enter_is_refused_at_once(place: Path) -> None:
    elsewhere.needs_root()
    (place / "shown").chmod(0o700)
    with pytest.raises(InputError, match="only its owner can enter it"):
        Session(preload=(), folders=[place / "shown"]).start()


def test_of_ever_other_folders_few_zygotes_stay(tmp_path: Path) -> None:
    def opened(number: int) -> Session:
        folder = tmp_path / str(number)
        folder.mkdir(mode=0o755)
        return Session(preload=(), folders=[folder])

    with opened(0) as kept:
        held = kept.fork() if kept.isolation == "strict" else None
        begun = [_zygote_of(opened(number)) for number in range(1, 6)]
        assert [server.alive for server in begun] == [False, True, True, True, True]
        assert kept.run("1 + 1").result == "2"
    if held is not None:
        begun.append(_zygote_of(opened(6)))
        assert held.run("2 + 2").result == "4"
        held.close()


def _zygote_of(session: Session) -> forkserver.Forkserver:
    with session:
        assert session._seat is not None
        return session._seat.server

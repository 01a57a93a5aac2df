"""Folders of the host that a session is shown: read where they are, written by nobody, and no way from them to the host's programs."""

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from codeact.errors import InputError
from codeact.sandbox import forkserver, isolation
from codeact.sandbox.session import Session
from sandbox import elsewhere

_CODE = """
import fcntl, json, os, socket, sys
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
refused("lease", fcntl.fcntl, open(SHOWN + "/data.txt"), fcntl.F_SETLEASE, fcntl.F_RDLCK)
refused("flags", fcntl.ioctl, open(SHOWN + "/data.txt"), 0x40086602, (0x80).to_bytes(8, "little"))
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
_REFUSED = ("make", "append", "empty", "remove", "rename", "beside", "speak", "speak without a connection", "lease", "flags")

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
            os.chown(place / "shown" / "data.txt", who, who)  # what only its owner may do, the code may not either
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
    (place / "loop").symlink_to(place / "loop")
    for folder in (place / "system", place / "shown" / ".." / ".." / ".." / "etc", place / "beside.txt", place / "loop", "/srv/\0"):
        with pytest.raises(InputError, match="cannot show"):
            Session(preload=(), folders=[folder]).start()


@pytest.mark.parametrize("folders", ["/srv", [""], [f"/srv/{number}" for number in range(101)]], ids=["text", "nothing", "too many"])
def test_what_names_no_folders_is_refused(folders: Sequence[str]) -> None:
    with pytest.raises(InputError, match=r"a list of paths|too many"):
        Session(preload=(), folders=folders)


def test_a_path_that_goes_up_is_shown_and_told_as_what_it_is(place: Path) -> None:
    with Session(preload=(), folders=[place / "none" / ".." / "link" / ".." / "shown"]) as session:
        assert session.folders == (str((place / "shown").resolve()),)
        assert session.run(f"open({session.folders[0]!r} + '/data.txt').read()").result == "'data'"


def test_the_workspaces_of_sessions_are_not_shown(place: Path) -> None:
    found = isolation.find_folders((str(place),))
    with pytest.raises(InputError, match="cannot show"):
        isolation.folder_paths(found, isolation.Ids(None), str(place / "shown" / "workspaces"))


def test_what_comes_in_a_folders_place_is_shown_to_the_sessions_after(place: Path) -> None:
    code = f"open({str(place / 'link' / 'data.txt')!r}).read()"

    def seen() -> str | None:
        with Session(preload=(), folders=[place / "link"]) as session:
            return session.run(code).result

    assert seen() == "'data'"
    other = place / "other"
    other.mkdir(mode=0o755)
    (other / "data.txt").write_text("other")
    (place / "link").unlink()
    (place / "link").symlink_to(other)
    assert seen() == "'other'"
    (other / "data.txt").unlink()
    other.rmdir()
    with pytest.raises(InputError, match="there is no such folder"):
        seen()


@pytest.mark.parametrize("link", ["absolute", "relative"])
def test_what_lies_below_a_link_is_shown_where_the_link_leads(place: Path, link: str) -> None:
    below = place / "shown" / "below"
    below.mkdir()
    (below / "file.txt").write_text("below")
    (place / "a_link").symlink_to(place / "shown" if link == "absolute" else "shown")
    with Session(preload=(), folders=[place / "a_link", place / "a_link" / "below"], isolation="strict") as session:
        paths = [str(place / one / "below" / "file.txt") for one in ("a_link", "shown")]
        assert session.run(f"[open(path).read() for path in {paths}]").result == "['below', 'below']"
    assert (below / "file.txt").read_text() == "below"


def test_an_interpreter_below_a_link_is_left_as_it_is(python: str, place: Path) -> None:
    """Its files were once opened to be written, over the link, in the host's own root."""
    home = Path(python).parents[2]
    (place / "home").symlink_to(home)
    before = {name: (home / "venv" / name).read_bytes() for name in ("pyvenv.cfg",)}
    through = str(place / "home" / Path(python).relative_to(home))
    with Session(preload=(), folders=[place / "home"], python=through, isolation="strict") as session:
        assert session.run("1 + 1").result == "2"
    assert {name: (home / "venv" / name).read_bytes() for name in before} == before


def test_a_folder_below_a_closed_one_is_refused_and_no_weaker_tier_is_taken(place: Path) -> None:
    elsewhere.needs_root()
    closed = place / "closed"
    (closed / "data").mkdir(parents=True)
    (closed / "data").chmod(0o755)
    os.chown(closed, elsewhere.NOBODY - 1, elsewhere.NOBODY - 1)
    closed.chmod(0o700)
    with pytest.raises(InputError, match="cannot show"):
        Session(preload=(), folders=[closed / "data"]).start()


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

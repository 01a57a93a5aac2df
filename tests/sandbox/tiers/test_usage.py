"""What the warden counts: nothing that it may not see, or cannot reach, counts for nothing."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeact.sandbox import isolation
from codeact.sandbox.guest import usage
from sandbox import elsewhere

MB = 1 << 20
MOST = 1 << 40

_BEGIN = f"""
import errno, mmap, os, signal, subprocess, sys, threading, time
sys.path.insert(0, {str(isolation.SANDBOX)!r})
from guest import linux, usage
NOBODY, MB = {elsewhere.NOBODY}, {MB}
def child(work):
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        kept = work()
        linux.prctl(linux.PR_SET_PDEATHSIG, 9)  # here: who becomes another user has none any more
        os.write(there, b"x")
        time.sleep(1000)
    os.read(here, 1)
    return pid
def nameless(size):
    file = open(f"{{FOLDER}}/{{time.monotonic_ns()}}", "w+b", buffering=0)
    file.write(b"x" * size)
    os.fsync(file.fileno())
    os.unlink(file.name)
    return file
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that every user may write to; what lies deep in it is removed by a program that paths are not too long for."""
    place = tmp_path
    while place != place.parent and place.stat().st_uid == os.getuid():
        place.chmod(place.stat().st_mode | 0o755)
        place = place.parent
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    yield tmp_path / "open"
    subprocess.run(["rm", "-rf", tmp_path / "open"], check=True)


def found(program: str, folder: Path) -> str:
    """What a program prints that looks from a process of its own, which may become another user."""
    source = _BEGIN.replace("{FOLDER}", str(folder)) + program
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def deeper(folder: Path, name: str, levels: int) -> int:
    """Make folders below one another; a descriptor of the last."""
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    for _ in range(levels):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=here)
        os.close(here)
        here = below
    return here


def fill(folder: int, size: int) -> None:
    """Write a file into an open folder, which is closed."""
    with open(os.open("big", os.O_CREAT | os.O_WRONLY, dir_fd=folder), "wb") as file:  # noqa: PTH123 -- a descriptor
        file.write(b"x" * size)
        file.flush()
        os.fsync(file.fileno())
    os.close(folder)


def opened() -> list[str]:
    """Descriptors of this process."""
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


def test_what_lies_below_a_path_that_is_too_long_counts(folder: Path) -> None:
    fill(deeper(folder, "d" * 250, 20), 8 * MB)
    assert usage.disk(str(folder), MOST) >= 8 * MB


def test_as_deep_as_is_looked_everything_counts_and_nothing_stays_open(folder: Path) -> None:
    fill(deeper(folder, "d", usage.DEEPEST - 1), 2 * MB)
    before = opened()
    assert usage.disk(str(folder), MOST) >= 2 * MB
    assert opened() == before


def test_what_lies_deeper_is_an_error_that_says_so(folder: Path) -> None:
    fill(deeper(folder, "d", usage.DEEPEST + 1), 1)
    before = opened()
    with pytest.raises(OSError, match=f"more than {usage.DEEPEST} deep"):
        usage.disk(str(folder), MOST)
    assert opened() == before


def test_every_entry_counts_as_a_block_and_links_are_not_followed(folder: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / name).mkdir()
        (folder / name / "empty").touch()
    (folder / "link").symlink_to("/usr")
    os.mkfifo(folder / "pipe")
    assert usage.disk(str(folder), MOST) == sum(max(4096, path.lstat().st_blocks * 512) for path in folder.rglob("*"))


def test_a_look_ends_once_there_is_too_much(folder: Path) -> None:
    for number in range(100):
        (folder / str(number)).touch()
    assert usage.disk(str(folder), 10 * 4096) == 11 * 4096


def test_a_folder_that_is_not_there_takes_nothing(folder: Path) -> None:
    assert usage.disk(str(folder / "none"), MOST) == 0


def test_a_tree_that_changes_all_the_time_is_looked_at_to_the_end(folder: Path) -> None:
    for number in range(40):
        (folder / f"{number}" / "x" / "y").mkdir(parents=True)
    over = threading.Event()

    def change() -> None:
        while not over.is_set():
            for number in range(40):
                (folder / f"{number}" / "x").rename(folder / f"{(number + 1) % 40}" / "z")
                (folder / f"{(number + 1) % 40}" / "z").rename(folder / f"{number}" / "x")

    changing = threading.Thread(target=change)
    changing.start()
    try:
        seen = [usage.disk(str(folder), MOST) for _ in range(50)]
    finally:
        over.set()
        changing.join()
    assert min(seen) >= 40 * 4096


def test_a_folder_that_may_not_be_looked_into_is_an_error(folder: Path) -> None:
    program = f"""
FOLDER = {str(folder)!r}
os.geteuid() or os.setuid(NOBODY)
os.mkdir(FOLDER + "/closed", 0o300)
try:
    usage.disk(FOLDER, 1 << 40)
except OSError as error:
    print(error.strerror)
"""
    assert found(program, folder) == "a folder may not be looked into (Permission denied)"


def test_a_long_line_of_processes_is_followed_to_its_end(folder: Path) -> None:
    program = """
sys.setrecursionlimit(60)
here, there = os.pipe()
def line(left):
    while left and os.fork() == 0:
        linux.prctl(linux.PR_SET_PDEATHSIG, 9)
        left -= 1
    if left == 0:
        os.write(there, b"x")
    time.sleep(1000)
if os.fork() == 0:
    line(80)
os.read(here, 1)
print(len(usage.descendants(os.getpid())))
"""
    program = program.replace("if os.fork() == 0:\n    line", "if os.fork() == 0:\n    linux.prctl(linux.PR_SET_PDEATHSIG, 9)\n    line")
    assert found(program, folder) == "81"


_OF_ANOTHER_USER = """
def work():
    memory = mmap.mmap(-1, 64 * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for at in range(0, 64 * MB, 4096):
        memory[at] = 1
    file = nameless(8 * MB)
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    linux.prctl(linux.PR_SET_DUMPABLE, DUMPABLE)
    return memory, file
GUEST = usage.Copied(ids=(NOBODY, NOBODY))
linux.prctl(linux.PR_CAPBSET_DROP, linux.CAP_SYS_PTRACE)
linux.drop_capabilities(keep=1 << 5 | 1 << 6 | 1 << 7)  # of another user's processes it may end them, and become that user
pid, device = child(work), os.stat(FOLDER).st_dev
try:
    open(f"/proc/{pid}/smaps_rollup").read()
    print("it can look")
except PermissionError:
    pass
"""


def of_another_user(dumpable: int, look: str, folder: Path) -> str:
    """What root finds, without CAP_SYS_PTRACE, of a process of another user that has 64 MB of memory and a file of 8 MB without a name."""
    elsewhere.needs_root()
    program = f"FOLDER, DUMPABLE = {str(folder)!r}, {dumpable}\n{_OF_ANOTHER_USER}{look}"
    return found(program, folder)


def test_memory_that_may_not_be_looked_at_counts_as_much_as_it_may_be(folder: Path) -> None:
    assert (
        of_another_user(1, "print(64 * MB <= usage.proportional(pid, usage.Copied()) == usage.resident(pid, usage.Copied()))", folder)
        == "True"
    )


def test_root_sees_the_memory_of_its_guests_without_the_capability_to_see_everybodys(folder: Path) -> None:
    look = "print(64 * MB <= usage.proportional(pid, GUEST) < usage.resident(pid, usage.Copied()), os.geteuid(), os.getegid())"
    assert of_another_user(1, look, folder) == "True 0 0"


def test_root_sees_the_files_without_a_name_of_its_guests_too(folder: Path) -> None:
    assert of_another_user(1, "print(usage.unnamed([pid], device, (NOBODY, NOBODY)) >= 8 * MB)", folder) == "True"


def test_a_process_that_hides_is_an_error_and_counts_all_its_memory(folder: Path) -> None:
    look = """
print(usage.proportional(pid, GUEST) >= 64 * MB)
try:
    usage.unnamed([pid], device, (NOBODY, NOBODY))
except OSError as error:
    print(error.strerror == f"process {pid} does not let its open files be seen")
"""
    assert of_another_user(0, look, folder) == "True\nTrue"


def test_a_process_that_has_ended_takes_nothing_and_hides_nothing(folder: Path) -> None:
    program = """
os.geteuid() or os.setuid(NOBODY)
ended = os.fork()
if ended == 0:
    os._exit(0)
os.waitid(os.P_PID, ended, os.WEXITED | os.WNOWAIT)
print(usage.proportional(ended, usage.Copied()), usage.unnamed([ended], 1))
os.waitpid(ended, 0)
print(usage.proportional(ended, usage.Copied()), usage.unnamed([ended], 1))
"""
    assert found(program, folder) == "0 0\n0 0"


def test_files_without_a_name_count_while_another_thread_opens_and_closes_without_end(folder: Path) -> None:
    program = f"""
FOLDER = {str(folder)!r}
def work():
    free = os.open("/dev/null", os.O_RDONLY)
    file = nameless(8 * MB)
    os.close(free)
    def change():
        while True:
            os.close(os.open("/dev/null", os.O_RDONLY))
    threading.Thread(target=change, daemon=True).start()
    return file
pid, device = child(work), os.stat(FOLDER).st_dev
print(min(usage.unnamed([pid], device) for _ in range(300)) >= 8 * MB)
"""
    assert found(program, folder) == "True"


def test_files_count_that_only_a_thread_with_descriptors_of_its_own_holds(folder: Path) -> None:
    program = f"""
FOLDER = {str(folder)!r}
def work():
    held = threading.Event()
    def hold():
        linux.unshare(0x400)  # CLONE_FILES
        kept = nameless(8 * MB)
        held.set()
        time.sleep(1000)
    threading.Thread(target=hold, daemon=True).start()
    held.wait()
pid, device = child(work), os.stat(FOLDER).st_dev
print(usage.unnamed([pid], device) >= 8 * MB)
"""
    assert found(program, folder) == "True"


def test_a_look_that_fails_once_is_made_again_and_twice_is_too_much(folder: Path) -> None:
    program = f"""
os.geteuid() or os.setuid(NOBODY)
FOLDER = {str(folder)!r}
os.mkdir(FOLDER + "/closed", 0o300)
disk = usage.Disk([FOLDER], None)
print(disk.used([], 100 * MB))
time.sleep(0.1)
print(disk.used([], 100 * MB)[0] > 100 * MB)
os.chmod(FOLDER + "/closed", 0o700)
time.sleep(0.1)
print(disk.used([], 100 * MB))
"""
    assert found(program, folder) == "(0, '')\nTrue\n(4096, '')"


_WITHOUT_THE_CAPABILITY = """
import json, sys
from codeact.events import Limits
from codeact.sandbox.guest import linux
from codeact.sandbox.session import Session
linux.prctl(linux.PR_CAPBSET_DROP, linux.CAP_SYS_PTRACE)
held = int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("CapPrm")), 16)
linux.drop_capabilities(keep=held & ~(1 << linux.CAP_SYS_PTRACE))
with Session(isolation="landlock", preload=(), limits=Limits(memory_mb=256, disk_mb=32, action_seconds=60)) as session:
    seen = [session.run(cell) for cell in json.loads(sys.argv[1])]
print(json.dumps([[one.status, one.limit and one.limit.name] for one in seen]))
"""


def test_limits_hold_in_tier_landlock_for_root_without_the_capability_to_see_everybodys_processes(python: str, folder: Path) -> None:
    """As in a container that Docker makes unless told otherwise."""
    elsewhere.needs_root()
    forks = "import os, time\nx = bytearray(b'x') * (100 << 20)\nfor _ in range(5):\n    if os.fork() == 0:\n        {}\ntime.sleep({})"
    shares = forks.format("time.sleep(2); os._exit(0)", 1)
    takes = forks.format("y = bytearray(b'y') * (100 << 20); time.sleep(60)", 60)
    fills = "import os, time\nf = open('x', 'wb', buffering=0)\nos.unlink('x')\n"
    fills += "for _ in range(64): f.write(os.urandom(1 << 20))\ntime.sleep(60)"
    done = subprocess.run(
        [python, "-c", _WITHOUT_THE_CAPABILITY, json.dumps([shares, takes, fills])],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "CODEACT_CACHE_DIR": str(folder), "TMPDIR": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["ok", None], ["memory", "memory_mb"], ["killed", "disk_mb"]]

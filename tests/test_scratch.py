"""Temporary folders: gone with their process, however it ends, and nobody else's ever touched."""

import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from codeact.scratch import Scratch, remove_folder, remove_tree

_OTHER = """
import os, sys, time
from codeact.scratch import Scratch
scratches = [Scratch() for _ in range(2)]
for scratch in scratches:
    (scratch.path / "folder").mkdir()
    (scratch.path / "folder" / "file").write_text("x")
    print(scratch.path, flush=True)
time.sleep(1000)
"""


_LEVELS = 1100  # more than calls of Python may be in each other
_NO_TEXT = os.fsdecode(b"\xff" * 200)
"""A name that is not UTF-8, and long: a hundred of them are longer than a path may be."""


def deepen(folder: Path, name: str, levels: int, outside: Path, mode: int) -> None:
    """Make folders in each other, each with a file and a link to a folder outside, and the mode."""
    folder.mkdir()
    inner = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=inner))
        os.symlink(outside, "link", dir_fd=inner)
        os.mkdir(name, dir_fd=inner)
        outer, inner = inner, os.open(name, os.O_RDONLY, dir_fd=inner)
        os.fchmod(outer, mode)
        os.close(outer)
    os.close(inner)


@contextmanager
def few_descriptors(more: int) -> Iterator[None]:
    """So many more than are open now may be opened."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(path.name) for path in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def ordinary_user() -> Iterator[Path]:
    """Not root, whom no mode stops; a folder of this user's."""
    user = 64_999 if os.geteuid() == 0 else os.geteuid()
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # those of pytest are closed to others
    try:
        os.chown(folder, user, -1)
        os.seteuid(user)
        yield folder
    finally:
        os.seteuid(os.getuid())
        subprocess.run(["rm", "-rf", folder], check=True)


@pytest.fixture(autouse=True)
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Temporary files go to a folder of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    subprocess.run(["rm", "-rf", *tmp_path.iterdir()], check=True)  # pytest cannot clean up deep trees, which a failed test may leave


@contextmanager
def other(where: Path) -> Iterator[tuple[subprocess.Popen[str], list[Path]]]:
    """Another process that lives and has two folders; killed at the end."""
    command = [sys.executable, "-c", _OTHER]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(where)}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, [Path(process.stdout.readline().strip()) for _ in range(2)]
        finally:
            process.kill()


def test_the_folders_of_a_killed_process_are_removed_by_the_next_one_that_makes_a_folder(where: Path) -> None:
    with other(where) as (process, folders):
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert [folder.parent for folder in folders] == [where, where]
        assert all((folder / "folder" / "file").is_file() for folder in folders)
        scratch = Scratch()
        assert list(where.iterdir()) == [scratch.path]
        scratch.remove()


def test_the_folders_of_a_living_process_and_those_of_our_own_are_left_alone(where: Path) -> None:
    with other(where) as (_, folders):
        ours = [Scratch() for _ in range(3)]
        assert {*where.iterdir()} == {*folders, *(scratch.path for scratch in ours)}
        assert all((folder / "folder" / "file").is_file() for folder in folders)
        for scratch in ours:
            scratch.remove()
        assert {*where.iterdir()} == {*folders}


def test_a_folder_is_open_to_its_owner_only_and_leaves_nothing_open_when_it_is_removed(where: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    scratch = Scratch()
    assert stat.S_IMODE(scratch.path.stat().st_mode) == 0o700
    (scratch.path / "closed" / "inner").mkdir(parents=True)
    (scratch.path / "closed").chmod(0)
    scratch.remove()
    assert list(where.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_is_not_ours_is_left_alone_though_it_has_our_name(where: Path) -> None:
    (where / "codeact-file").write_text("x")
    (where / "codeact-without-mark").mkdir()
    (where / "elsewhere").mkdir()
    (where / "elsewhere" / ".alive").touch()
    (where / "codeact-link").symlink_to("elsewhere")
    (where / "codeact-linked-mark").mkdir()
    (where / "codeact-linked-mark" / ".alive").symlink_to(where / "elsewhere" / ".alive")
    before = {*where.rglob("*")}
    Scratch().remove()
    assert {*where.rglob("*")} == before


def test_another_user_s_folder_is_left_alone_though_its_process_is_dead(where: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to make a folder of another user")
    folder = where / "codeact-another"
    folder.mkdir()
    (folder / ".alive").touch()
    os.chown(folder, 65534, 65534)
    Scratch().remove()
    assert (folder / ".alive").is_file()
    os.chown(folder, 0, 0)
    Scratch().remove()
    assert not folder.exists()


def test_removing_a_tree_that_is_not_there_says_nothing(where: Path) -> None:
    remove_tree(where / "nothing")
    assert list(where.iterdir()) == []


@pytest.mark.parametrize("name", ["a", _NO_TEXT], ids=["short names", "long names that are no text"])
def test_a_tree_of_any_depth_is_removed_with_few_descriptors_and_no_link_is_followed(where: Path, name: str) -> None:
    (where / "outside").mkdir()
    (where / "outside" / "kept").touch()
    deepen(where / "deep", name, _LEVELS, where / "outside", mode=0o700)
    with few_descriptors(40):
        remove_tree(where / "deep")
    assert {path.name for path in where.rglob("*")} == {"outside", "kept"}


@pytest.mark.parametrize("mode", [0, 0o500])
def test_a_deep_tree_whose_owner_closed_every_folder_is_removed(mode: int) -> None:
    with ordinary_user() as folder:
        deepen(folder / "deep", "a", _LEVELS, folder, mode)
        remove_tree(folder / "deep")
        assert list(folder.iterdir()) == []


def test_a_deep_tree_that_a_killed_process_left_keeps_nobody_from_making_a_folder(where: Path) -> None:
    deepen(where / "codeact-left", "a", _LEVELS, where, mode=0o700)
    (where / "codeact-left" / ".alive").touch()
    scratch = Scratch()
    assert list(where.iterdir()) == [scratch.path]
    scratch.remove()


def test_folders_with_the_name_of_a_mark_go_like_others(where: Path) -> None:
    deepen(where / "deep", ".alive", 20, where, mode=0o700)
    remove_tree(where / "deep")
    assert list(where.iterdir()) == []


def test_a_link_in_the_place_of_a_folder_is_not_followed(where: Path) -> None:
    (where / "outside").mkdir()
    (where / "outside" / "kept").touch()
    (where / "link").symlink_to("outside")
    remove_tree(where / "link")
    assert (where / "outside" / "kept").is_file()


def test_folders_swapped_for_links_while_a_tree_is_removed_lead_nowhere(where: Path) -> None:
    outside, tree = where / "outside", where / "tree"
    outside.mkdir()
    (outside / "file").touch()
    over = threading.Event()

    def swap() -> None:
        folder, link, spare = tree / "folder", tree / "link", tree / "spare"
        while not over.is_set():
            for source, target in ((folder, spare), (link, folder), (folder, link), (spare, folder)):  # they stand at "folder" by turns
                try:
                    source.rename(target)
                except OSError:
                    continue  # it is gone already

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for _ in range(100):
            deepen(where / "new", "folder", 3, outside, mode=0o700)
            (where / "new").rename(tree)
            while tree.exists():  # what is moved behind its back may be left
                remove_tree(tree)
            assert (outside / "file").is_file()
    finally:
        over.set()
        swapping.join()


def test_removing_ends_though_there_is_no_end_of_what_is_in_the_folder_and_leaves_its_mark(where: Path) -> None:
    folder = where / "codeact-full"
    folder.mkdir()
    (folder / ".alive").touch()
    for number in range(50):
        (folder / str(number)).touch()
    parent = os.open(where, os.O_RDONLY)
    try:
        with pytest.raises(OSError, match="too much in the folder"):
            remove_folder(folder.name, parent, most=10)
        assert len(list(folder.iterdir())) == 41
        assert (folder / ".alive").is_file()
        remove_folder(folder.name, parent)
    finally:
        os.close(parent)
    assert list(where.iterdir()) == []


def test_a_file_and_what_is_not_there_are_no_folders_to_remove(where: Path) -> None:
    (where / "file").touch()
    parent = os.open(where, os.O_RDONLY)
    try:
        for name in ("file", "nothing"):
            with pytest.raises(OSError, match=name):
                remove_folder(name, parent)
    finally:
        os.close(parent)
    assert (where / "file").is_file()

"""Temporary folders: gone with their process, however it ends, and nobody else's ever touched."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from codeact.scratch import Scratch, remove_tree

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


@pytest.fixture(autouse=True)
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files go to a folder of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


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

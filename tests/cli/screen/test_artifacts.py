"""Figures and files that come out of a workspace that the guest controls."""

import base64
import os
import socket
from pathlib import Path

import pytest

from codeact.cli.screen.artifacts import Copied, Figures, copy_out, files_made
from codeact.errors import InputError
from codeact.events import FileChange, Observation

PNG = {"image/png": base64.b64encode(b"picture").decode()}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    return folder


def copied(workspace: Path, *names: str, most: int = 1000) -> dict[str, Copied]:
    return {one.name: one for one in copy_out(workspace, list(names), workspace.parent / "out", most)}


def test_regular_files_are_copied_with_their_folders(workspace: Path) -> None:
    (workspace / "a.txt").write_text("a")
    (workspace / "sub" / "b.txt").write_text("b")
    copied(workspace, "a.txt", "sub/b.txt")
    out = workspace.parent / "out"
    assert ((out / "a.txt").read_text(), (out / "sub" / "b.txt").read_text()) == ("a", "b")


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret", "sub/../../secret", "", "a\nb", "a\x1b[2Jb"])
def test_a_name_that_is_not_a_plain_relative_path_is_refused(workspace: Path, name: str) -> None:
    assert copied(workspace, name)[name].path is None


def test_a_link_is_never_followed_in_any_part_of_the_path(workspace: Path) -> None:
    (workspace / "link").symlink_to(workspace.parent / "secret")
    (workspace / "up").symlink_to(workspace.parent)
    result = copied(workspace, "link", "up/secret")
    assert [one.path for one in result.values()] == [None, None]
    assert "link" in result["link"].reason
    assert list((workspace.parent / "out").iterdir()) == []


def test_a_pipe_or_a_socket_is_refused_and_does_not_block(workspace: Path) -> None:
    os.mkfifo(workspace / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(workspace / "socket"))
        result = copied(workspace, "pipe", "socket", "sub")
    assert [one.path for one in result.values()] == [None, None, None]
    assert result["pipe"].reason == "it is not a regular file"


def test_a_file_over_the_limit_is_refused_also_if_it_is_sparse(workspace: Path) -> None:
    with (workspace / "huge").open("wb") as file:
        file.truncate(1 << 40)
    assert "the limit is 1,000" in copied(workspace, "huge")["huge"].reason


def test_a_file_of_the_host_is_never_overwritten(workspace: Path) -> None:
    out = workspace.parent / "out"
    out.mkdir()
    (out / "a.txt").write_text("mine")
    (workspace / "a.txt").write_text("theirs")
    assert "exists already" in copied(workspace, "a.txt")["a.txt"].reason
    assert (out / "a.txt").read_text() == "mine"


def test_files_made_leaves_out_what_was_removed_again() -> None:
    events = [
        Observation(files=(FileChange(path="a", change="created"), FileChange(path="b", change="created"))),
        Observation(files=(FileChange(path="a", change="deleted"), FileChange(path="c", change="modified"))),
    ]
    assert files_made(list(events)) == ["b", "c"]


def test_figures_get_free_names_and_overwrite_nothing(tmp_path: Path) -> None:
    (tmp_path / "figure-1.png").write_text("mine")
    figures = Figures(tmp_path)
    assert [figures.save(PNG), figures.save(PNG), figures.save({"text/plain": "x"})] == [
        tmp_path / "figure-2.png",
        tmp_path / "figure-3.png",
        None,
    ]
    assert (tmp_path / "figure-1.png").read_text() == "mine"
    assert (tmp_path / "figure-2.png").read_bytes() == b"picture"


def test_a_bundle_that_is_not_base64_is_no_figure(tmp_path: Path) -> None:
    assert Figures(tmp_path).save({"image/png": "?"}) is None


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot save a figure in"):
        Figures(tmp_path / "file" / "sub").save(PNG)

"""The workspace from the host's side: what the guest puts there never leads outside, never blocks, and is bounded."""

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeact.errors import InputError
from codeact.sandbox.snapshots import Snapshots
from codeact.sandbox.workspace import Workspace, changes, files_in


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(tmp_path / "workspace", None)
    yield made
    made.remove()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file outside."""
    path = tmp_path / "secret"
    path.write_text("secret of the host")
    return path


def changed(workspace: Workspace, before: object) -> dict[str, tuple[str, int]]:
    """What is new since a listing."""
    return {change.path: (change.change, change.size) for change in changes(before, workspace.listing())}  # type: ignore[arg-type] # of listing()


def test_files_made_changed_and_removed_are_told_and_others_are_not(workspace: Workspace) -> None:
    for name in ("same", "grown", "gone"):
        (workspace.path / name).write_text("x")
    before = workspace.listing()
    (workspace.path / "folder" / "deep").mkdir(parents=True)
    (workspace.path / "folder" / "deep" / "new").write_text("abc")
    (workspace.path / "grown").write_text("xyz")
    (workspace.path / "gone").unlink()
    assert changed(workspace, before) == {"folder/deep/new": ("created", 3), "grown": ("modified", 3), "gone": ("deleted", 0)}


def test_files_are_listed_with_sizes_and_without_links_folders_and_caches(workspace: Workspace, secret: Path) -> None:
    (workspace.path / "link").symlink_to(secret)
    for name in ("b/deep", "a", "__pycache__/c"):
        (workspace.path / name).parent.mkdir(exist_ok=True)
        (workspace.path / name).write_text(name)
    assert files_in(workspace.path) == ({"a": 1, "b/deep": 6}, True)
    with pytest.raises(InputError, match="cannot look into"):
        files_in(workspace.path / "link")


def test_a_file_replaced_by_another_of_the_same_size_and_time_is_told(workspace: Workspace) -> None:
    path = workspace.path / "x"
    path.write_text("one")
    times = path.stat()
    before = workspace.listing()
    (workspace.path / "y").write_text("two")
    (workspace.path / "y").replace(path)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert changed(workspace, before) == {"x": ("modified", 3)}


def test_links_fifos_sockets_and_caches_are_not_files(workspace: Workspace, secret: Path) -> None:
    before = workspace.listing()
    (workspace.path / "link").symlink_to(secret)
    (workspace.path / "loop").symlink_to(".")
    os.mkfifo(workspace.path / "fifo")
    (workspace.path / "__pycache__").mkdir()
    (workspace.path / "__pycache__" / "x.pyc").write_text("x")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(workspace.path / "socket"))
    assert changed(workspace, before) == {}


def test_names_that_are_no_text_are_shown_with_escapes(workspace: Workspace) -> None:
    before = workspace.listing()
    (Path(os.fsdecode(os.fsencode(workspace.path) + b"/\xff\xfe"))).write_text("x")
    assert changed(workspace, before) == {"\\xff\\xfe": ("created", 1)}


def test_what_is_told_and_looked_at_is_bounded(workspace: Workspace) -> None:
    before = workspace.listing()
    for number in range(6000):
        (workspace.path / str(number)).touch()
    deep = workspace.path
    for _ in range(60):
        deep = deep / "d"
        deep.mkdir()
    assert len(changed(workspace, before)) == 100


def test_a_listing_that_was_cut_short_says_so(workspace: Workspace) -> None:
    assert workspace.listing().whole
    for number in range(25_000):
        os.mkfifo(workspace.path / str(number))
    assert not workspace.listing().whole


def test_a_file_of_the_host_is_copied_in_under_its_own_or_another_name(workspace: Workspace, secret: Path) -> None:
    assert workspace.add(secret) == "secret"
    assert workspace.add(secret, "other.txt") == "other.txt"
    assert workspace.read("secret") == workspace.read("other.txt") == b"secret of the host"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/x", "../x", "a\0b", "x" * 256, "é" * 128])
def test_a_name_that_is_not_a_plain_file_name_is_refused(workspace: Workspace, secret: Path, name: str) -> None:
    with pytest.raises(InputError, match="not a plain file name") as caught:
        workspace.add(secret, name)
    assert repr(name) in str(caught.value)
    assert list(workspace.path.iterdir()) == []


@pytest.mark.parametrize("what", ["file", "link", "dangling", "folder", "fifo"])
def test_nothing_of_the_guest_is_written_over_or_through(workspace: Workspace, secret: Path, what: str) -> None:
    target, outside = workspace.path / "taken", secret.with_name("elsewhere")
    match what:
        case "file":
            target.write_text("mine")
        case "link":
            target.symlink_to(secret)
        case "dangling":
            target.symlink_to(outside)
        case "folder":
            target.mkdir()
        case _:
            os.mkfifo(target)
    with pytest.raises(InputError, match="'taken'"):
        workspace.add(secret, "taken")
    assert not outside.exists()
    assert secret.read_text() == "secret of the host"


@pytest.mark.parametrize("source", ["missing", "."])
def test_a_source_that_cannot_be_read_is_an_error_that_names_it(workspace: Workspace, tmp_path: Path, source: str) -> None:
    with pytest.raises(InputError, match="give a path to a file"):
        workspace.add(tmp_path / source, "x")


def test_a_source_that_cannot_be_read_leaves_no_empty_file_behind(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        workspace.add(tmp_path / "missing", "x")
    assert list(workspace.path.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "..", "../secret", "/etc/passwd", "a/../../secret", "a\0b"])
def test_a_path_that_leads_outside_is_refused(workspace: Workspace, secret: Path, name: str) -> None:
    (workspace.path / "a").mkdir()
    with pytest.raises(InputError):
        workspace.read(name)


@pytest.mark.parametrize("name", ["link", "folder/secret", "fifo", "folder", "missing", "real", "socket"])
def test_what_is_not_a_regular_file_of_its_own_is_not_read(workspace: Workspace, secret: Path, name: str) -> None:
    (workspace.path / "link").symlink_to(secret)
    (workspace.path / "folder").symlink_to(secret.parent)
    (workspace.path / "real").mkdir()
    os.mkfifo(workspace.path / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(workspace.path / "socket"))
    with pytest.raises(InputError, match=repr(name)):
        workspace.read(name)


def test_a_device_node_is_not_read(workspace: Workspace) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to make a device node")
    os.mknod(workspace.path / "zero", 0o20666, os.makedev(1, 5))
    with pytest.raises(InputError, match="not a regular file"):
        workspace.read("zero")


def test_a_huge_sparse_file_is_refused_before_it_is_read(workspace: Workspace) -> None:
    with (workspace.path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(InputError, match=f"{1 << 40} bytes"):
        workspace.read("sparse")


def test_a_file_of_exactly_the_most_is_read_and_one_byte_more_is_not(workspace: Workspace) -> None:
    (workspace.path / "x").write_bytes(b"12345")
    assert workspace.read("x", most=5) == b"12345"
    with pytest.raises(InputError, match="5 bytes, more than the 4"):
        workspace.read("x", most=4)


def test_a_folder_swapped_for_a_link_while_it_is_looked_at_shows_nothing_outside(workspace: Workspace) -> None:
    with tempfile.TemporaryDirectory() as outside:
        (Path(outside) / "data").write_text("outside")
        (workspace.path / "folder").mkdir()
        (workspace.path / "folder" / "data").write_text("inside")
        (workspace.path / "link").symlink_to(outside)
        over = threading.Event()

        def swap() -> None:
            paths = [workspace.path / name for name in ("folder", "link", "spare")]
            while not over.is_set():
                for source, target in ((0, 2), (1, 0), (0, 1), (2, 0)):  # the folder, then the link, stand at "folder" by turns
                    paths[source].rename(paths[target])

        swapping = threading.Thread(target=swap)
        swapping.start()
        try:
            read: set[bytes] = set()
            for _ in range(3000):
                try:
                    read.add(workspace.read("folder/data"))
                except InputError:
                    read.add(b"refused")
                entries = changed(workspace, type(workspace.listing())({}))
                assert all(size == len("inside") for _, size in entries.values()), entries
        finally:
            over.set()
            swapping.join()
        assert b"outside" not in read
        assert b"inside" in read


def test_removing_it_follows_no_link_and_takes_what_the_guest_closed(tmp_path: Path, secret: Path) -> None:
    workspace = Workspace(tmp_path / "w", None)
    (workspace.path / "link").symlink_to(secret.parent)
    (workspace.path / "closed").mkdir()
    (workspace.path / "closed" / "x").write_text("x")
    (workspace.path / "closed").chmod(0)
    workspace.remove()
    assert secret.read_text() == "secret of the host"
    assert not (tmp_path / "w").exists()


def test_a_snapshot_that_there_is_no_room_for_keeps_no_content_and_raises_nothing(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.path / "x").write_text("x")
    snapshot = Snapshots(workspace, tmp_path / "missing" / "store", most=1 << 20).take(workspace.listing())
    assert snapshot.copies == {"x": None}

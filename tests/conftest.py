"""Guards and fixtures of the whole test suite.

Invariants: no test talks to anything but this machine, no test finds a real key or the user's settings, and on CI (``CI=true``) a
skipped test is a failed one. It imports nothing of codeact at its top, so that a broken module fails its own tests only.
"""

import ipaddress
import os
import socket
import sys
from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest

collect_ignore = [] if find_spec("torch") else ["train"]
"""Tests of training need torch, an extra of hundreds of megabytes: where it is not installed they are not collected (`make test-train`)."""

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

hypothesis.settings.register_profile("codeact", deadline=None)  # no test asserts a time
hypothesis.settings.load_profile("codeact")

FORBIDDEN_VARIABLES = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
OWN_PREFIX = "CODEACT_"
OWN_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME")
LOCAL_NAMES = {"localhost", "", None}


class OutsideWorldError(RuntimeError):
    """A test tried to reach something that is not this machine."""


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _host_of(event: str, arguments: tuple[Any, ...]) -> object:
    """The host that an audit event is about, None for a local socket."""
    if event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        return arguments[0]
    sock, address = arguments[0], arguments[1]
    internet = getattr(sock, "family", None) in {socket.AF_INET, socket.AF_INET6}
    return address[0] if internet and isinstance(address, tuple) else None


GUARDED = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


def _refuse_the_outside_world(event: str, arguments: tuple[Any, ...]) -> None:
    if event in GUARDED and not _is_local(host := _host_of(event, arguments)):
        raise OutsideWorldError(f"{event} to {host!r}: tests talk to loopback only; start a server in the test, or use a scripted model")


sys.addaudithook(_refuse_the_outside_world)  # a hook and not a patch: it also sees what C code and libraries do, and cannot be undone

for _name in [name for name in os.environ if name in FORBIDDEN_VARIABLES or name.startswith(OWN_PREFIX)]:
    del os.environ[_name]

for _name in OWN_FOLDERS:  # not the cache: the local model's weights are fetched once for all
    os.environ[_name] = f"{os.devnull}/{_name.lower()}"  # nothing can be there while tests are collected


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where settings and records are while tests run: in pytest's folder, which it removes itself when a run was killed."""
    home = tmp_path_factory.mktemp("home")
    for name in OWN_FOLDERS:
        os.environ[name] = str(home / name.lower())


def _on_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _skip_is_failure(report) if not hasattr(report, "wasxfail") else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _skip_is_failure(report)


def _skip_is_failure(report: Report) -> Report:
    if report.skipped and _on_ci():
        report.outcome = "failed"
        report.longrepr = f"a skipped test is a failed one on CI: {report.longrepr}"
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("weights") is not None:
        _weights_or_skip()


@pytest.fixture
def weights() -> Path:
    """The local model's weights, a GGUF file; the test is skipped where they were not fetched."""
    return _weights_or_skip()


def _weights_or_skip() -> Path:
    from codeact.models import pinned  # late: see the module's docstring

    path = pinned.path_of()
    if not path.is_file():
        pytest.skip(f"the local model's weights are not at {str(path)!r}: fetch them with `codeact models pull`")
    return path

"""The guards of the suite itself: nothing leaves this machine, no key is found, and a skip fails on CI."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
OUTSIDE = "192.0.2.1"  # reserved for documentation (RFC 5737): leads nowhere even without the guard


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as sock, pytest.raises(RuntimeError, match="loopback only"):
        sock.connect((OUTSIDE, 80))


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, pytest.raises(RuntimeError, match="loopback only"):
        sock.sendto(b"x", (OUTSIDE, 80))


def test_looking_up_another_machine_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"'example\.org'"):
        socket.getaddrinfo("example.org", 80)


def test_loopback_and_local_sockets_are_free(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as sock:
        assert sock.getpeername() == server.getsockname()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as sock:
        server.bind(str(tmp_path / "s"))
        server.listen()
        sock.connect(str(tmp_path / "s"))


def test_no_key_and_no_setting_of_the_user_is_found() -> None:
    assert [name for name in os.environ if name.startswith(("OPENAI_", "CODEACT_"))] == []
    assert not Path(os.environ["XDG_CONFIG_HOME"], "codeact").exists()


def test_a_run_of_the_tests_that_is_killed_leaves_nothing_but_what_pytest_clears_away_later(tmp_path: Path) -> None:
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "test_killed.py").write_text("import os\ndef test_it(): os.kill(os.getpid(), 9)\n", encoding="utf-8")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stdout
    assert [path.name for path in temporary.iterdir() if not path.name.startswith("pytest-of-")] == []


SKIPS = {
    "in_a_test": "import pytest\ndef test_it():\n    pytest.skip('no reason')\n",
    "by_a_mark": "import pytest\n@pytest.mark.skipif(True, reason='no reason')\ndef test_it(): pass\n",
    "of_a_whole_module": "import pytest\npytest.importorskip('no_such_module', reason='no reason')\ndef test_it(): pass\n",
}


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_skip_fails_on_ci_only(ci: str, tmp_path: Path) -> None:
    shutil.copy(CONFTEST, tmp_path)
    for name, text in SKIPS.items():
        (tmp_path / f"test_{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "test_passing.py").write_text("def test_it(): pass\n", encoding="utf-8")
    options = ["-q", "-rfE", "--continue-on-collection-errors", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    done = subprocess.run(command, env={**os.environ, "CI": ci}, capture_output=True, text=True, check=False)
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert (done.returncode == 0) is (ci == ""), done.stdout
    assert [name for name in SKIPS if any(f"test_{name}.py" in line for line in failed)] == (list(SKIPS) if ci else []), done.stdout
    assert done.stdout.count("no reason") >= len(SKIPS) or not ci
    assert not any("test_passing" in line for line in failed)

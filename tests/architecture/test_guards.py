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
    "in a test": "import pytest\ndef test_it():\n    pytest.skip('no reason')\n",
    "by a mark": "import pytest\n@pytest.mark.skipif(True, reason='no reason')\ndef test_it(): pass\n",
    "of a whole module": "import pytest\npytest.importorskip('no_such_module', reason='no reason')\ndef test_it(): pass\n",
}


@pytest.mark.parametrize("text", SKIPS.values(), ids=SKIPS)
@pytest.mark.parametrize(("ci", "passes"), [("true", False), ("", True)])
def test_a_skip_fails_on_ci_only(text: str, ci: str, passes: bool, tmp_path: Path) -> None:
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "test_skipping.py").write_text(text, encoding="utf-8")
    (tmp_path / "test_passing.py").write_text("def test_it(): pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, env={**os.environ, "CI": ci}, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is passes, done.stdout
    assert "no reason" in done.stdout or passes

"""`codeact serve` as a process: what it says, what it refuses, and how it ends with everything that it started."""

import contextlib
import http.client
import resource
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from cli.conftest import COMMAND, Codeact
from cli.processes import all_gone, children_of, sleepers_of
from cli.serving.started import Process, Started
from codeact.cli.exits import Exit

BUSY = """\
<execute>
import subprocess, time

subprocess.Popen(["sleep", "1000"])
subprocess.Popen(["sleep", "1000"], start_new_session=True)
print("begun", flush=True)
time.sleep(1000)
</execute>
---
<solution>done</solution>
"""


class Serve:
    """A server on a free port.

    Args:
        environment, folder: of the process.
        arguments: of the command.
        loaded: whether it is forked from the process that has loaded the command.
    """

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str, loaded: bool = True) -> None:
        self._said = folder / f"said-{time.monotonic_ns()}.txt"
        with self._said.open("w") as said:
            words = ["serve", "--port", "0", *arguments]
            self.process: Process = (
                Started(words, environment=environment, folder=folder, stderr=said)
                if loaded
                else subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=said, text=True, env=environment, cwd=folder)
            )
        while "no key is needed" not in self.said and "runs are kept" not in self.said and self.process.poll() is None:
            time.sleep(0.02)
        self.url = next((word for word in self.said.split() if word.startswith("http")), "")

    @property
    def said(self) -> str:
        """What it has written to standard error."""
        return self._said.read_text()

    def http(self, **headers: str) -> httpx.Client:
        """A client of it."""
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def begun(self, http: httpx.Client) -> str:
        """Begin a run; its id, when its action has begun and its children are there."""
        run_id = http.post("/api/v1/runs", json={"task": "work"}).json()["id"]
        for _ in range(600):
            if len(sleepers_of(self.process.pid)) == 2:
                return run_id
            time.sleep(0.05)
        raise AssertionError("the action did not begin")

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int | None, str, str]:
        """A signal: exit code, standard output, standard error."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=60)
        return self.process.returncode, out, self.said

    def __enter__(self) -> "Serve":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.process.communicate()


@pytest.fixture
def serve(environment: dict[str, str], folder: Path, script: Callable[..., str]) -> Iterator[Callable[..., Serve]]:
    """Start a server whose model works without end; it ends with the test."""
    with ExitStack() as stack:
        yield lambda *arguments, loaded=True: stack.enter_context(
            Serve(environment, folder, "--model", script(BUSY), *arguments, loaded=loaded)
        )


def test_help_shows_the_options_and_an_example(codeact: Codeact) -> None:
    told = codeact("serve", "--help")
    assert told.returncode == Exit.OK
    for word in ("--host", "--port", "--database", "--need-key", "--allow-host", "--prefix", "Example:", "Exit code 130"):
        assert word in told.stdout


def test_what_there_is_to_say_goes_to_standard_error(serve: Callable[..., Serve]) -> None:
    server = serve()
    with server.http() as http:
        assert http.get("/ready").json() == {"status": "ok"}
    code, out, error = server.end()
    assert (code, out) == (Exit.CANCELLED, "")
    lines = error.splitlines()
    assert lines[0].startswith("codeact: serving at http://127.0.0.1:")
    assert lines[1].startswith("codeact: runs are kept in ")
    assert lines[2].startswith("codeact: no key is needed")
    assert len(lines) == 3


def test_it_may_open_as_many_files_as_the_system_lets_it_and_its_guests_no_more_than_ever(serve: Callable[..., Serve]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, soft), hard))
    try:
        server = serve("--runs", "100000", loaded=False)  # it has our limits
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    limits = Path(f"/proc/{server.process.pid}/limits").read_text().split("Max open files")[1].split()
    assert int(limits[0]) == min(int(limits[1]), 1 << 20)
    assert f"{limits[0]} files may be open at once, and 100000 runs and 32 sessions may need 3200768: raise the hard limit" in server.said
    with server.http() as http:
        session = http.post("/api/v1/sessions").json()["id"]
        code = "import resource\nresource.getrlimit(resource.RLIMIT_NOFILE)"
        seen = http.post(f"/api/v1/sessions/{session}/run", json={"code": code}).json()
    guests = min(1024, hard) if hard != resource.RLIM_INFINITY else 1024
    assert seen["outputs"][0]["data"]["text/plain"] == f"({guests}, {guests})"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_an_action_ends_all_and_the_next_process_goes_on(
    serve: Callable[..., Serve], number: signal.Signals
) -> None:
    server = serve(loaded=number != signal.SIGTERM)  # once the command itself
    with server.http() as http:
        run_id = server.begun(http)
        started = children_of(server.process.pid)
        code, out, error = server.end(number)
    assert (code, out, "Traceback" in error) == (Exit.CANCELLED, "", False), error
    assert all_gone(started)
    again = serve()
    with again.http() as http:
        assert http.get(f"/api/v1/runs/{run_id}").json()["live"]
        assert http.post(f"/api/v1/runs/{run_id}/cancel").json()["state"] == "cancelled"
        assert sleepers_of(again.process.pid) == []


def test_clients_that_hold_streams_open_or_send_slowly_do_not_keep_it_from_ending(serve: Callable[..., Serve]) -> None:
    server = serve()
    at = httpx.URL(server.url)
    with server.http() as http, ExitStack() as stack:
        run_id = server.begun(http)
        started = children_of(server.process.pid)
        for _ in range(5):
            held = stack.enter_context(server.http())
            assert stack.enter_context(held.stream("GET", f"/api/v1/runs/{run_id}/stream")).status_code == 200
        slow = stack.enter_context(contextlib.closing(http_connection(at)))
        slow.putrequest("POST", "/api/v1/runs")
        slow.putheader("Content-Type", "application/json")
        slow.putheader("Content-Length", "1000")
        slow.endheaders(b'{"task"')
        waiting = stack.enter_context(socket.create_connection((at.host, at.port or 0)))
        waiting.sendall(b"GET /health HTTP/1.1\r\nHo")
        assert http.get("/health").status_code == 200
        code, out, error = server.end()
    assert (code, out, "Traceback" in error) == (Exit.CANCELLED, "", False), error
    assert all_gone(started)


def http_connection(at: httpx.URL) -> http.client.HTTPConnection:
    """A connection that sends what it is told, bit by bit."""
    return http.client.HTTPConnection(at.host, at.port, timeout=60)


def test_a_server_that_is_killed_leaves_no_process_of_a_sandbox(serve: Callable[..., Serve]) -> None:
    server = serve()
    with server.http() as http:
        server.begun(http)
        session = http.post("/api/v1/sessions").json()["id"]
        http.post(f"/api/v1/sessions/{session}/run", json={"code": "import subprocess; subprocess.Popen(['sleep', '1000']); 1"})
        started = children_of(server.process.pid)
        server.process.kill()
    assert len(started) > 3
    assert all_gone(started)


def test_what_cannot_be_had_is_refused_in_one_sentence(codeact: Codeact, script: Callable[..., str], folder: Path) -> None:
    def refused(*arguments: str) -> str:
        told = codeact("serve", "--model", script(), "--port", "0", *arguments)
        assert (told.returncode, told.stdout, "Traceback" in told.stderr) == (Exit.INPUT, "", False), told.stderr
        return told.stderr

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in refused("--port", port)
    assert "codeact keys make" in refused("--host", "0.0.0.0")
    assert "codeact keys make" in refused("--need-key")


def test_a_database_of_a_newer_codeact_or_of_another_server_is_left_alone(
    codeact: Codeact, serve: Callable[..., Serve], script: Callable[..., str], folder: Path
) -> None:
    server = serve("--database", "runs.db")
    second = codeact("serve", "--model", script(), "--port", "0", "--database", "runs.db")
    assert (second.returncode, second.stdout) != (Exit.OK, "")
    assert "another server uses the database" in second.stderr
    with server.http() as http:
        assert http.get("/ready").status_code == 200
    server.end()
    with contextlib.closing(sqlite3.connect(folder / "runs.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 's9999_newer'")
    newer = codeact("serve", "--model", script(), "--port", "0", "--database", "runs.db")
    assert (newer.returncode != Exit.OK, newer.stdout, "Traceback" in newer.stderr) == (True, "", False)
    assert "newer" in newer.stderr


def test_ipv6_and_a_path_that_a_proxy_shows_it_under_work(serve: Callable[..., Serve]) -> None:
    server = serve("--host", "::1", "--prefix", "/codeact/")
    assert server.url.startswith("http://[::1]:") and server.url.endswith("/codeact")
    for base in (server.url, server.url.removesuffix("/codeact")):  # a proxy may take the path off, or leave it there
        with httpx.Client(base_url=base, timeout=60) as http:
            assert http.get("/health").status_code == 200
            assert http.get("/api/v1/openapi.json").json()["servers"] == [{"url": "/codeact"}]
            session = http.post("/api/v1/sessions").json()["id"]
            assert "2" in http.post(f"/api/v1/sessions/{session}/run", json={"code": "1 + 1"}).json()["text"]
            assert http.get("/codeact/codeact/health").status_code == 404


def test_with_a_key_it_is_reached_from_everywhere_and_by_nobody_else(codeact: Codeact, serve: Callable[..., Serve]) -> None:
    key = codeact("keys", "make", "me", "--scope", "read").stdout.split()[-1]
    server = serve("--host", "0.0.0.0")
    server.url = server.url.replace("0.0.0.0", "127.0.0.1")
    with server.http() as nobody, server.http(Authorization=f"Bearer {key}", Host="codeact.example") as me:
        assert (nobody.get("/api/v1/runs").status_code, me.get("/api/v1/runs").status_code) == (401, 200)
        assert me.post("/api/v1/runs", json={"task": "x"}).status_code == 403
    assert key not in server.end()[2]

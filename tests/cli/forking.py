"""The command `codeact`, run by a process that has loaded it already: it is forked for each call, which saves a second or two of imports.

The forked process gets the arguments, variables, folder and streams of the call, and ends as any Python process does. What has to be a
process from its start on (signals at any moment, another path for modules, a terminal) is started by `COMMAND`.
"""

import atexit
import functools
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

COMMAND = [sys.executable, "-m", "codeact.cli.main"]
PATIENCE = 120.0
_MOST = 1 << 20
_APART = ("PYTHONPATH",)
_NOT_WRITTEN = 120
"""Python's exit code where standard output could not be written out."""

Result = subprocess.CompletedProcess[str]


def run(arguments: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str], stdin: str = "") -> Result:
    """Run `codeact ARGUMENTS` to its end.

    Args:
        arguments: of the command.
        folder: it is run in.
        environment: all of its variables.
        stdin: what it can read.

    Raises:
        TimeoutExpired: it did not end.
    """
    words = [str(one) for one in arguments]
    if any(environment.get(name) != os.environ.get(name) for name in _APART):
        command = [*COMMAND, *words]
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, cwd=folder, env=environment, timeout=PATIENCE, check=False
        )
    order = json.dumps({"arguments": words, "folder": str(folder), "environment": dict(environment)}).encode()
    here, there = socket.socketpair()
    with here, there, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        given.write(stdin.encode())
        given.seek(0)
        socket.send_fds(loaded(), [order], [given.fileno(), out.fileno(), error.fileno(), there.fileno()])
        there.close()
        here.settimeout(PATIENCE)
        pid = int(here.recv(32))
        try:
            status = here.recv(32)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(words, PATIENCE) from None
        said = [(stream.seek(0), stream.read().decode())[1] for stream in (out, error)]
    return subprocess.CompletedProcess(words, os.waitstatus_to_exitcode(int(status)), *said)


@functools.cache
def loaded() -> socket.socket:
    """The line to the process that has loaded the command; it ends with this one."""
    return line_to(__file__, os.environ)


def line_to(script: str, environment: Mapping[str, str]) -> socket.socket:
    """The line to a new process, which ends with this one.

    Args:
        script: what it runs, with the number of its end of the line.
        environment: all of its variables.
    """
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with there:
        process = subprocess.Popen([sys.executable, script, str(there.fileno())], pass_fds=[there.fileno()], env=environment)

    def end() -> None:
        here.close()
        process.wait()

    atexit.register(end)
    return here


def _serve(line: socket.socket) -> int:
    """Fork for each order; returns 0 at the end. The forked process raises what the command raises, or ends in `_end`."""
    main = import_module("codeact.cli.main")
    for verb in main.VERBS:
        import_module(f"codeact.cli.{verb}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        order, descriptors, *_ = socket.recv_fds(line, _MOST, 4)
        if not order:
            return 0
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            line.close()
            _become(json.loads(order), descriptors)
            _end(main.main())
        for descriptor in descriptors:
            os.close(descriptor)


def _become(order: dict[str, object], descriptors: list[int]) -> None:
    """Be the process of an order, from here on; another one waits for its end and tells of it."""
    *streams, reply = descriptors
    pid = os.fork()
    if pid:
        os.write(reply, f"{pid:<32}".encode())
        os.write(reply, f"{os.waitpid(pid, 0)[1]:<32}".encode())
        os._exit(0)
    os.close(reply)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", closefd=False, errors="backslashreplace", buffering=1)  # noqa: SIM115
    os.chdir(str(order["folder"]))
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    sys.argv = ["codeact", *order["arguments"]]  # type: ignore[misc]


def _end(code: int) -> NoReturn:
    """Do what matters of an interpreter's end: to free every module would copy what is shared with the process that forks."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = _NOT_WRITTEN
    os._exit(code)


if __name__ == "__main__":
    sys.exit(_serve(socket.socket(fileno=int(sys.argv[1]))))

"""What a client that starts its server itself is given to start in the place of `codeact`.

It gives its streams and arguments to the tests' process, which has the server forked (`cli.serving.started`), and ends as the server
does. It imports the standard library alone, so that it starts at once.

    stand_in.py ADDRESS ARGUMENTS
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def order(arguments: Sequence[str], environment: Mapping[str, str], folder: str | Path) -> bytes:
    """An order to the process that forks, as `cli.forking` reads it."""
    return json.dumps({"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}).encode()


def main(address: str, arguments: list[str]) -> int:
    """Be there as long as the server is; returns its exit code.

    Args:
        address: of an abstract socket, without the zero in front.
        arguments: of the command.
    """
    here, there = socket.socketpair()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.connect(b"\0" + os.fsencode(address))
        socket.send_fds(line, [order(arguments, os.environ, Path.cwd())], [0, 1, 2, there.fileno()])
    there.close()
    for descriptor in range(3):  # they are the server's alone
        os.close(descriptor)
    server = int(here.recv(32))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(server, signal.SIGKILL))  # the client lost patience
    return os.waitstatus_to_exitcode(int(here.recv(32)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

"""`codeact mcp`: serve the sandbox to MCP clients, with no model.

Invariant: standard output carries the protocol only; everything else goes to standard error. It does not: know the protocol.
"""

import asyncio
import os
import secrets
from pathlib import Path
from typing import Any

import click

from codeact import errors
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.screen.stopping import until_stopped
from codeact.server.rooms import House, Terms

try:
    from codeact.server import mcp_http, mcp_stdio
except ModuleNotFoundError as error:
    if error.name is None or error.name.split(".")[0].startswith("codeact"):
        raise
    raise errors.MissingExtraError(error.name, "mcp", "`codeact mcp`") from None

TOKEN = "CODEACT_MCP_TOKEN"
IDLE_SECONDS = 1800.0

_SHORTEST_TOKEN = 16


@click.command(epilog="Example:  codeact mcp --file prices.csv")
@click.option("--http", "port", type=click.IntRange(0, 65535), metavar="PORT", help="Serve HTTP on 127.0.0.1; 0 takes a free port.")
@options.files
@click.option("--cell-timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Seconds that one action may take.")
@click.option("--sessions", type=click.IntRange(min=1), default=8, show_default=True, help="With --http: clients that are served at once.")
@click.option(
    "--idle",
    type=click.FloatRange(min=0, min_open=True, max=1e9),
    metavar="SECONDS",
    help="Close a session that nobody calls for so long; without it, 1800 with --http, else never.",
)
@options.session_options
def command(**chosen: Any) -> Exit:
    """Serve the sandbox to MCP clients: a persistent Python session and its files, as tools.

    A client starts this command itself, and talks to it on standard input and output; or it connects to 127.0.0.1 (--http) with the
    token that is printed to standard error, or that CODEACT_MCP_TOKEN holds. Exit code 0: the client left; 130: Ctrl-C or SIGTERM.
    """
    terms = Terms(
        settings=options.settings(chosen),
        files=tuple(map(_readable, chosen["files"])),
        idle=chosen["idle"] if chosen["idle"] is not None or chosen["port"] is None else IDLE_SECONDS,
        most=1 if chosen["port"] is None else chosen["sessions"],
    )
    return asyncio.run(until_stopped(_serve(terms, chosen["port"])))


async def _serve(terms: Terms, port: int | None) -> None:
    """Serve until the client leaves, and end at once if no session can be had."""
    house = House(terms)
    serving = asyncio.ensure_future(mcp_stdio.serve(house) if port is None else _serve_http(house, port))
    warming = asyncio.ensure_future(house.warm())
    try:
        await asyncio.wait([serving, warming], return_when=asyncio.FIRST_COMPLETED)
        if warming.done():
            warming.result()
        await serving
    finally:
        serving.cancel()
        warming.cancel()
        await asyncio.wait([serving, warming])


async def _serve_http(house: House, port: int) -> None:
    token = _given_token()
    listener = mcp_http.listen(port)
    click.echo(f"codeact: serving MCP at http://{mcp_http.HOST}:{listener.getsockname()[1]}{mcp_http.PATH}", err=True)
    if token is None:
        token = secrets.token_urlsafe(32)
        click.echo(f"codeact: clients send the header  Authorization: Bearer {token}", err=True)
    await mcp_http.serve(house, listener, token)


def _given_token() -> str | None:
    """The token of the environment.

    Raises:
        InputError: it is too short to be a secret, or cannot be sent in a header.
    """
    token = os.environ.get(TOKEN)
    if token is None:
        return None
    if len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise errors.InputError(f"{TOKEN} must be at least {_SHORTEST_TOKEN} ASCII characters without spaces; unset it to have one made")
    return token


def _readable(path: Path) -> Path:
    """The path if it is a file that can be read, so that a slip shows now and not in front of the client.

    Raises:
        InputError: it is not.
    """
    try:
        with path.open("rb"):
            return path.absolute()
    except OSError as error:
        raise errors.InputError(f"cannot read the file {str(path)!r}: {error.strerror}; give a path to a file") from error

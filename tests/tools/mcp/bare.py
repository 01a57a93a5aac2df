"""A server of the older protocol, of the standard library alone, so that it starts at once: ``bare.py [TOOLS.json]``.

It answers one request after the other. The file may name more tools, as the protocol lists them; a call of one gives its arguments back.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

NUMBER = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]}
STARTED = {"type": "object", "properties": {"started": {"type": "string"}}, "required": ["started"]}
OWN = {
    "add": NUMBER,
    "begin": STARTED,
    "hang": STARTED,
    "die": {"type": "object", "properties": {"code": {"type": "integer"}}},
    "large": {"type": "object", "properties": {"size": {"type": "integer"}}},
    "process": {"type": "object"},
    "change": {"type": "object"},
    "refuse": {"type": "object"},
}
MORE = json.loads(Path(sys.argv[1]).read_text()) if sys.argv[1:] else []


def tell(file: str) -> None:
    """Write the process's number to a file, at once and whole."""
    Path(f"{file}.new").write_text(str(os.getpid()))
    Path(f"{file}.new").rename(file)


def text(value: Any) -> dict[str, Any]:
    """A result of one text."""
    return {"content": [{"type": "text", "text": str(value)}]}


def called(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The result of a call."""
    if name in ("begin", "hang"):
        tell(given["started"])
        os.kill(os.getpid(), signal.SIGSTOP) if name == "hang" else time.sleep(60)
    if name == "die":
        print("dying", os.environ.get("SHOP_TOKEN", ""), file=sys.stderr, flush=True)
        os._exit(given.get("code", 0))
    if name == "change":
        said({"method": "notifications/tools/list_changed"})
    values = {
        "add": given.get("a", 0) + given.get("b", 0) if name == "add" else 0,
        "process": os.getpid(),
        "large": "x" * given.get("size", 0),
    }
    return (
        text(values[name]) if name in values else text("done") if name in OWN else {"content": [], "structuredContent": {"result": given}}
    )


def said(message: dict[str, Any]) -> None:
    """Send a message."""
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def answered(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """The rest of a response."""
    if method == "initialize":
        info = {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": {"name": "bare", "version": "1"},
        }
        return {"result": info}
    if method == "tools/list":
        return {"result": {"tools": [*({"name": name, "inputSchema": schema} for name, schema in OWN.items()), *MORE]}}
    if method == "tools/call" and params["name"] == "refuse":
        return {"error": {"code": -32000, "message": f"not today, {os.environ.get('SHOP_TOKEN', '')}"}}
    if method == "tools/call":
        return {"result": called(params["name"], params.get("arguments") or {})}
    return {"error": {"code": -32601, "message": "no such method"}}


def main() -> None:
    """Serve until the client closes."""
    print("this library likes to print")
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message and "method" in message:
            said({"id": message["id"], **answered(message["method"], message.get("params") or {})})


if __name__ == "__main__":
    main()

"""Tokens of a text, as the local model counts them.

    python benchmarks/tokens.py FILE ...

The weights come with `codeact models pull`. It is a part of other benchmarks; it does not: write a text.
"""

import http.client
import json
import secrets
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import xllamacpp

from codeact.models import pinned


class Tokens:
    """Counts, by llama.cpp's own tokenizer over the model's vocabulary."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._socket = f"{self._folder.name}/llama.sock"
        self._key = secrets.token_urlsafe(16)
        llama: Any = xllamacpp  # a compiled module without type stubs
        settings = llama.CommonParams()
        settings.verbosity = -1
        settings.model.path = str(pinned.ensure())
        settings.n_ctx = 512
        settings.cpuparams.n_threads = 1
        settings.hostnames, settings.api_keys, settings.ui = [self._socket], [self._key], False
        self._server = llama.Server(settings)

    def count(self, text: str) -> int:
        """The number of tokens, without any that a template adds."""
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.sock.connect(self._socket)
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
            connection.request("POST", "/tokenize", json.dumps({"content": text}), headers)
            return len(json.loads(connection.getresponse().read())["tokens"])
        finally:
            connection.close()

    def close(self) -> None:
        """Free the model."""
        self._server = None
        self._folder.cleanup()


def main() -> None:
    """Print the tokens and characters of files."""
    tokens = Tokens()
    for name in sys.argv[1:]:
        text = Path(name).read_text(encoding="utf-8")
        print(f"{tokens.count(text):>8} tokens {len(text):>8} characters  {name}")
    tokens.close()


if __name__ == "__main__":
    main()

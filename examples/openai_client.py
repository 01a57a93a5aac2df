"""OpenAI's own client in front of a codeact server, which has a script for a model."""

import json
import subprocess
import sys
from pathlib import Path

from openai import OpenAI

TURNS = ["I compute it.\n<execute>\nprint(2**20)\n</execute>", "<solution>1048576</solution>"]
Path("turns.json").write_text(json.dumps(TURNS), encoding="utf-8")
SERVE = [sys.executable, "-m", "codeact.cli.main", "serve", "--port", "0", "--database", "runs.db", "--model", "script:turns.json"]

with subprocess.Popen(SERVE, stderr=subprocess.PIPE, text=True) as server:
    assert server.stderr is not None
    url = server.stderr.readline().split()[3]  # codeact: serving at http://127.0.0.1:PORT (isolation: ...)
    with OpenAI(base_url=f"{url}/v1", api_key="none") as client:
        chat = client.chat.completions.create(model="script:turns.json", messages=[{"role": "user", "content": "What is 2**20?"}])
        print(chat.choices[0].message.content)
        response = client.responses.create(model="script:turns.json", input="What is 2**20?")
        print([item.type for item in response.output], response.output_text)
    server.terminate()

"""A server of its own, with a script for a model, and a client that does a run and uses a session."""

import json
import subprocess
import sys
from pathlib import Path

import codeact

TURNS = ["<execute>\nprint(open('prices.csv').read().count('apple'))\n</execute>", "<solution>2</solution>"]
Path("turns.json").write_text(json.dumps(TURNS), encoding="utf-8")
Path("prices.csv").write_text("fruit,price\napple,1\npear,2\napple,3\n", encoding="utf-8")
SERVE = [sys.executable, "-m", "codeact.cli.main", "serve", "--port", "0", "--database", "runs.db", "--model", "script:turns.json"]

with subprocess.Popen(SERVE, stderr=subprocess.PIPE, text=True) as server:
    assert server.stderr is not None
    url = server.stderr.readline().split()[3]  # codeact: serving at http://127.0.0.1:PORT (isolation: ...)
    with codeact.Client(url) as client:
        run = client.run("How often is there an apple?", files=["prices.csv"])
        for event in run.events:
            print("-", event.type)
        print(run.state, run.answer)
        with client.session() as session:
            session.run("x = 6")
            twin = session.fork()
            session.run("x = 0")
            print(twin.run("x * 7").result)
            twin.close()
    server.terminate()

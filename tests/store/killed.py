"""A process that is to be killed: it does a run of ten actions whose tool has an effect outside, and keeps it in a database; started
again, it goes on with the run that it finds unfinished.

    python killed.py SOCKET

It loads what it needs once, which takes longer than the work, and is forked for each order that comes on the socket: the address of
the database and a file, with descriptors for standard output and for a socket on which the process tells its number, and later that it
came to its end.
"""

import asyncio
import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path

from codeact import Agent, events
from codeact.models.replay import ScriptModel
from codeact.protocols import Decision, Question
from codeact.store.kept import open_store
from codeact.tools.function import tool

ACTION = """<execute>
for number in range({first}, {first} + 3):
    try:
        total += pay(number)
    except PermissionError:
        total += number
print(total)
</execute>"""
TURNS = ["<execute>\ntotal = 0\n</execute>", *(ACTION.format(first=3 * turn) for turn in range(9)), "<solution>paid</solution>"]
PAID = 27


async def main(address: str, file: Path) -> None:
    """Do the run, or what is left of it."""
    store = await open_store(address)

    @tool(effect=True)
    def pay(number: int) -> int:
        """Pay."""
        with file.open("a", encoding="utf-8") as effects:
            effects.write(f"{number}\n")
        print(number, flush=True)
        return number

    def paid() -> list[str]:
        return file.read_text(encoding="utf-8").split()

    async def approve(question: Question) -> Decision:
        """Somebody who can look whether it was paid."""
        asked = json.loads(question.content) if question.subject == "call" else {}
        is_paid = "note" in asked and str(asked["args"][0]) in paid()
        return Decision("deny", reason="it is paid") if is_paid else Decision()

    unfinished = await store.unfinished()
    record = await store.resume(unfinished[0].id) if unfinished else store.new()
    print("ready", flush=True)
    model = ScriptModel(TURNS[len(record.of_type(events.ModelTurn)) :])
    async with Agent(model, tools=[pay], approve=approve, preload=(), limits=events.Limits(turns=len(TURNS))) as agent:
        if record.last(events.TaskGiven) is not None:
            await agent.aresume(record)
        else:
            await agent.arun("Pay all.", trajectory=record)
    await store.aclose()


def serve(line: socket.socket) -> None:
    """Fork for each order until the line is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        order, descriptors, *_ = socket.recv_fds(line, 1 << 16, 2)
        if not order:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            line.close()
            output, reply = descriptors
            os.dup2(output, 1)
            os.close(output)
            address, file = json.loads(order)
            os.write(reply, f"{os.getpid():<32}".encode())
            asyncio.run(main(address, Path(file)))
            os.write(reply, b"done")
            return
        for descriptor in descriptors:
            os.close(descriptor)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))

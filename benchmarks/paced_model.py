"""A model behind an OpenAI-compatible endpoint that writes at a steady pace: a thought, then code, which prints at a steady pace itself.

Its words are numbers, by which a page that shows them can be asked how far it is.
"""

import asyncio
import time

from models.scripted_server import DONE, chunk

TOKENS_A_SECOND = 200
WRITING_SECONDS = 20
LINES_A_SECOND = 200
PRINTING_SECONDS = 10


class Paced:
    """An OpenAI-compatible server that writes two turns, the first at a steady pace; `sent` is when, in seconds since 1970."""

    def __init__(self) -> None:
        self.sent: list[float] = []
        self._asked = 0

    async def start(self) -> str:
        """Listen; the address of the API."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length: ")[2].split("\r\n")[0]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        self._asked += 1
        if self._asked == 1:
            await self._write(writer)
        else:
            writer.write(chunk("<solution>done</solution>"))
        writer.write(chunk(finish="stop") + DONE)
        await writer.drain()
        writer.close()

    async def _write(self, writer: asyncio.StreamWriter) -> None:
        begun = time.time()
        for token in written():
            writer.write(chunk(token))
            self.sent.append(time.time())
            await asyncio.sleep(max(0.0, begun + len(self.sent) / TOKENS_A_SECOND - time.time()))
        writer.write(chunk(f"\n{PRINTS}\n</execute>"))


PRINTS = f"""import time
begun = time.time()
for n in range({LINES_A_SECOND * PRINTING_SECONDS}):
    print(f"line {{n}} of many, written at {{time.time():.3f}}", flush=True)
    time.sleep(max(0, begun + n / {LINES_A_SECOND} - time.time()))"""


def written() -> list[str]:
    """The tokens of the paced turn: numbered words of a thought in paragraphs, then of comments in code."""
    many = TOKENS_A_SECOND * WRITING_SECONDS
    words = [f" {number:05}" for number in range(1, many + 1)]
    for number in range(many):
        if number == many // 4:
            words[number] = "\n<execute>\n#" + words[number]
        elif number < many // 4 and number % 60 == 0:
            words[number] = "\n\n" + words[number].strip()
        elif number > many // 4 and number % 12 == 0:
            words[number] = f"\nvalue = [{number}]  #" + words[number]
    return words

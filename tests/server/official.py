"""The official client of OpenAI's API, set up as anybody would, and runs for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import openai

from server.serving import UNREAD, Served

T = TypeVar("T")

STATEFUL = [
    "<execute>\nx = 1\nprint(x)\n</execute>",
    "<solution>one</solution>",
    "<execute>\nx += 1\nprint(x)\n</execute>",
    "<solution>two</solution>",
    "<execute>\nx += 1\nprint(x)\n</execute>",
    "<solution>three</solution>",
]
"""Three messages, of which each counts one further."""

FOREVER = [
    "<execute>\nimport time\nwhile True:\n    print('on', flush=True)\n    time.sleep(0.05)\n</execute>",
    "<solution>over</solution>",
]
"""A message that is never answered."""


def client(up: Served, key: str = "none") -> openai.AsyncOpenAI:
    """The client of a server."""
    return openai.AsyncOpenAI(base_url=f"{up.url}/v1", api_key=key, http_client=openai.DefaultAsyncHttpxClient(verify=UNREAD))


async def until(look: Callable[[], Awaitable[T]], is_so: Callable[[T], object]) -> T:
    """What is there, once something is so of it."""
    for _ in range(1500):
        if is_so(found := await look()):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it never was so")

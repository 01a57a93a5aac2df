"""ipykernel, a bare Jupyter kernel, through jupyter_client.

Invariant: an action is over when its reply has come and the kernel is idle again, so that no output is lost. No isolation.
"""

import subprocess

from ipykernel.kernelspec import install as _  # noqa: F401 -- the kernel is a process of its own: this is to know that it is installed
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

_SECONDS = 120


class OpenKernel:
    """A running kernel and its client."""

    def __init__(self, manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        self._manager, self._client = manager, client

    async def run(self, code: str) -> str:
        """As `Live.run`."""
        said: list[str] = []

        def heard(message: dict) -> None:
            if message["msg_type"] == "stream":
                said.append(message["content"]["text"])

        reply = await self._client.execute_interactive(code, store_history=False, output_hook=heard, timeout=_SECONDS)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"the action failed: {reply['content']}")
        return "".join(said)

    async def close(self) -> None:
        """As `Live.close`."""
        self._client.stop_channels()
        await self._manager.shutdown_kernel(now=True)


class Kernel:
    """ipykernel."""

    name = "ipykernel"
    libraries = True
    together = 4
    slow = 1

    async def rest(self) -> None:
        """Nothing."""

    async def renew(self) -> None:
        """Nothing: each session is a process of its own."""

    async def open(self) -> OpenKernel:
        """A new kernel, ready to run."""
        manager = AsyncKernelManager(kernel_name="python3")
        await manager.start_kernel(stderr=subprocess.DEVNULL)
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=_SECONDS)
        return OpenKernel(manager, client)

    async def close(self) -> None:
        """Nothing."""

"""Real kernels for the tests: cells in, outputs out."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbclient
import nbformat
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

Output = dict[str, Any]

LOAD = "%load_ext codeact"


def script(folder: Path, name: str, *turns: str) -> str:
    """A scripted model; returns its name for ``--model``."""
    (folder / name).write_text("\n---\n".join(turns), encoding="utf-8")
    return f"script:{name}"


def acting(code: str, thought: str = "") -> str:
    """A turn of a script that acts."""
    return f"{thought}\n<execute>\n{code}\n</execute>"


def answering(text: str) -> str:
    """A turn of a script that answers."""
    return f"<solution>{text}</solution>"


def executed(folder: Path, *cells: str) -> list[list[Output]]:
    """What each cell of a notebook shows in the end, run in a kernel of its own."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = nbclient.NotebookClient(made, kernel_name="python3", timeout=60, allow_errors=True, coalesce_streams=True)
    client.execute(cwd=str(folder), env={**os.environ, "CODEACT_PRELOAD": "[]"})
    return [cell.outputs for cell in made.cells]


def texts(outputs: list[Output]) -> list[str]:
    """The outputs as plain text."""
    return [output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"] for output in outputs]


def one_line(outputs: list[Output]) -> str:
    """The only output of a cell that was refused: one line on standard error, and no traceback."""
    (output,) = outputs
    assert (output["output_type"], output["name"]) == ("stream", "stderr")
    assert output["text"].count("\n") == 1
    return output["text"]


class Kernel:
    """A running kernel whose user can be asked, and can interrupt.

    Args:
        client: of it.
        interrupt, restart: the buttons of the notebook.
    """

    def __init__(self, client: BlockingKernelClient, interrupt: Callable[[], None], restart: Callable[..., None]) -> None:
        self._client = client
        self._interrupt = interrupt
        self._restart = restart

    def restart(self, *, killed: bool) -> None:
        """Another process in the place of this one, which is killed, or asked to end; the extension is loaded again."""
        self._restart(now=killed)
        self._client.wait_for_ready(timeout=60)
        self.run(LOAD)

    def run(self, code: str, *, replies: tuple[str, ...] = (), interrupt_at: str = "") -> tuple[list[str], list[str]]:
        """Run a cell to its end.

        Args:
            code: of it.
            replies: what the user types when asked.
            interrupt_at: the user interrupts when this is shown, and nothing else with it.

        Returns:
            what was shown, as plain text, updates too, and what one stream held between two of them as one; and what the user was asked.
        """
        shown, asked, left, stream = list[str](), list[str](), list(replies), ""

        def output(message: Output) -> None:
            content = message["content"]
            if message["msg_type"] not in {"stream", "display_data", "update_display_data", "execute_result", "error"}:
                return
            text = content.get("text") or content.get("data", {}).get("text/plain") or content.get("evalue", "")
            nonlocal interrupt_at, stream
            if (here := content.get("name", "")) and here == stream:  # what was printed at once may come in pieces
                shown[-1] += text
            else:
                shown.append(text)
            stream = here
            if interrupt_at and interrupt_at.strip() == shown[-1].strip():
                interrupt_at = ""
                self._interrupt()

        def answer(message: Output) -> None:
            asked.append(message["content"]["prompt"])
            if left:
                self._client.input(left.pop(0))
            else:
                self._interrupt()

        self._client.execute_interactive(code, allow_stdin=True, timeout=60, output_hook=output, stdin_hook=answer)
        return shown, asked


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    """A kernel with the extension loaded."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env={**os.environ, "CODEACT_PRELOAD": "[]"})
    try:
        one = Kernel(client, manager.interrupt_kernel, manager.restart_kernel)
        one.run(LOAD)
        yield one
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

"""`%load_ext codeact`: the magics `%%agent` and `%agent` of Jupyter and IPython.

Invariant: loading it shows nothing and starts nothing; the first message does. It does not: hold the magics (`magics` does).
"""

import re

from IPython.core.interactiveshell import InteractiveShell

from codeact.notebook.magics import AgentMagics

_NAME = "AgentMagics"
_QUESTION = re.compile(r"%agent\s.*\?\n?$")


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Give the shell its magics; loaded again, its conversations begin anew.

    Args:
        shell: of IPython, or of a kernel.
    """
    unload_ipython_extension(shell)
    shell.register_magics(AgentMagics(shell))
    shell.input_transformers_cleanup.append(_questions)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """End its sessions and take the magics away; nothing if they are not there.

    Args:
        shell: of IPython, or of a kernel.
    """
    magics = shell.magics_manager.registry.pop(_NAME, None)
    if isinstance(magics, AgentMagics):
        magics.close()
        shell.input_transformers_cleanup.remove(_questions)
        for kind in ("line", "cell"):
            shell.magics_manager.magics[kind].pop("agent", None)


def _questions(lines: list[str]) -> list[str]:
    """Lines in which a question is asked: without a blank behind it, IPython takes the mark at the end for its own, which asks for help."""
    return [f"{line.rstrip()} \n" if _QUESTION.match(line) else line for line in lines]

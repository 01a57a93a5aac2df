"""`%load_ext codeact`: the magics `%%agent` and `%agent` of Jupyter and IPython.

Invariant: loading it shows nothing and starts nothing; the first message does. It does not: hold the magics (`magics` does).
"""

from IPython.core.interactiveshell import InteractiveShell

from codeact.notebook.magics import AgentMagics

_NAME = "AgentMagics"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Give the shell its magics; loaded again, its conversations begin anew.

    Args:
        shell: of IPython, or of a kernel.
    """
    unload_ipython_extension(shell)
    shell.register_magics(AgentMagics(shell))


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """End its sessions and take the magics away; nothing if they are not there.

    Args:
        shell: of IPython, or of a kernel.
    """
    magics = shell.magics_manager.registry.pop(_NAME, None)
    if isinstance(magics, AgentMagics):
        magics.close()
        for kind in ("line", "cell"):
            shell.magics_manager.magics[kind].pop("agent", None)

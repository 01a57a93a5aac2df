"""smolagents' LocalPythonExecutor: an interpreter of the syntax tree in this very process. No process, no isolation but its own checks."""

from smolagents.local_python_executor import LocalPythonExecutor


class OpenExecutor:
    """An executor with its state."""

    def __init__(self) -> None:
        self._executor = LocalPythonExecutor(["numpy.*", "pandas.*", "matplotlib.*"], max_print_outputs_length=10**6)
        self._executor.send_tools({})

    async def run(self, code: str) -> str:
        """As `Live.run`."""
        return self._executor(code).logs

    async def close(self) -> None:
        """Nothing: it is an object."""


class Smolagents:
    """smolagents."""

    name = "smolagents, local"
    libraries = True
    together = 50
    slow = 100

    async def rest(self) -> None:
        """Nothing."""

    async def renew(self) -> None:
        """Nothing: all of it is this process."""

    async def open(self) -> OpenExecutor:
        """A new executor."""
        return OpenExecutor()

    async def close(self) -> None:
        """Nothing."""

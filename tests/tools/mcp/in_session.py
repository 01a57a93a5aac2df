"""Code that uses tools in a real session."""

from codeact import Session
from codeact.events import AnyEvent, Observation
from codeact.tools.bridge import Bridge
from codeact.tools.mcp_client import McpServers


class Cells:
    """A session with the tools of servers; what is recorded is in `events`."""

    def __init__(self, servers: McpServers) -> None:
        self.events: list[AnyEvent] = []
        self.session = Session(calls=Bridge(servers.tools, self.events.append), preload=())

    def __enter__(self) -> "Cells":
        self.session.__enter__()
        return self

    def __exit__(self, *ended: object) -> None:
        self.session.close()

    def ran(self, code: str) -> Observation:
        """Run code."""
        return self.session.run(code)

    def value(self, code: str) -> str:
        """What the last expression of the code is, as text; or what it raised."""
        observation = self.session.run(code)
        raised = [f"{output.name}: {output.message}" for output in observation.outputs if output.type == "error"]
        return raised[0] if raised else observation.result or ""

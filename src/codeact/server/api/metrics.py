"""What the server counts, for Prometheus.

Invariant: labels are of a closed set (states, statuses, routes), so that a client cannot make series. It does not: count
what other processes do.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from codeact import events
from codeact.server.engine.live import LiveRun
from codeact.server.engine.runs import Runs
from codeact.server.engine.sessions import Sessions

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counts of one server."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._ended = Counter("codeact_messages_ended", "Messages whose work ended, by state.", ["state"], registry=registry)
        self._turns = Counter("codeact_turns", "Turns of models.", registry=registry)
        self._tokens = Counter("codeact_tokens", "Tokens, by kind.", ["kind"], registry=registry)
        self._actions = Counter("codeact_actions", "Actions that were run, by how they ended.", ["status"], registry=registry)
        self._calls = Counter("codeact_tool_calls", "Calls of tools, by outcome.", ["outcome"], registry=registry)
        self._model_seconds = Histogram("codeact_model_seconds", "Seconds of a model's turn.", registry=registry)
        self._action_seconds = Histogram("codeact_action_seconds", "Seconds of an action.", registry=registry)
        self._requests = Counter("codeact_http_requests", "Requests, by route and status.", ["route", "status"], registry=registry)

    def watch(self, runs: Runs, sessions: Sessions) -> None:
        """Show the numbers of these runs and sessions."""
        awake = Gauge("codeact_sessions_awake", "Sessions without an agent that are awake.", registry=self._registry)
        awake.set_function(lambda: sessions.awake)
        working = Gauge("codeact_runs_working", "Runs that are worked on.", registry=self._registry)
        working.set_function(lambda: runs.working)
        waiting = Gauge("codeact_runs_waiting", "Runs of an earlier process that wait to be gone on with.", registry=self._registry)
        waiting.set_function(lambda: runs.line.waiting)
        in_memory = Gauge("codeact_runs_in_memory", "Runs in this process.", registry=self._registry)
        in_memory.set_function(lambda: runs.in_memory)

    def begun(self, live: LiveRun) -> None:
        """Count what happens in a run."""
        if not live.counted:
            live.counted = True
            live.record.listen(self._count)

    def request(self, route: str, status: int) -> None:
        """Count a request."""
        self._requests.labels(route, str(status)).inc()

    def text(self) -> bytes:
        """All of it, in Prometheus' format."""
        return generate_latest(self._registry)

    def _count(self, event: events.AnyEvent) -> None:
        match event:
            case events.ModelTurn():
                self._turns.inc()
                self._tokens.labels("input").inc(event.usage.input_tokens)
                self._tokens.labels("output").inc(event.usage.output_tokens)
                self._model_seconds.observe(event.seconds)
            case events.Observation():
                self._actions.labels(event.status).inc()
                self._action_seconds.observe(event.seconds)
            case events.ToolReturned():
                self._calls.labels("ok" if event.error is None else "error").inc()
            case events.RunEnded():
                self._ended.labels(event.state).inc()
            case _:
                pass


class Counting:
    """Counts requests by their route.

    Args:
        application: what answers.
        metrics: where they are counted.
    """

    def __init__(self, application: ASGIApp, metrics: Metrics) -> None:
        self._application = application
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.request(getattr(scope.get("route"), "path", "none"), message["status"])
            await send(message)

        await self._application(scope, receive, noting)

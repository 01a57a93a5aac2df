"""The agents of a server: made for each run, of the models, tools and limits that the server has.

Invariant: a run gets no more than the server was started with: no other model, no higher limit; a run that is gone on with gets what its
record says it began with. It does not: run them (`live` does).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from codeact import build, config, errors, events
from codeact.agent.loop import Agent
from codeact.protocols import Approve, Model, Tool
from codeact.server.engine.lowering import lowered
from codeact.server.engine.order import NOTHING, Order
from codeact.trajectory import Trajectory

BOUNDED = ("turns", "tokens", "seconds", "cost", "action_seconds", "memory_mb")
"""Limits that an order may lower."""

_WRITTEN = ("script:", "replay:")


class Agents:
    """See the module's docstring.

    Args:
        settings: of the server; its limits are the highest that a run may have.
        models: names that may be asked for, the first where none is; empty: the settings' own.
        tools: what code can call, besides what the settings name.
        on_progress: told of the fetch of the local model's weights.
        on_note: told what happens to MCP servers.

    Raises:
        InputError: a name stands for nothing.
        ToolServerError: an MCP server cannot be started.
    """

    def __init__(
        self,
        settings: config.Settings,
        models: Sequence[str] = (),
        *,
        tools: Sequence[Any] = (),
        on_progress: build.OnProgress | None = None,
        on_note: build.OnNote | None = None,
    ) -> None:
        self.settings = settings
        self.names = tuple(dict.fromkeys(models)) or (settings.model,)
        self._on_progress = on_progress
        self._models = {name: self._model(name) for name in self.names if not name.startswith(_WRITTEN)}
        for name in self.names:
            if name not in self._models:
                self._model(name)  # a script that cannot be read is told of now
        build.format(settings.format)
        self._toolbox = build.Toolbox(settings, tools, on_note)

    @property
    def tools(self) -> Sequence[events.ToolSpec]:
        """What code can call."""
        return [tool.spec for tool in self._toolbox.tools]

    def check(self, order: Order) -> None:
        """Look whether an order can be had.

        Raises:
            ModelNotFoundError: the server has no such model.
            InputError: something else of it cannot be had.
        """
        if not order.task.strip():
            raise errors.InputError(f"the task {order.task!r} is empty: say what to do")
        if order.model is not None and order.model not in self.names:
            raise errors.ModelNotFoundError(f"this server has no model {order.model!r}; it has: {', '.join(self.names)}")
        if order.format is not None:
            build.format(order.format)
        lowered(self.settings.limits, order.limits, BOUNDED)

    def for_order(self, order: Order, approve: Approve) -> Agent:
        """The agent that does what is ordered.

        Raises:
            ModelNotFoundError, InputError: see `check`.
        """
        self.check(order)
        return self._made(
            order.model or self.names[0],
            order.format or self.settings.format,
            lowered(self.settings.limits, order.limits, BOUNDED),
            order.options,
            None if order.ask == NOTHING else approve,
            written=0,
        )

    def for_record(self, record: Trajectory, approve: Approve) -> Agent:
        """The agent that goes on with a run.

        Raises:
            ModelNotFoundError: the server has no model of the run's name any more.
            InputError: nothing is recorded.
        """
        started = next((event for event in record.events if isinstance(event, events.RunStarted)), None)
        if started is None:
            raise errors.InputError("the record has no start")
        if started.model not in self.names:
            raise errors.ModelNotFoundError(
                f"this server has no model {started.model!r}, which the run was begun with; it has: {', '.join(self.names)}"
            )
        written = len(record.of_type(events.ModelTurn))
        asked = approve if started.options.get("ask", NOTHING) != NOTHING or _is_unknown(record, self._toolbox.tools) else None
        return self._made(started.model, started.format, started.limits, started.options, asked, written=written)

    async def aclose(self) -> None:
        """Free the models and end the servers of tools."""
        for model in self._models.values():
            await model.aclose()
        await self._toolbox.aclose()

    def _made(
        self, model: str, format: str, limits: events.Limits, options: Mapping[str, Any], approve: Approve | None, *, written: int
    ) -> Agent:
        asked = {name: options[name] for name in ("temperature", "seed", "max_tokens") if options.get(name) is not None}
        settings = self.settings.model_copy(update={"model": model, "format": format, "limits": limits, **asked})
        live = self._models.get(model)
        return build.agent(
            settings,
            model=self._model(model, written) if live is None else live,
            toolbox=self._toolbox,
            approve=approve,
        )

    def _model(self, name: str, written: int = 0) -> Model:
        return build.named(self.settings, name, written=written, on_progress=self._on_progress)


def _is_unknown(record: Trajectory, tools: Sequence[Tool]) -> bool:
    """Whether a call that may have had an effect was not over when the run was broken off."""
    over = {event.call_id for event in record.of_type(events.ToolReturned)}
    with_effect = {tool.spec.name for tool in tools if tool.limits.effect}
    return any(call.call_id not in over and call.name.rpartition(".")[2] in with_effect for call in record.of_type(events.ToolCalled))

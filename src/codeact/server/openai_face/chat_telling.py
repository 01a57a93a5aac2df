"""What happens in a run, told as an answer of OpenAI's chat API: whole, or in pieces.

Invariant: the pieces together are the whole; the model's tags are in neither. It does not: wait for events (`chat` does).
"""

from codeact import events
from codeact.server.openai_face.chat_shapes import (
    AnswerMessage,
    ChatChunk,
    ChatCompletion,
    ChatUsage,
    Choice,
    ChunkChoice,
    Delta,
    Finish,
    Origin,
    Show,
)
from codeact.server.openai_face.rounds import Counted, without_answer
from codeact.server.openai_face.steps import Steps


class ChatTelling:
    """Events of one message, one after another, become an answer.

    Args:
        run_id: of the run.
        model: the name it was asked for by.
        created: when the message came, in seconds since 1970.
        show: where the steps to the answer are shown.
    """

    def __init__(self, run_id: str, model: str, created: float, show: Show = "reasoning") -> None:
        self.content = ""
        self.reasoning = ""
        self._run_id = run_id
        self._model = model
        self._created = int(created)
        self._show = show
        self._steps = Steps()
        self._counted = Counted()
        self._state = "running"
        self._finish: Finish = "stop"

    def first(self) -> ChatChunk:
        """The piece that a stream begins with."""
        return self._chunk(Delta(role="assistant", content=""))

    def add(self, event: events.AnyEvent) -> list[ChatChunk]:
        """The pieces that an event adds; none for the many that add none."""
        self._counted.add(event)
        step = self._steps.add(event) if self._show != "answer" else ""
        told = self._answer(event)
        if self._show == "content":
            told, step = step + told, ""
        self.content += told
        self.reasoning += step
        chunks = [self._chunk(Delta(reasoning_content=step))] if step else []
        return [*chunks, self._chunk(Delta(content=told))] if told else chunks

    def last(self, *, usage: bool = False) -> list[ChatChunk]:
        """The pieces that a stream ends with.

        Args:
            usage: tell how many tokens were used.
        """
        end = self._chunk(Delta(), self._finish)
        if not usage:
            return [end]
        return [end, end.model_copy(update={"choices": [], "usage": ChatUsage.of(self._counted.usage)})]

    def whole(self) -> ChatCompletion:
        """The answer, when all has happened."""
        message = AnswerMessage(content=self.content, reasoning_content=self.reasoning or None)
        return ChatCompletion(
            id=self._id,
            created=self._created,
            model=self._model,
            choices=[Choice(message=message, finish_reason=self._finish)],
            usage=ChatUsage.of(self._counted.usage),
            codeact=self._origin,
        )

    @property
    def _id(self) -> str:
        return f"chatcmpl-{self._run_id}"

    @property
    def _origin(self) -> Origin:
        return Origin(run_id=self._run_id, state=self._state)

    def _answer(self, event: events.AnyEvent) -> str:
        """What an event adds to the answer itself."""
        if isinstance(event, events.Answered):
            return self._apart(event.text)
        if not isinstance(event, events.RunEnded):
            return ""
        self._state = event.state
        self._finish = "length" if event.state == "limit" else "stop"
        return "" if event.state in ("answered", "error") else self._apart(without_answer(event))

    def _apart(self, text: str) -> str:
        return f"\n\n{text}" if self.content else text

    def _chunk(self, delta: Delta, finish: Finish | None = None) -> ChatChunk:
        choice = ChunkChoice(delta=delta, finish_reason=finish)
        return ChatChunk(id=self._id, created=self._created, model=self._model, choices=[choice], codeact=self._origin)

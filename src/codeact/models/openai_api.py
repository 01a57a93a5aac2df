"""Any server that speaks OpenAI's chat completions, through the `openai` package.

Invariants: a request is tried again only while nothing of its text was handed out; the key is in no error and no log; what a server
does not know (`seed`, `stream_options`, the name of `max_tokens`) is learnt from its refusal and remembered. It does not: know any format
(a request says how turns become the endpoint's calls), or keep a conversation (messages are sent whole; the server's prompt cache does
the rest).
"""

import asyncio
import math
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from codeact import errors, events
from codeact.models.backoff import Backoff, retry_after
from codeact.models.native_calls import Gathered, as_messages, as_tools
from codeact.models.stops import StopFilter
from codeact.protocols import Completion, ModelRequest

DEFAULT_URL = "https://api.openai.com/v1"
KEY_VARIABLE = "OPENAI_API_KEY"
URL_VARIABLE = "OPENAI_BASE_URL"
NO_KEY = "none"
CONNECT_SECONDS = 10.0
MOST_STOPS = 4
"""OpenAI takes no more; what is left out is still found here."""

CHARS_A_TOKEN = 4
"""For a rough count where the server sends none."""

_TOO_LONG = ("context_length_exceeded", "exceed_context_size", "context length", "context size", "context window", "too many tokens")
_OPTIONAL = ("stream_options", "seed", "temperature", "stop", "parallel_tool_calls")
_SAID_STOP = ("stop_reason", "matched_stop")
"""Where vLLM and SGLang say which stop string they met; OpenAI's API has no word for it."""

_TOOLS = re.compile(r"\b(?:tools?|functions?)\b|tool_|function_", re.IGNORECASE)
"""What a refusal speaks of when an endpoint has no calls of its own, or not these."""

_RETRIED = frozenset({408, 409, 429})


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint.

    Args:
        model: name at the server.
        base_url: up to and with the version, as in ``http://localhost:8080/v1``; None takes `OPENAI_BASE_URL`, else OpenAI's own.
        api_key: None takes `OPENAI_API_KEY`; a server other than OpenAI's may need none.
        uses_grammar: send the format's grammar along (llama.cpp's `grammar` field).
        prices: of its tokens; what the server itself says that a turn cost goes before. None: else a turn costs nothing that is known.
        timeout: longest silence of the server, in seconds.
        backoff: how often and how long to try again.

    Raises:
        MissingExtraError: `openai` is not installed.
        ModelAuthError: there is no key, and OpenAI's own server needs one.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        uses_grammar: bool = False,
        prices: events.Prices | None = None,
        timeout: float = 120.0,
        backoff: Backoff | None = None,
    ) -> None:
        try:
            import openai
        except ImportError:
            raise errors.MissingExtraError("openai", "openai", f"the model 'openai:{model}'") from None
        self.name = f"openai:{model}"
        self.takes_native = True
        self.uses_grammar = uses_grammar
        self.tells_cost = prices is not None
        self._prices = prices
        self._model = model
        self._url = base_url or os.environ.get(URL_VARIABLE) or DEFAULT_URL
        self._key = api_key or os.environ.get(KEY_VARIABLE) or ""
        if not self._key and self._url.rstrip("/") == DEFAULT_URL:
            raise errors.ModelAuthError(
                f"{self.name!r} needs a key: set {KEY_VARIABLE}, or give --base-url for a server of your own, or use the model `local`"
            )
        self._backoff = backoff or Backoff()
        self._openai = openai
        self._client = openai.AsyncOpenAI(
            api_key=self._key or NO_KEY,
            base_url=self._url,
            timeout=openai.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
            max_retries=0,  # our own bounds hold
        )
        self._left_out: set[str] = set()
        self._limit_name = "max_tokens"

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """Yield pieces of text, then the `Completion`.

        Raises:
            ModelAuthError: the key is refused.
            ModelNotFoundError: no such model or address.
            ModelUnavailableError: the server cannot be reached, stays overloaded, or went away while it wrote.
            ModelRequestError: the conversation is too long, or the request is refused.
        """
        messages = as_messages(request.messages, request.native)
        if request.prefix:
            messages.append({"role": "assistant", "content": request.prefix})
        waits = self._backoff.waits()
        while True:
            reply = _Reply(request, self._prices)
            try:
                async with aclosing(self._pieces(request, messages, reply)) as pieces:
                    async for piece in pieces:
                        yield piece
                yield reply.completion()
                return
            except _Fault as fault:
                if reply.text:
                    raise errors.ModelUnavailableError(
                        f"{self.name!r} at {self._url} broke off after {len(reply.text)} characters of its answer ({fault.reason}); "
                        "the turn is lost: run it again"
                    ) from None
                wait = waits.next(fault.asked)
                if wait is None:
                    raise errors.ModelUnavailableError(self._unavailable(fault, waits.asked)) from None
            await asyncio.sleep(wait)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _pieces(self, request: ModelRequest, messages: list[dict[str, Any]], reply: "_Reply") -> AsyncGenerator[str]:
        """One try: the text, piece by piece. Raises `_Fault` where another try may help."""
        async with self._opened(request, messages) as stream:
            chunks = aiter(stream)
            while not reply.stopped:
                with errors.crossing("model"):
                    chunk = await self._next(chunks)
                if chunk is None:
                    break
                piece = reply.take(chunk)
                if piece:
                    yield piece
        if not reply.finish and not reply.stopped:
            raise _Fault("the stream ended before the answer did")
        if reply.finish == "content_filter":
            raise errors.ModelRequestError(
                f"{self.name!r} withheld its answer (finish_reason 'content_filter'); word the task in another way"
            )
        piece = reply.flush()
        if piece:
            yield piece

    async def _next(self, chunks: AsyncIterator[Any]) -> Any | None:
        try:
            return await anext(chunks, None)
        except self._openai.APIConnectionError as error:
            raise _Fault(self._reason(error)) from None
        except self._openai.APIError as error:  # an error object in the middle of the stream
            if str(error.code) in ("400", "invalid_request_error"):
                raise self._refused(error.message, str(error.code)) from None
            raise _Fault(self._clean(error.message)) from None
        except ValueError as error:
            raise _Fault(f"its stream is not JSON: {error}") from None

    @asynccontextmanager
    async def _opened(self, request: ModelRequest, messages: list[dict[str, Any]]) -> AsyncIterator[Any]:
        """The answer's stream, opened with the parameters that the server takes."""
        while True:
            with errors.crossing("model"):
                try:
                    stream: Any = await self._client.chat.completions.create(**self._parameters(request, messages))
                    break
                except self._openai.APIStatusError as error:
                    if not self._learns_from(error):
                        raise self._status_error(error, native=request.native is not None) from None
                except self._openai.APIConnectionError as error:
                    raise _Fault(self._reason(error)) from None
        try:
            yield stream
        finally:
            await stream.close()

    def _parameters(self, request: ModelRequest, messages: list[dict[str, Any]]) -> dict[str, Any]:
        optional: dict[str, Any] = {
            "stream_options": {"include_usage": True},
            "temperature": request.temperature,
            "seed": request.seed,
            "stop": list(request.stop[:MOST_STOPS]) or None,
        }
        sent = {name: value for name, value in optional.items() if value is not None and name not in self._left_out}
        if request.native is not None and request.native.functions:
            sent["tools"] = as_tools(request.native)
            if "parallel_tool_calls" not in self._left_out:
                sent["parallel_tool_calls"] = request.native.parallel
        if request.grammar and self.uses_grammar:
            sent["extra_body"] = {"grammar": request.grammar}
        return {"model": self._model, "messages": messages, "stream": True, self._limit_name: request.max_tokens, **sent}

    def _learns_from(self, error: Any) -> bool:
        """Whether the refusal names a parameter that can be left out or renamed; if so the next request does."""
        text = _text_of(error)
        if error.status_code not in (400, 422) or _too_long(text):
            return False
        if self._limit_name == "max_tokens" and "max_completion_tokens" in text:
            self._limit_name = "max_completion_tokens"
            return True
        named = next((name for name in _OPTIONAL if name not in self._left_out and _names(error, text, name)), None)
        if named is None:
            return False
        self._left_out.add(named)
        return True

    def _status_error(self, error: Any, *, native: bool) -> Exception:
        """What a status means: one of our errors, or a `_Fault` if another try may help."""
        status, text = error.status_code, self._clean(_message(error))
        if native and status not in (401, 403, *_RETRIED) and _TOOLS.search(text) and not _too_long(text):
            return errors.ModelRequestError(
                f"{self._url} refused the request to {self.name!r}: {text}; if it has no calls of its own (`tools`), "
                "leave native out (--no-native): actions are text then"
            )
        if status in (401, 403):
            return errors.ModelAuthError(f"{self._url} refused the key for {self.name!r} (HTTP {status}: {text}); check {KEY_VARIABLE}")
        if status == 404 or "model_not_found" in _text_of(error):
            return errors.ModelNotFoundError(
                f"{self._url} knows no model {self._model!r}, or is not the address of the API (HTTP {status}: {text}); "
                "check the name, and that the address ends with the version, as in http://localhost:8080/v1"
            )
        if status in _RETRIED or status >= 500:
            return _Fault(f"HTTP {status}: {text}", retry_after(error.response.headers.get("retry-after")))
        return self._refused(text, _text_of(error))

    def _refused(self, message: str, details: str) -> errors.ModelRequestError:
        message = self._clean(message)
        if _too_long(f"{message} {details}"):
            return errors.ModelRequestError(
                f"the conversation is too long for {self.name!r}: {message}; start a new one, or show the model less output"
            )
        return errors.ModelRequestError(f"{self._url} refused the request to {self.name!r}: {message}")

    def _unavailable(self, fault: "_Fault", tries: int) -> str:
        return (
            f"{self.name!r} at {self._url} is not available after {tries} tries: {fault.reason}; "
            "check the address and that the server runs, or try later"
        )

    def _reason(self, error: BaseException) -> str:
        cause = error.__cause__
        return self._clean(f"{error}" if cause is None else f"{type(cause).__name__}: {cause}")

    def _clean(self, text: str) -> str:
        return text.replace(self._key, "***") if self._key else text


class _Fault(errors.ModelUnavailableError):
    """Something went wrong that another try may mend. `asked` is what the server asked to wait, in seconds."""

    def __init__(self, reason: str, asked: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.asked = asked


class _Reply:
    """An answer as it comes in."""

    def __init__(self, request: ModelRequest, prices: events.Prices | None) -> None:
        self.text = ""
        self.finish = ""
        self._request = request
        self._prices = prices
        self._filter = StopFilter(request.stop)
        self._gathered = Gathered(request.native) if request.native is not None else None
        self._said_stop: object = None
        self._usage: events.Usage | None = None

    @property
    def stopped(self) -> bool:
        """Whether the text met a stop string that the server let through."""
        return self._filter.stopped_by is not None

    def take(self, chunk: Any) -> str:
        """Note what a chunk says; returns its text, as far as it may be handed out."""
        usage = getattr(chunk, "usage", None)
        if usage is not None:
            details = getattr(usage, "prompt_tokens_details", None)
            self._usage = events.Usage(
                input_tokens=usage.prompt_tokens or 0,
                output_tokens=usage.completion_tokens or 0,
                cached_tokens=(details and details.cached_tokens) or 0,
                cost=_dollars(getattr(usage, "cost", None)),
            )
        piece = ""
        for choice in chunk.choices or ():
            self.finish = choice.finish_reason or self.finish
            self._said_stop = self._said_stop or next((word for word in (getattr(choice, name, None) for name in _SAID_STOP) if word), None)
            content = (choice.delta and choice.delta.content) or ""
            if self._gathered is None:
                piece += self._filter.feed(content)
            elif choice.delta:
                piece += self._gathered.feed(content, choice.delta.tool_calls or ())
        self.text += piece
        return piece

    def flush(self) -> str:
        """The text has ended: what was held back, since a stop string, or an answer or a call, could have come of it."""
        piece = self._filter.finish() if self._gathered is None else self._gathered.finish(cut=self.finish == "length")
        self.text += piece
        return piece

    def completion(self) -> Completion:
        """The whole."""
        limited = self.finish == "length" and not self.stopped
        stopped_by = next((word for word in self._request.stop if word in (self._filter.stopped_by, self._said_stop)), None)
        text = self.text if self._gathered is None else self._gathered.text
        usage = self._usage or self._rough()
        if self._prices is not None and not usage.cost:
            usage = usage.model_copy(update={"cost": self._prices.of(usage)})
        return Completion(text, usage, "length" if limited else "stop", stopped_by)

    def _rough(self) -> events.Usage:
        read = sum(len(message.content) for message in self._request.messages) + len(self._request.prefix)
        return events.Usage(input_tokens=-(-read // CHARS_A_TOKEN), output_tokens=-(-len(self.text) // CHARS_A_TOKEN))


def _dollars(said: object) -> float:
    """What a server says that a turn cost, as OpenRouter's does; 0 if that is no amount."""
    amount = isinstance(said, int | float) and not isinstance(said, bool) and math.isfinite(said) and said >= 0
    return float(said) if amount else 0.0  # type: ignore[arg-type]


def _message(error: Any) -> str:
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return body["message"][:500]
    return str(error.message)[:500]


def _text_of(error: Any) -> str:
    return f"{error.message} {error.body}".lower()


def _too_long(text: str) -> bool:
    return any(sign in text.lower() for sign in _TOO_LONG)


def _names(error: Any, text: str, parameter: str) -> bool:
    """Whether a refusal is about a parameter: by its field `param`, else by the name, in quotes or as a word of its own."""
    if error.param:
        return error.param.split(".")[0] == parameter
    return parameter in text.replace("'", " ").replace('"', " ").replace("`", " ").replace(":", " ").replace(",", " ").split()

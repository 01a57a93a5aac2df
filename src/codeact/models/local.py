"""The local model: llama.cpp in this process, through `xllamacpp`.

Invariants: nothing is loaded before the first request; nothing reaches stdout or stderr; llama.cpp's own server listens only on a Unix
socket in a directory of ours, with a random key. The prompt is the model's own chat template over the messages: a turn's prompt starts with
that of the turn before, and llama.cpp computes only what is new. It does not: fetch (`pinned` does) or know any format.
"""

import asyncio
import contextlib
import http.client
import json
import logging
import os
import secrets
import socket
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

from codeact import cache, errors, events
from codeact.models import pinned, prepared
from codeact.models.stops import StopFilter
from codeact.protocols import Completion, ModelRequest
from codeact.scratch import Scratch

BATCH = 512
"""Prompt tokens between two looks at whether to stop."""

PROMPT_CACHE_MIB = 1024
"""Most memory for the prompts of conversations that are not running just now."""

LOOKS = 5
LOOK_SECONDS = 0.01
QUIET = -1

_log = logging.getLogger(__name__)
RANDOM_SEED = -1


class LocalModel:
    """A GGUF model in this process.

    Any number of tasks may call `generate` at once: llama.cpp queues them over its slots.

    Args:
        path: the model; None takes the pinned weights, fetched at first use, with our adapter.
        lora: a LoRA adapter (GGUF) on top, in place of ours.
        base: the pinned weights as they are, without our adapter.
        n_ctx: context of each slot, in tokens; a model's own limit is lower sometimes.
        slots: how many requests are computed at once.
        threads: None takes the physical cores that nobody else uses when the model is loaded.
        uses_grammar: whether requests should carry the format's grammar.
        on_progress: told of the fetch, in bytes done and bytes in all.
    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        lora: str | Path | None = None,
        base: bool = False,
        n_ctx: int = 8192,
        slots: int = 1,
        threads: int | None = None,
        uses_grammar: bool = True,
        on_progress: pinned.OnProgress | None = None,
    ) -> None:
        self.name = _name(path, lora, base=base)
        self.uses_grammar = uses_grammar
        self.context_tokens = n_ctx
        self._path = None if path is None else Path(path)
        self._lora = Path(lora) if lora is not None else None
        self._base = base
        self._n_ctx = n_ctx
        self._slots = slots
        self._threads = threads
        self._on_progress = on_progress
        self._engine: _Engine | None = None
        self._loading = threading.Lock()
        self._waiting = 0
        self._running: set[_Generation] = set()
        self._free: weakref.finalize[[_Engine, set[_Generation]], LocalModel] | None = None

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """Yield pieces of text, then the `Completion`.

        Raises:
            MissingExtraError: `xllamacpp` is not installed.
            ModelNotFoundError: no such model or adapter file, or llama.cpp cannot read it.
            ModelUnavailableError: the weights cannot be fetched.
            ModelRequestError: the conversation does not fit the context, or the grammar or the messages are refused.
        """
        messages = tuple(request.messages)
        engine = await self._loaded()
        generation = _Generation(engine, request, messages, self._running)
        generation.start()
        try:
            while True:
                item = await generation.items.get()
                if isinstance(item, BaseException):
                    raise item
                yield item
                if isinstance(item, Completion):
                    return
        finally:
            generation.stopped = True

    async def aclose(self) -> None:
        """Stop what runs and free the model; a later request loads it again."""
        self._engine = None
        if self._free is not None:
            await asyncio.to_thread(self._free)

    async def _loaded(self) -> "_Engine":
        if self._engine is not None:
            return self._engine
        self._waiting += 1
        try:
            return await asyncio.to_thread(self._load)
        finally:
            self._waiting -= 1

    def _load(self) -> "_Engine":
        with self._loading:
            if self._engine is None:
                path, lora = self._path, self._lora
                if path is None:
                    path = pinned.ensure(on_progress=self._report)
                    path, lora = fastest(path, lora or (None if self._base else pinned.find_adapter()))
                engine = _Engine(self.name, path, lora, n_ctx=self._n_ctx, slots=self._slots, threads=self._threads or free_cores())
                # also at exit, if nobody closes the model: a thread of llama.cpp that outlives the interpreter crashes the process
                self._free = weakref.finalize(self, _free, engine, self._running)
                self._engine = engine
            return self._engine

    def _report(self, done: int, total: int) -> None:
        if not self._waiting:  # the task that asked was cancelled: nobody wants the weights any more
            raise errors.ModelUnavailableError("the fetch of the local model's weights was cancelled; the next use starts it again")
        if self._on_progress is not None:
            self._on_progress(done, total)


class _Engine:
    """llama.cpp's server with a loaded model."""

    def __init__(self, name: str, path: Path, lora: Path | None, *, n_ctx: int, slots: int, threads: int) -> None:
        try:
            import xllamacpp
        except ImportError:
            raise errors.MissingExtraError("xllamacpp", "local", "the local model") from None
        llama: Any = xllamacpp  # a compiled module without type stubs
        for file in (path, lora):
            _must_exist(file)
        self.name = name
        scratch = Scratch()
        self._remove_directory = weakref.finalize(self, scratch.remove)
        self._socket = f"{scratch.path}/llama.sock"
        self._key = secrets.token_urlsafe(32)
        settings = llama.CommonParams()
        settings.verbosity = QUIET
        settings.model.path = str(path)
        settings.n_ctx = n_ctx * slots  # llama.cpp shares it out among the slots
        settings.n_parallel = slots
        settings.n_batch = settings.n_ubatch = BATCH
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
        settings.cache_ram_mib = PROMPT_CACHE_MIB
        settings.hostnames = [self._socket]
        settings.api_keys = [self._key]
        settings.ui = False
        if lora is not None:
            settings.lora_adapters = [llama.CommonAdapterLoraInfo(str(lora), 1.0)]
        try:
            self._server: Any = llama.Server(settings)
        except RuntimeError as error:
            self._remove_directory()
            files = repr(str(path)) + (f" with the adapter {str(lora)!r}" if lora is not None else "")
            raise errors.ModelNotFoundError(f"llama.cpp cannot load {files}: {error} Is it a whole GGUF file?") from error

    def render(self, messages: Sequence[events.Message]) -> str:
        """The prompt: the model's own template over the messages, up to where the assistant begins to speak."""
        connection = _UnixConnection(self._socket)
        try:
            body = json.dumps({"messages": [message.model_dump() for message in messages]})
            connection.request(
                "POST", "/apply-template", body, {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
            )
            reply = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise errors.ModelUnavailableError(f"llama.cpp's server in this process does not answer: {error}") from error
        finally:
            connection.close()
        if "prompt" not in reply:
            raise _refused(self.name, reply.get("error", {}))
        return reply["prompt"]

    def complete(self, body: dict[str, Any], on_chunk: Any) -> None:
        """Blocks until the text has ended, or `on_chunk` returns True."""
        self._server.handle_completions(body, on_chunk)

    def close(self) -> None:
        """Free the model."""
        self._server = None
        self._remove_directory()


class _Generation:
    """One request on its way through llama.cpp: a thread that blocks there, and a queue that the event loop reads."""

    def __init__(self, engine: _Engine, request: ModelRequest, messages: Sequence[events.Message], running: "set[_Generation]") -> None:
        self.items: asyncio.Queue[str | Completion | BaseException] = asyncio.Queue()
        self.stopped = False
        self._engine = engine
        self._request = request
        self._messages = messages
        self._running = running
        self._loop = asyncio.get_running_loop()
        self._filter = StopFilter(request.stop)
        self._pieces: list[str] = []
        self._usage = events.Usage()
        self._finish = ""
        self._error: dict[str, Any] | None = None
        self._thread = threading.Thread(target=self._run, name="codeact-local-model", daemon=True)

    def start(self) -> None:
        self._running.add(self)
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            with errors.crossing("model"):
                self._put(self._generate())
        except errors.CodeactError as error:
            self._put(error)
        finally:
            self._running.discard(self)

    def _generate(self) -> Completion:
        self._engine.complete(self._body(), self._take)
        if self._error is not None:
            raise _refused(self._engine.name, self._error)
        if not self._finish and self._filter.stopped_by is None:
            raise errors.ModelUnavailableError(f"{self._engine.name!r} was closed while it wrote")
        self._pass(self._filter.finish())
        return Completion(
            text="".join(self._pieces),
            usage=self._usage,
            finish="length" if self._finish == "length" and self._filter.stopped_by is None else "stop",
            stopped_by=self._filter.stopped_by,
        )

    def _body(self) -> dict[str, Any]:
        request = self._request
        body: dict[str, Any] = {
            "prompt": self._engine.render(self._messages) + request.prefix,
            "stream": True,
            "n_predict": request.max_tokens,
            "temperature": request.temperature,
            "seed": RANDOM_SEED if request.seed is None else request.seed,
            "cache_prompt": True,
            "timings_per_token": True,  # the usage, even if the text is cut at a stop string
            "return_progress": True,  # chunks while the prompt is read, so that it can be stopped there
        }
        if request.grammar:
            body["grammar"] = request.grammar
        return body

    def _take(self, chunk: dict[str, Any]) -> bool:
        """Look at a chunk, in llama.cpp's thread; True ends the generation.

        Stop strings are found here, since llama.cpp does not say which of them it met.
        """
        if "error" in chunk:
            self._error = chunk["error"]
            return True
        timings = chunk.get("timings")
        if timings:
            cached = timings["cache_n"]
            self._usage = events.Usage(
                input_tokens=cached + timings["prompt_n"], output_tokens=timings["predicted_n"], cached_tokens=cached
            )
        for choice in chunk.get("choices", ()):
            self._pass(self._filter.feed(choice["text"]))
            self._finish = choice["finish_reason"] or self._finish
        return self.stopped or self._filter.stopped_by is not None

    def _pass(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._put(text)

    def _put(self, item: str | Completion | BaseException) -> None:
        with contextlib.suppress(RuntimeError):  # the event loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self.items.put_nowait, item)
            return
        self.stopped = True


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self._path)


def physical_cores() -> int:
    """Cores that this process may use: hyperthreads counted once, a container's quota respected."""
    cpus = os.sched_getaffinity(0)
    cores = {_read(f"/sys/devices/system/cpu/cpu{cpu}/topology/core_cpus_list") or str(cpu) for cpu in cpus}
    quota, _, period = _read("/sys/fs/cgroup/cpu.max").partition(" ")
    allowed = -(-int(quota) // int(period)) if quota.isdigit() and period.isdigit() else len(cores)
    return max(1, min(len(cores), allowed))


def free_cores() -> int:
    """Physical cores that nobody uses just now, at least one.

    llama.cpp's threads wait for one another at every step, spinning: one that has to share its core holds up all, and two threads on a busy
    machine of two cores are twenty times slower than one.
    """
    running = []
    for _ in range(LOOKS):
        time.sleep(LOOK_SECONDS)
        running.append(int(_read("/proc/loadavg").split(" ")[3].partition("/")[0]))
    others = min(running) - 1
    return max(1, min(physical_cores(), (os.cpu_count() or 1) - others))


def fastest(path: Path, lora: Path | None) -> tuple[Path, Path | None]:
    """The pinned weights and an adapter as llama.cpp is fastest with them. Blocks.

    Args:
        path: the pinned weights.
        lora: an adapter for them.

    Returns:
        The model's file and the adapter's: one file with both in it, which is kept; what was given, and a warning, where none can be.

    Raises:
        MissingExtraError: `gguf` is not installed.
        ModelNotFoundError: there is no such adapter, or it is not for this model.
    """
    _must_exist(lora)
    try:
        return prepared.prepare(path, pinned.SMOLLM2.sha256, lora), None
    except OSError as error:
        _log.warning(
            "the local model's faster form cannot be stored (%s): it works, but slower; make room, or set %s", error, cache.VARIABLE
        )
        return path, lora


def _must_exist(file: Path | None) -> None:
    if file is not None and not file.is_file():
        raise errors.ModelNotFoundError(f"no such model file: {str(file)!r}; give a GGUF file, or `local` for the one that codeact fetches")


def _name(path: str | Path | None, lora: str | Path | None, *, base: bool) -> str:
    """As `build.model` reads it."""
    model = str(path) if path is not None else "base" if base or lora is not None else ""
    return "local" + (f":{model}" if model else "") + (f"+{lora}" if lora is not None else "")


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def _free(engine: _Engine, running: set[_Generation]) -> None:
    for generation in list(running):
        generation.stopped = True
        generation.join()
    engine.close()


def _refused(name: str, error: dict[str, Any]) -> errors.ModelError:
    if error.get("type") == "exceed_context_size_error":
        return errors.ModelRequestError(
            f"the conversation does not fit {name!r}: it has {error['n_prompt_tokens']} tokens, the context holds {error['n_ctx']}; "
            "start a new conversation, or show the model less output"
        )
    message = error.get("message", "no reason given")
    if int(error.get("code", 0)) >= 500:
        return errors.ModelUnavailableError(f"llama.cpp failed: {message}")
    return errors.ModelRequestError(f"{name!r} refused the request: {message}")

"""The live interpreter behind a kept session: its actions under the numbers of the record, its files, its checkpoints under their marks.

Invariant: the action of turn N is the interpreter's action N, also when it is rebuilt, so that what names it (`<cell N>`, `output-N.txt`)
does so as before; what its own doings tell is told with the next action. It does not: record anything (`live_session` does).
"""

import asyncio
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from codeact import build, errors, events
from codeact.protocols import OnOutput
from codeact.sandbox.guest.confine import WORKSPACE
from codeact.sandbox.workspace import files_in

_MOVE = """
import os
try:
    folder, *parts = {root!r}, *{parts!r}
    for part in parts[:-1]:
        folder = os.path.join(folder, part)
        if os.path.islink(folder):
            raise OSError("a folder on the way is a link")
        os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, parts[-1])
    if os.path.islink(target):
        raise OSError("it is a link")
    os.replace({copy!r}, target)
finally:
    if os.path.lexists({copy!r}):
        os.unlink({copy!r})
"""


class Interpreter:
    """See the module's docstring.

    Args:
        session: started.
        count: of the actions that it has run.
    """

    def __init__(self, session: build.Session, count: int = 0) -> None:
        self._session = session
        self._count = count
        self._latest: int | None = None
        self._marks: dict[str, str] = {}
        self.news = ""
        self._lost = False

    @property
    def isolation(self) -> str:
        """The tier in force."""
        return self._session.isolation

    def turn_after(self, latest: int) -> int:
        """The number that the next action has to have.

        Args:
            latest: number of the latest one of the record.
        """
        return max(latest, self._count) + 1

    async def act(self, turn: int, code: str, seconds: float | None = None, on_output: OnOutput | None = None) -> events.Observation:
        """Run an action.

        Args:
            turn: its number, higher than that of any before.
            code: Python.
            seconds: that it may take; None: as many as the session's limit says.
            on_output: told of text as it comes.

        Raises:
            SessionError: the interpreter cannot go on.
        """
        while self._count < turn - 1:  # numbers of actions that were undone, or left nothing
            await self._skip()
        observation = await self._run(code, seconds, on_output)
        self._latest = turn
        news, self.news = self.news, ""
        lost, self._lost = self._lost or observation.state_lost, False
        told = f"{news} {observation.notice}".strip()
        return observation.model_copy(update={"turn": turn, "notice": told, "state_lost": lost})

    async def interrupt(self) -> None:
        """Interrupt the running action, as Ctrl-C would; nothing if none runs."""
        await self._session.ainterrupt()

    async def place(self, path: str, content: bytes) -> None:
        """Make or replace a file of the workspace, with the folders on its way.

        Args:
            path: as `inside` gives it.
            content: of the file.

        Raises:
            InputError: it cannot be there: a link or a folder is in its place, the workspace is full.
            SessionError: the interpreter cannot go on.
        """
        with tempfile.TemporaryDirectory(prefix="codeact-") as folder:
            copy = Path(folder) / "file"
            await asyncio.to_thread(copy.write_bytes, content)
            if "/" not in path:
                try:
                    await self._session.aadd_file(copy, path)
                    return
                except errors.InputError:  # the name is taken: it is replaced
                    pass
            name = await self._session.aadd_file(copy, f".upload-{secrets.token_hex(8)}")
        await self._move(name, path)
        if await self._session.aread_file(path) != content:
            raise errors.InputError(f"the code in the session keeps {path!r} from being written")

    async def read(self, path: str) -> bytes:
        """The content of a file of the workspace.

        Raises:
            InputError: it cannot be read.
        """
        return await self._session.aread_file(path)

    async def files(self) -> tuple[dict[str, int], bool]:
        """The files of the workspace with their sizes in bytes, and whether these are all."""
        return await asyncio.to_thread(files_in, self._session.workspace)

    async def variables(self) -> events.Variables:
        """The variables that the code has made.

        Raises:
            SessionError: they cannot be told.
        """
        return await self._session.avariables()

    async def mark(self, mark: str) -> None:
        """Take a checkpoint.

        Raises:
            CheckpointError: it cannot be taken.
        """
        self._marks[mark] = await self._session.acheckpoint()

    async def go_back(self, mark: str) -> str:
        """Go back to a checkpoint; returns what could not be put back, in a sentence.

        Raises:
            CheckpointError: it is not there (any more).
        """
        notice = await self._session.arollback(self._live(mark))
        marks = list(self._marks)
        self._marks = {name: self._marks[name] for name in marks[: marks.index(mark) + 1]}
        self._latest = None
        return notice

    async def undo(self, turn: int) -> str:
        """Go back to before an action; returns what could not be put back, in a sentence.

        Args:
            turn: number of the action.

        Raises:
            CheckpointError: it is not the latest thing that was done, or there is no checkpoint from before it.
        """
        if self._latest != turn:
            raise errors.CheckpointError(f"there is no checkpoint from before action {turn}")
        self._latest = None
        return await self._session.arollback(None)

    async def twin(self, mark: str | None) -> "Interpreter":
        """Another one with a copy of all that this one holds, but for its checkpoints.

        Args:
            mark: of the checkpoint that is copied; None: as things are now.

        Raises:
            CheckpointError: it cannot be copied.
        """
        session = await self._session.afork(None if mark is None else self._live(mark))
        made = Interpreter(session, self._count)
        made.news = self.news
        return made

    async def aclose(self) -> None:
        """End it, also in the middle of an action."""
        await self._session.aclose()

    def _live(self, mark: str) -> str:
        found = self._marks.get(mark)
        if found is None:
            raise errors.CheckpointError(f"the checkpoint {mark!r} is not there (any more)")
        return found

    async def _move(self, name: str, path: str) -> None:
        """Have a file of the workspace moved, by code: it may do what the session may, and no more."""
        root = WORKSPACE if self.isolation == "strict" else str(self._session.workspace)
        code = _MOVE.format(root=root, parts=PurePosixPath(path).parts, copy=f"{root}/{name}")
        self._latest = None
        observation = await self._run(f"exec({code!r}, {{}})")
        self._hear(observation)
        if observation.status != "ok":
            error = observation.error
            why = error.message if error is not None else observation.notice or observation.status
            raise errors.InputError(f"{path!r} cannot be written in the workspace: {why}")

    async def _skip(self) -> None:
        """Use up a number, and leave no trace of it: the interpreter's own count of what it has run stays."""
        first = None if self._count else await self._session.acheckpoint()
        self._latest = None
        self._hear(await self._run(""))
        with suppress(errors.CheckpointError):
            await self._session.arollback(first)

    async def _run(self, code: str, seconds: float | None = None, on_output: OnOutput | None = None) -> events.Observation:
        self._count += 1
        observation = await self._session.arun(code, timeout=seconds, on_output=on_output)
        if observation.state_lost:
            self._marks.clear()
        return observation

    def _hear(self, observation: events.Observation) -> None:
        """Note what an action that nobody asked for tells."""
        told = observation.notice if observation.status == "ok" or observation.state_lost else ""
        self.news = f"{self.news} {told}".strip()
        self._lost = self._lost or observation.state_lost


def inside(path: str) -> str:
    """The path of a file, relative to the workspace and in its plainest form.

    Raises:
        InputError: it leads outside, or no file can be there.
    """
    parts = PurePosixPath(path).parts
    bad = not parts or any(part in ("/", "..") or len(part.encode("utf-8", "replace")) > 255 for part in parts)
    if bad or "\0" in path or "\\" in path or path.startswith("/"):
        raise errors.InputError(f"{path!r} is not a path inside the workspace; give one relative to it, for example 'data/prices.csv'")
    return "/".join(parts)

"""Tracebacks as the user of a session should see them: plain text in CPython's shape, with the user's own frames.

Invariant: no frame of this package or of IPython is shown; of a run of library frames only the last is shown, and only if the
error was raised there. Formatting never raises an `Exception`. It does not decide what an error means (`shell` does).
"""

import ast
import codeop
import difflib
import itertools
import linecache
import os
import site
import sys
import sysconfig
import traceback
from types import CodeType, FrameType, TracebackType
from typing import Any

MOST_CHARS = 1_000_000
_MOST_FRAMES = 20  # of the user's, after folding: a mutual recursion has no repeated line to fold
_REPEATED = 3  # how often CPython shows the same line
_KEYS_SEARCHED, _KEYS_SHOWN, _KEYS_CHARS = 10_000, 20, 400  # of what has not the key that was asked for
_IMPORTLIB = "<frozen importlib"
_CYTHON = (".pyx", ".pxi", ".pxd")  # relative paths, from where the package was built
_OURS, _LIBRARY, _USER = "ours", "library", "user"
_NOTES = {
    "BdbQuit": "The debugger stopped at once: nobody is at the keyboard; print what you want to see.",
    "BrokenProcessPool": "If the pool spawns its processes: they cannot see functions of a cell; use the fork context, or write the "
    "functions to a module file and import them.",
}

Item = tuple[str, CodeType, int, int]  # kind, code, line, last instruction
Place = tuple[int | None, int | None, int | None]


class _Fold(traceback.FrameSummary):
    """Stands for frames that are not shown."""

    def __init__(self, text: str) -> None:
        super().__init__(text, 0, "", lookup_line=False, line="")
        self.text = text


class _Stack(traceback.StackSummary):
    def format_frame_summary(self, frame_summary: traceback.FrameSummary, **options: object) -> str:
        if isinstance(frame_summary, _Fold):
            return f"  [{frame_summary.text}]\n"
        return super().format_frame_summary(frame_summary, **options)


class Tracebacks:
    """Formats exceptions."""

    def __init__(self) -> None:
        self._workspace = "<no workspace>"
        self._altered: dict[str, set[int]] = {}
        here = os.path.dirname(os.path.abspath(__file__))
        ipython = os.path.dirname(os.path.abspath(sys.modules["IPython"].__file__ or here))
        self._ours = (os.path.join(here, ""), os.path.join(ipython, ""), "<decorator-gen", codeop.__file__)
        self._roots = _library_roots()
        self._kinds: dict[str, str] = {}

    def watch(self, workspace: str) -> None:
        """Take the modules below a folder as the user's."""
        self._workspace = os.path.join(os.path.realpath(workspace), "")

    def note_cell(self, name: str, altered: set[int]) -> None:
        """Remember the lines of a cell that IPython rewrote: columns in them mean nothing to the user."""
        if altered:
            self._altered[name] = altered

    def describe(self, error: BaseException) -> tuple[str, str, str]:
        """Class name, message, traceback text."""
        name = _name(error)
        message = _message(error)
        try:
            text = "".join(self._exception(error).format())
        except Exception as failure:  # noqa: BLE001 -- the user's classes may raise anything anywhere
            text = f"{name}: {message}\n(the traceback could not be formatted: {_name(failure)})\n"
        return name, message, cut(text)

    def is_of_user(self, error: BaseException) -> bool:
        """Whether any of the user's code was running when it was raised."""
        return any(kind == _USER for kind, _, _, _ in self._items(error.__traceback__))

    def _exception(self, error: BaseException) -> traceback.TracebackException:
        summary = traceback.TracebackException(type(error), error, error.__traceback__, limit=0, lookup_lines=False)
        pairs: list[tuple[traceback.TracebackException | None, BaseException | None]] = [(summary, error)]
        seen: set[int] = set()
        while pairs:
            part, exception = pairs.pop()
            if part is None or exception is None or id(part) in seen:
                continue
            seen.add(id(part))
            part.stack = self._stack(exception.__traceback__)
            if sys.version_info < (3, 12):  # from there on `traceback` does it
                part._str += _suggestion(exception)  # type: ignore[attr-defined] # where later versions put theirs
            if isinstance(exception, KeyError):
                part.__notes__ = [*(part.__notes__ or ()), *self._keys(exception)]
            pairs.append((part.__cause__, exception.__cause__))
            pairs.append((part.__context__, exception.__context__))
            if part.exceptions and isinstance(exception, BaseExceptionGroup):
                pairs.extend(zip(part.exceptions, exception.exceptions, strict=False))
        return summary

    def _keys(self, error: KeyError) -> list[str]:
        """A line with the keys that there are, if the user's line asks something that it names for one that is not there."""
        try:
            trace, asked = error.__traceback__, None
            while trace is not None:
                if self._kind(trace.tb_frame.f_code.co_filename) == _USER:
                    asked = trace
                trace = trace.tb_next
            if asked is None:
                return []
            frame, line = asked.tb_frame, asked.tb_lineno
            return _keys_of(_asked(frame, line, self._place(frame.f_code, line, asked.tb_lasti)), error)
        except Exception:  # noqa: BLE001 -- keys are the user's objects
            return []

    def _stack(self, trace: TracebackType | None) -> traceback.StackSummary:
        frames: list[traceback.FrameSummary] = []
        runs = [(kind, list(run)) for kind, run in itertools.groupby(self._items(trace), key=lambda item: item[0])]
        for index, (kind, items) in enumerate(runs, 1):
            if kind == _USER:
                frames.extend(self._fold_repeated(items))
            elif index < len(runs) and all(code.co_filename.startswith(_IMPORTLIB) for _, code, _, _ in items):
                continue  # CPython leaves these out too
            else:
                frames.append(_Fold(_count(items, self._roots)))
        return _Stack(frames)

    def _items(self, trace: TracebackType | None) -> list[Item]:
        """Frames of the user's and of libraries, from the first of the user's on if there is one."""
        items: list[Item] = []
        while trace is not None:
            code = trace.tb_frame.f_code
            kind = self._kinds.get(code.co_filename) or self._kind(code.co_filename)
            if kind != _OURS:
                items.append((kind, code, trace.tb_lineno, trace.tb_lasti))
            trace = trace.tb_next
        first = next((index for index, item in enumerate(items) if item[0] == _USER), 0)
        return items[first:]

    def _kind(self, filename: str) -> str:
        path = os.path.realpath(filename) if filename.startswith("/") else filename
        if path.startswith(self._workspace) or filename.startswith("<cell "):
            kind = _USER
        elif path.startswith(self._ours) or filename.startswith(self._ours):
            kind = _OURS
        elif (
            filename.startswith("<frozen ")
            or filename.endswith(_CYTHON)
            or path.startswith(self._roots)
            or filename.startswith(self._roots)
        ):
            kind = _LIBRARY
        else:
            kind = _USER
        self._kinds[filename] = kind
        return kind

    def _fold_repeated(self, items: list[Item]) -> list[traceback.FrameSummary]:
        groups = [list(group) for _, group in itertools.groupby(items, key=lambda item: (item[1], item[2]))]
        half = _MOST_FRAMES // 2
        left_out = sum(map(len, groups[half:-half])) if len(groups) > 2 * half else 0
        if left_out:
            groups = [*groups[:half], [], *groups[-half:]]
        frames: list[traceback.FrameSummary] = []
        for group in groups:
            frames.extend(self._summary(item) for item in group[:_REPEATED])
            if len(group) > _REPEATED:
                more = len(group) - _REPEATED
                frames.append(_Fold(f"Previous line repeated {more} more time{'s' if more > 1 else ''}"))
            if not group:
                frames.append(_Fold(f"... {left_out} frames ..."))
        return frames

    def _summary(self, item: Item) -> traceback.FrameSummary:
        _, code, line, instruction = item
        end_line, column, end_column = self._place(code, line, instruction)
        return traceback.FrameSummary(
            code.co_filename, line, code.co_name, lookup_line=False, end_lineno=end_line, colno=column, end_colno=end_column
        )

    def _place(self, code: CodeType, line: int, instruction: int) -> Place:
        """The last line, the first column and the last of an instruction; None where they mean nothing to the user."""
        if line in self._altered.get(code.co_filename, ()) or instruction < 0:
            return None, None, None
        positions = next(itertools.islice(code.co_positions(), instruction // 2, None), None)
        return positions[1:] if positions else (None, None, None)


def _suggestion(error: BaseException) -> str:
    """The name that was probably meant, for a wrong name or attribute, as the interactive interpreter adds it."""
    try:
        wrong = error.name if isinstance(error, NameError | AttributeError) else None
        if isinstance(error, AttributeError):
            known = dir(error.obj)
        elif isinstance(error, NameError) and error.__traceback__ is not None:
            *_, (frame, _) = traceback.walk_tb(error.__traceback__)
            known = [*frame.f_locals, *frame.f_globals, *frame.f_builtins]
        else:
            return ""
        meant = difflib.get_close_matches(wrong, map(str, known), n=1, cutoff=0.7) if wrong else []
    except Exception:  # noqa: BLE001 -- `dir` asks the user's object
        return ""
    return f". Did you mean: {meant[0]!r}?" if meant and meant[0] != wrong else ""


def _asked(frame: FrameType, line: int, place: Place) -> Any:
    """What is asked for a key, or for a method, at this place; None if it is no plain name, attribute or item."""
    end_line, column, end_column = place
    if end_line is None:
        return None
    lines = [each.encode() for each in linecache.getlines(frame.f_code.co_filename)[line - 1 : end_line]]
    lines[-1] = lines[-1][:end_column]
    lines[0] = lines[0][column:]
    part = ast.parse(f"({b''.join(lines).decode()})", mode="eval").body
    if isinstance(part, ast.Call):
        part = part.func
    return _named(part.value, frame) if isinstance(part, ast.Subscript | ast.Attribute) else None


def _named(part: ast.expr, frame: FrameType) -> Any:
    """The value of a name, attribute or item, looked up without running any code of the user's."""
    if isinstance(part, ast.Name):
        return frame.f_locals[part.id] if part.id in frame.f_locals else frame.f_globals[part.id]
    if isinstance(part, ast.Attribute):
        return object.__getattribute__(_named(part.value, frame), "__dict__")[part.attr]
    if isinstance(part, ast.Subscript):
        holder = _named(part.value, frame)
        key = part.slice.value if isinstance(part.slice, ast.Constant) else _named(part.slice, frame)
        return holder[key] if type(holder) in {dict, list, tuple} else None
    return None


def _keys_of(holder: Any, error: KeyError) -> list[str]:
    pandas = sys.modules.get("pandas")
    if isinstance(holder, dict):
        keys, what = dict.keys(holder), "keys"
    elif pandas is not None and isinstance(holder, pandas.DataFrame):
        keys, what = list(holder.columns), "columns"
    elif pandas is not None and isinstance(holder, pandas.Series):
        keys, what = list(holder.index), "labels"
    else:
        return []
    if not error.args or error.args[0] in keys:
        return []
    if not keys:
        return [f"There are no {what}."]
    known = {repr(key): None for key in itertools.islice(keys, _KEYS_SEARCHED)}
    near = difflib.get_close_matches(repr(error.args[0]), known, n=3) if len(known) > _KEYS_SHOWN else []
    shown: list[str] = []
    for each in [*near, *(other for other in known if other not in near)][:_KEYS_SHOWN]:
        if sum(map(len, shown)) + len(each) > _KEYS_CHARS:
            break
        shown.append(each)
    if len(shown) == len(keys):
        return [f"The {what} are: {', '.join(shown)}"]
    return [f"Some of the {len(keys)} {what} are: {', '.join(shown)}"] if shown else []


def cut(text: str, most: int = MOST_CHARS) -> str:
    """The text, without its middle if it is longer than `most` characters."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half} characters left out ...]\n{text[-half:]}"


def note(error: BaseException) -> None:
    """Add what a user of a session has to know about an error, and its message does not say."""
    text = _NOTES.get(type.__getattribute__(type(error), "__name__"))
    if text is not None and text not in getattr(error, "__notes__", ()):
        error.add_note(text)


def adopt_traceback(error: BaseException, task: Any) -> None:
    """Let an interruption of the waiting loop show where the user's coroutine was waiting."""
    import asyncio  # loaded already by whoever has a task

    try:
        task.result()
    except asyncio.CancelledError as cancelled:
        error.__traceback__ = cancelled.__traceback__
        error.__context__ = None


def _name(error: BaseException) -> str:
    return str(type.__getattribute__(type(error), "__name__"))


def _message(error: BaseException) -> str:
    try:
        return cut(str(error))
    except Exception:  # noqa: BLE001 -- a __str__ of the user's
        return f"<{_name(error)}: its __str__ raised>"


def _library_roots() -> tuple[str, ...]:
    """Folders of installed code, the longest first, so that a package's name follows the folder's."""
    paths = set(sysconfig.get_paths().values()) | set(site.getsitepackages()) | {sys.prefix, sys.base_prefix, sys.exec_prefix}
    paths |= {path for path in sys.path if path.startswith("/")}
    ends = {os.path.join(each, "") for path in paths for each in (path, os.path.realpath(path))}
    return tuple(sorted(ends - {"/"}, key=len, reverse=True))


def _count(items: list[Item], roots: tuple[str, ...]) -> str:
    packages = dict.fromkeys(_package(code.co_filename, roots) for _, code, _, _ in items)
    shown = list(packages)[:3]
    names = ", ".join(shown) + (" and others" if len(packages) > len(shown) else "")
    return f"... {len(items)} frame{'s' if len(items) > 1 else ''} of {names} ..."


def _package(filename: str, roots: tuple[str, ...]) -> str:
    if filename.startswith("<frozen "):
        return filename[len("<frozen ") :].rstrip(">").split(".")[0]
    for root in roots:
        if filename.startswith(root):
            return filename[len(root) :].partition("/")[0].removesuffix(".py")
    return filename.partition("/")[0]

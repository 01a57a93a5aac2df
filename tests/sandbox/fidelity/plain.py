"""Runs cells in plain CPython: one `python -I`, a fork of it a cell, nothing of ours loaded in it.

Invariant: each cell runs in a new module `__main__`, in an empty folder, with nothing on standard input. This file is both ends: the
functions are the host's, `_main` is the script's.
"""

import ast
import asyncio
import builtins
import contextlib
import inspect
import io
import json
import linecache
import os
import signal
import subprocess
import sys
import tempfile
import traceback
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SECONDS = 60


def run(codes: Sequence[str], preload: Sequence[str] = (), python: str = sys.executable) -> list[dict[str, Any]]:
    """Run cells, each on its own.

    Args:
        codes: of the cells.
        preload: modules to import before.
        python: interpreter.

    Returns:
        for each, the arguments of `seen.Seen`.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [python, "-I", __file__, folder, *preload],
            input=json.dumps(list(codes)),
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS * len(codes),
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "HOME": folder, "MPLCONFIGDIR": folder},
        )
    return json.loads(done.stdout)


def _main(folder: str, *preload: str) -> None:
    for name in preload:
        __import__(name)
    codes = json.load(sys.stdin)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started without it
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 -- lives as long as the process
    answers = []
    for number, code in enumerate(codes, 1):
        place = Path(folder) / str(number)
        work = place / "work"
        work.mkdir(parents=True)
        child = os.fork()
        if child == 0:
            _cell(code, number, place, str(work))
        _, status = os.waitpid(child, 0)
        outcome = place / "outcome"
        answer = json.loads(outcome.read_text()) if outcome.exists() else {"status": f"ended by {status}"}
        for name in ("stdout", "stderr"):
            text = (place / name).read_bytes().decode("utf-8", "backslashreplace")
            answer[name] = text.replace(str(work), "/workspace")
        answers.append(answer)
    json.dump(answers, sys.stdout)


def _cell(code: str, number: int, place: Path, work: str) -> None:
    """In the fork: run one, leave what came of it in files."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        file = os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, descriptor)
        os.close(file)
    os.chdir(work)
    sys.argv = [""]
    sys.path.insert(0, work)
    process = os.getpid()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # as at a terminal
    answer = _outcome(code, f"<cell {number}>")
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(AttributeError, ValueError, OSError):  # of the cell's own
            if stream is not None:
                stream.flush()
    if os.getpid() == process:
        text = json.dumps(answer).replace(work, "/workspace")
        descriptor = os.open(place / "outcome", os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, text.encode())
    os._exit(answer.get("exit_code") or 0)


def _outcome(code: str, name: str) -> dict[str, Any]:
    module = types.ModuleType("__main__")
    module.__dict__["__builtins__"] = builtins  # as the interpreter's own has it
    sys.modules["__main__"] = module
    linecache.cache[name] = (len(code), None, [line + "\n" for line in code.split("\n")], name)
    try:
        tree = compile(code, name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        _step(compile(tree, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), module.__dict__)
        if last is None:
            return {"status": "ok"}
        tree = ast.Expression(last.value)
        value = _step(compile(tree, name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), module.__dict__)
        return {"status": "ok", "result": None if value is None else repr(value)}
    except SystemExit as error:
        if error.code is not None and not isinstance(error.code, int):
            print(error.code, file=sys.stderr)
        return {"status": "exit", "exit_code": 0 if error.code is None else int(error.code) if isinstance(error.code, int) else 1}
    except BaseException as error:  # noqa: BLE001 -- all that a cell can raise is what came of it
        if isinstance(error, SyntaxError) and error.text is None and error.filename == name and error.lineno:
            error.text = code.split("\n")[error.lineno - 1]  # CPython reads it from the file of that name
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        text = "".join(traceback.format_exception(type(error), error, trace))
        kind = "interrupted" if isinstance(error, KeyboardInterrupt) else "error"
        return {"status": kind, "error": [type(error).__name__, str(error)], "traceback": text}


def _step(code: types.CodeType, namespace: dict[str, Any]) -> Any:
    value = eval(code, namespace)
    return asyncio.run(value) if code.co_flags & inspect.CO_COROUTINE else value


if __name__ == "__main__":
    _main(*sys.argv[1:])

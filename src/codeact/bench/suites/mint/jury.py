"""What runs in the sandbox to test a program: the jury, which holds the tests, and the program, in a process below it.

Invariant: the program's process is made before the jury reads the tests and the secret, has no descriptor but a pipe to the jury, and
sends it plain data only: numbers, texts, and lists, tuples, sets and dicts of those, which the jury builds anew. So it can neither see
a test, nor say that it passed, nor hand over a thing that is equal to everything; and what it writes to the workspace is not imported.
It does not: import anything but the standard library; its text is run as a cell, by `programs`.
"""

import ast
import builtins
import contextlib
import ctypes
import json
import math
import os
import signal
import sys
from pathlib import Path

SPEC = "spec.json"
_MOST_BYTES = 50_000_000
_DEEPEST = 200
_VIEWS = ("dict_keys", "dict_values", "dict_items")
_NOT_DUMPABLE = (4, 0)


_NUMBERS = {"int": int, "float": float, "complex": complex}
_SEVERAL = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


def pack(value, depth=0):
    """A value as JSON can hold it; of a class that is no plain one, its plain part, if it has one."""
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return "".join(value)
    if isinstance(value, dict):
        return {"dict": [[pack(key, depth + 1), pack(each, depth + 1)] for key, each in value.items()]}
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return pack(value.tolist(), depth + 1)
    for kind, read in _NUMBERS.items():
        if isinstance(value, read):
            return {kind: repr(read(value))}
    return _pack_several(value, depth)


def _pack_several(value, depth):
    if isinstance(value, bytes | bytearray):
        return {"bytes": list(value)}
    kind = next((kind for kind, read in _SEVERAL.items() if isinstance(value, read)), None)
    if kind is None and (isinstance(value, range) or hasattr(value, "__next__") or type(value).__name__ in _VIEWS):
        kind = "iter"
    if kind is None:
        raise TypeError(f"a {type(value).__name__} cannot be compared")
    return {kind: [pack(each, depth + 1) for each in value]}


def unpack(packed):
    """The value that `pack` was given, made of the builtin types."""
    if not isinstance(packed, dict):
        return packed
    ((kind, inner),) = packed.items()
    if kind in _NUMBERS:
        return _NUMBERS[kind](inner)
    if kind == "dict":
        return {unpack(key): unpack(each) for key, each in inner}
    if kind == "bytes":
        return bytes(inner)
    items = [unpack(each) for each in inner]
    return iter(items) if kind == "iter" else _SEVERAL[kind](items)


def send(file, message):
    """Write a message, a line."""
    file.write(json.dumps(message).encode() + b"\n")
    file.flush()


def receive(file):
    """The next message; raises EOFError if there is none."""
    line = file.readline(_MOST_BYTES)
    if not line.endswith(b"\n"):
        raise EOFError
    return json.loads(line)


def program(incoming, outgoing):
    """The life of the program's process: run what comes first, then make the calls that come."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    os.closerange(3, min(incoming, outgoing))
    os.closerange(min(incoming, outgoing) + 1, max(incoming, outgoing))
    os.closerange(max(incoming, outgoing) + 1, 4096)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(descriptor, mode) for descriptor, mode in ((0, "r"), (1, "w"), (2, "w")))
    signal.set_wakeup_fd(-1)
    with os.fdopen(incoming, "rb") as calls, os.fdopen(outgoing, "wb") as answers:
        names: dict = {"__name__": "answer"}
        try:
            for text in receive(calls):
                exec(compile(text, "<answer>", "exec"), names)
        except BaseException as error:  # noqa: BLE001 -- a program may raise anything
            send(answers, {"raised": type(error).__name__, "text": str(error)[:200]})
            return
        send(answers, {"value": None})
        while True:
            name, args, kwargs = receive(calls)
            try:
                given = [unpack(each) for each in args], {key: unpack(each) for key, each in kwargs.items()}
                said = {"value": pack(names[name](*given[0], **given[1]))}
            except BaseException as error:  # noqa: BLE001 -- a program may raise anything
                said = {"raised": type(error).__name__, "text": str(error)[:200]}
            send(answers, said)


class Caller:
    """A function of the program, as the jury calls it."""

    def __init__(self, name, calls, answers):
        self.name = name
        self.calls = calls
        self.answers = answers

    def __call__(self, *args, **kwargs):
        """What the program's function returns, or the same error."""
        send(self.calls, [self.name, [pack(each) for each in args], {key: pack(each) for key, each in kwargs.items()}])
        return said(receive(self.answers))


class ProgramError(Exception):
    """The program raised something that is no builtin error."""


def said(message):
    """The value of a message, or the error that it tells of."""
    if "raised" in message:
        kind = getattr(builtins, message["raised"], None)
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, UnicodeError):
            raise kind(message["text"])
        raise ProgramError(f"{message['raised']}: {message['text']}")
    return unpack(message["value"])


def defines(text, name):
    """Whether a text is Python that defines a name at its top level."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [node]
        if any(name in (getattr(each, "name", None), getattr(each, "id", None)) for each in targets):
            return True
        imported = node.names if isinstance(node, ast.Import | ast.ImportFrom) else []
        if any(name == (each.asname or each.name) for each in imported):
            return True
    return False


def texts_of(spec):
    """What the program's process runs: what was given, then the answer; or the answer as the end of what was given."""
    prompt, answer = spec["prompt"], spec["answer"]
    whole = answer.strip()  # a space before the first line is no part of it, unless what follows is the end of a function
    if not prompt:
        return [whole]
    return [prompt, whole] if defines(whole, spec["name"]) else [f"{prompt}\n{answer}"]


def shield(*texts):
    """Load what the tests import, and let nothing be loaded later from where the program could write."""
    sys.path[:] = [path for path in sys.path if path and not os.access(path, os.W_OK)]
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                with contextlib.suppress(ImportError):
                    exec(compile(ast.Module([node], []), "<imports>", "exec"), {})


def judge(calls, answers):
    """Read the tests, run them, and print the secret with what came of them."""
    spec = json.loads(Path(SPEC).read_text(encoding="utf-8"))
    Path(SPEC).unlink()
    reason = ""
    shield(spec["prompt"], spec["tests"])
    try:
        send(calls, texts_of(spec))
        said(receive(answers))
        names: dict = {"__name__": "tests", "math": math}
        with Path(os.devnull).open("w", encoding="utf-8") as quiet, contextlib.redirect_stdout(quiet):
            exec(compile(spec["prompt"] or "", "<prompt>", "exec"), names)
            names[spec["name"]] = Caller(spec["name"], calls, answers)
            exec(compile(spec["tests"], "<tests>", "exec"), names)
    except EOFError:
        reason = "the program ended itself"
    except BaseException as error:  # noqa: BLE001 -- a program may raise anything
        reason = f"{type(error).__name__}: {error}"[:300]
    print("\n" + json.dumps({"secret": spec["secret"], "reason": reason}))


def main():
    """Part into program and jury."""
    to_program, to_jury = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            program(to_program[0], to_jury[1])
        finally:
            os._exit(0)
    os.close(to_program[0])
    os.close(to_jury[1])
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(*_NOT_DUMPABLE)
    try:
        with os.fdopen(to_program[1], "wb") as calls, os.fdopen(to_jury[0], "rb") as answers, contextlib.suppress(OSError):
            judge(calls, answers)
    finally:
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()

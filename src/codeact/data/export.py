"""Examples in the forms that other tools read.

    chat        {"id", "messages": [{"role", "content", "loss"}], ...}: a line each, as `codeact train sft` and most trainers read it
    codeact     {"id", "conversations": [{"role", "content"}]}: the schema of CodeActInstruct (dataset xingyaoww/code-act)
    sharegpt    {"id", "system", "conversations": [{"from": "human" | "gpt", "value"}]}
    atif        Agent Trajectory Interchange Format, version 1.7, a trajectory a line
    parquet     the columns of chat, in one file

Invariant: every message is exported whole; what a form has no place for is left out, never changed. It does not: choose examples.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from codeact import __version__, build, errors
from codeact.data.example import Example, written_whole
from codeact.errors import FormatError
from codeact.protocols import Step

_SPEAKERS = {"user": "human", "assistant": "gpt"}


def chat(one: Example) -> dict[str, Any]:
    """As a conversation with what is known of it."""
    return one.model_dump()


def codeact(one: Example) -> dict[str, Any]:
    """In the schema of CodeActInstruct."""
    return {"id": one.id, "conversations": [{"role": message.role, "content": message.content} for message in one.messages]}


def sharegpt(one: Example) -> dict[str, Any]:
    """As ShareGPT: the system message apart."""
    system = "\n\n".join(message.content for message in one.messages if message.role == "system")
    said = [{"from": _SPEAKERS[message.role], "value": message.content} for message in one.messages if message.role != "system"]
    return {"id": one.id, "system": system, "conversations": said}


def atif(one: Example) -> dict[str, Any]:
    """In the Agent Trajectory Interchange Format: what came of an action stands in the step of the action."""
    steps = list[dict[str, Any]]()
    for message in one.messages:
        if message.role == "user" and steps and "tool_calls" in steps[-1]:
            _observe(steps[-1], message.content)
            continue
        step: dict[str, Any] = {"step_id": len(steps) + 1, "source": _source(message.role), "message": message.content}
        if message.role == "assistant":
            calls = _calls(one, message.content, len(steps) + 1)
            step |= {"model_name": one.teacher} | ({"tool_calls": calls} if calls else {})
        steps.append(step)
    return {
        "schema_version": "ATIF-v1.7",
        "session_id": one.id,
        "agent": {"name": "codeact", "version": __version__, "model_name": one.teacher},
        "steps": steps,
        "final_metrics": {"total_steps": len(steps)},
        "extra": {"domain": one.domain, "family": one.family, "format": one.format},
    }


def _observe(step: dict[str, Any], text: str) -> None:
    """Add what the agent was told after a step: what came of its one call, or of all of them; then perhaps words of the agent's own."""
    calls, results = step["tool_calls"], step.setdefault("observation", {"results": []})["results"]
    source = {"source_call_id": calls[0]["tool_call_id"]} if len(calls) == 1 and not results else {}
    results.append({**source, "content": text})


FORMS: dict[str, Callable[[Example], dict[str, Any]]] = {"chat": chat, "codeact": codeact, "sharegpt": sharegpt, "atif": atif}
NAMES = (*FORMS, "parquet")


def write(examples: Iterable[Example], form: str, path: Path) -> int:
    """Write examples in a form; returns how many.

    Args:
        examples: in their order.
        form: one of `NAMES`.
        path: the file, written whole or not at all.

    Raises:
        InputError: there is no such form, or the file cannot be written.
        MissingExtraError: Parquet needs pyarrow.
    """
    if form not in NAMES:
        raise errors.InputError(f"there is no form {form!r}; take one of: {', '.join(NAMES)}")
    with written_whole(path) as aside:
        return _parquet(examples, aside) if form == "parquet" else _lines(map(FORMS[form], examples), aside)


def _lines(records: Iterable[dict[str, Any]], path: Path) -> int:
    done = 0
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            done += 1
    return done


def _parquet(examples: Iterable[Example], path: Path) -> int:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise errors.MissingExtraError("pyarrow", "instruct", "writing Parquet") from None
    rows = [chat(one) for one in examples]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return len(rows)


def _source(role: str) -> str:
    return "agent" if role == "assistant" else role


def _calls(one: Example, text: str, number: int) -> list[dict[str, Any]]:
    """The actions of a turn as calls: of the interpreter, or of tools."""
    step = _step(one.format, text)
    if step is None:
        return []
    if step.code is not None:
        return [{"tool_call_id": f"call-{number}", "function_name": "run_python", "arguments": {"code": step.code}}]
    return [
        {"tool_call_id": f"call-{number}-{at}", "function_name": call.tool, "arguments": {**dict(_by_place(call.args)), **call.kwargs}}
        for at, call in enumerate(step.calls, start=1)
    ]


def _by_place(args: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    return ((str(place), value) for place, value in enumerate(args))


def _step(format: str, text: str) -> Step | None:
    try:
        return build.format(format).parse(text)
    except FormatError:
        return None

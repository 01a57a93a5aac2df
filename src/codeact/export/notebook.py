"""A trajectory as a Jupyter notebook (nbformat 4.5) that opens and runs.

Invariants: every action is one code cell with the outputs it had, in the order in which they happened; task, thoughts and answer are
Markdown cells; running the notebook runs the actions and nothing else. An action that raised is tagged `raises-exception`, so that
the run goes on after it as the session did; one that was stopped or took its process down is tagged `skip-execution`, since
running it again would do the same to the kernel. It does not: bring the task's files along; it names them.

Source of the format: the JSON schema of nbformat 4.5 (nbformat.readthedocs.io/en/latest/format_description.html).
"""

import json
from collections.abc import Iterator
from typing import Any

from codeact.events import (
    MIME,
    Action,
    Answered,
    AnyEvent,
    DisplayOutput,
    ErrorOutput,
    Failed,
    Feedback,
    LimitReached,
    ModelTurn,
    Observation,
    Output,
    ResultOutput,
    StreamOutput,
    TaskGiven,
)
from codeact.trajectory import Trajectory

Cell = dict[str, Any]

_KERNEL = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}


def to_notebook(trajectory: Trajectory) -> str:
    """The notebook's JSON text.

    Args:
        trajectory: any trajectory; one without actions gives a notebook without code cells.
    """
    cells = list(_cells(trajectory))
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number}"
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": _KERNEL, "cells": cells}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cells(trajectory: Trajectory) -> Iterator[Cell]:
    waiting: Cell | None = None
    count = 0
    turn_text = ""
    for event in trajectory.events:
        match event:
            case Action():
                if event.thought.strip():
                    yield _markdown(event.thought.strip())
                count += 1
                waiting = _code(event.code, count)
                yield waiting
            case Observation() if waiting is not None:
                _observe(waiting, event)
                waiting = None
            case ModelTurn():
                turn_text = event.text
            case _:
                text = _prose(event, turn_text)
                if text:
                    yield _markdown(text)


def _prose(event: AnyEvent, turn_text: str) -> str:
    match event:
        case TaskGiven():
            files = "".join(f"\n- `{name}`" for name in event.files)
            told = f"\n\nFiles that must lie beside this notebook:\n{files}" if files else ""
            folders = "".join(f"\n- `{path}`" for path in event.folders)
            return f"# Task\n\n{event.text}{told}" + (f"\n\nFolders that it reads:\n{folders}" if folders else "")
        case Feedback():
            told = f"*Told to the model ({event.reason}):* {event.text}"
            return f"{_fenced(turn_text)}\n\n{told}" if event.refuses else told
        case LimitReached():
            return f"*Limit reached:* {event.limit.name} = {event.limit.value:g}"
        case Failed():
            return f"*Failed at the {event.boundary} boundary ({event.kind}):* {event.message}"
        case Answered():
            return "\n\n".join(filter(None, (event.thought.strip(), f"# Answer\n\n{event.text}")))
        case _:
            return ""


def _markdown(source: str) -> Cell:
    return {"cell_type": "markdown", "id": "", "metadata": {}, "source": _lines(source)}


def _code(source: str, count: int) -> Cell:
    return {
        "cell_type": "code",
        "id": "",
        "metadata": {"tags": ["skip-execution"]},  # until an observation says that it came to its end
        "execution_count": count,
        "source": _lines(source),
        "outputs": [],
    }


def _observe(cell: Cell, observation: Observation) -> None:
    tags = {"ok": [], "error": ["raises-exception"]}.get(observation.status, ["skip-execution"])
    cell["metadata"] = {"tags": tags} if tags else {}
    cell["outputs"] = [_output(output, cell["execution_count"]) for output in observation.outputs]
    if observation.notice:
        cell["outputs"].append(_stream("stderr", f"[{observation.status}] {observation.notice}\n"))


def _output(output: Output, count: int) -> dict[str, Any]:
    match output:
        case StreamOutput():
            return _stream(output.name, output.text)
        case DisplayOutput():
            return {"output_type": "display_data", "metadata": {}, "data": _bundle(output.data)}
        case ResultOutput():
            return {"output_type": "execute_result", "metadata": {}, "execution_count": count, "data": _bundle(output.data)}
        case ErrorOutput():
            return {"output_type": "error", "ename": output.name, "evalue": output.message, "traceback": output.traceback.split("\n")}


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": _lines(text)}


def _bundle(data: MIME) -> dict[str, Any]:
    return {kind: _content(kind, content) for kind, content in data.items()}


def _content(kind: str, content: str) -> Any:
    if kind == "application/json" or kind.endswith("+json"):
        try:
            return json.loads(content)
        except ValueError:
            return content  # the schema takes any JSON value here, a string too
    return content if kind.startswith(("image/", "application/")) and not kind.endswith("+xml") else _lines(content)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _fenced(text: str) -> str:
    """An indented block: whatever fences the text holds, it stays verbatim."""
    return "\n".join(f"    {line}" for line in text.splitlines())

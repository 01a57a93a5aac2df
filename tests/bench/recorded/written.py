"""Recorded runs written by us, in the form of the real ones, and a suite with their tasks."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from codeact.bench import suite
from codeact.bench.suite import Suite

_LEFT = "\nYou have 3 steps left and 2 chances to propose solution left.\n"
PROMPT = "How many legs have seven spiders?"

_SUITE = """
name = "legs"
[limits]
turns = 5
[gradings]
original = "python:holds"
"""

_TOOLS = '''
def wikipedia_search(query: str) -> str:
    """Search."""
    raise ConnectionError("there is no network")
'''

_CHECKS = '''
def holds(answer, task):
    """As the original graded: the reference stands somewhere."""
    return answer is not None and str(task.answer) in answer
'''


def code(source: str) -> str:
    """A message with an action."""
    return f"Assistant:\n<thought> I try. </thought>\n<execute>\n{source}\n</execute>\n"


def answer(text: str) -> str:
    """A message with an answer."""
    return f"Assistant:\nIt is <solution> {text} </solution>.\n"


def line(turns: Sequence[tuple[str, str | None]], *, number: str = "0", success: bool = False, reference: str = "56") -> dict[str, Any]:
    """A recorded run: messages, each with the observation that the record has of it."""
    history = [{"role": "user", "content": f"Examples.\n\nTask:\n{PROMPT}"}]
    for message, shown in turns:
        history.append({"role": "assistant", "content": message})
        if shown is not None:
            history.append({"role": "user", "content": f"Observation:\n{shown}{_LEFT}"})
    state = {"history": history, "finished": True, "success": success, "terminate_reason": "task_success" if success else "max_steps"}
    return {"state": state, "task": {"task_name": "legs", "task_id": number, "prompt": PROMPT, "reference": reference, "metadata": "{}"}}


def record(root: Path, lines: Sequence[dict[str, Any]], *, model: str = "ant-1b", subset: str = "legs") -> Path:
    """A folder with recorded runs of a model."""
    file = root / model / "reasoning" / subset / "results.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    return root


def legs(root: Path, numbers: Sequence[str] = ("0", "1", "2", "3")) -> Suite:
    """The suite with the tasks."""
    folder = root / "suite"
    folder.mkdir(exist_ok=True)
    tasks = [
        {"id": f"legs/{number}", "prompt": f"{PROMPT}\n\nAnswer with one number.", "answer": 56, "check": "number", "tags": ["legs"]}
        for number in numbers
    ]
    files = {"suite.toml": _SUITE, "tools.py": _TOOLS, "checks.py": _CHECKS, "tasks.jsonl": "\n".join(map(json.dumps, tasks))}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return suite.read(folder)

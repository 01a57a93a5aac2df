"""The 586 tasks, read from a folder of the original's data.

Invariant: all files of the subsets that are wanted are looked at before the first task is made, and each has as many tasks as the original;
what is read is only data, and no game is started. It does not: copy any of it.
"""

import ast
import builtins
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.bench.suites.mint import world
from codeact.bench.suites.mint.reasoning import options_of

SUBSETS = {
    "gsm8k": 48,
    "math": 100,
    "mmlu": 76,
    "theoremqa": 49,
    "hotpotqa": 43,
    "humaneval": 45,
    "mbpp": 91,
    "alfworld": 134,
}
"""How many tasks each subset has."""

GAMES = "alfworld/json_2.1.1/valid_unseen"
_CODE = ("humaneval", "mbpp")
_HELP = "give the folder that holds them with --data PATH: `processed` of github.com/xingyaoww/mint-bench, or the one above it"
_KINDS = {
    "pick_and_place_simple": "put",
    "pick_clean_then_place_in_recep": "clean",
    "pick_heat_then_place_in_recep": "heat",
    "pick_cool_then_place_in_recep": "cool",
    "look_at_obj_in_light": "examine",
    "pick_two_obj_and_place": "puttwo",
}
_EXPERT = re.compile(r"<execute>\n(.*?)\n</execute>", re.DOTALL)
_EXPERT_NAMES = {"open": "open_receptacle", "close": "close_receptacle", "take": "take_from"}
_RECEPTACLE = re.compile(r"\(receptacleAtLocation ([^\s?]\S*) ")
_FIRST_SEEN = "You are in the middle of a room. Looking quickly around you, you see"
_BUILTINS = frozenset(dir(builtins))


def make_tasks(data: Path | None, seed: int, subset: str | Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """The tasks, in the order of the subsets and of the original.

    Args:
        data: folder with the original's data.
        seed: of no use here: the tasks are given.
        subset: name of a subset, or names; None: all.

    Raises:
        InputError: a subset is not known, or a file is missing or incomplete.
    """
    names = list(SUBSETS) if subset is None else [subset] if isinstance(subset, str) else list(subset)
    unknown = next((name for name in names if name not in SUBSETS), None)
    if unknown is not None or not names:
        raise errors.InputError(f"mint has no subset {unknown!r}; it has: {', '.join(SUBSETS)}")
    root = folder_of(data)
    made = {name: (_houses(root) if name == "alfworld" else _lines(root, name)) for name in names}
    for name in names:
        yield from made[name]


def folder_of(data: Path | None) -> Path:
    """The folder with the subsets in it.

    Args:
        data: that folder, or the one above it.

    Raises:
        InputError: there is none.
    """
    if data is None:
        raise errors.InputError(f"the suite mint has no tasks of its own: {_HELP}")
    if not data.is_dir():
        raise errors.InputError(f"there is no folder {str(data)!r} with the tasks of mint: {_HELP}")
    return data / "processed" if (data / "processed").is_dir() else data


def _lines(root: Path, subset: str) -> list[dict[str, Any]]:
    path = root / subset / "test_prompts.json"
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, ValueError) as error:
        raise errors.InputError(f"cannot read the tasks {str(path)!r}: {error}; {_HELP}") from error
    if len(rows) != SUBSETS[subset]:
        raise errors.InputError(f"{str(path)!r} has {len(rows)} tasks and not {SUBSETS[subset]}; {_HELP}")
    make: Callable[[str, dict[str, Any]], dict[str, Any]] = _program if subset in _CODE else _question
    try:
        return [{"id": f"{subset}/{row['id']}", **make(subset, row)} for row in rows]
    except (KeyError, TypeError, SyntaxError) as error:
        raise errors.InputError(f"{str(path)!r} is not as the original's: {type(error).__name__}: {error}; {_HELP}") from error


def _question(subset: str, row: dict[str, Any]) -> dict[str, Any]:
    prompt = row["prompt"].strip()
    data: dict[str, Any] = {"subset": subset}
    if subset == "mmlu":
        data["options"] = options_of(prompt)
        prompt += "\n\nAnswer with the letter of one option."
    if subset == "theoremqa":
        data |= {"answer_type": row["answer_type"], "ordered": "eigen" not in prompt}
        prompt += "\n\nAnswer with a number, a list of numbers, True or False, or the letter of an option: whichever is asked for."
    if subset == "hotpotqa":
        prompt += "\n\nAnswer with yes, no, a name, or a few words, and nothing beside it."
    if subset in ("gsm8k", "math"):
        prompt += "\n\nAnswer with one number."
    return {
        "prompt": prompt,
        "answer": row["reference"],
        "check": "python:question",
        "tools": ["wikipedia_search"],
        "tags": [subset, "reasoning"],
        "data": data,
    }


def _program(subset: str, row: dict[str, Any]) -> dict[str, Any]:
    given = row["prompt"] if subset == "humaneval" else ""
    if subset == "humaneval":
        name, solution = row["entry_point"], f"{given}\n{row['canonical_solution']}"
        prompt = f"Complete this function. Answer with the whole of it, as Python code.\n\n{given.strip()}"
    else:
        name, solution = _called(row["reference"]), row["code"].replace("\r\n", "\n")
        prompt = f"Answer with Python code that does this:\n\n{row['prompt'].strip().strip(chr(34)).strip()}"
    tests = "\n".join(filter(None, (row.get("test_setup_code", ""), row["reference"])))
    return {
        "prompt": prompt,
        "answer": solution,
        "check": "python:program",
        "tools": [],
        "tags": [subset, "code"],
        "data": {"subset": subset, "given": given, "name": name, "tests": tests, "reference": row["reference"]},
    }


def _called(tests: str) -> str:
    """The function that asserts are about: called in the first, and no builtin if another is called there; else the outermost."""
    calls = [node for node in ast.walk(ast.parse(tests).body[0]) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    names = [node.func.id for node in calls if isinstance(node.func, ast.Name)]
    return next((name for name in names if name not in _BUILTINS), names[0])


def _houses(root: Path) -> list[dict[str, Any]]:
    path = root / "alfworld" / "gamefile_id.txt"
    try:
        names = path.read_text(encoding="utf-8").split()
    except OSError as error:
        raise errors.InputError(f"cannot read the names of the games {str(path)!r}: {error}; {_HELP}") from error
    if len(set(names)) != SUBSETS["alfworld"]:
        raise errors.InputError(f"{str(path)!r} names {len(set(names))} games and not {SUBSETS['alfworld']}; {_HELP}")
    missing = next((game for name in names if not (game := root / GAMES / name / "game.tw-pddl").is_file()), None)
    if missing is not None:
        raise errors.InputError(f"the game {str(missing)!r} is not there; {_HELP}")
    return [_house(root, name) for name in names]


def _house(root: Path, name: str) -> dict[str, Any]:
    game = world.read_game(root / GAMES / name / "game.tw-pddl")
    kind = _KINDS.get(name.partition("-")[0], "other")
    return {
        "id": f"alfworld/{name}",
        "prompt": f"Act in a house, by its tools, until the task is done; then answer: done.\n\n{first_seen(game)}\n{world.goal_of(game)}",
        "answer": "done",
        "check": "python:house",
        "tools": None,
        "tags": ["alfworld", "acting", kind],
        "data": {"subset": "alfworld", "game": f"{GAMES}/{name}/game.tw-pddl", "expert": _expert(root / GAMES / name / "gt_traj.txt")},
    }


def first_seen(game: dict[str, str]) -> str:
    """What is seen when a game starts, read from its problem: as the game itself says it, and without starting it."""
    places = {found.lower() for found in _RECEPTACLE.findall(game["pddl_problem"])}
    names = world.names_of(places)
    seen = [f"a {names[place]}" for place in sorted(places)]
    *most, last = seen or ["nothing"]
    return f"{_FIRST_SEEN} {', '.join(most)}, and {last}." if most else f"{_FIRST_SEEN} {last}."


def _expert(path: Path) -> list[list[str]]:
    """The calls of the trajectory that comes with a game: a name and its arguments each; none if there is no trajectory."""
    if not path.is_file():
        return []
    calls = []
    for code in _EXPERT.findall(path.read_text(encoding="utf-8")):
        for line in ast.parse(code).body:
            call = line.value if isinstance(line, ast.Expr) else None
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                calls.append([_EXPERT_NAMES.get(call.func.id, call.func.id), *map(ast.literal_eval, call.args)])
    return calls

"""A small BFCL in the package's file formats, written by us."""

import json
import zipfile
from pathlib import Path
from typing import Any

AREA: dict[str, Any] = {
    "name": "geo.area",
    "description": "Area of a field.",
    "parameters": {
        "type": "dict",
        "properties": {
            "unit": {"type": "string", "description": "of length", "enum": ["m", "km"], "default": "m"},
            "width": {"type": "float", "description": "one side"},
            "length": {"type": "integer", "description": "the other side"},
        },
        "required": ["width", "length"],
    },
}
BOOK: dict[str, Any] = {
    "name": "book",
    "description": "Book a table.",
    "parameters": {
        "type": "dict",
        "properties": {
            "names": {"type": "array", "items": {"type": "string"}, "description": "of the guests"},
            "wish": {"type": "dict", "description": "what else", "properties": {"dish": {"type": "string", "description": "to eat"}}},
        },
        "required": ["names"],
    },
}

FILES: dict[str, list[tuple[dict[str, Any], Any]]] = {
    "simple_python": [
        (
            {"id": f"simple_python_{n}", "question": [[{"role": "user", "content": f"A field of {n + 2} by 3 m?"}]], "function": [AREA]},
            [{"geo.area": {"width": [n + 2.0], "length": [3], "unit": ["m", ""]}}],
        )
        for n in range(4)
    ],
    "multiple": [
        (
            {
                "id": "multiple_0",
                "question": [[{"role": "user", "content": "A table for Ada and Bo, with soup."}]],
                "function": [AREA, BOOK],
            },
            [{"book": {"names": [["Ada", "Bo"], ["Bo", "Ada"]], "wish": [{"dish": ["soup", "a soup"]}]}}],
        )
    ],
    "parallel": [
        (
            {"id": "parallel_0", "question": [[{"role": "user", "content": "Fields of 1 by 2 and 3 by 4 km?"}]], "function": [AREA]},
            [
                {"geo.area": {"width": [1], "length": [2], "unit": ["km"]}},
                {"geo.area": {"width": [3], "length": [4], "unit": ["km"]}},
            ],
        )
    ],
    "parallel_multiple": [
        (
            {
                "id": "parallel_multiple_0",
                "question": [[{"role": "user", "content": "A field of 1 by 2 m; a table for Cy."}]],
                "function": [AREA, BOOK],
            },
            [{"geo.area": {"width": [1], "length": [2], "unit": ["", "m"]}}, {"book": {"names": [["Cy"]], "wish": [""], "music": [""]}}],
        )
    ],
    "multi_turn_base": [
        (
            {
                "id": "multi_turn_base_0",
                "question": [
                    [{"role": "user", "content": "Make a folder notes."}],
                    [{"role": "user", "content": "Put an empty file a.txt into it, and say where you are."}],
                ],
                "initial_config": {"GorillaFileSystem": {"root": {"home": {"type": "directory", "contents": {}}}}},
                "involved_classes": ["GorillaFileSystem"],
                "excluded_function": ["cp"],
            },
            [["mkdir(dir_name='notes')"], ["cd(folder='notes')", "touch('a.txt')", "pwd()"]],
        )
    ],
}

DOCUMENT = [
    {
        "name": name,
        "description": name,
        "parameters": {"type": "dict", "properties": {one: {"type": "string", "description": one} for one in needed}, "required": needed},
    }
    for name, needed in (
        ("mkdir", ["dir_name"]),
        ("cd", ["folder"]),
        ("touch", ["file_name"]),
        ("cp", ["source", "destination"]),
        ("pwd", []),
    )
]


def write(folder: Path) -> Path:
    """Write the files into a folder, and return it."""
    for inner in ("possible_answer", "multi_turn_func_doc"):
        (folder / inner).mkdir(parents=True)
    for name, entries in FILES.items():
        file = f"BFCL_v4_{name}.json"
        _lines(folder / file, [entry for entry, _ in entries])
        _lines(folder / "possible_answer" / file, [{"id": entry["id"], "ground_truth": right} for entry, right in entries])
    _lines(folder / "multi_turn_func_doc" / "gorilla_file_system.json", DOCUMENT)
    return folder


def wheel(folder: Path, path: Path) -> Path:
    """The same folder as the package's wheel has it."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*.json"):
            archive.write(file, f"bfcl_eval/data/{file.relative_to(folder)}")
    return path


def _lines(path: Path, entries: list[Any]) -> None:
    path.write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")

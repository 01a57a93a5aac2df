"""The tree keeps its own rules: layers, homes of third-party packages, sizes, names, wording, and the price of `import codeact`.

Each rule is held twice: against the real tree, where it must find nothing, and against a small broken one, where it must find the breach.
"""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from architecture import imports, shape
from architecture.cost import cost_of

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "codeact"
MOST_MODULES = 30
HEAVY = {*imports.EXTRAS, "IPython", "matplotlib", "numpy", "pandas"}

Rule = Callable[[Path], list[str]]

IMPORT_RULES: dict[Rule, dict[str, str]] = {
    imports.unknown_units: {"extra_unit/__init__.py": ""},
    imports.upward_imports: {"errors.py": "from codeact import build"},
    imports.relative_imports: {"agent/loop.py": "from . import budget"},
    imports.strangers: {"cli/run.py": "import torch"},
    imports.guest_imports: {"sandbox/guest/shell.py": "from codeact import errors"},
    imports.late_imports: {"agent/loop.py": "def go():\n    from codeact import events"},
    imports.computed_imports: {"agent/loop.py": "import importlib\nimportlib.import_module(name)"},
}
"""A rule of imports, and the smallest tree that breaks it."""

SHAPE_RULES: dict[Rule, dict[str, str]] = {
    shape.long_files: {"agent/loop.py": "x = 1\n" * 401},
    shape.long_functions: {"agent/loop.py": "def go():\n" + "    x = 1\n" * 50},
    shape.crowded_folders: {f"agent/m{number}.py": "" for number in range(21)},
    shape.complex_functions: {"agent/loop.py": "def go(x):  # noqa: C901\n" + "    if x:\n        x += 1\n" * 10},
    shape.bad_names: {"agent/utils.py": ""},
    shape.broad_excepts: {"agent/loop.py": "try:\n    x = 1\nexcept Exception:\n    x = 2"},
    shape.undocumented: {"agent/loop.py": "x = 1"},
    shape.unfinished: {"agent/loop.py": "x = 1  # TO" + "DO: more"},
    shape.machine_paths: {"agent/loop.py": "HERE = '/wo" + "rk/main'"},
}
"""A rule of shape or wording, and the smallest tree that breaks it."""

EVERYWHERE = [shape.long_files, shape.long_functions, shape.crowded_folders, shape.complex_functions]


@pytest.fixture(scope="module", autouse=True)
def no_collections() -> Iterator[None]:
    """The syntax trees stay until all rules have seen them: to look through them for garbage took longer than to make them."""
    gc.disable()
    yield
    imports.forget()
    gc.enable()


def tree(root: Path, files: dict[str, str]) -> Path:
    """Write files under a root, and return it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", [*IMPORT_RULES, *SHAPE_RULES], ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule: Rule) -> None:
    assert rule(PACKAGE) == []


@pytest.mark.parametrize("folder", ["tests", "examples", "docs"])
@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: rule.__name__)
def test_everything_beside_the_package_keeps_the_rules_of_size(rule: Rule, folder: str) -> None:
    assert rule(ROOT / folder) == []


@pytest.mark.parametrize("folder", ["tests", "examples", "docs"])
def test_every_module_beside_the_package_has_a_docstring_unless_it_only_makes_a_folder_a_package(folder: str) -> None:
    assert [found for found in shape.undocumented(ROOT / folder) if "__init__.py" not in found] == []


def test_no_file_names_the_machine_it_was_written_on() -> None:
    assert shape.machine_paths(ROOT) == []


@pytest.mark.parametrize(("rule", "files"), [*IMPORT_RULES.items(), *SHAPE_RULES.items()], ids=lambda value: getattr(value, "__name__", ""))
def test_the_rule_finds_a_breach(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    assert len(rule(tree(tmp_path, files))) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("agent/loop.py", "from codeact.models.replay import ScriptModel"),  # a neighbour on its own line
        ("errors.py", "import codeact.events"),
        ("errors.py", "from codeact import sync"),  # the pair is allowed the other way round only
        ("agent/loop.py", "import importlib\nimportlib.import_module('codeact.build')"),
        ("agent/loop.py", "__import__('codeact.cli.run')"),
        ("agent/loop.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from codeact import config"),
        ("agent/loop.py", "def go():\n    import codeact.build"),
        ("agent/loop.py", "import codeact"),
        ("agent/loop.py", "from codeact import Agent"),
        ("config.py", "from codeact.nowhere import x"),
    ],
)
def test_an_upward_import_is_found_however_it_is_written(module: str, line: str, tmp_path: Path) -> None:
    assert len(imports.upward_imports(tree(tmp_path, {module: line}))) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("agent/loop.py", "from codeact import errors, events, protocols"),
        ("agent/loop.py", "from codeact.agent.budget import Budget"),
        ("sync.py", "from codeact import errors"),
        ("build.py", "from codeact.models import replay"),
        ("cli/doctor.py", "from codeact import __version__"),
        ("codeactual.py", "import codeactual.build"),
    ],
)
def test_a_downward_import_is_let_through(module: str, line: str, tmp_path: Path) -> None:
    assert imports.upward_imports(tree(tmp_path, {module: line})) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("models/openai_api.py", "import openai"),
        ("cache.py", "import platformdirs"),
        ("sandbox/guest/shell.py", "from IPython.core import interactiveshell"),
        ("cli/run.py", "from rich.console import Console"),
        ("config.py", "import pydantic_settings"),
    ],
)
def test_a_third_party_import_at_home_is_let_through(module: str, line: str, tmp_path: Path) -> None:
    assert imports.strangers(tree(tmp_path, {module: line})) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("models/replay.py", "import openai"),
        ("agent/loop.py", "def go():\n    import xllamacpp"),
        ("agent/loop.py", "import leftpad"),  # no home at all
        ("sandbox/session.py", "import IPython"),
    ],
)
def test_a_third_party_import_away_from_home_is_found(module: str, line: str, tmp_path: Path) -> None:
    assert len(imports.strangers(tree(tmp_path, {module: line}))) == 1


def test_guest_code_may_import_its_neighbours_and_nothing_further_up(tmp_path: Path) -> None:
    root = tree(tmp_path, {"sandbox/guest/wire.py": "", "sandbox/guest/zygote.py": "from . import wire\nfrom .wire import Frame"})
    assert imports.guest_imports(root) + imports.relative_imports(root) == []
    tree(tmp_path, {"sandbox/guest/zygote.py": "from ..limits import most\nfrom .limits import most\nimport pydantic"})
    assert len(imports.guest_imports(root)) == 3
    assert len(imports.relative_imports(root)) == 1


def test_an_extra_may_be_imported_late(tmp_path: Path) -> None:
    assert imports.late_imports(tree(tmp_path, {"models/local.py": "def go():\n    import xllamacpp"})) == []


@pytest.mark.parametrize("name", ["agent/base.py", "agent/json.py", "queue/worker.py", "token.py"])
def test_a_vague_or_shadowing_name_is_found_at_any_depth(name: str, tmp_path: Path) -> None:
    assert len(shape.bad_names(tree(tmp_path, {name: ""}))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    x = 1\nexcept:\n    x = 2",
        "try:\n    x = 1\nexcept (ValueError, BaseException) as error:\n    x = error",
        "from contextlib import suppress\nwith suppress(Exception):\n    x = 1",
    ],
)
def test_a_broad_except_is_found_however_it_is_written(text: str, tmp_path: Path) -> None:
    assert len(shape.broad_excepts(tree(tmp_path, {"agent/loop.py": text}))) == 1


def test_a_broad_except_that_only_cleans_up_is_let_through(tmp_path: Path) -> None:
    text = "try:\n    x = 1\nexcept BaseException:\n    x = 2\n    raise"
    assert shape.broad_excepts(tree(tmp_path, {"agent/loop.py": text})) == []


def test_every_exception_to_a_rule_is_still_needed() -> None:
    places = {found.partition(":")[0] for found in shape.broad_excepts(PACKAGE, excused=())}
    assert places == set(shape.BROAD)
    names = [
        *imports.DYNAMIC_ALLOWED,
        *(module for module, _ in imports.LATE_ALLOWED),
        *(what.partition(":")[0] for _, what in shape.EXCEPTIONS),
    ]
    assert [name for name in names if not (PACKAGE / name).exists()] == []


def test_importing_codeact_costs_next_to_nothing() -> None:
    cost = cost_of("import codeact", SOURCE)
    assert (cost.printed, cost.opened, cost.read) == ("", [], [])
    assert cost.loaded({*HEAVY, *imports.HOMES}) == []
    assert len(cost.modules) <= MOST_MODULES


def test_no_name_of_the_public_face_loads_an_optional_package() -> None:
    cost = cost_of("import codeact\nfor name in codeact.__all__: getattr(codeact, name)", SOURCE)
    assert cost.printed == ""
    assert cost.loaded(HEAVY) == []


def test_the_probe_sees_what_an_import_does(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere.txt"
    other.write_text("x", encoding="utf-8")
    text = f"import os, wave\nprint('hello')\nos.environ.get('HOME')\nos.getenv('PATH')\nopen({str(other)!r}).close()\n"
    cost = cost_of("import noisy", tree(tmp_path / "source", {"noisy.py": text}))
    assert cost.printed == "hello\n"
    assert cost.opened == [str(other.resolve())]
    assert cost.read == ["HOME", "PATH"]
    assert cost.loaded({"wave", "sndhdr"}) == ["wave"]

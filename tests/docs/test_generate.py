"""The generator of the documentation: what it fills in, what it leaves alone, what it refuses."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import generate
from codeact import errors
from codeact.cli.main import VERBS
from codeact.config import Settings
from codeact.events import Limits

ROOT = Path(__file__).parents[2]


def test_a_part_is_filled_and_everything_around_it_stays() -> None:
    page = "before\n<!-- errors: -->\nstale\n<!-- end -->\nafter\n"
    filled = generate.filled(page, "page.md")
    assert filled.startswith("before\n<!-- errors: -->\n\n```text\nCodeactError\n")
    assert filled.endswith("```\n\n<!-- end -->\nafter\n")
    assert "stale" not in filled


def test_filling_a_filled_page_changes_nothing() -> None:
    page = "".join(f"<!-- {kind}: -->\n<!-- end -->\n" for kind in ("errors", "settings", "limits", "exit-codes", "events", "tree"))
    filled = generate.filled(page, "page.md")
    assert generate.filled(filled, "page.md") == filled


def test_other_comments_are_not_parts() -> None:
    page = "<!-- ci:first-command -->\ntext\n<!-- errors: -->\n<!-- end -->\n"
    assert generate.filled(page, "page.md").startswith("<!-- ci:first-command -->\ntext\n<!-- errors: -->\n\n```")


@pytest.mark.parametrize("page", ["<!-- errors: -->\n", "<!-- errors: -->\n<!-- limits: -->\n<!-- end -->\n"])
def test_a_part_that_is_not_closed_is_refused(page: str) -> None:
    with pytest.raises(SystemExit, match=r"page\.md: . generated parts are opened"):
        generate.filled(page, "page.md")


def test_a_snippet_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"examples/nothing\.py"):
        generate.filled("<!-- include: examples/nothing.py -->\n<!-- end -->\n", "page.md")


def test_a_snippet_leaves_out_the_docstring_only() -> None:
    shown = generate.include("examples/session_basics.py")
    assert shown.startswith("```python\n")
    assert '"""' not in shown
    assert shown.removeprefix("```python\n").removesuffix("```\n") in (ROOT / "examples/session_basics.py").read_text(encoding="utf-8")


def test_a_fence_is_longer_than_any_inside() -> None:
    assert generate.fence("a\n````\nb", "text") == "`````text\na\n````\nb\n`````\n"


def test_every_setting_every_limit_and_every_verb_is_described() -> None:
    settings, limits, commands = generate.settings(""), generate.limits(""), generate.commands("")
    assert [name for name in Settings.model_fields if name != "limits" and f"| `{name}` |" not in settings] == []
    assert [name for name in Limits.model_fields if f"`CODEACT_LIMITS__{name.upper()}`" not in limits] == []
    assert [verb for verb in VERBS if f"\n## codeact {verb}\n" not in commands] == []


def test_the_error_tree_is_the_one_in_the_docstring() -> None:
    assert generate.error_tree("").count("|-- ") + generate.error_tree("").count("`-- ") == (errors.__doc__ or "").count("-- ")


def test_the_tree_says_what_each_unit_is() -> None:
    assert "  errors.py        The whole error tree" in generate.tree("")


def run_in(tree: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of the generator that stands in a copy of the tree."""
    done = subprocess.run([sys.executable, "docs/generate.py", *arguments], cwd=tree, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_checking_fails_on_a_stale_page_and_writes_nothing(tmp_path: Path) -> None:
    for name in ("docs", "examples", "tests/architecture", "src/codeact"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.gguf"))
    shutil.copy(ROOT / "README.md", tmp_path)
    page = tmp_path / "docs" / "errors.md"
    good = page.read_text(encoding="utf-8")
    page.write_text(stale := good.replace("|-- ConfigError", "|-- ConfusedError"), encoding="utf-8")
    code, output = run_in(tmp_path, "--check")
    assert code == 1
    assert "docs/errors.md" in output
    assert "-|   |-- ConfusedError" in output
    assert page.read_text(encoding="utf-8") == stale
    code, output = run_in(tmp_path)
    assert code == 0
    assert "wrote docs/errors.md\n" in output
    assert page.read_text(encoding="utf-8") == good


def test_an_unknown_argument_is_answered_with_the_usage() -> None:
    code, output = run_in(ROOT, "--chekc")
    assert code == 2
    assert "--check" in output

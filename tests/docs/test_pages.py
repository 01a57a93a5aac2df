"""The pages by themselves: no dead links between them, and the commands that CI takes out of the README."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub and MkDocs make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def dead_links(page: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    dead = []
    for link in links:
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_a_dead_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One heading\n[a](#one-heading) [b](#two) [c](other.md) [d](https://example.org/x)\n", encoding="utf-8")
    assert dead_links(page) == ["#two", "other.md"]


@pytest.mark.parametrize(("name", "ends"), [("first-command", '.venv/bin/codeact "What is 12345 * 6789?"'), ("test-command", "-m pytest")])
def test_ci_finds_the_readmes_commands(name: str, ends: str) -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    function = re.search(r"^readme_command\(\) \{.*?^\}", script, flags=re.MULTILINE | re.DOTALL)
    assert function is not None
    done = subprocess.run(["bash", "-c", f"{function[0]}\nreadme_command {name}"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("python3 -m venv .venv && ")
    assert done.stdout.endswith(f"{ends}\n")
    assert done.stdout.count("\n") == 1

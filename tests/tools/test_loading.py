"""Tools by name."""

import sys
from pathlib import Path

import pytest

from codeact.errors import InputError
from codeact.tools.function import as_tools
from codeact.tools.loading import load

SHOP = """
from dataclasses import dataclass

@dataclass
class Item:
    name: str

class Shop:
    def buy(self, item: Item) -> str:
        "Buy it."
        return item.name

shop = Shop()

def price(item: Item) -> float:
    "Price of an item."
    return 1.5
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a package and a file of tools."""
    (tmp_path / "market").mkdir()
    (tmp_path / "market" / "__init__.py").touch()
    (tmp_path / "market" / "shop.py").write_text(SHOP)
    (tmp_path / "my-tools.py").write_text(SHOP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    return tmp_path


@pytest.mark.parametrize("name", ["market.shop", "my-tools.py", "./my-tools.py"])
def test_a_module_or_file_gives_its_functions(here: Path, name: str) -> None:
    assert [tool.spec.signature for tool in as_tools([load(name)])] == ["price(item: Item) -> float"]


@pytest.mark.parametrize("name", ["market.shop:shop", "my-tools.py:shop", f"{'my-tools.py'}:shop.buy"])
def test_a_name_behind_a_colon_is_what_stands_there(here: Path, name: str) -> None:
    assert [tool.spec.name for tool in as_tools([load(name)])] == ["buy"]


def test_the_working_directory_is_on_the_path_only_while_it_is_needed(here: Path) -> None:
    before = list(sys.path)
    load("market.shop")
    assert sys.path == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is empty"),
        (":price", "is empty"),
        ("no_such_module_at_all", "no module 'no_such_module_at_all'"),
        ("market.nothing", "no module 'market.nothing'"),
        ("market.shop:nothing", "has no 'nothing'"),
        ("nothing.py", "no file 'nothing.py'"),
        ("market", "no public functions"),
        ("broken.py", "ZeroDivisionError"),
        ("needs.py", "no_such_module_at_all"),
        ("bad.syntax", "SyntaxError"),
        ("a b", "cannot be loaded"),
    ],
)
def test_what_cannot_be_loaded_is_said(here: Path, name: str, message: str) -> None:
    (here / "broken.py").write_text("1 / 0")
    (here / "needs.py").write_text("import no_such_module_at_all")
    (here / "bad").mkdir()
    (here / "bad" / "syntax.py").write_text("def (")
    before = {name for name in sys.modules if name.startswith("codeact_tools_")}
    with pytest.raises(InputError, match=message):
        as_tools([load(name)])
    assert {name for name in sys.modules if name.startswith("codeact_tools_")} == before

"""Tools of an MCP server used from code in a session, over each transport: types, pictures, errors, many calls at once."""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import asyncio
import base64
from typing import Any

import pytest

from codeact.formats.listing import full
from codeact.protocols import Tool
from codeact.tools.mcp_client import McpServers
from tools.mcp.conftest import TOKEN
from tools.mcp.in_session import Cells
from tools.mcp.server import PNG


def named(servers: McpServers, name: str) -> Tool:
    return next(tool for tool in servers.tools if tool.spec.name == name)


@pytest.fixture(scope="module")
def cells(shop: McpServers) -> Any:
    with Cells(shop) as cells:
        yield cells


def test_a_server_is_a_module_of_typed_functions(cells: Cells) -> None:
    code = "from tools.shop import search_issues\nissue = search_issues('lamp', limit=1)[0]\n(issue.title, issue.labels[0].name, issue.labels[0].colour)"
    assert cells.value(code) == "('lamp 1 open', 'bug', 'red')"
    assert cells.value("issue") == "Issue(number=1, title='lamp 1 open', labels=[Label(name='bug', colour='red')], parent=None)"
    assert cells.value("import inspect\nstr(inspect.signature(search_issues))") == repr(
        "(query: str, state: Literal['open', 'closed'] = 'open', limit: int = 2) -> list[Issue]"
    )


def test_objects_go_in_as_dicts_or_as_they_came_out(cells: Cells) -> None:
    made = "from tools.shop import create_issue\nissue = create_issue('lamp', labels=[{'name': 'new', 'colour': 'green'}])\n"
    assert cells.value(made + "(issue.labels[0].colour, issue.parent.title)") == "('green', 'all')"
    assert cells.value("create_issue('lamp', labels=issue.labels).labels == issue.labels") == "True"


def test_values_of_python_become_json_where_it_has_them(cells: Cells) -> None:
    assert cells.value("import datetime\nfrom tools.shop import weekday\nweekday(datetime.date(2026, 5, 1))") == "'Friday'"
    assert cells.value("from tools.shop import totals\ntotals((1, 2.5)).total") == "3.5"
    assert cells.value("totals({1, 2}).count") == "2"
    assert "TypeError: weekday() argument 'day': should be JSON, got b'x' (bytes)" in cells.value("weekday(b'x')")
    assert "should be a finite number, got nan" in cells.value("totals([float('nan')])")


def test_a_bare_value_is_given_bare(cells: Cells) -> None:
    assert cells.value("from tools.shop import add\nadd(2, 3) + 1") == "6"


def test_texts_are_text_and_several_are_a_list(cells: Cells) -> None:
    assert cells.value("from tools.shop import texts\n(texts(0), texts(1), texts(2))") == "(None, 'text 0', ['text 0', 'text 1'])"


def test_a_picture_is_shown(cells: Cells) -> None:
    observation = cells.ran("from tools.shop import picture\npicture()")
    shown = [output.data.get("image/png") for output in observation.outputs if output.type == "result"]
    assert shown == [base64.b64encode(PNG).decode()]


def test_other_content_is_objects_with_attributes(cells: Cells) -> None:
    code = "from tools.shop import media\nwords, image, audio, link, inside = media()\n"
    assert cells.value(code + "(words, image.kind, audio.data, audio.mime_type, link.uri, inside.text)") == (
        "('words', 'image/png', b'RIFF', 'audio/wav', 'file:///a.txt', 'inside')"
    )


def test_an_error_of_a_tool_has_the_servers_words(cells: Cells) -> None:
    assert "McpError: Error executing tool fail: no stock" in cells.value("from tools.shop import fail\nfail('no stock')")
    assert (
        cells.value("import tools\ntry:\n    fail('x')\nexcept tools.ToolError as error:\n    kind = type(error).__name__\nkind")
        == "'McpError'"
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("search_issues('x', state='opn')", "ValueError: search_issues() argument 'state' (Literal['open', 'closed']): should be 'open' or 'closed', got 'opn' (str)"),
        ("search_issues('x', limit='3')", "TypeError: search_issues() argument 'limit' (int): should be a valid integer, got '3' (str)"),
        ("search_issues('x', limits=3)", "TypeError: search_issues() got an unexpected keyword argument 'limits'. Did you mean 'limit'?"),
        ("search_issues()", "TypeError: search_issues() missing 1 required positional argument: 'query'"),
        ("create_issue('x', labels=[{}])", "ValueError: create_issue() argument 'labels' (list[Label] | None) at [0].name: is missing"),
        ("totals([1, 'b'])", "TypeError: totals() argument 'numbers' (list[float]) at [1]: should be a valid number, got 'b' (str)"),
    ],
)  # fmt: skip
def test_arguments_are_checked_before_the_server_is_asked(cells: Cells, call: str, said: str) -> None:
    assert said in cells.value(f"from tools.shop import *\nfrom tools.shop import search_issues, create_issue, totals\n{call}")


def test_input_that_a_server_asks_for_is_declined(cells: Cells) -> None:
    assert "McpError: " in cells.value("from tools.shop import ask\nask()")


async def test_progress_is_no_matter_and_parallel_calls_come_back_to_their_callers(shop: McpServers) -> None:
    add, wait = named(shop, "add"), named(shop, "wait")
    sums = [add.acall((number, 1), {}) for number in range(100)]
    *found, waited = await asyncio.gather(*sums, wait.acall((0.2,), {}))
    assert found == [number + 1 for number in range(100)]
    assert waited == "waited"


def test_tools_are_called_from_any_loop(shop: McpServers) -> None:
    add = named(shop, "add")
    assert [asyncio.run(add.acall((number, 1), {})) for number in range(3)] == [1, 2, 3]


def test_secrets_stay_on_the_host(cells: Cells, shop: McpServers) -> None:
    search = (
        "import re\nfound, looked = 0, 0\nfor line in open('/proc/self/maps'):\n    span, rights = line.split()[:2]\n"
        "    if rights.startswith('rw'):\n        start, end = (int(each, 16) for each in span.split('-'))\n"
        "        with open('/proc/self/mem', 'rb', 0) as memory:\n            memory.seek(start)\n            data = memory.read(end - start)\n"
        "            looked += len(data)\n            found += len(re.findall(rb'sk-[s]hop-token-[0-9]+', data))\n(looked > 10_000_000, found)"
    )
    cells.ran("from tools.shop import secret_length\nsecret_length()")
    assert cells.value(search) == "(True, 0)"
    assert TOKEN not in "".join(event.model_dump_json() for event in cells.events)
    assert TOKEN not in "".join(tool.spec.model_dump_json() + repr(tool) for tool in shop.tools)


def test_the_listing_is_python(shop: McpServers) -> None:
    text = full([tool.spec for tool in shop.tools])
    compile(text, "<listing>", "exec")
    assert text.startswith("from tools.shop import search_issues, create_issue, ")

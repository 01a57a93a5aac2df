"""What a session says of its tools: `tools.search`, and `help` of a tool, a module, and all."""

from collections.abc import AsyncIterator

import pytest

from codeact.events import ToolSpec
from codeact.protocols import CallReply, CallRequest
from codeact.sandbox.session import Session

POINT = "from dataclasses import dataclass\n\n@dataclass\nclass Point:\n    x: int\n"


class Many:
    """Tools that nobody calls."""

    specs = (
        ToolSpec(name="price", signature="price(item: str, *, n: int = 1) -> float", description="Unit price.\n\nArgs:\n    item: what."),
        ToolSpec(name="bare", signature="bare()"),
        ToolSpec(name="slow", signature="async slow(x: int) -> int", description="Takes time."),
        ToolSpec(name="search_issues", signature="search_issues(words: str)", description="Find issues of a repository.", module="github"),
        ToolSpec(name="close_issue", signature="close_issue(number: int)", description="Close it, with a comment.", module="github"),
        ToolSpec(name="search", signature="search(at: Point) -> list", description="Look around.", module="maps", definitions=POINT),
        *(
            ToolSpec(name=f"list_{thing}", signature=f"list_{thing}(folder: str)", description=f"All {thing} there are.", module="disk")
            for thing in (
                "files",
                "links",
                "drives",
                "owners",
                "rights",
                "mounts",
                "shares",
                "quotas",
                "trashed",
                "locks",
                "pipes",
                "marks",
            )
        ),
    )

    async def answer(self, request: CallRequest) -> CallReply:
        """Say which it was."""
        return CallReply(request.tool)


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    async with Session(preload=(), calls=Many()) as session:
        await session.arun("import tools")
        yield session


async def printed(session: Session, code: str) -> str:
    seen = await session.arun(code)
    assert seen.status == "ok", seen
    return seen.stdout.strip()


async def names(session: Session, words: str) -> list[str]:
    """The tools that a search shows, in their order."""
    text = await printed(session, f"tools.search({words!r})")
    return [line.partition("(")[0].split()[-1] for line in text.splitlines() if line.startswith(("def ", "async def "))]


async def test_help_of_a_tool_shows_all_of_it(session: Session) -> None:
    assert await printed(session, "help(price)") == (
        'def price(item: str, *, n: int = 1) -> float:\n    """Unit price.\n\n    Args:\n        item: what.\n    """'
    )
    assert await printed(session, "help(slow)") == 'async def slow(x: int) -> int:\n    """Takes time."""'
    assert await printed(session, "help(bare)") == "def bare(): ..."


async def test_help_of_a_tool_of_a_module_shows_the_import_and_the_classes(session: Session) -> None:
    text = await printed(session, "from tools.maps import search\nhelp(search)")
    assert text == f'from tools.maps import search, Point\n\n{POINT}\ndef search(at: Point) -> list:\n    """Look around."""'
    assert await printed(session, "help('maps.search')") == await printed(session, "help('tools.maps.search')") == text


async def test_help_of_a_module_shows_each_tool_with_its_first_line(session: Session) -> None:
    assert await printed(session, "help(tools.github)") == (
        "tools.github: 2 functions, with the first line of each; help(NAME) shows all of one.\n\n"
        'def search_issues(words: str):\n    """Find issues of a repository."""\n\n'
        'def close_issue(number: int):\n    """Close it, with a comment."""'
    )


async def test_help_of_all_tools_names_every_one(session: Session) -> None:
    text = await printed(session, "help(tools)")
    assert text.startswith('18 functions; tools.search_tools("words") finds some')
    assert 'def price(item: str, *, n: int = 1) -> float:\n    """Unit price."""' in text
    assert "tools.github, 2 functions:\n    search_issues, close_issue\n" in text
    assert all(spec.name in text for spec in Many.specs)


async def test_help_of_anything_else_is_pythons(session: Session) -> None:
    assert "Return the number of items in a container." in await printed(session, "help(len)")
    assert "No Python documentation found for 'nothing_such'" in await printed(session, "help('nothing_such')")
    assert (await session.arun("help")).result == "Type help() for interactive help, or help(object) for help about object."


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("search_issues", "search_issues"),
        ("issue", "search_issues"),
        ("ISSUES in a Repository", "search_issues"),
        ("close an issue", "close_issue"),
        ("comments", "close_issue"),
        ("number", "close_issue"),
        ("maps", "search"),
        ("what does a unit cost, the price", "price"),
        ("folder locks", "list_locks"),
        ("repo", "search_issues"),
    ],
)
async def test_a_search_finds_by_words_of_names_descriptions_parameters_and_modules(session: Session, words: str, first: str) -> None:
    assert (await names(session, words))[0] == first


async def test_a_search_shows_how_the_tool_is_imported_and_called(session: Session) -> None:
    assert await printed(session, "tools.search('github comment')") == (
        'from tools.github import close_issue\ndef close_issue(number: int):\n    """Close it, with a comment."""\n\n'
        'from tools.github import search_issues\ndef search_issues(words: str):\n    """Find issues of a repository."""'
    )
    assert "import" not in await printed(session, "tools.search('unit price')")


async def test_a_search_shows_ten_and_names_the_rest(session: Session) -> None:
    assert len(await names(session, "list all of the folder")) == 10
    assert (await printed(session, "tools.search('list all of the folder')")).endswith("\n\n2 more: disk.list_pipes, disk.list_marks")


@pytest.mark.parametrize("words", ["zebra", "", "?!", "xylophone quux"])
async def test_a_search_that_finds_nothing_says_so_and_how_many_there_are(session: Session, words: str) -> None:
    assert f"No tool matches {words!r}; there are 18: try other words" in await printed(session, f"tools.search({words!r})")


async def test_what_is_no_text_is_an_error_that_says_so(session: Session) -> None:
    seen = await session.arun("tools.search(['a'])")
    assert seen.error is not None
    assert seen.error.message == "search() takes words as one text, not ['a']"


async def test_help_of_a_module_of_pythons_is_pythons_even_if_a_tool_has_its_name() -> None:
    class Own(Many):
        specs = (ToolSpec(name="json", signature="json()", description="My own."),)

    async with Session(preload=(), calls=Own()) as session:
        assert await printed(session, "help(json)") == 'def json():\n    """My own."""'
        assert "My own." not in (text := await printed(session, "import json as plain\nhelp(plain)"))
        assert "JSONDecoder" in text


async def test_tools_called_search_and_help_hide_those_of_the_session() -> None:
    class Own(Many):
        specs = (
            ToolSpec(name="search", signature="search(x: int)", description="My own."),
            ToolSpec(name="help", signature="help()", description="Call an ambulance."),
        )

    async with Session(preload=(), calls=Own()) as session:
        assert await printed(session, "import tools\nprint(search(1), tools.search(1), help(), tools.help())") == "search search help help"
        assert "Call an ambulance." in await printed(session, "tools.search_tools('ambulance')")
        assert "My own." in await printed(session, "tools.help_tools(search)")

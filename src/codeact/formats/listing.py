"""The tools as every format shows them to the model: the same text, so that only the way of calling differs.

Few tools are shown in full. Of many, those of modules are shown by name and first line, and a line in the words of the format says how the
rest is had: `search` prints the tools that fit some words, `help` all of one. Plain functions stay in full as long as they are not
too long by themselves.

Invariant: the same tools, in their order, give the same text to the byte. It does not: check a tool, or find one (sessions do).
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from string import Template

from codeact.events import ToolSpec

MOST = 12_000
"""Characters of the tools in full, about 3,000 tokens; more are shown in short."""

MOST_LINE = 100
"""Characters of a first line in the short listing."""

SEARCH, HELP = "search", "help"


def listed(tools: Sequence[ToolSpec], format: str) -> str:
    """The tools, in full or in short.

    Args:
        tools: at least one.
        format: name of the action format (``code_native`` if code is an endpoint's own call), for how the rest of what is short is had.
    """
    short = shortened(tools)
    if not short:
        return full(tools)
    parts = [full([tool for tool in tools if not tool.module])] if len(short) < len(tools) else []
    parts += [_lines(module, [tool for tool in short if tool.module == module]) for module in dict.fromkeys(tool.module for tool in short)]
    return "\n\n".join([*parts, _how(short[0], tools, format)])


def shortened(tools: Sequence[ToolSpec]) -> list[ToolSpec]:
    """Those that are shown by name and first line only: none, those of modules, or all."""
    if len(full(tools)) <= MOST:
        return []
    plain = [tool for tool in tools if not tool.module]
    return list(tools) if len(full(plain)) > MOST else [tool for tool in tools if tool.module]


def free(name: str, tools: Sequence[ToolSpec]) -> str:
    """The name of the search or the help beside these tools: a tool of that name keeps it. The session says the same of its own."""
    taken = {tool.name for tool in tools}
    while name in taken:
        name += "_tools"
    return name


def full(tools: Sequence[ToolSpec]) -> str:
    """The tools as Python stubs, those of a module below the line that imports them, each with the classes that its signature names."""
    blocks: list[str] = []
    shown: set[str] = set()
    for module in dict.fromkeys(tool.module for tool in tools):
        inside = [tool for tool in tools if tool.module == module]
        if module:
            blocks.append(f"from tools.{module} import {', '.join(tool.name for tool in inside)}")
        for tool in inside:
            definitions = tool.definitions.strip("\n")
            if definitions and definitions not in shown:
                shown.add(definitions)
                blocks.append(definitions)
            blocks.append(_stub(tool))
    return "\n".join(blocks)


def _stub(tool: ToolSpec) -> str:
    head = tool.signature.strip().removesuffix(":")
    if not head.startswith(("def ", "async def ")):
        head = f"async def {head.removeprefix('async ')}" if tool.signature.startswith("async ") else f"def {head}"
    lines = [f"    {line}".rstrip() for line in tool.description.strip().splitlines()]
    if not lines:
        return f"{head}: ..."
    return "\n".join([f"{head}:", f'    """{lines[0].strip()}', *lines[1:]]) + '"""'


def _lines(module: str, tools: Sequence[ToolSpec]) -> str:
    """A line for each tool of one module."""
    return "\n".join([f"tools.{module}:" if module else "tools:", *map(_line, tools)])


def _line(tool: ToolSpec) -> str:
    name = f"async {tool.name}" if tool.signature.startswith("async ") else tool.name
    first = tool.description.strip().partition("\n")[0].strip()
    if len(first) > MOST_LINE:
        first = f"{first[:MOST_LINE].rstrip()}..."
    return f"- {name}: {first}" if first else f"- {name}"


def _how(example: ToolSpec, tools: Sequence[ToolSpec], format: str) -> str:
    """How the rest of the tools in short is had, with one of them as the example."""
    helper = free(HELP, tools)
    names = {
        "search": free(SEARCH, tools),
        "help": helper if helper == HELP else f"tools.{helper}",
        "name": example.name,
        "place": f"tools.{example.module}" if example.module else "tools",
        "full_name": f"{example.module}.{example.name}" if example.module else example.name,
    }
    return Template(_prompt(format)).substitute(names)


@cache
def _prompt(format: str) -> str:
    return files("codeact.formats").joinpath(f"prompts/many_{format}.md").read_text(encoding="utf-8").strip()

"""The tools as every format shows them to the model: the same text, so that only the way of calling differs.

Invariant: the same tools give the same text to the byte. It does not: check a tool, or shorten what its author wrote of it.
"""

from collections.abc import Sequence

from codeact.events import ToolSpec


def listed(tools: Sequence[ToolSpec]) -> str:
    """The tools as Python stubs, those of a module below the line that imports them, each with the classes that its signature names.

    Args:
        tools: at least one.
    """
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
        head = f"async def {head.removeprefix('async ')}" if tool.awaited else f"def {head}"
    lines = [f"    {line}".rstrip() for line in tool.description.strip().splitlines()]
    if not lines:
        return f"{head}: ..."
    return "\n".join([f"{head}:", f'    """{lines[0].strip()}', *lines[1:]]) + '"""'

"""What code says of itself: the names that it binds and reads, and whether an older Python can read it.

Invariant: never raises, whatever the code. It does not: run it.
"""

import ast
import keyword
import re
import warnings

_BINDING = re.compile(r"(?:\b(?:def|class|import|as|for)\s+|^\s*)(\w+)(?=\s*(?:=(?!=)|\(|:|,|$|\s+in\b))", re.MULTILINE)


def parses_in(code: str, version: tuple[int, int]) -> bool:
    """Whether the grammar of a version of Python has this, as far as the parser of this one can tell."""
    try:
        _parsed(code, version)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def bound_in(code: str) -> frozenset[str]:
    """Names that the code binds anywhere; of code that does not parse, what stands before `=` and after `def`, `class`, `import`, `for`."""
    try:
        tree = _parsed(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(name for name in _BINDING.findall(code) if not keyword.iskeyword(name))
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.partition(".")[0])
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                found.add(name)
            case _:
                pass
    return frozenset(found)


def reads(code: str) -> list[str]:
    """Names that the code reads, in their order; of code that does not parse, all words."""
    try:
        tree = _parsed(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [word for word in re.findall(r"[A-Za-z_]\w*", code) if not keyword.iskeyword(word)]
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]


def _parsed(code: str, version: tuple[int, int] | None = None) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code, feature_version=version)

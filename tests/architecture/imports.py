"""Import rules of the tree, as functions of a source root: layers, third-party homes, guest code, late imports.

Invariant: each rule takes the folder of the package and returns one line a breach, so that a test can hold it against the real
tree and against a small broken one. Everything is read with `ast`; nothing of the tree is imported or run.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PACKAGE = "codeact"

LAYERS: list[set[str]] = [
    {"errors", "sync", "cache", "scratch", "values"},
    {"events"},
    {"trajectory", "protocols"},
    {"agent", "formats", "models", "sandbox", "tools", "store", "pool", "export"},
    {"config", "telemetry"},
    {"build", "client"},
    {"server", "bench"},
    {"data"},
    {"train"},
    {"worldcoder", "autoact"},
    {"cli"},
    {"notebook"},
    {"__main__"},
]
"""Lowest first. A unit imports from lines below its own only; units on one line never import each other (sync reads errors, see PEERS)."""

RANK = {unit: rank for rank, layer in enumerate(LAYERS) for unit in layer}

PEERS = {("sync", "errors")}
"""Pairs on one line of which the first may import the second: `sync` raises what `errors` defines, and knows nothing else."""

REPORT = ("bench/report",)
WEB = ("server",)
TRAIN = ("train",)
HOMES: dict[str, tuple[str, ...]] = {
    "IPython": ("sandbox/guest", "notebook"),
    "click": ("cli",),
    "fast_downward": ("bench/suites/mint/world",),
    "fastapi": WEB,
    "httpx": ("client",),
    "opentelemetry": ("telemetry",),
    "prometheus_client": WEB,
    "sse_starlette": WEB,
    "matplotlib_inline": ("sandbox/guest",),
    "alembic": ("store",),
    "anyio": ("tools/mcp_client", "server"),
    "httpx2": ("tools/mcp_client",),
    "jinja2": (*REPORT, "server/page"),
    "jsonschema": ("tools/mcp_client",),
    "markdown_it": ("server/page",),
    "markupsafe": ("server/page",),
    "matplotlib": (*REPORT, *TRAIN),
    "mcp": ("tools/mcp_client", "server"),
    "nh3": ("server/page",),
    "numpy": (*REPORT, *TRAIN),
    "openai": ("models/openai_api",),
    "peft": TRAIN,
    "platformdirs": ("cache", "config"),
    "pydantic": ("",),
    "pydantic_core": ("",),
    "pydantic_settings": ("config",),
    "pygments": ("server/page",),
    "ray": ("pool/ray_cluster",),
    "rich": ("cli",),
    "scipy": REPORT,
    "sqlalchemy": ("store",),
    "sympy": ("data",),
    "datasketch": ("data",),
    "pyarrow": ("data",),
    "gguf": ("models/prepared", *TRAIN),
    "safetensors": TRAIN,
    "starlette": WEB,
    "textworld": ("bench/suites/mint/world",),
    "torch": TRAIN,
    "traitlets": ("sandbox/guest",),
    "transformers": TRAIN,
    "trl": TRAIN,
    "uvicorn": WEB,
    "xllamacpp": ("models/local",),
}
"""Every third-party package that the tree may import, and where: a module, a folder, or a name that a module's begins with."""

GUEST = "sandbox/guest"
GUEST_PACKAGES = {"IPython", "matplotlib_inline", "traitlets"}
"""IPython, and what IPython itself cannot be had without."""

EXTRAS = {
    "anyio",
    "datasketch",
    "fast_downward",
    "fastapi",
    "gguf",
    "httpx",
    "httpx2",
    "jinja2",
    "jsonschema",
    "markupsafe",
    "matplotlib",
    "mcp",
    "nh3",
    "numpy",
    "openai",
    "opentelemetry",
    "peft",
    "prometheus_client",
    "pyarrow",
    "ray",
    "safetensors",
    "scipy",
    "sse_starlette",
    "sympy",
    "starlette",
    "textworld",
    "torch",
    "transformers",
    "trl",
    "uvicorn",
    "xllamacpp",
}
"""Packages of optional extras: the only ones that a function may import late."""

LATE_ALLOWED = {
    ("cli/chat.py", "readline"): "importing it changes what input() does for the whole process, and some Pythons are built without it",
}
"""(module, imported name) of late imports that are right all the same, with the reason."""

DYNAMIC_ALLOWED = {
    "__init__.py": "the lazy table of the public face; test_public_surface checks its homes",
    "bench/suites/gorilla/world.py": "simulators of bfcl-eval, which is no extra of ours: their modules are in a table",
    "cli/train.py": "its modules need torch and the rest of the extra `train`, which --help and the other verbs do without",
    "cli/main.py": "a verb's module is loaded when the verb is used, so that --help stays quick",
}
"""Modules that may import by a computed name, with the reason."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the module it stands in (relative to the root), its line, the absolute dotted name, where in the code it is.

    `name` ends with "*" where only the beginning of an import by computed name is known, and is empty where nothing is.
    """

    module: str
    line: int
    name: str
    late: bool = False
    level: int = 0


def modules(root: Path) -> list[Path]:
    """All Python files under the root."""
    return sorted(root.rglob("*.py"))


def parse(path: Path) -> ast.Module:
    """The syntax tree of a file; it is shared, and not to be changed."""
    return _parsed(path, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=2000)
def _parsed(path: Path, text: str) -> ast.Module:
    return ast.parse(text, filename=str(path))


def forget() -> None:
    """Let go of all syntax trees: millions of objects, which Python would look through for garbage again and again."""
    _parsed.cache_clear()
    _imports.cache_clear()


def unit_of(module: str) -> str:
    """First part of a module's path without its suffix: ``cli`` for ``cli/run.py``."""
    return module.removesuffix(".py").split("/")[0]


def imports_of(root: Path) -> Iterator[Import]:
    """Every import of every module: top-level, late, type-only, and by name through `import_module` or `__import__`."""
    for path in modules(root):
        module = path.relative_to(root).as_posix()
        yield from (Import(module, *found) for found in _imports(path, path.read_text(encoding="utf-8")))


@lru_cache(maxsize=2000)
def _imports(path: Path, text: str) -> list[tuple[int, str, bool, int]]:
    """Line, name, lateness and level of each import of a file, in the order of the text."""
    found, waiting = list[tuple[int, str, bool, int]](), [(_parsed(path, text), False)]
    while waiting:
        node, late = waiting.pop()
        found += [(getattr(node, "lineno", 0), name, late, level) for name, level in _names(node)]
        late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        waiting += [(child, late) for child in reversed([*ast.iter_child_nodes(node)])]
    return found


def _names(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, 0) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if module == PACKAGE and not node.level:
            yield from ((f"{PACKAGE}.{alias.name}", 0) for alias in node.names)
        else:
            yield module, node.level
    elif isinstance(node, ast.Call) and _is_import_call(node.func):
        yield _literal(node.args[0] if node.args else None), 0


def _is_import_call(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"import_module", "__import__"}


def _literal(argument: ast.expr | None) -> str:
    """The name in an import by string; its known beginning and a star for an f-string, empty if it is computed."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.JoinedStr) and argument.values and isinstance(argument.values[0], ast.Constant):
        return f"{argument.values[0].value}*"
    return ""


def _at(found: Import, what: str) -> str:
    return f"{found.module}:{found.line} {what}"


def unknown_units(root: Path) -> list[str]:
    """Modules whose unit has no layer."""
    found = {unit_of(path.relative_to(root).as_posix()) for path in modules(root)} - {"__init__"}
    return [f"{unit} has no layer: add it to LAYERS, or move it" for unit in sorted(found - set(RANK))]


def upward_imports(root: Path) -> list[str]:
    """Imports of a unit that is not below the importing one, or that has no layer, and of the package's lazy face."""
    return [_at(found, f"imports {found.name}") for found in imports_of(root) if _points_up(found)]


def _points_up(found: Import) -> bool:
    own = unit_of(found.module)
    parts = found.name.removesuffix("*").rstrip(".").split(".")
    if parts[0] != PACKAGE or own == "__init__" or found.name == f"{PACKAGE}.__version__":
        return False
    if len(parts) == 1:
        return True  # the lazy face leads anywhere
    other = parts[1]
    if other == own or (own, other) in PEERS:
        return False
    return RANK.get(other, len(LAYERS)) >= RANK.get(own, -1)


def relative_imports(root: Path) -> list[str]:
    """Relative imports outside the guest, or inside it but out of its folder."""
    return [
        _at(found, "use an absolute import")
        for found in imports_of(root)
        if found.level and not (_in_guest(found.module) and found.level <= found.module.removeprefix(GUEST).count("/"))
    ]


def _in_guest(module: str) -> bool:
    return module.startswith(f"{GUEST}/")


def strangers(root: Path) -> list[str]:
    """Third-party imports outside their home, or that have none."""
    return [_at(found, f"imports {found.name}, whose home is elsewhere") for found in imports_of(root) if _is_astray(found)]


def _is_astray(found: Import) -> bool:
    top = found.name.split(".")[0]
    if found.level or not top or top == PACKAGE or top in sys.stdlib_module_names:
        return False
    module = found.module.removesuffix(".py")
    return not any(module.startswith(home) for home in HOMES.get(top, ()))


def guest_imports(root: Path) -> list[str]:
    """Imports of guest code that its Python environment may not have: all but the standard library, IPython and its own modules."""
    own = {path.stem for path in (root / GUEST).rglob("*.py")} | {path.parent.name for path in (root / GUEST).rglob("__init__.py")}
    return [
        _at(found, f"imports {found.name}: guest code runs without codeact")
        for found in imports_of(root)
        if _in_guest(found.module) and not _fits_guest(found, own)
    ]


def _fits_guest(found: Import, own: set[str]) -> bool:
    top = found.name.split(".")[0]
    if found.level:
        return not top or top in own
    return not top or top in sys.stdlib_module_names or top in GUEST_PACKAGES


def late_imports(root: Path) -> list[str]:
    """Imports inside functions of what is neither an optional extra nor a listed exception; the guest is free to import late."""
    return [
        _at(found, f"imports {found.name} late: move it to the top")
        for found in imports_of(root)
        if found.late and found.name and not found.name.endswith("*") and not _may_be_late(found)
    ]


def _may_be_late(found: Import) -> bool:
    return (
        _in_guest(found.module)
        or found.module in DYNAMIC_ALLOWED
        or found.name.split(".")[0] in EXTRAS
        or (found.module, found.name) in LATE_ALLOWED
    )


def computed_imports(root: Path) -> list[str]:
    """Imports by a name that the rules cannot read, outside the listed places; the guest imports what it is told to warm up."""
    return [
        _at(found, "imports by a computed name")
        for found in imports_of(root)
        if not found.level
        and (not found.name or found.name.endswith("*"))
        and found.module not in DYNAMIC_ALLOWED
        and not _in_guest(found.module)
    ]

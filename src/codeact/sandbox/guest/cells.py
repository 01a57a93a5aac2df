"""From a cell's text to code objects: plain Python directly, IPython's syntax by its transformers only when it is needed.

Invariant: line numbers in tracebacks are those of the text as the user wrote it, and `linecache` holds that text under the cell's
name. It runs nothing.
"""

import __future__

import ast
import linecache
import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import CodeType

from .interpreter import Interpreter

_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_FUTURES = reduce(or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names))
_EFFECT = re.compile(  # a statement that has no value to show
    r"(?:(?:for|while|if|with|try|def|class|async)\b|import |[A-Za-z_][\w.]*[ \t]*(?:[-+*/%&|^@]|//|\*\*|<<|>>)?=(?!=))"
)
_VALUE = re.compile(r"[A-Za-z_][\w.]*(?:[(\[]|$)")  # what may be an expression, and is hardly anything else
_SHELL_WORDS = frozenset(("cat", "cd", "ll", "ls", "pwd", "who", "whos"))  # line magics that work without %, and parse as Python


@dataclass(slots=True)
class Cell:
    """A compiled cell. `steps` are code objects, each with whether its value is to be shown; `source` is what was compiled."""

    name: str
    source: str
    steps: list[tuple[CodeType, bool]]


@dataclass(slots=True)
class _Text:
    source: str
    tree: ast.Module
    altered: set[int]


class CellCompiler:
    """Compiles cells for one interpreter. `altered` tells which lines of the cell just compiled IPython rewrote."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        manager = interpreter.input_transformer_manager
        self._usual = [list(each) for each in (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)]
        self.altered: set[int] = set()

    def compile(self, code: str, name: str) -> Cell:
        """Compile a cell.

        Raises:
            SyntaxError: also for IPython's syntax; its text and line are the user's.
            ValueError, RecursionError, MemoryError: as `compile` does.
        """
        self.altered = set()
        linecache.cache[name] = (len(code), None, [line + "\n" for line in code.split("\n")], name)
        steps = self._at_once(code, name)
        if steps is not None:
            return Cell(name, code, steps)
        text = self._parse(code, name)
        self.altered = text.altered
        tree = text.tree
        if self._interpreter.ast_transformers:
            tree = self._interpreter.transform_ast(tree)
        try:
            return Cell(name, text.source, self._steps(tree.body, name))
        except SyntaxError as error:  # of a kind that the tree allows, such as `return` outside a function: it carries no text
            _point_at_original(error, code, text.altered)
            raise

    def rehearse(self, code: str) -> list[tuple[CodeType, bool]]:
        """The steps of code that is nobody's cell, none if the user has a say in how it is compiled."""
        return self._at_once(code, "<rehearsal>") or []

    def _at_once(self, code: str, name: str) -> list[tuple[CodeType, bool]] | None:
        """The steps without the detour over a tree, which takes longer than the rest; None for all that is not plain.

        The cell is cut at its last line that is not indented. If both pieces compile alone, then the line begins a statement, the last.
        """
        interpreter, start = self._interpreter, _last_unindented(code)
        last = code[start:]
        shown = _EFFECT.match(last) is None
        if (shown and _VALUE.match(last) is None) or (not shown and ";" in last) or "__future__" in code or "\r" in code:
            return None
        if interpreter.ast_transformers or interpreter.ast_node_interactivity != "last_expr":
            return None
        if self._is_custom() or _is_shell_word(code, interpreter.user_ns):
            return None
        flags = self._futures() | _AWAIT
        try:
            lines = "\n" * code.count("\n", 0, start)  # so that those of the last statement keep their numbers
            steps = [(compile(lines + last, name, "eval" if shown else "exec", flags, dont_inherit=True), shown)]
            if start > 0:
                steps.insert(0, (compile(code[:start], name, "exec", flags, dont_inherit=True), False))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None  # the other way tells what is wrong, if anything is
        return steps

    def _parse(self, code: str, name: str) -> _Text:
        if self._is_custom() or _is_shell_word(code, self._interpreter.user_ns):
            return self._transformed(code, name, None)
        try:
            return _Text(code, self._tree(code, name), set())
        except SyntaxError as error:
            return self._transformed(code, name, error)

    def _transformed(self, code: str, name: str, first: SyntaxError | None) -> _Text:
        try:
            source = self._interpreter.transform_cell(code)
        except Exception:
            if first is not None:
                raise first from None
            raise
        if first is not None and source.rstrip("\n") == code.rstrip("\n"):
            raise first from None
        altered = _altered(code, source)
        try:
            return _Text(source, self._tree(source, name), altered)
        except SyntaxError as error:
            _point_at_original(error, code, altered)
            raise error from None

    def _tree(self, source: str, name: str) -> ast.Module:
        return compile(source, name, "exec", self._futures() | ast.PyCF_ONLY_AST | _AWAIT, dont_inherit=True)

    def _steps(self, body: list[ast.stmt], name: str) -> list[tuple[CodeType, bool]]:
        steps: list[tuple[CodeType, bool]] = []
        for nodes, shown in _parts(body, self._interpreter.ast_node_interactivity):
            tree = ast.Expression(nodes[0].value) if shown and isinstance(nodes[0], ast.Expr) else ast.Module(nodes, [])
            code = compile(tree, name, "eval" if shown else "exec", self._futures() | _AWAIT, dont_inherit=True)
            self._interpreter.compile.flags |= code.co_flags & _FUTURES  # `from __future__` holds for the cells that follow
            steps.append((code, shown))
        return steps

    def _futures(self) -> int:
        """Flags of the `from __future__` imports so far; IPython's others turn syntax errors into a wish for more input."""
        return self._interpreter.compile.flags & _FUTURES

    def _is_custom(self) -> bool:
        """Whether the user added input transformers: then every cell must pass through them."""
        shell = self._interpreter
        manager = shell.input_transformer_manager
        now = [manager.cleanup_transforms, manager.line_transforms, manager.token_transformers]
        return bool(shell.input_transformers_post) or now != self._usual


def _parts(body: list[ast.stmt], interactivity: str) -> list[tuple[list[ast.stmt], bool]]:
    """Statements that run together, each group with whether it is one expression to show (`ast_node_interactivity` of IPython)."""
    if interactivity == "last_expr_or_assign" and body:
        target = getattr(body[-1], "target", None) or (getattr(body[-1], "targets", None) or [None])[0]
        if isinstance(target, ast.Name):
            shown = ast.copy_location(ast.Expr(ast.copy_location(ast.Name(target.id, ast.Load()), target)), target)
            body = [*body, shown]
    if interactivity == "all":
        return [([node], isinstance(node, ast.Expr)) for node in body]
    if interactivity != "none" and body and isinstance(body[-1], ast.Expr):
        return ([(body[:-1], False)] if len(body) > 1 else []) + [(body[-1:], True)]
    return [(body, False)] if body else []


def _last_unindented(code: str) -> int:
    """Where the last line begins that does not begin with white space."""
    end = len(code)
    while True:
        start = code.rfind("\n", 0, end) + 1
        if start == 0 or (not code[start : start + 1].isspace() and start < len(code)):
            return start
        end = start - 1


def _is_shell_word(code: str, namespace: dict[str, object]) -> bool:
    words = code.split(None, 1)
    return bool(words) and words[0] in _SHELL_WORDS and "\n" not in code.strip() and words[0] not in namespace


def _altered(code: str, source: str) -> set[int]:
    """Numbers of lines that differ; all of them if lines were joined."""
    before, after = code.rstrip("\n").split("\n"), source.rstrip("\n").split("\n")
    if len(before) != len(after):
        return set(range(1, max(len(before), len(after)) + 1))
    return {number for number, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new}


def _point_at_original(error: SyntaxError, code: str, altered: set[int]) -> None:
    """Show the line as it was written; a column in a rewritten line would point anywhere."""
    lines = code.split("\n")
    if error.lineno is None or not 0 < error.lineno <= len(lines):
        return
    if error.lineno in altered:
        error.text = lines[error.lineno - 1]
        error.offset = error.end_offset = error.end_lineno = None
    elif error.text is None:
        error.text = lines[error.lineno - 1]

"""The number that a text gives: plain, as arithmetic, in LaTeX, with a unit, or at the end of a sentence.

Invariant: nothing is run; what is read is digits, the four operations, powers, roots, and a few names, of numbers as floats, so that no
answer makes it take long. A text that holds several numbers, of which it does not say which is meant, gives none. It does not: compare.
"""

import ast
import math
import operator
import re
from collections.abc import Callable

_MOST_CHARS = 2000
_DEEPEST = 60
_BRACED = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_REWRITES = (
    (re.compile(r"\\(?:boxed|text|textbf|mathrm|mathbf|mbox|operatorname)\s*" + _BRACED), r" \1 "),
    (re.compile(r"\\[dtc]?frac\s*" + _BRACED + r"\s*" + _BRACED), r" ((\1)/(\2)) "),
    (re.compile(r"\\[dtc]?frac\s*(\d)\s*(\d)"), r" ((\1)/(\2)) "),
    (re.compile(r"\\sqrt\s*\[(\d+)\]\s*" + _BRACED), r" ((\2)**(1/\1)) "),
    (re.compile(r"\\sqrt\s*" + _BRACED), r" sqrt(\1) "),
    (re.compile(r"\\sqrt\s*(\d)"), r" sqrt(\1) "),
    (re.compile(r"\^\s*" + _BRACED), r"**(\1)"),
)
_PLAIN = (
    ("\\left", ""),
    ("\\right", ""),
    ("\\times", "*"),
    ("\\cdot", "*"),
    ("\\div", "/"),
    ("\\pi", " pi "),
    ("\\approx", "="),
    ("\\circ", ""),
    ("\\%", "%"),
    ("\\$", "$"),
    ("\\!", ""),
    ("\\,", ""),
    ("\\;", " "),
    ("\\ ", " "),
    ("\\(", ""),
    ("\\)", ""),
    ("\\[", ""),
    ("\\]", ""),
    ("{,}", ","),
    ("\u2212", "-"),
    ("\u00d7", "*"),
    ("\u00b7", "*"),
    ("\u03c0", " pi "),
    ("\u2248", "="),
    ("\u00b0", ""),
    ("^", "**"),
    ("math.", ""),
    ("np.", ""),
)
_TIMES = re.compile(r"(?<=\d)\s*x\s*(?=10\b|10\*)")
_IMPLIED = re.compile(r"(?<=[\d)])\s*(?=sqrt\(|pi\b|\()|(?<=\))\s*(?=\d)|(?<=\bpi)\s+(?=sqrt\(|\()")
_ROOT = re.compile(r"√\s*(?:\(([^()]*)\)|(\d+(?:\.\d+)?))")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w*\d)(?!\.\d)")
_UNIT = re.compile(r"\A(?P<value>.*?[\d)])\s*(?P<unit>%|(?![eE][-+]?\d)[A-Za-z](?:[A-Za-z./*^ -]|(?<=[A-Za-z^-])\d)*)\Z", re.DOTALL)
_FORMULA = re.compile(r"[*/^\\]|sqrt|\bpi\b|\b[a-zA-Z]\b\s*[-+]|[-+]\s*\b[a-zA-Z]\b")
_LABEL = re.compile(r"\A(?:the\s+)?(?:final\s+|correct\s+)?(?:answer|solution|result|value)\s*(?:is|:|=)*\s*:?\s*", re.IGNORECASE)

_OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def value(text: str) -> float | None:
    """The number that a text gives, None if it gives none, or several.

    Args:
        text: an answer.
    """
    if len(text) > _MOST_CHARS:
        return None
    plain = _LABEL.sub("", _plain(text)).strip().rstrip(".").strip()
    for candidate in _candidates(plain):
        found = _evaluated(candidate)
        if found is not None:
            return found
    return _only_number(plain)


def _plain(text: str) -> str:
    """LaTeX and signs as Python would write them."""
    for _ in range(4):  # what is nested
        for pattern, shape in _REWRITES:
            text = pattern.sub(shape, text)
    for sign, plain in _PLAIN:
        text = text.replace(sign, plain)
    text = _ROOT.sub(lambda found: f" sqrt({found.group(1) or found.group(2)}) ", text)
    text = _THOUSANDS.sub(lambda found: found.group().replace(",", ""), text)
    for sign in "$€£`":
        text = text.replace(sign, "")
    return _TIMES.sub("*", text).strip("* \n\t")


def _candidates(text: str) -> list[str]:
    """All of it; what stands after the last sign of equality; either without a unit."""
    parts = [text, text.rpartition("=")[2].strip()] if "=" in text else [text]
    units = [found.group("value").strip() for part in parts if (found := _UNIT.match(part))]
    return [*parts, *units]


def _evaluated(text: str) -> float | None:
    try:
        tree = ast.parse(_IMPLIED.sub("*", text).strip(), mode="eval")
        found = _number_of(tree.body, 0)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError, TypeError):
        return None
    return found if isinstance(found, float) else None


def _number_of(node: ast.expr, depth: int) -> float:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]  # only numbers come here
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = _number_of(node.operand, depth + 1)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_number_of(node.left, depth + 1), _number_of(node.right, depth + 1))
    if isinstance(node, ast.Name) and node.id == "pi":
        return math.pi
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sqrt" and len(node.args) == 1:
        return math.sqrt(_number_of(node.args[0], depth + 1))
    raise ValueError("no number")


def _only_number(text: str) -> float | None:
    """The number of a sentence: the only one there is in it, or that after its last "is", if it is the only one there."""
    for part in (text, re.split(r"\b(?:is|are|be|equals|total of|get)\b|=", text)[-1]):
        found = {float(number) for number in _NUMBER.findall(part)}
        if len(found) == 1 and not _FORMULA.search(part):
            return found.pop()
    return None

"""Arithmetic for tools of several domains: a calculator of expressions, and numbers given one by one or as a list.

Invariant: a calculator evaluates arithmetic and nothing else: no name, no call, no text; what takes long or is no finite number is
refused. It does not: run Python.
"""

import ast
import math
import operator
from collections.abc import Callable, Sequence

_MOST_CHARS = 400
_MOST_EXPONENT = 100.0

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_UNARY: dict[type[ast.unaryop], Callable[[float], float]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_ALLOWED = "write numbers, parentheses and + - * / // % ** only, without commas in numbers"


def calculator(expression: str) -> float:
    """Value of an arithmetic expression of numbers, parentheses and + - * / // % **, for example "(3 + 4.5) * 2".

    Args:
        expression: without names, functions, units, or commas between thousands.
    """
    if len(expression) > _MOST_CHARS:
        raise ValueError(f"the expression has {len(expression)} characters, of at most {_MOST_CHARS}")
    try:
        value = _value(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(f"{expression!r} is no arithmetic expression: {_ALLOWED}") from None
    except ZeroDivisionError:
        raise ValueError(f"{expression!r} divides by zero") from None
    except OverflowError:
        raise ValueError(f"the value of {expression!r} is too large") from None
    if not math.isfinite(value):
        raise ValueError(f"the value of {expression!r} is too large")
    return value


def numbers(name: str, args: Sequence[float | list[float]]) -> list[float]:
    """The numbers that a tool was given, one by one, as a list, or both.

    Raises:
        ValueError: there are none.
    """
    flat = [number for arg in args for number in (arg if isinstance(arg, list) else [arg])]
    if not flat:
        raise ValueError(f"{name}() needs at least one number")
    return flat


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.BinOp(left, operation, right) if type(operation) in _BINARY:
            return _applied(operation, _value(left), _value(right))
        case ast.UnaryOp(operation, operand) if type(operation) in _UNARY:
            return _UNARY[type(operation)](_value(operand))
        case _:
            raise ValueError(f"{ast.unparse(node)!r} cannot be evaluated: {_ALLOWED}")


def _applied(operation: ast.operator, left: float, right: float) -> float:
    if isinstance(operation, ast.Pow) and (abs(right) > _MOST_EXPONENT or (left < 0 and not right.is_integer())):
        raise ValueError(
            f"{left:g} ** {right:g} cannot be evaluated: exponents go to {_MOST_EXPONENT:g}, those of negative numbers are whole"
        )
    return _BINARY[type(operation)](left, right)

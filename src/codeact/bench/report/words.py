"""Numbers as a report writes them.

Invariant: no number claims more digits than its sample gives; a minus is a minus sign. It does not: know HTML.
"""

_NAMES = {"code": "code", "json": "JSON", "text": "text"}
_MINUS = "\N{MINUS SIGN}"


def name_of(format: str) -> str:
    """A format's name."""
    return _NAMES.get(format, format)


def percent(value: float) -> str:
    """A share, in whole percent; with a digit more where that would make it seem none or all."""
    whole = f"{100 * value:.0f}%"
    return f"{100 * value:.1f}%" if whole in ("0%", "100%") and value not in (0, 1) else whole


def signed(value: float, digits: int) -> str:
    """A number with its sign, and none before a zero."""
    text = f"{abs(value):.{digits}f}"
    return text if float(text) == 0 else f"{'+' if value > 0 else _MINUS}{text}"


def points(value: float) -> str:
    """A difference of shares, in points of percent."""
    return f"{signed(100 * value, 1)}"


def p_value(p: float) -> str:
    """The p of a test."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def amount(value: float) -> str:
    """A mean amount: three digits or so."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def money(value: float) -> str:
    """Dollars."""
    if value == 0:
        return "$0"
    return f"${value:,.2f}" if value >= 1 else f"${value:.4f}"


def seconds(value: float) -> str:
    """A time."""
    return f"{value:.2f}" if value < 10 else amount(value)


def bare_p(p: float) -> str:
    """The p of a test, for a column that is headed so."""
    return p_value(p).removeprefix("p ").removeprefix("= ")

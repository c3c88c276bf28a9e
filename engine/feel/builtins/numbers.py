"""Numeric functions (DMN 1.5, table 76) and `number`."""

from __future__ import annotations

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from engine.feel.arithmetic import negate
from engine.feel.builtins.registry import builtin, whole
from engine.feel.frames import MISSING
from engine.feel.temporal import YearMonthDuration
from engine.feel.values import DECIMAL, order

_MIN_SCALE, _MAX_SCALE = -6111, 6176


def _rounded(n: Decimal, scale: Any, mode: str) -> Decimal | None:
    """`n` at a scale; null for a scale that is no integer in the domain."""
    places = whole(scale)
    if places is None or not _MIN_SCALE <= places <= _MAX_SCALE:
        return None
    exponent = n.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return n  # nothing to round, and more zeros would not fit into 34 digits
    context = DECIMAL.copy()
    context.rounding = mode
    context.prec = 10_000
    return DECIMAL.plus(n.quantize(Decimal(1).scaleb(-places, context), context=context))


@builtin("decimal", "n: number", "scale: number", result="number")
def decimal(n: Decimal, scale: Decimal) -> Decimal | None:
    """Half to even; a scale that is not whole is cut."""
    return _rounded(n, scale.to_integral_value(ROUND_DOWN), ROUND_HALF_EVEN)


def _with_scale(name: str, mode: str, optional: bool) -> None:
    @builtin(name, "n: number", f"scale: number{'?' if optional else ''}", result="number")
    def rounded(n: Decimal, scale: Any = MISSING) -> Decimal | None:
        return _rounded(n, Decimal(0) if scale is MISSING else scale, mode)


_with_scale("floor", ROUND_FLOOR, True)
_with_scale("ceiling", ROUND_CEILING, True)
_with_scale("round up", ROUND_UP, False)
_with_scale("round down", ROUND_DOWN, False)
_with_scale("round half up", ROUND_HALF_UP, False)
_with_scale("round half down", ROUND_HALF_DOWN, False)


@builtin("abs", "n: amount")
def absolute(n: Any) -> Any:
    """Of numbers and both durations."""
    zero: Any = (
        Decimal(0)
        if isinstance(n, Decimal)
        else YearMonthDuration(0)
        if isinstance(n, YearMonthDuration)
        else timedelta()
    )
    return negate(n) if order(n, zero) == -1 else n


@builtin("modulo", "dividend: number", "divisor: number", result="number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the divisor's sign."""
    if abs(DECIMAL.divide(dividend, divisor)) < Decimal(10) ** 33:
        rest = DECIMAL.remainder(dividend, divisor)
    else:
        quotient = DECIMAL.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
        return DECIMAL.subtract(dividend, DECIMAL.multiply(divisor, quotient))
    return DECIMAL.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number: number", result="number")
def sqrt(number: Decimal) -> Decimal | None:
    return DECIMAL.sqrt(number) if number >= 0 else None


@builtin("log", "number: number", result="number")
def log(number: Decimal) -> Decimal | None:
    return DECIMAL.ln(number) if number > 0 else None


@builtin("exp", "number: number", result="number")
def exp(number: Decimal) -> Decimal:
    return DECIMAL.exp(number)


@builtin("odd", "number: number", result="boolean")
def odd(number: Decimal) -> bool | None:
    value = whole(number)
    return None if value is None else value % 2 == 1


@builtin("even", "number: number", result="boolean")
def even(number: Decimal) -> bool | None:
    value = whole(number)
    return None if value is None else value % 2 == 0


@builtin("number", "from: string", result="number")
def plain_number(text: str) -> Decimal | None:
    return _read(text)


@builtin("number", "from: number", result="number")
def same_number(number: Decimal) -> Decimal:
    return number


@builtin(
    "number",
    "from: string",
    "grouping separator: string|null",
    "decimal separator: string|null?",
    result="number",
)
def number(text: str, grouping: str | None, point: Any = MISSING) -> Decimal | None:
    """Grouping is a space, comma, full stop or null, the decimal separator a comma, full stop or null."""
    point = None if point is MISSING else point
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
        or (grouping == point and point)
    ):
        return None
    if grouping:
        text = text.replace(grouping, "")
    return _read(text.replace(point, ".") if point else text)


def _read(text: str) -> Decimal | None:
    body = text.strip().removeprefix("-")
    digits = body.replace(".", "", 1)
    if not digits or not digits.isascii() or not digits.isdigit() or body.endswith("."):
        return None
    return DECIMAL.create_decimal(text.strip())

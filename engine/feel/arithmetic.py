"""+ - * / ** and negation over numbers, strings, dates, times and durations (DMN 1.5, tables 56–62)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from engine.feel import limits, temporal
from engine.feel.temporal import WideDuration, YearMonthDuration
from engine.feel.values import DECIMAL, DecimalException, kind_of

_MAX_POWER = 999_999_999


def add(a: Any, b: Any) -> Any:
    """`a + b`; null where it is not defined."""
    return _apply(_ADD, a, b)


def subtract(a: Any, b: Any) -> Any:
    """`a - b`; null where it is not defined."""
    return _apply(_SUBTRACT, a, b)


def multiply(a: Any, b: Any) -> Any:
    """`a * b`; null where it is not defined."""
    return _apply(_MULTIPLY, a, b)


def divide(a: Any, b: Any) -> Any:
    """`a / b`; null where it is not defined, and by zero."""
    return _apply(_DIVIDE, a, b)


def power(a: Any, b: Any) -> Any:
    """`a ** b`; null where it is not defined or out of range."""
    if type(a) is not Decimal or type(b) is not Decimal or abs(b) > _MAX_POWER:
        return None
    try:
        return DECIMAL.power(a, b) if b != 0 else Decimal(1)
    except DecimalException:
        return None


def negate(value: Any) -> Any:
    """`-a`; null for what has no opposite."""
    if type(value) is Decimal:
        return DECIMAL.minus(value)
    if isinstance(value, YearMonthDuration):
        return YearMonthDuration(-value.months)
    if isinstance(value, timedelta | WideDuration):
        return temporal.duration_of(-temporal.seconds_of(value))
    return None


def _apply(table: dict[tuple[str, str], Callable[[Any, Any], Any]], a: Any, b: Any) -> Any:
    if a is None or b is None:
        return None
    rule = table.get((kind_of(a), kind_of(b)))
    if rule is None:
        return None
    try:
        return rule(a, b)
    except (DecimalException, OverflowError):
        return None


def add_months(day: temporal.AnyDate, months: int) -> temporal.AnyDate | None:
    """A date moved by months; a day that the month lacks becomes its last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if abs(year) > temporal.MAX_YEAR:
        return None
    return temporal.make_date(year, month + 1, min(day.day, temporal.days_in_month(year, month + 1)))


def _date_months(sign: int) -> Callable[[Any, Any], Any]:
    return lambda day, span: add_months(day, sign * span.months)


def _moment_months(sign: int) -> Callable[[Any, Any], Any]:
    def moved(moment: temporal.AnyDateTime, span: YearMonthDuration) -> Any:
        day = add_months(temporal.date_of(moment), sign * span.months)
        return temporal.make_date_time(day, temporal.time_of(moment)) if day is not None else None

    return moved


def _moment_span(sign: int) -> Callable[[Any, Any], Any]:
    def moved(moment: temporal.AnyDateTime, span: temporal.Span) -> Any:
        seconds = temporal.instant(moment) + sign * temporal.seconds_of(span)
        return temporal.from_instant(seconds, temporal.zone_of(moment))

    return moved


def _date_span(sign: int) -> Callable[[Any, Any], Any]:
    def moved(day: temporal.AnyDate, span: temporal.Span) -> Any:
        # downwards: an hour before a day is the day before
        days = (sign * temporal.seconds_of(span) / temporal.DAY).to_integral_value(ROUND_FLOOR)
        return temporal.from_day_number(temporal.day_number(day) + int(days))

    return moved


def _time_span(sign: int) -> Callable[[Any, Any], Any]:
    def moved(at: temporal.AnyTime, span: temporal.Span) -> Any:
        return temporal.time_from_seconds(
            temporal.time_seconds(at) + sign * temporal.seconds_of(span), at.tzinfo
        )

    return moved


def _date_date(a: temporal.AnyDate, b: temporal.AnyDate) -> Any:
    return temporal.duration_of(Decimal(temporal.day_number(a) - temporal.day_number(b)) * temporal.DAY)


def _moment_moment(a: Any, b: Any) -> Any:
    """Both zoned or both local, else null; a date is midnight in UTC."""
    x, y = (temporal.midnight(v) if kind_of(v) == "date" else v for v in (a, b))
    if (temporal.zone_of(x) is None) != (temporal.zone_of(y) is None):
        return None
    return temporal.duration_of(temporal.instant(x) - temporal.instant(y))


def _time_time(a: temporal.AnyTime, b: temporal.AnyTime) -> Any:
    if (a.tzinfo is None) != (b.tzinfo is None):
        return None
    offsets = [temporal.seconds_of(temporal.offset_of(v) or timedelta()) for v in (a, b)]
    return temporal.duration_of(temporal.time_seconds(a) - offsets[0] - temporal.time_seconds(b) + offsets[1])


def _concatenate(a: str, b: str) -> str:
    limits.check_string(len(a) + len(b))
    return a + b


def _months_times(span: YearMonthDuration, factor: Decimal) -> YearMonthDuration:
    return YearMonthDuration(int(DECIMAL.multiply(Decimal(span.months), factor)))


def _months_by(span: YearMonthDuration, divisor: Decimal) -> YearMonthDuration:
    return YearMonthDuration(int(DECIMAL.divide(Decimal(span.months), divisor)))


def _span_times(span: temporal.Span, factor: Decimal) -> Any:
    return temporal.duration_of(DECIMAL.multiply(temporal.seconds_of(span), factor))


def _span_by(span: temporal.Span, divisor: Decimal) -> Any:
    return temporal.duration_of(DECIMAL.divide(temporal.seconds_of(span), divisor))


_N, _S, _D, _T, _DT = "number", "string", "date", "time", "date and time"
_YM, _DTD = "years and months duration", "days and time duration"
_Rules = dict[tuple[str, str], Callable[[Any, Any], Any]]

_ADD: _Rules = {
    (_N, _N): DECIMAL.add,
    (_S, _S): _concatenate,
    (_YM, _YM): lambda a, b: YearMonthDuration(a.months + b.months),
    (_DTD, _DTD): lambda a, b: temporal.duration_of(temporal.seconds_of(a) + temporal.seconds_of(b)),
    (_DT, _YM): _moment_months(1),
    (_DT, _DTD): _moment_span(1),
    (_T, _DTD): _time_span(1),
    (_D, _YM): _date_months(1),
    (_D, _DTD): _date_span(1),
}
_ADD |= {(b, a): (lambda x, y, rule=rule: rule(y, x)) for (a, b), rule in list(_ADD.items()) if a != b}  # type: ignore[misc]
_SUBTRACT: _Rules = {
    (_N, _N): DECIMAL.subtract,
    (_YM, _YM): lambda a, b: YearMonthDuration(a.months - b.months),
    (_DTD, _DTD): lambda a, b: temporal.duration_of(temporal.seconds_of(a) - temporal.seconds_of(b)),
    (_DT, _YM): _moment_months(-1),
    (_DT, _DTD): _moment_span(-1),
    (_T, _DTD): _time_span(-1),
    (_D, _YM): _date_months(-1),
    (_D, _DTD): _date_span(-1),
    (_D, _D): _date_date,
    (_DT, _DT): _moment_moment,
    (_D, _DT): _moment_moment,
    (_DT, _D): _moment_moment,
    (_T, _T): _time_time,
}
_MULTIPLY: _Rules = {
    (_N, _N): DECIMAL.multiply,
    (_YM, _N): _months_times,
    (_N, _YM): lambda a, b: _months_times(b, a),
    (_DTD, _N): _span_times,
    (_N, _DTD): lambda a, b: _span_times(b, a),
}
_DIVIDE: _Rules = {
    (_N, _N): DECIMAL.divide,
    (_YM, _N): _months_by,
    (_DTD, _N): _span_by,
    (_YM, _YM): lambda a, b: DECIMAL.divide(Decimal(a.months), Decimal(b.months)),
    (_DTD, _DTD): lambda a, b: DECIMAL.divide(temporal.seconds_of(a), temporal.seconds_of(b)),
}

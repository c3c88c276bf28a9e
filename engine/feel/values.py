"""FEEL's values: what they are in Python, how they compare, and how outside values become them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import temporal
from engine.feel.temporal import FineTime, WideDate, WideDateTime, WideDuration, YearMonthDuration
from engine.feel.types import FUNCTION, FunctionType

# IEEE 754 decimal128. What it cannot hold raises, and FEEL makes null of that.
DECIMAL = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)


class FunctionValue:
    """A function as a value. `name` is for people; `arity` is None where it varies."""

    name = "function"
    arity: int | None = None
    type: FunctionType = FUNCTION

    def call(self, args: list[Any], budget: Any) -> Any:
        """The result for positional arguments; null where they do not fit."""
        raise NotImplementedError

    def call_named(self, args: dict[str, Any], budget: Any) -> Any:
        """The result for arguments by name; null where they do not fit."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. An end that is None is open (`< 5`), where `unbounded` says so; else the range is empty of use."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True


KINDS: dict[Any, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    WideDate: "date",
    time: "time",
    FineTime: "time",
    datetime: "date and time",
    WideDateTime: "date and time",
    timedelta: "days and time duration",
    WideDuration: "days and time duration",
    YearMonthDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    type(None): "null",
}
_PLAIN = frozenset(KINDS) - {list}


def kind_of(value: Any) -> str:
    """FEEL's kind of a value: number, string, …, list, context, range, function, null."""
    found = KINDS.get(type(value))
    if found is not None:
        return found
    if isinstance(value, Mapping):
        return "context"
    if isinstance(value, FunctionValue):
        return "function"
    for known, name in (
        (bool, "boolean"),
        (str, "string"),
        (Decimal, "number"),
        (datetime, "date and time"),
        (date, "date"),
        (time, "time"),
        (list, "list"),
        (timedelta, "days and time duration"),
    ):
        if isinstance(value, known):
            return name
    return "null"


def normal(value: Any) -> Any:
    """An outside value as FEEL's; what is no plain value becomes null. Contexts are looked at when they are read."""
    kind = type(value)
    if kind in _PLAIN:
        return value if kind is not Decimal or value.is_finite() else None
    if kind is int:
        return Decimal(value)
    if kind is float:
        return Decimal(repr(value)) if math.isfinite(value) else None
    if kind is list:
        return value if all(type(v) in _PLAIN for v in value) else [normal(v) for v in value]
    return _other(value)


def _other(value: Any) -> Any:
    if isinstance(value, bool | str | Mapping | FunctionValue | date | time | timedelta):
        return value
    if isinstance(value, int):
        return Decimal(int(value))
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [normal(v) for v in value]
    return value if isinstance(value, Decimal) and value.is_finite() else None


# -- equality and order; None where FEEL says null


def equal(a: Any, b: Any) -> bool | None:
    """`a = b`: null where the two are of different kinds."""
    if a is None or b is None:
        return a is b
    kind = type(a)
    if kind is type(b) and kind in _DIRECT:
        return bool(a == b)
    kind_a = kind_of(a)
    if kind_a != kind_of(b):
        return None
    compare = _EQUAL.get(kind_a)
    return compare(a, b) if compare else bool(a == b)


_DIRECT = frozenset((Decimal, str, bool, date, YearMonthDuration, timedelta))


def _lists_equal(a: list[Any], b: list[Any]) -> bool | None:
    if len(a) != len(b):
        return False
    return _all(equal(normal(x), normal(y)) for x, y in zip(a, b, strict=True))


def _contexts_equal(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool | None:
    if set(a) != set(b):
        return False
    return _all(equal(normal(a[key]), normal(b[key])) for key in a)


def _all(results: Any) -> bool | None:
    """Equal where all parts are; parts of different kinds make it unequal."""
    return all(r is True for r in results)


def _ranges_equal(a: Range, b: Range) -> bool | None:
    if (a.start_included, a.end_included) != (b.start_included, b.end_included):
        return False
    return equal(a.start, b.start) is True and equal(a.end, b.end) is True


def _times_equal(a: temporal.AnyTime, b: temporal.AnyTime) -> bool:
    if (a.tzinfo is None) != (b.tzinfo is None):
        return False
    return _time_value(a) % temporal.DAY == _time_value(b) % temporal.DAY


def _date_times_equal(a: temporal.AnyDateTime, b: temporal.AnyDateTime) -> bool:
    if (temporal.zone_of(a) is None) != (temporal.zone_of(b) is None):
        return False
    return temporal.instant(a) == temporal.instant(b)


_EQUAL: dict[str, Any] = {
    "list": _lists_equal,
    "context": _contexts_equal,
    "range": _ranges_equal,
    "time": _times_equal,
    "date and time": _date_times_equal,
}


def _time_value(value: temporal.AnyTime) -> Decimal:
    offset = temporal.offset_of(value)
    seconds = temporal.time_seconds(value)
    return seconds - temporal.seconds_of(offset) if offset else seconds


def order(a: Any, b: Any) -> int | None:
    """-1, 0 or 1 as `a` is before, at or behind `b`; null where they have no order."""
    kind = type(a)
    if kind is type(b) and kind in _ORDERED:
        return -1 if a < b else int(a > b)
    name = kind_of(a)
    if name != kind_of(b):
        return None
    if name in ("number", "string", "years and months duration"):
        return -1 if a < b else int(a > b)
    key = _KEYS.get(name)
    if key is None:
        return None
    x, y = key(a, b)
    return -1 if x < y else int(x > y)


_ORDERED = frozenset((Decimal, str, date, YearMonthDuration, timedelta))


def _date_keys(a: temporal.AnyDate, b: temporal.AnyDate) -> tuple[Any, Any]:
    return (a.year, a.month, a.day), (b.year, b.month, b.day)


def _time_keys(a: temporal.AnyTime, b: temporal.AnyTime) -> tuple[Any, Any]:
    """A local time takes the other's offset."""
    if a.tzinfo is None or b.tzinfo is None:
        return temporal.time_seconds(a), temporal.time_seconds(b)
    return _time_value(a), _time_value(b)


def _date_time_keys(a: temporal.AnyDateTime, b: temporal.AnyDateTime) -> tuple[Any, Any]:
    """A local date-time takes the other's offset."""
    if type(a) is datetime and type(b) is datetime:
        zone_a, zone_b = a.tzinfo, b.tzinfo
        if zone_a is None and zone_b is None:
            return a, b
        if zone_a is not None and zone_b is not None:
            return (a.astimezone(UTC), b.astimezone(UTC)) if isinstance(zone_a, ZoneInfo) else (a, b)
    zone = temporal.zone_of(a) or temporal.zone_of(b)
    return temporal.instant(a, zone), temporal.instant(b, zone)


def _span_keys(a: temporal.Span, b: temporal.Span) -> tuple[Any, Any]:
    return temporal.seconds_of(a), temporal.seconds_of(b)


_KEYS: dict[str, Any] = {
    "days and time duration": _span_keys,
    "date": _date_keys,
    "time": _time_keys,
    "date and time": _date_time_keys,
}


def less(a: Any, b: Any) -> bool | None:
    """`a < b`."""
    found = order(a, b)
    return None if found is None else found < 0


def less_or_equal(a: Any, b: Any) -> bool | None:
    """`a <= b`."""
    found = order(a, b)
    return None if found is None else found <= 0


def in_range(value: Any, interval: Range) -> bool | None:
    """Whether a value lies in a range; null where they cannot be compared."""
    low: bool | None = True
    high: bool | None = True
    if type(value) is Decimal and type(interval.start) is Decimal and type(interval.end) is Decimal:
        low = interval.start <= value if interval.start_included else interval.start < value
        return low and (value <= interval.end if interval.end_included else value < interval.end)
    if interval.start is not None:
        low = less_or_equal(interval.start, value) if interval.start_included else less(interval.start, value)
    if interval.end is not None:
        high = less_or_equal(value, interval.end) if interval.end_included else less(value, interval.end)
    if interval.start is None and interval.end is None:
        return None
    if low is False or high is False:
        return False
    return None if low is None or high is None else True


def contains(items: list[Any], value: Any) -> bool:
    """Whether a list has an item equal to a value; null counts as equal to null."""
    return any(equal(normal(item), value) is True for item in items)


__all__ = [
    "DECIMAL",
    "DecimalException",
    "FunctionValue",
    "Range",
    "YearMonthDuration",
    "contains",
    "equal",
    "in_range",
    "kind_of",
    "less",
    "less_or_equal",
    "normal",
    "order",
]

"""`value.name`: entries of contexts, of lists of contexts, and the parts of dates, durations and ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import temporal
from engine.feel.values import kind_of, normal


def get(value: Any, name: str) -> Any:
    """`value.name`; null where there is no such thing."""
    if type(value) is dict:
        return normal(value.get(name))
    if value is None:
        return None
    if type(value) is list:
        return [get(normal(item), name) for item in value]
    kind = kind_of(value)
    if kind == "context":
        return entry(value, name)
    parts = _PARTS.get(kind)
    part = parts.get(name) if parts else None
    return part(value) if part else None


def entry(context: Mapping[str, Any], name: str) -> Any:
    """An entry of any Mapping, null where it is not there."""
    try:
        return normal(context[name])
    except KeyError:
        return None


def _offset(value: Any) -> Any:
    return temporal.offset_of(value)


def _zone(value: Any) -> str | None:
    zone = temporal.zone_of(value)
    return zone.key if isinstance(zone, ZoneInfo) else None


def weekday(day: temporal.AnyDate) -> int:
    """1 is Monday, 7 is Sunday."""
    return (temporal.day_number(day) + 6) % 7 + 1


def _of_date(read: Callable[[temporal.AnyDate], int]) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(read(temporal.date_of(value)))


def _of_time(read: Callable[[temporal.AnyTime], int | Decimal]) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(read(value if kind_of(value) == "time" else temporal.time_of(value)))


def _of_span(divisor: int, around: int | None) -> Callable[[Any], Decimal]:
    """A part of a days and time duration, with the duration's sign."""

    def part(value: Any) -> Decimal:
        seconds = temporal.seconds_of(value)
        found = abs(seconds) // divisor if divisor > 1 else abs(seconds)
        found = found % around if around else found
        return -found if seconds < 0 and found else found

    return part


def _of_months(read: Callable[[int], int]) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(read(abs(value.months)) * (-1 if value.months < 0 else 1))


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": _of_date(lambda d: d.year),
    "month": _of_date(lambda d: d.month),
    "day": _of_date(lambda d: d.day),
    "weekday": _of_date(weekday),
}
_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": _of_time(lambda t: t.hour),
    "minute": _of_time(lambda t: t.minute),
    "second": _of_time(temporal.second_of),
    "time offset": _offset,
    "timezone": _zone,
}
_PARTS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "date": _DATE,
    "time": _TIME,
    "date and time": {**_DATE, **_TIME},
    "days and time duration": {
        "days": _of_span(temporal.DAY, None),
        "hours": _of_span(3600, 24),
        "minutes": _of_span(60, 60),
        "seconds": _of_span(1, 60),
    },
    "years and months duration": {
        "years": _of_months(lambda m: m // 12),
        "months": _of_months(lambda m: m % 12),
    },
    "range": {
        "start": lambda r: r.start,
        "end": lambda r: r.end,
        "start included": lambda r: r.start_included,
        "end included": lambda r: r.end_included,
    },
}

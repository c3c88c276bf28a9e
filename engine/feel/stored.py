"""Values as JSON and back without loss: numbers never become floats, dates and durations stay what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.temporal import FineTime, WideDate, WideDateTime, WideDuration, YearMonthDuration
from engine.feel.values import Range, normal

_SAFE = 2**53


def to_json(value: Any) -> Any:
    """What orjson can write: tagged objects for what JSON lacks. A function, or what is no value, becomes null."""
    if value is None or isinstance(value, bool | str):
        return value
    if type(value) is int and -_SAFE < value < _SAFE:
        return value
    if isinstance(value, Mapping):
        made = {str(key): to_json(item) for key, item in value.items()}
        return {"$context": made} if len(made) == 1 and next(iter(made)).startswith("$") else made
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return _tagged(normal(value))


def _tagged(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if isinstance(value, datetime | WideDateTime):
        return {"$dateTime": temporal.date_time_text(value)}
    if isinstance(value, date | WideDate):
        return {"$date": temporal.date_text(value)}
    if isinstance(value, time | FineTime):
        return {"$time": temporal.time_text(value)}
    if isinstance(value, timedelta | WideDuration):
        return {"$duration": temporal.duration_text(value)}
    if isinstance(value, YearMonthDuration):
        return {"$duration": temporal.year_month_text(value)}
    if isinstance(value, Range):
        ends = [to_json(value.start), to_json(value.end), value.start_included, value.end_included]
        return {"$range": ends}
    return None


def _range(parts: list[Any]) -> Range:
    return Range(from_json(parts[0]), from_json(parts[1]), bool(parts[2]), bool(parts[3]))


def _context(entries: dict[str, Any]) -> dict[str, Any]:
    return {key: from_json(item) for key, item in entries.items()}


_READ: dict[str, Callable[[Any], Any]] = {
    "$number": Decimal,
    "$date": temporal.read_date,
    "$time": temporal.read_time,
    "$dateTime": temporal.read_date_time,
    "$duration": temporal.read_duration,
    "$range": _range,
    "$context": _context,
}


def from_json(value: Any) -> Any:
    """The value that `to_json` wrote. Plain integers stay int; floats become exact numbers."""
    if isinstance(value, float):
        return normal(value)
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        tag, content = next(iter(value.items()))
        if tag in _READ:
            return _READ[tag](content)
    return {key: from_json(item) for key, item in value.items()}

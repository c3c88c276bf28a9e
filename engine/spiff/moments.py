"""When a timer fires: from what its expression gives to an instant (H8, H9, H15)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine import clock
from engine.feel import YearMonthDuration

_DURATION = re.compile(
    r"(?P<sign>-?)P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?")


def literal(text: str) -> bool:
    """Whether a timer's text is a bare ISO 8601 literal and not FEEL."""
    return bool(_DURATION.fullmatch(text) or _DATE.fullmatch(text))


def moment(value: Any, now: datetime) -> datetime:
    """The UTC instant that a value means: a span counts from `now`, a plain date is 00:00 at the office,
    a date-time without a zone is the office's. Raises ValueError where the value is none of these."""
    if isinstance(value, str):
        return _read(value.strip(), now)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return clock.start_of_day(value)
    if isinstance(value, timedelta):
        return now + value
    if isinstance(value, YearMonthDuration):
        return _months_later(now, value.months)
    raise ValueError(value)


def _instant(value: datetime) -> datetime:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=clock.office_zone())
    return aware.astimezone(UTC)


def _months_later(now: datetime, months: int) -> datetime:
    """The same day and time of a later month by the office's calendar; a 31st that is missing is the last."""
    local = now.astimezone(clock.office_zone())
    count = local.year * 12 + local.month - 1 + months
    year, month = count // 12, count % 12 + 1
    day = min(local.day, monthrange(year, month)[1])
    return _instant(local.replace(year=year, month=month, day=day, tzinfo=None))


def _read(text: str, now: datetime) -> datetime:
    found = _DURATION.fullmatch(text)
    if found is None:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        if len(text) == 10:
            return clock.start_of_day(date.fromisoformat(text))
        return _instant(datetime.fromisoformat(text))
    part = {name: float(value) for name, value in found.groupdict().items() if name != "sign" and value}
    sign = -1 if found["sign"] else 1
    months = int(part.pop("years", 0) * 12 + part.pop("months", 0))
    start = _months_later(now, sign * months) if months else now
    return start + sign * timedelta(**part)

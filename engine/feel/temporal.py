"""Dates, times, date-times and durations: reading, writing and making them.

Python's own classes carry what they can. Years outside 1–9999, fractions finer than a microsecond and spans
of millions of years are in FEEL's domain but not in theirs: such values, and only they, are Wide… and FineTime.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

MAX_YEAR = 999_999_999
MAX_MONTHS = 10**12
MAX_SECONDS = Decimal(10**18)
DAY = 86_400
_WINTER = datetime(2000, 1, 1)  # noqa: DTZ001 – what utcoffset() is asked about is local


@dataclass(frozen=True, order=True, slots=True)
class YearMonthDuration:
    """A years and months duration, as its number of months."""

    months: int

    def __str__(self) -> str:
        return year_month_text(self)


@dataclass(frozen=True, order=True, slots=True)
class WideDate:
    """A date whose year Python's `date` cannot hold."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time whose seconds Python's `time` cannot hold."""

    hour: int
    minute: int
    second: Decimal
    tzinfo: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date-time of a WideDate or a FineTime."""

    date: AnyDate
    time: AnyTime


@dataclass(frozen=True, order=True, slots=True)
class WideDuration:
    """A days and time duration that Python's `timedelta` cannot hold, in seconds."""

    seconds: Decimal


AnyDate = date | WideDate
AnyTime = time | FineTime
AnyDateTime = datetime | WideDateTime
Span = timedelta | WideDuration
Duration = YearMonthDuration | Span

# -- making values; None where there is no such value


def make_date(year: int, month: int, day: int) -> AnyDate | None:
    """The date of these numbers."""
    if 1 <= year <= 9999:
        try:
            return date(year, month, day)
        except ValueError:
            return None
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return WideDate(year, month, day)


def make_time(hour: int, minute: int, second: Decimal, zone: tzinfo | None = None) -> AnyTime | None:
    """The time of these numbers."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second < 60):
        return None
    micro = second * 1_000_000
    if micro == int(micro):
        whole, rest = divmod(int(micro), 1_000_000)
        return time(hour, minute, whole, rest, zone)
    return FineTime(hour, minute, second, zone)


def make_date_time(day: AnyDate, at: AnyTime) -> AnyDateTime | None:
    """The date-time of a date and a time."""
    if isinstance(day, date) and isinstance(at, time):
        return datetime.combine(day, at)
    return WideDateTime(day, at)


def midnight(day: AnyDate) -> AnyDateTime:
    """The date-time that a date counts as where one is wanted: its midnight in UTC."""
    at = time(tzinfo=UTC)
    return datetime.combine(day, at) if isinstance(day, date) else WideDateTime(day, at)


def days_in_month(year: int, month: int) -> int:
    """28 to 31, in the Gregorian calendar of any year."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


# -- components, of Python's classes and ours alike


def date_of(value: AnyDateTime | AnyDate) -> AnyDate:
    """The date of a date or date-time."""
    if isinstance(value, WideDateTime):
        return value.date
    return value.date() if isinstance(value, datetime) else value


def time_of(value: AnyDateTime) -> AnyTime:
    """The time of a date-time, with its zone."""
    return value.time if isinstance(value, WideDateTime) else value.timetz()


def zone_of(value: AnyDateTime | AnyTime) -> tzinfo | None:
    """The zone of a time or date-time."""
    return value.time.tzinfo if isinstance(value, WideDateTime) else value.tzinfo


def second_of(value: AnyTime) -> Decimal:
    """The seconds with their fraction."""
    if isinstance(value, FineTime):
        return value.second
    return (
        Decimal(value.second) + Decimal(value.microsecond) / 1_000_000
        if value.microsecond
        else Decimal(value.second)
    )


def day_number(value: AnyDate) -> int:
    """Days from 0001-01-01 (which is 1), in the proleptic calendar."""
    if isinstance(value, date):
        return value.toordinal()
    cycles, year = divmod(value.year - 1, 400)
    return cycles * 146_097 + date(year + 1, value.month, value.day).toordinal()


def from_day_number(number: int) -> AnyDate | None:
    """The date of a day number."""
    cycles, rest = divmod(number - 1, 146_097)
    found = date.fromordinal(rest + 1)
    return make_date(found.year + cycles * 400, found.month, found.day)


def time_seconds(value: AnyTime) -> Decimal:
    """Seconds since midnight, as the clock shows."""
    return value.hour * 3600 + value.minute * 60 + second_of(value)


def time_from_seconds(seconds: Decimal, zone: tzinfo | None) -> AnyTime | None:
    """The time so many seconds after midnight, around the clock."""
    rest = seconds % DAY
    if rest < 0:
        rest += DAY
    minutes, second = divmod(rest, 60)
    return make_time(int(minutes) // 60, int(minutes) % 60, second, zone)


def offset_of(value: AnyDateTime | AnyTime) -> timedelta | None:
    """The offset from UTC; of a named zone's time of day, the one in its winter."""
    zone = zone_of(value)
    if zone is None:
        return None
    if isinstance(value, datetime):
        return value.utcoffset()
    if isinstance(value, WideDateTime):
        year = min(max(date_of(value).year, 1971), 9998)
        return datetime(
            year, value.date.month, min(value.date.day, 28), value.time.hour, tzinfo=zone
        ).utcoffset()
    return zone.utcoffset(_WINTER)


def instant(value: AnyDateTime, zone: tzinfo | None = None) -> Decimal:
    """Seconds from the first day, in UTC where the value (or else `zone`) has an offset."""
    at = time_of(value)
    seconds = Decimal(day_number(date_of(value))) * DAY + time_seconds(at)
    offset = offset_of(value)
    if offset is None and zone is not None and isinstance(value, datetime):
        offset = value.replace(tzinfo=zone).utcoffset()
    return seconds - seconds_of(offset) if offset else seconds


def from_instant(seconds: Decimal, zone: tzinfo | None) -> AnyDateTime | None:
    """The date-time of `instant`'s seconds, as the clocks of `zone` show it."""
    local = seconds
    if zone is not None:
        local += seconds_of(_offset_at(seconds, zone))
    days, rest = divmod(local, DAY)
    if rest < 0:
        days, rest = days - 1, rest + DAY
    day, at = from_day_number(int(days)), time_from_seconds(rest, zone)
    return make_date_time(day, at) if day is not None and at is not None else None


def _offset_at(seconds: Decimal, zone: tzinfo) -> timedelta:
    try:
        moment = datetime(1, 1, 2, tzinfo=UTC) + timedelta(seconds=float(seconds // 1 - 2 * DAY))
        return moment.astimezone(zone).utcoffset() or timedelta()
    except (OverflowError, ValueError):
        return zone.utcoffset(_WINTER) or timedelta()


def seconds_of(duration: Span) -> Decimal:
    """A days and time duration as seconds, exactly."""
    if isinstance(duration, WideDuration):
        return duration.seconds
    whole = duration.days * DAY + duration.seconds
    return (
        Decimal(whole) + Decimal(duration.microseconds) / 1_000_000
        if duration.microseconds
        else Decimal(whole)
    )


def duration_of(seconds: Decimal) -> Span | None:
    """Seconds as a days and time duration."""
    if abs(seconds) > MAX_SECONDS:
        return None
    micro = seconds * 1_000_000
    if micro == int(micro):
        try:
            return timedelta(microseconds=int(micro))
        except OverflowError:
            pass  # more days than a timedelta has
    return WideDuration(seconds)


# -- reading

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)")
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:([Zz]|[+-]\d\d:\d\d(?::\d\d)?)|@([A-Za-z0-9_+\-/]+))?")
_YEARS = re.compile(r"(-)?P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?")
_DAYS = re.compile(r"(-)?P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def read_date(text: str) -> AnyDate | None:
    """An xs:date without zone."""
    match = _DATE.fullmatch(text)
    return make_date(int(match[1]), int(match[2]), int(match[3])) if match and text.isascii() else None


def read_time(text: str) -> AnyTime | None:
    """An xs:time, or a local time with @ and the name of a zone."""
    match = _TIME.fullmatch(text)
    if match is None or not text.isascii():
        return None
    zone: tzinfo | None = None
    if match[4]:
        zone = read_offset(match[4])
    elif match[5]:
        zone = named_zone(match[5])
    if zone is None and (match[4] or match[5]):
        return None
    return make_time(int(match[1]), int(match[2]), Decimal(match[3]), zone)


def read_date_time(text: str) -> AnyDateTime | None:
    """A date, T and a time; a date alone is its midnight."""
    day, sign, rest = text.partition("T")
    found = read_date(day)
    at = read_time(rest) if sign else time()
    return make_date_time(found, at) if found is not None and at is not None else None


def read_offset(text: str) -> tzinfo | None:
    """Z or ±hh:mm, up to 14 hours (XML Schema) and with seconds where given."""
    if text in "Zz":
        return UTC
    parts = [int(p) for p in text[1:].split(":")]
    seconds = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)
    if parts[1] > 59 or (len(parts) > 2 and parts[2] > 59):
        return None
    return fixed_zone(-seconds if text[0] == "-" else seconds)


def fixed_zone(seconds: int) -> tzinfo | None:
    """The zone of an offset; None beyond 14 hours."""
    if abs(seconds) > 14 * 3600:
        return None
    return timezone(timedelta(seconds=seconds)) if seconds else UTC


@lru_cache(maxsize=600)
def named_zone(name: str) -> ZoneInfo | None:
    """The IANA zone of a name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def read_duration(text: str) -> Duration | None:
    """Either kind of duration."""
    if not text.isascii() or len(text) > 100:
        return None
    match = _YEARS.fullmatch(text)
    if match:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearMonthDuration(-months if match[1] else months) if months <= MAX_MONTHS else None
    match = _DAYS.fullmatch(text)
    if match is None:
        return None
    seconds = (
        int(match[2] or 0) * DAY
        + int(match[3] or 0) * 3600
        + int(match[4] or 0) * 60
        + Decimal(match[5] or 0)
    )
    return duration_of(Decimal(-seconds if match[1] else seconds))


def read_any(text: str) -> AnyDate | AnyTime | AnyDateTime | Duration | None:
    """What an @-literal names."""
    if "P" in text[:2]:
        return read_duration(text)
    if "T" in text:
        return read_date_time(text)
    return read_time(text) if ":" in text else read_date(text)


# -- writing


def date_text(value: AnyDate) -> str:
    """As xs:date."""
    if isinstance(value, date):
        return date.isoformat(value) if not isinstance(value, datetime) else value.date().isoformat()
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def time_text(value: AnyTime) -> str:
    """As xs:time, or with @ and the zone's name."""
    second = second_of(value)
    whole = int(second)
    fraction = f"{second - whole:f}"[1:].rstrip("0").rstrip(".") if second != whole else ""
    return f"{value.hour:02d}:{value.minute:02d}:{whole:02d}{fraction}{zone_text(value)}"


def zone_text(value: AnyDateTime | AnyTime) -> str:
    """Z, ±hh:mm, @name or nothing."""
    zone = zone_of(value)
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    seconds = int((offset_of(value) or timedelta()).total_seconds())
    if seconds == 0:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    tail = f":{rest:02d}" if rest else ""
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}{tail}"


def date_time_text(value: AnyDateTime) -> str:
    """As xs:dateTime, or with @ and the zone's name."""
    return f"{date_text(date_of(value))}T{time_text(time_of(value))}"


def year_month_text(value: YearMonthDuration) -> str:
    """As xs:yearMonthDuration: P1Y2M."""
    years, months = divmod(abs(value.months), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.months < 0 else "") + "P" + (body or "0M")


def duration_text(value: Span) -> str:
    """As xs:dayTimeDuration: P1DT2H."""
    total = seconds_of(value)
    rest = abs(total)
    days, rest = divmod(rest, DAY)
    hours, rest = divmod(rest, 3600)
    minutes, second = divmod(rest, 60)
    seconds = f"{second:f}".rstrip("0").rstrip(".") if second != int(second) else str(int(second))
    clock = "".join(f"{int(n)}{u}" for n, u in ((hours, "H"), (minutes, "M")) if n) + (
        f"{seconds}S" if second else ""
    )
    body = (f"{int(days)}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if total < 0 else "") + "P" + (body or "T0S")

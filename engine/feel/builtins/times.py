"""Dates, times and durations: conversion (DMN 1.5, table 72) and temporal functions (tables 79, 82)."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta, tzinfo
from decimal import Decimal
from typing import Any

from engine import clock
from engine.feel import temporal
from engine.feel.builtins.registry import builtin, whole
from engine.feel.frames import MISSING
from engine.feel.properties import weekday
from engine.feel.temporal import YearMonthDuration
from engine.feel.values import kind_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("date", "from: string", result="date")
def date_from_text(text: str) -> Any:
    return temporal.read_date(text)


@builtin("date", "from: day", result="date")
def date_from(value: Any) -> Any:
    return temporal.date_of(value)


@builtin("date", "year: number", "month: number", "day: number", result="date")
def date(year: Decimal, month: Decimal, day: Decimal) -> Any:
    parts = [whole(year), whole(month), whole(day)]
    return None if None in parts else temporal.make_date(*parts)  # type: ignore[arg-type]


@builtin("date and time", "from: string", result="date and time")
def date_time_from_text(text: str) -> Any:
    return temporal.read_date_time(text)


@builtin("date and time", "from: day", result="date and time")
def date_time_from(value: Any) -> Any:
    return value if kind_of(value) == "date and time" else temporal.midnight(value)


@builtin("date and time", "date: day", "time: time", result="date and time")
def date_and_time(day: Any, at: Any) -> Any:
    return temporal.make_date_time(temporal.date_of(day), at)


@builtin("date and time", "date and time: date and time", "timezone: string", result="date and time")
def in_zone(moment: Any, name: str) -> Any:
    """The same instant as the clocks of a zone show it."""
    zone = temporal.named_zone(name)
    if zone is None or temporal.zone_of(moment) is None:
        return None
    return temporal.from_instant(temporal.instant(moment), zone)


@builtin("time", "from: string", result="time")
def time_from_text(text: str) -> Any:
    return temporal.read_time(text.removeprefix("T"))


@builtin("time", "from: day or time", result="time")
def time_from(value: Any) -> Any:
    kind = kind_of(value)
    if kind == "time":
        return value
    return temporal.time_of(temporal.midnight(value) if kind == "date" else value)


@builtin(
    "time",
    "hour: number",
    "minute: number",
    "second: number",
    "offset: days and time duration|null?",
    result="time",
)
def time(hour: Decimal, minute: Decimal, second: Decimal, offset: Any = MISSING) -> Any:
    zone: tzinfo | None = None
    if isinstance(offset, timedelta):
        zone = temporal.fixed_zone(int(offset.total_seconds()))
        if zone is None:
            return None
    hours, minutes = whole(hour), whole(minute)
    return None if hours is None or minutes is None else temporal.make_time(hours, minutes, second, zone)


@builtin("duration", "from: string")
def duration_from_text(text: str) -> Any:
    return temporal.read_duration(text)


@builtin("duration", "from: span")
def duration_from(value: Any) -> Any:
    return value


@builtin("years and months duration", "from: day", "to: day", result="years and months duration")
def years_and_months(start: Any, end: Any) -> Any:
    """Whole months between two days; of date-times their dates count."""
    a, b = temporal.date_of(start), temporal.date_of(end)
    months = (b.year - a.year) * 12 + b.month - a.month
    if months > 0 and b.day < a.day:
        months -= 1
    elif months < 0 and b.day > a.day:
        months += 1
    return YearMonthDuration(months)


@builtin("day of year", "date: day", result="number")
def day_of_year(value: Any) -> Decimal:
    day = temporal.date_of(value)
    first = temporal.make_date(day.year, 1, 1)
    return Decimal(temporal.day_number(day) - temporal.day_number(first) + 1)  # type: ignore[arg-type]


@builtin("day of week", "date: day", result="string")
def day_of_week(value: Any) -> str:
    return _DAYS[weekday(temporal.date_of(value)) - 1]


@builtin("month of year", "date: day", result="string")
def month_of_year(value: Any) -> str:
    return _MONTHS[temporal.date_of(value).month - 1]


@builtin("week of year", "date: day", result="number")
def week_of_year(value: Any) -> Decimal:
    """By ISO 8601; the calendar repeats every 400 years."""
    day = temporal.date_of(value)
    return Decimal(Date((day.year - 1) % 400 + 401, day.month, day.day).isocalendar().week)


@builtin("now", result="date and time")
def now() -> Any:
    """The present instant as the office's clock shows it."""
    return clock.now().astimezone(clock.office_zone())


@builtin("today", result="date")
def today() -> Any:
    """Today's date at the office."""
    return clock.today()

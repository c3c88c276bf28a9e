"""The one clock. Instants are aware and UTC; dates are the office's; tests and scenarios move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_zone_name = "Asia/Shanghai"
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_offset = timedelta(0)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC) + _offset


def today() -> date:
    """Today's date at the office."""
    return now().astimezone(office_zone()).date()


def set_office_zone(name: str) -> None:
    """Called once by the settings (OFFICE_TZ)."""
    global _zone_name
    ZoneInfo(name)
    _zone_name = name


@lru_cache(maxsize=4)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def office_zone() -> ZoneInfo:
    """The zone in which dates and deadlines are counted (section 0 rule 3)."""
    return _zone(_zone_name)


def start_of_day(day: date) -> datetime:
    """00:00 of `day` at the office, as a UTC instant."""
    return datetime.combine(day, time(), office_zone()).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first instant after `day`: 00:00 of the next day at the office, as UTC. "Until day D" is before it."""
    return start_of_day(day + timedelta(days=1))


def office_date(instant: datetime) -> date:
    """The office's date of an instant."""
    return instant.astimezone(office_zone()).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Within the block `now()` is `moment` (aware) until `move` is called. For tests and scenarios."""
    if moment.tzinfo is None:
        raise ValueError("frozen() wants an aware moment")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def move(by: timedelta | datetime) -> None:
    """Moves a frozen clock by a span, or to an instant. Raises RuntimeError where the clock is not frozen."""
    current = _frozen.get()
    if current is None:
        raise RuntimeError("the clock is not frozen")
    _frozen.set(by.astimezone(UTC) if isinstance(by, datetime) else current + by)


def set_offset(by: timedelta) -> None:
    """Shifts the running clock of this process: the tests of whole servers start them so."""
    global _offset
    _offset = by

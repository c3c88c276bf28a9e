"""The office calendar 工作日历: holidays, make-up working days 调休 and closures, kept as data.

Seeded from chinesecalendar for every office; a school adds closures of its own. Beyond the published years
Monday to Friday count as working days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import peewee
from chinese_calendar.constants import holidays, workdays

from engine import clock, feel
from engine.actors import Actor
from engine.errors import Sentence as S
from engine.models.base import Model
from engine.models.organisations import School, within_school
from engine.models.remembered import Remembered

#: Nobody plans further, and a loop over days must end.
MOST = 2_000

_school: ContextVar[Callable[[], int | None]] = ContextVar("calendar_school", default=lambda: None)

_counted: ContextVar[list[tuple[date, int]] | None] = ContextVar("calendar_counted", default=None)


class OfficeDay(Model):
    """A day that differs from its weekday: a holiday, a make-up working day, a closure of one school."""

    label = S("工作日历", "Office calendar")
    words: ClassVar = {
        "school": S("学校（空为全部）", "School (empty: all)"),
        "day": S("日期", "Day"),
        "works": S("上班", "Working day"),
        "name": S("名称", "Name"),
    }
    listed = ("day", "works", "name", "school")
    search = ("name",)

    school = peewee.ForeignKeyField(School, null=True, on_delete="CASCADE")
    day = peewee.DateField(index=True)
    works = peewee.BooleanField(default=False)
    name = peewee.CharField(max_length=50)

    class Meta:
        indexes = ((("school", "day"), True),)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        if actor.party_kind == "school":
            return cls.select().where(cls.school.is_null() | (cls.school == actor.school_id))
        return within_school(cls.select(), cls.school, actor)

    @classmethod
    def changeable_by(cls, actor: Actor) -> Any:
        """A school changes its own closures; what holds for every office is the province's and the system's."""
        if actor.party_kind == "school":
            return cls.select().where(cls.school == actor.school_id)
        return cls.visible_to(actor)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


OfficeDay.add_index(
    OfficeDay.index(
        OfficeDay.day, unique=True, where=OfficeDay.school.is_null(), name="office_day_once_for_all"
    )
)


def seed_calendar(since: int = 2024) -> None:
    """Puts in the published holidays and make-up days from `since` on, each year once: what somebody has changed
    or taken out since stays so. Caller is inside a step."""
    published: dict[int, list[dict[str, Any]]] = {}
    for source, works in ((holidays, False), (workdays, True)):
        for day, name in source.items():
            row = {"day": day, "works": works, "name": _NAMES.get(name, name) + ("调休" if works else "")}
            published.setdefault(day.year, []).append(row)
    noted = {row.name for row in Remembered.select(Remembered.name)}
    for year in sorted(published):
        name = f"calendar {year}"
        if year >= since and name not in noted and Remembered.first(name):
            OfficeDay.insert_many(published[year]).on_conflict_ignore().execute()


@contextmanager
def office_of(school: Callable[[], int | None]) -> Iterator[None]:
    """Within the block due dates count by the calendar of this school, asked for when one is needed."""
    token = _school.set(school)
    try:
        yield
    finally:
        _school.reset(token)


@contextmanager
def noting() -> Iterator[list[tuple[date, int]]]:
    """Within the block FEEL's countings of working days are noted: (from, n), to be explained."""
    noted: list[tuple[date, int]] = []
    token = _counted.set(noted)
    try:
        yield noted
    finally:
        _counted.reset(token)


def working_days(start: date, count: int) -> date:
    """The `count`-th working day after `start` (negative: before). One query. Raises ValueError over 1,000."""
    return _walk(start, count)[0]


def explain(start: date, count: int) -> S:
    """Why a due date falls where it falls: the working days counted and the days that were left out."""
    end, closed = _walk(start, count)
    zh = (
        f"应在 {end.month} 月 {end.day} 日 23:59 前办完："
        f"{start.month} 月 {start.day} 日之后的第 {count} 个工作日"
    )
    en = f"Due by the end of {_english(end)}: working day {count} after {_english(start)}"
    if closed:
        zh += f"（{'、'.join(_spans(closed))}，不上班）"
        en += f" (closed: {', '.join(_english(day) for day, _ in sorted(closed))})"
    return S(zh, en)


def _english(day: date) -> str:
    return f"{day.day} {day:%b}"


def _spans(closed: list[tuple[date, str]]) -> list[str]:
    """Days in a row that bear one name as one span: 10 月 1 日至 7 日国庆节."""
    spans: list[tuple[date, date, str]] = []
    for day, name in sorted(closed):
        if spans and spans[-1][2] == name and day - spans[-1][1] == timedelta(days=1):
            spans[-1] = (spans[-1][0], day, name)
        else:
            spans.append((day, day, name))
    texts = []
    for first, last, name in spans:
        until = (
            ""
            if first == last
            else f"至 {last.day if last.month == first.month else f'{last.month} 月 {last.day}'} 日"
        )
        texts.append(f"{first.month} 月 {first.day} 日{until}{name}")
    return texts


def _walk(start: date, count: int) -> tuple[date, list[tuple[date, str]]]:
    if abs(count) > MOST // 2:
        raise ValueError("at most 1,000 working days")
    step = timedelta(days=1 if count >= 0 else -1)
    reach = timedelta(days=abs(count) * 2 + 60) * (1 if count >= 0 else -1)
    special = _special(min(start, start + reach), max(start, start + reach))
    day, left = start, abs(count)
    closed: list[tuple[date, str]] = []
    for _ in range(MOST * 2):
        if left == 0:
            return day, closed
        day += step
        works, name = special.get(day, (day.weekday() < 5, ""))
        if works:
            left -= 1
        elif name:
            closed.append((day, name))
    raise ValueError("the calendar has no working days")


def _special(first: date, last: date) -> dict[date, tuple[bool, str]]:
    school = _school.get()()
    query = OfficeDay.select(OfficeDay.day, OfficeDay.works, OfficeDay.name, OfficeDay.school).where(
        OfficeDay.day.between(first, last) & (OfficeDay.school.is_null() | (OfficeDay.school == school))
    )
    rows = sorted(query, key=lambda row: row.school_id is not None)
    return {row.day: (row.works, row.name) for row in rows}


def _feel_working_days(start: Any, count: Any) -> date | None:
    """`working days(from, n)`: the n-th working day after a date (or the office's date of an instant)."""
    if isinstance(start, datetime):
        start = clock.office_date(start) if start.tzinfo else start.date()
    if not isinstance(start, date) or not isinstance(count, int | Decimal) or count != int(count):
        return None
    noted = _counted.get()
    if noted is not None:
        noted.append((start, int(count)))
    return working_days(start, int(count))


feel.register("working days", _feel_working_days, {"from": "date|date and time", "n": "number"}, "date")

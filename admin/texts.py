"""How instants, spans and counts are said: template filters, in the reader's language and the office's zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from admin import door
from admin.words import gettext as _
from admin.words import ngettext
from engine import clock

#: Counts stop here: 1000 means "more".
CAP = 999


def moment(at: datetime | None) -> str:
    """An instant: today and yesterday by word, else the day; the year where it is another one."""
    if at is None:
        return ""
    local, today = at.astimezone(clock.office_zone()), clock.today()
    hour = f"{local:%H:%M}"
    if local.date() == today:
        return _("今天 %(time)s", time=hour)
    if local.date() == today - timedelta(days=1):
        return _("昨天 %(time)s", time=hour)
    return f"{day(local.date())} {hour}"


def until(at: datetime | None) -> str:
    """The last minute of a deadline: one at 00:00 is the end of the day before."""
    return "" if at is None else moment(at - timedelta(seconds=1))


def day(at: date | datetime | None) -> str:
    """A day of the office."""
    if at is None:
        return ""
    if isinstance(at, datetime):
        at = at.astimezone(clock.office_zone()).date()
    if door.locale() == "en":
        return f"{at.day} {at:%b}" if at.year == clock.today().year else f"{at.day} {at:%b %Y}"
    if at.year == clock.today().year:
        return _("%(month)s 月 %(day)s 日", month=at.month, day=at.day)
    return _("%(year)s 年 %(month)s 月 %(day)s 日", year=at.year, month=at.month, day=at.day)


def span(length: timedelta | None) -> str:
    """A span in its largest unit; below a minute 1 分钟内 (it stands after 已等, 用时)."""
    if length is None:
        return ""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 1:
        return _("1 分钟内")
    if minutes < 60:
        return ngettext("%(num)s 分钟", "%(num)s 分钟", minutes)
    if minutes < 24 * 60:
        return ngettext("%(num)s 小时", "%(num)s 小时", minutes // 60)
    return ngettext("%(num)s 天", "%(num)s 天", minutes // 1440)


def due(at: datetime | None) -> tuple[str, str]:
    """A deadline in words and the class that colours it: over, soon or none."""
    if at is None:
        return "", ""
    left = at - clock.now()
    if left <= timedelta(0):
        return _("逾期 %(span)s", span=span(left)), "over"
    # A deadline at 00:00 is the end of the day before.
    last = (at - timedelta(seconds=1)).astimezone(clock.office_zone())
    today = clock.today()
    if last.date() == today:
        return _("今天 %(time)s", time=f"{last:%H:%M}"), "soon"
    if (last.date() - today).days < 7:
        return weekday(last.date()), ""
    return day(last.date()), ""


_DAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))


def weekday(at: date) -> str:
    """周三, from Monday to Sunday."""
    return str(_DAYS[at.weekday()])


def capped(count: int | None) -> str:
    """A count that stops at 999+."""
    if count is None:
        return ""
    return f"{CAP}+" if count > CAP else str(count)


def joined(names: Iterable[str]) -> str:
    """Several names in a row: 甲、乙."""
    return (", " if door.locale() == "en" else "、").join(names)


def register(app: Flask) -> None:
    """Makes the functions filters of the templates."""
    app.jinja_env.filters.update(
        moment=moment, until=until, day=day, span=span, capped=capped, weekday=weekday, joined=joined
    )

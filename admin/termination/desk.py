"""解约办理 of an employer (E-15): what students have asked for, and whose signing could be ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin import door, paging, theme
from admin.door import Answer, actor, as_file, page
from admin.termination import rows
from admin.termination.room import termination
from admin.termination.rows import Standing, Where
from admin.termination.words import chip
from engine import clock, db
from engine.actors import Actor
from engine.errors import NotFound
from engine.models.organisations import Major, School, Student
from engine.models.people import AuditEntry
from engine.models.signing import PLAIN, Agreement
from engine.models.termination import ASKED, OPEN, Termination
from reports import excel

TABS = ("asked", "signed")


@termination.get("/termination/desk")
def desk() -> Answer:
    asks = _employer()
    tab = request.args.get("tab", "asked")
    tab = tab if tab in TABS else "asked"
    if tab == "asked":
        found = paging.page_of(_asked(asks), [Termination.id], request.args)
        shown = _asked_rows(found.rows, asks)
    else:
        found = paging.page_of(_signed(asks), [Agreement.id], request.args)
        shown = [_signed_row(one, asks) for one in rows.standing_of(found.rows, asks)]
    words = {"asked": _("学生提出解约待办理"), "signed": _("已签约成功学生")}
    counts = {
        "asked": paging.counted(_asked(asks), Termination.id),
        "signed": paging.counted(_signed(asks), Agreement.id),
    }
    return page(
        "termination/desk.html",
        tab=tab,
        tabs=[
            {
                "label": words[name],
                "url": url_for("termination.desk", tab=name),
                "count": counts[name],
                "current": name == tab,
            }
            for name in TABS
        ],
        rows=shown,
        total=counts[tab],
        prev_url=url_for("termination.desk", tab=tab, before=found.before) if found.before else None,
        next_url=url_for("termination.desk", tab=tab, after=found.after) if found.after else None,
        export_url=url_for("termination.export"),
    )


@termination.get("/termination/desk/export")
def export() -> Answer:
    """已签约成功学生列表 as a file; leaves a line in the audit log."""
    asks = _employer()
    with db.step():
        AuditEntry.write(asks, "export", None, model="agreement", list="signed")
    columns = [
        excel.Column(words, width)
        for words, width in (
            (_("院校名称"), 24), (_("姓名"), 12), (_("专业"), 24), (_("拟聘用职位"), 20),
            (_("协议书编号"), 20), (_("签约时间"), 14), (_("解约状态"), 20),
        )
    ]  # fmt: skip
    file = excel.xlsx(columns, _lines(asks), title=_("已签约成功学生"), locale=door.locale())
    answer = Response(excel.chunks(file), mimetype=excel.MEDIA_XLSX)
    name = f"{_('已签约成功学生')}-{clock.today().isoformat()}.xlsx"
    return as_file(answer, name)


def _lines(asks: Actor) -> Iterator[list[Any]]:
    names = ("school", "name", "major", "position", "number", "signed_on")
    for batch in paging.batches(_signed(asks), [Agreement.id]):
        for one in rows.standing_of(batch, asks):
            shown = _signed_row(one, asks)
            state = shown["state"].text if shown["state"] is not None else ""
            yield [*[shown[name] for name in names], state]


def _employer() -> Actor:
    asks = actor()
    if asks.party_kind != "employer":
        raise NotFound()
    return asks


def _asked(asks: Actor) -> Any:
    """学生提出解约待办理列表."""
    return (
        Termination.select(Termination, Agreement, Student, School)
        .join(Agreement)
        .switch(Termination)
        .join(Student)
        .join(School)
        .where(
            Agreement.employer.in_(asks.parties("employer"))
            & (Termination.asked_by == "student")
            & Termination.state.in_(ASKED)
        )
    )


def asked_count(asks: Actor) -> int:
    """解约待办: requests of students that wait for the employer; stops at 1000."""
    return paging.counted(_asked(asks), Termination.id)


def _signed(asks: Actor) -> Any:
    """已签约成功学生列表: passed by the school, and the student has not asked for a termination (rule 3)."""
    asked = Termination.select(Termination.agreement).where(
        (Termination.asked_by == "student") & Termination.state.in_(OPEN)
    )
    return (
        Agreement.select(*PLAIN, Student, School, Major)
        .join(Student)
        .join(School)
        .switch(Student)
        .join(Major)
        .where(
            Agreement.employer.in_(asks.parties("employer"))
            & (Agreement.state == "effective")
            & Agreement.id.not_in(asked)
        )
    )


def _asked_rows(found: list[Termination], asks: Actor) -> list[dict[str, Any]]:
    where = Where.of(found, asks)
    return [
        {
            "name": row.student.name,
            "school": row.student.school.name,
            "position": row.agreement.position,
            "number": row.agreement.number,
            "reason": row.reason,
            "asked_on": theme.stamp(row.asked_at)[:10],
            "state": chip(row, asks),
            "url": where.task_url(row) or where.case_url(row),
        }
        for row in found
    ]


def _signed_row(one: Standing, asks: Actor) -> dict[str, Any]:
    row = one.agreement
    return {
        "id": row.id,
        "name": row.student.name,
        "school": row.student.school.name,
        "major": row.student.major.name,
        "position": row.position,
        "number": row.number,
        "signed_on": theme.stamp(row.signed_at)[:10],
        "may_ask": one.may_ask,
        "why": None if one.may_ask or one.open else _("解约机会已经用过"),
        "state": chip(one.ending, asks) if one.open and one.ending is not None else None,
        "case_url": one.case_url if one.open else None,
        "details_url": url_for("signing.agreement_details", agreement_id=row.id),
        "agreement_url": url_for("signing.agreement", agreement_id=row.id),
    }

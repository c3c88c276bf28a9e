"""解约 at the school's office: every request of its students, what waits for its audit first (O-03)."""

from __future__ import annotations

from typing import Any

import peewee
from flask import request, url_for
from flask_babel import gettext as _

from admin import paging, theme
from admin.door import Answer, actor, page
from admin.termination.room import termination
from admin.termination.rows import Where
from admin.termination.words import asked_by, chip
from engine.actors import Actor
from engine.errors import NotFound
from engine.models.organisations import Employer, Student
from engine.models.signing import Agreement
from engine.models.termination import ASKED, Termination

TABS = {"audit": ("waiting_audit",), "open": ASKED, "done": ("done",), "all": None}


@termination.get("/termination/office")
def office() -> Answer:
    asks = actor()
    if asks.party_kind != "school":
        raise NotFound()
    tab = request.args.get("tab", "audit")
    tab = tab if tab in TABS else "audit"
    found = paging.page_of(_in_tab(asks, tab), [Termination.id], request.args)
    where = Where.of(found.rows, asks)
    words = {"audit": _("待审核"), "open": _("待解约"), "done": _("已解约"), "all": _("全部")}
    return page(
        "termination/office.html",
        tabs=[
            {
                "label": words[name],
                "url": url_for("termination.office", tab=name),
                "count": paging.counted(_in_tab(asks, name), Termination.id),
                "current": name == tab,
            }
            for name in TABS
        ],
        rows=[_row(row, asks, where) for row in found.rows],
        prev_url=url_for("termination.office", tab=tab, before=found.before) if found.before else None,
        next_url=url_for("termination.office", tab=tab, after=found.after) if found.after else None,
    )


def _in_tab(asks: Actor, tab: str) -> Any:
    query = (
        Termination.select(Termination, Agreement, Employer, Student)
        .join(Agreement)
        .join(Employer, peewee.JOIN.LEFT_OUTER)
        .switch(Termination)
        .join(Student)
        .where(Termination.school.in_(asks.parties("school")))
    )
    states = TABS[tab]
    return query if states is None else query.where(Termination.state.in_(states))


def _row(row: Termination, asks: Actor, where: Where) -> dict[str, Any]:
    return {
        "student": row.student.name,
        "student_number": row.student.student_number,
        "employer": row.agreement.employer.name if row.agreement.employer is not None else "",
        "asked_by": asked_by(row),
        "asked_on": theme.stamp(row.asked_at)[:10],
        "reason": row.reason,
        "state": chip(row, asks),
        "url": where.task_url(row) or where.case_url(row),
    }

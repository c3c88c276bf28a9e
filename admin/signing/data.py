"""数据管理 (E-16): all records of an employer in five tabs, filtered, paged by key, and as an Excel file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from admin import door, theme
from admin.crud.listing import Filter, day_of, starts_with
from admin.door import Answer, actor, as_file, page
from admin.signing import finding, records
from admin.signing.room import signing
from admin.signing.words import answer_chip, audit_chip, code_words, ending_note
from engine import clock, codes, db
from engine.actors import Actor
from engine.errors import NotFound
from engine.models.organisations import Major, Student
from engine.models.people import AuditEntry
from engine.models.signing import Invitation
from reports import excel

FILTERS = ("q", "school", "year", "level", "major", "invited__from", "invited__to")


@signing.get("/signing/data")
def data() -> Answer:
    asks = _employer()
    kept = _kept()
    query = _filtered(records.visible(asks), kept)
    tab = _tab(request.args)
    found = records.page_of(records.in_tab(query, tab), request.args)
    counts = {name: records.counted(records.in_tab(query, name)) for name in records.TABS}
    return page(
        "signing/data.html",
        tabs=[
            {"label": label, "url": _url(kept, tab=name), "count": counts[name], "current": name == tab}
            for name, label in _tab_words().items()
        ],
        filters=_filters(kept, tab),
        kept=[("tab", tab), *kept.items()],
        search=kept.get("q", ""),
        rows=[_row(row, asks) for row in found.rows],
        prev_url=_url(kept, tab=tab, before=found.before) if found.before else None,
        next_url=_url(kept, tab=tab, after=found.after) if found.after else None,
        total=counts[tab],
        export_url=url_for("signing.export") + "?" + urlencode({"tab": tab, **kept}),
    )


@signing.get("/signing/data/export")
def export() -> Answer:
    """The filtered list as a file; leaves a line in the audit log."""
    asks = _employer()
    kept, tab = _kept(), _tab(request.args)
    query = records.in_tab(_filtered(records.visible(asks), kept), tab)
    with db.step():
        AuditEntry.write(asks, "export", None, model="invitation", tab=tab, query=kept)
    file = excel.xlsx(_columns(), _lines(query, asks), title=_("签约记录"), locale=door.locale())
    answer = Response(excel.chunks(file), mimetype=excel.MEDIA_XLSX)
    name = f"{_('签约记录')}-{clock.today().isoformat()}.xlsx"
    return as_file(answer, name)


def _employer() -> Actor:
    asks = actor()
    if asks.party_kind != "employer":
        raise NotFound()
    return asks


def _tab(args: MultiDict[str, str]) -> str:
    return args["tab"] if args.get("tab") in records.TABS else "all"


def _tab_words() -> dict[str, str]:
    return {
        "all": _("全部"),
        "waiting": _("待应约"),
        "signed": _("已应约"),
        "ending": _("待解约"),
        "ended": _("已解约"),
    }


def _kept() -> dict[str, str]:
    """The conditions in force; what is empty or nonsense is dropped."""
    asked = {name: request.args.get(name, "").strip()[:50] for name in FILTERS}
    levels = dict(codes.choices("education_level"))
    holds = {
        "school": asked["school"].isdecimal() and len(asked["school"]) < 10,
        "year": asked["year"].isdecimal() and len(asked["year"]) == 4,
        "level": asked["level"] in levels,
        "invited__from": day_of(asked["invited__from"]) is not None,
        "invited__to": day_of(asked["invited__to"]) is not None,
    }
    return {name: value for name, value in asked.items() if value and holds.get(name, True)}


def _filtered(query: Any, kept: dict[str, str]) -> Any:
    if "q" in kept:
        query = query.where(starts_with(Student.name, kept["q"]))
    if "school" in kept:
        query = query.where(Invitation.school == int(kept["school"]))
    if "year" in kept:
        query = query.where(Student.graduation_year == int(kept["year"]))
    if "level" in kept:
        query = query.where(Student.education_level == kept["level"])
    if "major" in kept:
        query = query.where(starts_with(Major.name, kept["major"]))
    if "invited__from" in kept:
        query = query.where(Invitation.invited_on >= day_of(kept["invited__from"]))
    if "invited__to" in kept:
        query = query.where(Invitation.invited_on <= day_of(kept["invited__to"]))
    return query


def _filters(kept: dict[str, str], tab: str) -> list[Filter]:
    choices = {
        "school": (_("学校"), [(str(number), name) for number, name in finding.schools()]),
        "year": (_("毕业年度"), [(str(year), str(year)) for year in finding.years()]),
        "level": (_("学历"), codes.options("education_level", door.locale())),
    }
    found = [
        Filter(name, label, "select", kept.get(name, ""), words=dict(options).get(kept.get(name, ""), ""),
               remove=_url(_without(kept, name), tab=tab), options=options)
        for name, (label, options) in choices.items()
    ]  # fmt: skip
    major = kept.get("major", "")
    found.append(
        Filter("major", _("专业"), "text", major, words=major, remove=_url(_without(kept, "major"), tab=tab))
    )
    since, until = kept.get("invited__from", ""), kept.get("invited__to", "")
    found.append(
        Filter(
            "invited",
            _("邀请日期"),
            "dates",
            since,
            until,
            words="–".join(theme.dots(day_of(end)) for end in (since, until)) if since or until else "",
            remove=_url(_without(_without(kept, "invited__from"), "invited__to"), tab=tab),
        )
    )
    return found


def _without(kept: dict[str, str], gone: str) -> dict[str, str]:
    return {name: value for name, value in kept.items() if name != gone}


def _url(kept: dict[str, str], *, tab: str, **more: str | None) -> str:
    values: dict[str, Any] = {**({"tab": tab} if tab != "all" else {}), **kept, **more}
    return url_for("signing.data", **values)


def _row(row: Invitation, asks: Actor) -> dict[str, Any]:
    answer, audit = answer_chip(row, asks), audit_chip(row)
    return {
        "url": url_for("signing.details", invitation_id=row.id),
        "name": row.student.name,
        "id_number": theme.mask(row.student.id_number, "id_number"),
        "school": row.school.name,
        "level": code_words("education_level", row.student.education_level),
        "major": row.student.major.name,
        "position": row.position,
        "invited_on": row.invited_on,
        "expires_on": row.expires_on,
        "state": answer.text,
        "state_tone": answer.cls,
        "note": ending_note(row),
        "audit": audit.text if audit else "",
        "audit_tone": audit.cls if audit else None,
    }


def _columns() -> list[excel.Column]:
    return [
        excel.Column(_("院校名称"), 24),
        excel.Column(_("姓名"), 12),
        excel.Column(_("身份证号"), 22),
        excel.Column(_("学历"), 14),
        excel.Column(_("专业"), 24),
        excel.Column(_("拟聘用职位"), 20),
        excel.Column(_("邀请日期"), 14),
        excel.Column(_("应约过期日期"), 14),
        excel.Column(_("应约状态"), 16),
        excel.Column(_("解约"), 20),
        excel.Column(_("审核状态"), 16),
    ]


def _lines(query: Any, asks: Actor) -> Iterator[list[Any]]:
    for row in records.everything(query):
        shown = _row(row, asks)
        names = ("school", "name", "id_number", "level", "major", "position", "invited_on", "expires_on",
                 "state", "note", "audit")  # fmt: skip
        yield [shown[name] for name in names]

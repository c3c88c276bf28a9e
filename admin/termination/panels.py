"""How a termination is shown beside its tasks (E-15, S-16, O-03), in lists and on cards."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from admin import door, facts, papers, starts, theme
from admin.facts import Document, Fact, Section
from admin.termination import certificate
from admin.termination.rows import prepare
from admin.termination.words import answered_by, asked_by, chip
from engine.actors import Actor
from engine.models.signing import Agreement
from engine.models.termination import Termination, TerminationAllowance, chance_left


def register() -> None:
    """Says how this room's subjects are shown."""
    facts.register(
        "termination",
        sections=_sections,
        lines=lambda row, _asks: [_("解除原因：%(reason)s", reason=row.reason)],
        chip=chip,
        code=lambda row: row.agreement.number,
        documents=_documents,
        checks=_checks,
        title=_title,
        note=lambda row: row.agreement.position,
        prepare=prepare,
        task_pages={"student_answers": lambda task_id: url_for("termination.answer", task_id=task_id)},
    )
    facts.register("termination_allowance", sections=_allowance_sections, title=_allowance_title)
    starts.MORE["termination"] = _one_more


def _title(row: Termination, asks: Actor) -> str:
    if asks.party_kind == "student":
        who = row.employer.name if row.employer is not None else ""
        if row.asked_by == "employer" and row.state == "waiting_other":
            return _("%(who)s申请与你解约", who=who)
        return _("与%(who)s的解约", who=who)
    if asks.party_kind == "employer":
        return _("与%(who)s的解约", who=row.student.name)
    return row.case_title().text(door.locale())


def _sections(row: Termination, asks: Actor) -> list[Section]:
    """What both sides wrote, side by side; then the agreement; to the school, earlier terminations too."""
    asked = [
        Fact(_("提出方"), asked_by(row)),
        Fact(_("提出时间"), theme.stamp(row.asked_at), "num"),
        Fact(_("解除原因"), row.reason, "long"),
        Fact(_("%(who)s的说明", who=answered_by(row)), row.hold_reason or _("没有写"), "long"),
    ]
    if row.agreed_at is not None:
        asked.append(Fact(_("对方同意时间"), theme.stamp(row.agreed_at), "num"))
    if row.state in ("done", "failed"):
        asked.append(Fact(_("学校审核时间"), theme.stamp(row.decided_at), "num"))
    if row.audit_reason:
        asked.append(Fact(_("审核不通过的原因"), row.audit_reason, "long"))
    found = [Section(_("解约申请"), asked, chip(row, asks)), _agreement(row.agreement)]
    if asks.party_kind == "school":
        found += _earlier(row)
    return found


def _agreement(row: Agreement) -> Section:
    shown = [
        Fact(_("毕业生"), row.student.name),
        Fact(_("学号"), row.student.student_number, "code"),
        Fact(_("用人单位"), row.employer.name if row.employer is not None else ""),
        Fact(_("协议书编号"), row.number, "code", url_for("signing.agreement_details", agreement_id=row.id)),
        Fact(_("拟录用岗位"), row.position),
        Fact(_("签约时间"), theme.stamp(row.signed_at)[:10], "num"),
    ]
    if row.void_at is not None:
        shown.append(Fact(_("失效时间"), theme.stamp(row.void_at), "num"))
    return Section(_("协议书"), shown, facts.chip_of(row, door.actor()))


def _earlier(row: Termination) -> list[Section]:
    """Earlier requests about this student's agreements, and the school's allowances."""
    before = Termination.select().where((Termination.student == row.student_id) & (Termination.id != row.id))
    shown = [
        Fact(
            theme.stamp(one.asked_at)[:10],
            _("%(who)s提出，%(state)s", who=asked_by(one), state=chip(one, door.actor()).text),
        )
        for one in before.order_by(Termination.id.desc()).limit(10)
    ]
    given = TerminationAllowance.select().where(TerminationAllowance.student == row.student_id)
    shown += [
        Fact(_("%(day)s 许可再解约", day=theme.stamp(one.given_at)[:10]), one.reason)
        for one in given.order_by(TerminationAllowance.id.desc()).limit(10)
    ]
    return [Section(_("以前的解约"), shown or [Fact(_("记录"), _("没有"))])]


def _documents(row: Termination, asks: Actor) -> list[Document]:
    """The agreement as its own room shows it, and the certificate once there is one."""
    listed = facts.panel("agreement").documents
    found = listed(row.agreement, asks) if listed is not None else []
    if row.state == "done" and papers.party_of(asks, row.agreement):
        url = url_for("termination.certificate_file", termination_id=row.id)
        found = [Document(_("解约证明"), url, certificate.number_of(row)), *found]
    return found


def _checks(row: Termination, asks: Actor) -> list[tuple[bool, str]]:
    """What the system has verified for the school's audit."""
    if asks.party_kind != "school" or row.state != "waiting_audit":
        return []
    in_force, left = row.agreement.state == "effective", chance_left(row.agreement)
    return [
        (in_force, _("协议书现在有效") if in_force else _("协议书已不在有效状态")),
        (left, _("解约机会还没有用掉，或学校已许可再解约") if left else _("解约机会已经用掉")),
        (True, _("双方都确认过解约须知")),
    ]


def _one_more(row: Termination, asks: Actor) -> list[starts.Start]:
    """The school's switch of O-03: what it may begin for the student, 允许再解约一次."""
    return starts.offered(asks, row.student) if asks.party_kind == "school" and row.state == "done" else []


def _allowance_sections(row: TerminationAllowance, _asks: Actor) -> list[Section]:
    shown = [
        Fact(_("毕业生"), row.student.name),
        Fact(_("许可原因"), row.reason, "long"),
        Fact(_("许可时间"), theme.stamp(row.given_at), "num"),
    ]
    return [Section(_("再次解约的许可"), shown)]


def _allowance_title(row: TerminationAllowance, asks: Actor) -> str:
    if asks.party_kind == "student":
        return _("学校许可你再解约一次")
    return row.case_title().text(door.locale())

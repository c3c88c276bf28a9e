"""签约详情: what was agreed, the agreement's number and state, who did what; for every side of a signing."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from admin import case_page, door, facts, starts, theme
from admin.door import Answer, actor, page
from admin.facts import Fact, Section
from admin.signing import papers
from admin.signing.letter import AGREED, letter_facts, student_facts, unit_facts, values_of
from admin.signing.records import Known, prepare
from admin.signing.room import signing
from admin.signing.words import answer_chip, audit_chip, code_words
from engine import runtime
from engine.actors import Actor
from engine.models.base import Model
from engine.models.signing import Agreement, Invitation
from engine.models.workflow import ProcessInstance

#: A letter that came to nothing: the graduate sees the letter and no details (rule 16).
LETTER_ONLY = ("refused", "expired", "withdrawn")


@signing.get("/invitations/<int:invitation_id>")
def details(invitation_id: int) -> Answer:
    asks = actor()
    invitation = Invitation.fetch(asks, invitation_id)
    if asks.party_kind == "student" and invitation.state in LETTER_ONLY:
        return redirect(url_for("signing.letter", invitation_id=invitation.id))
    prepare([invitation])
    agreement = Known.of(invitation).agreement
    back, words = _back(asks)
    return page(
        "signing/details.html",
        title=title_for(invitation, asks),
        lead=lead(invitation, asks),
        chip=answer_chip(invitation, asks),
        audit=audit_chip(invitation),
        sections=[*sections(invitation, asks), *said(invitation, asks)],
        trace=runtime.trace_of(_told_together(invitation, agreement), door.locale()),
        back_url=back,
        back_words=words,
        letter_url=url_for("signing.letter", invitation_id=invitation.id),
        agreement_url=papers.page_url(agreement, asks),
        download_url=papers.download_url(agreement, asks),
        actions=_actions(invitation, asks),
        starts=starts.offered(asks, agreement) if agreement is not None else [],
        reason=_reason(invitation, agreement, asks),
    )


@signing.get("/agreements/<int:agreement_id>")
def agreement_details(agreement_id: int) -> Answer:
    """The details of an agreement are its signing's."""
    agreement = Agreement.fetch(actor(), agreement_id)
    if agreement.invitation_id is None:
        return redirect(url_for("signing.agreement", agreement_id=agreement.id))
    return redirect(url_for("signing.details", invitation_id=agreement.invitation_id))


def _told_together(invitation: Invitation, agreement: Agreement | None) -> list[Model]:
    """Whose cases make up the trace of a signing: the letter, what came of it, and the requests to end that."""
    return [invitation] if agreement is None else [invitation, agreement, *agreement.terminations]


def _back(asks: Actor) -> tuple[str, str]:
    if asks.party_kind == "student":
        return url_for("signing.mine"), _("线上签约")
    if asks.party_kind == "employer":
        return url_for("signing.data"), _("数据管理")
    return door.own_path(request.args.get("next"), url_for("home.index")), _("首页")


def title_for(invitation: Invitation, asks: Actor) -> str:
    """The signing as each side calls it."""
    if asks.party_kind == "student":
        return _("与%(who)s的签约", who=invitation.employer.name)
    if asks.party_kind == "employer":
        return _("与%(who)s的签约", who=invitation.student.name)
    return invitation.case_title().text(door.locale())


def letter_title(invitation: Invitation, asks: Actor) -> str:
    """The letter as each side calls it."""
    if asks.party_kind == "student":
        return _("%(who)s邀请你签约", who=invitation.employer.name)
    return _("%(employer)s给%(student)s的邀请函", employer=invitation.employer.name, student=invitation.student.name)


def lead(invitation: Invitation, asks: Actor) -> str:
    """What is the case, and what comes next; to the graduate about herself."""
    known, yours = Known.of(invitation), asks.party_kind == "student"
    if known.ending is not None and known.ending.state == "waiting_audit":
        return _("双方已同意解约，学校审核通过后生效。在那以前协议仍然有效。")
    if invitation.state == "sent":
        last = theme.last_moment(invitation.expires_on)
        if yours:
            return _("等你答复，到 %(moment)s。过期后邀约失效，单位可以再发。", moment=last)
        return _("等毕业生答复，到 %(moment)s。过期后邀约失效，单位可以再发。", moment=last)
    if invitation.state == "signed" and known.agreement is not None and known.agreement.state == "generated":
        return _("等学校审核。通过后协议生效，双方可以下载；学校审核前单位还可以修改邀约。")
    return {
        "signed": _("学校已审核通过，协议书已生效。"),
        "refused": _("邀请已被拒绝。单位可以再发一份。"),
        "expired": _("答复期已过，邀约失效。单位可以再发一份。"),
        "withdrawn": _("单位撤回了这份邀请。"),
        "failed": _("学校审核没有通过，这次签约不成立。双方可以重新签约。"),
        "void": _("学校声明这份协议书失效。你可以另行签约。")
        if yours
        else _("学校声明这份协议书失效。毕业生可以另行签约。"),
        "terminated": _("双方已解约，协议书已失效。"),
    }[invitation.state]


def _actions(invitation: Invitation, asks: Actor) -> list[tuple[str, str]]:
    """The acts that the diagram offers now: 修改邀约, 撤回邀约."""
    case = case_of(invitation)
    if case is None:
        return []
    return [
        (runtime.step_name(task, door.locale()), url_for("inbox.task", task_id=task.id))
        for task in runtime.actions(asks, case)
    ]


def case_of(invitation: Invitation) -> ProcessInstance | None:
    """The running case of a letter. One query."""
    found: ProcessInstance | None = (
        ProcessInstance.select()
        .where(
            (ProcessInstance.subject_kind == "invitation")
            & (ProcessInstance.subject_id == invitation.id)
            & (ProcessInstance.state == "running")
        )
        .order_by(ProcessInstance.id.desc())
        .first()
    )
    return found


def said(invitation: Invitation, asks: Actor) -> list[Section]:
    """What the forms of its signing have asked beyond the letter. Three queries."""
    here = (ProcessInstance.subject_kind == "invitation") & (ProcessInstance.subject_id == invitation.id)
    case = ProcessInstance.select().where(here).order_by(ProcessInstance.id.desc()).first()
    return case_page.answers_given(case, asks) if case is not None else []


def _reason(invitation: Invitation, agreement: Agreement | None, asks: Actor) -> str:
    """Why it failed, was declared void or refused, for both sides (rules 11 and 23)."""
    if agreement is not None and agreement.state in ("audit_failed", "void"):
        return str(agreement.reason)
    return str(invitation.refusal_reason) if invitation.state == "refused" else ""


def sections(invitation: Invitation, asks: Actor) -> list[Section]:
    """就业信息 once there is an agreement, then the letter and the parties."""
    agreement, found = Known.of(invitation).agreement, letter_sections(invitation, asks)
    if agreement is None or agreement.state == "draft":
        return found
    return [Section(_("就业信息"), agreement_facts(agreement), facts.chip_of(agreement, asks)), *found]


def letter_sections(invitation: Invitation, asks: Actor) -> list[Section]:
    """What was offered, and who the other side is."""
    found = []
    found.append(Section(_("双方约定"), letter_facts(values_of(invitation), AGREED, invitation.employer)))
    if asks.party_kind != "student":
        found.append(Section(_("毕业生"), student_facts(invitation.student)))
    if asks.party_kind != "employer":
        found.append(Section(_("用人单位"), unit_facts(invitation.employer)))
    return found


def agreement_facts(agreement: Agreement) -> list[Fact]:
    """就业信息 of S-14: the employment category stands there once the school has passed it (rule 18)."""
    shown: list[Any] = []
    if agreement.state == "effective":
        channel = code_words("agreement_channel", agreement.channel)
        shown.append(Fact(_("就业类别"), _("协议就业（%(channel)s）", channel=channel)))
    shown += [
        Fact(_("协议书编号"), agreement.number, "code"),
        Fact(_("拟录用岗位"), agreement.position),
        Fact(_("签约时间"), theme.stamp(agreement.signed_at)[:10], "num"),
        Fact(_("协议书状态"), code_words("agreement_state", agreement.state)),
    ]
    if agreement.void_at is not None:
        shown.append(Fact(_("失效时间"), theme.stamp(agreement.void_at)[:10], "num"))
    return shown

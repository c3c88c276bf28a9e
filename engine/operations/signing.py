"""Online signing (P11): the letter, the agreement, the school's decision, and what may end them.

The promises stand in `engine.models.signing`: one standing invitation per pair, one binding agreement per
student. An operation writes, and says in words what a constraint refused.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NotRequired, TypedDict, Unpack

from engine import clock, codes, db
from engine.errors import Conflict, Sentence, StateChanged
from engine.models.agreement_paper import printed_values
from engine.models.organisations import Employer, Student
from engine.models.signing import Agreement, AgreementSerial, Invitation, expiry
from engine.operations.registry import operation
from engine.operations.step import Step

_STANDS = Sentence(
    "你发给这名学生的上一份邀约还有效（在答复期内，或双方已签约），不能再发。",
    "Your earlier invitation to this student still stands, so a second one cannot be sent.",
)
_NOT_PASSED = Sentence(
    "单位注册还没有通过审核，暂不能办理签约。", "The employer's registration has not passed its review yet."
)
_BOUND = Sentence(
    "你已与一家单位签约，不能再答复别的邀约。要换单位，先办解约。",
    "You are bound by another signing and cannot answer this invitation. End that agreement first.",
)
_DIRECTED = Sentence(
    "定向生、委培生按原合同就业，不使用本协议（签约须知第九条）。合同已解除的，请先到学校就业指导中心登记。",
    "Directed and commissioned students follow their own contracts and do not use this agreement (clause 9).",
)
_TOO_LATE = Sentence(
    "统一的应约截止日期已经过了，现在不能再发出或修改邀约。请联系学校就业指导中心。",
    "The last day that is fixed for all answers has passed: no invitation can be sent or changed any more. "
    "Please ask the school's employment office.",
)
#: Who may find that an agreement does not stand: the school, and who looks at it for the school.
REVIEWERS = ("school", "college", "school_class")
_CHANGE = Sentence("修改邀约", "Invitation changed")


class Letter(TypedDict):
    """What a letter of invitation says (D09; P11 rules 20 and 22)."""

    position: str
    position_category: str
    work_place: str
    probation_pay: int
    regular_pay: int
    archive_route: str
    archive_address: str
    household_address: str
    answer_days: int
    branch_office: NotRequired[bool | None]
    takes_party_relation: NotRequired[bool | None]
    party_relation_unit: NotRequired[str | None]
    agreed_matters: NotRequired[str | None]
    expires_on: NotRequired[date | None]


def _columns(letter: Letter) -> dict[str, Any]:
    """The letter as an invitation's columns, what was left out included."""
    return {
        **{name: value for name, value in letter.items() if name != "expires_on"},
        "branch_office": bool(letter.get("branch_office")),
        "takes_party_relation": bool(letter.get("takes_party_relation")),
        "party_relation_unit": letter.get("party_relation_unit") or "",
        "agreed_matters": letter.get("agreed_matters") or "无",
    }


def _period(letter: Letter) -> dict[str, date]:
    """From today until the day that the flow fixes for everybody, else for as many days as the employer gives."""
    today = clock.today()
    until = letter.get("expires_on") or expiry(today, letter["answer_days"])
    if until < today:
        raise Conflict("deadline_passed", _TOO_LATE)
    return {"invited_on": today, "expires_on": until}


@operation(
    "signing.send_invitation",
    label=Sentence("发出签约邀请", "Send the invitation"),
    creates="invitation",
    leaves={"invitation": ("sent",), "agreement": ("",)},
    errors={
        "invitation_stands": _STANDS,
        "employer_not_passed": _NOT_PASSED,
        "deadline_passed": _TOO_LATE,
    },
    starts_on="student",
    acted_by="employer",
)
def send_invitation(
    step: Step,
    **letter: Unpack[Letter],
) -> None:
    """Writes the letter to the student the case was started on. P11 rules 1, 4, 20 and 22."""
    student, employer = step.on, Employer.get_or_none(Employer.id == step.actor.party_id)
    if not isinstance(student, Student) or employer is None or step.actor.party_kind != "employer":
        raise RuntimeError("an employer sends an invitation to a student")
    if not employer.passed:
        raise Conflict("employer_not_passed", _NOT_PASSED)
    try:
        with db.savepoint():
            invitation = Invitation.create(
                school=student.school_id,
                employer=employer,
                student=student,
                **_period(letter),
                **_columns(letter),
            )
    except db.IntegrityError as error:
        if not db.violates(error, Invitation, "invitation_one_standing_per_pair"):
            raise
        raise Conflict("invitation_stands", _STANDS) from error
    step.set_subject(invitation)
    step.note(Sentence("发起邀约", "Invitation sent"))


@operation(
    "signing.change_invitation",
    label=Sentence("修改邀约", "Change the invitation"),
    errors={"deadline_passed": _TOO_LATE},
    accepts={"invitation": ("sent", "signed"), "agreement": ("", "draft", "generated")},
    leaves={"invitation": ("sent",), "agreement": {"generated": ("draft",)}},
    decided_by="employer",
    decision="done",
    about="invitation",
)
def change_invitation(
    step: Step,
    **letter: Unpack[Letter],
) -> None:
    """Replaces the letter before the school has decided: the student must agree again, the number stays and
    the answer period counts anew from today. P11 rules 12 and 21."""
    invitation = _invitation(step)
    agreement = invitation.agreement
    if agreement is not None and agreement.state == "generated":
        agreement.change_state("draft")
    changed = _columns(letter)
    remark = _differences(invitation, changed)
    invitation.change_state(
        "sent",
        revision=invitation.revision + 1,
        **_period(letter),
        **changed,
    )
    step.note(_CHANGE, remark)


@operation(
    "signing.withdraw_invitation",
    label=Sentence("撤回邀约", "Withdraw the invitation"),
    accepts={"invitation": ("sent",)},
    leaves={"invitation": ("withdrawn",)},
    decided_by="employer",
    decision="done",
    about="invitation",
)
def withdraw_invitation(step: Step) -> None:
    """The employer takes an open invitation back; a new one may be sent at once. P11 rule 25."""
    _invitation(step).change_state("withdrawn")
    step.note(Sentence("撤回邀约", "Invitation withdrawn"))


@operation(
    "signing.expire_invitation",
    label=Sentence("邀约过期", "Let the invitation expire"),
    accepts={"invitation": ("sent",)},
    leaves={"invitation": ("expired",)},
    about="invitation",
)
def expire_invitation(step: Step) -> None:
    """The answer period is over. P11 rule 2."""
    _invitation(step).change_state("expired")
    step.note(Sentence("邀约过期", "Invitation expired"))


@operation(
    "signing.refuse_invitation",
    label=Sentence("拒绝签约", "Refuse the invitation"),
    accepts={"invitation": ("sent",)},
    leaves={"invitation": ("refused",)},
    errors={"student_bound": _BOUND},
    decided_by="student",
    decision="refuse",
    about="invitation",
)
def refuse_invitation(step: Step, *, reason: str | None = None) -> None:
    """The student declines; no reason is asked. A bound student cannot answer at all. P11 rules 4 and 6."""
    invitation = _invitation(step)
    if invitation.student.bound:
        raise Conflict("student_bound", _BOUND)
    invitation.change_state("refused", refusal_reason=(reason or "")[:200])
    step.note(Sentence("拒绝签约", "Refused"), f"原因：{reason}" if reason else "", refusal=True)


@operation(
    "signing.generate_agreement",
    label=Sentence("生成协议书", "Generate the agreement"),
    accepts={"invitation": ("sent",), "agreement": ("", "draft")},
    leaves={"invitation": ("signed",), "agreement": ("generated",)},
    errors={"student_bound": _BOUND, "student_directed": _DIRECTED},
    decided_by="student",
    about="invitation",
)
def generate_agreement(step: Step) -> None:
    """The student agrees: the agreement gets its number, once, and a copy of all that it prints.

    P11 rules 6, 7, 14 and 19. Of two at the same moment the table lets one be.
    """
    invitation = _invitation(step)
    student = invitation.student
    if student.training_mode in ("directed", "commissioned") and not student.contract_dissolved:
        raise Conflict("student_directed", _DIRECTED)
    invitation.change_state("signed")
    known = invitation.agreement
    number = known.number if known is not None else AgreementSerial.next_number(student)
    facts: dict[str, Any] = {
        "position": invitation.position,
        "probation_pay": invitation.probation_pay,
        "regular_pay": invitation.regular_pay,
        "printed": json.dumps(printed_values(invitation, number, step.now, step.said), ensure_ascii=False),
        "signed_at": step.now,
    }
    try:
        with db.savepoint():
            if known is not None:
                known.change_state("generated", **facts)
            else:
                Agreement.create(
                    school=student.school_id,
                    invitation=invitation,
                    student=student,
                    employer=invitation.employer_id,
                    channel="online",
                    number=number,
                    **facts,
                )
    except db.IntegrityError as error:
        if not db.violates(error, Agreement, "agreement_one_binding_per_student"):
            raise
        raise Conflict("student_bound", _BOUND) from error
    step.note(Sentence("同意邀约，生成协议书", "Agreed, agreement generated"))


@operation(
    "signing.approve_agreement",
    label=Sentence("签约鉴证通过", "Approve the agreement"),
    accepts={"invitation": ("signed",), "agreement": ("generated",)},
    leaves={"agreement": ("effective",)},
    decided_by="school",
    about="invitation",
)
def approve_agreement(step: Step) -> None:
    """The school has passed it: in force, the student employed, the paper made. P11 rules 9 and 18."""
    agreement = _agreement(step)
    agreement.change_state("effective", decided_at=step.now)
    agreement.student.change_state_of_employment("employed")
    step.later("agreement_document", agreement=agreement.id)
    step.note(Sentence("签约鉴证通过", "Audit passed"))


@operation(
    "signing.fail_agreement",
    label=Sentence("签约审核不通过", "Fail the agreement"),
    accepts={"invitation": ("signed",), "agreement": ("generated",)},
    leaves={"invitation": ("failed",), "agreement": ("audit_failed",)},
    decided_by=REVIEWERS,
    decision="answer",
    about="invitation",
)
def fail_agreement(step: Step, *, reason: str) -> None:
    """The school has not passed it: the student is free, both see the reason. P11 rule 11."""
    agreement = _agreement(step)
    agreement.change_state("audit_failed", decided_at=step.now, reason=reason[:200])
    agreement.invitation.change_state("failed")
    step.note(Sentence("签约审核不通过", "Audit not passed"), f"原因：{reason}", refusal=True)


@operation(
    "signing.void_agreement",
    label=Sentence("声明协议书失效", "Declare the agreement void"),
    creates="agreement",
    accepts={"agreement": ("effective",)},
    leaves={"agreement": ("void",), "invitation": ("void",)},
    decided_by="school",
)
def void_agreement(step: Step, *, reason: str) -> None:
    """The school declares an agreement in force void: the student is free, the one chance of P15 is not
    used. P11 rule 23, from clauses 5 and 8."""
    agreement = step.on or step.subject
    if not isinstance(agreement, Agreement):
        raise RuntimeError("what is declared void is an agreement")
    if step.subject is None:
        step.set_subject(agreement)
    end_agreement(step, agreement, kind="declared", reason=reason, invitation_state="void")
    step.note(Sentence("声明失效", "Declared void"), f"原因：{reason}", refusal=True)


def end_agreement(step: Step, agreement: Agreement, *, kind: str, reason: str, invitation_state: str) -> None:
    """Ends an agreement in force, for whatever reason: void at this moment, the student free to sign.

    `kind` is "declared" or "terminated". The stamped copy of the paper is made afterwards.
    """
    agreement.change_state("void", void_at=step.now, void_kind=kind, reason=reason[:200])
    if agreement.invitation is not None:
        agreement.invitation.change_state(invitation_state)
    agreement.student.change_state_of_employment("not_employed")
    step.later("agreement_void_copy", agreement=agreement.id)


def _invitation(step: Step) -> Invitation:
    if not isinstance(step.subject, Invitation):
        raise RuntimeError("the case is not about an invitation")
    return step.subject


def _agreement(step: Step) -> Agreement:
    agreement = _invitation(step).agreement
    if agreement is None:
        raise StateChanged()
    return agreement


def _differences(invitation: Invitation, changed: dict[str, Any]) -> str:
    """What a change altered, in words, for the trace: 试用起薪 4500 → 4800."""
    parts = []
    for name, value in changed.items():
        old = getattr(invitation, name)
        if old != value:
            label = Invitation.words[name].zh
            parts.append(f"{label} {_shown(name, old)} → {_shown(name, value)}")
    return "；".join(parts)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in Invitation.codes:
        return codes.name(Invitation.codes[name], str(value))
    return str(value) or "无"

"""Termination (P15): a request, the other side's answer, the school's decision, one more chance.

The promises stand in `engine.models.termination`: one open request per agreement, one chance per student.
"""

from __future__ import annotations

from datetime import datetime

from engine import clock, db
from engine.errors import Conflict, Refused, Sentence, StateChanged
from engine.models.organisations import Student
from engine.models.papers import IssuedPaper
from engine.models.signing import Agreement
from engine.models.termination import (
    Termination,
    TerminationAllowance,
    chance_left,
    chance_used,
    open_termination,
    unused_allowance,
)
from engine.operations.registry import operation
from engine.operations.signing import REVIEWERS, end_agreement
from engine.operations.step import Step

#: The kind under which a certificate of termination (D13) is kept and checked, and what its number begins with.
CERTIFICATE, PREFIX = "termination_certificate", "JY"

_NOT_IN_FORCE = Sentence(
    "只有学校审核通过、已生效的协议书才能申请解约。",
    "Only an agreement in force, passed by the school, can be ended.",
)
_ASKED_ALREADY = Sentence(
    "对方已先提出解约，这一份没有提交。请刷新，查看对方的申请并答复。",
    "The other side has asked first, so yours was not sent. Reload, see their request and answer it.",
)
_OPEN_ALREADY = Sentence(
    "你们的解约申请正在办理，不能再提一份。", "A request of yours is under way; there cannot be a second one."
)
_CHANCE_USED = Sentence(
    "解约机会仅有一次，已经用过。有特殊情况，请到学校就业指导中心说明。",
    "The one chance to end an agreement has been used. In a special case, ask the school's office.",
)
_OWN_REQUEST = Sentence("提出的一方不能答复自己的申请。", "Who asked cannot answer the request.")
_NOT_YOURS = Sentence("只有提出的一方能撤回申请。", "Only who asked can take the request back.")
_ASK = {
    "student": Sentence("提出解约", "The student asks to end it"),
    "employer": Sentence("提出解约", "The employer asks to end it"),
}


@operation(
    "termination.request",
    label=Sentence("登记解约申请", "Record the request"),
    creates="termination",
    accepts={"agreement": ("effective",)},
    leaves={"termination": ("waiting_other",)},
    errors={
        "agreement_not_in_force": _NOT_IN_FORCE,
        "termination_open": _ASKED_ALREADY,
        "chance_used": _CHANCE_USED,
    },
    starts_on="agreement",
    acted_by=("student", "employer"),
)
def request(step: Step, *, reason: str) -> None:
    """One side asks to end the agreement the case was started on. P15 rules 1, 3, 8 and 13."""
    agreement = step.on
    if not isinstance(agreement, Agreement) or step.actor.party_kind not in _ASK:
        raise RuntimeError("one of the two sides asks to end an agreement")
    if agreement.state != "effective":
        raise Conflict("agreement_not_in_force", _NOT_IN_FORCE)
    if not chance_left(agreement):
        raise Conflict("chance_used", _CHANCE_USED)
    try:
        with db.savepoint():
            termination = Termination.create(
                school=agreement.school_id,
                agreement=agreement,
                student=agreement.student_id,
                asked_by=step.actor.party_kind,
                reason=reason,
                asked_at=step.now,
            )
    except db.IntegrityError as error:
        if not db.violates(error, Termination, "termination_one_open_per_agreement"):
            raise
        first = open_termination(agreement)
        own = first is not None and first.asked_by == step.actor.party_kind
        raise Conflict("termination_open", _OPEN_ALREADY if own else _ASKED_ALREADY) from error
    step.set_subject(termination)
    step.note(_ASK[step.actor.party_kind], f"解除原因：{reason}")


@operation(
    "termination.hold",
    label=Sentence("暂不处理", "Put on hold"),
    accepts={"termination": ("waiting_other", "on_hold")},
    leaves={"termination": ("on_hold",)},
    about="termination",
    acted_by=("student", "employer"),
)
def hold(step: Step, *, hold_reason: str | None = None) -> None:
    """The other side does not answer yet: the request stays open. P15 rules 4 and 12."""
    termination = _answered(step)
    termination.change_state("on_hold", hold_reason=(hold_reason or "")[:200])
    step.note(Sentence("暂不处理", "Put on hold"), f"说明：{hold_reason}" if hold_reason else "")


@operation(
    "termination.agree",
    label=Sentence("登记对方同意", "Record the consent"),
    accepts={"termination": ("waiting_other", "on_hold")},
    leaves={"termination": ("waiting_audit",)},
    decided_by=("student", "employer"),
    about="termination",
    acted_by=("student", "employer"),
)
def agree(step: Step) -> None:
    """Both sides agree now; the agreement stays in force until the school has decided. P15 rules 5 and 12."""
    _answered(step).change_state("waiting_audit", agreed_at=step.now)
    step.note(Sentence("同意解约", "Agreed to end it"))


@operation(
    "termination.withdraw",
    label=Sentence("撤回解约申请", "Withdraw the request"),
    accepts={"termination": ("waiting_other", "on_hold")},
    leaves={"termination": ("withdrawn",)},
    decided_by=("student", "employer"),
    decision="done",
    about="termination",
)
def withdraw(step: Step, *, withdraw_reason: str | None = None) -> None:
    """The asker takes the request back; the chance is not used. P15 rule 14."""
    termination = _termination(step)
    if step.actor.party_kind != termination.asked_by:
        raise Refused(_NOT_YOURS)
    termination.change_state("withdrawn", decided_at=step.now)
    remark = f"撤回原因：{withdraw_reason}" if withdraw_reason else ""
    step.note(Sentence("撤回解约申请", "Request withdrawn"), remark)


@operation(
    "termination.end",
    label=Sentence("因协议书失效结束", "End it: the agreement is void"),
    accepts={"termination": ("waiting_other", "on_hold", "waiting_audit")},
    leaves={"termination": ("ended",)},
    about="termination",
)
def end(step: Step) -> None:
    """The agreement has become void by other means (P11 rule 23): there is nothing left to end."""
    _termination(step).change_state("ended", decided_at=step.now)
    step.note(Sentence("协议书已失效，解约申请随之结束", "Ended: the agreement is void already"))


@operation(
    "termination.approve",
    label=Sentence("解约审核通过", "Pass the termination"),
    accepts={"termination": ("waiting_audit",), "agreement": ("effective",)},
    leaves={"termination": ("done",), "agreement": ("void",), "invitation": ("terminated",)},
    errors={"chance_used": _CHANCE_USED},
    decided_by="school",
    about="termination",
)
def approve(step: Step) -> None:
    """The agreement is void at this moment and the student free to sign; the certificate gets its number.

    P15 rules 6 and 8. The chance is used once: the table refuses a second use.
    """
    termination = _termination(step)
    agreement = termination.agreement
    try:
        with db.savepoint():
            termination.change_state("done", decided_at=step.now, allowance=_allowance(termination))
    except db.IntegrityError as error:
        if not db.violates(
            error, Termination, "termination_one_chance_per_student", "termination_allowance_id"
        ):
            raise
        raise Conflict("chance_used", _CHANCE_USED) from error
    end_agreement(
        step, agreement, kind="terminated", reason=termination.reason, invitation_state="terminated"
    )
    IssuedPaper.issue(CERTIFICATE, PREFIX, termination, termination.school, _told(termination))
    step.later("termination_certificate", termination=termination.id)
    step.note(Sentence("解约审核通过", "Termination passed"))


@operation(
    "termination.fail",
    label=Sentence("解约审核不通过", "Do not pass the termination"),
    accepts={"termination": ("waiting_audit",)},
    leaves={"termination": ("failed",)},
    decided_by=REVIEWERS,
    decision="answer",
    about="termination",
)
def fail(step: Step, *, audit_reason: str) -> None:
    """The termination does not stand: the signing stays valid, both may ask again. P15 rules 7 and 9."""
    _termination(step).change_state("failed", decided_at=step.now, audit_reason=audit_reason[:200])
    step.note(Sentence("解约审核不通过", "Termination not passed"), f"原因：{audit_reason}", refusal=True)


@operation(
    "termination.allow_again",
    label=Sentence("允许再解约一次", "Allow one more termination"),
    creates="termination_allowance",
    starts_on="student",
    decided_by="school",
)
def allow_again(step: Step, *, reason: str) -> None:
    """The school gives a student one more chance. P15 rule 8, O-03."""
    student = step.on
    if not isinstance(student, Student):
        raise RuntimeError("one more chance is given to a student")
    allowance = TerminationAllowance.create(
        school=student.school_id,
        student=student,
        reason=reason,
        given_by=step.actor.account_id or None,
        given_at=step.now,
    )
    step.set_subject(allowance)
    step.note(Sentence("允许再解约一次", "One more termination allowed"), f"原因：{reason}")


def _termination(step: Step) -> Termination:
    if not isinstance(step.subject, Termination):
        raise RuntimeError("the case is not about a termination")
    return step.subject


def _answered(step: Step) -> Termination:
    """The termination, answered by the side that was asked. Whatever a diagram says, nobody answers itself."""
    termination = _termination(step)
    if step.actor.party_kind != termination.answered_by:
        raise Refused(_OWN_REQUEST)
    return termination


def _allowance(termination: Termination) -> TerminationAllowance | None:
    """What the termination uses up: nothing but the one chance, or where that is gone an allowance."""
    student: int = termination.student_id
    return unused_allowance(student) if chance_used(student) else None


def _told(termination: Termination) -> dict[str, object]:
    """What a check of the certificate answers: nothing personal but the family name (PUB-11)."""
    agreement = termination.agreement
    if agreement.employer is None:
        raise StateChanged()
    return {
        "title": {"zh": "解约证明", "en": "Certificate of termination"},
        "school": termination.school.name,
        "employer": agreement.employer.name,
        "family_name": termination.student.name[:1],
        "dates": [
            {"zh": "提出解约", "en": "Asked", "on": _day(termination.asked_at)},
            {"zh": "对方同意", "en": "Agreed", "on": _day(termination.agreed_at)},
            {"zh": "学校审核通过，协议书失效", "en": "Passed; agreement void", "on": _day(agreement.void_at)},
        ],
    }


def _day(moment: datetime) -> str:
    return clock.office_date(moment).isoformat()

"""解约: a request to end an agreement in force, its answer and the school's decision (P15)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import peewee

from engine import codes
from engine.actors import Actor
from engine.db import InstantField
from engine.errors import Sentence as S
from engine.models.base import Model, StateField, now
from engine.models.facts import fact
from engine.models.organisations import Employer, School, Student
from engine.models.people import Account
from engine.models.signing import SIGNING_PARTIES, Agreement, Invitation, signing_parties

codes.also("termination_state", "ended", S("因协议书失效结束", "Ended: the agreement became void otherwise"))

#: States in which a request waits for the other side, and in which it is under way.
ASKED = ("waiting_other", "on_hold")
OPEN = (*ASKED, "waiting_audit")


class TerminationAllowance(Model):
    """One more chance for a student, given by the school with a reason (O-03, rule 8)."""

    label = S("再次解约的许可", "Allowances for another termination")
    words: ClassVar = {
        "student": S("毕业生", "Graduate"),
        "reason": S("许可原因", "Reason"),
        "given_at": S("许可时间", "Given at"),
    }
    listed = ("student", "reason", "given_at")
    readable = ("reason", "given_at")
    facts: ClassVar = {"termination_allowance": "", "student": "student", "school": "school"}
    read_only: ClassVar = frozenset({"school", "student", "reason", "given_by", "given_at"})

    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    student = peewee.ForeignKeyField(Student, backref="termination_allowances", on_delete="RESTRICT")
    reason = peewee.CharField(max_length=200, constraints=[peewee.Check("length(reason) >= 1")])
    given_by = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="RESTRICT")
    given_at = InstantField(default=now)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        seen = Student.visible_to(actor).select(Student.id)
        return cls.select(cls, Student).join(Student).where(cls.student.in_(seen))

    party_kinds = SIGNING_PARTIES - {"employer"}

    def parties(self) -> list[tuple[str, int]]:
        return signing_parties(self.student, None)

    def case_title(self) -> S:
        return S(f"{self.student.name}可再解约一次", f"One more termination for {self.student.name}")

    def __str__(self) -> str:
        return str(self.student.name)


class Termination(Model):
    """One side's request to end an agreement; at most one is open for an agreement (rule 3)."""

    label = S("解约", "Terminations")
    words: ClassVar = {
        "agreement": S("协议书", "Agreement"),
        "asked_by": S("提出方", "Asked by"),
        "reason": S("解除原因", "Reason"),
        "state": S("解约状态", "State"),
        "asked_at": S("提出时间", "Asked at"),
        "agreed_at": S("对方同意时间", "Agreed at"),
        "decided_at": S("审核时间", "Decided at"),
        "audit_reason": S("审核原因", "Auditor's reason"),
    }
    listed = ("agreement", "asked_by", "asked_at", "state")
    codes: ClassVar = {"asked_by": "termination_initiator", "state": "termination_state"}
    readable = (
        "asked_by",
        "reason",
        "hold_reason",
        "state",
        "asked_at",
        "agreed_at",
        "decided_at",
        "audit_reason",
    )
    facts: ClassVar = {
        "termination": "",
        "agreement": "agreement",
        "invitation": "invitation",
        "student": "student",
        "employer": "employer",
        "school": "school",
    }

    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    agreement = peewee.ForeignKeyField(Agreement, backref="terminations", index=False, on_delete="RESTRICT")
    student = peewee.ForeignKeyField(Student, backref="terminations", index=False, on_delete="RESTRICT")
    allowance = peewee.ForeignKeyField(TerminationAllowance, null=True, unique=True, on_delete="RESTRICT")
    asked_by = peewee.CharField(
        max_length=10, constraints=[peewee.Check("asked_by IN ('student', 'employer')")]
    )
    reason = peewee.CharField(max_length=200, constraints=[peewee.Check("length(reason) >= 1")])
    hold_reason = peewee.CharField(max_length=200, default="")
    state = StateField(
        {
            "waiting_other": ["on_hold", "waiting_audit", "withdrawn", "ended"],
            "on_hold": ["on_hold", "waiting_audit", "withdrawn", "ended"],
            "waiting_audit": ["done", "failed", "ended"],
            "done": [],
            "failed": [],
            "withdrawn": [],
            "ended": [],
        },
        finished=["done", "failed", "withdrawn", "ended"],
        default="waiting_other",
    )
    asked_at = InstantField(default=now)
    agreed_at = InstantField(null=True)
    decided_at = InstantField(null=True)
    audit_reason = peewee.CharField(max_length=200, default="")

    read_only: ClassVar = frozenset(
        {
            "school", "agreement", "student", "allowance", "asked_by", "reason", "hold_reason", "state",
            "asked_at", "agreed_at", "decided_at", "audit_reason",
        }
    )  # fmt: skip

    @property
    def employer(self) -> Employer | None:
        found: Employer | None = self.agreement.employer
        return found

    @property
    def invitation(self) -> Invitation | None:
        found: Invitation | None = self.agreement.invitation
        return found

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        mine = Agreement.visible_to(actor).select(Agreement.id)
        return (
            cls.select(cls, Agreement, Employer, Student)
            .join(Agreement)
            .join(Employer, peewee.JOIN.LEFT_OUTER)
            .switch(cls)
            .join(Student)
            .where(cls.agreement.in_(mine))
        )

    @property
    def answered_by(self) -> str:
        """The kind of the side that has to answer."""
        return "employer" if self.asked_by == "student" else "student"

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """The student is the agreement's; it stands here for the promise of the one chance."""
        self.student = self.agreement.student_id
        return super().save(*args, **kwargs)

    party_kinds = SIGNING_PARTIES

    def parties(self) -> list[tuple[str, int]]:
        return signing_parties(self.student, self.agreement.employer_id)

    def case_title(self) -> S:
        student, employer = self.student.name, self.employer.name if self.employer else "用人单位"
        return S(f"{student}与{employer}的解约", f"Termination of {student} with {employer}")

    def __str__(self) -> str:
        return f"{self.agreement.number}"


@fact(Agreement, "termination", S("在办的解约", "Termination under way"))
def open_termination(agreement: Agreement) -> Termination | None:
    """The request to end an agreement that is under way, if there is one. One query."""
    found: Termination | None = agreement.terminations.where(Termination.state.in_(OPEN)).first()
    return found


@fact(Agreement, "boolean", S("还有解约机会", "A chance to end it is left"))
def chance_left(agreement: Agreement) -> bool:
    """Whether the student may end an agreement (again): the one chance, or an allowance (rule 8)."""
    student = agreement.student_id
    return not chance_used(student) or unused_allowance(student) is not None


def chance_used(student_id: int) -> bool:
    """Whether the one chance, which needs no allowance, is gone. One query."""
    used = Termination.select().where(
        (Termination.student == student_id) & (Termination.state == "done") & Termination.allowance.is_null()
    )
    return bool(used.exists())


def chances(students: Iterable[int]) -> set[int]:
    """Those of the students who may still end an agreement. Two queries, however many they are."""
    asked = set(students)
    done = Termination.select(Termination.student, Termination.allowance).where(
        Termination.student.in_(list(asked)) & (Termination.state == "done")
    )
    rows = list(done.tuples())
    used = {student for student, allowance in rows if allowance is None}
    spent = {allowance for _student, allowance in rows if allowance is not None}
    given = TerminationAllowance.select(TerminationAllowance.id, TerminationAllowance.student).where(
        TerminationAllowance.student.in_(list(used))
    )
    again = {student for allowance, student in given.tuples() if allowance not in spent} if used else set()
    return asked - used | again


def unused_allowance(student_id: int) -> TerminationAllowance | None:
    """The oldest allowance that no termination has used. One query."""
    spent = Termination.select(Termination.allowance).where(
        (Termination.student == student_id) & Termination.allowance.is_null(False)
    )
    found: TerminationAllowance | None = (
        TerminationAllowance.select()
        .where((TerminationAllowance.student == student_id) & TerminationAllowance.id.not_in(spent))
        .order_by(TerminationAllowance.id)
        .first()
    )
    return found


Termination.add_index(
    Termination.index(
        Termination.agreement,
        unique=True,
        where=Termination.state.in_(OPEN),
        name="termination_one_open_per_agreement",
    )
)
# The one chance is used once (rule 8); each further one by an allowance of its own.
Termination.add_index(
    Termination.index(
        Termination.student,
        unique=True,
        where=(Termination.state == "done") & Termination.allowance.is_null(),
        name="termination_one_chance_per_student",
    )
)
Termination.add_index(Termination.index(Termination.student, Termination.id, name="termination_by_student"))
Termination.add_index(
    Termination.index(Termination.agreement, Termination.id, name="termination_by_agreement")
)

"""解约: a request to end an agreement in force, its answer and the school's decision (P15)."""

from __future__ import annotations

from typing import Any, ClassVar

import peewee

from engine.actors import Actor
from engine.db import InstantField
from engine.errors import Sentence as S
from engine.models.base import Model, StateField, now
from engine.models.facts import fact
from engine.models.organisations import School
from engine.models.signing import Agreement, signing_parties


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
            "school", "agreement", "asked_by", "reason", "hold_reason", "state", "asked_at", "agreed_at",
            "decided_at", "audit_reason",
        }
    )  # fmt: skip

    @property
    def student(self) -> Any:
        return self.agreement.student

    @property
    def employer(self) -> Any:
        return self.agreement.employer

    @property
    def invitation(self) -> Any:
        return self.agreement.invitation

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        mine = Agreement.visible_to(actor).select(Agreement.id)
        return cls.select(cls, Agreement).join(Agreement).where(cls.agreement.in_(mine))

    def parties(self) -> list[tuple[str, int]]:
        return signing_parties(self.agreement.student, self.agreement.employer_id)

    def case_title(self) -> S:
        student, employer = self.student.name, self.employer.name
        return S(f"{student}与{employer}的解约", f"Termination of {student} with {employer}")

    def __str__(self) -> str:
        return f"{self.agreement.number}"


@fact(Agreement, "termination")
def open_termination(agreement: Agreement) -> Termination | None:
    """The request to end an agreement that is under way, if there is one. One query."""
    found: Termination | None = agreement.terminations.where(
        Termination.state.in_(("waiting_other", "on_hold", "waiting_audit"))
    ).first()
    return found


Termination.add_index(
    Termination.index(
        Termination.agreement,
        unique=True,
        where=Termination.state.in_(("waiting_other", "on_hold", "waiting_audit")),
        name="termination_one_open_per_agreement",
    )
)
Termination.add_index(
    Termination.index(Termination.agreement, Termination.id, name="termination_by_agreement")
)

"""The invitation to sign, the agreement, and what stands between: P11's facts and promises."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

import peewee

from engine import clock, codes, db
from engine.actors import Actor
from engine.db import InstantField
from engine.errors import Sentence as S
from engine.models.base import Model, StateField, code_field, now
from engine.models.organisations import Employer, School, SchoolClass, Student, within_school
from engine.secrets import SecretField

# A letter that was answered stays so, whatever became of the agreement (P11, States).
for _code in ("failed", "void"):
    codes.also("invitation_state", _code, S("双方已签约", "Both sides have signed"))


class SendListEntry(Model):
    """A student on an employer's 签约发送列表, kept between sign-ins."""

    label = S("签约发送列表", "Send list")

    employer = peewee.ForeignKeyField(Employer, on_delete="CASCADE")
    student = peewee.ForeignKeyField(Student, on_delete="CASCADE")
    added_at = InstantField(default=now)

    class Meta:
        indexes = ((("employer", "student"), True),)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select().where(cls.employer.in_(actor.parties("employer")))


#: Who is party to a signing: see `signing_parties`.
SIGNING_PARTIES = frozenset({"student", "employer", "school_class", "college", "school"})


class Invitation(Model):
    """The employer's letter 签约邀请函 (D09) and its fate, 应约状态.

    `failed` and `void` are told as 双方已签约 (P11, States): the letter was answered, what became of the
    agreement says its own state.
    """

    label = S("签约邀请", "Invitations")
    words: ClassVar = {
        "employer": S("用人单位", "Employer"),
        "student": S("毕业生", "Graduate"),
        "position": S("拟聘用职位", "Position"),
        "position_category": S("工作职位类别", "Position category"),
        "work_place": S("工作地点", "Place of work"),
        "probation_pay": S("试用起薪", "Pay on probation"),
        "regular_pay": S("转正起薪", "Pay afterwards"),
        "archive_route": S("档案去向", "Archive"),
        "branch_office": S("是否分公司", "Branch office"),
        "archive_address": S("档案转寄详细地址", "Archive address"),
        "household_address": S("户口迁移地址", "Household address"),
        "takes_party_relation": S("是否接收组织关系", "Takes party relation"),
        "party_relation_unit": S("组织关系接收单位", "Party relation unit"),
        "agreed_matters": S("具体约定事项", "Agreed matters"),
        "answer_days": S("签约反馈期限", "Days to answer"),
        "invited_on": S("邀请日期", "Invited on"),
        "expires_on": S("应约过期日期", "Answer by"),
        "expires_at": S("应约过期时刻", "Answer before"),
        "state": S("应约状态", "Answer"),
        "refusal_reason": S("拒绝原因", "Reason of refusal"),
        "revision": S("修改次数", "Changes"),
    }
    listed = ("student", "employer", "position", "invited_on", "expires_on", "state")
    search = ("position",)
    codes: ClassVar = {
        "position_category": "position_category",
        "archive_route": "archive_route",
        "state": "invitation_state",
    }
    #: What the letter says; a change copies these and nothing else.
    letter: ClassVar = (
        "position", "position_category", "work_place", "probation_pay", "regular_pay", "archive_route",
        "branch_office", "archive_address", "household_address", "takes_party_relation",
        "party_relation_unit", "agreed_matters", "answer_days",
    )  # fmt: skip
    deadlines: ClassVar = {"sent": "expires_at"}
    readable = (*letter, "invited_on", "expires_on", "expires_at", "state", "revision")
    facts: ClassVar = {
        "invitation": "",
        "student": "student",
        "employer": "employer",
        "school": "school",
        "agreement": "agreement",
    }

    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    employer = peewee.ForeignKeyField(Employer, on_delete="RESTRICT")
    student = peewee.ForeignKeyField(Student, on_delete="RESTRICT")
    position = peewee.CharField(max_length=50)
    position_category = code_field()
    work_place = peewee.CharField(max_length=100)
    probation_pay = peewee.IntegerField(constraints=[peewee.Check("probation_pay >= 0")])
    regular_pay = peewee.IntegerField(constraints=[peewee.Check("regular_pay >= 0")])
    archive_route = code_field()
    branch_office = peewee.BooleanField(default=False)
    archive_address = peewee.CharField(max_length=200)
    household_address = peewee.CharField(max_length=200)
    takes_party_relation = peewee.BooleanField(default=False)
    party_relation_unit = peewee.CharField(max_length=200, default="")
    agreed_matters = peewee.TextField(default="无")
    answer_days = peewee.IntegerField(constraints=[peewee.Check("answer_days >= 1")])
    invited_on = peewee.DateField()
    expires_on = peewee.DateField()
    state = StateField(
        {
            "sent": ["signed", "refused", "expired", "withdrawn", "sent"],
            "signed": ["sent", "failed", "void", "terminated"],
            "refused": [],
            "expired": [],
            "withdrawn": [],
            "failed": [],
            "void": [],
            "terminated": [],
        },
        finished=["signed", "refused", "expired", "withdrawn", "failed", "void", "terminated"],
        default="sent",
    )
    refusal_reason = peewee.CharField(max_length=200, default="")
    revision = peewee.IntegerField(default=0)
    created_at = InstantField(default=now)

    class Meta:
        indexes = (
            (("employer", "invited_on", "id"), False),
            (("student", "invited_on", "id"), False),
        )

    read_only: ClassVar = frozenset(
        {"school", "employer", "student", "state", "invited_on", "expires_on", "revision", "created_at"}
    )

    @property
    def expires_at(self) -> datetime:
        """The instant from which 同意 no longer works: the day after the expiry date, 00:00 (rule 2)."""
        return clock.end_of_day(self.expires_on)

    @property
    def agreement(self) -> Agreement | None:
        """The agreement made of this letter, if it was agreed once. One query."""
        return self.agreements.first()

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        query = cls.select(cls, Student, Employer).join(Student).switch(cls).join(Employer)
        return _seen_by_parties(query, cls, actor)

    party_kinds = SIGNING_PARTIES

    def parties(self) -> list[tuple[str, int]]:
        return signing_parties(self.student, self.employer_id)

    def case_title(self) -> S:
        student, employer = self.student.name, self.employer.name
        return S(f"{student}与{employer}的签约", f"Signing of {student} with {employer}")

    def __str__(self) -> str:
        return f"{self.student.name} · {self.employer.name} · {self.position}"


# An invitation stands while it may still be answered or while what was signed holds (rules 4 and 20).
Invitation.add_index(
    Invitation.index(
        Invitation.employer,
        Invitation.student,
        unique=True,
        where=Invitation.state.in_(("sent", "signed")),
        name="invitation_one_standing_per_pair",
    )
)


class Agreement(Model):
    """The three-party agreement 就业协议书 (D01): a copy of all it prints, its number and its state."""

    label = S("就业协议书", "Agreements")
    words: ClassVar = {
        "number": S("协议书编号", "Number"),
        "student": S("毕业生", "Graduate"),
        "employer": S("用人单位", "Employer"),
        "channel": S("签约方式", "Channel"),
        "state": S("协议书状态", "State"),
        "signed_at": S("签约时间", "Signed at"),
        "decided_at": S("审核时间", "Decided at"),
        "reason": S("原因", "Reason"),
        "probation_pay": S("试用起薪", "Pay on probation"),
        "regular_pay": S("转正起薪", "Pay afterwards"),
        "void_at": S("失效时间", "Void since"),
        "school_number": S("学校编号", "School's number"),
    }
    listed = ("number", "student", "employer", "channel", "signed_at", "decided_at", "state")
    search = ("number",)
    codes: ClassVar = {"state": "agreement_state", "channel": "agreement_channel"}
    readable = (
        "number", "state", "channel", "signed_at", "decided_at", "reason", "probation_pay", "regular_pay",
    )  # fmt: skip
    facts: ClassVar = {
        "agreement": "",
        "invitation": "invitation",
        "student": "student",
        "employer": "employer",
        "school": "school",
    }

    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    invitation = peewee.ForeignKeyField(
        Invitation, null=True, unique=True, backref="agreements", on_delete="RESTRICT"
    )
    student = peewee.ForeignKeyField(Student, backref="agreements", on_delete="RESTRICT")
    employer = peewee.ForeignKeyField(Employer, null=True, on_delete="RESTRICT")
    channel = code_field(default="online")
    number = peewee.CharField(max_length=16, unique=True, constraints=[peewee.Check("length(number) = 16")])
    school_number = peewee.CharField(max_length=20, default="")
    state = StateField(
        {
            "draft": ["generated"],
            "generated": ["draft", "effective", "audit_failed"],
            "effective": ["void"],
            "audit_failed": [],
            "void": [],
        },
        finished=["draft", "effective", "audit_failed", "void"],
        default="generated",
    )
    position = peewee.CharField(max_length=50)
    probation_pay = peewee.IntegerField()
    regular_pay = peewee.IntegerField()
    printed = SecretField()
    signed_at = InstantField()
    decided_at = InstantField(null=True)
    reason = peewee.CharField(max_length=200, default="")
    void_at = InstantField(null=True)
    void_kind = peewee.CharField(max_length=20, default="")

    read_only: ClassVar = frozenset(
        {
            "school", "invitation", "student", "employer", "channel", "number", "state", "position",
            "probation_pay", "regular_pay", "printed", "signed_at", "decided_at", "reason", "void_at",
            "void_kind",
        }
    )  # fmt: skip

    class Meta:
        indexes = (
            (("school", "state", "id"), False),
            (("employer", "id"), False),
        )

    @property
    def audit_state(self) -> str:
        """审核状态, which follows from the state: none until the school has decided (rule 15)."""
        return {"effective": "passed", "void": "passed", "audit_failed": "failed"}.get(self.state, "none")

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        query = (
            cls.select(cls, Student, Employer)
            .join(Student)
            .switch(cls)
            .join(Employer, peewee.JOIN.LEFT_OUTER)
        )
        return _seen_by_parties(query, cls, actor)

    party_kinds = SIGNING_PARTIES

    def parties(self) -> list[tuple[str, int]]:
        return signing_parties(self.student, self.employer_id)

    def case_title(self) -> S:
        student, employer = self.student.name, self.employer.name
        return S(f"{student}与{employer}的协议书", f"Agreement of {student} with {employer}")

    def __str__(self) -> str:
        return self.number


#: An agreement without its printed copy, which lists do not need.
PLAIN = tuple(field for field in Agreement._meta.sorted_fields if field.name != "printed")

# A student has at most one agreement in audit or in force (rules 6 and 7).
Agreement.add_index(
    Agreement.index(
        Agreement.student,
        unique=True,
        where=Agreement.state.in_(("generated", "effective")),
        name="agreement_one_binding_per_student",
    )
)
Agreement.add_index(Agreement.index(Agreement.student, Agreement.id, name="agreement_by_student"))


class AgreementSerial(Model):
    """The last serial given per year, school and level; a number is never given twice (rule 14)."""

    label = S("协议书流水号", "Agreement serials")

    year = peewee.IntegerField()
    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    level = peewee.IntegerField()
    last = peewee.IntegerField(default=0, constraints=[peewee.Check("last <= 99999")])

    class Meta:
        indexes = ((("year", "school", "level"), True),)

    @classmethod
    def next_number(cls, student: Student) -> str:
        """Gives the next agreement number. Caller is inside a step, so a number is given once.

        1 + year of graduation + school code + level + serial ([G], P11 Agreement number).
        """
        level = {"graduate": 1, "bachelor": 2, "college": 3}[student.education_level]
        year, school = student.graduation_year, student.school
        cls.insert(year=year, school=school, level=level).on_conflict_ignore().execute()
        here = (cls.year == year) & (cls.school == school) & (cls.level == level)
        db.for_update(cls.select(cls.id).where(here)).execute()
        cls.update(last=cls.last + 1).where(here).execute()
        last = cls.get(here).last
        return f"1{year:04d}{school.code}{level}{last:05d}"


def signing_parties(student: Student, employer_id: int | None) -> list[tuple[str, int]]:
    """The parties of a signing: student, employer, and the student's class, college and school."""
    school_class = student.school_class
    parties = [
        ("student", student.id),
        ("school_class", school_class.id),
        ("college", school_class.college_id),
        ("school", student.school_id),
    ]
    return parties if employer_id is None else [parties[0], ("employer", employer_id), *parties[1:]]


def _seen_by_parties(query: Any, model: Any, actor: Actor) -> Any:
    """Rows of the actor's own party: the two sides, the class, the college, the school, the province."""
    if actor.party_kind == "student":
        return query.where(model.student.in_(actor.parties("student")))
    if actor.party_kind == "employer":
        return query.where(model.employer.in_(actor.parties("employer")))
    if actor.party_kind == "school_class":
        return query.where(Student.school_class.in_(actor.parties("school_class")))
    if actor.party_kind == "college":
        colleges = actor.parties("college")
        classes = SchoolClass.select(SchoolClass.id).where(SchoolClass.college.in_(colleges))
        return query.where(Student.school_class.in_(classes))
    return within_school(query, model.school, actor)


def expiry(invited_on: date, answer_days: int) -> date:
    """The last day on which an invitation may be answered: calendar days (rule 1)."""
    return date.fromordinal(invited_on.toordinal() + answer_days)

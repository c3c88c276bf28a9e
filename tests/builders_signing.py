"""An office where signings happen: the shipped processes live, one school, two employers, graduates and their people."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from admin.door import App
from engine import catalog, runtime
from engine.models.base import Model
from engine.models.organisations import Employer, Student
from engine.models.people import Account
from engine.models.seed import ensure_roles
from engine.models.signing import Agreement, Invitation, SendListEntry
from engine.models.workflow import Notification, ProcessInstance, UserTask
from tests.builders import (
    make_account,
    make_class,
    make_college,
    make_employer,
    make_school,
    make_student,
)
from tests.people import Person

ROOT = Path(__file__).resolve().parent.parent
PROCESS = "online_signing"


@cache
def shipped() -> dict[str, bytes]:
    """The files of the processes under test, and of no other."""
    files = catalog.read_folder(ROOT)
    wanted = {path for process in (PROCESS, "agreement_voiding") for path in catalog.closure(files, process)}
    return {path: files[path] for path in sorted(wanted)}


def letter(**changed: Any) -> dict[str, str]:
    """A letter as a browser posts it."""
    known = {
        "position": "测试工程师",
        "position_category": "13",
        "work_place": "松岚市高新区",
        "probation_pay": "4800",
        "regular_pay": "6000",
        "archive_route": "employer",
        "archive_address": "松岚市高新区云帆路 18 号",
        "household_address": "不接收户口",
        "takes_party_relation": "no",
        "agreed_matters": "服务期 2 年。",
        "answer_days": "5",
    }
    return {**known, **{name: str(value) for name, value in changed.items()}}


class Office:
    """The people: `employer` with a `colleague`, `rival` (another employer), `graduate`, `clerk` of her school."""

    def __init__(self, web: App) -> None:
        ensure_roles()
        if not catalog.live_all():
            catalog.deploy(shipped())
        self.web = web
        self.school = make_school(name="松岚理工大学", contact="沈老师", phone="0451-0000 0000")
        self.college = make_college(self.school, name="信息工程学院")
        self.school_class = make_class(self.college)
        self.student: Student = make_student(self.school_class, name="林一诺", mobile="13800000046")
        self.firm: Employer = make_employer(name="晴川软件有限公司", contact="罗经理", phone="0451-0000 0001")
        self.employer = self.person("用人单位", self.firm, name="罗经理")
        self.graduate = self.person("毕业生", self.student, name="林一诺")
        self.clerk = self.person("学校", self.school, name="沈老师")

    def person(self, role: str, party: Model | None = None, **values: Any) -> Person:
        """Someone signed in, at a fresh party by default."""
        return Person(self.web, make_account(role, party, **values)).enter()

    def rival(self, **values: Any) -> Person:
        """Another employer's person."""
        return self.person("用人单位", make_employer(**values))

    def another(self, **values: Any) -> Person:
        """Another graduate of the class; `.student` is the row."""
        student = make_student(self.school_class, **values)
        person = self.person("毕业生", student, name=student.name)
        person.student = student  # type: ignore[attr-defined]
        return person

    # ── sending ──

    def listed(self, *students: Student, by: Person | None = None) -> None:
        """Puts graduates on an employer's list."""
        asks = (by or self.employer).actor
        for student in students:
            SendListEntry.create(employer=asks.party_id, student=student)

    def search(
        self, by: Person | None = None, student: Student | None = None, **changed: Any
    ) -> TestResponse:
        """Looks for a graduate by what is registered of her."""
        student = student or self.student
        asked = {
            "school": student.school_id,
            "year": student.graduation_year,
            "name": student.name,
            "key": student.mobile,
            **changed,
        }
        return (by or self.employer).post("/signing/send", asked)

    def send(
        self, *students: Student, by: Person | None = None, key: str = "k1", **changed: Any
    ) -> TestResponse:
        """【确认发送】, as the page posts it."""
        return (by or self.employer).post("/signing/send/invite", self.sending(*students, key=key, **changed))

    def sending(self, *students: Student, key: str = "k1", **changed: Any) -> dict[str, Any]:
        """What the page of 【确认发送】 posts."""
        chosen = [str(student.id) for student in students or (self.student,)]
        return {**letter(**changed), "student": chosen, "_start_key": key, "_confirmed": "send"}

    def invite(self, student: Student | None = None, by: Person | None = None, **changed: Any) -> Invitation:
        """A letter sent, through the engine's door. Raises what the engine raises."""
        instance = runtime.start(
            (by or self.employer).actor,
            PROCESS,
            on=student or self.student,
            data=MultiDict(letter(**changed)),
        )
        return Invitation.get_by_id(instance.subject_id)

    # ── what stands in the inbox ──

    @staticmethod
    def case(invitation: Invitation) -> ProcessInstance:
        return ProcessInstance.get(
            (ProcessInstance.subject_kind == "invitation") & (ProcessInstance.subject_id == invitation.id)
        )

    def task(self, invitation: Invitation, node: str) -> UserTask | None:
        """The open task or act at an element of a letter's case."""
        return UserTask.get_or_none(
            (UserTask.instance == self.case(invitation))
            & (UserTask.node_id == node)
            & (UserTask.state == "open")
        )

    def act(self, person: Person, invitation: Invitation, node: str, data: Any = None) -> TestResponse:
        """Completes a task or does an act by its page."""
        task = self.task(invitation, node)
        assert task is not None, f"{node} is not open"
        return person.post(f"/tasks/{task.id}", data or {})

    # ── answers ──

    def answer(self, invitation: Invitation, by: Person | None = None, **data: str) -> TestResponse:
        """What the letter's page posts."""
        task = self.task(invitation, "student_answers")
        assert task is not None, "the letter is not open"
        return (by or self.graduate).post(f"/tasks/{task.id}/letter", data)

    def agree(self, invitation: Invitation, by: Person | None = None) -> TestResponse:
        """【同意】 and 【现在签约】."""
        return self.answer(invitation, by, answer="agree", _confirmed="agree")

    def refuse(self, invitation: Invitation, by: Person | None = None, reason: str = "") -> TestResponse:
        return self.answer(invitation, by, answer="refuse", reason=reason, _confirmed="refuse")

    def audit(
        self, invitation: Invitation, result: str = "pass", reason: str = "", by: Person | None = None
    ) -> TestResponse:
        """The school's decision."""
        data = {"result": result, **({"reason": reason} if reason else {})}
        return self.act(by or self.clerk, invitation, "school_audits", data)

    def signed(self, by_graduate: Person | None = None, **changed: Any) -> Invitation:
        """A letter that the graduate has agreed to."""
        invitation = self.invite(**changed)
        assert self.agree(invitation, by_graduate).status_code == 303
        return now(invitation)

    def effective(self, **changed: Any) -> Invitation:
        """One that the school has passed as well."""
        invitation = self.signed(**changed)
        assert self.audit(invitation).status_code in (302, 303)
        return now(invitation)


def now(row: Any) -> Any:
    """The row as it is stored now."""
    return type(row).get_by_id(row.get_id())


def agreement_of(invitation: Invitation) -> Agreement:
    return Agreement.get(Agreement.invitation == invitation)


def told(person: Person) -> list[str]:
    """The subjects of a person's messages, the newest first."""
    rows = Notification.select().where(Notification.account == Account.get_by_id(person.account.id))
    return [row.subject for row in rows.order_by(Notification.id.desc())]


def tab_of(person: Person, name: str) -> set[str]:
    """The tabs of 数据管理 that hold a graduate."""
    held = set()
    for tab, words in (
        ("waiting", "待应约"),
        ("signed", "已应约"),
        ("ending", "待解约"),
        ("ended", "已解约"),
    ):
        page = person.get(f"/signing/data?tab={tab}")
        assert page.status_code == 200
        if f">{name}<" in page.text:
            held.add(words)
    return held

"""Each role tries every route of the URL map, and every row of another party: nothing opens.

A new route is covered by itself. What it may need of you is a line in ROWS: for an argument's name, somebody
else's row; or in WORLD, a row of a new table that staff may see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from admin.crud import policy, shown_models
from engine import clock, db, files, models, runtime
from engine.models.base import Model
from engine.models.calendar import OfficeDay
from engine.models.drafts import ProcessDraft
from engine.models.people import actor_of
from engine.models.signing import Agreement, Invitation, SendListEntry
from engine.models.termination import Termination
from engine.models.workflow import Attachment, Incident, Notification, ProcessDefinition, UserTask
from tests import leave
from tests.builders import (
    make_account,
    make_class,
    make_college,
    make_employer,
    make_school,
    make_student,
)
from tests.people import Person

#: Stands in every text of the other party's rows: no page of a stranger may show it.
MARK = "别人家的"
ROLES = ("毕业生", "用人单位", "辅导员", "学院", "学校", "省中心")
#: Tables whose rows are for everybody of these party kinds: employers and schools have public faces, a
#: school reads the processes that all schools share, the province keeps the whole register.
OPEN_TO = {
    "employer": {"student", "school_class", "college", "school", "province"},
    "school": {"student", "employer", "province"},
    "province": {"student", "employer", "school_class", "college", "school", "province"},
    "process_definition": {"school"},
    "deployment": {"school"},
}
#: What the province sees of schools by its office; it still may not act there.
PROVINCE_SEES = {
    "office_day",
    "termination",
    "student",
    "college",
    "school_class",
    "major",
    "invitation",
    "agreement",
    "process_instance",
    "incident",
}


class World:
    """Another school, its people, and a row of everything they have. Nobody tested belongs to it."""

    def __init__(self) -> None:
        leave.deploy()
        self.school = make_school()  # schools are public, their rows are not
        self.college = make_college(self.school, name=f"{MARK}学院")
        self.school_class = make_class(self.college, name=f"{MARK}班")
        self.student = make_student(self.school_class, name=f"{MARK}学生")
        self.employer = make_employer(name=f"{MARK}单位")
        self.account = make_account("毕业生", self.student, name=f"{MARK}账号")
        self.clerk = make_account("学校", self.school)
        self._signing()
        self._case()

    def _signing(self) -> None:
        today = clock.today()
        letter = {
            "school": self.school, "employer": self.employer, "student": self.student, "position": f"{MARK}职位",
            "position_category": "13", "work_place": f"{MARK}地方", "probation_pay": 1, "regular_pay": 1,
            "archive_route": "employer", "archive_address": "-", "household_address": "-", "answer_days": 5,
            "invited_on": today, "expires_on": today,
        }  # fmt: skip
        self.invitation = Invitation.create(**letter, state="signed")
        self.agreement = Agreement.create(
            school=self.school, invitation=self.invitation, student=self.student,
            number="1202799999200001", position=f"{MARK}职位", probation_pay=1, regular_pay=1,
            printed=json.dumps({"student_name": f"{MARK}学生"}), signed_at=clock.now(),
        )  # fmt: skip
        self.termination = Termination.create(
            school=self.school,
            agreement=self.agreement,
            student=self.student,
            asked_by="student",
            reason=f"{MARK}原因",
        )
        self.entry = SendListEntry.create(employer=self.employer, student=self.student)
        self.attachment = Attachment.create(
            subject_kind="agreement", subject_id=self.agreement.id, kind="paper", sha=files.put(b"%PDF-1.4 \n"),
            file_name=f"{MARK}.pdf", media_type="application/pdf", size=10,
        )  # fmt: skip

    def _case(self) -> None:
        person = actor_of(self.account)
        assert person is not None
        self.instance = runtime.start(person, leave.PROCESS, json={"days": 3, "reason": f"{MARK}理由"})
        self.task = UserTask.get((UserTask.instance == self.instance) & (UserTask.kind == "task"))
        self.act = UserTask.get((UserTask.instance == self.instance) & (UserTask.kind == "action"))
        self.handed_in = Attachment.create(
            subject_kind="process_instance", subject_id=self.instance.id, kind="paper",
            sha=files.put(b"%PDF-1.4 \n"), file_name=f"{MARK}成绩单.pdf", media_type="application/pdf", size=10,
        )  # fmt: skip
        self.message = Notification.create(account=self.account, subject=f"{MARK}消息", body=f"{MARK}消息")
        self.incident = Incident.create(instance=self.instance, problem=f"{MARK}故障")
        self.definition = ProcessDefinition.get()
        manifest = self.definition.deployment.manifest
        self.draft = ProcessDraft.create(process_id=leave.PROCESS, name=f"{MARK}草稿", manifest=manifest)
        self.closure = OfficeDay.create(school=self.school, day=clock.today(), name=f"{MARK}校庆")

    def row(self, model: type[Model]) -> Model | None:
        """The other party's row of a table, where this world has one."""
        known = {
            "student": self.student, "employer": self.employer, "school": self.school, "college": self.college,
            "school_class": self.school_class, "major": self.student.major, "invitation": self.invitation,
            "agreement": self.agreement, "process_instance": self.instance, "incident": self.incident,
            "office_day": self.closure, "termination": self.termination,
            "process_definition": self.definition, "deployment": self.definition.deployment,
        }  # fmt: skip
        return known.get(model.model_name())


#: Argument of a route → somebody else's row for it. Several values: each is tried.
ROWS: dict[str, Callable[[World], list[Any]]] = {
    "task_id": lambda world: [world.task.id, world.act.id],
    "case_id": lambda world: [world.instance.id],
    "incident_id": lambda world: [world.incident.id],
    "message_id": lambda world: [world.message.id],
    "process_id": lambda _world: [leave.PROCESS],
    "invitation_id": lambda world: [world.invitation.id],
    "termination_id": lambda world: [world.termination.id],
    "agreement_id": lambda world: [world.agreement.id],
    "student_id": lambda world: [world.student.id],
    "employer_id": lambda world: [world.employer.id],
    "attachment_id": lambda world: [world.attachment.id, world.handed_in.id],
    "entry_id": lambda world: [world.entry.id],
    "column": lambda _world: ["school"],
    "export_type": lambda _world: ["csv"],
    "model": lambda _world: ["student", "invitation", "agreement"],
    "draft_id": lambda world: [world.draft.id],
    "definition_id": lambda world: [world.definition.id],
    "path": lambda _world: [f"processes/leave/{leave.PROCESS}.bpmn"],
    "token": lambda _world: ["0" * 32],
    "filename": lambda _world: ["nothing-here.css"],
}


@pytest.fixture
def world(sqlite: str, tmp_path: Any) -> World:
    files.configure((tmp_path / "files").as_uri())
    return World()


def rules(app: Any) -> Iterator[tuple[Rule, str]]:
    """Every route with every method it takes."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method


def arguments(rule: Rule, world: World) -> list[dict[str, Any]]:
    """The arguments to try: each of a route's rows."""
    found: list[dict[str, Any]] = [{}]
    for name in sorted(rule.arguments):
        assert name in ROWS, (
            f"{rule.rule} takes <{name}>: add to ROWS in tests/admin/test_strangers.py a row of another party for it."
        )
        found = [{**one, name: value} for one in found for value in ROWS[name](world)]
    return found


def model_of(endpoint: str) -> type[Model] | None:
    """The table of a CRUD view."""
    room = endpoint.split(".")[0]
    return models.by_name(room.removeprefix("crud_")) if room.startswith("crud_") else None


def addresses(app: Any, rule: Rule, world: World) -> Iterator[str]:
    """The addresses of a route, those of CRUD pages with somebody else's id."""
    model = model_of(rule.endpoint)
    with app.test_request_context():
        for values in arguments(rule, world):
            url = app.url_map.bind("localhost").build(rule.endpoint, values, method=None)
            if model is not None:
                row = world.row(model)
                url += f"?id={row.get_id() if row is not None else 1}"
            elif rule.endpoint.startswith("inbox.") and not values:
                url += f"?id={world.task.id}"
            yield url


def is_public(app: Any, rule: Rule) -> bool:
    return rule.endpoint == "static" or getattr(app.view_functions[rule.endpoint], "is_public", False)


def test_a_table_that_staff_may_see_has_its_row_in_the_world(web, world):
    for model in shown_models():
        if policy.rule(model).see - {"system", "province"}:
            assert world.row(model) is not None, (
                f"{model.model_name()} may be seen by schools: add a row of another party to World.row in"
                " tests/admin/test_strangers.py."
            )


def test_who_is_not_signed_in_is_led_to_the_sign_in_by_every_route(web, world):
    nobody = web.test_client()
    for rule, method in rules(web):
        if is_public(web, rule):
            continue
        for url in addresses(web, rule, world):
            answer = nobody.open(url, method=method)
            assert answer.status_code == 302, f"{method} {url}: {answer.status}"
            assert answer.location.startswith("/sign-in"), f"{method} {url} leads to {answer.location}"
            assert nobody.open(url, method=method, headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("role", ROLES)
def test_no_row_of_another_party_opens(web, world, role):
    person = Person(web, make_account(role))
    kind = person.actor.party_kind
    for rule, method in rules(web):
        if rule.endpoint == "static" or method != "GET":
            continue
        model = model_of(rule.endpoint)
        if model is not None and kind in OPEN_TO.get(model.model_name(), ()):
            continue
        if kind == "school" and rule.endpoint.startswith("studio."):
            continue  # the schools of an installation share its processes and their drafts
        if kind == "province" and (model is None or model.model_name() in PROVINCE_SEES):
            continue
        for url in addresses(web, rule, world):
            answer = person.enter().get(url)
            body = answer.get_data()
            assert MARK.encode() not in body, f"{role}: {url} shows {shown(body)}"
            open_word = {"column", "export_type", "process_id", "model", "filename", "token", "path"}
            if rule.arguments - open_word and not is_public(web, rule):
                assert answer.status_code in (403, 404), f"{role}: {url} answers {answer.status}"
            assert answer.status_code < 500, f"{role}: {url} answers {answer.status}"


def shown(body: bytes) -> str:
    found = re.search(f".{{0,60}}{MARK}.{{0,60}}", body.decode(errors="replace"))
    return found[0] if found else ""


@pytest.mark.parametrize("role", ROLES)
def test_no_act_changes_a_row_of_another_party(web, world, role):
    person = Person(web, make_account(role))
    before = contents()
    for rule, method in rules(web):
        if method == "GET":
            continue
        for url in addresses(web, rule, world):
            ids = {
                "id": world.task.id,
                "task": world.task.id,
                "student": world.student.id,
                "decision": "pass",
            }
            sent = {**ids, "_asked": "1", "outcome": "pass"}
            answer = person.enter().client.open(
                url, method=method, data=sent, headers={"X-CSRFToken": person.token()}
            )
            assert answer.status_code < 500, f"{role}: {method} {url} answers {answer.status}"
            assert contents() == before, f"{role}: {method} {url} changed something"


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """The rows of the tables that hold what people have."""
    tables = ("student", "employer", "school", "college", "school_class", "major", "invitation", "agreement",
              "termination",
              "process_instance", "user_task", "notification", "incident", "attachment", "send_list_entry")  # fmt: skip
    return {table: list(db.run_sql(f"SELECT * FROM {table} ORDER BY id").fetchall()) for table in tables}

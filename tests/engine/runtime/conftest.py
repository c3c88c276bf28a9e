"""Small diagrams of the tests' own, run through the engine's doors: graduates and their school, no pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import catalog, runtime, secrets, settings
from engine.actors import Actor
from engine.models.base import Model
from engine.models.people import Account, Membership, actor_of
from engine.models.seed import ensure_roles
from engine.models.workflow import ProcessInstance, UserTask
from tests.builders import make_account, make_class, make_college, make_school, make_student

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:qh="urn:qihang:bpmn"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' id="d" targetNamespace="urn:qihang:processes"><bpmn:message id="m" name="hello"/>'
    '<bpmn:process id="{id}" name="试办" isExecutable="true"><bpmn:laneSet id="ls">{lanes}</bpmn:laneSet>'
)


def flow(source: str, target: str, when: str = "") -> str:
    """A flow of a diagram, named after its ends."""
    inner = f"<bpmn:conditionExpression>{when}</bpmn:conditionExpression>" if when else ""
    ids = f'id="{source}_{target}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {ids}>{inner}</bpmn:sequenceFlow>"


def timer(at: str, after: str, name: str = "late") -> str:
    """A boundary timer at an activity, and the end it leads to."""
    return (
        f'<bpmn:boundaryEvent id="{name}" attachedToRef="{at}"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>{after}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        f'<bpmn:endEvent id="{name}_end"/>{flow(name, f"{name}_end")}'
    )


class Bench:
    """`graduate` and another, two clerks of one school; diagrams go live without the checker, which would
    refuse the broken ones."""

    def __init__(self) -> None:
        ensure_roles()
        self.school = make_school()
        self.school_class = make_class(make_college(self.school))
        self.student = make_student(self.school_class)
        self.graduate = self.someone("毕业生", self.student)
        self.clerk = self.someone("学校", self.school)
        self.colleague = self.someone("学校", self.school)

    def someone(self, role: str, party: Model | None) -> Account:
        """An account at a party, a fresh one by default."""
        return make_account(role, party)

    def sit(self, account: Account, role: str, party: Model | None) -> None:
        """Gives an account one more seat."""
        other = self.someone(role, party)
        Membership.update(account=account).where(Membership.account == other).execute()

    def at_work(self, account: Account) -> Actor:
        found = actor_of(Account.get_by_id(account.id))
        assert found is not None
        return found

    def live(self, name: str, body: str, lanes: dict[str, str], **files: Any) -> None:
        """Deploys a diagram; lanes: role → elements. `files`: form or table, "/" written as "__"."""
        drawn = "".join(
            f'<bpmn:lane id="l{n}" name="{role}">'
            + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes.split())
            + "</bpmn:lane>"
            for n, (role, nodes) in enumerate(lanes.items())
        )
        text = _HEAD.format(id=name, lanes=drawn) + body + "</bpmn:process></bpmn:definitions>"
        content = {f"processes/bench/{name}.bpmn": text.encode()}
        for path, value in files.items():
            folder, _, stem = path.partition("__")
            kind = "form" if isinstance(value, list) else "dmn"
            where = "forms" if kind == "form" else "processes"
            content[f"{where}/{folder}/{stem}.{kind}"] = _form(value) if kind == "form" else value.encode()
        catalog.deploy(content, note="bench", checked=True)

    def start(self, name: str, account: Account | None = None, **answers: Any) -> ProcessInstance:
        return runtime.start(self.at_work(account or self.graduate), name, json=answers)

    def do(self, case: ProcessInstance, node: str, account: Account, **answers: Any) -> runtime.Done:
        return runtime.complete(self.open(case, node), self.at_work(account), json=answers)

    @staticmethod
    def open(case: ProcessInstance, node: str) -> UserTask:
        """The open task or act of a case at an element."""
        here = (UserTask.instance == case.id) & (UserTask.node_id == node) & (UserTask.state == "open")
        return UserTask.get(here)


def _form(components: list[dict[str, Any]]) -> bytes:
    made = [{"id": f"f{n}", "label": part["key"], **part} for n, part in enumerate(components)]
    return json.dumps({"type": "default", "id": "f", "schemaVersion": 18, "components": made}).encode()


@pytest.fixture(autouse=True)
def keys() -> None:
    """The demo's data keys, as `create_app` would give them."""
    secrets.configure(settings.load({"DEMO": "1"}).data_keys)


@pytest.fixture
def bench(database: str) -> Bench:
    return Bench()

"""A case explains itself: which rule of a decision table fired on which inputs, and why the others did not."""

from __future__ import annotations

from pathlib import Path

from admin.door import App
from engine import catalog, runtime
from engine.models.people import Role
from engine.models.seed import ensure_roles
from engine.models.workflow import ProcessInstance
from tests.builders import make_account, make_school
from tests.people import Person, text_of

CONTENT = Path(__file__).parent.parent / "bench" / "content"
APPLY = {
    "student_name": "林一诺",
    "student_id": "S1",
    "gpa": 3.2,
    "days": 5,
    "start_date": "2026-09-01",
    "reason": "实习",
}


def _decided(web: App) -> tuple[ProcessInstance, Person]:
    """A request that the table has graded."""
    ensure_roles()
    school = make_school()
    for role in ("申请人", "审批人"):
        Role.create(name=role, party_kind="school")
    catalog.deploy(catalog.read_folder(CONTENT), note="", source="shipped")
    asks, decides = (Person(web, make_account(role, school)).enter() for role in ("申请人", "审批人"))
    instance = runtime.start(asks.actor, "request", json={})
    runtime.complete(runtime.open_tasks(asks.actor, instance)[0], asks.actor, json=APPLY)
    review = {"decision": "approved", "credits": 12, "comment": "可以"}
    runtime.complete(runtime.open_tasks(decides.actor, instance)[0], decides.actor, json=review)
    return ProcessInstance.get_by_id(instance.id), asks


def test_the_trace_says_which_rule_fired_and_why_others_did_not(database: str, web: App) -> None:
    instance, _asks = _decided(web)
    reasons = [str(reason) for line in runtime.trace(instance) for reason in line.reasons]
    assert "第 3 条规则命中。" in reasons
    assert "第 2 条规则没有命中：gpa = 3.2 不符合 >= 3.5。" in reasons
    assert instance.variables["level"] == "silver"


def test_the_case_page_shows_it(database: str, web: App) -> None:
    instance, asks = _decided(web)
    page = text_of(asks.get(f"/cases/{instance.id}"))
    assert "系统为什么这样定" in page
    assert "第 3 条规则命中。" in page

"""Begins the demo's signings through the runtime, at moments of the last days: what stands there is what the
diagram makes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from admin.demo.rows import content
from engine import catalog, clock, runtime
from engine.actors import Actor
from engine.errors import NotFound
from engine.models.organisations import Student
from engine.models.people import Account, actor_of
from engine.models.signing import Agreement
from engine.models.workflow import ProcessInstance

PROCESS, TERMINATION = "online_signing", "termination"


def begin() -> int:
    """How many were begun; none where the processes are not live. Caller has just written the rows."""
    try:
        catalog.live(PROCESS)
        catalog.live(TERMINATION)
    except NotFound:
        return 0
    for one in content()["signings"]:
        _signing(one)
    return len(content()["signings"])


def _signing(one: dict[str, Any]) -> None:
    now = clock.now()
    letter = {
        **content()["letter"],
        "position": one["position"],
        "position_category": one["category"],
        "work_place": one["place"],
        "probation_pay": one["pay"][0],
        "regular_pay": one["pay"][1],
    }
    student = Student.get(Student.student_number == one["student"])
    with clock.frozen(now - timedelta(days=one["sent"], minutes=20)):
        case = runtime.start(_who(one["employer"]), PROCESS, on=student, json=letter)
    graduate, clerk = _who(one["student"]), _who(content()["auditor"])
    if "agreed" in one:
        _done(case, graduate, one["agreed"], {"answer": "agree", "_confirmed": "agree"})
    if "passed" in one:
        _done(case, clerk, one["passed"], {"result": "pass"})
    if "ending" in one:
        agreement = Agreement.get(Agreement.student == student)
        wish = {"reason": one["reason"], "understood": True}
        with clock.frozen(now - timedelta(days=one["ending"], minutes=5)):
            runtime.start(graduate, TERMINATION, on=agreement, json=wish)


def _done(case: ProcessInstance, by: Actor, days_ago: int, answers: dict[str, Any]) -> None:
    with clock.frozen(clock.now() - timedelta(days=days_ago, minutes=5)):
        (task,) = runtime.open_tasks(by, case)
        runtime.complete(task, by, json=answers)


def _who(login: str) -> Actor:
    found = actor_of(Account.get(Account.login == login))
    assert found is not None
    return found

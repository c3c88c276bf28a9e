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

PROCESS = "online_signing"


def begin() -> int:
    """How many were begun; none where the process is not live. Caller has just written the rows."""
    try:
        catalog.live(PROCESS)
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
    if "agreed" in one:
        graduate = _who(one["student"])
        with clock.frozen(now - timedelta(days=one["agreed"], minutes=5)):
            (task,) = runtime.open_tasks(graduate, case)
            runtime.complete(task, graduate, json={"answer": "agree", "_confirmed": "agree"})


def _who(login: str) -> Actor:
    found = actor_of(Account.get(Account.login == login))
    assert found is not None
    return found

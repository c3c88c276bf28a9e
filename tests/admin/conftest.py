"""People, and the small process they work on."""

from __future__ import annotations

from typing import Any

import pytest

from engine import runtime, secrets, settings
from engine.models.workflow import ProcessInstance, UserTask
from tests import leave
from tests.builders import make_class, make_college, make_school, make_student
from tests.people import new_person, web

__all__ = ["new_person", "web"]


@pytest.fixture(autouse=True)
def _demo_keys() -> None:
    """The demo's data keys, as `create_app` would give them."""
    secrets.configure(settings.load({"DEMO": "1"}).data_keys)


class Leave:
    """The process deployed, one school with a class, and its people."""

    def __init__(self, person: Any) -> None:
        leave.deploy()
        self.person = person
        self.school = make_school()
        self.school_class = make_class(make_college(self.school))
        self.clerk = person("学校", self.school)
        self.graduate = person("毕业生", make_student(self.school_class))

    def ask(self, person: Any = None, days: int = 3) -> UserTask:
        """A graduate asks for leave; gives the school's task."""
        person = person or self.graduate
        instance = runtime.start(person.actor, leave.PROCESS, json={"days": days, "reason": "回家"})
        return self.task(instance)

    def another_graduate(self, **values: Any) -> Any:
        return self.person("毕业生", make_student(self.school_class, **values))

    @staticmethod
    def task(instance: ProcessInstance) -> UserTask:
        return UserTask.get(
            (UserTask.instance == instance) & (UserTask.state == "open") & (UserTask.kind == "task")
        )


@pytest.fixture
def leaves(new_person: Any) -> Leave:
    return Leave(new_person)

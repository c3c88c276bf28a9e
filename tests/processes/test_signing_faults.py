"""A signing where something is not as the diagram takes for granted; and a letter changed by a program."""

from __future__ import annotations

import pytest

from admin.door import App
from engine import runtime
from engine.models.signing import Invitation
from engine.models.workflow import Incident
from engine.runtime import StepFailed
from tests.builders_signing import Office, now


def test_an_operation_in_a_state_that_it_does_not_accept_is_an_incident(sqlite: str, web: App) -> None:
    office = Office(web)
    invitation = office.invite()
    Invitation.update(state="withdrawn").where(Invitation.id == invitation.id).execute()
    task = office.task(invitation, "student_answers")
    with pytest.raises(StepFailed):
        runtime.complete(task, office.graduate.actor, json={"answer": "agree", "_confirmed": "agree"})
    assert "withdrawn" in Incident.get().problem
    assert now(invitation).state == "withdrawn"


def test_a_program_that_changes_one_thing_of_a_letter_leaves_the_rest(sqlite: str, web: App) -> None:
    office = Office(web)
    invitation = office.invite(agreed_matters="服务期 2 年。")
    change = office.task(invitation, "employer_changes")
    runtime.complete(change, office.employer.actor, json={"regular_pay": 7000})
    changed = now(invitation)
    assert (changed.regular_pay, changed.agreed_matters) == (7000, "服务期 2 年。")
    assert (changed.position, changed.work_place) == (invitation.position, invitation.work_place)

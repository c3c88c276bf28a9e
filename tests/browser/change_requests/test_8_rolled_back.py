"""8. A version that was published by mistake is rolled back while 200 cases run, none of which is harmed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.models.organisations import Employer, Student
from engine.models.people import Account
from engine.models.workflow import ProcessInstance
from tests.browser.editors import Diagram
from tests.browser.studio import SIGNING

pytestmark = pytest.mark.browser

EMPLOYERS = ("qingchuan", "yuanyu", "yiyuan", "beiping", "yunshan", "hemu")


def test_a_mistake_is_rolled_back_while_200_cases_run(shen, office):
    students = [s.student_number for s in Student.select().where(Student.training_mode != "directed")][:52]
    running: list[tuple[ProcessInstance, str]] = []
    for employer in EMPLOYERS:
        for number in students[:50]:
            if not _stands(employer, number):
                running.append((office.invite(number, employer), number))
    running = running[:200]
    assert len(running) == 200
    draft = shen.begin("online_signing")
    diagram = Diagram(shen.page, "online_signing", SIGNING)
    diagram.click("school_audits")
    diagram.write("名称", "发错了")
    diagram.wait_saved()
    draft.publish("发错了")
    wrong = [
        (office.invite(number, "xiaoxue"), number)
        for number in students[:10]
        if not _stands("xiaoxue", number)
    ]
    assert {office.version(case) for case, _number in wrong} == {2}

    page = shen.page
    page.goto("/studio/online_signing")
    page.get_by_role("button", name="退回第 1 版").click()
    expect(page.get_by_text("在用第 3 版")).to_be_visible()
    expect(page.get_by_text("退回第1版")).to_be_visible()

    assert {office.version(case) for case, _number in running} == {1}
    assert {office.version(case) for case, _number in wrong} == {2}
    new = office.invite(students[51], "qingyu")
    assert office.version(new) == 3
    for case, number in [*running[::10], *wrong[:3]]:
        office.complete(case, "student_answers", number, answer="refuse")
        assert office.ended(case) == "refused_end"
    open_still = [case for case, _number in running if office.ended(case) is None]
    assert len(open_still) == len(running) - len(running[::10])
    assert all(office.open(case) == ["student_answers"] for case in open_still)
    assert office.incidents() == 0


def _stands(login: str, number: str) -> bool:
    """Whether the demo has a letter between them already, or a signing that binds the graduate."""
    from engine.models.signing import Invitation

    account = Account.get(Account.login == login)
    employer = Employer.get(Employer.contact == account.name)
    student = Student.get(Student.student_number == number)
    standing = Invitation.select().where(
        (Invitation.student == student)
        & ((Invitation.employer == employer) | (Invitation.state == "signed"))
        & Invitation.state.in_(("sent", "signed"))
    )
    return bool(standing.exists())

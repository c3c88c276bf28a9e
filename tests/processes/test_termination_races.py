"""Two at the same instant, on real connections and both databases: requests from both sides; a new letter
accepted while the old agreement becomes void."""

from __future__ import annotations

from typing import Any

import pytest

from admin.door import App
from engine import runtime
from engine.errors import Conflict, QihangError, Refused
from engine.models.signing import Agreement
from engine.models.termination import OPEN, Termination
from engine.models.workflow import ProcessInstance
from tests.builders_signing import agreement_of, now
from tests.builders_termination import REASON, EndingOffice
from tests.people import web
from tests.processes.test_signing_races import at_once

__all__ = ["web"]


def held(result: object) -> bool:
    """Whether an act was done, not refused."""
    return not isinstance(result, QihangError)


ASK = {"reason": REASON, "understood": True}
SIGN = {"answer": "agree", "_confirmed": "agree"}
CONSENT = {**SIGN, "understood": True}


def race_of_two_requests(office: EndingOffice, agreement: Agreement) -> Termination:
    """Both sides ask to end the same agreement at the same instant; gives the request that stands."""
    actors = [office.graduate.actor, office.employer.actor]
    results = at_once(
        *(lambda who=who: runtime.start(who, "termination", on=agreement, json=ASK) for who in actors)
    )
    started = [one for one in results if isinstance(one, ProcessInstance)]
    refused = [one for one in results if isinstance(one, (Conflict, Refused))]
    assert (len(started), len(refused)) == (1, 1), results
    standing = list(Termination.select().where(Termination.state.in_(OPEN)))
    assert [row.id for row in standing] == [started[0].subject_id]
    row: Termination = standing[0]
    assert office.open_at(row, f"{row.answered_by}_answers") is not None
    return row


def test_of_two_requests_at_the_same_instant_one_is_stored_and_the_other_side_answers_it(
    database: str, web: App
) -> None:
    office = EndingOffice(web)
    agreement = office.agreement()
    for _ in range(8):
        row = race_of_two_requests(office, agreement)
        asks = office.graduate if row.asked_by == "student" else office.employer
        assert office.do(asks, row, f"{row.asked_by}_withdraws").status_code == 303
    row = race_of_two_requests(office, agreement)
    assert office.decide(office.agree_to(row)).state == "done"


def race_of_void_and_acceptance(office: EndingOffice, row: Termination, rival: Any) -> None:
    """The school passes the termination at the instant at which the student agrees to a new letter."""
    letter = office.invite(by=rival)
    audit, answer = office.open_at(row, "school_audits_termination"), office.task(letter, "student_answers")
    clerk, graduate = office.clerk.actor, office.graduate.actor
    results = at_once(
        lambda: runtime.complete(audit, clerk, json={"result": "pass"}),
        lambda: runtime.complete(answer, graduate, json=SIGN),
    )
    assert held(results[0]), results
    assert now(row).state == "done"
    assert now(row.agreement).state == "void"
    binding = Agreement.select().where(
        (Agreement.student == office.student) & Agreement.state.in_(("generated", "effective"))
    )
    if held(results[1]):  # it came after
        assert [one.invitation_id for one in binding] == [letter.id]
        assert now(office.student).bound
    else:  # it came before: refused in words, nothing half done, and it may be tried again
        assert isinstance(results[1], Conflict)
        assert "已与一家单位签约" in results[1].sentence.zh
        assert not binding.exists()
        assert now(letter).state == "sent"
        again = office.task(letter, "student_answers")
        runtime.complete(again, graduate, json=SIGN)
        assert agreement_of(letter).state == "generated"
    assert now(office.student).employment_status == "not_employed"


def test_a_new_letter_accepted_at_the_instant_the_old_agreement_becomes_void(database: str, web: App) -> None:
    office = EndingOffice(web)
    row = office.agree_to(office.asked(office.graduate, office.agreement()))
    race_of_void_and_acceptance(office, row, office.rival())


def test_two_clerks_pass_it_at_the_same_instant_the_chance_is_used_once(database: str, web: App) -> None:
    office = EndingOffice(web)
    row = office.agree_to(office.asked(office.employer, office.agreement()))
    colleague = office.person("学校", office.school, name="高老师")
    task = office.open_at(row, "school_audits_termination")
    results = at_once(
        *(
            lambda who=who: runtime.complete(task, who, json={"result": "pass"})
            for who in (office.clerk.actor, colleague.actor)
        )
    )
    assert sum(map(held, results)) == 1
    assert Termination.select().where(Termination.state == "done").count() == 1


def test_withdrawn_at_the_instant_of_the_consent_one_of_both_holds(database: str, web: App) -> None:
    office = EndingOffice(web)
    row = office.asked(office.graduate, office.agreement())
    act, answer = office.open_at(row, "student_withdraws"), office.open_at(row, "employer_answers")
    graduate, employer = office.graduate.actor, office.employer.actor
    results = at_once(
        lambda: runtime.complete(act, graduate, json={}),
        lambda: runtime.complete(answer, employer, json=CONSENT),
    )
    assert sum(map(held, results)) == 1, results
    assert now(row).state == ("withdrawn" if held(results[0]) else "waiting_audit")


@pytest.mark.slow
def test_two_requests_200_times(database: str, web: App) -> None:
    office = EndingOffice(web)
    agreement = office.agreement()
    for _ in range(200):
        row = race_of_two_requests(office, agreement)
        asks = office.graduate if row.asked_by == "student" else office.employer
        assert office.do(asks, row, f"{row.asked_by}_withdraws").status_code == 303

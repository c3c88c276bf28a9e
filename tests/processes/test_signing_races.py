"""Two at the same instant: one wins, the other gets a clear sentence, nothing is half done. On both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from admin.door import App
from engine import clock, db, runtime
from engine.errors import Conflict, QihangError, TaskNotOpen
from engine.models.signing import Agreement, Invitation
from engine.models.workflow import HistoryEvent, ProcessInstance
from tests.builders import make_account
from tests.builders_signing import Office, letter, now
from tests.people import Person

AGREE = {"answer": "agree", "_confirmed": "agree"}


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs the acts in threads of their own, each on its own connection, started by one barrier.

    Gives each one's result, or the error that it raised.
    """
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        with db.connection():
            barrier.wait()
            try:
                results[number] = acts[number]()
            except QihangError as error:
                results[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def race_of_two_letters(office: Office, rival: Person) -> None:
    """A graduate agrees to two letters at the same instant."""
    student = office.another()
    letters = [office.invite(student.student), office.invite(student.student, by=rival)]  # type: ignore[attr-defined]
    tasks = [office.task(one, "student_answers") for one in letters]
    actor = student.actor
    results = at_once(*(lambda task=task: runtime.complete(task, actor, json=AGREE) for task in tasks))
    refused = [result for result in results if isinstance(result, QihangError)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], Conflict)
    assert "已与一家单位签约" in refused[0].sentence.zh
    assert sorted(now(one).state for one in letters) == ["sent", "signed"]
    assert Agreement.select().where(Agreement.student == student.student).count() == 1  # type: ignore[attr-defined]


def test_of_two_acceptances_at_the_same_instant_exactly_one_wins(database: str, web: App) -> None:
    office, rival = Office(web), None
    rival = office.rival()
    for _ in range(20):
        race_of_two_letters(office, rival)


@pytest.mark.slow
def test_of_two_acceptances_200_times_exactly_one_wins(database: str, web: App) -> None:
    office = Office(web)
    rival = office.rival()
    for _ in range(200):
        race_of_two_letters(office, rival)


def test_a_double_click_on_sending_starts_one_case(database: str, web: App) -> None:
    office = Office(web)
    actor = office.employer.actor

    def send() -> ProcessInstance:
        return runtime.start(actor, "online_signing", on=office.student, json=_json(), start_key="click")

    results = at_once(send, send, send)
    ids = {result.id for result in results if isinstance(result, ProcessInstance)}
    assert len(ids) == 1
    assert Invitation.select().count() == 1


def test_a_double_click_on_agreeing_is_one_agreement(database: str, web: App) -> None:
    office = Office(web)
    task = office.task(office.invite(), "student_answers")
    actor = office.graduate.actor
    results = at_once(*[lambda: runtime.complete(task, actor, json=AGREE)] * 2)
    assert [type(result) for result in results if isinstance(result, QihangError)] == [TaskNotOpen]
    assert Agreement.select().count() == 1


def test_of_two_clerks_the_second_is_told_by_whom_it_was_done(database: str, web: App) -> None:
    office = Office(web)
    colleague = Person(web, make_account("学校", office.school, name="高老师"))
    task = office.task(office.signed(), "school_audits")
    actors = [office.clerk.actor, colleague.actor]
    results = at_once(
        *(lambda actor=actor: runtime.complete(task, actor, json={"result": "pass"}) for actor in actors)
    )
    late = next(result for result in results if isinstance(result, QihangError))
    assert isinstance(late, TaskNotOpen)
    assert late.by in ("沈老师", "高老师")
    assert late.at is not None
    assert f"{late.by}已在" in late.sentence.zh
    audits = HistoryEvent.select().where(HistoryEvent.node_id == "school_audits")
    assert audits.count() == 1


def test_acceptance_in_the_second_after_the_deadline_is_late_although_the_worker_sleeps(
    database: str, web: App
) -> None:
    office = Office(web)
    with clock.frozen(clock.now()):
        invitation = office.invite(answer_days=1)
        task = office.task(invitation, "student_answers")
        clock.move(clock.end_of_day(invitation.expires_on) - timedelta(microseconds=1))
        assert now(invitation).state == "sent"
        clock.move(timedelta(seconds=1))
        with pytest.raises(TaskNotOpen):
            runtime.complete(task, office.graduate.actor, json=AGREE)
        assert now(invitation).state == "expired"
        assert Agreement.select().count() == 0


def test_a_change_and_an_acceptance_at_the_same_instant_leave_one_of_the_two(database: str, web: App) -> None:
    office = Office(web)
    for round_ in range(6):
        student = office.another()
        invitation = office.invite(student.student)  # type: ignore[attr-defined]
        answer = office.task(invitation, "student_answers")
        change = office.task(invitation, "employer_changes")
        results = at_once(
            lambda task=answer, who=student.actor: runtime.complete(task, who, json=AGREE),
            lambda task=change, pay=7000 + round_: runtime.complete(
                task, office.employer.actor, json=_json(probation_pay=pay)
            ),
        )
        assert sum(isinstance(result, QihangError) for result in results) == 1, results
        state = now(invitation)
        assert (state.state, state.probation_pay >= 7000) in (("signed", False), ("sent", True))


def _json(**changed: Any) -> dict[str, Any]:
    """The letter as JSON."""
    known: dict[str, Any] = letter()
    numbers = {name: int(known[name]) for name in ("probation_pay", "regular_pay", "answer_days")}
    return {**known, **numbers, "takes_party_relation": False, **changed}

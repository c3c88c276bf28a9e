"""P15 解约: its numbered rules, each as a test, through the pages and the engine's public doors.

Rule 15 is about signings made offline with an employer that has no account; it comes with offline signing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from admin.door import App
from engine import clock, files, jobs, runtime
from engine.errors import Conflict, NotFound, Refused
from engine.models.calendar import OfficeDay
from engine.models.organisations import Student
from engine.models.papers import IssuedPaper
from engine.models.signing import Agreement
from engine.models.termination import Termination, TerminationAllowance
from engine.models.workflow import Notification, Outbox
from engine.operations import termination as operations
from reports import jobs as documents
from tests.builders import make_school
from tests.builders_signing import agreement_of, now, tab_of, told
from tests.builders_termination import AGREE, REASON, EndingOffice
from tests.fixtures.ending import ending_template, sqlite_url
from tests.people import Person, text_of, web

__all__ = ["ending_template", "sqlite_url", "web"]

MONDAY = datetime(2026, 11, 16, 10, 2, tzinfo=clock.office_zone())
BOTH = ("student", "employer")


@pytest.fixture
def office(sqlite: str, web: App) -> Iterator[EndingOffice]:
    """A Monday morning."""
    with clock.frozen(MONDAY):
        yield EndingOffice(web)


@pytest.fixture
def anywhere(database: str, web: App) -> Iterator[EndingOffice]:
    """The same on both databases: for what the tables promise."""
    with clock.frozen(MONDAY):
        yield EndingOffice(web)


def person(office: EndingOffice, side: str) -> Person:
    return office.graduate if side == "student" else office.employer


def bound(student: Student) -> bool:
    return now(student).bound


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_01_no_termination_before_the_signings_pass(office: EndingOffice, side: str) -> None:
    agreement = agreement_of(office.signed())
    asks = person(office, side)
    answer = office.send_request(asks, agreement)
    assert answer.status_code in (403, 409)
    assert "已生效" in text_of(answer)
    with pytest.raises(Refused):
        runtime.start(asks.actor, "termination", on=agreement, json={"reason": REASON, "understood": True})
    assert not Termination.select().exists()


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_02_a_reason_of_200_characters_and_no_more(office: EndingOffice, side: str) -> None:
    agreement, asks = office.agreement(), person(office, side)
    assert office.send_request(asks, agreement, reason="约" * 201).status_code == 422
    assert office.send_request(asks, agreement, reason="  ").status_code == 422
    assert not Termination.select().exists()
    assert office.asked(asks, agreement, reason="约" * 200).reason == "约" * 200


@pytest.mark.parametrize("first", BOTH)
def test_p15_rule_03_while_one_request_is_open_neither_side_can_start_another(
    anywhere: EndingOffice, first: str
) -> None:
    office, agreement = anywhere, anywhere.agreement()
    office.asked(person(office, first), agreement)
    for side in BOTH:
        assert office.send_request(person(office, side), agreement, _start_key=side).status_code == 409
    assert Termination.select().count() == 1


def test_p15_rule_03_a_student_who_asked_is_not_in_the_list_of_signed_students(office: EndingOffice) -> None:
    agreement = office.agreement()
    assert "林一诺" in office.employer.get("/termination/desk?tab=signed").text
    row = office.asked(office.graduate, agreement)
    assert "林一诺" not in office.employer.get("/termination/desk?tab=signed").text
    assert "林一诺" in office.employer.get("/termination/desk").text
    office.do(office.graduate, row, "student_withdraws")
    assert "林一诺" in office.employer.get("/termination/desk?tab=signed").text


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_04_on_hold_keeps_the_request_open_and_agreeing_may_follow(
    office: EndingOffice, side: str
) -> None:
    row = office.asked(person(office, side), office.agreement())
    row = office.hold(row, "先谈一次")
    assert (row.state, row.hold_reason) == ("on_hold", "先谈一次")
    row = office.hold(row)
    assert office.agree_to(row).state == "waiting_audit"


def test_p15_rule_05_agreed_by_both_the_agreement_stands_until_the_school_has_passed_it(
    office: EndingOffice,
) -> None:
    agreement = office.agreement()
    office.agree_to(office.asked(office.graduate, agreement))
    assert now(agreement).state == "effective"
    assert bound(office.student)
    rival = office.rival()
    letter = office.invite(by=rival)
    answer = office.agree(letter)
    assert answer.status_code == 422
    assert now(letter).state == "sent"


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_06_passed_the_agreement_is_void_and_the_student_free(
    anywhere: EndingOffice, side: str
) -> None:
    office, agreement = anywhere, anywhere.agreement()
    row = office.ended(agreement, person(office, side))
    agreement = now(agreement)
    assert (row.state, agreement.state, agreement.void_kind) == ("done", "void", "terminated")
    assert agreement.void_at == row.decided_at == clock.now()
    assert not bound(office.student)
    assert now(office.student).employment_status == "not_employed"
    assert Outbox.select().where(Outbox.job == "agreement_void_copy").count() == 1
    assert "已失效" in text_of(office.graduate.get(f"/agreements/{agreement.id}/page"))
    letter = office.invite(by=office.rival())
    assert office.agree(letter).status_code == 303
    assert bound(office.student)


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_07_failed_the_signing_is_valid_and_both_may_ask_again(
    office: EndingOffice, side: str
) -> None:
    agreement = office.agreement()
    row = office.agree_to(office.asked(office.graduate, agreement))
    row = office.decide(row, "fail", "违约责任还没有谈妥")
    assert (row.state, row.audit_reason) == ("failed", "违约责任还没有谈妥")
    assert now(agreement).state == "effective"
    assert bound(office.student)
    assert office.asked(person(office, side), agreement).state == "waiting_other"


def test_p15_rule_07_a_failure_without_a_reason_is_refused(office: EndingOffice) -> None:
    row = office.agree_to(office.asked(office.graduate, office.agreement()))
    answer = office.do(office.clerk, row, "school_audits_termination", result="fail")
    assert answer.status_code == 422
    assert now(row).state == "waiting_audit"


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_08_only_once(anywhere: EndingOffice, side: str) -> None:
    office = anywhere
    office.ended()
    second, asks = office.agreement(), person(office, side)
    mine = text_of(office.graduate.get("/termination/mine"))
    assert "解约机会仅有一次，已经用过" in mine
    assert f"/termination/ask?agreement={second.id}" not in office.graduate.get("/termination/mine").text
    assert (
        f'name="agreement" value="{second.id}"'
        not in office.employer.get("/termination/desk?tab=signed").text
    )
    assert office.send_request(asks, second, _start_key="again").status_code == 409
    assert Termination.select().count() == 1


def test_p15_rule_08_the_school_allows_one_more_with_a_reason(office: EndingOffice) -> None:
    first = office.ended()
    second = office.agreement()
    url = f"/start/termination_allowance?on=student:{office.student.id}"
    assert "允许再解约一次" in text_of(office.clerk.get(f"/cases/{office.case_of(first).id}"))
    assert office.clerk.post(url, {"reason": ""}).status_code == 422
    assert office.employer.get(url).status_code == 404
    assert office.clerk.post(url, {"reason": "单位被注销"}).status_code == 303
    assert "学校许可你再解约一次" in told(office.graduate)
    again = office.ended(second)
    assert again.allowance == TerminationAllowance.get()
    third = office.agreement()
    assert office.send_request(office.graduate, third, _start_key="third").status_code == 409


def test_p15_rule_09_a_failed_termination_does_not_use_up_the_chance(office: EndingOffice) -> None:
    agreement = office.agreement()
    office.decide(office.agree_to(office.asked(office.employer, agreement)), "fail", "请先谈妥")
    assert office.ended(agreement).state == "done"


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_10_without_the_rules_confirmed_nothing_is_sent(office: EndingOffice, side: str) -> None:
    agreement, asks = office.agreement(), person(office, side)
    assert "机会只有一次" in text_of(asks.get(f"/termination/ask?agreement={agreement.id}"))
    answer = office.send_request(asks, agreement, understood=None)
    assert answer.status_code == 422
    assert "勾选" in text_of(answer)
    assert not Termination.select().exists()
    row = office.asked(asks, agreement)
    for data in ({**AGREE, "understood": ""}, {"answer": "agree"}):  # neither the tick nor the second page
        page = office.answer_request(row, **data)
        assert page.status_code == 422
        assert "解约须知" in text_of(page)
        assert "勾选" in text_of(page)
    page = office.answer_request(row, answer="agree", understood="y")
    assert page.status_code == 200
    assert "同意解约" in text_of(page)
    assert now(row).state == "waiting_other"


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_11_the_record_stands_in_待解约_then_in_已解约(office: EndingOffice, side: str) -> None:
    agreement = office.agreement()
    assert tab_of(office.employer, "林一诺") == {"已应约"}
    row = office.asked(person(office, side), agreement)
    assert tab_of(office.employer, "林一诺") == {"待解约"}
    office.hold(row)
    assert tab_of(office.employer, "林一诺") == {"待解约"}
    row = office.agree_to(row)
    assert tab_of(office.employer, "林一诺") == {"已解约"}
    assert "学校审核通过后生效" in text_of(office.employer.get(f"/invitations/{agreement.invitation_id}"))
    office.decide(row)
    assert tab_of(office.employer, "林一诺") == {"已解约"}


def test_p15_rule_11_after_a_fail_it_is_in_已应约_again(office: EndingOffice) -> None:
    office.decide(office.agree_to(office.asked(office.graduate, office.agreement())), "fail", "请先谈妥")
    assert tab_of(office.employer, "林一诺") == {"已应约"}


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_12_the_asker_cannot_answer_its_own_request(office: EndingOffice, side: str) -> None:
    asks = person(office, side)
    row = office.asked(asks, office.agreement())
    task = office.open_at(row, f"{row.answered_by}_answers")
    assert task is not None
    answer = asks.post(f"/tasks/{task.id}", AGREE)
    assert answer.status_code in (403, 404)
    with pytest.raises((NotFound, Refused)):
        runtime.complete(task, asks.actor, json=AGREE)
    assert now(row).state == "waiting_other"


@pytest.mark.parametrize("first", BOTH)
def test_p15_rule_13_the_second_of_two_sees_the_first_as_to_be_answered(
    office: EndingOffice, first: str
) -> None:
    agreement = office.agreement()
    other = person(office, "employer" if first == "student" else "student")
    page = other.get(f"/termination/ask?agreement={agreement.id}")  # open before the other side has asked
    assert page.status_code == 200
    row = office.asked(person(office, first), agreement)
    assert office.send_request(other, agreement, _start_key="late").status_code == 409
    task = office.open_at(row, f"{row.answered_by}_answers")
    assert task is not None
    assert (
        f"/tasks/{task.id}"
        in other.get("/termination/mine" if first == "employer" else "/termination/desk").text
    )
    assert Termination.select().count() == 1


@pytest.mark.parametrize("side", BOTH)
def test_p15_rule_14_the_asker_can_withdraw_until_the_other_side_has_agreed(
    office: EndingOffice, side: str
) -> None:
    agreement, asks = office.agreement(), person(office, side)
    other = person(office, "employer" if side == "student" else "student")
    row = office.hold(office.asked(asks, agreement))
    act = office.open_at(row, f"{side}_withdraws")
    assert act is not None
    assert other.post(f"/tasks/{act.id}", {}).status_code in (403, 404)
    assert office.do(asks, row, f"{side}_withdraws", withdraw_reason="已谈妥").status_code == 303
    assert now(row).state == "withdrawn"
    assert "已谈妥" in text_of(other.get(f"/cases/{office.case_of(row).id}"))
    assert tab_of(office.employer, "林一诺") == {"已应约"}
    assert office.open_at(row, f"{row.answered_by}_answers") is None
    second = office.agree_to(office.asked(asks, agreement))
    assert office.open_at(second, f"{side}_withdraws") is None
    assert office.decide(second).state == "done"  # the chance was not used


# ── what the issue asks for besides ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("side", BOTH)
def test_after_five_working_days_of_silence_the_asker_and_the_school_are_told(
    office: EndingOffice, side: str
) -> None:
    asks = person(office, side)
    row = office.asked(asks, office.agreement(), reason="想换城市")
    words = "五个工作日没有同意"
    clock.move(datetime(2026, 11, 20, 9, 0, tzinfo=clock.office_zone()))
    office.hold(row, "等总经理回来")
    clock.move(datetime(2026, 11, 23, 16, 59, tzinfo=clock.office_zone()))
    office.fire()
    assert not [text for text in told(asks) if words in text]
    clock.move(timedelta(minutes=2))  # Monday to Monday: a weekend lies between
    office.fire()
    assert [text for text in told(asks) if words in text]
    assert [text for text in told(office.clerk) if words in text]
    other = office.employer if side == "student" else office.graduate
    assert not [text for text in told(other) if words in text]
    message = _body(office.clerk, words)
    assert "想换城市" in message
    assert "等总经理回来" in message
    assert now(row).state == "on_hold"
    assert office.agree_to(row).state == "waiting_audit"


def _body(person: Person, words: str) -> str:
    rows = Notification.select().where(Notification.account == person.account.id)
    return next(row.body for row in rows if words in row.subject)


def test_a_closure_of_the_school_moves_its_clock_and_the_due_date_says_why(office: EndingOffice) -> None:
    OfficeDay.create(school=office.school, day=date(2026, 11, 18), works=False, name="校庆停课")
    row = office.asked(office.graduate, office.agreement())
    task = office.open_at(row, "employer_answers")
    assert task is not None
    assert task.due_at == clock.end_of_day(date(2026, 11, 24))
    why = runtime.why_due(task)
    assert why is not None
    assert (
        why.zh
        == "应在 11 月 24 日 23:59 前办完：11 月 16 日之后的第 5 个工作日（11 月 18 日校庆停课，不上班）"
    )
    assert why.zh in text_of(office.employer.get(f"/tasks/{task.id}"))


def test_another_schools_closure_does_not(office: EndingOffice) -> None:
    OfficeDay.create(school=make_school(), day=date(2026, 11, 18), works=False, name="校庆停课")
    row = office.asked(office.graduate, office.agreement())
    task = office.open_at(row, "employer_answers")
    assert task is not None
    assert task.due_at == clock.end_of_day(date(2026, 11, 23))


@pytest.mark.parametrize("agreed", [False, True])
def test_declared_void_the_open_request_ends_and_the_chance_is_left(
    office: EndingOffice, agreed: bool
) -> None:
    agreement = office.agreement()
    row = office.asked(office.graduate, agreement)
    if agreed:
        office.agree_to(row)
    url = f"/start/agreement_voiding?on=agreement:{agreement.id}"
    assert office.clerk.post(url, {"reason_kind": "体检不合格"}).status_code == 303
    message = json.loads(Outbox.get(Outbox.job == "message").payload)
    runtime.deliver(message["message"], message["kind"], message["id"])
    assert now(row).state == "ended"
    assert office.case_of(row).state == "completed"
    assert office.ended().state == "done"  # by another agreement: the chance was left


def test_void_already_the_school_cannot_pass_it_before_the_message_has_come(office: EndingOffice) -> None:
    agreement = office.agreement()
    row = office.agree_to(office.asked(office.graduate, agreement))
    url = f"/start/agreement_voiding?on=agreement:{agreement.id}"
    assert office.clerk.post(url, {"reason_kind": "体检不合格"}).status_code == 303
    answer = office.do(office.clerk, row, "school_audits_termination", result="pass")
    assert answer.status_code == 409
    assert now(row).state == "waiting_audit"
    assert now(agreement).void_kind == "declared"


def test_the_certificate_has_a_number_and_a_code_and_anybody_may_check_it(office: EndingOffice) -> None:
    row = office.ended()
    paper = IssuedPaper.get()
    assert paper.number == f"JY2026{office.school.code}00001"
    documents.register_all()
    jobs.run_due()
    kept = documents.paper_of(row, "termination_certificate")
    assert kept is not None
    assert files.get(kept.sha).startswith(b"%PDF-")
    for opens in (office.graduate, office.employer, office.clerk):
        assert opens.get(f"/terminations/{row.id}/certificate").data == files.get(kept.sha)
    for stranger in (office.rival(), office.another(), office.person("学校")):
        assert stranger.get(f"/terminations/{row.id}/certificate").status_code == 404
    anybody = office.web.test_client()
    answer = anybody.get(f"/verify/{paper.token}")
    assert answer.status_code == 200
    said = text_of(answer)
    assert paper.number in said
    assert "晴川软件有限公司" in said
    assert "有效" in said
    assert "林一诺" not in said


@pytest.mark.parametrize("side", BOTH)
def test_who_is_told_of_what(office: EndingOffice, side: str) -> None:
    asks = person(office, side)
    other = office.employer if side == "student" else office.graduate
    row = office.asked(asks, office.agreement())
    assert any("申请解约，请答复" in text for text in told(other))
    office.decide(office.agree_to(row))
    for one in (asks, other):
        assert any("等待学校审核" in text for text in told(one))
        assert any("协议书已解除" in text for text in told(one))


def test_a_request_that_the_operation_refuses_says_who_was_first(office: EndingOffice) -> None:
    """The start's own condition is asked before; this is the instant between."""
    agreement = office.agreement()
    office.asked(office.graduate, agreement)
    step = _Step(agreement, office.employer)
    with pytest.raises(Conflict, match="对方已先提出解约"):
        operations.request(step, reason=REASON)  # type: ignore[arg-type]


class _Step:
    """What the operation reads of a step."""

    def __init__(self, agreement: Agreement, by: Person) -> None:
        self.on, self.actor, self.now = agreement, by.actor, clock.now()

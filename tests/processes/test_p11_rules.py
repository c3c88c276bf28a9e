"""P11 线上签约: its numbered rules 1–25, each as a test, through the pages and the engine's public doors."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from admin.door import App
from engine import clock, db, files, runtime, settings
from engine.errors import Conflict, QihangError, Refused, StateChanged
from engine.models.organisations import Employer, Student
from engine.models.signing import Agreement, Invitation, SendListEntry
from engine.models.termination import Termination
from engine.models.workflow import UserTask
from reports import jobs, pdf
from tests.builders import make_account, make_employer, make_school
from tests.builders_signing import PROCESS, Office, agreement_of, letter, now, tab_of, told
from tests.fixtures.shipped import shipped_template, sqlite_url
from tests.people import Person, text_of, web

__all__ = ["shipped_template", "sqlite_url", "web"]

MONDAY = datetime(2026, 11, 16, 10, 2, tzinfo=clock.office_zone())


@pytest.fixture
def office(sqlite: str, web: App) -> Iterator[Office]:
    """A Monday morning."""
    with clock.frozen(MONDAY):
        yield Office(web)


@pytest.fixture
def anywhere(database: str, web: App) -> Iterator[Office]:
    """The same on both databases: for what the tables promise."""
    with clock.frozen(MONDAY):
        yield Office(web)


def at(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=clock.office_zone())


def bound(student: Student) -> bool:
    return now(student).bound


def test_p11_rule_01_the_default_answer_period_is_five_calendar_days(sqlite: str, web: App) -> None:
    friday = datetime(2020, 9, 18, 15, 0, tzinfo=clock.office_zone())
    with clock.frozen(friday):
        office = Office(web)
        office.listed(office.student)
        form = office.employer.get(f"/signing/send/invite?student={office.student.id}").text
        (days,) = re.findall(r'<input[^>]*value="(\d+)"[^>]*name="answer_days"', form)
        office.send(answer_days=days)
        shown = text_of(office.graduate.get("/signing/mine"))
        assert "邀请日期 2020.9.18" in shown
        assert "应约过期日期 2020.9.23" in shown


def test_p11_rule_02_agreeing_works_in_the_last_second_of_the_expiry_date(office: Office) -> None:
    invitation = office.invite(answer_days=5)
    clock.move(at(date(2026, 11, 21), 23, 59, 59))
    assert office.agree(invitation).status_code == 303
    assert now(invitation).state == "signed"


def test_p11_rule_02_agreeing_fails_at_midnight_with_the_worker_asleep(anywhere: Office) -> None:
    invitation = anywhere.invite(answer_days=5)
    clock.move(at(date(2026, 11, 22)))
    refused = anywhere.agree(invitation)
    assert refused.status_code == 409
    assert "状态已变化" in text_of(refused)
    assert now(invitation).state == "expired"
    assert "邀约过期" in text_of(anywhere.graduate.get("/signing/mine"))
    assert not bound(anywhere.student)


@pytest.mark.parametrize("pay", ["3500.5", "3500元", "", "三千五", "-1"])
def test_p11_rule_03_pay_that_is_no_integer_is_refused(office: Office, pay: str) -> None:
    office.listed(office.student)
    for name in ("probation_pay", "regular_pay"):
        refused = office.send(**{name: pay})
        assert refused.status_code == 422
        assert "有 1 处要改" in text_of(refused)
    assert Invitation.select().count() == 0


def test_p11_rule_03_an_integer_is_accepted(office: Office) -> None:
    office.listed(office.student)
    office.send(probation_pay="3500")
    assert Invitation.get().probation_pay == 3500


def test_p11_rule_04_a_second_invitation_waits_until_the_first_is_answered(anywhere: Office) -> None:
    first = anywhere.invite()
    with pytest.raises(Conflict, match="还有效"):
        anywhere.invite()
    anywhere.listed(anywhere.student)
    page = anywhere.send()
    assert "没有发出" in text_of(page)
    assert "还有效" in text_of(page)
    assert Invitation.select().count() == 1
    anywhere.refuse(first)
    assert anywhere.invite().state == "sent"


def test_p11_rule_04_after_expiry_a_second_is_accepted_at_once(office: Office) -> None:
    first = office.invite(answer_days=1)
    clock.move(at(date(2026, 11, 18)))
    assert office.invite().state == "sent"
    assert now(first).state == "expired"


def test_p11_rule_05_another_employer_may_invite_at_any_time(office: Office) -> None:
    office.effective()
    assert now(office.student).employment_status == "employed"
    rival = office.rival()
    page = office.search(by=rival)
    assert "已就业" in text_of(page)
    office.listed(office.student, by=rival)
    sending = office.sending()
    del sending["_confirmed"]
    assert "已就业，解约之前不能同意" in text_of(rival.post("/signing/send/invite", sending))
    assert "已发给 1 人" in text_of(office.send(by=rival))


def test_p11_rule_06_a_bound_graduate_reads_other_invitations_and_answers_none(office: Office) -> None:
    other = office.invite(by=office.rival())
    mine = office.signed()
    page = office.graduate.get(f"/invitations/{other.id}/letter")
    assert "只能看这份邀请" in text_of(page)
    assert 'name="answer"' not in page.text
    for refused in (office.agree(other), office.refuse(other)):
        assert refused.status_code == 422
    assert now(other).state == "sent"
    office.audit(mine, "fail", "公章不符")
    assert office.agree(other).status_code == 303


@pytest.mark.parametrize("state", ["generated", "effective"])
def test_p11_rule_06_an_offline_signing_binds_alike(office: Office, state: str) -> None:
    other = office.invite()
    Agreement.create(
        school=office.school, student=office.student, channel="offline", number="1202710001299999",
        state=state, position="讲师", probation_pay=1, regular_pay=1, printed="{}", signed_at=clock.now(),
    )  # fmt: skip
    assert 'name="answer"' not in office.graduate.get(f"/invitations/{other.id}/letter").text
    assert office.agree(other).status_code == 422
    assert now(other).state == "sent"


def test_p11_rule_07_of_two_agreed_at_the_same_moment_one_stands(anywhere: Office) -> None:
    rival = anywhere.rival()
    for _round in range(5):
        student = anywhere.another()
        letters = [anywhere.invite(student.student, by) for by in (anywhere.employer, rival)]
        tasks = [anywhere.task(one, "student_answers") for one in letters]
        outcomes = together([partial(_agree, task, student.actor) for task in tasks])
        assert sorted(outcome is None for outcome in outcomes) == [False, True]
        assert sorted(now(one).state for one in letters) == ["sent", "signed"]
        (told_why,) = [outcome for outcome in outcomes if outcome is not None]
        assert "你已与一家单位签约" in str(told_why)
        assert Agreement.select().where(Agreement.student == student.student).count() == 1


def _agree(task: UserTask, actor: Any) -> QihangError | None:
    try:
        runtime.complete(task, actor, MultiDict({"answer": "agree", "_confirmed": "agree"}))
    except QihangError as error:
        return error
    return None


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Does all at one moment, each in a thread with its own connection; gives what each returned."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        with db.connection():
            barrier.wait()
            found[number] = acts[number]()

    threads = [threading.Thread(target=copy_context().run, args=(run, n)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_p11_rule_08_agreeing_without_signing_now_changes_nothing(office: Office) -> None:
    invitation = office.invite()
    page = office.answer(invitation, answer="agree", _shown="answer")
    assert page.status_code == 200
    assert "现在与晴川软件有限公司签约吗" in text_of(page)
    assert '<button class="btn btn-block btn-primary">现在签约</button>' in page.text
    assert now(invitation).state == "sent"
    assert Agreement.select().count() == 0
    assert not bound(office.student)


def test_p11_rule_09_nobody_downloads_before_the_pass_and_both_after_it(
    office: Office, tmp_path: Path
) -> None:
    files.configure((tmp_path / "files").as_uri())
    pdf.configure(settings.load({"DEMO": "1"}).wkhtmltopdf)
    agreement = agreement_of(office.signed())
    people = (office.graduate, office.employer)
    for person in people:
        refused = person.get(f"/agreements/{agreement.id}/download")
        assert refused.status_code == 403
        assert "学校审核通过后才能下载" in text_of(refused)
        assert "/download" not in person.get(f"/invitations/{agreement.invitation_id}").text
        assert person.get(f"/agreements/{agreement.id}/preview").status_code == 200
    office.audit(agreement.invitation)
    for person in people:
        page = person.get(f"/invitations/{agreement.invitation_id}").text
        assert f"/agreements/{agreement.id}/download" in page
        assert "正在生成" in text_of(person.get(f"/agreements/{agreement.id}/download"))
    jobs.agreement_document({"agreement": agreement.id})
    for person in people:
        paper = person.get(f"/agreements/{agreement.id}/download")
        assert paper.status_code == 200
        assert paper.mimetype == "application/pdf"
        assert paper.data.startswith(b"%PDF")


def test_p11_rule_10_the_record_moves_exactly_when_the_graduate_agrees(office: Office) -> None:
    invitation = office.invite()
    assert tab_of(office.employer, "林一诺") == {"待应约"}
    office.answer(invitation, answer="agree")
    assert tab_of(office.employer, "林一诺") == {"待应约"}
    office.agree(invitation)
    assert tab_of(office.employer, "林一诺") == {"已应约"}
    office.audit(invitation)
    assert tab_of(office.employer, "林一诺") == {"已应约"}


@pytest.mark.parametrize("outcome", ["refused", "expired", "withdrawn", "failed"])
def test_p11_rule_10_what_came_to_nothing_stands_under_all_only(office: Office, outcome: str) -> None:
    invitation = office.invite(answer_days=1)
    if outcome == "refused":
        office.refuse(invitation)
    elif outcome == "expired":
        clock.move(timedelta(days=3))
        runtime.fire_due()
    elif outcome == "withdrawn":
        office.act(office.employer, invitation, "employer_withdraws")
    else:
        office.agree(invitation)
        office.audit(invitation, "fail", "公章不符")
    assert now(invitation).state == outcome
    assert tab_of(office.employer, "林一诺") == set()
    assert "林一诺" in text_of(office.employer.get("/signing/data"))


def test_p11_rule_11_a_failed_audit_shows_its_reason_and_frees_the_graduate(office: Office) -> None:
    invitation = office.signed()
    assert office.audit(invitation, "fail").status_code == 422
    assert now(invitation).state == "signed"
    office.audit(invitation, "fail", "单位公章与营业执照名称不一致")
    for person in (office.graduate, office.employer):
        page = text_of(person.get(f"/invitations/{invitation.id}"))
        assert "签约审核不通过" in page
        assert "单位公章与营业执照名称不一致" in page
    assert not bound(office.student)
    again = office.invite()
    assert office.agree(again).status_code == 303


def test_p11_rule_12_the_employer_changes_until_the_schools_decision(office: Office) -> None:
    invitation = office.invite()
    assert "修改邀约" in text_of(office.employer.get(f"/invitations/{invitation.id}"))
    changed = office.act(office.employer, invitation, "employer_changes", letter(probation_pay=5200))
    assert changed.status_code == 303
    assert now(invitation).probation_pay == 5200
    assert "单位改过这封邀请函" in text_of(office.graduate.get(f"/invitations/{invitation.id}/letter"))
    office.agree(invitation)
    act = office.task(invitation, "employer_changes_signed")
    office.audit(invitation)
    assert '">修改邀约</a>' not in office.employer.get(f"/invitations/{invitation.id}").text
    assert act is not None
    late = office.employer.post(f"/tasks/{act.id}", letter(probation_pay=1))
    assert late.status_code == 409
    assert now(invitation).probation_pay == 5200
    assert now(invitation).state == "signed"


def test_p11_rule_13_the_school_audits_only_its_own_students(office: Office) -> None:
    invitation = office.signed()
    task = office.task(invitation, "school_audits")
    assert task is not None
    stranger = office.person("学校", make_school())
    assert stranger.get(f"/tasks/{task.id}").status_code == 404
    assert stranger.post(f"/tasks/{task.id}", {"result": "pass"}).status_code == 404
    assert "林一诺" not in text_of(stranger.get("/tasks/"))
    colleague = office.person("学校", office.school)
    assert "林一诺" in text_of(colleague.get("/tasks/"))
    assert office.audit(invitation, by=colleague).status_code in (302, 303)
    assert agreement_of(invitation).state == "effective"


def test_p11_rule_14_a_number_has_sixteen_digits_and_is_given_once(anywhere: Office) -> None:
    numbers = []
    for level in ("bachelor", "bachelor", "college", "graduate"):
        person = anywhere.another(education_level=level)
        invitation = anywhere.invite(person.student)
        anywhere.agree(invitation, by=person)
        anywhere.audit(invitation, "fail", "公章不符")
        again = anywhere.invite(person.student)
        anywhere.agree(again, by=person)
        numbers += [agreement_of(one).number for one in (invitation, again)]
    assert all(re.fullmatch(r"\d{16}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    code = anywhere.school.code
    assert numbers[:4] == [f"12027{code}2{serial:05d}" for serial in range(1, 5)]
    assert numbers[4:] == [f"12027{code}{level}{serial:05d}" for level in (3, 1) for serial in (1, 2)]
    with pytest.raises(db.IntegrityError), db.step():
        Agreement.update(number=numbers[0]).where(Agreement.number == numbers[1]).execute()


def test_p11_rule_15_the_audit_state_is_empty_until_the_decision(office: Office) -> None:
    invitation = office.signed()
    pages = [(office.graduate, "/signing/mine"), (office.employer, "/signing/data")]
    for person, url in pages:
        page = person.get(url).text
        assert "双方已签约" in page
        assert "鉴证通过" not in page
        assert "审核不通过" not in page
    office.audit(invitation)
    for person, url in pages:
        assert "签约鉴证通过" in person.get(url).text


def test_p11_rule_16_a_refused_row_has_only_the_letter(office: Office) -> None:
    invitation = office.invite()
    page = office.graduate.get("/signing/mine").text
    assert "查看邀请函" in page
    assert "查看详情" in page
    office.refuse(invitation)
    page = office.graduate.get("/signing/mine").text
    assert "学生拒绝签约" in page
    assert "查看邀请函" in page
    assert "查看详情" not in page
    by_hand = office.graduate.get(f"/invitations/{invitation.id}")
    assert by_hand.location == f"/invitations/{invitation.id}/letter"
    assert "查看详情" not in office.graduate.get(by_hand.location).text


def test_p11_rule_17_nothing_is_sent_before_the_confirmation(office: Office) -> None:
    office.listed(office.student)
    sending = office.sending()
    del sending["_confirmed"]
    page = office.employer.post("/signing/send/invite", sending)
    assert page.status_code == 200
    assert "发送给 1 人吗" in text_of(page)
    assert "确认发送" in page.text
    assert Invitation.select().count() == 0
    office.employer.post("/signing/send/invite", {**sending, "_confirmed": "send", "_back": "1"})
    assert Invitation.select().count() == 0
    assert SendListEntry.select().count() == 1
    office.send()
    assert Invitation.select().count() == 1
    assert SendListEntry.select().count() == 0


def test_p11_rule_18_employed_only_after_the_pass(office: Office) -> None:
    invitation = office.signed()
    assert now(office.student).employment_status == "not_employed"
    assert "就业类别" not in text_of(office.graduate.get(f"/invitations/{invitation.id}"))
    office.audit(invitation)
    assert now(office.student).employment_status == "employed"
    page = text_of(office.graduate.get(f"/invitations/{invitation.id}"))
    assert "协议就业（线上签约）" in page
    assert "已生效" in page


@pytest.mark.parametrize("mode", ["directed", "commissioned"])
def test_p11_rule_19_directed_students_do_not_use_this_agreement(office: Office, mode: str) -> None:
    person = office.another(training_mode=mode)
    invitation = office.invite(person.student)
    refused = office.agree(invitation, by=person)
    assert refused.status_code == 422
    assert "定向生、委培生按原合同就业" in text_of(refused)
    assert now(invitation).state == "sent"
    Student.update(contract_dissolved=True).where(Student.id == person.student.id).execute()
    assert office.agree(invitation, by=person).status_code == 303


def test_p11_rule_20_while_it_stands_the_same_employer_cannot_invite_again(anywhere: Office) -> None:
    invitation = anywhere.signed()
    with pytest.raises(Conflict, match="双方已签约"):
        anywhere.invite()
    anywhere.audit(invitation)
    with pytest.raises(Conflict, match="双方已签约"):
        anywhere.invite()
    assert Invitation.select().count() == 1


def test_p11_rule_20_after_a_failed_audit_it_can(office: Office) -> None:
    office.audit(office.signed(), "fail", "公章不符")
    assert office.invite().state == "sent"


def test_p11_rule_21_a_changed_letter_wants_a_new_consent(office: Office) -> None:
    other = office.invite(by=office.rival())
    invitation = office.signed()
    number = agreement_of(invitation).number
    clock.move(timedelta(days=2))
    office.act(office.employer, invitation, "employer_changes_signed", letter(probation_pay=5200))
    changed = now(invitation)
    assert (changed.state, changed.probation_pay) == ("sent", 5200)
    assert (changed.invited_on, changed.expires_on) == (date(2026, 11, 18), date(2026, 11, 23))
    assert tab_of(office.employer, "林一诺") == {"待应约"}
    assert office.task(invitation, "school_audits") is None
    assert agreement_of(invitation).state == "draft"
    assert not bound(office.student)
    assert office.graduate.get(f"/agreements/{agreement_of(invitation).id}/preview").status_code == 403
    office.agree(invitation)
    assert (agreement_of(invitation).state, agreement_of(invitation).number) == ("generated", number)
    assert agreement_of(invitation).probation_pay == 5200
    assert bound(office.student)
    assert now(other).state == "sent"


@pytest.mark.parametrize("state", ["pending", "failed", "disabled"])
def test_p11_rule_22_an_employer_that_has_not_passed_neither_searches_nor_sends(
    office: Office, state: str
) -> None:
    account = make_account("用人单位", make_employer(state=state))
    visitor = Person(office.web, account)
    refused = visitor.sign_in()
    assert refused.status_code == 403
    assert "审核" in text_of(refused)
    person = visitor.enter()
    for answer in (office.search(by=person), office.send(by=person)):
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")
    with pytest.raises(Refused, match="还没有通过审核"):
        runtime.start(person.actor, PROCESS, on=office.student, data=MultiDict(letter()))
    assert Invitation.select().count() == 0


def test_p11_rule_22_a_registration_that_is_taken_back_ends_it_at_once(office: Office) -> None:
    assert office.search().status_code == 200
    Employer.update(state="disabled").where(Employer.id == office.firm.id).execute()
    assert office.search().status_code == 302


def declare(office: Office, agreement: Agreement, by: Person | None = None, **data: str) -> Any:
    url = f"/start/agreement_voiding?on=agreement:{agreement.id}"
    return (by or office.clerk).post(url, {"reason_kind": "未取得毕业资格", **data})


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("未取得毕业资格", "", "未取得毕业资格"),
        ("体检不合格", "", "体检不合格"),
        ("其他", "双方协商终止", "双方协商终止"),
    ],
)
def test_p11_rule_23_the_school_declares_an_agreement_void(
    anywhere: Office, kind: str, text: str, shown: str
) -> None:
    invitation = anywhere.effective()
    agreement = agreement_of(invitation)
    data = {"reason_kind": kind, **({"reason": text} if text else {})}
    assert declare(anywhere, agreement, **data).status_code == 303
    assert (now(agreement).state, now(agreement).void_kind) == ("void", "declared")
    assert not bound(anywhere.student)
    assert now(anywhere.student).employment_status == "not_employed"
    for person in (anywhere.graduate, anywhere.employer):
        page = text_of(person.get(f"/invitations/{invitation.id}"))
        assert "已失效" in page
        assert shown in page
    assert tab_of(anywhere.employer, "林一诺") == set()
    assert Termination.select().count() == 0
    with pytest.raises(StateChanged):
        now(agreement).change_state("effective")
    assert anywhere.invite().state == "sent"


def test_p11_rule_23_only_its_own_school_and_only_one_in_force(office: Office) -> None:
    invitation = office.signed()
    agreement = agreement_of(invitation)
    assert declare(office, agreement).status_code == 403
    office.audit(invitation)
    for person in (office.employer, office.graduate, office.person("学校", make_school())):
        assert declare(office, agreement, by=person).status_code == 404
    assert declare(office, agreement, reason_kind="其他").status_code == 422
    assert now(agreement).state == "effective"


def test_p11_rule_24_the_graduate_is_told_at_arrival_and_two_days_before_expiry(office: Office) -> None:
    office.invite(answer_days=5)
    assert told(office.graduate) == ["晴川软件有限公司邀请你签约"]
    clock.move(at(date(2026, 11, 19), 8, 59, 59))
    runtime.fire_due()
    assert len(told(office.graduate)) == 1
    clock.move(at(date(2026, 11, 19), 9))
    runtime.fire_due()
    runtime.fire_due()
    assert told(office.graduate)[0] == "晴川软件有限公司的邀约还有两天到期"
    assert len(told(office.graduate)) == 2
    assert told(office.employer) == []


def test_p11_rule_24_a_reminder_whose_moment_is_past_is_not_sent(office: Office) -> None:
    office.invite(answer_days=2)
    for _day in range(4):
        clock.move(timedelta(hours=12))
        runtime.fire_due()
    assert told(office.graduate) == ["晴川软件有限公司邀请你签约"]


@pytest.mark.parametrize(
    "what", ["过期", "已签约，等待学校审核", "没有接受", "撤回", "修改", "已生效", "没有通过"]
)
def test_p11_rule_24_both_sides_are_told(office: Office, what: str) -> None:
    invitation = office.invite(answer_days=1)
    if what == "过期":
        clock.move(timedelta(days=3))
        runtime.fire_due()
    elif what == "没有接受":
        office.refuse(invitation)
    elif what == "撤回":
        office.act(office.employer, invitation, "employer_withdraws")
    elif what == "修改":
        office.act(office.employer, invitation, "employer_changes", letter(probation_pay=5200))
    else:
        office.agree(invitation)
        if what != "已签约，等待学校审核":
            office.audit(invitation, *(["pass"] if what == "已生效" else ["fail", "公章不符"]))
    for person in (office.graduate, office.employer):
        assert what in told(person)[0]


def test_p11_rule_25_the_employer_withdraws_an_open_invitation(office: Office) -> None:
    invitation = office.invite()
    assert "撤回邀约" in text_of(office.employer.get(f"/invitations/{invitation.id}"))
    assert office.act(office.employer, invitation, "employer_withdraws").status_code == 303
    assert now(invitation).state == "withdrawn"
    assert "单位撤回邀约" in text_of(office.graduate.get("/signing/mine"))
    assert office.invite().state == "sent"


def test_p11_rule_25_not_once_the_graduate_has_answered(office: Office) -> None:
    invitation = office.invite()
    act = office.task(invitation, "employer_withdraws")
    assert act is not None
    assert office.graduate.post(f"/tasks/{act.id}").status_code == 404
    office.agree(invitation)
    assert "撤回邀约" not in text_of(office.employer.get(f"/invitations/{invitation.id}"))
    late = office.employer.post(f"/tasks/{act.id}")
    assert late.status_code == 409
    assert now(invitation).state == "signed"

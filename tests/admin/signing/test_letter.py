"""The graduate's side without a script: home, the list, the letter, 同意, 拒绝."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine import catalog, clock
from engine.errors import Conflict, Sentence
from engine.models.signing import Invitation
from tests.builders_signing import Office, agreement_of, letter, now
from tests.engine.catalog.drafts import Draft, timer
from tests.people import text_of
from tests.queries import counted


def test_home_leads_with_the_letter_that_waits(office: Office) -> None:
    invitation = office.invite()
    page = office.graduate.get("/")
    shown = text_of(page)
    assert "林一诺，有 1 件事等你" in shown
    assert "晴川软件有限公司邀请你签约" in shown
    assert "测试工程师 试用 4,800 元，转正 6,000 元" in shown
    assert "还有 5 天" in shown
    assert "11 月 21 日 23:59 前答复" in shown
    task = office.task(invitation, "student_answers")
    assert task is not None
    assert f'href="/tasks/{task.id}"' in page.text
    assert office.graduate.get(f"/tasks/{task.id}").location == f"/tasks/{task.id}/letter"


def test_the_letter_says_everything_of_d09(office: Office) -> None:
    invitation = office.invite(takes_party_relation="yes", party_relation_unit="高新区人才党委")
    shown = text_of(office.graduate.get(f"/invitations/{invitation.id}/letter"))
    for words in (
        "晴川软件有限公司邀请你签约", "4,800", "6,000", "测试工程师", "工程技术人员", "松岚市高新区", "单位接收",
        "松岚市高新区云帆路 18 号", "不接收户口", "高新区人才党委", "服务期 2 年。", "罗经理", "0451-0000 0001",
        office.firm.credit_code, "请在 11 月 21 日 23:59 前答复", "先不要答复", "拒绝 同意",
    ):  # fmt: skip
        assert words in shown, words
    assert "是否分公司" not in shown


def test_no_script_is_needed_to_agree(office: Office) -> None:
    """The way of a browser without script: what stands in each page is what it posts."""
    invitation = office.invite()
    page = office.graduate.get(f"/invitations/{invitation.id}/letter").text
    (action,) = re.findall(r'<form[^>]*id="answer"[^>]*action="([^"]+)"', page)
    second = office.graduate.post(action, {**hidden(page), "answer": "agree"}).text
    assert "你不能再同意别的单位" in second
    done = office.graduate.post(action, hidden(second))
    assert done.status_code == 303
    assert now(invitation).state == "signed"


def test_a_step_at_the_letter_without_an_answer_has_a_button(office: Office) -> None:
    """A first step in which the graduate ticks that the letter was read; the answer comes after it."""
    tick = {
        "type": "checkbox",
        "key": "looked",
        "id": "f",
        "label": "我已看完邀请函",
        "validate": {"required": True},
    }
    draft = Draft().form("signing/looked", tick).set("student_answers", form="signing/looked")
    draft.task("毕业生", "student_decides", "signing/answer").lead("answered", "student_decides")
    draft.event("毕业生", "never_decided", "student_decides", timer("=invitation.expires_at", "timeDate"))
    draft.flow("student_decides", "answer_gateway").flow("never_decided", "expire_invitation")
    content = draft.files()
    own = {
        path: content[path] for path in catalog.closure(content, "online_signing") if "scenarios" not in path
    }
    catalog.deploy(own, note="先看", source="studio")
    invitation = office.invite()
    page = office.graduate.get(f"/invitations/{invitation.id}/letter").text
    (action,) = re.findall(r'<form[^>]*id="answer"[^>]*action="([^"]+)"', page)
    assert re.search(r'<button class="btn btn-primary" form="answer"[^>]*>提交</button>', page)
    assert office.graduate.post(action, {**hidden(page), "looked": "yes"}).status_code == 303
    assert office.task(invitation, "student_decides") is not None


def hidden(page: str) -> dict[str, str]:
    """The hidden controls of a page's forms."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_refusing_asks_whether_to_say_why_and_needs_no_reason(office: Office) -> None:
    invitation = office.invite()
    page = office.graduate.get(f"/invitations/{invitation.id}/letter").text
    (action,) = re.findall(r'<form[^>]*id="answer"[^>]*action="([^"]+)"', page)
    second = office.graduate.post(action, {**hidden(page), "answer": "refuse"})
    assert "拒绝晴川软件有限公司的邀请吗？" in text_of(second)
    assert 'name="reason"' in second.text
    assert now(invitation).state == "sent"
    office.graduate.post(action, {**hidden(second.text), "reason": ""})
    assert now(invitation).state == "refused"


def test_a_reason_that_is_told_is_shown_to_the_employer(office: Office) -> None:
    invitation = office.invite()
    office.refuse(invitation, reason="已有别的安排")
    assert "已有别的安排" in text_of(office.employer.get(f"/invitations/{invitation.id}"))


def test_an_answer_that_is_none_changes_nothing(office: Office) -> None:
    invitation = office.invite()
    for data in (
        {},
        {"answer": "maybe"},
        {"answer": "agree", "_confirmed": "agree", "probation_pay": "99999"},
    ):
        assert office.answer(invitation, **data).status_code == 422
    assert now(invitation).state == "sent"


def test_a_stranger_neither_reads_nor_answers(office: Office) -> None:
    invitation = office.invite()
    task = office.task(invitation, "student_answers")
    assert task is not None
    for stranger in (office.another(), office.rival()):
        assert stranger.get(f"/invitations/{invitation.id}/letter").status_code == 404
        assert stranger.get(f"/invitations/{invitation.id}/print").status_code == 404
        assert stranger.get(f"/tasks/{task.id}/letter").status_code == 404
        assert stranger.post(f"/tasks/{task.id}/letter", {"answer": "refuse"}).status_code == 404
    assert "晴川" not in text_of(office.another().get("/signing/mine"))


def test_the_employer_reads_its_letter_and_has_nothing_to_answer(office: Office) -> None:
    invitation = office.invite()
    page = office.employer.get(f"/invitations/{invitation.id}/letter")
    assert page.status_code == 200
    assert 'name="answer"' not in page.text
    task = office.task(invitation, "student_answers")
    assert task is not None
    assert office.employer.post(f"/tasks/{task.id}/letter", {"answer": "refuse"}).status_code == 404
    assert now(invitation).state == "sent"


def test_an_answered_letter_offers_no_answer_and_a_second_post_is_told_so(office: Office) -> None:
    invitation = office.invite()
    task = office.task(invitation, "student_answers")
    assert task is not None
    office.agree(invitation)
    page = office.graduate.get(f"/invitations/{invitation.id}/letter")
    assert 'name="answer"' not in page.text
    again = office.graduate.post(f"/tasks/{task.id}/letter", {"answer": "refuse", "_confirmed": "refuse"})
    assert again.status_code == 409
    assert now(invitation).state == "signed"


def test_after_the_deadline_the_letter_says_so_before_the_worker_has_come(office: Office) -> None:
    invitation = office.invite(answer_days=1)
    clock.move(timedelta(days=2))
    page = office.graduate.get(f"/invitations/{invitation.id}/letter")
    assert "答复期已过" in text_of(page)
    assert 'name="answer"' not in page.text


def test_the_list_shows_states_in_the_offices_words(office: Office) -> None:
    office.invite(by=office.rival(name="甲单位"))
    office.refuse(office.invite(by=office.rival(name="乙单位")))
    office.audit(office.signed(), "fail", "公章不符")
    shown = text_of(office.graduate.get("/signing/mine"))
    for words in ("单位发起邀约", "学生拒绝签约", "双方已签约 签约审核不通过"):
        assert words in shown
    refused = text_of(office.graduate.get("/signing/mine?state=refused"))
    assert "乙单位" in refused
    assert "甲单位" not in refused
    assert "晴川" in text_of(office.graduate.get("/signing/mine?state=signed"))


@pytest.mark.parametrize("url", ["/signing/mine", "/"])
def test_a_page_costs_as_many_queries_for_many_letters_as_for_one(office: Office, url: str) -> None:
    office.invite()
    office.graduate.get(url)
    with counted() as one:
        office.graduate.get(url)
    for _number in range(14):
        office.invite(by=office.rival())
    assert Invitation.select().count() == 15
    with counted() as many:
        office.graduate.get(url)
    assert len(many) == len(one)


def test_the_letter_can_be_printed(office: Office) -> None:
    invitation = office.invite()
    page = office.graduate.get(f"/invitations/{invitation.id}/print")
    assert "2026.11.21" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_changed_letter_says_that_it_was_changed(office: Office) -> None:
    invitation = office.invite()
    office.act(office.employer, invitation, "employer_changes", letter(probation_pay=5200))
    shown = text_of(office.graduate.get(f"/invitations/{invitation.id}/letter"))
    assert "单位改过这封邀请函" in shown
    assert "5,200" in shown


def test_going_back_from_the_second_page_keeps_the_reason(office: Office) -> None:
    invitation = office.invite()
    second = office.answer(invitation, answer="refuse", _shown="answer")
    typed = {**hidden(second.text), "answer": "refuse", "reason": "离家太远"}
    first = office.answer(invitation, **typed, _back="1")
    assert first.status_code == 200
    assert "离家太远" in first.text
    assert 'name="answer"' in first.text
    assert now(invitation).state == "sent"


def test_a_refusal_that_comes_too_late_keeps_what_was_typed_and_says_why(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = office.invite()

    def conflict(*_args: object, **_more: object) -> None:
        raise Conflict("late", Sentence("刚刚有人改过邀约。", "The letter was just changed."))

    monkeypatch.setattr("engine.runtime.complete", conflict)
    page = office.refuse(invitation, reason="离家太远")
    assert page.status_code == 422
    assert "刚刚有人改过邀约" in text_of(page)
    assert "离家太远" in page.text


def test_an_agreement_in_force_is_downloaded_from_the_list(office: Office) -> None:
    invitation = office.signed()
    assert "下载协议书" not in office.graduate.get("/signing/mine").text
    office.audit(invitation)
    page = office.graduate.get("/signing/mine").text
    assert f'href="/agreements/{agreement_of(invitation).id}/download">下载协议书</a>' in page

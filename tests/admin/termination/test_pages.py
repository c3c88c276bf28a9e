"""Who sees which page, what it offers, and what it costs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from admin import paging
from engine.models.termination import Termination
from tests.builders_signing import agreement_of
from tests.builders_termination import AGREE, REASON, EndingOffice
from tests.people import Person, text_of
from tests.queries import counted


def several(office: EndingOffice, number: int) -> list[Any]:
    """Agreements in force of the same employer with further graduates, who asked nothing."""
    made = []
    for _ in range(number):
        graduate = office.another()
        letter = office.invite(graduate.student)
        office.agree(letter, graduate)
        office.audit(letter)
        made.append(agreement_of(letter))
    return made


NAMES = re.compile(r"2023\d{6}|1202\d{12}")


def beside(page: str, rel: str) -> str:
    """The address of the page before or of the next one."""
    (url,) = re.findall(rf'href="([^"]*)" rel="{rel}"', page)
    return str(url).replace("&amp;", "&")


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("/termination/mine", "graduate"),
        ("/termination/desk", "employer"),
        ("/termination/desk/export", "employer"),
        ("/termination/office", "clerk"),
    ],
)
def test_a_list_opens_to_its_own_kind_and_to_no_other(office: EndingOffice, url: str, opens: str) -> None:
    for name in ("graduate", "employer", "clerk"):
        person: Person = getattr(office, name)
        assert person.get(url).status_code == (200 if name == opens else 404), name


def test_another_employer_and_another_graduate_see_nothing_of_it(office: EndingOffice) -> None:
    agreement = office.agreement()
    row = office.asked(office.graduate, agreement)
    rival, other, stranger = office.rival(), office.another(), office.person("学校")
    assert "林一诺" not in rival.get("/termination/desk").text
    assert "晴川" not in other.get("/termination/mine").text
    assert "林一诺" not in stranger.get("/termination/office?tab=all").text
    task = office.open_at(row, "employer_answers")
    for person in (rival, other, stranger):
        assert person.get(f"/cases/{office.case_of(row).id}").status_code == 404
        assert person.get(f"/tasks/{task.id}").status_code == 404
    for person in (rival, other):
        assert office.send_request(person, agreement, _start_key="x").status_code == 404
    assert Termination.select().count() == 1


@pytest.mark.parametrize("url", ["/termination/desk?tab=signed", "/termination/office?tab=all"])
def test_the_page_before_is_the_one_that_one_came_from(
    office: EndingOffice, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    agreements = [office.agreement(), *several(office, 3)]
    if "office" in url:
        for row in agreements:
            office.asked(office.employer, row)
    monkeypatch.setattr(paging, "PAGE", 1)
    person = office.clerk if "office" in url else office.employer
    pages = [person.get(url).text]
    for _ in range(3):
        pages.append(person.get(beside(pages[-1], "next")).text)
    names = [set(NAMES.findall(page)) for page in pages]
    assert len(set.union(*names)) == 4
    assert NAMES.findall(person.get(beside(pages[3], "prev")).text) == NAMES.findall(pages[2])


def test_a_colleague_of_the_employer_may_answer(office: EndingOffice) -> None:
    row = office.asked(office.graduate, office.agreement())
    colleague = office.person("用人单位", office.firm, name="王经理")
    page = colleague.get("/termination/desk")
    assert "林一诺" in page.text
    answer = office.do(colleague, row, "employer_answers", **AGREE)
    assert answer.status_code == 303
    assert "王经理" in text_of(office.graduate.get(f"/cases/{office.case_of(row).id}"))


def test_one_reason_for_several_is_a_request_each_and_says_for_each_what_came_of_it(
    office: EndingOffice,
) -> None:
    first, *others = office.agreement(), *several(office, 2)
    assert "申请与 3 人解约" in text_of(
        office.employer.get("/termination/ask?" + "&".join(f"agreement={row.id}" for row in (first, *others)))
    )
    office.asked(office.graduate, first)
    answer = office.send_request(office.employer, first, *others, _start_key="three")
    assert answer.status_code == 200
    said = text_of(answer)
    assert "已提交 2 份解约申请" in said
    assert said.count("没有提交") >= 1
    assert Termination.select().where(Termination.asked_by == "employer").count() == 2
    again = office.send_request(office.employer, *others, _start_key="three")  # a double click
    assert again.status_code in (200, 303)
    assert Termination.select().where(Termination.asked_by == "employer").count() == 2


def test_the_graduates_answer_has_a_page_of_its_own(office: EndingOffice) -> None:
    row = office.asked(office.employer, office.agreement())
    task = office.open_at(row, "student_answers")
    assert office.graduate.get(f"/tasks/{task.id}").status_code in (302, 303)
    page = office.graduate.get(f"/tasks/{task.id}/termination")
    said = text_of(page)
    assert REASON in said
    assert "晴川软件有限公司申请与你解约" in said
    assert "第 5 个工作日" in said
    answer = office.graduate.post(f"/tasks/{task.id}/termination", {"answer": "hold"})
    assert answer.status_code in (303, 422)
    for stranger in (office.another(), office.rival()):
        assert stranger.get(f"/tasks/{task.id}/termination").status_code == 404
        assert stranger.post(f"/tasks/{task.id}/termination", {"answer": "agree"}).status_code == 404


def test_it_is_told_that_the_request_was_answered_meanwhile(office: EndingOffice) -> None:
    row = office.asked(office.employer, office.agreement())
    task = office.open_at(row, "student_answers")
    office.do(office.employer, row, "employer_withdraws")
    answer = office.graduate.post(f"/tasks/{task.id}/termination", AGREE)
    assert answer.status_code == 409


def test_the_school_sees_what_both_wrote_and_earlier_terminations(office: EndingOffice) -> None:
    first = office.agree_to(office.asked(office.graduate, office.agreement()))
    office.decide(first, "fail", "请先谈妥")
    second = office.hold(office.asked(office.employer, first.agreement, reason="岗位取消"), "想先谈谈")
    office.agree_to(second)
    task = office.open_at(second, "school_audits_termination")
    said = text_of(office.clerk.get(f"/tasks/{task.id}"))
    for words in ("岗位取消", "想先谈谈", "以前的解约", "毕业生提出，审核不通过", "协议书现在有效"):
        assert words in said, words


def test_lists_cost_as_many_queries_for_six_rows_as_for_one(office: EndingOffice) -> None:
    def cost(person: Person, url: str) -> int:
        person.get(url)
        with counted() as queries:
            assert person.get(url).status_code == 200
        return len(queries)

    rows = [office.agreement()]
    office.asked(office.employer, rows[0])
    urls = ["/termination/desk?tab=signed", "/termination/office?tab=all"]
    before = [cost(office.employer, urls[0]), cost(office.clerk, urls[1])]
    for row in several(office, 5):
        office.asked(office.employer, row)
    assert [cost(office.employer, urls[0]), cost(office.clerk, urls[1])] == before


def test_the_export_is_a_file_and_leaves_a_line_in_the_audit_log(office: EndingOffice) -> None:
    office.agreement()
    answer = office.employer.get("/termination/desk/export")
    assert answer.data.startswith(b"PK")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.isascii()


def test_the_pages_are_english_too(office: EndingOffice) -> None:
    office.ended()
    for person, url in (
        (office.graduate, "/termination/mine"),
        (office.employer, "/termination/desk?tab=signed"),
        (office.clerk, "/termination/office?tab=done"),
    ):
        person.get(url)  # what was said in Chinese when it was done
        person.client.set_cookie("lang", "en")
        said = text_of(person.get(url))
        assert "erminat" in said
        assert "解约" not in said


def test_the_employers_home_counts_what_students_have_asked_for_and_leads_there(office: EndingOffice) -> None:
    row = office.asked(office.graduate, office.agreement())
    page = office.employer.get("/")
    assert "解约待办 1" in text_of(page)
    assert 'href="/termination/desk"' in page.text
    office.hold(row)
    assert "解约待办 1" in text_of(office.employer.get("/"))
    office.agree_to(row)
    assert "解约待办 0" in text_of(office.employer.get("/"))


def test_the_tasks_list_costs_as_many_queries_for_six_terminations_as_for_one(office: EndingOffice) -> None:
    def cost() -> int:
        office.clerk.get("/tasks/")
        with counted() as queries:
            assert "测试工程师" in office.clerk.get("/tasks/").text
        return len(queries)

    def ask(agreement: Any, by: Person | None = None) -> None:
        row = office.asked(office.employer, agreement)
        office.do(by or office.graduate, row, "student_answers", **AGREE)

    ask(office.agreement())
    before = cost()
    for agreement in several(office, 5):
        student = office.person("毕业生", agreement.student)
        ask(agreement, student)
    assert cost() == before


def test_consenting_to_several_at_once_is_not_offered_and_does_nothing(office: EndingOffice) -> None:
    """Each consent has its second page (rule 10); putting on hold has none."""
    requests = [office.asked(office.graduate, office.agreement())]
    task = office.open_at(requests[0], "employer_answers")
    page = office.employer.get("/tasks/")
    assert 'name="outcome" value="hold"' in page.text
    assert 'name="outcome" value="agree"' not in page.text
    answer = office.employer.post("/tasks/bulk", {**AGREE, "task": [task.id], "_asked": "1"})
    assert "请再确认一次" in text_of(answer)
    assert office.open_at(requests[0], "employer_answers") is not None


def test_the_signings_trace_tells_how_it_was_ended(office: EndingOffice) -> None:
    row = office.ended()
    for person in (office.graduate, office.employer, office.clerk):
        said = text_of(person.get(f"/invitations/{row.agreement.invitation_id}"))
        assert "林一诺提出解约" in said or "林一诺学生提出解约" in said
        assert "罗经理同意解约" in said
        assert REASON in said


def test_going_back_from_the_rules_keeps_the_tick(office: EndingOffice) -> None:
    row = office.asked(office.employer, office.agreement())
    task = office.open_at(row, "student_answers")
    url = f"/tasks/{task.id}/termination"
    assert 'name="_back"' in office.graduate.post(url, {"answer": "agree", "understood": "y"}).text
    first = office.graduate.post(url, {**AGREE, "_back": "1"})
    assert first.status_code == 200
    assert re.search(r'value="agree" checked', first.text)
    assert office.open_at(row, "student_answers") is not None

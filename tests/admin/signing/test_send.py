"""签约发送: found by exact data only, kept between sign-ins, one letter to all ticked, sent once."""

from __future__ import annotations

import re

import pytest

from admin.signing import finding, send_list
from engine import clock
from engine.models.signing import Invitation, SendListEntry
from engine.models.throttle import WINDOW
from tests.builders import make_student
from tests.builders_signing import Office, letter, told
from tests.people import text_of


def listed(office: Office) -> set[str]:
    """Names on the employer's list."""
    return set(re.findall(r'<span class="who">([^<]+)</span>', office.employer.get("/signing/send").text))


def ticket(page: str) -> str:
    (found,) = re.findall(r'name="student" value="([^"]+)"', page)
    return found


def test_a_graduate_is_found_by_mobile_and_by_id_number(office: Office) -> None:
    for key in (office.student.mobile, office.student.id_number, f" {office.student.mobile} "):
        page = text_of(office.search(key=key))
        assert "林一诺" in page
        assert "未就业" in page


@pytest.mark.parametrize(
    "wrong", [{"name": "林一"}, {"year": 2026}, {"key": "13800000000"}, {"key": "138"}, {"school": 999}]
)
def test_nobody_is_found_where_one_of_the_four_differs(office: Office, wrong: dict[str, object]) -> None:
    page = text_of(office.search(**wrong))
    assert "没有找到" in page
    assert "加入" not in page.split("没有找到")[0].split("查找")[-1]


@pytest.mark.parametrize("missing", ["school", "year", "name", "key"])
def test_all_four_are_needed(office: Office, missing: str) -> None:
    page = text_of(office.search(**{missing: ""}))
    assert "四项都要填" in page
    assert office.student.student_number not in page


def test_numbers_are_masked_in_what_is_found_and_in_the_list(office: Office) -> None:
    office.listed(office.student)
    page = office.search().text
    hidden = f"{office.student.id_number[:6]}*****{office.student.id_number[-4:]}"
    assert page.count(hidden) == 2
    assert office.student.id_number not in page


def test_searches_are_limited(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SEARCHES", 3)
    for _try in range(3):
        assert "林一诺" in text_of(office.search())
    refused = text_of(office.search())
    assert "查找得太频繁" in refused
    assert "林一诺" not in refused.split("签约发送列表")[0].split("太频繁")[-1]
    clock.move(WINDOW)
    assert "林一诺" in text_of(office.search())


def test_who_was_found_is_added_and_stays_for_colleagues_and_the_next_sign_in(office: Office) -> None:
    found = ticket(office.search().text)
    office.employer.post("/signing/send/add", {"student": found})
    office.employer.post("/signing/send/add", {"student": found})
    assert SendListEntry.select().count() == 1
    assert "已在列表里" in text_of(office.search())
    office.employer.post("/sign-out")
    office.employer.enter()
    assert listed(office) == {"林一诺"}
    colleague = office.person("用人单位", office.firm)
    assert "林一诺" in text_of(colleague.get("/signing/send"))
    assert "林一诺" not in text_of(office.rival().get("/signing/send"))


def test_no_personal_number_stands_in_an_address(office: Office) -> None:
    page = office.search().text
    assert 'method="post" action="/signing/send"' in page
    by_address = office.employer.get("/signing/send", query_string={"name": "林一诺", "key": office.student.mobile})
    assert "林一诺" not in text_of(by_address)


def test_what_was_found_too_long_ago_is_looked_up_once_more(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ticket(office.search().text)
    monkeypatch.setattr(finding, "TICKET_AGE", -1)
    answer = office.employer.post("/signing/send/add", {"student": found}, follow_redirects=True)
    assert "请再找一次" in text_of(answer)
    assert SendListEntry.select().count() == 0


def test_the_list_says_how_many_it_holds_and_is_leafed_through(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.listed(*[make_student(office.school_class, name=f"学生{letter}") for letter in "甲乙丙"])
    monkeypatch.setattr(send_list, "PAGE", 1)
    pages = [office.employer.get("/signing/send").text]
    for _ in range(2):
        (url,) = re.findall(r'href="([^"]*)" rel="next"', pages[-1])
        pages.append(office.employer.get(url).text)
    assert ["学生丙" in pages[0], "学生乙" in pages[1], "学生甲" in pages[2]] == [True] * 3
    assert "3 人" in text_of(office.employer.get("/signing/send"))
    (back,) = re.findall(r'href="([^"]*)" rel="prev"', pages[2])
    assert "学生乙" in office.employer.get(back).text


def test_only_who_was_found_is_added(office: Office) -> None:
    found = ticket(office.search().text)
    for text in (str(office.student.id), f"{found}x", ""):
        assert office.employer.post("/signing/send/add", {"student": text}).status_code == 404
    assert office.rival().post("/signing/send/add", {"student": found}).status_code == 404
    assert SendListEntry.select().count() == 0


def test_the_ticked_are_taken_off(office: Office) -> None:
    others = [make_student(office.school_class, name=name) for name in ("陈晚晴", "宋嘉树")]
    office.listed(office.student, *others)
    office.employer.post("/signing/send/remove", {"student": [str(one.id) for one in others]})
    assert listed(office) == {"林一诺"}
    office.rival().post("/signing/send/remove", {"student": str(office.student.id)})
    assert listed(office) == {"林一诺"}


def test_one_letter_goes_to_all_ticked_and_each_has_a_result(office: Office) -> None:
    office.invite()
    second = office.another(name="陈晚晴")
    third = office.another(name="宋嘉树")
    office.listed(office.student, second.student, third.student)
    page = text_of(office.send(office.student, second.student))
    assert "已发给 1 人" in page
    assert "1 人没有发成" in page
    assert "你发给这名学生的上一份邀约还有效" in page
    assert listed(office) == {"林一诺", "宋嘉树"}
    assert told(second) == ["晴川软件有限公司邀请你签约"]
    assert told(third) == []


def test_a_double_click_sends_once_and_gives_the_same_answer(office: Office) -> None:
    office.listed(office.student)
    first, second = office.send(key="same"), office.send(key="same")
    assert "已发给 1 人" in text_of(first)
    assert "已发给 1 人" in text_of(second)
    assert Invitation.select().count() == 1
    assert told(office.graduate) == ["晴川软件有限公司邀请你签约"]


def test_who_is_not_on_the_list_is_not_invited(office: Office) -> None:
    answer = office.send()
    assert answer.status_code == 303
    assert Invitation.select().count() == 0
    office.listed(office.student, by=office.rival())
    assert office.send().status_code == 303
    assert Invitation.select().count() == 0


def test_an_error_keeps_what_was_typed(office: Office) -> None:
    office.listed(office.student)
    answer = office.send(position="", work_place="松岚市江北区")
    assert answer.status_code == 422
    assert "松岚市江北区" in answer.text
    assert f'name="student" value="{office.student.id}"' in answer.text
    assert 'name="_start_key" value="k1"' in answer.text


def test_back_from_the_confirmation_is_the_letter_as_it_was_typed(office: Office) -> None:
    office.listed(office.student)
    answer = office.employer.post("/signing/send/invite", {**office.sending(position="架构师"), "_back": "1"})
    assert 'value="架构师"' in answer.text
    assert "有 1 处要改" not in answer.text


def test_a_field_that_a_choice_brings_up_is_shown_before_it_is_missed(office: Office) -> None:
    office.listed(office.student)
    page = office.employer.get(f"/signing/send/invite?student={office.student.id}").text
    (shown,) = re.findall(r'name="_shown" value="([^"]*)"', page)
    sending = {**office.sending(takes_party_relation="yes"), "_shown": shown}
    del sending["_confirmed"]
    answer = office.employer.post("/signing/send/invite", sending)
    assert answer.status_code == 422
    assert 'name="party_relation_unit"' in answer.text
    assert Invitation.select().count() == 0


def test_the_next_letter_to_a_graduate_begins_as_the_last_one_was(office: Office) -> None:
    office.audit(office.signed(position="架构师"), "fail", "公章不符")
    office.listed(office.student)
    page = office.employer.get(f"/signing/send/invite?student={office.student.id}").text
    assert 'value="架构师"' in page


def test_nothing_ticked_leads_back_with_a_word(office: Office) -> None:
    answer = office.employer.get("/signing/send/invite", follow_redirects=True)
    assert "先勾选要邀请的毕业生" in text_of(answer)


@pytest.mark.parametrize("role", ["毕业生", "学校", "学院", "辅导员", "省中心"])
def test_nobody_but_an_employer_sends(office: Office, role: str) -> None:
    person = office.person(role)
    assert person.get("/signing/send").status_code == 404
    assert person.get("/signing/data").status_code == 404
    assert person.post("/signing/send/invite", letter()).status_code == 404


def test_the_switch_of_language_leads_back_to_the_letter(office: Office) -> None:
    office.listed(office.student)
    sending = office.sending()
    for data in ({**sending, "position": ""}, {**sending, "_confirmed": None}):
        page = office.employer.post("/signing/send/invite", {k: v for k, v in data.items() if v is not None})
        (back, *_more) = re.findall(r'<input type="hidden" name="next" value="([^"]*)"', page.text)
        assert "的邀请函" in text_of(office.employer.get(back))

"""数据管理: tabs, filters, pages by key, the same number of queries for one row and for many, the Excel file."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from engine import clock
from engine.models.organisations import Major
from engine.models.people import AuditEntry
from engine.models.signing import Agreement, Invitation
from engine.models.termination import Termination
from tests.builders import make_class, make_college, make_school, make_student
from tests.builders_signing import Office, agreement_of, tab_of
from tests.people import text_of
from tests.queries import counted


def names(answer: TestResponse) -> list[str]:
    return re.findall(r'<a class="who"[^>]*>([^<]+)</a>', answer.text)


def many(office: Office, count: int) -> None:
    """Open letters of as many days."""
    for number in range(count):
        office.invite(make_student(office.school_class, name=f"学生甲{number:02d}"))
        clock.move(timedelta(days=1))


def ending(office: Office, state: str) -> Termination:
    agreement = agreement_of(office.effective())
    return Termination.create(
        school=agreement.school_id, agreement=agreement, student=agreement.student_id, asked_by="student",
        reason="考上研究生", state=state,
    )  # fmt: skip


def test_it_shows_the_record_with_masked_numbers_and_short_dates(office: Office) -> None:
    office.invite()
    page = office.employer.get("/signing/data")
    shown = text_of(page)
    assert "2026.11.16 2026.11.21 单位发起邀约" in shown
    assert f"{office.student.id_number[:6]}*****{office.student.id_number[-4:]}" in shown
    assert office.student.id_number not in page.text


@pytest.mark.parametrize(
    ("state", "tab"),
    [
        ("waiting_other", "待解约"),
        ("on_hold", "待解约"),
        ("waiting_audit", "已解约"),
        ("failed", "已应约"),
        ("withdrawn", "已应约"),
    ],
)
def test_a_record_stands_in_the_tab_of_its_termination(office: Office, state: str, tab: str) -> None:
    ending(office, state)
    assert tab_of(office.employer, "林一诺") == {tab}


def test_a_terminated_record_stands_under_terminated(office: Office) -> None:
    asked = ending(office, "done")
    Agreement.update(state="void", void_at=clock.now()).where(Agreement.id == asked.agreement_id).execute()
    Invitation.update(state="terminated").execute()
    assert tab_of(office.employer, "林一诺") == {"已解约"}
    assert "双方已解约" in text_of(office.employer.get("/signing/data?tab=ended"))


@pytest.mark.parametrize(("state", "note"), [("on_hold", "已提出解约"), ("waiting_audit", "学校审核通过后生效")])
def test_a_record_says_that_its_end_is_under_way(office: Office, state: str, note: str) -> None:
    office.effective(student=(other := office.another()).student, by_graduate=other)
    ending(office, state)
    assert text_of(office.employer.get("/signing/data")).count(note) == 1
    sheet = load_workbook(io.BytesIO(office.employer.get("/signing/data/export").data)).active
    assert [row[-2] for row in sheet.values] == ["解约", note, None]


def test_counts_stand_at_the_tabs(office: Office) -> None:
    many(office, 3)
    office.refuse(office.invite())
    page = office.employer.get("/signing/data").text
    assert re.findall(r"(全部|待应约|已应约) <small>(\d+)</small>", page) == [
        ("全部", "4"), ("待应约", "3"), ("已应约", "0"),
    ]  # fmt: skip


def test_a_rival_sees_none_of_it_and_a_colleague_all(office: Office) -> None:
    office.invite()
    assert names(office.person("用人单位", office.firm).get("/signing/data")) == ["林一诺"]
    assert names(office.rival().get("/signing/data")) == []


def test_pages_go_forth_and_back_by_key(office: Office) -> None:
    many(office, 30)
    first = office.employer.get("/signing/data")
    assert names(first) == [f"学生甲{number:02d}" for number in range(29, 4, -1)]
    (after,) = re.findall(r'href="([^"]*after=[^"]*)"', first.text)
    second = office.employer.get(after.replace("&amp;", "&"))
    assert names(second) == [f"学生甲{number:02d}" for number in range(4, -1, -1)]
    assert 'rel="next"' not in second.text
    (before,) = re.findall(r'href="([^"]*before=[^"]*)"', second.text)
    assert names(office.employer.get(before.replace("&amp;", "&"))) == names(first)


def test_a_page_costs_as_many_queries_for_thirty_rows_as_for_one(office: Office) -> None:
    office.effective()
    office.employer.get("/signing/data")
    with counted() as one:
        assert len(names(office.employer.get("/signing/data"))) == 1
    many(office, 30)
    office.effective(student=(last := office.another()).student, by_graduate=last)
    with counted() as thirty:
        assert len(names(office.employer.get("/signing/data"))) == 25
    assert len(thirty) == len(one)


def test_filters_leave_what_they_say(office: Office) -> None:
    office.invite(position="测试工程师")
    clock.move(timedelta(days=3))
    elsewhere = make_school(name="北川师范学院")
    school_class = make_class(make_college(elsewhere), graduation_year=2026)
    major = Major.create(college=school_class.college, name="应用数学")
    office.invite(make_student(school_class, name="温言", major=major, education_level="graduate"))
    for query, expected in {
        "q=林": ["林一诺"],
        "q=一诺": [],
        f"school={elsewhere.id}": ["温言"],
        "year=2027": ["林一诺"],
        "level=graduate": ["温言"],
        "major=应用": ["温言"],
        "invited__from=2026-11-17": ["温言"],
        "invited__to=2026-11-18": ["林一诺"],
        "invited__from=2026-11-16&invited__to=2026-11-19": ["温言", "林一诺"],
        "year=nonsense&level=x&school=-1&invited__from=yesterday&after=x": ["温言", "林一诺"],
    }.items():
        assert names(office.employer.get(f"/signing/data?{query}")) == expected, query


def test_the_export_is_the_filtered_list_masked_and_leaves_a_line(office: Office) -> None:
    office.effective()
    many(office, 2)
    answer = office.employer.get("/signing/data/export?q=林")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    heads, row = list(sheet.values)
    assert heads[:3] == ("院校名称", "姓名", "身份证号")
    assert row[1] == "林一诺"
    assert row[2] == f"{office.student.id_number[:6]}*****{office.student.id_number[-4:]}"
    assert row[-3:] == ("双方已签约", None, "签约鉴证通过")
    line = AuditEntry.get(AuditEntry.action == "export")
    assert line.account_id == office.employer.account.id
    assert line.detail["query"] == {"q": "林"}

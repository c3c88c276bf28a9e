"""The list of a table: whose rows, found how, in which order, at what cost."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest

from engine import db
from engine.models.people import Membership, Queue, Role
from tests.builders import make_college, make_student
from tests.people import text_of
from tests.queries import counted

NUMBER = re.compile(r">(2023\d{6})<")


def numbers(answer: Any) -> list[str]:
    return NUMBER.findall(answer.get_data(as_text=True))


def test_a_clerk_sees_the_students_of_the_own_school_only(school: Any) -> None:
    mine, other = make_student(school.school_class), make_student(school.other_class)
    page = school.clerk.get("/admin/student/")
    assert page.status_code == 200
    assert numbers(page) == [mine.student_number]
    assert other.name not in text_of(page)


def test_personal_numbers_are_masked(school: Any) -> None:
    student = make_student(school.school_class)
    page = school.clerk.get("/admin/student/").get_data(as_text=True)
    assert student.id_number not in page
    assert f"{student.id_number[:6]}*****{student.id_number[-4:]}" in page


def test_codes_and_booleans_are_said_in_words(school: Any) -> None:
    student = make_student(school.school_class)
    page = text_of(school.clerk.get(f"/admin/student/details/?id={student.id}"))
    assert "本科生毕业" in page
    assert "bachelor" not in page
    assert "否" in page


def test_search_finds_by_the_beginning_of_a_name_or_number(school: Any) -> None:
    wanted = make_student(school.school_class, name="欧阳若溪")
    make_student(school.school_class, name="林欧阳")
    assert numbers(school.clerk.get("/admin/student/?q=欧阳")) == [wanted.student_number]
    assert numbers(school.clerk.get(f"/admin/student/?q={wanted.student_number}")) == [wanted.student_number]


def test_an_english_page_joins_words_as_english_does(school: Any) -> None:
    school.clerk.client.set_cookie("lang", "en")
    page = school.clerk.get("/admin/student/").get_data(as_text=True)
    assert re.search(r'placeholder="[^"、]+, [^"、]+"', page)


def test_search_finds_a_person_by_the_whole_id_number(school: Any) -> None:
    wanted = make_student(school.school_class)
    make_student(school.school_class)
    assert numbers(school.clerk.get(f"/admin/student/?q={wanted.id_number}")) == [wanted.student_number]
    assert numbers(school.clerk.get(f"/admin/student/?q={wanted.id_number[:10]}")) == []


def test_a_wildcard_in_the_search_is_only_a_character(school: Any) -> None:
    make_student(school.school_class)
    assert numbers(school.clerk.get("/admin/student/?q=%25")) == []


def test_filters_narrow_the_list_and_can_be_taken_off(school: Any) -> None:
    wanted = make_student(school.school_class, gender="m")
    make_student(school.school_class, gender="f")
    page = school.clerk.get("/admin/student/?gender=m&graduation_year=2027")
    assert numbers(page) == [wanted.student_number]
    assert "性别：男" in text_of(page)
    assert 'href="?graduation_year=2027"' in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "gender=", "gender=nonsense", "graduation_year=x", "sort=-", "after=nonsense", 'after=["x",{"a":1}]', f'after=["x",{10**30}]',
        'after=["x","y"]', 'after=["\\ud800",1]', 'after=["\\u0000",1]', f"after={'[' * 2000}", "after=[1,2,3]",
        'sort=id&after=["x",1]', f"sort=id&after=[{10**30},1]",
    ],
)  # fmt: skip
def test_what_is_empty_or_nonsense_is_no_filter(school: Any, query: str) -> None:
    student = make_student(school.school_class)
    assert numbers(school.clerk.get(f"/admin/student/?{query}")) == [student.student_number]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31"])
@pytest.mark.parametrize("end", ["from", "to"])
def test_a_day_outside_all_years_is_no_filter(school: Any, day: str, end: str) -> None:
    assert school.clerk.get(f"/admin/agreement/?signed_at__{end}={day}").status_code == 200


def test_a_filter_by_a_related_row_offers_rows_while_one_types(school: Any) -> None:
    make_student(school.school_class)
    page = school.clerk.get("/admin/student/").get_data(as_text=True)
    address = re.search(r'data-combo="([^"]*)"><input type="hidden" name="school_class"', page)
    assert address is not None
    assert [row["id"] for row in school.clerk.get(f"{address[1]}?q=示例").get_json()] == [school.school_class.id]


def test_a_filter_by_a_related_row_takes_its_name_without_script(school: Any) -> None:
    wanted = make_student(school.school_class)
    name = school.school_class.name
    page = school.clerk.get(f"/admin/student/?school_class=&school_class__text={name}")
    assert numbers(page) == [wanted.student_number]


@pytest.mark.parametrize("order", ["", "sort=student_number&", "sort=-student_number&", "sort=name&", "sort=-id&"])
def test_paging_by_key_shows_every_row_once_forth_and_back(school: Any, order: str) -> None:
    expected = {make_student(school.school_class, name=f"学生{at % 7}").student_number for at in range(120)}
    url, seen, pages = f"/admin/student/?{order}", [], []
    while url:
        page = school.clerk.get(url)
        seen += numbers(page)
        pages.append(numbers(page))
        url = link(page, "next")
    assert len(seen) == 120
    assert set(seen) == expected
    url, back = link(page, "prev"), [pages[-1]]
    while url:
        page = school.clerk.get(url)
        back.insert(0, numbers(page))
        url = link(page, "prev")
    assert back == pages


def link(page: Any, rel: str) -> str | None:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page.get_data(as_text=True))
    return "/admin/student/" + unquote(found[1].replace("&amp;", "&")) if found else None


def test_a_page_asks_as_often_for_a_hundred_rows_as_for_one(school: Any, monkeypatch: Any) -> None:
    make_student(school.school_class)
    one = queries(school, monkeypatch)
    for _ in range(60):
        make_student(make_class_of(school))
    assert queries(school, monkeypatch) == one


def make_class_of(school: Any) -> Any:
    from tests.builders import make_class

    return make_class(make_college(school.school))


def queries(school: Any, monkeypatch: Any) -> int:
    asked = []
    real = db.database.obj.execute_sql

    def count(sql: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(sql)
        return real(sql, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(db.database.obj, "execute_sql", count)
        assert school.clerk.get("/admin/student/").status_code == 200
    return len(asked)


def test_every_table_can_be_listed_opened_and_exported_by_the_system(school: Any, web: Any) -> None:
    make_student(school.school_class)
    views = [rule.endpoint for rule in web.url_map.iter_rules() if rule.endpoint.endswith(".index_view")]
    views = [name for name in views if name.startswith("crud_")]
    assert len(views) > 12
    for name in views:
        table = name.removeprefix("crud_").removesuffix(".index_view")
        page = school.system.get(f"/admin/{table}/")
        assert page.status_code == 200, table
        for one in re.findall(r"details/\?id=(\d+)", page.get_data(as_text=True))[:2]:
            assert school.system.get(f"/admin/{table}/details/?id={one}").status_code == 200, table
            assert school.system.get(f"/admin/{table}/edit/?id={one}").status_code in (200, 403), table
        assert school.system.get(f"/admin/{table}/new/").status_code in (200, 403), table
        assert school.system.get(f"/admin/{table}/export/csv/").status_code == 200, table


def test_graduates_and_employers_are_not_let_in(new_person: Any, school: Any) -> None:
    make_student(school.school_class)
    for role in ("毕业生", "用人单位"):
        person = new_person(role)
        for path in ("", "new/", "details/?id=1", "edit/?id=1", "delete/?id=1", "export/csv/", "lookup/major"):
            assert person.get(f"/admin/student/{path}").status_code in (403, 404), path


def test_a_row_of_another_school_is_not_found(school: Any) -> None:
    other = make_student(school.other_class)
    for path in ("details", "edit", "delete"):
        assert school.clerk.get(f"/admin/student/{path}/?id={other.id}").status_code == 404
    assert school.clerk.post(f"/admin/student/edit/?id={other.id}", {"name": "x"}).status_code == 404
    assert school.clerk.get("/admin/student/details/?id=abc").status_code == 404


def test_a_lookup_offers_what_the_actor_sees(school: Any) -> None:
    make_student(school.school_class, name="欧阳若溪")
    make_student(school.other_class, name="欧阳之外")
    found = school.clerk.get("/lookup/student?q=欧阳").get_json()
    assert [row["text"].split()[0] for row in found] == ["欧阳若溪"]
    classes = school.clerk.get("/admin/student/lookup/school_class?q=").get_json()
    assert [row["id"] for row in classes] == [school.school_class.id]
    assert school.clerk.get("/lookup/nonsense?q=").status_code == 404


@pytest.mark.parametrize("text", ["欧阳", "毕业生 · 欧阳若溪", "毕业生 欧阳", "毕业生 · 欧阳若溪 2023"])
def test_a_queue_is_found_by_its_party_among_thousands(school: Any, text: str) -> None:
    wanted = Queue.of("毕业生", "student", make_student(school.school_class, name="欧阳若溪").id)
    role = Role.get(Role.name == "毕业生")
    Queue.insert_many([(role, "student", 10**6 + n) for n in range(1200)], [Queue.role, Queue.party_kind, Queue.party_id]).execute()
    with counted() as queries:
        found = school.system.get("/admin/membership/lookup/queue", query_string={"q": text}).get_json()
    assert [row["id"] for row in found] == [wanted]
    assert found[0]["text"].startswith("毕业生 · 欧阳若溪")
    assert len(queries) < 20


def test_a_queue_without_a_row_for_its_party_is_found_by_its_role(school: Any) -> None:
    wanted = Queue.of("系统管理员", "system", 0)
    for text in ("系统", "系统管理员 · system"):
        found = school.system.get("/admin/membership/lookup/queue", query_string={"q": text}).get_json()
        assert [row["id"] for row in found] == [wanted]


def test_rights_go_by_the_seat_that_is_acted_from(school: Any) -> None:
    """Who keeps one school's register and counsels at another changes nothing there."""
    student, seat = make_student(school.other_class), Queue.of("辅导员", "school_class", school.other_class.id)
    Membership.create(account=school.clerk.account, queue=seat)
    school.clerk.post("/seat", {"seat": seat})
    assert numbers(school.clerk.get("/admin/student/")) == [student.student_number]
    assert school.clerk.get(f"/admin/student/edit/?id={student.id}").status_code == 403

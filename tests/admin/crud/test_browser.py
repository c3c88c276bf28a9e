"""Flask-Admin's pages in a browser: the look of every other page, found by typing, and a deletion that asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from engine.models.organisations import College, Student
from tests.builders import PASSWORD, make_class, make_student
from tests.fixtures.chromium import overflow
from tests.people import new_person, web

__all__ = ["new_person", "web"]
pytestmark = pytest.mark.browser
NAMES = ["林一诺", "陈晚晴", "宋嘉树", "唐予安", "顾南枝", "沈星河", "江亦舟", "苏木", "叶知秋", "阿依古丽·买买提"]


@pytest.fixture
def database(sqlite: str) -> str:
    """Pages look alike on both databases."""
    return sqlite


@pytest.fixture
def address(web: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, web, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def students(school: Any) -> list[Student]:
    return [
        make_student(school.school_class, name=name, employment_status="employed" if at % 3 == 0 else "not_employed")
        for at, name in enumerate(NAMES * 2)
    ]


def sign_in(page: Any, person: Any) -> Any:
    page.goto("/sign-in?who=staff")
    page.get_by_label("账号").fill(person.account.login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/tasks/")
    return page


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_pages_of_a_table_stand_the_comparison(
    size: str, school: Any, students: Any, new_page: Any, address: str, shot: Any, axe: Any
) -> None:
    page = sign_in(new_page(size, base_url=address), school.system)
    one = students[0].id
    paths = {
        "crud_list": "student/?gender=f",
        "crud_details": f"student/details/?id={one}",
        "crud_edit": f"student/edit/?id={one}",
        "crud_create": "student/new/",
        "crud_delete": f"student/delete/?id={one}",
        "crud_audit": "audit_entry/",
        "crud_accounts": "account/",
        "crud_index": "",
    }
    found = []
    for name, path in paths.items():
        page.goto(f"/admin/{path}")
        if overflow(page):
            found.append(f"{name}: scrolls sideways")
        found += [f"{name}: {problem}" for problem in axe(page)]
        shot(page, name)
        shot(page, name, dark=True)
    assert found == []


def test_a_related_row_is_chosen_by_typing(school: Any, students: Any, new_page: Any, address: str) -> None:
    other = make_class(school.school_class.college, name="软件 2307 班")
    page = sign_in(new_page("desk", base_url=address), school.clerk)
    page.goto(f"/admin/student/edit/?id={students[0].id}")
    page.get_by_role("combobox", name="班级").fill("软件")
    page.get_by_role("option", name="软件 2307 班").click()
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存：").wait_for()
    assert Student.get_by_id(students[0].id).school_class_id == other.id


def test_a_deletion_asks_in_a_dialog(school: Any, new_page: Any, address: str) -> None:
    college = College.create(school=school.school, name="空学院")
    page = sign_in(new_page("desk", base_url=address), school.clerk)
    page.goto(f"/admin/college/details/?id={college.id}")
    page.get_by_text("更多").click()
    page.get_by_role("link", name="删除").click()
    dialog = page.get_by_role("dialog")
    assert "删除“空学院”吗？" in dialog.inner_text()
    dialog.get_by_role("link", name="取消").click()
    dialog.wait_for(state="detached")
    page.get_by_text("更多").click()
    page.get_by_role("link", name="删除").click()
    dialog.get_by_role("button", name="删除").click()
    page.get_by_text("已删除：空学院").wait_for()
    assert College.get_or_none(College.id == college.id) is None

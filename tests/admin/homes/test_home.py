"""Home: what waits, what others do, what has a result, what may be begun."""

from __future__ import annotations

from tests.people import text_of


def test_staff_begin_at_the_inbox(leaves):
    assert leaves.clerk.get("/").location == "/tasks/"


def test_a_graduate_sees_what_may_be_begun(leaves):
    page = text_of(leaves.graduate.get("/"))
    assert "现在没有事等你" in page
    assert "申请请假" in page


def test_a_case_that_waits_for_others_and_one_with_a_result_stand_apart(leaves):
    task = leaves.ask()
    page = text_of(leaves.graduate.get("/"))
    assert "等别人办的" in page
    leaves.clerk.post(f"/tasks/{task.id}", {"decision": "pass"})
    page = text_of(leaves.graduate.get("/"))
    assert "已有结果" in page
    assert "等别人办的" not in page


def test_another_graduates_cases_are_not_shown(leaves):
    task = leaves.ask()
    assert f"/cases/{task.instance_id}" not in leaves.another_graduate().get("/").text
    assert f"/cases/{task.instance_id}" in leaves.graduate.get("/").text


def test_an_employer_has_a_home_of_its_own(leaves):
    assert leaves.person("用人单位").get("/").status_code == 200

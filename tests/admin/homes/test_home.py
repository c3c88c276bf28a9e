"""Home: what waits, what others do, what has a result, what may be begun."""

from __future__ import annotations

from engine.models.workflow import UserTask
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


def test_more_than_a_page_that_waits_is_counted_and_leads_to_all_of_it(leaves, monkeypatch):
    monkeypatch.setattr("admin.homes.views.MOST", 2)
    boss = leaves.person("用人单位")
    for _ in range(3):
        task = leaves.ask(leaves.another_graduate())
        UserTask.update(assignee=boss.account.id, queue=boss.actor.queue_ids[0]).where(
            UserTask.id == task.id
        ).execute()
    page = boss.get("/")
    assert "有 3 件事等你" in text_of(page)
    assert '<a class="link" href="/tasks/">看全部</a>' in page.text
    assert "看全部" not in text_of(leaves.graduate.get("/"))

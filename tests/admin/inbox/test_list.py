"""The list: views, groups, filters, paging by key, many at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine import clock, db
from engine.models.workflow import CaseParty, ProcessInstance, UserTask
from tests.builders import make_class, make_student
from tests.people import text_of


@pytest.fixture
def queries(monkeypatch):
    """Counts the statements that pages send."""
    sent: list[str] = []
    inner = db.database.obj.execute_sql

    def counted(sql, *args, **kwargs):
        sent.append(sql)
        return inner(sql, *args, **kwargs)

    monkeypatch.setattr(db.database.obj, "execute_sql", counted)
    return sent


def ids(person, query: str = "") -> list[int]:
    return [row["id"] for row in person.json(f"/tasks{query}").get_json()["tasks"]]


def test_an_empty_inbox_says_so(leaves):
    assert "都办完了" in text_of(leaves.clerk.get("/tasks/"))


def test_the_most_urgent_stands_first_and_is_what_the_button_opens(leaves):
    now = clock.now()
    tasks = [leaves.ask(leaves.another_graduate()) for _ in range(3)]
    for task, days in zip(tasks, (5, -1, 0.1), strict=True):
        UserTask.update(due_at=now + timedelta(days=days)).where(UserTask.id == task.id).execute()
    assert ids(leaves.clerk) == [tasks[1].id, tasks[2].id, tasks[0].id]
    assert leaves.clerk.get("/tasks/first").location == f"/tasks/{tasks[1].id}"
    page = text_of(leaves.clerk.get("/tasks/"))
    assert "已逾期" in page
    assert "逾期 1 天" in page


def test_each_view_shows_its_own(leaves):
    task, other = leaves.ask(), leaves.ask(leaves.another_graduate())
    leaves.clerk.post(f"/tasks/{task.id}/claim")
    assert ids(leaves.clerk) == [task.id, other.id]
    assert ids(leaves.clerk, "?view=claimable") == [other.id]
    leaves.clerk.post(f"/tasks/{task.id}", {"decision": "pass"})
    assert ids(leaves.clerk, "?view=done") == [task.id]
    started = leaves.graduate.json("/tasks?view=started").get_json()["tasks"]
    assert [row["instance"] for row in started] == [task.instance_id]
    for view in ("todo", "claimable", "done", "started"):
        assert leaves.clerk.get(f"/tasks/?view={view}").status_code == 200


def test_a_claimed_task_is_in_no_colleagues_inbox(leaves):
    task = leaves.ask()
    colleague = leaves.person("学校", leaves.school)
    assert ids(colleague) == [task.id]
    leaves.clerk.post(f"/tasks/{task.id}/claim")
    assert ids(colleague) == []


def test_another_school_sees_nothing(leaves):
    leaves.ask()
    assert ids(leaves.person("学校")) == []


def test_pages_follow_by_key_and_lead_back(leaves):
    expected = sorted(leaves.ask(leaves.another_graduate()).id for _ in range(60))
    seen, after = [], ""
    while after is not None:
        answer = leaves.clerk.json(f"/tasks?after={after}").get_json()
        seen += [row["id"] for row in answer["tasks"]]
        after = answer["next"]
    assert seen == expected
    second = leaves.clerk.get("/tasks/").text.split('rel="next"')
    assert len(second) == 2


def test_the_number_of_queries_does_not_grow_with_the_rows(leaves, queries):
    leaves.ask()
    leaves.clerk.get("/tasks/")
    queries.clear()
    leaves.clerk.get("/tasks/")
    for_one = len(queries)
    for _ in range(24):
        leaves.ask(leaves.another_graduate())
    queries.clear()
    leaves.clerk.get("/tasks/")
    assert len(queries) == for_one <= 16


@pytest.mark.parametrize("by", ["name", "student_number"])
def test_the_search_finds_by_name_and_number(leaves, by):
    wanted = leaves.another_graduate()
    task = leaves.ask(wanted)
    leaves.ask()
    from engine.models.organisations import Student

    value = getattr(Student.get_by_id(wanted.actor.party_id), by)
    assert ids(leaves.clerk, f"?q={value}") == [task.id]
    assert ids(leaves.clerk, "?q=nobody") == []
    assert "没有符合条件的" in text_of(leaves.clerk.get("/tasks/?q=nobody"))


def test_the_search_finds_ones_own_whoever_else_is_called_so(leaves):
    wanted = leaves.another_graduate(name="王一诺")
    task = leaves.ask(wanted)
    namesake = make_student(make_class(), name="王一诺")
    definition = ProcessInstance.get().definition
    elsewhere = [{"definition": definition} for _ in range(600)]
    ProcessInstance.insert_many(elsewhere).execute()
    others = ProcessInstance.select(ProcessInstance.id).where(ProcessInstance.id > task.instance_id)
    CaseParty.insert_many(
        {"instance": case.id, "party_kind": "student", "party_id": namesake.id} for case in others
    ).execute()
    assert ids(leaves.clerk, "?q=王") == [task.id]


def test_filters_of_the_address_are_applied_and_shown(leaves):
    task = leaves.ask()
    assert ids(leaves.clerk, "?step=leave_request:decide") == [task.id]
    assert ids(leaves.clerk, "?step=leave_request:other") == []
    assert ids(leaves.clerk, "?due=over") == []
    assert "已逾期" in text_of(leaves.clerk.get("/tasks/?due=over"))


@pytest.mark.parametrize(
    "query", ["after=x", "after=1,2,3", "view=none", "due=;", "instance=1%3B"]
)
def test_hostile_addresses_do_no_harm(leaves, query):
    leaves.ask()
    assert leaves.clerk.get(f"/tasks/?{query}").status_code == 200


def test_many_are_passed_at_once_with_a_result_for_each(leaves):
    first, second, third = (leaves.ask(leaves.another_graduate()) for _ in range(3))
    ticked = {"task": [first.id, second.id, third.id], "outcome": "pass"}
    asked = leaves.clerk.post("/tasks/bulk", ticked)
    assert "通过" in text_of(asked)
    assert UserTask.get_by_id(first.id).state == "open"
    leaves.person("学校", leaves.school, name="高老师").post(f"/tasks/{second.id}", {"decision": "pass"})
    answer = leaves.clerk.post("/tasks/bulk", {"task": ticked["task"], "decision": "pass", "_asked": "1"})
    assert answer.status_code == 200
    said = text_of(answer)
    assert "高老师" in said
    assert {UserTask.get_by_id(t.id).state for t in (first, second, third)} == {"done"}


def test_many_are_not_failed_without_a_reason(leaves):
    tasks = [leaves.ask(leaves.another_graduate()) for _ in range(2)]
    ticked = {"task": [task.id for task in tasks], "decision": "fail", "_asked": "1"}
    assert leaves.clerk.post("/tasks/bulk", ticked).status_code == 422
    assert leaves.clerk.post("/tasks/bulk", {**ticked, "why": "缺材料"}).status_code == 200
    assert {UserTask.get_by_id(task.id).state for task in tasks} == {"done"}


def test_what_a_stranger_ticks_stays(leaves):
    task = leaves.ask()
    stranger = leaves.person("学校")
    stranger.post("/tasks/bulk", {"task": [task.id], "decision": "pass", "_asked": "1"})
    assert UserTask.get_by_id(task.id).state == "open"


def test_what_one_has_begun_is_not_filtered_by_a_step_or_a_deadline(leaves):
    leaves.ask()
    page = leaves.graduate.get("/tasks/?view=started&step=leave_request:decide&due=over")
    assert "申请请假" in text_of(page) or "请假" in text_of(page)
    assert 'name="step"' not in page.text
    assert 'name="due"' not in page.text
    assert leaves.graduate.json("/tasks?view=started&due=over").get_json()["tasks"] == []
    assert 'name="due"' not in leaves.clerk.get("/tasks/?view=done&due=over").text


def switch_of(page) -> str:
    """Where the switch of language and look leads back to."""
    return re.findall(r'<input type="hidden" name="next" value="([^"]*)"', page.text)[0]


def test_the_switch_of_language_leads_from_a_posted_page_to_one_that_can_be_opened(leaves):
    task = leaves.ask()
    ticked = {"task": [task.id], "outcome": "pass"}
    for data in (ticked, {**ticked, "decision": "pass", "_asked": "1"}):
        page = leaves.clerk.post("/tasks/bulk", data)
        assert leaves.clerk.get(switch_of(page)).status_code == 200
    late = leaves.clerk.post(f"/tasks/{task.id}/claim")
    assert late.status_code == 409
    assert leaves.clerk.get(switch_of(late), follow_redirects=True).status_code == 200
    other = leaves.ask(leaves.another_graduate())
    refused = leaves.clerk.post(f"/tasks/{other.id}", {"decision": "fail", "why": ""})
    assert switch_of(refused) == f"/tasks/{other.id}"


@pytest.mark.parametrize("url", ["new/", "delete/?id=1", "export/csv/", "lookup/queue", "ajax/lookup/"])
def test_tasks_have_no_screens_of_a_table(leaves, url):
    leaves.ask()
    assert leaves.clerk.get(f"/tasks/{url}").status_code == 404

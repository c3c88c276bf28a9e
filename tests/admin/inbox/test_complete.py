"""Completing a task: from its page, by a second of two, on a second page, for programs."""

from __future__ import annotations

from engine.models.workflow import ProcessInstance, UserTask
from tests.people import text_of


def state(task) -> str:
    return UserTask.get_by_id(task.id).state


def test_the_page_shows_the_form_beside_the_facts(leaves):
    task = leaves.ask()
    page = text_of(leaves.clerk.get(f"/tasks/{task.id}"))
    assert "审批请假" in page
    assert "学生可以离校。" in page
    assert "流程追踪" in page


def test_an_answer_completes_the_task(leaves):
    task = leaves.ask()
    answer = leaves.clerk.post(f"/tasks/{task.id}", {"decision": "pass"})
    assert answer.status_code == 303
    assert state(task) == "done"
    assert ProcessInstance.get_by_id(task.instance_id).end_node == "granted"


def test_the_next_task_opens_when_one_is_done(leaves):
    first, second = leaves.ask(), leaves.ask(leaves.another_graduate())
    assert leaves.clerk.post(f"/tasks/{first.id}", {"decision": "pass"}).location == f"/tasks/{second.id}"


def test_rule_2_a_refusal_without_a_reason_is_refused_by_the_form(leaves):
    task = leaves.ask()
    answer = leaves.clerk.post(f"/tasks/{task.id}", {"decision": "fail", "why": ""})
    assert answer.status_code == 422
    assert state(task) == "open"


def test_what_was_typed_stands_in_the_form_again(leaves):
    task = leaves.ask()
    long = "理由" * 150
    answer = leaves.clerk.post(f"/tasks/{task.id}", {"decision": "fail", "why": long})
    assert answer.status_code == 422
    assert long in answer.text


def test_an_answer_with_a_second_page_is_a_step_only_there(leaves):
    task = leaves.ask()
    asked = leaves.clerk.post(f"/tasks/{task.id}", {"decision": "stay"})
    assert asked.status_code == 200
    assert "确定留校吗？" in text_of(asked)
    assert state(task) == "open"
    answer = leaves.clerk.post(f"/tasks/{task.id}", {"decision": "stay", "_confirmed": "stay"})
    assert answer.status_code == 303
    assert state(task) == "done"


def test_the_second_of_two_is_told_by_whom_and_keeps_what_was_typed(leaves):
    task = leaves.ask()
    colleague = leaves.person("学校", leaves.school, name="高老师")
    colleague.post(f"/tasks/{task.id}", {"decision": "pass"})
    answer = leaves.clerk.post(f"/tasks/{task.id}", {"decision": "fail", "why": "请先交论文"})
    assert answer.status_code == 409
    assert "高老师" in text_of(answer)
    assert "请先交论文" in text_of(answer)
    assert ProcessInstance.get_by_id(task.instance_id).end_node == "granted"


def test_a_claimed_task_is_only_its_claimers(leaves):
    task = leaves.ask()
    colleague = leaves.person("学校", leaves.school)
    colleague.post(f"/tasks/{task.id}/claim")
    assert leaves.clerk.post(f"/tasks/{task.id}", {"decision": "pass"}).status_code == 409
    assert leaves.clerk.post(f"/tasks/{task.id}/claim").status_code == 409
    assert colleague.post(f"/tasks/{task.id}/unclaim").status_code == 302
    assert leaves.clerk.post(f"/tasks/{task.id}", {"decision": "pass"}).status_code == 303


def test_a_stranger_finds_no_task(leaves):
    task = leaves.ask()
    stranger = leaves.person("学校")
    assert stranger.get(f"/tasks/{task.id}").status_code == 404
    assert stranger.post(f"/tasks/{task.id}", {"decision": "pass"}).status_code == 404
    assert stranger.post(f"/tasks/{task.id}/claim").status_code == 404
    assert state(task) == "open"


def test_an_act_of_the_diagram_is_a_button_of_the_case(leaves):
    task = leaves.ask()
    assert "撤回请假" in text_of(leaves.graduate.get(f"/cases/{task.instance_id}"))
    act = UserTask.get((UserTask.instance == task.instance_id) & (UserTask.kind == "action"))
    assert leaves.clerk.post(f"/tasks/{act.id}").status_code == 404
    assert leaves.graduate.get(f"/tasks/{act.id}").status_code == 200
    assert leaves.graduate.post(f"/tasks/{act.id}/claim").status_code == 404  # it is everybody's of the queue
    assert leaves.graduate.post(f"/tasks/{act.id}").status_code == 303
    assert ProcessInstance.get_by_id(task.instance_id).end_node == "gone"


def test_programs_find_and_complete_by_json(leaves):
    task = leaves.ask()
    found = leaves.clerk.json(f"/tasks?instance={task.instance_id}").get_json()
    assert [row["id"] for row in found["tasks"]] == [task.id]
    form = leaves.clerk.json(f"/tasks/{task.id}").get_json()["form"]
    assert [field["key"] for field in form["fields"]] == ["decision", "why"]
    wrong = leaves.clerk.json(f"/tasks/{task.id}", {"decision": "fail"})
    assert wrong.status_code == 422
    assert wrong.mimetype == "application/problem+json"
    assert "why" in wrong.get_json()["errors"]
    done = leaves.clerk.json(f"/tasks/{task.id}", {"decision": "pass"})
    assert done.get_json()["state"] == "completed"
    assert leaves.clerk.json(f"/tasks/{task.id}", {"decision": "pass"}).status_code == 409


def test_the_button_promises_a_next_one_only_where_there_is_one(leaves):
    first, last = leaves.ask(), leaves.ask(leaves.another_graduate())
    for task in (first, last):
        assert "提交，办下一项" in text_of(leaves.clerk.get(f"/tasks/{task.id}"))
    assert leaves.clerk.post(f"/tasks/{last.id}", {"decision": "pass"}).location == f"/tasks/{first.id}"
    assert "提交，办下一项" not in text_of(leaves.clerk.get(f"/tasks/{first.id}"))
    assert leaves.clerk.post(f"/tasks/{first.id}", {"decision": "pass"}).location.startswith("/cases/")

"""A case's page and diagram, and the page that begins one."""

from __future__ import annotations

from engine.models.workflow import ProcessInstance
from tests import leave
from tests.builders import move
from tests.people import text_of


def test_the_start_page_begins_a_case(leaves):
    page = leaves.graduate.get(f"/start/{leave.PROCESS}")
    assert "天数" in text_of(page)
    answer = leaves.graduate.post(f"/start/{leave.PROCESS}", {"days": "3", "reason": "回家"})
    assert answer.status_code == 303
    assert leaves.graduate.get(answer.location).status_code == 200


def test_a_double_click_begins_one_case(leaves):
    form = {"days": "3", "reason": "回家", "_start_key": "one-click"}
    first = leaves.graduate.post(f"/start/{leave.PROCESS}", form)
    second = leaves.graduate.post(f"/start/{leave.PROCESS}", form)
    assert first.location == second.location
    assert ProcessInstance.select().count() == 1


def test_a_key_of_somebody_else_is_another_key(leaves):
    form = {"days": "3", "reason": "回家", "_start_key": "the-same"}
    mine = leaves.graduate.post(f"/start/{leave.PROCESS}", form)
    theirs = leaves.another_graduate().post(f"/start/{leave.PROCESS}", form)
    assert mine.location != theirs.location


def test_what_does_not_hold_begins_nothing_and_is_kept(leaves):
    answer = leaves.graduate.post(f"/start/{leave.PROCESS}", {"days": "31", "reason": "很久"})
    assert answer.status_code == 422
    assert "很久" in answer.text
    assert not ProcessInstance.select().exists()


def test_a_role_that_may_not_begin_finds_no_page(leaves):
    assert leaves.clerk.get(f"/start/{leave.PROCESS}").status_code == 404
    assert leaves.clerk.post(f"/start/{leave.PROCESS}", {"days": "3"}).status_code == 404


def test_an_unknown_process_or_row_is_not_found(leaves):
    assert leaves.graduate.get("/start/no_such_process").status_code == 404
    for on in ("student:1", "no_such_model:1", "student", "student:x", "student:9999999999999"):
        assert leaves.graduate.get(f"/start/{leave.PROCESS}?on={on}").status_code == 404


def test_programs_begin_by_json(leaves):
    answer = leaves.graduate.json(f"/start/{leave.PROCESS}", {"days": 3, "reason": "回家"})
    assert answer.status_code == 201
    assert answer.get_json()["state"] == "running"
    assert leaves.graduate.json(f"/start/{leave.PROCESS}", {"days": 0}).status_code == 422


def test_the_parties_see_the_case_and_strangers_do_not(leaves):
    case = leaves.ask().instance_id
    for url in (f"/cases/{case}", f"/cases/{case}/diagram.bpmn"):
        assert leaves.graduate.get(url).status_code == 200
        assert leaves.clerk.get(url).status_code == 200
        assert leaves.another_graduate().get(url).status_code == 404
        assert leaves.person("学校").get(url).status_code == 404
        assert leaves.person("用人单位").get(url).status_code == 404


def test_who_has_moved_on_leaves_what_it_began_behind(leaves):
    case = leaves.ask().instance_id
    move(leaves.graduate.account, "用人单位")
    for url in (f"/cases/{case}", f"/cases/{case}/diagram.bpmn"):
        assert leaves.graduate.get(url).status_code == 404
    assert leaves.graduate.json("/tasks?view=started").get_json()["tasks"] == []


def test_the_trace_tells_who_did_what(leaves):
    task = leaves.ask()
    leaves.clerk.post(f"/tasks/{task.id}", {"decision": "fail", "why": "缺材料"})
    page = text_of(leaves.graduate.get(f"/cases/{task.instance_id}"))
    assert leaves.clerk.account.name in page
    assert "审批请假" in page


def test_the_diagram_is_the_one_of_the_cases_own_version(leaves):
    case = leaves.ask().instance_id
    answer = leaves.clerk.get(f"/cases/{case}/diagram.bpmn")
    assert answer.mimetype == "application/xml"
    assert answer.data == leave.files()[f"processes/leave/{leave.PROCESS}.bpmn"]

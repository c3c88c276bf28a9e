"""A failed step is done again; a case that nothing else can end is cancelled."""

from __future__ import annotations

import pytest

from engine.models.people import AuditEntry
from engine.models.workflow import Incident, Outbox, ProcessInstance, UserTask
from engine.runtime.case import Case
from tests.people import text_of


@pytest.fixture
def failed(leaves, monkeypatch):
    """A step that failed for a reason nobody foresaw, which is gone by now."""
    task = leaves.ask()
    with monkeypatch.context() as broken:
        broken.setattr(Case, "complete", lambda *_args: 1 / 0)
        answer = leaves.clerk.post(f"/tasks/{task.id}", {"decision": "pass"})
    assert answer.status_code == 500
    assert UserTask.get_by_id(task.id).state == "open"
    return Incident.get()


def test_the_user_is_told_that_what_was_typed_is_kept(leaves, monkeypatch):
    task = leaves.ask()
    monkeypatch.setattr(Case, "complete", lambda *_args: 1 / 0)
    answer = leaves.clerk.post(f"/tasks/{task.id}", {"decision": "pass"})
    assert answer.status_code == 500
    assert "你填的内容已保留" in text_of(answer)


def test_a_retry_does_the_step_with_what_was_sent(leaves, failed):
    page = leaves.clerk.get(f"/incidents/{failed.id}/retry")
    assert "ZeroDivisionError" in text_of(page)
    assert leaves.clerk.post(f"/incidents/{failed.id}/retry").status_code == 302
    assert ProcessInstance.get_by_id(failed.instance_id).end_node == "granted"
    assert Incident.get_by_id(failed.id).state != "open"
    assert AuditEntry.select().where(AuditEntry.action == "retry").count() == 1


def test_a_retry_that_fails_leaves_the_incident_open(leaves, failed, monkeypatch):
    monkeypatch.setattr(Case, "complete", lambda *_args: 1 / 0)
    assert leaves.clerk.post(f"/incidents/{failed.id}/retry").status_code == 422
    assert Incident.get_by_id(failed.id).state == "open"


def test_a_job_that_is_retried_waits_for_the_worker(leaves):
    row = Outbox.create(job="mail", key="a letter", state="failed")
    incident = Incident.create(kind="job", problem="没有发出", retry=f'{{"outbox": {row.id}}}')
    admin = leaves.person("系统管理员")
    assert "已重新排队" in text_of(admin.post(f"/incidents/{incident.id}/retry", follow_redirects=True))
    assert (Outbox.get_by_id(row.id).state, Incident.get_by_id(incident.id).state) == ("waiting", "closed")


def test_what_need_not_be_done_again_is_closed_with_a_reason(leaves, failed):
    url = f"/incidents/{failed.id}/dismiss"
    assert leaves.person("学校").post(url, {"reason": "x"}).status_code == 404
    assert leaves.clerk.post(url, {"reason": " "}).status_code == 422
    assert Incident.get_by_id(failed.id).state == "open"
    assert leaves.clerk.post(url, {"reason": "已经当面办过"}).status_code == 302
    assert Incident.get_by_id(failed.id).state == "closed"
    entry = AuditEntry.get(AuditEntry.action == "dismiss")
    assert (entry.row_id, entry.detail) == (failed.id, {"reason": "已经当面办过"})


def test_the_list_of_incidents_leads_to_the_retry(leaves, failed):
    assert (
        f"/incidents/{failed.id}/retry" in leaves.clerk.get(f"/admin/incident/details/?id={failed.id}").text
    )


@pytest.mark.parametrize("role", ["学校", "毕业生", "用人单位"])
def test_a_stranger_finds_no_incident(leaves, failed, role):
    stranger = leaves.person(role)
    assert stranger.get(f"/incidents/{failed.id}/retry").status_code == 404
    assert stranger.post(f"/incidents/{failed.id}/retry").status_code == 404
    assert Incident.get_by_id(failed.id).state == "open"


def test_an_administrator_cancels_with_a_reason_that_the_trace_shows(leaves):
    case = leaves.ask().instance_id
    admin = leaves.person("系统管理员")
    assert admin.post(f"/cases/{case}/cancel", {"reason": " "}).status_code == 422
    assert ProcessInstance.get_by_id(case).state == "running"
    assert admin.post(f"/cases/{case}/cancel", {"reason": "重复发起"}).status_code == 302
    assert ProcessInstance.get_by_id(case).state == "cancelled"
    assert "重复发起" in text_of(leaves.graduate.get(f"/cases/{case}"))
    assert not UserTask.select().where((UserTask.instance == case) & (UserTask.state == "open")).exists()


def test_nobody_else_cancels(leaves):
    case = leaves.ask().instance_id
    for person in (leaves.clerk, leaves.graduate):
        assert person.post(f"/cases/{case}/cancel", {"reason": "不想要了"}).status_code == 403
    assert leaves.person("学校").post(f"/cases/{case}/cancel", {"reason": "x"}).status_code == 404
    assert ProcessInstance.get_by_id(case).state == "running"

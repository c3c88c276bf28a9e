"""An act that the diagram does not allow yet: shown with its reason, done by nobody."""

from __future__ import annotations

from engine import catalog
from engine.models.workflow import ProcessInstance, UserTask
from tests import leave
from tests.people import text_of

PATH = f"processes/leave/{leave.PROCESS}.bpmn"


def test_an_act_that_cannot_be_done_now_says_why(leaves):
    files = leave.files()
    condition = ' qh:when="days &gt; 5" qh:reason="五天以内不能撤回。" qh:action='.encode()
    catalog.deploy({**files, PATH: files[PATH].replace(b" qh:action=", condition)})
    short, long = leaves.ask(days=3), leaves.ask(days=7)
    acts = {task.instance_id: task for task in UserTask.select().where(UserTask.kind == "action")}

    page = text_of(leaves.graduate.get(f"/cases/{short.instance_id}"))
    assert "还不能办：五天以内不能撤回。" in page
    assert leaves.graduate.post(f"/tasks/{acts[short.instance_id].id}").status_code == 403

    assert "还不能办" not in text_of(leaves.graduate.get(f"/cases/{long.instance_id}"))
    assert leaves.graduate.post(f"/tasks/{acts[long.instance_id].id}").status_code == 303
    assert ProcessInstance.get_by_id(long.instance_id).end_node == "gone"

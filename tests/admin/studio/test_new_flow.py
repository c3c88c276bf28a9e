"""A wholly new flow, from nothing to a case: made, drawn, its files added, published, begun and told about."""

from __future__ import annotations

import pytest

from engine.models.drafts import ProcessDraft
from engine.models.people import Role
from engine.models.workflow import Notification, ProcessInstance, UserTask
from tests import leave
from tests.admin.studio.conftest import Draft
from tests.builders import make_class, make_college, make_student
from tests.people import text_of

DIAGRAM = f"processes/leave/{leave.PROCESS}.bpmn"
NOTICES = f"processes/leave/{leave.PROCESS}.notices.yaml"


@pytest.fixture
def drawn(studio):
    """The flow made and drawn by `shen`, with the forms that it shows; nothing is published."""
    Role.update(rights=["studio"]).where(Role.name == "流程设计").execute()
    made = studio.shen.post("/studio/new", {"name": "请假", "process_id": leave.PROCESS, "area": "leave"})
    assert made.status_code == 303
    draft = Draft(studio.shen, ProcessDraft.get(ProcessDraft.process_id == leave.PROCESS).id)
    for path, body in leave.files().items():
        if path.startswith("forms/"):
            name = path.rpartition("/")[2].partition(".")[0]
            add(draft, "form", name=name)
        assert draft.put(path, body).status_code == 200
    return draft


def add(draft, what, **values):
    answer = draft.who.post(f"/studio/drafts/{draft.id}/add", {"what": what, **values})
    assert answer.status_code == 303, text_of(answer)


def test_it_is_drawn_gets_its_files_and_goes_live(studio, drawn):
    add(drawn, "notices")
    add(drawn, "scenarios")
    drawn.change(DIAGRAM, ('id="granted" name="准假"', 'id="granted" name="准假" qh:notify="done"'))
    assert drawn.errors() == []
    assert "1 个全部通过" in drawn.rehearse()
    assert drawn.publish("新做一个请假流程").status_code == 303
    assert "在用第 1 版" in text_of(studio.shen.get(f"/studio/{leave.PROCESS}"))


def test_its_notices_tell_who_asked_and_what_was_answered(studio, drawn):
    add(drawn, "notices")
    drawn.change(DIAGRAM, ('id="granted" name="准假"', 'id="granted" name="准假" qh:notify="done"'))
    offered = drawn.who.json(f"{drawn.api}/fields?path={NOTICES}").get_json()["fields"]
    labels = {one["insert"]: f"{one['group']} {one['label']}" for one in offered}
    assert labels["{{ days }}"] == "填的内容 天数"
    assert labels["{{ starter.name }}"] == "发起人 发起人的姓名"
    assert labels["{{ student.name }}"].endswith("姓名")
    words = "{{ starter.name }}请假 {{ days }} 天，{{ college.name }}：{{ decision }}"
    drawn.change(NOTICES, ('"已办完"', f'"{words}"'))
    assert drawn.errors() == []
    add(drawn, "scenarios")
    assert drawn.publish("新做一个请假流程").status_code == 303

    college = make_college(studio.school, name="信息工程学院")
    graduate = studio.person("毕业生", make_student(make_class(college), name="林一诺"), name="林一诺")
    graduate.post(f"/start/{leave.PROCESS}", {"days": "3", "reason": "回家", "_start_key": "a"})
    task = UserTask.get((UserTask.node_id == "decide") & (UserTask.state == "open"))
    assert studio.clerk.post(f"/tasks/{task.id}", {"decision": "pass"}).status_code == 303
    told = Notification.get(Notification.account == graduate.account.id)
    assert told.subject == "林一诺请假 3 天，信息工程学院：通过"


def test_a_notice_that_reads_what_is_not_there_is_told(drawn):
    add(drawn, "notices")
    drawn.change(NOTICES, ('"已办完"', '"{{ position }}"'))
    assert ["position" in f["sentence"] for f in drawn.errors() if f["file"] == NOTICES] == [True]


def test_what_the_desk_begins_has_its_button_at_the_desk(studio, drawn):
    drawn.change(
        DIAGRAM,
        ('qh:by="毕业生" qh:form="leave/request"', 'qh:by="学校" qh:form="leave/request"'),
        ('qh:action="撤回请假" qh:by="毕业生"', 'qh:action="撤回请假" qh:by="学校"'),
        ('<bpmn:lane id="lane_student" name="毕业生">', '<bpmn:lane id="lane_student" name="学校">'),
    )
    add(drawn, "scenarios")
    assert "申请请假" not in text_of(studio.clerk.get("/tasks/"))
    assert drawn.publish("学校自己发起").status_code == 303
    page = studio.clerk.get("/tasks/").get_data(as_text=True)
    assert "申请请假" in page
    assert f"/start/{leave.PROCESS}" in page
    began = studio.clerk.post(f"/start/{leave.PROCESS}", {"days": "3", "reason": "回家", "_start_key": "a"})
    assert began.status_code == 303
    assert ProcessInstance.select().count() == 1

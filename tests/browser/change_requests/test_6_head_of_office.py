"""6. School audits that wait longer than three working days go to a new role, head of office."""

from __future__ import annotations

import pytest

from engine import clock, db
from engine.models.calendar import working_days
from engine.models.people import Account, Membership, Queue, Role
from tests.browser.drawing import Drawing
from tests.browser.office import office_time
from tests.browser.studio import SCENARIOS, SIGNING, sign_in

pytestmark = pytest.mark.browser

SCENARIO = """  - name: 学校三个工作日没审，转部门负责人
    now: 2026-03-02T10:00
    start: {by: 用人单位, on: student}
    steps:
      - complete: student_answers
        with: {answer: agree}
      - at: 2026-03-05T16:00
      - expect: {open: [school_audits]}
      - at: 2026-03-05T17:01
      - expect: {open: [head_audits]}
      - complete: head_audits
        with: {result: pass}
      - expect: {agreement.state: effective, ended: passed_end}
"""


def test_late_audits_go_to_the_head_of_office(shen, office, new_page, server):
    admin = new_page("desk", base_url=server.url)
    sign_in(admin, "admin")
    admin.goto("/admin/role/new/")
    admin.locator("[name=name]").fill("部门负责人")
    admin.locator("[name=party_kind]").select_option("school")
    admin.locator("main form button.btn-primary").first.click()
    admin.wait_for_load_state()
    assert Role.get_or_none(Role.name == "部门负责人") is not None
    with db.step():
        queue = Queue.of("部门负责人", "school", office.actor("gao").party_id)
        Membership.create(account=Account.get(Account.login == "gao"), queue=queue)

    draft = shen.begin("online_signing")
    drawing = Drawing(draft.text(SIGNING)).lane("部门负责人", "lane_head")
    drawing.node(
        '<bpmn:boundaryEvent id="audit_late" name="三个工作日没审" attachedToRef="school_audits">'
        '<bpmn:timerEventDefinition><bpmn:timeDate xsi:type="bpmn:tFormalExpression">'
        '=date and time(working days(today(), 3), time("17:00:00"))'
        "</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:boundaryEvent>",
        "学校", 1320, 900, 36, 36,
    )  # fmt: skip
    drawing.node(
        '<bpmn:userTask id="head_audits" name="负责人审核" qh:form="signing/audit"/>',
        "部门负责人",
        1300,
        1030,
    )
    drawing.flow("late", "audit_late", "head_audits").flow("head_audited", "head_audits", "audit_gateway")
    draft.put(SIGNING, drawing.xml())
    draft.put(SCENARIOS, draft.text(SCENARIOS).rstrip() + "\n" + SCENARIO)
    draft.publish("三个工作日没审的转部门负责人")

    case = office.invite()
    office.agree(case)
    last = working_days(clock.today(), 3)
    with office.at_moment(office_time(last, 16)):
        assert office.open(case) == ["school_audits"]
    with office.at_moment(office_time(last, 17, 1)):
        assert office.open(case) == ["head_audits"]
        office.complete(case, "head_audits", "gao", result="pass")
    assert office.ended(case) == "passed_end"

"""4. Agreements whose 试用起薪 is under a threshold need two different school reviewers."""

from __future__ import annotations

import pytest

from engine.errors import QihangError
from tests.browser.drawing import Drawing
from tests.browser.studio import SCENARIOS, SIGNING

pytestmark = pytest.mark.browser

SCENARIO = """  - name: 低薪要两个人审
    start: {by: 用人单位, on: student, with: {probation_pay: 2500, regular_pay: 3000}}
    steps:
      - complete: student_answers
        with: {answer: agree}
      - complete: school_audits
        with: {result: pass}
      - expect: {open: [second_audit], agreement.state: generated}
      - refuse: second_audit
        with: {result: pass}
      - complete: second_audit
        as: 同事
        with: {result: pass}
      - expect: {agreement.state: effective, ended: passed_end}
"""


def test_low_pay_wants_two_reviewers(shen, office):
    draft = shen.begin("online_signing")
    drawing = Drawing(draft.text(SIGNING))
    drawing.node(
        '<bpmn:exclusiveGateway id="low_pay" name="起薪低于 3000 元" default="pay_enough"/>',
        "学校",
        1500,
        860,
        50,
        50,
    )
    drawing.node(
        '<bpmn:userTask id="second_audit" name="第二人审核" qh:form="signing/audit" qh:distinct="school_audits"/>',
        "学校", 1500, 740,
    )  # fmt: skip
    drawing.node(
        '<bpmn:exclusiveGateway id="second_gateway" name="第二人是否通过" default="second_failed"/>',
        "学校", 1600, 860, 50, 50,
    )  # fmt: skip
    drawing.lead("passed", "low_pay")
    drawing.flow("pay_enough", "low_pay", "approve_agreement", name="不低于")
    drawing.flow("pay_low", "low_pay", "second_audit", "invitation.probation_pay < 3000", "低于")
    drawing.flow("second_audited", "second_audit", "second_gateway")
    drawing.flow("second_passed", "second_gateway", "approve_agreement", 'result = "pass"', "通过")
    drawing.flow("second_failed", "second_gateway", "fail_agreement", name="不通过")
    draft.put(SIGNING, drawing.xml())
    draft.put(SCENARIOS, draft.text(SCENARIOS).rstrip() + "\n" + SCENARIO)
    draft.publish("起薪低于三千元的要两位老师审")

    low = office.invite("2023010101", probation_pay=2500, regular_pay=3000)
    office.agree(low)
    office.complete(low, "school_audits", "shen", result="pass")
    assert office.open(low) == ["second_audit"]
    with pytest.raises(QihangError, match="另一位同事"):
        office.complete(low, "second_audit", "shen", result="pass")
    office.complete(low, "second_audit", "gao", result="pass")
    assert office.ended(low) == "passed_end"

    enough = office.invite("2023010102", probation_pay=4800, regular_pay=6000)
    office.agree(enough, "2023010102")
    office.complete(enough, "school_audits", "shen", result="pass")
    assert office.ended(enough) == "passed_end"

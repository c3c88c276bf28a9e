"""4. Agreements whose 试用起薪 is under a threshold need two different school reviewers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.errors import QihangError
from tests.browser.editors import Diagram, Text
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
    diagram = Diagram(shen.page, "online_signing", SIGNING)
    low = diagram.insert("分岔：走其中一条", "passed")
    diagram.write("名称", "起薪低于 3000 元吗")
    diagram.draw("人办的步骤", 1560, 880)
    diagram.write("名称", "第二人审核")
    diagram.write("编号", "second_audit")
    expect(diagram.field("哪个角色").locator("option:checked")).to_have_text("学校")
    diagram.tick("不能和这些步骤是同一个人办", "签约审核")
    diagram.choose("填哪张表单", "audit（审核结果）（signing/audit）")
    second = diagram.draw("分岔：走其中一条", 1560, 740)
    diagram.write("名称", "第二人是否通过")
    diagram.click(diagram.flow(low, "approve_agreement"))
    diagram.write("线上的字", "不低于")
    diagram.otherwise()
    diagram.connect(low, "second_audit")
    diagram.write("线上的字", "低于")
    diagram.condition("签约邀请 · 试用起薪", "小于", "3000")
    diagram.connect("second_audit", second)
    diagram.connect(second, "approve_agreement")
    diagram.write("线上的字", "通过")
    diagram.condition("审核结果", "是", "通过")
    diagram.connect(second, "fail_agreement")
    diagram.write("线上的字", "不通过")
    diagram.otherwise()
    diagram.wait_saved()
    assert diagram.findings == []
    scenarios = Text(shen.page, "online_signing", SCENARIOS)
    scenarios.append(SCENARIO)
    scenarios.wait_saved()
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

"""3. The counsellor looks at each agreement before the school."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.editors import Diagram, Form, Text
from tests.browser.studio import SCENARIOS, SIGNING, sign_in

pytestmark = pytest.mark.browser


def test_the_counsellor_looks_first(shen, office, new_page, server):
    draft = shen.begin("online_signing")
    page = shen.page
    diagram = Diagram(page, "online_signing", SIGNING)
    diagram.insert("人办的步骤", "generated", 1)
    diagram.write("名称", "辅导员查看")
    diagram.write("编号", "counsellor_looks")
    diagram.choose("哪个角色", "辅导员（加一条泳道）")
    diagram.press("新建一张表单")
    diagram.write("新表单的名字（英文）", "counsellor")
    diagram.press("建立")
    expect(diagram.field("填哪张表单")).to_have_value("signing/counsellor")
    diagram.wait_saved()
    diagram.panel.get_by_role("link", name="打开这张表单").click()
    form = Form(page, "online_signing", "forms/signing/counsellor.form")
    form.add("勾选")
    form.write("标题", "已与毕业生核对协议内容")
    form.write("名字（程序用）", "looked")
    form.panel.get_by_label("必填").check()
    form.wait_saved()
    assert form.findings == []
    text = Text(page, "online_signing", SCENARIOS)
    look = "      - complete: counsellor_looks\n"
    scenarios = text.area.input_value().replace("open: [school_audits]", "open: [counsellor_looks]")
    for step in (
        "complete: school_audits\n        with: {result: pass}",
        "refuse: school_audits",
        "act: employer_changes_signed",
    ):
        scenarios = scenarios.replace(f"      - {step}", f"{look}      - {step}")
    text.area.fill(scenarios)
    text.wait_saved()
    draft.publish("辅导员先看协议")

    case = office.invite()
    office.agree(case)
    assert office.open(case) == ["counsellor_looks"]
    counsellor = new_page("desk", base_url=server.url)
    sign_in(counsellor, "fudao")
    counsellor.goto(f"/tasks/{office.task(case, 'counsellor_looks').id}")
    expect(counsellor.get_by_role("heading", level=1)).to_contain_text("辅导员查看")
    counsellor.get_by_label("已与毕业生核对协议内容").check()
    counsellor.locator("main form button.btn-primary").first.click()
    counsellor.wait_for_load_state()
    assert office.open(case) == ["school_audits"]
    office.complete(case, "school_audits", "shen", result="pass")
    assert office.ended(case) == "passed_end"

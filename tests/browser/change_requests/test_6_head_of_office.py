"""6. School audits that wait longer than three working days go to a new role, head of office."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine import clock
from engine.models.calendar import working_days
from tests.browser.editors import Diagram, Text
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
    admin.get_by_label("角色名称").fill("部门负责人")
    admin.get_by_label("所属类别").select_option(label="学校")
    admin.get_by_role("button", name="保存", exact=True).click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("部门负责人")
    _open_account(admin, "bai", "白主任")

    draft = shen.begin("online_signing")
    diagram = Diagram(shen.page, "online_signing", SIGNING)
    diagram.click("school_audits")
    diagram.press("加一个到时候")
    diagram.write("名称", "三个工作日没审")
    diagram.choose("怎么算", "过几个工作日")
    diagram.write("多少", "3")
    diagram.write("几点", "17:00")
    diagram.append("人办的步骤")
    diagram.write("名称", "负责人审核")
    diagram.write("编号", "head_audits")
    diagram.choose("哪个角色", "部门负责人（加一条泳道）")
    diagram.choose("填哪张表单", "audit（审核结果）（signing/audit）")
    diagram.connect("head_audits", "audit_gateway")
    diagram.wait_saved()
    assert diagram.findings == []
    scenarios = Text(shen.page, "online_signing", SCENARIOS)
    scenarios.append(SCENARIO)
    scenarios.wait_saved()
    draft.publish("三个工作日没审的转部门负责人")

    case = office.invite()
    office.agree(case)
    last = working_days(clock.today(), 3)
    with office.at_moment(office_time(last, 16)):
        assert office.open(case) == ["school_audits"]
    with office.at_moment(office_time(last, 17, 1)):
        assert office.open(case) == ["head_audits"]
        office.complete(case, "head_audits", "bai", result="pass")
    assert office.ended(case) == "passed_end"


def _open_account(admin: Page, login: str, name: str) -> None:
    """The administrator opens an account in the new role, at the school."""
    admin.goto("/admin/account/")
    admin.get_by_role("link", name="新增").first.click()
    admin.get_by_role("link", name="部门负责人").click()
    admin.get_by_role("textbox", name="账号").fill(login)
    admin.get_by_role("textbox", name="姓名").fill(name)
    admin.get_by_role("combobox", name="学校").fill("松岚")
    admin.get_by_role("option", name="松岚理工大学").click()
    admin.locator("main form button.btn-primary").first.click()
    expect(admin.get_by_role("main")).to_contain_text(name)

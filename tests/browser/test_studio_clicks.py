"""What a clerk does in the editors by clicks: files, tables tried by type, moments, fields in texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editors import Diagram, Form, Text
from tests.browser.studio import NOTICES, SCENARIOS, SIGNING, Designer, Draft

pytestmark = pytest.mark.browser

AUDIT = "forms/signing/audit.form"
INVITATION = "forms/signing/invitation.form"
TABLE = "processes/signing/nature.dmn"
DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="n" name="nature" namespace="urn:qihang:decisions">
  <decision id="nature" name="谁来看">
    <decisionTable id="nature_table" hitPolicy="FIRST">
      <input id="kind" label="单位性质"><inputExpression id="kind_of" typeRef="string"><text>kind</text></inputExpression></input>
      <input id="day" label="哪天"><inputExpression id="day_of" typeRef="date"><text>day</text></inputExpression></input>
      <output id="who" label="谁" name="who" typeRef="string" />
      <rule id="state"><inputEntry id="a"><text>"31"</text></inputEntry>
        <inputEntry id="b"><text>&gt;= date("2026-01-01")</text></inputEntry>
        <outputEntry id="c"><text>"school"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


@pytest.fixture
def draft(shared_server: Any, new_page: Any) -> Iterator[Draft]:
    made = Designer(new_page("desk", base_url=shared_server.url), "shen").begin("online_signing")
    yield made
    made.page.request.post(f"/studio/drafts/{made.id}/drop", form={"csrf_token": made.csrf})


@pytest.fixture
def page(draft: Draft) -> Page:
    return draft.page


def test_a_table_is_made_by_clicks_and_offered_in_the_diagram(draft: Draft, page: Page) -> None:
    Diagram(page, "online_signing", SIGNING)
    page.get_by_text("加文件").click()
    page.get_by_role("link", name="决策表", exact=True).click()
    page.get_by_label("决定什么").fill("要不要复核")
    page.get_by_label("结果是", exact=True).select_option(label="是或否")
    page.get_by_label("结果的名字").fill("review")
    page.get_by_role("group", name="看什么").get_by_label("试用起薪", exact=True).first.check()
    page.get_by_label("文件的名字").fill("pay_review")
    page.get_by_role("button", name="建立").click(no_wait_after=True)
    page.wait_for_url("**/edit?file=processes/signing/pay_review.dmn", timeout=30_000)
    page.wait_for_selector("[data-ready]")
    expect(page.locator(".studio-decision")).to_contain_text("试用起薪")
    offered = page.evaluate(
        "address => fetch(address).then(a => a.json()).then(o => o.decisions.map(d => d.label))",
        f"/studio/api/drafts/{draft.id}/options?path={SIGNING}",
    )
    assert "要不要复核" in offered


def test_a_row_is_tried_with_values_of_the_columns_types(draft: Draft, page: Page) -> None:
    draft.put(TABLE, DMN)
    page.goto(f"/studio/online_signing/edit?file={TABLE}")
    page.wait_for_selector("[data-ready]")
    page.get_by_label("单位性质").fill("31")
    page.get_by_label("哪天").fill("2026-03-01")
    page.get_by_role("button", name="试一下").click()
    expect(page.get_by_text("得出")).to_contain_text("school")


def test_a_timer_fires_on_a_day_at_an_hour(draft: Draft, page: Page) -> None:
    diagram = Diagram(page, "online_signing", SIGNING)
    diagram.click("reminder")
    diagram.choose("怎么算", "到某天几点")
    diagram.write("哪天", "2026-07-01")
    diagram.write("几点", "18:00")
    diagram.wait_saved()
    assert 'date and time(date("2026-07-01"), time("18:00:00"))' in draft.text(SIGNING)
    diagram.click("student_answers")
    diagram.click("reminder")
    expect(diagram.field("哪天")).to_have_value("2026-07-01")
    assert diagram.findings == []


def test_half_a_day_is_told_and_not_made_one(draft: Draft, page: Page) -> None:
    diagram = Diagram(page, "online_signing", SIGNING)
    diagram.click("school_audits")
    diagram.choose("怎么算", "过几天")
    diagram.write("多少", "2")
    diagram.wait_saved()
    diagram.write("多少", "1.5")
    expect(diagram.panel.get_by_role("alert")).to_contain_text("写整数")
    assert 'qh:due="P2D"' in diagram.xml()


def test_a_way_of_writing_goes_inside_the_field(draft: Draft, page: Page) -> None:
    text = Text(page, "online_signing", NOTICES)
    field = "{{ invitation.expires_at }}"
    text.replace("subject: ", f"subject: {field} ")
    body = text.area.input_value()
    at = body.index(field) + len(field)
    text.area.evaluate("(area, at) => { area.focus(); area.setSelectionRange(at, at); }", at)
    page.get_by_label("写法…").select_option(label="日期")
    assert "{{ invitation.expires_at | 日期 }}" in text.area.input_value()


def test_the_address_leads_to_the_line(draft: Draft, page: Page) -> None:
    page.goto(f"/studio/online_signing/edit?file={SCENARIOS}#line=5")
    page.wait_for_selector("[data-ready]")
    line = draft.text(SCENARIOS).splitlines()[4]
    page.wait_for_function(
        "line => { const a = document.querySelector('.studio-text');"
        " return a.value.slice(a.selectionStart, a.selectionEnd) === line; }",
        arg=line,
    )


def field_of(part: dict[str, Any], key: str) -> dict[str, Any]:
    """The field of a form by its key, wherever it stands."""
    for one in part.get("components", ()):
        found = one if one.get("key") == key else field_of(one, key)
        if found:
            return found
    return {}


def test_ready_made_reasons_are_written_one_a_line(draft: Draft, page: Page) -> None:
    form = Form(page, "online_signing", AUDIT)
    form.click("原因")
    form.write("常用的话，一行一条（点一下就填上）", "公章不清楚\n岗位写得不明确\n")
    form.wait_saved()
    field = next(one for one in json.loads(draft.text(AUDIT))["components"] if one["type"] == "textarea")
    assert field["properties"]["reasons"] == "公章不清楚|岗位写得不明确"
    assert form.findings == []


def test_the_choices_of_a_code_list_become_ones_own(draft: Draft, page: Page) -> None:
    form = Form(page, "online_signing", INVITATION)
    form.click("工作职位类别")
    form.panel.get_by_role("button", name="抄成自己的选项，再改").click()
    form.wait_saved()
    field = field_of(json.loads(draft.text(INVITATION)), "position_category")
    assert "codes" not in field.get("properties", {})
    assert {"value": "13", "label": "工程技术人员"} in field["values"]
    expect(form.panel.get_by_text("选项", exact=False).first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "button", "more"),
    [(NOTICES, "加一条通知", 'subject: "标题"'), (SCENARIOS, "加一个情景", "- expect: {open: []}")],
)
def test_one_more_is_added_with_all_that_it_needs(
    draft: Draft, page: Page, path: str, button: str, more: str
) -> None:
    text = Text(page, "online_signing", path)
    before = text.area.input_value()
    page.get_by_role("button", name=button).click()
    text.wait_saved()
    after = draft.text(path)
    assert after.startswith(before.rstrip("\n"))
    assert more in after[len(before) - 1 :]
    assert not [one for one in text.findings if path.rpartition("/")[2] in one]

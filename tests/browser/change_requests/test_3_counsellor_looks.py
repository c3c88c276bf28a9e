"""3. The counsellor looks at each agreement before the school."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.drawing import Drawing
from tests.browser.studio import SCENARIOS, SIGNING, sign_in

pytestmark = pytest.mark.browser

FORM = """{"type": "default", "id": "signing_counsellor", "schemaVersion": 18, "components": [
 {"type": "checkbox", "key": "looked", "id": "field_looked", "label": "已与毕业生核对协议内容",
  "validate": {"required": true}, "layout": {"row": "row_looked", "columns": null}}]}"""


def test_the_counsellor_looks_first(shen, office, new_page, server):
    draft = shen.begin("online_signing")
    draft.put("forms/signing/counsellor.form", FORM)
    drawing = Drawing(draft.text(SIGNING)).lane("辅导员", "lane_counsellor")
    drawing.node(
        '<bpmn:userTask id="counsellor_looks" name="辅导员查看" qh:form="signing/counsellor"/>',
        "辅导员",
        1200,
        1030,
    )
    drawing.lead("generated", "counsellor_looks").flow("looked_at", "counsellor_looks", "school_audits")
    draft.put(SIGNING, drawing.xml())
    look = "      - complete: counsellor_looks\n"
    scenarios = draft.text(SCENARIOS).replace("open: [school_audits]", "open: [counsellor_looks]")
    for step in (
        "complete: school_audits\n        with: {result: pass}",
        "refuse: school_audits",
        "act: employer_changes_signed",
    ):
        scenarios = scenarios.replace(f"      - {step}", f"{look}      - {step}")
    draft.put(SCENARIOS, scenarios)
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

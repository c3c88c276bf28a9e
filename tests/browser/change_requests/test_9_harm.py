"""9. Three harmful drafts are refused with a sentence that a clerk understands."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from engine import catalog
from tests.admin.studio.test_harm import HARM
from tests.browser.editors import Diagram
from tests.browser.studio import SIGNING

pytestmark = pytest.mark.browser


def without_audit(diagram: Diagram) -> None:
    """The audit step deleted."""
    diagram.delete("school_audits")


def without_expiry(diagram: Diagram) -> None:
    """The timer of the answer period deleted."""
    diagram.delete("answer_period_over")


def never_meeting(diagram: Diagram) -> None:
    """Either the school or the counsellor looks, and both are waited for."""
    split = diagram.insert("分岔：走其中一条", "generated", 1)
    diagram.write("名称", "先给谁看")
    meet = diagram.insert("分岔：同时走几条", "audited")
    diagram.write("名称", "两边都看完")
    step = diagram.draw("人办的步骤", 960, 880)
    diagram.write("名称", "辅导员查看")
    diagram.choose("哪个角色", "辅导员（加一条泳道）")
    diagram.connect(split, step)
    diagram.condition("签约邀请 · 试用起薪", "小于", "3000")
    diagram.connect(step, meet)
    diagram.click(diagram.flow(split, "school_audits"))
    diagram.otherwise()


EDITS = {edit.__name__: edit for edit in (without_audit, without_expiry, never_meeting)}


@pytest.mark.parametrize("harm", HARM)
def test_a_harmful_draft_is_refused(shen: Any, office: Any, harm: str, shot: Any) -> None:
    made, code, word = HARM[harm]
    draft = shen.begin("online_signing")
    page = shen.page
    diagram = Diagram(page, "online_signing", SIGNING)
    EDITS[made.__name__](diagram)
    diagram.wait_saved()
    assert any(word in finding for finding in diagram.findings)
    page.goto(f"/studio/drafts/{draft.id}/publish?step=check")
    sentence = page.locator(f"[data-code='{code}']").first
    expect(sentence).to_contain_text(word)
    shot(page, f"studio_harm_{code}")
    page.goto(f"/studio/drafts/{draft.id}/publish?step=publish")
    page.get_by_label("发布说明").fill("没看出问题")
    page.get_by_role("button", name="发布第 2 版").click()
    expect(page.get_by_text("没有发布")).to_be_visible()
    expect(page.locator(f"[data-code='{code}']").first).to_be_visible()
    assert catalog.live("online_signing").version == 1
    case = office.invite()
    assert office.version(case) == 1

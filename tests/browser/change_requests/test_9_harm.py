"""9. Three harmful drafts are refused with a sentence that a clerk understands."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from engine import catalog
from tests.admin.studio.test_harm import HARM
from tests.browser.studio import SIGNING

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("harm", HARM)
def test_a_harmful_draft_is_refused(shen: Any, office: Any, harm: str, shot: Any) -> None:
    edit, code, word = HARM[harm]
    draft = shen.begin("online_signing")
    draft.put(SIGNING, edit().files()[SIGNING].decode())
    page = shen.page
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

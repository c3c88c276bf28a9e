"""7. A notice and a clause of the agreement reworded."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine import files
from reports import jobs, signing, texts
from tests.browser.editors import Text
from tests.browser.studio import NOTICES

pytestmark = pytest.mark.browser

AGREEMENT = "processes/signing/agreement.html"
OLD_CLAUSE = "本协议书一式四份，毕业生、用人单位、学校、省级毕业生就业主管部门各执一份；复印件无效。"
CLAUSE = "本协议书一式五份，毕业生、用人单位、学校、学院、省级毕业生就业主管部门各执一份；复印件无效。"


def test_a_notice_and_a_clause_are_reworded(shen, office):
    old = office.invite("2023010102")
    office.agree(old, "2023010102")
    draft = shen.begin("online_signing")
    notices = Text(shen.page, "online_signing", NOTICES)
    notices.replace('邀请你签约"', '给你发来了签约邀请"')
    notices.wait_saved()
    document = Text(shen.page, "online_signing", AGREEMENT)
    document.replace(OLD_CLAUSE, CLAUSE)
    document.wait_saved()
    shown = shen.page.frame_locator('iframe[title="预览"]').locator("body")
    expect(shown).to_contain_text(CLAUSE)
    answer = shen.page.request.get(
        f"/studio/drafts/{draft.id}/preview/document?path={AGREEMENT}&case={old.id}"
    )
    assert CLAUSE in answer.text()
    paper = shen.page.request.get(
        f"/studio/drafts/{draft.id}/preview/document?path={AGREEMENT}&case={old.id}&as=pdf"
    )
    assert paper.body().startswith(b"%PDF-")
    shen.page.goto(f"/studio/drafts/{draft.id}/publish?step=changes")
    expect(shen.page.get_by_text("文字改动：增 1 行，删 1 行")).to_be_visible()
    draft.publish("通知和第十条改了措辞")

    case = office.invite()
    assert office.told("2023010101")[-1] == "晴川软件有限公司给你发来了签约邀请"
    office.agree(case)
    office.complete(case, "school_audits", "shen", result="pass")
    agreement = office.agreement(case)
    assert CLAUSE in signing.agreement_html(agreement, texts.agreement_text(agreement))
    office.work()
    made = jobs.paper_of(agreement, "agreement")
    assert made is not None
    assert files.get(made.sha).startswith(b"%PDF-")
    # The agreement of before keeps the words that were agreed to.
    before = office.agreement(old)
    assert CLAUSE not in signing.agreement_html(before, texts.agreement_text(before))

"""5. A new required field with a hint on the termination form, shown only when the employer began it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.errors import SubmissionInvalid
from tests.browser.editors import Form
from tests.browser.studio import sign_in

pytestmark = pytest.mark.browser

FORM = "forms/termination/request.form"


def test_an_employer_that_begins_says_how_it_compensates(shen, office, new_page, server):
    draft = shen.begin("termination")
    form = Form(shen.page, "termination", FORM)
    form.add("多行文字", before="我同意并遵守以上规定")
    form.write("标题", "打算怎样补偿毕业生")
    form.write("说明（填之前看的）", "写明金额和时间，毕业生会据此考虑。")
    form.write("名字（程序用）", "compensation")
    form.condition("发起人属于哪一方", "用人单位")
    form.panel.get_by_label("必填").check()
    form.wait_saved()
    assert form.findings == []
    shen.page.goto(f"/studio/drafts/{draft.id}/publish?step=changes")
    expect(shen.page.get_by_text("增加必填项“打算怎样补偿毕业生”")).to_be_visible()
    draft.publish("单位提出解约要写补偿")

    case = office.invite()
    office.agree(case)
    office.complete(case, "school_audits", "shen", result="pass")
    agreement = office.agreement(case)

    for login, shown in (("qingchuan", True), ("2023010101", False)):
        page = new_page("desk", base_url=server.url)
        sign_in(page, login)
        page.goto(f"/start/termination?on=agreement:{agreement.id}")
        field = page.locator("[name=compensation]")
        if shown:
            expect(field).to_be_visible()
            expect(page.get_by_text("写明金额和时间，毕业生会据此考虑。")).to_be_visible()
        else:
            expect(field).to_be_hidden()
    with pytest.raises(SubmissionInvalid):
        office.start("termination", "qingchuan", agreement, reason="经营困难", compensation="")
    ending = office.start(
        "termination", "qingchuan", agreement, reason="经营困难", compensation="补一个月工资"
    )
    assert office.open(ending) == ["student_answers"]

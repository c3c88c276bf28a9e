"""5. A new required field with a hint on the termination form, shown only when the employer began it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from engine.errors import SubmissionInvalid
from tests.browser.studio import sign_in

pytestmark = pytest.mark.browser

FORM = "forms/termination/request.form"
FIELD = {
    "type": "textarea",
    "key": "compensation",
    "id": "field_compensation",
    "label": "打算怎样补偿毕业生",
    "description": "写明金额和时间，毕业生会据此考虑。",
    "validate": {"required": True, "maxLength": 200},
    "conditional": {"hide": '=starter.kind != "employer"'},
    "layout": {"row": "row_compensation", "columns": None},
}


def test_an_employer_that_begins_says_how_it_compensates(shen, office, new_page, server):
    draft = shen.begin("termination")
    form = json.loads(draft.text(FORM))
    form["components"].insert(2, FIELD)
    draft.put(FORM, json.dumps(form, ensure_ascii=False, indent=2) + "\n")
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

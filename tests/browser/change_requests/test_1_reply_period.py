"""1. The reply period of an invitation: from 5 to 7 days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine import clock
from engine.models.signing import SendListEntry
from tests.browser.editors import Form
from tests.browser.studio import sign_in

pytestmark = pytest.mark.browser

FORM = "forms/signing/invitation.form"


def test_reply_period_of_seven_days(shen, office, new_page, server):
    before = office.invite("2023010102")
    draft = shen.begin("online_signing")
    page = shen.page
    form = Form(page, "online_signing", FORM)
    form.click("签约反馈期限")
    form.write("默认值", "7")
    form.wait_saved()
    page.goto(f"/studio/drafts/{draft.id}/publish?step=changes")
    expect(page.get_by_text("“签约反馈期限”的默认值")).to_be_visible()
    draft.publish("答复期改为七天")

    employer = new_page("desk", base_url=server.url)
    sign_in(employer, "qingchuan")
    student = office.student("2023010101")
    SendListEntry.create(employer=office.actor("qingchuan").party_id, student=student)
    employer.goto(f"/signing/send/invite?student={student.id}")
    expect(employer.locator("[name=answer_days]")).to_have_value("7")
    after = office.invite()
    assert office.invitation(after).expires_on == clock.today() + timedelta(days=7)
    assert office.invitation(before).expires_on == clock.today() + timedelta(days=5)
    assert office.version(before) == 1
    assert office.version(after) == 2

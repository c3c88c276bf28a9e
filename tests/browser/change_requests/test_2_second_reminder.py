"""2. A second reminder to the student in the morning of the last day."""

from __future__ import annotations

import re

import pytest

from tests.browser.editors import Diagram, Text
from tests.browser.office import office_time
from tests.browser.studio import NOTICES, SCENARIOS, SIGNING

pytestmark = pytest.mark.browser

NOTICE = """
last_day:
  to: [毕业生]
  channels: [inbox, mail]
  subject: "今天是答复{{ employer.name }}的最后一天"
  body: |
    今天 23:59 前不答复，邀约就失效了。
"""


def test_a_second_reminder_in_the_morning_of_the_last_day(shen, office):
    draft = shen.begin("online_signing")
    page = shen.page
    text = Text(page, "online_signing", NOTICES)
    text.append(NOTICE)
    text.wait_saved()
    diagram = Diagram(page, "online_signing", SIGNING)
    diagram.click("student_answers")
    diagram.press("加一次提醒")
    diagram.write("名称", "最后一天提醒")
    diagram.choose("怎么算", "某个日期的前几天或后几天")
    diagram.choose("哪个时间", "签约邀请 · 应约过期日期")
    diagram.write("几天", "0")
    diagram.write("几点", "09:00")
    diagram.tick("到这里时发哪些通知", re.compile("最后一天"))
    diagram.wait_saved()
    assert diagram.findings == []
    # What must happen now is another thing than before: the scenario fails until it says so.
    page.goto(f"/studio/drafts/{draft.id}/publish?step=scenarios")
    page.get_by_role("button", name="运行情景").click()
    page.locator("[data-scenario=bad]").filter(has_text="last_day").wait_for(timeout=60_000)
    scenarios = Text(page, "online_signing", SCENARIOS)
    scenarios.replace("notified: [invitation_expired]", "notified: [invitation_expired, last_day]")
    scenarios.wait_saved()
    draft.publish("最后一天早上再提醒一次")

    case = office.invite("2023010101", answer_days=5)
    last = office.invitation(case).expires_on
    with office.at_moment(office_time(last, 8, 59)):
        assert not any("最后一天" in title for title in office.told("2023010101"))
    with office.at_moment(office_time(last, 9, 1)):
        assert [t for t in office.told("2023010101") if "最后一天" in t] == [
            "今天是答复晴川软件有限公司的最后一天"
        ]
        assert office.open(case) == ["student_answers"]
        office.agree(case)
    assert office.incidents() == 0

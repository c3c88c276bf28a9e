"""2. A second reminder to the student in the morning of the last day."""

from __future__ import annotations

import pytest

from tests.browser.drawing import Drawing
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
    drawing = Drawing(draft.text(SIGNING))
    drawing.node(
        '<bpmn:boundaryEvent id="last_day" name="最后一天提醒" attachedToRef="student_answers" cancelActivity="false"'
        ' qh:notify="last_day"><bpmn:timerEventDefinition><bpmn:timeDate xsi:type="bpmn:tFormalExpression">'
        '=date and time(invitation.expires_on, time("09:00:00"))</bpmn:timeDate></bpmn:timerEventDefinition>'
        "</bpmn:boundaryEvent>",
        "毕业生", 540, 242, 36, 36,
    )  # fmt: skip
    drawing.node('<bpmn:endEvent id="reminded_again" name="已再次提醒"/>', "毕业生", 640, 210, 36, 36)
    drawing.flow("last_day_sent", "last_day", "reminded_again")
    draft.put(SIGNING, drawing.xml())
    draft.put(NOTICES, draft.text(NOTICES) + NOTICE)
    # What must happen now is another thing than before: the scenario fails until it says so.
    shen.page.goto(f"/studio/drafts/{draft.id}/publish?step=scenarios")
    shen.page.get_by_role("button", name="运行情景").click()
    shen.page.locator("[data-scenario=bad]").filter(has_text="last_day").wait_for(timeout=60_000)
    draft.change(SCENARIOS, ("notified: [invitation_expired]", "notified: [invitation_expired, last_day]"))
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

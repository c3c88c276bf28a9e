"""What the trace draws as a refusal, and what not."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from engine import runtime
from engine.models.workflow import ProcessInstance
from tests.builders_termination import EndingOffice


def tones(case: ProcessInstance) -> dict[str, str]:
    return {line.operation: line.tone for line in runtime.trace(case)}


def test_who_says_no_without_a_reason_says_no_all_the_same(office: EndingOffice) -> None:
    invitation = office.invite()
    office.refuse(invitation)
    assert tones(office.case(invitation)) == {"发起邀约": "done", "拒绝签约": "bad"}


def test_a_reason_for_something_granted_makes_it_no_refusal(office: EndingOffice) -> None:
    case = runtime.start(
        office.clerk.actor,
        "termination_allowance",
        on=office.student,
        data=MultiDict({"reason": "单位已注销"}),
    )
    assert tones(case) == {"允许再解约一次": "done"}

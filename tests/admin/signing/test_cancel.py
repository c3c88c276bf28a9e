"""A case that an administrator ends leaves no row where no other case could go on with it."""

from __future__ import annotations

from engine.models.workflow import ProcessInstance
from tests.builders_signing import Office, agreement_of, now


def test_a_letter_that_waits_for_its_answer_is_not_left_alone(office: Office) -> None:
    invitation = office.invite()
    case, admin = office.case(invitation), office.person("系统管理员")
    refused = admin.post(f"/cases/{case.id}/cancel", {"reason": "重复发起"})
    assert refused.status_code == 422
    assert "“签约邀请”还没有办完" in refused.text
    assert (now(case).state, now(invitation).state) == ("running", "sent")


def test_an_agreement_that_waits_for_the_school_is_not_left_alone(office: Office) -> None:
    invitation = office.signed()
    case, admin = office.case(invitation), office.person("系统管理员")
    refused = admin.post(f"/cases/{case.id}/cancel", {"reason": "重复发起"})
    assert refused.status_code == 422
    assert "“就业协议书”还没有办完" in refused.text
    assert (now(case).state, agreement_of(invitation).state) == ("running", "generated")
    office.audit(invitation)
    assert ProcessInstance.get_by_id(case.id).state == "completed"

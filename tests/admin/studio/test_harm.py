"""Drafts that would do harm, made and published as a member of staff would try: refused, in a clerk's words."""

from __future__ import annotations

import pytest
from lxml import etree

from engine import catalog
from tests.admin.studio.conftest import SIGNING
from tests.engine.catalog.shipped import Edit
from tests.people import text_of


def without_audit() -> Edit:
    """The audit step deleted, as bpmn-js does it."""
    return Edit().delete("school_audits")


def without_expiry() -> Edit:
    """The timer of the answer period deleted."""
    return Edit().delete("answer_period_over")


def never_meeting() -> Edit:
    """An exclusive choice whose two ways are awaited by a parallel gateway: they never meet."""
    edit = Edit()
    edit.element("sent").set("targetRef", "part")
    process = edit.element("online_signing")
    namespace = etree.QName(process).namespace
    for text in (
        '<exclusiveGateway xmlns="{n}" id="part" name="走哪边" default="one"><incoming>sent</incoming>'
        "<outgoing>one</outgoing><outgoing>two</outgoing></exclusiveGateway>",
        '<parallelGateway xmlns="{n}" id="meet" name="都到齐"><incoming>one</incoming><incoming>two</incoming>'
        "<outgoing>on</outgoing></parallelGateway>",
        '<sequenceFlow xmlns="{n}" id="one" sourceRef="part" targetRef="meet"/>',
        '<sequenceFlow xmlns="{n}" id="two" sourceRef="part" targetRef="meet"><conditionExpression>'
        "probation_pay &lt; 3000</conditionExpression></sequenceFlow>",
        '<sequenceFlow xmlns="{n}" id="on" sourceRef="meet" targetRef="send_invitation"/>',
    ):
        process.append(etree.fromstring(text.replace("{n}", namespace)))
    plane = edit.element("online_signing_plane")
    for n, node in enumerate(("part", "meet")):
        plane.append(
            etree.fromstring(
                '<bpmndi:BPMNShape xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
                ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
                f' id="{node}_di" bpmnElement="{node}"><dc:Bounds x="{300 + 80 * n}" y="120" width="50" height="50"/>'
                "</bpmndi:BPMNShape>"
            )
        )
    for flow in ("one", "two", "on"):
        plane.append(
            etree.fromstring(
                '<bpmndi:BPMNEdge xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
                ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
                f' id="{flow}_di" bpmnElement="{flow}"><di:waypoint x="300" y="140"/><di:waypoint x="380" y="140"/>'
                "</bpmndi:BPMNEdge>"
            )
        )
    return edit


HARM = {
    "the audit step deleted": (without_audit, "owes.undecided", "学校"),
    "the expiry timer deleted": (without_expiry, "owes.open_forever", "定时"),
    "two ways that never meet": (never_meeting, "owes.deadlock", "等"),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_harmful_draft_is_not_published(studio, harm):
    edit, code, word = HARM[harm]
    draft = studio.begin()
    answer = draft.put(SIGNING, edit().files()[SIGNING])
    assert answer.status_code == 200
    (found, *_more) = [f for f in draft.errors() if f["code"] == code]
    assert word in found["sentence"]
    assert not any(part in found["sentence"] for part in ("owes", "token", "_gateway", "None"))
    assert found["path"][0] == "employer_sends"
    page = text_of(studio.shen.get(f"{draft.page}?step=check"))
    assert found["sentence"] in page
    refused = draft.publish("没看出问题")
    assert refused.status_code == 422
    assert found["sentence"] in text_of(refused)
    assert catalog.live("online_signing").version == 1


def test_the_way_to_the_harm_is_shown_on_the_diagram(studio):
    draft = studio.begin()
    draft.put(SIGNING, without_expiry().files()[SIGNING])
    page = studio.shen.get(f"{draft.page}?step=check").get_data(as_text=True)
    assert 'data-gone="employer_sends send_invitation student_answers"' in page
    assert 'data-here="student_answers"' in page

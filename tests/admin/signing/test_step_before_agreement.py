"""The office has put a step between the graduate's answer and the agreement."""

from __future__ import annotations

import pytest

from engine import catalog
from tests.builders_signing import Office, shipped
from tests.people import text_of

DIAGRAM = "processes/signing/online_signing.bpmn"
LOOKS = (
    '<bpmn:userTask id="school_looks" name="学校先看一看"><bpmn:incoming>agreed</bpmn:incoming>'
    "<bpmn:outgoing>looked</bpmn:outgoing></bpmn:userTask>"
    '<bpmn:sequenceFlow id="looked" sourceRef="school_looks" targetRef="generate_agreement" />'
)


@pytest.fixture
def looked_at(office: Office) -> Office:
    """The school looks at each answer before the agreement is made."""
    body = shipped()[DIAGRAM].decode()
    for old, new in (
        ('targetRef="generate_agreement" />', 'targetRef="school_looks" />'),
        ("<bpmn:incoming>agreed</bpmn:incoming>", "<bpmn:incoming>looked</bpmn:incoming>"),
        ("<bpmn:flowNodeRef>school_audits<", "<bpmn:flowNodeRef>school_looks</bpmn:flowNodeRef><bpmn:flowNodeRef>school_audits<"),
        ('<bpmn:userTask id="student_answers"', f'{LOOKS}<bpmn:userTask id="student_answers"'),
    ):  # fmt: skip
        assert old in body
        body = body.replace(old, new, 1)
    catalog.deploy({**shipped(), DIAGRAM: body.encode()}, checked=True)
    return office


def test_who_agreed_is_not_told_that_she_refused(looked_at: Office) -> None:
    office = looked_at
    invitation = office.invite()
    task = office.task(invitation, "student_answers")
    answer = office.graduate.post(
        f"/tasks/{task.id}/letter", {"answer": "agree", "_confirmed": "agree"}, follow_redirects=True
    )
    page = text_of(answer)
    assert "已提交你的答复" in page
    assert "已拒绝" not in page
    assert "你已答复。现在的环节：学校先看一看。" in page
    assert "等你答复" not in page

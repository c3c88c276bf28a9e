"""A second audit step by the college, edited as XML and deployed: no Python changes, open cases go on as they
began, a restart leaves the deployed copy live."""

from __future__ import annotations

import pytest

from admin.door import App
from engine import catalog, runtime
from engine.errors import Conflict
from engine.models.workflow import Incident, ProcessDefinition
from engine.runtime import StepFailed
from tests.builders_signing import ROOT, Office, agreement_of, now, shipped

PATH = "processes/signing/online_signing.bpmn"
_TASK = """    <bpmn:userTask id="college_audits" name="学院审核" qh:form="signing/audit">
      <bpmn:incoming>generated</bpmn:incoming>
      <bpmn:outgoing>to_college_gateway</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="college_gateway" name="学院意见" default="college_failed">
      <bpmn:incoming>to_college_gateway</bpmn:incoming>
      <bpmn:outgoing>college_passed</bpmn:outgoing>
      <bpmn:outgoing>college_failed</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="to_college_gateway" sourceRef="college_audits" targetRef="college_gateway" />
    <bpmn:sequenceFlow id="college_passed" name="通过" sourceRef="college_gateway" targetRef="school_audits">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">result = "pass"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="college_failed" sourceRef="college_gateway" targetRef="fail_agreement" />
"""
_DRAWN = """      <bpmndi:BPMNShape id="college_audits_di" bpmnElement="college_audits">
        <dc:Bounds x="1050" y="620" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="college_gateway_di" bpmnElement="college_gateway" isMarkerVisible="true">
        <dc:Bounds x="1195" y="635" width="50" height="50" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="lane_college_di" bpmnElement="lane_college" isHorizontal="true">
        <dc:Bounds x="190" y="600" width="1450" height="100" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="to_college_gateway_di" bpmnElement="to_college_gateway">
        <di:waypoint x="1150" y="660" /><di:waypoint x="1195" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="college_passed_di" bpmnElement="college_passed">
        <di:waypoint x="1220" y="685" /><di:waypoint x="1150" y="840" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="college_failed_di" bpmnElement="college_failed">
        <di:waypoint x="1245" y="660" /><di:waypoint x="1390" y="660" />
      </bpmndi:BPMNEdge>
"""


@pytest.fixture
def anywhere(database: str, web: App) -> Office:
    """On both databases: for what the tables promise."""
    return Office(web)


def with_a_college_step() -> dict[str, bytes]:
    """The shipped files of online signing, the diagram with an audit by the college before the school's."""
    files = catalog.read_folder(ROOT)
    wanted = {path: files[path] for path in catalog.closure(files, "online_signing")}
    xml = wanted[PATH].decode()
    xml = xml.replace(
        'sourceRef="generate_agreement" targetRef="school_audits"',
        'sourceRef="generate_agreement" targetRef="college_audits"',
    )
    xml = xml.replace(
        "<bpmn:incoming>generated</bpmn:incoming>", "<bpmn:incoming>college_passed</bpmn:incoming>"
    )
    xml = xml.replace(
        '<bpmn:lane id="lane_school"',
        '<bpmn:lane id="lane_college" name="学院">\n        <bpmn:flowNodeRef>college_audits</bpmn:flowNodeRef>\n'
        "        <bpmn:flowNodeRef>college_gateway</bpmn:flowNodeRef>\n      </bpmn:lane>\n"
        '      <bpmn:lane id="lane_school"',
    )
    xml = xml.replace('    <bpmn:sequenceFlow id="sent"', _TASK + '    <bpmn:sequenceFlow id="sent"')
    xml = xml.replace("    </bpmndi:BPMNPlane>", _DRAWN + "    </bpmndi:BPMNPlane>")
    return {**wanted, PATH: xml.encode()}


def test_a_second_audit_by_the_college_needs_no_python(database: str, web: App) -> None:
    office = Office(web)
    dean = office.person("学院", office.college, name="钟老师")
    before = office.signed()
    catalog.deploy(with_a_college_step(), note="学院先看", source="studio")

    student = office.another()
    after = office.invite(student.student)  # type: ignore[attr-defined]
    assert office.agree(after, student).status_code == 303
    assert office.task(after, "school_audits") is None
    task = office.task(after, "college_audits")
    assert task is not None
    runtime.complete(task, dean.actor, json={"result": "pass"})
    assert agreement_of(after).state == "generated"
    assert office.audit(after).status_code in (302, 303)
    assert agreement_of(after).state == "effective"

    assert office.case(before).definition.version == 1
    assert office.audit(before).status_code in (302, 303)
    assert agreement_of(before).state == "effective"
    assert now(after).state == "signed"


def test_a_restart_leaves_the_deployed_copy_live(database: str, web: App) -> None:
    Office(web)
    catalog.deploy(with_a_college_step(), note="学院先看", source="studio")
    catalog.deploy_shipped(ROOT)
    live = ProcessDefinition.get((ProcessDefinition.process_id == "online_signing") & ProcessDefinition.live)
    assert live.version == 2
    assert "college_audits" in catalog.live("online_signing").nodes


def test_what_the_tables_refuse_is_not_told_as_another_conflict(anywhere: Office) -> None:
    files = {path: body.replace(b'"min": 1,', b'"min": 0,') for path, body in shipped().items()}
    catalog.deploy(files, note="答复期限可以为零", source="studio")
    with pytest.raises(StepFailed):
        anywhere.invite(answer_days=0)
    assert "answer_days" in Incident.get().problem
    anywhere.invite(answer_days=1)
    with pytest.raises(Conflict, match="还有效"):
        anywhere.invite(answer_days=1)

"""A small process of the tests' own: a graduate asks for leave, the school decides. No subject, no Python.

Lanes 毕业生 and 学校; `decide` is an answer of which 不通过 wants a reason and 留校 a second page; the graduate may
withdraw while the school has not decided.
"""

from __future__ import annotations

import json

from engine import catalog, db
from engine.models.seed import ensure_roles

PROCESS = "leave_request"

_NODES = {
    "asks": (100, 100, 36, 36),
    "decide": (240, 80, 100, 80),
    "withdrawn": (270, 142, 36, 36),
    "decided": (420, 95, 50, 50),
    "granted": (540, 100, 36, 36),
    "refused": (540, 200, 36, 36),
    "gone": (420, 260, 36, 36),
}
_FLOWS = {
    "asked": ("asks", "decide"),
    "answered": ("decide", "decided"),
    "yes": ("decided", "granted"),
    "no": ("decided", "refused"),
    "left": ("withdrawn", "gone"),
}


def _drawn() -> str:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{node}_di" bpmnElement="{node}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{w}" height="{h}"/></bpmndi:BPMNShape>'
        for node, (x, y, w, h) in {
            **_NODES, "pool": (0, 0, 700, 400), "lane_student": (30, 0, 670, 20), "lane_school": (30, 20, 670, 380)
        }.items()
    )  # fmt: skip
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}">'
        f'<di:waypoint x="{_NODES[a][0]}" y="{_NODES[a][1]}"/><di:waypoint x="{_NODES[b][0]}" y="{_NODES[b][1]}"/>'
        "</bpmndi:BPMNEdge>"
        for flow, (a, b) in _FLOWS.items()
    )
    return (
        '<bpmndi:BPMNDiagram id="drawn"><bpmndi:BPMNPlane id="plane" bpmnElement="both">'
        f"{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


def _diagram() -> bytes:
    flows = "".join(
        f'<bpmn:sequenceFlow id="{flow}" sourceRef="{a}" targetRef="{b}">'
        + ('<bpmn:conditionExpression>decision = "pass"</bpmn:conditionExpression>' if flow == "yes" else "")
        + "</bpmn:sequenceFlow>"
        for flow, (a, b) in _FLOWS.items()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:qh="urn:qihang:bpmn"
 id="leave" targetNamespace="urn:qihang:processes">
<bpmn:message id="message_withdraw" name="graduate_withdraws"/>
<bpmn:collaboration id="both"><bpmn:participant id="pool" name="请假" processRef="{PROCESS}"/></bpmn:collaboration>
<bpmn:process id="{PROCESS}" name="请假" isExecutable="true">
<bpmn:laneSet id="lanes">
<bpmn:lane id="lane_student" name="毕业生"><bpmn:flowNodeRef>asks</bpmn:flowNodeRef></bpmn:lane>
<bpmn:lane id="lane_school" name="学校"><bpmn:flowNodeRef>decide</bpmn:flowNodeRef>
<bpmn:flowNodeRef>withdrawn</bpmn:flowNodeRef><bpmn:flowNodeRef>decided</bpmn:flowNodeRef>
<bpmn:flowNodeRef>granted</bpmn:flowNodeRef><bpmn:flowNodeRef>refused</bpmn:flowNodeRef>
<bpmn:flowNodeRef>gone</bpmn:flowNodeRef></bpmn:lane>
</bpmn:laneSet>
<bpmn:startEvent id="asks" name="申请请假" qh:start="申请请假" qh:by="毕业生" qh:form="leave/request"/>
<bpmn:userTask id="decide" name="审批请假" qh:form="leave/decision" qh:due="P3D"/>
<bpmn:boundaryEvent id="withdrawn" name="撤回请假" attachedToRef="decide" qh:action="撤回请假" qh:by="毕业生">
<bpmn:messageEventDefinition id="withdrawn_message" messageRef="message_withdraw"/></bpmn:boundaryEvent>
<bpmn:exclusiveGateway id="decided" name="准假吗" default="no"/>
<bpmn:endEvent id="granted" name="准假"/>
<bpmn:endEvent id="refused" name="不准假"/>
<bpmn:endEvent id="gone" name="已撤回"/>
{flows}</bpmn:process>
{_drawn()}</bpmn:definitions>
""".encode()


def _form(*components: dict[str, object]) -> bytes:
    return json.dumps(
        {"type": "default", "id": "leave", "schemaVersion": 18, "components": list(components)},
        ensure_ascii=False,
    ).encode()


def files() -> dict[str, bytes]:
    """The content files of the process."""
    request = _form(
        {"type": "number", "key": "days", "id": "f_days", "label": "天数",
         "validate": {"required": True, "min": 1, "max": 30}},
        {"type": "textarea", "key": "reason", "id": "f_reason", "label": "事由", "validate": {"maxLength": 200}},
    )  # fmt: skip
    confirm = {"title": "确定留校吗？", "button": "确定留校", "text": "留校以后不能再请假。"}
    decision = _form(
        {"type": "answer", "key": "decision", "id": "f_decision", "label": "结果", "values": [
            {"value": "pass", "label": "通过", "consequence": "学生可以离校。"},
            {"value": "stay", "label": "留校", "confirm": confirm},
            {"value": "fail", "label": "不通过", "tone": "neg"},
        ]},
        {"type": "textarea", "key": "why", "id": "f_why", "label": "原因",
         "validate": {"required": True, "maxLength": 200}, "conditional": {"hide": '=not(decision = "fail")'}},
    )  # fmt: skip
    return {
        f"processes/leave/{PROCESS}.bpmn": _diagram(),
        "forms/leave/request.form": request,
        "forms/leave/decision.form": decision,
    }


def deploy() -> None:
    """Makes the process live in the bound database."""
    ensure_roles()
    with db.connection():
        catalog.deploy(files())

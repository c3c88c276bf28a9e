"""Small diagrams for tests: said in a few lines, written as BPMN that is drawn."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:qh="urn:qihang:bpmn"
  id="definitions" targetNamespace="urn:qihang:processes">
"""
_TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "service": "serviceTask",
    "rule": "businessRuleTask",
    "xor": "exclusiveGateway",
    "fork": "parallelGateway",
    "choice": "eventBasedGateway",
    "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent",
    "script": "scriptTask",
    "call": "callActivity",
    "subprocess": "subProcess",
}


class Diagram:
    """A process in the making. Flows are `flow("a", "b", id, condition)`, ids `a_to_b` where none is said."""

    def __init__(self, process_id: str = "demo", name: str = "演示", **ext: str) -> None:
        self.process_id = process_id
        self.name = name
        self.ext = ext
        self.nodes: list[tuple[str, str, str, str, str | None]] = []
        self.flows: list[tuple[str, str, str, str | None]] = []
        self.lanes: dict[str, list[str]] = {}
        self.messages: dict[str, str] = {}
        self.drawn = True

    def add(
        self,
        kind: str,
        node_id: str,
        lane: str | None = "学校",
        name: str | None = None,
        inner: str = "",
        **attrs: Any,
    ) -> Diagram:
        plain = {
            k: v
            for k, v in attrs.items()
            if k in ("default", "attachedToRef", "cancelActivity", "calledElement")
        }
        ext = {k: v for k, v in attrs.items() if k not in plain}
        text = "".join(f" {k}={quoteattr(str(v))}" for k, v in plain.items())
        text += "".join(f" qh:{k}={quoteattr(str(v))}" for k, v in ext.items())
        self.nodes.append((_TAGS[kind], node_id, name or node_id, text, inner))
        if lane:
            self.lanes.setdefault(lane, []).append(node_id)
        return self

    def start(self, node_id: str = "begin", **ext: Any) -> Diagram:
        return self.add("start", node_id, **ext)

    def end(self, node_id: str = "done", inner: str = "", **ext: Any) -> Diagram:
        return self.add("end", node_id, inner=inner, **ext)

    def user(self, node_id: str, lane: str | None = "学校", **ext: Any) -> Diagram:
        return self.add("user", node_id, lane, **ext)

    def xor(self, node_id: str, default: str | None = None) -> Diagram:
        return self.add("xor", node_id, **({"default": default} if default else {}))

    def fork(self, node_id: str) -> Diagram:
        return self.add("fork", node_id)

    def service(self, node_id: str, operation: str, result: str = "", **parameters: str) -> Diagram:
        given = "".join(
            f'<spiffworkflow:parameter id="{k}" type="string" value={quoteattr(v)} />'
            for k, v in parameters.items()
        )
        kept = f' resultVariable="{result}"' if result else ""
        inner = (
            f'<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="{operation}"{kept}>'
            f"<spiffworkflow:parameters>{given}</spiffworkflow:parameters>"
            "</spiffworkflow:serviceTaskOperator></bpmn:extensionElements>"
        )
        return self.add("service", node_id, "系统", inner=inner)

    def rule(self, node_id: str, decision: str, **ext: Any) -> Diagram:
        inner = (
            "<bpmn:extensionElements><spiffworkflow:calledDecisionId>"
            f"{escape(decision)}</spiffworkflow:calledDecisionId></bpmn:extensionElements>"
        )
        return self.add("rule", node_id, "系统", inner=inner, **ext)

    def timer(
        self, node_id: str, host: str, text: str, kind: str = "timeDuration", cancel: bool = True, **ext: Any
    ) -> Diagram:
        inner = (
            f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{kind}>'
            "</bpmn:timerEventDefinition>"
        )
        return self.add(
            "boundary", node_id, inner=inner, attachedToRef=host, cancelActivity=str(cancel).lower(), **ext
        )

    def act(self, node_id: str, host: str, cancel: bool = True, **ext: Any) -> Diagram:
        message = f"message_{node_id}"
        self.messages[message] = f"{self.process_id}_{node_id}"
        inner = f'<bpmn:messageEventDefinition messageRef="{message}" />'
        return self.add(
            "boundary", node_id, inner=inner, attachedToRef=host, cancelActivity=str(cancel).lower(), **ext
        )

    def flow(
        self, source: str, target: str, flow_id: str | None = None, condition: str | None = None
    ) -> Diagram:
        self.flows.append((flow_id or f"{source}_to_{target}", source, target, condition))
        return self

    def path(self, *nodes: str) -> Diagram:
        for source, target in pairwise(nodes):
            self.flow(source, target)
        return self

    def xml(self) -> bytes:
        parts = [_HEAD]
        parts += [f'<bpmn:message id="{key}" name="{name}" />' for key, name in self.messages.items()]
        ext = "".join(f" qh:{k}={quoteattr(v)}" for k, v in self.ext.items())
        parts.append(
            f'<bpmn:process id={quoteattr(self.process_id)} name={quoteattr(self.name)} isExecutable="true"{ext}>'
        )
        parts.append(self._lanes())
        parts += [self._node(*node) for node in self.nodes]
        parts += [self._flow(*flow) for flow in self.flows]
        parts += ["</bpmn:process>", self._drawing() if self.drawn else "", "</bpmn:definitions>"]
        return "\n".join(parts).encode()

    def _lanes(self) -> str:
        lanes = "".join(
            f'<bpmn:lane id="lane_{number}" name={quoteattr(name)}>'
            + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
            + "</bpmn:lane>"
            for number, (name, nodes) in enumerate(self.lanes.items())
        )
        return f'<bpmn:laneSet id="lanes">{lanes}</bpmn:laneSet>' if lanes else ""

    def _node(self, tag: str, node_id: str, name: str, text: str, inner: str | None) -> str:
        before, after = (inner or ""), ""
        if not before.startswith("<bpmn:extensionElements"):
            before, after = "", before
        ways = "".join(f"<bpmn:incoming>{f[0]}</bpmn:incoming>" for f in self.flows if f[2] == node_id)
        ways += "".join(f"<bpmn:outgoing>{f[0]}</bpmn:outgoing>" for f in self.flows if f[1] == node_id)
        return f"<bpmn:{tag} id={quoteattr(node_id)} name={quoteattr(name)}{text}>{before}{ways}{after}</bpmn:{tag}>"

    def _flow(self, flow_id: str, source: str, target: str, condition: str | None) -> str:
        inner = (
            ""
            if condition is None
            else f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>'
        )
        return f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'

    def _drawing(self) -> str:
        shapes = "".join(
            f'<bpmndi:BPMNShape id="{node[1]}_di" bpmnElement="{node[1]}">'
            f'<dc:Bounds x="{number * 150}" y="100" width="100" height="80" /></bpmndi:BPMNShape>'
            for number, node in enumerate(self.nodes)
        )
        edges = "".join(
            f'<bpmndi:BPMNEdge id="{flow[0]}_di" bpmnElement="{flow[0]}">'
            '<di:waypoint x="0" y="0" /><di:waypoint x="9" y="9" /></bpmndi:BPMNEdge>'
            for flow in self.flows
        )
        return (
            f'<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="{self.process_id}">'
            f"{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
        )


def form(**fields: Any) -> bytes:
    """A form: key → kind, or key → list of choices (a required radio)."""
    import json

    components = []
    for key, kind in fields.items():
        component: dict[str, Any] = {"id": f"Field_{key}", "key": key, "label": key}
        if isinstance(kind, list):
            component |= {"type": "radio", "values": [{"value": v, "label": v} for v in kind]}
        else:
            component |= {"type": kind}
        components.append({**component, "validate": {"required": True}})
    return json.dumps({"type": "default", "components": components}).encode()

"""Drafts of the shipped flows, as a member of staff would change them: what the checker is shown."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from engine.catalog import Finding
from engine.catalog.check import check
from tests.engine.catalog.shipped import BPMN, SIGNING, Edit, files

VOIDING = "processes/signing/agreement_voiding.bpmn"
TERMINATION = "processes/signing/termination.bpmn"
ALLOWANCE = "processes/signing/termination_allowance.bpmn"
_NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "qh": "urn:qihang:bpmn",
    "spiffworkflow": "http://spiffworkflow.org/bpmn/schema/1.0/core",
}
_QH = "{urn:qihang:bpmn}"


class Draft(Edit):
    """A shipped diagram with elements added, flows led elsewhere, files beside it changed."""

    def __init__(self, path: str = SIGNING) -> None:
        super().__init__(path)
        self.more: dict[str, bytes] = {}
        self.gone: set[str] = set()

    @property
    def process(self) -> Any:
        return self.root.find("bpmn:process", _NS)

    def set(self, element_id: str, **ext: str | None) -> Draft:
        """Our own attributes of an element; None takes one away."""
        for name, value in ext.items():
            element = self.element(element_id)
            if value is None:
                element.attrib.pop(_QH + name, None)
            else:
                element.set(_QH + name, value)
        return self

    def plain(self, element_id: str, **attributes: str) -> Draft:
        """BPMN's own attributes of an element."""
        for name, value in attributes.items():
            self.element(element_id).set(name, value)
        return self

    def add(self, lane: str, xml: str) -> Draft:
        """An element (`<bpmn:userTask id=… />`) in the lane of a role, which is made where it is not there."""
        made = _made(xml)
        self.process.append(made)
        found = self.process.find(f".//bpmn:lane[@name='{lane}']", _NS)
        if found is None:
            found = etree.SubElement(
                self.process.find("bpmn:laneSet", _NS),
                BPMN + "lane",
                id=f"lane_{len(self.root.xpath('//*'))}",
                name=lane,
            )
        etree.SubElement(found, BPMN + "flowNodeRef").text = made.get("id")
        return self

    def task(self, lane: str, node_id: str, form: str = "", inner: str = "", **ext: str) -> Draft:
        more = "".join(f' qh:{k}="{escape(v, {chr(34): "&quot;"})}"' for k, v in ext.items())
        shown = f' qh:form="{form}"' if form else ""
        return self.add(
            lane, f'<bpmn:userTask id="{node_id}" name="{node_id}"{shown}{more}>{inner}</bpmn:userTask>'
        )

    def gateway(self, node_id: str, default: str = "", kind: str = "exclusive", lane: str = "学校") -> Draft:
        marked = f' default="{default}"' if default else ""
        return self.add(lane, f'<bpmn:{kind}Gateway id="{node_id}" name="{node_id}"{marked}/>')

    def service(self, node_id: str, operation: str, result: str = "", **parameters: str) -> Draft:
        given = "".join(
            f'<spiffworkflow:parameter id="{k}" type="string" value="{escape(v, {chr(34): "&quot;"})}"/>'
            for k, v in parameters.items()
        )
        kept = f' resultVariable="{result}"' if result else ""
        return self.add(
            "系统",
            f'<bpmn:serviceTask id="{node_id}" name="{node_id}"><bpmn:extensionElements>'
            f'<spiffworkflow:serviceTaskOperator id="{operation}"{kept}><spiffworkflow:parameters>{given}'
            "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator></bpmn:extensionElements>"
            "</bpmn:serviceTask>",
        )

    def event(
        self, lane: str, node_id: str, host: str, what: str, *, cancel: bool = True, **ext: str
    ) -> Draft:
        """A boundary event: `what` is its definition."""
        more = "".join(f' qh:{k}="{v}"' for k, v in ext.items())
        return self.add(
            lane,
            f'<bpmn:boundaryEvent id="{node_id}" name="{node_id}" attachedToRef="{host}" '
            f'cancelActivity="{str(cancel).lower()}"{more}>{what}</bpmn:boundaryEvent>',
        )

    def end(self, node_id: str, lane: str = "系统") -> Draft:
        return self.add(lane, f'<bpmn:endEvent id="{node_id}" name="{node_id}"/>')

    def flow(self, source: str, target: str, condition: str = "", flow_id: str = "") -> Draft:
        self.process.append(_made(flow_xml(source, target, condition, flow_id)))
        return self

    def lead(self, flow_id: str, target: str) -> Draft:
        """Leads a flow to another element."""
        self.element(flow_id).set("targetRef", target)
        return self

    def condition(self, flow_id: str, text: str) -> Draft:
        flow = self.element(flow_id)
        for child in list(flow):
            flow.remove(child)
        flow.append(_made(_condition(text)))
        return self

    def file(self, path: str, body: bytes | str | None) -> Draft:
        """Another file; None takes it away."""
        if body is None:
            self.gone.add(path)
        else:
            self.more[path] = body.encode() if isinstance(body, str) else body
        return self

    def form(self, key: str, *components: dict[str, Any]) -> Draft:
        body = json.dumps({"type": "default", "components": list(components)}, ensure_ascii=False)
        return self.file(f"forms/{key}.form", body)

    def files(self) -> dict[str, bytes]:
        self._draw()
        found = {**super().files(), **self.more}
        return {path: body for path, body in found.items() if path not in self.gone}

    def _draw(self) -> None:
        """Shapes and lines of what has none yet."""
        plane = self.root.find(".//bpmndi:BPMNPlane", _NS)
        drawn = {shape.get("bpmnElement") for shape in plane}
        for found in self.root.xpath("//bpmn:process//*[@id] | //bpmn:lane", namespaces=_NS):
            tag, name = etree.QName(found).localname, found.get("id")
            if name in drawn or tag in ("laneSet", "serviceTaskOperator", "parameter"):
                continue
            if tag == "sequenceFlow":
                plane.append(
                    _made(
                        f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}"><di:waypoint x="1" y="1"/>'
                        '<di:waypoint x="9" y="9"/></bpmndi:BPMNEdge>'
                    )
                )
            else:
                plane.append(
                    _made(
                        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">'
                        '<dc:Bounds x="1" y="1" width="100" height="80"/></bpmndi:BPMNShape>'
                    )
                )

    # ── what the checker says ──────────────────────────────────────────────────────────────────

    def findings(self, roles: dict[str, str] | None = None) -> list[Finding]:
        """What is found that the shipped content does not have itself."""
        stem = self.path.rpartition("/")[2].removesuffix(".bpmn")
        from engine.catalog.roles import BUILT_IN

        found = check(self.files(), roles={**BUILT_IN, **(roles or {})}, only=[stem])
        return [f for f in found if f.code not in ("id.unreadable",)]

    def errors(self, roles: dict[str, str] | None = None) -> list[Finding]:
        return [f for f in self.findings(roles) if f.is_error]

    def refused(self, code: str) -> Finding:
        """The finding of a code that keeps the draft from going live."""
        found = self.errors()
        assert code in {f.code for f in found}, [f.text() for f in found]
        return next(f for f in found if f.code == code)


def answer(key: str, *choices: str, negative: str = "", **more: Any) -> dict[str, Any]:
    """A field that asks for a yes or a no."""
    values = [
        {
            "value": choice,
            "label": choice,
            "consequence": choice,
            **({"tone": "neg"} if choice == negative else {}),
        }
        for choice in choices
    ]
    return {"type": "answer", "key": key, "id": f"field_{key}", "label": key, "values": values, **more}


def reason(key: str = "reason") -> dict[str, Any]:
    return {
        "type": "textarea",
        "key": key,
        "id": f"field_{key}",
        "label": key,
        "validate": {"maxLength": 200, "required": True},
    }


def timer(text: str, kind: str = "timeDuration") -> str:
    return (
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{kind}>'
        "</bpmn:timerEventDefinition>"
    )


def many(count: str = "", collection: str = "", results: str = "", element: str = "") -> str:
    """What makes a step one for several people."""
    ext = f' qh:collection="{escape(collection, {chr(34): "&quot;"})}"' if collection else ""
    ext += f' qh:results="{results}"' if results else ""
    ext += f' qh:element="{element}"' if element else ""
    inner = (
        f'<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">{escape(count)}</bpmn:loopCardinality>'
        if count
        else ""
    )
    return f"<bpmn:multiInstanceLoopCharacteristics{ext}>{inner}</bpmn:multiInstanceLoopCharacteristics>"


def flow_xml(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    return (
        f'<bpmn:sequenceFlow id="{flow_id or f"{source}_to_{target}"}" sourceRef="{source}" targetRef="{target}">'
        f"{_condition(condition) if condition else ''}</bpmn:sequenceFlow>"
    )


def _condition(text: str) -> str:
    return f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:conditionExpression>'


def _made(xml: str) -> Any:
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NS.items())
    found = etree.fromstring(f"<wrap {declared}>{xml}</wrap>")[0]
    etree.cleanup_namespaces(found, keep_ns_prefixes=list(_NS))
    return found


__all__ = [
    "ALLOWANCE",
    "SIGNING",
    "TERMINATION",
    "VOIDING",
    "Draft",
    "answer",
    "files",
    "many",
    "reason",
    "timer",
]

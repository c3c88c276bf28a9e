"""A diagram changed as a modeller changes it: elements, flows and their drawing, in the file's XML."""

from __future__ import annotations

from typing import Any

from lxml import etree

_NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "qh": "urn:qihang:bpmn",
    "spiffworkflow": "http://spiffworkflow.org/bpmn/schema/1.0/core",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NS.items())


class Drawing:
    """`Drawing(draft.text(path))`, some changes, `draft.put(path, drawing.xml())`."""

    def __init__(self, text: str) -> None:
        self.root = etree.fromstring(text.encode())
        self.process = self.root.find("bpmn:process", _NS)
        self.plane = self.root.find(".//bpmndi:BPMNPlane", _NS)

    def element(self, element_id: str) -> Any:
        return self.root.xpath(f"//*[@id='{element_id}']")[0]

    def lane(self, name: str, lane_id: str) -> Drawing:
        """A lane below the others."""
        self.process.find("bpmn:laneSet", _NS).append(_made(f'<bpmn:lane id="{lane_id}" name="{name}"/>'))
        self._shape(lane_id, 190, 1000, 1450, 140)
        return self

    def node(self, xml: str, lane: str, x: int, y: int, w: int = 100, h: int = 80) -> Drawing:
        """A node (`<bpmn:userTask id=… />`) in the lane of that name, with its shape."""
        made = _made(xml)
        self.process.append(made)
        reference = etree.SubElement(
            self.process.find(f".//bpmn:lane[@name='{lane}']", _NS), f"{{{_NS['bpmn']}}}flowNodeRef"
        )
        reference.text = made.get("id")
        self._shape(made.get("id"), x, y, w, h)
        return self

    def flow(self, flow_id: str, source: str, target: str, condition: str = "", name: str = "") -> Drawing:
        """A sequence flow with its line."""
        inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{_escaped(condition)}</bpmn:conditionExpression>'
        self.process.append(
            _made(
                f'<bpmn:sequenceFlow id="{flow_id}" name="{name}" sourceRef="{source}" targetRef="{target}">'
                f"{inner if condition else ''}</bpmn:sequenceFlow>"
            )
        )
        self._refer(source, "outgoing", flow_id)
        self._refer(target, "incoming", flow_id)
        self.plane.append(
            _made(
                f'<bpmndi:BPMNEdge id="{flow_id}_di" bpmnElement="{flow_id}"><di:waypoint x="900" y="900"/>'
                '<di:waypoint x="1000" y="900"/></bpmndi:BPMNEdge>'
            )
        )
        return self

    def lead(self, flow_id: str, target: str) -> Drawing:
        """Leads a flow to another element."""
        flow = self.element(flow_id)
        for reference in self.root.xpath(f"//*[local-name()='incoming'][text()='{flow_id}']"):
            reference.getparent().remove(reference)
        flow.set("targetRef", target)
        self._refer(target, "incoming", flow_id)
        return self

    def xml(self) -> str:
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8").decode()

    def _refer(self, node_id: str, way: str, flow_id: str) -> None:
        node = self.element(node_id)
        made = _made(f"<bpmn:{way}>{flow_id}</bpmn:{way}>")
        place = sum(
            etree.QName(child).localname in ("documentation", "extensionElements", "incoming")
            or (way == "outgoing" and etree.QName(child).localname == "outgoing")
            for child in node
        )
        node.insert(place, made)

    def _shape(self, element_id: str, x: int, y: int, w: int, h: int) -> None:
        self.plane.append(
            _made(
                f'<bpmndi:BPMNShape id="{element_id}_di" bpmnElement="{element_id}">'
                f'<dc:Bounds x="{x}" y="{y}" width="{w}" height="{h}"/></bpmndi:BPMNShape>'
            )
        )


def _made(xml: str) -> Any:
    found = etree.fromstring(f"<wrap {_DECLARED}>{xml}</wrap>")[0]
    etree.cleanup_namespaces(found, keep_ns_prefixes=list(_NS))
    return found


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")

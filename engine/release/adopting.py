"""A diagram of any BPMN tool becomes a flow's draft: named as the house names things, otherwise as it is."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from engine import bpmn
from engine.bpmn.reading import BPMN, BPMNDI
from engine.catalog.files import MAX_BYTES
from engine.release.exporting import ImportRefused

#: Names of the studio's own pages, which stand where a flow's id stands in an address.
TAKEN = frozenset({"new", "import", "drafts", "versions", "api"})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")


def process_name(text: str) -> str:
    """A process id made of a file's name: `A.1.0.bpmn` → `a_1_0`."""
    stem = text.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or text
    found = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")[:50]
    return found if _NAME.fullmatch(found) else f"flow_{found}".strip("_")[:50]


def adopted(process_id: str, area: str, body: bytes) -> tuple[str, dict[str, bytes]]:
    """(the flow's name, its files). The process takes the id; everything else stays as the tool wrote it, and
    the checker tells what the engine does not run. Raises ImportRefused, bpmn.DiagramUnreadable.
    """
    if process_id in TAKEN:
        raise ImportRefused(
            f"“{process_id}”是这里的页面用的名字，请换一个流程标识。",
            f"{process_id} is the name of a page here; choose another id for the flow.",
        )
    if not _NAME.fullmatch(process_id) or not _NAME.fullmatch(area):
        raise ImportRefused(
            "流程标识和所属业务只能用小写字母、数字和下划线，以字母开头，例如 booth_booking。",
            "The flow's id and its area are lower-case letters, digits and underscores, such as booth_booking.",
        )
    if len(body) > MAX_BYTES:
        raise ImportRefused("文件超过 1 MB。", "The file is over 1 MB.")
    root = bpmn.parse(body)
    processes = root.findall(f"{{{BPMN}}}process")
    whole = [p for p in processes if len(p)]
    if len(whole) != 1:
        raise ImportRefused(
            f"一个文件只放一个流程，这里有 {len(whole)} 个有内容的流程。请在原来的工具里分成几个文件再导入。"
            if whole
            else "文件里没有流程（process），只有协作图或编排图，不能运行。",
            f"A file holds one flow; this one has {len(whole)}. Split it in the tool it came from."
            if whole
            else "The file holds no process, only a collaboration or choreography, which cannot run.",
        )
    named = _renamed(root, whole[0], process_id)
    for empty in processes:
        if empty is not whole[0]:
            _forget(root, empty)
    path = f"processes/{area}/{process_id}.bpmn"
    return named, {path: etree.tostring(root, xml_declaration=True, encoding="UTF-8")}


def _renamed(root: Any, process: Any, process_id: str) -> str:
    """Gives the process its id wherever the file names it; and the name that people read."""
    old = process.get("id")
    taken = {element.get("id") for element in root.iter() if element is not process}
    if process_id in taken:
        raise ImportRefused(
            f"图里已有别的元素叫“{process_id}”，请换一个流程标识。",
            f"Another element of the diagram is called {process_id}; choose another id for the flow.",
        )
    process.set("id", process_id)
    name = process.get("name") or ""
    for participant in root.iter(f"{{{BPMN}}}participant"):
        if participant.get("processRef", "").rpartition(":")[2] == old:
            participant.set("processRef", process_id)
            name = name or participant.get("name") or ""
    for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"):
        if plane.get("bpmnElement", "").rpartition(":")[2] == old:
            plane.set("bpmnElement", process_id)
    if not process.get("name"):
        process.set("name", (name or process_id)[:100])
    return str(process.get("name"))


def _forget(root: Any, process: Any) -> None:
    """An empty process beside the one that runs stands for a closed pool: the pool keeps, without it."""
    for participant in root.iter(f"{{{BPMN}}}participant"):
        if participant.get("processRef", "").rpartition(":")[2] == process.get("id"):
            del participant.attrib["processRef"]
    root.remove(process)


_EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:qh="urn:qihang:bpmn" id="{id}_definitions" \
targetNamespace="urn:qihang:processes">
  <bpmn:collaboration id="{id}_collaboration">
    <bpmn:participant id="{id}_pool" processRef="{id}" />
  </bpmn:collaboration>
  <bpmn:process id="{id}" isExecutable="true">
    <bpmn:laneSet id="{id}_lanes">
      <bpmn:lane id="lane_system" name="系统"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>\
<bpmn:flowNodeRef>done</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin"><bpmn:outgoing>begun</bpmn:outgoing></bpmn:startEvent>
    <bpmn:endEvent id="done"><bpmn:incoming>begun</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="begun" sourceRef="begin" targetRef="done" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{id}_diagram">
    <bpmndi:BPMNPlane id="{id}_plane" bpmnElement="{id}_collaboration">
      <bpmndi:BPMNShape id="{id}_pool_di" bpmnElement="{id}_pool" isHorizontal="true">\
<dc:Bounds x="100" y="60" width="800" height="160" /></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="lane_system_di" bpmnElement="lane_system" isHorizontal="true">\
<dc:Bounds x="130" y="60" width="770" height="160" /></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="begin_di" bpmnElement="begin"><dc:Bounds x="200" y="122" width="36" height="36" />\
</bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="done_di" bpmnElement="done"><dc:Bounds x="800" y="122" width="36" height="36" />\
</bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="begun_di" bpmnElement="begun"><di:waypoint x="236" y="140" />\
<di:waypoint x="800" y="140" /></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def from_nothing(process_id: str, area: str, name: str) -> dict[str, bytes]:
    """The files of a new flow: a start and an end in a lane, to be drawn on from. Raises ImportRefused."""
    _named, files = adopted(process_id, area, _EMPTY.replace("{id}", "new_flow").encode())
    (path,) = files
    root = bpmn.parse(files[path])
    for part in (f"{{{BPMN}}}process", f"{{{BPMN}}}collaboration/{{{BPMN}}}participant"):
        root.find(part).set("name", name.strip()[:100] or process_id)
    return {path: etree.tostring(root, xml_declaration=True, encoding="UTF-8")}


__all__ = ["ImportRefused", "adopted", "from_nothing", "process_name"]

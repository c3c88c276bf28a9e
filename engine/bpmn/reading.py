"""Reading BPMN XML, safely: no DOCTYPE, no entities, no network, limits on size and depth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from engine.bpmn.graph import Flow, Lane, Loop, Node, Parameter, Process
from engine.errors import QihangError, Sentence

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
QH = "urn:qihang:bpmn"
MOST_BYTES = 2_000_000
MOST_DEPTH = 60
MOST_ELEMENTS = 20_000

_EVENTS = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "errorEventDefinition": "error",
    "terminateEventDefinition": "terminate",
    "signalEventDefinition": "signal",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "compensateEventDefinition": "compensation",
    "linkEventDefinition": "link",
    "cancelEventDefinition": "cancel",
}
_KINDS = {
    "intermediateCatchEvent": "catch_event",
    "intermediateThrowEvent": "throw_event",
    "subProcess": "subprocess",
    "adHocSubProcess": "ad_hoc_subprocess",
    "transaction": "transaction",
}
_NODES = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
        "task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask",
        "businessRuleTask", "callActivity", "subProcess", "adHocSubProcess", "transaction",
        "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway",
        "choreographyTask", "callChoreography", "subChoreography",
    }
)  # fmt: skip
_SILENT = frozenset(
    {"laneSet", "extensionElements", "documentation", "textAnnotation", "association", "group"}
)
_TOO_LARGE = Sentence("图太大，不能超过 2 MB。", "The diagram is too large; 2 MB at most.")
_UNSAFE = Sentence(
    "文件里有 DOCTYPE 或实体，不能用。请用流程设计器重新导出。",
    "The file has a DOCTYPE or entities, which are not allowed. Export it again from an editor.",
)


class DiagramUnreadable(QihangError):
    """The file is not BPMN XML that may be read; `line` where known."""

    def __init__(self, sentence: Sentence, line: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line


def parse(xml: bytes) -> Any:
    """The root of a BPMN file, parsed safely. Raises DiagramUnreadable."""
    if len(xml) > MOST_BYTES:
        raise DiagramUnreadable(_TOO_LARGE)
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise DiagramUnreadable(_UNSAFE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise DiagramUnreadable(
            Sentence(f"不是正确的 XML：第 {line or '?'} 行。", f"Not well-formed XML: line {line or '?'}."),
            line,
        ) from None
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise DiagramUnreadable(_UNSAFE)
    if root.tag != f"{{{BPMN}}}definitions":
        raise DiagramUnreadable(Sentence("这不是 BPMN 2.0 流程图。", "This is not a BPMN 2.0 diagram."))
    _limit(root)
    return root


def _limit(root: Any) -> None:
    count, todo = 0, [(root, 1)]
    while todo:
        element, depth = todo.pop()
        count += 1
        if depth > MOST_DEPTH or count > MOST_ELEMENTS:
            raise DiagramUnreadable(Sentence("图的层次或元素太多。", "The diagram is too deep or too large."))
        todo += [(child, depth + 1) for child in element]


def read(xml: bytes) -> list[Process]:
    """The processes of a file, in its order. Raises DiagramUnreadable."""
    root = parse(xml)
    names = _names(root)
    drawn = frozenset(
        shape.get("bpmnElement", "") for shape in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")
    )
    pools = sum(1 for _ in root.iter(f"{{{BPMN}}}participant"))
    return [_process(element, names, drawn, pools) for element in root.findall(f"{{{BPMN}}}process")]


def _names(root: Any) -> dict[str, str]:
    """Messages' names and errors' codes by id."""
    found = {m.get("id", ""): m.get("name") or m.get("id", "") for m in root.findall(f"{{{BPMN}}}message")}
    for error in root.findall(f"{{{BPMN}}}error"):
        found[error.get("id", "")] = error.get("errorCode") or error.get("name") or error.get("id", "")
    return found


def _process(element: Any, names: Mapping[str, str], drawn: frozenset[str], pools: int) -> Process:
    lanes = list(_lanes(element, None))
    lane_of: dict[str, str] = {}
    for lane in lanes:  # outer lanes come first, inner ones overwrite
        lane_of.update(dict.fromkeys(lane.node_ids, lane.name))
    nodes, flows = _level(element, names, lane_of, None)
    others = tuple(
        (_tag(child), child.get("id", ""), child.sourceline or 0)
        for child in element
        if _ns(child) == BPMN and _tag(child) not in _NODES | _SILENT | {"sequenceFlow"}
    )
    return Process(
        element.get("id", ""), element.get("name") or element.get("id", ""), _ext(element), nodes, flows, lanes,
        element.sourceline or 0, element.get("isExecutable", "true") != "false", drawn, others, pools,
    )  # fmt: skip


def _lanes(element: Any, parent: str | None) -> Iterator[Lane]:
    sets = element.findall(f"{{{BPMN}}}laneSet") + element.findall(f"{{{BPMN}}}childLaneSet")
    for lane_set in sets:
        for lane in lane_set.findall(f"{{{BPMN}}}lane"):
            refs = tuple((ref.text or "").strip() for ref in lane.findall(f"{{{BPMN}}}flowNodeRef"))
            lane_id = lane.get("id", "")
            yield Lane(lane_id, lane.get("name") or "", _ext(lane), refs, parent, lane.sourceline or 0)
            yield from _lanes(lane, lane_id)


def _level(
    element: Any, names: Mapping[str, str], lane_of: Mapping[str, str], lane: str | None
) -> tuple[dict[str, Node], dict[str, Flow]]:
    flows = {
        flow.get("id", ""): Flow(
            flow.get("id", ""), flow.get("name") or "", flow.get("sourceRef", ""), flow.get("targetRef", ""),
            _text(flow, "conditionExpression"), flow.sourceline or 0,
        )
        for flow in element.findall(f"{{{BPMN}}}sequenceFlow")
    }  # fmt: skip
    nodes = {}
    for child in element:
        if _ns(child) == BPMN and _tag(child) in _NODES:
            node = _node(child, names, lane_of, lane, flows)
            nodes[node.id] = node
    return nodes, flows


def _node(
    element: Any,
    names: Mapping[str, str],
    lane_of: Mapping[str, str],
    lane: str | None,
    flows: Mapping[str, Flow],
) -> Node:
    node_id = element.get("id", "")
    attached = element.get("attachedToRef")
    own_lane = lane_of.get(node_id) or (lane_of.get(attached) if attached else None) or lane
    node = Node(
        id=node_id,
        kind=_KINDS.get(_tag(element)) or snake(_tag(element)),
        name=element.get("name") or "",
        lane=own_lane,
        ext=_ext(element),
        incoming=tuple(flow.id for flow in flows.values() if flow.target == node_id),
        outgoing=tuple(flow.id for flow in flows.values() if flow.source == node_id),
        line=element.sourceline or 0,
        attached_to=attached,
        interrupting=element.get("cancelActivity", "true") != "false",
        loop=_loop(element),
        called_element=element.get("calledElement"),
        default_flow=element.get("default"),
        triggered_by_event=element.get("triggeredByEvent") == "true",
    )
    _read_event(element, node, names)
    _read_extensions(element, node)
    if node.kind in ("subprocess", "transaction", "ad_hoc_subprocess"):
        node.children, node.flows = _level(element, names, lane_of, own_lane)
    return node


def _read_event(element: Any, node: Node, names: Mapping[str, str]) -> None:
    found = [child for child in element if _tag(child) in _EVENTS]
    if len(found) > 1:
        node.event = "several"
        return
    if not found:
        if node.kind in ("receive_task", "send_task"):
            node.event, node.event_ref = "message", names.get(element.get("messageRef", ""))
        return
    definition = found[0]
    node.event = _EVENTS[_tag(definition)]
    if node.event == "message":
        node.event_ref = names.get(definition.get("messageRef", ""))
    elif node.event == "error":
        node.event_ref = names.get(definition.get("errorRef", ""))
    elif node.event == "timer":
        for tag, kind in (("timeDuration", "duration"), ("timeDate", "date"), ("timeCycle", "cycle")):
            text = _text(definition, tag)
            if text is not None:
                node.timer_kind, node.event_ref = kind, text


def _loop(element: Any) -> Loop | None:
    if element.find(f"{{{BPMN}}}standardLoopCharacteristics") is not None:
        return Loop(None, None, None, None, None, True, standard=True)
    found = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if found is None:
        return None
    ext = _ext(found)
    return Loop(
        _text(found, "loopCardinality"), ext.get("collection"), ext.get("element"), ext.get("results"),
        _text(found, "completionCondition"), found.get("isSequential") == "true",
    )  # fmt: skip


def _read_extensions(element: Any, node: Node) -> None:
    scripts = [_tag(child) for child in element if _tag(child) == "script" and _ns(child) == BPMN]
    extensions = element.find(f"{{{BPMN}}}extensionElements")
    for child in extensions if extensions is not None else ():
        tag = _tag(child)
        if _ns(child) != SPIFF:
            continue
        if tag == "serviceTaskOperator":
            node.operation = child.get("id")
            node.result_variable = child.get("resultVariable") or None
            node.parameters = tuple(
                Parameter(p.get("id", ""), p.get("type", ""), p.get("value", ""))
                for p in child.iter(f"{{{SPIFF}}}parameter")
            )
        elif tag == "calledDecisionId":
            node.decision = (child.text or "").strip() or None
        elif tag in ("preScript", "postScript", "unitTests"):
            scripts.append(tag)
    if node.kind == "business_rule_task":
        node.result_variable = node.result_variable or node.ext.get("result")
    node.scripts = tuple(scripts)


def _ext(element: Any) -> dict[str, str]:
    """Our own attributes, without prefix."""
    prefix = f"{{{QH}}}"
    return {str(k)[len(prefix) :]: str(v) for k, v in element.attrib.items() if str(k).startswith(prefix)}


def _text(element: Any, tag: str) -> str | None:
    child = element.find(f"{{{BPMN}}}{tag}")
    return None if child is None else (child.text or "").strip()


def _tag(element: Any) -> str:
    return etree.QName(element).localname


def _ns(element: Any) -> str | None:
    return etree.QName(element).namespace


def snake(camel: str) -> str:
    """userTask → user_task."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", camel).lower()

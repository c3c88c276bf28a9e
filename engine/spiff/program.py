"""A process made ready to run: parsed by SpiffWorkflow once, mended, shared by all threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import _BpmnCondition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent, ThrowingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask

from engine import bpmn
from engine.bpmn.reading import BPMN, QH
from engine.spiff import codec
from engine.spiff.elements import Condition, Error, Message, Thrown, Timer
from engine.spiff.mends import EventGateway, mend
from engine.spiff.run import Run, Services


class Program:
    """A process and those it calls. `specs` by name, in a fixed order: stored positions refer to their numbers."""

    def __init__(self, process_id: str, specs: dict[str, Any], nodes: dict[str, bpmn.Node]) -> None:
        self.process_id = process_id
        self.spec = specs[process_id]
        self.specs = specs
        self.nodes = nodes
        self.table = codec.Table(specs)

    def start(self, services: Services, variables: Mapping[str, Any]) -> Run:
        """A new run with its first variables; `advance` sets it going."""
        return Run.new(self, services, dict(variables))

    def restore(self, state: bytes, variables: Mapping[str, Any], services: Services) -> Run:
        """The run whose `dump` gave `state` and `variables`. Raises ValueError for another program's state."""
        return Run.restored(self, services, state, variables)


def load(files: Mapping[str, bytes], process_id: str) -> Program:
    """Parses BPMN files; `process_id` and what it calls must be among them. Raises KeyError, DiagramUnreadable.

    The files have passed the checker; what the engine does not run (`unsupported`) is not looked for again.
    """
    nodes: dict[str, bpmn.Node] = {}
    parser = BpmnParser()
    for name, body in files.items():
        for process in bpmn.read(body):
            nodes.update((node.id, node) for node in process.all_nodes())
        parser.add_bpmn_xml(_plain(bpmn.parse(body)), name)
    spec = parser.get_spec(process_id)
    if spec is None:
        raise KeyError(process_id)
    specs = {process_id: spec, **dict(sorted(parser.get_subprocess_specs(process_id).items()))}
    for inner in specs.values():
        if inner is not None:
            _wire(inner, nodes)
    mend(inner for inner in specs.values() if inner is not None)
    for inner in specs.values():
        for task_spec in inner.task_specs.values():
            if isinstance(task_spec, EventGateway):
                _alternatives(task_spec, nodes)
    return Program(process_id, specs, nodes)


def _plain(root: Any) -> Any:
    """What SpiffWorkflow needs of a diagram: no extensions, rule tasks as service tasks, loops by number."""
    for element in list(root.iter(f"{{{BPMN}}}extensionElements")):
        element.getparent().remove(element)
    for element in root.iter(f"{{{BPMN}}}businessRuleTask"):
        element.tag = f"{{{BPMN}}}serviceTask"
    for element in root.iter(f"{{{BPMN}}}multiInstanceLoopCharacteristics"):
        for name in (
            "loopCardinality",
            "loopDataInputRef",
            "loopDataOutputRef",
            "inputDataItem",
            "outputDataItem",
        ):
            for child in element.findall(f"{{{BPMN}}}{name}"):
                element.remove(child)
        count = etree.Element(f"{{{BPMN}}}loopCardinality")
        count.text = element.getparent().get("id")
        element.insert(0, count)
    for element in root.iter():
        for key in [key for key in element.attrib if str(key).startswith(f"{{{QH}}}")]:
            del element.attrib[key]
    return root


def _wire(spec: Any, nodes: Mapping[str, bpmn.Node]) -> None:
    """Puts our own conditions and events into a parsed process."""
    for task_spec in spec.task_specs.values():
        if hasattr(task_spec, "cond_task_specs"):
            task_spec.cond_task_specs = [
                (Condition(found.args[0]) if isinstance(found, _BpmnCondition) else found, name)
                for found, name in task_spec.cond_task_specs
            ]
        node = nodes.get(task_spec.bpmn_id or "")
        if node is None:
            continue
        if isinstance(task_spec, MultiInstanceTask) and node.loop is not None:
            task_spec.condition = node.loop.completion
        if isinstance(task_spec, CatchingEvent):
            definition = _caught(node)
            if definition is not None and node.kind != "event_based_gateway":
                task_spec.event_definition = definition
        elif isinstance(task_spec, ThrowingEvent) and node.event == "message":
            task_spec.event_definition = Thrown(node.event_ref)


def _caught(node: bpmn.Node) -> Any:
    if node.event == "timer":
        return Timer(node.event_ref or "", node.timer_kind or "duration")
    if node.event == "message" and node.kind != "start_event":
        return Message(node.event_ref)
    if node.event == "error":
        return Error(node.event_ref)
    return None


def _alternatives(gateway: Any, nodes: Mapping[str, bpmn.Node]) -> None:
    gateway.alternatives = {}
    for output in gateway.outputs:
        gateway.alternatives[output.name] = _caught(nodes[output.bpmn_id])
        output.event_definition = NoneEventDefinition()  # the gateway waits; what follows passes at once

"""From the graph of a diagram to the specs that SpiffWorkflow runs. Its own parser is left aside: it reads
scripts, follows flows by recursion, and needs four milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from engine.bpmn import Flow, Node, Process
from engine.errors import Sentence
from engine.spiff import mends
from engine.spiff.errors import NotRunnable
from engine.spiff.mends import ProcessSpec, Way

_EVENT: dict[str, Any] = {
    "start_event": mends.StartEvent,
    "end_event": mends.EndEvent,
    "catch_event": mends.CatchEvent,
    "throw_event": mends.ThrowEvent,
}
_PLAIN: dict[str, Any] = {
    "user_task": mends.UserTask,
    "service_task": mends.ServiceTask,
    "business_rule_task": mends.BusinessRuleTask,
    "exclusive_gateway": mends.ExclusiveGateway,
    "parallel_gateway": mends.ParallelGateway,
}


class Builder:
    """Makes the specs of a process, its subprocesses and all that it calls, each once."""

    def __init__(self, processes: Mapping[str, Process]) -> None:
        self.processes = processes
        self.specs: dict[str, ProcessSpec] = {}

    def process(self, process_id: str) -> ProcessSpec:
        """The spec of a process. Raises NotRunnable where it, or one that it calls, is missing."""
        if process_id not in self.specs:
            process = self.processes.get(process_id)
            if process is None:
                raise NotRunnable(Sentence(f"没有流程 {process_id}。", f"There is no process {process_id}."))
            self._level(process_id, process.nodes, process.flows)
        return self.specs[process_id]

    def _level(self, key: str, nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> None:
        spec = self.specs[key] = ProcessSpec(key)
        entries = {
            node.id: self._element(spec, key, node)
            for node in nodes.values()
            if node.kind != "boundary_event"
        }
        leaving = {node_id: spec.task_specs[node_id] for node_id in entries}
        for node in nodes.values():
            if node.kind == "boundary_event":
                leaving[node.id] = self._attach(spec, node)
                entries[node.attached_to or ""] = spec.task_specs[f"{node.attached_to}:split"]
        for node in nodes.values():
            self._connect(leaving[node.id], node, nodes, flows, entries)
        spec.begins = tuple(entries[node.id] for node in nodes.values() if node.kind == "start_event")

    def _element(self, spec: ProcessSpec, key: str, node: Node) -> Any:
        """The spec of a node; where it has boundary events, flows into it will lead to a split before it."""
        if node.loop is None:
            self._activity(spec, key, node, node.id)
        else:
            many = mends.MultiInstance(
                spec, node.id, task_spec="", cardinality=None, data_input=None, data_output=None,
                input_item=None, output_item=None, condition=None,
            )  # fmt: skip
            many.node = node
            many.one = self._activity(spec, key, node, f"{node.id}:one")
        return spec.task_specs[node.id]

    def _activity(self, spec: ProcessSpec, key: str, node: Node, name: str) -> Any:
        made = self._make(spec, key, node)(name)
        made.node = node
        return made

    def _make(self, spec: ProcessSpec, key: str, node: Node) -> Callable[[str], Any]:
        kind = node.kind
        if kind in _PLAIN:
            return lambda name: _PLAIN[kind](spec, name)
        if kind in _EVENT:
            return lambda name: _EVENT[kind](spec, name, event_definition=NoneEventDefinition())
        if kind == "event_based_gateway":
            return lambda name: mends.EventBasedGateway(spec, name, event_definition=NoneEventDefinition())
        if kind == "subprocess":
            inner = f"{key}/{node.id}"
            self._level(inner, node.children, node.flows)
            return lambda name: mends.Subprocess(spec, name, subworkflow_spec=inner)
        if kind == "call_activity":
            called = self.process(node.called_element or "").name
            return lambda name: mends.CallActivity(spec, name, subworkflow_spec=called)
        raise NotRunnable(
            Sentence(
                f"{node.id}：引擎不执行这种元素（{kind}）。", f"{node.id}: the engine does not run a {kind}."
            )
        )

    def _attach(self, spec: ProcessSpec, node: Node) -> Any:
        """A boundary event, under the split that stands before its activity."""
        host = node.attached_to or ""
        name = f"{host}:split"
        if name not in spec.task_specs:
            split = mends.Split(spec, name)
            split.node, split.main, split.errors = spec.task_specs[host].node, spec.task_specs[host], {}
        split = spec.task_specs[name]
        interrupting = node.interrupting or node.event == "error"
        event = mends.BoundaryEvent(
            spec, node.id, event_definition=NoneEventDefinition(), cancel_activity=interrupting
        )
        event.node = node
        if node.event == "error":
            split.errors[node.event_ref] = event
        else:
            split.events = (*split.events, event)
        return event

    def _connect(
        self,
        made: Any,
        node: Node,
        nodes: Mapping[str, Node],
        flows: Mapping[str, Flow],
        entries: Mapping[str, Any],
    ) -> None:
        ways = []
        for flow in (flows[flow_id] for flow_id in node.outgoing):
            target = nodes[flow.target]
            joins = target.kind == "parallel_gateway" and len(target.incoming) > 1
            arrival = target.incoming.index(flow.id) if joins else None
            ways.append(Way(flow.id, entries[flow.target], arrival))
        made.ways = tuple(ways)
        if node.kind == "exclusive_gateway":
            default = node.default_flow if node.default_flow or len(ways) != 1 else ways[0].flow_id
            made.default = next((way for way in ways if way.flow_id == default), None)
            made.conditions = tuple(
                (flows[way.flow_id].condition or "false", way) for way in ways if way.flow_id != default
            )
        elif node.kind == "parallel_gateway":
            made.arrivals = len(node.incoming)

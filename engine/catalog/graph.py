"""A diagram as levels: the process itself and each embedded subprocess, with their ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.bpmn import Flow, Node, Process

#: Elements at which a case stops until something from outside happens.
WAITING_EVENTS = frozenset({"message", "timer"})
TASKS = frozenset({"user_task", "manual_task", "receive_task"})


@dataclass(frozen=True)
class Level:
    """The nodes and flows of a process or an embedded subprocess; `owner` is the subprocess."""

    nodes: dict[str, Node]
    flows: dict[str, Flow]
    owner: Node | None = None

    @cached_property
    def starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "start_event"]

    @cached_property
    def boundary(self) -> dict[str, list[Node]]:
        """Activity → the events on its boundary."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.kind == "boundary_event" and node.attached_to:
                found.setdefault(node.attached_to, []).append(node)
        return found

    def out(self, node: Node) -> list[Flow]:
        return [self.flows[flow] for flow in node.outgoing if flow in self.flows]

    def into(self, node: Node) -> list[Flow]:
        return [self.flows[flow] for flow in node.incoming if flow in self.flows]

    def after(self, node: Node) -> list[str]:
        """Where a token may go from here: along the flows, or off by a boundary event."""
        ways = [flow.target for flow in self.out(node)]
        return ways + [event.id for event in self.boundary.get(node.id, [])]

    @cached_property
    def cut_off(self) -> frozenset[str]:
        """What no way leads to from a start; nothing where there is no start."""
        found: set[str] = set()
        waiting = [node.id for node in self.starts]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.after(self.nodes[name]))
        return frozenset(self.nodes.keys() - found) if self.starts else frozenset()


def levels(process: Process) -> Iterator[Level]:
    """The level of the process, then those of its subprocesses, outer before inner."""
    waiting = [Level(process.nodes, process.flows)]
    while waiting:
        level = waiting.pop(0)
        yield level
        for node in level.nodes.values():
            if node.kind == "subprocess":
                waiting.append(Level(node.children, node.flows, node))


def waits(node: Node) -> bool:
    """Whether a case stops here until somebody acts, a message comes or time passes."""
    if node.kind in TASKS or node.kind == "event_based_gateway":
        return True
    return node.kind in ("catch_event", "boundary_event") and node.event in WAITING_EVENTS

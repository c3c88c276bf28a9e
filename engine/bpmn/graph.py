"""The elements of a diagram, with what people wrote on them, read-only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is FEEL text, or None."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane; `name` is a role. Lanes nest, a node belongs to the innermost."""

    id: str
    name: str
    ext: Mapping[str, str]
    node_ids: tuple[str, ...]
    parent: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance: by `cardinality` or over a `collection` (FEEL), until `completion` (FEEL).

    `standard` marks the standard loop, which the engine does not run.
    """

    cardinality: str | None
    collection: str | None
    element: str | None
    results: str | None
    completion: str | None
    sequential: bool
    standard: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a service task: its value is FEEL."""

    name: str
    type: str
    value: str


@dataclass(slots=True)
class Node:
    """A flow node. `kind` is the element's name in snake case (user_task, boundary_event …).

    event         none, message, timer, error, terminate …; "several" where it has more than one
    event_ref     a message's or error's name or code; a timer's text
    timer_kind    duration, date or cycle
    children, flows   of an embedded subprocess
    """

    id: str
    kind: str
    name: str
    lane: str | None
    ext: Mapping[str, str]
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    line: int
    event: str = "none"
    event_ref: str | None = None
    timer_kind: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    loop: Loop | None = None
    operation: str | None = None
    parameters: tuple[Parameter, ...] = ()
    result_variable: str | None = None
    decision: str | None = None
    called_element: str | None = None
    default_flow: str | None = None
    scripts: tuple[str, ...] = ()
    triggered_by_event: bool = False
    children: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)


@dataclass(slots=True)
class Process:
    """A process of a file. `nodes` and `flows` are those of its own level; `all_nodes` goes into subprocesses.

    `others` are elements of the process that are no part of the graph: data stores and the like, by tag.
    """

    id: str
    name: str
    ext: Mapping[str, str]
    nodes: dict[str, Node]
    flows: dict[str, Flow]
    lanes: list[Lane]
    line: int
    executable: bool = True
    drawn: frozenset[str] = frozenset()
    others: tuple[tuple[str, str, int], ...] = ()
    pools: int = 0

    def all_nodes(self) -> Iterator[Node]:
        """Every node, those inside embedded subprocesses too."""
        return _nodes(self.nodes)

    def all_flows(self) -> Iterator[Flow]:
        """Every flow, those inside embedded subprocesses too."""
        yield from self.flows.values()
        for node in self.all_nodes():
            yield from node.flows.values()


def _nodes(level: Mapping[str, Node]) -> Iterator[Node]:
    for node in level.values():
        yield node
        yield from _nodes(node.children)

"""A diagram with the processes it calls written out in place: one graph of keys, for the walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn import Node, Process
from engine.catalog.graph import Level
from engine.catalog.library import Library

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Way:
    """A sequence flow between keys."""

    key: str
    target: str
    condition: str | None


@dataclass(slots=True)
class Place:
    """An element of the written-out graph. `owner` is the subprocess or call around it, `inner` its start."""

    key: str
    node: Node
    owner: str | None
    lane: str | None
    ways: list[Way] = field(default_factory=list)
    arriving: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    inner: str | None = None
    default: str | None = None

    @property
    def kind(self) -> str:
        return self.node.kind


def write_out(library: Library, process: Process) -> dict[str, Place]:
    """Every element by key: its id, below a call activity `call/id`."""
    places: dict[str, Place] = {}
    _level(library, places, Level(process.nodes, process.flows), "", None, None, 0)
    return places


def _level(
    library: Library,
    places: dict[str, Place],
    level: Level,
    prefix: str,
    owner: str | None,
    lane: str | None,
    depth: int,
) -> str | None:
    """Writes a level out; gives the key of its start."""
    for node in level.nodes.values():
        place = Place(prefix + node.id, node, owner, node.lane or lane)
        place.ways = [Way(prefix + f.id, prefix + f.target, f.condition) for f in level.out(node)]
        place.arriving = [prefix + f.id for f in level.into(node)]
        place.events = [prefix + event.id for event in level.boundary.get(node.id, [])]
        place.default = prefix + node.default_flow if node.default_flow else None
        places[place.key] = place
        place.inner = _inside(library, places, place, prefix, depth)
    return next((prefix + node.id for node in level.starts), None)


def _inside(library: Library, places: dict[str, Place], place: Place, prefix: str, depth: int) -> str | None:
    node = place.node
    if depth > _DEEPEST:
        return None
    if node.kind == "subprocess":
        inner = Level(node.children, node.flows, node)
        return _level(library, places, inner, prefix, place.key, place.lane, depth + 1)
    called = library.diagrams.get(node.called_element or "") if node.kind == "call_activity" else None
    if called is None:
        return None
    inner = Level(called.process.nodes, called.process.flows)
    return _level(library, places, inner, f"{place.key}/", place.key, place.lane, depth + 1)


def inside(places: Mapping[str, Place], owner: str) -> set[str]:
    """The keys of everything in a subprocess or called process, at any depth."""
    found: set[str] = set()
    waiting = [owner]
    while waiting:
        current = waiting.pop()
        for place in places.values():
            if place.owner == current and place.key not in found:
                found.add(place.key)
                waiting.append(place.key)
    return found

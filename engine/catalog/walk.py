"""The walk through a diagram: every stable position a case can come to, with the states of its rows.

Breadth first, so that the way to a trouble is a short one. It stops at MOST_WORLDS positions: by count, never by
the clock, so that a draft is found alike on every machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from engine.bpmn import Process
from engine.catalog.facts import model_or_none
from engine.catalog.library import Library
from engine.catalog.moves import Moves, Run
from engine.catalog.worlds import NO_ROW, World, reads

MOST_WORLDS = 4_000
_LONGEST_RUN = 2_000


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that must not be: a code of the findings, the element, and how it is reached."""

    code: str
    key: str
    path: tuple[str, ...]
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """From one position to the next: what fired (an element), of which kind, and the elements passed."""

    before: World
    fired: str
    by_timer: bool
    passed: tuple[str, ...]
    after: World


class Walk:
    """One walk of one process; `explore` does it, the rest is what was seen."""

    def __init__(self, library: Library, process: Process) -> None:
        self.moves = Moves(library, process, self._trouble)
        self.moves.way_to = self._keys_to
        self.places = self.moves.places
        self.worlds: dict[World, Edge | None] = {}
        self.edges: list[Edge] = []
        self.expanded: set[World] = set()
        self.troubles: dict[tuple[str, str, Any], Trouble] = {}
        self.seen: set[str] = set()
        self.stopped = False
        self._queue: deque[World] = deque()

    def explore(self) -> None:
        """Walks until nothing new comes, or the limit."""
        for run in self.moves.begin():
            self._settle(run)
        while self._queue:
            if len(self.worlds) > MOST_WORLDS:
                self.stopped = True
                return
            world = self._queue.popleft()
            self.expanded.add(world)
            moved = False
            for run in self.moves.moves(world):
                moved = True
                self._settle(run)
            if not moved:
                self._note("owes.deadlock", _stuck(world), self.path_to(world), {})

    def _settle(self, run: Run) -> None:
        """Moves tokens until they wait, along every choice, and notes the positions."""
        runs = [run]
        known: set[tuple[World, tuple[tuple[str, str | None], ...]]] = set()
        while runs:
            current = runs.pop()
            mark = (current.world, tuple(current.pending))
            if mark in current.trail:
                self._circle(current, current.passed[current.trail[mark] :])
            if mark in known:
                continue
            current.trail = {**current.trail, mark: len(current.passed)}
            known.add(mark)
            if len(known) > _LONGEST_RUN:
                self.stopped = True
                return
            if current.pending:
                runs.extend(self.moves.move(current))
                continue
            closed = self.moves.close_inner(current)
            if closed is None:
                self._arrived(current)
            else:
                runs.append(closed)

    def _circle(self, run: Run, keys: list[str]) -> None:
        """Elements that a run has gone round without anybody acting. Where a condition reads what is worked
        out on the way round, it may end."""
        flows = [way for key in keys for way in self.places[key].ways if way.condition]
        read = {name for way in flows for name in reads(way.condition or "")}
        gate = next((key for key in keys if self.places[key].kind == "exclusive_gateway"), keys[0])
        worked_out = read & self.moves.set_by(keys)
        self._trouble("owes.may_circle" if worked_out else "owes.circle", gate, run)

    def _arrived(self, run: Run) -> None:
        if run.keeps is not None:
            run.world = replace(run.world, decided=run.world.decided & run.keeps)
        world = run.world = self.moves.tidy(run.world)
        edge = None
        if run.origin is not None:
            edge = Edge(run.origin.world, run.origin.fired, run.origin.by_timer, tuple(run.passed), world)
            self.edges.append(edge)
        self.seen.update(run.passed)
        if world not in self.worlds:
            self.worlds[world] = edge or Edge(world, run.passed[0], False, tuple(run.passed), world)
            if world.tokens:
                self._queue.append(world)
        if not world.tokens:
            self._ended(run)

    def _ended(self, run: Run) -> None:
        for name, state in run.world.states:
            model = model_or_none(name)
            life = model.state_field() if model is not None else None
            if life is not None and state != NO_ROW and state not in life.finished:
                self._trouble("owes.unfinished", run.last_end or run.passed[-1], run, model=name, state=state)

    # ── telling ────────────────────────────────────────────────────────────────────────────────

    def path_to(self, world: World) -> tuple[str, ...]:
        """The elements from the start to a position."""
        return self._ids(self._keys_to(world))

    def _keys_to(self, world: World) -> list[str]:
        parts: list[tuple[str, ...]] = []
        edge = self.worlds.get(world)
        while edge is not None:
            parts.append(edge.passed)
            if edge.before == edge.after or len(parts) > 200:
                break
            edge = self.worlds.get(edge.before)
        return [key for part in reversed(parts) for key in part]

    def _ids(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Node ids of keys; arriving at a step and leaving it is one."""
        return tuple(name for name, _ in groupby(self.places[key].node.id for key in keys))

    def _trouble(self, code: str, key: str, run: Run, **detail: Any) -> None:
        before = () if run.origin is None else self.path_to(run.origin.world)
        path = tuple(name for name, _ in groupby((*before, *self._ids(run.passed))))
        self._note(code, key, path, detail)

    def _note(self, code: str, key: str, path: tuple[str, ...], detail: Mapping[str, Any]) -> None:
        mark = (code, key, tuple(sorted(detail.items())))
        self.troubles.setdefault(mark, Trouble(code, key, path, detail))


def _stuck(world: World) -> str:
    """The element to show for a position in which nothing can happen: a join that waits."""
    return next((t for t in world.tokens if t.startswith("f:")), world.tokens[0])

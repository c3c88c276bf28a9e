"""The walk through a diagram: every stable position a case can come to, with the states of its rows.

BPMN's tokens, but with what is not known left open: a condition that cannot be told goes both ways, an
operation leaves each state it declares. A multi-instance element is walked as one; an event that does not
interrupt fires once while its activity is open. The walk stops at MOST_WORLDS positions or LONGEST seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, product
from time import monotonic
from typing import Any

from engine import operations
from engine.bpmn import Process
from engine.catalog.facts import model_or_none
from engine.catalog.flat import Place, inside, write_out
from engine.catalog.library import Library
from engine.catalog.names import Names
from engine.catalog.references import words
from engine.catalog.worlds import NO_ROW, World, holds, reads, tokens
from engine.models.base import Model
from engine.operations import Operation

MOST_WORLDS = 4_000
LONGEST = 2.0
_MOST_VALUES = 12
_LONGEST_RUN = 400


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


@dataclass
class Run:
    """A case between two stable positions: tokens still to be moved."""

    world: World
    pending: list[tuple[str, str | None]]
    passed: list[str]
    last_end: str | None = None

    def copy(self, world: World | None = None) -> Run:
        return Run(world or self.world, list(self.pending), list(self.passed), self.last_end)


class Walk:
    """One walk of one process; `explore` does it, the rest is what was seen."""

    def __init__(self, library: Library, process: Process) -> None:
        self.library = library
        self.process = process
        self.places = write_out(library, process)
        self.names = Names(library, process)
        self.subject = model_or_none(process.ext.get("subject"))
        self.facts = _fact_models(self.subject)
        self.domains = self._domains()
        self.worlds: dict[World, Edge | None] = {}
        self.edges: list[Edge] = []
        self.expanded: set[World] = set()
        self.troubles: dict[tuple[str, str, Any], Trouble] = {}
        self.seen: set[str] = set()
        self.stopped = False

    # ── exploring ──────────────────────────────────────────────────────────────────────────────

    def explore(self) -> None:
        """Walks breadth first, so that the way to a trouble is a short one."""
        until = monotonic() + LONGEST
        queue: deque[World] = deque()
        for run in self._begin():
            self._settle(run, None, queue)
        while queue:
            if len(self.worlds) > MOST_WORLDS or monotonic() > until:
                self.stopped = True
                return
            world = queue.popleft()
            self.expanded.add(world)
            moved = False
            for fired, by_timer, run in self._moves(world):
                moved = True
                self._settle(run, (world, fired, by_timer), queue)
            if not moved and world.tokens:
                self._trouble("owes.deadlock", _stuck(world), world)

    def _begin(self) -> Iterator[Run]:
        start = next((p for p in self.places.values() if p.owner is None and p.kind == "start_event"), None)
        if start is None:
            return
        for world in self._first_worlds(start):
            for values in self._answers(start):
                run = Run(world.with_values(values), [], [start.key])
                for role in words(start.node.ext.get("by")):
                    run.world = self._decided(run.world, role)
                self._leave(run, start)
                yield run

    def _first_worlds(self, start: Place) -> list[World]:
        """The row a case starts on may be in any state in which its button can be pressed."""
        world = World((), (), ())
        model = model_or_none(start.node.ext.get("on"))
        when = start.node.ext.get("when")
        state = None if model is None else model.state_field()
        if model is None or state is None or not when:
            return [world]
        name = model.model_name()
        found = [world.narrowed(name, word) for word in state.transitions]
        return [w for w in found if holds(when, w, {name: name}) is not False] or [world]

    def _settle(self, run: Run, origin: tuple[World, str, bool] | None, queue: deque[World]) -> None:
        """Moves tokens until they wait, along every choice, and notes the positions."""
        runs = [run]
        steps = 0
        known: set[tuple[World, tuple[tuple[str, str | None], ...]]] = set()
        while runs:
            current = runs.pop()
            steps += 1
            if steps > _LONGEST_RUN:
                self.stopped = True
                return
            mark = (current.world, tuple(current.pending))
            if mark in known:
                continue
            known.add(mark)
            if current.pending:
                runs.extend(self._move(current, origin))
            elif not self._close_inner(current, runs):
                self._arrived(current, origin, queue)

    def _arrived(self, run: Run, origin: tuple[World, str, bool] | None, queue: deque[World]) -> None:
        world = run.world = _tidy(run.world, self.places)
        edge = None
        if origin is not None:
            edge = Edge(origin[0], origin[1], origin[2], tuple(run.passed), world)
            self.edges.append(edge)
        self.seen.update(run.passed)
        if world not in self.worlds:
            self.worlds[world] = edge or Edge(world, run.passed[0], False, tuple(run.passed), world)
            if world.tokens:
                queue.append(world)
        if not world.tokens:
            self._ended(run, origin)

    def _ended(self, run: Run, origin: tuple[World, str, bool] | None) -> None:
        for name, state in run.world.states:
            model = model_or_none(name)
            life = model.state_field() if model is not None else None
            if life is not None and state != NO_ROW and state not in life.finished:
                key = run.last_end or run.passed[-1]
                self._trouble("owes.unfinished", key, None, origin, run.passed, model=name, state=state)

    # ── what may happen in a position ──────────────────────────────────────────────────────────

    def _moves(self, world: World) -> Iterator[tuple[str, bool, Run]]:
        for token in dict.fromkeys(world.tokens):
            if not token.startswith("n:"):
                continue
            place = self.places[token[2:]]
            yield from self._completions(world, place)
            for key in place.events:
                yield from self._boundary(world, place, self.places[key])

    def _completions(self, world: World, place: Place) -> Iterator[tuple[str, bool, Run]]:
        if place.kind == "event_based_gateway":
            for way in place.ways:
                event = self.places[way.target]
                run = self._take(world, place, [place.key, event.key])
                self._leave(run, event)
                yield event.key, event.node.event == "timer", run
            return
        if place.inner is not None:
            return
        for values in self._answers(place):
            run = self._take(world, place, [place.key])
            run.world = self._decided(self._answered(run.world, place, values), place.lane)
            self._leave(run, place)
            yield place.key, place.node.event == "timer", run

    def _boundary(self, world: World, host: Place, event: Place) -> Iterator[tuple[str, bool, Run]]:
        if event.node.event not in ("message", "timer"):
            return
        mark = f"b:{event.key}"
        if mark in world.tokens or self._forbidden(world, event):
            return
        for values in self._answers(event):
            if event.node.interrupting:
                run = self._take(world, host, [event.key])
            else:
                run = Run(_changed(world, add=[mark]).waited(), [], [event.key])
            run.world = self._answered(run.world, event, values)
            for role in words(event.node.ext.get("by")):
                run.world = self._decided(run.world, role)
            self._leave(run, event)
            yield event.key, event.node.event == "timer", run

    def _forbidden(self, world: World, event: Place) -> bool:
        when = event.node.ext.get("when")
        return bool(when) and holds(str(when), world, self.facts) is False

    def _take(self, world: World, place: Place, passed: list[str]) -> Run:
        """The position without what waits at a place, in it, and on its boundary."""
        gone = {f"n:{key}" for key in inside(self.places, place.key)}
        gone |= {f"f:{flow}" for key in inside(self.places, place.key) for flow in self.places[key].arriving}
        kept = [token for token in world.tokens if token not in gone]
        left = _without(kept, f"n:{place.key}")
        left = [token for token in left if token not in {f"b:{key}" for key in place.events}]
        return Run(World(tokens(left), world.states, world.values, world.decided).waited(), [], passed)

    def _decided(self, world: World, role: str | None) -> World:
        kind = self.library.roles.get(role or "")
        if kind is None:
            return world
        return World(world.tokens, world.states, world.values, world.decided | {kind})

    # ── moving tokens ──────────────────────────────────────────────────────────────────────────

    def _leave(self, run: Run, place: Place) -> None:
        """Puts a token on every flow out of a place; ends it where there is none."""
        if not place.ways:
            run.last_end = place.key
        for way in place.ways:
            run.pending.append((way.target, way.key))

    def _move(self, run: Run, origin: tuple[World, str, bool] | None) -> list[Run]:
        key, flow = run.pending.pop(0)
        place = self.places.get(key)
        if place is None:
            return [run]
        kind = place.kind
        if kind == "parallel_gateway" and len(place.arriving) > 1:
            return [self._join(run, place, flow)]
        run.passed.append(key)
        if kind == "exclusive_gateway" and len(place.ways) > 1:
            return list(self._choose(run, place))
        if kind == "service_task":
            return list(self._operate(run, place, origin))
        if kind == "business_rule_task":
            run.world = run.world.forgetting(self.names.decision_names(place.node))
        if kind == "end_event":
            self._end(run, place)
            return [run]
        if place.inner is not None:
            run.world = _changed(run.world, add=[f"n:{key}"])
            run.pending.insert(0, (place.inner, None))
            return [run]
        if _stops(place):
            run.world = _changed(run.world, add=[f"n:{key}"]).waited()
            return [run]
        self._leave(run, place)
        return [run]

    def _join(self, run: Run, place: Place, flow: str | None) -> Run:
        run.world = _changed(run.world, add=[f"f:{flow}"])
        wanted = [f"f:{name}" for name in place.arriving]
        if all(token in run.world.tokens for token in wanted):
            left = list(run.world.tokens)
            for token in wanted:
                left.remove(token)
            run.world = World(tokens(left), run.world.states, run.world.values, run.world.decided)
            run.passed.append(place.key)
            self._leave(run, place)
        return run

    def _choose(self, run: Run, place: Place) -> Iterator[Run]:
        """Each way that can be taken; a condition that cannot be told goes both ways."""
        world = run.world
        default = next((way for way in place.ways if way.key == place.default), None)
        for way in place.ways:
            if way is default or not way.condition:
                continue
            truth = holds(way.condition, world, self.facts)
            if truth is not False:
                taken = world if truth else world.assuming(way.condition, True, self.facts)
                other = run.copy(taken)
                other.pending.append((way.target, way.key))
                yield other
            if truth is True:
                return
            if truth is None:
                world = world.assuming(way.condition, False, self.facts)
        if default is not None:
            other = run.copy(world)
            other.pending.append((default.target, default.key))
            yield other

    def _operate(self, run: Run, place: Place, origin: tuple[World, str, bool] | None) -> Iterator[Run]:
        name = place.node.operation or ""
        if name not in operations.names():
            self._leave(run, place)
            yield run
            return
        op = operations.get(name)
        failing = next((e for e in place.events if self.places[e].node.event == "error"), None)
        if failing is not None:
            other = run.copy()
            other.passed.append(failing)
            self._leave(other, self.places[failing])
            yield other
        refusal = self._refusal(run.world, op)
        if refusal is not None:
            if failing is None:
                model, state = refusal
                self._trouble(
                    "owes.state",
                    place.key,
                    None,
                    origin,
                    run.passed,
                    model=model,
                    state=state,
                    operation=name,
                )
            return
        if op.decided_by is not None and op.decided_by not in run.world.decided:
            self._trouble(
                "owes.undecided", place.key, None, origin, run.passed, operation=name, kind=op.decided_by
            )
            return
        for world in outcomes(run.world, op):
            other = run.copy(world.forgetting(filter(None, [place.node.result_variable])))
            self._leave(other, place)
            yield other

    def _refusal(self, world: World, op: Operation) -> tuple[str, str] | None:
        for model, accepted in op.accepts.items():
            state = world.state(model)
            if state is not None and state not in accepted:
                return model, state
        return None

    def _end(self, run: Run, place: Place) -> None:
        run.last_end = place.key
        if place.node.event == "terminate":
            if place.owner is None:
                run.pending.clear()
                run.world = World((), run.world.states, run.world.values, run.world.decided)
                return
            within = inside(self.places, place.owner)
            flows = {flow for key in within for flow in self.places[key].arriving}
            gone = {f"n:{key}" for key in within} | {f"f:{flow}" for flow in flows}
            run.pending = [(key, flow) for key, flow in run.pending if key not in within]
            left = [token for token in run.world.tokens if token not in gone]
            run.world = World(tokens(left), run.world.states, run.world.values, run.world.decided)

    def _close_inner(self, run: Run, runs: list[Run]) -> bool:
        """A subprocess in which nothing is left is done; its token goes on."""
        for token in run.world.tokens:
            place = self.places.get(token[2:]) if token.startswith("n:") else None
            if place is None or place.inner is None:
                continue
            within = inside(self.places, place.key)
            flows = {flow for key in within for flow in self.places[key].arriving}
            if any(t[2:] in within or t[2:] in flows for t in run.world.tokens if t[:2] != "b:"):
                continue
            closed = self._take(run.world, place, run.passed)
            closed.last_end = run.last_end
            self._leave(closed, place)
            runs.append(closed)
            return True
        return False

    # ── answers with few values ────────────────────────────────────────────────────────────────

    def _domains(self) -> dict[str, dict[str, list[Any]]]:
        """Form key → field → its possible values, of the fields that some condition reads."""
        flows = [way for place in self.places.values() for way in place.ways if way.condition]
        read = {name for way in flows for name in reads(way.condition or "")}
        found: dict[str, dict[str, list[Any]]] = {}
        for node in (place.node for place in self.places.values()):
            key = node.ext.get("form")
            spec = self.library.forms.get(key) if key else None
            if key and spec is not None:
                values = {f.key: _possible(f) for f in spec.fields if f.key in read}
                found[key] = {name: few for name, few in values.items() if few}
        return found

    def _answers(self, place: Place) -> list[dict[str, Any]]:
        """What the form of an element can answer, as far as conditions read it."""
        key = place.node.ext.get("form")
        spec = self.library.forms.get(key) if key else None
        if not key or spec is None or place.node.loop is not None:
            return [{}]
        domain = self.domains.get(key, {})
        size = 1
        for values in domain.values():
            size *= len(values)
        if size > _MOST_VALUES:
            return [{}]
        return [dict(zip(domain, combination, strict=True)) for combination in product(*domain.values())]

    def _answered(self, world: World, place: Place, values: Mapping[str, Any]) -> World:
        """The world after a form: its few-valued fields as they are, the others unknown."""
        key = place.node.ext.get("form")
        names = self.names.answers(key) if key else {}
        return world.forgetting(names).with_values(values)

    # ── telling ────────────────────────────────────────────────────────────────────────────────

    def path_to(self, world: World) -> tuple[str, ...]:
        """The elements from the start to a position."""
        parts: list[tuple[str, ...]] = []
        edge = self.worlds.get(world)
        while edge is not None:
            parts.append(edge.passed)
            if edge.before == edge.after or edge.before not in self.worlds or len(parts) > 200:
                break
            edge = self.worlds[edge.before]
        return self._ids(key for part in reversed(parts) for key in part)

    def _ids(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Node ids of keys; arriving at a step and leaving it is one."""
        return tuple(name for name, _ in groupby(self.places[key].node.id for key in keys))

    def _trouble(
        self,
        code: str,
        key: str,
        world: World | None,
        origin: tuple[World, str, bool] | None = None,
        passed: list[str] | None = None,
        **detail: Any,
    ) -> None:
        mark = (code, key, tuple(sorted(detail.items())))
        if mark in self.troubles:
            return
        base = world if world is not None else (origin[0] if origin is not None else None)
        path = () if base is None else self.path_to(base)
        path = tuple(name for name, _ in groupby((*path, *self._ids(passed or ()))))
        self.troubles[mark] = Trouble(code, key, path, detail)


def outcomes(world: World, op: Operation) -> list[World]:
    """The worlds after an operation: rows whose state was unknown turn out to be in one it accepts."""
    worlds = [world]
    for model, accepted in op.accepts.items():
        if world.state(model) is None:
            worlds = [w.narrowed(model, state) for w in worlds for state in accepted]
    for model, left in op.leaves.items():
        worlds = [w.with_state({model: state}) for w in worlds for state in _left(w.state(model), left)]
    return list(dict.fromkeys(worlds))


def _left(before: str | None, left: Any) -> tuple[str, ...]:
    if not isinstance(left, Mapping):
        return tuple(left)
    if before is not None:
        return tuple(left.get(before, (before,)))
    return tuple(dict.fromkeys(state for states in left.values() for state in states))


def _possible(field: Any) -> list[Any]:
    """The values of a field that has few: its choices, or yes and no; null where it may stay empty."""
    if field.boolean or field.kind == "checkbox":
        values: list[Any] = [True, False]
    elif field.kind in ("answer", "radio", "select") and field.choices and not field.choices_from:
        values = [choice.value for choice in field.choices]
    else:
        return []
    return values if field.required or field.kind == "answer" else [*values, None]


def _fact_models(subject: type[Model] | None) -> dict[str, str]:
    """Fact → its model, of those that have a state."""
    found: dict[str, str] = {}
    if subject is None:
        return found
    for name, attribute in subject.facts.items():
        model = subject if not attribute else model_or_none(name)
        if model is not None and model.state_field() is not None:
            found[name] = model.model_name()
    return found


def _stops(place: Place) -> bool:
    node = place.node
    if node.kind in ("user_task", "manual_task", "receive_task", "event_based_gateway", "call_activity"):
        return True
    return node.kind == "catch_event" and node.event in ("message", "timer")


def _changed(world: World, add: list[str]) -> World:
    return World(tokens([*world.tokens, *add]), world.states, world.values, world.decided)


def _tidy(world: World, places: Mapping[str, Place]) -> World:
    """Without the marks of events whose activity is over."""
    hosts = {key: f"n:{place.key}" for place in places.values() for key in place.events}
    kept = [t for t in world.tokens if not t.startswith("b:") or hosts[t[2:]] in world.tokens]
    return World(tokens(kept), world.states, world.values, world.decided)


def _without(items: list[str], token: str) -> list[str]:
    left = list(items)
    if token in left:
        left.remove(token)
    return left


def _stuck(world: World) -> str:
    """The element to show for a position in which nothing can happen: a join that waits."""
    return next((t for t in world.tokens if t.startswith("f:")), world.tokens[0])

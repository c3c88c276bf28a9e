"""How tokens move: what may happen in a position, and where it leads, with what is not known left open.

A condition that cannot be told goes both ways, an operation leaves each state it declares. A multi-instance
element is walked as one; an event that does not interrupt fires once while its activity is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine import operations
from engine.bpmn import Process
from engine.catalog.facts import model_or_none
from engine.catalog.flat import Place, inside, write_out
from engine.catalog.library import Library
from engine.catalog.names import Names
from engine.catalog.references import words
from engine.catalog.replies import Replies, Reply
from engine.catalog.verdicts import (
    ACT,
    DONE,
    NO,
    OTHER,
    YES,
    Verdicts,
    answered_by,
    decided,
    given,
    refused_by,
)
from engine.catalog.worlds import Gathered, World, holds, reads, tokens
from engine.models.base import Model
from engine.operations import Operation

_AT_ONE_PLACE = 2
#: Who a case is between; the others look at what these hand in.
_SIDES = frozenset({"student", "employer"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run began: the position, the element that fired there, and whether time alone did it."""

    world: World
    fired: str
    by_timer: bool


@dataclass
class Run:
    """A case between two stable positions: tokens still to be moved, and the elements passed."""

    origin: Origin | None
    world: World
    pending: list[tuple[str, str | None]]
    passed: list[str]
    last_end: str | None = None
    #: The kind of party of whoever acts, None where a timer or a message moves the case.
    actor: str | None = None
    #: Of what was decided before an act that interrupts nothing: that button counts for its own run alone.
    keeps: Verdicts | None = None
    #: Positions on the run's own way, with how much was passed then: met again, it goes in a circle.
    trail: Mapping[object, int] = field(default_factory=dict)

    def copy(self, world: World | None = None) -> Run:
        return replace(self, world=world or self.world, pending=list(self.pending), passed=list(self.passed))


#: Told of what must not be: a code of the findings, the element, the run, details for the sentence.
Report = Callable[..., None]


class Moves:
    """The moves of one process. `places` are its elements, those of called processes written out."""

    def __init__(self, library: Library, process: Process, report: Report) -> None:
        self.library = library
        self.report = report
        #: The keys from the start to a position; the walk knows.
        self.way_to: Callable[[World], list[str]] = lambda _world: []
        self.places = write_out(library, process)
        self.names = Names(library, process)
        self.facts = _fact_models(model_or_none(process.ext.get("subject")))
        self._hosts = {key: place.key for place in self.places.values() for key in place.events}
        flows = [way for place in self.places.values() for way in place.ways if way.condition]
        read = frozenset(name for way in flows for name in reads(way.condition or ""))
        self.replies = Replies(library, read)
        self._asked = self._who_is_asked()

    def _who_is_asked(self) -> frozenset[tuple[str, str]]:
        """Of which kinds of parties some operation wants a decision, and of which sort."""
        named = {place.node.operation for place in self.places.values()} & operations.names()
        ops = [operations.get(name) for name in named if name]
        return frozenset((kind, op.decision) for op in ops for kind in op.decided_by)

    def begin(self) -> Iterator[Run]:
        """The runs from the start event, for each who may begin and each of its answers."""
        start = next((p for p in self.places.values() if p.owner is None and p.kind == "start_event"), None)
        if start is None:
            return
        for world in self._first_worlds(start):
            for kind in self._kinds(start):
                for reply in self.replies.of(start.node):
                    run = Run(None, world.with_values(dict(reply.values)), [], [start.key])
                    self._says(run, kind, _button(reply), start, world)
                    self._leave(run, start)
                    yield run

    def _kinds(self, place: Place) -> list[str | None]:
        """The kinds of parties of who may press a button; None where nobody is named."""
        kinds = [self.library.roles.get(role) for role in words(place.node.ext.get("by"))]
        return list(dict.fromkeys(kinds)) or [None]

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
        possible = [w for w in found if holds(when, w, {name: name}) is not False]
        return possible if 0 < len(possible) < len(found) else [world]

    # ── what may happen in a position ──────────────────────────────────────────────────────────

    def moves(self, world: World) -> Iterator[Run]:
        """What may happen next: a task done, an act, a message, a timer; nothing where all is stuck."""
        for token in dict.fromkeys(world.tokens):
            if not token.startswith("n:"):
                continue
            place = self.places[token[2:]]
            yield from self._completions(world, place)
            for key in place.events:
                yield from self._boundary(world, place, self.places[key])

    def _completions(self, world: World, place: Place) -> Iterator[Run]:
        if place.kind == "event_based_gateway":
            for way in place.ways:
                event = self.places[way.target]
                run = self._take(world, place, [place.key, event.key], event)
                self._leave(run, event)
                yield run
            return
        if place.inner is not None:
            return
        loop = place.node.loop
        for reply in self.replies.of(place.node) if loop is None else self.replies.of_group(place.node):
            run = self._take(world, place, [place.key], place)
            run.world = self._answered(run.world, place, reply)
            self._says(run, self.library.roles.get(place.lane or ""), reply.said, place, world)
            self._leave(run, place)
            yield run

    def _boundary(self, world: World, host: Place, event: Place) -> Iterator[Run]:
        if event.node.event not in ("message", "timer"):
            return
        mark = f"b:{event.key}"
        if mark in world.tokens or self._forbidden(world, event):
            return
        for kind in self._kinds(event):
            for reply in self.replies.of(event.node):
                if event.node.interrupting:
                    run = self._take(world, host, [event.key], event)
                else:
                    run = Run(_origin(world, event), _changed(world, add=[mark]).waited(), [], [event.key])
                run.world = self._answered(run.world, event, reply)
                self._says(run, kind, _button(reply), event, world)
                self._leave(run, event)
                yield run

    def _forbidden(self, world: World, event: Place) -> bool:
        when = event.node.ext.get("when")
        return bool(when) and holds(str(when), world, self.facts) is False

    def _take(self, world: World, place: Place, passed: list[str], by: Place | None) -> Run:
        """The position without what waits at a place, in it, and on its boundary."""
        gone = self._tokens_in(place.key)
        kept = [token for token in world.tokens if token not in gone]
        left = _without(kept, f"n:{place.key}")
        left = [token for token in left if token not in {f"b:{key}" for key in place.events}]
        taken = World(tokens(left), world.states, world.values, world.decided).waited()
        return Run(None if by is None else _origin(world, by), taken, [], passed)

    def _tokens_in(self, owner: str) -> set[str]:
        """Every token that could be in a subprocess or called process."""
        within = inside(self.places, owner)
        flows = {flow for key in within for flow in self.places[key].arriving}
        return {f"n:{key}" for key in within} | {f"f:{flow}" for flow in flows}

    def _says(self, run: Run, kind: str | None, said: str, place: Place, before: World) -> None:
        """Notes who acts in a run, and what they have decided by it."""
        run.actor = kind
        if place.kind == "boundary_event" and not place.node.interrupting:
            run.keeps = before.decided
        if kind is None:
            return
        if place.kind == "user_task" and kind in _SIDES:
            run.world = replace(run.world, decided=answered_by(run.world.decided, kind))
        wanted = {sort for who, sort in self._asked if who == kind}
        if not wanted or (said == DONE and "done" not in wanted):
            return
        open_ = (self.places[token[2:]] for token in before.tokens if token.startswith("n:"))
        beside = [p.key for p in open_ if self.library.roles.get(p.lane or "") == kind and _stops(p)]
        run.world = replace(run.world, decided=given(run.world.decided, kind, said, place.key, beside))

    def _answered(self, world: World, place: Place, reply: Reply) -> World:
        """The world after a form: its few-valued fields as they are, the others unknown."""
        key, loop = place.node.ext.get("form"), place.node.loop
        names: list[str] = list(self.names.answers(key)) if key and loop is None else []
        if loop is not None and loop.results:
            names.append(loop.results)
        return world.forgetting(names).with_values(dict(reply.values))

    # ── moving tokens ──────────────────────────────────────────────────────────────────────────

    def _leave(self, run: Run, place: Place) -> None:
        """Puts a token on every flow out of a place; ends it where there is none."""
        if not place.ways:
            run.last_end = place.key
        for way in place.ways:
            run.pending.append((way.target, way.key))

    def move(self, run: Run) -> list[Run]:
        """Moves the first token by one element; several runs where there is a choice."""
        key, flow = run.pending.pop(0)
        place = self.places.get(key)
        if place is None:
            return [run]
        kind = place.kind
        if kind == "parallel_gateway" and len(place.arriving) > 1:
            return [self._join(run, place, flow)]
        run.passed.append(key)
        if self.replies.may_be_none(place.node):
            return [*self._passed_by(run, place), *self._reach(run, place)]
        return self._reach(run, place)

    def _passed_by(self, run: Run, place: Place) -> Iterator[Run]:
        """An element that is done for each of a list, where the list is empty: nobody does anything."""
        other, loop = run.copy(), place.node.loop
        if loop is not None and loop.results:
            other.world = other.world.with_values({loop.results: Gathered()})
        self._leave(other, place)
        yield other

    def _reach(self, run: Run, place: Place) -> list[Run]:
        """A token has come to an element."""
        key, kind = place.key, place.kind
        if kind == "exclusive_gateway" and len(place.ways) > 1:
            return list(self._choose(run, place))
        if kind == "service_task":
            return list(self._operate(run, place))
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

    def _operate(self, run: Run, place: Place) -> Iterator[Run]:
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
                self.report("owes.state", place.key, run, model=model, state=state, operation=name)
            return
        if not self._allowed(run, place, op):
            return
        for world in outcomes(run.world, op):
            other = run.copy(world.forgetting(filter(None, [place.node.result_variable])))
            self._leave(other, place)
            yield other

    def _allowed(self, run: Run, place: Place, op: Operation) -> bool:
        """Whether the right ones have decided and act; says so where not."""
        if op.decided_by and not decided(run.world.decided, op.decided_by, op.decision):
            self.report("owes.undecided", place.key, run, operation=op.name, because=self._why(run, op))
        elif op.starts_on and run.origin is not None:
            self.report("owes.too_late", place.key, run, operation=op.name)
        elif op.acted_by and run.actor not in op.acted_by:
            self.report("owes.actor", place.key, run, operation=op.name)
        else:
            return True
        return False

    def _why(self, run: Run, op: Operation) -> str:
        """What stands on the way where a decision is missed: a step that may be done by nobody, one that has no
        yes and no, a refusal; or that there is no step at all."""
        before = [] if run.origin is None else self.way_to(run.origin.world)
        kinds = set(op.decided_by)
        tasks = [self.places[key] for key in [*before, *run.passed]]
        tasks = [p for p in tasks if p.kind == "user_task" and self.library.roles.get(p.lane or "") in kinds]
        if refused_by(run.world.decided, kinds) and op.decision == "pass":
            return "refused"
        if any(self.replies.may_be_none(place.node) for place in tasks):
            return "none"
        if any(reply.said == OTHER for place in tasks for reply in self.replies.of(place.node)):
            return "returned"
        if any(v.kind in kinds and v.said in (YES, OTHER) for v in run.world.decided):
            return "passed"
        if tasks and any(reply.said == DONE for reply in self.replies.of(tasks[-1].node)):
            return "mute"
        return "missing"

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
            gone = self._tokens_in(place.owner)
            run.pending = [(key, flow) for key, flow in run.pending if key not in within]
            left = [token for token in run.world.tokens if token not in gone]
            run.world = World(tokens(left), run.world.states, run.world.values, run.world.decided)

    def close_inner(self, run: Run) -> Run | None:
        """A subprocess in which nothing is left is done and its token goes on; None where there is none."""
        for token in run.world.tokens:
            place = self.places.get(token[2:]) if token.startswith("n:") else None
            if place is None or place.inner is None or self._tokens_in(place.key) & set(run.world.tokens):
                continue
            closed = self._take(run.world, place, run.passed, None)
            closed = replace(run, world=closed.world, pending=closed.pending)
            inner = [self.places[key].node for key in inside(self.places, place.key)]
            results = self.replies.gathered(place.node, inner, run.world)
            closed.world = closed.world.with_values(results) if results else closed.world
            self._leave(closed, place)
            return closed
        return None

    def set_by(self, keys: Iterable[str]) -> set[str]:
        """The names that elements give values to; of operations that change rows, the facts."""
        found: set[str] = set()
        for node in (self.places[key].node for key in keys):
            found |= set(filter(None, [node.result_variable])) | set(self.names.decision_names(node))
            if node.operation in operations.names() and operations.get(node.operation or "").leaves:
                found |= set(self.names.facts)
        return found

    def tidy(self, world: World) -> World:
        """The position without the marks of events whose activity is over."""
        kept = [t for t in world.tokens if t[:2] != "b:" or f"n:{self._hosts[t[2:]]}" in world.tokens]
        return World(tokens(kept), world.states, world.values, world.decided)


def _button(reply: Reply) -> str:
    """What a pressed button says: of itself it is a decision, unless its form answers no."""
    return NO if reply.said == NO else ACT


def _origin(world: World, by: Place) -> Origin:
    return Origin(world, by.key, by.node.event == "timer")


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
    """With tokens more. Of the same two are as good as many: a reminder that comes again and again while nobody
    looks at it is no new position."""
    more = [token for token in add if world.tokens.count(token) < _AT_ONE_PLACE]
    return World(tokens([*world.tokens, *more]), world.states, world.values, world.decided)


def _without(items: list[str], token: str) -> list[str]:
    left = list(items)
    if token in left:
        left.remove(token)
    return left

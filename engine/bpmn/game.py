"""BPMN's semantics played on the graph: tokens on flows, open activities, armed events; no tree, no prediction.

It is what the engine's tests ask for the right answer, so it is plain and complete for what the engine runs
(`engine.spiff.unsupported` names the rest), and it shares no code with the engine. Conditions, numbers and
errors are not evaluated here: the player gives them as `Choices`.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.bpmn.graph import Flow, Node, Process

#: A step of the game has no more moves than this.
MOST_MOVES = 20_000
Level = tuple[Mapping[str, Node], Mapping[str, Flow]]


class Choices:
    """What the player decides: the flow at a gateway, and how the rest turns out."""

    def flow(self, gateway: Node, flows: Sequence[Flow]) -> Flow:
        """The flow on which a token leaves an exclusive gateway."""
        return flows[0]

    def count(self, activity: Node) -> int:
        """How many instances a multi-instance activity has."""
        return 2

    def enough(self, activity: Node, ended: int) -> bool:
        """Whether its completion condition holds once `ended` instances have ended."""
        return False

    def error(self, activity: Node) -> str | None:
        """The code with which an operation fails, or None."""
        return None


class EndlessGameError(RuntimeError):
    """Tokens go round without ever resting; names a flow on the way."""


class UncaughtError(Exception):
    """An operation's error that no event of the diagram catches: the step does not happen."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something can happen: an open task, or an event that is waited for.

    `path` names the surrounding activities and the element, instances by `#number`: `signing#1/answer`.
    """

    number: int
    node: Node
    path: str


@dataclass(slots=True, eq=False)
class _Scope:
    """A running process or subprocess. `tokens` lie before its parallel joins."""

    level: Level
    owner: _Activity | None
    tokens: Counter[str] = field(default_factory=Counter)
    activities: list[_Activity] = field(default_factory=list)
    over: bool = False


@dataclass(slots=True, eq=False)
class _Activity:
    """Something that a token stays in. `loop` is the multi-instance activity that it is an instance of."""

    number: int
    node: Node
    scope: _Scope
    loop: _Activity | None = None
    index: int | None = None
    armed: set[str] = field(default_factory=set)
    inner: _Scope | None = None
    instances: list[_Activity] = field(default_factory=list)
    total: int = 0
    begun: int = 0
    ended: int = 0


class TokenGame:
    """One case of a process. `called` are the processes that call activities name."""

    def __init__(self, process: Process, called: Mapping[str, Process] | None = None) -> None:
        self._called = {name: (p.nodes, p.flows) for name, p in (called or {}).items()}
        self._root = _Scope((process.nodes, process.flows), None)
        self._moving: deque[tuple[_Scope, Flow]] = deque()
        self._last = 0
        self._choices = Choices()
        self.entered: list[str] = []

    # ── playing ────────────────────────────────────────────────────────────────────────────────

    def start(self, choose: Choices) -> None:
        """Puts the first token in and runs until the case waits."""
        self._choices = choose
        self._begin(self._root)
        self._run()

    def complete(self, place: Place, choose: Choices) -> None:
        """Completes an open task. Raises KeyError where it is not open."""
        self._choices = choose
        self._end(self._find(place.number))
        self._run()

    def fire(self, place: Place, choose: Choices) -> None:
        """Lets an event happen that is waited for. Raises KeyError where it is not."""
        self._choices = choose
        activity = self._find(place.number)
        if place.node.id not in activity.armed and activity.node is not place.node:
            self._alternative(activity, place.node)
        elif activity.node is place.node:
            if place.node.event == "timer":
                self.entered.append(place.node.id)
            self._end(activity)
        else:
            self._boundary(activity, place.node)
        self._run()

    def copy(self) -> TokenGame:
        """The same position, to be played on differently; numbers of places stay."""
        other = TokenGame.__new__(TokenGame)
        other._called, other._last, other._choices = self._called, self._last, self._choices
        other._moving, other.entered = deque(), list(self.entered)
        other._root = _copy_scope(self._root, None)
        return other

    # ── looking ────────────────────────────────────────────────────────────────────────────────

    @property
    def completed(self) -> bool:
        """Whether no token is left."""
        return self._root.over

    def open_tasks(self) -> list[Place]:
        """User tasks that wait for somebody."""
        return [
            Place(a.number, a.node, _path(a))
            for a in _all(self._root)
            if a.node.kind == "user_task" and not _is_loop(a)
        ]

    def waiting(self) -> list[Place]:
        """Messages and timers that are waited for; an armed boundary event counts with its activity's number."""
        found = []
        for activity in _all(self._root):
            nodes, flows = activity.scope.level
            prefix = _path(activity).rpartition("/")[0]
            names = sorted(activity.armed)
            if activity.node.kind == "catch_event":
                names = [activity.node.id]
            elif activity.node.kind == "event_based_gateway":
                names = [flows[flow].target for flow in activity.node.outgoing]
            for name in names:
                if nodes[name].event != "error":
                    path = f"{prefix}/{name}" if prefix else name
                    found.append(Place(activity.number, nodes[name], path))
        return found

    def size(self) -> int:
        """Open activities and resting tokens: a measure against positions that grow without bound."""
        resting = sum(scope.tokens.total() for scope in _scopes(self._root))
        return resting + sum(1 for _ in _all(self._root))

    def key(self) -> object:
        """Equal for equal positions, hashable; numbers of places do not count."""
        return _scope_key(self._root)

    # ── tokens ─────────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        moves = 0
        while True:
            while self._moving:
                scope, flow = self._moving.popleft()
                if not scope.over:
                    self._arrive(scope, flow)
                moves += 1
                if moves > MOST_MOVES:
                    raise EndlessGameError(flow.id)
            ended = next((s for s in _scopes(self._root) if not s.activities and not s.tokens), None)
            if ended is None:
                return
            self._close(ended)

    def _begin(self, scope: _Scope) -> None:
        start = next(node for node in scope.level[0].values() if node.kind == "start_event")
        self.entered.append(start.id)
        self._leave(scope, start)

    def _leave(self, scope: _Scope, node: Node) -> None:
        """A token on every flow that leaves here."""
        for flow in node.outgoing:
            self._moving.append((scope, scope.level[1][flow]))

    def _arrive(self, scope: _Scope, flow: Flow) -> None:
        node = scope.level[0][flow.target]
        if node.kind == "parallel_gateway":
            self._join(scope, node, flow)
            return
        if node.event != "timer":  # told when it fires
            self.entered.append(node.id)
        if node.kind == "exclusive_gateway":
            flows = [scope.level[1][name] for name in node.outgoing]
            chosen = flows[0] if len(flows) == 1 else self._choices.flow(node, flows)
            self._moving.append((scope, chosen))
        elif node.kind == "throw_event":
            self._leave(scope, node)
        elif node.kind == "end_event":
            if node.event == "terminate":
                self._close(scope)
        else:
            self._open(scope, node)

    def _join(self, scope: _Scope, node: Node, flow: Flow) -> None:
        """One token of every incoming flow is consumed; more stay for the next time."""
        scope.tokens[flow.id] += 1
        if all(scope.tokens[name] for name in node.incoming):
            scope.tokens.subtract(node.incoming)
            scope.tokens = +scope.tokens
            self.entered.append(node.id)
            self._leave(scope, node)

    # ── activities ─────────────────────────────────────────────────────────────────────────────

    def _open(self, scope: _Scope, node: Node) -> None:
        activity = self._activity(scope, node, None, None)
        scope.activities.append(activity)
        activity.armed = {n.id for n in scope.level[0].values() if n.attached_to == node.id}
        if node.loop is None:
            self._work(activity)
            return
        activity.total = self._choices.count(node)
        if activity.total == 0:
            self._end(activity)
        elif node.loop.sequential:
            self._instance(activity)
        else:
            for _ in range(activity.total):
                if not activity.scope.over and activity in scope.activities:  # an error may have ended it
                    self._instance(activity)

    def _activity(self, scope: _Scope, node: Node, loop: _Activity | None, index: int | None) -> _Activity:
        self._last += 1
        return _Activity(self._last, node, scope, loop, index)

    def _instance(self, loop: _Activity) -> None:
        instance = self._activity(loop.scope, loop.node, loop, loop.begun)
        loop.begun += 1
        loop.instances.append(instance)
        self._work(instance)

    def _work(self, activity: _Activity) -> None:
        """What an activity, or an instance of it, does when a token comes in."""
        node = activity.node
        if node.kind == "subprocess":
            activity.inner = _Scope((node.children, node.flows), activity)
            self._begin(activity.inner)
        elif node.kind == "call_activity":
            activity.inner = _Scope(self._called[node.called_element or ""], activity)
            self._begin(activity.inner)
        elif node.kind in ("service_task", "business_rule_task"):
            code = self._choices.error(node)
            if code is None:
                self._end(activity)
            else:
                self._fail(activity, code)

    def _end(self, activity: _Activity) -> None:
        """An activity, or an instance, is done."""
        loop = activity.loop
        if loop is None:
            activity.scope.activities.remove(activity)
            _kill(activity)
            self._leave(activity.scope, activity.node)
            return
        loop.instances.remove(activity)
        _kill(activity)
        loop.ended += 1
        if loop.ended == loop.total or self._choices.enough(loop.node, loop.ended):
            self._end(loop)
        elif loop.node.loop is not None and loop.node.loop.sequential:
            self._instance(loop)

    def _close(self, scope: _Scope) -> None:
        """A process or subprocess is over: by itself, or by a terminate event."""
        scope.over = True
        for activity in scope.activities:
            _kill(activity)
        scope.activities, scope.tokens = [], Counter()
        if scope.owner is not None:
            self._end(scope.owner)

    # ── events ─────────────────────────────────────────────────────────────────────────────────

    def _alternative(self, gateway: _Activity, event: Node) -> None:
        flows = gateway.scope.level[1]
        if event.id not in {flows[flow].target for flow in gateway.node.outgoing}:
            raise KeyError(event.id)
        gateway.scope.activities.remove(gateway)
        self.entered.append(event.id)
        self._leave(gateway.scope, event)

    def _boundary(self, activity: _Activity, event: Node) -> None:
        if event.interrupting:
            activity.scope.activities.remove(activity)
            _kill(activity)
        elif event.event == "timer":
            activity.armed.discard(event.id)
        self.entered.append(event.id)
        self._leave(activity.scope, event)

    def _fail(self, activity: _Activity, code: str) -> None:
        """The innermost error event for the code, on the activity or around it."""
        current: _Activity | None = activity
        while current is not None:
            nodes = current.scope.level[0]
            for name in sorted(current.armed):
                if nodes[name].event == "error" and nodes[name].event_ref in (None, code):
                    self._boundary(current, nodes[name])
                    return
            current = current.loop or current.scope.owner
        raise UncaughtError(code)

    def _find(self, number: int) -> _Activity:
        for activity in _all(self._root):
            if activity.number == number:
                return activity
        raise KeyError(number)


def _kill(activity: _Activity) -> None:
    """Everything inside is gone; tokens that still move there are dropped."""
    for instance in activity.instances:
        _kill(instance)
    if activity.inner is not None:
        activity.inner.over = True
        for inner in activity.inner.activities:
            _kill(inner)
    activity.armed = set()


def _is_loop(activity: _Activity) -> bool:
    return activity.node.loop is not None and activity.loop is None


def _all(scope: _Scope) -> Iterator[_Activity]:
    """All activities below a scope, loops before their instances."""
    for activity in scope.activities:
        for each in (activity, *activity.instances):
            yield each
            if each.inner is not None:
                yield from _all(each.inner)


def _scopes(scope: _Scope) -> Iterator[_Scope]:
    """Running scopes, the inner ones first."""
    for activity in scope.activities:
        for each in (activity, *activity.instances):
            if each.inner is not None and not each.inner.over:
                yield from _scopes(each.inner)
    if not scope.over:
        yield scope


def _path(activity: _Activity) -> str:
    own = activity.node.id if activity.index is None else f"{activity.node.id}#{activity.index}"
    owner = activity.scope.owner
    return own if owner is None else f"{_path(owner)}/{own}"


def _scope_key(scope: _Scope) -> tuple[object, ...]:
    activities = sorted((_activity_key(activity) for activity in scope.activities), key=repr)
    return (scope.over, tuple(sorted(scope.tokens.items())), tuple(activities))


def _activity_key(activity: _Activity) -> tuple[object, ...]:
    return (
        activity.node.id,
        activity.index,
        tuple(sorted(activity.armed)),
        None if activity.inner is None else _scope_key(activity.inner),
        tuple(sorted((_activity_key(instance) for instance in activity.instances), key=repr)),
        (activity.total, activity.begun, activity.ended),
    )


def _copy_scope(scope: _Scope, owner: _Activity | None) -> _Scope:
    made = _Scope(scope.level, owner, Counter(scope.tokens), [], scope.over)
    made.activities = [_copy_activity(activity, made, None) for activity in scope.activities]
    return made


def _copy_activity(activity: _Activity, scope: _Scope, loop: _Activity | None) -> _Activity:
    made = _Activity(
        activity.number, activity.node, scope, loop, activity.index, set(activity.armed),
        None, [], activity.total, activity.begun, activity.ended,
    )  # fmt: skip
    if activity.inner is not None:
        made.inner = _copy_scope(activity.inner, made)
    made.instances = [_copy_activity(instance, scope, made) for instance in activity.instances]
    return made

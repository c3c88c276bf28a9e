"""The engine beside the token game on a random diagram: the same choices, compared after every step.

Every step of the engine is taken from its stored form: position and variables as bytes, restored on a program,
which is read from the XML again where a step says so. `difference` gives what differs, or None.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson

from engine import bpmn, spiff
from engine.bpmn import Choices, Flow, Node, Place, TokenGame, UncaughtError
from tests.engine.spiff.random_diagrams import Seq, draw, grow

STEPS = 14
MOST_TOKENS = 60


def pick(below: int, *key: object) -> int:
    """A number that depends on the key only, the same in every process."""
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=4).digest(), "big") % below


class Player(Choices):
    """One source of choices for both: what the game asks, and the services of the engine."""

    def __init__(self, seed: int, processes: Mapping[str, bpmn.Process]) -> None:
        self.seed = seed
        self.step = 0
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self.timers = 0
        self.way: list[str] = []
        self.flows = {flow.id: flow for process in processes.values() for flow in process.all_flows()}
        self.nodes = {node.id: node for process in processes.values() for node in process.all_nodes()}

    def flow(self, gateway: Node, flows: Sequence[Flow]) -> Flow:
        return self.flows[gateway.outgoing[pick(len(gateway.outgoing), self.seed, self.step, gateway.id)]]

    def count(self, activity: Node) -> int:
        return pick(4, self.seed, activity.id)

    def enough(self, activity: Node, ended: int) -> bool:
        return (
            activity.loop is not None and bool(activity.loop.completion) and not pick(3, activity.id, ended)
        )

    def error(self, activity: Node) -> str | None:
        return None if pick(4, self.seed, self.step, activity.id) else "E"

    # ── services ───────────────────────────────────────────────────────────────────────────────

    def evaluate(self, text: str, scope: Mapping[str, Any]) -> Any:
        word, *rest = text.split()
        if word == "flow":
            return self.flow(self.nodes[rest[0]], ()).id == rest[1]
        if word == "count":
            return self.count(self.nodes[rest[0]])
        if word == "items":
            return [f"{rest[0]}#{number}" for number in range(self.count(self.nodes[rest[0]]))]
        if word == "enough":
            return self.enough(self.nodes[rest[0]], len(scope[f"done_{rest[0]}"]))
        self.timers += 1
        return timedelta(days=pick(9, self.seed, self.timers), seconds=60 + self.timers)

    def decide(self, name: str, scope: Mapping[str, Any]) -> Any:
        raise AssertionError(name)

    def call(self, operation: str, params: dict[str, Any], node_id: str, scope: Mapping[str, Any]) -> None:
        code = self.error(self.nodes[node_id])
        if code is not None:
            raise spiff.BpmnError(code)

    def entered(self, node_id: str, scope: Mapping[str, Any], late: bool) -> None:
        self.way.append(node_id)

    def thrown(self, message: str, node_id: str, scope: Mapping[str, Any]) -> None:
        assert self.nodes[node_id].event_ref == message

    def now(self) -> datetime:
        return self.time


@dataclass
class Outcome:
    """How a diagram went: `kind` is ok, refused, failed, stuck, grown or different."""

    kind: str
    steps: int = 0
    what: str = ""
    acts: list[str] = field(default_factory=list)


#: Takes one step of the engine: (state, variables, act, argument, player) → (state, variables) or None on an error.
Stepper = Callable[[spiff.Program, bytes, bytes, str, str, Player], "tuple[spiff.Run, bool]"]


class Game:
    """One diagram being played."""

    def __init__(self, body: bytes, seed: int, fresh: float) -> None:
        self.body = body
        self.processes = {process.id: process for process in bpmn.read(body)}
        self.player = Player(seed, self.processes)
        self.random = Random(seed)
        self.fresh = fresh
        self.program = spiff.load({"random.bpmn": body}, "main")
        self.game = TokenGame(self.processes["main"], self.processes)
        self.run = self.program.start(self.player, {})
        self.outcome = Outcome("ok")

    def play(self, steps: int) -> Outcome:
        if not self._both(lambda: self.game.start(self.player), self.run.advance):
            return self.outcome
        for _ in range(steps):
            act = self._next()
            if act is None:
                break
            self._step(*act)
            if self.outcome.kind != "ok":
                break
        return self.outcome

    def _step(self, name: str, ref: str, places: list[Place], moment: datetime | None) -> None:
        """The same act in both, the engine's from its stored form."""
        self.player.step += 1
        self.outcome.steps += 1
        self.outcome.acts.append(f"{name} {' '.join(p.path for p in places)}")
        state, variables = self.run.dump()
        stored = orjson.dumps(variables)
        if self.random.random() < self.fresh:
            self.program = spiff.load({"random.bpmn": self.body}, "main")
        before, clock = self.game.copy(), self.player.time
        self.game.entered.clear()
        self.player.way.clear()
        if before.key() != self.game.key():
            self._differs("a copy of the game has another key")
        self.run = run = self.program.restore(state, orjson.loads(stored), self.player)
        if moment is not None:
            self.player.time = moment
        acts = {
            "complete": lambda: run.complete(ref, {"step": self.player.step}),
            "catch": lambda: run.catch(ref),
        }
        done = self._both(lambda: self._play_game(name, places), acts.get(name, run.advance))
        if not done and self.outcome.kind == "failed":  # the step did not happen
            self.outcome.kind = "ok"
            self.player.time = clock
            self.game = before
            self.run = self.program.restore(state, orjson.loads(stored), self.player)

    def _play_game(self, name: str, places: list[Place]) -> None:
        if name == "complete":
            self.game.complete(places[0], self.player)
            return
        for place in places:
            if any(place == other for other in self.game.waiting()):
                self.game.fire(place, self.player)

    def _both(self, game: Callable[[], None], engine: Callable[[], None]) -> bool:
        """Plays the game, then the engine; False where the step failed or they differ."""
        failed = []
        for act, error in ((game, UncaughtError), (engine, spiff.BpmnError)):
            try:
                act()
                failed.append(False)
            except error:
                failed.append(True)
        if failed[0] != failed[1]:
            return self._differs(f"an error is caught by one only: game {failed[0]}, engine {failed[1]}")
        if failed[0]:
            self.outcome.kind = "failed"
            return False
        return self._compare()

    def _compare(self) -> bool:
        game, run = self.game, self.run
        pairs = {
            "tasks": ([p.path for p in game.open_tasks()], [path(run, t.id) for t in run.open_tasks()]),
            "events": ([p.path for p in game.waiting()], [path(run, w.id) for w in run.waiting()]),
            "way": (game.entered, self.player.way),
            "completed": ([str(game.completed)], [str(run.completed)]),
        }
        for name, (right, found) in pairs.items():
            if Counter(right) != Counter(found) and not (name == "way" and self._raced()):
                return self._differs(f"{name}: game {sorted(right)} engine {sorted(found)}")
        for task in run.open_tasks():
            wrong = self._wrong_element(task.id)
            if wrong:
                return self._differs(wrong)
        if game.completed and run.waiting():
            return self._differs("completed, and still waiting")
        return True

    def _wrong_element(self, task_id: str) -> str | None:
        """Every instance over a collection sees its own element, and nobody else's (H13)."""
        scope, where = self.run.scope_of(task_id), path(self.run, task_id)
        for own in where.split("/"):
            name, _, number = own.partition("#")
            loop = self.player.nodes[name].loop
            if number and loop is not None and loop.element and scope.get(loop.element) != own:
                return f"at {where} the element is {scope.get(loop.element)!r}"
        return None

    def _raced(self) -> bool:
        """Whether something was cut off in this step: how far the others had come by then is nobody's rule."""
        nodes = self.player.nodes
        cuts = {"terminate", "error"}
        early = any(n.loop and n.loop.completion and n.kind != "user_task" for n in nodes.values())
        return early or any(nodes[name].event in cuts for name in self.game.entered)

    def _differs(self, what: str) -> bool:
        self.outcome.kind, self.outcome.what = "different", what
        return False

    # ── what to do next ────────────────────────────────────────────────────────────────────────

    def _next(self) -> tuple[str, str, list[Place], datetime | None] | None:
        """A random act whose place is the only one of its path, so that both sides mean the same."""
        if self.game.completed:
            return None
        if self.game.size() > MOST_TOKENS:
            self.outcome.kind = "grown"
            return None
        waiting = self.run.waiting()
        places = _unique([*self.game.open_tasks(), *self.game.waiting()])
        acts: list[tuple[str, str, list[Place], datetime | None]] = []
        for task in self.run.open_tasks():
            if path(self.run, task.id) in places:
                acts += [("complete", task.id, [places[path(self.run, task.id)]], None)] * 3
        for event in waiting:
            if event.kind == "message" and path(self.run, event.id) in places:
                acts.append(("catch", event.id, [places[path(self.run, event.id)]], None))
        acts += self._clock([event for event in waiting if event.kind == "timer"], places)
        if not acts:
            self.outcome.kind = "stuck"
            return None
        return self.random.choice(acts)

    def _clock(
        self, timers: list[spiff.Waiting], places: Mapping[str, Place]
    ) -> list[tuple[str, str, list[Place], datetime | None]]:
        """The clock moves to the next timer, or past several, which fire in the order of their moments."""
        timers.sort(key=lambda event: event.due or self.player.time)
        if len({event.due for event in timers}) < len(timers):
            return []
        found: list[tuple[str, str, list[Place], datetime | None]] = []
        due: list[Place] = []
        for event in timers[:3]:
            place = places.get(path(self.run, event.id))
            if place is None:
                break
            due.append(place)
            found.append(("clock", "", list(due), event.due))
        return found


def _unique(places: list[Place]) -> dict[str, Place]:
    counted = Counter(place.path for place in places)
    return {place.path: place for place in places if counted[place.path] == 1}


def path(run: spiff.Run, ref: str) -> str:
    """Where a task or event of the engine is, in the words of the game."""
    token, names = run._find(ref), []
    while token is not None:
        number = token.internal_data.get("i")
        node = token.task_spec.node
        names.append(node.id if number is None else f"{node.id}#{number}")
        owner = token.workflow.parent_task_id
        token = None if owner is None else run._find(str(owner))
    return "/".join(reversed(names))


def play(trees: dict[str, Seq], seed: int, *, steps: int = STEPS, fresh: float = 0.3) -> Outcome:
    """Plays a diagram with the choices of a seed."""
    body = draw(trees)
    if any(spiff.unsupported(process) for process in bpmn.read(body)):
        return Outcome("refused")
    return Game(body, seed, fresh).play(steps)


def played(seed: int, *, fresh: float = 0.3) -> Outcome:
    """Plays the diagram of a seed. An exception of either side is a difference."""
    return _safely(grow(seed), seed, fresh)


def _safely(trees: dict[str, Seq], seed: int, fresh: float) -> Outcome:
    try:
        return play(trees, seed, fresh=fresh)
    except Exception as error:  # a crash is what we look for
        return Outcome("different", what=f"{type(error).__name__}: {error}")

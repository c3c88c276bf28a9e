"""One instance while it runs: restored, advanced, asked what it waits for, and stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.errors import Sentence
from engine.spiff import state
from engine.spiff.errors import NotRunnable, NotWaiting
from engine.spiff.mends import READY, WAITING, Instance, ProcessSpec, Split, Token
from engine.spiff.scopes import Scope

#: One act of a case takes no more elements than this: a circle without a wait would run for ever.
MOST_STEPS = 10_000


class Services(Protocol):
    """What a run asks of whoever runs it. What these raise reaches the caller of the run unchanged (H7); the run
    is then good for nothing and is thrown away. A service may also have `took(flow_id)`, told of every flow."""

    def evaluate(self, text: str, scope: Mapping[str, Any]) -> Any: ...
    def decide(self, name: str, scope: Mapping[str, Any]) -> Any: ...
    def call(
        self, operation: str, params: dict[str, Any], node_id: str, scope: Mapping[str, Any]
    ) -> Mapping[str, Any] | None: ...
    def entered(self, node_id: str, scope: Mapping[str, Any], late: bool) -> None: ...
    def thrown(self, message: str, node_id: str, scope: Mapping[str, Any]) -> None: ...
    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that waits to be completed. The id stays the same until it is."""

    id: str
    node_id: str
    lane: str | None
    scope_path: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is waited for: `due` of timers, `message` of messages, the activity it is attached to."""

    id: str
    node_id: str
    kind: str
    message: str | None
    due: datetime | None
    attached_to: str | None


class Run:
    """A running instance. Not for several threads at once; programs are."""

    def __init__(
        self, spec: ProcessSpec, specs: Mapping[str, ProcessSpec], services: Any, scope: Scope
    ) -> None:
        self.services = services
        self.scope = scope
        self.end_nodes: list[str] = []
        self.cancelled = False
        self.took: Callable[[str], None] = getattr(services, "took", _untold)
        self._instance = Instance(spec, specs, self, scope)

    def begin(self) -> None:
        """Puts the first token on the start event; `advance` moves it."""
        self._instance.begin()

    def load(self, stored: bytes) -> None:
        """Takes over a stored position."""
        self.end_nodes = state.load(self._instance, stored)

    # ── acts ───────────────────────────────────────────────────────────────────────────────────

    def advance(self) -> None:
        """Goes on until everything waits, firing what is due in the order of the moments."""
        steps = self._work(0)
        while (timer := self._next_due()) is not None:
            token, late = timer
            token.task_spec.fire(token, late)
            steps = self._work(steps + 1)

    def complete(self, task_id: str, answers: Mapping[str, Any] | None = None) -> None:
        """Completes a user task; the answers go to its innermost scope. Raises NotWaiting."""
        token = self._find(task_id)
        if token is None or token.state != READY or not token.task_spec.manual:
            raise NotWaiting()
        token.scope.values.update(answers or {})
        token.run()
        self.advance()

    def catch(self, waiting: str, answers: Mapping[str, Any] | None = None) -> None:
        """Delivers a message: to the event with this id, else to the one that has waited longest for a message
        of this name, never to several (H25). Raises NotWaiting where nobody waits."""
        found = self._find(waiting)
        if found is None or found.state != WAITING or found.task_spec.node.event != "message":
            named = (t for t in self._events() if t.task_spec.node.event == "message")
            found = min(
                (t for t in named if t.task_spec.node.event_ref == waiting), key=_number, default=None
            )
        if found is None:
            raise NotWaiting()
        found.scope.values.update(answers or {})
        found.task_spec.fire(found)
        self.advance()

    def cancel(self) -> None:
        """Takes every token away; the instance ends without an end event."""
        self._instance.clear()
        self._instance.agenda.clear()
        self.cancelled = True

    # ── questions ──────────────────────────────────────────────────────────────────────────────

    @property
    def completed(self) -> bool:
        return bool(self._instance.completed)

    def open_tasks(self) -> list[OpenTask]:
        """User tasks that wait to be completed, oldest first."""
        found = (t for t in self._tokens() if t.state == READY and t.task_spec.manual)
        return [
            OpenTask(str(t.id), t.task_spec.node.id, t.task_spec.node.lane, t.scope.path)
            for t in sorted(found, key=_number)
        ]

    def waiting(self) -> list[Waiting]:
        """Events that are waited for, oldest first; errors are not waited for."""
        found = []
        for token in sorted(self._events(), key=_number):
            node = token.task_spec.node
            message = node.event_ref if node.event == "message" else None
            found.append(Waiting(str(token.id), node.id, node.event, message, token.due, node.attached_to))
        return found

    def due_at(self) -> datetime | None:
        """When the next timer fires."""
        return min((due for t in self._events() if (due := t.due) is not None), default=None)

    def scope_of(self, task_id: str) -> Mapping[str, Any]:
        """What expressions see at an open task or waiting event; the outermost variables where it is gone."""
        token = self._find(task_id)
        return (token.scope if token is not None else self.scope).visible()

    def dump(self) -> tuple[bytes, dict[str, Any]]:
        """Position and variables, to be stored; variables are ready for JSON."""
        return state.dump(self._instance, self.end_nodes), self.scope.stored()

    # ── for the elements ───────────────────────────────────────────────────────────────────────

    def ended(self, node_id: str) -> None:
        """An end of the outermost level was reached; each is kept once, the last one last."""
        if node_id in self.end_nodes:
            self.end_nodes.remove(node_id)
        self.end_nodes.append(node_id)

    def entered(self, node_id: str, token: Token, late: bool) -> None:
        """An element was reached, or its event has fired."""
        self.services.entered(node_id, token.scope.visible(), late)

    # ── inside ─────────────────────────────────────────────────────────────────────────────────

    def _work(self, steps: int) -> int:
        """Runs what is READY and still there (H19), oldest first; counts on, lest a circle never stops."""
        agenda = self._instance.agenda
        while agenda:
            token = agenda.popleft()
            if token.state != READY:
                continue
            steps += 1
            if steps > MOST_STEPS:
                name = token.task_spec.name
                raise NotRunnable(
                    Sentence(
                        f"{name}：这一步走了 {MOST_STEPS} 个环节还没有停下，流程图里可能有死循环。",
                        f"{name}: {MOST_STEPS} elements in one step; is there an endless loop?",
                    )
                )
            token.run()
        return steps

    def _next_due(self) -> tuple[Token, bool] | None:
        """The timer to fire now, and whether it is late: past when it was armed, or a reminder at an activity
        that a timer of the same moment or earlier than now interrupts anyway."""
        now = self.services.now()
        due = [t for t in self._events() if (moment := t.due) is not None and moment <= now]
        if not due:
            return None
        token = min(due, key=lambda t: (t.internal_data["d"], _interrupts(t), t.id))
        late = bool(token.internal_data.get("l"))
        if not late and not _interrupts(token):
            late = any(t._parent == token._parent and t is not token and _interrupts(t) for t in due)
        return token, late

    def _tokens(self) -> Iterator[Token]:
        for level in self._instance.levels():
            yield from level.tasks.values()

    def _events(self) -> Iterator[Token]:
        """Waiting events; a joining gateway waits too, but for tokens."""
        return (t for t in self._tokens() if t.state == WAITING and t.task_spec.node.event != "none")

    def _find(self, ref: str) -> Token | None:
        if not ref.isascii() or not ref.isdigit():
            return None
        number = int(ref)
        for level in self._instance.levels():
            if number in level.tasks:
                return level.tasks[number]
        return None


def _interrupts(token: Token) -> bool:
    """Whether the event takes its activity away."""
    return isinstance(token.parent.task_spec, Split) and token.task_spec.cancel_activity


def _number(token: Token) -> int:
    return token.id


def _untold(_flow_id: str) -> None:
    return None

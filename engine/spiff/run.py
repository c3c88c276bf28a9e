"""One case at work: a workflow of SpiffWorkflow, its scopes, its clock hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine import clock, feel
from engine.spiff import codec
from engine.spiff.elements import Error, Message, Timer
from engine.spiff.mends import EventGateway, Flow
from engine.spiff.scopes import ROOT, Scopes

if TYPE_CHECKING:
    from engine.bpmn import Node
    from engine.spiff.program import Program

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: One advance takes no more passes than this: a cycle without a wait would run for ever.
MOST_PASSES = 10_000


class BpmnError(Exception):
    """An error that a diagram may catch by an error boundary event of this code, or of none."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class EndlessRun(RuntimeError):
    """The diagram runs in a circle without ever waiting."""


class Services(Protocol):
    """What a diagram asks of the program."""

    def now(self) -> datetime: ...

    def evaluate(self, text: str, scope: Mapping[str, Any]) -> Any: ...

    def decide(self, name: str, scope: Mapping[str, Any]) -> Any: ...

    def call(
        self, operation: str, params: dict[str, Any], node_id: str, scope: Mapping[str, Any]
    ) -> Mapping[str, Any] | None: ...

    def entered(self, node_id: str, scope: Mapping[str, Any], late: bool) -> None: ...

    def thrown(self, message: str, node_id: str, scope: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that waits for somebody. `id` lasts until it is completed."""

    id: str
    node_id: str
    lane: str | None
    scope_path: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is waited for: a message, or a timer with its moment."""

    id: str
    node_id: str
    kind: str
    message: str | None
    due: datetime | None
    attached_to: str | None


class _Expressions:
    """Stands where SpiffWorkflow expects a script engine. It evaluates nothing itself and runs no script."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        run = task.workflow.top_workflow.run
        if isinstance(task.task_spec, LoopTask):
            return run.count_instances(task)
        return run.evaluate(expression, task) is True


class Run:
    """A run under way. Its methods raise what the services raise, unchanged; then the run is to be thrown away."""

    def __init__(self, program: Program, services: Services, scopes: Scopes, flow: Flow) -> None:
        self.program = program
        self.services = services
        self.scopes = scopes
        self.flow = flow
        self.limit = 0
        self.last_id = 0
        self.cancelled = False
        self.end_nodes: list[str] = []
        flow.run = self

    @classmethod
    def new(cls, program: Program, services: Services, variables: dict[str, Any]) -> Run:
        flow = Flow.__new__(Flow)
        run = cls(program, services, Scopes(variables), flow)
        flow.__init__(program.spec, program.specs, script_engine=_Expressions())  # type: ignore[misc]
        return run

    @classmethod
    def restored(
        cls, program: Program, services: Services, state: bytes, variables: Mapping[str, Any]
    ) -> Run:
        flow = Flow(program.spec, program.specs, script_engine=_Expressions(), deserializing=True)
        run = cls(program, services, Scopes.restore(variables, feel.from_json), flow)
        codec.restore(run, state)
        return run

    # ── the way ────────────────────────────────────────────────────────────────────────────────

    def advance(self) -> None:
        """Runs until the case waits; due timers fire in the order of their moments."""
        for _ in range(MOST_PASSES):
            self.flow.do_engine_steps()
            due = self._next_due()
            if due is None or due > micros(self.services.now()):
                break
            self.limit = due
            self.flow.refresh_timers()
        else:
            raise EndlessRun(self.program.process_id)
        self._note_user_tasks()
        self.settle()

    def complete(self, task_id: str, answers: Mapping[str, Any]) -> None:
        """Completes a user task with its answers, which go to its innermost scope, and advances.

        Raises KeyError where no such task is open.
        """
        task = self._task(task_id)
        if task is None or task.state != TaskState.READY or not task.task_spec.manual:
            raise KeyError(task_id)
        self.scopes.own(self.scope_id(task)).update(answers)
        task.run()
        self.advance()

    def catch(self, waiting: str, answers: Mapping[str, Any] | None = None) -> None:
        """Hands a message to one waiting element, by its id or the message's name, and advances (H25).

        Raises KeyError where nobody waits for it.
        """
        found = next(
            (w for w in self.waiting() if w.kind == "message" and waiting in (w.id, w.message)), None
        )
        if found is None:
            raise KeyError(waiting)
        task_id, _, chosen = found.id.partition(".")
        task = self._task(task_id)
        self.scopes.own(self.scope_id(task)).update(answers or {})
        if chosen:
            task.internal_data.setdefault("chosen", chosen)
        else:
            task.task_spec.catch(task, None)
        task.task_spec._update(task)
        self.advance()

    def cancel(self) -> None:
        """Takes every token away; the run is over."""
        self.flow.cancel()
        self.flow.event_manager.tasks.clear()
        self.flow.subprocesses.clear()
        self.cancelled = True

    @property
    def completed(self) -> bool:
        return bool(self.flow.completed) and not self.cancelled

    # ── what it waits for ──────────────────────────────────────────────────────────────────────

    def open_tasks(self) -> list[OpenTask]:
        """User tasks that wait for somebody, in the order of their ids."""
        if self.flow.completed:
            return []
        found = []
        for workflow in self.workflows():
            for task in workflow.tasks.values():
                if task.state == TaskState.READY and task.task_spec.manual:
                    node = self.program.nodes[task.task_spec.bpmn_id]
                    found.append(
                        (task.id, OpenTask(str(task.id), node.id, node.lane, str(self.scope_id(task))))
                    )
        return [task for _, task in sorted(found, key=lambda pair: pair[0])]

    def waiting(self) -> list[Waiting]:
        """Events that are armed: messages and timers, those of event gateways too."""
        if self.flow.completed:
            return []
        return [entry for task in self._armed() for entry in self._waits(task)]

    def _waits(self, task: Any) -> Iterator[Waiting]:
        spec = task.task_spec
        if isinstance(spec, EventGateway):
            for name, definition in spec.alternatives.items():
                yield self._entry(f"{task.id}.{name}", name, definition, task)
        elif isinstance(spec.event_definition, Timer | Message) and not isinstance(
            spec.event_definition, Error
        ):
            yield self._entry(str(task.id), spec.bpmn_id, spec.event_definition, task)

    def _entry(self, entry_id: str, node_id: str, definition: Any, task: Any) -> Waiting:
        node = self.program.nodes[node_id]
        if isinstance(definition, Timer):
            due = _EPOCH + timedelta(microseconds=task.internal_data["due"])
            return Waiting(entry_id, node_id, "timer", None, due, node.attached_to)
        return Waiting(entry_id, node_id, "message", definition.name, None, node.attached_to)

    def due_at(self) -> datetime | None:
        """The earliest moment of a timer."""
        due = self._next_due()
        return None if due is None else _EPOCH + timedelta(microseconds=due)

    def scope_of(self, task_id: str) -> Mapping[str, Any]:
        """The variables visible at a task. Raises KeyError."""
        task = self._task(str(task_id).partition(".")[0])
        if task is None:
            raise KeyError(task_id)
        return self.scopes.seen(self.scope_id(task))

    def workflows(self) -> list[Any]:
        return [self.flow, *self.flow.subprocesses.values()]

    def _armed(self) -> list[Any]:
        return [
            task
            for task in self.flow.event_manager.tasks.values()
            if task.state == TaskState.WAITING and task.id in task.workflow.tasks
        ]

    def _next_due(self) -> int | None:
        if self.flow.completed:
            return None
        moments = [task.internal_data["due"] for task in self._armed() if "due" in task.internal_data]
        return min(moments, default=None)

    def _task(self, task_id: str) -> Any:
        if not task_id.isascii() or not task_id.isdigit():
            return None
        wanted = int(task_id)
        for workflow in self.workflows():
            if wanted in workflow.tasks:
                return workflow.tasks[wanted]
        return None

    # ── what the elements ask ──────────────────────────────────────────────────────────────────

    def evaluate(self, text: str, task: Any) -> Any:
        return self.services.evaluate(text, self.scopes.seen(self.scope_id(task)))

    def work(self, task: Any) -> bool | None:
        """Calls the operation or decision of a task; an error goes to the nearest event that catches it."""
        node = self.program.nodes[task.task_spec.bpmn_id]
        key = self.scope_id(task)
        scope = self.scopes.seen(key)
        try:
            if node.kind == "business_rule_task":
                self._take(node, key, self.services.decide(node.decision or "", scope))
            elif node.operation is not None:
                params = {p.name: self.services.evaluate(p.value, scope) for p in node.parameters}
                result = self.services.call(node.operation, params, node.id, scope)
                if node.result_variable and result is not None:
                    self.scopes.own(key)[node.result_variable] = result
        except BpmnError as error:
            if not self._caught(task, error.code):
                raise
            return None
        return True

    def _take(self, node: Node, key: Any, value: Any) -> None:
        """A decision's result: under its variable's name, or its outputs by their own names."""
        own = self.scopes.own(key)
        if node.result_variable:
            own[node.result_variable] = value
        elif isinstance(value, Mapping):
            own.update(value)

    def _caught(self, task: Any, code: str) -> bool:
        """Finds the innermost error boundary event for a code and fires it."""
        while task is not None:
            split = task.parent
            if split is not None and isinstance(split.task_spec, BoundaryEventSplit):
                for other in split.children:
                    found = getattr(other.task_spec, "event_definition", None)
                    if (
                        isinstance(found, Error)
                        and other.state == TaskState.WAITING
                        and found.code in (None, code)
                    ):
                        other.task_spec.catch(other, None)
                        other.task_spec._update(other)
                        return True
            if split is not None and isinstance(split.task_spec, LoopTask):
                task = split
            elif task.workflow is not self.flow:
                owner = task.workflow.parent_task_id
                task = task.workflow.parent_workflow.tasks[owner]
            else:
                task = None
        return False

    def arm(self, timer: Timer, task: Any) -> tuple[int, bool]:
        """The moment of a timer that is armed now, and whether it is past already (H15)."""
        now = self.services.now()
        value = self.evaluate(timer.expression, task)
        due = micros(moment(value, now))
        return due, due < micros(now)

    def throw(self, task: Any, message: str) -> None:
        scope = self.scopes.seen(self.scope_id(task))
        self.services.thrown(message, task.task_spec.bpmn_id, scope)

    def entering(self, task: Any) -> None:
        """A token passes an element of the diagram."""
        spec = task.task_spec
        if spec.bpmn_id not in self.program.nodes:
            return
        if isinstance(spec, LoopTask | SubWorkflowTask) or "key_or_index" in task.internal_data:
            return  # told when it began
        if isinstance(spec, EndEvent):
            self.end_nodes.append(spec.bpmn_id)
        self._entered(task, self._late(task))

    def _entered(self, task: Any, late: bool = False) -> None:
        self.services.entered(task.task_spec.bpmn_id, self.scopes.seen(self.scope_id(task)), late)

    def _late(self, task: Any) -> bool:
        """A timer whose moment was past when it was armed, or beside which its activity's deadline is over."""
        spec = task.task_spec
        if not isinstance(spec, CatchingEvent) or "due" not in task.internal_data:
            return False
        if task.internal_data.get("past"):
            return True
        if not isinstance(spec, BoundaryEvent) or spec.cancel_activity or task.parent is None:
            return False
        now = micros(self.services.now())
        return any(
            isinstance(other.task_spec, BoundaryEvent)
            and other.task_spec.cancel_activity
            and other.internal_data.get("due", now + 1) <= now
            for other in task.parent.children
        )

    def _note_user_tasks(self) -> None:
        """Tells of user tasks that have opened in this advance."""
        for workflow in self.workflows():
            for task in list(workflow.tasks.values()):
                if task.state != TaskState.READY or not task.task_spec.manual or "seen" in task.internal_data:
                    continue
                task.internal_data["seen"] = 1
                if "key_or_index" not in task.internal_data:
                    self._entered(task)

    # ── scopes ─────────────────────────────────────────────────────────────────────────────────

    def scope_id(self, task: Any) -> Any:
        """The scope in which a task reads and writes."""
        if "key_or_index" in task.internal_data:
            self._open_child(task)
            return task.id
        workflow = task.workflow
        return ROOT if workflow is self.flow else workflow.parent_task_id

    def _open_child(self, task: Any) -> None:
        if task.id in self.scopes.inner or task.parent is None:
            return
        loop = task.parent
        node = self.program.nodes[loop.task_spec.bpmn_id]
        index = task.internal_data["key_or_index"]
        values = {}
        if node.loop is not None and node.loop.element:
            items = self.scopes.own(loop.id).get("$items") if loop.id in self.scopes.inner else None
            values[node.loop.element] = items[index] if items else index + 1
        self.scopes.open(task.id, self.scope_id(loop), values)

    def count_instances(self, loop: Any) -> int:
        """How many children a multi-instance activity gets; a collection is kept until it ends."""
        node = self.program.nodes[loop.task_spec.bpmn_id]
        self._entered(loop)
        if node.loop is None:
            raise RuntimeError(f"{node.id} is no loop")
        if node.loop.results:
            self.scopes.own(self.scope_id(loop))[node.loop.results] = []
        if node.loop.collection:
            found = self.evaluate(node.loop.collection, loop)
            items = [] if found is None else list(found) if isinstance(found, list | tuple) else [found]
            self.scopes.open(loop.id, self.scope_id(loop), {"$items": items})
            return len(items)
        count = self.evaluate(node.loop.cardinality or "0", loop)
        return max(0, int(count or 0))

    def gather(self, loop: Any, child: Any) -> None:
        """The result of a finished child joins the list, and its scope is closed."""
        node = self.program.nodes[loop.task_spec.bpmn_id]
        values = self.scopes.close(child.id)
        if node.loop is not None and node.loop.results:
            own = self.scopes.own(self.scope_id(loop))
            result = {name: value for name, value in values.items() if name != node.loop.element}
            own[node.loop.results] = [*own.get(node.loop.results, ()), result]

    def enter_scope(self, task: Any, _inner: Any) -> None:
        """An embedded subprocess or a called process begins."""
        if "key_or_index" not in task.internal_data:
            self._entered(task)
            self.scopes.open(task.id, self.scope_id(task))

    def leave_scope(self, task: Any) -> None:
        """It has ended: a called process hands out the names of `qh:out`; the rest is gone."""
        if "key_or_index" in task.internal_data:
            return  # gathered by its loop
        values = self.scopes.close(task.id)
        node = self.program.nodes[task.task_spec.bpmn_id]
        out = node.ext.get("out", "").replace(",", " ").split()
        self.scopes.own(self.scope_id(task)).update({name: values[name] for name in out if name in values})

    def drop_scope(self, task_id: Any) -> None:
        self.scopes.close(task_id)

    # ── lasting ids ────────────────────────────────────────────────────────────────────────────

    def settle(self) -> None:
        """Gives small lasting ids to tasks that were made in this step."""
        names: dict[Any, Any] = {}
        for workflow in self.workflows():
            for task in [t for t in workflow.tasks.values() if not isinstance(t.id, int)]:
                self.last_id += 1
                names[task.id] = self.last_id
        if not names:
            return
        for workflow in self.workflows():
            _rename(workflow, names)
        flow = self.flow
        flow.subprocesses = {names.get(key, key): inner for key, inner in flow.subprocesses.items()}
        for inner in flow.subprocesses.values():
            inner.parent_task_id = names.get(inner.parent_task_id, inner.parent_task_id)
        manager = flow.event_manager
        manager.tasks = {task.id: task for task in manager.tasks.values()}
        self.scopes.rename(names)

    def dump(self) -> tuple[bytes, dict[str, Any]]:
        """The position, compact and pruned, and the variables as JSON."""
        return codec.dump(self), self.scopes.dump(feel.to_json)


def _rename(workflow: Any, names: Mapping[Any, Any]) -> None:
    changed = {}
    for task in workflow.tasks.values():
        task.id = names.get(task.id, task.id)
        task._parent = names.get(task._parent, task._parent)
        task._children = [names.get(child, child) for child in task._children]
        merged = task.internal_data.get("merged")
        if merged:
            strings = {str(old): str(new) for old, new in names.items()}
            task.internal_data["merged"] = [strings.get(old, old) for old in merged]
        changed[task.id] = task
    workflow.tasks = changed


def micros(instant: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    span = instant.astimezone(UTC) - _EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def moment(value: Any, now: datetime) -> datetime:
    """The instant of a timer's value; naive ones are the office's. Raises ValueError for anything else (H8, H9)."""
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=clock.office_zone())
    if isinstance(value, date):
        return clock.start_of_day(value)
    if isinstance(value, timedelta):
        return now + value
    months = getattr(value, "months", None)
    if isinstance(months, int):
        here = now.astimezone(clock.office_zone())
        count = here.year * 12 + here.month - 1 + months
        year, month = divmod(count, 12)
        day = min(here.day, _days(year, month + 1))
        return here.replace(year=year, month=month + 1, day=day)
    raise ValueError(f"not a moment: {value!r}")


def _days(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day

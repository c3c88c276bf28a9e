"""The tree of tokens: what SpiffWorkflow's Task and Workflow are here."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.scopes import Scope

if TYPE_CHECKING:
    from engine.spiff.run import Run

FUTURE, WAITING, READY, STARTED = TaskState.FUTURE, TaskState.WAITING, TaskState.READY, TaskState.STARTED
COMPLETED, CANCELLED = TaskState.COMPLETED, TaskState.CANCELLED
ROOT = -1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)


class Way(NamedTuple):
    """A flow and where it leads. `arrival` numbers it among the flows into a joining gateway."""

    flow_id: str
    target: Any
    arrival: int | None


class Token(Task):
    """A task of the tree. Its id is a small number, unique in the instance's life; no clock, no log lines."""

    def __init__(
        self, workflow: Any, task_spec: Any, parent: Any = None, state: int = FUTURE, id: int | None = None
    ) -> None:
        if id is None:
            top = workflow.top_workflow
            top.last_id += 1
            id = top.last_id
        super().__init__(workflow, task_spec, parent, state, id)
        self.own_scope: Scope | None = None

    def _set_state(self, value: int) -> None:
        self._state = value
        if value == READY and not self.task_spec.manual:
            self.workflow.top_workflow.agenda.append(self)

    def _add_child(self, task_spec: Any, state: int = FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state)

    @property
    def scope(self) -> Scope:
        """The innermost scope: an instance's of a multi-instance activity, else the level's."""
        return self.own_scope or self.workflow.scope

    @property
    def due(self) -> datetime | None:
        """The stored moment of a timer, set when it was armed."""
        stored = self.internal_data.get("d")
        return None if stored is None else EPOCH + stored * MICRO


# ── workflows ──────────────────────────────────────────────────────────────────────────────────────


class Level:
    """What a process and a subprocess have in common. The library's own bookkeeping is left aside."""

    spec: Any
    scope: Scope
    tasks: dict[int, Token]
    task_tree: Token
    top_workflow: Any
    completed: bool

    def plant(self) -> None:
        """The root, which is there before and after every token."""
        self.task_tree = Token(self, self.spec.start, None, COMPLETED, ROOT)

    def begin(self) -> None:
        """A token at the start event."""
        for spec in self.spec.begins:
            spec._update(self.task_tree._add_child(spec))

    def leave(self, token: Token, ways: tuple[Way, ...]) -> None:
        """The token goes on: out of its group, to the targets of its flows."""
        token.parent.task_spec.left(token.parent, token)
        run, root = self.top_workflow.run, self.task_tree
        for way in ways:
            run.took(way.flow_id)
            child = root._add_child(way.target)
            if way.arrival is not None:
                child.internal_data["f"] = way.arrival
            way.target._update(child)
        self.settle()

    def settle(self) -> None:
        """Completes the level when no token is left in it."""
        if len(self.tasks) == 1 and not self.completed:
            self.completed = True
            self.closed()

    def closed(self) -> None:
        """Tells whom the completion of the level concerns."""

    def clear(self) -> None:
        """Takes every token away."""
        for token in self.task_tree.children:
            self._remove_task(token.id)

    def _remove_task(self, task_id: int) -> None:
        """Takes a task and all below it out of the tree."""
        task = self.tasks[task_id]
        for child in list(task._children):
            self._remove_task(child)
        self.tasks[task._parent]._children.remove(task_id)
        del self.tasks[task_id]
        self._task_removed_notify(task)

    def _task_removed_notify(self, task: Token) -> None:
        """H18: what runs inside a task goes with it, and its scope. H19: what is gone is not READY any more."""
        if not task.has_state(TaskState.FINISHED_MASK):
            task._state = CANCELLED
        inner = self.top_workflow.subprocesses.pop(task.id, None)
        if inner is not None:
            inner.completed = True
            inner.clear()
            inner.scope.drop()
        if task.own_scope is not None:
            task.own_scope.drop()

    def _task_completed_notify(self, task: Token) -> None:
        """The library would look at every waiting task of the tree here."""


class Instance(Level, BpmnWorkflow):
    """A running process. `agenda` are the tasks to run, in order; the library would search the tree for them."""

    def __init__(self, spec: Any, subprocess_specs: Mapping[str, Any], run: Run, scope: Scope) -> None:
        self.agenda: deque[Token] = deque()
        self.last_id = 0
        self.run = run
        self.scope = scope
        super().__init__(spec, subprocess_specs, script_engine=NoScripts(), deserializing=True)
        self.plant()

    def create_subprocess(self, my_task: Token, spec_name: str) -> Inner:
        inner = Inner(self.subprocess_specs[spec_name], my_task.id, self, deserializing=True)
        self.subprocesses[my_task.id] = inner
        inner.plant()
        return inner

    def levels(self) -> Iterator[Any]:
        """This level and all inside it."""
        yield self
        yield from list(self.subprocesses.values())


class Inner(Level, BpmnSubWorkflow):
    """A running subprocess or called process."""

    def closed(self) -> None:
        owner = self.top_workflow.get_task_from_id(self.parent_task_id)
        owner.task_spec.inner_closed(owner, self)


class NoScripts:
    """H2 of section 2: nothing a diagram says is Python. Nothing of ours comes here; whatever does, is refused."""

    def evaluate(self, *_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("expressions are FEEL and are evaluated by the services")

    execute = call_service = evaluate

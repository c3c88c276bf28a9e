"""The stored position of a run: rows of numbers, none of the library's formats (H2, H3, H6).

    [format, last id, [workflow, …]]      workflow: [parent task or null, spec number, completed, row, …]
    row: [id, parent id or 0, task spec number, state, triggered, internal data?]

Rows stand parents first and siblings in order. Task data is not stored: variables lie in scopes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.mends import Flow, InnerFlow
from engine.spiff.prune import prune

if TYPE_CHECKING:
    from engine.spiff.run import Run

FORMAT = 1
#: Keys of a task's internal data that outlive a step.
_KEPT = frozenset(
    {"due", "past", "event_fired", "seen", "chosen", "key_or_index", "merged", "current", "cardinality"}
)


class Table:
    """Numbers for the specs of a program: by name, so that the same files always give the same numbers."""

    def __init__(self, specs: Mapping[str, Any]) -> None:
        self.processes = sorted(name for name, spec in specs.items() if spec is not None)
        self.process_number = {name: number for number, name in enumerate(self.processes)}
        self.tasks = [sorted(specs[name].task_specs) for name in self.processes]
        self.task_number = [{name: n for n, name in enumerate(names)} for names in self.tasks]
        self.task_specs = [
            [specs[name].task_specs[task] for task in names]
            for name, names in zip(self.processes, self.tasks, strict=True)
        ]


def dump(run: Run) -> bytes:
    """The position of a settled run, pruned."""
    table = run.program.table
    prune(run.flow)
    workflows = []
    for workflow in run.workflows():
        number = table.process_number[workflow.spec.name]
        rows = _rows(workflow, table.task_number[number])
        owner = None if workflow is run.flow else workflow.parent_task_id
        workflows.append([owner, number, int(workflow.completed), rows])
    return orjson.dumps([FORMAT, run.last_id, run.limit, workflows])


def _rows(workflow: Any, numbers: Mapping[str, int]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    tasks = workflow.tasks
    todo = [workflow.task_tree.id]
    while todo:
        task = tasks[todo.pop()]
        row = [task.id, task._parent or 0, numbers[task.task_spec.name], task._state, int(task.triggered)]
        data = {
            key: value
            for key, value in task.internal_data.items()
            if key in _KEPT and value not in (None, False)
        }
        if data:
            row.append(data)
        rows.append(row)
        todo.extend(reversed(task._children))
    return rows


def restore(run: Run, state: bytes) -> Run:
    """Puts a stored position into a blank run. Raises ValueError for another format."""
    stored = orjson.loads(state)
    if stored[0] != FORMAT:
        raise ValueError(f"position of format {stored[0]}")
    run.last_id, run.limit = stored[1], stored[2]
    for owner, number, completed, rows in stored[3]:
        workflow = run.flow if owner is None else _inner(run, owner, number)
        _tasks(workflow, rows, run.program.table.task_specs[number])
        workflow.completed = bool(completed)
    for workflow in run.workflows():
        _connect(run.flow, workflow)
    return run


def _inner(run: Run, owner: int, number: int) -> Any:
    flow = run.flow
    spec = run.program.specs[run.program.table.processes[number]]
    workflow = InnerFlow(spec, owner, flow, deserializing=True)
    flow.subprocesses[owner] = workflow
    task = next(w.tasks[owner] for w in run.workflows() if owner in w.tasks)
    workflow.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return workflow


def _tasks(workflow: Any, rows: list[list[Any]], specs: list[Any]) -> None:
    tasks = workflow.tasks
    for row in rows:
        task: Any = Task.__new__(Task)
        task.id, parent, number, task._state = row[0], row[1], row[2], row[3]
        task.workflow = workflow
        task._parent = parent or None
        task._children = []
        task.triggered = bool(row[4])
        task.task_spec = specs[number]
        task.thread_id = 0
        task.data = {}
        task.internal_data = row[5] if len(row) > 5 else {}
        task.last_state_change = 0.0
        tasks[task.id] = task
        if parent:
            tasks[parent]._children.append(task.id)
    workflow.task_tree = tasks[rows[0][0]]
    workflow.last_task = workflow.task_tree


def _connect(flow: Flow, workflow: Any) -> None:
    """Events that are waited for are known to the event manager again."""
    for task in workflow.tasks.values():
        if task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            flow.event_manager.add_task(task)

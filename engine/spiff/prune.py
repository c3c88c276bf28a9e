"""Cutting the finished past out of a tree of tasks, inside branches too (H1, H12).

SpiffWorkflow keeps everything that ever ran below its root, and walks it at each step. What has finished and
no unfinished task depends on is taken away; our own history keeps the way.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.mends import ParallelJoin


def prune(flow: Any) -> None:
    """Prunes a workflow and its subprocesses; those of finished tasks are forgotten."""
    _tree(flow)
    for inner in flow.subprocesses.values():
        _tree(inner)
    alive = {task_id for workflow in (flow, *flow.subprocesses.values()) for task_id in workflow.tasks}
    for owner in [key for key in flow.subprocesses if key not in alive or flow.subprocesses[key].completed]:
        flow.subprocesses.pop(owner)


def _tree(workflow: Any) -> None:
    live = _live(workflow)
    _drop_dead(workflow, live)
    _splice(workflow)


def _live(workflow: Any) -> set[Any]:
    """Tasks that are unfinished or have an unfinished one below, but predictions of the finished."""
    tasks, live = workflow.tasks, set()
    for task in tasks.values():
        if task.has_state(TaskState.FINISHED_MASK) or task.id in live:
            continue
        current: Any = task
        while current is not None and current.id not in live:
            live.add(current.id)
            current = tasks.get(current._parent)
    return live


def _drop_dead(workflow: Any, live: set[Any]) -> None:
    """Finished branches without anything open below, where no open group needs to see them."""
    for task in list(workflow.tasks.values()):
        if task.id in live or task.id not in workflow.tasks or task is workflow.task_tree:
            continue
        parent = task.parent
        if parent is None or parent.id not in live or _needed(task, parent):
            continue
        _remove(workflow, task)


def _needed(task: Any, parent: Any) -> bool:
    """A finished child that its open parent still counts: of a loop, or the activity of a boundary group."""
    if isinstance(parent.task_spec, LoopTask):
        return not parent.has_state(TaskState.FINISHED_MASK)
    if isinstance(parent.task_spec, BoundaryEventSplit):
        return not isinstance(task.task_spec, BoundaryEvent) or task.task_spec.cancel_activity
    return False


def _splice(workflow: Any) -> None:
    """Completed tasks with open ones below give their place to their children."""
    root = workflow.task_tree
    for task in list(workflow.tasks.values()):
        if task is root or task.id not in workflow.tasks or not task.has_state(TaskState.FINISHED_MASK):
            continue
        if not _replaceable(task):
            continue
        parent = task.parent
        at = parent._children.index(task.id)
        for child in task.children:
            child._parent = parent.id
        parent._children[at : at + 1] = task._children
        workflow.tasks.pop(task.id)


def _replaceable(task: Any) -> bool:
    if not task._children or isinstance(task.task_spec, LoopTask):
        return False
    parent = task.parent
    if isinstance(parent.task_spec, BoundaryEventSplit) and not _closed(parent):
        return False
    if isinstance(task.task_spec, BoundaryEventSplit):
        return _closed(task)
    # A waiting join reads from which flow a token came: from its parent.
    return not any(
        isinstance(child.task_spec, ParallelJoin) and child.state == TaskState.WAITING
        for child in task.children
    )


def _closed(split: Any) -> bool:
    """Whether a boundary group is over: no event armed, the activity finished, no join of its own open."""
    for child in split.children:
        spec = child.task_spec
        if isinstance(spec, BoundaryEvent):
            if not child.has_state(TaskState.FINISHED_MASK):
                return False
        elif spec.name == split.task_spec.outputs[0].name and not child.has_state(TaskState.FINISHED_MASK):
            return False
    return not _open_join(split)


def _open_join(split: Any) -> bool:
    tasks, todo = split.workflow.tasks, list(split._children)
    while todo:
        task = tasks[todo.pop()]
        spec = task.task_spec
        if isinstance(spec, BoundaryEventJoin) and spec.split_task == split.task_spec.name:
            if not task.has_state(TaskState.FINISHED_MASK):
                return True
            continue
        if isinstance(spec, BoundaryEventSplit) and spec.name == split.task_spec.name:
            continue
        todo += task._children
    return False


def _remove(workflow: Any, task: Any) -> None:
    tasks = workflow.tasks
    tasks[task._parent]._children.remove(task.id)
    todo = [task.id]
    while todo:
        gone = tasks.pop(todo.pop())
        todo += gone._children

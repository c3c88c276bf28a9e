"""What SpiffWorkflow 3.2.1a1788363675 gets wrong, mended: one class or function for each hazard.

The hazards' names are those of the list that was measured with the library; each has a regression test
`test_h16_…` in tests/engine/spiff. A spec's class is exchanged after parsing (`mend`), the library itself is
not touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    CallActivity,
    EventBasedGateway,
    ParallelGateway,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    ServiceTask,
    SubWorkflowTask,
)
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.spiff.elements import Timer, Work


class BoundaryJoin(BoundaryEventJoin):
    """H16: an interrupting event that leads back to its own activity cancelled the joins of later rounds too.

    Only joins whose nearest split above is this one belong together.
    """

    def _find_tasks(self, my_task: Any) -> list[Any]:
        split = my_task.find_ancestor(self.split_task)
        return [task for task in super()._find_tasks(my_task) if task.find_ancestor(self.split_task) is split]

    def _check_threshold_structured(self, my_task: Any) -> tuple[bool, list[Any]]:
        """The activity's end or an interrupting event closes the group: what still waits in it is cancelled."""
        finished, cancel = super()._check_threshold_structured(my_task)
        return finished, [task for task in cancel if not task.has_state(TaskState.FINISHED_MASK)]


class Boundary(BoundaryEvent):
    """H22: a non-interrupting message is caught each time while the activity is open, not once only."""

    def _on_complete_hook(self, my_task: Any) -> None:
        super()._on_complete_hook(my_task)
        if self.cancel_activity or isinstance(self.event_definition, Timer):
            return
        split = my_task.parent
        main = [task for task in split.children if not isinstance(task.task_spec, BoundaryEvent)]
        if any(not task.has_state(TaskState.FINISHED_MASK) for task in main):
            again = split._add_child(self, TaskState.FUTURE)
            again.triggered = True
            again._set_state(TaskState.WAITING)
            self._predict(again)
            self._update(again)


class ParallelJoin(ParallelGateway):
    """H20 (and H0): arrivals are tokens, not the tree's past.

    A copy of the gateway waits for each token that has arrived. When one waits for every incoming flow, the
    oldest of each is consumed and the newest goes on; the rest wait for the next round, nothing is dropped.
    """

    def _update_hook(self, my_task: Any) -> bool:
        needed = dict.fromkeys(self._inputs)
        copies = [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self
            and (task is my_task or task.state == TaskState.WAITING)
            and task.parent is not None
            and task.parent.state == TaskState.COMPLETED
        ]
        oldest: dict[str, Any] = {}
        for task in copies:
            oldest.setdefault(task.parent.task_spec.name, task)
        if (
            my_task.parent is None
            or my_task.parent.state != TaskState.COMPLETED
            or set(oldest) != set(needed)
        ):
            my_task._set_state(TaskState.WAITING)
            return False
        own = my_task.parent.task_spec.name
        goes = oldest[own]
        for name, task in oldest.items():
            if name != own:
                task._set_state(TaskState.CANCELLED)
                task._drop_children()
        if goes is not my_task:
            my_task._set_state(TaskState.WAITING)
            goes._ready()
            return False
        return True

    def _run_hook(self, my_task: Any) -> bool:
        return True


class _ArrivingLoop(LoopTask):
    """H17: reached from a boundary event, a loop task was still only predicted when it made its children."""

    def _update_hook(self, my_task: Any) -> Any:
        if my_task.has_state(TaskState.PREDICTED_MASK):
            my_task._set_state(TaskState.FUTURE)
        return super()._update_hook(my_task)

    def create_child(self, my_task: Any, item: Any, key_or_index: Any = None) -> None:
        """Every child knows its number: it has a scope of its own (H13)."""
        super().create_child(my_task, item, item if key_or_index is None else key_or_index)  # type: ignore[misc]


class ParallelLoop(_ArrivingLoop, ParallelMultiInstanceTask):
    """Multi-instance in parallel, by cardinality; a collection is a cardinality with an element per scope."""

    def merge_child(self, workflow: Any, child: Any) -> None:
        my_task = child.parent
        workflow.top_workflow.run.gather(my_task, child)
        super().merge_child(workflow, child)
        if my_task.state == TaskState.READY:
            for other in self._instances(my_task):
                if other.state == TaskState.CANCELLED:
                    drop_inside(other)


class SequentialLoop(_ArrivingLoop, SequentialMultiInstanceTask):
    """Multi-instance one after the other."""

    def merge_child(self, workflow: Any, child: Any) -> None:
        workflow.top_workflow.run.gather(child.parent, child)
        super().merge_child(workflow, child)


class Inner(SubWorkflowTask):
    """An embedded subprocess: its variables lie in scopes, so nothing is copied (H5, H13)."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        subworkflow.top_workflow.run.enter_scope(my_task, subworkflow)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        subworkflow.top_workflow.run.leave_scope(my_task)

    def _on_cancel(self, my_task: Any) -> None:
        drop_inside(my_task)
        TaskSpec._on_cancel(self, my_task)


class Called(CallActivity, Inner):
    """A called process, likewise."""

    copy_data = Inner.copy_data
    update_data = Inner.update_data
    _on_cancel = Inner._on_cancel


class EventGateway(EventBasedGateway):
    """H23: the gateway keeps which of its events came first; its one timer is listed like any other.

    `alternatives`: name of the following event's spec → its definition.
    """

    alternatives: dict[str, Any]

    def _update_hook(self, my_task: Any) -> bool:
        TaskSpec._update_hook(self, my_task)
        data = my_task.internal_data
        for name, definition in self.alternatives.items():
            if isinstance(definition, Timer) and definition.has_fired(my_task):
                data.setdefault("chosen", name)
        if "chosen" in data:
            return True
        if my_task.state != TaskState.WAITING:
            my_task._set_state(TaskState.WAITING)
        my_task.workflow.top_workflow.event_manager.add_task(my_task)
        return False

    def _run_hook(self, my_task: Any) -> bool:
        chosen = self._wf_spec.task_specs[my_task.internal_data["chosen"]]
        my_task._sync_children([chosen], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class Flow(BpmnWorkflow):
    """The workflow of one run."""

    run: Any

    def create_subprocess(self, my_task: Any, spec_name: str) -> Any:
        inner = InnerFlow(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = inner
        return inner

    def _do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> bool:
        """H19: what a terminate end has cancelled in this pass does not run; only what is still READY does."""
        before = self.get_active_subprocesses()
        for inner in sorted(before, key=lambda sub: sub.depth, reverse=True):
            while self._pass(inner):
                pass
            if inner.parent_task_id in _tasks_of(self, inner):
                parent = self.get_task_from_id(inner.parent_task_id)
                if not parent.has_state(TaskState.FINISHED_MASK):
                    parent.task_spec._update(parent)
        count = self._pass(self)
        return bool(count > 0 or len(self.get_active_subprocesses()) > len(before))

    def _pass(self, workflow: Any) -> int:
        count = 0
        for task in [t for t in workflow.tasks.values() if t.state == TaskState.READY]:
            if task.state != TaskState.READY or task.task_spec.manual or task.id not in workflow.tasks:
                continue
            self.run.entering(task)
            task.run()
            count += 1
        return count

    def refresh_timers(self) -> None:
        """Timers that the clock hand has passed fire, also at event gateways."""
        for task in list(self.event_manager.tasks.values()):
            spec = task.task_spec
            timed = isinstance(spec.event_definition, Timer) or isinstance(spec, EventGateway)
            if timed and task.id in task.workflow.tasks:
                spec._update(task)

    def _task_removed_notify(self, task: Any) -> None:
        super()._task_removed_notify(task)
        drop_inside(task)


def _tasks_of(flow: Flow, inner: Any) -> Iterable[Any]:
    parent = inner.parent_workflow if inner.parent_task_id is not None else flow
    return parent.tasks if parent is not None else ()


class InnerFlow(BpmnSubWorkflow):
    """A subprocess of a run (H18: what is removed takes its own subprocess and events with it)."""

    @property
    def parent_workflow(self) -> Any:
        for workflow in (self.top_workflow, *self.top_workflow.subprocesses.values()):
            if self.parent_task_id in workflow.tasks:
                return workflow
        return None

    def _calculate_depth(self) -> int:
        current, depth = self.parent_workflow, 0
        while current is not None:
            depth, current = depth + 1, current.parent_workflow
        return depth

    def _task_removed_notify(self, task: Any) -> None:
        super()._task_removed_notify(task)
        drop_inside(task)


def drop_inside(task: Any) -> None:
    """H18: a removed or cancelled task takes its subprocess, recursively, and its event registration away."""
    top = task.workflow.top_workflow
    top.event_manager.remove_task(task)
    inner = top.subprocesses.pop(task.id, None)
    if inner is None:
        return
    for child in list(inner.tasks.values()):
        if not child.has_state(TaskState.FINISHED_MASK):
            child._state = TaskState.CANCELLED
        drop_inside(child)
    inner.completed = True
    top.run.drop_scope(task.id)


_MENDED: dict[type, type] = {
    BoundaryEventJoin: BoundaryJoin,
    BoundaryEvent: Boundary,
    ParallelGateway: ParallelJoin,
    ParallelMultiInstanceTask: ParallelLoop,
    SequentialMultiInstanceTask: SequentialLoop,
    SubWorkflowTask: Inner,
    CallActivity: Called,
    EventBasedGateway: EventGateway,
    ServiceTask: Work,
}


def mend(specs: Iterable[Any]) -> None:
    """Exchanges the classes of a parsed process' specs, and connects loops to their children (H11).

    H11: on specs parsed by another process, parallel loops hung for ever, as the signal that merges a child
    is connected only where the child was created.
    """
    for process in specs:
        for spec in process.task_specs.values():
            mended = _MENDED.get(type(spec))
            if mended is not None:
                spec.__class__ = mended
        for spec in process.task_specs.values():
            if isinstance(spec, LoopTask):
                process.task_specs[spec.task_spec].completed_event.connect(spec.merge_child)


__all__ = ["CatchingEvent", "EventGateway", "Flow", "InnerFlow", "ParallelJoin", "drop_inside", "mend"]

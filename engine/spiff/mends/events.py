"""Events that are waited for, and errors, which are not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins import (
    BoundaryEventMixin,
    BpmnSpecMixin,
    EventBasedGatewayMixin,
    IntermediateCatchEventMixin,
)

from engine.bpmn import Node
from engine.spiff.errors import BadValue, BpmnError
from engine.spiff.mends.reached import Reached
from engine.spiff.mends.tokens import EPOCH, MICRO, ROOT, STARTED, WAITING, Token
from engine.spiff.moments import literal, moment
from engine.spiff.scopes import Scope

if TYPE_CHECKING:
    from engine.spiff.run import Run


class Armed(Reached):
    """A message or timer that a token waits for. Timers are ours: armed with a moment that is stored (H8, H9, H23)."""

    node: Node

    def _update(self, my_task: Token) -> None:
        if self.node.event == "none":  # an intermediate event without a trigger is passed through
            super()._update(my_task)
            return
        if self.node.event == "message" and self.node.kind == "catch_event" and my_task.parent.id == ROOT:
            self.entered(my_task)
        self.arm(my_task)

    def arm(self, my_task: Token) -> None:
        my_task._set_state(WAITING)
        if self.node.event == "timer":
            run = my_task.workflow.top_workflow.run
            now = run.services.now()
            due = self._moment(run, my_task.scope, now)
            my_task.internal_data["d"] = (due - EPOCH) // MICRO
            if due < now:
                my_task.internal_data["l"] = 1  # H15: it fires at once, and says that it is late

    def _moment(self, run: Run, scope: Scope, now: datetime) -> datetime:
        text = (self.node.event_ref or "").strip()
        value = text if literal(text) else run.services.evaluate(text, scope.visible())
        try:
            return moment(value, now)
        except (ValueError, OverflowError):
            raise BadValue(
                self.node.id, f"定时器的值不是时长、日期或时刻：{value!r}",
                f"the timer gave no duration, date or moment: {value!r}",
            ) from None  # fmt: skip

    def fire(self, my_task: Token, late: bool = False) -> None:
        """The event has happened. What competes with it goes away, and its token goes on."""
        group = my_task.parent
        if isinstance(group.task_spec, EventBasedGateway):
            _remove_others(group, my_task)
            my_task.workflow.top_workflow.run.took(self.entry_flow)
        if self.node.event == "timer" or self.node.kind == "boundary_event" or group.id != ROOT:
            self.entered(my_task, late)
        my_task.run()

    @property
    def entry_flow(self) -> str:
        return self.node.incoming[0]


class CatchEvent(Armed, IntermediateCatchEventMixin, BpmnSpecMixin):
    """An intermediate message or timer event."""


class BoundaryEvent(Armed, BoundaryEventMixin, BpmnSpecMixin):
    """A message, timer or error event at an activity."""

    def fire(self, my_task: Token, late: bool = False) -> None:
        """H16: only its own round is interrupted. H22: a message that does not interrupt is armed again."""
        group = my_task.parent
        if self.cancel_activity:
            _remove_others(group, my_task)
        elif self.node.event == "message":
            self.arm(group._add_child(self))
        self.entered(my_task, late)
        my_task.run()


class EventBasedGateway(Reached, EventBasedGatewayMixin, BpmnSpecMixin):
    """H23: a group of its events, each with its own moment."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(STARTED)
        for way in self.ways:
            way.target._update(my_task._add_child(way.target))
        return False

    def left(self, group: Token, token: Token) -> None:
        group.workflow._remove_task(group.id)


class Split(Reached, BoundaryEventSplit):
    """An activity with its boundary events. There is no join behind it (H8b, H16): the group goes with its activity."""

    main: Any
    events: tuple[Any, ...] = ()
    errors: Mapping[str | None, Any] = {}

    def _update(self, my_task: Token) -> None:
        my_task._set_state(STARTED)
        for spec in (self.main, *self.events):
            spec._update(my_task._add_child(spec))

    def left(self, group: Token, token: Token) -> None:
        spec = token.task_spec
        gone = token if spec is not self.main and not spec.cancel_activity else group
        group.workflow._remove_task(gone.id)


def _remove_others(group: Token, token: Token) -> None:
    for other in group.children:
        if other is not token:
            group.workflow._remove_task(other.id)


def throw(token: Token, error: BpmnError) -> None:
    """Hands an error to the nearest error event outwards that names its code, or names none. Raises it where
    there is none."""
    while True:
        group = token.parent
        if group is None:
            raise RuntimeError("a root throws nothing")
        if isinstance(group.task_spec, Split):
            errors = group.task_spec.errors
            caught = errors.get(error.code) or errors.get(None)
            if caught is not None:
                caught.fire(group._add_child(caught))
                return
        if group.id != ROOT:
            token = group
        elif token.workflow.parent_task_id is None:
            raise error
        else:
            token = token.workflow.top_workflow.get_task_from_id(token.workflow.parent_task_id)

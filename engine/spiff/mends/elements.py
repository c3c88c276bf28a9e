"""Tasks, gateways and ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.mixins import (
    BpmnSpecMixin,
    EndEventMixin,
    ExclusiveGatewayMixin,
    IntermediateThrowEventMixin,
    ParallelGatewayMixin,
    ServiceTaskMixin,
    StartEventMixin,
    UserTaskMixin,
)

from engine.spiff.errors import BadValue, BpmnError
from engine.spiff.mends.events import throw
from engine.spiff.mends.reached import Reached
from engine.spiff.mends.tokens import WAITING, Token, Way

if TYPE_CHECKING:
    from engine.spiff.run import Services


class StartEvent(Reached, StartEventMixin, BpmnSpecMixin):
    """H14: exactly one; deployment sees to it."""


class UserTask(Reached, UserTaskMixin, BpmnSpecMixin):
    """Waits as READY until it is completed."""


class ServiceTask(Reached, ServiceTaskMixin, BpmnSpecMixin):
    """H7: what the operation raises reaches the caller as it is; a BpmnError first looks for its event."""

    def _run_hook(self, my_task: Token) -> bool | None:
        try:
            self._work(my_task, my_task.workflow.top_workflow.run.services)
        except BpmnError as error:
            throw(my_task, error)
            return None
        return True

    def _work(self, my_task: Token, services: Services) -> None:
        node, scope = self.node, my_task.scope
        if node.operation is None:
            return
        visible = scope.visible()
        params = {p.name: services.evaluate(p.value, visible) for p in node.parameters}
        result = services.call(node.operation, params, node.id, visible)
        if node.result_variable and result is not None:
            scope.values[node.result_variable] = result


class BusinessRuleTask(ServiceTask):
    """A decision of ours, not the library's DMN. Without a result variable its outputs go by their own names."""

    def _work(self, my_task: Token, services: Services) -> None:
        node, scope = self.node, my_task.scope
        value = services.decide(node.decision or "", scope.visible())
        if node.result_variable:
            scope.values[node.result_variable] = value
        elif isinstance(value, Mapping):
            scope.values.update(value)


class ExclusiveGateway(Reached, ExclusiveGatewayMixin, BpmnSpecMixin):
    """Conditions in the order of the flows, then the default. H10: none of them is an error that says so."""

    conditions: tuple[tuple[str, Way], ...] = ()
    default: Way | None = None

    def _chosen(self, my_task: Token) -> tuple[Way, ...]:
        services, visible = my_task.workflow.top_workflow.run.services, my_task.scope.visible()
        for text, way in self.conditions:
            if services.evaluate(text, visible) is True:
                return (way,)
        if self.default is None:
            raise BadValue(
                self.node.id,
                "没有一条流出的条件成立，也没有默认流。",
                "no condition holds, and there is no default",
            )
        return (self.default,)


class ParallelGateway(Reached, ParallelGatewayMixin, BpmnSpecMixin):
    """H0, H20, H21: tokens wait by the flow they came on; one of each flow is consumed, the others go on waiting."""

    arrivals = 1

    def _update(self, my_task: Token) -> None:
        if self._update_hook(my_task):
            self.entered(my_task)
            my_task._ready()

    def _update_hook(self, my_task: Token) -> bool:
        if self.arrivals < 2:
            return True
        my_task._set_state(WAITING)
        first: dict[int, Token] = {}
        for token in my_task.workflow.task_tree.children:
            if token.task_spec is self and token.state == WAITING:
                first.setdefault(token.internal_data["f"], token)
        if len(first) < self.arrivals:
            return False
        for token in first.values():
            if token is not my_task:
                my_task.workflow._remove_task(token.id)
        my_task.internal_data.clear()
        return True


class EndEvent(Reached, EndEventMixin, BpmnSpecMixin):
    """None, message and terminate ends."""

    def _run_hook(self, my_task: Token) -> bool:
        level, node = my_task.workflow, self.node
        run = level.top_workflow.run
        if node.event == "message":
            run.services.thrown(node.event_ref or "", node.id, my_task.scope.visible())
        if level is level.top_workflow:
            run.ended(node.id)
        return True

    def _on_complete(self, my_task: Token) -> None:
        """H19: a terminate end takes everything away, what is READY in the same pass included."""
        level = my_task.workflow
        if self.node.event == "terminate":
            level.clear()
            level.settle()
        else:
            level.leave(my_task, ())


class ThrowEvent(Reached, IntermediateThrowEventMixin, BpmnSpecMixin):
    """None and message throws. A message leaves the instance; who gets it is the services' matter."""

    def _run_hook(self, my_task: Token) -> bool:
        if self.node.event == "message":
            run = my_task.workflow.top_workflow.run
            run.services.thrown(self.node.event_ref or "", self.node.id, my_task.scope.visible())
        return True

"""Our task specs: what SpiffWorkflow calls when a token arrives, handed to the run of the case."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import ServiceTask as SpiffServiceTask
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.operators import Operator


class Work(SpiffServiceTask):
    """A service or business rule task: done by the services of the run, inside the step."""

    def _run_hook(self, my_task: Any) -> bool | None:
        """True where it is done, None where an error event has taken over."""
        done: bool | None = my_task.workflow.top_workflow.run.work(my_task)
        return done


class Condition(Operator):
    """The condition of a flow; only true is true, null is not."""

    def _matches(self, my_task: Any) -> bool:
        run = my_task.workflow.top_workflow.run
        return bool(run.evaluate(self.args[0], my_task) is True)


class Timer(TimerEventDefinition):
    """A timer whose moment the run keeps; it fires when the run's clock hand (`limit`) has passed it."""

    def __init__(self, text: str, kind: str) -> None:
        super().__init__(None, text)
        self.kind = kind

    def has_fired(self, my_task: Any) -> bool:
        data = my_task.internal_data
        run = my_task.workflow.top_workflow.run
        if "due" not in data:
            data["due"], data["past"] = run.arm(self, my_task)
        if not data.get("event_fired") and data["due"] <= run.limit:
            data["event_fired"] = True
        return bool(data.get("event_fired"))

    def update_task(self, my_task: Any) -> None:
        """The moment is set by `has_fired`, which comes first."""

    def reset(self, my_task: Any) -> None:
        my_task.internal_data.pop("event_fired", None)

    def details(self, my_task: Any) -> None:
        """The run lists what waits."""

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class Message(EventDefinition):
    """A message that is waited for; the run hands it to one waiting element (H25)."""

    def catch(self, my_task: Any, event: Any = None) -> None:
        my_task.internal_data["event_fired"] = True

    def reset(self, my_task: Any) -> None:
        my_task.internal_data.pop("event_fired", None)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class Thrown(EventDefinition):
    """A message that leaves the case."""

    def throw(self, my_task: Any) -> None:
        my_task.workflow.top_workflow.run.throw(my_task, self.name)


class Error(Message):
    """An error that a boundary event catches; `code` None catches all."""

    def __init__(self, code: str | None) -> None:
        super().__init__(code)
        self.code = code

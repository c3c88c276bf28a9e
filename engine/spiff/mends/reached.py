"""What all elements have in common, and the root of a level."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.specs.base import TaskSpec

from engine.bpmn import Node
from engine.spiff.mends.tokens import Token, Way


class Reached(TaskSpec):
    """H17, H24: an element is reached, not predicted; its successors come to be when it is left."""

    node: Node
    ways: tuple[Way, ...] = ()

    def _predict(self, *_args: Any, **_kwargs: Any) -> None:
        return None

    def _update(self, my_task: Token) -> None:
        self.entered(my_task)
        if self._update_hook(my_task):
            my_task._ready()

    def entered(self, my_task: Token, late: bool = False) -> None:
        my_task.workflow.top_workflow.run.entered(self.node.id, my_task, late)

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        return None

    def _run_hook(self, my_task: Token) -> bool | None:
        return True

    def _on_complete(self, my_task: Token) -> None:
        my_task.workflow.leave(my_task, self._chosen(my_task))

    def _chosen(self, my_task: Token) -> tuple[Way, ...]:
        return self.ways

    def left(self, group: Token, token: Token) -> None:
        """A token of the group goes on. Below the root every token is alone."""
        group.workflow._remove_task(token.id)


class Root(Reached, BpmnStartTask):
    """Stands where the library has its start task; all tokens of a level are its children."""


class ProcessSpec(BpmnProcessSpec):
    """A level's elements. `begins` are what a token is put on at the start."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs.clear()
        self.start = Root(self, "Start")
        self.end = None
        self.begins: tuple[Any, ...] = ()

"""Activities with something inside: subprocesses, called processes, many instances."""

from __future__ import annotations

from bisect import bisect
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import (
    BpmnSpecMixin,
    CallActivityMixin,
    ParallelMultiInstanceTaskMixin,
    SubWorkflowTaskMixin,
)

from engine import feel
from engine.spiff.errors import BadValue
from engine.spiff.mends.reached import Reached
from engine.spiff.mends.tokens import STARTED, Level, Token
from engine.spiff.scopes import Scope

MOST_INSTANCES = 1000


class Subprocess(Reached, SubWorkflowTaskMixin, BpmnSpecMixin):
    """An embedded subprocess: a level and a scope of its own."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(STARTED)
        inner = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        inner.scope = self.inner_scope(my_task)
        inner.begin()
        return False

    def inner_scope(self, my_task: Token) -> Scope:
        """An instance of a multi-instance activity has its scope already."""
        return my_task.own_scope or my_task.workflow.scope.open(str(my_task.id))

    def found_scope(self, my_task: Token) -> Scope:
        """The inner scope among restored ones."""
        return my_task.own_scope or my_task.workflow.scope.inner(str(my_task.id))

    def inner_closed(self, my_task: Token, inner: Level) -> None:
        """What `qh:out` names is handed out; the rest is gone with the scope."""
        if my_task.own_scope is None or inner.scope is not my_task.own_scope:
            for name in names_of(self.node.ext.get("out")):
                my_task.scope.values[name] = inner.scope.values.get(name)
        my_task._ready()


class CallActivity(Subprocess, CallActivityMixin):
    """H13: a called process sees what is handed in (`qh:in`, else all) and hands out what `qh:out` names."""

    def inner_scope(self, my_task: Token) -> Scope:
        visible = my_task.scope.visible()
        wanted = names_of(self.node.ext.get("in"))
        given = {name: visible[name] for name in (wanted or visible) if name in visible}
        return my_task.scope.open(f"{my_task.id}c", given, closed=True)

    def found_scope(self, my_task: Token) -> Scope:
        return my_task.scope.inner(f"{my_task.id}c")


class MultiInstance(Reached, ParallelMultiInstanceTaskMixin, BpmnSpecMixin):
    """H11, H13: a group of instances, each with a scope of its own; counted by numbers that are stored, not by
    signals between specs. `n` is how many there will be, `k` how many were begun, `o` which are done."""

    one: Any

    def _update_hook(self, my_task: Token) -> bool:
        loop, scope = self.node.loop, my_task.workflow.scope
        assert loop is not None
        items = self._items(my_task)
        if loop.results:
            scope.values[loop.results] = []
        if not items:
            return True
        my_task._set_state(STARTED)
        data = my_task.internal_data
        data["n"], data["o"] = len(items), []
        if loop.sequential:
            data["r"] = feel.to_json(items[1:]) if loop.collection else 0
            self._begin(my_task, 0, items[0])
        else:
            for number, item in enumerate(items):
                self._begin(my_task, number, item)
        return False

    def _items(self, my_task: Token) -> list[Any]:
        """The elements, or as many nothings as the cardinality says."""
        loop, services = self.node.loop, my_task.workflow.top_workflow.run.services
        assert loop is not None
        visible = my_task.scope.visible()
        if loop.collection:
            value = services.evaluate(loop.collection, visible)
            items = list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
        else:
            count = services.evaluate(loop.cardinality or "0", visible)
            if (
                isinstance(count, bool | str)
                or not hasattr(count, "__int__")
                or count != int(count)
                or count < 0
            ):
                raise BadValue(
                    self.node.id, f"份数不是自然数：{count!r}", f"the cardinality is no count: {count!r}"
                )
            if count > MOST_INSTANCES:
                raise self._too_many()
            items = [None] * int(count)
        if len(items) > MOST_INSTANCES:
            raise self._too_many()
        return items

    def _too_many(self) -> BadValue:
        zh, en = f"一次最多 {MOST_INSTANCES} 份。", f"at most {MOST_INSTANCES} instances at once."
        return BadValue(self.node.id, zh, en)

    def _begin(self, my_task: Token, number: int, item: Any) -> None:
        loop = self.node.loop
        assert loop is not None
        my_task.internal_data["k"] = number + 1
        child = my_task._add_child(self.one)
        child.internal_data["i"] = number
        values = {loop.element: item} if loop.element and loop.collection else {}
        child.own_scope = my_task.workflow.scope.open(str(child.id), values)
        if self.one._update_hook(child):
            child._ready()

    def left(self, group: Token, token: Token) -> None:
        """An instance is done: its answers are gathered in the order of the elements."""
        loop, data = self.node.loop, group.internal_data
        assert loop is not None
        number, done = token.internal_data["i"], data["o"]
        place = bisect(done, number)
        done.insert(place, number)
        if loop.results:
            outer = group.workflow.scope.values
            own = {name: value for name, value in token.scope.values.items() if name != loop.element}
            outer[loop.results] = [*outer[loop.results][:place], own, *outer[loop.results][place:]]
        services = group.workflow.top_workflow.run.services
        enough = loop.completion and services.evaluate(loop.completion, token.scope.visible()) is True
        group.workflow._remove_task(token.id)
        if enough or len(done) == data["n"]:
            for other in group.children:
                group.workflow._remove_task(other.id)
            data.clear()
            group._ready()
        elif loop.sequential:
            self._begin(group, data["k"], self._next_item(data))

    def _next_item(self, data: dict[str, Any]) -> Any:
        if not data["r"]:
            return None
        item, data["r"] = feel.from_json(data["r"][0]), data["r"][1:]
        return item


def names_of(text: str | None) -> list[str]:
    """Names separated by commas or blanks."""
    return (text or "").replace("，", " ").replace(",", " ").split()

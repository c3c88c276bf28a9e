"""Activities with something inside: subprocesses, called processes, many instances."""

from __future__ import annotations

from bisect import bisect
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import (
    BpmnSpecMixin,
    CallActivityMixin,
    ParallelMultiInstanceTaskMixin,
    SubWorkflowTaskMixin,
)

from engine.spiff.errors import BadValue
from engine.spiff.mends.reached import Reached
from engine.spiff.mends.tokens import STARTED, Level, Token
from engine.spiff.scopes import Scope

MOST_INSTANCES = 1000
#: The elements that a sequential activity has before it; no name of a diagram has a blank in it.
_LEFT = "elements left"


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
        given = {name: visible[name] for name in (wanted or visible) if name in visible and name != _LEFT}
        return my_task.scope.open(f"{my_task.id}c", given, closed=True)

    def found_scope(self, my_task: Token) -> Scope:
        return my_task.scope.inner(f"{my_task.id}c")


class MultiInstance(Reached, ParallelMultiInstanceTaskMixin, BpmnSpecMixin):
    """H11, H13: a group of instances, counted by numbers that are stored, not by signals between specs: `n` is
    how many there will be, `k` how many were begun, `o` which are done.

    The group has a scope (its results so far, and what elements are left), in it each instance has its own.
    """

    one: Any

    def _update_hook(self, my_task: Token) -> bool:
        loop, outer = self.node.loop, my_task.workflow.scope
        assert loop is not None
        items = self._items(my_task)
        if loop.results:
            outer.values[loop.results] = []
        if not items:
            return True
        my_task._set_state(STARTED)
        my_task.own_scope = outer.open(str(my_task.id), {loop.results: []} if loop.results else None)
        my_task.internal_data.update(n=len(items), k=0, o=[])
        if loop.sequential:
            if loop.collection:
                my_task.own_scope.values[_LEFT] = items[1:]
            self._begin(my_task, items[0])
        else:
            for item in items:
                self._begin(my_task, item)
        return False

    def _items(self, my_task: Token) -> list[Any]:
        """The elements, or as many nothings as the cardinality says."""
        loop, services = self.node.loop, my_task.workflow.top_workflow.run.services
        assert loop is not None
        visible = my_task.scope.visible()
        if loop.collection:
            value = services.evaluate(loop.collection, visible)
            items = list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
            self._limit(len(items))
            return items
        count = services.evaluate(loop.cardinality or "0", visible)
        if (
            isinstance(count, bool)
            or not isinstance(count, int | Decimal)
            or count != int(count)
            or count < 0
        ):
            zh, en = f"份数不是自然数：{count!r}", f"the cardinality is no count: {count!r}"
            raise BadValue(self.node.id, zh, en)
        self._limit(int(count))
        return [None] * int(count)

    def _limit(self, count: int) -> None:
        if count > MOST_INSTANCES:
            zh, en = f"一次最多 {MOST_INSTANCES} 份。", f"at most {MOST_INSTANCES} instances at once."
            raise BadValue(self.node.id, zh, en)

    def _begin(self, my_task: Token, item: Any) -> None:
        loop, data = self.node.loop, my_task.internal_data
        assert loop is not None
        assert my_task.own_scope is not None
        child = my_task._add_child(self.one)
        child.internal_data["i"] = data["k"]
        data["k"] += 1
        values = {loop.element: item} if loop.element and loop.collection else {}
        child.own_scope = my_task.own_scope.open(str(child.id), values)
        if self.one._update_hook(child):
            child._ready()

    def left(self, group: Token, token: Token) -> None:
        """An instance is done."""
        loop, data = self.node.loop, group.internal_data
        assert loop is not None
        self._gather(group, token)
        services = group.workflow.top_workflow.run.services
        enough = loop.completion and services.evaluate(loop.completion, token.scope.visible()) is True
        group.workflow._remove_task(token.id)
        if enough or len(data["o"]) == data["n"]:
            for other in group.children:
                group.workflow._remove_task(other.id)
            data.clear()
            group._ready()
        elif loop.sequential:
            assert group.own_scope is not None
            left = group.own_scope.values.get(_LEFT, [])
            if left:
                group.own_scope.values[_LEFT] = left[1:]
            self._begin(group, left[0] if left else None)

    def _gather(self, group: Token, token: Token) -> None:
        """The answers of an instance join the results, in the order of the elements."""
        loop, number, done = self.node.loop, token.internal_data["i"], group.internal_data["o"]
        place = bisect(done, number)
        done.insert(place, number)
        if loop is not None and loop.results and group.own_scope is not None:
            mine = group.own_scope.values
            own = {name: value for name, value in token.scope.values.items() if name != loop.element}
            mine[loop.results] = [*mine[loop.results][:place], own, *mine[loop.results][place:]]
            group.workflow.scope.values[loop.results] = mine[loop.results]


def names_of(text: str | None) -> list[str]:
    """Names separated by commas or blanks."""
    return (text or "").replace("，", " ").replace(",", " ").split()

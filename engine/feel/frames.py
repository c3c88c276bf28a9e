"""What closures are given at run time: where names are looked up, and what may still be spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel.limits import Budget

MISSING: Any = object()


class Frame:
    """One level of scope. `vars` are this level's names; `fields` the entries of a filter's item."""

    __slots__ = ("budget", "context", "fields", "input", "parent", "vars")

    def __init__(self, context: Mapping[str, Any], budget: Budget, given: Any = MISSING) -> None:
        self.context = context
        self.budget = budget
        self.input = given
        self.parent: Frame = self
        self.vars: dict[str, Any] = {}
        self.fields: Mapping[str, Any] | None = None

    def inner(self, names: dict[str, Any], fields: Mapping[str, Any] | None = None) -> Frame:
        """A level inside this one."""
        frame = Frame.__new__(Frame)
        frame.context = self.context
        frame.budget = self.budget
        frame.input = self.input
        frame.parent = self
        frame.vars = names
        frame.fields = fields
        return frame

    def spending(self, budget: Budget) -> Frame:
        """The same level on another budget: a function that was made in an earlier evaluation."""
        if budget is self.budget:
            return self
        frame = self.inner(self.vars, self.fields)
        frame.parent = self.parent
        frame.budget = budget
        return frame

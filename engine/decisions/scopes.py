"""What decision logic is given at run time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.feel import Budget

Run = Callable[["Scope", "Work"], Any]


class Scope(dict[str, Any]):
    """Names in scope. What is not among them is a fact of the case, unless an element of the file has the name."""

    __slots__ = ("hidden", "outer")

    def __init__(self, names: Mapping[str, Any], outer: Mapping[str, Any], hidden: frozenset[str]) -> None:
        super().__init__(names)
        self.outer = outer
        self.hidden = hidden

    def __missing__(self, name: str) -> Any:
        if name in self.hidden:
            raise KeyError(name)
        return self.outer[name]

    def with_names(self, names: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Scope:
        """A copy with more names."""
        inner = Scope(self, self.outer, self.hidden)
        inner.update(names)
        return inner


class Work(Budget):
    """One evaluation's budget, and where its explanation goes (None: nobody asked)."""

    def __init__(self, trace: list[Any] | None = None) -> None:
        super().__init__()
        self.trace = trace

"""Columns of a table as sets of rules: which rules a value can still match, found without trying them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from engine import feel
from engine.decisions.cells import Interval, ValueSet, set_of
from engine.feel.values import kind_of

# Kinds whose Python values hash and order as FEEL's do.
_DISCRETE = frozenset(("string", "boolean", "number"))
_ORDERED = frozenset(("number", "string"))


class Column:
    """One column. Bit n of a mask is rule n."""

    def __init__(self, sets: Sequence[ValueSet | None], anything: Sequence[bool]) -> None:
        self.free = sum(1 << rule for rule, yes in enumerate(anything) if yes)
        self.unsettled = sum(
            1 << rule for rule, found in enumerate(sets) if found is None and not anything[rule]
        )
        self._null = sum(1 << rule for rule, found in enumerate(sets) if found is not None and found.null)
        self._by_kind = {kind: _KindIndex(kind, sets) for kind in _DISCRETE}

    def settles(self, rule: int) -> bool:
        """Whether `candidates` decides this rule's cell for good."""
        return not self.unsettled >> rule & 1

    def candidates(self, value: Any, allowed: bool) -> int:
        """The rules whose cell holds or must still be tried. `allowed`: the value is one of the input values."""
        found = self.unsettled | (self.free if allowed else 0)
        if value is None:
            return found | self._null
        index = self._by_kind.get(kind_of(value))
        return found | index.mask(value) if index is not None else found


class _KindIndex:
    """The rules of one column for values of one kind."""

    def __init__(self, kind: str, sets: Sequence[ValueSet | None]) -> None:
        self._points: dict[Any, int] = {}
        self._rest = 0  # rules that hold for every value that is no point of theirs
        self._bounds: list[Any] = []
        intervals: list[tuple[int, Interval]] = []
        exact: list[tuple[int, ValueSet]] = []
        for rule, found in enumerate(sets):
            if found is not None and kind in found.kinds:
                exact.append((rule, found))
                intervals += [(rule, i) for i in found.intervals if i.kind == kind]
        bounds = {end for _, i in intervals for end in (i.start, i.end) if end is not None}
        points = {p for _, found in exact for p in found.points_of(kind)}
        self._exact = exact
        self._bounds = sorted(bounds) if bounds else []
        self._masks: list[int] = self._gap_masks(exact, kind)
        for value in points | bounds:
            self._points[value] = sum(1 << rule for rule, found in exact if found.has(value))

    def _gap_masks(self, exact: list[tuple[int, ValueSet]], kind: str) -> list[int]:
        """For each gap between bounds (before the first, …, behind the last) the rules that hold inside it."""
        masks = []
        for gap in range(len(self._bounds) + 1):
            low = self._bounds[gap - 1] if gap else None
            high = self._bounds[gap] if gap < len(self._bounds) else None
            masks.append(sum(1 << rule for rule, found in exact if found.covers(kind, low, high)))
        return masks

    def mask(self, value: Any) -> int:
        """The rules whose cell holds for a value."""
        found = self._points.get(value)
        if found is not None:
            return found
        return self._masks[bisect_left(self._bounds, value)]


def columns_of(cells: Sequence[Sequence[feel.Expression]], width: int) -> list[Column]:
    """The columns of a table's cells."""
    columns = []
    for at in range(width):
        column = [rule[at] for rule in cells]
        anything = [cell.is_anything for cell in column]
        columns.append(
            Column(
                [
                    None if any_ else set_of(cell, _DISCRETE)
                    for cell, any_ in zip(column, anything, strict=True)
                ],
                anything,
            )
        )
    return columns

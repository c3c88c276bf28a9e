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
    """The rules of one column for values of one kind: masks for single values, and for the gaps between the
    bounds of intervals (the first gap lies before the first bound, the last behind the last)."""

    def __init__(self, kind: str, sets: Sequence[ValueSet | None]) -> None:
        exact = [
            (rule, found) for rule, found in enumerate(sets) if found is not None and kind in found.kinds
        ]
        intervals = {rule: [i for i in found.intervals if i.kind == kind] for rule, found in exact}
        self._bounds: list[Any] = sorted(
            {
                end
                for of_rule in intervals.values()
                for i in of_rule
                for end in (i.start, i.end)
                if end is not None
            }
        )
        self._place = {bound: at for at, bound in enumerate(self._bounds)}
        self._gaps = [0] * (len(self._bounds) + 1)
        at_bounds = [0] * len(self._bounds)
        for rule, found in exact:
            inside = [self._covered(i) for i in intervals[rule]]
            _mark(self._gaps, rule, [gaps for gaps, _ in inside], found.negated)
            _mark(at_bounds, rule, [bounds for _, bounds in inside], found.negated)
        self._points = dict(zip(self._bounds, at_bounds, strict=True))
        for rule, found in exact:
            for point in found.points_of(kind):
                mask = self._points.get(point, self._gaps[bisect_left(self._bounds, point)])
                self._points[point] = mask & ~(1 << rule) if found.negated else mask | 1 << rule

    def _covered(self, interval: Interval) -> tuple[range, range]:
        """The gaps and the bounds that lie in an interval."""
        first = 0 if interval.start is None else self._place[interval.start]
        last = len(self._bounds) if interval.end is None else self._place[interval.end]
        gaps = range(first if interval.start is None else first + 1, last + 1)
        low = first if interval.start is None or interval.start_included else first + 1
        high = last + 1 if interval.end is not None and interval.end_included else last
        return gaps, range(low, high)

    def mask(self, value: Any) -> int:
        """The rules whose cell holds for a value."""
        found = self._points.get(value)
        return found if found is not None else self._gaps[bisect_left(self._bounds, value)]


def _mark(masks: list[int], rule: int, places: list[range], negated: bool) -> None:
    """Sets a rule's bit at some places, or at all others."""
    bit = 1 << rule
    chosen = {at for places_ in places for at in places_}
    for at in range(len(masks)) if negated else chosen:
        if not negated or at not in chosen:
            masks[at] |= bit


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

"""Cells as sets of values, where they are constants and intervals. What the index and the analysis stand on.

A set is exact: `x` passes the cell just when it is in the set. Kinds do not mix: a cell of numbers is never
passed by a text, and a negated cell only by its own kind (and by null where its tests are equalities).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine import feel
from engine.feel import Range, nodes
from engine.feel.literals import NONE, constant
from engine.feel.values import kind_of, order

KINDS = frozenset(
    (
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    )
)
_ORDERED = KINDS - {"boolean"}


@dataclass(frozen=True)
class Interval:
    """Values of one kind between two ends; None is open, and `included` then means nothing."""

    kind: str
    start: Any = None
    end: Any = None
    start_included: bool = False
    end_included: bool = False

    def has(self, value: Any) -> bool:
        """Whether a value of the kind lies in it."""
        if self.start is not None:
            found = order(self.start, value)
            if found is None or found > 0 or (found == 0 and not self.start_included):
                return False
        if self.end is not None:
            found = order(value, self.end)
            if found is None or found > 0 or (found == 0 and not self.end_included):
                return False
        return True


@dataclass(frozen=True)
class ValueSet:
    """Points and intervals, or with `negated` all else of the same kinds. `null`: whether null is in it."""

    points: tuple[Any, ...] = ()
    intervals: tuple[Interval, ...] = ()
    negated: bool = False
    null: bool = False

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of values that can be in it at all."""
        return frozenset(kind_of(p) for p in self.points) | frozenset(i.kind for i in self.intervals)

    def points_of(self, kind: str) -> list[Any]:
        return [p for p in self.points if kind_of(p) == kind]

    def has(self, value: Any) -> bool:
        """Whether a value is in it."""
        if value is None:
            return self.null
        kind = kind_of(value)
        if kind not in self.kinds or (self.negated and len(self.kinds) > 1):
            return False
        inside = any(feel.equal(p, value) is True for p in self.points_of(kind))
        inside = inside or any(i.has(value) for i in self.intervals if i.kind == kind)
        return inside is not self.negated


def set_of(cell: feel.Expression, kinds: Iterable[str] = KINDS) -> ValueSet | None:
    """The set of a cell; None where it is no plain set, or has values of other kinds."""
    node = cell.node
    if not isinstance(node, nodes.Tests) or not node.tests:
        return None
    points: list[Any] = []
    intervals: list[Interval] = []
    for test in node.tests:
        found = _part(test)
        if found is None:
            return None
        for part in found:
            (intervals if isinstance(part, Interval) else points).append(part)
    null = any(p is None for p in points)
    values = [p for p in points if p is not None]
    if node.negated:
        if null:
            return None  # not(null) holds for every kind
        null = bool(intervals)  # not(< 5) is null for null, not("a") holds for it
    made = ValueSet(tuple(values), tuple(intervals), node.negated, not null if node.negated else null)
    if not made.kinds <= frozenset(kinds) or (node.negated and len(made.kinds) > 1):
        return None
    return made


def _part(test: nodes.Node) -> list[Any] | None:
    """The points and intervals of one test."""
    if isinstance(test, nodes.Test):
        return _comparison(test)
    if isinstance(test, nodes.RangeNode):
        low, high = constant(test.low), constant(test.high)
        if low is NONE or high is NONE or low is None or high is None:
            return None
        if order(low, high) in (-1, 0) and kind_of(low) in _ORDERED:
            return [Interval(kind_of(low), low, high, test.low_included, test.high_included)]
        return None
    value = constant(test)
    if value is NONE or isinstance(value, list | Range):
        return None
    return [value] if value is None or kind_of(value) in KINDS else None


def _comparison(test: nodes.Test) -> list[Any] | None:
    value = constant(test.operand)
    if value is NONE or value is None or kind_of(value) not in KINDS:
        return None
    kind = kind_of(value)
    if test.op == "=":
        return [value]
    if test.op == "!=" or kind not in _ORDERED:
        return None
    if test.op in ("<", "<="):
        return [Interval(kind, None, value, False, test.op == "<=")]
    return [Interval(kind, value, None, test.op == ">=", False)]

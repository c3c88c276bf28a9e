"""Unary tests and `in`: whether a value passes a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.feel import nodes
from engine.feel.frames import Frame
from engine.feel.values import Range, equal, in_range, kind_of, less, less_or_equal, normal, order

Run = Callable[[Frame], Any]
Test = Callable[[Frame, Any], "bool | None"]


def any_holds(tests: Sequence[Test], frame: Frame, value: Any) -> bool | None:
    """True where one test holds; else null where one could not be decided."""
    found: bool | None = False
    for test in tests:
        result = test(frame, value)
        if result is True:
            return True
        if result is None:
            found = None
    return found


def holds(value: Any) -> bool | None:
    """The result of a test that mentions `?`."""
    return value if isinstance(value, bool) else None


def comparison(op: str, operand: Run) -> Test:
    """`< 5` and its like."""
    compare = _COMPARE[op]
    return lambda frame, value: compare(value, operand(frame))


def _not_equal(a: Any, b: Any) -> bool | None:
    found = equal(a, b)
    return None if found is None else not found


_COMPARE: dict[str, Callable[[Any, Any], bool | None]] = {
    "<": less,
    "<=": less_or_equal,
    ">": lambda a, b: less(b, a),
    ">=": lambda a, b: less_or_equal(b, a),
    "=": equal,
    "!=": _not_equal,
}

# What gives a condition rather than a value to compare with.
_CONDITIONS = (
    nodes.Binary,
    nodes.And,
    nodes.Or,
    nodes.Between,
    nodes.In,
    nodes.Quantified,
    nodes.InstanceOf,
    nodes.Call,
)


def test_of(node: nodes.Node, run: Run) -> Test:
    """A test that is an expression without `?`: what it gives is compared with the value, or is the condition."""
    condition = isinstance(node, _CONDITIONS)
    if isinstance(node, nodes.RangeNode):
        return lambda frame, value: _within(value, run(frame))

    def test(frame: Frame, value: Any) -> bool | None:
        wanted = run(frame)
        if condition and isinstance(wanted, bool) and not isinstance(value, bool):
            return wanted
        return passes(value, wanted)

    return test


def _within(value: Any, interval: Range | None) -> bool | None:
    """A test that is an interval; one without an end is undefined."""
    return None if interval is None else passes(value, interval)


def passes(value: Any, wanted: Any) -> bool | None:
    """Whether a value equals `wanted`, or is in it where that is a list or range."""
    kind = kind_of(wanted)
    if kind == "range":
        return in_range(value, wanted) if not isinstance(value, Range) else equal(value, wanted)
    if kind == "list":
        return _in_list(value, wanted)
    return equal(value, wanted)


def _in_list(value: Any, items: list[Any]) -> bool | None:
    found: bool | None = False
    for item in items:
        item = normal(item)
        inner = (
            in_range(value, item)
            if isinstance(item, Range) and not isinstance(value, Range)
            else equal(value, item)
        )
        if inner is True:
            return True
    if type(value) is list and equal(value, items) is True:
        return True
    return found


def range_of(op: str, end: Any) -> Range | None:
    """`< 5` as a value."""
    if end is None and op not in ("=", "!="):
        return None
    if op in ("<", "<="):
        return Range(None, end, False, op == "<=")
    if op in (">", ">="):
        return Range(end, None, op == ">=", False)
    return Range(end, end, True, True) if op == "=" else None


def interval(start: Any, end: Any, start_included: bool, end_included: bool) -> Range | None:
    """A range of two ends, which must be of one kind and in order; an end that is null makes it undefined."""
    found = order(start, end) if start is not None and end is not None else None
    if found is None or found > 0:
        return None
    return Range(start, end, start_included, end_included)

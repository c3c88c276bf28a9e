"""Closures of operators: fast where both sides are numbers or texts, by the tables of the standard otherwise."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import arithmetic, nodes
from engine.feel.builtins.registry import FUNCTIONS
from engine.feel.frames import Frame
from engine.feel.values import DECIMAL, DecimalException, equal, less, less_or_equal

Run = Callable[[Frame], Any]


def is_not(node: nodes.Call) -> bool:
    return (
        isinstance(node.function, nodes.Name)
        and node.function.name == "not"
        and node.names is None
        and len(node.args) == 1
    )


def negation(operand: Run) -> Run:
    """`not(…)`, which is no name that a context could give another meaning."""
    slow = FUNCTIONS["not"].call

    def negation(frame: Frame) -> bool | None:
        value = operand(frame)
        return not value if type(value) is bool else slow([value], frame.budget)

    return negation


def junction(items: list[Run], decides: bool) -> Run:
    """`or` where True decides, `and` where False does."""
    if len(items) == 2:
        left, right = items

        def two(frame: Frame) -> bool | None:
            a = left(frame)
            if a is decides:
                return decides
            b = right(frame)
            if b is decides:
                return decides
            return (not decides) if a is (not decides) and b is (not decides) else None

        return two

    def many(frame: Frame) -> bool | None:
        found: bool | None = not decides
        for item in items:
            value = item(frame)
            if value is decides:
                return decides
            if value is not (not decides):
                found = None
        return found

    return many


def _equality(left: Run, right: Run) -> Run:
    def equality(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        if type(a) is str and type(b) is str:
            return a == b
        return equal(a, b)

    return equality


def _inequality(left: Run, right: Run) -> Run:
    def inequality(frame: Frame) -> bool | None:
        found = equal(left(frame), right(frame))
        return None if found is None else not found

    return inequality


def _less(left: Run, right: Run) -> Run:
    def compare(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        return bool(a < b) if type(a) is Decimal and type(b) is Decimal else less(a, b)

    return compare


def _less_or_equal(left: Run, right: Run) -> Run:
    def compare(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        return bool(a <= b) if type(a) is Decimal and type(b) is Decimal else less_or_equal(a, b)

    return compare


def _numeric(
    fast: Callable[[Decimal, Decimal], Decimal], slow: Callable[[Any, Any], Any]
) -> Callable[[Run, Run], Run]:
    def make(left: Run, right: Run) -> Run:
        def compute(frame: Frame) -> Any:
            a, b = left(frame), right(frame)
            if type(a) is Decimal and type(b) is Decimal:
                try:
                    return fast(a, b)
                except DecimalException:
                    return None
            return slow(a, b)

        return compute

    return make


BINARY: dict[str, Callable[[Run, Run], Run]] = {
    "=": _equality,
    "!=": _inequality,
    "<": _less,
    "<=": _less_or_equal,
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: _less_or_equal(right, left),
    "+": _numeric(DECIMAL.add, arithmetic.add),
    "-": _numeric(DECIMAL.subtract, arithmetic.subtract),
    "*": _numeric(DECIMAL.multiply, arithmetic.multiply),
    "/": _numeric(DECIMAL.divide, arithmetic.divide),
    "**": lambda left, right: lambda frame: arithmetic.power(left(frame), right(frame)),
}

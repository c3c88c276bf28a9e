"""A column cut into atoms: pieces in which no cell of the column tells one value from another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine import feel
from engine.decisions.cells import KINDS, ValueSet
from engine.feel import YearMonthDuration
from engine.feel.values import kind_of, order

OTHER = "（其他）"
_STEPS: dict[str, Any] = {
    "number": Decimal(1),
    "date": timedelta(days=1),
    "time": timedelta(minutes=1),
    "date and time": timedelta(hours=1),
    "days and time duration": timedelta(hours=1),
    "years and months duration": YearMonthDuration(1),
}


@dataclass(frozen=True)
class Atom:
    """A piece of a column's values, with one of them as example; `mask` are the rules whose cell holds in it."""

    example: Any
    mask: int
    known: bool = True  # False: a column nothing is known of, where any value will do


def sorted_values(values: Iterable[Any]) -> list[Any]:
    """Values of one kind in FEEL's order, each once."""
    found = sorted(values, key=cmp_to_key(lambda a, b: order(a, b) or 0))
    return [v for at, v in enumerate(found) if at == 0 or feel.equal(v, found[at - 1]) is not True]


def examples(kind: str, sets: Sequence[ValueSet]) -> list[Any]:
    """One value of each piece that the sets cut a kind into."""
    if kind == "boolean":
        return [True, False]
    intervals = [i for found in sets for i in found.intervals if i.kind == kind]
    bounds = [end for i in intervals for end in (i.start, i.end) if end is not None]
    points = [p for found in sets for p in found.points_of(kind)]
    marks = sorted_values([*bounds, *points])
    if kind == "string" and not intervals:
        other = OTHER
        while other in marks:
            other += "*"
        return [*marks, other]
    if not marks:
        return [_anything(kind)]
    made: list[Any] = []
    for low, high in zip([None, *marks], [*marks, None], strict=True):
        between = _between(kind, low, high)
        if between is not None:
            made.append(between)
        if high is not None:
            made.append(high)
    return made


def _anything(kind: str) -> Any:
    return {
        "number": Decimal(0),
        "string": OTHER,
        "date": date(2026, 1, 1),
        "days and time duration": timedelta(days=1),
        "years and months duration": YearMonthDuration(1),
    }.get(kind)


def _between(kind: str, low: Any, high: Any) -> Any:
    """A value strictly between two (None: without end); None where there is none."""
    if kind == "string":
        return _string_between(low, high)
    if low is None or high is None:
        mark, sign = (low, 1) if high is None else (high, -1)
        step = _STEPS[kind]
        found = feel.add(mark, step) if sign > 0 else feel.subtract(mark, step)
        if kind == "time" and order(found, mark) != sign:
            return None  # around midnight
        return found if order(found, mark) == sign else None
    found = _middle(kind, low, high)
    return found if order(low, found) == -1 and order(found, high) == -1 else None


def _middle(kind: str, low: Any, high: Any) -> Any:
    if kind == "number":
        middle = (low + high) / 2
        whole = middle.to_integral_value()
        return whole if low < whole < high else middle
    if kind == "years and months duration":
        return YearMonthDuration((low.months + high.months) // 2)
    if kind in ("date", "time", "date and time"):
        span = feel.subtract(high, low)
        if not isinstance(span, timedelta):
            return None
        half = timedelta(days=span.days // 2) if kind == "date" else span / 2
        return feel.add(low, half)
    return (low + high) / 2


def _string_between(low: str | None, high: str | None) -> str | None:
    if low is None:
        return "" if high else None
    made = low + "!"
    return made if high is None or made < high else None


def column_atoms(
    sets: Sequence[ValueSet | None],
    anything: Sequence[bool],
    allowed: ValueSet | None,
    kind: feel.Type,
) -> list[Atom]:
    """The atoms of a column. A cell that is no set (None and not `anything`) is taken to hold everywhere."""
    known = [found for found in sets if found is not None]
    domain = [*known, allowed] if allowed is not None else known
    kinds = {k for found in domain for k in found.kinds}
    if kind.name in KINDS:
        kinds = {kind.name}
    values: list[Any] = [v for k in sorted(kinds) for v in examples(k, domain)]
    if any(found.null for found in domain if not found.negated):
        values.append(None)
    if allowed is not None:
        values = [v for v in values if allowed.has(v)]
    if not kinds:
        full = sum(1 << rule for rule, found in enumerate(sets) if found is None)
        return [Atom(None, full, known=False)]
    return [
        Atom(
            value,
            sum(
                1 << rule
                for rule, found in enumerate(sets)
                if anything[rule] or found is None or found.has(value)
            ),
        )
        for value in values
        if value is None or kind_of(value) in kinds
    ]

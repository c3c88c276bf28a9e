"""for, some, every and filters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.feel import nodes, temporal
from engine.feel.frames import Frame
from engine.feel.limits import Budget
from engine.feel.values import Range, kind_of, normal

Run = Callable[[Frame], Any]
Domain = Callable[[Frame], "Iterable[Any] | None"]


def domain(run: Run, end: Run | None) -> Domain:
    """What a name runs through: a list, a range, or two ends; None where it is nothing of the kind."""
    if end is not None:
        return lambda frame: steps(run(frame), end(frame), frame.budget)
    return lambda frame: elements(run(frame), frame.budget)


def elements(value: Any, budget: Budget) -> Iterable[Any] | None:
    """The elements of a list, a closed range of numbers or dates, or a single value."""
    if type(value) is list:
        return value
    if isinstance(value, Range):
        return range_elements(value, budget)
    return None if value is None else [value]


def range_elements(value: Range, budget: Budget) -> list[Any] | None:
    """The elements of a closed range, without the ends it excludes."""
    found = steps(value.start, value.end, budget)
    if found is None:
        return None
    items = found
    if not value.start_included:
        items = items[1:]
    return items if value.end_included else items[:-1]


def steps(start: Any, end: Any, budget: Budget) -> list[Any] | None:
    """Whole numbers or dates from one to the other, upwards or downwards."""
    if kind_of(start) == "date" and kind_of(end) == "date":
        numbers = _whole_steps(temporal.day_number(start), temporal.day_number(end), budget)
        return [temporal.from_day_number(number) for number in numbers]
    if kind_of(start) != "number" or kind_of(end) != "number":
        return None
    if start != start.to_integral_value() or end != end.to_integral_value():
        return None
    return [Decimal(number) for number in _whole_steps(int(start), int(end), budget)]


def _whole_steps(start: int, end: int, budget: Budget) -> range:
    budget.spend(abs(end - start) + 1)
    return range(start, end + 1) if start <= end else range(start, end - 1, -1)


def loop(names: list[str], domains: list[Domain], body: Run, keeps_partial: bool) -> Run:
    """The closure of `for`."""

    def run(frame: Frame) -> list[Any] | None:
        made: list[Any] = []
        budget = frame.budget
        for inner in bindings(names, domains, 0, frame.inner({}), frame):
            if inner is None:
                return None
            if keeps_partial:
                budget.spend(len(made))
                inner.vars["partial"] = made[:]
            made.append(body(inner))
            budget.spend()
        return made

    return run


def quantified(names: list[str], domains: list[Domain], condition: Run, some: bool) -> Run:
    """The closure of `some` and `every`."""

    def run(frame: Frame) -> bool | None:
        found: bool | None = not some
        for inner in bindings(names, domains, 0, frame.inner({}), frame):
            if inner is None:
                return None
            value = condition(inner)
            if value is some:
                return some
            if value is not (not some):
                found = None
            frame.budget.spend()
        return found

    return run


def bindings(
    names: list[str], domains: list[Domain], at: int, scope: Frame, outer: Frame
) -> Iterator[Frame | None]:
    """A frame for each element of the product, the last name running fastest; None where a domain is none."""
    items = domains[at](scope)
    if items is None:
        yield None
        return
    name = names[at]
    for item in items:
        inner = outer.inner({**scope.vars, name: normal(item)})
        if at + 1 == len(names):
            yield inner
        else:
            yield from bindings(names, domains, at + 1, inner, outer)


def indexed(base: Run, position: Run) -> Run:
    """`list[n]`."""
    return lambda frame: at_position(base(frame), position(frame))


def at_position(value: Any, number: Any) -> Any:
    """The element at a position from 1, or from -1 at the end; null where there is none."""
    if type(number) is not Decimal or number != number.to_integral_value():
        return None
    index = int(number)
    if type(value) is list:
        if index == 0 or abs(index) > len(value):
            return None
        return normal(value[index - 1 if index > 0 else index])
    return value if index in (1, -1) else None


def filtered(base: Run, condition: Run) -> Run:
    """`list[condition]`, where a condition that gives a number is a position."""

    def run(frame: Frame) -> Any:
        value = base(frame)
        if value is None:
            return None
        items = value if type(value) is list else [value]
        if not items:
            return [] if _never_a_number(condition, frame) else None
        kept: list[Any] = []
        for item in items:
            item = normal(item)
            frame.budget.spend()
            fields = item if isinstance(item, Mapping) else None
            found = condition(frame.inner({"item": item}, fields))
            if found is True:
                kept.append(item)
            elif type(found) is Decimal:
                return at_position(value, found)
        return kept

    return run


def _never_a_number(condition: Run, frame: Frame) -> bool:
    return type(condition(frame.inner({"item": None}))) is not Decimal


def mentions(node: Any, name: str) -> bool:
    """Whether a tree has a name in it anywhere."""
    if isinstance(node, nodes.Name):
        return node.name == name
    if isinstance(node, nodes.Node):
        return any(mentions(getattr(node, f.name), name) for f in dataclasses.fields(node) if f.name != "pos")
    return any(mentions(part, name) for part in node) if isinstance(node, tuple) else False

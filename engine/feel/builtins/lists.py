"""List functions (DMN 1.5, table 75) and sort (table 80)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import Any

from engine.feel import arithmetic
from engine.feel.builtins.registry import builtin, whole
from engine.feel.frames import MISSING
from engine.feel.values import DECIMAL, FunctionValue, equal, kind_of, normal, order
from engine.feel.values import contains as has


def _over(name: str, result: str) -> Any:
    """Registers `name(list)` and `name(a, b, …)` (by position only), both running one function of a list."""

    def register(run: Any) -> Any:
        builtin(name, "list: list", result=result, spends=True)(run)
        builtin(name, "*: any*", result=result, spends=True)(lambda budget, *items: run(budget, list(items)))
        return run

    return register


def _numbers(budget: Any, items: list[Any]) -> list[Decimal] | None:
    budget.spend(len(items))
    found = [normal(item) for item in items]
    return found if all(type(n) is Decimal for n in found) else None


@builtin("list contains", "list: list", "element: any", result="boolean", spends=True)
def list_contains(budget: Any, items: list[Any], element: Any) -> bool:
    budget.spend(len(items))
    return has(items, element)


@builtin("count", "list: list", result="number")
def count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


def _extreme(budget: Any, items: list[Any], sign: int) -> Any:
    budget.spend(len(items))
    best = normal(items[0]) if items else None
    for item in items[1:]:
        found = order(value := normal(item), best)
        if found is None:
            return None
        if found == sign:
            best = value
    return best if kind_of(best) not in ("boolean", "list", "context", "range", "function") else None


@_over("min", "Any")
def minimum(budget: Any, items: list[Any]) -> Any:
    return _extreme(budget, items, -1)


@_over("max", "Any")
def maximum(budget: Any, items: list[Any]) -> Any:
    return _extreme(budget, items, 1)


@_over("sum", "Any")
def total(budget: Any, items: list[Any]) -> Any:
    """Of numbers; durations of one kind are added too."""
    budget.spend(len(items))
    found = [normal(item) for item in items]
    if not found or kind_of(found[0]) not in (
        "number",
        "days and time duration",
        "years and months duration",
    ):
        return None
    return reduce(arithmetic.add, found)


@_over("mean", "number")
def mean(budget: Any, items: list[Any]) -> Any:
    found = _numbers(budget, items)
    return DECIMAL.divide(reduce(DECIMAL.add, found), Decimal(len(found))) if found else None


@_over("product", "number")
def product(budget: Any, items: list[Any]) -> Any:
    found = _numbers(budget, items)
    return reduce(DECIMAL.multiply, found) if found else None


@_over("median", "number")
def median(budget: Any, items: list[Any]) -> Any:
    found = _numbers(budget, items)
    if not found:
        return None
    found = sorted(found)
    half = len(found) // 2
    return (
        found[half]
        if len(found) % 2
        else DECIMAL.divide(DECIMAL.add(found[half - 1], found[half]), Decimal(2))
    )


@_over("stddev", "number")
def stddev(budget: Any, items: list[Any]) -> Any:
    """Of a sample."""
    found = _numbers(budget, items)
    if found is None or len(found) < 2:
        return None
    middle = DECIMAL.divide(reduce(DECIMAL.add, found), Decimal(len(found)))
    squares = [DECIMAL.power(DECIMAL.subtract(n, middle), Decimal(2)) for n in found]
    return DECIMAL.sqrt(DECIMAL.divide(reduce(DECIMAL.add, squares), Decimal(len(found) - 1)))


@_over("mode", "list<number>")
def mode(budget: Any, items: list[Any]) -> Any:
    found = _numbers(budget, items)
    if found is None:
        return None
    counts = Counter(found)
    most = max(counts.values(), default=0)
    return sorted(n for n, times in counts.items() if times == most)


def _logical(budget: Any, items: list[Any], decides: bool) -> bool | None:
    """`any` where True decides, `all` where False does; what is no boolean makes it null."""
    budget.spend(len(items))
    found = [normal(item) for item in items]
    if any(item is decides for item in found):
        return decides
    return (not decides) if all(isinstance(item, bool) for item in found) else None


@_over("all", "boolean")
def all_(budget: Any, items: list[Any]) -> bool | None:
    return _logical(budget, items, False)


@_over("any", "boolean")
def any_(budget: Any, items: list[Any]) -> bool | None:
    return _logical(budget, items, True)


@builtin("sublist", "list: list", "start position: number", "length: number?", result="list")
def sublist(items: list[Any], start: Decimal, length: Any = MISSING) -> list[Any] | None:
    at = _index(items, start)
    if at is None:
        return None
    if length is MISSING:
        return items[at:]
    count = int(length)
    return items[at : at + count] if 1 <= count <= len(items) - at else None


def _index(items: list[Any], position: Any) -> int | None:
    """A position from 1, or from -1 at the end, as Python's index."""
    number = whole(position)
    if not number or abs(number) > len(items):
        return None
    return number - 1 if number > 0 else len(items) + number


@builtin("append", "list: list", "item: any*", result="list", spends=True)
def append(budget: Any, items: list[Any], *more: Any) -> list[Any]:
    budget.spend(len(items) + len(more))
    return [*items, *more]


@builtin("concatenate", "list: list*", result="list", spends=True)
def concatenate(budget: Any, *lists: list[Any]) -> list[Any]:
    budget.spend(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before", "list: list", "position: number", "newItem: any", result="list", spends=True)
def insert_before(budget: Any, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    budget.spend(len(items))
    at = _index(items, position)
    return None if at is None else [*items[:at], item, *items[at:]]


@builtin("remove", "list: list", "position: number", result="list", spends=True)
def remove(budget: Any, items: list[Any], position: Decimal) -> list[Any] | None:
    budget.spend(len(items))
    at = _index(items, position)
    return None if at is None else [*items[:at], *items[at + 1 :]]


@builtin("list replace", "list: list", "position: number", "newItem: any", result="list", spends=True)
def list_replace(budget: Any, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    budget.spend(len(items))
    at = _index(items, position)
    return None if at is None else [*items[:at], item, *items[at + 1 :]]


@builtin("list replace", "list: list", "match: function", "newItem: any", result="list", spends=True)
def list_replace_where(budget: Any, items: list[Any], match: FunctionValue, item: Any) -> list[Any] | None:
    made = []
    if match.arity not in (None, 2):
        return None
    for old in items:
        found = match.call([normal(old), item], budget)
        if not isinstance(found, bool):
            return None
        made.append(item if found else old)
    return made


@builtin("reverse", "list: list", result="list", spends=True)
def reverse(budget: Any, items: list[Any]) -> list[Any]:
    budget.spend(len(items))
    return items[::-1]


@builtin("index of", "list: list", "match: any", result="list<number>", spends=True)
def index_of(budget: Any, items: list[Any], match: Any) -> list[Any]:
    budget.spend(len(items))
    return [Decimal(at) for at, item in enumerate(items, 1) if equal(normal(item), match) is True]


@builtin("union", "list: list*", result="list", spends=True)
def union(budget: Any, *lists: list[Any]) -> list[Any]:
    return distinct_values(budget, concatenate(budget, *lists))


@builtin("distinct values", "list: list", result="list", spends=True)
def distinct_values(budget: Any, items: list[Any]) -> list[Any]:
    made: list[Any] = []
    seen: set[Any] = set()
    for item in items:
        value = normal(item)
        if isinstance(value, Decimal | str):
            if value not in seen:
                seen.add(value)
                made.append(value)
            budget.spend(1)
        elif not has(made, value):
            made.append(value)
            budget.spend(len(made))
    return made


@builtin("flatten", "list: list", result="list", spends=True)
def flatten(budget: Any, items: list[Any]) -> list[Any]:
    made: list[Any] = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            budget.spend(1)
            if type(item) is list:
                stack.append(iter(item))
                break
            made.append(item)
        else:
            stack.pop()
    return made


@builtin("sort", "list: list", "precedes: function", result="list", spends=True)
def sort(budget: Any, items: list[Any], precedes: FunctionValue) -> list[Any] | None:
    """Stable; null where the function does not take two arguments."""
    if precedes.arity not in (None, 2):
        return None

    def compare(a: Any, b: Any) -> int:
        if precedes.call([a, b], budget) is True:
            return -1
        return 1 if precedes.call([b, a], budget) is True else 0

    return sorted((normal(item) for item in items), key=cmp_to_key(compare))


@builtin("sort", "list: list", result="list", spends=True)
def sort_ascending(budget: Any, items: list[Any]) -> list[Any] | None:
    found = [normal(item) for item in items]
    budget.spend(len(found))
    if any(order(found[0], item) is None for item in found):
        return None
    return sorted(found, key=cmp_to_key(lambda a, b: order(a, b) or 0))

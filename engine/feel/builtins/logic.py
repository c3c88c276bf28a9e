"""`not`, `is`, and the functions of contexts (DMN 1.5, tables 73, 77, 81)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel import temporal
from engine.feel.builtins.registry import builtin
from engine.feel.properties import entry
from engine.feel.values import FunctionValue, equal, kind_of, normal


@builtin("not", "negand: any", result="boolean")
def negation(value: Any) -> bool | None:
    if type(value) is list and len(value) == 1:
        value = value[0]
    return not value if isinstance(value, bool) else None


@builtin("is", "value1: any", "value2: any", result="boolean")
def same(a: Any, b: Any) -> bool:
    """The same element of the domain: of one kind, equal, and for times in the same form of zone."""
    if a is None or b is None:
        return a is b
    kind = kind_of(a)
    if kind != kind_of(b):
        return False
    if kind in ("time", "date and time") and temporal.zone_text(a) != temporal.zone_text(b):
        return False
    return a is b if isinstance(a, FunctionValue) else equal(a, b) is True


@builtin("get value", "m: context", "key: string|null")
def get_value(context: Mapping[str, Any], key: str | None) -> Any:
    return entry(context, key) if key is not None else None


@builtin("get value", "context: context", "keys: list")
def get_value_at(context: Mapping[str, Any], keys: list[Any]) -> Any:
    value: Any = context
    for key in keys:
        if not isinstance(key, str) or not isinstance(value, Mapping):
            return None
        value = entry(value, key)
    return value if keys else None


@builtin("get entries", "m: context", result="list<context>", spends=True)
def get_entries(budget: Any, context: Mapping[str, Any]) -> list[Any]:
    budget.spend(len(context))
    return [{"key": key, "value": normal(context[key])} for key in context]


@builtin("context", "entries: list", result="context", spends=True)
def context(budget: Any, entries: list[Any]) -> dict[str, Any] | None:
    """Of entries with `key` and `value`; null where one lacks them, or a key comes twice."""
    made: dict[str, Any] = {}
    budget.spend(len(entries))
    for item in entries:
        if not isinstance(item, Mapping) or "key" not in item or "value" not in item:
            return None
        key = item["key"]
        if not isinstance(key, str) or key in made:
            return None
        made[key] = normal(item["value"])
    return made


@builtin("context put", "context: context", "key: string", "value: any", result="context", spends=True)
def context_put(budget: Any, base: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    budget.spend(len(base))
    return {**_plain(base), key: value}


@builtin("context put", "context: context", "keys: list", "value: any", result="context", spends=True)
def context_put_at(
    budget: Any, base: Mapping[str, Any], keys: list[Any], value: Any
) -> dict[str, Any] | None:
    budget.spend(len(base) + len(keys))
    if not keys or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return {**_plain(base), keys[0]: value}
    inner = entry(base, keys[0])
    if not isinstance(inner, Mapping):
        return None
    made = context_put_at(budget, inner, keys[1:], value)
    return None if made is None else {**_plain(base), keys[0]: made}


@builtin("context merge", "contexts: list", result="context", spends=True)
def context_merge(budget: Any, contexts: list[Any]) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    for item in contexts:
        if not isinstance(item, Mapping):
            return None
        budget.spend(len(item) + 1)
        made.update(_plain(item))
    return made


def _plain(context: Mapping[str, Any]) -> dict[str, Any]:
    return {key: normal(context[key]) for key in context}

"""Values as texts: what `string()` gives."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.lexer import escape
from engine.feel.values import FunctionValue, Range, kind_of, normal


def number_text(value: Decimal) -> str:
    """A number without exponent and without needless zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def value_text(value: Any, budget: Any = None, inner: bool = False) -> str:
    """The text of a value; strings inside lists and contexts are quoted."""
    if budget is not None:
        budget.spend(1)
    value = normal(value)
    kind = kind_of(value)
    if kind == "string":
        return escape(value) if inner else str(value)
    if kind == "number":
        return number_text(value)
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "list":
        return f"[{', '.join(value_text(item, budget, True) for item in value)}]"
    if isinstance(value, Mapping):
        entries = (f"{_key(key)}: {value_text(value[key], budget, True)}" for key in value)
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, Range):
        return _range(value, budget)
    if isinstance(value, FunctionValue):
        return value.name
    return _TEXTS[kind](value) if kind in _TEXTS else "null"


def _key(key: str) -> str:
    return key if key.replace(" ", "").replace("_", "").isalnum() and not key[:1].isdigit() else escape(key)


def _range(value: Range, budget: Any) -> str:
    start, end = (value_text(v, budget, True) for v in (value.start, value.end))
    if value.start is None and value.end is not None:
        return f"<{'=' if value.end_included else ''} {end}"
    if value.end is None and value.start is not None:
        return f">{'=' if value.start_included else ''} {start}"
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"


_TEXTS: dict[str, Any] = {
    "date": temporal.date_text,
    "time": temporal.time_text,
    "date and time": temporal.date_time_text,
    "days and time duration": temporal.duration_text,
    "years and months duration": temporal.year_month_text,
}

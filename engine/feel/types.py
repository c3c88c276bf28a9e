"""FEEL's types: what expressions are inferred to have, and what `instance of` and signatures name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Type:
    """A simple type, by its FEEL name; the base of the others."""

    name: str

    def __str__(self) -> str:
        return self.name


ANY = Type("Any")


@dataclass(frozen=True)
class ListType(Type):
    """list<item>"""

    name: str = field(default="list", init=False)
    item: Type = ANY

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True)
class ContextType(Type):
    """context<a: number, …>; where `open`, other entries may be there and may be read."""

    name: str = field(default="context", init=False)
    fields: Mapping[str, Type] = field(default_factory=dict)
    open: bool = True

    def __str__(self) -> str:
        return f"context<{', '.join(f'{k}: {v}' for k, v in self.fields.items())}>"

    def __hash__(self) -> int:
        return hash(tuple(self.fields))


@dataclass(frozen=True)
class RangeType(Type):
    """range<item>"""

    name: str = field(default="range", init=False)
    item: Type = ANY

    def __str__(self) -> str:
        return f"range<{self.item}>"


@dataclass(frozen=True)
class FunctionType(Type):
    """function<params> -> result; `params` None where only “a function” is known."""

    name: str = field(default="function", init=False)
    params: tuple[Type, ...] | None = None
    result: Type = ANY

    def __str__(self) -> str:
        if self.params is None:
            return "function"
        return f"function<{', '.join(map(str, self.params))}> -> {self.result}"


@dataclass(frozen=True)
class NamedType(Type):
    """A type by the name of an item definition, which the evaluation's `types` resolve."""


NULL = Type("Null")
NUMBER = Type("number")
STRING = Type("string")
BOOLEAN = Type("boolean")
DATE = Type("date")
TIME = Type("time")
DATE_TIME = Type("date and time")
DAYS_TIME = Type("days and time duration")
YEARS_MONTHS = Type("years and months duration")
LIST = ListType()
CONTEXT = ContextType()
RANGE = RangeType()
FUNCTION = FunctionType()

SIMPLE: dict[str, Type] = {
    t.name: t for t in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS_TIME, YEARS_MONTHS)
}
# Other spellings: DMN files write dateTime and dayTimeDuration, people write integer.
ALIASES: dict[str, Type] = {
    **SIMPLE,
    "any": ANY,
    "null": NULL,
    "dateTime": DATE_TIME,
    "date time": DATE_TIME,
    "dayTimeDuration": DAYS_TIME,
    "days and time": DAYS_TIME,
    "yearMonthDuration": YEARS_MONTHS,
    "integer": NUMBER,
    "list": LIST,
    "context": CONTEXT,
    "range": RANGE,
    "function": FUNCTION,
}


def union(types: list[Type]) -> Type:
    """The type of a value that is one of these; null joins any."""
    known = {t for t in types if t != NULL}
    if not known:
        return NULL if types else ANY
    return known.pop() if len(known) == 1 else ANY


def member(base: Type, name: str) -> Type | None:
    """The type of `base.name`, or None where a value of `base` cannot have that property."""
    if isinstance(base, ListType):
        inner = member(base.item, name)
        return ListType(inner) if inner is not None else None
    if isinstance(base, ContextType):
        found = base.fields.get(name)
        return found if found is not None else (ANY if base.open else None)
    if isinstance(base, RangeType):
        return {"start": base.item, "end": base.item}.get(
            name, BOOLEAN if name.endswith("included") else None
        )
    if base in _PROPERTIES:
        return _PROPERTIES[base].get(name)
    return ANY if base in (ANY, NULL) or isinstance(base, NamedType) else None


_DATE_PARTS: dict[str, Type] = dict.fromkeys(("year", "month", "day", "weekday"), NUMBER)
_TIME_PARTS: dict[str, Type] = {
    **dict.fromkeys(("hour", "minute", "second"), NUMBER),
    "time offset": DAYS_TIME,
    "timezone": STRING,
}
_PROPERTIES: dict[Type, dict[str, Type]] = {
    DATE: _DATE_PARTS,
    TIME: _TIME_PARTS,
    DATE_TIME: {**_DATE_PARTS, **_TIME_PARTS},
    DAYS_TIME: dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
    YEARS_MONTHS: dict.fromkeys(("years", "months"), NUMBER),
}

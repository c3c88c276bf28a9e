"""The registry of operations: names, typed parameters, and what each does to the states of rows.

A name is registered once; a second one stops the program at import. Parameters are read from the
function's signature (keyword-only and annotated; those that operations share by a TypedDict), so that
declaration and code cannot differ.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine import clock
from engine.errors import QihangError, Sentence
from engine.operations.step import Step

#: What an operation leaves of a model: the states it may be in, or per state before, the states after.
Leaves = Mapping[str, tuple[str, ...] | Mapping[str, tuple[str, ...]]]
Result = Mapping[str, Any] | None

#: Python annotation → name of the FEEL type.
FEEL_TYPES: dict[Any, str] = {
    str: "string",
    int: "number",
    Decimal: "number",
    bool: "boolean",
    date: "date",
    datetime: "date and time",
    list: "list",
}
REQUIRED = inspect.Parameter.empty


class WrongParameters(QihangError):
    """A diagram gave an operation what it does not take: a fault of the diagram, not of the user's."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation. `type` is the Python class, `feel_type` the name FEEL gives it."""

    name: str
    type: type
    optional: bool
    required: bool

    @property
    def feel_type(self) -> str:
        return FEEL_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class Operation:
    """A registered operation.

    `accepts`: model → states in which the subject or a dependent row may be when it is called; "" stands
    for "there is no such row". A model that is not named may be in any. `leaves`: model → states
    afterwards, or a mapping state before → states after (others stay). `creates` is the model of the
    subject that it makes. `results` are the names of what it returns, with their FEEL types, where it says
    so.

    What a diagram cannot leave out: `decided_by` are kinds of parties, one of whose people must have decided
    since a row last changed, and `decision` how: "pass" is an answer that is not negative (or the button of a
    start or an act), "refuse" a negative one (or such a button), "answer" either of them, "done" any task that
    was completed.
    `about` is the model of the case's subject. `starts_on` is the model of the row that the start must be
    offered on; the operation then runs in the start's own step. `acted_by` are the kinds of parties one of
    whose people must be acting in the very step.
    """

    name: str
    label: Sentence
    fn: Callable[..., Result]
    parameters: Mapping[str, Parameter]
    creates: str | None
    accepts: Mapping[str, tuple[str, ...]]
    leaves: Leaves
    errors: Mapping[str, Sentence]
    results: Mapping[str, str]
    decided_by: tuple[str, ...]
    decision: str
    about: str | None
    starts_on: str | None
    acted_by: tuple[str, ...]


DECISIONS = ("pass", "refuse", "answer", "done")

_operations: dict[str, Operation] = {}


def operation(
    name: str,
    *,
    label: Sentence,
    creates: str | None = None,
    accepts: Mapping[str, tuple[str, ...]] | tuple[()] = (),
    leaves: Leaves | tuple[()] = (),
    errors: Mapping[str, Sentence] | None = None,
    results: Mapping[str, str] | None = None,
    decided_by: tuple[str, ...] | str = (),
    decision: str = "pass",
    about: str | None = None,
    starts_on: str | None = None,
    acted_by: tuple[str, ...] | str = (),
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Registers a function under `area.name`. Raises ValueError at import where the name is taken or the
    signature is not `(step, *, name: type, …)`.
    """

    def register(fn: Callable[..., Result]) -> Callable[..., Result]:
        if name in _operations:
            raise ValueError(f"two operations are called {name}")
        if name != f"{fn.__module__.rpartition('.')[2]}.{fn.__name__}":
            raise ValueError(f"operation {name} must be called like its module and function")
        if decision not in DECISIONS:
            raise ValueError(f"operation {name}: a decision is one of {', '.join(DECISIONS)}")
        _operations[name] = Operation(
            name=name,
            label=label,
            fn=fn,
            parameters=_parameters(name, fn),
            creates=creates,
            accepts=dict(accepts),
            leaves=dict(leaves),
            errors=dict(errors or {}),
            results=dict(results or {}),
            decided_by=_several(decided_by),
            decision=decision,
            about=about,
            starts_on=starts_on,
            acted_by=_several(acted_by),
        )
        return fn

    return register


def _several(kinds: tuple[str, ...] | str) -> tuple[str, ...]:
    return (kinds,) if isinstance(kinds, str) else kinds


def get(name: str) -> Operation:
    """The operation of a name. Raises KeyError."""
    return _operations[name]


def all_operations() -> list[Operation]:
    """Every operation, by name."""
    return [_operations[name] for name in sorted(_operations)]


def names() -> frozenset[str]:
    """The names of all operations."""
    return frozenset(_operations)


def call(name: str, step: Step, params: Mapping[str, Any]) -> Result:
    """Calls an operation with FEEL values, turned into the types of its parameters.

    Raises WrongParameters where one is unknown, missing or of another type; what the operation raises
    goes through. Caller is inside the step, in a savepoint.
    """
    found = _operations.get(name)
    if found is None:
        raise WrongParameters(
            Sentence(f"没有名为 {name} 的系统操作。", f"There is no operation called {name}.")
        )
    result = found.fn(step, **coerce(found, params))
    step.carry_out()
    return result


def coerce(op: Operation, params: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments for an operation from FEEL values. Raises WrongParameters."""
    unknown = sorted(set(params) - set(op.parameters))
    if unknown:
        raise WrongParameters(
            Sentence(
                f"系统操作“{op.label.zh}”没有参数 {'、'.join(unknown)}。",
                f"The operation {op.name} takes no parameter {', '.join(unknown)}.",
            )
        )
    missing = [p.name for p in op.parameters.values() if p.required and p.name not in params]
    if missing:
        raise WrongParameters(
            Sentence(
                f"系统操作“{op.label.zh}”缺少参数 {'、'.join(missing)}。",
                f"The operation {op.name} needs the parameter {', '.join(missing)}.",
            )
        )
    return {name: _value(op, op.parameters[name], value) for name, value in params.items()}


def _value(op: Operation, parameter: Parameter, value: Any) -> Any:
    if value is None and parameter.optional:
        return None
    try:
        return _CONVERT[parameter.type](value)
    except (TypeError, ValueError):
        raise WrongParameters(
            Sentence(
                f"系统操作“{op.label.zh}”的参数 {parameter.name} 应为{_TYPE_WORDS[parameter.type].zh}，"
                f"得到的是 {_short(value)}。",
                f"The parameter {parameter.name} of {op.name} must be {_TYPE_WORDS[parameter.type].en}, "
                f"not {_short(value)}.",
            )
        ) from None


def _short(value: Any) -> str:
    text = "null" if value is None else str(value)
    return text if len(text) <= 40 else text[:40] + "…"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError
    return Decimal(value)


def _integer(value: Any) -> int:
    number = _decimal(value)
    if not number.is_finite() or number != number.to_integral_value():
        raise ValueError
    return int(number)


def _date(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError
    return value if value.tzinfo else value.replace(tzinfo=clock.office_zone())


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return list(value)


_CONVERT: dict[type, Callable[[Any], Any]] = {
    str: _text,
    int: _integer,
    Decimal: _decimal,
    bool: _flag,
    date: _date,
    datetime: _instant,
    list: _list,
}
_TYPE_WORDS: dict[type, Sentence] = {
    str: Sentence("文字", "a text"),
    int: Sentence("整数", "a whole number"),
    Decimal: Sentence("数", "a number"),
    bool: Sentence("是或否", "true or false"),
    date: Sentence("日期", "a date"),
    datetime: Sentence("日期和时间", "a date and time"),
    list: Sentence("列表", "a list"),
}


def type_words(python_type: type) -> Sentence:
    """What people call the type of a parameter."""
    return _TYPE_WORDS[python_type]


def _parameters(name: str, fn: Callable[..., Result]) -> dict[str, Parameter]:
    first, *rest = inspect.signature(fn).parameters.values()
    if first.kind not in (first.POSITIONAL_ONLY, first.POSITIONAL_OR_KEYWORD):
        raise ValueError(f"operation {name}: the first parameter is the step")
    found: dict[str, Parameter] = {}
    for parameter in rest:
        hint = _hint(fn, parameter)
        if parameter.kind is parameter.VAR_KEYWORD and typing.get_origin(hint) is typing.Unpack:
            found |= _unpacked(name, typing.get_args(hint)[0])
        elif parameter.kind is not parameter.KEYWORD_ONLY:
            raise ValueError(f"operation {name}: parameter {parameter.name} must be keyword-only")
        else:
            required = parameter.default is REQUIRED
            found[parameter.name] = _parameter(name, parameter.name, hint, required)
    return found


def _unpacked(name: str, record: Any) -> dict[str, Parameter]:
    """The parameters that operations share: `**values: Unpack[…]` of a TypedDict."""
    found = {}
    for key, hint in typing.get_type_hints(record, include_extras=True).items():
        left_out = typing.get_origin(hint) is typing.NotRequired
        inner = typing.get_args(hint)[0] if left_out else hint
        found[key] = _parameter(name, key, inner, required=not left_out)
    return found


def _hint(fn: Callable[..., Result], parameter: inspect.Parameter) -> Any:
    holder = types.SimpleNamespace(__annotations__={parameter.name: parameter.annotation})
    return typing.get_type_hints(holder, globalns=fn.__globals__).get(parameter.name)


def _parameter(operation_name: str, key: str, hint: Any, required: bool) -> Parameter:
    optional = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        optional = len(kinds) < len(typing.get_args(hint))
        hint = kinds[0] if len(kinds) == 1 else None
    hint = typing.get_origin(hint) or hint
    if hint not in FEEL_TYPES:
        raise ValueError(f"operation {operation_name}: parameter {key} has no type that FEEL knows")
    return Parameter(key, typing.cast(type, hint), optional, required=required)

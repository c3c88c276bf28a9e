"""`instance of` and conformance: whether a value is of a type (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import temporal, types
from engine.feel.types import ContextType, FunctionType, ListType, NamedType, RangeType, Type
from engine.feel.values import FunctionValue, Range, kind_of, normal

Resolver = Callable[[str], Type | None]


def instance_of(value: Any, kind: Type, resolve: Resolver) -> bool | None:
    """The operator: null for a type that is none, false for null unless the type is Null."""
    if not is_complete(kind, resolve):
        return None
    if value is None:
        return kind == types.NULL
    return conforms(value, kind, resolve)


def is_complete(kind: Type, resolve: Resolver) -> bool:
    """Whether a type names a node of the lattice: `list` without its parameter does not."""
    if kind is types.LIST or kind is types.CONTEXT or kind is types.RANGE or kind is types.FUNCTION:
        return False
    if isinstance(kind, NamedType):
        return resolve(kind.name) is not None
    return True


def conforms(value: Any, kind: Type, resolve: Resolver) -> bool:
    """Whether a value may stand where `kind` is expected; null may always."""
    if value is None or kind == types.ANY:
        return True
    if isinstance(kind, NamedType):
        found = resolve(kind.name)
        return found is not None and conforms(value, found, resolve)
    if isinstance(kind, ListType):
        return type(value) is list and all(conforms(normal(item), kind.item, resolve) for item in value)
    if isinstance(kind, ContextType):
        return _context_conforms(value, kind, resolve)
    if isinstance(kind, RangeType):
        return isinstance(value, Range) and all(
            conforms(end, kind.item, resolve) for end in (value.start, value.end) if end is not None
        )
    if isinstance(kind, FunctionType):
        return isinstance(value, FunctionValue) and _function_conforms(value, kind, resolve)
    return kind_of(value) == kind.name


def _context_conforms(value: Any, kind: ContextType, resolve: Resolver) -> bool:
    if not isinstance(value, Mapping):
        return False
    return all(
        key in value and conforms(normal(value[key]), inner, resolve) for key, inner in kind.fields.items()
    )


def _function_conforms(value: FunctionValue, kind: FunctionType, resolve: Resolver) -> bool:
    if kind.params is None:
        return True
    own = value.type
    if own.params is None:
        return value.arity is None or value.arity == len(kind.params)
    if len(own.params) != len(kind.params):
        return False
    params = all(subtype(want, have, resolve) for want, have in zip(kind.params, own.params, strict=True))
    return params and subtype(own.result, kind.result, resolve)


def subtype(narrow: Type, wide: Type, resolve: Resolver) -> bool:
    """Whether every value of `narrow` is one of `wide`; an unknown result (Any) is believed."""
    narrow, wide = _resolved(narrow, resolve), _resolved(wide, resolve)
    if types.ANY in (wide, narrow) or narrow == types.NULL:
        return True
    if isinstance(narrow, ListType) and isinstance(wide, ListType):
        return subtype(narrow.item, wide.item, resolve)
    if isinstance(narrow, RangeType) and isinstance(wide, RangeType):
        return subtype(narrow.item, wide.item, resolve)
    if isinstance(narrow, ContextType) and isinstance(wide, ContextType):
        return all(
            k in narrow.fields and subtype(narrow.fields[k], t, resolve) for k, t in wide.fields.items()
        )
    if isinstance(narrow, FunctionType) and isinstance(wide, FunctionType):
        return narrow == wide or wide.params is None
    return narrow == wide


def _resolved(kind: Type, resolve: Resolver) -> Type:
    return (resolve(kind.name) or kind) if isinstance(kind, NamedType) else kind


def coerced(value: Any, kind: Type, resolve: Resolver) -> Any:
    """A value bound to a typed name: as it is, converted (out of or into a list of one, a date to its midnight
    in UTC), else null."""
    if conforms(value, kind, resolve):
        return value
    wanted = _resolved(kind, resolve)
    if wanted == types.DATE_TIME and kind_of(value) == "date":
        return temporal.midnight(value)
    if type(value) is list and len(value) == 1 and not isinstance(wanted, ListType):
        inner = normal(value[0])
        return inner if conforms(inner, wanted, resolve) else None
    if isinstance(wanted, ListType) and type(value) is not list:
        return [value] if conforms(value, wanted.item, resolve) else None
    return None

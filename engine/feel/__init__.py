"""FEEL, the expression language of DMN 1.5: `compile` a text once, `evaluate` it in many contexts.

A hostile text cannot do more than cost the steps that `limits` allows: it sees the context's plain values
and the registry's functions, nothing else. What the standard leaves undefined gives null, not an error.
"""

from engine.feel.arithmetic import add, subtract
from engine.feel.builtins import FUNCTIONS, register
from engine.feel.errors import FeelError, LimitExceeded
from engine.feel.expression import Expression, compile, compile_unary, evaluate
from engine.feel.instances import coerced, conforms
from engine.feel.iteration import elements
from engine.feel.limits import Budget, too_deep
from engine.feel.printing import value_text
from engine.feel.stored import from_json, to_json
from engine.feel.temporal import YearMonthDuration
from engine.feel.typeparser import type_named
from engine.feel.types import (
    ANY,
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS_TIME,
    FUNCTION,
    LIST,
    NULL,
    NUMBER,
    STRING,
    TIME,
    YEARS_MONTHS,
    ContextType,
    FunctionType,
    ListType,
    NamedType,
    RangeType,
    Type,
    member,
)
from engine.feel.values import FunctionValue, Range, equal, in_range, kind_of, normal

__all__ = [
    "ANY",
    "BOOLEAN",
    "CONTEXT",
    "DATE",
    "DATE_TIME",
    "DAYS_TIME",
    "FUNCTION",
    "FUNCTIONS",
    "LIST",
    "NULL",
    "NUMBER",
    "STRING",
    "TIME",
    "YEARS_MONTHS",
    "Budget",
    "ContextType",
    "Expression",
    "FeelError",
    "FunctionType",
    "FunctionValue",
    "LimitExceeded",
    "ListType",
    "NamedType",
    "Range",
    "RangeType",
    "Type",
    "YearMonthDuration",
    "add",
    "coerced",
    "compile",
    "compile_unary",
    "conforms",
    "elements",
    "equal",
    "evaluate",
    "from_json",
    "in_range",
    "kind_of",
    "member",
    "normal",
    "register",
    "subtract",
    "to_json",
    "too_deep",
    "type_named",
    "value_text",
]

"""Compiled expressions and the two doors that make them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from engine.feel import analysis, limits, nodes, parser
from engine.feel.builtins import FUNCTIONS
from engine.feel.compile import Compiler
from engine.feel.errors import FeelError, unknown_name
from engine.feel.frames import MISSING, Frame
from engine.feel.infer import infer
from engine.feel.limits import Budget
from engine.feel.scope import Names
from engine.feel.types import ANY, ContextType, ListType, Type
from engine.feel.values import normal

_Scope = Mapping[str, Type] | Iterable[str] | None


class Expression:
    """A compiled text. Evaluating it never raises for values that do not fit: those give null."""

    def __init__(
        self, text: str, node: nodes.Node, types: Mapping[str, Type], named: Mapping[str, Type]
    ) -> None:
        self.text = text
        self.node = node
        found = analysis.free_readings(node, frozenset(types) if types else None)
        self.free_names = frozenset(reading.path[0] for reading in found)
        self.paths = frozenset(reading.path for reading in found)
        self.type = infer(node, types, named)
        self.is_anything = isinstance(node, nodes.Tests) and not node.tests
        compiler = Compiler(named.get)
        self.run = compiler.compile(node)

    def evaluate(self, context: Mapping[str, Any], given: Any = MISSING) -> Any:
        """The value in a context; `given` is what `?` stands for. Raises LimitExceeded, nothing else."""
        try:
            return self.run(Frame(context, Budget(), given))
        except RecursionError:
            raise limits.too_deep(0, self.text) from None

    def evaluate_within(self, context: Mapping[str, Any], budget: Budget, given: Any = MISSING) -> Any:
        """`evaluate` as a part of something larger, which shares one budget (and catches RecursionError)."""
        return self.run(Frame(context, budget, given))

    def __repr__(self) -> str:
        return f"<Expression {self.text!r}>"


def compile(
    text: str,
    names: _Scope = None,
    *,
    types: Mapping[str, Type] | None = None,
    members: Iterable[str] = (),
    strict: bool = True,
) -> Expression:
    """Compiles an expression. `names` are what is in scope (None: anything); names with spaces or signs need
    them to be known. `types` are item definitions by name, `members` names that may follow a dot. Not `strict`,
    a name that is not there reads as null. Raises FeelError."""
    return _compiled(text, names, types or {}, members, strict, False)


def compile_unary(
    text: str,
    names: _Scope = None,
    input_type: Type | None = None,
    *,
    types: Mapping[str, Type] | None = None,
    members: Iterable[str] = (),
    strict: bool = True,
) -> Expression:
    """Compiles unary tests; `?` (in the context, or `given`) is what is tested. Raises FeelError."""
    return _compiled(text, names, types or {}, members, strict, True, input_type)


def _compiled(
    text: str,
    names: _Scope,
    types: Mapping[str, Type],
    members: Iterable[str],
    strict: bool,
    unary: bool,
    input_type: Type | None = None,
) -> Expression:
    scope: dict[str, Type] = dict.fromkeys(names or (), ANY)
    if isinstance(names, Mapping):
        scope |= {name: kind for name, kind in names.items() if isinstance(kind, Type)}
    parts = {*members, *_fields(scope.values()), *_fields(types.values()), *_TEMPORAL}
    try:
        node = (parser.parse_unary if unary else parser.parse)(
            text, scope, _function_names(len(FUNCTIONS)), parts
        )
        if names is not None and strict:
            _check(node, scope, text)
        if unary and input_type is not None:
            scope = {**scope, "?": input_type}
        return Expression(text, node, scope, types)
    except RecursionError:
        raise limits.too_deep(0, text) from None


_TEMPORAL = ("time offset", "start included", "end included")


@lru_cache(maxsize=2)
def _function_names(count: int) -> Names:
    """The registry's names; `count` makes a new set when one was added."""
    return Names(FUNCTIONS)


def _fields(types: Iterable[Type]) -> set[str]:
    """All names of entries in context types, however deep."""
    found: set[str] = set()
    todo = list(types)
    while todo:
        kind = todo.pop()
        if isinstance(kind, ListType):
            todo.append(kind.item)
        elif isinstance(kind, ContextType):
            found |= kind.fields.keys()
            todo.extend(kind.fields.values())
    return found


def _check(node: nodes.Node, scope: Mapping[str, Type], text: str) -> None:
    for reading in analysis.free_readings(node, frozenset(scope)):
        if reading.path[0] not in scope:
            raise unknown_name(reading.path[0], reading.pos, text)


def evaluate(text: str, context: Mapping[str, Any] | None = None) -> Any:
    """Compiles and evaluates in one go, with the context's names in scope. Raises FeelError."""
    found = context or {}
    return normal(_compiled(text, list(found), {}, (), False, False).evaluate(found))


__all__ = ["Expression", "FeelError", "compile", "compile_unary", "evaluate"]

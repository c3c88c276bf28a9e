"""Types of expressions, where they can be known without evaluating them. ANY where they cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import nodes, temporal, types
from engine.feel.builtins.registry import FUNCTIONS
from engine.feel.types import ANY, BOOLEAN, ContextType, FunctionType, ListType, RangeType, Type
from engine.feel.values import kind_of

Scope = Mapping[str, Type]


def infer(node: nodes.Node, scope: Scope, named: Scope) -> Type:
    """The type of a node's value, null aside."""
    if isinstance(
        node,
        nodes.And | nodes.Or | nodes.Between | nodes.In | nodes.Quantified | nodes.InstanceOf | nodes.Tests,
    ):
        return BOOLEAN
    handler = _RULES.get(type(node))
    return _named(handler(node, scope, named), named) if handler else ANY


def _named(kind: Type, named: Scope) -> Type:
    return named.get(kind.name, ANY) if isinstance(kind, types.NamedType) else kind


def _at(node: nodes.At, scope: Scope, named: Scope) -> Type:
    return types.ALIASES.get(kind_of(temporal.read_any(node.text)), types.NULL)


def _name(node: nodes.Name, scope: Scope, named: Scope) -> Type:
    found = scope.get(node.name)
    if found is None and node.name in FUNCTIONS:
        return FUNCTIONS[node.name].type
    return found or ANY


def _path(node: nodes.Path, scope: Scope, named: Scope) -> Type:
    return types.member(infer(node.base, scope, named), node.name) or ANY


def _filter(node: nodes.Filter, scope: Scope, named: Scope) -> Type:
    base = infer(node.base, scope, named)
    item = base.item if isinstance(base, ListType) else base
    fields = item.fields if isinstance(item, ContextType) else {}
    condition = infer(node.condition, {**scope, "item": item, **fields}, named)
    if condition == types.NUMBER:
        return item
    return ListType(item=item) if condition == BOOLEAN else ANY


def _call(node: nodes.Call, scope: Scope, named: Scope) -> Type:
    if isinstance(node.function, nodes.Name) and node.function.name == "duration" and node.args:
        if isinstance(node.args[0], nodes.String):
            return types.ALIASES.get(kind_of(temporal.read_duration(node.args[0].value)), types.NULL)
        return ANY
    kind = infer(node.function, scope, named)
    return kind.result if isinstance(kind, FunctionType) else ANY


def _binary(node: nodes.Binary, scope: Scope, named: Scope) -> Type:
    if node.op in ("=", "!=", "<", "<=", ">", ">="):
        return BOOLEAN
    left, right = infer(node.left, scope, named), infer(node.right, scope, named)
    if node.op == "**":
        return types.NUMBER
    return _ARITHMETIC.get((node.op, left.name, right.name), ANY)


def _negate(node: nodes.Negate, scope: Scope, named: Scope) -> Type:
    return infer(node.operand, scope, named)


def _if(node: nodes.If, scope: Scope, named: Scope) -> Type:
    return types.union([infer(node.then, scope, named), infer(node.otherwise, scope, named)])


def _for(node: nodes.For, scope: Scope, named: Scope) -> Type:
    inner = dict(scope)
    for it in node.iterators:
        kind = infer(it.domain, inner, named)
        inner[it.name] = kind if it.end is not None else getattr(kind, "item", ANY)
    return ListType(item=infer(node.body, inner, named))


def _list(node: nodes.ListNode, scope: Scope, named: Scope) -> Type:
    return ListType(item=types.union([infer(item, scope, named) for item in node.items]))


def _context(node: nodes.ContextNode, scope: Scope, named: Scope) -> Type:
    inner = dict(scope)
    for key, value in node.entries:
        inner[key] = infer(value, inner, named)
    return ContextType(fields={key: inner[key] for key, _ in node.entries}, open=False)


def _function(node: nodes.Function, scope: Scope, named: Scope) -> Type:
    params = {name: _named(kind or ANY, named) for name, kind in node.params}
    return FunctionType(params=tuple(params.values()), result=infer(node.body, {**scope, **params}, named))


def _range(node: nodes.RangeNode, scope: Scope, named: Scope) -> Type:
    return RangeType(item=types.union([infer(node.low, scope, named), infer(node.high, scope, named)]))


_RULES: dict[type[nodes.Node], Callable[[Any, Scope, Scope], Type]] = {
    nodes.Number: lambda node, scope, named: types.NUMBER,
    nodes.String: lambda node, scope, named: types.STRING,
    nodes.Boolean: lambda node, scope, named: BOOLEAN,
    nodes.Null: lambda node, scope, named: types.NULL,
    nodes.At: _at,
    nodes.Name: _name,
    nodes.Path: _path,
    nodes.Filter: _filter,
    nodes.Call: _call,
    nodes.Binary: _binary,
    nodes.Negate: _negate,
    nodes.If: _if,
    nodes.For: _for,
    nodes.ListNode: _list,
    nodes.ContextNode: _context,
    nodes.Function: _function,
    nodes.RangeNode: _range,
    nodes.Test: lambda node, scope, named: RangeType(item=infer(node.operand, scope, named)),
}

_NUM, _STR, _DATE, _TIME, _DT = "number", "string", "date", "time", "date and time"
_YM, _DTD = "years and months duration", "days and time duration"
_ARITHMETIC: dict[tuple[str, str, str], Type] = {
    **{(op, _NUM, _NUM): types.NUMBER for op in "+-*/"},
    ("+", _STR, _STR): types.STRING,
    **{(op, kind, span): types.ALIASES[kind] for op in "+-" for kind in (_DATE, _DT) for span in (_YM, _DTD)},
    **{("+", span, kind): types.ALIASES[kind] for kind in (_DATE, _DT) for span in (_YM, _DTD)},
    **{(op, _TIME, _DTD): types.TIME for op in "+-"},
    **{("-", a, b): types.DAYS_TIME for a in (_DATE, _DT) for b in (_DATE, _DT)},
    ("-", _TIME, _TIME): types.DAYS_TIME,
    **{(op, span, span): types.ALIASES[span] for op in "+-" for span in (_YM, _DTD)},
    **{(op, span, _NUM): types.ALIASES[span] for op in "*/" for span in (_YM, _DTD)},
    **{("*", _NUM, span): types.ALIASES[span] for span in (_YM, _DTD)},
    **{("/", span, span): types.NUMBER for span in (_YM, _DTD)},
}

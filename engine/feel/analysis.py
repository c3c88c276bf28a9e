"""What a tree reads: its free names and the paths behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from engine.feel import nodes
from engine.feel.builtins.registry import FUNCTIONS

Scope = frozenset[str]


@dataclasses.dataclass(frozen=True)
class Reading:
    """A free name that is read, with the names that follow it behind dots, and where."""

    path: tuple[str, ...]
    pos: int
    called: bool = False
    in_filter: bool = False


def readings(node: nodes.Node) -> list[Reading]:
    """All reads of names from outside the text, in the text's order."""
    return list(_walk(node, frozenset(), False))


def _walk(node: Any, bound: Scope, in_filter: bool) -> Iterator[Reading]:
    rule = _RULES.get(type(node))
    if rule is not None:
        yield from rule(node, bound, in_filter)
    elif isinstance(node, nodes.Node):
        for part in dataclasses.fields(node):
            yield from _walk(getattr(node, part.name), bound, in_filter)
    elif isinstance(node, tuple):
        for item in node:
            yield from _walk(item, bound, in_filter)


def _loop(node: nodes.For | nodes.Quantified, bound: Scope, in_filter: bool) -> Iterator[Reading]:
    inner = bound | {"partial"} if isinstance(node, nodes.For) else bound
    for it in node.iterators:
        yield from _walk(it.domain, inner, in_filter)
        yield from _walk(it.end, inner, in_filter)
        inner = inner | {it.name}
    yield from _walk(node.body if isinstance(node, nodes.For) else node.condition, inner, in_filter)


def _function(node: nodes.Function, bound: Scope, in_filter: bool) -> Iterator[Reading]:
    yield from _walk(node.body, bound | {name for name, _ in node.params}, in_filter)


def _context(node: nodes.ContextNode, bound: Scope, in_filter: bool) -> Iterator[Reading]:
    for key, value in node.entries:
        yield from _walk(value, bound | {key} if isinstance(value, nodes.Function) else bound, in_filter)
        bound = bound | {key}


def _call(node: nodes.Call, bound: Scope, in_filter: bool) -> Iterator[Reading]:
    if isinstance(node.function, nodes.Name):
        name = node.function.name
        if name not in bound:
            yield Reading((name,), node.function.pos, True, in_filter)
    else:
        yield from _walk(node.function, bound, in_filter)
    yield from _walk(node.args, bound, in_filter)


def _chain(node: nodes.Node, bound: Scope, in_filter: bool) -> Iterator[Reading]:
    """a.b[c].d reads a.b.d, and what the filter reads."""
    names: list[str] = []
    while isinstance(node, nodes.Path | nodes.Filter):
        if isinstance(node, nodes.Path):
            names.append(node.name)
        else:
            yield from _walk(node.condition, bound | {"item"}, True)
        node = node.base
    if isinstance(node, nodes.Name):
        if node.name not in bound and node.name != "?":
            yield Reading((node.name, *reversed(names)), node.pos, False, in_filter)
    else:
        yield from _walk(node, bound, in_filter)


_RULES: dict[type[Any], Callable[[Any, Scope, bool], Iterator[Reading]]] = {
    nodes.Name: _chain,
    nodes.Path: _chain,
    nodes.Filter: _chain,
    nodes.Call: _call,
    nodes.For: _loop,
    nodes.Quantified: _loop,
    nodes.Function: _function,
    nodes.ContextNode: _context,
}


def free_readings(node: nodes.Node, known: Scope | None) -> list[Reading]:
    """The readings that are of the context: not of functions, nor (where unknown) of a filter's items."""
    found = []
    for reading in readings(node):
        name = reading.path[0]
        if known is not None and name in known:
            found.append(reading)
        elif name in FUNCTIONS or (reading.in_filter and not reading.called):
            continue
        else:
            found.append(reading)
    return found

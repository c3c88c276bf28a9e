"""What a tree reads: its free names and the paths behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
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
    if isinstance(node, nodes.Name | nodes.Path):
        yield from _chain(node, bound, in_filter)
    elif isinstance(node, nodes.Filter):
        yield from _walk(node.base, bound, in_filter)
        yield from _walk(node.condition, bound | {"item"}, True)
    elif isinstance(node, nodes.Call):
        yield from _call(node, bound, in_filter)
    elif isinstance(node, nodes.For | nodes.Quantified):
        inner = bound | {"partial"} if isinstance(node, nodes.For) else bound
        for it in node.iterators:
            yield from _walk(it.domain, inner, in_filter)
            yield from _walk(it.end, inner, in_filter)
            inner = inner | {it.name}
        yield from _walk(node.body if isinstance(node, nodes.For) else node.condition, inner, in_filter)
    elif isinstance(node, nodes.Function):
        yield from _walk(node.body, bound | {name for name, _ in node.params}, in_filter)
    elif isinstance(node, nodes.ContextNode):
        inner = bound
        for key, value in node.entries:
            yield from _walk(value, inner | {key} if isinstance(value, nodes.Function) else inner, in_filter)
            inner = inner | {key}
    elif isinstance(node, nodes.Node):
        for part in dataclasses.fields(node):
            yield from _walk(getattr(node, part.name), bound, in_filter)
    elif isinstance(node, tuple):
        for item in node:
            yield from _walk(item, bound, in_filter)


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

"""Comparisons and sums that can give nothing but null, since their sides are of different types."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from engine import feel
from engine.errors import Sentence
from engine.feel import nodes
from engine.feel.infer import infer
from engine.feel.types import ANY, Type
from engine.feel.unparse import text_of

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
#: Types whose values are told apart; of others nothing is said.
WORDS: dict[str, Sentence] = {
    "boolean": Sentence("是或否", "yes or no"),
    "number": Sentence("数", "a number"),
    "string": Sentence("文字", "a text"),
    "date": Sentence("日期", "a date"),
    "time": Sentence("时间", "a time of day"),
    "date and time": Sentence("日期和时间", "a date and time"),
    "days and time duration": Sentence("时长", "a span of time"),
    "years and months duration": Sentence("年月时长", "a span of years and months"),
}

Scope = Mapping[str, Type]


def mismatches(expression: feel.Expression, names: Mapping[str, Any]) -> Iterator[tuple[str, Sentence]]:
    """The parts of an expression that never say anything, each with the reason."""
    for part, problem in _walk(expression.node, names):
        yield text_of(part), problem


def _walk(node: Any, scope: Scope) -> Iterator[tuple[nodes.Node, Sentence]]:
    if isinstance(node, tuple):
        for item in node:
            yield from _walk(item, scope)
    if not isinstance(node, nodes.Node):
        return
    yield from _of(node, scope)
    inner = _inner(node, scope)
    for part in dataclasses.fields(node):
        yield from _walk(getattr(node, part.name), inner)


def _inner(node: nodes.Node, scope: Scope) -> Scope:
    """What is known of names inside: those that the expression binds itself are of any type."""
    if isinstance(node, nodes.Filter | nodes.Function | nodes.ContextNode):
        return {}
    if isinstance(node, nodes.For | nodes.Quantified):
        return {**scope, **{it.name: ANY for it in node.iterators}}
    return scope


def _of(node: nodes.Node, scope: Scope) -> Iterator[tuple[nodes.Node, Sentence]]:
    if isinstance(node, nodes.Binary) and node.op in _COMPARISONS:
        yield from _sides(node, node.left, node.right, scope)
    elif isinstance(node, nodes.Binary):
        yield from _sum(node, scope)
    elif isinstance(node, nodes.Between):
        yield from _sides(node, node.value, node.low, scope)
        yield from _sides(node, node.value, node.high, scope)
    elif isinstance(node, nodes.In):
        for test in node.tests:
            for value in _compared(test):
                yield from _sides(node, node.value, value, scope)
    elif isinstance(node, nodes.And | nodes.Or):
        for item in node.items:
            yield from _flag(item, scope)
    elif isinstance(node, nodes.If):
        yield from _flag(node.condition, scope)


def _compared(test: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(test, nodes.Test):
        yield test.operand
    elif isinstance(test, nodes.RangeNode):
        yield from (test.low, test.high)
    elif isinstance(test, nodes.ListNode):
        yield from test.items
    else:
        yield test


def _words(node: nodes.Node, scope: Scope) -> Sentence | None:
    """What people call the type of a part; None where it cannot be told."""
    return WORDS.get(infer(node, scope, {}).name)


def _sides(
    whole: nodes.Node, left: nodes.Node, right: nodes.Node, scope: Scope
) -> Iterator[tuple[nodes.Node, Sentence]]:
    one, other = _words(left, scope), _words(right, scope)
    if one is not None and other is not None and one != other:
        yield (
            whole,
            Sentence(
                f"“{text_of(left)}”是{one.zh}，“{text_of(right)}”是{other.zh}，不能比，永远不成立。",
                f"“{text_of(left)}” is {one.en} and “{text_of(right)}” is {other.en}; they cannot be compared and "
                "it never holds.",
            ),
        )


def _sum(node: nodes.Binary, scope: Scope) -> Iterator[tuple[nodes.Node, Sentence]]:
    one, other = _words(node.left, scope), _words(node.right, scope)
    if one is not None and other is not None and infer(node, scope, {}) == ANY:
        yield (
            node,
            Sentence(
                f"{one.zh}和{other.zh}不能这样算，结果总是空的。",
                f"{one.en} and {other.en} cannot be worked out like this; the result is always empty.",
            ),
        )


def _flag(node: nodes.Node, scope: Scope) -> Iterator[tuple[nodes.Node, Sentence]]:
    found = _words(node, scope)
    if found is not None and found != WORDS["boolean"]:
        yield (
            node,
            Sentence(
                f"这里要一个是或否的条件，而它是{found.zh}。",
                f"a condition that is yes or no is wanted here, and it is {found.en}.",
            ),
        )

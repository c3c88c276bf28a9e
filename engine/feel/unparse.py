"""Trees as texts: parsing the text again gives the same tree, where the same names are in scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.lexer import escape
from engine.feel.parser import ADD, AND, COMPARE, INSTANCE, MULTIPLY, OR, POWER

_STRENGTH = {
    "=": COMPARE, "!=": COMPARE, "<": COMPARE, "<=": COMPARE, ">": COMPARE, ">=": COMPARE,
    "+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER,
}  # fmt: skip
_POSTFIX, _ATOM = INSTANCE + 1, INSTANCE + 2  # a minus binds like a power, more weakly than `instance of`
_Rule = Callable[[Any], tuple[str, int]]


def text_of(node: nodes.Node) -> str:
    """The text of a tree."""
    return _RULES[type(node)](node)[0]


def _at_least(node: nodes.Node, strength: int) -> str:
    """The text, in brackets where it would bind too weakly."""
    text, own = _RULES[type(node)](node)
    return text if own >= strength else f"({text})"


def _separated(items: tuple[nodes.Node, ...]) -> str:
    return ", ".join(text_of(item) for item in items)


def _number(node: nodes.Number) -> tuple[str, int]:
    return f"{node.value:f}", _ATOM


def _binary(node: nodes.Binary) -> tuple[str, int]:
    own = _STRENGTH[node.op]
    return f"{_at_least(node.left, own)} {node.op} {_at_least(node.right, own + 1)}", own


def _junction(word: str, own: int) -> _Rule:
    return lambda node: (f" {word} ".join(_at_least(item, own + 1) for item in node.items), own)


def _between(node: nodes.Between) -> tuple[str, int]:
    value, low, high = _at_least(node.value, COMPARE), _at_least(node.low, ADD), _at_least(node.high, ADD)
    return f"{value} between {low} and {high}", COMPARE


def _in(node: nodes.In) -> tuple[str, int]:
    value = _at_least(node.value, COMPARE)
    if len(node.tests) == 1 and isinstance(node.tests[0], nodes.RangeNode):
        return f"{value} in {text_of(node.tests[0])}", COMPARE
    return f"{value} in ({_separated(node.tests)})", COMPARE


def _range(node: nodes.RangeNode) -> tuple[str, int]:
    start, end = "[" if node.low_included else "(", "]" if node.high_included else ")"
    return f"{start}{text_of(node.low)}..{text_of(node.high)}{end}", _ATOM


def _if(node: nodes.If) -> tuple[str, int]:
    return f"if {text_of(node.condition)} then {text_of(node.then)} else {text_of(node.otherwise)}", 0


def _iterators(found: tuple[nodes.Iterator, ...]) -> str:
    return ", ".join(
        f"{it.name} in {text_of(it.domain)}" + (f"..{text_of(it.end)}" if it.end is not None else "")
        for it in found
    )


def _call(node: nodes.Call) -> tuple[str, int]:
    names = [f"{name}: " for name in node.names] if node.names else [""] * len(node.args)
    args = ", ".join(name + text_of(arg) for name, arg in zip(names, node.args, strict=True))
    return f"{_at_least(node.function, _POSTFIX)}({args})", _POSTFIX


def _function(node: nodes.Function) -> tuple[str, int]:
    params = ", ".join(name + (f": {kind}" if kind is not None else "") for name, kind in node.params)
    return f"function({params}) {'external ' if node.external else ''}{text_of(node.body)}", 0


def _context(node: nodes.ContextNode) -> tuple[str, int]:
    return "{" + ", ".join(f"{_key(key)}: {text_of(value)}" for key, value in node.entries) + "}", _ATOM


def _key(key: str) -> str:
    return key if key.isidentifier() else escape(key)


def _tests(node: nodes.Tests) -> tuple[str, int]:
    if not node.tests:
        return "-", _ATOM
    return (f"not({_separated(node.tests)})" if node.negated else _separated(node.tests)), _ATOM


def _negate(node: nodes.Negate) -> tuple[str, int]:
    inner = node.operand
    return f"-{text_of(inner) if isinstance(inner, nodes.Negate) else _at_least(inner, INSTANCE)}", POWER


_RULES: dict[type[nodes.Node], _Rule] = {
    nodes.Number: _number,
    nodes.String: lambda node: (escape(node.value), _ATOM),
    nodes.Boolean: lambda node: ("true" if node.value else "false", _ATOM),
    nodes.Null: lambda node: ("null", _ATOM),
    nodes.At: lambda node: (f"@{escape(node.text)}", _ATOM),
    nodes.Name: lambda node: (node.name, _ATOM),
    nodes.Path: lambda node: (f"{_at_least(node.base, _POSTFIX)}.{node.name}", _POSTFIX),
    nodes.Filter: lambda node: (f"{_at_least(node.base, _POSTFIX)}[{text_of(node.condition)}]", _POSTFIX),
    nodes.Call: _call,
    nodes.Binary: _binary,
    nodes.Negate: _negate,
    nodes.And: _junction("and", AND),
    nodes.Or: _junction("or", OR),
    nodes.Between: _between,
    nodes.In: _in,
    nodes.Test: lambda node: (f"{node.op} {_at_least(node.operand, ADD)}", 0),
    nodes.RangeNode: _range,
    nodes.If: _if,
    nodes.For: lambda node: (f"for {_iterators(node.iterators)} return {text_of(node.body)}", 0),
    nodes.Quantified: lambda node: (
        f"{node.kind} {_iterators(node.iterators)} satisfies {text_of(node.condition)}",
        0,
    ),
    nodes.Function: _function,
    nodes.ListNode: lambda node: (f"[{_separated(node.items)}]", _ATOM),
    nodes.ContextNode: _context,
    nodes.InstanceOf: lambda node: (f"{_at_least(node.value, INSTANCE)} instance of {node.type}", INSTANCE),
    nodes.Tests: _tests,
}

"""Texts that are literals: what `range("…")` takes as ends, and what cells of tables have as constants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.feel import nodes, temporal
from engine.feel.arithmetic import negate
from engine.feel.errors import FeelError
from engine.feel.parser import Parser
from engine.feel.scope import Names, Scope
from engine.feel.temporal import WideDuration, YearMonthDuration

NONE: Any = object()

_MAKERS: dict[str, Callable[[str], Any]] = {
    "date": temporal.read_date,
    "time": temporal.read_time,
    "date and time": temporal.read_date_time,
    "duration": temporal.read_duration,
}


def constant(node: nodes.Node) -> Any:
    """The value of a literal, of one with a minus, or of date("…") and its like; NONE where the tree is none."""
    if isinstance(node, nodes.Number | nodes.String | nodes.Boolean):
        return node.value
    if isinstance(node, nodes.Null):
        return None
    if isinstance(node, nodes.Negate):
        value = constant(node.operand)
        return (
            negate(value)
            if isinstance(value, Decimal | timedelta | WideDuration | YearMonthDuration)
            else NONE
        )
    found = _temporal(node)
    return NONE if found is None else found


def _temporal(node: nodes.Node) -> Any:
    if isinstance(node, nodes.At):
        return temporal.read_any(node.text)
    if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) and len(node.args) == 1:
        read, argument = _MAKERS.get(node.function.name), node.args[0]
        if read is not None and isinstance(argument, nodes.String):
            return read(argument.value)
    return None


def read_ends(text: str) -> tuple[Any, Any] | None:
    """The two ends of `a..b`, None for one that is left open; None where they are no literals."""
    scope = Scope((), Names(_MAKERS))
    try:
        parser = Parser(text, scope)
        low = constant(parser.parse()) if not parser.take("..") else None
        opened = low is None
        if not opened and not parser.take(".."):
            return None
        high = constant(parser.parse()) if not parser.ended else None
    except FeelError:
        return None
    ended = parser.ended
    return (low, high) if ended and NONE not in (low, high) and not (low is None and high is None) else None

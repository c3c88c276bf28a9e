"""How a case can stand: its tokens, the states of its rows, the answers that choose the way. And what FEEL can
say about a condition when only a part of that is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from engine import feel
from engine.catalog.expressions import compile_text
from engine.catalog.verdicts import Verdicts
from engine.feel import nodes

#: The state of a row that is not there.
NO_ROW = ""
Pairs = tuple[tuple[str, Any], ...]


class Gathered(tuple[Pairs, ...]):
    """The results of several instances, as a value of a world: of each what it answered."""

    def rows(self) -> list[dict[str, Any]]:
        """As FEEL reads it."""
        return [dict(pairs) for pairs in self]


@dataclass(frozen=True, slots=True)
class World:
    """A stable position: nothing happens until somebody acts, a message comes or time passes.

    tokens    `n:key` waits at an element, `f:flow` at a parallel join, `b:key` an event that fired already
    states    model → state; a model that is not named may be in any
    values    answers with few possible values; `?text` what a condition was taken to be, `!text` where it
              also reads rows, which may change at any time
    decided   what kinds of parties have decided since an operation last changed a row
    """

    tokens: tuple[str, ...]
    states: Pairs
    values: Pairs
    decided: Verdicts = frozenset()

    def state(self, model: str) -> str | None:
        return next((state for name, state in self.states if name == model), None)

    def with_state(self, changes: Mapping[str, str]) -> World:
        """The world after an operation on rows, be their states as before: conditions about rows are open
        again, decisions are spent."""
        merged = {**dict(self.states), **changes}
        return replace(self, states=_sorted(merged), values=self._without_facts(), decided=frozenset())

    def narrowed(self, model: str, state: str) -> World:
        """The world with a row's state found out, not changed."""
        return replace(self, states=_sorted({**dict(self.states), model: state}))

    def with_values(self, values: Mapping[str, Any]) -> World:
        """The world after answers: conditions that read them are open again."""
        return replace(self, values=_sorted({**dict(self.forgetting(values).values), **values}))

    def forgetting(self, names: Iterable[str]) -> World:
        """The world after variables got values that cannot be told."""
        gone = set(names)
        kept = tuple(
            (name, value)
            for name, value in self.values
            if (not reads(name[1:]) & gone if name[0] in "?!" else name not in gone)
        )
        return replace(self, values=kept)

    def assuming(self, text: str, holds: bool, facts: Mapping[str, str]) -> World:
        """The world in which a condition holds, or does not."""
        mark = "!" if reads(text) & facts.keys() else "?"
        return replace(self, values=_sorted({**dict(self.values), mark + text: holds}))

    def waited(self) -> World:
        """Time has passed: what was assumed about rows may have changed."""
        return replace(self, values=self._without_facts())

    def _without_facts(self) -> Pairs:
        return tuple((name, value) for name, value in self.values if not name.startswith("!"))


def _sorted(pairs: Mapping[str, Any]) -> Pairs:
    return tuple(sorted(pairs.items(), key=lambda pair: pair[0]))


def tokens(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(items))


@lru_cache(maxsize=4096)
def _compiled(text: str) -> feel.Expression | None:
    try:
        return compile_text(text)
    except feel.FeelError:
        return None


def tree(text: str) -> nodes.Node | None:
    """The parsed expression; None where it is none."""
    found = _compiled(text)
    return None if found is None else found.node


def reads(text: str) -> frozenset[str]:
    """The names that a condition reads."""
    found = _compiled(text)
    return frozenset() if found is None else frozenset(found.free_names)


def holds(text: str, world: World, facts: Mapping[str, str]) -> bool | None:
    """Whether a condition holds in a world; None where that cannot be told.

    `facts` are the names of facts with their models: only their state is known. Of "this and that" a part
    that is known to be false is enough.
    """
    values = dict(world.values)
    for mark in "?!":
        if mark + text in values:
            return bool(values[mark + text])
    found = _tree(text)
    return None if found is None else _truth(found, values, world, facts)


@dataclass(frozen=True)
class _Part:
    """A condition: one expression, or several joined by `and` or `or`."""

    joined: str
    parts: tuple[_Part, ...]
    expression: feel.Expression | None


@lru_cache(maxsize=4096)
def _tree(text: str) -> _Part | None:
    found = _compiled(text)
    return None if found is None else _part(text, found.node)


def _part(text: str, node: nodes.Node) -> _Part:
    if isinstance(node, nodes.And | nodes.Or):
        joined = "and" if isinstance(node, nodes.And) else "or"
        return _Part(joined, tuple(_part(text, inner) for inner in node.items), None)
    return _Part("", (), feel.Expression(text, node, {}, {}))


def _truth(part: _Part, values: Mapping[str, Any], world: World, facts: Mapping[str, str]) -> bool | None:
    if part.expression is not None:
        return _known(part.expression, values, world, facts)
    found = [_truth(inner, values, world, facts) for inner in part.parts]
    decisive = part.joined == "or"
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def _known(
    expression: feel.Expression, values: Mapping[str, Any], world: World, facts: Mapping[str, str]
) -> bool | None:
    """Whether an expression is true, where all that it reads is known."""
    context: dict[str, Any] = {}
    for path in expression.paths:
        name = path[0]
        if name in values:
            value = values[name]
            context[name] = value.rows() if isinstance(value, Gathered) else value
        elif name in facts and world.state(facts[name]) is not None:
            state = world.state(facts[name])
            if state == NO_ROW:
                context[name] = None
            elif len(path) > 1 and path[1] == "state":
                context[name] = {"state": state}
            else:
                return None
        else:
            return None
    try:
        return expression.evaluate(context) is True
    except feel.FeelError:
        return None

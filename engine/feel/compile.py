"""Trees to closures. Each closure takes a Frame and gives a value; what is not defined is null."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from engine.feel import arithmetic, functions, iteration, membership, nodes, properties, temporal
from engine.feel.builtins.registry import FUNCTIONS
from engine.feel.frames import MISSING, Frame
from engine.feel.infer import infer
from engine.feel.instances import Resolver, instance_of
from engine.feel.literals import NONE, constant
from engine.feel.nodes import Node
from engine.feel.operators import BINARY, Run, is_not, junction, negation
from engine.feel.values import (
    DECIMAL,
    less_or_equal,
    normal,
)


class Compiler:
    """Compiles one tree. `costly` tells afterwards whether evaluation needs a budget."""

    def __init__(self, resolve: Resolver) -> None:
        self.resolve = resolve
        self.costly = False
        self.levels: list[set[str] | None] = []  # None: a filter's level, whose names are its item's
        self.uses_input = False

    def compile(self, node: Node) -> Run:
        """The closure of a node."""
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    @contextmanager
    def level(self, names: set[str] | None) -> Iterator[None]:
        self.levels.append(names)
        try:
            yield
        finally:
            self.levels.pop()

    # -- constants

    def _number(self, node: nodes.Number) -> Run:
        value = DECIMAL.plus(node.value)
        return lambda frame: value

    def _string(self, node: nodes.String) -> Run:
        value = node.value
        return lambda frame: value

    def _boolean(self, node: nodes.Boolean) -> Run:
        value = node.value
        return lambda frame: value

    def _null(self, node: nodes.Null) -> Run:
        return lambda frame: None

    def _at(self, node: nodes.At) -> Run:
        value = temporal.read_any(node.text)
        return lambda frame: value

    # -- names and paths

    def _name(self, node: nodes.Name) -> Run:
        name = node.name
        if name == "?":
            self.uses_input = True
            return lambda frame: frame.input if frame.input is not MISSING else normal(frame.context.get("?"))
        filters: list[int] = []
        for depth, level in enumerate(reversed(self.levels)):
            if level is None:
                filters.append(depth)
                if name == "item":
                    return _item_name(depth)
            elif name in level:
                return _local(name, depth, filters)
        return _outer(name, filters)

    def _path(self, node: nodes.Path) -> Run:
        base, name = self.compile(node.base), node.name

        def path(frame: Frame) -> Any:
            value = base(frame)
            if type(value) is dict:
                return normal(value.get(name))
            return properties.get(value, name)

        return path

    def _filter(self, node: nodes.Filter) -> Run:
        self.costly = True
        base = self.compile(node.base)
        if isinstance(node.condition, nodes.Number | nodes.Negate):
            return iteration.indexed(base, self.compile(node.condition))
        with self.level(None):
            condition = self.compile(node.condition)
        return iteration.filtered(base, condition)

    # -- operators

    def _binary(self, node: nodes.Binary) -> Run:
        left, right = self.compile(node.left), self.compile(node.right)
        make = BINARY[node.op]
        return make(left, right)

    def _negate(self, node: nodes.Negate) -> Run:
        inner = self.compile(node.operand)
        if isinstance(node.operand, nodes.Number):
            value = DECIMAL.minus(node.operand.value)
            return lambda frame: value
        return lambda frame: arithmetic.negate(inner(frame))

    def _and(self, node: nodes.And) -> Run:
        return junction([self.compile(item) for item in node.items], False)

    def _or(self, node: nodes.Or) -> Run:
        return junction([self.compile(item) for item in node.items], True)

    def _between(self, node: nodes.Between) -> Run:
        value, low, high = self.compile(node.value), self.compile(node.low), self.compile(node.high)

        def between(frame: Frame) -> bool | None:
            x, least, most = value(frame), low(frame), high(frame)
            if type(x) is Decimal and type(least) is Decimal and type(most) is Decimal:
                return least <= x <= most
            above, below = less_or_equal(least, x), less_or_equal(x, most)
            if above is False or below is False:
                return False
            return None if above is None or below is None else True

        return between

    def _in(self, node: nodes.In) -> Run:
        value = self.compile(node.value)
        tests = [self._test_of(test) for test in node.tests]

        def within(frame: Frame) -> bool | None:
            x = value(frame)
            return membership.any_holds(tests, frame, x)

        return within

    def _test(self, node: nodes.Test) -> Run:
        """An operator without a left side, as a value: a range."""
        inner, op = self.compile(node.operand), node.op
        return lambda frame: membership.range_of(op, inner(frame))

    def _rangenode(self, node: nodes.RangeNode) -> Run:
        low, high = self.compile(node.low), self.compile(node.high)
        start_in, end_in = node.low_included, node.high_included
        ends = constant(node.low), constant(node.high)
        if NONE not in ends:
            made = membership.interval(*ends, start_in, end_in)
            return lambda frame: made
        return lambda frame: membership.interval(low(frame), high(frame), start_in, end_in)

    def _instanceof(self, node: nodes.InstanceOf) -> Run:
        value, kind, resolve = self.compile(node.value), node.type, self.resolve
        return lambda frame: instance_of(value(frame), kind, resolve)

    # -- unary tests

    def _tests(self, node: nodes.Tests) -> Run:
        tests = [self._test_of(test) for test in node.tests]
        if not tests:
            return lambda frame: True
        given = self._name(nodes.Name("?"))
        if not node.negated:
            return lambda frame: membership.any_holds(tests, frame, given(frame))

        def negated(frame: Frame) -> bool | None:
            found = membership.any_holds(tests, frame, given(frame))
            return None if found is None else not found

        return negated

    def _test_of(self, node: Node) -> membership.Test:
        """One unary test: (frame, value) → true, false or null."""
        if isinstance(node, nodes.Test):
            return membership.comparison(node.op, self.compile(node.operand))
        outer, self.uses_input = self.uses_input, False
        run = self.compile(node)
        uses, self.uses_input = self.uses_input, outer or self.uses_input
        if uses:
            return lambda frame, value: membership.holds(run(_given(frame, value)))
        return membership.test_of(node, run)

    # -- control

    def _if(self, node: nodes.If) -> Run:
        condition, then, otherwise = (
            self.compile(node.condition),
            self.compile(node.then),
            self.compile(node.otherwise),
        )
        return lambda frame: then(frame) if condition(frame) is True else otherwise(frame)

    def _for(self, node: nodes.For) -> Run:
        self.costly = True
        names = [it.name for it in node.iterators]
        with self.level(set()):
            domains = self._domains(node.iterators)
        with self.level({*names, "partial"}):
            body = self.compile(node.body)
        return iteration.loop(names, domains, body, iteration.mentions(node.body, "partial"))

    def _quantified(self, node: nodes.Quantified) -> Run:
        self.costly = True
        names = [it.name for it in node.iterators]
        with self.level(set()):
            domains = self._domains(node.iterators)
        with self.level(set(names)):
            condition = self.compile(node.condition)
        return iteration.quantified(names, domains, condition, node.kind == "some")

    def _domains(self, iterators: tuple[nodes.Iterator, ...]) -> list[iteration.Domain]:
        """What each name runs through; later ones may use earlier names."""
        found: list[iteration.Domain] = []
        for it in iterators:
            run = self.compile(it.domain)
            end = self.compile(it.end) if it.end is not None else None
            found.append(iteration.domain(run, end))
            level = self.levels[-1]
            assert level is not None
            level.add(it.name)
        return found

    # -- functions

    def _call(self, node: nodes.Call) -> Run:
        value = constant(node)
        if value is not NONE and not self._shadowed(node.function.name):  # type: ignore[attr-defined]
            return lambda frame: value  # date("2026-01-01") and its like
        self.costly = True
        args = [self.compile(arg) for arg in node.args]
        if is_not(node) and not self._shadowed("not"):
            return negation(args[0])
        target = self.compile(node.function)
        known = FUNCTIONS.get(node.function.name) if isinstance(node.function, nodes.Name) else None
        if node.names is not None:
            return functions.named_call(target, known, args, node.names)
        if known is not None and not self._shadowed(known.name):
            return functions.known_call(target, known, args)
        return functions.positional_call(target, known, args)

    def _shadowed(self, name: str) -> bool:
        return any(level is None or name in level for level in self.levels)

    def _function(self, node: nodes.Function) -> Run:
        self.costly = True
        names = tuple(name for name, _ in node.params)
        with self.level(set(names)):
            body = self.compile(node.body)
        kinds = tuple(kind for _, kind in node.params)
        resolve, external = self.resolve, node.external
        kind = infer(node, {}, {})
        return lambda frame: functions.Lambda(names, kinds, body, frame, resolve, kind, external)

    # -- collections

    def _listnode(self, node: nodes.ListNode) -> Run:
        items = [self.compile(item) for item in node.items]
        return lambda frame: [item(frame) for item in items]

    def _contextnode(self, node: nodes.ContextNode) -> Run:
        entries: list[tuple[str, Run]] = []
        with self.level(set()):
            level = self.levels[-1]
            assert level is not None
            for key, value in node.entries:
                # An entry that is a function may call itself.
                if isinstance(value, nodes.Function):
                    level.add(key)
                entries.append((key, self.compile(value)))
                level.add(key)

        def context(frame: Frame) -> dict[str, Any]:
            made: dict[str, Any] = {}
            inner = frame.inner(made)
            for key, run in entries:
                made[key] = run(inner)
            return made

        return context


def _given(frame: Frame, value: Any) -> Frame:
    """The frame with `?` bound to a value."""
    if frame.input is value:
        return frame
    inner = frame.inner(frame.vars, frame.fields)
    inner.parent = frame.parent
    inner.input = value
    return inner


# -- names


def _up(depth: int) -> Callable[[Frame], Frame]:
    def up(frame: Frame) -> Frame:
        for _ in range(depth):
            frame = frame.parent
        return frame

    return up


def _local(name: str, depth: int, filters: list[int]) -> Run:
    if filters:
        up = _up(depth)
        return _through_filters(name, filters, lambda frame: up(frame).vars.get(name))
    if depth == 0:
        return lambda frame: frame.vars.get(name)
    if depth == 1:
        return lambda frame: frame.parent.vars.get(name)
    up = _up(depth)
    return lambda frame: up(frame).vars.get(name)


def _item_name(depth: int) -> Run:
    """`item` of a filter: the item's own entry of that name, else the item."""
    up = _up(depth)

    def item(frame: Frame) -> Any:
        level = up(frame)
        if level.fields is not None and "item" in level.fields:
            return normal(level.fields["item"])
        return level.vars["item"]

    return item


def _through_filters(name: str, filters: list[int], otherwise: Run) -> Run:
    """A name that the items of filters may have as an entry."""
    ups = [_up(depth) for depth in filters]

    def search(frame: Frame) -> Any:
        for up in ups:
            fields = up(frame).fields
            if fields is not None and name in fields:
                return normal(fields[name])
        return otherwise(frame)

    return search


def _outer(name: str, filters: list[int]) -> Run:
    builtin = FUNCTIONS.get(name)

    def outer(frame: Frame) -> Any:
        try:
            return normal(frame.context[name])
        except KeyError:
            return builtin

    return _through_filters(name, filters, outer) if filters else outer

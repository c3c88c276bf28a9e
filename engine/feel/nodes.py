"""The parsed tree. Nodes are equal where they mean the same; `pos` (offset in the text) does not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from engine.feel.types import Type


@dataclass(frozen=True)
class Node:
    """Any expression."""

    pos: int = field(compare=False, repr=False, kw_only=True, default=0)


@dataclass(frozen=True)
class Number(Node):
    value: Decimal


@dataclass(frozen=True)
class String(Node):
    value: str


@dataclass(frozen=True)
class Boolean(Node):
    value: bool


@dataclass(frozen=True)
class Null(Node):
    pass


@dataclass(frozen=True)
class At(Node):
    """@"2026-01-01": a date, time, date-time or duration."""

    text: str


@dataclass(frozen=True)
class Name(Node):
    """A variable or function; `?` is the input of unary tests."""

    name: str


@dataclass(frozen=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True)
class Filter(Node):
    base: Node
    condition: Node


@dataclass(frozen=True)
class Call(Node):
    """`names` stands beside `args` where they are given by name."""

    function: Node
    args: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Binary(Node):
    """+ - * / ** and the comparisons."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True)
class And(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Or(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True)
class Test(Node):
    """An operator without a left side: `< 5`. In unary tests a test, elsewhere a range."""

    op: str
    operand: Node


@dataclass(frozen=True)
class RangeNode(Node):
    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Iterator(Node):
    """`x in domain`, or `x in domain..end`."""

    name: str
    domain: Node
    end: Node | None = None


@dataclass(frozen=True)
class For(Node):
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True)
class Quantified(Node):
    """`some` or `every`."""

    kind: str
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True)
class Function(Node):
    """A function literal; types are None where not written. `external` is refused when called."""

    params: tuple[tuple[str, Type | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True)
class ListNode(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class ContextNode(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclass(frozen=True)
class Tests(Node):
    """Unary tests: one of them must hold, or with `negated` none. No test at all is `-`."""

    tests: tuple[Node, ...]
    negated: bool = False

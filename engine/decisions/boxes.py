"""DMN's boxed expressions, as read: data without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Box:
    """Any boxed expression. `id` is its element's, or the nearest one above that has an id."""

    id: str
    type_ref: str | None = None


@dataclass
class Literal(Box):
    text: str = ""
    language: str | None = None


@dataclass
class InputClause:
    id: str
    label: str
    expression: Literal
    values: Literal | None = None


@dataclass
class OutputClause:
    id: str
    name: str
    label: str
    type_ref: str | None = None
    values: Literal | None = None
    default: Literal | None = None


@dataclass
class Rule:
    id: str
    inputs: list[Literal]
    outputs: list[Literal]
    annotations: list[str] = field(default_factory=list)


@dataclass
class Table(Box):
    """`hit_policy` is one letter (U A P F R O C), `aggregation` one of + < > # or empty."""

    hit_policy: str = "U"
    aggregation: str = ""
    inputs: list[InputClause] = field(default_factory=list)
    outputs: list[OutputClause] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)


@dataclass
class Entry:
    """A named, maybe typed part of a boxed expression; name None is a context's result."""

    name: str | None
    type_ref: str | None
    value: Box | None


@dataclass
class ContextBox(Box):
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Invocation(Box):
    function: Box | None = None
    bindings: list[Entry] = field(default_factory=list)


@dataclass
class FunctionBox(Box):
    params: list[Entry] = field(default_factory=list)
    body: Box | None = None
    kind: str = "FEEL"


@dataclass
class Relation(Box):
    columns: list[Entry] = field(default_factory=list)
    rows: list[list[Box]] = field(default_factory=list)


@dataclass
class ListBox(Box):
    items: list[Box] = field(default_factory=list)


@dataclass
class Conditional(Box):
    condition: Box | None = None
    then: Box | None = None
    otherwise: Box | None = None


@dataclass
class FilterBox(Box):
    domain: Box | None = None
    match: Box | None = None


@dataclass
class Loop(Box):
    """for, some and every; `kind` is which."""

    kind: str = "for"
    variable: str = ""
    domain: Box | None = None
    domain_type: str | None = None
    body: Box | None = None

"""A pattern as a tree."""

from __future__ import annotations

from dataclasses import dataclass

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Item:
    """A part of a character class: ranges of code points, or a property such as `L` (`block` for Is… ones)."""

    ranges: Ranges = ()
    prop: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Class:
    """Any of its items, or none of them where negated; `minus` is subtracted."""

    items: tuple[Item, ...]
    negated: bool = False
    minus: Class | None = None


@dataclass(frozen=True)
class Char:
    code: int


@dataclass(frozen=True)
class Any:
    """The full stop."""


@dataclass(frozen=True)
class Edge:
    """^ or $."""

    start: bool


@dataclass(frozen=True)
class Back:
    """A back-reference."""

    group: int


@dataclass(frozen=True)
class Group:
    """A bracket; `number` is 0 where it does not capture."""

    number: int
    body: Node


@dataclass(frozen=True)
class Repeat:
    body: Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True)
class Sequence:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    branches: tuple[Node, ...]


Node = Class | Char | Any | Edge | Back | Group | Repeat | Sequence | Choice

"""A matcher for patterns with back-references. It counts its steps, so that no pattern can hold it up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.feel.limits import too_many_steps
from engine.feel.regex import charsets
from engine.feel.regex.tree import Any, Back, Char, Choice, Class, Edge, Group, Node, Ranges, Repeat, Sequence

MAX_STEPS = 200_000
Groups = tuple[tuple[int, int] | None, ...]
Next = Callable[[int, Groups], "tuple[int, Groups] | None"]


class Match:
    """A match in the shape that RE2's have."""

    def __init__(self, text: str, start: int, end: int, groups: Groups) -> None:
        self._text = text
        self._spans = ((start, end), *groups)

    def start(self) -> int:
        return self._spans[0][0] if self._spans[0] else 0

    def end(self) -> int:
        return self._spans[0][1] if self._spans[0] else 0

    def group(self, number: int) -> str | None:
        span = self._spans[number]
        return self._text[span[0] : span[1]] if span else None


class Backtracker:
    """A compiled pattern, with RE2's `search`, `finditer` and `groups`."""

    def __init__(self, node: Node, groups: int, flags: str) -> None:
        self.node = node
        self.groups = groups
        self.caseless = "i" in flags
        self.dot_all = "s" in flags
        self.lines = "m" in flags

    def search(self, text: str) -> Match | None:
        """The first match."""
        return next(self.finditer(text), None)

    def finditer(self, text: str) -> Iterator[Match]:
        """The matches, one behind the other."""
        run = _Run(self, text)
        at = 0
        while at <= len(text):
            found = run.match(self.node, at, (None,) * self.groups, lambda end, groups: (end, groups))
            if found is None:
                at += 1
                continue
            end, groups = found
            yield Match(text, at, end, groups)
            at = end if end > at else at + 1


class _Run:
    """One search in one text."""

    def __init__(self, pattern: Backtracker, text: str) -> None:
        self.pattern = pattern
        self.text = text
        self.steps = 0
        self._classes: dict[int, Ranges] = {}

    def match(self, node: Node, at: int, groups: Groups, then: Next) -> tuple[int, Groups] | None:
        """Matches a node at a place and then the rest."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise too_many_steps()
        if isinstance(node, Char | Class | Any):
            return then(at + 1, groups) if self.single(node, at) else None
        return getattr(self, f"_{type(node).__name__.lower()}")(node, at, groups, then)

    def single(self, node: Char | Class | Any, at: int) -> bool:
        """Whether the character at a place is the node's."""
        if at >= len(self.text):
            return False
        char = self.text[at]
        if isinstance(node, Any):
            return self.pattern.dot_all or char not in "\n\r"
        if isinstance(node, Char):
            return self.same(char, chr(node.code))
        ranges = self._classes.get(id(node))
        if ranges is None:
            ranges = self._classes[id(node)] = charsets.class_ranges(node, self.pattern.caseless)
        return charsets.within(ranges, ord(char))

    def same(self, a: str, b: str) -> bool:
        return a == b or (self.pattern.caseless and a.casefold() == b.casefold())

    def _edge(self, node: Edge, at: int, groups: Groups, then: Next) -> tuple[int, Groups] | None:
        text = self.text
        if node.start:
            holds = at == 0 or (self.pattern.lines and text[at - 1] == "\n")
        else:
            holds = at == len(text) or (self.pattern.lines and text[at] == "\n")
        return then(at, groups) if holds else None

    def _back(self, node: Back, at: int, groups: Groups, then: Next) -> tuple[int, Groups] | None:
        """A group that took part in no match matches the empty text."""
        span = groups[node.group - 1]
        wanted = self.text[span[0] : span[1]] if span else ""
        found = self.text[at : at + len(wanted)]
        self.steps += len(wanted)
        return then(at + len(wanted), groups) if self.same(found, wanted) else None

    def _group(self, node: Group, at: int, groups: Groups, then: Next) -> tuple[int, Groups] | None:
        if not node.number:
            return self.match(node.body, at, groups, then)
        index = node.number - 1
        return self.match(
            node.body, at, groups, lambda end, g: then(end, (*g[:index], (at, end), *g[index + 1 :]))
        )

    def _sequence(self, node: Sequence, at: int, groups: Groups, then: Next) -> tuple[int, Groups] | None:
        parts = node.parts

        def step(index: int, place: int, found: Groups) -> tuple[int, Groups] | None:
            if index == len(parts):
                return then(place, found)
            return self.match(parts[index], place, found, lambda end, g: step(index + 1, end, g))

        return step(0, at, groups)

    def _choice(self, node: Choice, at: int, groups: Groups, then: Next) -> tuple[int, Groups] | None:
        for branch in node.branches:
            found = self.match(branch, at, groups, then)
            if found is not None:
                return found
        return None

    def _repeat(self, node: Repeat, at: int, groups: Groups, then: Next) -> tuple[int, Groups] | None:
        if isinstance(node.body, Char | Class | Any):
            return self._repeat_single(node, node.body, at, groups, then)

        def again(count: int, place: int, found: Groups) -> tuple[int, Groups] | None:
            def more() -> tuple[int, Groups] | None:
                if node.most is not None and count >= node.most:
                    return None
                return self.match(
                    node.body, place, found, lambda end, g: again(count + 1, end, g) if end > place else None
                )

            if count < node.least:
                return self.match(node.body, place, found, lambda end, g: again(count + 1, end, g))
            if node.lazy:
                return then(place, found) or more()
            return more() or then(place, found)

        return again(0, at, groups)

    def _repeat_single(
        self, node: Repeat, body: Char | Class | Any, at: int, groups: Groups, then: Next
    ) -> tuple[int, Groups] | None:
        """A repeated single character: counted first, so that long texts need no deep recursion."""
        most = len(self.text) - at if node.most is None else min(node.most, len(self.text) - at)
        count = 0
        while count < most and self.single(body, at + count):
            count += 1
            self.steps += 1
        counts = range(node.least, count + 1) if node.lazy else range(count, node.least - 1, -1)
        for number in counts:
            found = then(at + number, groups)
            if found is not None:
                return found
        return None
